"""The CPU work of one exchange: content codings, body, path, query, digests. No I/O; runs in any thread.

The heart sees each part as a document of its own. This module decides which parts there are and applies what
the route says about them; an unchanged part stays the very object received.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

from shield.audit.found import joined, summarize
from shield.config.settings_route import Mode, OpaqueAction, Route, TargetAction
from shield.domain import (
    NOTHING_FOUND,
    FieldAction,
    FieldRule,
    Opaque,
    Placed,
    Remainder,
    Segment,
    SegmentKind,
    Summary,
)
from shield.errors import ShieldError
from shield.payload.content_encoding import decode_plain, encode_content
from shield.payload.pairs import has_further_pairs
from shield.payload.target import decode_path, decode_query
from shield.proxy.bypass import BODY, HEADER, PATH, QUERY
from shield.proxy.header_inspection import ChangedField, asks, inspect_fields, left_as_received
from shield.proxy.inspection_run import Attempts, Job, Run, Tally
from shield.proxy.overrides import methods_in_body
from shield.proxy.stage_clock import StageClock
from shield.proxy.worker import LARGE_BYTES
from shield.telemetry.metrics import Uninspected

BLOCKED_PATH = "pii_in_path"
BLOCKED_QUERY = "pii_in_query"
BLOCKED_OPAQUE = "opaque_content"

_EXEMPT = FieldRule("", FieldAction.KEEP)
_PATH = SegmentKind.PATH.value


class Inspected(NamedTuple):
    """The result of an inspection. `body`, `path` and `query` are what to forward; `fields` are what changed.

    `blocked` is the reason why the policy lets nothing pass, or empty. `after` is the SHA-256 (hex) of `body`
    where it was redacted, a keyed digest where it was only compressed again, since text that nobody inspects
    stood beside its content, and empty where `body` is what was received. In observe mode all is as received,
    nothing is blocked, and `found` says what would have been. `findings` is empty for a large body, unless a
    shadow policy wants them: releasing thousands takes long. `remainders` is set where only the patterns
    finished: what the other detectors must still see.
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
    fields: Sequence[ChangedField] = ()
    unlearned: int = 0

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


def inspect(
    job: Job, stages: StageClock, attempts: Attempts | None = None, *, dry: bool = False
) -> Inspected:
    """Inspect all parts of a request. Raises RequestError and ProtectionError.

    A `dry` inspection only says what was found: body, path and query are those received, without digests.
    """
    tally = Tally()
    run = Run(job, job.heart.one(), stages, tally, attempts, dry)
    if attempts is not None:
        attempts.begun = True
    body = _inspect_body(run) if job.body and job.bypass is None else job.body
    target = job.target
    path = run.guarded(PATH, _path_size(job), _inspect_path, target.path)
    _note(run, path, target.query, (BODY, QUERY, HEADER))
    query = run.guarded(QUERY, len(target.query), _inspect_query, target.query) if target.query else ""
    _note(run, path, query, (BODY, HEADER))
    fields = inspect_fields(run, partial(_note_fields, run, path, query)) if job.fields else ()
    if job.body and job.bypass is not None:
        _note(run, path, query, (BODY,), fields)
        body = run.guarded(BODY, len(job.body), _inspect_body, job.body)
    result = _result(run, body, path, query, fields)
    stages.mark("digest")
    return result


def given_up(job: Job, error: ShieldError) -> Inspected:
    """What to forward where an inspection that may be bypassed ended with `error`.

    That is the result of what was inspected before, and everything else as it came.
    """
    assert job.bypass is not None  # noqa: S101  else the error answers the request
    if job.bypass.rest is None:
        run = Run(job, job.heart, StageClock(lambda: 0.0, 0.0), Tally(), None, dry=False)
        _note(run, job.target.path, job.target.query, (BODY, PATH, QUERY, HEADER))
    assert job.bypass.rest is not None  # noqa: S101  noted above
    result: Inspected = job.bypass.rest(error)
    return result


def _note(  # noqa: PLR0917  the results of the parts
    run: Run, path: str, query: str, left: Sequence[str], fields: Sequence[ChangedField] = (), done: int = 0
) -> None:
    """Keep the results so far for `given_up`.

    `left` are the parts that have none yet; of header fields all but the first `done`.
    """
    if run.job.bypass is not None:
        run.job.bypass.rest = partial(_so_far, run, run.tally.copy(), path, query, left, tuple(fields), done)


def _note_fields(run: Run, path: str, query: str, fields: Sequence[ChangedField], done: int) -> None:
    """Keep the results up to a header field: the next one may take all the time that is left."""
    _note(run, path, query, (BODY, HEADER), fields, done)


