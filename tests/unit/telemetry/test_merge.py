from __future__ import annotations

import json
import math

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.metrics_core import Metric

from shield.telemetry.merge import OVER, Merger, Snapshot, from_plain, snapshot, to_plain
from shield.telemetry.metrics import Metrics


def worker(requests: int, in_flight: int, size: int, *seconds: float) -> Snapshot:
    registry = CollectorRegistry()
    Counter("shield_requests_total", "Requests.", ("route",), registry=registry).labels("a").inc(requests)
    Gauge("shield_requests_in_flight", "In flight.", registry=registry).set(in_flight)
    Gauge("shield_audit_tree_size", "Records.", registry=registry).set(size)
    Gauge("shield_audit_filesystem_free_bytes", "Free.", registry=registry).set(math.nan)
    histogram = Histogram("shield_wait_seconds", "Wait.", registry=registry, buckets=(1.0, 2.0))
    for each in seconds:
        histogram.observe(each)
    return snapshot(registry)


def values(metrics: list[Metric]) -> dict[str, float]:
    return {
        f"{sample.name}{json.dumps(sample.labels, sort_keys=True)}": sample.value
        for metric in metrics
        for sample in metric.samples
    }


def test_counters_and_histograms_are_summed_and_a_logs_own_are_told_apart() -> None:
    merged = values(Merger().merge({"0": worker(3, 1, 10, 0.5), "1": worker(4, 2, 20, 1.5, 9.0)}))
    assert merged['shield_requests_total{"route": "a"}'] == 7
    assert merged["shield_requests_in_flight{}"] == 3
    assert merged['shield_audit_tree_size{"worker": "0"}'] == 10
    assert merged['shield_audit_tree_size{"worker": "1"}'] == 20
    assert [merged[f'shield_wait_seconds_bucket{{"le": "{le}"}}'] for le in ("1.0", "2.0", "+Inf")] == [
        1,
        2,
        3,
    ]
    assert merged["shield_wait_seconds_count{}"] == 3
    assert merged["shield_wait_seconds_sum{}"] == 11.0
    assert math.isnan(merged["shield_audit_filesystem_free_bytes{}"])


def test_what_an_ended_worker_counted_stays_in_the_sums_and_its_gauges_go() -> None:
    merger = Merger()
    merger.retire(worker(3, 1, 10, 0.5))
    merger.retire(worker(2, 1, 10))
    merged = values(merger.merge({"0": worker(1, 0, 30)}))
    assert merged['shield_requests_total{"route": "a"}'] == 6
    assert merged["shield_wait_seconds_count{}"] == 1
    assert merged["shield_requests_in_flight{}"] == 0
    assert merged['shield_audit_tree_size{"worker": "0"}'] == 30
    assert values(merger.merge({}))['shield_requests_total{"route": "a"}'] == 5


def test_what_is_of_a_process_has_its_name() -> None:
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    families = snapshot(registry)
    merged = values(Merger().merge({"0": families, "supervisor": families}))
    assert 'process_resident_memory_bytes{"worker": "supervisor"}' in merged
    assert 'process_cpu_seconds_total{"worker": "0"}' in merged


def test_a_snapshot_survives_json() -> None:
    families = worker(3, 1, 10, 0.5)
    there_and_back = from_plain(json.loads(json.dumps(to_plain(families))))
    assert (
        values(Merger().merge({"0": there_and_back})).keys() == values(Merger().merge({"0": families})).keys()
    )
    assert str(values(Merger().merge({"0": there_and_back}))) == str(values(Merger().merge({"0": families})))


def test_every_gauge_says_how_it_goes_over_all_workers() -> None:
    gauges = {series.name for series in Metrics(CollectorRegistry()).declared if series.kind == "gauge"}
    assert gauges == OVER.keys()
