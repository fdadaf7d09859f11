"""Connections to an upstream, against a scripted server on bare sockets."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import uvloop
from prometheus_client import CollectorRegistry

from shield.config.settings_upstream import Outlier, Upstream
from shield.errors import (
    RequestError,
    UpstreamConnectError,
    UpstreamError,
    UpstreamProtocolError,
    UpstreamResetError,
    UpstreamTimeoutError,
    UpstreamUnavailableError,
)
from shield.proxy.answer_parser import BrokenOffError
from shield.proxy.connection import SLICE, UpstreamAnswer, UpstreamConnection
from shield.proxy.upstream import UpstreamClient, request_head
from shield.telemetry.metrics import Metrics
from tests.loop_clock import Clock

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
FIN_WAIT_2 = b"\x05"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Server:
    """Counts its connections; `talk` speaks on each until it returns."""

    def __init__(self) -> None:
        self.connections = 0
        self.heads: list[bytes] = []
        self.talk: Talk = self.obliging
        self.port = 0
        self.ended = asyncio.Event()

    async def obliging(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await self.request(reader)
            writer.write(OK)

    async def request(self, reader: asyncio.StreamReader) -> bytes:
        head = await reader.readuntil(b"\r\n\r\n")
        self.heads.append(head)
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        return await reader.readexactly(int(length or 0))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            await self.talk(reader, writer)
        self.ended.set()
        writer.close()


@contextlib.asynccontextmanager
async def running(server: Server, **limits: object) -> AsyncIterator[UpstreamClient]:
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listener.sockets[0].getsockname()[1]
    limits = {"connect_timeout": 60.0, **limits}  # a slow machine must not look like an unreachable upstream
    upstream = Upstream("store", f"http://127.0.0.1:{server.port}/base", **limits)  # type: ignore[arg-type]
    client = UpstreamClient(upstream, Metrics(CollectorRegistry()).upstreams.upstream("store"))
    try:
        yield client
    finally:
        await client.close()
        listener.close()
        await listener.wait_closed()


async def whole(answer: UpstreamAnswer) -> bytes:
    return await answer.content.read()


async def send(client: UpstreamClient, body: bytes = b"", method: str = "POST") -> UpstreamAnswer:
    return await client.send(method, "/p", None, [("A", "1")], body)


async def test_what_goes_out_and_comes_back_on_one_connection() -> None:
    server = Server()
    async with running(server) as client:
        for query in (None, "", "a=?"):
            answer = await client.send("POST", "/p%7E", query, [("A", "1"), ("a", "ü")], b"xyz")
            assert (answer.status, answer.reason, await whole(answer)) == (200, "OK", b"ok")
    fields = f"Host: 127.0.0.1:{server.port}\r\nA: 1\r\na: ü\r\nContent-Length: 3\r\n\r\n".encode()
    assert server.heads == [
        b"POST /base/p%7E" + query + b" HTTP/1.1\r\n" + fields for query in (b"", b"?", b"?a=?")
    ]
    assert server.connections == 1


@pytest.mark.parametrize(
    "behind",
    [b"H", b"HTTP/1.1 200 OK\r\n", OK[:-1], OK, b"garbage", b"\r\n\r\nx", b"HTTP/1.1 103 Hints\r\n\r\n"],
)
async def test_a_connection_with_bytes_behind_an_answer_is_not_used_again(behind: bytes) -> None:
    server = Server()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await server.request(reader)
            writer.write(OK + (behind if server.connections == 1 else b""))

    server.talk = talk
    async with running(server) as client:
        answer = await send(client)
        assert (answer.status, await whole(answer)) == (200, b"ok")
        answer = await send(client)
        assert (answer.status, answer.raw_headers) == (200, ((b"Content-Length", b"2"),))
        assert await whole(answer) == b"ok"
    assert server.connections == 2


@pytest.mark.parametrize(
    ("interim", "apart"),
    [(b"", False), (b"HTTP/1.1 102 Processing\r\n\r\n", False), (b"HTTP/1.1 102 Processing\r\n\r\n", True)],
)
@pytest.mark.parametrize(
    ("method", "answered", "status"),
    [
        ("HEAD", OK, 200),
        ("HEAD", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 200),
        ("DELETE", b"HTTP/1.1 204 No Content\r\n\r\nok", 204),
        ("DELETE", b"HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nok", 204),
        ("GET", b'HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n{"', 304),
    ],
)
async def test_a_body_where_an_answer_has_none_is_dropped(
    method: str, answered: bytes, status: int, interim: bytes, apart: bool
) -> None:
    """It may come in one read with the head. The write was done, and a 502 would cause it to be repeated."""
    server, arrived = Server(), asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await server.request(reader)
            writer.write(interim)
            if apart:
                await arrived.wait()
            writer.write(answered if server.connections == 1 else OK)

    server.talk = talk
    async with running(server) as client:
        answer = await client.send(method, "/p", None, [], b"", on_interim=lambda _: arrived.set())
        assert (answer.status, await whole(answer)) == (status, b"")
        assert await whole(await send(client)) == b"ok"
    assert server.connections == 2


@pytest.mark.parametrize(
    ("interim", "given"),
    [
        (b"HTTP/1.1 100 Continue\r\n\r\n", []),
        (b"HTTP/1.1 103 Hints\r\nLink: a\r\n\r\n", [(103, "Hints", ((b"Link", b"a"),))] * 2),
        (b"HTTP/1.1 103 H\r\nConnection: close\r\n\r\n", [(103, "H", ((b"Connection", b"close"),))] * 2),
    ],
)
@pytest.mark.parametrize("asked", [True, False])
async def test_interim_answers_are_given_to_who_asks(
    interim: bytes, given: list[tuple[object, ...]], asked: bool
) -> None:
    server = Server()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await server.request(reader)
            for piece in (interim, interim, OK[:10], OK[10:]):
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0)

    server.talk = talk
    got: list[tuple[object, ...]] = []
    take = (lambda it: got.append((it.code, it.reason, it.raw_headers))) if asked else None
    async with running(server) as client:
        for _ in range(2):
            got.clear()
            answer = await client.send("POST", "/p", None, [], b"", on_interim=take)
            assert (answer.status, await whole(answer)) == (200, b"ok")
            assert got == (given if asked else [])
    assert server.connections == (2 if b"close" in interim else 1)


FRAMED = {
    "length": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
    "until closed": b"HTTP/1.1 200 OK\r\n\r\nhello",
    "1.0": b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "behind others": (
        b"HTTP/1.1 103 H\r\nConnection: close\r\n\r\n" * 2
        + b"HTTP/1.1 100 C\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
    ),
}


@pytest.mark.parametrize("name", FRAMED)
async def test_an_answer_reads_the_same_however_it_is_cut(name: str) -> None:
    raw = FRAMED[name]
    for cut in range(len(raw)):
        server = Server()

        async def talk(
            reader: asyncio.StreamReader,
            writer: asyncio.StreamWriter,
            server: Server = server,
            cut: int = cut,
        ) -> None:
            await server.request(reader)
            writer.write(raw[:cut])
            await writer.drain()
            await asyncio.sleep(0)
            writer.write(raw[cut:])

        server.talk = talk
        async with running(server) as client:
            assert await whole(await send(client)) == b"hello"


BROKEN = {
    "short": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
    "no last chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    "bad chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n",
}


@pytest.mark.parametrize("name", BROKEN)
async def test_a_body_that_breaks_off_raises(name: str) -> None:
    server = Server()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.request(reader)
        writer.write(BROKEN[name])

    server.talk = talk
    async with running(server) as client:
        try:
            answer = await send(client)
        except UpstreamProtocolError:
            assert name == "bad chunk"  # all of it came at once
            return
        with pytest.raises(BrokenOffError) as caught:
            await whole(answer)
        assert isinstance(caught.value.cause_, UpstreamError)
        assert "hello" not in str(caught.value)


async def test_a_reset_is_no_end_of_an_answer_without_a_length() -> None:
    server = Server()
    answered = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nhello")
        await writer.drain()
        await answered.wait()
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close with a reset
        writer.transport.abort()

    server.talk = talk
    async with running(server) as client:
        answer = await send(client)
        answered.set()
        with pytest.raises(BrokenOffError):
            await whole(answer)


@pytest.fixture
async def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    loop = asyncio.get_running_loop()
    clock = Clock(loop)
    monkeypatch.setattr(loop, "time", clock.time)
    return clock


@pytest.mark.parametrize("body", [b"", b"x" * (3 * SLICE)])
@pytest.mark.parametrize("limits", [(100.0, 9000.0), (9000.0, 100.0)])
async def test_the_limit_between_two_reads_and_the_whole_limit(
    clock: Clock, limits: tuple[float, float], body: bytes
) -> None:
    server = Server()
    arrived = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.request(reader)
        arrived.set()
        await reader.read()

    server.talk = talk
    read_timeout, total_timeout = limits
    async with running(server, read_timeout=read_timeout, total_timeout=total_timeout) as client:
        task = asyncio.create_task(send(client, body))
        await arrived.wait()
        await clock.skip(50.0)
        assert not task.done()
        await clock.skip_until_done(task, 60.0)
        with pytest.raises(UpstreamTimeoutError):
            await task


async def test_an_answer_that_came_while_this_process_did_not_run_is_read(clock: Clock) -> None:
    server = Server()
    arrived, frozen = asyncio.Event(), asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.request(reader)
        arrived.set()
        await frozen.wait()
        writer.write(OK)

    server.talk = talk
    async with running(server, read_timeout=30.0, total_timeout=100.0) as client:
        task = asyncio.create_task(send(client))
        await arrived.wait()
        await clock.skip(150.0)
        assert not task.done()
        frozen.set()
        assert await whole(await task) == b"ok"


async def test_the_whole_limit_covers_the_answers_body(clock: Clock) -> None:
    server = Server()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.request(reader)
        writer.write(OK[:-1])
        await reader.read()

    server.talk = talk
    async with running(server, read_timeout=9000.0, total_timeout=100.0) as client:
        answer = await send(client)
        await clock.skip(110.0)
        with pytest.raises(BrokenOffError) as caught:
            await whole(answer)
        assert isinstance(caught.value.cause_, UpstreamTimeoutError)


async def test_an_upstream_that_takes_nothing_of_a_large_body(clock: Clock) -> None:
    server = Server()
    begun = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(1)
        reader._transport.pause_reading()  # type: ignore[attr-defined]
        begun.set()
        await asyncio.Event().wait()

    server.talk = talk
    async with running(server, read_timeout=9000.0, total_timeout=100.0) as client:
        task = asyncio.create_task(send(client, b"x" * 30_000_000))
        await begun.wait()
        await clock.skip_until_done(task, 110.0)
        with pytest.raises(UpstreamTimeoutError):
            await task


async def test_an_early_answer_does_not_cut_the_request() -> None:
    """A server may accept at the head and store the body afterwards, so the whole body is still sent."""
    server = Server()
    received = asyncio.Event()
    body = b"x" * (64 * SLICE)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK)
        await writer.drain()
        assert await reader.readexactly(len(body)) == body
        received.set()
        assert await reader.read() == b""  # and the connection is not reused

    server.talk = talk
    async with running(server) as client:
        assert await whole(await send(client, body)) == b"ok"
        async with asyncio.timeout(10):
            await received.wait()
            await server.ended.wait()


def refusing_server(answer: bytes) -> tuple[int, threading.Event]:
    """A server that answers as soon as a request comes and resets the connection; the event is set then."""
    listener = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        connection.recv(1)
        connection.sendall(answer)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        listener.close()
        done.set()

    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1], done


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
@pytest.mark.parametrize("cut", [0, 1], ids=["whole", "cut"])
def test_an_answer_that_came_before_a_reset_is_read(
    loop: Callable[[], asyncio.AbstractEventLoop], cut: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upstream that refuses a body answers and closes, so the next write meets the reset first."""
    answer = b"HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig"
    port, done = refusing_server(answer[: len(answer) - cut])

    async def drained(connection: UpstreamConnection) -> None:
        done.wait(10)  # and the event loop is blocked, so that nothing is read

    monkeypatch.setattr(UpstreamConnection, "_drain_helper", drained)

    async def ask() -> tuple[int, bytes]:
        upstream = Upstream("store", f"http://127.0.0.1:{port}", connect_timeout=60.0)
        client = UpstreamClient(upstream, Metrics(CollectorRegistry()).upstreams.upstream("store"))
        try:
            got = await client.send("POST", "/x", None, [], b"z" * 4 * SLICE)
            return got.status, await got.content.read()
        finally:
            await client.close()

    with asyncio.Runner(loop_factory=loop) as runner:
        if cut:
            with pytest.raises(BrokenOffError):
                runner.run(ask())
        else:
            assert runner.run(ask()) == (413, b"big")


