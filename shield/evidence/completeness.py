"""Checks that the counts of a log add up: one record a request, one end a forwarded request. Pure.

    requests = intents + bypasses + rejected
    intents + bypasses = outcomes + unknown            (and open, where the log is in use)

Canaries, requests that the proxy made itself to test the control, are in all of these sums, and also counted
separately; no outside count includes them, so they are not in `hours`, `certain` and `possible`.

A request belongs to the period in which its intent, bypass or reject was recorded; its outcome is
found by index, whenever it was recorded. So the sums hold for any period, not only for whole logs.

Two things outside the sums check them against reality. The indices have no gaps and end where the
signed checkpoint says. And each heartbeat carries the proxy's own counters, which never see the log:
what the log holds of the run must lie between the requests finished and the requests started, and what it
holds of each outcome must be what the metrics counted of it (`evidence.counters`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from shield.audit.record import OUTCOME_UNKNOWN, Kind
from shield.domain import EMPTY
from shield.errors import DrainingError
from shield.evidence.counters import Counted, CounterCheck
from shield.evidence.reading import REQUEST_KINDS, UNREADABLE, Entry, Period
from shield.evidence.rescans import ReducedTally

MAX_LISTED = 100
_HOUR = len("2031-05-04T03")


@dataclass(frozen=True, slots=True)
class Completeness:
    """Counts of the requests of a period; `open_intents` lists the first hundred.

    `outcomes` are known ones: `answered`, plus those whose result says why there was no answer (`results`
    counts each). `certain` is how many surely reached the upstream, `possible` how many may have: the range
    that the upstream's own count must lie in. Both are by hour in `hours`, with all requests. `unsent` are
    the intents and bypasses, by decision, for which nothing was sent because a stop came first.
    `uninspected_bytes` were forwarded without inspection: by a route's field rules, as opaque content that it
    keeps, or in a bypass; those of `unsent` are not in it.
    """

    records: int
    requests: int
    intents: int
    bypasses: int
    rejected: int
    blocked: int
    observed: int
    outcomes: int
    unknown: int
    open: int
    uninspected_bytes: int
    canaries: int
    canary_kinds: Mapping[str, int]
    stray_outcomes: int
    misplaced: int
    results: Mapping[str, int]
    certain: int
    possible: int
    hours: Mapping[str, tuple[int, int, int]]
    counter_checks: int
    counter_mismatches: tuple[int, ...]
    metrics: Counted
    open_intents: tuple[int, ...]
    unsent: Mapping[str, int] = field(default_factory=lambda: EMPTY)
    reduced: Mapping[str, int] = field(default_factory=lambda: EMPTY)
    """Writes that only patterns had inspected in time, by the result of their re-scan."""

    def problems(self, *, live: bool) -> list[str]:
        """Why the counts do not add up, in words; empty where they do.

        `live`: the log is in use, so intents without an outcome may still be in flight.
        """
        found = []
        forwarded = self.intents + self.bypasses
        closed = self.outcomes + self.unknown
        if forwarded != closed + (self.open if live else 0):
            found.append(f"{forwarded} intents, but {closed} outcomes: {self.open} are open")
        if self.misplaced:
            found.append(f"{self.misplaced} records are not at their index, or cannot be read")
        if self.stray_outcomes:
            found.append(f"{self.stray_outcomes} outcomes have no open intent")
        if self.counter_mismatches:
            found.append(
                f"the proxy's own counters differ from the log at {len(self.counter_mismatches)} heartbeats, "
                f"first at record {self.counter_mismatches[0]}"
            )
        if self.metrics.differences:
            first = self.metrics.differences[0]
            found.append(
                f"the metrics counted other requests than the log holds, {self.metrics.difference_count} "
                f"times; first from {first.start} to {first.end} (record {first.record}): {first.what}, "
                f"counted {first.counted}, recorded {first.recorded}"
            )
        return found


@dataclass(frozen=True, slots=True)
class _Open:
    """An intent or bypass whose outcome has not come yet."""

    time: str
    decision: str
    uninspected: int
    is_canary: bool


class Tally:
    """Takes all records of a log in order. Its memory is the open intents and the hours."""

    def __init__(self, period: Period, minimum: int = 0) -> None:
        """`minimum`: the records below it were pruned; the first run may lack its beginning."""
        self._period = period
        self._minimum = minimum
        self._records = minimum
        self._requests = 0
        self._kinds: Counter[str] = Counter()
        self._decisions: Counter[str] = Counter()
        self._results: Counter[str] = Counter()
        self._outcomes = 0
        self._unknown = 0
        self._uninspected = 0
        self._stray = 0
        self._misplaced = 0
        self._open: dict[int, _Open] = {}
        self._unsent: Counter[str] = Counter()
        self._reduced = ReducedTally(period)
        self._canaries: Counter[str] = Counter()
        self._hours: dict[str, list[int]] = {}
        # Of the current run, for its heartbeats.
        self._boot = 0
        self._run_recorded = 0
        self._run_ended = 0
        self._cut = minimum > 0  # its beginning was pruned, and no heartbeat of it has come yet
        self._beat_started = self._beat_finished = 0  # where its counts start
        self._checks = 0
        self._mismatches: list[int] = []
        self._counters = CounterCheck(period, minimum)

    def take(self, entry: Entry) -> None:
        """Takes the next record of the log."""
        self._counters.take(entry)
        if entry.kind == UNREADABLE or entry.index != self._records:
            self._misplaced += 1
        self._records += 1
        kind = entry.kind
        self._reduced.take(entry)
        if kind in REQUEST_KINDS:
            self._take_request(entry)
        elif kind == Kind.OUTCOME:
            self._take_outcome(entry)
        elif kind == Kind.HEARTBEAT:
            self._take_heartbeat(entry)
        elif kind == Kind.BOOT:
            self._boot = entry.index
            self._count_from(0, 0)

    def _count_from(self, started: int, finished: int) -> None:
        """Restarts the run's counts from the point where the proxy's own counters had these values."""
        self._cut = False
        self._run_recorded = self._run_ended = 0
        self._beat_started, self._beat_finished = started, finished

    def _take_request(self, entry: Entry) -> None:
        self._run_recorded += 1
        uninspected = 0
        if entry.kind == Kind.REJECT:
            self._run_ended += 1
        else:
            uninspected = 0 if entry.is_canary else entry.fields["uninspected_bytes"]
            decision = entry.fields["decision"]
            self._open[entry.index] = _Open(entry.time, decision, uninspected, entry.is_canary)
        if self._period.holds(entry.time):
            self._requests += 1
            self._kinds[entry.kind] += 1
            self._decisions[entry.fields["decision"]] += 1
            if entry.is_canary:
                self._canaries[entry.kind] += 1
                return
            self._hour(entry.time)[2] += 1
            self._uninspected += uninspected

    def _take_outcome(self, entry: Entry) -> None:
        intent = entry.fields["intent"]
        began = self._open.pop(intent, None)
        if intent > self._boot and (began is not None or intent < self._minimum):
            self._run_ended += 1  # recovery, not the proxy, closed those of an earlier run
        if began is None:
            self._stray += intent >= self._minimum
            return
        if not self._period.holds(began.time):
            return
        result = entry.fields["result"]
        self._results[result] += 1
        if result == OUTCOME_UNKNOWN:
            self._unknown += 1
        else:
            self._outcomes += 1
        if began.is_canary:
            return
        hour = self._hour(began.time)
        hour[0] += entry.fields["upstream_status"] is not None
        if result == DrainingError.code:
            self._unsent[began.decision] += 1
            self._uninspected -= began.uninspected
        else:
            hour[1] += 1

    def _take_heartbeat(self, entry: Entry) -> None:
        started, finished = entry.fields["requests_started"], entry.fields["requests_finished"]
        if self._cut:  # nobody can count all of this run: compare from this heartbeat on
            self._count_from(started, finished)
            return
        if not self._period.holds(entry.time):
            return
        self._checks += 1
        # What was in flight then may have its record, and its end, before or after it.
        flight = self._beat_started - self._beat_finished
        begun, over = started - self._beat_finished, finished - self._beat_started
        if not (over <= self._run_ended <= self._run_recorded + flight and self._run_recorded <= begun):
            self._mismatches.append(entry.index)

    def _hour(self, time: str) -> list[int]:
        """[surely forwarded, perhaps forwarded, requests] for the hour of a time."""
        return self._hours.setdefault(time[:_HOUR], [0, 0, 0])

    def result(self) -> Completeness:
        """The counts of the period."""
        still_open = [index for index, began in self._open.items() if self._period.holds(began.time)]
        hours = {hour: list(counts) for hour, counts in self._hours.items()}
        for index in still_open:
            if not self._open[index].is_canary:
                hours[self._open[index].time[:_HOUR]][1] += 1
        return Completeness(
            records=self._records,
            requests=self._requests,
            intents=self._kinds[Kind.INTENT],
            bypasses=self._kinds[Kind.BYPASS],
            rejected=self._kinds[Kind.REJECT],
            blocked=self._decisions["block"],
            observed=self._decisions["observe"],
            outcomes=self._outcomes,
            unknown=self._unknown,
            open=len(still_open),
            uninspected_bytes=self._uninspected,
            canaries=self._canaries.total(),
            canary_kinds=dict(self._canaries),
            stray_outcomes=self._stray,
            misplaced=self._misplaced,
            results=dict(sorted(self._results.items())),
            certain=sum(counts[0] for counts in hours.values()),
            possible=sum(counts[1] for counts in hours.values()),
            hours={hour: (counts[0], counts[1], counts[2]) for hour, counts in sorted(hours.items())},
            counter_checks=self._checks,
            counter_mismatches=tuple(self._mismatches),
            metrics=self._counters.result(),
            unsent=dict(sorted(self._unsent.items())),
            reduced=self._reduced.result(),
            open_intents=tuple(still_open[:MAX_LISTED]),
        )
