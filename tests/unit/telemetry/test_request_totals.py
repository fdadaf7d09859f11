from __future__ import annotations

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from shield.telemetry.metrics import Metrics, Outcome
from shield.telemetry.request_totals import ended_between, requests_ended


def test_the_totals_are_what_a_scrape_says() -> None:
    registry = CollectorRegistry()
    metrics = Metrics(registry)
    assert requests_ended(registry) == {}
    before = generate_latest(registry).decode()
    metrics.route("a").requests[Outcome.REDACTED].inc()
    metrics.route("b").requests[Outcome.REDACTED].inc()
    metrics.no_route.requests[Outcome.REJECTED].inc()
    assert requests_ended(registry) == {"redacted": 2, "rejected": 1}
    after = generate_latest(registry).decode()
    assert ended_between([before, after]) == ended_between([after]) == {"redacted": 2.0, "rejected": 1.0}
    assert ended_between([after, after]) == {}


def test_what_is_no_scrape() -> None:
    with pytest.raises(ValueError, match="no series"):
        ended_between(["# TYPE a counter\na 1\n"])
