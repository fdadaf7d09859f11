"""One scan of many texts loses nothing that a scan of each would find."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.analyzer.catalogue import selected
from shield.analyzer.folded import fold
from shield.analyzer.patterns import is_plain
from shield.domain import OperatorSpec, Policy, Segment
from tests.unit.analyzer.built import engine_of
from tests.unit.analyzer.test_differential import VALUES

TEXTS = st.lists(
    st.sampled_from(VALUES).flatmap(
        lambda value: st.sampled_from([value, f"x {value}", f"{value}.", f"{value}\n"])
    )
    | st.text(" \n.-ab19é", min_size=1, max_size=8),
    min_size=1,
    max_size=6,
)


@pytest.fixture(scope="module")
def engine():
    return engine_of([r for r in selected(("all", "shield", "national"), ("en",)) if is_plain(r)])


@given(texts=TEXTS)
def test_what_fires_alone_fires_among_others(engine, texts):
    folded = [fold(text) for text in texts]
    together = engine.prefilter.fired_in_each(folded)
    assert len(together) == len(texts)
    for alone, among in zip(map(engine.prefilter.fired, folded), together, strict=True):
        assert all(set(ends) <= set(among[identifier]) for identifier, ends in alone.items())


@given(texts=TEXTS)
def test_segments_are_found_as_if_each_were_alone(patterns_only, texts):
    policy = Policy("all", "", dict.fromkeys(patterns_only.supported_entities, OperatorSpec("replace")))
    segments = [Segment(index, text) for index, text in enumerate(texts)]
    together = patterns_only.analyze(segments, policy)
    assert together == [patterns_only.analyze([Segment(0, text)], policy)[0] for text in texts]
