"""Names values by a label in a member beside them: `{"name": "ssn", "value": "536221234"}`.

Support platforms send custom fields, properties, changes and answers so. Detectors see such a value at the
location that its label names, as in `{"ssn": "536221234"}`; a value without a label is named by the
member that holds it (`{"ssn": {"value": "536221234"}}`, also with the names that typed and converted formats
give a value: `{"S": …}`, `{"$numberLong": …}`, `{"#text": …}`). A cell of a table is at the name of its
column (`{"columns": ["name", "ssn"], "rows": [["Jo", "536221234"]]}`), and what an operation of a patch sets
at its path (`{"op": "add", "path": "/customer/ssn", "value": "536221234"}`, or SCIM's `customer.ssn`).

The same holds for pairs and rows in arrays (`labelled_rows`), for runs of rich text (`labelled_runs`) and for
fields of forms (`labelled_fields`).
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final, NamedTuple

from shield.analyzer.layouts.labelled_cells import LONGEST_CELL
from shield.analyzer.layouts.labelled_fields import as_steps, is_value
from shield.analyzer.layouts.labelled_rows import is_second, named_elements
from shield.analyzer.layouts.labelled_runs import LONGEST_BESIDE, behind_labels
from shield.analyzer.layouts.patched_values import PATHS, place_operations
from shield.analyzer.layouts.table_columns import in_columns
from shield.domain import TABLE, VALUE_KINDS, Location, Segment, SegmentKind

_LABELS: Final = tuple(
    "q t l n k text type system kind id ref slug alias variable column param parameter definition fieldId "
    "field_id fieldKey field_key attribute_code attributeCode meta_key metaKey option_name param_name name "
    "key code field property fieldName field_name customField custom_field customFieldName custom_field_name "
    "propertyName property_name attribute attributeName attribute_name header caption displayName "
    "display_name topLabel fieldLabel field_label label title slot "
    "questionText question_text question promptText prompt_text prompt".split()
)
"""Names of the members that hold a label; of several, the last here counts most."""
_RANKS: Final = MappingProxyType(
    {name: rank for rank, name in enumerate(_LABELS)}
    | {name[0].upper() + name[1:]: rank for rank, name in enumerate(_LABELS) if len(name) > 1}
)
_OF_FORMS: Final = frozenset(_RANKS[name] for name in ("t", "type", "kind"))
"""Those that say how a value is entered: `"ssn_input": {"type": "plain_text_input", "value": …}`."""
_VALUES: Final = frozenset(
    # of fields, answers and changes
    "value values val v Value Values Val stringValue string_value numberValue displayValue display_value "
    "rawValue raw_value fieldValue field_value textValue text_value valueString currentValue current_value "
    "answer answers Answer answerText answer_text response responseText response_text "
    "input userInput user_input filled reply a old new fromString toString previous_value previousValue "
    "old_value oldValue new_value newValue before after selected_date selectedDate meta_value metaValue "
    "option_value originalValue interpretedValue resolvedValues "
    "param_value "
    # of typed values (DynamoDB, Avro, MongoDB, JSON-LD), and of XML converted to JSON
    "S N string int long double $numberLong $numberInt $numberDecimal @value $value #text _text __text $t "
    "_".split()
)
_HOLDERS: Final = frozenset(
    "field customField custom_field property attribute definition question code parameter column".split()
)
"""Names of objects beside a value that hold its label: `{"field": {"name": "SSN"}, "value": …}`."""
_HELD: Final = frozenset("name key label title text displayName display_name".split())
_OF_TYPES: Final = ("code", "text")  # members that say what FHIR's `type` is
_TYPES_OF_IDENTIFIERS: Final = MappingProxyType(
    {
        **dict.fromkeys(("MR", "PI", "PT", "U"), "patient number"),
        "AN": "account number",
        "DL": "driver license",
        **dict.fromkeys(("MA", "MB", "MC", "SN"), "insurance number"),
        **dict.fromkeys(("NI", "NNxxx", "TAX", "JHN"), "national id"),
        "PPN": "passport number",
        "SS": "ssn",
    }
)
"""HL7's table 0203, by which FHIR (Identifier.type) says what a number is."""
_READ: Final = _VALUES | PATHS
_COLUMNS: Final = ("columns", "headers", "header", "fields", "columnNames", "column_names")
_NAMED: Final = (("name",), ("label",), ("title",))
"""Ends of the location of a column that is an object."""
_ROWS: Final = frozenset("rows data values records results".split())

