"""Reads X12 messages in a text: `NM1*IL*1*GARCIA*MARIA****MI*111222333~`. See `interchange`.

Fields: X12 005010 (270, 834, 837).

Law: each segment is read once, so the work is linear in the text.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from shield.analyzer.messages.interchange_parts import TAG_OF_LINE, Element, Part, split

_SEGMENT: Final = re.compile(
    r"(?:(?<![\w*|])|(?<=\\[rn]))(?P<tag>[A-Z][A-Z0-9]{1,2})(?P<sign>[*|])"
    rf"(?P<rest>(?:(?!{TAG_OF_LINE}|\\[rn][A-Z])[^~\r\n])*)"
)
_HEAD: Final = re.compile(r"(?<!\w)ISA(?P<sign>[*|])(?:[^*|~\r\n]*(?P=sign)){15}(?P<component>[^\w\s])")
"""The head of a message, which says by what its components are separated."""
_ALONE: Final = re.compile(r"(?:N4\*[^*]+\*[A-Z]{2}\*\d|PER\*[A-Z0-9]{2}\*|REF\*(?:SY|0F|IG|EA)\*)")
"""Segments that hold personal data and are known by themselves, as a list of lines has them."""
_FORMS: Final = MappingProxyType(
    {
        "NM1": re.compile(r"[A-Z0-9]{2,3}[*|][12][*|]"),
        "N3": re.compile(r"[^*|]"),
        "N4": re.compile(r"[^*|]"),
        "DMG": re.compile(r"D8[*|]"),
        "PER": re.compile(r"[A-Z0-9]{2}[*|]"),
        "REF": re.compile(r"[A-Z0-9]{2,3}[*|]"),
    }
)
"""How the elements begin of the segments that may hold personal data."""
_IDS: Final = MappingProxyType({"MI": "INSURANCE_NUMBER", "34": "US_SSN"})  # NM108
_REFERENCES: Final = MappingProxyType(  # REF01
    {
        "SY": "US_SSN",
        "0F": "INSURANCE_NUMBER",
        "IG": "INSURANCE_NUMBER",
        "EA": "MEDICAL_RECORD_NUMBER",
    }
)
_CALLS: Final = MappingProxyType(  # PER03
    {"EM": "EMAIL_ADDRESS", **dict.fromkeys("TE HP WP CP FX".split(), "PHONE_NUMBER")}
)
_TEXTS: Final = frozenset("MSG NTE K3 N1 N2 PID".split())
"""Segments whose elements are texts."""
_FIRM: Final = "2"  # NM102


def may_hold(text: str, sign: str = "*") -> bool:
    """Whether a text may hold a message whose elements are separated by `sign`."""
    if sign not in text:
        return False
    if f"NM1{sign}" in text or f"N3{sign}" in text or f"DMG{sign}" in text:
        return True
    return sign == "*" and _ALONE.match(text) is not None


def read(text: str, elements: list[Element], parts: list[Part]) -> None:
    """Add the personal elements and the segments of the messages in a text."""
    firm = False
    head = _HEAD.search(text)
    component = "" if head is None else head["component"]
    delimiters = {sign: re.compile(rf"[{sign}~\r\n{re.escape(component)}]") for sign in "*|"}
    for match in _SEGMENT.finditer(text):
        tag, sign, (start, end) = match["tag"], match["sign"], match.span("rest")
        form = _FORMS.get(tag)
        if form is not None and form.match(text, start) is None:
            continue
        escapes = {sign: " ", "~": " ", component: " "}  # the standard has none
        part = Part(match.start(), start, end, delimiters[sign], tag in _TEXTS, escapes)
        parts.append(part._replace(fixed=True) if tag == "ISA" else part)
        if form is None:
            continue
        spans = [(0, 0), *split(text, start, end, sign)]  # numbered from 1, as in the standard
        said = [text[slice(*span)] for span in spans]
        if tag == "NM1":
            firm = said[2] == _FIRM
        kinds = _kinds(tag, said, firm=firm)
        elements += [Element(*spans[at], kind) for at, kind in kinds.items() if at < len(spans)]


def _kinds(tag: str, said: Sequence[str], *, firm: bool) -> Mapping[int, str]:
    """The types of the elements of a segment, by their numbers.

    `said` are the elements; `firm` is whether the last one that was named is a firm, whose address is not
    personal.
    """
    if tag == "NM1":
        if firm:
            return {}
        kinds = dict.fromkeys((3, 4, 5), "PERSON")
        if said[8:] and said[8] in _IDS:
            kinds[9] = _IDS[said[8]]
        return kinds
    if tag == "DMG":
        return {2: "DATE_OF_BIRTH"}
    if tag == "PER":
        return {2: "PERSON"} | {
            at + 1: _CALLS[said[at]] for at in (3, 5, 7) if said[at:] and said[at] in _CALLS
        }
    if tag == "REF":
        return {2: _REFERENCES[said[1]]} if said[1] in _REFERENCES else {}
    if firm:
        return {}
    if tag == "N3":
        return dict.fromkeys((1, 2), "STREET_ADDRESS")
    return {1: "LOCATION", 3: "POSTCODE"}
