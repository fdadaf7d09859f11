"""Values beside their labels are read at the place that the label names."""

from __future__ import annotations

import pytest

from shield.analyzer.layouts import labelled_rows
from shield.analyzer.layouts.labels import with_labels
from shield.domain import Segment, SegmentKind
from tests.unit.analyzer.conftest import segment

SSN = "536221234"


def _placed(*segments: Segment) -> list[tuple[str | int, ...]]:
    return [each.location for each in with_labels(segments)]


@pytest.mark.parametrize(
    "label",
    [
        "name",
        "key",
        "title",
        "label",
        "field",
        "property",
        "question",
        "questionText",
        "slot",
        "Name",
        "k",
        "n",
        "q",
    ],
)
@pytest.mark.parametrize(
    "value",
    [
        "value",
        "answer",
        "answerText",
        "a",
        "fromString",
        "previous_value",
        "old",
        "new",
        "input",
        "Value",
        "val",
        "v",
    ],
)
def test_a_value_is_read_under_its_label(label: str, value: str) -> None:
    name, number = segment("ssn", "f", 0, label), segment(SSN, "f", 0, value)
    told = "field_name" if (label.lower(), value.lower()) == ("name", "value") else label
    assert _placed(name, number) == [("f", 0, told), ("f", 0, "ssn")]
    assert _placed(number, name) == [("f", 0, "ssn"), ("f", 0, told)]


def test_of_several_labels_the_one_that_people_read_stands_last() -> None:
    segments = [
        segment("cf_12", "f", 0, "key"),
        segment(SSN, "f", 0, "value"),
        segment("SSN", "f", 0, "title"),
    ]
    assert _placed(*segments)[1] == ("f", 0, "cf_12 SSN")


@pytest.mark.parametrize("holder", ["field", "custom_field", "question", "definition"])
def test_a_label_may_stand_in_an_object_beside_the_value(holder: str) -> None:
    name, number = segment("ssn", "f", 0, holder, "name"), segment(SSN, "f", 0, "value")
    assert _placed(number, name)[0] == ("f", 0, "ssn")
    held = segment("ssn", holder, "name"), segment(SSN, holder, "value")
    assert _placed(*held)[1] == (holder, "ssn")
    person = segment("ssn", "f", 0, "author", "name")
    assert _placed(number, person)[0] == ("f", 0, "value")


def test_a_value_within_a_value_has_the_label_of_the_outer_one() -> None:
    name, inner = segment("ssn", "f", 0, "name"), segment(SSN, "f", 0, "values", 0, "value")
    assert _placed(name, inner)[1] == ("f", 0, "ssn")
    assert _placed(name, inner, segment("pin", "f", 0, "values", 0, "label"))[1] == (
        "f",
        0,
        "values",
        0,
        "pin",
    )


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("/ssn", ("ssn",)),
        ("/customers/3/ssn", ("customers", "ssn")),
        ("/ssn/-", ("ssn",)),
        ("ssn", ("ssn",)),
        ("customer.ssn", ("customer", "ssn")),
        ('numbers[type eq "us.ssn"].ssn', ("numbers", "ssn")),
        ("urn:example:params:2.0:User:ssn", ("ssn",)),
    ],
)
def test_what_an_operation_sets_is_at_its_path(path: str, steps: tuple[str, ...]) -> None:
    verb, at = segment("add", 0, "op"), segment(path, 0, "path")
    assert _placed(verb, at, segment(SSN, 0, "value"))[2] == (0, *steps)
    assert _placed(segment(SSN, 0, "value", "number"), verb, at)[0] == (0, *steps, "number")
    labelled = [segment("pin", 0, "value", "name"), segment("4931", 0, "value", "value")]
    assert _placed(verb, at, *labelled)[3] == (0, *steps, "pin")
    assert _placed(at, segment(SSN, 0, "value"))[1] == (0, "value")  # it may be a file's
    assert _placed(verb, segment("/0/-", 0, "path"), segment(SSN, 0, "value"))[2] == (0, "value")


def test_several_values_share_a_label() -> None:
    segments = [segment("ssn", "name"), segment("x", "values", 0), segment(SSN, "values", 1)]
    assert _placed(*segments) == [("field_name",), ("ssn", 0), ("ssn", 1)]


