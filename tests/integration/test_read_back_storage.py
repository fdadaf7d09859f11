"""Read-backs from storage that is late, gives nothing to compare, breaks off, or redirects elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from shield.evidence.exceptions import find_exceptions
from tests.integration.read_back_stage import (
    ORIGIN,
    TICKET,
    with_platform,
)


async def test_storage_that_shows_a_write_late_is_asked_again(tmp_path: Path) -> None:
    async with with_platform(tmp_path) as (platform, stage):
        answers = [web.Response(status=503), web.Response(status=404)]

        async def show(_: web.Request) -> web.Response:
            if len(platform.reads) <= len(answers):
                return answers[len(platform.reads) - 1]
            return web.json_response(platform.stored["1"])

        platform.read = show
        await stage.write(TICKET)
        found = await stage.result()
        assert (found["result"], found["attempts"]) == ("not_found", 2)
        await stage.write(TICKET)
        assert (await stage.result())["result"] == "match"


@pytest.mark.parametrize(
    ("answer", "reason", "reads"),
    [
        (web.HTTPInternalServerError, "storage_failed", 2),
        (web.HTTPTooManyRequests, "storage_failed", 2),
        (web.HTTPForbidden, "refused", 1),
        (lambda: web.Response(body=b"x" * 5_000, content_type="application/json"), "body_too_large", 1),
        (lambda: web.Response(text="<p>Sign in</p>", content_type="text/html"), "media_type_unsupported", 2),
        (lambda: web.Response(text="{", content_type="application/json"), "body_malformed", 2),
        (
            lambda: web.Response(body=b"{}", headers={"Content-Encoding": "lzma"}),
            "content_encoding_unsupported",
            2,
        ),
    ],
)
async def test_storage_that_gives_nothing_to_compare_is_unreadable(
    tmp_path: Path, answer: Callable[[], Any], reason: str, reads: int
) -> None:
    async with with_platform(tmp_path, "max_size: 4kB") as (platform, stage):

        async def show(_: web.Request) -> web.Response:
            made = answer()
            if isinstance(made, Exception):
                raise made
            return made

        platform.read = show
        await stage.write(TICKET)
        found = await stage.result()
        assert (found["result"], found["reason"], found["attempts"]) == ("unreadable", reason, reads)
        assert len(platform.reads) == reads
    assert list(find_exceptions(ORIGIN, stage.entries())) == []


async def test_storage_that_is_slow_or_breaks_off_is_unreadable_and_delays_nobody(tmp_path: Path) -> None:
    async with with_platform(tmp_path, "timeout: 200ms") as (platform, stage):

        async def hang(_: web.Request) -> web.Response:
            await asyncio.Event().wait()
            raise AssertionError

        async def break_off(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(headers={"Content-Length": "100"})
            await response.prepare(request)
            await response.write(b"{")
            assert request.transport is not None
            request.transport.close()
            return response

        platform.read = hang
        assert (await stage.write(TICKET)).status == 201
        assert (await stage.write(TICKET)).status == 201
        results = [await stage.result(), await stage.result()]
        assert {(it["result"], it["reason"]) for it in results} == {("unreadable", "upstream_timeout")}
        platform.read = break_off
        await stage.write(TICKET)
        assert (await stage.result())["reason"] == "upstream_reset"


async def test_a_redirect_is_not_followed(tmp_path: Path) -> None:
    called = asyncio.Event()

    async def elsewhere(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        called.set()
        writer.close()

    other = await asyncio.start_server(elsewhere, "127.0.0.1", 0)
    port = other.sockets[0].getsockname()[1]
    async with with_platform(tmp_path) as (platform, stage):

        async def show(_: web.Request) -> web.Response:
            return web.Response(status=302, headers={"Location": f"http://127.0.0.1:{port}/x"})

        platform.read = show
        await stage.write(TICKET)
        found = await stage.result()
        assert (found["result"], found["reason"], found["status"]) == ("unreadable", "redirected", 302)
        assert not called.is_set()
    other.close()


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("../../admin", "unsafe_address"),
        ("%2e%2e", "unsafe_address"),
        ("", "unsafe_address"),
        (None, "reply_without_id"),
    ],
)
async def test_an_id_of_the_reply_cannot_lead_elsewhere(tmp_path: Path, value: Any, reason: str) -> None:
    async with with_platform(tmp_path) as (platform, stage):
        platform.next_id = value
        await stage.write(TICKET)
        found = await stage.result()
        assert (found["result"], found["reason"]) == ("skipped", reason)
        assert platform.reads == []


@pytest.mark.parametrize(
    ("pad", "result", "reason"), [(0, "match", ""), (300_000, "skipped", "reply_too_long")]
)
async def test_an_id_is_looked_for_in_a_coded_reply_and_not_in_a_long_one(
    tmp_path: Path, pad: int, result: str, reason: str
) -> None:
    async with with_platform(tmp_path) as (platform, stage):

        def reply() -> web.Response:
            response = web.json_response({"ticket": {"id": 1}, "pad": "x" * pad}, status=201)
            if not pad:
                response.enable_compression(web.ContentCoding.gzip)
            return response

        platform.reply = reply
        assert (await stage.write(TICKET)).status == 201
        found = await stage.result()
        assert (found["result"], found["reason"]) == (result, reason)


async def test_a_reply_that_accepts_without_writing_is_not_read_back(tmp_path: Path) -> None:
    async with with_platform(tmp_path) as (platform, stage):
        platform.status = 202
        await stage.write(TICKET)
        platform.status = 201
        await stage.write(TICKET)
        assert (await stage.result())["result"] == "match"
        assert stage.told.empty()


async def test_a_write_without_values_has_nothing_to_compare(tmp_path: Path) -> None:
    async with with_platform(tmp_path) as (platform, stage):
        await stage.write({"ticket": {}}, "/api/tickets")
        found = await stage.result()
        assert (found["result"], found["reason"]) == ("skipped", "nothing_to_compare")
        assert platform.reads == []
