"""Sending a request to an upstream, once.

Laws: never a retry once bytes went out (the client library's silent resend of GET, PUT and DELETE on
a stale connection is off); no redirect is followed; no cookie is kept; no proxy or credential comes
from the environment; the upstream is the configuration's, whatever the request says.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterable
from typing import Any

import aiohttp
from aiohttp import hdrs
from aiohttp.abc import AbstractStreamWriter
from multidict import CIMultiDict
from yarl import URL

from shield.config.settings import Upstream, UpstreamTls
from shield.errors import (
    ConfigError,
    UpstreamConnectError,
    UpstreamError,
    UpstreamProtocolError,
    UpstreamResetError,
    UpstreamTimeoutError,
)
from shield.telemetry.metrics import Metrics, UpstreamSeries

KEEPALIVE_SECONDS = 4.0
"""How long an idle connection is kept: below the 5 s after which common servers close theirs, so that
a request seldom meets a connection that is being closed (there is no retry to hide it)."""

SLICE = 64 * 1024
"""Larger bodies are written in slices of this size, with back-pressure between them."""

_DNS_SECONDS = 10
_MAX_FIELD_BYTES = 64 * 1024
_MAX_FIELDS = 256
_SWITCHING_PROTOCOLS = 101
_BODY_FORESEEN = frozenset({hdrs.METH_POST, hdrs.METH_PUT, hdrs.METH_PATCH})

_FAILURES: tuple[tuple[type[BaseException], type[UpstreamError]], ...] = (
    # First match wins. The first two arise before any byte of the request was written.
    (aiohttp.ConnectionTimeoutError, UpstreamConnectError),
    (aiohttp.ClientConnectorError, UpstreamConnectError),
    (asyncio.TimeoutError, UpstreamTimeoutError),  # aiohttp's SocketTimeoutError is one
    (aiohttp.ClientResponseError, UpstreamProtocolError),
    (aiohttp.ClientPayloadError, UpstreamResetError),
    (aiohttp.ClientConnectionError, UpstreamResetError),
    (OSError, UpstreamResetError),
    (aiohttp.ClientError, UpstreamError),
)


def translate(error: BaseException) -> UpstreamError | None:
    """The one map from the client library's errors to ours; None for what is not the upstream's."""
    for foreign, ours in _FAILURES:
        if isinstance(error, foreign):
            return ours()
    return None


class SlicedBody(aiohttp.Payload):
    """A large body, written in slices so that neither side's loop is held up by one write."""

    _value: bytes
    _autoclose = True  # bytes in memory: there is nothing to close

    def __init__(self, value: bytes) -> None:
        super().__init__(value, content_type="application/octet-stream")
        self._size = len(value)

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return self._value.decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        await self.write_with_length(writer, None)

    async def write_with_length(self, writer: AbstractStreamWriter, content_length: int | None) -> None:
        with memoryview(self._value)[:content_length] as view:
            for start in range(0, len(view), SLICE):
                await writer.write(view[start : start + SLICE])


class FaithfulRequest(aiohttp.ClientRequest):
    """A request without a body says so only where its method foresees one (RFC 9110, 8.6).

    The library adds `Content-Length: 0` to DELETE and to methods it does not know as well: some servers
    refuse such a DELETE, and the client sent none.
    """

    def __init__(self, method: str, url: URL, **options: Any) -> None:
        super().__init__(method, url, **options)
        if options.get("data") is None and method not in _BODY_FORESEEN:
            self.headers.pop(hdrs.CONTENT_LENGTH, None)


