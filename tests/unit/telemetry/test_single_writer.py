from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import generate_latest

from shield.telemetry.single_writer import SingleWriterCounter, SingleWriterHistogram

BUCKETS = (0.001, 0.01, 0.5, 2.0)
AMOUNTS = st.lists(st.sampled_from([0.0, *BUCKETS, 1e9]) | st.floats(0, 3), max_size=20)


@given(AMOUNTS)
def test_it_shows_what_the_librarys_histogram_shows(amounts: list[float]) -> None:
    pages = []
    for kind in (Histogram, SingleWriterHistogram):
        registry = CollectorRegistry()
        child = kind("x_seconds", "X.", ["a"], registry=registry, buckets=BUCKETS).labels("b")
        for amount in amounts:
            child.observe(amount)
        lines = generate_latest(registry).decode().splitlines()
        pages.append([line for line in lines if "_created" not in line])
    assert pages[0] == pages[1]


@given(AMOUNTS)
def test_a_counter_shows_what_the_librarys_counter_shows(amounts: list[float]) -> None:
    pages = []
    for kind in (Counter, SingleWriterCounter):
        registry = CollectorRegistry()
        parent = kind("x_total", "X.", ["a"], registry=registry)
        parent.labels("untouched")
        for amount in amounts:
            parent.labels("b").inc(amount)
        parent.labels("c").inc()
        lines = generate_latest(registry).decode().splitlines()
        pages.append([line for line in lines if "_created" not in line])
    assert pages[0] == pages[1]