_NAMES: Final = frozenset(("name", "Name"))
_NAMED_BESIDE: Final = frozenset(("value", "Value", "values", "Values"))
_OF_A_FIELD: Final = "field_name"

_Place = tuple[str, Location]


class _Label(NamedTuple):
    """The label of a value. One that only says how the value is entered `names` nothing."""

    text: str
    names: bool


def with_labels(segments: Sequence[Segment]) -> Sequence[Segment]:
    """The segments, each labelled value moved to its label's location; the same object where none is."""
    if segments and segments[0].root == TABLE:
        segments = in_columns(segments)
    segments = behind_labels(segments)
    told = _told(segments)
    if not any(told):
        return segments
    moved: list[Segment] = list(segments)
    if told.depths:
        _place_values(segments, told.depths, moved)
    if told.patched:
        place_operations(segments, moved)
    if told.fielded:
        for place, named in _in_fields(segments):
            moved[place] = named
    for place, location in named_elements(segments, told.seconds).items():
        if _is_short_value(segments[place]):
            moved[place] = replace(segments[place], location=location)
    if told.cells:
        _place_cells(segments, told.cells, moved)
    return moved


class _Told(NamedTuple):
    """What the locations of segments tell: which may be moved, by index, and what else is to be looked for.

    `depths` are those of `_depth`. `cells` are in a row and a column, `seconds` are the second elements of
    pairs. `patched`: there is the path of a patch; `fielded`: a form's field that holds another's value.
    """

    depths: Mapping[int, int]
    cells: Sequence[int]
    seconds: Sequence[int]
    patched: bool
    fielded: bool


def _told(segments: Sequence[Segment]) -> _Told:
    """One look at each segment; most by far are of no interest."""
    depths: dict[int, int] = {}
    cells: list[int] = []
    seconds: list[int] = []
    patched = fielded = False
    for place, segment in enumerate(segments):
        location = segment.location
        last = location[-1] if location else 0
        if last in _READ or last.__class__ is int:
            if depth := _depth(segment):
                depths[place] = depth
            elif last in PATHS:
                patched = True
            if len(location) > 2 and location[-3] in _ROWS and _is_cell(segment):  # noqa: PLR2004
                cells.append(place)
            if last == 1 and is_second(segments, place):
                seconds.append(place)
            elif not fielded and last.__class__ is int and is_value(segment):
                fielded = True
    return _Told(depths, cells, seconds, patched, fielded)


def _place_values(segments: Sequence[Segment], depths: Mapping[int, int], moved: list[Segment]) -> None:
    """Moves the values to their labels' locations; one without a label to that of what holds it."""
    parents = {above for place, depth in depths.items() for above in _parents(segments[place], depth)}
    labels = _labels(segments, parents)
    _place_names(segments, depths, moved)
    for place, depth in depths.items():
        segment = segments[place]
        above = segment.location[: depth - 1]
        for _, at in _parents(segment, depth):
            if (segment.root, at) in labels:
                label = labels[segment.root, at]
                if not label.names and at and isinstance(at[-1], str):
                    under = (*at[:-1], f"{label.text} {at[-1]}")
                else:
                    under = (*at, label.text)
                moved[place] = replace(segment, location=(*under, *segment.location[depth:]))
                break
        else:
            while above and above[-1] in _VALUES:  # `slots.DateOfBirth.value.interpretedValue`
                above = above[:-1]
            if above and isinstance(above[-1], str):
                moved[place] = replace(segment, location=(*above, *segment.location[depth:]))


def _place_names(segments: Sequence[Segment], depths: Mapping[int, int], moved: list[Segment]) -> None:
    """Moves a word that is the `name` of a value to `field_name`: it is a thing's, such as "Engraving"."""
    named = {
        (segments[place].root, segments[place].location[: depth - 1])
        for place, depth in depths.items()
        if segments[place].location[depth - 1] in _NAMED_BESIDE
    }
    for place, segment in enumerate(segments):
        location = segment.location
        if (
            location
            and location[-1] in _NAMES
            and (segment.root, location[:-1]) in named
            and segment.kind is SegmentKind.TEXT
            and " " not in segment.text
        ):
            moved[place] = replace(segment, location=(*location[:-1], _OF_A_FIELD))


