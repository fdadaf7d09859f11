"""Finds by rule in one reading of a segment: by patterns, phone numbers, lists, and the names around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, NamedTuple

from shield.analyzer.calibration import CORRECTIONS
from shield.analyzer.context import ContextWords, KeyContext, boosted
from shield.analyzer.covered import Covered
from shield.analyzer.detectors import Detectors
from shield.analyzer.lettered_patterns import may_hold
from shield.analyzer.patterns import Fired
from shield.analyzer.plausibility import numbers_of_records
from shield.analyzer.recognizers import key_context, phone, phone_runs
from shield.analyzer.recognizers.phone_za import SouthAfricanNumbers
from shield.analyzer.recognizers.terms import DenyTerms
from shield.analyzer.surroundings import Surroundings
from shield.analyzer.views.reading import WRITTEN
from shield.analyzer.views.view import View
from shield.domain import RAW, VALUE_KINDS, Check, Finding, Policy, SegmentKind

_CERTAIN: Final = 0.95  # a checksum held: no other reading of the same digits is of interest


_finding: Callable[[tuple[int, int, str, float, str, str]], Finding] = partial(tuple.__new__, Finding)
"""Replaces the constructor that `NamedTuple` generates, a Python function that takes three times as long."""


class Run(NamedTuple):
    """One call of `analyze`.

    `places` are the indices of the recognizers whose types the policy names, `patterns` those of their
    patterns (as numbered by the prefilter); `named` are the types of `Detectors.named` that it names.
    """

    policy: Policy
    places: frozenset[int]
    patterns: frozenset[int]
    named: frozenset[str]
    denied: DenyTerms | None
    check: Check


class Piece(NamedTuple):
    """What is known about a segment besides its text. `speaks`: the names around it can name its value."""

    kind: SegmentKind
    keys: KeyContext
    speaks: bool


class ByRule:
    """Reads with the detectors of one engine. Immutable, so several threads may use it."""

    def __init__(self, detectors: Detectors) -> None:
        self._detectors = detectors
        recognizers = detectors.patterns.recognizers
        self.types = tuple(str(recognizer.supported_entities[0]) for recognizer in recognizers)
        self._names = tuple(str(recognizer.name) for recognizer in recognizers)
        self._contexts = tuple(ContextWords.of(recognizer.context) for recognizer in recognizers)
        self._corrections = tuple(CORRECTIONS.get(recognizer.name) for recognizer in recognizers)
        self._phone_context = ContextWords.of(phone.CONTEXT)
        za = detectors.south_african
        self._za_contexts = tuple(ContextWords.of(each.context) for each in za.recognizers) if za else ()

    def read(
        self,
        text: str,
        ascii_text: bytes,
        piece: Piece,
        run: Run,
        *,
        fired: Fired | None = None,
        view: View | None = None,
    ) -> list[Finding]:
        """The findings in one reading of a segment (`view`; `None`: the raw text), in its offsets."""
        detectors = self._detectors
        patterns = detectors.patterns
        keys = piece.keys
        found: list[Finding] = []
        around = Surroundings(text)
        named = keys.is_label or bool(keys.all_stems)
        if fired is None:
            fired = patterns.prefilter.fired(ascii_text, run.patterns, plain=text.isascii())
        if fired or patterns.prefilter.always:
            within = None if view is None or view.name in WRITTEN else view.changed()
            for hit in patterns.analyze(text, ascii_text, run.places, run.check, fired, within):
                place, start, end, score = hit
                if self._names[place] == numbers_of_records.CARDS and numbers_of_records.is_of_a_record(
                    text, keys
                ):
                    continue
                correct = self._corrections[place]
                if correct is not None:
                    score = correct(text, start, end, score, around)
                context = self._contexts[place]
                if score < 1.0 and context.roots and (named or not around.silent(context.roots, start)):
                    score = boosted(score, context, text, (start, end), keys, around)
                found.append(_finding((start, end, self.types[place], score, self._names[place], RAW)))
        operators = run.policy.operators
        if detectors.phones is not None and phone.ENTITY in operators:
            found += self._phones(detectors.phones, text, keys, found, run, view, around)
        za = detectors.south_african
        if (
            za is not None
            and not za.entities.isdisjoint(operators)
            and (view is None or view.name in WRITTEN)
        ):
            found += self._south_african(za, text, keys, run, around)
        lettered = detectors.lettered
        if lettered is not None and (view is None or view.name in WRITTEN) and may_hold(text):
            found += [
                Finding(start, end, lettered.types[place], score, lettered.names[place])
                for place, start, end, score in lettered.analyze(text, operators, run.check)
            ]
        if detectors.rules.rules:
            found += [f for f in detectors.rules.analyze(text, keys) if f.entity_type in operators]
        if run.denied is not None:
            found += [f for f in run.denied.analyze(text) if f.entity_type in operators]
        if piece.speaks and piece.kind in VALUE_KINDS:
            found += self.by_key_name(text, piece.kind, keys, run)
        return found

    def _south_african(
        self, numbers: SouthAfricanNumbers, text: str, keys: KeyContext, run: Run, around: Surroundings
    ) -> list[Finding]:
        found: list[Finding] = []
        run.check()
        for hit in numbers.analyze(text):
            recognizer = numbers.recognizers[hit.place]
            entity = recognizer.supported_entities[0]
            if entity in run.policy.operators:
                span = (hit.start, hit.end)
                score = boosted(hit.score, self._za_contexts[hit.place], text, span, keys, around)
                found.append(Finding(*span, entity, score, recognizer.name))
        return found

    @staticmethod
    def by_key_name(text: str, kind: SegmentKind, keys: KeyContext, run: Run) -> list[Finding]:
        operators = run.policy.operators
        named = key_context.by_key_name(text, kind, keys, run.named, operators)
        return [finding for finding in named if finding.entity_type in operators]

    def _phones(  # noqa: PLR0917  # one reading's state, passed along
        self,
        phones: phone.PhoneNumbers,
        text: str,
        keys: KeyContext,
        found: Sequence[Finding],
        run: Run,
        view: View | None,
        around: Surroundings,
    ) -> list[Finding]:
        runs = phone_runs.runs(text)
        if not runs:
            return []
        certain = Covered(each for each in found if each.score >= _CERTAIN)
        threshold = run.policy.threshold_of(phone.ENTITY)

        def skip(start: int, end: int) -> bool:
            # Reading a run costs up to one pass per region, so runs that cannot change the result are not
            # read: digits of a card or an IBAN, and bare digits that no context lifts to the threshold.
            # What the view changes beside a run may have hidden it: "call%20415-555-0132".
            if view is not None and not view.changes(max(start - 1, 0), end + 1):
                return True
            if certain.hold(start, end):
                return True
            if threshold <= phone.WEAK or not text[start:end].isdigit():
                return False
            return boosted(phone.WEAK, self._phone_context, text, (start, end), keys, around) < threshold

        numbers: list[Finding] = []
        for number in phones.analyze(text, run.check, skip, runs):
            span = (number.start, number.end)
            score = boosted(number.score, self._phone_context, text, span, keys, around)
            numbers.append(Finding(*span, phone.ENTITY, score, phone.RECOGNIZER))
        return numbers