def _so_far(  # noqa: PLR0917  as above
    run: Run,
    tally: Tally,
    path: str,
    query: str,
    left: Sequence[str],
    fields: Sequence[ChangedField],
    done: int,
    error: ShieldError,
) -> Inspected:
    """The result where what is `left` goes on as it came, because of `error`."""
    job, bypass = run.job, run.job.bypass
    assert bypass is not None  # noqa: S101  see `_note`
    tally.blocked = tally.blocked or run.tally.blocked  # also by a field before the one that failed
    sizes = {
        BODY: len(job.body),
        PATH: _path_size(job),
        QUERY: len(job.target.query),
        HEADER: left_as_received(tally, job, done) if HEADER in left else 0,
    }
    for part in left:
        if sizes[part]:
            bypass.fail(part, error)
            tally.exempt(Uninspected.BYPASS, sizes[part])
    return _result(run._replace(tally=tally), job.body, path, query, fields)


def _result(run: Run, body: bytes, path: str, query: str, fields: Sequence[ChangedField]) -> Inspected:
    """The result of an inspection with these parts."""
    job, tally, attempts, dry = run.job, run.tally, run.attempts, run.dry
    observe = job.plan.route.mode is Mode.OBSERVE
    if tally.opaque:
        tally.exempt(Uninspected.OPAQUE, sum(each.size for each in tally.opaque))
        if job.plan.route.opaque is OpaqueAction.BLOCK:
            tally.blocked = tally.blocked or BLOCKED_OPAQUE
    if observe or dry:
        body, path, query, fields = job.body, job.target.path, job.target.query, ()
    before = job.digest_body(job.body) if job.body and not dry else ""
    after = _digest_after(run, body)
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
        fields,
        tally.unlearned,
    )


def _inspect_body(run: Run) -> bytes:
    job, stages, tally = run.job, run.stages, run.tally
    if job.bypass is not None and job.bypass.unreadable is not None:
        raise job.bypass.unreadable
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
        manner=run.manner("body"),
    )
    tally.take(redaction)
    if run.attempts is not None and redaction.remainder is not None:
        run.attempts.reduced = True
    tally.exempt(Uninspected.FIELD_RULE, redaction.uninspected_bytes)
    tally.dropped += redaction.dropped
    tally.type_changes = redaction.type_changes
    if run.dry or (plain and not redaction.changed):
        return job.body
    tally.redacted = redaction.changed
    if not job.codings:
        return redaction.body
    encoded = encode_content(redaction.body, job.codings)
    stages.mark("compress")
    return encoded


def _digest_after(run: Run, body: bytes) -> str:
    if body is run.job.body:
        return ""
    return hashlib.sha256(body).hexdigest() if run.tally.redacted else run.job.digest_body(body)


def _inspect_path(run: Run) -> str:
    """Inspect only what a template's `{name}` or `{rest...}` took: the rest is configuration."""
    plan, target, tally = run.job.plan, run.job.target, run.tally
    steps, places = target.raw_steps, _places(run.job)
    if not places:
        return target.path
    action = plan.route.path_action
    if action is TargetAction.KEEP:
        tally.exempt(Uninspected.PATH, _path_size(run.job))
        return target.path
    if run.attempts is None and "%" not in target.path:  # so its segments can be read as they stand
        pieces = [(steps[place], (place,), _PATH) for place in places]
        if run.heart.nothing_in("path", pieces, plan.route.policy):
            tally.segments += len(pieces)
            tally.inspected_bytes += sum([len(text) for text, _, _ in pieces])
            run.stages.mark("decode")
            return target.path
    document = decode_path(target.path, only=set(places))
    run.stages.mark("decode")
    redaction = run.inspect("path", document)
    if not redaction.changed:
        return target.path
    if action is TargetAction.BLOCK:
        tally.blocked = BLOCKED_PATH
        return target.path
    return target.path if run.dry else redaction.body.decode("ascii")


def _places(job: Job) -> list[int]:
    """The indices of the path's segments that the template took, without empty ones."""
    template, steps = job.plan.route.path, job.target.raw_steps
    places = [place for place in job.plan.parameters if steps[place]]
    if template.rest:
        places += [place for place in range(len(template.steps), len(steps)) if steps[place]]
    return places


def _path_size(job: Job) -> int:
    return sum([len(job.target.raw_steps[place]) for place in _places(job)])


def _inspect_query(run: Run) -> str:
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
        redaction = run.inspect(f"query:{action.value}", document, others)
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


def _asks(job: Job) -> bool:
    return bool(job.fields) and asks(job.heart, job.plan.route, job.fields)


def keeps_findings(job: Job) -> bool:
    """Whether each finding may be wanted, and not only their summary."""
    return not is_large(job) or job.plan.shadow is not None


def is_quick(job: Job, inline_bytes: int) -> bool:
    """Whether the job may run on the event loop: few bytes and no model, or no text at all.

    `inline_bytes` bounds the body, and separately the target with the header fields.
    """
    if job.codings or len(job.body) > inline_bytes:
        return False
    target = job.target
    beside = len(target.path) + len(target.query) + sum([len(it.value) for it in job.fields])
    if job.plan.inline or beside > inline_bytes:
        return beside <= inline_bytes
    return not (job.body or job.target.query or job.plan.has_values or _asks(job))
