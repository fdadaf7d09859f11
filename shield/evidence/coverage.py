"""Computes when the control was enabled: the time that a log's records cover, and every gap in it. Pure.

Each record shows that the process lived at its time; heartbeats ensure one an interval. Two neighbours of one
run cover the time between them if it is at most two intervals; more is a gap. Between a run's last record and
the next run's `boot` nothing is covered, whether the stop was in order or not. A clock that jumped forward
shows as a gap too: there is no evidence of the time in between.

Where a jump forward is taken back, what went before goes on: otherwise no later gap would be seen, and all
time be a gap, until the clock is there in earnest. That it was one is seen by its length: when the clock goes
back behind a gap, to a time by which what was recorded beyond the gap can have happened since its beginning.
"""

from __future__ import annotations

import enum
from collections import deque
from dataclasses import dataclass

from shield.audit.record import Kind
from shield.evidence.reading import REQUEST_KINDS, Entry, Period, microseconds, time_of

DEFAULT_INTERVAL_US = 60_000_000
NOT_OVER = "The period is not over yet; its remaining time counts as a gap, like time without evidence."
LONGEST_INTERVAL_US = 3_600_000_000
"""The longest interval that can be configured. A heartbeat that says a longer one hides no silence by it."""
MISSED_BEATS = 2
_SPANS = 8
"""So many stretches between gaps a clock may be set back over."""
_FIRST = 3_600_000_000
"""Microseconds in which a clock is set right with which a log begins."""
_ROUGHLY = 10
"""A clock that is set right by hand may be early by one part of the gap in so many."""


class GapReason(enum.StrEnum):
    """Why no record covers a time."""

    BEFORE = "before_first_record"
    STOPPED = "stopped"  # from a shutdown to the next boot, or to the end of the period
    CRASHED = "crashed"  # from the last record of a run that has no shutdown to the next boot
    SILENT = "silent"  # within a run
    AFTER = "after_last_record"  # a run without shutdown is silent up to the end of the period


@dataclass(frozen=True, slots=True)
class Gap:
    """A time of which a log has no evidence; `record` is the one that ends it, None where none does.

    `through` are logs of the same instance that have evidence of all but `unseen` seconds of it
    (`shield.evidence.instance`).
    """

    start: str
    end: str
    seconds: float
    reason: GapReason
    record: int | None
    through: tuple[str, ...] = ()
    unseen: float | None = None

    @property
    def detail(self) -> str:
        """Its length and reason, for a list."""
        return f"{self.seconds:.3f} s, {self.reason.value}{self.aside}"

    @property
    def aside(self) -> str:
        """What other logs show of it, to follow its length and reason."""
        if not self.through:
            return ""
        names = ", ".join(self.through)
        if self.is_bridged:
            return f"; the control was on through {names}"
        return f"; {self.unseen:.3f} s of it are in no log; for the rest, the control was on through {names}"

    @property
    def is_bridged(self) -> bool:
        """Whether other logs of the instance show the control on all the time."""
        return bool(self.through) and self.unseen == 0.0

    @property
    def without_control(self) -> float:
        """The seconds of which no log at hand has evidence."""
        return self.seconds if self.unseen is None else self.unseen

    def overlaps(self, period: Period) -> bool:
        """Whether some of it lies in the period."""
        return (period.start is None or self.end > period.start) and (
            period.end is None or self.start < period.end
        )


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage of one origin over a period, in seconds; `gaps` by time.

    `enabled_seconds` counts time of which it, or other logs of its instance, have evidence. `silence_seconds`
    is the longest that a run could be silent in the period without a gap.
    """

    start: str
    end: str
    seconds: float
    enabled_seconds: float
    gaps: tuple[Gap, ...]
    silence_seconds: float

    @property
    def longest_gap(self) -> float:
        """The longest gap, without time that other logs of the instance have evidence of."""
        return max((gap.without_control for gap in self.gaps), default=0.0)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A jump of the clock that was taken back. Times are microseconds since 1970.

    `after` is the last time before it, None where the log begins with it; the gap from there ends at `until`.
    """

    after: int | None
    until: int

    def end_of(self, start: int, end: int) -> int:
        """Where a gap that was named earlier ends now: at its `start` where nothing is left of it."""
        if self.after is not None and start < self.after:
            return end
        return max(start, min(end, self.until))


