"""Reads from the proxy's metrics what the demonstration shows: the latency added, and the findings.

The proxy serves one request at a time here, so the difference between two readings belongs to the request
between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

_LATENCY = "shield_added_latency_seconds"
_WAITING = "shield_read_backs_waiting"
_FINDINGS = "shield_findings_total"
_READ = (f"{_LATENCY}_count", f"{_LATENCY}_sum", _WAITING, _FINDINGS)


@dataclass(frozen=True, slots=True)
class Reading:
    """Counts since the proxy started. `added_seconds` is summed over `requests` requests.

    `waiting` are writes that were not read back from the store yet.
    """

    requests: float
    added_seconds: float
    findings: Mapping[tuple[str, str], float]  # (entity type, operator) -> count
    waiting: float = 0.0


def read_metrics(text: str) -> Reading:
    """Parse one scrape of the admin listener's `/metrics` (Prometheus text format)."""
    requests = added = waiting = 0.0
    findings: dict[tuple[str, str], float] = {}
    # The other series, most of them buckets, would take far longer to parse than the samples to send.
    lines = [line for line in text.splitlines(keepends=True) if line.startswith(_READ)]
    for family in text_string_to_metric_families("".join(lines)):
        for sample in family.samples:
            if sample.name == f"{_LATENCY}_count":
                requests += sample.value
            elif sample.name == f"{_LATENCY}_sum":
                added += sample.value
            elif sample.name == _WAITING:
                waiting += sample.value
            elif sample.name == _FINDINGS:
                kind = (sample.labels["entity_type"], sample.labels["operator"])
                findings[kind] = findings.get(kind, 0.0) + sample.value
    return Reading(requests, added, findings, waiting)


def found_between(before: Reading, after: Reading) -> dict[str, int]:
    """How many findings of each entity type came between two readings."""
    counts: dict[str, int] = {}
    for (entity_type, operator), total in sorted(after.findings.items()):
        more = int(total - before.findings.get((entity_type, operator), 0.0))
        if more:
            counts[entity_type] = counts.get(entity_type, 0) + more
    return counts
