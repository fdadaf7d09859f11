"""Texts that their form cuts in pieces: cues of subtitles, and turns of a transcript or a chat.

A number that is dictated goes on in the next cue, below its number and its time (SRT, WebVTT), or in the next
turn of its speaker ("[00:01:05] Caller: 1111 …"), with an "okay" of the other between. Such pieces are read
together, as those of a payload are (`joined`): of one speaker alone, so that no number is made of two
people's, and only where figures, number words or a sign of an address stand on both sides of a bound. More
than a word or two of another ends a run: what follows is the answer to another question.

A line is a turn's where it begins with a time, with a role ("Caller:", "Agent 2:"), or with both around a
name; cues name their speaker or none.

Law: a text without such a line costs one search; with them the work is linear in its length.
"""

# ruff: noqa: RUF001, SIM905  # names have curly apostrophes; tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from shield.analyzer.joined import Joined, read_run
from shield.analyzer.views.number_words import Said, said_words
from shield.domain import Finding, Segment

_MOST_BETWEEN: Final = 3  # words of others between two turns of a speaker
_HEARD: Final = frozenset(
    "ok okay k yes yeah yep yup mhm mm mmm hm hmm uh huh uhuh right sure go on ahead and then next "
    "alright got it thanks thank you perfect great good correct continue fine ja genau gut weiter danke "
    "und si sí vale bien sigue y oui ouais d accord continuez et sì va bene poi goed verder tak dobrze "
    "dalej sim certo isso e".split()
)
"""What somebody says who takes down a number."""
_WORDS_ALONE: Final = frozenset({"STREET_ADDRESS", "PASSWORD", "SECURITY_ANSWER", "USERNAME"})
"""Types of values that words make: two sentences would make them, too."""
_NEAR: Final = 4  # words at each side of a bound in which a number may end or begin
_REACH: Final = 40  # code points of these words
_ROLES: Final = (
    "caller customer client user agent operator advisor adviser support rep representative speaker host "
    "guest visitor member patient doctor nurse clerk bot consumer employee assistant "
    "anrufer anruferin kunde kundin berater beraterin mitarbeiter sprecher cliente agente operador asesor "
    "operatore conseiller appelant klant medewerker klient doradca atendente"
).split()
_ROLE: Final = rf"(?:{'|'.join(_ROLES)})"
_TIME: Final = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?(?:\s?[AaPp]\.?[Mm]\b\.?)?"
_DATE: Final = r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"
_STAMP: Final = rf"(?:{_DATE},?[ T])?{_TIME}"
_POINT: Final = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_CUE: Final = re.compile(rf"[ \t]{{0,4}}{_POINT}[ \t]{{1,3}}--(?:>|&gt;)[ \t]{{1,3}}{_POINT}")
_VOICE: Final = re.compile(r"[ \t]{0,4}<v(?:\.[\w.]{1,40})?[ \t]{1,3}(?P<name>[^>\n]{1,60})>")
_LEAD: Final = r"[ \t>*-]{0,4}"
_NAME: Final = r"[^\W\d_][\w .'’/-]{0,30}?"
_PREFIX: Final = re.compile(
    rf"{_LEAD}(?:(?P<bracket>[\[(])\s?{_STAMP}\s?[\])]|(?P<bare>{_STAMP}))?(?:\s{{0,3}}[-–])?\s{{0,3}}(?:"
    rf"(?P<name>{_NAME})\s?(?P<after>[\[(]\s?(?:{_STAMP}|[\w ]{{1,20}})\s?[\])])?\s?:(?=\s|$)\s?"
    rf"|(?<=[\])])"
    rf"|(?P<headed>{_NAME})[ \t]{{1,3}}[\[(]?{_STAMP}[\])]?[ \t]{{0,4}}$)"
)
_HAS_ROLE: Final = re.compile(rf"(?<![^\W_]){_ROLE}(?![^\W\d_])", re.IGNORECASE)
_MAY: Final = re.compile(
    rf"\n{_LEAD}(?:[\[(]?\d{{1,4}}[:/.-]\d|<v|{_ROLE}(?![^\W\d_])"
    r"|[^\W\d_][^\n:(\[]{0,30}[\[( ]\d{1,2}:\d\d)",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[^\W_]+")
_SIGNS: Final = frozenset("@.-_+")


class _Piece(NamedTuple):
    """`[start, end)` of the text is what `speaker` said; an empty one is nobody who is named."""

    speaker: str
    start: int
    end: int


class Turns:
    """Finds what is to be read together. It does not change, and may be used from several threads."""

    def __init__(self) -> None:
        words = said_words().items()
        self._said = frozenset(word for word, said in words if said.said is not Said.LETTER)

    @staticmethod
    def counts(finding: Finding) -> bool:
        """Whether what was found in pieces that were read together may be one value."""
        return finding.entity_type not in _WORDS_ALONE

    def joined(self, text: str) -> Iterator[tuple[Joined, Sequence[int]]]:
        """The readings of all runs of pieces, and where in the text each piece begins (by its place)."""
        if _MAY.search(text) is None:
            return
        pieces = _pieces(text)
        for run in self._runs(text, pieces):
            segments = [Segment(0, text[piece.start : piece.end]) for piece in run]
            glues = (" ", "") if any(self._parted(text, *pair) for pair in pairwise(run)) else (" ",)
            for reading in read_run(segments, range(len(run)), (), glues):
                yield reading, [piece.start for piece in run]

    def _runs(self, text: str, pieces: Sequence[_Piece]) -> list[list[_Piece]]:
        """Pieces of one speaker over whose bounds a value may go on, two or more."""
        runs: list[list[_Piece]] = []
        last: dict[str, tuple[list[_Piece], int]] = {}
        for number, piece in enumerate(pieces):
            run, latest = last.get(piece.speaker, ([], 0))
            between = pieces[latest + 1 : number] if number - latest <= _MOST_BETWEEN + 1 else ()
            heard = number - latest <= _MOST_BETWEEN + 1 and _is_heard(text, between)
            if not (run and heard and self._meet(text, run[-1], piece)):
                run = []
                runs.append(run)
            run.append(piece)
            last[piece.speaker] = run, number
        return [run for run in runs if len(run) > 1]

    def _meet(self, text: str, first: _Piece, second: _Piece) -> bool:
        if self._parted(text, first, second):
            return True
        end = text[max(first.start, first.end - _REACH) : first.end]
        begin = text[second.start : min(second.end, second.start + _REACH)]
        return self._counts(_WORD.findall(end)[-_NEAR:]) and self._counts(_WORD.findall(begin)[:_NEAR])

    def _counts(self, words: Sequence[str]) -> bool:
        return any(word[0].isdigit() or word[-1].isdigit() or word.lower() in self._said for word in words)

    @staticmethod
    def _parted(text: str, first: _Piece, second: _Piece) -> bool:
        """Whether an address may go on from one to the other."""
        if _SIGNS.isdisjoint((text[first.end - 1], text[second.start])):
            return False
        end = text[max(first.start, first.end - _REACH) : first.end]
        return "@" in end or "@" in text[second.start : min(second.end, second.start + _REACH)]


def _is_heard(text: str, pieces: Sequence[_Piece]) -> bool:
    """Whether others say no more than that they hear."""
    words: list[str] = []
    for piece in pieces:
        if piece.end - piece.start > _REACH:
            return False
        words += _WORD.findall(text[piece.start : piece.end].lower())
    return len(words) <= _MOST_BETWEEN and _HEARD.issuperset(words)


def _pieces(text: str) -> list[_Piece]:
    """What is said in the cues and turns of a text, in order."""
    found: list[_Piece] = []
    speaker, begin, in_cue, position = "", -1, False, 0

    def close(end: int) -> None:
        if begin < 0:
            return
        start = begin
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        if text.endswith("</v>", start, end):
            end -= len("</v>")
        if start < end:
            found.append(_Piece(speaker, start, end))

    while position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        if _CUE.match(text, position, end) is not None:
            close(_before_number(text, begin, position))
            speaker, begin, in_cue = "", end + 1, True
        elif in_cue and (end == position or text[position:end].isspace()):
            close(position)
            begin = -1
        elif (named := _turn(text, position, end)) is not None:
            if not (in_cue and begin == position):
                close(position)
            speaker, begin = named
        position = end + 1
    close(len(text))
    return found


def _before_number(text: str, begin: int, time: int) -> int:
    """The end of a cue's text, without the number of the next cue where no empty line parts them."""
    line = text.rfind("\n", max(begin, 0), max(time - 1, 0)) + 1
    return line if line > 0 and text[line:time].strip().isdigit() else time


def _turn(text: str, start: int, end: int) -> tuple[str, int] | None:
    """The speaker of a line, and where begins what is said; None where it is no beginning of a turn."""
    voice = _VOICE.match(text, start, end)
    if voice is not None:
        return voice["name"].strip().casefold(), voice.end()
    prefix = _PREFIX.match(text, start, end)
    if prefix is None:
        return None
    name = prefix["name"] or prefix["headed"] or ""
    timed = prefix["bracket"] or prefix["bare"] or prefix["headed"]
    if not timed and not (prefix["after"] and ":" in prefix["after"]):
        roles = name if prefix["after"] is None else name + prefix["after"]
        if _HAS_ROLE.search(roles) is None:
            return None
    return name.strip().casefold(), prefix.end()
