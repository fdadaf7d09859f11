r"""Reads HL7 v2 messages in a text: `PID|1||4471^^^HOSP^MR||Garcia^Maria^Elena||19800229|…`.

See `interchange`.

Fields: HL7 v2.5.1, chapters 3, 6 and 15.

Law: each segment is read once, so the work is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shield.analyzer.messages.interchange_parts import TAG_OF_LINE, Element, Part, split

_SEGMENT: Final = re.compile(
    r"(?:(?<![\w|^~&])|(?<=\\[rn]))(?P<tag>[A-Z][A-Z0-9]{2})\|"
    rf"(?P<rest>(?:(?!\\[rn][A-Z][A-Z0-9]{{2}}\||{TAG_OF_LINE})[^\r\n])*)"
)
_HEAD: Final = re.compile(
    r"MSH\|(?P<component>[^\w\s|])(?P<again>[^\w\s|])(?:[^\w\s|](?P<part>[^\w\s|])?)?\|"
)
"""The head of a message, which says by what its components, repetitions and subcomponents are separated."""
_SET: Final = re.compile(r"\d{0,4}\|")  # `PID|USER|TTY` is the head of a table
_LEAST_FIELDS: Final = 2
_SIGNS: Final = ("PID|", "NK1|", "MSH|", "PV1|", "IN1|", "GT1|", "NM1|")

_KINDS: Final[Mapping[str, Mapping[int, str]]] = MappingProxyType(
    {
        "name": dict.fromkeys((1, 2, 3), "PERSON"),  # XPN
        "staff": dict.fromkeys((2, 3, 4), "PERSON"),  # XCN: after a number
        "address": {1: "STREET_ADDRESS", 2: "STREET_ADDRESS", 3: "LOCATION", 5: "POSTCODE"},  # XAD
        "call": {4: "EMAIL_ADDRESS", **dict.fromkeys((1, 6, 7, 12), "PHONE_NUMBER")},  # XTN
        "record": {1: "MEDICAL_RECORD_NUMBER"},
        "insurance": {1: "INSURANCE_NUMBER"},
        "account": {1: "ACCOUNT_NUMBER"},
        "birth": {1: "DATE_OF_BIRTH"},
        "ssn": {1: "US_SSN"},
        "licence": {1: "DRIVER_LICENSE"},
        "place": {1: "LOCATION"},
    }
)
"""What a field may hold: the types of its components, which are numbered from 1."""


def _fields(said: str) -> Mapping[int, Mapping[int, str]]:
    """`5:name 7:birth` -> the types of the components of each field."""
    pairs = (it.split(":") for it in said.split())
    return MappingProxyType({int(field): _KINDS[kind] for field, kind in pairs})


_FIELDS: Final = MappingProxyType(
    {
        "MSH": _fields(""),
        "EVN": _fields("5:staff"),
        "PID": _fields(
            "2:record 3:record 4:record 5:name 6:name 7:birth 9:name 11:address 13:call 14:call 18:account "
            "19:ssn 20:licence 21:record 23:place"
        ),
        "PD1": _fields("4:staff"),
        "NK1": _fields(
            "2:name 4:address 5:call 6:call 16:birth 26:name 30:name 31:call 32:address 33:record 37:ssn"
        ),
        "PV1": _fields("7:staff 8:staff 9:staff 17:staff 52:staff"),
        "GT1": _fields("3:name 4:name 5:address 6:call 7:call 8:birth 12:ssn"),
        "IN1": _fields("6:name 16:name 18:birth 19:address 36:insurance 49:insurance"),
        "IN2": _fields("2:ssn 6:insurance 8:insurance 61:insurance 63:call"),
        "MRG": _fields("1:record 3:account 7:name"),
        "STF": _fields("3:name 6:birth 10:call 11:address"),
        "ROL": _fields("4:staff 11:address 12:call"),
        "ORC": _fields("10:staff 11:staff 12:staff 14:call 19:staff"),
        "OBR": _fields("10:staff 16:staff 17:call 28:staff"),
    }
)
_NOT_COUNTED: Final = frozenset({"MSH", "EVN", "PD1", "MRG", "STF", "ORC", "IN2"})
"""Segments that do not begin with a number of their own."""


def may_hold(text: str) -> bool:
    """Whether a text may hold a message."""
    return "|" in text and any(sign in text for sign in _SIGNS)


def read(text: str, elements: list[Element], parts: list[Part]) -> None:
    """Add the personal elements and the segments of the messages in a text."""
    head = _HEAD.search(text)
    component, again, part = (
        ("^", "~", "&") if head is None else (head["component"], head["again"], head["part"] or "&")
    )
    delimiters = re.compile(rf"[|\r\n{re.escape(component + again + part)}]")
    escapes = {"|": "\\F\\", component: "\\S\\", part: "\\T\\", again: "\\R\\"}
    for match in _SEGMENT.finditer(text):
        tag, (start, end) = match["tag"], match.span("rest")
        fields = _FIELDS.get(tag)
        if fields is not None and (
            (text.count("|", start, end) < _LEAST_FIELDS and tag != "MRG")
            or (tag not in _NOT_COUNTED and _SET.match(text, start) is None)
        ):
            continue
        parts.append(Part(match.start(), start, end, delimiters, fields is None, escapes))
        if fields is None:
            continue
        for number, span in enumerate(split(text, start, end, "|"), 1):
            kinds = fields.get(number)
            for value in split(text, *span, again) if kinds is not None else ():
                for place, inner in enumerate(split(text, *value, component), 1):
                    if kinds is not None and (kind := kinds.get(place)) is not None:
                        elements += [Element(*it, kind) for it in split(text, *inner, part)]
