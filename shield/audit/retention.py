"""What is kept of a log: its minimum index (C2SP tlog-tiles, "Pruning"), and legal holds.

Pure over a `Reader`.

Pruning makes a prefix of the log unavailable and leaves the tree as it is: it removes entry bundles and tiles
whose end index is not above the minimum index. Every record from there on, its proofs, and the root of every
size from there on remain. The minimum index is always a multiple of 256.

The file `minimum-index` holds the stored bytes of the `prune` record that set it, so its content is under the
signed heads: somebody who deletes records and writes the file by hand has no such record.

The file `holds` holds the records of the legal holds that stand, one a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

from shield.audit.record import Kind
from shield.audit.tiles import HOLDS_PATH, MINIMUM_PATH, Reader, bundle_path, tile_path
from shield.audit.tree import TILE_HEIGHT, TILE_WIDTH

_MONTHS = 12


class RetentionError(Exception):
    """The file that says what was pruned, or what is on hold, cannot be read."""


@dataclass(frozen=True, slots=True)
class Minimum:
    """The first index that is kept, and the record that set it."""

    index: int
    record: int
    entry: bytes


def parse_minimum(entry: bytes) -> Minimum:
    """Parses a `prune` record's stored bytes; raises `RetentionError`."""
    try:
        fields = orjson.loads(entry)
        minimum, record = fields["minimum_index"], fields["index"]
        sound = fields["kind"] == Kind.PRUNE and 0 <= minimum <= record and minimum % TILE_WIDTH == 0
    except (ValueError, KeyError, TypeError):
        sound = False
    if not sound:
        raise RetentionError("it is not a record of a pruning")
    return Minimum(minimum, record, entry)


def read_minimum(reader: Reader) -> Minimum | None:
    """The minimum; None where nothing was ever pruned. Raises `RetentionError`."""
    raw = reader.read(MINIMUM_PATH)
    return None if raw is None else parse_minimum(raw.rstrip(b"\n"))


def minimum_index(reader: Reader) -> int:
    """The first index that is kept; 0 where nothing was pruned, or where the file cannot be read."""
    try:
        found = read_minimum(reader)
    except RetentionError:
        return 0
    return 0 if found is None else found.index


def read_holds(reader: Reader) -> dict[str, bytes]:
    """The holds that stand: name to stored bytes of the record. Raises `RetentionError`."""
    holds: dict[str, bytes] = {}
    for line in (reader.read(HOLDS_PATH) or b"").splitlines():
        try:
            holds[str(orjson.loads(line)["name"])] = line
        except (ValueError, KeyError, TypeError):
            raise RetentionError(f"the file {HOLDS_PATH} is damaged") from None
    return holds


def encode_holds(holds: dict[str, bytes]) -> bytes:
    """The content of the file `holds`."""
    return b"".join(entry + b"\n" for entry in holds.values())


def months_before(time_ns: int, months: int) -> str:
    """The time so many calendar months earlier, as in records; at most the last day of its month."""
    moment = datetime.fromtimestamp(time_ns // 1_000_000_000, UTC)
    year, month = divmod(moment.year * _MONTHS + moment.month - 1 - months, _MONTHS)
    day = moment.day
    while True:
        try:
            earlier = moment.replace(year=max(year, 1), month=month + 1, day=day)
        except ValueError:
            day -= 1
            continue
        return earlier.isoformat(timespec="microseconds")[:-6] + "Z"


_HEAD = re.compile(rb'\{"version":\d+,"index":\d+,"kind":"[a-z_]+","time":"([0-9TZ:.-]{27})"')
"""How `encode_record` begins a record. To parse each of a million as a whole takes long."""


def time_of(entry: bytes) -> str:
    """The time of a record's stored bytes, as in records; where it has none, `~`, after all times."""
    if (head := _HEAD.match(entry)) is not None:
        return head[1].decode()
    try:
        return str(orjson.loads(entry)["time"])
    except (ValueError, KeyError, TypeError):
        return "~"  # what cannot be read is not pruned: verification must name it


def pruned_paths(minimum: int) -> Iterator[str]:
    """The bundles and tiles whose end index is not above the minimum index, lowest first, level by level."""
    for number in range(minimum // TILE_WIDTH):
        yield bundle_path(number)
    level = 0
    while count := minimum >> (TILE_HEIGHT * (level + 1)):
        for number in range(count):
            yield tile_path(level, number)
        level += 1
