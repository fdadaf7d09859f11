"""Reads the configuration again, checks it whole, and puts it in force or refuses it; both are recorded."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from shield import BUILD
from shield.analyzer.engine import Analyzer
from shield.app.check_files import certificates
from shield.app.checking import checked_analyzers
from shield.app.heart import build_redactor, read_vocabulary, setup_of
from shield.app.hosting import Hosting, Prepared, Seams
from shield.app.parts import Parts
from shield.app.sampling import sampled_heart
from shield.audit import run_records
from shield.audit.beginning import cause_of, file_of
from shield.audit.documents import keep_documents
from shield.audit.files import OsFiles
from shield.audit.keys import folder_name
from shield.config.loader import Loaded, load
from shield.config.settings import Settings, check_changes
from shield.config.settings_upstream import Upstream
from shield.config_codes import ProblemCode
from shield.domain import DetectorSpec
from shield.errors import AuditUnavailableError, ConfigError, ShieldError
from shield.proxy.admin.instance import LatestReload, ReloadResult, check_expected, refused
from shield.proxy.apart import Apart
from shield.proxy.connection_limits import ConnectionLimits
from shield.proxy.descriptors import connection_bound
from shield.proxy.runtime import Runtime, build_runtime, upstream_for_reads
from shield.proxy.tls_contexts import Renewal

_NANOSECONDS = 1e9


class Reloads:
    """Puts a configuration in force, at start and at each reload; one at a time."""

    def __init__(
        self, parts: Parts, seams: Seams, path: Path, env: Mapping[str, str], hosting: Hosting | None
    ) -> None:
        self._parts = parts
        self._seams = seams
        self._path = path
        self._env = env
        self._hosting = hosting
        self._one_at_a_time = asyncio.Lock()
        self.latest: LatestReload | None = None

    async def begin(self) -> None:
        """Put the first configuration in force. Raises AuditUnavailableError where it cannot be recorded."""
        settings = self._parts.settings
        await self._keep_documents(settings, self._parts.analyzers)
        await self._record_config("start", None, settings)
        self._in_force(settings)

    async def reload(self, expected: str | None = None) -> ReloadResult:
        """Read the configuration again and swap it in whole, if its digest is `expected`.

        A refusal leaves everything as it was. Both are in the audit log with the digests before and after.
        """
        async with self._one_at_a_time:
            before = self._parts.settings.digest
            try:
                prepared = await self.prepare()
                check_expected(prepared.settings, expected)
                await _whole(self.commit(prepared))
                result = ReloadResult(before, prepared.settings.digest)
            except ShieldError as error:
                await self.refuse(error)
                result = refused(before, error)
            self.latest = LatestReload(self._seams.wall_clock() / _NANOSECONDS, result)
            return result

    async def prepare(self, digest: str | None = None) -> Prepared:
        """Read the configuration, check all of it, load what it needs. Raises ShieldError.

        `digest` is the one that it must have, where others load it as well.
        """
        loop = asyncio.get_running_loop()
        # In another thread than the inspections', which serve exchanges meanwhile.
        loaded = await loop.run_in_executor(None, load, self._path, self._env)
        if digest is not None and loaded.settings.digest != digest:
            raise ConfigError(ProblemCode.FILE_CHANGED, "the file changed while it was loaded; reload again")
        if self._hosting is not None:
            loaded = part_of(loaded, self._hosting)
        settings = loaded.settings
        check_changes(self._parts.settings, settings)
        analyzers = await loop.run_in_executor(
            None, checked_analyzers, loaded, self._parts.analyzers, self._seams.recognizers
        )
        runtime = self.runtime(settings, analyzers)
        return Prepared(settings, analyzers, runtime, self._renewals(settings))

    def _renewals(self, settings: Settings) -> list[Renewal]:
        listeners = (self._parts.proxy, self._parts.admin)
        renewals = [listener.renewal() for listener in listeners if listener is not None]
        assert self._parts.pool is not None  # noqa: S101  reload comes after start
        renewals += self._parts.pool.renewals(_written_to(settings))
        if self._parts.read_backs is not None:
            renewals += self._parts.read_backs.pool.renewals(_read_back(settings))
        return renewals

    async def commit(self, prepared: Prepared) -> None:
        """Put a prepared configuration in force. Raises AuditUnavailableError where it cannot be recorded."""
        before, settings = self._parts.settings, prepared.settings
        # The record comes first: no write is ever made under a configuration that the log does not name.
        await self._keep_documents(settings, prepared.analyzers)
        await self._record_config("reload", before, settings, prepared.analyzers)
        assert self._parts.exchange is not None  # noqa: S101  reload comes after start
        self._parts.exchange.runtime = prepared.runtime
        if self._parts.proxy is not None:
            self._parts.proxy.limit(self.limits(settings))
        for renew in prepared.renewals:
            renew()
        if self._parts.pages is not None:
            self._parts.pages.configure(settings.admin_access)
        self._parts.settings, self._parts.analyzers = settings, prepared.analyzers
        self._in_force(settings)
        self._parts.metrics.configuration.reloaded(ok=True)
        self._parts.logger.info("reloaded", before=before.digest, after=settings.digest)
        if self._parts.canaries is not None:
            await self._parts.canaries.configure(settings, prepared.runtime, prepared.analyzers)
        if self._parts.warming is not None:
            self._parts.warming.start(prepared.analyzers)
        await self._close_unused(settings)

    async def refuse(self, error: ShieldError) -> None:
        """Keep the configuration in force, and record that another was refused."""
        before = self._parts.settings
        if self._hosting is None:  # else the supervisor says it, once for all
            self._parts.logger.error("reload_refused", code=error.code, problems=str(error).splitlines())
        await self._record_config("refused", before, None)
        self._parts.metrics.configuration.reloaded(ok=False)
        await self._close_unused(before)  # pools that the refused one would have used

    async def _close_unused(self, settings: Settings) -> None:
        assert self._parts.pool is not None  # noqa: S101  reload comes after start
        await self._parts.pool.keep_only(_written_to(settings))
        if self._parts.read_backs is not None:
            self._parts.read_backs.keep_only(_read_back(settings))

    async def _keep_documents(self, settings: Settings, analyzers: Mapping[DetectorSpec, Analyzer]) -> None:
        """Write what the digests of the next `config` record stand for to disk before that record."""
        documents = {**settings.documents, **{each.digest: each.document for each in analyzers.values()}}
        folder = settings.audit.directory / folder_name(settings.audit.origin)
        try:
            await asyncio.to_thread(keep_documents, self._seams.audit_files or OsFiles(), folder, documents)
        except OSError as error:
            cause = f"{cause_of(error)}{file_of(error, settings.audit.directory)}"
            raise AuditUnavailableError(
                f"a copy of the configuration cannot be saved beside the log: {cause}"
            ) from None

    async def _record_config(
        self,
        reason: str,
        before: Settings | None,
        after: Settings | None,
        analyzers: Mapping[DetectorSpec, Analyzer] | None = None,
    ) -> None:
        assert self._parts.audit is not None  # noqa: S101  it is opened before all that is recorded
        named = after or before or self._parts.settings
        with contextlib.suppress(AuditUnavailableError) if after is None else contextlib.nullcontext():
            await self._parts.audit.commit(
                run_records.config(
                    reason=reason,
                    digest_before=before.digest if before else None,
                    digest_after=after.digest if after else None,
                    build=BUILD,
                    policies=policy_digests(named),
                    models=model_digests(named, analyzers or self._parts.analyzers),
                )
            )

    def runtime(self, settings: Settings, analyzers: Mapping[DetectorSpec, Analyzer]) -> Runtime:
        """The runtime of the exchanges under these settings."""
        assert self._parts.pool is not None  # noqa: S101  made before
        digests = {spec: analyzer.digest for spec, analyzer in analyzers.items()}
        # A recognizer that is given as an object is not available in another process.
        apart = settings.server.large_body_process and not self._seams.recognizers
        return build_runtime(
            settings,
            heart=sampled_heart(
                build_redactor(settings, analyzers, self._seams.random, remembers=True), self._parts.times
            ),
            model_digests=digests,
            vocabulary=read_vocabulary(),
            pool=self._parts.pool,
            metrics=self._parts.metrics,
            reads=self._parts.read_backs.pool if self._parts.read_backs is not None else None,
            slow=frozenset(spec for spec, analyzer in analyzers.items() if not analyzer.is_quick),
            apart=(
                Apart(self._parts.inspections, setup_of(settings), digests, self._seams.clock)
                if apart
                else None
            ),
        )

    def limits(self, settings: Settings) -> ConnectionLimits:
        """The limits of client connections: as many as there are open files for."""
        server = settings.server
        upstreams = sum(upstream.pool_size for upstream in settings.upstreams.values())
        connections = connection_bound(server.max_connections, upstreams)
        if connections < server.max_connections:
            self._parts.logger.warning("connections_limited_by_open_files", max_connections=connections)
        return ConnectionLimits(
            keepalive_timeout=server.keepalive_timeout,
            max_field_bytes=server.max_header_bytes,
            header_timeout=server.header_timeout,
            max_connections=connections,
            max_duration=server.max_connection_duration or math.inf,
            min_rate=server.min_body_rate,
            rate_grace=server.rate_grace,
        )

    def _in_force(self, settings: Settings) -> None:
        """Show in the metrics which configuration, policies, detectors and limits are in force."""
        self._parts.metrics.configuration.in_force(settings.digest)
        self._parts.metrics.in_flight_limit.set(settings.server.max_in_flight)
        self._parts.metrics.admission.bytes_limit.set(settings.server.max_bytes_in_flight)
        if self._parts.rescans is not None:
            self._parts.rescans.limit(settings.server.rescan_memory, settings.server.rescan_writes)
        self._parts.metrics.configuration.policies(
            (policy.name, policy.digest, policy.detector.model, self._parts.analyzers[policy.detector].digest)
            for policy in settings.policies.values()
        )
        self._parts.metrics.configuration.certificates(
            (".".join(map(str, it.place)), it.begins.timestamp(), it.ends.timestamp())
            for it in certificates(settings)
        )
        for analyzer in self._parts.analyzers.values():
            self._parts.metrics.findings.begin(analyzer.recognizers)


async def _whole(work: Coroutine[Any, Any, None]) -> None:
    """Finish the work even if the caller is cancelled, since its record says that it is done."""
    task = asyncio.get_running_loop().create_task(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
        raise


def _written_to(settings: Settings) -> list[Upstream]:
    return [route.upstream for route in settings.routes]


def _read_back(settings: Settings) -> list[Upstream]:
    return [
        upstream_for_reads(route.upstream, route.read_back.timeout)
        for route in settings.routes
        if route.read_back is not None
    ]


def part_of(loaded: Loaded, hosting: Hosting) -> Loaded:
    """One worker's part of a configuration."""
    return replace(loaded, settings=hosting.part(loaded.settings))


def policy_digests(settings: Settings) -> dict[str, str]:
    """The digest of each policy, by its name."""
    return {name: policy.digest for name, policy in settings.policies.items()}


def model_digests(settings: Settings, analyzers: Mapping[DetectorSpec, Analyzer]) -> dict[str, str]:
    """The digest of the detector of each policy, by the policy's name."""
    return {name: analyzers[policy.detector].digest for name, policy in settings.policies.items()}
