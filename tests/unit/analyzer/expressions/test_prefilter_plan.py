"""The plan for patterns: what Hyperscan accepts is compiled once, and the rest is left out."""

from __future__ import annotations

import re

import pytest

from shield.analyzer.expressions import prefilter_plan
from shield.analyzer.expressions.compiled_store import CompiledStore
from shield.analyzer.expressions.prefilter import Prefilter
from shield.analyzer.expressions.prefilter_plan import Databases, Plan, plan_of
from shield.analyzer.expressions.scanner import PREFILTER, Expression, Scanner

PATTERNS = [(r"\b[0-9]{3}-[0-9]{4}\b", 0), (r"card", re.IGNORECASE), (r"\ba[a-z]+\b", 0)]


@pytest.fixture
def compiled(monkeypatch):
    """The groups that Hyperscan compiled, in order."""
    groups = []
    compiling = Scanner._compile

    def spied(self, expressions):
        compiling(self, expressions)
        groups.append([each.text for each in expressions])

    monkeypatch.setattr(Scanner, "_compile", spied)
    return groups


def test_without_a_store_each_group_is_compiled_once(compiled):
    Prefilter(PATTERNS)
    assert len(compiled) == len({tuple(group) for group in compiled}) > 0


def test_with_a_store_the_next_start_compiles_nothing(compiled, tmp_path):
    store = CompiledStore(tmp_path / "cache", "machine")
    first = Prefilter(PATTERNS, (), store)
    compiled.clear()
    second = Prefilter(PATTERNS, (), store)
    assert compiled == []
    assert first.fired(b"call 555-0188, card") == second.fired(b"call 555-0188, card") != {}


def test_a_plan_says_the_same_when_it_was_kept():
    plan = plan_of(PATTERNS, PATTERNS, None)[0]
    assert Plan.from_json(plan.to_json()) == plan


def test_what_needs_a_digit_is_apart_and_groups_are_cut_in_the_order_of_the_patterns(monkeypatch):
    monkeypatch.setattr(prefilter_plan, "_GROUP", 2)
    plan, _ = plan_of([*PATTERNS, ("b[0-9]", 0), ("c[0-9]", 0), ("d[0-9]", 0)], (), None)
    assert [[place for place, _ in group] for group in plan.groups] == [[1, 2], [0, 3], [4, 5]]


def test_what_hyperscan_does_not_take_is_weakened_further_or_left_out():
    possible, only_weakened, never = "abc", r"(a)\1", "("
    group = {number: Expression(text, 0) for number, text in enumerate((possible, only_weakened, never))}
    assert prefilter_plan._compiling(group, Databases(None)) == (
        (0, Expression(possible, 0)),
        (1, Expression(only_weakened, PREFILTER)),
    )