async def test_places_are_given_in_turn_and_none_is_lost() -> None:
    server = Server()
    proceed = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await server.request(reader)
            await proceed.wait()
            writer.write(OK)

    server.talk = talk
    async with running(server, pool_size=1) as client:
        tasks = [asyncio.create_task(send(client)) for _ in range(4)]
        while not server.heads:
            await asyncio.sleep(0)
        tasks[1].cancel()
        tasks[2].cancel()
        proceed.set()
        for task in (tasks[0], tasks[3]):
            assert await whole(await task) == b"ok"
        assert await whole(await send(client)) == b"ok"
    assert server.connections == 1


async def test_a_connection_that_was_closed_while_the_loop_was_busy_is_not_used(clock: Clock) -> None:
    """The loop has not yet read the end when the next request is sent, as after a long inspection."""
    listener = socket.create_server(("127.0.0.1", 0))
    close, closed = threading.Event(), threading.Event()

    def serve() -> None:
        for last in (False, True):
            connection, _ = listener.accept()
            with connection:
                while not connection.recv(65536).endswith(b"\r\n\r\n"):
                    pass
                connection.sendall(OK)
                if last:
                    return
                close.wait(60)
                connection.shutdown(socket.SHUT_WR)
                while connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1) != FIN_WAIT_2:
                    pass  # until the other side's system has noticed it
                closed.set()

    upstream = Upstream("store", f"http://127.0.0.1:{listener.getsockname()[1]}", connect_timeout=60.0)
    client = UpstreamClient(upstream, Metrics(CollectorRegistry()).upstreams.upstream("store"))
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        assert await whole(await send(client)) == b"ok"
        await clock.skip(0.1)
        close.set()
        assert closed.wait(60)  # without a turn of the loop
        assert await whole(await send(client)) == b"ok"
    finally:
        await client.close()
        listener.close()
    await asyncio.to_thread(thread.join)


