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

import re
from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from shield.analyzer.asked import Ask, Form, asked
from shield.analyzer.views.number_words import Said, SaidWord, said_words
from shield.analyzer.views.units import DIGITS, SPELLED, Unit, units

RECOGNIZER: Final = "DialogueRecognizer"
SCORE: Final = 0.75
MOST_BETWEEN: Final = 3
"""Turns of others between two pieces."""
_SHORT: Final = 80  # code points of a piece, and of a mere acknowledgement
_MOST_WORDS: Final = 7
_WORDY, _COUNTS, _OF_ADDRESS, _SINGLE = 1, 2, 4, 8
"""What one end of a turn shows: any word, a number nearby, a word for a sign of an address, one letter."""
_NEAR: Final = 4  # words on each side of a turn's bound in which a number may end or begin
_REACH: Final = 40  # code points of these words
_MISSES: Final = 2  # turns without an answer, after which none is expected any more
_MOST_OTHERS: Final = 3  # words not of a value: of an address, or explaining a letter ("m as in Maria")
_SIGNS: Final = frozenset("@.-_+")
_HEARD: Final = frozenset(
    "ok okay okey k yes yeah yep yup mhm mm mmm hm hmm uh huh uhuh um right sure go on ahead and then next "
    "alright got it thanks thank you perfect great good correct continue fine please lovely brilliant "
    "i see listening here more what the rest last first second third other remaining half part digits "
    "numbers figures letters year month day so keep going ready now "
    "ja genau gut weiter danke bitte und si sí vale bien sigue y oui ouais d accord continuez et sì va bene "
    "poi goed verder tak dobrze dalej sim certo isso e".split()
)
"""What a person says while writing down a number."""
_COUNTED: Final = re.compile(
    r"\b(?:last|next|first|other)\s(?:one|two|three|four|five|six|seven|eight|[2-8])\b", re.IGNORECASE
)
_SHORTENED: Final = re.compile(r"['\u2019](?:s|m|re|ve|ll|d|t)\b", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W_]+")
_FILLERS: Final = _HEARD | frozenset(
    "it is that my number its thats be would will the a an er erm ehm ends ending in no not sorry wait "
    "actually again yes correct for as like of space hyphen dash slash capital lower case new apostrophe "
    "postcode zip code card phone account social es ist das mein meine c est il su è".split()
)
"""Words that may stand beside the pieces of a value in a turn that holds nothing else."""
_DATES: Final = frozenset(
    "january february march april may june july august september october november december jan feb mar apr "
    "jun jul aug sep sept oct nov dec first second third fourth fifth sixth seventh eighth ninth tenth "
    "eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth "
    "thirtieth thirty twenty st nd rd th "
    "januar februar märz mai juni juli oktober dezember enero febrero marzo abril mayo junio julio agosto "
    "septiembre octubre noviembre diciembre janvier février mars avril juin juillet août septembre octobre "
    "novembre décembre".split()
)
_OF_DATES_ALONE: Final = _DATES - {"first", "second", "third", "may"}
"""Words that make a turn a piece of a date even alone; "one second" is none."""
_UNITS_OF_HOUSES: Final = frozenset("flat apartment apt unit suite house building block floor".split())
_CODE: Final = re.compile(r"(?=[^a-z]*\d)[A-Z0-9]{1,12}(?:[ -][A-Z0-9]{1,12}){0,7}")


_NONE: Final[frozenset[str]] = frozenset()


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


class _Spoken(NamedTuple):
    """A turn read word by word. `figures` are digits and letters, `words` all else."""

    figures: str
    start: int
    end: int
    digits: int
    letters: int
    explained: bool
    signs: int
    words: frozenset[str]


