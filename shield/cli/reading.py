"""Reading the records of logs for a list, and saying at its end what of them could not be read."""

from __future__ import annotations

from collections.abc import Iterator

from shield.audit.checkpoint import CheckpointError, SignedCheckpoint
from shield.audit.retention import minimum_index
from shield.audit.tiles import CHECKPOINT_PATH
from shield.cli.terminal import say
from shield.evidence.reading import UNREADABLE, Entry, Period, Source, entries


class Listing:
    """What a command reads of the logs in a folder, none of which it verifies.

    A list that leaves out what could not be read says less than there is. So each record that has not the
    form of one, that is missing between two others, or that lies below the signed head and is not there is
    counted, and `tell` says so. It also says how far the logs reach where none has a record in the period
    that was asked for: its dates may be wrong, and an empty list would read as if there were nothing to tell.
    """

    def __init__(self, period: Period) -> None:
        self._period = period
        self._problems: list[str] = []
        self._reach: list[str] = []
        self._touched = False  # whether a record lies in the period

    def records(self, source: Source) -> Iterator[Entry]:
        """The records of a log in order, those of the kind `unreadable` with them."""
        signed = _signed_size(source)  # before: a log in use grows meanwhile
        unreadable, missing = 0, 0
        first: int | None = None
        expected: int | None = None
        begins = ends = ""
        for entry in entries(source.reader):
            if expected is not None and entry.index > expected:
                # A pruning that overtook the reader removed what is below the minimum index by right.
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
            self._reach.append(
                f"{source.origin}: no record lies in this period; they go from {begins} to {ends}"
            )
        end = expected or 0
        if end < signed:
            missing += signed - end
            first = end if first is None else first
        if first is not None:
            counts = [f"{unreadable} are no records of this format"] if unreadable else []
            counts += [f"{missing} are missing"] if missing else []
            what = f"{' and '.join(counts)}, the first at {first}"
            self._problems.append(
                f"{source.origin}: not all records can be read: {what}; see `shield audit verify`"
            )

    def tell(self) -> bool:
        """Says on standard error what the list does not tell; whether all records were read."""
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
