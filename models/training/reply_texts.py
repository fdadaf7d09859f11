"""Short replies as people type them: glued, misspelled, drawn out; none of it is anybody's name."""

from __future__ import annotations

import random
from typing import Final

from models.training.lexicon import listed

REPLIES: Final = """yes;yes please;yes sure;ok;okay;okay sure;ok thank you;sure;sure thing;no;no thanks;
no that is all;nothing else;that's all for now;thanks;thank you;thank you so much;thanks a lot;many thanks;
have a nice day;have a great day ahead;you too;take care;bye;bye for now;goodbye;hello;hi;hi there;hey;
good morning;good evening;good afternoon;perfect;great;awesome;excellent;cool;fine;all good;no problem;
no worries;no issues;take your time;please wait;let me check;let me see;one moment;just a moment;hold on;
i will wait;i am here;i am waiting;are you there;still there;sorry;sorry about that;my bad;oops;never mind;
not yet;not sure;i don't know;maybe later;of course;absolutely;definitely;exactly;correct;that's right;
that is correct;right;wrong;go ahead;continue;done;finished;got it;understood;i see;makes sense;alright;
sounds good;sounds great;that works;it works;it doesn't work;still not working;same issue;same problem;
any update;any news;please help;help me please;can you help me;urgent;asap;when;where;why;how;how much;
how long;which one;what happened;what is that;i need a refund;refund please;cancel it;cancel my order;
change my order;large pizza;extra cheese;pepperoni;mushrooms;mozzarella;onions;barbecue sauce;garlic bread;
cheeseburger;french fries;coke;lemonade;window seat;aisle seat;economy;business class;direct deposit;
savings account;checking account;credit card;debit card;premium;monthly;yearly;weekly;deductible;
comprehensive;liability;coverage;quote;estimate;data plan;unlimited;prepaid;upgrade;hardware;software;
laptop;desktop;printer;keyboard;tomorrow;today;tonight;now;later;soon;welcome;you're welcome;my pleasure;
congratulations;wow;haha;lol;hmm;umm;uh huh;yep;yeah;yup;nope;nah;ok bye;thanks bye"""
EXTRA: Final = ["!", ".", "..", "...", "!!", "?", " :)", " ."]
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


class Replies:
    """Makes up replies; every choice comes from `rng`."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.replies = listed(REPLIES)

    def text(self) -> str:
        """One reply or several, mangled more often than not."""
        rng = self.rng
        parts = rng.choices(self.replies, k=rng.choice([1, 1, 1, 2, 2, 3]))
        text = rng.choice([" ", " ", " ", ", ", ""]).join(parts)
        words = [self.mangled(word) if rng.random() < 0.35 else word for word in text.split(" ")]
        text = words[0]
        for word in words[1:]:
            text += ("" if rng.random() < 0.12 else " ") + word
        if rng.random() < 0.04:
            text = self.noise()
        if rng.random() < 0.2:
            text += rng.choice(EXTRA)
        draw = rng.random()
        return text.capitalize() if draw < 0.25 else text.upper() if draw < 0.29 else text

    def mangled(self, word: str) -> str:
        """`word` with a letter lost, moved, doubled, taken from the next key, added, or drawn out."""
        rng = self.rng
        if len(word) < 2:
            return word
        i = rng.randrange(len(word))
        form = rng.random()
        if form < 0.22:
            return word[:i] + word[i + 1 :]
        if form < 0.44:
            i = min(i, len(word) - 2)
            return word[:i] + word[i + 1] + word[i] + word[i + 2 :]
        if form < 0.6:
            return word[: i + 1] + word[i] * rng.choice([1, 1, 2, 3]) + word[i + 1 :]
        if form < 0.8:
            return word[:i] + self.neighbour(word[i]) + word[i + 1 :]
        if form < 0.92:
            return word + rng.choice(_LETTERS)
        return word + word[-1] * rng.randint(1, 4)

    def neighbour(self, letter: str) -> str:
        """A letter beside `letter` on a keyboard; the letter itself where it is on none."""
        for row in _ROWS:
            place = row.find(letter.lower())
            if place >= 0:
                return row[max(0, min(len(row) - 1, place + self.rng.choice([-1, 1])))]
        return letter

    def noise(self) -> str:
        """What a hand on the keyboard leaves."""
        rng = self.rng
        row = rng.choice(_ROWS)
        return "".join(rng.choices(row, k=rng.randint(3, 8)))
