"""Reads EDIFACT messages in a text: `NAD+FL+++GARCIA:MARIA'`. See `interchange`.

Fields: UN/EDIFACT D.99B, and the passenger list (PAXLST) of WCO, IATA and ICAO.

Law: each segment is read once, so the work is linear in the text.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from shield.analyzer.messages.interchange_parts import Element, Part

_QUOTE: Final = r"&(?:#39|#x27|apos);"
"""The end of a segment, in HTML."""
_SEGMENT: Final = re.compile(
    r"(?:(?<=['\r\n>])|(?<=\\n)|(?<=&#39;)|(?<=&#x27;)|(?<=&apos;)|\A)[ \t>]{0,8}(?P<tag>[A-Z]{3})\+"
    rf"(?P<rest>(?:\?.|(?!{_QUOTE})[^'?\r\n])*)"
)
_ALONE: Final = ("DTM+329:", "DOC+P", "COM+")
"""Segments that hold personal data and are known by themselves, as a list of lines has them."""
_ELEMENT: Final = re.compile(r"(?:\?.|[^+?])*")
_COMPONENT: Final = re.compile(r"(?:\?.|[^:?])*")
_DELIMITERS: Final = re.compile(rf"(?<!\?)[+:'\r\n]|{_QUOTE}")
_RELEASE: Final = "?"  # the sign after which another one stands for itself
_ESCAPES: Final = MappingProxyType({sign: f"{_RELEASE}{sign}" for sign in "+:'?"})
_READ: Final = frozenset("NAD CTA COM DTM DOC".split())
_TEXTS: Final = frozenset("FTX NAD IMD".split())
"""Segments whose elements are texts."""
_CALLS: Final = MappingProxyType(  # 3155
    {"EM": "EMAIL_ADDRESS", **dict.fromkeys("TE FX AL MA".split(), "PHONE_NUMBER")}
)
_TRAVELLERS: Final = frozenset("FL FM DDT DDU".split())  # 3035
_PASSPORTS: Final = frozenset("P 39 I V".split())
_BIRTH: Final = "329"  # 2005


def may_hold(text: str) -> bool:
    """Whether a text may hold a message."""
    return "+" in text and ("NAD+" in text or "CTA+" in text or text.startswith(_ALONE))


def read(text: str, elements: list[Element], parts: list[Part]) -> None:
    """Add the personal elements and the segments of the messages in a text."""
    for match in _SEGMENT.finditer(text):
        tag, (start, end) = match["tag"], match.span("rest")
        part = Part(match.start("tag"), start, end, _DELIMITERS, tag in _TEXTS, _ESCAPES)
        parts.append(part._replace(release=_RELEASE))
        if tag not in _READ:
            continue
        spans = _composites(text, start, end)
        said = [[text[slice(*span)] for span in composite] for composite in spans]
        elements += [
            Element(*spans[at][place], kind)
            for (at, place), kind in _kinds(tag, said).items()
            if at < len(spans) and place < len(spans[at])
        ]


def _kinds(tag: str, said: Sequence[Sequence[str]]) -> Mapping[tuple[int, int], str]:
    """The types of the components of a segment, by the numbers of the element and the component, from 0."""
    first = said[0]
    if tag == "NAD":
        persons = {(3, place): "PERSON" for place in range(5)} if first[0] in _TRAVELLERS else {}
        streets = {(4, place): "STREET_ADDRESS" for place in range(4)}
        return persons | streets | {(5, 0): "LOCATION", (7, 0): "POSTCODE"}
    if tag == "CTA":
        return {(1, 1): "PERSON"}
    if tag == "COM":
        return {(0, 0): _CALLS[first[1]]} if first[1:] and first[1] in _CALLS else {}
    if tag == "DTM":
        return {(0, 1): "DATE_OF_BIRTH"} if first[0] == _BIRTH else {}
    return {(1, 0): "TRAVEL_DOCUMENT"} if first[0] in _PASSPORTS else {}


def _composites(text: str, start: int, end: int) -> list[list[tuple[int, int]]]:
    """The components of each element; after `?` a sign does not separate."""
    composites: list[list[tuple[int, int]]] = []
    while start <= end:
        element = _ELEMENT.match(text, start, end)
        stop = end if element is None else element.end()
        components: list[tuple[int, int]] = []
        while start <= stop:
            component = _COMPONENT.match(text, start, stop)
            at = stop if component is None else component.end()
            components.append((start, at))
            start = at + 1
        composites.append(components)
        start = stop + 1
    return composites
