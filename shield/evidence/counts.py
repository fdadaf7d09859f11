"""Reads somebody else's count of the same requests: an upstream's or load balancer's log, by line. Pure.

Two forms. CSV (RFC 4180) with a header line and a column of times: RFC 3339 or ISO 8601 (without a zone:
UTC), or seconds, milliseconds, microseconds since 1970. Or lines of the Common Log Format and its extensions,
with `[04/May/2031:03:02:01 +0000]`. Only times are read; nothing else of a line is kept.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from shield.errors import EvidenceError
from shield.evidence.completeness import Completeness
from shield.evidence.reading import Period, microseconds, time_of

TIME_COLUMNS = ("timestamp", "time", "@timestamp", "datetime", "date", "ts")
MAX_LISTED = 100

_COMMON_LOG = re.compile(r"\[(\d{2})/([A-Z][a-z]{2})/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})\]")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NUMBER = re.compile(r"[0-9]{9,16}(\.[0-9]+)?")
_MILLISECONDS_FROM = 10**11
_MICROSECONDS_FROM = 10**14
_HOUR = len("2031-05-04T03")


def read_times(lines: Iterable[str], column: str | None = None) -> Iterator[str]:
    """The time of each request, as in records. The first line decides the form.

    Raises `EvidenceError` that names the line, but none of its content.
    """
    rows = iter(lines)
    first = next(rows, None)
    if first is None:
        return
    if column is None and _COMMON_LOG.search(first):
        yield _common_log_time(first, 1)
        for number, line in enumerate(rows, 2):
            if line.strip():
                yield _common_log_time(line, number)
        return
    try:
        reader = csv.reader(rows, strict=True)
        header = [name.strip().lower() for name in next(csv.reader([first.removeprefix("\ufeff")]))]
        place = _place(header, column)
        for row in reader:
            if row:
                yield _csv_time(row, place, reader.line_num + 1)
    except csv.Error:
        raise EvidenceError("the file of counts is not valid CSV") from None


def _place(header: Sequence[str], column: str | None) -> int:
    wanted = TIME_COLUMNS if column is None else (column.strip().lower(),)
    for name in wanted:
        if name in header:
            return header.index(name)
    raise EvidenceError(
        f"the file of counts has no column named {' or '.join(wanted)}, and no lines of the Common Log Format"
    )


def _csv_time(row: Sequence[str], place: int, number: int) -> str:
    try:
        text = row[place].strip()
        if _NUMBER.fullmatch(text):
            value = float(text)
            scale = 1 if value >= _MICROSECONDS_FROM else 1_000 if value >= _MILLISECONDS_FROM else 1_000_000
            return time_of(round(value * scale))
        moment = datetime.fromisoformat(text)
        return _as_record_time(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment)
    except (ValueError, IndexError, OverflowError):
        raise EvidenceError(f"line {number} of the file of counts has no time that can be read") from None


def _common_log_time(line: str, number: int) -> str:
    found = _COMMON_LOG.search(line)
    groups = found.groups() if found else ()
    try:
        day, month, year, hour, minute, second, sign, east_hours, east_minutes = groups
        east = timedelta(hours=int(east_hours), minutes=int(east_minutes))
        zone = timezone(-east if sign == "-" else east)
        when = (int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second))
        return _as_record_time(datetime(*when, tzinfo=zone))
    except (ValueError, OverflowError):
        raise EvidenceError(f"line {number} of the file of counts has no time that can be read") from None


def _as_record_time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


@dataclass(frozen=True, slots=True)
class HourDifference:
    """An hour (`2031-05-04T03`, UTC) whose count lies outside what the log allows."""

    hour: str
    counted: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """An outside count compared with the log's range; `hours` are the first hundred that differ.

    `off_by` is how many more (positive) or fewer (negative) were counted than the log allows. Requests near a
    full hour may be counted in the next one: the total decides, hours only say where to look.
    """

    what: str
    counted: int
    least: int
    most: int
    tolerance: int
    hours: tuple[HourDifference, ...]

    @property
    def off_by(self) -> int:
        return max(0, self.counted - self.most) - max(0, self.least - self.counted)

    @property
    def ok(self) -> bool:
        return abs(self.off_by) <= self.tolerance


def compare(
    times: Iterable[str], period: Period, tallies: Sequence[Completeness], *, what: str, tolerance: int
) -> Comparison:
    """Compares outside times with the counts of all origins together.

    `what` is `forwarded`, requests that reached the upstream: at least those that it answered, at most those
    plus the ones whose outcome leaves it open; or `requests`, all that came to the proxy. Common logs have
    whole seconds: a request of the period's first second counts as in it.
    """
    start = period.start
    if start is not None:
        whole = microseconds(start) // 1_000_000 * 1_000_000
        start = time_of(whole)
    widened = Period(start, period.end)
    counted: Counter[str] = Counter(time[:_HOUR] for time in times if widened.holds(time))
    least: Counter[str] = Counter()
    most: Counter[str] = Counter()
    for tally in tallies:
        _add_hours(tally.hours, least, most, what)
    hours = sorted(counted.keys() | least.keys() | most.keys())
    differing = [
        HourDifference(hour, counted[hour], least[hour], most[hour])
        for hour in hours
        if not least[hour] <= counted[hour] <= most[hour]
    ]
    return Comparison(
        what,
        counted.total(),
        least.total(),
        most.total(),
        tolerance,
        tuple(differing[:MAX_LISTED]),
    )


def _add_hours(
    hours: Mapping[str, tuple[int, int, int]], least: Counter[str], most: Counter[str], what: str
) -> None:
    for hour, (certain, possible, requests) in hours.items():
        least[hour] += certain if what == "forwarded" else requests
        most[hour] += possible if what == "forwarded" else requests
