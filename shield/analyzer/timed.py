"""Wraps an analyzer so that it also reports the time of each detector. Pure: the clock is an argument.

Its findings are those of the wrapped analyzer, whose parts it shares. It is meant for a sample of the
inspections: reading a clock twice per recognizer and text costs more than most recognizers do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shield.analyzer.detectors import Detectors
from shield.analyzer.engine import Analyzer
from shield.analyzer.patterns import PatternEngine
from shield.analyzer.recognizers import health, phone
from shield.analyzer.scoring import Hit

SCAN = "scan"
"""The one pass that tells which of all patterns can match."""
VIEWS = "views"
"""Making the other readings of a text: folded, spoken, spelled."""
PATTERN_RULES = "patterns"
"""The patterns of the policy itself."""
OTHER_LETTERS = "other letters"
"""The recognizers whose patterns are in other letters than Latin (`lettered_patterns`)."""
PARTS = (SCAN, VIEWS, PATTERN_RULES, OTHER_LETTERS)


@dataclass(frozen=True, slots=True)
class Stopwatch:
    """`clock` is in seconds; `note` gets a detector's name and its seconds, from any thread."""

    clock: Callable[[], float]
    note: Callable[[str, float], None]

    def took(self, name: str, work: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """What `work` returns, timed. An iterator is timed item by item, whoever consumes it."""
        began = self.clock()
        try:
            result = work(*arguments, **named)
        finally:
            self.note(name, self.clock() - began)
        return self._each(name, result) if isinstance(result, Iterator) else result

    def _each(self, name: str, items: Iterator[Any]) -> Iterator[Any]:
        while True:
            began = self.clock()
            try:
                item = next(items)
            except StopIteration:
                return
            finally:
                self.note(name, self.clock() - began)
            yield item


class _Timed:
    """A detector whose `methods` are timed; all else is passed through."""

    def __init__(self, inner: Any, name: str, watch: Stopwatch, *methods: str) -> None:
        self._inner = inner
        self._name = name
        self._watch = watch
        self._methods = methods

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(self._inner, attribute)
        if attribute not in self._methods:
            return value
        return lambda *arguments, **named: self._watch.took(self._name, value, *arguments, **named)


class _TimedPatterns(PatternEngine):
    """An engine over the compiled patterns of another one."""

    def __init__(self, engine: PatternEngine, watch: Stopwatch) -> None:
        self.__dict__.update(engine.__dict__)
        self.prefilter: Any = _Timed(engine.prefilter, SCAN, watch, "fired", "fired_in_each")
        self._watch = watch

    def _recognize(self, place: int, patterns: Sequence[Any], text: str) -> list[Hit]:
        name = str(self.recognizers[place].name)
        found: list[Hit] = self._watch.took(name, super()._recognize, place, patterns, text)
        return found


def timed(analyzer: Analyzer, clock: Callable[[], float], note: Callable[[str, float], None]) -> Analyzer:
    """The same analyzer, which calls `note` with the seconds, by `clock`, of each run of a detector.

    Names are those of `Analyzer.recognizers`, and `PARTS`.
    """
    watch = Stopwatch(clock, note)

    def wrapped(inner: Any, name: str, *methods: str) -> Any:
        return None if inner is None else _Timed(inner, name, watch, *methods)

    def change(detectors: Detectors) -> Detectors:
        ner = detectors.ner
        za = detectors.south_african
        return replace(
            detectors,
            patterns=_TimedPatterns(detectors.patterns, watch),
            rules=wrapped(detectors.rules, PATTERN_RULES, "analyze"),
            opaque=tuple(wrapped(each, str(each.name), "analyze") for each in detectors.opaque),
            phones=wrapped(detectors.phones, phone.RECOGNIZER, "analyze"),
            health=wrapped(detectors.health, health.RECOGNIZER, "of_segment"),
            ner=wrapped(ner, ner.recognizer if ner is not None else "", "read"),
            lettered=wrapped(detectors.lettered, OTHER_LETTERS, "analyze"),
            south_african=wrapped(za, za.name if za is not None else "", "analyze"),
            views=wrapped(detectors.views, VIEWS, "asked", "of"),
        )

    return analyzer.made_of(change)