@dataclass(frozen=True, slots=True)
class GapState:
    """What a `GapFinder` knows between two records of a log. Times are microseconds since 1970.

    `high` is the latest time seen, and `since` when the time without a gap up to it began; `earlier` are such
    times before, from and to, and `forgot` says whether there were more.
    """

    interval_us: int = DEFAULT_INTERVAL_US
    last_kind: str = ""
    high: int | None = None
    since: int = 0
    earlier: tuple[tuple[int, int], ...] = ()
    forgot: bool = False
    dated_back: int = 0


class GapFinder:
    """Takes all records of a log in order; names each gap when the record that ends it comes.

    `interval_us` counts until a heartbeat says the interval in force. Its memory does not grow.
    """

    def __init__(self, interval_us: int = DEFAULT_INTERVAL_US) -> None:
        self._interval_us = interval_us
        self._last_kind = ""
        self.high: int | None = None
        """The latest time seen, microseconds; earlier times (a clock set back) cover nothing more."""
        self._since = 0  # when the time without gap up to `high` began
        self._earlier: deque[tuple[int, int]] = deque(maxlen=_SPANS)  # those before, from and to
        self._forgot = False  # whether there were more
        self.taken_back: TakenBack | None = None
        """The jump of the clock that the newest record took back, if it did."""
        self._dated_back = 0
        self.caught_up = 0
        """How many requests were recorded with earlier times, until the newest record was as late again."""

    @classmethod
    def resumed(cls, state: GapState) -> GapFinder:
        """One that goes on where another had that state."""
        finder = cls(state.interval_us)
        finder._last_kind, finder.high, finder._since = state.last_kind, state.high, state.since
        finder._earlier.extend(state.earlier)
        finder._forgot, finder._dated_back = state.forgot, state.dated_back
        return finder

    @property
    def state(self) -> GapState:
        """What it knows after the records so far."""
        earlier = tuple(self._earlier)
        return GapState(
            self._interval_us,
            self._last_kind,
            self.high,
            self._since,
            earlier,
            self._forgot,
            self._dated_back,
        )

    @property
    def limit_us(self) -> int:
        """How long a silence may last before it is a gap."""
        return MISSED_BEATS * self._interval_us

    @property
    def stopped(self) -> bool:
        """Whether the last run ended in order."""
        return self._last_kind == Kind.SHUTDOWN

    def lasting(self, end: int) -> GapReason | None:
        """Why the time from the records so far to `end` is a gap; None if it is not, or without a record."""
        if self.high is None:
            return None
        return lasting_gap(self.high, end, stopped=self.stopped, limit_us=self.limit_us)

    def take(self, entry: Entry) -> Gap | None:
        """Takes the next record of the log; returns the gap that it ends, if any."""
        now = microseconds(entry.time)
        if entry.kind == Kind.HEARTBEAT:
            self._interval_us = min(entry.fields["interval_us"], LONGEST_INTERVAL_US)
        gap = None
        back = entry.fields.get("clock_back_us", 0)
        self.taken_back = self._take_back(now) if back > self.limit_us else None
        high = self.high
        behind = high is not None and now < high
        self.caught_up = 0 if behind or self.taken_back is not None else self._dated_back
        is_dated_back = behind and entry.kind in REQUEST_KINDS and not entry.is_canary
        self._dated_back = self._dated_back + is_dated_back if behind else 0
        if high is not None and now > high:
            if entry.kind == Kind.BOOT:
                reason = GapReason.STOPPED if self.stopped else GapReason.CRASHED
                gap = gap_between(high, now, reason, entry.index)
            elif now - high > self.limit_us:
                gap = gap_between(high, now, GapReason.SILENT, entry.index)
            if gap is not None:
                self._forgot |= len(self._earlier) == _SPANS
                self._earlier.append((self._since, high))
                self._since = now
        if high is None:
            self._since = now
        self.high = now if high is None else max(high, now)
        self._last_kind = entry.kind
        return gap

    def _take_back(self, now: int) -> TakenBack | None:
        """Goes on where the clock was before it jumped ahead, if going back to `now` shows that it had."""
        if self.high is None:
            return None
        spans = [*self._earlier, (self._since, self.high)]
        recorded, gap_end = 0, None
        while spans and spans[-1][0] > now:
            gap_end, end = spans.pop()
            recorded += end - gap_end
        if gap_end is None or (not spans and (self._forgot or recorded > _FIRST)):
            return None
        if not spans:
            self._earlier.clear()
            self._since = self.high = now
            return TakenBack(None, now)
        since, last = spans[-1]
        begun = now - recorded  # the latest time at which what was recorded ahead can have begun
        if (last - begun) * _ROUGHLY > gap_end - last:
            return None  # it had not jumped ahead, and is behind now
        if begun - last > self.limit_us:
            since = begun
        else:
            begun = last
            spans.pop()
        self._earlier = deque(spans, maxlen=_SPANS)
        self._since, self.high = since, max(now, last)
        return TakenBack(last, begun)


