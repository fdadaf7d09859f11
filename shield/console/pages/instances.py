"""Finds gaps of logs during which other logs of their instance have evidence, over the index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from shield.audit.record import Kind
from shield.console.answers import Call
from shield.console.catalogue import FOREVER, OriginState
from shield.console.desk import is_companion
from shield.console.notable import ExceptionRow, Notable
from shield.console.pages.ongoing import ShownGap
from shield.evidence.coverage import DEFAULT_INTERVAL_US, MISSED_BEATS, Gap, GapReason, gap_between
from shield.evidence.exceptions import ExceptionKind
from shield.evidence.instance import Evidence, Instances


def instances_of(call: Call) -> Instances:
    """All logs of requests; what the index knows of each is looked up when needed."""
    return Instances(
        {
            state.origin: _looking(call.search.notable, state)
            for state in call.search.origins()
            if not is_companion(state.origin)
        }
    )


def _looking(notable: Notable, state: OriginState) -> Callable[[], Evidence]:
    def look() -> Evidence:
        high = state.last_time or 0
        stopped = state.last_kind == Kind.SHUTDOWN
        limit = 0 if stopped else MISSED_BEATS * (state.interval_us or DEFAULT_INTERVAL_US)
        gaps = [(low, end) for low, end, _, _ in notable.gaps(state.id, 0, FOREVER)]
        return Evidence(state.origin, state.first_time or 0, high, gaps, limit)

    return look


def gap_of(instances: Instances, shown: ShownGap) -> Gap:
    """A gap with the evidence of other logs."""
    gap = gap_between(shown.start, shown.end, GapReason(shown.reason), shown.place)
    return instances.bridge(shown.origin, gap)


def told(instances: Instances, notable: Notable, row: ExceptionRow) -> ExceptionRow:
    """An exception; if it is a gap, with the evidence of other logs."""
    if ExceptionKind.GAP not in row.kinds:
        return row
    found = notable.gap_at(row.origin_id, row.place)
    if found is None:
        return row
    low, high, reason = found
    gap = gap_of(instances, ShownGap(row.origin, low, high, reason, row.place))
    alone = row.kinds == (ExceptionKind.GAP.value,)
    return replace(row, detail=row.detail + gap.aside, bridged=gap if alone and gap.is_bridged else None)


def bridged_ids(call: Call, instances: Instances, start: int, end: int, origin: str) -> list[str]:
    """The exceptions of a period that are nothing but gaps during which the control was on."""
    found = []
    for state in call.search.origins():
        if is_companion(state.origin) or origin not in ("", state.origin):
            continue
        for low, high, reason, place in call.search.notable.gaps(state.id, start, end):
            if reason != GapReason.STOPPED:
                continue
            if not gap_of(instances, ShownGap(state.origin, low, high, reason, place)).is_bridged:
                continue
            row = call.search.notable.exception_row(state.origin, place)
            if row is not None and row.kinds == (ExceptionKind.GAP.value,) and start <= row.time <= end:
                found.append(row.id)
    return found
