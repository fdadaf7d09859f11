"""The running proxy.

Started in an order in which nothing can be forwarded too early, reloaded whole or not at all, stopped in
reverse.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import platform
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

from prometheus_client import GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.registry import CollectorRegistry

from shield import __version__
from shield.analyzer.engine import Analyzer
from shield.app.admin import admin_pages
from shield.app.anchoring import AnchorEvents, Anchoring
from shield.app.canaries import CanaryRuns
from shield.app.disk import free_space, is_writable
from shield.app.heart import build_redactor, checked_analyzers, read_vocabulary, setup_of
from shield.app.heartbeat import Heartbeat
from shield.app.hosting import Hosting, Prepared, Seams
from shield.app.sampling import sampled_heart
from shield.app.upkeep import UpkeepLoop
from shield.audit import run_records
from shield.audit.anchor_checks import check_anchors
from shield.audit.documents import keep_documents
from shield.audit.files import OsFiles
from shield.audit.keys import folder_name
from shield.audit.log import AuditLog
from shield.audit.orders import Orders
from shield.audit.record import Draft
from shield.audit.upkeep import Upkeep
from shield.config.loader import Loaded, load
from shield.config.settings import Settings, fixed_changes
from shield.config.source import ConfigErrors
from shield.domain import DetectorSpec
from shield.errors import AuditUnavailableError, ConfigError, EvidenceError, ShieldError
from shield.evidence.access import Access, Demand, process_actor, record_access
from shield.proxy.admin.instance import LatestReload, ReloadResult, check_expected, refused
from shield.proxy.admin.pages import ADMIN_LIMITS, AdminPages
from shield.proxy.apart import Apart, InspectionProcess, ProcessWatch
from shield.proxy.descriptors import connection_bound
from shield.proxy.exchange import Exchange
from shield.proxy.http_server import (
    ConnectionLimits,
    ConnectionWatch,
    require_c_parser,
)
from shield.proxy.listener import ListenerSite
from shield.proxy.read_backs import ReadBacks
from shield.proxy.rescans import Rescans
from shield.proxy.runtime import Runtime, build_runtime, upstream_for_reads
from shield.proxy.shadow import ShadowRuns
from shield.proxy.upstream import UpstreamPool
from shield.proxy.worker import THREADS, InspectionWorker
from shield.telemetry.logging import Logger, configure
from shield.telemetry.loop_lag import LoopLag
from shield.telemetry.metrics import Metrics
from shield.telemetry.otlp import open_sink
from shield.telemetry.recognizer_series import RecognizerTimes
from shield.telemetry.request_totals import requests_ended
from shield.telemetry.tracing import Tracing

LOCK_RETRY = 0.1
"""Seconds between two tries to open a log that another process still has."""
LOCK_MARGIN = 10.0
"""Seconds beyond the drain time for that process to sign its log and end."""
RETIRE_POLL = 0.02
_WORKERS = 1  # inspections that run at once: one, since threads share an interpreter lock
_NANOSECONDS = 1e9
_GC_THRESHOLDS = (20_000, 20, 50)
_SWITCH_SECONDS = 0.001


class Service:
    """One proxy process: made from a checked configuration, started, reloaded, stopped, in one loop."""

    def __init__(
        self,
        path: Path,
        env: Mapping[str, str],
        loaded: Loaded,
        seams: Seams,
        hosting: Hosting | None = None,
    ) -> None:
        self._path = path
        self._env = env
        self._hosting = hosting
        self._loaded = loaded = loaded if hosting is None else _part(loaded, hosting)
        self._settings = settings = loaded.settings
        self._seams = seams
        self._logger: Logger = configure(settings.logging, seams.log_stream)
        if hosting is not None:
            self._logger = self._logger.bind(**hosting.labels)
        self.registry = CollectorRegistry()
        self.metrics = Metrics(self.registry)
        self._times = RecognizerTimes(self.registry)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="inspection")
        self._worker = InspectionWorker(self._threads, self.metrics, seams.clock)
        self._inspections = InspectionProcess(
            _inspection_command,
            ProcessWatch(
                self.metrics.inspection.process_starts.inc,
                self.metrics.inspection.process_wait.observe,
                self._times.of_one,
            ),
            seams.clock,
            time.sleep,
        )
        self.metrics.inspection.watch_process(lambda: self._inspections.resident_bytes)
        self.metrics.inspection.workers.set(_WORKERS)
        self.metrics.audit.checkpoint_interval.set(settings.audit.checkpoint_interval)
        for anchor in settings.audit.anchors:
            self.metrics.audit.anchor(anchor.name, anchor.interval)
        self.metrics.audit.watch(self._audit_works, partial(free_space, settings.audit.directory))
        self._lag = LoopLag(self.metrics.loop_lag.observe)
        self.audit: AuditLog | None = None
        self._exchange: Exchange | None = None
        self._heartbeat: Heartbeat | None = None
        self._upkeep: UpkeepLoop | None = None
        self._anchoring: Anchoring | None = None
        self._pool: UpstreamPool | None = None
        self._shadow: ShadowRuns | None = None
        self._rescans: Rescans | None = None
        self.read_backs: ReadBacks | None = None
        self._tracing: Tracing | None = None
        self.canaries: CanaryRuns | None = None
        self._analyzers: dict[DetectorSpec, Analyzer] = {}
        self._reloading = asyncio.Lock()
        self.stopping = False
        self._started = False
        self.proxy: ListenerSite | None = None
        self.admin: ListenerSite | None = None
        self._pages: AdminPages | None = None
        self.latest_reload: LatestReload | None = None

    @property
    def settings(self) -> Settings:
        """The configuration in force."""
        return self._settings

    @property
    def serving(self) -> bool:
        """Whether it has started and was not told to stop."""
        return self._started and not self.stopping

    async def start(self) -> None:
        """Start everything; when this returns the proxy takes traffic. Raises ShieldError.

        The order: the admin listener (it says "starting"), the models, the audit log, the proxy
        listener. Where a step fails, what was started is stopped again.
        """
        require_c_parser()
        try:
            await self._start()
        except BaseException:
            await self.stop("start_failed")
            raise

    async def _start(self) -> None:
        settings, seams = self._settings, self._seams
        build = f"shield/{__version__}"
        check_anchors(settings.audit.anchors)
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self.metrics.configuration.build(__version__, platform.python_version())
        if self._hosting is None:
            pages = self._pages = admin_pages(self, self._logger, seams.clock, seams.wall_clock)
            self.admin = ListenerSite(settings.admin, pages, pages.unhandled, ADMIN_LIMITS)
            await self.admin.start()
        self._lag.start()
        loop = asyncio.get_running_loop()
        known = {} if self._hosting is None else self._hosting.known
        self._analyzers = await loop.run_in_executor(
            self._threads, checked_analyzers, self._loaded, known, seams.recognizers
        )
        self.audit = await self._open_audit(build)
        self._pool = UpstreamPool(self.metrics)
        self.read_backs = ReadBacks(
            self.audit,
            self.metrics,
            self._logger,
            self._worker,
            clock=seams.clock,
            wall_clock=seams.wall_clock,
            random=seams.random,
        )
        runtime = self._runtime(settings, self._analyzers)
        self._shadow = ShadowRuns(self.audit, self.metrics, self._logger, seams.clock, self._worker)
        if settings.tracing is not None:
            self._tracing = Tracing(
                open_sink(
                    settings.tracing.endpoint,
                    settings.tracing.service,
                    __version__,
                    self.metrics.spans_exported,
                ),
                settings.tracing.share,
                random=seams.random,
                clock=seams.clock,
                wall_clock=seams.wall_clock,
            )
        self._rescans = Rescans(self.audit, self.metrics, self._logger, seams.clock, self._worker)
        self._exchange = Exchange(
            runtime,
            self.audit,
            self.metrics,
            self._logger,
            build=build,
            clock=seams.clock,
            random=seams.random,
            worker=self._worker,
            shadow=self._shadow,
            rescans=self._rescans,
            read_backs=self.read_backs,
            tracing=self._tracing,
        )
        await self._keep_documents(settings, self._analyzers)
        await self.audit.commit(
            run_records.config(
                reason="start",
                digest_before=None,
                digest_after=settings.digest,
                policies=_policy_digests(settings),
                models=_model_digests(settings, self._analyzers),
            )
        )
        self._in_force(settings)
        self._heartbeat = Heartbeat(self.audit.append, self._alive, settings.audit.heartbeat_interval)
        self._heartbeat.start()
        orders = Orders(seams.audit_files or OsFiles(), settings.audit.directory, settings.audit.origin)
        upkeep = Upkeep(self.audit, seams.wall_clock, seams.random)
        self._upkeep = UpkeepLoop(upkeep, orders, self._logger, seams.clock)
        self._upkeep.start()
        self._anchoring = Anchoring(
            self.audit,
            settings.audit.anchors,
            AnchorEvents(self.metrics.audit.anchored, self.metrics.audit.anchor_failed),
            self._logger,
            clock=seams.wall_clock,
            monotonic=seams.clock,
        )
        self._anchoring.start()
        site = ListenerSite if self._hosting is None else self._hosting.site
        self.proxy = site(
            settings.proxy,
            self._exchange,
            self._exchange.unhandled,
            self._limits(settings),
            ConnectionWatch(
                self.metrics.connections.open.set, lambda it: self.metrics.connections.closed[it].inc()
            ),
        )
        # What was loaded lives as long as the process: a full collection need not walk it each time.
        gc.collect()
        gc.freeze()
        # What an exchange makes is freed by its reference counts: look for cycles less often.
        gc.set_threshold(*_GC_THRESHOLDS)
        # How long the event loop waits for the interpreter's lock beside a thread that inspects.
        sys.setswitchinterval(_SWITCH_SECONDS)
        await self.proxy.start()
        self.canaries = CanaryRuns(
            self.proxy.connect,
            self.audit.append,
            self.metrics,
            self._logger,
            build=build,
            random=seams.random,
            wall_clock=seams.wall_clock,
        )
        await self.canaries.configure(settings, runtime, self._analyzers)
        self._started = True
        self._logger.info(
            "started",
            proxy=self.proxy.url,
            admin=self.admin.url if self.admin is not None else None,
            version=__version__,
            config=settings.digest,
            origin=self.audit.origin,
        )

    async def _open_audit(self, build: str) -> AuditLog:
        """Open the log; a worker waits for one that still finishes what it began under the same origin."""
        seams, settings = self._seams, self._settings
        loop = asyncio.get_running_loop()
        patience = loop.time() + (settings.server.drain_timeout + LOCK_MARGIN if self._hosting else 0.0)
        while True:
            try:
                return await AuditLog.open(
                    settings.audit,
                    clock=seams.wall_clock,
                    random=seams.random,
                    on_commit=self.metrics.audit.committed,
                    on_checkpoint=self._checkpointed,
                    on_unsigned=lambda reason: self._logger.error("audit_head_not_signed", reason=reason),
                    build=build,
                    files=seams.audit_files,
                )
            except AuditUnavailableError as error:
                if not isinstance(error.__cause__, BlockingIOError) or loop.time() >= patience:
                    raise
            await asyncio.sleep(LOCK_RETRY)

    def _checkpointed(self, size: int) -> None:
        self.metrics.audit.checkpointed(self._seams.wall_clock() / _NANOSECONDS, size)

    def _in_force(self, settings: Settings) -> None:
        """Say in the metrics which configuration, policies, detectors and limits hold from now on."""
        self.metrics.configuration.in_force(settings.digest)
        self.metrics.in_flight_limit.set(settings.server.max_in_flight)
        self.metrics.admission.bytes_limit.set(settings.server.max_bytes_in_flight)
        if self._rescans is not None:
            self._rescans.limit(settings.server.rescan_memory, settings.server.rescan_writes)
        self.metrics.configuration.policies(
            (policy.name, policy.digest, policy.detector.model, self._analyzers[policy.detector].digest)
            for policy in settings.policies.values()
        )
        for analyzer in self._analyzers.values():
            self.metrics.findings.begin(analyzer.recognizers)

    def _runtime(self, settings: Settings, analyzers: Mapping[DetectorSpec, Analyzer]) -> Runtime:
        assert self._pool is not None  # noqa: S101  made before
        digests = {spec: analyzer.digest for spec, analyzer in analyzers.items()}
        # A recognizer that is given as an object cannot be had in another process.
        apart = settings.server.large_body_process and not self._seams.recognizers
        return build_runtime(
            settings,
            heart=sampled_heart(
                build_redactor(settings, analyzers, self._seams.random, remembers=True), self._times
            ),
            model_digests=digests,
            vocabulary=read_vocabulary(),
            pool=self._pool,
            metrics=self.metrics,
            reads=self.read_backs.pool if self.read_backs is not None else None,
            slow=frozenset(spec for spec, analyzer in analyzers.items() if not analyzer.is_quick),
            apart=(
                Apart(self._inspections, setup_of(settings), digests, self._seams.clock) if apart else None
            ),
        )

    def _limits(self, settings: Settings) -> ConnectionLimits:
        server = settings.server
        upstreams = sum(upstream.pool_size for upstream in settings.upstreams.values())
        connections = connection_bound(server.max_connections, upstreams)
        if connections < server.max_connections:
            self._logger.warning("connections_limited_by_open_files", max_connections=connections)
        return ConnectionLimits(
            keepalive_timeout=server.keepalive_timeout,
            max_field_bytes=server.max_header_bytes,
            header_timeout=server.header_timeout,
            max_connections=connections,
            min_rate=server.min_body_rate,
            rate_grace=server.rate_grace,
        )

    def _alive(self) -> Draft:
        assert self._exchange is not None  # noqa: S101  heartbeats come after start
        return run_records.heartbeat(
            interval=self._settings.audit.heartbeat_interval,
            config_digest=self._settings.digest,
            requests_started=self._exchange.started,
            requests_finished=self._exchange.finished,
            requests_ended=requests_ended(self.registry),
        )

    async def record_start(self) -> None:
        """Say in the access log who started the proxy; from then on accesses are recorded in this folder.

        The proxy serves without it: what it does is in its own log.
        """
        audit = self._settings.audit
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
            self._logger.error("access_log_unavailable", code=error.code, reason=str(error))  # noqa: TRY400

    # Health.

    def _audit_works(self) -> bool:
        """Whether the log can be written, as far as is known: a log that is not open yet is no alarm."""
        return self.audit is None or self.audit.failure is None

    def dead(self) -> list[str]:
        """Why only a restart helps."""
        reasons = [] if self._audit_works() else ["audit_failed"]
        return [*reasons, "inspection_stuck"] if self._worker.stuck else reasons

    @property
    def hangs(self) -> bool:
        """Whether an inspection that was given up is still in its thread."""
        return self._worker.hangs

    def not_ready(self) -> list[str]:
        """Why no traffic should come."""
        reasons = self.dead()
        if self.stopping:
            reasons.append("draining")
        elif self.proxy is None or not self.proxy.addresses:
            reasons.append("starting")
        # Before the log is open its directory may not have been made.
        if self.audit is not None and not is_writable(self._settings.audit.directory):
            reasons.append("audit_directory_not_writable")
        return reasons

    # Reload.

    async def reload(self, expected: str | None = None) -> ReloadResult:
        """Read the configuration again and swap it in whole, if its digest is `expected`.

        A refusal leaves everything as it was. Both are in the audit log with the digests before and after.
        """
        async with self._reloading:
            before = self._settings.digest
            try:
                prepared = await self.prepare()
                check_expected(prepared.settings, expected)
                await self.commit(prepared)
                result = ReloadResult(before, prepared.settings.digest)
            except ShieldError as error:
                await self.refuse(error)
                result = refused(before, error)
            self.latest_reload = LatestReload(self._seams.wall_clock() / _NANOSECONDS, result)
            return result

    async def prepare(self, digest: str | None = None) -> Prepared:
        """Read the configuration, check all of it, load what it needs. Raises ShieldError.

        `digest` is the one it must have, where others load it as well.
        """
        loop = asyncio.get_running_loop()
        # In a thread of its own: the inspection's has exchanges to serve meanwhile.
        loaded = await loop.run_in_executor(None, load, self._path, self._env)
        if digest is not None and loaded.settings.digest != digest:
            raise ConfigError("the file changed while it was loaded; reload again")
        if self._hosting is not None:
            loaded = _part(loaded, self._hosting)
        settings = loaded.settings
        if fixed := fixed_changes(self._settings, settings):
            raise ConfigError(f"cannot change without a restart: {', '.join(fixed)}")
        analyzers = await loop.run_in_executor(
            None, checked_analyzers, loaded, self._analyzers, self._seams.recognizers
        )
        for listener in (self.proxy, self.admin):
            if listener is not None:
                listener.check_certificate()
        return Prepared(settings, analyzers, self._runtime(settings, analyzers))

    async def commit(self, prepared: Prepared) -> None:
        """Put a prepared configuration in force. Raises AuditUnavailableError where that has no record."""
        before, settings = self._settings, prepared.settings
        # The record first: no write is ever made under a configuration that the log does not name.
        await self._keep_documents(settings, prepared.analyzers)
        await self._record_config("reload", before, settings, prepared.analyzers)
        assert self._exchange is not None  # noqa: S101  reload comes after start
        self._exchange.runtime = prepared.runtime
        if self.proxy is not None:
            self.proxy.limit(self._limits(settings))
        for listener in (self.proxy, self.admin):
            if listener is not None:
                listener.renew_certificate()
        if self._pages is not None:
            self._pages.configure(settings.admin_access)
        self._settings, self._analyzers = settings, prepared.analyzers
        self._in_force(settings)
        self.metrics.configuration.reloaded(ok=True)
        self._logger.info("reloaded", before=before.digest, after=settings.digest)
        if self.canaries is not None:
            await self.canaries.configure(settings, prepared.runtime, prepared.analyzers)
        await self._close_unused(settings)

    async def refuse(self, error: ShieldError) -> None:
        """Stay with the configuration in force, and say on record that another was refused."""
        before = self._settings
        self._logger.error("reload_refused", code=error.code, problems=_problem_lines(error))
        await self._record_config("refused", before, None)
        self.metrics.configuration.reloaded(ok=False)
        await self._close_unused(before)  # pools that the refused one would have used

    async def _close_unused(self, settings: Settings) -> None:
        assert self._pool is not None  # noqa: S101  reload comes after start
        await self._pool.keep_only(route.upstream for route in settings.routes)
        if self.read_backs is not None:
            self.read_backs.keep_only(
                upstream_for_reads(route.upstream, route.read_back.timeout)
                for route in settings.routes
                if route.read_back is not None
            )

    async def _keep_documents(self, settings: Settings, analyzers: Mapping[DetectorSpec, Analyzer]) -> None:
        """What the digests of the next `config` record stand for, on disk before that record."""
        documents = {**settings.documents, **{each.digest: each.document for each in analyzers.values()}}
        folder = settings.audit.directory / folder_name(settings.audit.origin)
        try:
            await asyncio.to_thread(keep_documents, self._seams.audit_files or OsFiles(), folder, documents)
        except OSError as error:
            cause = errno.errorcode.get(error.errno or 0, type(error).__name__)
            raise AuditUnavailableError(f"the configuration cannot be kept beside the log: {cause}") from None

    async def _record_config(
        self,
        reason: str,
        before: Settings,
        after: Settings | None,
        analyzers: Mapping[DetectorSpec, Analyzer] | None = None,
    ) -> None:
        assert self.audit is not None  # noqa: S101  reload comes after start
        with contextlib.suppress(AuditUnavailableError) if after is None else contextlib.nullcontext():
            await self.audit.commit(
                run_records.config(
                    reason=reason,
                    digest_before=before.digest,
                    digest_after=after.digest if after else None,
                    policies=_policy_digests(after or before),
                    models=_model_digests(after or before, analyzers or self._analyzers),
                )
            )

    # Stop.

    async def retire(self, idle_seconds: float) -> None:
        """Take no new connection; serve each open one once more, and close it with that answer.

        Returns when there is none left, or when those that are left were idle for `idle_seconds`: so no
        client's request meets a connection that is being closed, but for one that was idle that long.
        """
        self.stopping = True
        if self.proxy is None or self._exchange is None:
            return
        self.proxy.stop_accepting()
        self._exchange.retiring = True
        loop = asyncio.get_running_loop()
        end = loop.time() + idle_seconds
        while self.proxy.connections and loop.time() < end:  # noqa: ASYNC110  their number has no event
            await asyncio.sleep(RETIRE_POLL)

    async def stop(self, reason: str = "stop") -> None:
        """Not ready; finish what is in flight; sign the log; close everything. Safe to call twice."""
        self.stopping = True
        if self.canaries is not None:
            await self.canaries.stop()
        if self.proxy is not None:
            self.proxy.stop_accepting()
        loop = asyncio.get_running_loop()
        drained = loop.time() + self._settings.server.drain_timeout
        if self._exchange is not None:
            try:
                async with asyncio.timeout_at(drained):
                    await self._exchange.drain()
            except TimeoutError:
                self._logger.warning("drain_timeout", in_flight=self._exchange.in_flight)
        if self.proxy is not None:
            await self.proxy.stop()
        if self._shadow is not None:
            await self._shadow.close()
        if self.read_backs is not None:
            await self.read_backs.close()
        if self._rescans is not None:
            await self._rescans.close(drained - loop.time())
        if self._upkeep is not None:
            await self._upkeep.stop()
        if self._heartbeat is not None:
            await self._heartbeat.stop()
        if self.audit is not None:
            close = partial(self.audit.close, reason)
            try:
                await (self._anchoring.finish(close) if self._anchoring is not None else close())
            except AuditUnavailableError as error:
                self._logger.error("audit_close_failed", code=error.code)  # noqa: TRY400  no frames: expected
        if self._pool is not None:
            await self._pool.close()
        if self._tracing is not None:
            # In a thread: it waits for the collector, for a bounded time.
            await loop.run_in_executor(None, self._tracing.close)
        await self._lag.stop()
        if self.admin is not None:
            await self.admin.stop()
        await loop.run_in_executor(None, self._inspections.close)
        self._worker.close()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._logger.info("stopped", reason=reason)


def _inspection_command(descriptor: int) -> Sequence[str]:
    # Not imported here: it is another program, with a start of its own.
    return (sys.executable, "-P", "-m", "shield.app.apart", str(descriptor))


def _part(loaded: Loaded, hosting: Hosting) -> Loaded:
    return replace(loaded, settings=hosting.part(loaded.settings))


def _policy_digests(settings: Settings) -> dict[str, str]:
    return {name: policy.digest for name, policy in settings.policies.items()}


def _model_digests(settings: Settings, analyzers: Mapping[DetectorSpec, Analyzer]) -> dict[str, str]:
    return {name: analyzers[policy.detector].digest for name, policy in settings.policies.items()}


def _problem_lines(error: ShieldError) -> list[str]:
    if isinstance(error, ConfigErrors):
        return [str(problem) for problem in error.problems]
    return [error.detail or error.title]


async def start_service(path: Path, env: Mapping[str, str], seams: Seams | None = None) -> Service:
    """Load the configuration at `path`, check it, and start a proxy with it. Raises ShieldError."""
    service = Service(path, env, load(path, env), seams or Seams())
    await service.start()
    return service
