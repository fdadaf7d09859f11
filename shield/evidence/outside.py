"""Counts that others made of the same requests, combined. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from shield.evidence.completeness import Completeness
from shield.evidence.counts import Comparison, compare
from shield.evidence.metrics_counts import MetricsComparison
from shield.evidence.reading import Period


@dataclass(frozen=True, slots=True)
class Outside:
    """The count of an upstream or load balancer, and that of the metrics; None: not given."""

    count: Comparison | None = None
    metrics: MetricsComparison | None = None

    @property
    def ok(self) -> bool:
        return not self.problems

    @property
    def problems(self) -> list[str]:
        """The counts that contradict the logs, in words."""
        found = []
        if self.count is not None and not self.count.ok:
            found.append(
                f"the outside count of {self.count.what} requests is {self.count.counted}: "
                f"{self.count.off_by:+d} beyond what the logs allow"
            )
        if self.metrics is not None and not self.metrics.ok:
            row = next(row for row in self.metrics.rows if abs(row.off_by) > self.metrics.tolerance)
            found.append(
                f"the metrics' count of {row.what} is {row.counted}: "
                f"{row.off_by:+d} beyond what the logs allow"
            )
        return found

    def fields(self) -> dict[str, Any]:
        """The fields for JSON, under `count` and `metrics`."""
        count = metrics = None
        if self.count is not None:
            count = {**asdict(self.count), "off_by": self.count.off_by, "ok": self.count.ok}
        if self.metrics is not None:
            rows = [{**asdict(row), "off_by": row.off_by} for row in self.metrics.rows]
            metrics = {"outcomes": rows, "tolerance": self.metrics.tolerance, "ok": self.metrics.ok}
        return {"count": count, "metrics": metrics}


@dataclass(frozen=True, slots=True)
class GivenTimes:
    """An outside count whose times were read already: an `OutsideCounts` without files.

    `times` are as in records; `what` and `tolerance` are as for `compare`.
    """

    times: Sequence[str]
    what: str
    tolerance: int

    def __call__(self, period: Period, tallies: Sequence[Completeness]) -> Outside:
        return Outside(compare(self.times, period, tallies, what=self.what, tolerance=self.tolerance))


OutsideCounts = Callable[[Period, Sequence[Completeness]], Outside]
"""Compares the given counts with what the logs hold of a period. Raises `EvidenceError`, `OSError`."""
