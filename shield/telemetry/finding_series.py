"""Series of findings, and of the recognizers that made them."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import Counter

from shield.telemetry.declarations import Declarations


class FindingSeries:
    """What was found, by which recognizer, and whether it was remembered."""

    def __init__(self, declarations: Declarations) -> None:
        self._findings = declarations.counter(
            "shield_findings_total",
            "Findings that the policy acts on.",
            "route",
            "entity_type",
            "operator",
        )
        self._recognizer_findings = declarations.counter(
            "shield_recognizer_findings_total",
            "Findings that the policy acts on, by the recognizer that decided their type.",
            "recognizer",
        )
        self._errors = declarations.counter(
            "shield_recognizer_errors_total",
            "Inspections that a recognizer's failure left incomplete: refused, or a bypass.",
            "recognizer",
        )
        lookups = declarations.counter(
            "shield_findings_cache_lookups_total",
            "Long texts looked up among those whose findings are remembered.",
            "result",
        )
        self._hits, self._misses = lookups.labels("hit"), lookups.labels("miss")
        self._children: dict[tuple[str, str, str], Counter] = {}
        self._recognizer_children: dict[str, Counter] = {}

    def begin_route(self, route: str, operators: Iterable[tuple[str, str]]) -> None:
        """Start the series of a route at 0, by the pairs of entity type and operator of its policy."""
        for entity_type, operator in operators:
            self._child(route, entity_type, operator)

    def begin(self, names: Iterable[str]) -> None:
        """Start the series of the recognizers that may run at 0."""
        for name in names:
            self._recognizer_child(name)
            self._errors.labels(name)

    def found(self, route: str, entity_type: str, operator: str, recognizer: str, *, count: int = 1) -> None:
        """Count so many findings; all names come from the configuration."""
        self._child(route, entity_type, operator).inc(count)
        self._recognizer_child(recognizer).inc(count)

    def _child(self, route: str, entity_type: str, operator: str) -> Counter:
        key = (route, entity_type, operator)
        child = self._children.get(key)
        if child is None:
            child = self._children[key] = self._findings.labels(*key)
        return child

    def _recognizer_child(self, name: str) -> Counter:
        child = self._recognizer_children.get(name)
        if child is None:
            child = self._recognizer_children[name] = self._recognizer_findings.labels(name)
        return child

    def remembered(self, hits: int, lookups: int) -> None:
        """Count `lookups` of texts in the memory of findings, `hits` of them successful."""
        self._hits.inc(hits)
        self._misses.inc(lookups - hits)

    def failed(self, recognizer: str) -> None:
        """Count one inspection that `recognizer` left incomplete."""
        self._errors.labels(recognizer or "unknown").inc()