def _place_cells(segments: Sequence[Segment], cells: Sequence[int], moved: list[Segment]) -> None:
    """Moves the cells of tables to the names of their columns."""
    columns = _columns(segments)
    for place in cells if columns else ():
        segment = segments[place]
        location = segment.location
        name = columns.get((segment.root, (*location[:-3], location[-1])))
        if name is not None:
            moved[place] = replace(segment, location=(*location[:-2], name))


def _in_fields(segments: Sequence[Segment]) -> Iterator[tuple[int, Segment]]:
    """The form fields that name another or are named by one, at the locations that their names mean."""
    places, fields = as_steps(segments)
    for place, field, named in zip(places, fields, with_labels(fields), strict=True):
        if field is not named or field.location[-1] in _RANKS:
            yield place, named


def _is_cell(segment: Segment) -> bool:
    """Whether the segment below `rows` is in a row and a column."""
    *_, row, column = segment.location
    return isinstance(row, int) and isinstance(column, int) and _is_short_value(segment)


def _is_short_value(segment: Segment) -> bool:
    """Whether the segment is a value, and short enough to have a label."""
    return segment.kind in VALUE_KINDS and len(segment.text) <= LONGEST_CELL


def _columns(segments: Sequence[Segment]) -> dict[_Place, str]:
    """The names of the columns of tables, by the table's location and the column's number."""
    found: dict[_Place, str] = {}
    for segment in segments:
        location = segment.location[:-1] if segment.location[-1:] in _NAMED else segment.location
        if (
            len(location) > 1
            and location[-2] in _COLUMNS
            and isinstance(location[-1], int)
            and segment.kind is SegmentKind.TEXT
            and len(segment.text) <= LONGEST_BESIDE
        ):
            found[segment.root, (*location[:-2], location[-1])] = segment.text
    return found


def _depth(segment: Segment) -> int:
    """The number of steps up to and including the name `value`; 0 where it is no value so named."""
    location = segment.location
    depth = len(location)
    while depth and location[depth - 1].__class__ is int:
        depth -= 1
    if not depth or location[depth - 1] not in _VALUES:
        return 0
    return depth if _is_short_value(segment) else 0


def _parents(segment: Segment, depth: int) -> Iterator[_Place]:
    """The parent of the value; where that is a value itself (`"values": [{"value": …}]`), its parent too."""
    location = segment.location
    while True:
        depth -= 1
        yield segment.root, location[:depth]
        while depth and location[depth - 1].__class__ is int:
            depth -= 1
        if not depth or location[depth - 1] not in _VALUES:
            return


def _labels(segments: Sequence[Segment], parents: set[_Place]) -> dict[_Place, _Label]:
    """The labels beside values, by their parent's location; several are joined, the most telling last."""
    found: dict[_Place, dict[int, str]] = {}
    for segment in segments:
        location = segment.location
        if segment.kind is not SegmentKind.TEXT or not location or len(segment.text) > LONGEST_BESIDE:
            continue
        name = location[-1]
        above = location[:-1]
        if segment.root == "xml" and name == "value" and above:  # an attribute: `<system value="phone"/>`
            name, above = above[-1], above[:-1]
        if name in _OF_TYPES and (coded := _coded(name, above, segment.text)) is not None:
            found.setdefault((segment.root, coded[0]), {})[len(_LABELS)] = coded[1]
            continue
        if above and name in _HELD and above[-1] in _HOLDERS and (segment.root, above) not in parents:
            name, above = above[-1], above[:-1]
        rank = _RANKS.get(name) if isinstance(name, str) else None
        if rank is not None and (place := (segment.root, above)) in parents:
            found.setdefault(place, {})[rank] = segment.text
    return {
        place: _Label(" ".join(ranked[rank] for rank in sorted(ranked)), names=not ranked.keys() <= _OF_FORMS)
        for place, ranked in found.items()
    }


def _coded(name: str | int, above: Location, text: str) -> tuple[Location, str] | None:
    """The label that FHIR's `type` gives to a value beside it: `"type": {"coding": [{"code": "MR"}]}`."""
    if name == "text":
        return (above[:-1], text) if above[-1:] == ("type",) else None
    while above and above[-1].__class__ is int:
        above = above[:-1]
    if above[-2:] != ("type", "coding"):
        return None
    said = _TYPES_OF_IDENTIFIERS.get(text)
    return None if said is None else (above[:-2], said)
