"""aiohttp's protocol of one client connection, extended to answer at once where nothing must be awaited.

aiohttp keeps a task for each connection and makes another for each request, so an answer takes three turns of
the event loop. Under overload most requests are refused, and that was a fifth of the cost of a refusal. Here
the responder is called as soon as a request is parsed. If it answers at once, the answer is written there and
then, and the connection's task sleeps on. Otherwise that task goes on with what was begun, without a task for
the request: nothing here uses context variables, so a request needs no context of its own.

This holds only for a request that is complete and comes while the connection is otherwise idle. All others,
such as those whose bodies are still to come, are handled aiohttp's way from the start.

A parsed message that aiohttp cannot make a request of would end its task without an answer and leave the
connection open: here it counts as a malformed request (`refuse_unreadable`).

A client that ends its side right behind its requests is answered (`eof_received`).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from inspect import iscoroutine
from typing import Any, cast

from aiohttp import StreamReader
from aiohttp.http import RawRequestMessage, StreamWriter
from aiohttp.streams import EMPTY_PAYLOAD
from aiohttp.web import BaseRequest, RequestHandler, Server
from aiohttp.web_protocol import ERROR, _ErrInfo

from shield.errors import IncompleteBodyError
from shield.proxy.offers import rest_of_offer
from shield.proxy.replies import Answer, Reply, Sent
from shield.proxy.tcp_state import CLOSE_WAIT, tcp_state

_SERVER_ERROR = 500

ALL_ASKED_SECONDS = 1.0
"""Seconds from the last byte within which a client ends its side because it has asked all that it wants.

