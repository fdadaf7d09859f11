"""No single fault leaks a planted value: each row breaks one thing, sends a write, and hunts everywhere.

Each row says what the upstream may have received. Nothing that leaves the process holds the value, except in
the two rows where the operator's configuration asks for it (observe, bypass); there, only the upstream holds
it, and the record says so.
"""

from __future__ import annotations

import asyncio
import errno
import json
import re
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.leak.broken import Exhausted, FailingFiles, Hanging, LateRaising
from tests.leak.canaries import hunt
from tests.leak.rows import (
    BODY,
    CARD,
    MAIL,
    NAME,
    REDACTED,
    Break,
    Row,
    chunked,
    hunted,
    play,
    problem,
    request,
)
from tests.leak.stage import Stage, stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


IN_A_THREAD = {"model": "spacy:en_core_web_sm"}
CUT_ANSWER = b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"


def answering(raw: bytes, *, close: bool = False) -> Break:
    async def setup(stage: Stage) -> None:
        async def answer(writer: asyncio.StreamWriter) -> None:
            writer.write(raw)
            if close:
                writer.close()

        stage.upstream.answer = answer

    return setup


async def never_answering(stage: Stage) -> None:
    async def answer(_writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    stage.upstream.answer = answer


async def resetting(stage: Stage) -> None:
    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    stage.upstream.answer = answer


async def uploading(stage: Stage) -> None:
    """Another client, admitted and asked for its body, which it does not send."""
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
    stage.held.append(writer)
    writer.write(request(fields="Expect: 100-continue\r\n")[: -len(BODY)])
    assert b" 100 " in await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20)


