"""Whether the clock that a pruning goes by can be believed, by the log itself. Pure over a `Reader`.

What is pruned is gone. A machine that comes up years ahead (a dead battery, a wrong image) would end the
retention of all records at once, and NTP would come too late. The log tells: where the clock runs as it
should, there are records of a day ago by that clock, since a heartbeat comes at least each hour. Where it was
set ahead there are none, whatever was restarted meanwhile, until it has run so for a day.
"""

from __future__ import annotations

from itertools import islice

from shield.audit.record import rfc3339
from shield.audit.retention import minimum_index, time_of
from shield.audit.tiles import Reader, bundle_path, decode_bundle
from shield.audit.tree import TILE_WIDTH
from shield.audit.walk import read_entries

_DAY_NS = 86_400 * 10**9


def was_there_a_day_ago(reader: Reader, size: int, now: int) -> bool:
    """Whether a log of `size` records has one of between one and two days before `now`, in ns since 1970.

    Bundles are searched by halves, as their times go up except where a clock went back; at worst, a record
    that is there is not found, and nothing is pruned.
    """
    earliest, latest = rfc3339(now - 2 * _DAY_NS), rfc3339(now - _DAY_NS)
    low, high = minimum_index(reader) // TILE_WIDTH, size // TILE_WIDTH
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
