"""Runs pattern recognizers, Presidio's and ours, as Presidio does, but only where they can match.

Law: for each recognizer the result (spans and scores, before context) is that of its own `analyze`.
`tests/unit/analyzer/test_differential.py` enforces this for all of them. Two things differ on purpose: a
pattern that exceeds its time raises instead of being skipped, and so does a recognizer that raises.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from presidio_analyzer import PatternRecognizer
from presidio_analyzer.predefined_recognizers import IbanRecognizer

from shield.analyzer.expressions.compiled_store import CompiledStore
from shield.analyzer.expressions.equivalents import Cheaper, Followed
from shield.analyzer.expressions.prefilter import Prefilter, Starts, merged, starts_of
from shield.analyzer.expressions.quick_search import SOON, soon
from shield.analyzer.expressions.rewritings import Original, Rewriting, Rewritings
from shield.analyzer.recognizers.labelled import (
    ScoredPattern,
    ValuePattern,
    ValuePatternRecognizer,
    is_lettered,
)
from shield.analyzer.scoring import (
    Hit,
    Plain,
    Scored,
    add_hits,
    is_iban,
    scoring_of,
    twins_of,
    without_contained,
)
from shield.domain import Check, no_check
from shield.errors import DetectionIncompleteError
from shield.foreign_errors import failed

PATTERN_TIMEOUT = 5.0  # seconds that one search may take; only hostile texts need more
_DIGIT = re.compile(r"\d")
_ASCII_DIGIT = re.compile(r"[0-9]")
_LONG = 20_000  # code points from which the deadline is checked between patterns


Fired = Mapping[int, Sequence[int]]


@dataclass(frozen=True, slots=True)
class _Pattern:
    """`twin`: on ASCII text an earlier pattern of the recognizer finds the same with the same score."""

    recognizer: int
    expression: Rewriting
    score: float
    scored: Scored | Plain
    twin: bool = False
    digits: bool = False  # a match needs a digit
    back: int | None = None  # the prefilter knows only a trigger, at most so far after the start
    reach: int | None = None
    longest: int = 0  # code points of a match that must be the whole text; 0: it may be a part


def is_plain(recognizer: object) -> bool:
    """Whether this module can reproduce the recognizer's `analyze` exactly."""
    if not isinstance(recognizer, PatternRecognizer) or is_lettered(recognizer):
        return False
    return type(recognizer).analyze in (
        PatternRecognizer.analyze,
        IbanRecognizer.analyze,
        ValuePatternRecognizer.analyze,
    )


