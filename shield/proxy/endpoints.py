"""The endpoints of one upstream: chooses the one that a request goes to, and keeps what is known of each.

Requests go round the usable endpoints in turn. If one cannot be connected to, the next is tried, since
nothing was sent yet; once bytes went out there is no second try. Why an endpoint fails is a line of the
log: the first time since it answered, and again where the cause is another one.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from functools import partial

from yarl import URL

from shield.config.settings_upstream import Upstream
from shield.errors import ShieldError, UpstreamError, UpstreamUnavailableError
from shield.proxy.connect_causes import UnconnectedError, connect_cause
from shield.proxy.connection import UpstreamConnection
from shield.proxy.connection_pool import ConnectionPool, Dialer, Endpoint, PoolBusyError
from shield.proxy.endpoint_health import EndpointHealth
from shield.proxy.time_limits import time_limit
from shield.proxy.tls_contexts import Renewal, Spares, upstream_context
from shield.telemetry.logging import Logger
from shield.telemetry.upstream_series import EndpointSeries, UpstreamSeries

_CHECK_END = b"\r\nUser-Agent: shield-health-check\r\nAccept: */*\r\n\r\n"


class UpstreamEndpoint:
    """One address of an upstream with its connections. Create it in the event loop that uses it."""

    def __init__(
        self,
        upstream: Upstream,
        url: str,
        series: EndpointSeries,
        logger: Logger | None,
        spares: Spares,
    ) -> None:
        base = URL(url)
        self._log = None if logger is None else logger.bind(upstream=upstream.name, endpoint=_label(url))
        self._told = ""  # the cause that the log names
        self._loop = asyncio.get_running_loop()
        self._upstream = upstream
        self._series = series
        self.base_path = "" if base.raw_path == "/" else base.raw_path
        self.host_line = line_with_host(upstream.host or base.host_port_subcomponent or "")
        self._dialer = Dialer(
            Endpoint(
                base.raw_host or "",
                base.port or 0,
                spares.upstream(upstream.tls, url) if url in upstream.secured else None,
                upstream.tls.server_name,
            ),
            series.unresolved.inc,
        )
        self.pool = ConnectionPool(self._dialer, upstream.pool_size)
        self.health = EndpointHealth(upstream.outlier, upstream.health_check)
        series.available.set(1)

    def renewal(self) -> Renewal:
        """Read the TLS files as they are now. Raises ConfigError."""
        return partial(self.pool.secure, upstream_context(self._upstream.tls))

    def wait(self) -> float:
        """Seconds until it may be used."""
        return self.health.wait(self._loop.time())

    def failed(self, error: UpstreamError) -> None:
        """Note that a request to it failed without an answer."""
        if self.health.fail(self._loop.time()):
            self._series.ejections.inc()
            self._series.available.set(0)
        self._tell("request", error.cause if isinstance(error, UnconnectedError) else error.code)

    def succeeded(self) -> None:
        """Note that it answered."""
        self._told = ""
        if self.health.succeed():
            self._show()

    def _show(self) -> None:
        available = not self.wait()
        self._series.available.set(available)
        if available and self._log is not None:
            self._log.info("upstream_used_again")

    def _tell(self, by: str, cause: str) -> None:
        if cause != self._told and self._log is not None:
            self._told = cause
            self._log.warning("upstream_failing", by=by, cause=cause)

    async def check(self) -> None:
        """Run its health checks until cancelled."""
        settings = self._upstream.health_check
        assert settings is not None  # noqa: S101  only called with one
        while True:
            cause = await self._check_fails_by(settings.path, settings.timeout)
            self._series.checks[not cause].inc()
            if self.health.checked(not cause):
                self._told = ""
                if cause:
                    self._tell("health_check", cause)
                self._show()
            await asyncio.sleep(settings.interval)

    async def _check_fails_by(self, path: str, seconds: float) -> str:
        """Why a GET, on a connection of its own, is not answered with 2xx in time; empty where it is."""
        connection = UpstreamConnection(self._loop, lambda ended, _reusable: ended.shut())
        head = f"GET {self.base_path}{path}{self.host_line}Connection: close".encode() + _CHECK_END
        try:
            async with time_limit(seconds):
                await self._dialer.dial(connection)
                end = self._loop.time() + seconds
                answer = await connection.exchange(head, b"", is_head=False, read_seconds=seconds, end=end)
                answer.close()
                return "" if 200 <= answer.status < 300 else f"status {answer.status}"  # noqa: PLR2004  2xx
        except OSError as error:  # TimeoutError included
            return connect_cause(error)
        except ShieldError as error:
            return error.code
        finally:
            connection.shut()


class Endpoints:
    """All endpoints of one upstream, in the order of the configuration."""

    def __init__(
        self, upstream: Upstream, series: UpstreamSeries, logger: Logger | None, spares: Spares
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._upstream = upstream
        self._series = series
        self._all = [
            UpstreamEndpoint(upstream, url, series.endpoint(_label(url)), logger, spares)
            for url in upstream.endpoints
        ]
        self._next = 0
        self._checks: list[asyncio.Task[None]] = []
        if upstream.health_check is not None:
            self._checks = [
                self._loop.create_task(endpoint.check(), name="health-check") for endpoint in self._all
            ]

    def renewals(self) -> list[Renewal]:
        """Those of all endpoints whose TLS has files. Raises ConfigError."""
        if not self._upstream.tls.files:
            return []
        secured = self._upstream.secured
        pairs = zip(self._upstream.endpoints, self._all, strict=True)
        return [endpoint.renewal() for url, endpoint in pairs if url in secured]

    def require_one(self) -> None:
        """Raise UpstreamUnavailableError where no endpoint may be used."""
        for endpoint in self._all:
            if not endpoint.wait():
                return
        raise _unavailable([endpoint.wait() for endpoint in self._all])

    def ready(self) -> tuple[UpstreamEndpoint, UpstreamConnection] | None:
        """The result of `connect` if it needs no waiting, as mostly with a single endpoint; else None.

        Raises UpstreamUnavailableError.
        """
        if len(self._all) > 1:
            return None
        endpoint = self._pick(())
        connection = endpoint.pool.take()
        if connection is None:
            return None
        endpoint.health.begin()
        return endpoint, connection

    async def connect(self) -> tuple[UpstreamEndpoint, UpstreamConnection]:
        """A connection to an endpoint that may be used; the caller tells the endpoint how the request ended.

        Raises UpstreamConnectError, UpstreamUnavailableError.
        """
        end = self._loop.time() + min(self._upstream.connect_timeout, self._upstream.total_timeout)
        tried: list[UpstreamEndpoint] = []
        while True:
            endpoint = self._pick(tried)
            connection = endpoint.pool.take()
            trying = endpoint.health.begin()
            if connection is not None:
                return endpoint, connection
            try:
                return endpoint, await endpoint.pool.open(max(0.0, end - self._loop.time()))
            except PoolBusyError:
                if trying:
                    endpoint.health.give_up()
                raise
            except UpstreamError as error:
                endpoint.failed(error)
                tried.append(endpoint)
                others = [one for one in self._all if one not in tried and not one.wait()]
                if not others or self._loop.time() >= end:
                    raise
                self._series.connect_retries.inc()
            except BaseException:
                if trying:
                    endpoint.health.give_up()
                raise

    def _pick(self, tried: Sequence[UpstreamEndpoint]) -> UpstreamEndpoint:
        if len(self._all) == 1 and not tried:
            endpoint = self._all[0]
            if wait := endpoint.wait():
                raise _unavailable([wait])
            return endpoint
        count = len(self._all)
        for step in range(count):
            endpoint = self._all[(self._next + step) % count]
            if endpoint not in tried and not endpoint.wait():
                self._next = (self._next + step + 1) % count
                return endpoint
        raise _unavailable([endpoint.wait() for endpoint in self._all])

    def close(self) -> None:
        """End the health checks and all idle connections."""
        for task in self._checks:
            task.cancel()
        for endpoint in self._all:
            endpoint.pool.close()


def _unavailable(waits: Sequence[float]) -> UpstreamUnavailableError:
    soonest = min(waits)
    return UpstreamUnavailableError(retry_after=1 if math.isinf(soonest) else max(1, math.ceil(soonest)))


def _label(url: str) -> str:
    base = URL(url)
    return f"{base.raw_host}:{base.port}"


def line_with_host(host: str) -> str:
    """The rest of a request's first line, behind the target, and its Host field."""
    return f" HTTP/1.1\r\nHost: {host}\r\n"
