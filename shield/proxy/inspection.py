"""The CPU work of one exchange: content codings, body, path, query, digests. No I/O; runs in any thread.

The heart sees each part as a document of its own. This module decides which parts there are and applies what
the route says about them; an unchanged part stays the very object received.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from shield.analyzer.attempt import Attempt
from shield.audit.found import joined, summarize
from shield.config.settings_route import Mode, OpaqueAction, Route, TargetAction
from shield.domain import (
    NOTHING_FOUND,
    Check,
    FieldAction,
    FieldRule,
    Opaque,
    Placed,
    Redaction,
    Remainder,
    Segment,
    Summary,
)
from shield.payload.content_encoding import decode_plain, encode_content
from shield.payload.document import Document, Ruled
from shield.payload.media_type import MediaType
from shield.payload.pairs import has_further_pairs
from shield.payload.target import decode_path, decode_query
from shield.proxy.apart import Apart
from shield.proxy.overrides import CheckMethod, methods_in_body
from shield.proxy.runtime import RoutePlan
from shield.proxy.stage_clock import StageClock
from shield.proxy.target import Target
from shield.proxy.worker import LARGE_BYTES
from shield.redactor import Heart
from shield.telemetry.metrics import Uninspected

BLOCKED_PATH = "pii_in_path"
BLOCKED_QUERY = "pii_in_query"
BLOCKED_OPAQUE = "opaque_content"

_EXEMPT = FieldRule("", FieldAction.KEEP)


class Attempts:
    """The attempts at the parts of one request, in the order in which they are inspected.

    A `reduced` attempt uses patterns alone; `settled` holds what an earlier attempt has found.
    """

    __slots__ = ("_last", "_made", "_settled", "begun", "reduced")

    def __init__(self, settled: Mapping[str, Attempt] | None = None) -> None:
        self.begun = False
        self.reduced = settled is not None
        self._settled = settled or {}
        self._made: dict[str, Attempt] = {}
        self._last: Attempt | None = None

    def attempt(self, part: str, rest: Check) -> Attempt:
        """The attempt at a part of the request."""
        if self.reduced:
            return self._settled.get(part) or Attempt(reduced=True)
        self._last = self._made[part] = Attempt(rest)
        return self._last

    @property
    def dispensable(self) -> bool:
        """Whether only work that can be done without is running or waiting."""
        return not self.begun or (self._last is not None and self._last.past_patterns)

    def settled(self) -> Attempts:
        """Reduced attempts that use what these have found; these may go on meanwhile."""
        return Attempts({part: attempt.settled() for part, attempt in list(self._made.items())})


class Job(NamedTuple):
    """The input of an inspection. `body` is as received; `media_type` is None where there is none.

    `apart` inspects the body if it is large. `check_method` raises RequestError where the body asks a server
    to treat the request as one of a method that has another route or none.
    """

    plan: RoutePlan
    heart: Heart
    target: Target
    body: bytes
    media_type: MediaType | None
    codings: tuple[str, ...]
    digest_body: Callable[[bytes], str]
    apart: Apart | None = None
    check_method: CheckMethod | None = None


class Inspected(NamedTuple):
    """The result of an inspection. `body`, `path` and `query` are what to forward.

    `blocked` is the reason why the policy lets nothing pass, or empty. `after` is the SHA-256 (hex) of `body`
    where it was redacted, a keyed digest where it was only compressed again, since text that nobody inspects
    stood beside its content, and empty where `body` is what was received. In observe mode body, path and
    query are those received, nothing is blocked, and `found` says what would have been. `findings` is empty
    for a large body, unless a shadow policy wants them: releasing thousands takes long. `remainders` is set
    where only the patterns finished: what the other detectors must still see.
    """

    body: bytes
    path: str
    query: str
    findings: tuple[Placed, ...]
    dropped: tuple[str, ...]
    type_changes: tuple[str, ...]
    segments: int
    inspected_bytes: int
    uninspected: Mapping[Uninspected, int]
    before: str
    after: str
    blocked: str
    looked_up: int = 0
    remembered: int = 0
    remainders: tuple[Remainder, ...] | None = None
    opaque: tuple[Opaque, ...] = ()
    found: Summary = NOTHING_FOUND

    @property
    def reduced(self) -> bool:
        """Whether only patterns read it to the end although the policy asks for more."""
        return self.remainders is not None

    @property
    def uninspected_bytes(self) -> int:
        """UTF-8 bytes of text that nothing inspected, for whatever reason."""
        return sum(self.uninspected.values())

    @property
    def acted(self) -> bool:
        """Whether the policy would not let the request pass as it is."""
        return bool(self.dropped) or self.found.acted


@dataclass(slots=True)
class _Tally:
    findings: list[Placed] = field(default_factory=list)
    summary: Summary = NOTHING_FOUND  # of findings that are not in `findings`
    dropped: tuple[str, ...] = ()
    type_changes: tuple[str, ...] = ()
    segments: int = 0
    inspected_bytes: int = 0
    uninspected: dict[Uninspected, int] = field(default_factory=dict)
    blocked: str = ""
    looked_up: int = 0
    remembered: int = 0
    remainders: list[Remainder] = field(default_factory=list)
    opaque: list[Opaque] = field(default_factory=list)
    redacted: bool = False  # whether the body was

    def take(self, redaction: Redaction, exempt: int = 0) -> None:
        """Add the result of one part; `exempt` of its segments do not count as segments of this request."""
        self.findings += redaction.findings
        if redaction.summary is not None:
            self.summary = redaction.summary
        self.looked_up += redaction.looked_up
        self.remembered += redaction.remembered
        self.segments += redaction.segments - exempt
        self.inspected_bytes += redaction.inspected_bytes
        if redaction.remainder is not None:
            self.remainders.append(redaction.remainder)
        self.opaque += redaction.opaque

    def exempt(self, reason: Uninspected, size: int) -> None:
        if size:
            self.uninspected[reason] = self.uninspected.get(reason, 0) + size


class _Run(NamedTuple):
    """One inspection: the job and how it is done."""

    job: Job
    heart: Heart
    stages: StageClock
    tally: _Tally
    attempts: Attempts | None
    dry: bool

    def attempt(self, part: str) -> Attempt | None:
        return None if self.attempts is None else self.attempts.attempt(part, self.stages.check_rest)


def inspect(
    job: Job, stages: StageClock, attempts: Attempts | None = None, *, dry: bool = False
) -> Inspected:
    """Inspect all parts of a request. Raises RequestError and ProtectionError.

    A `dry` inspection only says what was found: body, path and query are those received, without digests.
    """
    tally = _Tally()
    run = _Run(job, job.heart.one(), stages, tally, attempts, dry)
    if attempts is not None:
        attempts.begun = True
    observe = job.plan.route.mode is Mode.OBSERVE
    body = _inspect_body(run) if job.body else job.body
    path = _inspect_path(run)
    query = _inspect_query(run) if job.target.query else ""
    if tally.opaque:
        tally.exempt(Uninspected.OPAQUE, sum(each.size for each in tally.opaque))
        if job.plan.route.opaque is OpaqueAction.BLOCK:
            tally.blocked = tally.blocked or BLOCKED_OPAQUE
    if observe or dry:
        body, path, query = job.body, job.target.path, job.target.query
    before = job.digest_body(job.body) if job.body and not dry else ""
    after = _digest_after(run, body)
    stages.mark("digest")
    # Positional, in the order of the fields: passing so many by name costs twice as much.
    return Inspected(
        body,
        path,
        query,
        tuple(tally.findings) if keeps_findings(job) else (),
        tally.dropped,
        tally.type_changes,
        tally.segments,
        tally.inspected_bytes,
        tally.uninspected,
        before,
        after,
        "" if observe else tally.blocked,
        tally.looked_up,
        tally.remembered,
        tuple(tally.remainders) if attempts is not None and attempts.reduced else None,
        tuple(tally.opaque),
        joined(tally.summary, summarize(tally.findings)),
    )


def _inspect_body(run: _Run) -> bytes:
    job, stages, tally = run.job, run.stages, run.tally
    assert job.media_type is not None  # noqa: S101  the exchange refuses a body without one
    route = job.plan.route
    decoded, plain = job.body, True
    if job.codings:
        decoded, plain = decode_plain(job.body, job.codings, route.limits)
        stages.mark("decompress")
        stages.check()
    if job.check_method is not None:
        for method in methods_in_body(decoded, job.media_type, route.limits):
            job.check_method(method)
    redaction = run.heart.redact(
        decoded,
        job.media_type,
        route.policy,
        limits=route.limits,
        rules=job.plan.rules,
        mark=stages.mark,
        check=stages.check,
        attempt=run.attempt("body"),
        dry=run.dry,
    )
    tally.take(redaction)
    tally.exempt(Uninspected.FIELD_RULE, redaction.uninspected_bytes)
    tally.dropped = redaction.dropped
    tally.type_changes = redaction.type_changes
    if run.dry or (plain and not redaction.changed):
        return job.body
    tally.redacted = redaction.changed
    if not job.codings:
        return redaction.body
    encoded = encode_content(redaction.body, job.codings)
    stages.mark("compress")
    return encoded


def _digest_after(run: _Run, body: bytes) -> str:
    if body is run.job.body:
        return ""
    return hashlib.sha256(body).hexdigest() if run.tally.redacted else run.job.digest_body(body)


def _inspect_path(run: _Run) -> str:
    """Inspect only what a template's `{name}` or `{rest...}` took: the rest is configuration."""
    plan, target, tally = run.job.plan, run.job.target, run.tally
    template, steps = plan.route.path, target.raw_steps
    places = [place for place in plan.parameters if steps[place]]
    if template.rest:
        places += [place for place in range(len(template.steps), len(steps)) if steps[place]]
    if not places:
        return target.path
    action = plan.route.path_action
    if action is TargetAction.KEEP:
        tally.exempt(Uninspected.PATH, sum(len(target.raw_steps[place]) for place in places))
        return target.path
    if run.attempts is None and "%" not in target.path:  # so its segments can be read as they stand
        pieces = [(place, steps[place]) for place in places]
        if run.heart.nothing_in_path(pieces, plan.route.policy):
            tally.segments += len(pieces)
            tally.inspected_bytes += sum([len(text) for _, text in pieces])
            run.stages.mark("decode")
            return target.path
    document = decode_path(target.path, only=set(places))
    run.stages.mark("decode")
    redaction = _inspect_document(run, "path", document, {})
    if not redaction.changed:
        return target.path
    if action is TargetAction.BLOCK:
        tally.blocked = BLOCKED_PATH
        return target.path
    return target.path if run.dry else redaction.body.decode("ascii")


