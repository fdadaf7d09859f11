"""aiohttp's low-level HTTP server, with what it gets wrong for this job put right.

1. A malformed request is logged by aiohttp with a traceback that holds the raw line, and answered
   with text that may quote it. Here it is counted, recorded and answered with a problem.
2. aiohttp 3.14 keeps the last trailer field of a chunked request and prepends it to the fields of the
   *next* request on the connection: through a shared connection one client could set a field of
   another's request. Here a connection is closed after a chunked request unless it is certain that
   no trailer came (see `ShieldProtocol.may_continue`).
3. Without its C extension aiohttp parses requests in Python, more laxly: starting is refused.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import aiohttp.http
from aiohttp.web import BaseRequest, RequestHandler, Server, StreamResponse

from shield.errors import ConfigError, RequestError, ShieldError
from shield.proxy.replies import Answer

Handler = Callable[[BaseRequest], Awaitable[Answer]]
OnUnhandled = Callable[[ShieldError, BaseException | None], Answer]
"""Makes (and records) the answer where no handler ran or one raised. Its error is already safe."""

LINGER_SECONDS = 2.0
"""How long the rest of a refused body is read and dropped, so that the client can read the refusal."""

_NO_TRAILER = b"\r\n0\r\n\r\n"
_SERVER_ERROR = 500


def require_c_parser() -> None:
    """Raise ConfigError unless aiohttp parses HTTP with its C extension (llhttp)."""
    for parser in (aiohttp.http.HttpRequestParser, aiohttp.http.HttpResponseParser):
        if parser.__module__ != "aiohttp._http_parser":
            raise ConfigError("aiohttp's C HTTP parser is missing; the Python one is laxer and not used.")


class ShieldProtocol(RequestHandler):
    """One client connection."""

    __slots__ = ("_on_unhandled", "_tail")

    def __init__(self, server: Server, on_unhandled: OnUnhandled, **options: Any) -> None:
        super().__init__(server, **options)
        self._on_unhandled = on_unhandled
        self._tail = b""

    def data_received(self, data: bytes) -> None:
        if data:  # empty when aiohttp resumes a paused parser
            self._tail = data[-7:] if len(data) > 6 else (self._tail + data)[-7:]  # noqa: PLR2004
        super().data_received(data)

    def may_continue(self, request: BaseRequest) -> bool:
        """Whether the connection may serve another request after this chunked one, wholly received.

        Only if nothing has been received after it and its last chunk is followed by the empty line at
        once. A head that follows it cannot feign that: one that is complete would be in the queue,
        and a line `0` in one that is not would be a parser error, in the queue as well.
        """
        return request.content.is_eof() and not self._messages and self._tail == _NO_TRAILER

    def handle_error(
        self,
        request: BaseRequest,  # noqa: ARG002  the base's signature
        status: int = _SERVER_ERROR,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002  may quote the request
    ) -> StreamResponse:
        """Replaces the base's, which logs and quotes; called for malformed requests above all."""
        error = RequestError("The request is not valid HTTP.") if status < _SERVER_ERROR else ShieldError()
        answer = self._on_unhandled(error, None if status < _SERVER_ERROR else exc)
        answer.keep_alive = False
        return cast("StreamResponse", answer)

    def log_exception(self, *_args: Any, **kw: Any) -> None:
        """Replaces the base's, whose records carry bytes of the request."""
        error = kw.get("exc_info")
        if isinstance(error, BaseException):
            self._on_unhandled(ShieldError(), error)


class ShieldServer(Server):
    """A factory of `ShieldProtocol`s, one for each connection."""

    def __init__(self, handler: Handler, on_unhandled: OnUnhandled, **options: Any) -> None:
        super().__init__(cast("Any", handler))
        self._on_unhandled = on_unhandled
        self._options = options

    def __call__(self) -> RequestHandler:
        return ShieldProtocol(
            self, self._on_unhandled, loop=asyncio.get_running_loop(), access_log=None, **self._options
        )


def make_server(
    handler: Handler, on_unhandled: OnUnhandled, *, keepalive_timeout: float, max_field_bytes: int
) -> ShieldServer:
    """A server for `handler`, bodies passed to it as they came. Times in seconds.

    Must run in the event loop. Raises ConfigError without aiohttp's C parser.
    """
    require_c_parser()
    return ShieldServer(
        handler,
        on_unhandled,
        keepalive_timeout=keepalive_timeout,
        lingering_time=LINGER_SECONDS,
        auto_decompress=False,
        max_line_size=max_field_bytes,
        max_field_size=max_field_bytes,
        max_headers=100,
    )
