"""Reads calendars and contacts in a text: `ATTENDEE;CN=Maria Garcia:mailto:…`, `ADR:;;12 Oak St;…`.

iCalendar (RFC 5545) and vCard (RFC 6350) have a property a line, `NAME;PARAMETER=…:value`, folded before a
blank. Those of persons are found by their names. To a model `UID:040000008200E000…` looks like the number of
a document, and `CATEGORIES:JORDAN PROJECT` like a person: what it finds in lines of nobody is dropped.

Law: each line is read once, so the work is linear in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import Final

from shield.analyzer.layouts.spans import trimmed
from shield.analyzer.messages.interchange_parts import Element
from shield.domain import Finding

_BEGIN: Final = "BEGIN:V"
_REST: Final = r"[^\n]{0,2000}(?:\n[ \t][^\n]{0,200}){0,20}"
_OF_NOBODY: Final = re.compile(
    r"^(?:UID|RELATED-TO|RECURRENCE-ID|DTSTAMP|DTSTART|DTEND|DUE|DURATION|CREATED|LAST-MODIFIED|COMPLETED|REV"
    r"|RRULE|RDATE|EXDATE|TRIGGER|TZID|TZURL|TZOFFSETFROM|TZOFFSETTO|TZNAME|SEQUENCE|STATUS|TRANSP|CLASS|PRIORITY"
    rf"|PRODID|METHOD|VERSION|CALSCALE|CATEGORIES|ORG|TITLE|ROLE|KIND|LANG|PHOTO|LOGO|SOUND|KEY|GENDER)[;:]{_REST}",
    re.MULTILINE | re.IGNORECASE,
)
_OF_PERSONS: Final = re.compile(
    rf"^(?:[\w-]{{1,40}}\.)?(?P<name>FN|N|NICKNAME|BDAY|ADR|TEL|ORGANIZER|ATTENDEE)(?=[;:])(?P<rest>{_REST})",
    re.MULTILINE | re.IGNORECASE,
)
_VALUE: Final = re.compile(r'(?:;[^:"]*(?:"[^"]*"[^:"]*)*)?:(?:tel:)?', re.IGNORECASE)
"""What stands between a property's name and its value."""
_PARAMETER: Final = re.compile(
    r';(?P<name>CN|LABEL)=(?:"(?P<quoted>[^"]{1,200})"|(?P<said>[^;:,"]{1,100}))', re.IGNORECASE
)
_COMPONENT: Final = re.compile(r"(?:[^;\\]|\\.)*", re.DOTALL)
_WHOLE: Final = MappingProxyType(
    {"FN": "PERSON", "NICKNAME": "PERSON", "BDAY": "DATE_OF_BIRTH", "TEL": "PHONE_NUMBER"}
)
_COMPONENTS: Final = MappingProxyType(
    {
        "N": ("PERSON", "PERSON", "PERSON"),
        # the post box, an addition, the street, the town, the region, and the postcode
        "ADR": ("STREET_ADDRESS", "STREET_ADDRESS", "STREET_ADDRESS", "LOCATION", "", "POSTCODE"),
    }
)
_OF_PARAMETERS: Final = MappingProxyType({"CN": "PERSON", "LABEL": "STREET_ADDRESS"})


def may_hold(text: str) -> bool:
    """Whether a text may hold a calendar or a contact."""
    return _BEGIN in text


def read(text: str, elements: list[Element]) -> None:
    """Add the personal values of the calendars and contacts in a text."""
    for match in _OF_PERSONS.finditer(text):
        name, (start, end) = match["name"].upper(), match.span("rest")
        value = _VALUE.match(text, start, end)
        if value is None:
            continue
        for parameter in _PARAMETER.finditer(text, start, value.end()):
            span = parameter.span("quoted" if parameter["quoted"] else "said")
            elements += _element(text, *span, _OF_PARAMETERS[parameter["name"].upper()])
        if name in _WHOLE:
            elements += _element(text, value.end(), end, _WHOLE[name])
        at = value.end()
        for kind in _COMPONENTS.get(name, ()):
            component = _COMPONENT.match(text, at, end)
            if component is None:
                break
            if kind:
                elements += _element(text, at, component.end(), kind)
            at = min(component.end() + 1, end)


def without(findings: Sequence[Finding], text: str, model: str) -> list[Finding]:
    """The findings without those of the `model` in lines of nobody, and without escapes at their ends."""
    spans = [match.span() for match in _OF_NOBODY.finditer(text)]
    starts = [start for start, _ in spans]
    kept = []
    for finding in findings:
        place = bisect_right(starts, finding.start) - 1
        if finding.recognizer == model and place >= 0 and finding.end <= spans[place][1]:
            continue
        escaped = text[finding.end - 1 : finding.end] == "\\"  # of `Street\, Denver`
        kept.append(finding._replace(end=finding.end - 1) if escaped else finding)
    return kept


def _element(text: str, start: int, end: int, kind: str) -> Iterator[Element]:
    """The value without blanks around it; addresses, as names of participants, are found elsewhere."""
    start, end = trimmed(text, start, end)
    if start < end and "@" not in text[start:end]:
        yield Element(start, end, kind)
