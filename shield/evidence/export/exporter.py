"""Sealed records to a sink, once or for as long as the program runs.

Reads what the log's signed head covers and nothing else, from files; the proxy does not know of it and
waits for nothing. A round that fails changes nothing and is tried again.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import orjson

from shield.audit.tree import leaf_hash
from shield.errors import EvidenceError
from shield.evidence.export.ocsf import event_of
from shield.evidence.export.sealed import sealed_entries
from shield.evidence.export.sink import Exported, Sink
from shield.evidence.pinned import Pinned
from shield.evidence.reading import Entry, Source, microseconds
from shield.telemetry.export_metrics import ExportMetrics

BATCH = 1_000
_LONGEST_WAIT = 60.0
_MICROSECOND = 1e-6


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did: events that were new, by class; records that the sink had already or now has."""

    new: Counter[int]
    records: int


class Exporter:
    """Takes the logs of `sources()` (looked up each round, so that new ones are seen) to a sink."""

    def __init__(
        self,
        sources: Callable[[], Sequence[Source]],
        sink: Sink,
        metrics: ExportMetrics,
        *,
        clock: Callable[[], float],
    ) -> None:
        """`clock` is seconds since 1970."""
        self._sources = sources
        self._sink = sink
        self._metrics = metrics
        self._clock = clock

    async def round(self) -> Round:
        """Exports everything that is sealed now. Raises `EvidenceError`; then a later one goes on."""
        positions = dict(await self._sink.positions())
        new: Counter[int] = Counter()
        records = 0
        logs = [Pinned(source) for source in await asyncio.to_thread(self._sources)]
        for log in logs:
            self._lag(log, positions.get(log.origin, 0), None)
        for log in logs:
            found = sealed_entries(log, positions.get(log.origin, 0))
            while batch := await asyncio.to_thread(_batch, log.origin, found):
                self._lag(log, batch[0].index, batch[0].time)
                added = await self._sink.put(batch)
                records += len(batch)
                if added == len(batch):
                    new.update(it.class_uid for it in batch)
                self._metrics_of(batch, added)
            self._lag(log, log.size, None)
        self._metrics.last_success.set(self._clock())
        return Round(new, records)

    async def follow(
        self, stop: asyncio.Event, interval: float, on_error: Callable[[EvidenceError], None]
    ) -> None:
        """A round each `interval` seconds until `stop`; after an error twice as long, up to a minute."""
        wait = interval
        while not stop.is_set():
            try:
                await self.round()
                wait = interval
            except EvidenceError as error:
                self._metrics.errors.inc()
                on_error(error)
                wait = min(2 * wait, max(_LONGEST_WAIT, interval))
            try:
                async with asyncio.timeout(wait):
                    await stop.wait()
            except TimeoutError:
                continue

    def _lag(self, log: Pinned, position: int, oldest: str | None) -> None:
        behind = max(0, log.size - position)
        self._metrics.lag_records.labels(log.origin).set(behind)
        if not behind:
            self._metrics.lag_seconds.labels(log.origin).set(0)
        elif oldest:
            age = self._clock() - microseconds(oldest) * _MICROSECOND
            self._metrics.lag_seconds.labels(log.origin).set(max(0.0, age))

    def _metrics_of(self, batch: Sequence[Exported], added: int) -> None:
        if added == len(batch):
            for class_uid, count in Counter(it.class_uid for it in batch).items():
                self._metrics.events.labels(str(class_uid)).inc(count)


def _batch(origin: str, found: Iterator[Entry]) -> list[Exported]:
    return [_exported(origin, entry) for entry in islice(found, BATCH)]


def _exported(origin: str, entry: Entry) -> Exported:
    event = event_of(origin, entry)
    return Exported(
        origin, entry.index, entry.time, event["class_uid"], leaf_hash(entry.raw), orjson.dumps(event)
    )