def test_without_a_label_the_member_that_holds_the_value_names_it() -> None:
    assert _placed(segment(SSN, "properties", "ssn", "value")) == [("properties", "ssn")]
    assert _placed(segment(SSN, "list", 0, "value")) == [("list", 0, "value")]


def test_what_is_long_is_neither_label_nor_value() -> None:
    assert _placed(segment("x" * 65, "f", 0, "name"), segment(SSN, "f", 0, "value"))[1] == ("f", 0, "value")
    assert _placed(segment("ssn", "f", 0, "name"), segment("x" * 129, "f", 0, "value"))[1][-1] == "value"


def test_labels_of_other_values_and_names_of_members_are_left() -> None:
    other = [segment("ssn", "f", 0, "name"), segment(SSN, "f", 1, "value")]
    key = segment("value", "f", 0, "value", kind=SegmentKind.KEY)
    assert _placed(*other, key) == [("f", 0, "name"), ("f", 1, "value"), ("f", 0, "value")]


def test_segments_without_values_are_the_same_object() -> None:
    segments = [segment("a", "name"), segment("b", "note")]
    assert with_labels(segments) is segments


@pytest.mark.parametrize("name", ["S", "N", "$numberLong", "string", "#text", "@value"])
def test_a_typed_value_is_named_by_the_member_that_holds_it(name: str) -> None:
    assert _placed(segment(SSN, "item", "ssn", name)) == [("item", "ssn")]


@pytest.mark.parametrize("within", [(), ("name",), ("label",)])
@pytest.mark.parametrize(
    ("columns", "rows"), [("columns", "rows"), ("headers", "data"), ("fields", "records")]
)
def test_a_cell_of_a_table_is_at_the_name_of_its_column(
    columns: str, rows: str, within: tuple[str, ...]
) -> None:
    cell = segment(SSN, "t", rows, 7, 1)
    names = [segment("name", "t", columns, 0, *within), segment("ssn", "t", columns, 1, *within)]
    assert _placed(*names, cell)[2] == _placed(cell, *names)[0] == ("t", rows, "ssn")
    assert _placed(*names, segment(SSN, "t", rows, 7, 2))[2] == ("t", rows, 7, 2)
    assert _placed(*names, segment(SSN, "u", rows, 7, 1))[2] == ("u", rows, 7, 1)


def _list(*rows: tuple[str, ...]) -> list[Segment]:
    return [segment(cell, "f", i, j) for i, row in enumerate(rows) for j, cell in enumerate(row)]


def _said(segments: list[Segment]) -> dict[str, tuple[str | int, ...]]:
    """Where each moved segment is read, by its text."""
    return {
        moved.text: moved.location
        for moved, it in zip(with_labels(segments), segments, strict=True)
        if moved.location != it.location
    }


def test_the_second_of_a_pair_is_at_the_name_that_the_first_is() -> None:
    assert _said(_list(("ssn", SSN), ("city", "Leeds"), ("plan", "gold"))) == {
        SSN: ("f", 0, "ssn"),
        "Leeds": ("f", 1, "city"),
    }
    assert _said(_list(("name", "Mei Tan"), ("pin", "4931")))["Mei Tan"] == ("f", 0, "person", "name")


@pytest.mark.parametrize(
    "rows",
    [
        (("agent", "Good Morning"), ("customer", "Lovely Day")),
        (("name", "Blue Widget"), ("price", "42")),
        (("red", "12"), ("blue", "4155550132")),
        (("ssn", SSN, "x"), ("city", "Leeds", "y")),
        (("536-22-1234", "ssn"), ("a", "b")),
    ],
)
def test_lists_that_name_nothing_personal_and_longer_rows_are_no_pairs(rows: tuple[tuple[str, ...]]) -> None:
    assert _said(_list(*rows)) == {}


