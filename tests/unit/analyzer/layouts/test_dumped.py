"""Values in programs' messages are read under the names that the messages give."""

from __future__ import annotations

import pytest

from shield.analyzer.layouts.dumped import may_hold, values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('User { ssn: Some("5"), "pin": Some(47) }', [("ssn", "5"), ("pin", "47")]),
        ("user{ssn=Optional[5]}", [("ssn", "5")]),
        ('["ssn"]=>\n  string(1) "5"', [("ssn", "5")]),
        ("field 'user.ssn': rejected value [5]; codes", [("ssn", "5")]),
        ("Duplicate entry '5' for key 'users.ssn'", [("ssn", "5")]),
        ("Some(5) and string(5)", []),
    ],
)
def test_a_value_has_the_name_that_is_said(text: str, expected: list[tuple[str, str]]) -> None:
    assert may_hold(text)
    assert [(cell.names[-1], text[cell.start : cell.end]) for cell in values(text)] == expected


@pytest.mark.parametrize("text", ["a duplicate entry", "call(x)", "some (5)"])
def test_other_texts_are_not_looked_into(text: str) -> None:
    assert not may_hold(text)


@pytest.mark.parametrize(
    "piece", ["a: Some(", "a" * 60 + ': Some("', "field 'a': rejected value [", '["a"]=> string(1) "']
)
def test_values_without_end_are_read_once(piece: str) -> None:
    assert len(list(values(piece * 5_000))) < 5_000
