"""Finds numbers whose parts are members of one object: `{"area": "415", "prefix": "555", "line": "0132"}`.

Forms with a field for each group of a phone number, a social security number or a card send them so. No part
is telling by itself; together they have the form of the number, or its check digit. Parts whose names differ
only in a number (`ssn1`, `cc_2`) are read by `pieces`, and those of a date by their names. The first six
digits of a card with its last four are not a finding: PCI DSS (3.5.1) counts them as truncated.

One object may hold several numbers: parts whose names have the other words in common belong together
(`home_area`, `work_area`). The names of forms are read as paths (`phone[1][area]`).

Law: only short digit strings are examined, each a fixed number of times.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from shield.analyzer.context import KeyContext
from shield.analyzer.layouts.joined import JOINED
from shield.analyzer.layouts.labelled_fields import ROOTS, path_of
from shield.analyzer.luhn import luhn
from shield.analyzer.recognizers.key_context import RECOGNIZER
from shield.domain import VALUE_KINDS, Finding, Location, Segment, SegmentKind

SCORE: Final = 0.8
_LONGEST: Final = 8  # digits of a part
_SHORTEST_CARD, _LONGEST_CARD = 13, 19
_PHONE, _SSN, _CARD = "PHONE_NUMBER", "US_SSN", "CREDIT_CARD"
_WHOLES: Final = MappingProxyType(
    dict.fromkeys("phone phones tel telephone mobile cell fax telefon telefono".split(), _PHONE)
    | dict.fromkeys("ssn social".split(), _SSN)
    | dict.fromkeys("card cc pan creditcard cardnumber payment bin".split(), _CARD)
)
"""Words of a name, or of the enclosing name, that say what the parts belong to."""
_OF_PHONES: Final = frozenset("areacode exchange subscriber npa nxx".split())
"""Words that say so by themselves."""
_ROLES: Final = MappingProxyType(
    dict.fromkeys("area areacode npa bin first start".split(), 0)
    | dict.fromkeys("prefix exchange nxx second middle mid group central".split(), 1)
    | dict.fromkeys("third".split(), 2)
    | dict.fromkeys("line subscriber suffix station local serial last fourth end".split(), 3)
)
"""The part that a word means, numbered in order."""
_SILENT: Final = frozenset(
    "code number no num part segment digits home work day evening contact security office".split()
)
_OF_PARTS: Final = frozenset("code number no num part segment digits".split())
"""Words that say nothing about which number a part belongs to."""
_SIGNS: Final = " ()-./"
"""What a form leaves around a part: `(415)`, `555-`."""
_LAST_ROLE: Final = 3
_FORMS: Final = MappingProxyType({_PHONE: ((3, 3, 4), (3, 7)), _SSN: ((3, 2, 4),)})
"""The lengths of the parts."""

_Group = tuple[str, Location, str, tuple[str, ...]]


def findings(
    segments: Sequence[Segment], words_of: Callable[[Segment], KeyContext]
) -> Iterator[tuple[int, Finding]]:
    """The parts of whole numbers: segment index and finding. `words_of` reads a segment's enclosing names."""
    groups: dict[_Group, dict[int, int]] = {}
    parts: dict[int, Segment] = {}
    for place, segment in enumerate(segments):
        text = segment.text
        if len(text) > _LONGEST or segment.kind not in VALUE_KINDS or not text.strip(_SIGNS).isdigit():
            continue
        part = _as_path(segment) if segment.root in ROOTS else segment
        keys = words_of(part)
        told = _told(keys)
        if told is None:
            continue
        kind, role = told
        parts[place] = replace(part, text=text.strip(_SIGNS))
        which = tuple([it for it in keys.own if it not in _ROLES and it not in _OF_PARTS])
        for label in {(), which, tuple([it for it in which if not it.isdigit()])}:
            group = (part.root, part.location[:-1], kind, label)
            groups.setdefault(group, {}).setdefault(role, place)
    found: set[int] = set()
    for (_, _, kind, _), roles in groups.items():
        places = [roles[role] for role in sorted(roles)]
        if len(places) > 1 and _is_whole(kind, [parts[place] for place in places]):
            for place in places:
                if place not in found:
                    found.add(place)
                    digits = parts[place].text
                    start = segments[place].text.index(digits)
                    yield place, Finding(start, start + len(digits), kind, SCORE, RECOGNIZER, JOINED)


def _as_path(segment: Segment) -> Segment:
    """A field of a form at the path that its name means; equal names are numbered, and so are their parts."""
    name, occurrence = segment.location[0], segment.location[-1]
    steps = path_of(str(name))
    return replace(segment, location=(occurrence, *steps)) if steps else segment


def _told(keys: KeyContext) -> tuple[str, int] | None:
    """What a member is part of, and which part it is; None where its name does not say so."""
    own = keys.own
    kind = next((_WHOLES[word] for word in own if word in _WHOLES), None)
    role: int | None = None
    for word in own:
        if word in _ROLES:
            role = _ROLES[word]
        elif word not in _WHOLES and word not in _SILENT and not word.isdigit():
            return None
    if kind is None:
        above = keys.enclosing[-1] if keys.enclosing else ()
        kind = next((_WHOLES[word] for word in above if word in _WHOLES), None)
    if kind is None and (not _OF_PHONES.isdisjoint(own) or own[:2] == ("area", "code")):
        kind = _PHONE
    if role is None and "number" in own:
        role = _LAST_ROLE
    return None if kind is None or role is None else (kind, role)


def _is_whole(kind: str, parts: Sequence[Segment]) -> bool:
    texts = [part.text for part in parts]
    if kind == _CARD:
        digits = "".join(texts)
        return _SHORTEST_CARD <= len(digits) <= _LONGEST_CARD and luhn(digits)
    return any(
        len(form) == len(parts)
        and all(
            len(part.text) == width or (part.kind is SegmentKind.NUMBER and len(part.text) < width)
            for part, width in zip(parts, form, strict=True)
        )
        for form in _FORMS[kind]
    )
