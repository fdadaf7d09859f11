"""Splits subtitles into cues, and transcripts and chats into turns, so that pieces are read together.

A dictated number continues in the next cue, below its number and time (SRT, WebVTT), or in the next turn of
its speaker ("[00:01:05] Caller: 1111 …"). Such pieces are read together like those of a payload (`joined`);
`dialogue` decides which of them belong together.

A line begins a turn where it starts with a time, with a role ("Caller:", "Agent 2:"), or with both around a
name; cues may name their speaker.

Law: a text without such a line costs one search; with them the work is linear in its length.
"""

# ruff: noqa: RUF001, SIM905  # names have curly apostrophes; tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from shield.analyzer.conversation.dialogue import REACH, Dialogue, Run, Turn
from shield.analyzer.layouts.joined import Joined, address_goes_on, read_run
from shield.analyzer.layouts.spans import trimmed
from shield.domain import Finding, Segment

_WORDS_ALONE: Final = frozenset({"STREET_ADDRESS", "PASSWORD", "SECURITY_ANSWER", "USERNAME"})
"""Types of values that consist of words: two sentences could form one by chance."""
_ROLES: Final = (
    "caller customer client user agent operator advisor adviser support rep representative speaker host "
    "guest visitor member patient doctor nurse clerk bot consumer employee assistant "
    "pax passenger traveller traveler officer caseworker dispatcher handler tutor "
    "anrufer anruferin kunde kundin berater beraterin mitarbeiter sprecher cliente agente operador asesor "
    "operatore operatrice consulente conseiller conseillère appelant klant medewerker klient klientka "
    "doradca konsultant konsultantka atendente asesor asesora"
).split()
_ROLE: Final = rf"(?:{'|'.join(_ROLES)})"
_TIME: Final = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?(?:\s?[AaPp]\.?[Mm]\b\.?)?"
_DATE: Final = r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"
_STAMP: Final = rf"(?:{_DATE},?[ T])?{_TIME}"
"""When a turn begins, as transcripts and chats have it."""
_POINT: Final = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
"""When a cue begins or ends, as subtitles have it."""
_CUE: Final = re.compile(rf"[ \t]{{0,4}}{_POINT}[ \t]{{1,3}}--(?:>|&gt;)[ \t]{{1,3}}{_POINT}")
_VOICE: Final = re.compile(r"[ \t]{0,4}<v(?:\.[\w.]{1,40})?[ \t]{1,3}(?P<name>[^>\n]{1,60})>")
_LEAD: Final = r"[ \t>*-]{0,4}"
_NAME: Final = r"[^\W\d_][\w .'’/-]{0,30}?"
_PREFIX: Final = re.compile(
    # a time, in brackets or not: "[00:01:05] ", "10:42 - "
    rf"{_LEAD}(?:(?P<bracket>[\[(])\s?{_STAMP}\s?[\])]|(?P<bare>{_STAMP}))?(?:\s{{0,3}}[-–])?\s{{0,3}}(?:"
    # then a speaker and a colon, with a time or a role behind the name: "Ana (agent): "
    rf"(?P<name>{_NAME})\s?(?P<after>[\[(]\s?(?:{_STAMP}|[\w ]{{1,20}})\s?[\])])?\s?:(?=\s|$)\s?"
    # or nothing but the time in brackets
    rf"|(?<=[\])])"
    # or a speaker and a time on a line of their own: "Ana 10:42"
    rf"|(?P<headed>{_NAME})[ \t]{{1,3}}[\[(]?{_STAMP}[\])]?[ \t]{{0,4}}$)"
)
"""What stands before the speech in the first line of a turn."""
_HAS_ROLE: Final = re.compile(rf"(?<![^\W_]){_ROLE}(?![^\W\d_])", re.IGNORECASE)
_MAY: Final = re.compile(  # a line that may begin a turn, but the first
    rf"\n{_LEAD}(?:[\[(]?\d{{1,4}}[:/.-]\d|<v|{_ROLE}(?![^\W\d_])"
    r"|[^\W\d_][^\n:(\[]{0,30}[\[( ]\d{1,2}:\d\d)",
    re.IGNORECASE,
)


class Piece(NamedTuple):
    """`[start, end)` of the text is what `speaker` said; an empty `speaker` is unknown."""

    speaker: str
    start: int
    end: int


class Turns:
    """Finds the pieces to be read together. Immutable, so several threads may use it."""

    def __init__(self, dialogue: Dialogue) -> None:
        self._dialogue = dialogue

    @staticmethod
    def counts(finding: Finding) -> bool:
        """Whether a finding in pieces that were read together may be one value."""
        return finding.entity_type not in _WORDS_ALONE

    def of_text(self, text: str) -> Sequence[Piece]:
        """What is said in the cues and turns of a text, in order."""
        return _pieces(text) if _MAY.search(text) is not None else ()

    def joined(self, turns: Sequence[Turn]) -> Iterator[tuple[Joined, Run]]:
        """The readings of all runs of turns of one speaker, with their runs; indices are within the run."""
        for run in self._dialogue.runs(turns):
            segments = [Segment(0, turns[number].text) for number in run.turns]
            texts = [segment.text for segment in segments]
            parted = any(address_goes_on(*pair, REACH) for pair in pairwise(texts))
            glues = (" ", "") if parted else (" ",)
            for reading in read_run(segments, range(len(texts)), (), glues):
                yield reading, run


def _pieces(text: str) -> list[Piece]:
    """What is said in the cues and turns of a text, in order."""
    found: list[Piece] = []
    speaker, begin, in_cue, position = "", -1, False, 0

    def close(end: int) -> None:
        if begin < 0:
            return
        start, end = trimmed(text, begin, end)
        if text.endswith("</v>", start, end):
            end -= len("</v>")
        if start < end:
            found.append(Piece(speaker, start, end))

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
    """The end of a cue's text, without the next cue's number where no empty line separates them."""
    line = text.rfind("\n", max(begin, 0), max(time - 1, 0)) + 1
    return line if line > 0 and text[line:time].strip().isdigit() else time


def _turn(text: str, start: int, end: int) -> tuple[str, int] | None:
    """The speaker of a line, and where the speech begins; None where the line does not begin a turn."""
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
