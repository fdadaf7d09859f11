"""aiohttp's low-level HTTP server, corrected where it does the wrong thing for this proxy.

1. aiohttp logs a malformed request with a traceback that holds the raw line, and answers it with text that
   may quote it. Here it is counted, recorded and answered with a problem.
2. aiohttp 3.14 keeps the last trailer field of a chunked request and prepends it to the fields of the *next*
   request on the connection: through a shared connection one client could set a field of another's request.
   Here a connection is closed after a chunked request unless it is certain that no trailer came (see
   `ShieldProtocol.may_continue`).
3. Without its C extension aiohttp parses requests in Python, less strictly: the server refuses to start.
4. aiohttp does not tell a body that its later part has invalid framing: a reader would wait for the rest
   until the time limit. Here the body is ended with that error.
5. aiohttp makes a task for each request. Under overload most are refused and nothing is awaited: such an
   answer is written as soon as the request is parsed (see `at_once`).
6. aiohttp limits neither the time for a head, nor how slowly an answer is taken, nor the number of
   connections: `connection_limits` does, and `room` chooses the one that makes way for another.
"""

from __future__ import annotations

import asyncio
import itertools
import math
from collections.abc import Callable
from typing import Any, cast

import aiohttp.http
from aiohttp import StreamReader
from aiohttp.http import RawRequestMessage
from aiohttp.web import BaseRequest, RequestHandler, RequestPayloadError, Server, StreamResponse

from shield.config_codes import ProblemCode
from shield.errors import ConfigError, HeaderTimeoutError, SaturatedError, ShieldError
from shield.foreign_errors import unexpected
from shield.proxy.at_once import PromptProtocol, Responder
from shield.proxy.connection_limits import ConnectionLimits, ConnectionWatch
from shield.proxy.lane import Lane
from shield.proxy.parser_reasons import refusal_of
from shield.proxy.proxy_header import Client
from shield.proxy.replies import Reply
from shield.proxy.request_ends import end_of_last_head, names_of_trailer
from shield.proxy.room import Room
from shield.telemetry.connection_series import Closed

OnUnhandled = Callable[[ShieldError, BaseException | None], Reply]
"""Makes (and records) the answer where no responder ran or one raised. The error is safe to publish."""

LINGER_SECONDS = 2.0
"""Seconds of reading and dropping the rest of a refused body, so that the client can read the refusal."""

_NO_TRAILER = b"\r\n0\r\n\r\n"
_SERVER_ERROR = 500


def require_c_parser() -> None:
    """Raise ConfigError unless aiohttp parses HTTP with its C extension (llhttp)."""
    for parser in (aiohttp.http.HttpRequestParser, aiohttp.http.HttpResponseParser):
        if parser.__module__ != "aiohttp._http_parser":
            raise ConfigError(
                ProblemCode.INSTALLATION_INCOMPLETE,
                "aiohttp's C HTTP parser is missing, and the laxer Python one is not used",
            )


