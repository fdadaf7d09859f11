"""Finds values in dialogues: values that continue over several turns, and answers to questions.

A number is dictated in pieces, with an "okay" of the other speaker between, or with the piece repeated ("four
one one one, go on"). Such pieces of one speaker are a run, which is read together (`joined`), so that no
number is made up from two people's. Anything else that the other says ends the run.

A question names what no check digit can: after "your account number?" a turn of nothing but figures is part
of that number, after "can you spell that?" a turn of letters is part of a name; so is each further piece, and
what the other repeats of it. A turn with other words in it is left to the patterns and the model.

Law: the work is linear in the turns; only short ones are read word by word.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from shield.analyzer.conversation.answer_forms import answer_in, fits, name_in, words_in
from shield.analyzer.conversation.asked import Ask, Form, asked
from shield.analyzer.conversation.dialogue_words import (
    COUNTED_DAY,
    DATES,
    FILLERS,
    HOUSES,
    SHORT,
    WORD,
    is_heard,
    told,
    unexplained,
    without_spelling,
)
from shield.analyzer.conversation.letter_names import LETTER_NAMES
from shield.analyzer.conversation.spoken_turns import SpokenTurn, spoken_turn
from shield.analyzer.layouts.joined import address_goes_on
from shield.analyzer.views.number_words import Said, said_words

RECOGNIZER: Final = "DialogueRecognizer"
SCORE: Final = 0.75
MOST_BETWEEN: Final = 3
"""Turns of others between two pieces."""
_WORDY, _COUNTS, _OF_ADDRESS, _SINGLE = 1, 2, 4, 8
"""What one end of a turn shows: any word, a number nearby, a word for a sign of an address, one letter."""
REACH: Final = 40
"""Code points at either end of a turn in which a value may continue."""
_NEAR: Final = 4  # words of these
_MISSES: Final = 2  # turns without an answer, after which none is expected any more
_MOST_OTHERS: Final = 3  # words not of a value: of an address, or explaining a letter ("m as in Maria")
_LEAST_ECHO: Final = 2  # letters or digits
_LETTERS_ALONE: Final = frozenset("bcefghjklnopqruvwxyz")
"""Letters that a turn ends or begins with only where it spells; not "a", "i" and contracted endings."""
_ASKED_IN_WORDS: Final = frozenset(
    "password passphrase username login maiden memorable secret security favourite favorite pet school town "
    "city suburb village municipality name surname forename speaking "
    "spell spelling spellen buchstabieren deletrear deletree épeler épelez soletrar soletre sillabare "
    "literować przeliterować nachname vorname nachnamen vornamen prénom apellido apellidos cognome apelido "
    "achternaam voornaam imię nazwisko".split()
)
"""Words of questions that a few words answer, without a figure."""
_OFTEN_NO_FIGURES: Final = frozenset(
    {"point", "un", "en", "s", "m", "t", "d", "cent", "cents", "mil", "mille", "sto"}
)
"""Words for signs and figures, and letters of the spelling alphabets, that mostly mean something else."""


class Turn(NamedTuple):
    """What `speaker` said; an empty `speaker` is unknown."""

    speaker: str
    text: str


class Answer(NamedTuple):
    """`[start, end)` of the turn with index `turn` is of that type."""

    turn: int
    start: int
    end: int
    entity_type: str


class Run(NamedTuple):
    """Turns of one speaker that are read together, and what others repeated of them.

    `echoes`: (the turn that is repeated, where it is repeated).
    """

    turns: tuple[int, ...]
    echoes: tuple[tuple[int, Answer], ...]


class Dialogue:
    """Reads turns. Immutable, so several threads may use it."""

    def __init__(self) -> None:
        self._words = MappingProxyType(said_words())
        self._said = frozenset(word for word, said in self._words.items() if said.said is not Said.LETTER)
        said = {word for word, said in self._words.items() if said.said is not Said.AT}
        self._telling = DATES | _LETTERS_ALONE | _ASKED_IN_WORDS | (said - _OFTEN_NO_FIGURES)
        self._known = frozenset(self._words) | frozenset(LETTER_NAMES) | FILLERS | DATES | HOUSES
        self._address = frozenset(
            word for word, said in self._words.items() if said.said is Said.AT or said.text == "."
        )

    def tells(self, text: str) -> bool:
        """Whether a piece of a value, or a question for words, may stand at either end of a turn.

        False for most turns.
        """
        near = text if len(text) <= SHORT else f"{text[:REACH]} {text[-REACH:]}"
        return any(word[0].isdigit() or word in self._telling for word in WORD.findall(near.lower()))

    def runs(self, turns: Sequence[Turn]) -> list[Run]:
        """Runs of two or more turns of one speaker over which a value may continue."""
        runs: list[tuple[list[int], list[tuple[int, Answer]]]] = []
        current: dict[str, int] = {}  # by speaker: the run that may go on
        latest: dict[str, int] = {}  # by speaker: the last turn
        ends = [self._bound(WORD.findall(turn.text[-REACH:])[-_NEAR:], -1) for turn in turns]
        begins = [self._bound(WORD.findall(turn.text[:REACH])[:_NEAR], 0) for turn in turns]
        for number, turn in enumerate(turns):
            before = latest.get(turn.speaker)
            place = current.get(turn.speaker, -1)
            if (
                before is None
                or number - before > MOST_BETWEEN + 1
                or not (
                    _meet(ends[before], begins[number])
                    or address_goes_on(turns[before].text, turn.text, REACH)
                )
                or (echoes := self._heard(turns, runs[place][0], range(before + 1, number))) is None
            ):
                place = len(runs)
                runs.append(([], []))
                echoes = []
            runs[place][0].append(number)
            runs[place][1].extend((before, echo) for echo in echoes if before is not None)
            current[turn.speaker], latest[turn.speaker] = place, number
        return [Run(tuple(run), (*echoes, *self._after(turns, run))) for run, echoes in runs if len(run) > 1]

    def answers(self, turns: Sequence[Turn]) -> Iterator[Answer]:
        """The answers that turns of nothing but figures, letters or words of a date give to a question."""
        question = Turn("", "")
        asks: Sequence[Ask] | None = None  # what it asks for; None: not looked for yet
        answered: list[str] = []  # the answers to it so far
        entity = ""  # their type
        misses = 0  # turns that could have been an answer to it and were none
        for number, turn in enumerate(turns):
            if not turn.speaker and _is_question(turn):
                asks, question, answered, misses = None, turn, [], 0
            elif _may_answer_to(question, turn):
                if asks == () or not self._may_answer(turn.text):
                    misses += 1
                    if misses > _MISSES or asks == () or "?" in turn.text:
                        asks, question, answered, misses = None, turn, [], 0
                    continue
                if asks is None:
                    asks = asked(question.text)
                if not asks:  # nothing was asked, so this turn may ask
                    asks, question, answered, misses = None, turn, [], 0
                    continue
                spoken = self._spoken(turn.text)
                fitting = next((ask for ask in asks if spoken and fits(ask.form, spoken, turn.text)), None)
                if spoken is not None and fitting is not None:
                    entity = fitting.entity_type
                    answered.append(turn.text)
                    yield Answer(number, *answer_in(turn.text, spoken, fitting.form), entity)
                elif asks[0].form is Form.WORDS and (words := words_in(turn.text, self._said)) is not None:
                    entity = asks[0].entity_type
                    answered.append(turn.text)
                    yield Answer(number, *words, entity)
                elif any(ask.form is Form.NAME for ask in asks) and (name := name_in(turn.text)):
                    entity = "PERSON"
                    answered.append(turn.text)
                    yield Answer(number, *name, entity)
                else:
                    misses += not is_heard(turn.text)
                    asks = asks if misses <= _MISSES else ()
            elif answered and is_heard(turn.text):
                continue
            elif answered and (echo := self._echo(turn.text, answered[-MOST_BETWEEN:])) is not None:
                yield Answer(number, *echo, entity)
            elif answered or misses or not is_heard(turn.text):
                asks, question, answered, misses = None, turn, [], 0

    def _may_answer(self, text: str) -> bool:
        """Whether a turn is short and has few words that do not occur in or beside values; most are not."""
        return len(text) <= SHORT and len(self._others(without_spelling(unexplained(text)))) <= _MOST_OTHERS

    def _others(self, text: str) -> list[str]:
        """The words of a text that do not occur in or beside values."""
        return [
            word
            for word in WORD.findall(text.lower())
            if word not in self._known
            and len(word) > 1
            and not word[0].isdigit()
            and COUNTED_DAY.fullmatch(word) is None
        ]

    def _after(self, turns: Sequence[Turn], run: Sequence[int]) -> list[tuple[int, Answer]]:
        """What the other repeats right after the last turn of a run."""
        after = run[-1] + 1
        if after >= len(turns) or turns[after].speaker == turns[run[-1]].speaker:
            return []
        echo = self._echo(turns[after].text, _texts(turns, run))
        return [] if echo is None else [(run[-1], Answer(after, *echo, ""))]

    def _heard(
        self, turns: Sequence[Turn], run: Sequence[int], between: Sequence[int]
    ) -> list[Answer] | None:
        """What others repeat between two turns of a run; None where they say anything else."""
        echoes: list[Answer] = []
        for number in between:
            text = turns[number].text
            if is_heard(text):
                continue
            echo = self._echo(text, _texts(turns, run))
            if echo is None:
                return None
            echoes.append(Answer(number, *echo, ""))
        return echoes

    def _echo(self, text: str, said: Sequence[str]) -> tuple[int, int] | None:
        """Where a text repeats what was said, if it says nothing more."""
        if len(text) > SHORT or self._says_more(text, said):
            return None
        spoken = self._spoken(text)
        if spoken is not None and spoken.figures and spoken.words <= FILLERS:
            read = (self._spoken(each) for each in said)
            figures = "".join(each.figures for each in read if each is not None)
            if (len(spoken.figures) > 1 or spoken.explained) and spoken.figures in figures:
                return spoken.start, spoken.end
        again = told(text)
        core = "".join(word[0] for word in again).casefold()
        if len(core) < _LEAST_ECHO or core not in "".join(WORD.findall(" ".join(said))).casefold():
            return None
        return again[0].start(), again[-1].end()

    def _says_more(self, text: str, said: Sequence[str]) -> bool:
        """Whether it has a word that was not said and does not occur in or beside values; most have."""
        others = self._others(text)
        return bool(others) and not {*WORD.findall(" ".join(said).lower())}.issuperset(others)

    def _bound(self, words: Sequence[str], place: int) -> int:
        """What the words at one end of a turn show of a value; `place` is the index of the outermost."""
        if not words:
            return 0
        outer = words[place]
        shown = _SINGLE if len(outer) == 1 else _WORDY
        if outer.lower() in self._address:
            shown |= _OF_ADDRESS
        for word in words:
            if word[0].isdigit() or word[-1].isdigit() or word.lower() in self._said:
                return shown | _COUNTS
        return shown

    def _spoken(self, text: str) -> SpokenTurn | None:
        return spoken_turn(text, self._words)


def _may_answer_to(question: Turn, turn: Turn) -> bool:
    """Whether somebody else speaks: subtitles have no speakers, so there the question needs its mark."""
    if question.speaker:
        return turn.speaker != question.speaker
    return not turn.speaker and _is_question(question)


def _is_question(turn: Turn) -> bool:
    return turn.text.rstrip().endswith("?")


def _texts(turns: Sequence[Turn], run: Sequence[int]) -> list[str]:
    """The ends of the last turns of a run."""
    return [turns[number].text[-SHORT:] for number in run[-MOST_BETWEEN:]]


def _meet(end: int, begin: int) -> bool:
    """Whether a value may continue from the end of one text to the start of the next, by what they show."""
    if not end or not begin:
        return False
    return bool(end & begin & (_COUNTS | _SINGLE) or (end | begin) & _OF_ADDRESS)
