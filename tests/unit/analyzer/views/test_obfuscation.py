"""The disguises of `benchmarks.obfuscation`: what a person reads, the analyzer finds."""

from __future__ import annotations

from collections import defaultdict

import pytest

from benchmarks.disguises import DISGUISES
from benchmarks.obfuscation import TARGET_PERCENT, Case, cases, judged, measure, overall, policy
from shield.analyzer.engine import Analyzer

BY_DISGUISE: dict[str, list[Case]] = defaultdict(list)
for case in cases():
    BY_DISGUISE[case.disguise.name].append(case)
# Listed in docs/detection.md with the reason.
PARTLY = {"every character apart", "every character apart, groups dashed", "letters for digits"}
WHOLE = [each.name for each in DISGUISES if each.readable and each.name not in PARTLY]


def test_the_suite_is_as_wide_as_it_says() -> None:
    assert len(DISGUISES) >= 40
    assert len({case.entity for each in BY_DISGUISE.values() for case in each}) >= 8


@pytest.mark.parametrize("name", WHOLE)
def test_a_readable_disguise_hides_nothing(patterns_only: Analyzer, name: str) -> None:
    missed = [case.text for case in BY_DISGUISE[name] if not judged(patterns_only, policy(), case)[0]]
    assert missed == []


def test_recall_over_all_readable_disguises(patterns_only: Analyzer) -> None:
    scores, _ = measure(patterns_only)
    assert overall(scores, readable=True).percent() >= TARGET_PERCENT
