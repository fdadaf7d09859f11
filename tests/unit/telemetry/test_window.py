"""Rates and quantiles between two scrapes."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest

from shield.telemetry.window import Scrape, Window

BOUNDS = (0.1, 0.2, 0.4)


def scrape(**values: float) -> Scrape:
    """Counters `a` and `b` for routes x and y, and a gauge."""
    lines = [
        f'requests_total{{route="{name[0]}",outcome="{name[1]}"}} {value}' for name, value in values.items()
    ]
    return Scrape.parse("# TYPE requests counter\n" + "\n".join(lines) + "\n")


def test_rates_are_per_second_of_the_window() -> None:
    window = Window(scrape(xa=10, xb=1, ya=0), scrape(xa=30, xb=1, ya=4), 2.0)
    assert window.rate("requests_total") == 12.0
    assert window.rate("requests_total", route="x") == 10.0
    assert window.rate("requests_total", route="z") == 0.0
    assert window.by("requests_total", "route") == {("x",): 10.0, ("y",): 2.0}
    assert window.by("requests_total", "route", "outcome", outcome="a") == {("x", "a"): 10.0, ("y", "a"): 2.0}


def test_a_counter_that_fell_was_restarted() -> None:
    assert Window(scrape(xa=100), scrape(xa=3), 1.0).rate("requests_total") == 3.0


def test_a_series_that_is_new_counts_from_zero() -> None:
    assert Window(scrape(), scrape(xa=3), 1.0).rate("requests_total") == 3.0


def test_gauges() -> None:
    registry = CollectorRegistry()
    gauge = Gauge("g", "", ["worker"], registry=registry)
    gauge.labels("0").set(1)
    gauge.labels("1").set(0)
    after = Scrape.parse(generate_latest(registry).decode())
    window = Window(after, after, 1.0)
    assert (window.now("g"), window.least("g"), window.now("g", worker="0")) == (1.0, 0.0, 1.0)
    assert math.isnan(window.now("h"))
    assert math.isnan(window.least("h"))


def observed(values: list[float]) -> Scrape:
    registry = CollectorRegistry()
    histogram = Histogram("h", "", registry=registry, buckets=BOUNDS)
    for value in values:
        histogram.observe(value)
    return Scrape.parse(generate_latest(registry).decode())


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([0.05] * 10, 0.5, 0.05),  # linear within a bucket, from 0
        ([0.15] * 10, 1.0, 0.2),
        ([0.05] * 5 + [0.3] * 5, 0.75, 0.3),
        ([9.0] * 10, 0.5, 0.4),  # beyond the last bound: the last bound
    ],
)
def test_quantiles_are_those_of_promql(values: list[float], share: float, expected: float) -> None:
    window = Window(observed([]), observed(values), 1.0)
    assert window.quantile(share, "h") == pytest.approx(expected)


def test_the_quantile_of_nothing_is_not_a_number() -> None:
    window = Window(observed([0.1]), observed([0.1]), 1.0)
    assert math.isnan(window.quantile(0.5, "h"))
    assert math.isnan(window.quantile(0.5, "nothing"))


@given(st.lists(st.floats(0, 0.39), min_size=1, max_size=50), st.floats(0.01, 1), st.floats(0.01, 1))
@example([0.0, 0.0, 0.0, 0.25, 0.25], 0.5, 0.6)
def test_quantiles_grow_with_the_share_and_stay_within_the_bucket(
    values: list[float], a: float, b: float
) -> None:
    window = Window(observed([]), observed(values), 1.0)
    low, high = (window.quantile(share, "h") for share in sorted((a, b)))
    assert 0 <= low <= high <= 0.4
    rank = sorted(values)[math.ceil(max(a, b) * len(values)) - 1]
    bucket = next(bound for bound in BOUNDS if rank <= bound)
    assert high <= bucket


def test_what_is_no_exposition_is_refused() -> None:
    with pytest.raises(ValueError):
        Scrape.parse("<html>not metrics</html>")
