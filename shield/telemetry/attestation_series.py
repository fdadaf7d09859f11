"""Series on tests of the control itself: canaries, and reading back from storage."""

from __future__ import annotations

import enum
from collections.abc import Iterable

from shield.telemetry.declarations import Declarations

CANARY_RESULTS = ("passed", "failed", "error", "uncovered")


class ReadResult(enum.StrEnum):
    """The result of reading a write back from storage: the label `result` of `shield_read_backs_total`."""

    MATCH = "match"
    MISMATCH = "mismatch"
    NOT_FOUND = "not_found"
    UNREADABLE = "unreadable"
    SKIPPED = "skipped"  # never read, or what was read says nothing


JUDGED = frozenset({ReadResult.MATCH, ReadResult.MISMATCH, ReadResult.NOT_FOUND})
"""The results that say something about the storage."""


class CanarySeries:
    """The series of synthetic values sent through the live path."""

    def __init__(self, declarations: Declarations) -> None:
        self._runs = declarations.counter(
            "shield_canary_runs_total",
            "Runs of the canaries of a route, by how they ended.",
            "route",
            "result",
        )
        self._checks = declarations.counter(
            "shield_canary_checks_total",
            "Canaries that came out at the other end, by whether they were redacted as expected.",
            "route",
            "result",
        )
        self._failing = declarations.gauge(
            "shield_canary_failing",
            "1 where the last run of a route's canaries failed or could not be made, else 0.",
            "route",
        )
        self._last = declarations.gauge(
            "shield_canary_last_run_timestamp_seconds",
            "When the canaries of a route ran last, in seconds since 1970.",
            "route",
        )
        self.interval = declarations.gauge(
            "shield_canary_interval_seconds", "Between two runs of the canaries, as configured; 0 for none."
        )

    def begin(self, routes: Iterable[str], interval: float, now: float) -> None:
        """Set the routes that are tested from now on; `now` in seconds since 1970 counts as a first run."""
        self._failing.clear()
        self._last.clear()
        self.interval.set(interval)
        for route in routes:
            self._failing.labels(route).set(0)
            self._last.labels(route).set(now)
            for result in CANARY_RESULTS:
                self._runs.labels(route, result)
            for result in CANARY_RESULTS[:2]:
                self._checks.labels(route, result)

    def ran(self, route: str, result: str, passed: int, failed: int, now: float) -> None:
        """Count one run of a route."""
        self._runs.labels(route, result).inc()
        self._checks.labels(route, "passed").inc(passed)
        self._checks.labels(route, "failed").inc(failed)
        self._failing.labels(route).set(int(result in ("failed", "error")))
        self._last.labels(route).set(now)


class ReadBackSeries:
    """The series that compare what was written with what storage gives back."""

    def __init__(self, declarations: Declarations) -> None:
        self._total = declarations.counter(
            "shield_read_backs_total",
            "Writes chosen to be read back from storage, by how that ended.",
            "route",
            "result",
        )
        self._last = declarations.gauge(
            "shield_read_back_last_timestamp_seconds",
            "When a write of a route was last read back and judged, in seconds since 1970.",
            "route",
        )
        self.waiting = declarations.gauge(
            "shield_read_backs_waiting", "Writes chosen to be read back that were not judged yet."
        )

    def begin(self, route: str) -> None:
        """Start the series of a route at 0."""
        for result in ReadResult:
            self._total.labels(route, result.value)

    def ended(self, route: str, result: ReadResult, now: float) -> None:
        """Count one result; `now` is in seconds since 1970."""
        self._total.labels(route, result.value).inc()
        if result in JUDGED:
            self._last.labels(route).set(now)
