"""Tracks writes that only patterns had inspected in time, and the results of their re-scans. Pure.

An intent with `reduced` is such a write. A later record of kind `rescan` names it and holds the result. Where
there is none (it still waits, or the process was killed), the write stays open without any record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shield.audit.record import Kind
from shield.errors import DrainingError
from shield.evidence.reading import Entry, Period

CLEAN = "clean"
NOT_SENT = "not_sent"
FOUND = "found"
WAITING = "waiting"
"""There is no record of a re-scan."""

_SETTLED = frozenset({CLEAN, NOT_SENT})

NOT_YET = "patterns alone, no re-scan yet"


@dataclass(frozen=True, slots=True)
class Rescan:
    """The result for a write: which record of the same log gives it, and when."""

    record: int
    time: str
    result: str
    detail: str

    @property
    def is_clean(self) -> bool:
        """Whether storage holds no more personal data of it."""
        return self.result in _SETTLED


def is_reduced(entry: Entry) -> bool:
    """Whether the record is of a write that only patterns had inspected in time."""
    return entry.kind == Kind.INTENT and bool(entry.fields.get("reduced")) and not entry.is_canary


def is_unsent(entry: Entry) -> bool:
    """Whether the record says that a stop kept an intent or bypass from being sent."""
    return entry.kind == Kind.OUTCOME and entry.fields["result"] == DrainingError.code


def never_sent(outcome: int) -> str:
    """The text in the detail of an exception, for the outcome at this index."""
    return f"never sent (record {outcome})"


def rescan_of(entry: Entry) -> tuple[int, Rescan]:
    """The index of the intent that a record of kind `rescan` is about, and its result.

    Raises KeyError and TypeError for a record of another form.
    """
    fields = entry.fields
    return fields["intent"], Rescan(entry.index, entry.time, fields["result"], _detail(entry.index, fields))


def _detail(index: int, fields: Mapping[str, Any]) -> str:
    missed = ", ".join(f"{found['type']} {found['count']}" for found in fields["missed"])
    if fields["result"] == NOT_SENT:
        return f"patterns alone, never sent (record {index})"
    words = {CLEAN: "clean", FOUND: f"found {missed}"}.get(
        fields["result"], f"{fields['result']}: {fields['reason']}"
    )
    return f"patterns alone, re-scan {words} (record {index})"


class Rescans:
    """The results of a log's reduced writes, and the writes that a stop kept back; read when first needed.

    Memory: one entry for each reduced write, and for each that was not sent.
    """

    def __init__(self, records: Callable[[], Iterable[Entry]]) -> None:
        """`records` gives the whole log, from its start, at each call."""
        self._records = records
        self._found: dict[int, Rescan] = {}
        self._unsent: dict[int, int] = {}
        self._is_read = False

    def of(self, intent: int) -> Rescan | None:
        """The result for the write of that record; a result once found stays."""
        self._read()
        return self._found.get(intent)

    def unsent(self, intent: int) -> int | None:
        """The outcome that says that nothing was sent for that record; None without one."""
        self._read()
        return self._unsent.get(intent)

    def _read(self) -> None:
        if self._is_read:
            return
        self._is_read = True
        for entry in self._records():
            if is_unsent(entry):
                self._unsent[entry.fields["intent"]] = entry.index
            elif entry.kind == Kind.RESCAN:
                index, rescan = rescan_of(entry)
                before = self._found.get(index)
                if before is None or before.is_clean:
                    self._found[index] = rescan


NO_RESCANS = Rescans(tuple)
"""For readers that need no results."""


class ReducedTally:
    """Takes the records of a log in order; counts the reduced writes of a period by result."""

    def __init__(self, period: Period) -> None:
        self._period = period
        self._states: dict[int, str] = {}

    def take(self, entry: Entry) -> None:
        if entry.kind == Kind.RESCAN:
            intent, rescan = rescan_of(entry)
            if self._states.get(intent) in {WAITING, *_SETTLED}:
                self._states[intent] = rescan.result
        elif entry.kind == Kind.INTENT and is_reduced(entry) and self._period.holds(entry.time):
            self._states[entry.index] = WAITING

    def result(self) -> dict[str, int]:
        """Counts by `clean`, `not_sent`, `found`, `failed`, `not_done`, `waiting`; empty without any."""
        return dict(sorted(Counter(self._states.values()).items()))
