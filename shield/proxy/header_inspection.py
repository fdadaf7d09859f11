"""Inspects the header fields of one request, each as a document of its own, by the rules of its route.

Fields are independent: remembered findings of one are looked up for it alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from shield.analyzer.remembered import Piece
from shield.config.settings_route import HeaderAction, Route
from shield.domain import Limits, SegmentKind
from shield.payload.field_names import ShownNames
from shield.payload.header_value import ROOT, HeaderDocument, decode_field, is_plain
from shield.payload.paths import safe_path
from shield.proxy.bypass import HEADER
from shield.proxy.header_rules import ChosenField
from shield.proxy.headers import Head
from shield.proxy.inspection_run import Job, Run, Tally
from shield.redactor import Heart
from shield.telemetry.metrics import Uninspected

BLOCKED_HEADER = "pii_in_header"
_VALUE = SegmentKind.PARAMETER.value


class ChangedField(NamedTuple):
    """A new value for a field of the head: see `ChosenField`."""

    at: int
    forwarded: bool
    value: str


OnField = Callable[[Sequence[ChangedField], int], None]
"""Called before a field is inspected, with what changed in those before it, and with their number."""


def inspect_fields(run: Run, on_field: OnField) -> Sequence[ChangedField]:
    """Inspect the chosen fields. Raises RequestError and ProtectionError."""
    changed: list[ChangedField] = []
    tally, names = run.tally, run.job.plan.rules.names
    for number, field in enumerate(run.job.fields):
        size = len(field.value)
        if _needs_none(tally, field, names):
            continue
        if run.attempts is None and (texts := _holds_nothing(run.heart, field, run.job.plan.route)):
            tally.segments += texts
            tally.inspected_bytes += size
        else:
            on_field(changed, number)
            value = run.guarded(HEADER, size, partial(_inspected, number=number, field=field), None)
            if value is not None:
                changed.append(ChangedField(field.at, field.forwarded, value))
    run.stages.mark("decode")
    return changed


def left_as_received(tally: Tally, job: Job, done: int) -> int:
    """The bytes of fields behind the first `done` that go on as they came; a rule's are counted as such."""
    names = job.plan.rules.names
    return sum([len(field.value) for field in job.fields[done:] if not _needs_none(tally, field, names)])


def _needs_none(tally: Tally, field: ChosenField, names: ShownNames) -> bool:
    """Whether a rule drops or keeps the field, whatever it holds; it is counted then."""
    action = field.treatment.action
    if action is HeaderAction.DROP:
        tally.dropped += (safe_path(ROOT, (field.name, field.place), names, {}),)
    elif action is HeaderAction.KEEP:
        tally.exempt(Uninspected.HEADER, len(field.value))
    else:
        return False
    return True


def asks(heart: Heart, route: Route, fields: Sequence[ChosenField]) -> bool:
    """Whether detectors must look at any of these fields. Raises RequestError."""
    return any(
        field.treatment.action not in {HeaderAction.DROP, HeaderAction.KEEP}
        and not _holds_nothing(heart, field, route)
        for field in fields
    )


def with_fields(head: Head, changed: Sequence[ChangedField]) -> Head:
    """The head with these values; names and order stay."""
    fields, forwarded = head.fields[:], head.forwarded[:]
    for at, of_forwarder, value in changed:
        own = forwarded if of_forwarder else fields
        own[at] = own[at][0], value
    return head._replace(fields=fields, forwarded=forwarded)


def _holds_nothing(heart: Heart, field: ChosenField, route: Route) -> int:
    """The number of the field's texts if it is already known that nothing is found in them; else 0."""
    treatment = field.treatment
    if treatment.entity_type:
        return 0
    pieces: list[Piece] = [(field.value, (field.name, field.place), _VALUE)]
    if treatment.is_address or not is_plain(field.value):
        segments = _decoded(field, route.limits).segments
        pieces = [(it.text, it.location, it.kind.value) for it in segments]
    return len(pieces) if heart.nothing_in(ROOT, pieces, route.policy) else 0


def _decoded(field: ChosenField, limits: Limits) -> HeaderDocument:
    raw = field.value.encode("utf-8", "surrogateescape")
    treatment = field.treatment
    return decode_field(
        field.name,
        field.place,
        raw,
        limits=limits,
        is_address=treatment.is_address,
        entity=treatment.entity_type,
    )


def _inspected(run: Run, number: int, field: ChosenField) -> str | None:
    """The value to forward, if it differs."""
    treatment = field.treatment
    document = _decoded(field, run.job.plan.route.limits)
    run.stages.mark("decode")
    redaction = run.inspect(f"header:{number}", document)
    if not redaction.changed:
        return None
    if treatment.action is HeaderAction.BLOCK:
        run.tally.blocked = run.tally.blocked or BLOCKED_HEADER
        return None
    return None if run.dry else redaction.body.decode("utf-8", "surrogateescape")
