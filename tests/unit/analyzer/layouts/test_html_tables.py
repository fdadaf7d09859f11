"""Cells of HTML tables and lists are read under the names of their columns or rows."""

from __future__ import annotations

import base64
from html import escape

import pytest

from shield.analyzer.layouts.html_tables import cells
from shield.domain import DetectorSpec
from tests.unit.analyzer.built import analyzer_of
from tests.unit.analyzer.conftest import found, policy, segment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<table><tr><th>Id</th><th>SSN</th></tr><tr><td>1</td><td>5</td></tr></table>", [("SSN", "5")]),
        (
            "<TABLE>\n<TR><TD>Id<TD><b>SSN</b>\n<TR><TD>1<TD><p>5</p><TR><TD>2<TD>&nbsp;<b>6 7</b> </TABLE>",
            [("SSN", "5"), ("SSN", "6 7")],
        ),
        ("<tr><td><b>SSN</b>:*</td><td>5</td></tr>", [("SSN", "5")]),
        ("<table><tr><td>Id</td><td>1</td><td>SSN</td><td>5</td></tr></table>", [("SSN", "5")]),
        ("<td><table><tr><td>SSN</td><td><i>5</i></td></tr></table></td><td>6</td>", [("SSN", "5")]),
        ("<dl><dt>Id</dt><dd>1</dd><dt>SSN</dt><dd>5</dd></dl>", [("SSN", "5")]),
        ("<table><tr><th>SSN</th></tr><tr><td>5</td></tr></table>", [("SSN", "5")]),
        ("<table><tr><td>Name</td><td>5</td></tr></table>", []),
        (
            "<table><tr><td>Name</td><td>Jo</td></tr><tr><td>SSN</td><td>5</td></tr></table>",
            [("Name", "Jo"), ("SSN", "5")],
        ),
        ("<table><tr><th>Field</th><th>Description</th></tr><tr><td>SSN</td><td>5</td></tr></table>", []),
        ("<table><tr><td>SSN</td><td>Name</td></tr></table>", []),
        ("<dl><dt>SSN<dd>A number of nine digits.<dt>SSN<dd>5</dl>", [("SSN", "5")]),
        (f"<table><tr><td>SSN</td><td>{'5 ' * 100}</td></tr></table>", []),
        ("<p>SSN</p><p>5</p><th>", []),
    ],
)
def test_a_cell_has_the_name_of_its_column_or_row(text: str, expected: list[tuple[str, str]]) -> None:
    read = cells(text, lambda label: label.rstrip(":") in {"SSN", "Name"})
    assert [(cell.names[-1].rstrip(":"), text[cell.start : cell.end]) for cell in read] == expected


@pytest.mark.parametrize("tag", ["<table>", "<td>", "<tr><td>", "<dl><dt>SSN", "</table>", "<td ", "<td><b>"])
def test_tags_without_end_are_read_once(tag: str) -> None:
    assert list(cells(tag * 50_000, lambda _: True)) == []


def test_a_long_table_keeps_its_header() -> None:
    text = "<table><tr><td>Id<td>SSN" + "<tr><td>1<td>5" * 12_000
    assert sum(1 for _ in cells(text, lambda label: label == "SSN")) == 12_000


def test_what_the_name_says_is_found_in_the_cell_alone() -> None:
    analyzer = analyzer_of(DetectorSpec(model="none", recognizers=("default", "shield")))
    piece = segment(
        "<table><tr><td>PIN</td><td>4711</td></tr><tr><td>Plan</td><td>4712</td></tr></table>", "text"
    )
    assert found(analyzer, piece, policy("PIN")) == [("PIN", "4711")]


def test_cells_of_what_is_encoded_are_read_too() -> None:
    analyzer = analyzer_of(DetectorSpec(model="none", recognizers=("default", "shield")))
    table = "<table><tr><td>PIN</td><td>4711</td></tr></table>"
    assert found(analyzer, segment(escape(table), "text"), policy("PIN")) == [("PIN", "4711")]
    for text in (table, "id,pin\r\n10,4711\r\n11,4712\r\n"):
        encoded = base64.b64encode(text.encode()).decode()
        assert set(found(analyzer, segment(encoded, "file"), policy("PIN"))) == {("PIN", encoded)}
