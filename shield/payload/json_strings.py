r"""Unescapes, escapes and edits the inside of a JSON string (RFC 8259, section 7).

The grammar allows lone surrogate escapes (`\ud800`). They become lone surrogates of a Python
`str` and are written as escapes again, so a document that holds them survives.
"""

from __future__ import annotations

import json.encoder
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from json.decoder import scanstring  # type: ignore[attr-defined]  # not in the stubs; C, exact, in place

from shield.domain import Edit
from shield.payload.splice import boundaries, splice

# A surrogate pair of escapes is one code point, so an edit's boundary can never fall inside of it.
_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.")
_SURROGATE = re.compile("[\ud800-\udfff]")


def unescape(raw: str) -> str:
    """The text of a valid string; `raw` is what stands between its quotes."""
    if "\\" not in raw:
        return raw
    text: str = scanstring(raw + '"', 0)[0]
    return text


def escape(text: str) -> str:
    """`text` as it may stand between quotes: non-ASCII raw, controls and lone surrogates escaped."""
    inside = json.encoder.encode_basestring(text)[1:-1]
    if inside.isascii():
        return inside
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", inside)


def raw_offsets(raw: str, points: Sequence[int]) -> Sequence[int]:
    """Where the code points `points` (ascending) of `unescape(raw)` begin in `raw`."""
    if "\\" not in raw:
        return points
    offsets: list[int] = []
    surplus = 0  # raw characters so far beyond one per code point
    remaining = iter(points)
    point = next(remaining, None)
    for match in _ESCAPE.finditer(raw):
        start = match.start() - surplus
        while point is not None and point <= start:
            offsets.append(point + surplus)
            point = next(remaining, None)
        if point is None:
            return offsets
        surplus += match.end() - match.start() - 1
    while point is not None:
        offsets.append(point + surplus)
        point = next(remaining, None)
    return offsets


def code_points(raw: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Disjoint, sorted spans of `raw` as spans of `unescape(raw)`, with the whole of an escape at an edge.

    They stay disjoint: of two in one escape the first has it, so that the second may be empty.
    """
    if "\\" not in raw:
        return list(spans)
    escapes = [(match.start(), match.end()) for match in _ESCAPE.finditer(raw)]
    before = [0, *accumulate(end - start - 1 for start, end in escapes)]
    ends = [end for _, end in escapes]
    made: list[tuple[int, int]] = []
    last = 0
    for low, high in spans:
        place = bisect_right(ends, low)
        start = (min(low, escapes[place][0]) if place < len(escapes) else low) - before[place]
        place = bisect_left(ends, high)
        within = place < len(escapes) and escapes[place][0] < high
        end = (escapes[place][0] + 1 if within else high) - before[place]
        start = max(start, last)
        last = max(start, end)
        made.append((start, last))
    return made


def edit_string(raw: str, text: str, edits: Sequence[Edit]) -> str:
    """The inside of a string after `edits`, whose offsets are code points of `text`."""
    return splice(raw, edits, raw_offsets(raw, boundaries(edits, len(text))), escape)