class UpstreamClient:
    """One upstream's connection pool. Make it in the event loop that uses it."""

    def __init__(self, upstream: Upstream, series: UpstreamSeries) -> None:
        self.upstream = upstream
        self.series = series
        self.in_flight = 0
        self._retired: Callable[[], None] | None = None
        base = URL(upstream.url)
        self._scheme = base.scheme
        self._host = base.host or ""
        self._port = base.port
        self._base_path = "" if base.raw_path == "/" else base.raw_path
        self._ssl: ssl.SSLContext | bool = _context(upstream.tls) if base.scheme == "https" else True
        self._server_name = upstream.tls.server_name
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=upstream.pool_size, ttl_dns_cache=_DNS_SECONDS, keepalive_timeout=KEEPALIVE_SECONDS
            ),
            timeout=aiohttp.ClientTimeout(
                total=upstream.total_timeout,
                # Bounds the wait for a free connection as well, when nothing has been sent yet.
                connect=upstream.connect_timeout,
                sock_read=upstream.read_timeout,
            ),
            request_class=FaithfulRequest,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            skip_auto_headers=(hdrs.USER_AGENT, hdrs.ACCEPT, hdrs.ACCEPT_ENCODING, hdrs.CONTENT_TYPE),
            max_field_size=_MAX_FIELD_BYTES,
            max_line_size=_MAX_FIELD_BYTES,
            max_headers=_MAX_FIELDS,
        )
        _never_resend(self._session)

    async def send(
        self, method: str, path: str, query: str | None, fields: CIMultiDict[str], body: bytes | None
    ) -> aiohttp.ClientResponse:
        """Send a request, `path` and `query` byte for byte; return when the answer's head is here.

        `query` is None where no `?` stands behind the path; an empty one keeps its `?`. The caller reads
        `content` to its end or calls `close`. Raises UpstreamError.
        """
        url = URL.build(
            scheme=self._scheme,
            host=self._host,
            port=self._port,
            path=self._base_path + path + ("?" if query == "" else ""),  # yarl has no empty query
            query_string=query or "",
            encoded=True,
        )
        data: Any = body or None
        if body is not None and len(body) > SLICE:
            data = SlicedBody(body)
        try:
            response = await self._session.request(
                method,
                url,
                headers=fields,
                data=data,
                allow_redirects=False,
                ssl=self._ssl,
                server_hostname=self._server_name,
            )
        except Exception as error:
            ours = translate(error)
            if ours is None:
                raise
            raise ours from None
        if response.status == _SWITCHING_PROTOCOLS:
            response.close()
            raise UpstreamProtocolError("The upstream switched protocols without being asked to.")
        return response

    def release(self) -> None:
        """Say that an exchange counted in `in_flight` has ended."""
        self.in_flight -= 1
        if not self.in_flight and self._retired is not None:
            self._retired()
            self._retired = None

    async def close(self) -> None:
        """Wait until no exchange uses the pool, then close it."""
        if self.in_flight:
            idle = asyncio.get_running_loop().create_future()
            self._retired = lambda: None if idle.done() else idle.set_result(None)
            await idle
        await self._session.close()


def _never_resend(session: aiohttp.ClientSession) -> None:
    """Turn off the resend of idempotent methods on a stale connection.

    aiohttp has no public switch for it (3.14: `_retry_connection`, which its own test client clears);
    should a version rename it, starting is refused rather than the resend brought back.
    """
    if getattr(session, "_retry_connection", None) is not True:
        raise ConfigError("This version of aiohttp resends requests in a way that cannot be turned off.")
    session._retry_connection = False  # noqa: SLF001  see the docstring


def _context(tls: UpstreamTls) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=str(tls.ca_file) if tls.ca_file else None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if tls.certificate is not None:
            context.load_cert_chain(tls.certificate, tls.private_key)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"The TLS files of an upstream cannot be used: {type(error).__name__}.") from None
    return context


class UpstreamPool:
    """The clients by upstream, kept over reloads as long as an upstream's settings do not change."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._clients: dict[Upstream, UpstreamClient] = {}

    def client(self, upstream: Upstream) -> UpstreamClient:
        """The client for these settings, made when first asked for."""
        client = self._clients.get(upstream)
        if client is None:
            client = UpstreamClient(upstream, self._metrics.upstream(upstream.name))
            self._clients[upstream] = client
        return client

    async def keep_only(self, upstreams: Iterable[Upstream]) -> None:
        """Close all others, each when its last exchange has ended. Call it after the swap."""
        kept = set(upstreams)
        gone = [upstream for upstream in self._clients if upstream not in kept]
        await asyncio.gather(*(self._clients.pop(upstream).close() for upstream in gone))

    async def close(self) -> None:
        await self.keep_only(())
