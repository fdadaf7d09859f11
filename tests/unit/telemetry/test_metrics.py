from __future__ import annotations

import asyncio

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from shield.telemetry.loop_lag import LoopLag
from shield.telemetry.metrics import NO_ROUTE, STAGES, Metrics, Outcome

NAMES = {
    "shield_requests_total",
    "shield_request_duration_seconds_bucket",
    "shield_added_latency_seconds_bucket",
    "shield_stage_duration_seconds_bucket",
    "shield_findings_total",
    "shield_request_body_bytes_total",
    "shield_forwarded_body_bytes_total",
    "shield_uninspected_bytes_total",
    "shield_requests_in_flight",
    "shield_refusals_total",
    "shield_bypasses_total",
    "shield_upstream_responses_total",
    "shield_upstream_duration_seconds_bucket",
    "shield_audit_commit_duration_seconds_bucket",
    "shield_audit_tree_size",
    "shield_audit_healthy",
    "shield_event_loop_lag_seconds_bucket",
    "shield_build_info",
    "shield_config_info",
    "shield_config_reloads_total",
}


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(CollectorRegistry())


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, labels)


def test_all_series(metrics: Metrics) -> None:
    metrics.route("tickets")
    metrics.upstream("store")
    metrics.finding("PERSON", "replace")
    metrics.refusal("saturated")
    metrics.bypass("tickets", "deadline_exceeded")
    metrics.committed(0.001, 7)
    metrics.build("1", "3.11")
    metrics.config("sha256:a")
    metrics.reload(ok=True)
    exposed = generate_latest(metrics.registry).decode()
    names = {line.split("{")[0].split(" ")[0] for line in exposed.splitlines() if not line.startswith("#")}
    assert names >= NAMES


def test_a_route_counts_from_zero(metrics: Metrics) -> None:
    metrics.route("tickets")
    for outcome in Outcome:
        assert value(metrics, "shield_requests_total", route="tickets", outcome=outcome.value) == 0
        assert value(metrics, "shield_requests_total", route=NO_ROUTE, outcome=outcome.value) == 0
    for stage in STAGES:
        assert value(metrics, "shield_stage_duration_seconds_count", stage=stage) == 0


def test_counting(metrics: Metrics) -> None:
    for _ in range(2):
        metrics.finding("PERSON", "replace")
        metrics.refusal("saturated")
    metrics.committed(0.001, 7)
    assert value(metrics, "shield_findings_total", entity_type="PERSON", operator="replace") == 2
    assert value(metrics, "shield_refusals_total", code="saturated") == 2
    assert value(metrics, "shield_audit_tree_size") == 7


def test_one_configuration_is_in_force(metrics: Metrics) -> None:
    metrics.config("sha256:a")
    metrics.config("sha256:b")
    assert value(metrics, "shield_config_info", digest="sha256:a") is None
    assert value(metrics, "shield_config_info", digest="sha256:b") == 1


async def test_loop_lag() -> None:
    reported: asyncio.Queue[float] = asyncio.Queue()
    lag = LoopLag(reported.put_nowait, interval=0.001)
    lag.start()
    assert await reported.get() >= 0
    assert await reported.get() >= 0
    await lag.stop()
    await lag.stop()
