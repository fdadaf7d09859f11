"""Compares the logs of a directory with what anchors saw of them. Pure over readers and rosters.

An anchored head says that this log had these records. So now the log must exist and be at least as long, and
its tree of that size must have that root. Two heads of one size with different roots prove that somebody with
the key wrote two histories.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from shield.audit.checkpoint import CheckpointError
from shield.audit.retention import minimum_index
from shield.audit.roster import Roster
from shield.audit.rotation import read_history
from shield.audit.tiles import MissingTileError, Reader, TileNodes
from shield.audit.tree import root_at


@dataclass(frozen=True, slots=True)
class Seen:
    """A head that was seen elsewhere; `where` names the witness."""

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


class Differs(StrEnum):
    """How a log differs from what an anchor saw, plainest last. Codes of an anchor that refuses it."""

    MISSING = "missing"
    INCONSISTENT = "inconsistent"
    """It was rewritten, with other records or another key."""
    AHEAD = "ahead"
    """The anchor saw more records than there are: the log was cut back, or begun again."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A log that is not the one that was seen; `what` describes it and names the log."""

    code: Differs
    what: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A difference for each log that has one; `compared` heads held, `pruned` could not be compared."""

    differences: tuple[Difference, ...]
    compared: int
    pruned: int

    @property
    def problems(self) -> tuple[str, ...]:
        """The differences in words."""
        return tuple(difference.what for difference in self.differences)


def compare(readers: Mapping[str, Reader], sizes: Mapping[str, int], seen: Iterable[Seen]) -> Comparison:
    """The first difference of each log; `sizes` are how many records each log has, as verified."""
    found: dict[str, Difference] = {}

    def differs(head: Seen, code: Differs, what: str) -> None:
        found.setdefault(head.origin, Difference(code, what))

    roots: dict[tuple[str, int], Seen] = {}
    compared = pruned = 0
    nodes = {origin: TileNodes(reader, sizes.get(origin, 0)) for origin, reader in readers.items()}
    for head in seen:
        other = roots.setdefault((head.origin, head.size), head)
        if other.root != head.root:
            differs(
                head,
                Differs.INCONSISTENT,
                f"two histories of {head.origin}: {other.where} and {head.where} saw different records below "
                f"{head.size}",
            )
        elif head.origin not in readers:
            differs(
                head,
                Differs.MISSING,
                f"the log {head.origin} is missing: {head.where} saw it with {head.size} records",
            )
        elif head.size > sizes.get(head.origin, 0):
            differs(
                head,
                Differs.AHEAD,
                f"the log {head.origin} has {sizes.get(head.origin, 0)} records: {head.where} saw it with "
                f"{head.size}",
            )
        elif head.origin not in found:
            reader = readers[head.origin]
            try:
                other_root = bool(head.size) and root_at(nodes[head.origin], head.size) != head.root
            except MissingTileError:
                other_root = head.size >= minimum_index(reader)
                pruned += not other_root
            compared += 1
            if other_root:
                differs(
                    head,
                    Differs.INCONSISTENT,
                    f"the records of {head.origin} below {head.size} are not those that {head.where} saw",
                )
            elif not _knows(reader, head.vkey):
                differs(
                    head,
                    Differs.INCONSISTENT,
                    f"the key of {head.origin} that {head.where} saw is not one of the log's keys",
                )
    return Comparison(tuple(found.values()), compared, pruned)


def _knows(reader: Reader, vkey: str) -> bool:
    try:
        history = read_history(reader)
    except CheckpointError:
        return False
    return history is not None and vkey in {key.vkey for key in history.keys}
