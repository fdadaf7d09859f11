"""What aiohttp's own parser says of a request becomes a sentence of ours; nothing of the request is in it."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import HttpRequestParser

from shield.proxy.parser_reasons import refusal_of

POST = b"POST /zebra HTTP/1.1\r\nHost: zebra\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n"


@pytest.mark.parametrize(
    ("raw", "code", "said"),
    [
        (b"GET /zebra HTTP/1.1\r\nX: zebra\r\n\r\n", "host_missing", ""),
        (CHUNKED + b"Content-Length: 3\r\n\r\n", "framing_conflict", "must not be sent together"),
        (POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", "framing_conflict", "together"),
        (POST + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\n", "framing_conflict", "appears twice"),
        (POST + b"Transfer-Encoding: zebra\r\n\r\n", "framing_conflict", "is chunked"),
        (POST + b"Host: zebra\r\n\r\n", "request_invalid", "Host header appears twice"),
        (POST + b"Content-Length: zebra\r\n\r\n", "request_invalid", "not a number"),
        (CHUNKED + b"\r\nzebra\r\n", "request_invalid", "chunk"),
        (POST + b"X zebra: 1\r\n\r\n", "request_invalid", "header name"),
        (POST + b"X: a\x00zebra\r\n\r\n", "request_invalid", "control character"),
        (POST + b"X: a\r\n zebra\r\n\r\n", "request_invalid", "folded"),
        (POST.replace(b"\r\n", b"\n") + b"\n", "request_invalid", "CR LF"),
        (POST + b"X: a\nX: zebra\r\n\r\n", "request_invalid", "CR LF"),
        (b"GET /zebra HTTP/3.0\r\nHost: zebra\r\n\r\n", "request_invalid", "version"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "request_invalid", "This is HTTP/2"),
        (b"zebra /\r\n\r\n", "request_invalid", "method"),
        (POST + b"X: zebra\r\n" * 120 + b"\r\n", "request_invalid", "more than 100"),
        (POST + b"X: " + b"zebra" * 2000 + b"\r\n\r\n", "request_invalid", "longer than"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "request_invalid", "TLS"),
    ],
)
async def test_the_broken_rule_is_named_and_nothing_is_quoted(raw: bytes, code: str, said: str) -> None:
    loop = asyncio.get_running_loop()
    parser = HttpRequestParser(
        BaseProtocol(loop), loop, 2**16, max_line_size=8190, max_field_size=8190, max_headers=100
    )
    with pytest.raises(Exception) as caught:
        parser.feed_data(raw)
    error = refusal_of(caught.value)
    assert (error.code, error.status) == (code, 400)
    assert said in error.detail
    assert "zebra" not in str(error)


def test_what_is_not_known_is_no_valid_http() -> None:
    assert (
        refusal_of(None).detail == refusal_of(ValueError("zebra")).detail == "The request is not valid HTTP."
    )
