"""A text that is JSON stays JSON, at every level, and nothing of a finding stays in its values."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.domain import Edit, Finding
from shield.payload.json_within import fitted, written
from shield.payload.splice import replace_spans

ESCAPE = re.compile(r"\\+(?:u([0-9a-f]{4})|[bfnrt])")
NASTY = '<"\\\n\ud83d\ude00>'


def found(text: str, *values: str, entity: str = "US_SSN") -> list[Finding]:
    starts = [text.index(value) for value in values]
    return [Finding(at, at + len(it), entity, 0.9, "R") for at, it in zip(starts, values, strict=True)]


def redacted(text: str, findings: list[Finding], replacement: str = "<X>") -> str:
    edits = [
        Edit(it.start, it.end, replacement, it.entity_type, "replace")
        for it in fitted(text, findings, (), "piece")
    ]
    return replace_spans(text, [(it.start, it.end, it.replacement) for it in written(edits, text)])


@pytest.mark.parametrize(
    ("text", "value", "after"),
    [
        ('{"n": 536221234, "m": 1}', "536221234", '{"n": "<X>", "m": 1}'),
        ('{"n": -536221234.0}', "536221234", '{"n": "<X>"}'),
        (" [536221234]\n", "536221234", ' ["<X>"]\n'),
        ('{"n": "a 536221234 b"}', "536221234", '{"n": "a <X> b"}'),
        ('{"536221234": 1}', "536221234", '{"<X>": 1}'),
        ('["536-22", 1234, true]', '536-22", 1234', '["<X>", "<X>", true]'),
        ('{"who": "Maria", "of": "Garcia"}', 'Maria", "of": "Garcia', '{"who": "<X>", "<X>": "<X>"}'),
        (r'{"t": "\nMaria"}', "nMaria", '{"t": "<X>"}'),
        (r'{"t": "Maria\\"}', "Maria\\", '{"t": "<X>"}'),
        (r'"{\"n\": 536221234}"', "536221234", r'"{\"n\": \"<X>\"}"'),
        (r'{"p": "[\"{\\\"n\\\": 536221234}\"]"}', "536221234", r'{"p": "[\"{\\\"n\\\": \\\"<X>\\\"}\"]"}'),
        ("{536221234}", "536221234", "{<X>}"),  # no JSON
        ("[536221234, ...]", "536221234", "[<X>, ...]"),
    ],
)
def test_a_replacement_is_a_value_where_it_stands(text: str, value: str, after: str) -> None:
    assert redacted(text, found(text, value)) == after


def test_of_two_findings_in_a_number_one_that_is_not_kept_wins() -> None:
    text = '{"n": 536221234}'
    first, second = found(text, "5362", entity="KEPT") + found(text, "1234")
    (only,) = fitted(text, [first._replace(score=1.0), second], ("KEPT",), "piece")
    assert only == second._replace(start=6, end=15, view="piece")


def test_what_is_between_values_is_no_finding() -> None:
    assert fitted('{"a": 1}', [Finding(4, 6, "US_SSN", 0.9, "R")], (), "piece") == []


SCALARS = st.one_of(st.integers(), st.booleans(), st.none(), st.text(max_size=12))
FLAT = st.one_of(
    SCALARS,
    st.lists(SCALARS, max_size=3),
    st.dictionaries(st.text(max_size=6), SCALARS, max_size=3),
)


def dumped(values: st.SearchStrategy[Any]) -> st.SearchStrategy[str]:
    return st.tuples(values, st.booleans()).map(lambda it: json.dumps(it[0], ensure_ascii=it[1]))


ONCE = st.one_of(FLAT, dumped(FLAT))
TWICE = st.one_of(ONCE, dumped(st.lists(ONCE, max_size=2)))
TEXTS = dumped(
    st.one_of(st.lists(TWICE, max_size=3), st.dictionaries(st.text(max_size=6), TWICE, max_size=3))
)


@given(TEXTS, st.data())
def test_whatever_is_found_the_result_parses_at_every_level(text: str, data: st.DataObject) -> None:
    points = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = zip(points[::2], points[1::2], strict=False)
    findings = [Finding(start, end, "US_SSN", 0.9, "R") for start, end in spans]
    made = fitted(text, findings, (), "piece")
    assert all(one.end <= other.start for one, other in itertools.pairwise(made))
    covered = {place for it in made for place in range(it.start, it.end)}
    letters = {at for it in findings for at in range(it.start, it.end) if text[at].isalnum()}
    assert letters - _of_signs(text) <= covered
    _same_form(json.loads(text), json.loads(redacted(text, findings, NASTY)))


def _of_signs(text: str) -> set[int]:
    """The places of escapes, such as `\\n` and `\\u2014`, whose letters stand for none."""
    escapes = [it for it in ESCAPE.finditer(text) if not (it[1] and chr(int(it[1], 16)).isalnum())]
    return {place for it in escapes for place in range(*it.span())}


def _same_form(before: Any, after: Any) -> None:
    """Lists are as long as before, and what held JSON still does."""
    if isinstance(before, list):
        assert isinstance(after, list)
        for one, other in zip(before, after, strict=True):
            _same_form(one, other)
    elif isinstance(before, dict):
        assert isinstance(after, dict)
        for name in before.keys() & after.keys():
            _same_form(before[name], after[name])
    elif isinstance(before, str) and before[:1] in ("{", "["):
        try:
            inner = json.loads(before)
        except ValueError:
            return
        _same_form(inner, json.loads(after))