One that ends it later has given up waiting.
"""

Responder = Callable[[BaseRequest], Answer | Coroutine[Any, Any, Answer]]
"""Answers a request: at once, or by a coroutine that must be awaited to its end, as it may have begun."""


def _has_readable_target(message: RawRequestMessage) -> bool:
    """Whether the host of an absolute target can be decoded; aiohttp fails on others without an answer.

    The parser takes `http://xn--/`, which is no name in any encoding (RFC 3986, 3.2.2; RFC 5891, 5.4).
    """
    if message.url.absolute:
        try:
            _ = message.url.host, message.url.relative()
        except ValueError:  # UnicodeError, from the codec, included
            return False
    return True


class PromptProtocol(RequestHandler):
    """One client connection. A subclass calls `parse` and then `begin` with what was received."""

    __slots__ = (
        "_arriving", "_factory", "_has_asked_all", "_linger", "_offer_left", "_read_at", "_responder",
        "_under_way",
    )  # fmt: skip

    def __init__(self, server: Server, responder: Responder, **options: Any) -> None:
        super().__init__(server, **options)
        self._responder = responder
        self._factory = server.request_factory
        self._arriving: StreamReader | None = None  # a body that has not wholly arrived
        self._linger: asyncio.TimerHandle | None = None  # set once all is answered, until the client closes
        self._offer_left = 0  # bytes left of the body of a request that offers an upgrade
        self._read_at = 0.0  # loop time
        self._has_asked_all = False  # the client has ended its side, and waits for answers
        self._under_way: tuple[BaseRequest, Answer | Coroutine[Any, Any, Answer]] | None = None

    def parse(self, data: bytes) -> None:
        """Parse what was received, as the base class does, without waking the connection's task."""
        self._read_at = self._loop.time()
        left = self._offer_left
        if left:
            self._offer_left = max(0, left - len(data))
            self._parse(data[:left])
            data = data[left:]
            if not data:
                return
            self._parse(b"")  # it may have stopped just before the end: see `look_at_last`
        known, amid_body = len(self._messages), self._is_amid_body()
        self._parse(data)
        if len(self._messages) > known:
            is_alone = not amid_body and len(self._messages) == known + 1
            self.look_at_last(data if is_alone else b"")
        elif amid_body:
            self._is_amid_body()

    def _parse(self, data: bytes) -> None:
        waiter, self._waiter = self._waiter, None
        super().data_received(data)
        self._waiter = waiter

    def _is_amid_body(self) -> bool:
        """Whether the next bytes belong to a body."""
        if self._arriving is not None and self._arriving.is_eof():
            self._arriving = None
        return self._arriving is not None

    def look_at_last(self, data: bytes = b"") -> None:
        """Parse what came with the last request if it offers an upgrade; else the connection ends after it.

        `data` holds (the end of) its head and nothing before it; it is empty where that is not certain.
        """
        if not self._messages:
            return
        message, content = self._messages[-1]
        self._arriving = None if content.is_eof() else content
        if not isinstance(message, RawRequestMessage) or not message.upgrade or self._upgraded:
            return
        rest = rest_of_offer(message, data)
        # Where a body's reader is slow, or many requests wait, the parser stops, and later drops the rest.
        stopped = self._arriving is not None or len(self._messages) >= self._max_msg_queue_size
        if rest is None or (rest < 0 and stopped):
            self._messages[-1] = message._replace(should_close=True), content
        elif rest >= 0:
            self._offer_left = rest
        else:
            self.parse(data[rest:])

    def eof_received(self) -> bool:  # type: ignore[override]  # the base class narrows asyncio's signature
        """Answer what came whole before the client ended its side, then close; where nothing did, close.

        The system cannot tell a client that ended its side from one that is gone, until it is written to or
        resets the connection. But who gives up an answer has waited for it. TLS has no half-closed
        connections here.
        """
        transport = self.transport
        if transport is None or self._close or self._force_close or not transport.can_write_eof():
            return False
        if not (self._messages or self._request_in_progress):
            return False
        if self._is_amid_body() and self._arriving is not None:
            self._arriving.set_exception(IncompleteBodyError())
            self._arriving.feed_eof()
        self._has_asked_all = self._loop.time() - self._read_at <= ALL_ASKED_SECONDS
        return self._has_asked_all

    @property
    def is_gone(self) -> bool:
        """Whether the client is gone: its connection is closed, or was reset after it ended its side."""
        transport = self.transport
        if transport is None or transport.is_closing():
            return True
        if not self._has_asked_all:
            return False
        state = tcp_state(transport.get_extra_info("socket"))
        return state is not None and state != CLOSE_WAIT

    def connection_lost(self, exc: BaseException | None) -> None:
        """As the base class does; also drop the body, which would keep this in a reference cycle."""
        self._arriving = None
        if self._linger is not None:
            self._linger.cancel()
        super().connection_lost(exc)

    def begin(self) -> bool:
        """Begin with the parsed request if the task waits for one; returns whether it is answered now."""
        waiter = self._waiter
        if waiter is None or waiter.done():
            return False
        if self._answered_at_once():
            return True
        waiter.set_result(None)
        return False

    def _answered_at_once(self) -> bool:
        message, content = self._messages[0]
        task, parser = self._task_handler, self._parser
        if not isinstance(message, RawRequestMessage) or len(self._messages) > 1 or not content.is_eof():
            return False
        if message.upgrade or self._upgraded:  # the base class resumes parsing once the upgrade was declined
            return False
        if task is None or parser is None:
            return False
        request = self._factory(message, content, self, StreamWriter(self, self._loop), task)
        try:
            answer = self._responder(request)
        except Exception as error:  # noqa: BLE001  logged without its text
            answer = cast("Answer", self.handle_error(request, _SERVER_ERROR, error))
        if not isinstance(answer, Reply):
            self._under_way = request, answer
            return False
        self._messages.popleft()
        parser.message_consumed()
        answer.write(request)
        if answer.keep_alive:
            self._keep_alive_from_now()
        elif request.keep_alive and self.transport is not None:  # its client may already send the next one
            self._end_of_answers(self.transport, unread=True)
        else:
            self.force_close()
        return True

    def _keep_alive_from_now(self) -> None:
        """Do what the base class does after each answer."""
        self._keepalive = True
        until = self._next_keepalive_close_time = self._loop.time() + self._keepalive_timeout
        if self._keepalive_handle is None:
            self._keepalive_handle = self._loop.call_at(until, self._process_keepalive)

    def refuse_unreadable(self, known: int) -> None:
        """Replace each message behind the first `known` that aiohttp cannot make a request of by an error."""
        for place in range(known, len(self._messages)):
            message, _ = self._messages[place]
            if isinstance(message, RawRequestMessage) and not _has_readable_target(message):
                self._messages[place] = _ErrInfo(HTTPStatus.BAD_REQUEST, ValueError(), ""), EMPTY_PAYLOAD

    # Replacements for the base class's task.

    async def start(self) -> None:
        """As the base class, but requests are handled in the connection's task, not each in its own.

        What was begun is brought to its end, even where the task is cancelled before it.
        """
        try:
            await self._serve()
        finally:
            under_way, self._under_way = self._under_way, None
            if under_way is not None and isinstance(under_way[1], Coroutine):
                await under_way[1]

    async def _serve(self) -> None:
        """Handle one request after the other until the connection is to end, then close it."""
        unread = False
        while not self._force_close:
            if not self._messages:
                if self._has_asked_all:
                    break
                try:
                    self._waiter = self._loop.create_future()
                    await self._waiter
                finally:
                    self._waiter = None
            message, content = self._messages.popleft()
            self._make_room()
            if not await self._handle(message, content):
                asked = isinstance(message, RawRequestMessage) and message.should_close
                unread = bool(self._messages) or not (asked or self._close)
                break
            if self._messages:  # else all that came in one piece would be answered in one turn of the loop
                await asyncio.sleep(0)
        if not self._force_close:
            self._task_handler = None
            if self.transport is not None:
                self._end_of_answers(self.transport, unread=unread)

    def _end_of_answers(self, transport: asyncio.Transport, *, unread: bool) -> None:
        """Close the connection; if its client may still be sending, once it stops or after a while.

        A connection closed with bytes unread or still to come is reset, and the client may lose an answer
        that it had not read yet (RFC 9112, 9.6). TLS itself drops what comes until the connection is closed.
        """
        if not unread or self._has_asked_all or transport.is_closing() or not transport.can_write_eof():
            transport.close()
            return
        self.close()  # the base class parses nothing any more
        self._messages.clear()
        transport.resume_reading()
        transport.write_eof()
        self._linger = self._loop.call_later(self._lingering_time, self.force_close)

    def _make_room(self) -> None:
        """Let a parser go on that waited for a request to be taken up, as the base class does."""
        if self._parser is not None:
            self._parser.message_consumed()
        if self._buffer_paused and len(self._messages) <= self._msg_queue_resume_size:
            self._resume_reading_if_drained()

    async def _handle(self, message: RawRequestMessage | _ErrInfo, content: StreamReader) -> bool:
        """Handle one request; returns whether the connection goes on."""
        under_way, self._under_way = self._under_way, None
        if under_way is not None:
            request, begun = under_way
        else:
            handler: Any = self._respond
            if isinstance(message, _ErrInfo):
                handler, message = self._make_error_handler(message), ERROR
            task = self._task_handler or asyncio.current_task()
            request = self._factory(message, content, self, StreamWriter(self, self._loop), cast("Any", task))
            begun = handler(request)
        try:
            answer = await self._finish(request, begun)
            if answer is None:
                return False
            self._keepalive = bool(answer.keep_alive)
            if not content.is_eof() and not self._force_close:
                await self._drop_rest(content)
        except asyncio.CancelledError:
            self.force_close()
            raise
        except Exception as error:  # noqa: BLE001  logged without its text
            self.log_exception("Unhandled exception", exc_info=error)
            self.force_close()
        except BaseException:
            self.force_close()
            raise
        finally:
            request._task = cast("Any", None)  # noqa: SLF001  as the base: else an error's frames hold a ring
        if not self._keepalive or self._close or self._force_close:
            return False
        self._keep_alive_from_now()
        return True

    async def _finish(
        self, request: BaseRequest, begun: Answer | Coroutine[Any, Any, Answer]
    ) -> Answer | None:
        """Await what was begun, and answer the client; None where the client is gone.

        As the base class's `_handle_request` and `finish_response`, without what no answer here needs:
        closing the files of a form, an access log and, mostly, anything left to be written.
        """
        self._request_in_progress = True
        self._current_request = request
        try:
            try:
                answer = await begun if iscoroutine(begun) else cast("Answer", begun)
            except Exception as error:  # noqa: BLE001  logged without its text
                answer = cast("Answer", self.handle_error(request, _SERVER_ERROR, error))
            finally:
                self._current_request = None
            if not self._messages:
                self.forget()
            if self._upgraded:
                return await self._finish_declined(request, answer)
            if type(answer) is Sent:
                return answer
            try:
                await answer.prepare(request)
                await answer.write_eof()
            except ConnectionError:
                return None
            return answer
        finally:
            self._request_in_progress = False
            if self._handler_waiter is not None:
                self._handler_waiter.set_result(None)

    async def _finish_declined(self, request: BaseRequest, answer: Answer) -> Answer | None:
        """Answer a request whose upgrade is declined; the base class then parses what came behind it."""
        _, is_gone = await self.finish_response(request, cast("Any", answer), None)
        self.look_at_last()
        self.refuse_unreadable(0)
        return None if is_gone else answer

    def forget(self) -> None:
        """Called when what was received is no longer needed."""

    async def _drop_rest(self, content: StreamReader) -> None:
        """Read and drop the rest of a body for a while; close if it does not come."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._lingering_time):
                while not content.is_eof():
                    await content.readany()
        if not content.is_eof() and not self._force_close:
            self.close()

    async def _respond(self, request: BaseRequest) -> Answer:
        answer = self._responder(request)
        return await answer if iscoroutine(answer) else cast("Answer", answer)
