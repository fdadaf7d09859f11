"""Holds the logs of a directory to what anchors saw of them. Pure over readers and rosters.

An anchored head says: this log had these records. So now it must be there, be at least as long, and its
tree of that size must have that root. Two heads of one size with two roots are proof that somebody with the
key wrote two histories.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from shield.audit.checkpoint import CheckpointError
from shield.audit.retention import minimum_index
from shield.audit.roster import Roster
from shield.audit.rotation import read_history
from shield.audit.tiles import MissingTileError, Reader, TileNodes
from shield.audit.tree import root_at


@dataclass(frozen=True, slots=True)
class Seen:
    """A head that was seen elsewhere; `where` says by whom."""

    origin: str
    size: int
    root: bytes
    vkey: str
    where: str


def seen_in(roster: Roster, where: str) -> Iterator[Seen]:
    """The heads of a roster."""
    for head in roster.heads:
        found = head.signed.checkpoint
        yield Seen(found.origin, found.size, found.root, head.vkey, where)


def seen_in_record(logs: Iterable[Mapping[str, object]], where: str) -> Iterator[Seen]:
    """The heads of a `roster` record's `logs`."""
    for log in logs:
        root = base64.b64decode(str(log["root"]))
        yield Seen(str(log["origin"]), int(str(log["size"])), root, str(log["vkey"]), where)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`problems` in words, each naming the log; `compared` heads held, `pruned` could not be compared."""

    problems: tuple[str, ...]
    compared: int
    pruned: int


def compare(readers: Mapping[str, Reader], sizes: Mapping[str, int], seen: Iterable[Seen]) -> Comparison:
    """`sizes` are how many records each log has, as verified. The first problem of each log is named."""
    problems: dict[str, str] = {}
    roots: dict[tuple[str, int], Seen] = {}
    compared = pruned = 0
    nodes = {origin: TileNodes(reader, sizes.get(origin, 0)) for origin, reader in readers.items()}
    for head in seen:
        other = roots.setdefault((head.origin, head.size), head)
        if other.root != head.root:
            problems.setdefault(
                head.origin,
                f"two histories of {head.origin}: {other.where} and {head.where} saw different records below "
                f"{head.size}",
            )
        elif head.origin not in readers:
            problems.setdefault(
                head.origin,
                f"the log {head.origin} is missing: {head.where} saw it with {head.size} records",
            )
        elif head.size > sizes.get(head.origin, 0):
            problems.setdefault(
                head.origin,
                f"the log {head.origin} has {sizes.get(head.origin, 0)} records: {head.where} saw it with "
                f"{head.size}",
            )
        elif head.origin not in problems:
            reader = readers[head.origin]
            try:
                differs = bool(head.size) and root_at(nodes[head.origin], head.size) != head.root
            except MissingTileError:
                differs = head.size >= minimum_index(reader)
                pruned += not differs
            compared += 1
            if differs:
                problems[head.origin] = (
                    f"the records of {head.origin} below {head.size} are not those that {head.where} saw"
                )
            elif not _knows(reader, head.vkey):
                problems[head.origin] = f"the key of {head.origin} that {head.where} saw is none of the log's"
    return Comparison(tuple(problems.values()), compared, pruned)


def _knows(reader: Reader, vkey: str) -> bool:
    try:
        history = read_history(reader)
    except CheckpointError:
        return False
    return history is not None and vkey in {key.vkey for key in history.keys}