class Dialogue:
    """Reads turns. Immutable, so several threads may use it."""

    def __init__(self) -> None:
        self._words = MappingProxyType(said_words())
        self._said = frozenset(word for word, said in self._words.items() if said.said is not Said.LETTER)
        self._telling = _DATES | {
            *(word for word, said in self._words.items() if said.said is not Said.AT),
            *"bcdefghjklmnopqrstuvwxyz",
        } - {"may", "second", "first", "s", "m", "t", "d", "point", "un", "en"}
        self._known = frozenset(self._words) | _FILLERS | _DATES | _UNITS_OF_HOUSES
        self._address = frozenset(
            word for word, said in self._words.items() if said.said is Said.AT or said.text == "."
        )

    def tells(self, text: str) -> bool:
        """Whether a piece of a value may stand at either end of a turn; false for most turns."""
        near = text if len(text) <= _SHORT else f"{text[:_REACH]} {text[-_REACH:]}"
        return any(word[0].isdigit() or word in self._telling for word in _WORD.findall(near.lower()))

    def runs(self, turns: Sequence[Turn]) -> list[Run]:
        """Runs of two or more turns of one speaker over which a value may continue."""
        runs: list[tuple[list[int], list[tuple[int, Answer]]]] = []
        last: dict[str, int] = {}
        latest: dict[str, int] = {}
        ends = [self._bound(_WORD.findall(turn.text[-_REACH:])[-_NEAR:], -1) for turn in turns]
        begins = [self._bound(_WORD.findall(turn.text[:_REACH])[:_NEAR], 0) for turn in turns]
        for number, turn in enumerate(turns):
            before = latest.get(turn.speaker)
            place = last.get(turn.speaker, -1)
            if (
                before is None
                or number - before > MOST_BETWEEN + 1
                or not (_meet(ends[before], begins[number]) or parted(turns[before].text, turn.text))
                or (echoes := self._heard(turns, runs[place][0], range(before + 1, number))) is None
            ):
                place = len(runs)
                runs.append(([], []))
                echoes = []
            runs[place][0].append(number)
            runs[place][1].extend((before, echo) for echo in echoes if before is not None)
            last[turn.speaker], latest[turn.speaker] = place, number
        return [Run(tuple(run), (*echoes, *self._after(turns, run))) for run, echoes in runs if len(run) > 1]

    def answers(self, turns: Sequence[Turn]) -> Iterator[Answer]:
        """The answers that turns of nothing but figures, letters or words of a date give to a question."""
        asks: Sequence[Ask] | None = None  # not looked for yet
        question = Turn("", "")
        entity, misses = "", 0
        answered: list[str] = []
        for number, turn in enumerate(turns):
            if question.speaker and turn.speaker != question.speaker:
                if asks == () or not self._may_answer(turn.text):
                    misses += 1
                    if misses > _MISSES or asks == () or "?" in turn.text:
                        asks, question, answered, misses = None, turn, [], 0
                    continue
                if asks is None:
                    asks = asked(question.text)
                spoken = self._spoken(turn.text) if asks else None
                fitting = next((ask for ask in asks if spoken and _fits(ask.form, spoken, turn.text)), None)
                if spoken is not None and fitting is not None:
                    entity = fitting.entity_type
                    answered.append(turn.text)
                    yield _whole(number, turn.text, spoken, fitting.form, entity)
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
        """Whether a turn is short and has only words that occur in or beside values; most are not."""
        if len(text) > _SHORT:
            return False
        others = 0
        for word in _WORD.findall(text.lower()):
            if word not in self._known and len(word) > 1 and not word[0].isdigit():
                others += 1
                if others > _MOST_OTHERS:
                    return False
        return True

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
        if len(text) > _SHORT or self._says_more(text, said):
            return None
        spoken = self._spoken(text)
        if spoken is not None and spoken.figures and spoken.words <= _FILLERS:
            read = (self._spoken(each) for each in said)
            figures = "".join(each.figures for each in read if each is not None)
            if (len(spoken.figures) > 1 or spoken.explained) and spoken.figures in figures:
                return spoken.start, spoken.end
        again = _told(text)
        core = "".join(word[0] for word in again).casefold()
        if len(core) < 2 or core not in "".join(_WORD.findall(" ".join(said))).casefold():  # noqa: PLR2004  one is no echo
            return None
        return again[0].start(), again[-1].end()

    def _says_more(self, text: str, said: Sequence[str]) -> bool:
        """Whether it has a word that was not said and does not occur in or beside values; most have."""
        others = [
            word
            for word in _WORD.findall(text.lower())
            if word not in self._known and len(word) > 1 and not word[0].isdigit()
        ]
        return bool(others) and not {*_WORD.findall(" ".join(said).lower())}.issuperset(others)

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

    def _spoken(self, text: str) -> _Spoken | None:
        """A short turn read word by word; None where it holds no figure, letter or word of a date."""
        if not text or len(text) > _SHORT:
            return None
        text = _lengthened(text)
        figures: list[str] = []
        words: set[str] = set()
        start = end = -1
        digits = letters = signs = 0
        explained = False
        times, before = 1, None
        for unit in units(text, self._words):
            said = unit.said
            if said is None or said.said is Said.SIGN or said.said is Said.AT:
                signs += said is not None
                words.add(unit.text.lower() if said is None else text[unit.start : unit.end].lower())
                before, times = None, 1
                continue
            if start < 0:
                start = unit.start
            end = unit.end
            if said.said is Said.REPEAT:
                times, before = int(said.text), None
                continue
            read = _read(unit, said, before, figures)
            explained = explained or (said is SPELLED and unit.end - unit.start > 1)
            digits += read.isdigit() * len(read) * times
            letters += (not read.isdigit()) * times
            figures.append(read * times if len(read) == 1 else read)
            times, before = 1, said
        if start < 0 and words.isdisjoint(_DATES):
            return None
        return _Spoken(
            "".join(figures), start, end, digits, letters, explained, signs, frozenset(words - {""})
        )


