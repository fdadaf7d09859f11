"""The heart: takes a body and returns the redacted body and what was found in it.

It is synchronous and pure CPU: no I/O, no clock, no globals. The proxy, the command line and every later
door call it, and none repeats its steps: decode → analyze → resolve → anonymize → encode.

Its laws are those of `docs/architecture.md`: what is not an edit is byte-identical; everything is
inspected or counted as not inspected; any doubt raises, so that a caller cannot forward by mistake.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from shield.analyzer.attempt import Attempt
from shield.analyzer.conversation.cues import between_cues
from shield.analyzer.engine import Analyzer
from shield.analyzer.layouts.joined import JOINED
from shield.analyzer.layouts.labels import with_labels
from shield.analyzer.messages import interchange
from shield.analyzer.opaque_content import Runs, opaque_content, runs_of, without_chance
from shield.analyzer.remembered import MOST_PIECES, Piece, RememberedFindings
from shield.analyzer.resolver import resolve
from shield.analyzer.views.decoded import NAME as ENCODED
from shield.anonymizer.engine import Anonymizer
from shield.anonymizer.parts_shown import showing_nothing
from shield.description import WHOLE_VALUES, describe
from shield.domain import (
    KEEP,
    Check,
    DetectorSpec,
    Edit,
    FieldAction,
    Finding,
    Limits,
    Mark,
    Placed,
    Policy,
    Redaction,
    Remainder,
    Segment,
    no_check,
    no_mark,
)
from shield.payload import json_within
from shield.payload.codecs import CodecRegistry
from shield.payload.document import Document
from shield.payload.field_names import NO_NAMES, ShownNames
from shield.payload.forwarded import Forwarded, remainder_of
from shield.payload.json_codec import JsonCodec
from shield.payload.markup import as_text, is_markup
from shield.payload.media_type import MediaType
from shield.payload.selectors import FieldRules

FIELD_RULE = "FieldRule"
"""The recognizer named by findings that a route's `treat_as` rule makes."""

_NO_FINDINGS: list[Finding] = []
_UNLIKE_THEIR_VALUE = frozenset({JOINED, ENCODED})
_WRITTEN_ANEW = frozenset({"replace", "hash", "encrypt", "presidio:replace"})
"""Operators known to leave no part of the original text in their replacement."""


class Manner(NamedTuple):
    """How an inspection is done, whatever it finds.

    `mark` is told when a stage is over, and `check` is called between bounded pieces of work; what it raises
    passes through. With `attempt`, detection may be stopped before its end (see there). A `dry` one only says
    what was found and would be done.
    """

    mark: Mark = no_mark
    check: Check = no_check
    attempt: Attempt | None = None
    dry: bool = False


USUAL: Final = Manner()
"""To the end, without being watched or bounded."""


@dataclass(slots=True)
class _Call:
    """The detection of one document: how it runs, and how many segments were looked up and remembered.

    `names` are those of members that may be kept in memory.
    """

    analyzer: Analyzer
    policy: Policy
    names: ShownNames
    check: Check
    attempt: Attempt | None
    looked_up: int = 0
    remembered: int = 0


class Heart(Protocol):
    """What a door calls: `Redactor`, or something that gives the same results. Called on any thread.

    A body may be inspected in another process or manner; the contract of the results is `Redactor`'s.
    """

    __slots__ = ()

    def one(self) -> Heart:
        """The object that inspects all parts of one request: mostly this one."""
        return self

    @abstractmethod
    def nothing_in(self, root: str, pieces: Sequence[Piece], policy: Policy) -> bool:
        """Whether it is already known that a document of these segments under `root` holds no finding.

        Then it need not be decoded. False means unknown.
        """

    @abstractmethod
    def redact(
        self,
        body: bytes,
        media_type: MediaType,
        policy: Policy,
        *,
        limits: Limits,
        rules: FieldRules,
        manner: Manner = ...,
    ) -> Redaction: ...

    @abstractmethod
    def redact_document(
        self,
        document: Document,
        policy: Policy,
        *,
        names: ShownNames = ...,
        manner: Manner = ...,
    ) -> Redaction: ...

    @abstractmethod
    def review(
        self, remainder: Remainder, policy: Policy, *, names: ShownNames, check: Check
    ) -> tuple[Placed, ...]: ...


