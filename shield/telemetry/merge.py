"""Merges the metrics of several processes into one exposition. Pure: snapshots in, families out.

Counters and histograms are summed; counts of a process that has ended stay in the sums, so that none goes
backwards. A gauge is summed where the sum means something (`OVER`). Series of one process or one log are kept
apart under the label `worker`; what is the same everywhere is shown once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from prometheus_client import CollectorRegistry, Metric

WORKER = "worker"
"""The label of series that belong to one process."""

Labels = tuple[tuple[str, str], ...]

OVER: Mapping[str, str] = MappingProxyType(
    {
        "shield_requests_in_flight": "sum",
        "shield_requests_in_flight_limit": "sum",
        "shield_admission_queue_length": "sum",
        "shield_body_bytes_in_flight": "sum",
        "shield_body_bytes_in_flight_limit": "sum",
        "shield_connections": "sum",
        "shield_inspection_workers": "sum",
        "shield_inspection_queue_length": "sum",
        "shield_inspection_process_resident_bytes": "each",
        "shield_rescan_queue_length": "sum",
        "shield_rescan_queue_bytes": "sum",
        "shield_audit_tree_size": "each",
        "shield_audit_signed_size": "each",
        "shield_audit_last_checkpoint_timestamp_seconds": "each",
        "shield_audit_healthy": "each",
        "shield_audit_log_begun_anew": "max",
        "shield_audit_digest_key_lost": "max",
        "shield_audit_commit_pending_seconds": "max",
        "shield_audit_checkpoint_interval_seconds": "each",
        "shield_audit_filesystem_free_bytes": "max",
        "shield_audit_filesystem_size_bytes": "max",
        "shield_build_info": "max",
        "shield_config_info": "max",
        "shield_policy_info": "max",
        "shield_config_last_reload_successful": "min",
        "shield_certificate_not_before_timestamp_seconds": "min",
        "shield_certificate_not_after_timestamp_seconds": "min",
        "shield_upstream_endpoint_available": "min",
        "shield_audit_anchor_last_success_timestamp_seconds": "each",
        "shield_audit_anchor_interval_seconds": "each",
        "shield_audit_anchor_disagrees": "max",
        "shield_canary_failing": "max",
        "shield_canary_last_run_timestamp_seconds": "each",
        "shield_canary_interval_seconds": "max",
        "shield_read_back_last_timestamp_seconds": "max",
        "shield_read_backs_waiting": "sum",
    }
)
"""How a gauge is merged over all workers; one that is not listed is shown for each worker."""

OF_THE_SUPERVISOR = frozenset({"shield_config_reloads"})
"""Counted by the supervisor itself: each worker takes part, but it is one event."""

_SUMMED = ("counter", "histogram", "summary")
_PROCESS = ("process_", "python_")


@dataclass(frozen=True, slots=True)
class Family:
    """One metric of one process: `samples` as (name, labels, value)."""

    name: str
    kind: str
    text: str
    samples: Sequence[tuple[str, Labels, float]]


Snapshot = Sequence[Family]


def snapshot(registry: CollectorRegistry) -> Snapshot:
    """The present contents of a registry."""
    return [
        Family(
            metric.name,
            metric.type,
            metric.documentation,
            [(sample.name, tuple(sample.labels.items()), sample.value) for sample in metric.samples],
        )
        for metric in registry.collect()
    ]


def to_plain(families: Snapshot) -> list[Any]:
    """The snapshot for JSON; a value without a JSON form becomes None."""
    return [
        [
            family.name,
            family.kind,
            family.text,
            [
                [name, labels, value if math.isfinite(value) else None]
                for name, labels, value in family.samples
            ],
        ]
        for family in families
    ]


def from_plain(plain: Iterable[Any]) -> Snapshot:
    """The inverse of `to_plain`."""
    return [
        Family(
            name,
            kind,
            text,
            [
                (sample, tuple((key, word) for key, word in labels), math.nan if value is None else value)
                for sample, labels, value in samples
            ],
        )
        for name, kind, text, samples in plain
    ]


@dataclass(slots=True)
class _Merged:
    kind: str
    text: str
    values: dict[tuple[str, Labels], float] = field(default_factory=dict)

    def add(self, sample: str, labels: Labels, value: float, how: str) -> None:
        key = (sample, labels)
        before = self.values.get(key)
        if before is None or math.isnan(before):
            self.values[key] = value
        elif math.isnan(value):
            return
        elif how == "sum":
            self.values[key] = before + value
        else:
            self.values[key] = max(before, value) if how == "max" else min(before, value)


class Merger:
    """Merges snapshots by worker, and keeps the counts of those that have ended."""

    def __init__(self) -> None:
        self._retired: dict[str, _Merged] = {}

    def retire(self, families: Snapshot) -> None:
        """Keep the last reported counts of a process that has ended."""
        for family in families:
            if family.kind in _SUMMED and not family.name.startswith(_PROCESS):
                _add(self._retired, family, "", keep_created=False)

    def merge(self, snapshots: Mapping[str, Snapshot]) -> list[Metric]:
        """One exposition over all. The key of a snapshot is its value of the label `worker`."""
        merged: dict[str, _Merged] = {}
        for worker, families in snapshots.items():
            for family in families:
                _add(merged, family, worker)
        for name, ended in self._retired.items():
            there = merged.setdefault(name, _Merged(ended.kind, ended.text))
            for (sample, labels), value in ended.values.items():
                there.add(sample, labels, value, "sum")
        return [_metric(name, it) for name, it in merged.items()]


def _add(merged: dict[str, _Merged], family: Family, worker: str, *, keep_created: bool = True) -> None:
    if family.name in OF_THE_SUPERVISOR:
        return
    there = merged.setdefault(family.name, _Merged(family.kind, family.text))
    if family.name.startswith(_PROCESS):
        how = "each"
    else:
        how = "sum" if family.kind in _SUMMED else OVER.get(family.name, "each")
    for sample, labels, value in family.samples:
        created = sample.endswith("_created")
        if created and not keep_created:
            continue
        if how == "each":
            there.add(sample, (*labels, (WORKER, worker)), value, "max")
        else:
            there.add(sample, labels, value, "min" if created else how)


def _metric(name: str, merged: _Merged) -> Metric:
    metric = Metric(name, merged.text, merged.kind)
    for (sample, labels), value in merged.values.items():
        metric.add_sample(sample, dict(labels), value)
    return metric
