"""Reads the records of logs for a list, and reports at its end what could not be read."""

from __future__ import annotations

from collections.abc import Iterator

from shield.audit.checkpoint import CheckpointError, SignedCheckpoint
from shield.audit.retention import minimum_index
from shield.audit.tiles import CHECKPOINT_PATH
from shield.cli.terminal import say
from shield.evidence.reading import UNREADABLE, Entry, Period, Source, entries


class Listing:
    """Reads the logs in a folder for a command, without verifying them.

    A list that silently omits what could not be read misleads. So each record that is malformed, that is
    missing between two others, or that is missing below the signed head is counted, and `tell` reports it. It
    also says how far the logs reach where none has a record in the period: the dates asked for may be wrong,
    and an empty list would read as if there were nothing to report.
    """

    def __init__(self, period: Period) -> None:
        self._period = period
        self._problems: list[str] = []
        self._reach: list[str] = []
        self._touched = False  # whether a record lies in the period

    def records(self, source: Source) -> Iterator[Entry]:
        """The records of a log in order, those of the kind `unreadable` with them."""
        signed = _signed_size(source)  # first: a log in use grows meanwhile
        unreadable, missing = 0, 0
        first: int | None = None
        expected: int | None = None
        begins = ends = ""
        for entry in entries(source.reader):
            if expected is not None and entry.index > expected:
                # A pruning that overtook the reader rightly removed what is below the minimum index.
                kept = max(expected, min(minimum_index(source.reader), entry.index))
                if entry.index > kept:
                    missing += entry.index - kept
                    first = kept if first is None else first
            expected = entry.index + 1
            if entry.kind == UNREADABLE:
                unreadable += 1
                first = entry.index if first is None else first
            else:
                begins, ends = begins or entry.time, entry.time
                self._touched = self._touched or self._period.holds(entry.time)
            yield entry
        if begins:
            self._reach.append(f"{source.origin}: no records in this period; they go from {begins} to {ends}")
        end = expected or 0
        if end < signed:
            missing += signed - end
            first = end if first is None else first
        if first is not None:
            counts = [f"{unreadable} are not records of this format"] if unreadable else []
            counts += [f"{missing} are missing"] if missing else []
            what = f"{' and '.join(counts)}, the first at {first}"
            self._problems.append(
                f"{source.origin}: not all records can be read: {what}; see `shield audit verify`"
            )

    def tell(self) -> bool:
        """Report on standard error what the list lacks; returns whether all records were read."""
        for reach in () if self._touched else self._reach:
            say(f"note: {reach}", err=True)
        for problem in self._problems:
            say(f"PROBLEM: {problem}", err=True)
        return not self._problems


def _signed_size(source: Source) -> int:
    try:
        return SignedCheckpoint.parse(source.reader.read(CHECKPOINT_PATH) or b"").checkpoint.size
    except CheckpointError:
        return 0
