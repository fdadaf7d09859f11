"""The parts of a running proxy, and the configuration in force."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from prometheus_client.registry import CollectorRegistry

from shield.analyzer.engine import Analyzer
from shield.app.anchoring import Anchoring
from shield.app.canaries import CanaryRuns
from shield.app.heartbeat import Heartbeat
from shield.app.hosting import Hosting, Seams
from shield.app.upkeep import UpkeepLoop
from shield.app.warming import Warming
from shield.audit.log import AuditLog
from shield.config.settings import Settings
from shield.domain import DetectorSpec
from shield.proxy.admin.pages import AdminPages
from shield.proxy.apart import InspectionProcess, ProcessWatch
from shield.proxy.exchange import Exchange
from shield.proxy.listener import ListenerSite
from shield.proxy.read_backs import ReadBacks
from shield.proxy.rescans import Rescans
from shield.proxy.shadow import ShadowRuns
from shield.proxy.upstream import UpstreamPool
from shield.proxy.worker import THREADS, InspectionWorker
from shield.telemetry.logging import Logger, configure
from shield.telemetry.loop_lag import LoopLag
from shield.telemetry.metrics import Metrics
from shield.telemetry.recognizer_series import RecognizerTimes
from shield.telemetry.tracing import Tracing

_WORKERS = 1  # inspections that run at once: one, since threads share an interpreter lock


@dataclass(slots=True)
class Parts:
    """The parts in one place, for the code that starts, reloads and stops them.

    Parts with a default are made during the start, one after another. None means "not yet"; if a start fails,
    the parts made so far are stopped. `settings` and `analyzers` change with a reload.
    """

    settings: Settings
    logger: Logger
    registry: CollectorRegistry
    metrics: Metrics
    times: RecognizerTimes
    threads: ThreadPoolExecutor
    worker: InspectionWorker
    inspections: InspectionProcess
    lag: LoopLag
    analyzers: dict[DetectorSpec, Analyzer] = field(default_factory=dict)
    bound: Sequence[socket.socket] = ()  # of the proxy's listener, where it is not a supervisor's
    audit: AuditLog | None = None
    exchange: Exchange | None = None
    heartbeat: Heartbeat | None = None
    upkeep: UpkeepLoop | None = None
    warming: Warming | None = None
    anchoring: Anchoring | None = None
    pool: UpstreamPool | None = None
    shadow: ShadowRuns | None = None
    rescans: Rescans | None = None
    read_backs: ReadBacks | None = None
    tracing: Tracing | None = None
    canaries: CanaryRuns | None = None
    proxy: ListenerSite | None = None
    admin: ListenerSite | None = None
    pages: AdminPages | None = None
    started: bool = False  # whether all of them are made
    stopping: bool = False  # whether it was told to stop

    @property
    def serving(self) -> bool:
        """Whether it has started and was not told to stop."""
        return self.started and not self.stopping


def first_parts(settings: Settings, seams: Seams, hosting: Hosting | None) -> Parts:
    """The parts that exist before the start."""
    logger = configure(settings.logging, seams.log_stream)
    if hosting is not None:
        logger = logger.bind(**hosting.labels)
    registry = CollectorRegistry()
    metrics = Metrics(registry)
    times = RecognizerTimes(registry)
    threads = ThreadPoolExecutor(THREADS, thread_name_prefix="inspection")
    inspections = InspectionProcess(
        _inspection_command,
        ProcessWatch(
            metrics.inspection.process_starts.inc, metrics.inspection.process_wait.observe, times.of_one
        ),
        seams.clock,
        time.sleep,
    )
    metrics.inspection.watch_process(lambda: inspections.resident_bytes)
    metrics.inspection.workers.set(_WORKERS)
    metrics.audit.checkpoint_interval.set(settings.audit.checkpoint_interval)
    return Parts(
        settings=settings,
        logger=logger,
        registry=registry,
        metrics=metrics,
        times=times,
        threads=threads,
        worker=InspectionWorker(threads, metrics, seams.clock),
        inspections=inspections,
        lag=LoopLag(metrics.loop_lag.observe),
    )


def _inspection_command(descriptor: int) -> Sequence[str]:
    # Not imported here: it is another program that starts by itself.
    return (sys.executable, "-P", "-m", "shield.app.apart", str(descriptor))
