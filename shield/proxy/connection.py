"""One connection to an upstream: writes a request once, reads its answer with aiohttp's C parser.

aiohttp's client does much for each request that a proxy with one fixed upstream does not need (a URL,
cookies, redirects, tracing, a task for each body), which was a fifth of the cost of an exchange; and it
resends idempotent requests by itself. Only its parser, llhttp, is used here.

Laws. A request is written once. A connection is used again only if the answer ended where its framing says,
with nothing behind it, all of the request was written, and the system has not heard of the connection's end
(`is_fresh`). Anything else ends the connection. Interim answers (1xx) are passed on as they come (RFC 9110,
15.2), except 100, since the whole request is already here. 101 is refused, since nobody asked to switch, and
so is a number that is no status.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import socket
import sys
from collections.abc import Callable

from aiohttp import StreamReader
from aiohttp.base_protocol import BaseProtocol
from aiohttp.streams import EMPTY_PAYLOAD

from shield.errors import UpstreamError, UpstreamProtocolError, UpstreamResetError, UpstreamTimeoutError
from shield.proxy.answer_parser import BUFFER_BYTES, END_OF_HEAD, BrokenOffError, answer_parser, heads_apart
from shield.proxy.tcp_state import ESTABLISHED, tcp_state
from shield.proxy.time_limits import second_look
from shield.proxy.upstream_answer import Message, OnInterim, UpstreamAnswer, promised

SLICE = 64 * 1024
"""Larger bodies are written in slices of this size, with back-pressure between them."""

_INTERIM = 100
_SWITCHED = 101
_FINAL = 200
_NO_CONTENT = frozenset({204, 304})


class UpstreamConnection(BaseProtocol):
    """One connection, with at most one exchange at a time.

    `ended` is called once for each exchange, when the connection is done with it, and tells whether it may be
    used again.
    """

    __slots__ = (
        "_alone", "_answer", "_content", "_due", "_end", "_ended", "_exchanges", "_head", "_heard",
        "_is_head", "_on_interim", "_read_seconds", "_reusable", "_sending", "_socket", "_timer", "_waiter",
        "idle_since", "opened", "promised",
    )  # fmt: skip

    def __init__(
        self, loop: asyncio.AbstractEventLoop, ended: Callable[[UpstreamConnection, bool], None]
    ) -> None:
        super().__init__(loop)
        self._ended = ended
        self._waiter: asyncio.Future[UpstreamAnswer] | None = (
            None  # set from the request until its answer's head
        )
        self._content: StreamReader | None = None  # set from there to the end of the exchange
        self._answer: UpstreamAnswer | None = None  # set with `_content`
        self._sending: asyncio.Task[None] | None = None  # writes a large body
        self._reusable = False
        self._read_seconds = 0.0
        self._end = math.inf
        self._due = math.inf  # loop time by which the upstream must have done its next step
        self._timer: asyncio.TimerHandle | None = None
        self.idle_since = 0.0
        self.opened = 0.0  # loop time
        self.promised = math.inf  # seconds for which the upstream keeps it while idle, by its last answer
        self._socket: socket.socket | None = None
        self._exchanges = 0
        self._heard = False  # whether anything came since the current request
        self._head: bytes | None = b""  # an incomplete head so far; None: too long to be kept
        self._alone = b""  # what was given to a new parser: see `_read_again`
        self._is_head = False
        self._on_interim: OnInterim | None = None

    @property
    def is_open(self) -> bool:
        return self.transport is not None and not self.transport.is_closing()

    @property
    def is_fresh(self) -> bool:
        """Whether it is open, as the system knows it, which may be ahead of the event loop.

        Inspections may keep the loop some milliseconds behind; an upstream that closed the connection
        meanwhile would cost the next request.
        """
        if not self.is_open:
            return False
        return self._socket is None or tcp_state(self._socket) == ESTABLISHED

    @property
    def was_stale(self) -> bool:
        """Whether it ended without a byte after serving others: its upstream may have closed it as idle."""
        return self._exchanges > 1 and not self._heard

    def opened_over(self, sock: socket.socket) -> None:
        """Note that it was opened over this socket, now."""
        self.opened = self._loop.time()
        if sys.platform == "linux":  # elsewhere the states have other numbers
            self._socket = sock

    @property
    def _busy(self) -> bool:
        return self._waiter is not None or self._content is not None

    async def exchange(
        self,
        head: bytes,
        body: bytes,
        *,
        is_head: bool,
        read_seconds: float,
        end: float,
        on_interim: OnInterim | None = None,
    ) -> UpstreamAnswer:
        """Send a request; returns when the head of its answer has arrived. Raises UpstreamError.

        `is_head` says that the answer has no body whatever its fields say. `read_seconds` bounds the time
        between two reads, `end` (loop time) the whole exchange. `on_interim` gets the interim answers before
        it. Cancellation ends the connection.
        """
        self._exchanges += 1
        self._heard = False
        self._head = self._alone = b""
        transport = self.transport
        if transport is None:
            raise UpstreamResetError
        self._is_head = is_head
        self._on_interim = on_interim
        self._parser = answer_parser(self, self._loop, is_head=is_head)
        self._reusable = True
        self._read_seconds = read_seconds
        self._end = end
        waiter: asyncio.Future[UpstreamAnswer] = self._loop.create_future()
        self._waiter = waiter
        if len(body) <= SLICE:
            transport.write(head + body)
            self._expect(min(self._loop.time() + read_seconds, end))
        else:
            self._expect(end)
            self._sending = self._loop.create_task(self._send(head, body))
        try:
            return await waiter
        except BaseException:
            if self._waiter is waiter:
                self._give_up()
            elif not waiter.cancelled() and waiter.exception() is None:
                waiter.result().close()  # cancelled at the very moment the answer came
            raise

    async def _send(self, head: bytes, body: bytes) -> None:
        """Write a large request at the upstream's pace; goes on beside an answer that came early."""
        try:
            pending = head
            for start in range(0, len(body), SLICE):
                if self.transport is None:
                    return
                self.transport.write(pending)
                await self._drain_helper()
                pending = body[start : start + SLICE]
            if self.transport is None:
                return
            self.transport.write(pending)
            self._read_on()
        except ConnectionError:
            pass  # `connection_lost` reports it
        finally:
            self._sending = None

    # Input from the upstream.

    def data_received(self, data: bytes) -> None:
        if not self._busy or self._parser is None:
            if data:
                self._close()  # unsolicited data
            return
        self._heard = True
        head = None if self._head is None else self._head + data
        if data and self._sending is None:
            self._read_on()
        try:
            messages, switched, _ = self._parser.feed_data(data)
        except Exception:  # noqa: BLE001  the parser's errors quote what was received
            if self._content is not None and self._content.is_eof():
                self._give_up()  # unsolicited data behind a complete answer
            elif self._waiter is not None and head is not None and head != self._alone:
                self._read_again(head)
            else:
                self._fail(UpstreamProtocolError())
            return
        if switched:
            self._fail(UpstreamProtocolError("The upstream switched protocols without being asked to."))
            return
        for message, content in messages:
            if message.code == _SWITCHED or message.code < _INTERIM:
                self._fail(UpstreamProtocolError("The status is of no answer that a request can have."))
                return
            self._message(message, content)
        self._keep_head(head, data)
        if self._content is not None and self._content.is_eof():
            # A parser that has begun another message returns it here: unsolicited data was read.
            if self._reusable and self._parser.feed_eof() is not None:
                self._reusable = False
            self._finish()

    def _keep_head(self, head: bytes | None, data: bytes) -> None:
        """Keep an incomplete head, `head` with `data` at its end, for `_read_again`."""
        self._alone = b""
        if self._waiter is None:
            self._head = b""
        elif head is not None or END_OF_HEAD in data:
            begun = (data if head is None else head).rpartition(END_OF_HEAD)[2]
            self._head = begun if len(begun) <= BUFFER_BYTES else None

    def _read_again(self, data: bytes) -> None:
        """Parse an answer again from its head on, head by head, where the parser failed on it as a whole.

        A parser that fails keeps nothing of what it read before, which may be the whole answer: many servers
        send a body behind the head that answers HEAD, or behind a 204, and it often comes in one read with
        the head. It also reads nothing behind an interim answer that says `Connection: close`.
        """
        self._reusable = False
        self._head = b""
        self._alone = next(heads_apart(data), b"")
        self._parser = answer_parser(self, self._loop, is_head=self._is_head)
        asked = self._waiter
        trial = self._waiter = self._loop.create_future()
        for piece in heads_apart(data):
            if self._busy:
                self.data_received(piece)
        if not trial.done():
            self._waiter = asked
        elif asked is not None and not asked.done():
            broken = trial.exception() or trial.result().content.exception()
            if broken is None:
                asked.set_result(trial.result())
            else:
                asked.set_exception(broken.cause_ if isinstance(broken, BrokenOffError) else broken)

    def _message(self, message: Message, content: StreamReader) -> None:
        if message.code < _FINAL:
            if self._waiter is None:
                self._reusable = False  # it stands behind the answer that it should precede
            elif self._on_interim is not None and message.code != _INTERIM:
                try:
                    self._on_interim(message)
                except UpstreamError as error:
                    self._fail(error)
            return
        waiter = self._waiter
        if waiter is None:
            self._reusable = False  # a second answer to one request
            return
        self._waiter = None
        self._content = content
        if message.should_close:
            self._reusable = False
        self.promised = promised(message.headers.get("Keep-Alive"))
        if message.code in _NO_CONTENT and not content.is_eof():  # its length describes what it stands for
            self._reusable = False
            self._content = EMPTY_PAYLOAD
        self._answer = UpstreamAnswer(message, self._content, self.give_up)
        if not waiter.done():
            waiter.set_result(self._answer)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._reusable = False
        if exc is not None and self._busy:
            self._take_left()
        if self._waiter is not None:
            self._fail(UpstreamResetError())
        elif self._content is not None and self._parser is not None:
            try:
                if exc is not None:
                    raise exc  # noqa: TRY301  an answer without a length ends with an orderly close only
                self._parser.feed_eof()
            except Exception:  # noqa: BLE001  whatever the parser says: the body is not whole
                self._fail(UpstreamResetError())
            else:
                self._finish()
        self._due = math.inf
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._parser = None
        self._socket = None
        super().connection_lost(exc)

    def _take_left(self) -> None:
        """Read what came before the upstream reset the connection, such as its answer to an unwanted body.

        A failed write ends the transport at once, with that data unread. Under TLS it can no longer be read.
        """
        if self._socket is None or self.transport is None or self.transport.get_extra_info("ssl_object"):
            return
        left = BUFFER_BYTES
        with contextlib.suppress(OSError):
            while self._busy and left > 0 and (data := self._socket.recv(SLICE)):
                left -= len(data)
                self.data_received(data)

    # Flow control of an answer that the client does not take.

    def pause_reading(self) -> None:
        super().pause_reading()
        self._due = self._end

    def resume_reading(self, resume_parser: bool = True) -> None:
        """As the base class, which does all of it after each read; mostly nothing was paused."""
        if not self._reading_paused:
            return
        if self._busy:
            self._read_on()
        super().resume_reading(resume_parser)

    # Time limits (`time_limits`): one timer a connection, which seldom has to be set.

    def _read_on(self) -> None:
        self._expect(min(self._loop.time() + self._read_seconds, self._end))

    def _expect(self, due: float) -> None:
        self._due = due
        timer = self._timer
        if timer is None:
            self._set_timer(due)
        elif due < timer.when():
            timer.cancel()
            self._set_timer(due)

    def _set_timer(self, due: float, *, again: bool = False) -> None:
        when = max(due, self._loop.time())
        self._timer = self._loop.call_at(when, self._on_timer, when, again)

    def _on_timer(self, when: float, again: bool) -> None:
        self._timer = None
        if self._due == math.inf:
            return
        now = self._loop.time()
        if now < self._due:
            self._set_timer(self._due)
        elif not again and (more := second_look(now, when)):
            self._end += more
            self._due = now + more
            self._set_timer(self._due, again=True)
        else:
            self._fail(UpstreamTimeoutError())

    # How an exchange ends.

    def _fail(self, error: UpstreamError) -> None:
        waiter, content = self._waiter, self._content
        if waiter is not None and not waiter.done():
            waiter.set_exception(error)
        elif content is not None and not content.is_eof():
            content.set_exception(BrokenOffError(error))
        self._give_up()

    def give_up(self, answer: UpstreamAnswer) -> None:
        """End the exchange of `answer`, if it is still under way."""
        if self._answer is answer:
            self._give_up()

    def _give_up(self) -> None:
        self._reusable = False
        self._finish()

    def _finish(self) -> None:
        if not self._busy:
            return
        self._waiter = self._content = self._answer = self._on_interim = None
        self._due = math.inf
        reusable = self._reusable and self._sending is None and self.is_open
        if reusable:
            self.idle_since = self._loop.time()
        elif self._sending is not None and self._reusable:
            # The answer was complete before the request was: let the rest of it go out within the time limit.
            self._expect(self._end)
            self._sending.add_done_callback(lambda _task: self.shut())
        else:
            self._close()
        self._ended(self, reusable)

    def _close(self) -> None:
        """End the connection at once; unsent data is dropped."""
        if self._sending is not None:
            self._sending.cancel()
        if self.transport is not None:
            self.transport.abort()

    def shut(self) -> None:
        """Close the connection once all that was written is sent."""
        if self.transport is not None:
            self.transport.close()
