from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.exposition import generate_latest

from shield.telemetry.histogram import SingleWriterHistogram

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
