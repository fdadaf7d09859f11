from __future__ import annotations

import orjson
import pytest

from shield.cli.terminal import as_json, record_text, row_of, shown, shown_lines


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("tickets", "tickets"),
        ("Straße 工单 №5", "Straße 工单 №5"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\x9b31m", "a\\x9b31m"),
        ("one\ntwo\r", "one\\ntwo\\r"),
        ("\u202etxt", "\\u202etxt"),
        ("\U000e0041", "\\U000e0041"),
        (7, "7"),
    ],
)
def test_what_cannot_be_printed_is_shown_as_an_escape(text: object, line: str) -> None:
    assert shown(text) == line


def test_lines_stay_lines() -> None:
    assert shown_lines("one\ntwo\x07") == "one\ntwo\\x07"


@pytest.mark.parametrize("text", ["plain", "\x1b[0m\x9b\u202e\x7f", "\U000e0041", 'quote " and \\'])
def test_json_says_the_same(text: str) -> None:
    line = as_json({text: [text]})
    assert line.isprintable()
    assert orjson.loads(line) == {text: [text]}


def test_stored_bytes_are_one_line_whatever_they_are() -> None:
    assert record_text(b'{"index":4}') == '{"index":4}'
    assert record_text(b"\xff\x1b") == "\\xff\\x1b"


def test_a_row_for_programs_is_one_line_and_no_cell_of_it_a_formula() -> None:
    assert row_of(["a#1", "-", "=1+1", "'x", "+SUM(A1)", "a\tb", "one\ntwo"]) == (
        "a#1\t-\t'=1+1\t''x\t'+SUM(A1)\ta b\tone\\ntwo"
    )