class ShieldProtocol(PromptProtocol):
    """One client connection."""

    __slots__ = (
        "_begun", "_connection", "_content", "_head_timer", "_on_unhandled", "_server", "_stall_timer",
        "_tail", "_until", "client", "gave_way", "lane", "on_lost", "refusal",
    )  # fmt: skip

    def __init__(
        self, server: ShieldServer, responder: Responder, on_unhandled: OnUnhandled, **options: Any
    ) -> None:
        super().__init__(server, responder, **options)
        self._server = server
        self._on_unhandled = on_unhandled
        self._tail = b""  # the end of what was received since the current request began; see `trailer_names`
        self._content: StreamReader | None = None  # the body of the latest request; see `_feed`
        self.lane: Lane | None = None  # set on a connection that this process made itself: see `lane`
        self.client: Client | None = None  # the client behind the connection, where a PROXY header named it
        self.refusal: ShieldError | None = None  # why no request is served on it
        self.gave_way = False  # it is closing and no longer counts
        self.on_lost: Callable[[], None] | None = None  # called once the client is gone, set by whoever waits
        self._begun = False  # whether a byte was received
        self._connection: asyncio.Transport | None = None  # the base class drops its own when it closes
        self._head_timer: asyncio.TimerHandle | None = None  # set while a head must come
        self._stall_timer: asyncio.TimerHandle | None = None  # set while answers are unsent
        self._until = math.inf  # loop time from which on an answer is the last

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._connection = connection = cast("asyncio.Transport", transport)
        # `pause_writing` is called as soon as the client does not take all that is written at once. Not 0:
        # TLS transports pause at the limit, that is, even with nothing left, and would resume only at the
        # next write.
        connection.set_write_buffer_limits(high=1)
        if self.client is not None:
            self._cache["peername"] = self.client  # the base class caches the transport's there, once asked
        limits = self._server.limits
        if self.lane is None:
            self._until = self._loop.time() + limits.duration_of(next(self._server.numbers))
        if self.refusal is not None:
            self._end(self.refusal)
        elif self.lane is None and not self._server.has_room(most=limits.max_connections):
            self._end(SaturatedError("There are too many connections."))
        else:
            self._head_timer = self._loop.call_later(limits.header_timeout, self._head_overdue)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._stop_timers()
        self._connection = None
        self._tail = b""
        self._content = None
        on_lost, self.on_lost = self.on_lost, None
        if on_lost is not None:
            on_lost()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        # Whether the server waits for a request or has not begun to; then what comes belongs to a head.
        idle = not self._messages and (self._waiter is not None or not self._request_count)
        if data:  # empty when aiohttp resumes a paused parser
            self._begun = True
            size = self._server.limits.max_field_bytes
            self._tail = data[-size:] if idle or len(data) >= size else (self._tail + data)[-size:]
        last = end_of_last_head(data) if idle else 0
        known = self._request_count
        if last:
            # The parser would take what follows for an error of the request before it.
            self._feed(data[:last])
            data = data[last:]
            if not self._tail:  # that request is answered: what follows belongs to another
                self._tail = data[-self._server.limits.max_field_bytes :]
        self._feed(data)
        if self._request_count != known:
            if self._head_timer is not None:
                self._head_timer.cancel()
                self._head_timer = None
        elif idle and data and self._head_timer is None and self._connection is not None:
            self._head_timer = self._loop.call_later(self._server.limits.header_timeout, self._head_overdue)

    def _feed(self, data: bytes) -> None:
        """Parse it. An error ends the body under way, since no more of it will come."""
        known = len(self._messages)
        self.parse(data)
        if not self._messages:
            return
        self.refuse_unreadable(known)
        message, content = self._messages[-1]
        if isinstance(message, RawRequestMessage):
            self._content = content
        else:
            broken, self._content = self._content, None
            if broken is not None and not broken.is_eof():
                broken.set_exception(RequestPayloadError())
                broken.feed_eof()  # so that the base class does not wait for the rest
        if self.begin():
            self.forget()

    def resume_reading(self, resume_parser: bool = True) -> None:
        """As the base class, which does much after each read although mostly nothing was paused."""
        if self._reading_paused:
            super().resume_reading(resume_parser)

    def _head_overdue(self) -> None:
        """The head did not come in time. A connection that never sent a byte gets no answer."""
        self._head_timer = None
        if self._begun:
            self._end(HeaderTimeoutError())
        else:
            self._server.watch.closed(Closed.NO_REQUEST)
            self.force_close()

    @property
    def waits(self) -> tuple[bool, float] | None:
        """See `room.Waiting`."""
        if self.lane is not None or self._close or self._connection is None or self._connection.is_closing():
            return None
        if self._connection.get_write_buffer_size():  # it takes its answer: its end would wait for that, too
            return None
        if self._head_timer is not None:
            return False, self._head_timer.when() - self._server.limits.header_timeout
        if self._messages or self._waiter is None or self._waiter.done():
            return None
        return True, self._next_keepalive_close_time - self._keepalive_timeout

    def give_way(self) -> None:
        """Close it, as another connection has its place. If a head has begun, it is answered and recorded."""
        self._server.leaves(self)
        if self._begun and self._head_timer is not None:
            self._end(SaturatedError("There are too many connections."))
        else:
            self._server.watch.closed(Closed.GAVE_WAY)
            self.force_close()

    def _process_keepalive(self) -> None:
        """The base class would close a connection silently while a head is coming in."""
        if self._head_timer is None:
            super()._process_keepalive()
        else:
            self._keepalive_handle = None

    def _end(self, error: ShieldError) -> None:
        """Answer with `error` and close. Call it only while no request is under way."""
        if self._connection is not None and not self._connection.is_closing():
            self._connection.write(self._on_unhandled(error, None).encode(None))
        self.force_close()

    # Answers that the client does not take, including those that `close` leaves to the transport.

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._connection is not None and self._server.limits.min_rate:
            self._await_progress(self._connection)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stall_timer is not None:
            self._stall_timer.cancel()
            self._stall_timer = None

    def _await_progress(self, connection: asyncio.Transport) -> None:
        limits = self._server.limits
        self._stall_timer = self._loop.call_later(
            limits.rate_grace,
            self._check_progress,
            connection,
            connection.get_write_buffer_size() - limits.min_rate * limits.rate_grace,
        )

    def _check_progress(self, connection: asyncio.Transport, most: float) -> None:
        """Go on only if no more than `most` bytes are left to send; otherwise cut the connection off."""
        self._stall_timer = None
        if connection.get_write_buffer_size() <= most:
            self._await_progress(connection)
        else:
            self._server.watch.closed(Closed.SLOW_ANSWER)
            connection.abort()

    def _stop_timers(self) -> None:
        for timer in (self._head_timer, self._stall_timer):
            if timer is not None:
                timer.cancel()
        self._head_timer = self._stall_timer = None

    @property
    def is_due(self) -> bool:
        """Whether it is as old as a connection may become, so that it ends with the answer given now."""
        return self._loop.time() >= self._until

    # Chunked requests.

    def trailer_names(self, request: BaseRequest) -> list[str]:
        """The names of the trailer fields of this chunked request, wholly received.

        The parser does not give them, so they are read from the bytes received last. If more was received
        after them, this is empty and `may_continue` is False. Raises RequestError where they are larger than
        a head's field may be.
        """
        if self._messages or not request.content.is_eof() or not self._tail.endswith(b"\r\n\r\n"):
            return []
        return names_of_trailer(self._tail)

    def may_continue(self, request: BaseRequest) -> bool:
        """Whether the connection may serve another request after this chunked one, wholly received.

        It may only if nothing has been received after it and its last chunk is directly followed by the empty
        line. A following head cannot imitate that: a complete one would be in the queue, and a line `0` in an
        incomplete one would be a parser error, in the queue as well.
        """
        return request.content.is_eof() and not self._messages and self._tail.endswith(_NO_TRAILER)

    def forget(self) -> None:
        """Drop what was received of a request, which would otherwise stay as long as the connection."""
        self._tail = b""
        self._content = None

    def handle_error(
        self,
        request: BaseRequest,  # noqa: ARG002  the base's signature
        status: int = _SERVER_ERROR,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002  may quote the request
    ) -> StreamResponse:
        """Replaces the base class's, which logs and quotes; called mostly for malformed requests."""
        if status < _SERVER_ERROR:
            answer = self._on_unhandled(refusal_of(exc), None)
        else:
            answer = self._on_unhandled(ShieldError() if exc is None else unexpected(exc), exc)
        answer.keep_alive = False
        return cast("StreamResponse", answer)

    def log_exception(self, *_args: Any, **kw: Any) -> None:
        """Replaces the base class's, whose records carry bytes of the request."""
        error = kw.get("exc_info")
        if isinstance(error, BaseException):
            self._on_unhandled(unexpected(error), error)