@dataclass(frozen=True, slots=True)
class Redactor(Heart):
    """The heart with what it needs to run: codecs, one analyzer per detector set, the anonymizer."""

    codecs: CodecRegistry
    analyzers: Mapping[DetectorSpec, Analyzer]
    anonymizer: Anonymizer
    memory: RememberedFindings | None = None

    def redact(
        self,
        body: bytes,
        media_type: MediaType,
        policy: Policy,
        *,
        limits: Limits,
        rules: FieldRules,
        manner: Manner = USUAL,
    ) -> Redaction:
        """Redact a body (its content codings already undone) under `policy`.

        Paths show only the names of members that `rules.names` shows.

        Where it is `dry`, the result's `body` is the input. Raises RequestError for a body that is not what
        its media type says or is over a limit, and ProtectionError when it cannot be inspected whole. An
        empty body is returned as it is.
        """
        if not body:
            return Redaction(body=body)
        codec = self.codecs.for_media_type(media_type)
        if not policy.operators and manner.attempt is None and isinstance(codec, JsonCodec):
            # The policy finds nothing, so of a text that is not refused only the size is needed.
            size = codec.measure(body, limits=limits, rules=rules, charset=media_type.charset)
            if size is not None:
                manner.mark("decode")
                return Redaction(body, segments=size[0], inspected_bytes=size[1])
        document = codec.decode(body, limits=limits, rules=rules, charset=media_type.charset)
        manner.mark("decode")
        redaction = self.redact_document(document, policy, names=rules.names, manner=manner)
        return redaction._replace(body=body) if manner.dry else redaction

    def redact_document(
        self,
        document: Document,
        policy: Policy,
        *,
        names: ShownNames = NO_NAMES,
        manner: Manner = USUAL,
    ) -> Redaction:
        """Redact a decoded document; also used for query strings and paths. A `dry` result has no body."""
        mark, check, attempt, dry = manner
        if not policy.operators and not document.rules and attempt is None:
            return _untouched(document, mark, names, dry=dry)
        analyzer = self.analyzers[policy.detector]  # looked up once: a DetectorSpec is slow to hash
        unlearned = analyzer.unlearned(_read(document), policy)
        memory = self.memory
        target = None
        if memory is not None and attempt is None and not document.rules:
            target = memory.digest_of_target(document.segments, policy, analyzer.digest)
        if target is not None and memory is not None and memory.recall(target) is not None:
            return _untouched(document, mark, names, dry=dry)._replace(unlearned=unlearned)
        runs = runs_of(document.segments, document.rules)
        call = _Call(analyzer, policy, names, check, attempt)
        found = self._find(document, runs, call)
        mark("analyze")
        edits: dict[int, list[Edit]] = {}
        applied: dict[int, list[Edit]] = {}
        if any(found):
            for segment, findings in zip(document.segments, found, strict=True):
                if findings:
                    edits[segment.index] = self._edits(segment, findings, policy)
            applied = {index: changes for index, made in edits.items() if (changes := _changes(made))}
        opaque = opaque_content(document.segments, runs, applied)
        mark("anonymize")
        body = b"" if dry else document.encode(applied)
        mark("encode")
        redaction = describe(document, body, edits, found, names, opaque)
        if target is not None and memory is not None and not (any(found) or redaction.opaque):
            memory.remember(target, ())
        if attempt is not None and attempt.reduced:
            redaction = redaction._replace(remainder=remainder_of(document, edits))
        if not call.looked_up and not unlearned:
            return redaction
        return redaction._replace(looked_up=call.looked_up, remembered=call.remembered, unlearned=unlearned)

    def nothing_in(self, root: str, pieces: Sequence[Piece], policy: Policy) -> bool:
        """See `Heart`: true where the policy finds nothing at all, or they were inspected before."""
        if not 0 < len(pieces) <= MOST_PIECES:
            return False
        if not policy.operators:
            return True
        if self.memory is None:
            return False
        digest = self.memory.digest_of_pieces(root, pieces, policy, self.analyzers[policy.detector].digest)
        return self.memory.recall(digest) is not None

    def review(
        self,
        remainder: Remainder,
        policy: Policy,
        *,
        names: ShownNames,
        check: Check,
    ) -> tuple[Placed, ...]:
        """What `policy` would act on in already forwarded texts, with paths that are safe to publish.

        All detectors run. Raises ProtectionError.
        """
        document = Forwarded(remainder)
        runs = runs_of(document.segments, document.rules)
        call = _Call(self.analyzers[policy.detector], policy, names, check, None)
        found = self._find(document, runs, call)
        news = [document.news(*each) for each in zip(document.segments, found, strict=True)]
        edits = {
            segment.index: self._edits(segment, findings, policy)
            for segment, findings in zip(document.segments, news, strict=True)
            if findings
        }
        placed = describe(document, b"", edits, news, names).findings
        return tuple(each for each in placed if each.operator != KEEP)

    def _find(self, document: Document, runs: Runs, call: _Call) -> list[list[Finding]]:
        """The disjoint findings of each segment; field rules come before any detector."""
        segments, rules, policy = document.segments, document.rules, call.policy
        if not rules:
            raw = self._analyze(segments, call)
            if not any(raw) and len(raw) == len(segments):
                return raw
            return [
                self._resolved(segment, findings, runs, policy) if findings else _NO_FINDINGS
                for segment, findings in zip(segments, raw, strict=True)
            ]
        found: list[list[Finding]] = [_NO_FINDINGS] * len(segments)
        # The analyzer's answer is aligned with what it was given, so exempt segments are left out here.
        inspected = [segment for segment in segments if segment.index not in rules]
        raw = self._analyze(inspected, call)
        for segment, findings in zip(inspected, raw, strict=True):
            if findings:
                found[segment.index] = self._resolved(segment, findings, runs, policy)
        for index, rule in rules.items():
            if rule.action is FieldAction.TREAT_AS:
                text = segments[index].text
                whole = Finding(0, len(text), rule.entity_type, 1.0, FIELD_RULE)
                found[index] = resolve(text, [whole], policy, self.anonymizer.earlier(text, policy.operators))
        return found

    def _resolved(
        self, segment: Segment, findings: Sequence[Finding], runs: Runs, policy: Policy
    ) -> list[Finding]:
        if runs and segment.index in runs:
            findings = without_chance(segment.text, findings, runs[segment.index])
        text = segment.text
        earlier = self.anonymizer.earlier(text, policy.operators)
        found = between_cues(text, resolve(text, findings, policy, earlier))
        if not found or segment.kind in WHOLE_VALUES or not json_within.may_hold(text):
            return found
        kept = {name for name, operator in policy.operators.items() if operator.name == KEEP}
        return list(json_within.fitted(text, found, kept, JOINED))

    def _analyze(self, segments: Sequence[Segment], call: _Call) -> list[list[Finding]]:
        """`Analyzer.analyze`, except where findings are remembered or come from an earlier attempt."""
        attempt, policy = call.attempt, call.policy
        if attempt is not None and attempt.reduced and attempt.found is not None:
            return attempt.found
        memory = self.memory
        segments = with_labels(segments)
        if memory is None or not policy.operators:
            return _detected(segments, {}, call)
        digest = call.analyzer.digest
        digests = memory.digests(segments, policy, digest)
        known: dict[int, Sequence[Finding]] = {
            place: findings
            for place, remembered in digests.items()
            if (findings := memory.recall(remembered)) is not None
        }
        call.looked_up += len(digests)
        call.remembered += len(known)
        quiet = memory.names.under(policy, digest)
        fields = quiet.split(segments)
        for place in fields.quiet:
            known[place] = _NO_FINDINGS
        found = _detected(segments, known, call)
        if attempt is None or not attempt.reduced:
            for place, remembered in digests.items():
                # A finding that depends on neighbouring pieces does not hold for the same text elsewhere.
                if place not in known and all(finding.view != JOINED for finding in found[place]):
                    memory.remember(remembered, found[place])
            quiet.learn(segments, fields.others, found, call.names)
        return found

    def _edits(self, segment: Segment, findings: Sequence[Finding], policy: Policy) -> list[Edit]:
        """The edits of one segment, including those whose operator keeps the text (same text)."""
        if segment.kind in WHOLE_VALUES:
            return [self._whole_edit(segment, findings, policy)]
        text = segment.text
        edits = [self._edit(text[it.start : it.end], it, policy, it.start, it.end) for it in findings]
        if is_markup(text):
            edits = [_shown(edit) for edit in edits]
        elif interchange.may_hold(text):
            edits = list(interchange.written(edits, text))
        return list(json_within.written(edits, text)) if json_within.may_hold(text) else edits

    def _whole_edit(self, segment: Segment, findings: Sequence[Finding], policy: Policy) -> Edit:
        """The edit of a number, which has no parts: a finding in it replaces the whole literal.

        Where the policy keeps all findings, the number stays; else the strongest of the others determines
        the replacement.
        """
        acted = [it for it in findings if policy.operators[it.entity_type].name != KEEP] or findings
        strongest = max(acted, key=lambda finding: (finding.score, finding.end - finding.start))
        return self._edit(segment.text, strongest, policy, 0, len(segment.text))

    def _edit(self, text: str, finding: Finding, policy: Policy, start: int, end: int) -> Edit:
        spec = policy.operators[finding.entity_type]
        if finding.view in _UNLIKE_THEIR_VALUE:
            spec = showing_nothing(spec, text)
        replacement = self.anonymizer.replacement(text, finding.entity_type, spec)
        if replacement is None:
            return Edit(start, end, text, finding.entity_type, KEEP)
        return Edit(start, end, replacement, finding.entity_type, spec.name)


