"""Series of policies that are tried on live traffic."""

from __future__ import annotations

import enum

from shield.telemetry.declarations import Declarations


class Trial(enum.Enum):
    """The result of a shadow inspection: the label `result` of `shield_shadow_inspections_total`."""

    SAME = "same"
    DIFFERENT = "different"
    FAILED = "failed"
    SKIPPED = "skipped"  # there was no room for it


class ShadowSeries:
    """What shadow policies would have done differently."""

    def __init__(self, declarations: Declarations) -> None:
        self._inspections = declarations.counter(
            "shield_shadow_inspections_total",
            "Requests inspected again under a policy that is tried, by how the two results compare.",
            "route",
            "policy",
            "result",
        )
        self._differences = declarations.counter(
            "shield_shadow_differences_total",
            "Findings that the policy in force and the one that is tried treat differently.",
            "route",
            "policy",
            "live",
            "shadow",
        )

    def begin(self, route: str, policy: str) -> None:
        """Start the series of a shadow policy at 0."""
        for result in Trial:
            self._inspections.labels(route, policy, result.value)

    def inspected(self, route: str, policy: str, result: Trial) -> None:
        """Count one shadow inspection; the names come from the configuration."""
        self._inspections.labels(route, policy, result.value).inc()

    def differed(self, route: str, policy: str, live: str | None, shadow: str | None, count: int) -> None:
        """Count differences of one kind; each side is `TYPE:operator`, or None for leaving text alone."""
        self._differences.labels(route, policy, live or "none", shadow or "none").inc(count)
