"""The analyzer: segments in, findings out. Pure, synchronous, safe to call from several threads.

Law: the result is complete. A recognizer that raises or exceeds its time raises
`DetectionIncompleteError`; on no path does an error count as "nothing found".

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
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

from shield.analyzer import message_ids
from shield.analyzer.additions import Named, add, unnamed
from shield.analyzer.attempt import Attempt
from shield.analyzer.by_opaque import ByOpaque
from shield.analyzer.by_patterns import ByPatterns, has_text
from shield.analyzer.by_rule import ByRule, Run
from shield.analyzer.conversation.corrected import with_corrections
from shield.analyzer.detectors import Detectors
from shield.analyzer.known_keys import KnownKeys
from shield.analyzer.layouts import filters, goods, repeated_texts, timed_words
from shield.analyzer.layouts.markup import beside_markup, between_signs, between_tags, with_mentions
from shield.analyzer.learned import unlearned
from shield.analyzer.messages import interchange
from shield.analyzer.passages import certain, passages
from shield.analyzer.recognizers import health
from shield.analyzer.recognizers.terms import DenyTerms
from shield.analyzer.recurring_numbers import RecurringNumbers
from shield.analyzer.views.view import View
from shield.domain import (
    KEEP,
    Check,
    DenyRule,
    Finding,
    OperatorSpec,
    Policy,
    Segment,
    no_check,
)

_POLICIES = 64  # how many policies' deny lists are kept compiled
_NOTHING_KNOWN: Mapping[int, Sequence[Finding]] = MappingProxyType({})
_Wanted = tuple[frozenset[int], frozenset[int], frozenset[str]]
_WARM_UP = (
    "Hello, this is Maria Garcia from Springfield. Please call me on 415-555-0132 or write to "
    "maria.garcia@example.com. I paid with 4111 1111 1111 1111 on 12 March 2024 from 203.0.113.7."
)


class _Search(NamedTuple):
    """One call, after its patterns: what is read, and what is found so far, by the segments' indices.

    The segments in `known` are not read: what is known of them only serves as context for the others.
    `written` are other readings, which the later steps read too.
    """

    segments: Sequence[Segment]
    known: Mapping[int, Sequence[Finding]]
    found: list[list[Finding]]
    written: Mapping[int, Sequence[View]]
    run: Run

    def unread(self) -> Iterator[tuple[int, Segment]]:
        """The segments with text that are not known, with their indices."""
        for place, segment in enumerate(self.segments):
            if place not in self.known and has_text(segment):
                yield place, segment


class Analyzer:
    """One engine for one `DetectorSpec`. `digest` is `sha256:…` of everything that decides its results.

    `document` is the text that has this digest. `recognizers` are the names that its findings and
    errors may carry.
    """

    def __init__(self, detectors: Detectors, digest: str, document: bytes = b"") -> None:
        self.digest = digest
        self.document = document
        self._detectors = detectors
        self._rules = ByRule(detectors)
        self._opaque = ByOpaque(detectors.opaque)
        self._keys = KnownKeys()
        self._recurring = RecurringNumbers()
        self._wanted_of: dict[int, tuple[Mapping[str, OperatorSpec], _Wanted]] = {}
        self._denied: OrderedDict[tuple[DenyRule, ...], DenyTerms] = OrderedDict()
        self._lock = threading.Lock()
        self.recognizers = detectors.recognizers
        self.supported_entities = detectors.entities
        self._patterns = ByPatterns(detectors, self._rules, self._keys, self.supported_entities)

    def made_of(self, change: Callable[[Detectors], Detectors]) -> Analyzer:
        """The same engine over detectors that `change` makes of its own; these must give the same results."""
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

        The segments with indices in `known` are not analyzed: their findings are given there, and they only
        serve as context for the others. `check` is called between bounded pieces of work, and what it raises
        passes through; after the patterns, `attempt` is asked as well. Raises `DetectionIncompleteError`.
        """
        if not policy.operators:  # nothing is personal data under this policy
            return [[] for _ in segments]
        search = self._by_patterns(segments, policy, check, known)
        if attempt is not None:
            attempt.begin_rest(search.found)
            search = search._replace(run=search.run._replace(check=attempt.rest))
        self._by_opaque(search)
        self._by_model(search)
        self._by_health(search)
        return self._settled(segments, search.found)

    def patterns_alone(
        self,
        segments: Sequence[Segment],
        policy: Policy,
        check: Check = no_check,
        known: Mapping[int, Sequence[Finding]] = _NOTHING_KNOWN,
    ) -> list[list[Finding]]:
        """As `analyze`, without users' own recognizers and without the model."""
        if not policy.operators:
            return [[] for _ in segments]
        search = self._by_patterns(segments, policy, check, known)
        self._by_health(search)
        return self._settled(segments, search.found)

    def unlearned(self, segments: Sequence[Segment], policy: Policy) -> int:
        """How many letters of the segments the model has not learned; none where no model reads them.

        In these letters it finds no names: the phrases, labels and titles around a name tell it there.
        """
        ner = self._detectors.ner
        if ner is None or not ner.latin_only or ner.entities.isdisjoint(policy.operators):
            return 0
        return sum([unlearned(each.text) for each in segments if not each.text.isascii() and has_text(each)])

    @property
    def is_quick(self) -> bool:
        """Whether it runs only patterns: no model, and no recognizer whose time is unbounded."""
        return self._detectors.ner is None and not self._detectors.opaque

    def warm(self) -> None:
        """Runs every detector once over a built-in text, so that the first request is not slow."""
        operators = dict.fromkeys(self.supported_entities, OperatorSpec(KEEP))
        self.analyze([Segment(0, _WARM_UP)], Policy("warm", "", operators))

    def compiling(self) -> Iterator[None]:
        """Compiles, step by step, what is otherwise compiled when a text first needs it."""
        yield from self._detectors.patterns.compiling()
        if self._detectors.lettered is not None:
            yield from self._detectors.lettered.compiling()

    def _wanted(self, operators: Mapping[str, OperatorSpec]) -> _Wanted:
        """`places`, `patterns` and `named` of a run.

        Cached by the identity of the policy's mapping, which is immutable: comparing the types of all
        countries by name would cost more. While the mapping is kept, no other object can have its id.
        """
        known = self._wanted_of.get(id(operators))
        if known is None:
            if len(self._wanted_of) >= _POLICIES:
                self._wanted_of.clear()
            places = frozenset(place for place, entity in enumerate(self._rules.types) if entity in operators)
            patterns = self._detectors.patterns.patterns_of(places)
            named = frozenset(self._detectors.named & operators.keys())
            known = self._wanted_of[id(operators)] = (operators, (places, patterns, named))
        return known[1]

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

    def _by_patterns(
        self,
        segments: Sequence[Segment],
        policy: Policy,
        check: Check,
        known: Mapping[int, Sequence[Finding]],
    ) -> _Search:
        found: list[list[Finding]] = [list(known.get(place, ())) for place in range(len(segments))]
        run = Run(policy, *self._wanted(policy.operators), self._deny_terms(policy.deny), check)
        written = self._patterns.each(segments, known, found, run)
        self._patterns.across(segments, found, run)
        return _Search(segments, known, found, written, run)

    def _by_opaque(self, search: _Search) -> None:
        """Adds what users' own recognizers find."""
        if not self._detectors.opaque:
            return
        run, operators = search.run, search.run.policy.operators
        for place, segment in search.unread():
            keys, _ = self._keys.around(segment, run.named)
            search.found[place] += self._opaque.read(segment.text, operators, keys, run.check)
            for view in search.written.get(place, ()):
                add(search.found[place], view, self._opaque.read(view.text, operators, keys, run.check))

    def _by_model(self, search: _Search) -> None:
        """Adds the names and numbers that the model finds in prose."""
        ner = self._detectors.ner
        segments, known, found, written, run = search
        policy = run.policy
        if ner is None or not (entities := ner.entities & policy.operators.keys()):
            return
        if "PERSON" in entities:
            goods.left_to_model(segments, found, known)
        every = passages(segments, written, found, policy, latin_only=ner.latin_only)
        read = [it for it in every if it.place not in known]
        if not read:
            return

        def add_of_text(place: int, named: Named, findings: Sequence[Finding]) -> None:
            text = segments[place].text
            news = unnamed(findings, named, found[place], policy)
            if news and filters.may_hold(text):
                news = filters.beside_operators(news, text)
            found[place] += with_mentions(between_signs(beside_markup(news, text), text), text)

        each = zip(read, ner.read(read, entities, run.check), strict=True)
        for (place, cued), group in groupby(each, lambda it: (it[0].place, it[0].at > 0)):
            if cued:  # all of a text at once: searching the whole text for each would be quadratic
                names = [it for passage, said in group for it in certain(passage, said)]
                add_of_text(place, Named(()), names)
                continue
            for passage, said in group:
                findings = certain(passage, said)
                if passage.view is None:
                    add_of_text(place, passage.named, findings)
                    continue
                known_here = len(found[place])
                seen = passage.view.text
                words = with_mentions(between_signs(beside_markup(findings, seen), seen), seen)
                add(found[place], passage.view, words)
                if news := found[place][known_here:]:
                    by_rule = [it for it in found[place][:known_here] if it.recognizer != ner.recognizer]
                    found[place][known_here:] = unnamed(news, Named(by_rule, policy), by_rule, policy)

    def _by_health(self, search: _Search) -> None:
        """Adds terms of health: after the names, as a name in the sentence ties a term to a person."""
        terms, run = self._detectors.health, search.run
        if terms is None or not (wanted := health.ENTITIES & run.policy.operators.keys()):
            return
        for place, segment in search.unread():
            run.check()
            keys, _ = self._keys.around(segment, run.named)
            readings = search.written.get(place, ())
            search.found[place] += terms.of_segment(segment, keys, search.found[place], readings, wanted)

    def _settled(self, segments: Sequence[Segment], found: list[list[Finding]]) -> list[list[Finding]]:
        """The findings, also in timed words, without identifiers of messages, delimiters and tags."""
        ner = self._detectors.ner
        model = "" if ner is None else ner.recognizer
        repeated_texts.share(segments, found, model)
        for place, finding in list(self._recurring.findings(segments, found, model)):
            found[place].append(finding)
        for place, finding in list(timed_words.findings(segments, found)):
            found[place].append(finding)
        settled: list[list[Finding]] = []
        for segment, findings in zip(segments, found, strict=True):
            text = segment.text
            if findings:
                findings = message_ids.without(findings, text)  # noqa: PLW2901  narrowed step by step
                findings = with_corrections(findings, text)  # noqa: PLW2901
                if interchange.may_hold(text):
                    findings = interchange.settled(findings, text, model)  # noqa: PLW2901
                if "<" in text:
                    findings = between_tags(findings, text)  # noqa: PLW2901
            settled.append(findings)
        return settled
