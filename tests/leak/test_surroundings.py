"""No planted value leaks while the shield's surroundings fail: disk, clock, DNS, descriptors, TLS, threads.

Each test ends with the fault over, the same process serving again, nothing unredacted at the upstream, and
every accepted write on record.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import os
import resource
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from shield.audit.files import FolderReader, OsFiles
from shield.evidence.exceptions import find_exceptions
from shield.evidence.reading import Period, Source, entries
from shield.evidence.reconcile import reconcile
from shield.proxy import worker
from tests.integration.proxy.certificates import LOCALHOST, Certificates
from tests.leak.broken import Hanging
from tests.leak.canaries import hunt
from tests.leak.rows import CARD, MAIL, REDACTED, problem, request
from tests.leak.stage import CREATED, Stage, stage

ORIGIN = "leak.shield.example/0"


def log_of(running: Stage) -> Source:
    return Source(ORIGIN, FolderReader(running.audit / "leak.shield.example+0"))


async def works_again(running: Stage, writes: int, *, without_answer: int = 0) -> None:
    """A write passes now; the upstream has `writes` besides, all redacted, and the log agrees with them."""
    reply = await running.send(request())
    assert reply.startswith(b"HTTP/1.1 201 "), reply
    places = {**await running.places(), "upstream": bytes(running.upstream.received)}
    assert [trace for value in (CARD, MAIL) for trace in hunt(value, places)] == []
    assert running.upstream.received.count(REDACTED) == writes + 1
    await running.service.stop()
    result = reconcile(log_of(running), Period(), interval_us=60_000_000)
    assert result.problems == ()
    assert result.completeness.possible == writes + 1 + without_answer


def refused(reply: bytes, status: int, code: str) -> None:
    assert reply.startswith(b"HTTP/1.1 %d " % status), reply
    assert problem(reply)["code"] == code


class SlowSync(OsFiles):
    """A disk whose next syncs wait until they are released, as a loaded disk's do for seconds."""

    def __init__(self) -> None:
        self.slow = False
        self.waiting = threading.Event()
        self.let_go = threading.Event()

    def fdatasync(self, fd: int) -> None:
        if self.slow:
            self.waiting.set()
            assert self.let_go.wait(30)
        super().fdatasync(fd)


async def test_a_slow_audit_disk_holds_writes_back_until_they_are_evidenced(tmp_path: Path) -> None:
    files = SlowSync()
    async with stage(tmp_path, audit_files=files) as running:
        files.slow = True
        sent = [asyncio.create_task(running.send(request())) for _ in range(5)]
        assert await asyncio.to_thread(files.waiting.wait, 20)
        assert running.upstream.received == b""
        assert not any(task.done() for task in sent)
        files.slow = False
        files.let_go.set()
        replies = await asyncio.gather(*sent)
        assert all(reply.startswith(b"HTTP/1.1 201 ") for reply in replies)
        await works_again(running, 5)


async def test_a_clock_that_jumps_stops_nothing_and_is_on_record(tmp_path: Path) -> None:
    hour = 3600 * 1_000_000_000
    jump = [0]
    async with stage(tmp_path, wall_clock=lambda: time.time_ns() + jump[0]) as running:
        for offset in (hour, -hour, 0):
            jump[0] = offset
            assert (await running.send(request())).startswith(b"HTTP/1.1 201 ")
        await works_again(running, 3)
        found = find_exceptions(ORIGIN, entries(log_of(running).reader))
        assert [kind for it in found for kind in it.kinds].count("clock_jump") >= 1


async def test_a_name_that_is_not_resolved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo

    def gone(host: Any, *rest: Any, **more: Any) -> Any:
        if host == "localhost":
            raise socket.gaierror(socket.EAI_AGAIN, "made to fail")
        return real(host, *rest, **more)

    async with stage(tmp_path, url="http://localhost") as running:
        with monkeypatch.context() as broken:
            broken.setattr(socket, "getaddrinfo", gone)
            refused(await running.send(request()), 502, "upstream_unreachable")
            assert running.upstream.received == b""
        await works_again(running, 0, without_answer=1)


