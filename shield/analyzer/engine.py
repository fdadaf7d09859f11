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
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from shield.analyzer import dialogue, filters, message_ids
from shield.analyzer.additions import add, beside_markup, between_tags, unnamed
from shield.analyzer.attempt import Attempt
from shield.analyzer.by_opaque import ByOpaque
from shield.analyzer.by_rule import VALUES, ByRule, Piece, Run
from shield.analyzer.by_turns import ByTurns
from shield.analyzer.context import KEYS_READ, KeyContext
from shield.analyzer.conversations import conversations
from shield.analyzer.detectors import Detectors
from shield.analyzer.folded import fold, fold_each
from shield.analyzer.joined import Joined, Pieces
from shield.analyzer.named_pieces import named_pieces
from shield.analyzer.passages import passages
from shield.analyzer.patterns import Fired
from shield.analyzer.recognizers import health, key_context, phone, phone_za
from shield.analyzer.recognizers.terms import DENY_LIST, DenyTerms
from shield.analyzer.tables import TABLE
from shield.analyzer.views.reading import WRITTEN, Views
from shield.analyzer.views.trigger import Reading
from shield.analyzer.views.view import View
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

_POLICIES = 64  # how many policies' deny lists are kept compiled
_NOTHING_KNOWN: Mapping[int, Sequence[Finding]] = MappingProxyType({})
_Wanted = tuple[frozenset[int], frozenset[int], frozenset[str]]
_KEY_CONTEXTS = 2048  # how many tuples of key names are remembered
_WARM_UP = (
    "Hello, this is Maria Garcia from Springfield. Please call me on 415-555-0132 or write to "
    "maria.garcia@example.com. I paid with 4111 1111 1111 1111 on 12 March 2024 from 203.0.113.7."
)


