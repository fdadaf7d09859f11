"""Up to where a log may be pruned: whole bundles of records that are all older than a time.

Pure over a `Reader`.

A record says its own time, and what stands before another record was written before it. So a record that a
clock dated ahead need not be kept until its date has come: where the log, after it, shows the days before
that date, it was not yet that date. A single later record with an earlier time would prove nothing, since a
clock can also be behind, and what is pruned is gone.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from shield.audit.clock_checks import has_record_between
from shield.audit.retention import minimum_index, time_of
from shield.audit.tiles import Reader, bundle_path, decode_bundle
from shield.audit.tree import TILE_WIDTH

_DAY = timedelta(days=1)
LEAST_DAYS = 7
"""A record that is dated ahead by no more days holds nothing up for longer, and is not looked into."""
MOST_DAYS = 60
"""Of so many days at most, evenly apart, it is asked whether the log has records of them."""


def minimum_for(reader: Reader, before: str, limit: int, now: str) -> int:
    """The lowest multiple of 256, at most `limit`, below which all records are older than `before`.

    Times are as in records; `now` is the present one. Reads the bundles from the present minimum index on,
    one by one, since a clock that went back must not cause a younger record to be removed.
    """
    minimum = minimum_index(reader)
    while minimum + TILE_WIDTH <= limit:
        times = _times(reader, minimum)
        if not times:
            break
        if max(times) < before:
            minimum += TILE_WIDTH
            continue
        later = _shown_to_be_older(reader, minimum, before, limit, now)
        if later is None:
            break
        minimum = later
    return minimum


def _times(reader: Reader, index: int) -> list[str]:
    """The times of the records of the bundle that begins at `index`; none where it is not there."""
    raw = reader.read(bundle_path(index // TILE_WIDTH))
    return [] if raw is None else [time_of(entry) for entry in decode_bundle(raw)]


def _shown_to_be_older(reader: Reader, first: int, before: str, limit: int, now: str) -> int | None:
    """A higher multiple of 256 such that all from `first` to there are older, by what comes after them.

    That is so where the log has, from there on, records of half of the days between its time there and the
    latest date before that (or `now`, which is earlier where that date is still to come). A clock that is
    behind shows as many only if it is so for half as long as it is behind.
    """
    later = _where_time_is_earlier(reader, first, before, limit)
    if later is None:
        return None
    there = max(_times(reader, later))
    latest = max(time for index in range(first, later, TILE_WIDTH) for time in _times(reader, index) or ["~"])
    if latest == "~":  # what cannot be read is not pruned
        return None
    try:
        begin, end = datetime.fromisoformat(there), datetime.fromisoformat(min(latest, now))
    except ValueError:  # a time that is none is not old
        return None
    days = (end - begin) // _DAY
    if days <= LEAST_DAYS:
        return None
    looked_at = range(0, days, -(-days // MOST_DAYS))
    shown = sum(_has_record_of_day(reader, limit, begin + day * _DAY, later) for day in looked_at)
    return later if 2 * shown >= len(looked_at) else None


def _has_record_of_day(reader: Reader, size: int, begin: datetime, first: int) -> bool:
    start, end = (int(moment.timestamp()) * 1_000_000_000 for moment in (begin, begin + _DAY))
    return has_record_between(reader, size, start, end, first=first)


def _where_time_is_earlier(reader: Reader, first: int, before: str, limit: int) -> int | None:
    """The index of a bundle after that at `first` of which all records are older than `before`.

    Looks at few bundles, each twice as far as the one before: most logs have no such bundle, and what a clock
    dated ahead is soon followed by as many records of the right time.
    """
    step = TILE_WIDTH
    while first + step + TILE_WIDTH <= limit:
        times = _times(reader, first + step)
        if times and max(times) < before:
            return first + step
        step *= 2
    return None
