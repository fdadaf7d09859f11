"""Token buckets over made-up time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.proxy.token_bucket import TokenBucket, TokenBuckets


def test_it_begins_full_and_fills_at_its_rate() -> None:
    bucket = TokenBucket(2.0, 3.0, now=10.0)
    assert [bucket.take(10.0) for _ in range(3)] == [0, 0, 0]
    assert bucket.take(10.0) == pytest.approx(0.5)
    assert bucket.wait(10.25) == pytest.approx(0.25)
    assert bucket.take(10.5) == 0
    assert [bucket.take(1000.0) for _ in range(4)][:3] == [0, 0, 0]
    assert bucket.wait(1000.0) > 0


def test_a_clock_that_stands_or_goes_back_gives_nothing() -> None:
    bucket = TokenBucket(1.0, 1.0, now=5.0)
    assert bucket.take(5.0) == 0
    assert bucket.take(4.0) == pytest.approx(1.0)
    assert bucket.take(5.5) == pytest.approx(0.5)


@given(st.lists(st.floats(min_value=0, max_value=3), max_size=60))
def test_never_more_than_it_held_and_what_came(steps: list[float]) -> None:
    bucket, now, taken = TokenBucket(1.0, 5.0, now=0.0), 0.0, 0
    for step in steps:
        now += step
        taken += bucket.take(now) == 0
    assert taken <= 5 + now + 1e-6


def test_each_name_has_its_own_and_the_longest_unused_are_forgotten() -> None:
    buckets = TokenBuckets(0.001, 1.0, bound=2)
    assert buckets.wait("a", 0.0) == 0
    assert buckets.take("a", 0.0) == 0
    assert buckets.take("b", 0.0) == 0
    assert buckets.take("a", 0.0) > 0
    assert buckets.wait("a", 0.0) > 0
    assert buckets.take("c", 0.0) == 0  # `b` is forgotten
    assert buckets.wait("a", 0.0) > 0
    assert buckets.take("b", 0.0) == 0