class ShieldServer(Server):
    """A factory of `ShieldProtocol`s, one for each connection. `limits` may be replaced at any time.

    `open` is the number of client connections; those that this process made itself do not count. `numbers`
    are those of the next ones.
    """

    def __init__(
        self,
        responder: Responder,
        on_unhandled: OnUnhandled,
        limits: ConnectionLimits,
        watch: ConnectionWatch,
    ) -> None:
        super().__init__(cast("Any", responder))
        self._responder = responder
        self._on_unhandled = on_unhandled
        self.limits = limits
        self.watch = watch
        self.open = 0
        self._room = Room()
        self.numbers = itertools.count()

    def connection_made(self, handler: RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        self._count(handler, 1)

    def connection_lost(self, handler: RequestHandler, exc: BaseException | None = None) -> None:
        super().connection_lost(handler, exc)
        if not cast("ShieldProtocol", handler).gave_way:
            self._count(handler, -1)

    def _count(self, handler: RequestHandler, more: int) -> None:
        if cast("ShieldProtocol", handler).lane is None:
            self.open += more
            self.watch.count(self.open)

    def has_room(self, *, most: int) -> bool:
        """Whether at most `most` connections are open, if need be after one gave way."""
        return self.open <= most or self.make_room()

    def make_room(self) -> bool:
        """Have a connection that waits for a request give way; False where none has waited long."""
        now = asyncio.get_running_loop().time()
        return self._room.make(cast("list[ShieldProtocol]", self.connections), now, self.limits.patience)

    def leaves(self, protocol: ShieldProtocol) -> None:
        """A connection gave way: stop counting it."""
        protocol.gave_way = True
        self._count(protocol, -1)

    def made(
        self, *, lane: Lane | None = None, client: Client | None = None, refusal: ShieldError | None = None
    ) -> Callable[[], ShieldProtocol]:
        """A factory of the protocol of one connection.

        With `lane` it is one that this process made itself; with `client` it was made for that one; with
        `refusal` it is answered with that and closed.
        """

        def make() -> ShieldProtocol:
            protocol = self()
            protocol.lane, protocol.client, protocol.refusal = lane, client, refusal
            return protocol

        return make

    def refused(self, error: ShieldError) -> None:
        """Record that a connection was closed for `error` without an answer."""
        self._on_unhandled(error, None)

    def __call__(self) -> ShieldProtocol:
        limits = self.limits
        return ShieldProtocol(
            self,
            self._responder,
            self._on_unhandled,
            loop=asyncio.get_running_loop(),
            access_log=None,
            keepalive_timeout=limits.keepalive_timeout,
            lingering_time=LINGER_SECONDS,
            auto_decompress=False,
            max_line_size=limits.max_field_bytes,
            max_field_size=limits.max_field_bytes,
            max_headers=100,
        )


def lane_of(request: BaseRequest) -> Lane | None:
    """The lane that a request is on; None for client requests."""
    protocol = request.protocol
    return protocol.lane if isinstance(protocol, ShieldProtocol) else None


def make_server(
    responder: Responder, on_unhandled: OnUnhandled, limits: ConnectionLimits, watch: ConnectionWatch
) -> ShieldServer:
    """A server for `responder`, which gets bodies as they came.

    Must run in the event loop. Raises ConfigError without aiohttp's C parser.
    """
    require_c_parser()
    return ShieldServer(responder, on_unhandled, limits, watch)
