"""Fills slots with the persons of one text: first by full name, then by one part, as in news and tickets."""

from __future__ import annotations

import random
import re
from typing import Final

from models.training.draws import Piece
from models.training.lexicon import listed
from models.training.names import Names
from models.training.word_names import HARD_FIRST, HARD_LAST, MUMBLED

_ROMAN: Final = ("I", "II", "III", "IV", "V", "VI", "VIII", "XIV")
_PARTICLES: Final = (
    "van",
    "van der",
    "von",
    "de",
    "de la",
    "del",
    "di",
    "da",
    "bin",
    "al-",
    "ben",
    "Mac",
    "O'",
)
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


class Cast:
    """Fills slots of persons; `new` begins a text. Every random choice comes from `rng`."""

    def __init__(self, names: Names, rng: random.Random) -> None:
        self.names, self.rng = names, rng
        self.hard_first, self.hard_last = HARD_FIRST.split(), HARD_LAST.split()
        self.mumbled = listed(MUMBLED)
        self.people: list[tuple[str, str]] = []
        self.slots = {name[5:]: getattr(self, name) for name in dir(self) if name.startswith("slot_")}

    def new(self) -> None:
        self.people = [self.pair(), self.pair()]

    def pair(self) -> tuple[str, str]:
        """A forename and a surname; some are ordinary words, some surnames have two parts."""
        rng = self.rng
        first, last = self.names.pair(rng)
        if rng.random() < 0.08:
            first = rng.choice(self.hard_first)
        if rng.random() < 0.12:
            last = rng.choice(self.hard_last)
        elif rng.random() < 0.08:
            particle = rng.choice(_PARTICLES)
            last = particle + ("" if particle in ("al-", "Mac", "O'") else " ") + last
        elif rng.random() < 0.06:
            last = f"{last}-{self.names.pair(rng)[1]}"
        return first, last

    def full(self, pair: tuple[str, str]) -> list[Piece]:
        first, last = pair
        form = self.rng.random()
        if form < 0.1:
            first += f" {self.rng.choice('ABCDEFGHJKLMNPRSTW')}."
        elif form < 0.17:
            first += f" {self.names.given(self.rng)}"
        elif form < 0.21:
            first = f"{first[0]}."
        return [(f"{first} {last}", "PERSON")]

    def slot_lead(self) -> list[Piece]:
        return self.full(self.people[0])

    def slot_lead_last(self) -> list[Piece]:
        return [(self.people[0][1], "PERSON")]

    def slot_lead_first(self) -> list[Piece]:
        return [(self.people[0][0], "PERSON")]

    def slot_second(self) -> list[Piece]:
        return self.full(self.people[1])

    def slot_second_last(self) -> list[Piece]:
        return [(self.people[1][1], "PERSON")]

    def slot_second_first(self) -> list[Piece]:
        return [(self.people[1][0], "PERSON")]

    def slot_monarch(self) -> list[Piece]:
        return [(f"{self.names.given(self.rng)} {self.rng.choice(_ROMAN)}", "PERSON")]

    def slot_one(self) -> list[Piece]:
        """A forename of any culture; one in five is also a word."""
        rng = self.rng
        return [(rng.choice(self.hard_first) if rng.random() < 0.2 else self.names.given(rng), "PERSON")]

    def slot_mumble(self) -> list[Piece]:
        """A word of a chat, often hastily typed, that is not a name."""
        rng = self.rng
        word = rng.choice(self.mumbled)
        if rng.random() < 0.65 and len(word) > 2:
            i = rng.randrange(1, len(word))
            word = rng.choice(
                [
                    word[:i] + word[i - 1] * rng.randint(1, 3) + word[i:],
                    word[: i - 1] + word[i:],
                    word[:i] + rng.choice(_LETTERS) + word[i:],
                    word[: i - 1] + word[i] + word[i - 1] + word[i + 1 :],
                    word.replace(" ", ""),
                    re.sub("[aeiou]", "", word) or word,
                ]
            )
        return [(word, "")]