def _lengthened(text: str) -> str:
    """The text with blanks for contracted endings: the "s" of "it's" is not a spelled letter."""
    return _SHORTENED.sub(lambda match: " " * len(match[0]), text)


def _texts(turns: Sequence[Turn], run: Sequence[int]) -> list[str]:
    """The ends of the last turns of a run."""
    return [turns[number].text[-_SHORT:] for number in run[-MOST_BETWEEN:]]


def parted(first: str, second: str) -> bool:
    """Whether an address may continue from one text to the next."""
    if _SIGNS.isdisjoint((first[-1:], second[:1])):
        return False
    return "@" in first[-_REACH:] or "@" in second[:_REACH]


def _meet(end: int, begin: int) -> bool:
    """Whether a value may continue from the end of one text to the start of the next, by what they show."""
    if not end or not begin:
        return False
    return bool(end & begin & (_COUNTS | _SINGLE) or (end | begin) & _OF_ADDRESS)


def is_heard(text: str) -> bool:
    """Whether the text only acknowledges what was heard."""
    if len(text) > _SHORT:
        return False
    words = _WORD.findall(_COUNTED.sub(" ", _SHORTENED.sub(" ", text)).lower())
    return len(words) <= _MOST_WORDS and _HEARD.issuperset(words)


def _read(unit: Unit, said: SaidWord, before: SaidWord | None, figures: list[str]) -> str:
    """The digits or letter of a unit; in "twenty one" the last figure replaces the zero."""
    if said is DIGITS or said.said is not Said.DIGIT:
        return unit.text.upper()
    if before is not None and before.said is Said.TENS and unit.text != "0" and figures:
        figures[-1] = figures[-1][:-1]
    if unit.written_letter == "o" and figures and figures[-1].isalpha():
        return "O"
    return unit.text


def _fits(form: Form, spoken: _Spoken, text: str) -> bool:
    """Whether a turn has the form that was asked for, and holds nothing else."""
    if form is Form.CODE and _written(text) is not None:
        return True
    allowed = _FILLERS
    if form is Form.DATE:
        allowed |= _DATES
    elif form is Form.HOUSE:
        allowed |= _UNITS_OF_HOUSES
    elif form is Form.ADDRESS and spoken.signs:
        return len(_WORD.findall(text)) <= 2 * _NEAR and bool(_told(text))
    if not spoken.words <= allowed:
        return False
    digits, letters = spoken.digits, spoken.letters
    match form:
        case Form.NUMBER:
            return digits > 1 and not letters
        case Form.HOUSE:
            return digits > 0 and letters <= 1
        case Form.CODE | Form.ADDRESS:
            return digits + letters > 1
        case Form.LETTERS:
            return (letters > 1 or spoken.explained) and digits <= 1 < letters + digits + spoken.explained
        case Form.DATE:
            return (digits > 1 or not spoken.words.isdisjoint(_OF_DATES_ALONE)) and not letters


def _whole(number: int, text: str, spoken: _Spoken, form: Form, entity_type: str) -> Answer:
    """The answer from its first figure or letter to its last; dates and addresses with the words around."""
    written = _written(text) if form is Form.CODE else None
    if written is not None:
        return Answer(number, *written, entity_type)
    start, end = spoken.start, spoken.end
    if form in (Form.DATE, Form.ADDRESS, Form.HOUSE):
        told = [word.span() for word in _told(text, _DATES if form is Form.DATE else _NONE)]
        told += [(start, end)] if start < end else []
        start, end = min(first for first, _ in told), max(last for _, last in told)
    return Answer(number, start, end, entity_type)


def _written(text: str) -> tuple[int, int] | None:
    """The span of a code in capitals and digits, if the text holds nothing else."""
    told = _told(text)
    if not told:
        return None
    start, end = told[0].start(), told[-1].end()
    return (start, end) if _CODE.fullmatch(text, start, end) is not None else None


def _told(text: str, kept: frozenset[str] = _NONE) -> list[re.Match[str]]:
    """The words of a text without those that stand beside values, except the `kept` ones."""
    beside = _FILLERS - kept if kept else _FILLERS
    return [word for word in _WORD.finditer(_lengthened(text)) if word[0].lower() not in beside]
