"""The overview of a period: was the control on, what did it do, what is open. All figures link to records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from shield.console.answers import Answer, Call, Page, period_between, time_text
from shield.console.catalogue import REQUESTS, Filters, OriginState
from shield.console.desk import is_companion
from shield.console.index_schema import DAY, HOUR, unsent
from shield.console.notable import Event
from shield.console.pages.chart import chart
from shield.console.pages.exceptions import open_counts
from shield.console.pages.instances import gap_of, instances_of
from shield.console.pages.ongoing import ShownGap, ongoing_gap, unread_from
from shield.evidence.instance import Instances
from shield.evidence.reading import microseconds, time_of

_US = 1_000_000
_PRESETS = (
    ("24h", "24 hours", DAY),
    ("7d", "7 days", 7 * DAY),
    ("30d", "30 days", 30 * DAY),
    ("90d", "90 days", 90 * DAY),
    ("365d", "a year", 365 * DAY),
)
_DEFAULT = "7d"
_MAX_GAPS = 50
_ANCHORINGS = 200
_MOST_COUNTS = 20


@dataclass(frozen=True, slots=True)
class Enabled:
    """How much of a period the records of a log cover; times in microseconds.

    Time of which other logs of the instance have evidence counts as enabled; `bridged` gaps consist wholly of
    it and are not among `gaps`.
    """

    origin: str
    seconds: float
    enabled: float
    gaps: tuple[ShownGap, ...]
    bridged: int = 0

    @property
    def share(self) -> float:
        return self.enabled / self.seconds if self.seconds else 1.0


def period_of(call: Call) -> tuple[str, int, int]:
    """(name of the preset or empty, from, to) in whole hours of microseconds. Raises `RefusedError`."""
    now = int(call.now()) * _US
    if call.query.get("start") or call.query.get("end"):
        begins, ends = period_between(call.query.get("start", ""), call.query.get("end", ""))
        start = microseconds(begins or time_of(now - 7 * DAY * _US))
        end = microseconds(ends or time_of(now))
        return "", start, max(start + _US, min(end, now))
    name = call.query.get("period", _DEFAULT)
    seconds = next((seconds for preset, _, seconds in _PRESETS if preset == name), None)
    if seconds is None:
        name, seconds = _DEFAULT, 7 * DAY
    unit = HOUR if seconds <= 3 * DAY else DAY
    return name, ((now // _US - seconds) // unit * unit + unit) * _US, now


def show_overview(call: Call) -> Answer:
    """The first page."""
    name, start, end = period_of(call)
    origin = call.query.get("origin", "")
    filters = Filters(start=time_of(start), end=time_of(end), origin=origin, kind=REQUESTS)
    counts = call.search.sums.counts(filters, end)
    states = [
        state
        for state in call.search.origins()
        if not is_companion(state.origin) and origin in ("", state.origin)
    ]
    instances = instances_of(call)
    enabled = [enabled_of(call, instances, state, start, end) for state in states]
    begins = min((state.first_time or end for state in states), default=0)
    opened = open_counts(call, start, end, origin)
    span = {"start": _exact(start), "end": _exact(end)}
    refused = counts.decisions.get("reject", 0) + counts.decisions.get("block", 0)
    return Page(
        "overview.html",
        {
            "presets": [(preset, words) for preset, words, _ in _PRESETS],
            "preset": name,
            "span": span | ({"origin": origin} if origin else {}),
            "start": start,
            "end": end,
            "origin": origin,
            "origins": [state.origin for state in call.search.origins() if not is_companion(state.origin)],
            "counts": counts,
            "refused": refused,
            "outside": sum(
                counts.decisions.get(name, 0) - counts.results.get(unsent(name), 0)
                for name in ("bypass", "observe")
            ),
            "chart": chart(counts),
            "entities": top(counts.entities),
            "routes": top(counts.routes),
            "operators": top(counts.operators),
            "unread": min(
                (unread for state in states if (unread := unread_from(state, end)) is not None), default=None
            ),
            "enabled": enabled,
            "share": min((one.share for one in enabled if one.seconds), default=None),
            "gaps": [gap for one in enabled for gap in one.gaps][:_MAX_GAPS],
            "gap_count": sum(len(one.gaps) for one in enabled),
            "bridged": sum(one.bridged for one in enabled),
            "begins": begins if begins > start else 0,
            "open": opened.by_kind,
            "open_records": opened.records,
            "hidden": call.desk.hidden_logs(),
            "damaged": [it for it in call.search.notable.damages() if origin in ("", it.origin)],
            "verified": [(state.origin, verification(call, state.origin)) for state in states],
            "anchors": _anchors(call.search.notable.events(("anchor",), limit=_ANCHORINGS)),
            "canary": call.search.notable.latest_event(("canary",)),
            "read_back": call.search.notable.latest_event(("read_back",)),
            "unknown": counts.results.get("outcome_unknown", 0),
            "rough": bool(not name and _cut(start, end, counts.unit, int(call.now()) * _US)),
            "answered": counts.results.get("answered", 0),
            "now": time_text(call.now()),
        },
    )


def _exact(us: int) -> str:
    """A time for a link, as short as possible without losing a record at the end of its second."""
    return time_of(us)[:19] if us % _US == 0 else time_of(us)


def _cut(start: int, end: int, unit: int, now: int) -> bool:
    """Whether a period cuts a step of `unit` seconds that its sums are kept by; an end `now` does not."""
    step = unit * _US
    return start % step != 0 or (end < now and (end + 1) % step != 0)


def verification(call: Call, origin: str) -> Mapping[str, Any] | None:
    """The newest verification of a log by this console: its time, by whom, and the result."""
    rows = call.desk.journal.verifications(origin)
    if not rows:
        return None
    seconds, by, good, fields = rows[0]
    # A log that could not be read has only its problem.
    found = {"verified": False, "found": [], **orjson.loads(fields)}
    return {**found, "ok": good, "by": by, "time": time_text(seconds)}


def enabled_of(call: Call, instances: Instances, state: OriginState, start: int, end: int) -> Enabled:
    """The part of a period that a log's records cover, as `shield evidence reconcile` defines it.

    What the index has not read yet does not count.
    """
    found: list[ShownGap] = []
    unread = unread_from(state, end)
    end = end if unread is None else min(end, unread)

    def add(low: int, high: int, reason: str, place: int | None) -> None:
        low, high = max(low, start), min(high, end)
        if high > low:
            found.append(ShownGap(state.origin, low, high, reason, place))

    if state.first_time is not None:
        for low, high, reason, place in call.search.notable.gaps(state.id, start, end):
            add(low, high, reason, place)
        if (ongoing := ongoing_gap(state, end)) is not None:
            add(ongoing.start, ongoing.end, ongoing.reason, None)
    seconds = (
        max(0, end - max(start, state.first_time or end)) / _US
    )  # a log is counted from its first record on
    looked = [(gap, gap_of(instances, gap)) for gap in found]
    missing = sum(gap.without_control for _, gap in looked)
    alone = tuple(gap for gap, through in looked if not through.is_bridged)
    return Enabled(state.origin, seconds, max(0.0, seconds - missing), alone, len(looked) - len(alone))


def _anchors(events: Sequence[Event]) -> dict[str, Event]:
    """The newest record of each anchor by name; `events` are newest first."""
    found: dict[str, Event] = {}
    for event in events:
        found.setdefault(str(event.fields.get("anchor")), event)
    return dict(sorted(found.items()))


def top(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """The largest counts, by number and then by name."""
    some = ((name, count) for name, count in counts.items() if count)
    return sorted(some, key=lambda it: (-it[1], it[0]))[:_MOST_COUNTS]
