"""The steps of a proxy's start, each working on the parts made so far; `Service` has their order."""

from __future__ import annotations

import asyncio
import platform
import socket
import sys
from collections.abc import Callable
from typing import Final

from prometheus_client import GCCollector, PlatformCollector, ProcessCollector

from shield.app.anchoring import AnchorEvents, Anchoring
from shield.app.canaries import CanaryRuns
from shield.app.checking import checked_analyzers
from shield.app.garbage import collect_seldom
from shield.app.heartbeat import Heartbeat
from shield.app.hosting import Hosting, Seams, SiteFactory
from shield.app.parts import Parts
from shield.app.upkeep import UpkeepLoop
from shield.audit.files import OsFiles
from shield.audit.log import AuditLog
from shield.audit.orders import Orders
from shield.audit.record import Draft
from shield.audit.upkeep import Upkeep
from shield.config.loader import Loaded
from shield.proxy.connection_limits import ConnectionLimits, ConnectionWatch
from shield.proxy.exchange import Exchange
from shield.proxy.listener import ListenerSite
from shield.proxy.read_backs import ReadBacks
from shield.proxy.rescans import Rescans
from shield.proxy.runtime import Runtime
from shield.proxy.shadow import ShadowRuns
from shield.proxy.upstream import UpstreamPool
from shield.telemetry.otlp import open_sink
from shield.telemetry.tracing import Tracing

_SWITCH_SECONDS: Final = 0.001


def describe_process(parts: Parts, version: str) -> None:
    """Show in the metrics what runs here, and what it takes of the machine."""
    ProcessCollector(registry=parts.registry)
    PlatformCollector(registry=parts.registry)
    GCCollector(registry=parts.registry)
    parts.metrics.configuration.build(version, platform.python_version())


async def load_analyzers(parts: Parts, seams: Seams, loaded: Loaded, hosting: Hosting | None) -> None:
    """Load the policies' detectors, except those that the host has loaded. Raises ConfigError."""
    known = {} if hosting is None else hosting.known
    parts.analyzers = await asyncio.get_running_loop().run_in_executor(
        parts.threads, checked_analyzers, loaded, known, seams.recognizers
    )


def make_writers(
    parts: Parts, seams: Seams, audit: AuditLog, hosting: Hosting | None, *, version: str
) -> None:
    """Create what sends upstream beside and after the exchanges, and what sends their traces."""
    spares = None if hosting is None else hosting.spares
    parts.pool = UpstreamPool(parts.metrics, parts.logger, spares)
    parts.read_backs = ReadBacks(
        audit,
        parts.metrics,
        parts.logger,
        parts.worker,
        clock=seams.clock,
        wall_clock=seams.wall_clock,
        random=seams.random,
        spares=spares,
    )
    parts.shadow = ShadowRuns(audit, parts.metrics, parts.logger, seams.clock, parts.worker)
    parts.rescans = Rescans(audit, parts.metrics, parts.logger, seams.clock, parts.worker)
    tracing = parts.settings.tracing
    if tracing is not None:
        parts.tracing = Tracing(
            open_sink(tracing.endpoint, tracing.service, version, parts.metrics.spans_exported),
            tracing.share,
            random=seams.random,
            clock=seams.clock,
            wall_clock=seams.wall_clock,
        )


def make_exchange(parts: Parts, seams: Seams, audit: AuditLog, runtime: Runtime, *, build: str) -> Exchange:
    """The exchange that handles requests, with what `make_writers` made."""
    parts.exchange = Exchange(
        runtime,
        audit,
        parts.metrics,
        parts.logger,
        build=build,
        clock=seams.clock,
        random=seams.random,
        worker=parts.worker,
        shadow=parts.shadow,
        rescans=parts.rescans,
        read_backs=parts.read_backs,
        tracing=parts.tracing,
    )
    return parts.exchange


def tend_log(parts: Parts, seams: Seams, audit: AuditLog, alive: Callable[[], Draft]) -> None:
    """Start what writes heartbeats (`alive`), carries out orders and retention, and asks anchors."""
    settings = parts.settings.audit
    parts.heartbeat = Heartbeat(audit.append, alive, settings.heartbeat_interval)
    parts.heartbeat.start()
    orders = Orders(seams.audit_files or OsFiles(), settings.directory, settings.origin)
    upkeep = Upkeep(audit, seams.wall_clock, seams.random)
    parts.upkeep = UpkeepLoop(upkeep, orders, parts.logger, seams.clock)
    parts.upkeep.start()
    parts.anchoring = Anchoring(
        audit,
        settings.anchors,
        AnchorEvents(parts.metrics.audit.anchored, parts.metrics.audit.anchor_failed),
        parts.logger,
        clock=seams.wall_clock,
        monotonic=seams.clock,
    )
    parts.anchoring.start()


def make_listener(
    parts: Parts, exchange: Exchange, site: SiteFactory, limits: ConnectionLimits
) -> ListenerSite:
    """The listener for writes; it accepts none before it is started."""
    connections = parts.metrics.connections
    return site(
        parts.settings.proxy,
        exchange,
        exchange.unhandled,
        limits,
        ConnectionWatch(connections.open.set, lambda it: connections.closed[it].inc()),
    )


async def start_loop_threads() -> None:
    """Have the event loop's library start its threads now, while nothing depends on them.

    Otherwise they would start at the first lookup, for the first connection to an upstream, when a write's
    intent is already recorded. If the system allows no more threads then, libuv ends the process.
    """
    numeric = socket.NI_NUMERICHOST | socket.NI_NUMERICSERV  # so that no resolver is asked
    await asyncio.get_running_loop().getnameinfo(("127.0.0.1", 0), numeric)


def settle_memory() -> None:
    """Tell the interpreter that what is loaded stays, and how its threads share it.

    These are settings of the process, not of a service: with several in one process, the last start decides.
    """
    collect_seldom()
    # How long the event loop waits for the interpreter's lock beside a thread that inspects.
    sys.setswitchinterval(_SWITCH_SECONDS)


def make_canaries(
    parts: Parts, seams: Seams, audit: AuditLog, proxy: ListenerSite, *, build: str
) -> CanaryRuns:
    """The canaries, which test the control through the listener."""
    return CanaryRuns(
        proxy.connect,
        audit.append,
        parts.metrics,
        parts.logger,
        build=build,
        random=seams.random,
        wall_clock=seams.wall_clock,
    )
