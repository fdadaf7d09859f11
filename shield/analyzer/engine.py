"""The analyzer: segments in, findings out. Pure, synchronous, safe to call from several threads.

Law: what comes back is complete. A recognizer that raises or exceeds its time raises
`DetectionIncompleteError`; there is no path on which an error reads as "nothing found".

What runs on which kind of segment:

| kind      | patterns, phones, terms | names by model              | value by key name |
|-----------|-------------------------|-----------------------------|-------------------|
| TEXT      | yes                     | yes                         | yes               |
| PARAMETER | yes                     | yes                         | yes               |
| NUMBER    | yes                     | no                          | yes               |
| KEY       | yes                     | only where it holds a space | no                |
| PATH      | yes                     | no                          | no                |
| LITERAL   | no                      | no                          | no                |

Only recognizers of entity types that the policy names are run.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from presidio_analyzer import EntityRecognizer

from shield.analyzer.attempt import Attempt
from shield.analyzer.calibration import CORRECTIONS
from shield.analyzer.context import KEYS_READ, Before, ContextWords, KeyContext, boosted
from shield.analyzer.passages import Passage, passages
from shield.analyzer.patterns import Fired, PatternEngine
from shield.analyzer.recognizers import health, key_context, phone
from shield.analyzer.recognizers.terms import DENY_LIST, DenyTerms, PatternRules
from shield.analyzer.views.reading import WRITTEN, Views
from shield.analyzer.views.trigger import Reading
from shield.analyzer.views.view import View
from shield.analyzer.weaken import fold
from shield.domain import (
    Check,
    DenyRule,
    Finding,
    OperatorSpec,
    Policy,
    Segment,
    SegmentKind,
    no_check,
)
from shield.errors import DetectionIncompleteError, ShieldError

_POLICIES = 64  # how many policies' deny lists are kept compiled
_CERTAIN = 0.95  # a checksum held: no other reading of the same digits is of interest
_NOTHING_KNOWN: Mapping[int, Sequence[Finding]] = MappingProxyType({})
_KEY_CONTEXTS = 2048  # how many tuples of key names are remembered
_WARM_UP = (
    "Hello, this is Maria Garcia from Springfield. Please call me on 415-555-0132 or write to "
    "maria.garcia@example.com. I paid with 4111 1111 1111 1111 on 12 March 2024 from 203.0.113.7."
)


class Ner(Protocol):
    """A named-entity model. `entities` are the types that it can give, `recognizer` its name in findings."""

    entities: frozenset[str]
    digest: str

    @property
    def recognizer(self) -> str: ...

    def read(
        self, passages: Sequence[Passage], wanted: frozenset[str], check: Check = ...
    ) -> Iterable[list[Finding]]:
        """The entities of the wanted types in each passage, in order, each as soon as it is known.

        Raises DetectionIncompleteError, and whatever `check` raises.
        """
        ...


@dataclass(frozen=True, slots=True)
class Detectors:
    """What an `Analyzer` is made of (see `build`).

    `opaque` are recognizers that only their own `analyze` can run: a user's, and Presidio's that are
    more than patterns. `phones` is `None` where no phone recognizer is selected. `named` are the types of
    our own recognizers that names of members say as well.
    """

    patterns: PatternEngine
    rules: PatternRules
    opaque: tuple[Any, ...] = ()
    phones: phone.PhoneNumbers | None = None
    ner: Ner | None = None
    key_names: bool = True
    named: frozenset[str] = frozenset()
    views: Views | None = None
    health: health.HealthTerms | None = None


class _Run(NamedTuple):
    """One call of `analyze`.

    `places` are the recognizers (by place) of types that the policy names; `named`, of the types of
    `Detectors.named`, those that it names.
    """

    policy: Policy
    places: frozenset[int]
    named: frozenset[str]
    denied: DenyTerms | None
    check: Check


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is known of a segment besides its text. `speaks`: the names around it can name its value."""

    kind: SegmentKind
    keys: KeyContext
    speaks: bool