@pytest.mark.parametrize("served", [0, 1])
async def test_an_idle_connection_that_ends_under_a_request_says_nothing_of_its_upstream(served: int) -> None:
    server = Server()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(served):
            await server.request(reader)
            writer.write(OK)
        await server.request(reader)

    server.talk = talk
    async with running(server, outlier=Outlier(consecutive=1)) as client:
        for _ in range(served):
            assert await whole(await send(client)) == b"ok"
        with pytest.raises(UpstreamResetError):
            await send(client)
        if served:
            client.require_available()
        else:
            with pytest.raises(UpstreamUnavailableError):
                client.require_available()


@pytest.mark.parametrize("promise", ["timeout=2", "max=5, timeout=2", 'Timeout="2"', "timeout=0"])
async def test_a_connection_is_not_kept_for_longer_than_its_upstream_says(clock: Clock, promise: str) -> None:
    server = Server()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await server.request(reader)
            writer.write(OK.replace(b"\r\n\r\n", f"\r\nKeep-Alive: {promise}\r\n\r\n".encode()))

    server.talk = talk
    async with running(server) as client:
        assert await whole(await send(client)) == b"ok"
        await clock.skip(1.7)
        assert await whole(await send(client)) == b"ok"
    assert server.connections == 2


async def test_a_cancelled_exchange_ends_its_connection_and_frees_its_place() -> None:
    server = Server()
    arrived = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.request(reader)
        arrived.set()
        assert await reader.read() == b""

    server.talk = talk
    async with running(server, pool_size=1) as client:
        task = asyncio.create_task(send(client))
        await arrived.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(10):
            await server.ended.wait()
        server.talk = server.obliging
        assert await whole(await send(client)) == b"ok"


