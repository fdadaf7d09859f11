r"""Reads HL7 v2, X12, EDIFACT and SWIFT messages in a text, whose segments define what each element holds.

`PID|1||4471^^^HOSP^MR||Garcia^Maria^Elena||19800229|…`, `NM1*IL*1*GARCIA*MARIA****MI*111222333~`,
`NAD+FL+++GARCIA:MARIA'`, `:59F:/70872490`, `1/MARIA GARCIA`: the desks of hospitals, insurers, forwarders and
banks get them whole where a transfer failed. The standard defines an element's meaning, so a value needs no
form beyond having letters or digits. A model's findings in the codes of other elements are dropped; and no
finding crosses a delimiter, so that the message stays valid.

Fields: HL7 v2.5.1, chapters 3, 6 and 15; X12 005010 (270, 834, 837); UN/EDIFACT D.99B and the passenger list
(PAXLST) of WCO, IATA and ICAO; options of fields 50 and 59 of SWIFT's MT.

Law: each segment is read once, so the work is linear in the text.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from shield.analyzer import swift_messages
from shield.analyzer.interchange_parts import Element, Interchange, Part, escaped
from shield.analyzer.joined import JOINED
from shield.analyzer.tables import TABLE
from shield.domain import Edit, Finding

RECOGNIZER: Final = "InterchangeRecognizer"
SCORE: Final = 0.9

_HL7_TAG: Final = r"(?P<tag>[A-Z][A-Z0-9]{2})\|"
_TAG_OF_LINE: Final = r"</?(?:br|p|div|li|pre)\b"
"""What ends a line in HTML."""
_HL7: Final = re.compile(
    rf"(?:(?<![\w|^~&])|(?<=\\[rn])){_HL7_TAG}"
    rf"(?P<rest>(?:(?!\\[rn][A-Z][A-Z0-9]{{2}}\||{_TAG_OF_LINE})[^\r\n])*)"
)
_HL7_HEAD: Final = re.compile(
    r"MSH\|(?P<component>[^\w\s|])(?P<again>[^\w\s|])(?:[^\w\s|](?P<part>[^\w\s|])?)?\|"
)
_HL7_SET: Final = re.compile(r"\d{0,4}\|")  # `PID|USER|TTY` is the head of a table
_LEAST_FIELDS: Final = 2
_X12: Final = re.compile(
    r"(?:(?<![\w*|])|(?<=\\[rn]))(?P<tag>[A-Z][A-Z0-9]{1,2})(?P<sign>[*|])"
    rf"(?P<rest>(?:(?!{_TAG_OF_LINE}|\\[rn][A-Z])[^~\r\n])*)"
)
_X12_HEAD: Final = re.compile(r"(?<!\w)ISA(?P<sign>[*|])(?:[^*|~\r\n]*(?P=sign)){15}(?P<component>[^\w\s])")
_X12_ALONE: Final = re.compile(r"(?:N4\*[^*]+\*[A-Z]{2}\*\d|PER\*[A-Z0-9]{2}\*|REF\*(?:SY|0F|IG|EA)\*)")
"""Segments that hold personal data and are known by themselves, as a list of lines has them."""
_X12_FORMS: Final = MappingProxyType(
    {
        "NM1": re.compile(r"[A-Z0-9]{2,3}[*|][12][*|]"),
        "N3": re.compile(r"[^*|]"),
        "N4": re.compile(r"[^*|]"),
        "DMG": re.compile(r"D8[*|]"),
        "PER": re.compile(r"[A-Z0-9]{2}[*|]"),
        "REF": re.compile(r"[A-Z0-9]{2,3}[*|]"),
    }
)
_QUOTE: Final = r"&(?:#39|#x27|apos);"
"""The end of a segment of EDIFACT, in HTML."""
_EDIFACT: Final = re.compile(
    r"(?:(?<=['\r\n>])|(?<=\\n)|(?<=&#39;)|(?<=&#x27;)|(?<=&apos;)|\A)[ \t>]{0,8}(?P<tag>[A-Z]{3})\+"
    rf"(?P<rest>(?:\?.|(?!{_QUOTE})[^'?\r\n])*)"
)
_EDIFACT_ALONE: Final = ("DTM+329:", "DOC+P", "COM+")
_ELEMENT: Final = re.compile(r"(?:\?.|[^+?])*")
_COMPONENT: Final = re.compile(r"(?:\?.|[^:?])*")
_CODE: Final = re.compile(r"[A-Z0-9]{1,3}")
_LONG_CODE: Final = re.compile(r"[A-Z0-9]{1,6}|[\d-]{1,20}")
_LONGEST_CODE: Final = 24
"""A code in an element that holds no text."""
_DIGIT: Final = re.compile(r"\d")
_LETTER: Final = re.compile(r"[^\W\d_]")

_P, _S, _C, _Z, _T, _E = "PERSON", "STREET_ADDRESS", "LOCATION", "POSTCODE", "PHONE_NUMBER", "EMAIL_ADDRESS"
_M, _I, _A = "MEDICAL_RECORD_NUMBER", "INSURANCE_NUMBER", "ACCOUNT_NUMBER"
_B, _N = "DATE_OF_BIRTH", "US_SSN"
_NAME: Final = {1: _P, 2: _P, 3: _P}  # XPN
_STAFF: Final = {2: _P, 3: _P, 4: _P}  # XCN: after a number
_ADDRESS: Final = {1: _S, 2: _S, 3: _C, 5: _Z}  # XAD
_CALL: Final = {1: _T, 4: _E, 6: _T, 7: _T, 12: _T}  # XTN


def _fields(said: str) -> Mapping[int, Mapping[int, str]]:
    """`5:name 7:DATE_OF_BIRTH` -> the types of the components of each field."""
    kinds = {"name": _NAME, "staff": _STAFF, "address": _ADDRESS, "call": _CALL}
    pairs = (it.split(":") for it in said.split())
    return MappingProxyType({int(field): kinds.get(kind) or {1: kind} for field, kind in pairs})


_HL7_FIELDS: Final = MappingProxyType(
    {
        "MSH": _fields(""),
        "EVN": _fields("5:staff"),
        "PID": _fields(
            f"2:{_M} 3:{_M} 4:{_M} 5:name 6:name 7:{_B} 9:name 11:address 13:call 14:call 18:{_A} 19:{_N} "
            f"20:DRIVER_LICENSE 21:{_M} 23:{_C}"
        ),
        "PD1": _fields("4:staff"),
        "NK1": _fields(
            f"2:name 4:address 5:call 6:call 16:{_B} 26:name 30:name 31:call 32:address 33:{_M} 37:{_N}"
        ),
        "PV1": _fields("7:staff 8:staff 9:staff 17:staff 52:staff"),
        "GT1": _fields(f"3:name 4:name 5:address 6:call 7:call 8:{_B} 12:{_N}"),
        "IN1": _fields(f"6:name 16:name 18:{_B} 19:address 36:{_I} 49:{_I}"),
        "IN2": _fields(f"2:{_N} 6:{_I} 8:{_I} 61:{_I} 63:call"),
        "MRG": _fields(f"1:{_M} 3:{_A} 7:name"),
        "STF": _fields(f"3:name 6:{_B} 10:call 11:address"),
        "ROL": _fields("4:staff 11:address 12:call"),
        "ORC": _fields("10:staff 11:staff 12:staff 14:call 19:staff"),
        "OBR": _fields("10:staff 16:staff 17:call 28:staff"),
    }
)
_NOT_COUNTED: Final = frozenset({"MSH", "EVN", "PD1", "MRG", "STF", "ORC", "IN2"})
"""Segments that do not begin with a number of their own."""
_IDS: Final = MappingProxyType({"MI": _I, "34": _N})  # NM108
_REFERENCES: Final = MappingProxyType({"SY": _N, "0F": _I, "IG": _I, "EA": _M})  # REF01
_CALLS: Final = MappingProxyType({"TE": _T, "HP": _T, "WP": _T, "CP": _T, "FX": _T, "EM": _E})  # PER03
_X12_TEXTS: Final = frozenset("MSG NTE K3 N1 N2 PID".split())
_EDIFACT_TEXTS: Final = frozenset("FTX NAD IMD".split())
_EDIFACT_CALLS: Final = MappingProxyType({"TE": _T, "FX": _T, "AL": _T, "MA": _T, "EM": _E})  # 3155
_TRAVELLERS: Final = frozenset("FL FM DDT DDU".split())  # 3035
_PASSPORTS: Final = frozenset("P 39 I V".split())


def may_hold(text: str) -> bool:
    """Whether the text may hold a message; most texts lack a delimiter and are ruled out at once."""
    return (
        ("|" in text and _may_hold_hl7(text))
        or ("*" in text and _may_hold_x12(text, "*"))
        or ("+" in text and _may_hold_edifact(text))
        or (":" in text and swift_messages.may_hold(text))
    )


def _may_hold_hl7(text: str) -> bool:
    tags = "PID|", "NK1|", "MSH|", "PV1|", "IN1|", "GT1|", "NM1|"
    return any(tag in text for tag in tags)


def _may_hold_x12(text: str, sign: str) -> bool:
    if f"NM1{sign}" in text or f"N3{sign}" in text or f"DMG{sign}" in text:
        return True
    return sign == "*" and _X12_ALONE.match(text) is not None


def _may_hold_edifact(text: str) -> bool:
    return "NAD+" in text or "CTA+" in text or text.startswith(_EDIFACT_ALONE)


def read(text: str) -> Interchange:
    """The personal elements, and all segments of the messages in a text."""
    elements: list[Element] = []
    parts: list[Part] = []
    if "|" in text and _may_hold_hl7(text):
        _hl7(text, elements, parts)
    if _may_hold_x12(text, "*") or _may_hold_x12(text, "|"):
        _x12(text, elements, parts)
    if _may_hold_edifact(text):
        _edifact(text, elements, parts)
    if swift_messages.may_hold(text):
        swift_messages.read(text, elements, parts)
    return Interchange([it for it in elements if _holds(text, it)], sorted(parts, key=lambda it: it.start))


def findings(text: str) -> list[Finding]:
    """The personal elements, as findings."""
    return [Finding(*it, SCORE, RECOGNIZER, TABLE) for it in read(text).elements]


def written(edits: Sequence[Edit], text: str) -> Sequence[Edit]:
    """The edits as the messages of the text have them: no replacement adds an element to a segment."""
    return escaped(edits, read(text).parts, text)


def settled(found: Sequence[Finding], text: str, model: str) -> list[Finding]:
    """The findings, none across a delimiter, and none by the `model` in elements that hold no text."""
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
    address = finding.entity_type == _E
    for match in [*delimiters.finditer(text, finding.start, finding.end), None]:
        end = finding.end if match is None else match.start()
        piece = text[at:end]
        if match is None and at == finding.start:
            yield finding
        elif "@" in piece if address else any(map(str.isalnum, piece)):
            first = at + len(piece) - len(piece.lstrip())
            if first not in typed:
                yield finding._replace(start=first, end=at + len(piece.rstrip()), view=JOINED)
        at = end if match is None else match.end()


def _holds(text: str, element: Element) -> bool:
    """Whether the element holds a value: a name has a letter, and a number a digit."""
    start, end, kind = element
    form = _LETTER if kind in {_P, _S, _C, _E} else _DIGIT
    return form.search(text, start, end) is not None


def _split(text: str, start: int, end: int, sign: str) -> list[tuple[int, int]]:
    """The spans that the sign separates."""
    spans: list[tuple[int, int]] = []
    for piece in text[start:end].split(sign):
        spans.append((start, start + len(piece)))
        start += len(piece) + len(sign)
    return spans


def _hl7(text: str, elements: list[Element], parts: list[Part]) -> None:
    head = _HL7_HEAD.search(text)
    component, again, part = (
        ("^", "~", "&") if head is None else (head["component"], head["again"], head["part"] or "&")
    )
    delimiters = re.compile(rf"[|\r\n{re.escape(component + again + part)}]")
    escapes = {"|": "\\F\\", component: "\\S\\", part: "\\T\\", again: "\\R\\"}
    for match in _HL7.finditer(text):
        tag, (start, end) = match["tag"], match.span("rest")
        fields = _HL7_FIELDS.get(tag)
        if fields is not None and (
            (text.count("|", start, end) < _LEAST_FIELDS and tag != "MRG")
            or (tag not in _NOT_COUNTED and _HL7_SET.match(text, start) is None)
        ):
            continue
        parts.append(Part(match.start(), start, end, delimiters, fields is None, escapes))
        for number, span in enumerate(_split(text, start, end, "|"), 1):
            kinds = fields.get(number) if fields is not None else None
            for value in _split(text, *span, again) if kinds is not None else ():
                for place, inner in enumerate(_split(text, *value, component), 1):
                    if kinds is not None and (kind := kinds.get(place)) is not None:
                        elements += [Element(*it, kind) for it in _split(text, *inner, part)]


def _x12(text: str, elements: list[Element], parts: list[Part]) -> None:
    organization = False
    head = _X12_HEAD.search(text)
    component = "" if head is None else head["component"]
    delimiters = {sign: re.compile(rf"[{sign}~\r\n{re.escape(component)}]") for sign in "*|"}
    for match in _X12.finditer(text):
        tag, sign, (start, end) = match["tag"], match["sign"], match.span("rest")
        form = _X12_FORMS.get(tag)
        if form is not None and form.match(text, start) is None:
            continue
        escapes = {sign: " ", "~": " ", component: " "}  # the standard has none
        part = Part(match.start(), start, end, delimiters[sign], tag in _X12_TEXTS, escapes)
        parts.append(part._replace(fixed=True) if tag == "ISA" else part)
        if form is None:
            continue
        spans = [(0, 0), *_split(text, start, end, sign)]  # numbered from 1, as in the standard
        said = [text[slice(*span)] for span in spans]
        kinds: dict[int, str] = {}
        if tag == "NM1":
            organization = said[2] == "2"
            if not organization:
                kinds = {3: _P, 4: _P, 5: _P}
                if said[8:] and said[8] in _IDS:
                    kinds[9] = _IDS[said[8]]
        elif tag == "DMG":
            kinds = {2: _B}
        elif tag == "PER":
            kinds = {2: _P}
            kinds |= {at + 1: _CALLS[said[at]] for at in (3, 5, 7) if said[at:] and said[at] in _CALLS}
        elif tag == "REF":
            kinds = {2: _REFERENCES[said[1]]} if said[1] in _REFERENCES else {}
        elif not organization:  # a firm's address is not personal
            kinds = {1: _S, 2: _S} if tag == "N3" else {1: _C, 3: _Z}
        elements += [Element(*spans[at], kind) for at, kind in kinds.items() if at < len(spans)]


_EDIFACT_ESCAPES: Final = MappingProxyType({sign: f"?{sign}" for sign in "+:'?"})
_EDIFACT_DELIMITERS: Final = re.compile(rf"(?<!\?)[+:'\r\n]|{_QUOTE}")


def _edifact(text: str, elements: list[Element], parts: list[Part]) -> None:
    for match in _EDIFACT.finditer(text):
        tag, (start, end) = match["tag"], match.span("rest")
        free = tag in _EDIFACT_TEXTS
        part = Part(match.start("tag"), start, end, _EDIFACT_DELIMITERS, free, _EDIFACT_ESCAPES)
        parts.append(part._replace(release="?"))
        if tag not in {"NAD", "CTA", "COM", "DTM", "DOC"}:
            continue
        spans = _read_composites(text, start, end)
        said = [[text[slice(*span)] for span in composite] for composite in spans]
        kinds: dict[tuple[int, int], str] = {}
        if tag == "NAD":
            if said[0][0] in _TRAVELLERS:
                kinds = {(3, place): _P for place in range(5)}
            kinds |= {(4, place): _S for place in range(4)} | {(5, 0): _C, (7, 0): _Z}
        elif tag == "CTA":
            kinds = {(1, 1): _P}
        elif tag == "COM":
            kinds = (
                {(0, 0): _EDIFACT_CALLS[said[0][1]]} if said[0][1:] and said[0][1] in _EDIFACT_CALLS else {}
            )
        elif tag == "DTM":
            kinds = {(0, 1): _B} if said[0][0] == "329" else {}
        elif said[0][0] in _PASSPORTS:
            kinds = {(1, 0): "TRAVEL_DOCUMENT"}
        elements += [
            Element(*spans[at][place], kind)
            for (at, place), kind in kinds.items()
            if at < len(spans) and place < len(spans[at])
        ]


def _read_composites(text: str, start: int, end: int) -> list[list[tuple[int, int]]]:
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
