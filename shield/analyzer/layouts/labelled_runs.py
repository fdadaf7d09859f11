"""Names values by a label in the run before, in rich text: `[{"text": "SSN: "}, {"text": "536221234"}]`.

Editors send a text in runs (Quill, Slate, ProseMirror, Atlassian's document format): bold text begins a new
one, so a label and its value are two members of a list. Detectors see such a value at the location that its
label names, as in `labels`.

Law: the work is linear in the segments; those after a text that does not end with a colon are not examined.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from shield.analyzer.key_names import key_words
from shield.analyzer.layouts.labelled_cells import LONGEST_CELL, is_said, label_of
from shield.analyzer.recognizers.key_context import is_vague, label_speaks
from shield.domain import Segment, SegmentKind

LONGEST_BESIDE: Final = 64
"""Code points of a text that may be the label of a value beside it; a longer one is prose."""
_MOST_APART: Final = 2  # steps of the index
_VALUES: Final = frozenset({"value", "answer", "val", "v"})
_LOOKED_AT: Final = 7  # segments after a label: other members of the run stand between
_CUT: Final = re.compile(r"\d(?:[-/)] ?\n| ?\n[-/])\d")  # a number between two runs, the line's end here


def behind_labels(segments: Sequence[Segment]) -> Sequence[Segment]:
    """The segments, with those after a label moved to its location; the same object where there is none."""
    places = [place for place, it in enumerate(segments) if it.location and ":" in it.text[-2:]]
    if not places:
        return segments
    moved: list[Segment] | None = None
    for place in places:
        label = _label(segments[place])
        after = _next(segments, place) if label else None
        if after is None:
            continue
        value = segments[after]
        moved = list(segments) if moved is None else moved
        moved[after] = replace(value, location=(*value.location[:-1], label))
    return segments if moved is None else moved


def _label(segment: Segment) -> str:
    """The label that the last line of a text is, if it names personal data; else empty."""
    text = segment.text.rstrip()
    if segment.kind is not SegmentKind.TEXT or not text.endswith(":"):
        return ""
    line = text[text.rfind("\n") + 1 :]
    label = label_of(line, 0, len(line)) if len(line) <= LONGEST_BESIDE else None
    return label if label and not is_vague(key_words(label)) and label_speaks(label) else ""


def _next(segments: Sequence[Segment], place: int) -> int | None:
    """The index of the text in the next run: under the same names, at one of the next indices."""
    here = segments[place]
    if _names_beside(segments, place):
        return None
    for after in range(place + 1, min(place + 1 + _LOOKED_AT, len(segments))):
        there = segments[after]
        if there.kind is SegmentKind.TEXT and _follows(here, there):
            if not 0 < len(there.text) <= LONGEST_CELL or is_said(there.text):
                return None
            return None if _goes_on(segments, after) else after
    return None


def _names_beside(segments: Sequence[Segment], place: int) -> bool:
    """Whether the label is of a value in its own object: `{"title": "SSN:", "value": "536221234"}`."""
    here = segments[place]
    for there in segments[place + 1 : place + 1 + _LOOKED_AT]:
        if there.location[:-1] != here.location[:-1] or there.root != here.root:
            return False
        if there.kind is not SegmentKind.KEY and there.location[-1] in _VALUES:
            return True
    return False


def _goes_on(segments: Sequence[Segment], place: int) -> bool:
    """Whether a number continues in the next run: then `pieces` reads all of it, with its label."""
    if place + 1 == len(segments):
        return False
    here, there = segments[place], segments[place + 1]
    return _CUT.search(f"{here.text[-3:]}\n{there.text[:2]}") is not None and _follows(here, there)


def _follows(here: Segment, there: Segment) -> bool:
    """Whether two texts are under the same names, the second at one of the next indices."""
    if here.root != there.root or len(here.location) != len(there.location):
        return False
    *_, last = here.location
    if not isinstance(last, str) or there.location[-1] != last or len(here.location) < 2:  # noqa: PLR2004  an index, a name
        return False
    first, second = here.location[-2], there.location[-2]
    return (
        isinstance(first, int)
        and isinstance(second, int)
        and 0 < second - first <= _MOST_APART
        and here.location[:-2] == there.location[:-2]
    )
