"""Cells of tables in wikis and documents are read under the names of their columns."""

# ruff: noqa: E501  # tables, one a line
from __future__ import annotations

import pytest

from shield.analyzer.layouts.listed_tables import cells, may_hold


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{|\n! Id !! SSN\n|-\n| 1 || 5\n|}", ["5"]),
        ('{| class="x"\n|+ People\n! Id\n! style="y" | SSN\n|-\n| 1\n| style="z" | 5\n|}\n| 6', ["5"]),
        ("{|\n! Id\n|-\n| 5\n|}", []),
        ("|===\n|Id |SSN\n\n|1\n|5\n|2 |6\n|===", ["5", "6"]),
        ("|===\n|Id\n|SSN\n|5\n|===", []),
        ("|===\n|Id |SSN\n|1\n|5\n|===\nand\n|===\n|Id |SSN\n|1\n|6\n|===\n", ["5", "6"]),
        ("[table][tr][th]Id[/th][th]SSN[/th][/tr][tr][td]1[td] 5 [/td][/tr][/table][tr][td]6", ["5"]),
        (
            ".. list-table::\n   :header-rows: 1\n\n   * - Id\n     - SSN\n   * - 1\n     - 5\n\nAfter.\n * - 6",
            ["5"],
        ),
        (
            "\\begin{tabular}{ll}\nId & SSN \\\\ \\hline\n1 \\& 2 & 5 \\\\[2pt]\n3 & 6\n\\end{tabular}",
            ["5", "6"],
        ),
        ("\\begin{itemize}\nId & SSN \\\\ 1 & 5\n\\end{itemize}", []),
    ],
)
def test_a_cell_has_the_name_of_its_column(text: str, expected: list[str]) -> None:
    assert may_hold(text)
    read = cells(text, lambda label: label == "SSN")
    assert [text[cell.start : cell.end] for cell in read] == expected


@pytest.mark.parametrize("text", ["a | b", "a: b", "C:\\begin", "| SSN | 5 |"])
def test_other_texts_are_not_looked_into(text: str) -> None:
    assert not may_hold(text)


@pytest.mark.parametrize(
    "text",
    [
        "{|\n" * 20_000,
        "|===\n" * 20_000,
        "\\begin{tabular}" * 9_000,
        ".. list-table::\n" * 5_000,
        "{|" + "||" * 50_000,
        "\\begin{tabular} Id & A \\\\ " * 12_000,
        ".. list-table::\n" + "   * - a\n     .. list-table::\n" * 12_000,
    ],
)
def test_tables_without_end_are_read_once(text: str) -> None:
    assert list(cells(text, lambda _: True)) == []
