"""Exports sealed records to a sink, once or for as long as the program runs.

It reads only what the log's signed head covers, from files; the proxy does not know of it and waits for
nothing. A round that fails changes nothing and is tried again. A log that cannot be read, or is not the one
that was exported before, does not hold up others.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import orjson

from shield.audit.retention import minimum_index
from shield.audit.tree import leaf_hash
from shield.errors import EvidenceError
from shield.evidence.export.ocsf import event_of
from shield.evidence.export.sealed import sealed_entries
from shield.evidence.export.sink import NOTHING_YET, Exported, Position, Sink
from shield.evidence.pinned import Pinned
from shield.evidence.reading import Entry, Source, microseconds
from shield.telemetry.export_metrics import ExportMetrics

BATCH = 1_000
_LONGEST_WAIT = 60.0
_MICROSECOND = 1e-6


@dataclass(frozen=True, slots=True)
class Round:
    """The result of one round: new events by class, and records that the sink had already or now has."""

    new: Counter[int]
    records: int


class Exporter:
    """Exports the logs of `sources()`, which is called each round so that new ones are found, to a sink."""

    def __init__(
        self,
        sources: Callable[[], Sequence[Source]],
        sink: Sink,
        metrics: ExportMetrics,
        *,
        clock: Callable[[], float],
        note: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`clock` is seconds since 1970. `note` is told once of what can never be exported."""
        self._sources = sources
        self._sink = sink
        self._metrics = metrics
        self._clock = clock
        self._note = note
        self._missed: dict[str, int] = {}

    async def round(self, stop: asyncio.Event | None = None) -> Round:
        """Exports everything that is sealed now, or until `stop` is set.

        Raises `EvidenceError`, after which a later round goes on. If one log failed, the others were
        exported.
        """
        failures: list[EvidenceError] = []
        logs = await asyncio.to_thread(_pinned, self._sources, failures)
        positions = await self._sink.positions([log.origin for log in logs])
        for log in logs:
            self._lag(log, positions.get(log.origin, NOTHING_YET).next, None)
        new: Counter[int] = Counter()
        records = 0
        for log in logs:
            if _told(stop):
                break
            try:
                records += await self._one(log, positions.get(log.origin, NOTHING_YET), new, stop)
            except _LogError as error:
                failures.append(EvidenceError(str(error)))
        if failures:
            raise EvidenceError("; ".join(map(str, failures)))
        if not _told(stop):
            self._metrics.last_success.set(self._clock())
        return Round(new, records)

    async def _one(
        self, log: Pinned, position: Position, new: Counter[int], stop: asyncio.Event | None
    ) -> int:
        """Exports one log from where the sink is; returns the count. Raises `_LogError`, `EvidenceError`."""
        start = await asyncio.to_thread(_start, log, position)
        self._miss(log.origin, position.next, start)
        after = position.next - 1 if position.next else None
        found = sealed_entries(log, start)
        records = 0
        while not _told(stop) and (batch := await asyncio.to_thread(_batch, log.origin, found)):
            if not records:  # more may have been pruned since `_start` looked
                self._miss(log.origin, start, batch[0].index)
            self._lag(log, batch[0].index, batch[0].time)
            added = await self._sink.put(batch, after)
            after = batch[-1].index
            records += len(batch)
            if added == len(batch):
                classes = Counter(it.class_uid for it in batch)
                new.update(classes)
                for class_uid, count in classes.items():
                    self._metrics.events.labels(str(class_uid)).inc(count)
            self._lag(log, after + 1, batch[-1].time)
        return records

    async def follow(
        self,
        stop: asyncio.Event,
        interval: float,
        on_error: Callable[[EvidenceError], None],
        on_recovery: Callable[[], None] = lambda: None,
    ) -> None:
        """A round each `interval` seconds until `stop`; after errors the pause doubles, up to a minute."""
        wait, failing = interval, False
        while not stop.is_set():
            try:
                await self.round(stop)
                wait = interval
                if failing:
                    failing = False
                    on_recovery()
            except EvidenceError as error:
                failing = True
                self._metrics.errors.inc()
                on_error(error)
                wait = min(2 * wait, max(_LONGEST_WAIT, interval))
            try:
                async with asyncio.timeout(wait):
                    await stop.wait()
            except TimeoutError:
                continue

    def _miss(self, origin: str, wanted: int, start: int) -> None:
        """Reports, once, which records were pruned before they were exported: they will never come."""
        wanted = max(wanted, self._missed.get(origin, 0))
        if start > wanted:
            self._missed[origin] = start
            self._metrics.missed_records.labels(origin).inc(start - wanted)
            self._note(f"{origin}: records {wanted} to {start - 1} were pruned before they were exported")

    def _lag(self, log: Pinned, position: int, oldest: str | None) -> None:
        behind = max(0, log.size - position)
        self._metrics.lag_records.labels(log.origin).set(behind)
        if not behind:
            self._metrics.lag_seconds.labels(log.origin).set(0)
        elif oldest:
            age = self._clock() - microseconds(oldest) * _MICROSECOND
            self._metrics.lag_seconds.labels(log.origin).set(max(0.0, age))


class _LogError(Exception):
    """One log cannot be exported; the message is safe to publish."""


def _told(stop: asyncio.Event | None) -> bool:
    return stop is not None and stop.is_set()


def _pinned(sources: Callable[[], Sequence[Source]], failures: list[EvidenceError]) -> list[Pinned]:
    """The logs under their heads; adds what cannot be read to `failures`."""
    logs = []
    for source in sources():
        try:
            logs.append(Pinned(source))
        except EvidenceError as error:
            failures.append(error)
        except OSError as error:
            failures.append(_unreadable(source.origin, error))
    return logs


def _unreadable(origin: str, error: OSError) -> EvidenceError:
    return EvidenceError(f"{origin}: {error.filename or 'a file'}: {error.strerror or type(error).__name__}")


def _start(log: Pinned, position: Position) -> int:
    """The first record to export. Raises `_LogError` where the log is not the earlier one."""
    other = "export it to another file or database"
    if position.next > log.size:
        raise _LogError(
            f"{log.origin}: {position.next} records were exported, and the log has {log.size} signed ones: "
            f"it was cut back or started anew; {other}"
        )
    try:
        start = max(position.next, minimum_index(log))
        before = position.next - 1
        if position.leaf is None or before < minimum_index(log):
            return start
        there = next(sealed_entries(log, before))
    except EvidenceError as error:
        raise _LogError(str(error)) from None
    except OSError as error:
        raise _LogError(str(_unreadable(log.origin, error))) from None
    if leaf_hash(there.raw) != position.leaf:
        raise _LogError(f"{log.origin}: record {before} differs from the one that was exported: {other}")
    return start


def _batch(origin: str, found: Iterator[Entry]) -> list[Exported]:
    """The next records. Raises `_LogError`."""
    try:
        return [_exported(origin, entry) for entry in islice(found, BATCH)]
    except EvidenceError as error:
        raise _LogError(str(error)) from None
    except OSError as error:
        raise _LogError(str(_unreadable(origin, error))) from None


def _exported(origin: str, entry: Entry) -> Exported:
    event = event_of(origin, entry)
    return Exported(
        origin, entry.index, entry.time, event["class_uid"], leaf_hash(entry.raw), orjson.dumps(event)
    )
