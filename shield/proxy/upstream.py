"""Sends a request to an upstream, once.

Laws: nothing is retried once bytes went out; no redirect is followed; no cookie is kept; no proxy or
credential comes from the environment; the upstream is the configured one, whatever the request says. The
request's target and fields go out byte for byte.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

from shield.config.settings_upstream import Upstream
from shield.errors import RequestError, UpstreamError, UpstreamResetError
from shield.proxy.endpoints import Endpoints, line_with_host
from shield.proxy.locations import Locations
from shield.proxy.tls_contexts import Renewal, Spares
from shield.proxy.upstream_answer import OnInterim, UpstreamAnswer
from shield.telemetry.logging import Logger
from shield.telemetry.metrics import Metrics
from shield.telemetry.upstream_series import UpstreamSeries

_BODY_FORESEEN = frozenset({"POST", "PUT", "PATCH"})


class UpstreamClient:
    """One upstream's connection pool. Create it in the event loop that uses it."""

    def __init__(
        self,
        upstream: Upstream,
        series: UpstreamSeries,
        logger: Logger | None = None,
        spares: Spares | None = None,
    ) -> None:
        self.upstream = upstream
        self.series = series
        self.in_flight = 0
        self._retired: Callable[[], None] | None = None
        self._loop = asyncio.get_running_loop()
        self._endpoints = Endpoints(upstream, series, logger, spares or Spares())
        self.locations = Locations(upstream.names)

    def renewals(self) -> list[Renewal]:
        """See `Endpoints.renewals`."""
        return self._endpoints.renewals()

    def require_available(self) -> None:
        """Raise UpstreamUnavailableError where no endpoint may be used."""
        self._endpoints.require_one()

    async def send(
        self,
        method: str,
        path: str,
        query: str | None,
        fields: Sequence[tuple[str, str]],
        body: bytes | None,
        *,
        host: str = "",
        on_interim: OnInterim | None = None,
    ) -> UpstreamAnswer:
        """Send a request, `path` and `query` byte for byte; return when the answer's head has arrived.

        `query` is None where no `?` stands behind the path; an empty one keeps its `?`. `fields` are all but
        Host and Content-Length; `body` is None where none was announced. `host` is what the client asked for;
        an upstream that keeps it gets it as Host, and is chosen without it. `on_interim` gets the interim
        answers. The caller reads `content` to its end or calls `close`. Raises UpstreamError, and
        RequestError for a field with a line break.
        """
        upstream = self.upstream
        end = self._loop.time() + upstream.total_timeout
        endpoint, connection = self._endpoints.ready() or await self._endpoints.connect()
        path = f"{endpoint.base_path}{path}"
        target = path if query is None else f"{path}?{query}"
        rest = line_with_host(host) if host and upstream.keeps_host else endpoint.host_line
        try:
            head = request_head(f"{method} {target}{rest}", fields, _length(method, body))
        except RequestError:
            endpoint.health.give_up()
            endpoint.pool.give_back(connection)
            raise
        try:
            answer = await connection.exchange(
                head,
                body or b"",
                is_head=method == "HEAD",
                read_seconds=upstream.read_timeout,
                end=end,
                on_interim=on_interim,
            )
        except UpstreamResetError as error:
            if connection.was_stale:
                endpoint.health.give_up()
            else:
                endpoint.failed(error)
            raise
        except UpstreamError as error:
            endpoint.failed(error)
            raise
        except BaseException:
            endpoint.health.give_up()
            raise
        endpoint.succeeded()
        return answer

    def release(self) -> None:
        """An exchange counted in `in_flight` has ended."""
        self.in_flight -= 1
        if not self.in_flight and self._retired is not None:
            self._retired()
            self._retired = None

    async def close(self) -> None:
        """Wait until no exchange uses the pool, then close it."""
        if self.in_flight:
            idle = self._loop.create_future()
            self._retired = lambda: None if idle.done() else idle.set_result(None)
            await idle
        self._endpoints.close()


def request_head(start: str, fields: Sequence[tuple[str, str]], length: int | None) -> bytes:
    """A request's head: `start` is its first line and Host. Raises RequestError for a line break.

    The parser already allows no line break in names and values; this guards the place where it matters.
    """
    lines = [f"{name}: {value}\r\n" for name, value in fields]
    if length is not None:
        lines.append(f"Content-Length: {length}\r\n")
    text = f"{start}{''.join(lines)}\r\n"
    breaks = len(lines) + 3
    if not text.count("\r\n") == text.count("\r") == text.count("\n") == breaks or "\x00" in text:
        raise RequestError("A header field contains a line break.")
    return text.encode("utf-8", "surrogateescape")  # as the parser decoded it


def _length(method: str, body: bytes | None) -> int | None:
    """A request without a body says so only where its method expects one (RFC 9110, 8.6).

    Some servers refuse a DELETE with `Content-Length: 0`, and the client sent none.
    """
    if body is not None:
        return len(body)
    return 0 if method in _BODY_FORESEEN else None


class UpstreamPool:
    """The clients by upstream, kept over reloads as long as an upstream's settings do not change.

    `logger` gets the lines on upstreams that fail; without one, nobody is told. `spares` stand in for TLS
    files that cannot be used.
    """

    def __init__(self, metrics: Metrics, logger: Logger | None = None, spares: Spares | None = None) -> None:
        self._metrics = metrics
        self._logger = logger
        self._spares = spares
        self._clients: dict[Upstream, UpstreamClient] = {}

    def client(self, upstream: Upstream) -> UpstreamClient:
        """The client for these settings, created when first asked for."""
        client = self._clients.get(upstream)
        if client is None:
            series = self._metrics.upstreams.upstream(upstream.name)
            client = UpstreamClient(upstream, series, self._logger, self._spares)
            self._clients[upstream] = client
        return client

    def renewals(self, upstreams: Iterable[Upstream]) -> list[Renewal]:
        """Read the TLS files of these upstreams as they are now. Raises ConfigError."""
        return [
            renewal
            for upstream in dict.fromkeys(upstreams)
            if upstream in self._clients
            for renewal in self._clients[upstream].renewals()
        ]

    async def keep_only(self, upstreams: Iterable[Upstream]) -> None:
        """Close all others, each when its last exchange has ended. Call it after the swap."""
        kept = set(upstreams)
        gone = [upstream for upstream in self._clients if upstream not in kept]
        await asyncio.gather(*(self._clients.pop(upstream).close() for upstream in gone))

    async def close(self) -> None:
        await self.keep_only(())
