"""The silence in which a log ends now, if any: a gap that no record has ended yet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from shield.audit.files import FolderReader
from shield.audit.record import Kind
from shield.audit.roster import read_head
from shield.console.catalogue import OriginState
from shield.evidence.coverage import DEFAULT_INTERVAL_US, MISSED_BEATS, lasting_gap

_US = 1_000_000


@dataclass(frozen=True, slots=True)
class ShownGap:
    """A time without evidence, microseconds; `place` is of the record that ended it, None where none has."""

    origin: str
    start: int
    end: int
    reason: str
    place: int | None

    @property
    def seconds(self) -> float:
        return (self.end - self.start) / _US


def ongoing_gap(state: OriginState, end: int) -> ShownGap | None:
    """The gap from a log's newest record to `end` (not in the future); None if the index lacks records."""
    gap = _silence(state, end)
    return None if gap is None or _lacks(state) else gap


def unread_from(state: OriginState, end: int) -> int | None:
    """The time from which the index lacks records of a log; None where it has all, or nearly so."""
    gap = _silence(state, end)
    return gap.start if gap is not None and _lacks(state) else None


def _lacks(state: OriginState) -> bool:
    """Whether the index lacks signed records of the log: it is being built, or catches up."""
    head = read_head(FolderReader(Path(state.folder)))
    return head is not None and head.signed.checkpoint.size > state.known


def _silence(state: OriginState, end: int) -> ShownGap | None:
    if state.last_time is None:
        return None
    reason = lasting_gap(
        state.last_time,
        end,
        stopped=state.last_kind == Kind.SHUTDOWN,
        limit_us=MISSED_BEATS * (state.interval_us or DEFAULT_INTERVAL_US),
    )
    return None if reason is None else ShownGap(state.origin, state.last_time, end, reason.value, None)
