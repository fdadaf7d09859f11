from __future__ import annotations

import asyncio
import math

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from shield.telemetry.loop_lag import LoopLag
from shield.telemetry.metrics import NO_ROUTE, OTHER, STAGES, Metrics, Outcome


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(CollectorRegistry())


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, labels)


def test_each_declared_series_is_exposed(metrics: Metrics) -> None:
    exposed = generate_latest(metrics.registry).decode()
    types = dict(line.split(" ")[2:] for line in exposed.splitlines() if line.startswith("# TYPE shield_"))
    created = {name for name in types if name.endswith("_created")}
    assert {series.name: series.kind for series in metrics.declared} == {
        name: kind for name, kind in types.items() if name not in created
    }
    assert len({series.text for series in metrics.declared}) == len(metrics.declared)


def test_a_route_counts_from_zero(metrics: Metrics) -> None:
    metrics.route("tickets")
    for outcome in Outcome:
        assert value(metrics, "shield_requests_total", route="tickets", outcome=outcome.value) == 0
        assert value(metrics, "shield_requests_total", route=NO_ROUTE, outcome=outcome.value) == 0
    for stage in STAGES:
        assert value(metrics, "shield_stage_duration_seconds_count", stage=stage) == 0


def test_counting(metrics: Metrics) -> None:
    for _ in range(2):
        metrics.findings.found("tickets", "PERSON", "replace", "SpacyRecognizer")
        metrics.refusal("saturated")
    metrics.audit.committed(0.001, 7)
    assert (
        value(metrics, "shield_findings_total", route="tickets", entity_type="PERSON", operator="replace")
        == 2
    )
    assert value(metrics, "shield_refusals_total", code="saturated") == 2
    assert value(metrics, "shield_audit_tree_size") == 7


def test_what_an_alarm_looks_at_counts_from_zero(metrics: Metrics) -> None:
    metrics.route(
        "tickets",
        media_types=("application/json", "text/*"),
        operators=(("PERSON", "mask"),),
        bypass_reasons=("deadline_exceeded",),
    )
    metrics.findings.begin(("EmailRecognizer",))
    for name, labels in (
        ("shield_bypasses_total", {"route": "tickets", "reason": "deadline_exceeded"}),
        ("shield_findings_total", {"route": "tickets", "entity_type": "PERSON", "operator": "mask"}),
        ("shield_request_bodies_total", {"route": "tickets", "media_type": "application/json"}),
        ("shield_request_bodies_total", {"route": "tickets", "media_type": OTHER}),
        ("shield_uninspected_bytes_total", {"route": "tickets", "reason": "bypass"}),
        ("shield_recognizer_findings_total", {"recognizer": "EmailRecognizer"}),
        ("shield_recognizer_errors_total", {"recognizer": "EmailRecognizer"}),
        ("shield_refusals_total", {"code": "saturated"}),
        ("shield_refusals_total", {"code": "internal_error"}),
    ):
        assert value(metrics, name, **labels) == 0, name
    pattern = {"route": "tickets", "media_type": "text/*"}
    assert value(metrics, "shield_request_bodies_total", **pattern) is None


def test_the_audit_log_is_asked_at_each_scrape(metrics: Metrics) -> None:
    works, space = [True], [(1, 4)]
    metrics.audit.watch(lambda: works[-1], lambda: space[-1] if space else None)
    assert value(metrics, "shield_audit_healthy") == 1
    assert value(metrics, "shield_audit_filesystem_free_bytes") == 1
    assert value(metrics, "shield_audit_filesystem_size_bytes") == 4
    works.append(False)
    space.clear()
    assert value(metrics, "shield_audit_healthy") == 0
    assert math.isnan(value(metrics, "shield_audit_filesystem_free_bytes") or 0)


def test_a_refused_reload_shows_until_one_is_taken(metrics: Metrics) -> None:
    name = "shield_config_last_reload_successful"
    assert value(metrics, name) == 1  # nothing was requested of a process that is starting
    metrics.configuration.in_force("sha256:a")
    assert value(metrics, name) == 1
    metrics.configuration.reloaded(ok=False)
    assert value(metrics, name) == 0
    metrics.configuration.reloaded(ok=True)
    assert value(metrics, name) == 1


def test_policies_in_force(metrics: Metrics) -> None:
    metrics.configuration.policies([("default", "sha256:a", "none", "sha256:d")])
    metrics.configuration.policies([("other", "sha256:b", "none", "sha256:d")])
    labels = {"model": "none", "detector_digest": "sha256:d"}
    assert value(metrics, "shield_policy_info", policy="default", digest="sha256:a", **labels) is None
    assert value(metrics, "shield_policy_info", policy="other", digest="sha256:b", **labels) == 1


def test_one_configuration_is_in_force(metrics: Metrics) -> None:
    metrics.configuration.in_force("sha256:a")
    metrics.configuration.in_force("sha256:b")
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
