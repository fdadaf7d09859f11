"""Values after labels in Markdown or BBCode markup are read under their labels."""

from __future__ import annotations

import pytest

from shield.analyzer.layouts.marked_labels import values
from shield.domain import DetectorSpec
from tests.unit.analyzer.built import analyzer_of
from tests.unit.analyzer.conftest import found, policy, segment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hi\n**PIN**: 4711\nbye", ["4711"]),
        ("- **PIN:** 4711", ["4711"]),
        ("> 1. *PIN* = `4711`", ["4711"]),
        ("`PIN`: `4711`", ["4711"]),
        ("~~PIN~~ - 4711.", ["4711"]),
        ("[b]PIN:[/b] 4711", ["4711"]),
        ("PIN: **4711**", ["4711"]),
        ("**PIN**: 4711 and 4712", ["4711 and 4712"]),
        ("PIN ........ 4711\nPIN.....: 4711\nPIN _____ 4711", ["4711"] * 3),
        ("PIN... help\nPIN ..... and so on\nPIN.....", []),
        ("**PIN**: forgotten", []),
        ("**PIN**: the four digits", []),
        ("**PIN** 4711\n[b]PIN[/b] 4712", ["4711", "4712"]),
        ("**PIN**\n4711\n\n**PIN**\nforgotten\n\n**PIN**\n\n4712", ["4711"]),
        ("**PIN** changes 4711\n**PIN** forgotten\n*PIN* 4711\n**PIN** - 4711", ["4711"]),
        ("**Plan**: 4711", []),
        ("**PIN*: 4711", []),
        ("see **PIN**: 4711", []),
        ("**PIN**:\n4711", []),
    ],
)
def test_a_value_stands_behind_its_label(text: str, expected: list[str]) -> None:
    read = values(text, lambda label: label == "PIN")
    assert [text[cell.start : cell.end] for cell in read] == expected


@pytest.mark.parametrize(
    "text",
    [
        "*" * 200_000,
        "**a" * 100_000,
        "> > > > **PIN" * 30_000,
        "`a:` " * 100_000,
        "." * 200_000,
        "a..... " * 50_000,
    ],
)
def test_marks_without_end_are_read_once(text: str) -> None:
    assert list(values(text, lambda _: True)) == []


def test_what_the_label_says_is_found_alone() -> None:
    analyzer = analyzer_of(DetectorSpec(model="none", recognizers=("default", "shield")))
    text = "hello\n\n- **Password**: hunter22\n- **Plan**: hunter23\n\n*CVV:* 123"
    assert found(analyzer, segment(text), policy("PASSWORD", "CARD_CVV")) == [
        ("PASSWORD", "hunter22"),
        ("CARD_CVV", "123"),
    ]


def test_a_street_behind_dots_needs_one_digit() -> None:
    text = "Street ........ 77 Quarry Bank\nStreet ........ see note below\nPIN ........ 7 of them"
    read = values(text, lambda label: label in {"Street", "PIN"})
    assert [text[cell.start : cell.end] for cell in read] == ["77 Quarry Bank"]
