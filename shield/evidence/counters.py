"""Compares what the proxy's metrics counted with what its log holds, from heartbeat to heartbeat. Pure.

Each heartbeat carries `shield_requests_total` by outcome, as a scrape would have read it at that moment. The
event loop counts there when an exchange ends, independently of the log's writing. A record comes first and is
counted afterwards, so between two heartbeats the two agree except for the requests in flight:

    counted <= ended in the log,  and  begun in the log <= counted + in flight

This holds in all, and for `blocked` and `rejected` each. An answered request is counted by its intent's
decision (`forwarded`, `redacted`, `observed`, `bypassed`) or, where its answer broke off later, as
`client_gone`, `upstream_failed` or `unavailable`; so the log may hold more of the former, less of the latter.

A process counts from 0, so each `boot` starts again. A difference is named once, with the two heartbeats
between which it arose. No counter covers what came after a run's last heartbeat; it is listed as uncounted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from shield.audit.record import OUTCOME_UNKNOWN, Kind
from shield.domain import EMPTY
from shield.errors import DrainingError, UpstreamError, codes_of
from shield.evidence.reading import REQUEST_KINDS, Entry, Period, microseconds

ALL = "requests"
PASSED: Mapping[str, str] = {
    "forward": "forwarded",
    "forward_redacted": "redacted",
    "observe": "observed",
    "bypass": "bypassed",
}
"""The outcome by which an answered exchange is counted, by the decision in its intent."""
BLOCKED, REJECTED = "blocked", "rejected"
CLIENT_GONE, UPSTREAM_FAILED, UNAVAILABLE = "client_gone", "upstream_failed", "unavailable"
CUT_SHORT = (CLIENT_GONE, UPSTREAM_FAILED, UNAVAILABLE)
ANSWERED = "answered"
OUTCOMES = (*PASSED.values(), BLOCKED, REJECTED, *CUT_SHORT)

MAX_LISTED = 100
_HOUR = len("2031-05-04T03")
_SERVER_ERROR = 500
_UPSTREAM_CODES = frozenset(codes_of(UpstreamError))


@dataclass(frozen=True, slots=True)
class CounterDifference:
    """Between two heartbeats, metrics and log differ by more than what was in flight.

    `what` is an outcome, or `requests` for all. `off_by` is the part of `recorded` less `counted` that
    requests in flight do not explain; positive: the log holds more. `record` is the later heartbeat.
    """

    what: str
    start: str
    end: str
    seconds: float
    record: int
    counted: int
    recorded: int
    off_by: int


@dataclass(frozen=True, slots=True)
class Uncounted:
    """Requests that a run recorded after its last heartbeat; `record` began the next run, if there is one."""

    start: str
    end: str
    seconds: float
    requests: int
    record: int | None


@dataclass(frozen=True, slots=True)
class Counted:
    """The counts of one log over a period, without canaries. Lists hold the first hundred.

    `hours` maps an hour (`2031-05-04T03`, UTC) to heartbeats, requests counted by the metrics, and requests
    recorded, both since the previous heartbeat: what lies between two heartbeats is in the hour of the later.
    `ended` are the period's own requests by outcome, as far as their process ended them; `left_open` those
    that a crash ended.
    """

    checks: int
    hours: Mapping[str, tuple[int, int, int]]
    differences: tuple[CounterDifference, ...]
    difference_count: int
    uncounted: tuple[Uncounted, ...]
    uncounted_requests: int
    ended: Mapping[str, int]
    left_open: int

    def by_day(self) -> dict[str, tuple[int, int, int]]:
        """`hours`, summed by day (`2031-05-04`)."""
        days: dict[str, tuple[int, int, int]] = {}
        for hour, (beats, counted, recorded) in self.hours.items():
            known = days.get(hour[:10], (0, 0, 0))
            days[hour[:10]] = (known[0] + beats, known[1] + counted, known[2] + recorded)
        return days


def refused_as(reason: str, status: int, *, blocked: bool) -> str:
    """The outcome by which an exchange with a `reject` record is counted."""
    if blocked:
        return BLOCKED
    if reason == CLIENT_GONE:
        return CLIENT_GONE
    if reason in _UPSTREAM_CODES:
        return UPSTREAM_FAILED
    return UNAVAILABLE if status >= _SERVER_ERROR else REJECTED


def ended_as(decision: str, result: str) -> str:
    """The outcome by which an exchange with intent and outcome is counted, unless its answer broke off."""
    if result == CLIENT_GONE:
        return CLIENT_GONE
    if result in {OUTCOME_UNKNOWN, DrainingError.code}:
        return UNAVAILABLE
    return PASSED.get(decision, UNAVAILABLE) if result == ANSWERED else UPSTREAM_FAILED


class CounterCheck:
    """Takes all records of a log in order. Its memory is the open intents and the hours."""

    def __init__(self, period: Period, minimum: int = 0) -> None:
        """`minimum`: the records below it were pruned, so that the first run may lack its beginning."""
        self._period = period
        self._open: dict[int, tuple[str, str]] = {}
        self._boot = minimum - 1
        self._last_time = ""
        self._checks = 0
        self._hours: dict[str, list[int]] = {}
        self._differences: list[CounterDifference] = []
        self._difference_count = 0
        self._uncounted: list[Uncounted] = []
        self._uncounted_requests = 0
        self._period_ended: Counter[str] = Counter()
        self._left_open = 0
        self._begin_run(whole=minimum == 0)

    def _begin_run(self, *, whole: bool) -> None:
        self._whole = whole
        self._begun = 0
        self._ended: Counter[str] = Counter()
        # Values at the previous heartbeat.
        self._beat_time: str | None = None
        self._beat_begun = 0
        self._beat_ended: Counter[str] = Counter()
        self._beat_counted: Mapping[str, int] = EMPTY
        self._known: Counter[str] = Counter()
        """The differences already named: each is named once."""
        self._slack = 0

    def take(self, entry: Entry) -> None:
        """The next record of the log."""
        kind = entry.kind
        if kind in REQUEST_KINDS:
            if (
                not entry.is_marked
            ):  # the proxy's counters leave it out, whether or not its run reached its record
                self._begin(entry)
        elif kind == Kind.OUTCOME:
            self._end(entry)
        elif kind == Kind.HEARTBEAT:
            self._beat(entry)
        elif kind == Kind.BOOT:
            self._leave_run(entry.index)
            self._begin_run(whole=True)
            self._boot = entry.index
            self._beat_time = entry.time
        if entry.time:
            self._last_time = entry.time

    def _begin(self, entry: Entry) -> None:
        self._begun += 1
        fields = entry.fields
        if entry.kind == Kind.REJECT:
            blocked = fields["decision"] == "block"
            self._count(refused_as(fields["reason"], fields["status"], blocked=blocked), entry.time)
        else:
            self._open[entry.index] = (fields["decision"], entry.time)

    def _end(self, entry: Entry) -> None:
        intent = entry.fields["intent"]
        decision, began = self._open.pop(intent, ("", ""))
        if not began:
            return  # of a canary, or of a pruned record
        if intent > self._boot:
            self._count(ended_as(decision, entry.fields["result"]), began)
        elif self._period.holds(began):  # recovery wrote it: the process that counts never saw the end
            self._left_open += 1

    def _count(self, outcome: str, began: str) -> None:
        self._ended[outcome] += 1
        if self._period.holds(began):
            self._period_ended[outcome] += 1

    def _beat(self, entry: Entry) -> None:
        counted = entry.fields.get("requests_ended")
        if counted is None:
            return  # of a version without this field
        flight = entry.fields["requests_started"] - entry.fields["requests_finished"]
        if self._whole:
            self._compare(entry, counted, flight)
        else:  # the run began before the first kept record: compare from this heartbeat on
            self._whole, self._slack = True, flight
            self._known = Counter({name: self._ended[name] - counted.get(name, 0) for name in OUTCOMES})
            self._known[ALL] = self._begun - sum(counted.values())
        self._beat_time, self._beat_begun = entry.time, self._begun
        self._beat_ended, self._beat_counted = Counter(self._ended), counted

    def _compare(self, entry: Entry, counted: Mapping[str, int], flight: int) -> None:
        in_period = self._period.holds(entry.time)
        total = sum(counted.values())
        before = sum(self._beat_counted.values())
        if in_period:
            self._checks += 1
            hour = self._hours.setdefault(entry.time[:_HOUR], [0, 0, 0])
            hour[0] += 1
            hour[1] += total - before
            hour[2] += self._begun - self._beat_begun
        flight += self._slack
        # (least that the log may hold beyond the count, most): anything outside is a difference.
        self._hold(
            entry,
            ALL,
            (total - before, self._begun - self._beat_begun),
            max(0, self._begun - total - self._known[ALL] - flight)
            or min(0, self._ended.total() - total - self._known[ALL] + self._slack),
            in_period=in_period,
        )
        for name in OUTCOMES:
            excess = self._ended[name] - counted.get(name, 0) - self._known[name]
            beyond = 0
            if name not in CUT_SHORT:
                beyond = min(0, excess + self._slack)
            if name not in _PASSED:
                beyond = beyond or max(0, excess - flight)
            self._hold(
                entry,
                name,
                (
                    counted.get(name, 0) - self._beat_counted.get(name, 0),
                    self._ended[name] - self._beat_ended[name],
                ),
                beyond,
                in_period=in_period,
            )

    def _hold(
        self, entry: Entry, what: str, increments: tuple[int, int], beyond: int, *, in_period: bool
    ) -> None:
        if not beyond:
            return
        self._known[what] += beyond
        if not in_period:
            return
        self._difference_count += 1
        if len(self._differences) < MAX_LISTED:
            start = self._beat_time or entry.time
            self._differences.append(
                CounterDifference(
                    what, start, entry.time, _seconds(start, entry.time), entry.index, *increments, beyond
                )
            )

    def _leave_run(self, ended_by: int | None) -> None:
        """Lists what the run that ends here recorded after its last heartbeat."""
        requests = self._begun - self._beat_begun
        if not requests or not self._period.holds(self._last_time):
            return
        self._uncounted_requests += requests
        if len(self._uncounted) < MAX_LISTED:
            start = self._beat_time or self._last_time
            span = _seconds(start, self._last_time)
            self._uncounted.append(Uncounted(start, self._last_time, span, requests, ended_by))

    def result(self) -> Counted:
        """The result. It ends the last run, so call it once, at the end."""
        self._leave_run(None)
        return Counted(
            checks=self._checks,
            hours={hour: (counts[0], counts[1], counts[2]) for hour, counts in sorted(self._hours.items())},
            differences=tuple(self._differences),
            difference_count=self._difference_count,
            uncounted=tuple(self._uncounted),
            uncounted_requests=self._uncounted_requests,
            ended={name: self._period_ended[name] for name in OUTCOMES if self._period_ended[name]},
            left_open=self._left_open,
        )


_PASSED = frozenset(PASSED.values())


def _seconds(start: str, end: str) -> float:
    return (microseconds(end) - microseconds(start)) / 1_000_000