def _inspect_document(run: _Run, part: str, document: Document, exempt: Mapping[int, FieldRule]) -> Redaction:
    """Inspect what is not exempt; the caller counts what is, or it comes in another call."""
    redaction = run.heart.redact_document(
        Ruled(document, exempt) if exempt else document,
        run.job.plan.route.policy,
        names=run.job.plan.rules.names,
        mark=run.stages.mark,
        check=run.stages.check,
        attempt=run.attempt(part),
        dry=run.dry,
    )
    run.tally.take(redaction, len(exempt))
    return redaction


def _inspect_query(run: _Run) -> str:
    route, query, tally = run.job.plan.route, run.job.target.query, run.tally
    document = decode_query(query)
    run.stages.mark("decode")
    actions = [_query_action(route, _parameter(segment)) for segment in document.segments]
    if TargetAction.KEEP in actions and has_further_pairs(query.encode()):
        actions = [route.query_default if it is TargetAction.KEEP else it for it in actions]
    for segment, action in zip(document.segments, actions, strict=True):
        if action is TargetAction.KEEP:
            tally.exempt(Uninspected.QUERY, len(segment.text.encode("utf-8", "surrogatepass")))
    for action in (TargetAction.BLOCK, TargetAction.REDACT):
        if action not in actions:
            continue
        others = {place: _EXEMPT for place, other in enumerate(actions) if other is not action}
        redaction = _inspect_document(run, f"query:{action.value}", document, others)
        if redaction.changed:
            if action is TargetAction.BLOCK:
                tally.blocked = BLOCKED_QUERY
            elif not run.dry:
                query = redaction.body.decode("ascii")
    return query


def _query_action(route: Route, name: str) -> TargetAction:
    """The action for a parameter; `email[]` is the list `email` to PHP and Rails."""
    return route.query.get(name) or route.query.get(name.removesuffix("[]"), route.query_default)


def _parameter(segment: Segment) -> str:
    """The name of the parameter whose value (or name) the segment is."""
    return next((step for step in segment.location if isinstance(step, str)), "")


def is_large(job: Job) -> bool:
    """Whether the body is large enough to be inspected in a process of its own, where there is one."""
    return len(job.body) >= LARGE_BYTES


def keeps_findings(job: Job) -> bool:
    """Whether each finding may be wanted, and not only their summary."""
    return not is_large(job) or job.plan.shadow is not None


def is_quick(job: Job, inline_bytes: int) -> bool:
    """Whether the job may run on the event loop: few bytes and no model, or no text at all."""
    if job.codings or len(job.body) > inline_bytes:
        return False
    return job.plan.inline or not (job.body or job.target.query or job.plan.has_values)