class Analyzer:
    """One engine for one `DetectorSpec`. `digest` is `sha256:…` of everything that decides its results.

    `document` is the text that has this digest. `recognizers` are the names that its findings and its
    errors may carry.
    """

    def __init__(self, detectors: Detectors, digest: str, document: bytes = b"") -> None:
        self.digest = digest
        self.document = document
        self._detectors = detectors
        recognizers = detectors.patterns.recognizers
        self._types = tuple(str(recognizer.supported_entities[0]) for recognizer in recognizers)
        self._names = tuple(str(recognizer.name) for recognizer in recognizers)
        self._contexts = tuple(ContextWords.of(recognizer.context) for recognizer in recognizers)
        self._corrections = tuple(CORRECTIONS.get(recognizer.name) for recognizer in recognizers)
        self._opaque_contexts = tuple(ContextWords.of(each.context) for each in detectors.opaque)
        self._phone_context = ContextWords.of(phone.CONTEXT)
        self._key_contexts: dict[tuple[tuple[str | int, ...], frozenset[str]], tuple[KeyContext, bool]] = {}
        self._last_wanted: tuple[frozenset[str], frozenset[int], frozenset[str]] = (_NOTHING,) * 3
        self._denied: OrderedDict[tuple[DenyRule, ...], DenyTerms] = OrderedDict()
        self._lock = threading.Lock()
        self.recognizers = frozenset(
            {
                DENY_LIST,
                *(recognizer.name for recognizer in recognizers),
                *(rule.name for rule in detectors.rules.rules),
                *(str(each.name) for each in detectors.opaque),
                *((phone.RECOGNIZER,) if detectors.phones is not None else ()),
                *((detectors.ner.recognizer,) if detectors.ner is not None else ()),
                *((health.RECOGNIZER,) if detectors.health is not None else ()),
                *((key_context.RECOGNIZER,) if detectors.key_names else ()),
            }
        )
        self.supported_entities = frozenset(
            {
                *self._types,
                *(rule.entity_type for rule in detectors.rules.rules),
                *(str(entity) for each in detectors.opaque for entity in each.supported_entities),
                *((phone.ENTITY,) if detectors.phones is not None else ()),
                *(detectors.ner.entities if detectors.ner is not None else ()),
                *(health.ENTITIES if detectors.health is not None else ()),
                *(key_context.ENTITIES | detectors.named if detectors.key_names else ()),
            }
        )

    def made_of(self, change: Callable[[Detectors], Detectors]) -> Analyzer:
        """The same engine over detectors that `change` made of its own, and that give the same results."""
        return Analyzer(change(self._detectors), self.digest, self.document)

    def analyze(
        self,
        segments: Sequence[Segment],
        policy: Policy,
        check: Check = no_check,
        known: Mapping[int, Sequence[Finding]] = _NOTHING_KNOWN,
        attempt: Attempt | None = None,
    ) -> list[list[Finding]]:
        """The findings of each segment, aligned with `segments`; thresholds are not yet applied.

        The segments at the places `known` are not analyzed: their findings are these, and what they hold
        is context for the others. `check` is called between bounded pieces of work, and what it raises
        passes through; after the patterns, `attempt` is asked as well. Raises `DetectionIncompleteError`.
        """
        if not policy.operators:  # nothing is personal data under this policy
            return [[] for _ in segments]
        found: list[list[Finding]] = [list(known.get(place, ())) for place in range(len(segments))]
        wanted = frozenset(policy.operators)
        run = _Run(policy, *self._wanted(wanted), self._deny_terms(policy.deny), check)
        written = self._by_patterns(segments, known, found, run)
        if attempt is not None:
            attempt.begin_rest(found)
            run = run._replace(check=attempt.rest)
        if self._detectors.opaque:
            for place, segment in enumerate(segments):
                if place not in known and _has_text(segment):
                    keys, _ = self._key_context(segment, run.named)
                    found[place] += self._by_opaque(segment.text, policy.operators, keys, run.check)
                    for view in written.get(place, ()):
                        again = self._by_opaque(view.text, policy.operators, keys, run.check)
                        _add(found[place], view, again)
        self._by_model(segments, wanted, found, written, run.check, known)
        self._by_health(segments, found, written, run, known)
        return found

    def patterns_alone(
        self,
        segments: Sequence[Segment],
        policy: Policy,
        check: Check = no_check,
        known: Mapping[int, Sequence[Finding]] = _NOTHING_KNOWN,
    ) -> list[list[Finding]]:
        """The same without a user's own recognizers and without the model."""
        found: list[list[Finding]] = [list(known.get(place, ())) for place in range(len(segments))]
        if policy.operators:
            wanted = self._wanted(frozenset(policy.operators))
            run = _Run(policy, *wanted, self._deny_terms(policy.deny), check)
            written = self._by_patterns(segments, known, found, run)
            self._by_health(segments, found, written, run, known)
        return found

    @property
    def is_quick(self) -> bool:
        """Whether it runs nothing but patterns: no model, and no recognizer that may take any time."""
        return self._detectors.ner is None and not self._detectors.opaque

    def _by_patterns(
        self,
        segments: Sequence[Segment],
        known: Mapping[int, Sequence[Finding]],
        found: list[list[Finding]],
        run: _Run,
    ) -> dict[int, list[View]]:
        """Adds what the patterns find; returns the other readings of segments that the model reads too."""
        readable = [
            place for place, segment in enumerate(segments) if place not in known and _has_text(segment)
        ]
        texts = [segments[place].text for place in readable]
        ascii_texts = [fold(text) for text in texts]
        run.check()
        detectors = self._detectors
        fired = detectors.patterns.prefilter.fired_in_each(ascii_texts)
        views = detectors.views
        reads_all = bool(
            detectors.rules.rules or run.denied is not None or detectors.patterns.prefilter.always
        )
        asked = views.asked(texts, ascii_texts) if views is not None else [_NO_READING] * len(texts)
        written: dict[int, list[View]] = {}
        for place, ascii_text, prefiltered, readings in zip(readable, ascii_texts, fired, asked, strict=True):
            segment = segments[place]
            # Most segments of a payload are names and states in which nothing can be found.
            if prefiltered or readings or reads_all or phone.may_hold(segment.text):
                run.check()
                others = _views(segment, readings, views)
                found[place] = self._by_rule(segment, ascii_text, prefiltered, run, others)
                if others and (faithful := [view for view in others if view.name in WRITTEN]):
                    written[place] = faithful
            elif detectors.key_names and segment.kind in _VALUES:
                keys, speaks = self._key_context(segment, run.named)
                if speaks:
                    found[place] = self._by_key_name(segment.text, segment.kind, keys, run)
        return written

    def _by_health(
        self,
        segments: Sequence[Segment],
        found: list[list[Finding]],
        written: Mapping[int, Sequence[View]],
        run: _Run,
        known: Mapping[int, Sequence[Finding]],
    ) -> None:
        """Terms of health: after the names, of which one in the sentence ties a term to somebody."""
        terms = self._detectors.health
        if terms is None or not (wanted := health.ENTITIES & run.policy.operators.keys()):
            return
        for place, segment in enumerate(segments):
            if place not in known and _has_text(segment):
                run.check()
                keys, _ = self._key_context(segment, run.named)
                readings = written.get(place, ())
                found[place] += terms.of_segment(segment, keys, found[place], readings, wanted)

    def warm(self) -> None:
        """Runs every detector once over a built-in text, so that the first request is not slow."""
        operators = dict.fromkeys(self.supported_entities, OperatorSpec("keep"))
        self.analyze([Segment(0, _WARM_UP)], Policy("warm", "", operators))

    def _wanted(self, wanted: frozenset[str]) -> tuple[frozenset[int], frozenset[str]]:
        """`places` and `named` of a run; remembered for the types that were asked for last."""
        known = self._last_wanted
        if known[0] != wanted:
            places = frozenset(place for place, entity in enumerate(self._types) if entity in wanted)
            known = self._last_wanted = (wanted, places, self._detectors.named & wanted)
        return known[1], known[2]

    def _key_context(self, segment: Segment, named: frozenset[str]) -> tuple[KeyContext, bool]:
        """What the names around a segment say, and whether they can name its value.

        Remembered: payloads of one schema bring the same names again and again.
        """
        names = tuple([step for step in segment.location if step.__class__ is str])
        if segment.kind is SegmentKind.KEY:
            names = names[:-1]
        key = (names[-KEYS_READ:], named)
        known = self._key_contexts.get(key)
        if known is None:
            if len(self._key_contexts) >= _KEY_CONTEXTS:
                self._key_contexts.clear()  # names that never come twice must not fill the memory
            context = KeyContext.of(key[0])
            known = self._key_contexts[key] = (context, key_context.speaks(context, named))
        return known

    def _deny_terms(self, deny: tuple[DenyRule, ...]) -> DenyTerms | None:
        if not deny:
            return None
        with self._lock:
            terms = self._denied.get(deny)
            if terms is None:
                terms = self._denied[deny] = DenyTerms(deny)
                if len(self._denied) > _POLICIES:
                    self._denied.popitem(last=False)
            else:
                self._denied.move_to_end(deny)
            return terms

    def _by_rule(
        self, segment: Segment, ascii_text: bytes, fired: Fired, run: _Run, views: Sequence[View]
    ) -> list[Finding]:
        """What the patterns find in one segment, in all its readings."""
        text = segment.text
        keys, speaks = self._key_context(segment, run.named)
        piece = _Piece(segment.kind, keys, speaks and self._detectors.key_names)
        found = self._read(text, ascii_text, piece, run, fired=fired)
        for view in views:
            run.check()
            again = self._read(view.text, fold(view.text), piece, run, view=view)
            _add(found, view, again)
        return found

    def _read(
        self,
        text: str,
        ascii_text: bytes,
        piece: _Piece,
        run: _Run,
        *,
        fired: Fired | None = None,
        view: View | None = None,
    ) -> list[Finding]:
        """The findings of one reading of a segment (`view`; `None`: as it is), in the reading's offsets."""
        detectors = self._detectors
        patterns = detectors.patterns
        keys = piece.keys
        found: list[Finding] = []
        if fired is None:
            fired = patterns.prefilter.fired(ascii_text)
        if fired or patterns.prefilter.always:
            within = None if view is None or view.name in WRITTEN else view.changed()
            before: dict[int, Before] = {}
            for hit in patterns.analyze(text, ascii_text, run.places, run.check, fired, within):
                place, start, end, score = hit.recognizer, hit.start, hit.end, hit.score
                correct = self._corrections[place]
                if correct is not None:
                    score = correct(text, start, end, score)
                context = self._contexts[place]
                if score < 1.0 and context:
                    around = before.get(start)
                    if around is None:
                        around = before[start] = Before.of(text, start)
                    score = boosted(score, context, text, (start, end), keys, around)
                found.append(Finding(start, end, self._types[place], score, self._names[place]))
        operators = run.policy.operators
        if detectors.phones is not None and phone.ENTITY in operators:
            found += self._phones(detectors.phones, text, keys, found, run, view)
        if detectors.rules.rules:
            found += [f for f in detectors.rules.analyze(text, keys) if f.entity_type in operators]
        if run.denied is not None:
            found += [f for f in run.denied.analyze(text) if f.entity_type in operators]
        if piece.speaks and piece.kind in _VALUES:
            found += self._by_key_name(text, piece.kind, keys, run)
        return found

    @staticmethod
    def _by_key_name(text: str, kind: SegmentKind, keys: KeyContext, run: _Run) -> list[Finding]:
        named = key_context.by_key_name(text, kind, keys, run.named)
        return [finding for finding in named if finding.entity_type in run.policy.operators]

    def _phones(  # noqa: PLR0917  # one reading's state, passed along
        self,
        phones: phone.PhoneNumbers,
        text: str,
        keys: KeyContext,
        found: Sequence[Finding],
        run: _Run,
        view: View | None,
    ) -> list[Finding]:
        if not phone.may_hold(text):
            return []
        certain: list[tuple[int, int]] = []
        farthest = 0  # of the ends so far: a run may lie in a finding that began earlier
        for start, end in sorted((each.start, each.end) for each in found if each.score >= _CERTAIN):
            farthest = max(farthest, end)
            certain.append((start, farthest))
        threshold = run.policy.thresholds.get(phone.ENTITY, run.policy.score_threshold)

        def skip(start: int, end: int) -> bool:
            # Reading a run costs up to a pass a region, so those that cannot change the result are not
            # read: digits of a card or an IBAN, and bare digits that no context lifts to the threshold.
            if view is not None and not view.changes(start, end):
                return True
            before = bisect_right(certain, (start, len(text)))
            if before and end <= certain[before - 1][1]:
                return True
            if threshold <= phone.WEAK or not text[start:end].isdigit():
                return False
            return boosted(phone.WEAK, self._phone_context, text, (start, end), keys) < threshold

        numbers: list[Finding] = []
        for number in phones.analyze(text, run.check, skip):
            span = (number.start, number.end)
            score = boosted(number.score, self._phone_context, text, span, keys)
            numbers.append(Finding(*span, phone.ENTITY, score, phone.RECOGNIZER))
        return numbers

    def _by_opaque(
        self, text: str, operators: Mapping[str, OperatorSpec], keys: KeyContext, check: Check
    ) -> list[Finding]:
        found: list[Finding] = []
        for recognizer, context in zip(self._detectors.opaque, self._opaque_contexts, strict=True):
            entities = [entity for entity in recognizer.supported_entities if entity in operators]
            if not entities:
                continue
            check()
            try:
                results = recognizer.analyze(text, entities, nlp_artifacts=None)
                if results is None:
                    raise TypeError  # noqa: TRY301  # the interface's default body; not an empty result
                for result in EntityRecognizer.remove_duplicates(list(results)):
                    span = (int(result.start), int(result.end))
                    if not 0 <= span[0] <= span[1] <= len(text):
                        raise ValueError  # noqa: TRY301  # it points outside the text
                    score = boosted(float(result.score), context, text, span, keys)
                    if result.entity_type in operators and span[0] < span[1]:
                        found.append(Finding(*span, str(result.entity_type), score, recognizer.name))
            except ShieldError:
                raise
            except Exception:  # noqa: BLE001  # whatever a recognizer raises may carry the text
                raise DetectionIncompleteError(recognizer=recognizer.name) from None
        return found

    def _by_model(  # noqa: PLR0917  # one call's state, passed along
        self,
        segments: Sequence[Segment],
        wanted: frozenset[str],
        found: list[list[Finding]],
        written: Mapping[int, Sequence[View]],
        check: Check,
        known: Mapping[int, Sequence[Finding]],
    ) -> None:
        ner = self._detectors.ner
        if ner is None or not (entities := ner.entities & wanted):
            return
        read = [passage for passage in passages(segments, written) if passage.place not in known]
        if not read:
            return
        for passage, findings in zip(read, ner.read(read, entities, check), strict=True):
            if passage.view is None:
                found[passage.place] += _unnamed(findings, found[passage.place])
            else:
                _add(found[passage.place], passage.view, findings)


