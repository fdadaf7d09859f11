"""The series of `shield export`, which is a process of its own with a registry of its own."""

from __future__ import annotations

from prometheus_client import Counter, Gauge
from prometheus_client.registry import CollectorRegistry


class ExportMetrics:
    """Every series of the exporter, declared once."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.lag_records = Gauge(
            "shield_export_lag_records",
            "Sealed records of a log that are not exported yet.",
            ["origin"],
            registry=registry,
        )
        self.lag_seconds = Gauge(
            "shield_export_lag_seconds",
            "Age of the oldest sealed record of a log that is not exported yet; 0 where all are.",
            ["origin"],
            registry=registry,
        )
        self.events = Counter(
            "shield_export_events_total",
            "Events that were new to the sink.",
            ["class_uid"],
            registry=registry,
        )
        self.missed_records = Counter(
            "shield_export_missed_records_total",
            "Records of a log that were pruned before they were exported.",
            ["origin"],
            registry=registry,
        )
        self.errors = Counter(
            "shield_export_errors_total", "Rounds that failed and will be tried again.", registry=registry
        )
        self.last_success = Gauge(
            "shield_export_last_success_timestamp_seconds",
            "When a round last ended with everything sealed exported, since 1970.",
            registry=registry,
        )