def test_below_a_first_row_of_names_each_cell_is_at_the_name_of_its_column() -> None:
    sheet = _list(("Name", "SSN", "Status"), ("Jo", SSN, "open"), ("Ana", "536221235", "shipped"))
    assert _said(sheet) == {
        "Jo": ("f", "person", "Name"),
        SSN: ("f", "SSN"),
        "Ana": ("f", "person", "Name"),
        "536221235": ("f", "SSN"),
    }
    assert _said(_list(("name", "ssn"), ("jo", SSN)))[SSN] == ("f", "ssn")
    assert _said(_list(("email", "phone"), ("ssn", SSN)))[SSN] == ("f", 1, "ssn")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("custom_fields[0][name]", "custom_fields[0][value]"),
        ("ticket[custom_fields][7][key]", "ticket[custom_fields][7][val]"),
        ("fields[0].name", "fields[0].value"),
        ("field_name_1", "field_value_1"),
        ("fieldName", "fieldValue"),
        ("key[]", "value[]"),
        ("custom_fields[][name]", "custom_fields[][value]"),
    ],
)
@pytest.mark.parametrize("root", ["form", "query"])
def test_fields_of_forms_are_paired_as_servers_read_their_names(name: str, value: str, root: str) -> None:
    segments = [
        Segment(place, text, (field, number), root=root)
        for place, (text, field, number) in enumerate(
            [("ssn", name, 0), (SSN, value, 0), ("order", name, 1), ("536221235", value, 1)]
        )
    ]
    places = _placed(*segments)
    assert "ssn" in places[1]
    assert "ssn" not in places[3]
    assert _placed(Segment(0, SSN, ("a[ssn][value]", 0), root=root))[0][-1] == "ssn"
    lone = [Segment(0, "x", ("name", 0), root=root), Segment(1, SSN, ("number", 0), root=root)]
    assert with_labels(lone) is lone


def test_a_wide_first_row_is_read_in_linear_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """No label is compared with all earlier ones."""
    compared = 0

    class Label(str):
        __slots__ = ()

        def __hash__(self) -> int:
            return super().__hash__()

        def __eq__(self, other: object) -> bool:
            nonlocal compared
            compared += 1
            return super().__eq__(other)

    monkeypatch.setattr(labelled_rows, "_label", Label)
    size = 200
    names = ["ssn", *("".join(chr(97 + int(digit)) for digit in str(n)) for n in range(1, size))]
    first = [segment(name, 0, place) for place, name in enumerate(names)]
    moved = _placed(*first, segment(SSN, 1, 0), segment("x", 1, 1))
    assert moved[size] == ("ssn",)
    assert compared < 5 * size


@pytest.mark.parametrize(
    ("columns", "places"),
    [
        (["Name", "Email", "Account"], [("person", "Name"), ("Email",), ("account number",)]),
        (["Name", "Account", "Status"], [("Name",), ("Account",), ("Status",)]),
        (["Owner", "SSN"], [("Owner",), ("SSN",)]),
    ],
)
def test_a_cell_of_a_table_is_read_under_what_its_column_is_beside_the_others(columns, places) -> None:
    table = [
        Segment(number, "x", ("header", number) if row is None else (row, name), root="table")
        for row in (None, 0, 1)
        for number, name in enumerate(columns)
    ]
    expected = [("header", number) for number in range(len(columns))]
    assert _placed(*table) == expected + [(row, *place) for row in (0, 1) for place in places]


@pytest.mark.parametrize("name", ["text", "insert"])
def test_a_run_of_a_text_behind_a_label_is_read_under_it(name: str) -> None:
    said, bold, value = (
        segment("hello\nSSN: ", "c", 0, name),
        segment("bold", "c", 0, "marks", 0, "type"),
        segment(SSN, "c", 1, name),
    )
    assert _placed(said, bold, value)[2] == ("c", 1, "SSN")
    assert _placed(said, segment(SSN, "c", 3, name))[1] == ("c", 3, name)
    assert _placed(said, segment(SSN, "d", 1, name))[1] == ("d", 1, name)
    for text in ("x" * 129, "please reset it"):
        assert _placed(said, segment(text, "c", 1, name))[1] == ("c", 1, name)
    for first, second in (("536-22-", "1234"), ("536", "-22-1234"), ("(415) ", "555-0132")):
        cut = segment(first, "c", 1, name), segment(second, "c", 2, name)
        assert _placed(said, *cut)[1:] == [it.location for it in cut]  # `pieces` reads them together
    assert _placed(said, segment(SSN, "c", 1, name), segment("2 items", "c", 2, name))[1] == ("c", 1, "SSN")
    for text in ("Status:", "Name:", "SSN", "see what we say of the SSN of people like you here:", ":"):
        assert _placed(segment(text, "c", 0, name), segment(SSN, "c", 1, name))[1] == ("c", 1, name)