class Analyzer:
    """One engine for one `DetectorSpec`. `digest` is `sha256:…` of everything that decides its results.

    `document` is the text that has this digest. `recognizers` are the names that its findings and its
    errors may carry.
    """

    def __init__(self, detectors: Detectors, digest: str, document: bytes = b"") -> None:
        self.digest = digest
        self.document = document
        self._detectors = detectors
        self._by = ByRule(detectors)
        self._opaque = ByOpaque(detectors.opaque)
        self._pieces = Pieces()
        self._key_contexts: dict[tuple[tuple[str, ...], frozenset[str]], tuple[KeyContext, bool]] = {}
        self._wanted_of: dict[int, tuple[Mapping[str, OperatorSpec], _Wanted]] = {}
        self._denied: OrderedDict[tuple[DenyRule, ...], DenyTerms] = OrderedDict()
        self._lock = threading.Lock()
        recognizers = detectors.patterns.recognizers
        za = detectors.south_african.recognizers if detectors.south_african is not None else ()
        self.recognizers = frozenset(
            {
                DENY_LIST,
                *(recognizer.name for recognizer in recognizers),
                *(rule.name for rule in detectors.rules.rules),
                *(str(each.name) for each in (*detectors.opaque, *za)),
                *((phone.RECOGNIZER,) if detectors.phones is not None else ()),
                *((detectors.ner.recognizer,) if detectors.ner is not None else ()),
                *((health.RECOGNIZER,) if detectors.health is not None else ()),
                *((key_context.RECOGNIZER, dialogue.RECOGNIZER) if detectors.key_names else ()),
            }
        )
        self.supported_entities = frozenset(
            {
                *self._by.types,
                *(rule.entity_type for rule in detectors.rules.rules),
                *(str(entity) for each in (*detectors.opaque, *za) for entity in each.supported_entities),
                *((phone.ENTITY,) if detectors.phones is not None else ()),
                *(detectors.ner.entities if detectors.ner is not None else ()),
                *(health.ENTITIES if detectors.health is not None else ()),
                *(key_context.ENTITIES | detectors.named if detectors.key_names else ()),
            }
        )
        self._turns = ByTurns(self.supported_entities, answers=detectors.key_names)

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
        run = Run(policy, *self._wanted(policy.operators), self._deny_terms(policy.deny), check)
        written = self._by_patterns(segments, known, found, run)
        self._across(segments, found, run)
        if attempt is not None:
            attempt.begin_rest(found)
            run = run._replace(check=attempt.rest)
        if self._detectors.opaque:
            for place, segment in enumerate(segments):
                if place not in known and _has_text(segment):
                    keys, _ = self._key_context(segment, run.named)
                    found[place] += self._opaque.read(segment.text, policy.operators, keys, run.check)
                    for view in written.get(place, ()):
                        again = self._opaque.read(view.text, policy.operators, keys, run.check)
                        add(found[place], view, again)
        self._by_model(segments, found, written, run, known)
        self._by_health(segments, found, written, run, known)
        return _without_tags(segments, found)

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
            run = Run(policy, *self._wanted(policy.operators), self._deny_terms(policy.deny), check)
            written = self._by_patterns(segments, known, found, run)
            self._across(segments, found, run)
            self._by_health(segments, found, written, run, known)
        return _without_tags(segments, found)

    @property
    def is_quick(self) -> bool:
        """Whether it runs nothing but patterns: no model, and no recognizer that may take any time."""
        return self._detectors.ner is None and not self._detectors.opaque

    def _by_patterns(
        self,
        segments: Sequence[Segment],
        known: Mapping[int, Sequence[Finding]],
        found: list[list[Finding]],
        run: Run,
    ) -> dict[int, list[View]]:
        """Adds what the patterns find; returns the other readings of segments that the model reads too."""
        readable = [
            place for place, segment in enumerate(segments) if place not in known and _has_text(segment)
        ]
        texts = [segments[place].text for place in readable]
        ascii_texts = fold_each(texts)
        run.check()
        detectors = self._detectors
        plain = all(map(str.isascii, texts))
        fired = detectors.patterns.prefilter.fired_in_each(ascii_texts, run.patterns, plain=plain)
        views = detectors.views
        reads_all = bool(
            detectors.rules.rules or run.denied is not None or detectors.patterns.prefilter.always
        )
        asked = views.asked(texts, ascii_texts) if views is not None else [_NO_READING] * len(texts)
        written: dict[int, list[View]] = {}
        for place, ascii_text, prefiltered, readings in zip(readable, ascii_texts, fired, asked, strict=True):
            segment = segments[place]
            possible = prefiltered and detectors.patterns.possible(prefiltered, segment.text)
            # Most segments of a payload are names and states in which nothing can be found.
            if possible or readings or reads_all or self._may_hold_phones(segment.text):
                run.check()
                others = _views(segment, readings, views)
                found[place] = self._by_rule(segment, ascii_text, possible, run, others)
                if others and (faithful := [view for view in others if view.name in WRITTEN]):
                    written[place] = faithful
            elif detectors.key_names and segment.kind in VALUES:
                keys, speaks = self._key_context(segment, run.named)
                if speaks:
                    found[place] = self._by.by_key_name(segment.text, segment.kind, keys, run)
            if detectors.key_names and segment.kind in VALUES:
                found[place] += self._in_cells(segment, run)
                if "\n" in segment.text and segment.kind is SegmentKind.TEXT:
                    found[place] += self._turns.of_text(segment.text, run, self._read_together)
        return written

    def _in_cells(self, segment: Segment, run: Run) -> list[Finding]:
        """What pieces of a text hold that have names of their own, as cells of tables have."""
        text = segment.text
        found: list[Finding] = []
        for cell in named_pieces(segment, lambda names: self._keys_of(names, run.named)[1]):
            run.check()
            keys, speaks = self._keys_of(cell.names, run.named)
            value = text[cell.start : cell.end]
            for each in self._by.read(value, fold(value), Piece(SegmentKind.TEXT, keys, speaks), run):
                start, end = each.start + cell.start, each.end + cell.start
                found.append(each._replace(start=start, end=end, view=TABLE))
        return found

    def _may_hold_phones(self, text: str) -> bool:
        if self._detectors.south_african is not None and phone_za.may_hold(text):
            return True
        return phone.may_hold(text)

    def _by_health(
        self,
        segments: Sequence[Segment],
        found: list[list[Finding]],
        written: Mapping[int, Sequence[View]],
        run: Run,
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

    def _wanted(self, operators: Mapping[str, OperatorSpec]) -> _Wanted:
        """`places`, `patterns` and `named` of a run.

        Remembered by the policy's own mapping, which is made once and does not change: to compare the types
        of all countries by name costs more than to look an object up. While it is kept, no other has its id.
        """
        known = self._wanted_of.get(id(operators))
        if known is None:
            if len(self._wanted_of) >= _POLICIES:
                self._wanted_of.clear()
            places = frozenset(place for place, entity in enumerate(self._by.types) if entity in operators)
            patterns = self._detectors.patterns.patterns_of(places)
            named = frozenset(self._detectors.named & operators.keys())
            known = self._wanted_of[id(operators)] = (operators, (places, patterns, named))
        return known[1]

    def _key_context(self, segment: Segment, named: frozenset[str]) -> tuple[KeyContext, bool]:
        """What the names around a segment say, and whether they can name its value.

        Remembered: payloads of one schema bring the same names again and again.
        """
        names = tuple([step for step in segment.location if isinstance(step, str)])
        if segment.kind is SegmentKind.KEY:
            names = names[:-1]
        return self._keys_of(names, named)

    def _keys_of(self, names: tuple[str, ...], named: frozenset[str]) -> tuple[KeyContext, bool]:
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
        self, segment: Segment, ascii_text: bytes, fired: Fired, run: Run, views: Sequence[View]
    ) -> list[Finding]:
        """What the patterns find in one segment, in all its readings."""
        text = segment.text
        keys, speaks = self._key_context(segment, run.named)
        piece = Piece(segment.kind, keys, speaks and self._detectors.key_names)
        found = self._by.read(text, ascii_text, piece, run, fired=fired)
        for view in views:
            run.check()
            again = self._by.read(view.text, fold(view.text), piece, run, view=view)
            add(found, view, again)
        if found and message_ids.are_message_ids(text, keys.own):
            return [each for each in found if each.recognizer != message_ids.RECOGNIZER]
        return found

    def _across(self, segments: Sequence[Segment], found: list[list[Finding]], run: Run) -> None:
        """Adds what the patterns find over several segments that are pieces of one text."""
        for text in self._pieces.joined(segments):
            for place, finding in text.spread(self._read_together(text, run)):
                found[place].append(finding)
        if not self._detectors.key_names:
            return
        for places, turns in conversations(segments, self._turns.tells):
            for turn, finding in self._turns.said(turns, run, self._read_together):
                found[places[turn]].append(finding)

    def _read_together(self, text: Joined, run: Run) -> list[Finding]:
        """What the patterns find in pieces that are read together, in all readings of these."""
        run.check()
        views = self._detectors.views
        keys, speaks = self._keys_of(text.names, run.named)
        piece = Piece(SegmentKind.TEXT, keys, speaks and self._detectors.key_names)
        read, ascii_text = text.view.text, fold(text.view.text)
        found = self._by.read(read, ascii_text, piece, run, view=text.view)
        if views is not None:
            for view in views.of(read, views.asked([read], [ascii_text])[0]):
                add(found, view, self._by.read(view.text, fold(view.text), piece, run, view=view))
        return found

    def _by_model(
        self,
        segments: Sequence[Segment],
        found: list[list[Finding]],
        written: Mapping[int, Sequence[View]],
        run: Run,
        known: Mapping[int, Sequence[Finding]],
    ) -> None:
        ner = self._detectors.ner
        if ner is None or not (entities := ner.entities & run.policy.operators.keys()):
            return
        texts = passages(segments, written, found, run.policy)
        read = [passage for passage in texts if passage.place not in known]
        if not read:
            return
        for passage, said in zip(read, ner.read(read, entities, run.check), strict=True):
            findings = said if not passage.least else [each for each in said if _is_sure(each, passage.least)]
            if passage.view is None:
                news = unnamed(findings, passage.named, found[passage.place], run.policy)
                if news and filters.may_hold(passage.text):
                    news = filters.beside_operators(news, passage.text)
                found[passage.place] += beside_markup(news, passage.text)
            else:
                add(found[passage.place], passage.view, beside_markup(findings, passage.view.text))


def _is_sure(finding: Finding, least: float) -> bool:
    return finding.entity_type == "PERSON" and finding.score >= least


_NO_READING: frozenset[Reading] = frozenset()
_NOTHING: frozenset[Any] = frozenset()


def _has_text(segment: Segment) -> bool:
    text = segment.text
    return bool(text) and segment.kind is not SegmentKind.LITERAL and not text.isspace()


def _without_tags(segments: Sequence[Segment], found: list[list[Finding]]) -> list[list[Finding]]:
    return [
        between_tags(each, segment.text) if each and "<" in segment.text else each
        for segment, each in (
            (segment, message_ids.without(findings, segment.text))
            for segment, findings in zip(segments, found, strict=True)
        )
    ]


def _views(segment: Segment, readings: frozenset[Reading], views: Views | None) -> list[View]:
    """The other readings of a segment; numbers and literals have none."""
    if views is None or not readings or segment.kind is SegmentKind.NUMBER:
        return []
    return views.of(segment.text, readings)
