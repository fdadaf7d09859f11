"""Scores matches of recognizers' patterns; how is decided when the engine is built, not match by match."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

from presidio_analyzer.predefined_recognizers import IbanRecognizer

from shield.analyzer.expressions.equivalents import ResultCheck, check_of, in_ascii, veto_of
from shield.analyzer.recognizers.labelled import ScoredPattern, Sort, ValuePatternRecognizer

_REJECTED = 2.0  # the score of a span that is no hit, whatever pattern finds it: above all real ones


class Hit(NamedTuple):
    """A match of a recognizer (by its index among those of the engine) in one text."""

    recognizer: int
    start: int
    end: int
    score: float


Scored = Callable[[Any, str], Hit | None]
"""Gives the hit that a match of one pattern in a text is, if any."""

_hit: Callable[[tuple[int, int, int, float]], Hit] = partial(tuple.__new__, Hit)
"""Replaces the constructor that `NamedTuple` generates, a Python function that takes three times as long."""


class Plain(NamedTuple):
    """Presidio's scoring of a match (`PatternRecognizer`), as data, since most are scored so: saves a call.

    `check` and `veto` are the recognizer's; `None` where it has none of its own.
    """

    check: ResultCheck | None
    veto: ResultCheck | None


def twins_of(patterns: Sequence[tuple[int, float, str, int] | None]) -> list[bool]:
    """Which of the patterns (recognizer, score, source, flags; `None` for others) are twins.

    On ASCII text a twin finds only what an earlier pattern of the recognizer does, and scores it no better.
    """
    best: dict[tuple[int, str, int], float] = {}
    twins = []
    for pattern in patterns:
        if pattern is None:
            twins.append(False)
            continue
        place, score, source, flags = pattern
        key = (place, in_ascii(source), flags)
        twins.append(best.get(key, -1.0) >= score)
        best[key] = max(score, best.get(key, -1.0))
    return twins


def scoring_of(place: int, recognizer: Any, pattern: Any) -> Scored | Plain:
    """How matches of the pattern are scored, of the recognizer with index `place`."""
    if isinstance(pattern, ScoredPattern):
        return partial(_value, place, recognizer, pattern.of.sort)
    check = check_of(recognizer)
    if is_iban(recognizer):
        return partial(_iban, place, check, float(pattern.score))
    return Plain(check, veto_of(recognizer))


def add_hits(  # noqa: PLR0917  # what the recognizer says of any match, and what of these
    place: int,
    score: float,
    plain: Plain,
    matches: Iterable[Any],
    found: list[Hit],
    known: dict[tuple[int, int], float] | None,
) -> None:
    """Adds the hits among the matches of a pattern of this `score` to `found`.

    `known` are the scores of spans so far, where several patterns may find the same: a recognizer's check of
    a text always gives the same answer, and of two hits at one place the better stays.
    """
    check, veto = plain
    for match in matches:
        span = match.span()
        start, end = span
        if start == end or (known is not None and known.get(span, -1.0) >= score):
            continue
        counts = score
        if check is not None:
            valid = check(match[0])
            if valid is not None:
                counts = 1.0 if valid else 0.0
        if counts <= 0 or (veto is not None and veto(match[0])):
            if known is not None and score > 0:
                known[span] = _REJECTED
            continue
        found.append(_hit((place, start, end, counts)))
        if known is not None:
            known[span] = counts


def _value(place: int, recognizer: ValuePatternRecognizer, sort: Sort, match: Any, _text: str) -> Hit | None:
    hit = recognizer.hit(match, sort)
    return None if hit is None else _hit((place, *hit))


def _iban(place: int, check: ResultCheck | None, score: float, match: Any, text: str) -> Hit | None:
    """Presidio's scoring of one match of `IbanRecognizer`: the longest of its groups that is valid."""
    start = match.start()
    for group in range(len(match.groups()), 0, -1):
        end = match.end(group) if match.end(group) > 0 else match.end()
        matched = text[start:end]
        if matched == "":
            continue
        valid = None if check is None else check(matched)
        counts = score if valid is None else (1.0 if valid else 0.0)
        if counts > 0:
            return Hit(place, start, end, counts)
    return None


def without_contained(hits: Sequence[Hit]) -> list[Hit]:
    """Presidio's `remove_duplicates` for hits of one recognizer.

    What lies in another hit of at least the same score is left out.
    """
    best: dict[tuple[int, int], Hit] = {}
    last = 0  # the last end so far, while each hit begins after the one before
    for hit in hits:
        _, start, end, score = hit
        last = end if start >= last >= 0 else -1
        span = start, end
        known = best.get(span)
        if known is None or known.score < score:  # several similar patterns find the same
            best[span] = hit
    if last >= 0:
        return list(hits)  # none is empty, so none lies in another
    if len(best) == 1:
        return [*best.values()]
    kept: list[Hit] = []
    active: list[Hit] = []
    for hit in sorted(best.values(), key=lambda hit: (hit.start, -hit.end)):
        active = [other for other in active if other.end >= hit.start]
        if not any(
            other.start <= hit.start and hit.end <= other.end and hit.score <= other.score for other in active
        ):
            kept.append(hit)
            active.append(hit)
    return kept


def is_iban(recognizer: Any) -> bool:
    """Whether it searches like Presidio's IBAN recognizer, which never drops one hit for another."""
    return type(recognizer).analyze is IbanRecognizer.analyze
