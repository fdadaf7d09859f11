"""The series of the supervisor: how many workers there are, and why some ended."""

from __future__ import annotations

from prometheus_client import CollectorRegistry

from shield.telemetry.configuration_series import RELOAD_RESULTS, RELOADS
from shield.telemetry.declarations import Declarations, Series

STATES = ("starting", "ready", "stalled", "stopping")
CAUSES = ("stalled", "killed", "signal", "failed", "stopped", "memory", "unknown")
"""Reasons for a worker's end; the code of the error that kept it from starting is one as well."""

ROLLING_RESULTS = ("ok", "refused", "superseded")
"""All workers were replaced; none was; some were, and then a newer rolling reload came."""


class SupervisionMetrics:
    """The series, registered on `registry` at creation."""

    def __init__(self, registry: CollectorRegistry) -> None:
        declarations = Declarations(registry)
        self.wanted = declarations.gauge(
            "shield_workers_wanted", "Worker processes that should take traffic."
        )
        self._workers = declarations.gauge(
            "shield_workers", "Worker processes by state; those that are `ready` take traffic.", "state"
        )
        self._exits = declarations.counter(
            "shield_worker_exits_total",
            "Workers that ended without being told to, by the reason or by the code of the error.",
            "reason",
        )
        self._replacements = declarations.counter(
            "shield_rolling_reloads_total",
            "Rolling replacements of all workers, by how they ended.",
            "result",
        )
        self._reloads = declarations.counter(*RELOADS)
        self.unfinished = declarations.gauge(
            "shield_rolling_reload_unfinished",
            "1 while a rolling reload waits for a worker that does not start, and an extra one stands in.",
        )
        self.companions = CompanionMetrics(registry)
        self.declared: tuple[Series, ...] = (*declarations.series, *self.companions.declared)
        for state in STATES:
            self._workers.labels(state)
        for cause in CAUSES:
            self._exits.labels(cause)
        for result in ROLLING_RESULTS:
            self._replacements.labels(result)
        for result in RELOAD_RESULTS:
            self._reloads.labels(result)

    def workers(self, state: str, number: int) -> None:
        """Set the number of workers in `state`."""
        self._workers.labels(state).set(number)

    def exited(self, cause: str) -> None:
        """Count a worker that ended without being told to."""
        self._exits.labels(cause).inc()

    def reloaded(self, *, ok: bool) -> None:
        """Count a configuration that was put in force in all workers, or refused."""
        self._reloads.labels("ok" if ok else "refused").inc()

    def rolled(self, result: str) -> None:
        """Count the end of a rolling reload with one of `ROLLING_RESULTS`."""
        self._replacements.labels(result).inc()


class CompanionMetrics:
    """The series of processes beside the workers, registered on `registry` at creation."""

    def __init__(self, registry: CollectorRegistry) -> None:
        declarations = Declarations(registry)
        self._exits = declarations.counter(
            "shield_companion_exits_total",
            "Companion processes that ended without being told to.",
            "companion",
        )
        self.declared: tuple[Series, ...] = tuple(declarations.series)

    def begins(self, name: str) -> None:
        """Start the series of a companion at 0."""
        self._exits.labels(name)

    def exited(self, name: str) -> None:
        """Count a companion that ended without being told to."""
        self._exits.labels(name).inc()
