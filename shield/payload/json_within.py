"""JSON as the text of a value, such as a field of a form, a cell or a string: findings keep to its values.

Detectors read such a text as any other. They find a number that stands between no quotation marks, or one
value across a comma, and a replacement written there would leave what its receiver cannot parse. So a finding
in a number or a literal becomes one of all of it, and its replacement a string, as in a body that is JSON; a
finding over several values becomes one in each; and none begins or ends within an escape. The same holds for
JSON in a string of that JSON.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import orjson

from shield.domain import Edit, Finding
from shield.payload.json_scan import split
from shield.payload.json_strings import code_points, escape, raw_offsets, unescape

_SCALARS = re.compile(r"[^{}\[\],: \t\n\r]+")
_BLANKS = " \t\n\r"

_Spans = Sequence[tuple[int, int]]
_Write = Callable[[str], str]


class _Part(NamedTuple):
    """The part of the span `number` that lies in one value, and how a replacement is written there."""

    start: int
    end: int
    number: int
    write: _Write


def may_hold(text: str) -> bool:
    """Whether the text may be an object, an array or a string: else there is nothing to do."""
    inside = text.strip(_BLANKS)
    return inside[:1] + inside[-1:] in {"{}", "[]", '""'}


def fitted(text: str, findings: Sequence[Finding], kept: Collection[str], piece: str) -> Sequence[Finding]:
    """Disjoint, sorted findings in `text` by its values; the same ones where it is not JSON.

    One that is in no value is left out: between values is nothing but marks and blanks. Of several in one
    number, those of types that are not `kept` win, then the highest score. `piece` is the view of those that
    are longer or shorter than what was found.
    """
    parts = _parts(text, [(finding.start, finding.end) for finding in findings])
    if parts is None:
        return findings
    made: list[Finding] = []
    for (start, end), same in groupby(parts, key=lambda part: (part.start, part.end)):
        found = max(
            (findings[part.number] for part in same), key=lambda it: (it.entity_type not in kept, it.score)
        )
        if (start, end) != (found.start, found.end):
            found = found._replace(start=start, end=end, view=piece)
        made.append(found)
    return made


def written(edits: Sequence[Edit], text: str) -> Sequence[Edit]:
    """The edits of `fitted` findings as they are written in `text`: escaped, and quoted for a number."""
    parts = _parts(text, [(edit.start, edit.end) for edit in edits])
    if parts is None:
        return edits
    writes = {(part.start, part.end): part.write for part in parts}
    return [
        edit._replace(replacement=write(edit.replacement))
        if (write := writes.get((edit.start, edit.end))) is not None
        else edit
        for edit in edits
    ]


def _parts(text: str, spans: _Spans) -> list[_Part] | None:
    """The parts of disjoint, sorted spans in the values of `text`, sorted; None where it is not JSON.

    Parts overlap only where they are the same number or literal. Those without a letter or digit are left out
    where others of the span have one.
    """
    if not may_hold(text):
        return None
    try:
        orjson.loads(text)
    except ValueError:
        return None
    parts: list[_Part] = []
    first = 0
    for start, end, is_string in _values(text):
        while first < len(spans) and spans[first][1] <= start:
            first += 1
        if first == len(spans):
            break
        touching = []
        for number in range(first, len(spans)):
            low, high = spans[number]
            if low >= end:
                break
            touching.append((max(low, start), min(high, end), number))
        if not touching:
            continue
        if is_string:
            parts += _in_string(text[start:end], start, touching)
        else:
            parts += [_Part(start, end, number, _as_string) for _, _, number in touching]
    telling = [any(map(str.isalnum, text[part.start : part.end])) for part in parts]
    told = {part.number for part, tells in zip(parts, telling, strict=True) if tells}
    return [part for part, tells in zip(parts, telling, strict=True) if tells or part.number not in told]


def _values(text: str) -> Iterator[tuple[int, int, bool]]:
    """Start and end of each name, and each value without others in it; whether it is a string's inside."""
    at = 0
    for place, part in enumerate(split(text)):
        if place % 2:
            yield at, at + len(part), True
        else:
            for scalar in _SCALARS.finditer(part):
                yield at + scalar.start(), at + scalar.end(), False
        at += len(part) + 1


def _in_string(raw: str, at: int, touching: Sequence[tuple[int, int, int]]) -> Iterator[_Part]:
    """Parts in a string whose inside is `raw` and begins at `at`."""
    numbers = [number for _, _, number in touching]
    spans = code_points(raw, [(low - at, high - at) for low, high, _ in touching])
    inner = unescape(raw)
    found = _parts(inner, spans)
    if found is None:
        found = [_Part(low, high, place, _as_it_is) for place, (low, high) in enumerate(spans) if low < high]
    points = sorted({point for part in found for point in (part.start, part.end)})
    places = dict(zip(points, raw_offsets(raw, points), strict=True))
    for part in found:
        yield _Part(
            at + places[part.start], at + places[part.end], numbers[part.number], _escaped(part.write)
        )


def _escaped(write: _Write) -> _Write:
    return lambda replacement: escape(write(replacement))


def _as_it_is(replacement: str) -> str:
    return replacement


def _as_string(replacement: str) -> str:
    return f'"{escape(replacement)}"'
