"""Literals of filters are read under the names of what they are compared with."""

from __future__ import annotations

import pytest

from shield.analyzer.layouts.filters import beside_operators, literals, may_hold
from shield.domain import DetectorSpec, Finding, SegmentKind
from tests.unit.analyzer.built import analyzer_of
from tests.unit.analyzer.conftest import found, policy, segment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('userName eq "mgarcia"', [(("userName",), "mgarcia")]),
        ('query Q($ssn: String! = "5", $a: [ID!] = "6")', [(("ssn",), "5"), (("a",), "6")]),
        ("let ssn: string = '5'; a = '6'", [(("ssn",), "5")]),
        ('USERNAME EQ "mgarcia"', [(("USERNAME",), "mgarcia")]),
        (r"userName eq \"mgarcia\" and x", [(("userName",), "mgarcia")]),
        ('name.familyName sw "Gar"', [(("name", "familyName"), "Gar")]),
        ('emails[value eq "a@b"]', [(("emails",), "a@b")]),
        ('emails[type eq "work" and value co "a@b"]', [(("emails", "type"), "work"), (("emails",), "a@b")]),
        ('urn:ietf:params:scim:schemas:core:2.0:User:ssn eq "5"', [(("ssn",), "5")]),
        (
            "startswith(lastName,'gar') or contains(phone, '415')",
            [(("lastName",), "gar"), (("phone",), "415")],
        ),
        (
            "SELECT a FROM b WHERE LastName = 'garcia' AND Phone LIKE '415%'",
            [(("b", "LastName"), "garcia"), (("b", "Phone"), "415")],
        ),
        ("SELECT a FROM b WHERE LastName = 'O''Brien' OR Phone = ''", [(("b", "LastName"), "O''Brien")]),
        (r'lastName eq "O\"Brien" and x', [(("lastName",), r"O\"Brien")]),
        (r"path eq 'C:\'", [(("path",), "C:\\")]),
        (r"lastName eq \"O''Brien\" and x", [(("lastName",), "O''Brien")]),
        ("FROM products WHERE name IN ('5')", [(("products", "name"), "5")]),
        ("from crm.people p where name = '5'", [(("people", "name"), "5")]),
        ("WHERE ssn IN ('5', '6') AND a", [(("ssn",), "5"), (("ssn",), "6")]),
        ("where c.pin not in (47, 12)", [(("pin",), "47"), (("pin",), "12")]),
        ("where a in (select b from c)", []),
        (
            "INSERT INTO crm.people (`name`, \"ssn\", at) VALUES ('Jo', 5, now()),\n ('O''Brien', NULL, '');",
            [
                (("people", "name"), "Jo"),
                (("people", "ssn"), "5"),
                (("people", "at"), "now()"),
                (("people", "name"), "O''Brien"),
                (("people", "ssn"), "NULL"),
                (("people", "at"), "''"),
            ],
        ),
        ("insert into t (a, b) values ('x')", []),
        ("where is 'it' and why = 'x", []),
        ("name = 'frontend'", []),
        ('the eq "x"', [(("the",), "x")]),
        ("don't eq me", []),
    ],
)
def test_a_literal_has_the_name_that_it_is_compared_with(
    text: str, expected: list[tuple[tuple[str, ...], str]]
) -> None:
    assert may_hold(text) or not expected
    assert [(cell.names, text[cell.start : cell.end]) for cell in literals(text)] == expected


@pytest.mark.parametrize("kind", [SegmentKind.TEXT, SegmentKind.PARAMETER])
def test_what_the_name_says_is_found_in_the_literal_alone(kind: SegmentKind) -> None:
    analyzer = analyzer_of(DetectorSpec(model="none", recognizers=("default", "shield")))
    piece = segment('userName eq "mgarcia7" and status eq "open"', "filter", kind=kind)
    assert found(analyzer, piece, policy("USERNAME", "PERSON")) == [("USERNAME", "mgarcia7")]


def test_a_quote_within_a_literal_ends_none() -> None:
    analyzer = analyzer_of(DetectorSpec(model="none", recognizers=("default", "shield")))
    for literal in ("O''Brien", r"O\'Brien", "D''Arcy"):
        piece = segment(f"WHERE LastName = '{literal}' AND a = 'b'", "q")
        assert found(analyzer, piece, policy("PERSON")) == [("PERSON", literal)]


def test_what_holds_an_operator_is_no_name() -> None:
    text = "lastName eq 'garcia' and eq"
    name, over, end = (
        Finding(start, stop, "PERSON", 0.9, "x") for start, stop in ((13, 19), (9, 19), (25, 27))
    )
    assert list(beside_operators([name, over, end], text)) == [name, end]
