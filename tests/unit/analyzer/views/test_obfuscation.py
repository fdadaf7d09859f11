"""The analyzer finds what a person reads in the disguises of `benchmarks.obfuscation`."""

from __future__ import annotations

from collections import defaultdict

import pytest

from benchmarks.disguises import DISGUISES
from benchmarks.obfuscation import TARGET_PERCENT, Case, cases, judged, measure, overall, policy
from shield.analyzer.engine import Analyzer
from shield.domain import DetectorSpec
from tests.unit.analyzer.built import analyzer_of

BY_DISGUISE: dict[str, list[Case]] = defaultdict(list)
for case in cases():
    BY_DISGUISE[case.disguise.name].append(case)
# Listed in docs/detection.md with the reason.
PARTLY = {"every character apart", "every character apart, groups dashed", "letters for digits"}
WHOLE = [each.name for each in DISGUISES if each.readable and each.name not in PARTLY]


@pytest.fixture(scope="module")
def with_ours() -> Analyzer:
    return analyzer_of(DetectorSpec(model="none", recognizers=("default", "shield")))


def test_the_suite_is_as_wide_as_it_says() -> None:
    assert len(DISGUISES) >= 40
    assert len({case.entity for each in BY_DISGUISE.values() for case in each}) >= 24


@pytest.mark.parametrize("name", WHOLE)
def test_a_readable_disguise_hides_nothing(with_ours: Analyzer, name: str) -> None:
    missed = [case.text for case in BY_DISGUISE[name] if not judged(with_ours, policy(), case)[0]]
    assert missed == []


def test_recall_over_all_readable_disguises(with_ours: Analyzer) -> None:
    scores, _ = measure(with_ours)
    assert overall(scores, readable=True).percent() >= TARGET_PERCENT