ROWS = (
    Row("bad UTF-8", 400, "body_malformed", request(BODY[:-2] + b'\xff"}')),
    Row("bad UTF-8 in a key", 400, "body_malformed", request(b'{"\xc3": "' + MAIL.encode() + b'"}')),
    Row("a document cut short", 400, "body_malformed", request(BODY[:-5])),
    Row("not JSON at all", 400, "body_malformed", request(f"{MAIL} {CARD}".encode())),
    Row("two documents", 400, "body_malformed", request(BODY + BODY)),
    Row("NaN", 400, "body_malformed", request(b'{"a": NaN, "b": "' + MAIL.encode() + b'"}')),
    Row("nested too deep", 413, "nesting_too_deep", request(b"[" * 5000 + BODY + b"]" * 5000)),
    Row("too large", 413, "body_too_large", request(json.dumps([MAIL] * 10_000).encode())),
    Row("body shorter than its length", 400, "body_incomplete", request(length=len(BODY) + 9), closes=True),
    Row("chunked body cut short", 400, "body_incomplete", chunked(BODY[:20], end=b""), closes=True),
    Row("length of two values", 400, "framing_conflict", request(fields="Content-Length: 3\r\n")),
    Row("length that is no number", 400, "framing_conflict", request(fields=f"Content-Length: {MAIL}\r\n")),
    Row("no Host", 400, "host_missing", re.sub(rb"\r\nHost: [^\r]*", b"", request())),
    Row("malformed header line", 400, "request_invalid", request(fields=f"{MAIL} {CARD}\r\n")),
    Row("malformed request line", 400, "request_invalid", f"POST {MAIL}\r\n\r\n".encode()),
    Row("malformed chunk", 400, "", chunked(end=f"{MAIL}\r\n".encode())),
    Row("no such route", 404, "route_not_found",
        request().replace(b"POST /t ", b"POST /t/rosa.diaz%40example.org ")),
    Row("unknown method", 0, "", request().replace(b"POST ", b"ROSA.DIAZ@EXAMPLE.ORG ")),
    Row("unknown media type", 415, "media_type_unsupported",
        request().replace(b"application/json", b"image/" + MAIL.encode())),
    Row("unknown content coding", 415, "content_encoding_unsupported",
        request(fields=f"Content-Encoding: {MAIL}\r\n")),
    Row("part of a document", 400, "body_partial", request(fields="Content-Range: bytes 0-7/20\r\n")),
    Row("another body's digest", 400, "digest_mismatch", request(fields=f"Content-MD5: {MAIL}\r\n")),
    Row("damaged gzip", 400, "content_encoding_malformed", request(fields="Content-Encoding: gzip\r\n")),
    Row("bomb", 413, "decompression_ratio_exceeded",
        request(zlib.compress(MAIL.encode() * 9_000), fields="Content-Encoding: deflate\r\n")),
    Row("bad percent-encoding of a query", 400, "target_malformed",
        request().replace(b"POST /t ", b"POST /t?a=%ff" + MAIL.encode() + b" ")),
    Row("unknown expectation", 417, "expectation_failed", request(fields=f"Expect: {MAIL}\r\n")),
    Row("head that does not end", 408, "header_timeout",
        request(fields=f"X-A: {MAIL}\r\n").partition(b"\r\n\r\n")[0],
        options={"server": "header_timeout: 200ms"}),
    Row("body below the least rate", 408, "body_too_slow", request()[:-10],
        options={"server": "min_body_rate: 1KiB, rate_grace: 200ms"}),
    Row("trailer that routes", 400, "request_invalid",
        chunked(BODY, end=f"0\r\nHost: {MAIL}\r\n\r\n".encode())),
    Row("trailer with an alias", 400, "request_invalid",
        chunked(BODY, end=f"0\r\nX-A: {MAIL}\r\ncontent_length: 1\r\n\r\n".encode())),
    Row("underscore length", 400, "request_invalid", request(fields=f"Content_Length: {MAIL}\r\n")),
    Row("bare line feed", 400, "request_invalid", request(fields=f"X-A: a\nX-B: {MAIL}\r\n")),
    Row("too many connections", 503, "saturated", set_up=uploading, options={"server": "max_connections: 1"}),
    Row("no place in time", 503, "saturated", set_up=uploading,
        options={"server": "max_in_flight: 1, queue_timeout: 100ms"}),
    Row("upgrade", 400, "request_invalid", request(fields="Connection: upgrade\r\nUpgrade: websocket\r\n")),
    Row("upstream down", 502, "upstream_unreachable", options={"listening": False}),
    Row("upstream never answers", 504, "upstream_timeout", forwarded=True, set_up=never_answering,
        options={"read_timeout": "200ms"}),
    Row("upstream resets", 502, "upstream_reset", forwarded=True, set_up=resetting),
    Row("upstream answers garbage", 502, "upstream_protocol_error", forwarded=True,
        set_up=answering(b"garbage garbage\r\n\r\n", close=True)),
    Row("upstream redirects the write", 502, "upstream_redirected", forwarded=True, set_up=answering(
        b"HTTP/1.1 307 Moved\r\nLocation: https://store.example/x\r\nContent-Length: 0\r\n\r\n")),
    Row("upstream cuts its answer", 201, "", forwarded=True,
        set_up=answering(CUT_ANSWER, close=True)),
    Row("recognizer raising", 503, "detection_incomplete", options={"recognizers": (LateRaising(),)}),
    # Lack of memory or threads is no doubt about the text: no route lets a write pass for it.
    Row("recognizer without memory", 503, "resources_exhausted",
        options={"recognizers": (Exhausted(MemoryError),), "on_error": "bypass"}),
    Row("recognizer without memory, in a thread", 503, "resources_exhausted",
        options={"recognizers": (Exhausted(MemoryError),), "on_error": "bypass", **IN_A_THREAD}),
    Row("recognizer without memory, by way of its own error", 503, "resources_exhausted",
        options={"recognizers": (Exhausted(OSError, errno.ENOMEM, "no"),), "on_error": "bypass"}),
    Row("recognizer without a thread", 503, "resources_exhausted",
        options={"recognizers": (Exhausted(RuntimeError, "can't start new thread"),), "on_error": "bypass"}),
    Row("recognizer nested too deep", 503, "detection_incomplete",
        options={"recognizers": (Exhausted(RecursionError),)}),
)  # fmt: skip


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with stage(tmp_path_factory.mktemp("faults")) as running:
        yield running


@pytest.mark.parametrize("row", [row for row in ROWS if not row.options], ids=lambda row: row.name)
async def test_a_fault_leaks_nothing(row: Row, shared: Stage) -> None:
    await play(row, shared)


@pytest.mark.parametrize("row", [row for row in ROWS if row.options], ids=lambda row: row.name)
async def test_a_fault_of_its_own_service_leaks_nothing(row: Row, tmp_path: Path) -> None:
    async with stage(tmp_path, **row.options) as running:
        await play(row, running)


@pytest.mark.parametrize("failure", [errno.ENOSPC, errno.EIO, errno.EROFS], ids=errno.errorcode.get)
@pytest.mark.parametrize("call", ["write", "fdatasync"])
async def test_a_failing_audit_disk_stops_all_writes(failure: int, call: str, tmp_path: Path) -> None:
    files = FailingFiles(failure, (call,))
    async with stage(tmp_path, audit_files=files) as running:
        files.failing = True
        first = await running.send(request())
        files.failing = False  # space came back, but what the kernel dropped is unknown
        second = await running.send(request())
        for reply in (first, second):
            assert reply.startswith(b"HTTP/1.1 503 ")
            assert problem(reply)["code"] == "audit_unavailable"
            assert await hunted(running, reply) == []
        assert running.upstream.received == b""


