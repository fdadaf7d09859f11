"""Serves `/metrics` over all workers: asks each at every scrape and merges the answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence

from prometheus_client import CollectorRegistry, GCCollector, Metric, PlatformCollector, ProcessCollector

from shield.supervisor.worker import State, WorkerProcess
from shield.telemetry.merge import Family, Merger, Snapshot, snapshot

SCRAPE_SECONDS = 2.0
"""Seconds that a worker may take to report its metrics; after that its last ones count."""
SUPERVISOR = "supervisor"

_HEALTHY = "shield_audit_healthy"


class Exposition:
    """A collector of all workers' series. `workers` gives those that run, `failing` slots without a log."""

    def __init__(
        self, workers: Callable[[], Sequence[WorkerProcess]], failing: Callable[[], Iterable[int]]
    ) -> None:
        self._workers = workers
        self._failing = failing
        self._merger = Merger()
        self._own = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self._own)

    async def refresh(self) -> None:
        """Ask all workers whose event loops run."""
        asked = [it for it in self._workers() if it.state is not State.ENDED and not it.stalled]
        await asyncio.gather(*(worker.scrape(SCRAPE_SECONDS) for worker in asked))

    def retire(self, worker: WorkerProcess) -> None:
        """Keep what a worker that has ended counted."""
        self._merger.retire(worker.snapshot)
        worker.snapshot = ()

    def collect(self) -> Iterator[Metric]:
        """Called by `CollectorRegistry`."""
        snapshots: dict[str, Snapshot] = {SUPERVISOR: snapshot(self._own)}
        for worker in self._workers():
            if worker.snapshot:
                snapshots[str(worker.slot)] = worker.snapshot
        for slot in self._failing():
            text = "0 once the audit log has failed: nothing is forwarded any more until a restart; else 1."
            down = Family(_HEALTHY, "gauge", text, [(_HEALTHY, (), 0.0)])
            snapshots[str(slot)] = [
                *(family for family in snapshots.get(str(slot), ()) if family.name != _HEALTHY),
                down,
            ]
        yield from self._merger.merge(snapshots)
