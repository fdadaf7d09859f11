"""Answers that need no waiting, on one connection whose transport keeps what is written."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Coroutine
from typing import Any

import pytest
from aiohttp.web import BaseRequest

from shield.proxy.at_once import Responder
from shield.proxy.connection_limits import ConnectionLimits, ConnectionWatch
from shield.proxy.http_server import ShieldProtocol, make_server
from shield.proxy.replies import Answer, Reply

GET = b"GET /a HTTP/1.1\r\nHost: shield.example\r\n\r\n"
POST = b"POST /b HTTP/1.1\r\nHost: shield.example\r\nContent-Length: 4\r\n\r\nbody"


class Kept(asyncio.Transport):
    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.closed = self.half_closed = False

    def write(self, data: Any) -> None:
        self.written.append(bytes(data))

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None: ...

    def is_closing(self) -> bool:
        return self.closed

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self.half_closed = True

    def resume_reading(self) -> None: ...

    def close(self) -> None:
        self.closed = True


class Stage:
    """A connection whose requests get `answers` in turn and whose paths are noted."""

    def __init__(self, *answers: Responder) -> None:
        self.asked: list[str] = []
        self._answers = itertools.cycle(answers)
        server = make_server(
            self._respond,
            lambda error, _cause: Reply(error.status, b""),
            ConnectionLimits(keepalive_timeout=60.0, max_field_bytes=8192),
            ConnectionWatch(),
        )
        protocol = server()
        assert isinstance(protocol, ShieldProtocol)
        self.protocol = protocol
        self.transport = Kept()

    async def open(self) -> Stage:
        self.protocol.connection_made(self.transport)
        await asyncio.sleep(0)  # its task begins to wait
        return self

    def _respond(self, request: BaseRequest) -> Answer | Coroutine[Any, Any, Answer]:
        self.asked.append(request.path)
        return next(self._answers)(request)

    def statuses(self) -> list[bytes]:
        return [answer[9:12] for answer in self.transport.written]


def no(_request: BaseRequest) -> Reply:
    return Reply(503, b"no", drains=True)


async def later(_request: BaseRequest) -> Reply:
    await asyncio.sleep(0)
    return Reply(201, b"")


async def answered(stage: Stage, count: int) -> None:
    async with asyncio.timeout(10):
        while len(stage.transport.written) < count:
            await asyncio.sleep(0)


async def test_an_answer_that_waits_for_nothing_is_written_before_the_loop_turns() -> None:
    stage = await Stage(no).open()
    for data in (GET, POST, GET):
        stage.protocol.data_received(data)
    assert stage.statuses() == [b"503"] * 3
    assert stage.asked == ["/a", "/b", "/a"]
    assert not stage.transport.closed
    # The connection waits, for a limited time, for a request and not for the rest of a head.
    assert stage.protocol._head_timer is None
    assert stage.protocol._keepalive_handle is not None
    assert stage.protocol._next_keepalive_close_time > asyncio.get_running_loop().time() + 30
    stage.protocol.connection_lost(None)


async def test_the_next_request_may_be_one_that_is_waited_for() -> None:
    stage = await Stage(no, later, no).open()
    stage.protocol.data_received(POST)
    stage.protocol.data_received(POST)
    assert stage.statuses() == [b"503"]
    stage.protocol.data_received(GET)  # behind one in progress: it waits for its turn
    assert stage.asked == ["/b", "/b"]
    await answered(stage, 3)
    assert stage.statuses() == [b"503", b"201", b"503"]
    assert stage.asked == ["/b", "/b", "/a"]
    stage.protocol.connection_lost(None)


async def test_requests_that_come_together_are_answered_in_order() -> None:
    stage = await Stage(later, no, later).open()
    stage.protocol.data_received(GET + POST + GET)
    await answered(stage, 3)
    assert stage.statuses() == [b"201", b"503", b"201"]
    assert stage.asked == ["/a", "/b", "/a"]
    stage.protocol.connection_lost(None)


async def test_requests_that_come_together_are_not_answered_in_one_turn_of_the_loop() -> None:
    stage = await Stage(no).open()
    stage.protocol.data_received(GET * 100)
    most = known = 0
    async with asyncio.timeout(10):
        while len(stage.asked) < 100:
            await asyncio.sleep(0)
            most, known = max(most, len(stage.asked) - known), len(stage.asked)
    assert most == 1
    stage.protocol.connection_lost(None)


async def test_a_request_that_is_waited_for_has_no_task_of_its_own() -> None:
    tasks: list[asyncio.Task[Any] | None] = []

    async def note(request: BaseRequest) -> Reply:
        tasks.append(asyncio.current_task())
        return await later(request)

    stage = await Stage(note).open()
    stage.protocol.data_received(GET + POST)
    await answered(stage, 2)
    assert tasks == [stage.protocol._task_handler] * 2
    stage.protocol.connection_lost(None)


async def test_the_rest_of_a_body_that_does_not_come_is_waited_for_a_while_only() -> None:
    stage = await Stage(no).open()
    stage.protocol._lingering_time = 0.0
    stage.protocol.data_received(POST[:-2])
    task = stage.protocol._task_handler
    assert task is not None
    async with asyncio.timeout(10):
        await asyncio.wait([task])
    assert stage.statuses() == [b"503"]
    assert stage.transport.closed
    stage.protocol.connection_lost(None)


async def test_a_body_that_is_still_to_come_is_dropped_before_the_next_request() -> None:
    stage = await Stage(no).open()
    stage.protocol.data_received(POST[:-2])
    await answered(stage, 1)
    assert not stage.transport.closed
    stage.protocol.data_received(POST[-2:] + GET)
    await answered(stage, 2)
    assert stage.statuses() == [b"503", b"503"]
    assert stage.asked == ["/b", "/a"]
    stage.protocol.connection_lost(None)


async def test_half_of_the_next_head_is_kept() -> None:
    stage = await Stage(no).open()
    stage.protocol.data_received(POST + GET[:20])
    assert stage.statuses() == [b"503"]
    stage.protocol.data_received(GET[20:])
    assert stage.statuses() == [b"503", b"503"]
    assert stage.asked == ["/b", "/a"]
    stage.protocol.connection_lost(None)


async def ending_later(request: BaseRequest) -> Reply:
    await asyncio.sleep(0)
    return ending(request)


def ending(_request: BaseRequest) -> Reply:
    return Reply(400, b"", keep_alive=False)


@pytest.mark.parametrize("answer", [ending, ending_later])
@pytest.mark.parametrize("waits", [True, False])
@pytest.mark.parametrize("data", [GET, GET + GET])
async def test_what_the_client_did_not_ask_to_end_is_read_on_for_a_while(
    data: bytes, waits: bool, answer: Responder
) -> None:
    """Otherwise it could be reset before the answer is read. Nothing that is read counts as a request."""
    stage = Stage(answer)
    if waits:
        await stage.open()
    else:
        stage.protocol.connection_made(stage.transport)
    stage.protocol._lingering_time = 0.01
    stage.protocol.data_received(data)
    await answered(stage, 1)
    async with asyncio.timeout(10):
        while not stage.transport.half_closed:
            await asyncio.sleep(0)
    assert not stage.transport.closed
    stage.protocol.data_received(GET)
    async with asyncio.timeout(10):
        while not stage.transport.closed:
            await asyncio.sleep(0)
    assert stage.asked == ["/a"]


async def test_a_connection_that_is_to_end_ends_with_the_answer() -> None:
    stage = await Stage(no).open()
    stage.protocol.data_received(GET[:-2] + b"Connection: close\r\n\r\n" + POST)
    assert stage.statuses() == [b"503"]
    assert b"Connection: close" in stage.transport.written[0]
    assert stage.transport.closed
    assert stage.asked == ["/a"]
    await asyncio.sleep(0)
    stage.protocol.data_received(POST)
    await asyncio.sleep(0)
    assert stage.asked == ["/a"]
    stage.protocol.connection_lost(None)


async def test_what_is_no_request_is_left_to_the_server() -> None:
    stage = await Stage(no).open()
    stage.protocol.data_received(b"nonsense\r\n\r\n")
    await answered(stage, 1)
    assert stage.statuses() == [b"400"]
    assert stage.asked == []
    stage.protocol.connection_lost(None)


async def test_what_was_begun_is_brought_to_its_end_though_the_connection_is_shut_down() -> None:
    ended = asyncio.Event()

    async def work() -> Reply:
        ended.set()
        return Reply(201, b"")

    stage = await Stage(lambda _request: work()).open()
    stage.protocol.data_received(POST)
    task = stage.protocol._task_handler
    assert task is not None
    task.cancel()  # before it has taken over what was begun
    async with asyncio.timeout(10):
        await asyncio.wait([task])
    assert task.cancelled()
    assert ended.is_set()
    stage.protocol.connection_lost(None)


async def test_what_was_begun_goes_on_though_the_client_is_gone() -> None:
    ended = asyncio.Event()

    async def work() -> Reply:
        ended.set()
        return Reply(201, b"")

    stage = await Stage(lambda _request: work()).open()
    stage.protocol.data_received(POST)
    stage.protocol.connection_lost(None)
    async with asyncio.timeout(10):
        await ended.wait()
    assert stage.transport.written == []


@pytest.mark.parametrize("target", [b"http://xn--/", b"http://xn--a/", b"http://u@xn--/"])
@pytest.mark.parametrize("body", [b"", b"Content-Length: 5\r\n"])
async def test_a_target_whose_host_no_codec_reads_is_refused_and_the_connection_closed(
    target: bytes, body: bytes
) -> None:
    stage = await Stage(no).open()
    stage.protocol._lingering_time = 0.01
    stage.protocol.data_received(
        b"POST " + target + b" HTTP/1.1\r\nHost: shield.example\r\n" + body + b"\r\n"
    )
    await answered(stage, 1)
    assert stage.statuses() == [b"400"]
    assert stage.asked == []
    async with asyncio.timeout(10):
        while not stage.transport.closed:
            await asyncio.sleep(0.01)


async def test_such_a_target_behind_another_request_is_refused_after_it() -> None:
    stage = await Stage(later).open()
    stage.protocol.data_received(GET + b"GET http://xn--/ HTTP/1.1\r\nHost: shield.example\r\n\r\n")
    await answered(stage, 2)
    assert stage.statuses() == [b"201", b"400"]
    assert stage.asked == ["/a"]


@pytest.mark.parametrize(
    "first",
    [
        b"GET /ws HTTP/1.1\r\nHost: shield.example\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
        b"CONNECT shield.example:80 HTTP/1.1\r\nHost: shield.example\r\n\r\n",
    ],
)
@pytest.mark.parametrize("together", [True, False])
async def test_behind_a_declined_upgrade_the_connection_goes_on(first: bytes, together: bool) -> None:
    stage = await Stage(no).open()
    if together:
        stage.protocol.data_received(first + GET)
    else:
        stage.protocol.data_received(first)
        await answered(stage, 1)
        stage.protocol.data_received(GET)
    await answered(stage, 2)
    assert stage.statuses() == [b"503", b"503"]
    assert stage.asked[-1] == "/a"


async def test_such_a_target_behind_a_declined_upgrade_is_refused() -> None:
    stage = await Stage(later).open()
    upgrade = b"GET /ws HTTP/1.1\r\nHost: shield.example\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
    stage.protocol.data_received(upgrade + b"GET http://xn--/ HTTP/1.1\r\nHost: shield.example\r\n\r\n")
    await answered(stage, 2)
    assert stage.statuses() == [b"201", b"400"]
    assert stage.asked == ["/ws"]


async def test_what_comes_behind_a_last_request_before_the_task_runs_does_not_spoil_it() -> None:
    """RFC 9112, 9.6: what follows `Connection: close` is not processed, and is no reason to refuse."""
    stage = Stage(later)
    stage.protocol.connection_made(stage.transport)
    stage.protocol.data_received(GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") + POST)
    await answered(stage, 1)
    assert (stage.statuses(), stage.asked) == ([b"201"], ["/a"])