async def test_an_answer_let_go_of_ends_its_connection_only() -> None:
    server = Server()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.request(reader)
        writer.write(OK[:-1])
        assert await reader.read() == b""

    server.talk = talk
    async with running(server, pool_size=1) as client:
        answer = await send(client)
        answer.close()
        answer.close()
        async with asyncio.timeout(10):
            await server.ended.wait()
        server.talk = server.obliging
        old = await send(client)
        assert await whole(old) == b"ok"
        again = await send(client)
        old.close()  # its exchange is over, and the connection belongs to another by now
        assert await whole(again) == b"ok"
        assert await whole(await send(client)) == b"ok"
    assert server.connections == 2


async def test_nobody_there() -> None:
    server = Server()
    async with running(server) as client:
        pass
    client = UpstreamClient(client.upstream, client.series)
    for _ in range(3):  # a failed attempt keeps no place
        with pytest.raises(UpstreamConnectError):
            await send(client)
    named = Upstream("store", "http://nowhere.invalid", pool_size=1)
    client = UpstreamClient(named, client.series)
    with pytest.raises(UpstreamConnectError):
        await send(client)


@pytest.mark.parametrize("value", ["a\r\nX: b", "a\nb", "a\rb", "a\0b"])
def test_a_field_of_a_request_stays_one_line(value: str) -> None:
    with pytest.raises(RequestError):
        request_head("GET / HTTP/1.1\r\nHost: a\r\n", [("A", value)], None)
