"""The series of the admin listener."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry

from shield.telemetry.declarations import Declarations, Series

OUTCOMES = ("ok", "refused", "failed")


class AdminMetrics:
    """Registered on `registry` when this is made. `operations` are the names that a request may have."""

    def __init__(self, registry: CollectorRegistry, operations: Iterable[str] = ()) -> None:
        declarations = Declarations(registry)
        self._requests = declarations.counter(
            "shield_admin_requests_total",
            "Requests to the admin listener by operation; `refused` are 4xx, `failed` 5xx.",
            "operation",
            "outcome",
        )
        self._drained = declarations.gauge(
            "shield_drained", "1 while an operator has taken the instance out of traffic, else 0."
        )
        self.declared: tuple[Series, ...] = tuple(declarations.series)
        for operation in operations:
            for outcome in OUTCOMES:
                self._requests.labels(operation, outcome)

    def asked(self, operation: str, status: int) -> None:
        """Count a request that was answered with `status`."""
        outcome = OUTCOMES[0] if status < 400 else OUTCOMES[1] if status < 500 else OUTCOMES[2]  # noqa: PLR2004  the first of the client's errors, and of the server's
        self._requests.labels(operation, outcome).inc()

    def drained(self, *, drained: bool) -> None:
        """Note that the instance was taken out of traffic, or given back."""
        self._drained.set(int(drained))
