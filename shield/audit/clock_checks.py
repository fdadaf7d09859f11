"""Whether the clock that a pruning goes by can be believed, by the log itself. Pure over a `Reader`.

What is pruned is gone. A machine that comes up years ahead (a dead battery, a wrong image) would end the
retention of all records at once, and NTP would come too late. The log tells: where the clock runs as it
should, there are records of a day ago by that clock and of the hours since, as a heartbeat comes at least
each hour. Where it was set ahead there are none, whatever was restarted meanwhile, until it has run so for a
day. One record of a day ago alone proves nothing: a battery clock that is a year ahead is so at each start of
the machine, until the network sets the time right, and two starts may be a day apart.
"""

from __future__ import annotations

from itertools import islice

from shield.audit.record import rfc3339
from shield.audit.retention import minimum_index, time_of
from shield.audit.tiles import Reader, bundle_path, decode_bundle
from shield.audit.tree import TILE_WIDTH
from shield.audit.walk import read_entries

HOURS = 6
"""Of the hours of the last day, in how many there must be records: a machine may be off at night."""
_HOUR_NS = 3_600 * 10**9
_DAY_NS = 24 * _HOUR_NS


def has_run_for_a_day(reader: Reader, size: int, now: int) -> bool:
    """Whether a log of `size` records shows that the clock runs as it does since a day before `now`.

    `now` is nanoseconds since 1970. Reads a few hundred bundles at most, however long the log is.
    """
    if not was_there_a_day_ago(reader, size, now):
        return False
    ends = (now - hour * _HOUR_NS for hour in range(24))
    seen = (end for end in ends if has_record_between(reader, size, end - _HOUR_NS, end))
    return len([*islice(seen, HOURS)]) == HOURS


def was_there_a_day_ago(reader: Reader, size: int, now: int) -> bool:
    """Whether a log of `size` records has one of between one and two days before `now`, in ns since 1970."""
    return has_record_between(reader, size, now - 2 * _DAY_NS, now - _DAY_NS)


def has_record_between(reader: Reader, size: int, start: int, end: int, *, first: int = 0) -> bool:
    """Whether one of the records from index `first` on is of this time, in nanoseconds since 1970.

    Bundles are searched by halves, as their times go up except where a clock went back; at worst, a record
    that is there is not found, and nothing is pruned.
    """
    earliest, latest = rfc3339(start), rfc3339(end)
    low, high = max(first, minimum_index(reader)) // TILE_WIDTH, size // TILE_WIDTH
    while high - low > 1:
        middle = (low + high) // 2
        raw = reader.read(bundle_path(middle))
        if raw is not None and time_of(next(iter(decode_bundle(raw)))) <= latest:
            low = middle
        else:
            high = middle
    # Those of the time are in the bundle `low`, or in the write-ahead log after it.
    near = islice(read_entries(reader, first=low * TILE_WIDTH), 2 * TILE_WIDTH)
    return any(earliest <= time_of(entry) <= latest for _, entry in near)