class PatternEngine:
    """Runs `recognizers`, all plain (`is_plain`); hits give them by index."""

    def __init__(
        self,
        recognizers: Sequence[Any],
        *,
        timeout: float = PATTERN_TIMEOUT,
        store: CompiledStore | None = None,
    ) -> None:
        self.recognizers = tuple(recognizers)
        self._contain = tuple(not is_iban(each) for each in self.recognizers)
        self._timeout = timeout
        found = [
            (place, pattern, int(recognizer.global_regex_flags), _trigger(pattern))
            for place, recognizer in enumerate(self.recognizers)
            for pattern in recognizer.patterns
        ]
        self.prefilter = Prefilter(
            [
                (pattern.regex if trigger is None else trigger.scanned, flags)
                for _, pattern, flags, trigger in found
            ],
            [(pattern.regex, flags) for _, pattern, flags, trigger in found if trigger is not None],
            store,
        )
        reaches = iter(self.prefilter.reaches)
        scored = [scoring_of(place, self.recognizers[place], pattern) for place, pattern, *_ in found]
        twins = twins_of(
            [
                (place, float(pattern.score), pattern.regex, flags) if type(how) is Plain else None
                for (place, pattern, flags, _), how in zip(found, scored, strict=True)
            ]
        )
        self._rewritings = Rewritings(
            [Original(pattern.regex, flags, trigger is not None) for _, pattern, flags, trigger in found],
            store,
        )
        self._patterns = [
            _Pattern(
                place,
                rewriting,
                float(pattern.score),
                how,
                twin,
            )
            if trigger is None
            else _Pattern(
                place,
                rewriting,
                float(pattern.score),
                how,
                twin,
                trigger.digits,
                trigger.back,
                next(reaches),
                trigger.longest,
            )
            for (place, pattern, _, trigger), rewriting, how, twin in zip(
                found, self._rewritings.each, scored, twins, strict=True
            )
        ]
        self._digits = any(pattern.digits for pattern in self._patterns)
        self._steps = [
            (
                pattern.recognizer,
                pattern,
                None if pattern.longest or pattern.back is not None else self.prefilter.narrow(identifier),
            )
            for identifier, pattern in enumerate(self._patterns)
        ]
        self._digital = frozenset(
            identifier
            for identifier, pattern in enumerate(self._patterns)
            if pattern.digits or self.prefilter.needs_digit(identifier)
        )

    def compiling(self) -> Iterator[None]:
        """Compiles what no text has needed yet: one expression a step, some tens of milliseconds at most."""
        return self._rewritings.making()

    def patterns_of(self, places: Container[int]) -> frozenset[int]:
        """The patterns, as numbered by the prefilter, of the recognizers with these indices."""
        return frozenset(
            identifier for identifier, pattern in enumerate(self._patterns) if pattern.recognizer in places
        )

    def possible(self, fired: Fired, text: str) -> Fired:
        """What fired, without the patterns that need a digit where the text has none.

        In the folded text a question mark looks like a digit of another script.
        """
        if not fired or not text.isascii() or _ASCII_DIGIT.search(text) is not None:
            return fired
        return {identifier: ends for identifier, ends in fired.items() if identifier not in self._digital}

    def analyze(  # noqa: PLR0917  # a text, what is known of it, and what is asked for
        self,
        text: str,
        folded: bytes,
        wanted: frozenset[int],
        check: Check = no_check,
        fired: Fired | None = None,
        within: Sequence[tuple[int, int]] | None = None,
    ) -> list[Hit]:
        """The hits of the wanted recognizers in `text`, whose folded form is `folded`.

        `fired` is the prefilter's result for it, if it was already run. `within` are the spans that the
        caller asks about: what can touch none of them may be left out.
        Raises `DetectionIncompleteError` where a recognizer raises or exceeds its time, and
        `ResourcesExhaustedError`.
        """
        if fired is None:
            fired = self.prefilter.fired(folded)
        if not fired and not self.prefilter.always:
            return []
        digits = self._digits and _DIGIT.search(text) is not None
        plain = text.isascii()
        # By recognizer: its patterns that may match, in order.
        asked: list[tuple[int, list[tuple[_Pattern, Starts | None]]]] = []
        last = -1
        identifiers = {*fired, *self.prefilter.always} if self.prefilter.always else fired
        for identifier in sorted(identifiers):
            place, pattern, narrow = self._steps[identifier]
            if place not in wanted or (pattern.digits and not digits) or (plain and pattern.twin):
                continue
            ends = fired.get(identifier, ())
            starts: Starts | None
            # Most are so, and this costs a third of the call.
            if narrow is not None and ends:
                most, least, reach = narrow
                spans = [(end - most if end > most else 0, end - least) for end in ends]
                starts = starts_of((merged(spans) if len(spans) > 1 else tuple(spans), reach, None))
            else:
                starts = self._starts(identifier, pattern, ends, text, folded)
            if starts is not None:
                if within is not None:
                    starts = starts.within(within)
                if not starts.intervals:
                    continue
            if place != last:
                asked.append((place, []))
                last = place
            asked[-1][1].append((pattern, starts))
        hits: list[Hit] = []
        for place, patterns in asked:
            try:
                hits += self._recognize(place, patterns, text)
            except Exception as error:  # noqa: BLE001  # whatever a recognizer raises may carry the text
                name = self.recognizers[place].name
                raise failed(error, DetectionIncompleteError(recognizer=name)) from None
            if len(text) > _LONG:
                check()
        return hits

    def _starts(  # a pattern, and what is known of the text
        self, identifier: int, pattern: _Pattern, ends: Sequence[int], text: str, folded: bytes
    ) -> Starts | None:
        """Where a pattern that fired with these ends can begin; `None`: anywhere."""
        if pattern.longest:
            return Starts(((0, 0),) if len(text) <= pattern.longest else (), pattern.reach)
        if pattern.back is None or not ends:  # no ends: the trigger could not be weakened
            return self.prefilter.starts(identifier, ends, folded)
        return Starts.before(ends, pattern.back, pattern.reach)

    def _recognize(
        self, place: int, patterns: Sequence[tuple[_Pattern, Starts | None]], text: str
    ) -> list[Hit]:
        found: list[Hit] = []
        # Several patterns of a recognizer may match the same text; its check of that text runs once.
        known: dict[tuple[int, int], float] | None = None
        if len(patterns) > 1 and self._contain[place]:
            known = {}
        for pattern, starts in patterns:
            cheaper = pattern.expression.known or pattern.expression.cheaper()
            matches: Iterable[Any] | None = None
            if starts is not None and not pattern.digits:
                matches = soon(starts, cheaper, text)
            if matches is None:
                matches = self._searched(pattern, cheaper, text, starts)
            scored = pattern.scored
            if type(scored) is Plain:
                add_hits(place, pattern.score, scored, matches, found, known)
                continue
            for match in matches:
                hit = scored(match, text)  # type: ignore[operator]  # it is the other sort
                if hit is not None:
                    found.append(hit)
        if len(found) < 2 or not self._contain[place]:  # noqa: PLR2004  one is contained in none
            return found
        return without_contained(found)

    def _searched(
        self, pattern: _Pattern, cheaper: Cheaper, text: str, starts: Starts | None
    ) -> Iterator[Any]:
        """What `compiled.finditer(text)` yields.

        Where the starts are bounded, the search begins at each interval in turn. Text before the
        beginning stays visible to look-behinds; text after the end of the search does not, so it is
        cut only where no attempt from the interval can touch what lies beyond (`Starts.reach`). Where
        an attempt is unbounded, each start is tried by itself: a search would run on from the last one to
        the end of the text.
        """
        compiled = cheaper.compiled
        followed = Followed(cheaper.follows, text, self._timeout) if cheaper.follows else None
        if starts is None:
            for match in compiled.finditer(text, timeout=self._timeout):
                if followed is not None and not followed.holds(match.start()):
                    return
                yield match
            return
        reach = cheaper.reach if starts.reach is None else starts.reach
        position = 0
        for low, high in starts.intervals:
            low = max(low, position)  # noqa: PLW2901  # matches do not overlap
            if low > high:
                continue
            if followed is not None and not followed.holds(low):
                return
            if reach is None:
                if pattern.digits and _DIGIT.search(text, low) is None:
                    return
                found = self._each_start(compiled, text, low, high)
            else:
                limit = min(len(text), high + reach)
                if pattern.digits and _DIGIT.search(text, low, limit) is None:
                    continue
                soon = cheaper.effort is not None and (limit - low) * cheaper.effort <= SOON
                found = compiled.finditer(text, low, limit, timeout=None if soon else self._timeout)
            for match in found:
                if match.start() > high:
                    break  # a match from here belongs to another interval, and may be cut short in this one
                if followed is not None and not followed.holds(match.start()):
                    return
                yield match
                position = match.end()

    def _each_start(self, compiled: Any, text: str, low: int, high: int) -> Iterator[Any]:
        attempt = compiled.match
        while low <= high:
            match = attempt(text, low, timeout=self._timeout)
            if match is None:
                low += 1
                continue
            yield match
            low = max(match.end(), low + 1)


def _trigger(pattern: object) -> ValuePattern | None:
    """What the prefilter scans for in place of a pattern, if anything."""
    return pattern.of if isinstance(pattern, ScoredPattern) and pattern.of.trigger else None
