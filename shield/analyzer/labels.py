"""Values whose name stands in a member beside them: `{"name": "ssn", "value": "536221234"}`.

Support platforms send custom fields, properties, changes and answers so. For detectors such a value is at the
place that its label names, as `{"ssn": "536221234"}` is; a value with no label beside it is named by the
member that holds it (`{"ssn": {"value": "536221234"}}`, also with the names that typed and converted formats
give a value: `{"S": …}`, `{"$numberLong": …}`, `{"#text": …}`). A cell of a table is at the name of its
column (`{"columns": ["name", "ssn"], "rows": [["Jo", "536221234"]]}`).
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from shield.domain import Segment, SegmentKind

LONGEST_LABEL: Final = 64
LONGEST_VALUE: Final = 128
"""Code points; a longer text is prose, of which a label says nothing."""

_LABELS: Final = tuple(
    "type system kind id ref name key code field property fieldName field_name attribute label title "
    "question prompt".split()
)
"""Names of the members that hold a label; of several, the last here counts most."""
_RANKS: Final = MappingProxyType(
    {name: rank for rank, name in enumerate(_LABELS)}
    | {name[0].upper() + name[1:]: rank for rank, name in enumerate(_LABELS)}
)
_VALUES: Final = frozenset(
    "value values val Value Values stringValue string_value numberValue displayValue display_value answer "
    "answers Answer response fromString toString previous_value previousValue old_value oldValue new_value "
    "newValue before after "
    # of typed values (DynamoDB, Avro, MongoDB, JSON-LD), and of XML that was made JSON
    "S N string int long double $numberLong $numberInt $numberDecimal @value $value #text _text __text $t "
    "_".split()
)
_COLUMNS: Final = ("columns", "headers", "header", "fields", "columnNames", "column_names")
_NAMED: Final = (("name",), ("label",), ("title",))
_ROWS: Final = frozenset("rows data values records results".split())
_KINDS: Final = frozenset({SegmentKind.TEXT, SegmentKind.NUMBER, SegmentKind.PARAMETER})

_Place = tuple[str, tuple[str | int, ...]]


def with_labels(segments: Sequence[Segment]) -> Sequence[Segment]:
    """The segments, each labelled value at the place of its label; the same object where there is none."""
    depths: dict[int, int] = {}
    cells: list[int] = []
    for place, segment in enumerate(segments):
        location = segment.location
        last = location[-1] if location else 0
        if last in _VALUES or last.__class__ is int:  # most by far are neither
            if depth := _depth(segment):
                depths[place] = depth
            if len(location) > 2 and location[-3] in _ROWS and _is_cell(segment):  # noqa: PLR2004
                cells.append(place)
    if not depths and not cells:
        return segments
    parents = {_parent(segments[place], depth) for place, depth in depths.items()}
    labels = _labels(segments, parents)
    moved = list(segments)
    for place, depth in depths.items():
        segment = segments[place]
        above = segment.location[: depth - 1]
        label = labels.get((segment.root, above))
        if label is not None:
            moved[place] = replace(segment, location=(*above, label, *segment.location[depth:]))
        elif above and isinstance(above[-1], str):
            moved[place] = replace(segment, location=(*above, *segment.location[depth:]))
    if cells:
        columns = _columns(segments)
        for place in cells if columns else ():
            segment = segments[place]
            location = segment.location
            name = columns.get((segment.root, (*location[:-3], location[-1])))
            if name is not None:
                moved[place] = replace(segment, location=(*location[:-2], name))
    return moved


def _is_cell(segment: Segment) -> bool:
    """Whether what stands below `rows` is in a row and a column."""
    *_, row, column = segment.location
    return (
        isinstance(row, int)
        and isinstance(column, int)
        and segment.kind in _KINDS
        and len(segment.text) <= LONGEST_VALUE
    )


def _columns(segments: Sequence[Segment]) -> dict[_Place, str]:
    """The names of the columns of tables: by the place of the table, and the number of the column."""
    found: dict[_Place, str] = {}
    for segment in segments:
        location = segment.location[:-1] if segment.location[-1:] in _NAMED else segment.location
        if (
            len(location) > 1
            and location[-2] in _COLUMNS
            and isinstance(location[-1], int)
            and segment.kind is SegmentKind.TEXT
            and len(segment.text) <= LONGEST_LABEL
        ):
            found[segment.root, (*location[:-2], location[-1])] = segment.text
    return found


def _depth(segment: Segment) -> int:
    """How many steps of the location lead to the name `value`, with it; 0 where that is not its name."""
    location = segment.location
    depth = len(location)
    while depth and location[depth - 1].__class__ is int:
        depth -= 1
    if not depth or location[depth - 1] not in _VALUES:
        return 0
    return depth if segment.kind in _KINDS and len(segment.text) <= LONGEST_VALUE else 0


def _parent(segment: Segment, depth: int) -> _Place:
    return segment.root, segment.location[: depth - 1]


def _labels(segments: Sequence[Segment], parents: set[_Place]) -> dict[_Place, str]:
    """The labels beside values, by the place of what holds both; several are one, the telling one last."""
    found: dict[_Place, dict[int, str]] = {}
    for segment in segments:
        location = segment.location
        if segment.kind is not SegmentKind.TEXT or not location or len(segment.text) > LONGEST_LABEL:
            continue
        name = location[-1]
        rank = _RANKS.get(name) if isinstance(name, str) else None
        if rank is not None and (place := (segment.root, location[:-1])) in parents:
            found.setdefault(place, {})[rank] = segment.text
    return {place: " ".join(ranked[rank] for rank in sorted(ranked)) for place, ranked in found.items()}
