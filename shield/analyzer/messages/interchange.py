r"""Reads HL7 v2, X12, EDIFACT and SWIFT messages in a text, whose segments define what each element holds.

The desks of hospitals, insurers, forwarders and banks get such messages whole where a transfer failed. Each
standard has a module of its own (`hl7_messages`, `x12_messages`, `edifact_messages`, `swift_messages`;
`calendar_messages` for calendars and contacts, whose lines are no segments). It
defines an element's meaning, so a value needs no form beyond having letters or digits. A model's findings in
the codes of other elements are dropped; and no finding crosses a delimiter, so that the message stays valid.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Iterator, Sequence
from typing import Final

from shield.analyzer.layouts.joined import JOINED
from shield.analyzer.layouts.spans import trimmed
from shield.analyzer.messages import (
    calendar_messages,
    edifact_messages,
    hl7_messages,
    swift_messages,
    x12_messages,
)
from shield.analyzer.messages.interchange_parts import Element, Interchange, Part, escaped
from shield.analyzer.views.view import TABLE
from shield.domain import Edit, Finding

RECOGNIZER: Final = "InterchangeRecognizer"
SCORE: Final = 0.9

_CODE: Final = re.compile(r"[A-Z0-9]{1,3}")
"""A code in an element of a segment that holds texts."""
_LONG_CODE: Final = re.compile(r"[A-Z0-9]{1,6}|[\d-]{1,20}")
"""A code in an element of any other segment."""
_LONGEST_CODE: Final = 24  # code points, with what may stand around it
_ADDRESS: Final = "EMAIL_ADDRESS"
_OF_LETTERS: Final = frozenset({"PERSON", "STREET_ADDRESS", "LOCATION", _ADDRESS})
"""Types whose values have a letter; all others have a digit."""
_DIGIT: Final = re.compile(r"\d")
_LETTER: Final = re.compile(r"[^\W\d_]")


def may_hold(text: str) -> bool:
    """Whether the text may hold a message; most texts lack a delimiter and are ruled out at once."""
    return (
        hl7_messages.may_hold(text)
        or x12_messages.may_hold(text)
        or edifact_messages.may_hold(text)
        or swift_messages.may_hold(text)
        or calendar_messages.may_hold(text)
    )


def read(text: str) -> Interchange:
    """The personal elements, and all segments of the messages in a text."""
    elements: list[Element] = []
    parts: list[Part] = []
    if hl7_messages.may_hold(text):
        hl7_messages.read(text, elements, parts)
    if x12_messages.may_hold(text) or x12_messages.may_hold(text, "|"):
        x12_messages.read(text, elements, parts)
    if edifact_messages.may_hold(text):
        edifact_messages.read(text, elements, parts)
    if swift_messages.may_hold(text):
        swift_messages.read(text, elements, parts)
    if calendar_messages.may_hold(text):
        calendar_messages.read(text, elements)
    return Interchange([it for it in elements if _holds(text, it)], sorted(parts, key=lambda it: it.start))


def findings(text: str) -> list[Finding]:
    """The personal elements, as findings."""
    return [Finding(*it, SCORE, RECOGNIZER, TABLE) for it in read(text).elements]


def written(edits: Sequence[Edit], text: str) -> Sequence[Edit]:
    """The edits as the messages of the text have them: no replacement adds an element to a segment."""
    return escaped(edits, read(text).parts, text)


def settled(found: Sequence[Finding], text: str, model: str) -> list[Finding]:
    """The findings, none across a delimiter, and none by the `model` in elements that hold no text."""
    if calendar_messages.may_hold(text):
        found = calendar_messages.without(found, text, model)
    parts = read(text).parts
    if not parts:
        return list(found)
    starts = [part.start for part in parts]
    typed = {each.start for each in found if each.recognizer == RECOGNIZER}
    kept: list[Finding] = []
    for finding in found:
        first = max(bisect_right(starts, finding.start) - 1, 0)
        touched = [
            part
            for part in parts[first : bisect_right(starts, finding.end)]
            if part.start < finding.end and finding.start < part.end
        ]
        if not touched:
            kept.append(finding)
            continue
        for piece in _between(finding, text, touched[0].delimiters, typed):
            part = parts[max(bisect_right(starts, piece.start) - 1, first)]
            if finding.recognizer != model or not _is_code(text, piece, part):
                kept.append(piece)
    return kept


def _is_code(text: str, finding: Finding, part: Part) -> bool:
    """Whether the finding's element is a code, or the finding is the tag of a segment."""
    start, end = finding.start, finding.end
    if end <= part.body:
        return True
    form = _CODE if part.free else _LONG_CODE
    low, high = max(part.body, start - _LONGEST_CODE), min(part.end, end + _LONGEST_CODE)
    start = max((it.end() for it in part.delimiters.finditer(text, low, start)), default=low)
    after = part.delimiters.search(text, end, high)
    return form.fullmatch(text, start, high if after is None else after.start()) is not None


def _between(
    finding: Finding, text: str, delimiters: re.Pattern[str], typed: Container[int]
) -> Iterator[Finding]:
    """The pieces of a finding between delimiters, except those that begin where `typed` ones do."""
    at = finding.start
    for match in [*delimiters.finditer(text, finding.start, finding.end), None]:
        end = finding.end if match is None else match.start()
        if match is None and at == finding.start:
            yield finding
        elif _is_telling(text[at:end], finding.entity_type):
            start, stop = trimmed(text, at, end)
            if start not in typed:
                yield finding._replace(start=start, end=stop, view=JOINED)
        at = end if match is None else match.end()


def _is_telling(piece: str, entity_type: str) -> bool:
    """Whether a piece of a value has anything that must not stay; of an address, its name and host."""
    return "@" in piece if entity_type == _ADDRESS else any(map(str.isalnum, piece))


def _holds(text: str, element: Element) -> bool:
    """Whether the element holds a value: a name has a letter, and a number a digit."""
    form = _LETTER if element.entity_type in _OF_LETTERS else _DIGIT
    return form.search(text, element.start, element.end) is not None
