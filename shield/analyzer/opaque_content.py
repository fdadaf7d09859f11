"""What of a document nobody can look into: the opaque runs of its segments, of any kind of segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from shield.analyzer.views.opaque import LEAST, opaque_runs
from shield.domain import Edit, FieldRule, Segment


class OpaqueContent(NamedTuple):
    """A run in `segment`, of the form `form`; `size` is its UTF-8 bytes."""

    segment: Segment
    form: str
    size: int


def opaque_content(
    segments: Sequence[Segment], rules: Mapping[int, FieldRule], applied: Mapping[int, Sequence[Edit]]
) -> list[OpaqueContent]:
    """In the order of the segments. What a field rule decides on, or an edit removes whole, is none."""
    found: list[OpaqueContent] = []
    for segment in segments:
        text = segment.text
        if len(text) < LEAST or segment.index in rules:
            continue
        for start, end, form in opaque_runs(text):
            edits = applied.get(segment.index, ())
            if not any(edit.start <= start and end <= edit.end for edit in edits):
                size = len(text[start:end].encode("utf-8", "surrogatepass"))
                found.append(OpaqueContent(segment, form, size))
    return found