async def test_a_hanging_recognizer_ends_at_the_deadline(tmp_path: Path) -> None:
    hanging = Hanging()
    async with stage(
        tmp_path, model="spacy:en_core_web_sm", deadline="200ms", recognizers=(hanging,)
    ) as running:
        try:
            reply = await running.send(request())
        finally:
            hanging.let_go.set()
        assert reply.startswith(b"HTTP/1.1 503 ")
        assert problem(reply)["code"] in ("deadline_exceeded", "detection_incomplete")
        assert await hunted(running, reply) == []
        assert running.upstream.received == b""


@pytest.mark.parametrize("model", ["none", "spacy:en_core_web_sm"])
async def test_a_hanging_recognizer_where_patterns_are_enough_forwards_what_they_redacted(
    model: str, tmp_path: Path
) -> None:
    hanging = Hanging()
    options: dict[str, Any] = {"model": model, "deadline": "2s", "on_deadline": "patterns_only"}
    async with stage(tmp_path, recognizers=(hanging,), **options) as running:
        try:
            reply = await running.send(request())
        finally:
            hanging.let_go.set()
        assert reply.startswith(b"HTTP/1.1 201 ")
        assert running.upstream.received.endswith(REDACTED)
        assert await hunted(running, reply) == []
        await running.service.stop()
        assert await hunted(running, reply) == []
        audit = b"".join(text for name, text in (await running.places()).items() if name.startswith("audit/"))
        assert b'"tier":"patterns","reduced":true' in audit
        assert b'"kind":"rescan"' in audit


async def test_a_client_that_leaves_before_its_body_is_whole(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        _, writer = await asyncio.open_connection("127.0.0.1", running.port)
        writer.write(request()[:-10])
        await writer.drain()
        writer.transport.abort()
        await running.service.stop()  # waits for what is in flight
        assert running.upstream.received == b""
        assert await hunted(running, b"") == []


async def test_a_client_that_leaves_while_the_upstream_works(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        gate = asyncio.Event()

        async def answer(writer: asyncio.StreamWriter) -> None:
            await gate.wait()
            writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")

        running.upstream.answer = answer
        _, writer = await asyncio.open_connection("127.0.0.1", running.port)
        writer.write(request())
        await asyncio.wait_for(running.upstream.arrived.wait(), 10)
        writer.transport.abort()
        gate.set()
        await running.service.stop()
        assert running.upstream.received.endswith(REDACTED)
        assert await hunted(running, b"") == []


@pytest.mark.parametrize(
    ("options", "verdict"),
    [
        ({"mode": "observe"}, '"decision":"observe"'),
        ({"on_error": "bypass", "recognizers": (LateRaising(),)}, '"kind":"bypass"'),
    ],
    ids=["observe", "bypass"],
)
async def test_what_the_operator_lets_through_is_in_the_upstream_and_on_record_only(
    options: dict[str, Any], verdict: str, tmp_path: Path
) -> None:
    async with stage(tmp_path, **options) as running:
        reply = await running.send(request())
        assert reply.startswith(b"HTTP/1.1 201 ")
        assert running.upstream.received.endswith(BODY)
        places = {**await running.places(), "reply": reply}
        assert [trace for value in (CARD, MAIL, NAME) for trace in hunt(value, places)] == []
        assert any(
            verdict.encode() in content for name, content in places.items() if name.startswith("audit/")
        )


async def test_a_broken_reload_keeps_the_old_policy(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        configuration = tmp_path / "shield.yaml"
        configuration.write_text(configuration.read_text().replace("CREDIT_CARD", MAIL))
        assert not await running.service.reload()
        reply = await running.send(request())
        assert reply.startswith(b"HTTP/1.1 201 ")
        assert running.upstream.received.endswith(REDACTED)
        places = await running.places()
        assert hunt(MAIL, {"audit": b"".join(v for k, v in places.items() if k.startswith("audit/"))}) == []


async def test_what_follows_a_body_longer_than_its_length_is_not_a_write(shared: Stage) -> None:
    """The tail of the body reads as a second, malformed request; it is refused and not quoted anywhere."""
    shared.upstream.forget()
    reply = await shared.send(request(length=2, body=BODY))
    assert await hunted(shared, reply) == []
    assert shared.upstream.received.count(b"POST ") <= 1
