"""Renames the columns of a table body by what they mean beside the other columns.

"Name" and "Account" say little by themselves. Beside a personal column they are a person's, as in tables
within texts (`tables`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from shield.analyzer.layouts.labelled_cells import LONGEST_CELL, names_of
from shield.analyzer.recognizers.key_context import label_speaks
from shield.domain import Segment

_OF_CELL: Final = 2  # steps of a cell's location: its row, and its column
_MOST: Final = 1_000  # columns


def in_columns(segments: Sequence[Segment]) -> Sequence[Segment]:
    """The segments at their columns' new names; the same object where no column gets another name."""
    labels: dict[str, None] = {}
    for segment in segments:
        if _is_cell(segment):
            labels[str(segment.location[1])] = None
            if len(labels) > _MOST:
                return segments
    names = names_of(list(labels), label_speaks)
    beside = {
        label: names[place] for place, label in enumerate(labels) if names.get(place, (label,)) != (label,)
    }
    if not beside:
        return segments
    return [
        replace(segment, location=(segment.location[0], *beside[str(segment.location[1])]))
        if _is_cell(segment) and segment.location[1] in beside and len(segment.text) <= LONGEST_CELL
        else segment
        for segment in segments
    ]


def _is_cell(segment: Segment) -> bool:
    location = segment.location
    return len(location) == _OF_CELL and location[0].__class__ is int and location[1].__class__ is str