def _detected(
    segments: Sequence[Segment], known: Mapping[int, Sequence[Finding]], call: _Call
) -> list[list[Finding]]:
    """What the detectors find, or after a stopped attempt the patterns alone."""
    analyzer, attempt = call.analyzer, call.attempt
    if attempt is None:
        return analyzer.analyze(segments, call.policy, call.check, known)
    if attempt.reduced:
        return analyzer.patterns_alone(segments, call.policy, call.check, known)
    found = analyzer.analyze(segments, call.policy, call.check, known, attempt)
    attempt.done = True
    return found


def _shown(edit: Edit) -> Edit:
    """The edit escaped for HTML, unless its operator may leave parts of the text, tags among them."""
    if edit.operator not in _WRITTEN_ANEW:
        return edit
    return edit._replace(replacement=as_text(edit.replacement, ""))


def _changes(edits: Sequence[Edit]) -> list[Edit]:
    return [edit for edit in edits if edit.operator != KEEP]


def _read(document: Document) -> Sequence[Segment]:
    """The segments that detectors read: no field rule decides on them."""
    if not document.rules:
        return document.segments
    return [each for each in document.segments if each.index not in document.rules]


def _untouched(document: Document, mark: Mark, names: ShownNames, *, dry: bool) -> Redaction:
    """The result for a document that is known to hold no personal data."""
    body = b"" if dry else document.encode({})
    mark("encode")
    return describe(document, body, {}, (), names)
