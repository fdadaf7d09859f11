"""The shield's own answers, as bytes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp.http import HttpVersion, HttpVersion10, HttpVersion11

from shield.errors import RateLimitedError, SaturatedError
from shield.proxy.problems import CONTENT_TYPE, problem
from shield.proxy.replies import UNTAKEN_BYTES, ComeBackReply, Reply, interim_passing, problem_reply


@pytest.mark.parametrize("error", [SaturatedError(retry_after=3), RateLimitedError(retry_after=30)])
@pytest.mark.parametrize("keep_alive", [True, False])
@pytest.mark.parametrize(
    ("method", "version"),
    [("POST", HttpVersion11), ("HEAD", HttpVersion11), ("GET", HttpVersion10), ("", None)],
)
def test_what_is_kept_of_an_answer_is_what_would_be_made(
    error: SaturatedError | RateLimitedError, keep_alive: bool, method: str, version: HttpVersion | None
) -> None:
    request: Any = SimpleNamespace(method=method, version=version) if version is not None else None
    for request_id in ("0" * 32, "7067eb886022c98025707bc0941c2cbc"):
        fields = [
            ("Content-Type", CONTENT_TYPE),
            ("Cache-Control", "no-store"),
            ("X-Shield-Request-Id", request_id),
            ("Retry-After", str(error.retry_after)),
        ]
        made = Reply(error.status, problem(error, request_id), fields, keep_alive=keep_alive)
        kept = problem_reply(error, request_id, keep_alive=keep_alive)
        assert isinstance(kept, ComeBackReply)
        assert kept.encode(request) == made.encode(request)


def test_one_with_a_detail_is_made() -> None:
    reply = problem_reply(SaturatedError("There are too many connections."), "id", keep_alive=False)
    assert type(reply) is Reply
    assert b"There are too many connections." in reply.encode(None)


@pytest.mark.parametrize(
    ("untaken", "closing", "passed"), [(0, False, True), (UNTAKEN_BYTES + 1, False, False), (0, True, False)]
)
def test_interim_answers_are_not_held_for_who_does_not_take_them(
    untaken: int, closing: bool, passed: bool
) -> None:
    written: list[bytes] = []
    transport: Any = SimpleNamespace(
        is_closing=lambda: closing, get_write_buffer_size=lambda: untaken, write=written.append
    )
    request: Any = SimpleNamespace(version=HttpVersion11, transport=transport)
    message: Any = SimpleNamespace(code=102, reason="Processing", headers={}, raw_headers=())
    pass_on = interim_passing(request, bytes)
    assert pass_on is not None
    pass_on(message)
    assert written == [b"HTTP/1.1 102 Processing\r\n\r\n"] * passed
