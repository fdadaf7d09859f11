"""The running proxy.

It is started in an order in which nothing can be forwarded too early, reloaded whole or not at all, and
stopped in reverse.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from prometheus_client.registry import CollectorRegistry

from shield import BUILD, __version__
from shield.app import health, starting, stopping
from shield.app.admin import admin_pages
from shield.app.canaries import CanaryRuns
from shield.app.disk import free_space
from shield.app.hosting import Hosting, Prepared, Seams
from shield.app.large_pages import into_large_pages
from shield.app.log_opening import open_log
from shield.app.parts import first_parts
from shield.app.reload import Reloads, part_of
from shield.app.warming import Warming
from shield.audit import run_records
from shield.audit.anchor_checks import check_anchors
from shield.audit.log import AuditLog
from shield.audit.record import Draft
from shield.config.loader import Loaded, load
from shield.config.settings import Settings
from shield.errors import EvidenceError, ShieldError
from shield.evidence.access import Access, Demand, process_actor, record_access
from shield.proxy.admin.instance import ReloadResult
from shield.proxy.admin.pages import ADMIN_LIMITS
from shield.proxy.http_server import require_c_parser
from shield.proxy.listener import ListenerSite, bind
from shield.proxy.read_backs import ReadBacks
from shield.telemetry.metrics import Metrics
from shield.telemetry.request_totals import requests_ended


class Service:
    """One proxy process: created from a checked configuration, started, reloaded, stopped, in one loop."""

    def __init__(
        self,
        path: Path,
        env: Mapping[str, str],
        loaded: Loaded,
        seams: Seams,
        hosting: Hosting | None = None,
    ) -> None:
        self._hosting = hosting
        self._loaded = loaded = loaded if hosting is None else part_of(loaded, hosting)
        self._seams = seams
        settings = loaded.settings
        self.parts = parts = first_parts(settings, seams, hosting)
        for anchor in settings.audit.anchors:
            parts.metrics.audit.anchor(anchor.name, anchor.interval)
        parts.metrics.audit.watch(
            partial(health.audit_works, parts),
            partial(free_space, settings.audit.directory),
            lambda: 0.0 if parts.audit is None else parts.audit.writing_seconds,
        )
        self._reloads = Reloads(parts, seams, path, env, hosting)

    @property
    def settings(self) -> Settings:
        """The configuration in force."""
        return self.parts.settings

    @property
    def registry(self) -> CollectorRegistry:
        """The registry of its metrics."""
        return self.parts.registry

    @property
    def metrics(self) -> Metrics:
        """Its metrics."""
        return self.parts.metrics

    @property
    def audit(self) -> AuditLog | None:
        """Its log, once it is open."""
        return self.parts.audit

    @property
    def read_backs(self) -> ReadBacks | None:
        """Its read-backs, once created."""
        return self.parts.read_backs

    @property
    def canaries(self) -> CanaryRuns | None:
        """Its canaries, once created."""
        return self.parts.canaries

    @property
    def proxy(self) -> ListenerSite | None:
        """The listener for writes, once created."""
        return self.parts.proxy

    @property
    def admin(self) -> ListenerSite | None:
        """The admin listener; a worker has none."""
        return self.parts.admin

    async def start(self) -> None:
        """Start everything; when this returns the proxy takes traffic. Raises ShieldError.

        The order is: the admin listener (it says "starting"), the proxy listener's address, the models, the
        audit log, the proxy listener. Where a step fails, what was started is stopped again.
        """
        require_c_parser()
        try:
            await self._start()
        except BaseException:
            await self.stop("start_failed")
            raise

    async def _start(self) -> None:
        parts, hosting = self.parts, self._hosting
        check_anchors(parts.settings.audit.anchors)
        starting.describe_process(parts, __version__)
        if hosting is None:
            await self._start_admin()
            parts.bound = await bind(parts.settings.proxy)  # loading takes seconds: tell before them
        parts.lag.start()
        await starting.start_loop_threads()
        await starting.load_analyzers(parts, self._seams, self._loaded, hosting)
        parts.audit = await open_log(parts, self._seams, build=BUILD, hosting=hosting)
        starting.make_writers(parts, self._seams, parts.audit, hosting, version=__version__)
        runtime = self._reloads.runtime(parts.settings, parts.analyzers)
        exchange = starting.make_exchange(parts, self._seams, parts.audit, runtime, build=BUILD)
        await self._reloads.begin()
        starting.tend_log(parts, self._seams, parts.audit, self._alive)
        site = partial(ListenerSite, sockets=parts.bound) if hosting is None else hosting.site
        parts.proxy = starting.make_listener(parts, exchange, site, self._reloads.limits(parts.settings))
        starting.settle_memory()
        await parts.proxy.start()
        parts.canaries = starting.make_canaries(parts, self._seams, parts.audit, parts.proxy, build=BUILD)
        await parts.canaries.configure(parts.settings, runtime, parts.analyzers)
        parts.warming = Warming(parts.worker, into_large_pages)
        parts.warming.start(parts.analyzers)
        parts.started = True
        parts.logger.info(
            "started",
            proxy=parts.proxy.url,
            admin=parts.admin.url if parts.admin is not None else None,
            version=__version__,
            config=parts.settings.digest,
            origin=parts.audit.origin,
        )
        for error in () if hosting is None else hosting.spares.unusable:
            parts.logger.error("certificate_unusable", reason=error.detail)

    async def _start_admin(self) -> None:
        parts = self.parts
        pages = parts.pages = admin_pages(parts, self._reloads, self._seams)
        parts.admin = ListenerSite(parts.settings.admin, pages, pages.unhandled, ADMIN_LIMITS)
        await parts.admin.start()

    def _alive(self) -> Draft:
        assert self.parts.exchange is not None  # noqa: S101  heartbeats come after start
        return run_records.heartbeat(
            interval=self.parts.settings.audit.heartbeat_interval,
            config_digest=self.parts.settings.digest,
            requests_started=self.parts.exchange.started,
            requests_finished=self.parts.exchange.finished,
            requests_ended=requests_ended(self.parts.registry),
        )

    async def record_start(self) -> None:
        """Record in the access log who started the proxy; from then on accesses are recorded in this folder.

        The proxy serves without it: what it does is in its own log.
        """
        audit = self.parts.settings.audit
        try:
            await record_access(
                audit.directory,
                [audit.origin],
                process_actor(via="serve"),
                Access("serve.start"),
                demand=Demand.REQUIRED,
                clock=self._seams.wall_clock,
            )
        except EvidenceError as error:
            self.parts.logger.error("access_log_unavailable", code=error.code, reason=str(error))  # noqa: TRY400  no frames: expected

    # Health.

    def dead(self) -> list[str]:
        """See `health.dead`."""
        return health.dead(self.parts)

    def not_ready(self) -> list[str]:
        """See `health.not_ready`."""
        return health.not_ready(self.parts)

    @property
    def hangs(self) -> bool:
        """Whether an abandoned inspection is still in its thread."""
        return self.parts.worker.hangs

    # Reload.

    async def reload(self, expected: str | None = None) -> ReloadResult:
        """See `Reloads.reload`."""
        return await self._reloads.reload(expected)

    async def prepare(self, digest: str | None = None) -> Prepared:
        """See `Reloads.prepare`."""
        return await self._reloads.prepare(digest)

    async def commit(self, prepared: Prepared) -> None:
        """See `Reloads.commit`."""
        await self._reloads.commit(prepared)

    async def refuse(self, error: ShieldError) -> None:
        """See `Reloads.refuse`."""
        await self._reloads.refuse(error)

    # Stop.

    async def retire(self, idle_seconds: float) -> None:
        """See `stopping.retire`."""
        await stopping.retire(self.parts, idle_seconds)

    async def stop(self, reason: str = "stop") -> None:
        """See `stopping.stop`."""
        await stopping.stop(self.parts, reason)


async def start_service(path: Path, env: Mapping[str, str], seams: Seams | None = None) -> Service:
    """Load the configuration at `path`, check it, and start a proxy with it. Raises ShieldError."""
    service = Service(path, env, load(path, env), seams or Seams())
    await service.start()
    return service
