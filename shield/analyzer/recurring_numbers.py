"""Finds a number again that was found elsewhere in the payload: "I have XQW447190203", after it was spelled.

A label, a question or a member's name tells that a number is personal. The agent who reads it back and the
next message repeat it without any: what is the same to the last figure is the same person's. Only running
text is read, as a member that holds nothing but a number may link records.

Law: the work is linear in the texts, for each of a bounded number of numbers.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from shield.analyzer.conversation.spoken_turns import spoken_turn
from shield.analyzer.covered import Covered
from shield.analyzer.layouts.joined import JOINED
from shield.analyzer.views.number_words import said_words
from shield.domain import Finding, Segment, SegmentKind

_TYPES: Final = frozenset(
    """ACCOUNT_NUMBER CUSTOMER_ID INSURANCE_NUMBER MEDICAL_RECORD_NUMBER NATIONAL_ID TRAVEL_DOCUMENT
    DRIVER_LICENSE US_SSN US_PASSPORT US_BANK_NUMBER UK_NHS PHONE_NUMBER LICENSE_PLATE VEHICLE_ID""".split()
)
_SURE: Final = 0.7
"""The least score of a number that is looked for again."""
_LEAST: Final = 6  # letters and figures
_LEAST_FIGURES: Final = 4
_LONGEST: Final = 120  # code points of a number as it is written or said
_MOST: Final = 32  # numbers of a payload that are looked for
_SIGN: Final = re.compile(r"[A-Za-z0-9]")
_BETWEEN_SIGNS: Final = bytes(code for code in range(128) if not chr(code).isalnum())
_GROUPS: Final = re.compile(r"[A-Za-z0-9]+(?:[ .\-/]{1,2}[A-Za-z0-9]+)*")
_LONGER: Final = re.compile(r"[\w@]|[.,\-/+][A-Za-z0-9]")
"""What goes on behind a piece of a longer code."""


class RecurringNumbers:
    """Looks for numbers again. Immutable, so several threads may use it."""

    def __init__(self) -> None:
        self._words = MappingProxyType(said_words())

    def findings(
        self, segments: Sequence[Segment], found: Sequence[Sequence[Finding]], model: str
    ) -> Iterator[tuple[int, Finding]]:
        """What stands in other texts of numbers that were found: segment index and finding.

        What only the recognizer `model` says counts if it is in words: whoever writes it then reads it back.
        """
        numbers: dict[str, tuple[int, Finding]] = {}
        for place, (segment, findings) in enumerate(zip(segments, found, strict=True)):
            for each in findings:
                if each.entity_type in _TYPES and each.score >= _SURE:
                    said = segment.text[each.start : each.end]
                    number = self._plain(said)
                    sure = each.recognizer != model or not any(map(str.isdigit, said))
                    if number and sure and len(numbers) < _MOST:
                        numbers.setdefault(number, (place, each))
        if not numbers:
            return
        for place, segment in enumerate(segments):
            if segment.kind is SegmentKind.TEXT and " " in segment.text:
                signs = _signs(segment.text)
                again = {
                    number: finding
                    for number, (first, finding) in numbers.items()
                    if (signs.count(number) > 1 if place == first else number in signs)
                }
                if again:
                    for finding in _again(segment.text, again, found[place]):
                        yield place, finding

    def _plain(self, text: str) -> str:
        """The letters and figures of a number, also one in words; empty where there are few."""
        if len(text) > _LONGEST:
            return ""
        plain = _signs(text)
        if sum(map(str.isdigit, plain)) < _LEAST_FIGURES:
            said = spoken_turn(text, self._words)
            plain = "" if said is None or not said.words <= {"and"} else said.figures
            if sum(map(str.isdigit, plain)) < _LEAST_FIGURES:
                return ""
        return plain.lower() if len(plain) >= _LEAST else ""


def _signs(text: str) -> str:
    """The letters and figures of ASCII in a text, in lower case. Bytes are left out fastest."""
    return text.encode("ascii", "ignore").translate(None, _BETWEEN_SIGNS).decode().lower()


def _again(text: str, numbers: Mapping[str, Finding], found: Sequence[Finding]) -> Iterator[Finding]:
    """Where the numbers stand in a text, in whatever groups, and nothing was found."""
    places = [match.start() for match in _SIGN.finditer(text)]
    signs = "".join([text[at] for at in places]).lower()
    covered = Covered(found)
    for number, finding in numbers.items():
        at = signs.find(number)
        while at >= 0:
            start, end = places[at], places[at + len(number) - 1] + 1
            if (
                not _goes_on(text, start, end)
                and _GROUPS.fullmatch(text, start, end) is not None
                and not covered.meet(start, end)
            ):
                yield finding._replace(start=start, end=end, view=JOINED)
            at = signs.find(number, at + len(number))


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether `[start, end)` is a piece of a longer code or number."""
    before = text[max(0, start - 2) : start][::-1]
    return _LONGER.match(before) is not None or _LONGER.match(text, end) is not None