def lasting_gap(high: int, end: int, *, stopped: bool, limit_us: int) -> GapReason | None:
    """Why the time from a log's newest record (`high`) to `end` is a gap; None: it is not. Microseconds.

    `stopped` says that this record ended the run in order, `limit_us` how long a run may be silent.
    """
    if end <= high:
        return None
    if stopped:
        return GapReason.STOPPED
    return GapReason.AFTER if end - high > limit_us else None


def gap_between(start: int, end: int, reason: GapReason, record: int | None) -> Gap:
    """A gap from `start` to `end`, in microseconds since 1970."""
    return Gap(time_of(start), time_of(end), (end - start) / 1_000_000, reason, record)


class CoverageBuilder:
    """Takes all records of a log in order, then says what of the period they cover."""

    def __init__(self, period: Period, interval_us: int = DEFAULT_INTERVAL_US) -> None:
        self._finder = GapFinder(interval_us)
        self._start = None if period.start is None else microseconds(period.start)
        self._end = None if period.end is None else microseconds(period.end)
        self._first: int | None = None
        self._first_record: int | None = None
        self._gaps: list[Gap] = []
        self._silence_us = 0

    def take(self, entry: Entry) -> None:
        gap = self._finder.take(entry)
        now = microseconds(entry.time)
        if (self._start is None or now >= self._start) and (self._end is None or now <= self._end):
            self._silence_us = max(self._silence_us, self._finder.limit_us)
        if (back := self._finder.taken_back) is not None:
            self._take_back(back)
        if self._first is None:
            self._first, self._first_record = self._finder.high, entry.index
        if gap is not None:
            self._add(microseconds(gap.start), microseconds(gap.end), gap.reason, gap.record)

    def _take_back(self, back: TakenBack) -> None:
        if back.after is None:
            self._first = back.until
        gaps, self._gaps = self._gaps, []
        for gap in gaps:
            start = microseconds(gap.start)
            self._add(start, back.end_of(start, microseconds(gap.end)), gap.reason, gap.record)

    def _add(self, start: int, end: int, reason: GapReason, record: int | None) -> None:
        """Adds the part of the gap that lies in the period."""
        start = start if self._start is None else max(start, self._start)
        end = end if self._end is None else min(end, self._end)
        if end > start:
            self._gaps.append(gap_between(start, end, reason, record))

    def result(self, now: int | None = None) -> Coverage:
        """The coverage; with `now` (microseconds since 1970), only of what has passed of the period.

        If a log has records later than `now`, they are believed. Raises `ValueError` where there are neither
        records nor a whole period.
        """
        first, high = self._first, self._finder.high
        start = self._start if self._start is not None else first
        end = self._end if self._end is not None else high
        if now is not None and end is not None and high is not None and high <= now:
            end = min(end, now)
        if start is None or end is None:
            raise ValueError("an empty log covers no period")
        end = max(start, end)
        if first is None or high is None:
            self._add(start, end, GapReason.BEFORE, None)
        else:
            self._gaps.sort(key=lambda gap: gap.start)
            if first > start:
                self._gaps.insert(
                    0, gap_between(start, min(first, end), GapReason.BEFORE, self._first_record)
                )
            lasting = self._finder.lasting(end)
            if lasting is not None:
                self._add(max(high, start), end, lasting, None)
        missing = sum(gap.seconds for gap in self._gaps)
        seconds = (end - start) / 1_000_000
        return Coverage(
            time_of(start),
            time_of(end),
            seconds,
            max(0.0, seconds - missing),
            tuple(self._gaps),
            (self._silence_us or self._finder.limit_us) / 1_000_000,
        )