@contextmanager
def few_descriptors(spare: int) -> Iterator[None]:
    """Take all but `spare` of the file descriptors that this process may open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken: list[int] = []
    highest = max(int(path.name) for path in Path("/proc/self/fd").iterdir())
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 32, hard))
    try:
        while True:
            try:
                taken.append(os.open(os.devnull, os.O_RDONLY))
            except OSError:
                break
        for fd in taken[:spare]:
            os.close(fd)
        del taken[:spare]
        yield
    finally:
        for fd in taken:
            os.close(fd)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_no_file_descriptor_is_left_for_the_upstream(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
        writer.write(request().replace(b"POST /t ", b"POST /nowhere "))
        await reader.readuntil(b"\r\n\r\n")
        with few_descriptors(0):
            writer.write(request())
            reply = await asyncio.wait_for(reader.read(65536), 20)
            while b'"code"' not in reply.partition(b"HTTP/1.1 502")[2]:
                reply += await asyncio.wait_for(reader.read(65536), 20)
        writer.close()
        assert b'"upstream_unreachable"' in reply
        assert running.upstream.received == b""
        await works_again(running, 0, without_answer=1)


def expired(certificates: Certificates) -> tuple[Path, Path]:
    return certificates.leaf("old", *LOCALHOST, until=dt.datetime.now(dt.UTC) - dt.timedelta(hours=1))


async def test_an_upstream_whose_certificate_has_expired(tmp_path: Path) -> None:
    certificates = Certificates.made(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*expired(certificates))
    tls = f"{{ca_file: {certificates.ca}, server_name: localhost}}"
    async with stage(tmp_path, url="https://127.0.0.1", tls=tls, context=context) as running:
        refused(await running.send(request()), 502, "upstream_unreachable")
        assert running.upstream.received == b""
        context.load_cert_chain(certificates.certificate, certificates.key)  # the operator renewed it
        await works_again(running, 0, without_answer=1)


async def test_a_certificate_of_our_own_that_has_expired(tmp_path: Path) -> None:
    """A client that checks it refuses to connect, so no write comes; a reload renews it."""
    certificates = Certificates.made(tmp_path)
    file, key = expired(certificates)
    tls = f"{{certificate: {file}, private_key: {key}}}"
    async with stage(tmp_path, listener_tls=tls) as running:
        running.trust = ssl.create_default_context(cafile=certificates.ca)
        with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
            await running.send(request())
        assert running.upstream.received == b""
        file.write_bytes(certificates.certificate.read_bytes())
        key.write_bytes(certificates.key.read_bytes())
        assert await running.service.reload()
        await works_again(running, 0)


async def test_a_damaged_renewed_certificate_leaves_the_one_before(tmp_path: Path) -> None:
    certificates = Certificates.made(tmp_path)
    file, key = certificates.leaf("ours", *LOCALHOST)
    tls = f"{{certificate: {file}, private_key: {key}}}"
    async with stage(tmp_path, listener_tls=tls) as running:
        running.trust = ssl.create_default_context(cafile=certificates.ca)
        file.write_bytes(file.read_bytes()[:100])
        assert not await running.service.reload()
        assert '"event":"reload_refused"' in running.log.getvalue().replace(" ", "")
        await works_again(running, 0)


LONG = json.dumps({"a": f"My card is {CARD}, write to {MAIL}.", "b": "long " * 17_000}).encode()


@pytest.mark.parametrize("closes", [False, True], ids=["goes on", "and closes"])
async def test_an_upstream_that_answers_before_the_body_ended(closes: bool, tmp_path: Path) -> None:
    async def early(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 413 Too Much\r\nContent-Length: 4\r\nConnection: close\r\n\r\nmuch")
        await writer.drain()
        if closes:
            writer.write_eof()

    async with stage(tmp_path) as running:
        running.upstream.early = early
        reply = await running.send(request(LONG))
        assert reply.startswith(b"HTTP/1.1 413 Too Much"), reply
        assert reply.endswith(b"much")
        running.upstream.early = None
        await works_again(running, 0, without_answer=1)


async def half_close(writer: asyncio.StreamWriter) -> None:
    """Sends the whole answer, then closes only its sending side."""
    writer.write(CREATED)
    writer.write_eof()


async def by_bytes(writer: asyncio.StreamWriter) -> None:
    for place in range(len(CREATED)):
        writer.write(CREATED[place : place + 1])
        await writer.drain()
        await asyncio.sleep(0)


async def test_an_upstream_that_closes_half_of_its_connections_or_is_slow(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        for answer in (half_close, by_bytes, half_close):
            running.upstream.answer = answer
            reply = await running.send(request())
            assert reply.endswith(b'{"id":1}'), reply
        await works_again(running, 3)


async def test_a_hundred_megabytes_of_headers_from_an_upstream(tmp_path: Path) -> None:
    line = b"X-Filler: " + b"y" * 65_000 + b"\r\n"

    async def flood(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(100 * 1024 * 1024 // len(line)):
            writer.write(line)
            await writer.drain()

    async with stage(tmp_path) as running:
        running.upstream.answer = flood
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        refused(await running.send(request()), 502, "upstream_protocol_error")
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024  # KiB
        running.upstream.forget()
        await works_again(running, 0, without_answer=1)


async def test_where_every_thread_hangs_the_process_says_that_it_must_be_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "STUCK_SECONDS", 0.0)
    hanging = Hanging()
    async with stage(tmp_path, deadline="300ms", recognizers=(hanging,)) as running:
        try:
            for _ in range(worker.THREADS):
                assert running.service.dead() == []
                refused(await running.send(request()), 503, "deadline_exceeded")
            assert running.service.dead() == ["inspection_stuck"]
            assert running.service.hangs
            assert running.upstream.received == b""
        finally:
            hanging.let_go.set()
        async with asyncio.timeout(20):
            while running.service.hangs:
                await asyncio.sleep(0.01)
        assert running.service.dead() == []
        await works_again(running, 0)