def _views(segment: Segment, readings: frozenset[Reading], views: Views | None) -> list[View]:
    """The other readings of a segment; numbers and literals have none."""
    if views is None or not readings or segment.kind is SegmentKind.NUMBER:
        return []
    return views.of(segment.text, readings)


def _unnamed(findings: Sequence[Finding], by_rule: Sequence[Finding]) -> list[Finding]:
    """The model's findings without the numbers that a rule already named.

    The model is sure that a number is somebody's long before it is sure of its kind; a rule that knows its
    form or its label says the kind.
    """
    named = [f for f in by_rule if f.score >= _SURE_ENOUGH]
    return [
        finding
        for finding in findings
        if finding.entity_type not in KINDS_OF_NUMBERS
        or not any(each.start <= finding.start and finding.end <= each.end for each in named)
    ]


def _add(found: list[Finding], view: View, again: Sequence[Finding]) -> None:
    """Adds what a view shows anew, in raw offsets.

    In a reading of words or figures as a number, chance is high: what no check digit, form or label
    makes sure of is left out, and so is what says little of the value.
    """
    known = {(f.start, f.end, f.entity_type): f.score for f in found}
    for finding in again:
        if view.name not in WRITTEN and (
            finding.score < _SURE_ENOUGH
            or finding.entity_type in _VAGUE
            or not view.changes(finding.start, finding.end)
        ):
            continue
        start, end = view.raw_span(finding.start, finding.end)
        place = (start, end, finding.entity_type)
        if known.get(place, -1.0) < finding.score:
            known[place] = finding.score
            found.append(replace(finding, start=start, end=end, view=view.name))


_NO_READING: frozenset[Reading] = frozenset()
_NOTHING: frozenset[Any] = frozenset()
_SURE_ENOUGH = 0.5
KINDS_OF_NUMBERS = frozenset(
    {
        "ACCOUNT_NUMBER",
        "CREDIT_CARD",
        "LICENSE_PLATE",
        "MEDICAL_RECORD_NUMBER",
        "NATIONAL_ID",
        "PASSWORD",
        "PHONE_NUMBER",
        "PIN",
        "POSTCODE",
        "US_BANK_NUMBER",
        "US_SSN",
        "USERNAME",
        "VEHICLE_ID",
    }
)
"""Types of numbers and codes that a model can give."""
_VAGUE = frozenset({"DATE_TIME", "URL", "NRP", "ORGANIZATION", "PERSON", "LOCATION"})
_VALUES = (SegmentKind.TEXT, SegmentKind.PARAMETER, SegmentKind.NUMBER)


def _has_text(segment: Segment) -> bool:
    text = segment.text
    return bool(text) and segment.kind is not SegmentKind.LITERAL and not text.isspace()
