"""Reading a request's body: whole, under its limits, or not at all."""

from __future__ import annotations

import asyncio

from aiohttp import StreamReader
from aiohttp.web import BaseRequest, RequestPayloadError

from shield.errors import BodyTimeoutError, IncompleteBodyError, RequestError, TooLargeError
from shield.proxy.headers import Head

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


async def read_body(request: BaseRequest, head: Head, *, max_bytes: int, seconds: float) -> bytes:
    """The body's bytes, content codings still applied; empty where there is none.

    `100 Continue` is sent if the client waits for it: so the caller has accepted the route and the
    head. Raises TooLargeError (before reading where the length is declared), BodyTimeoutError,
    IncompleteBodyError and RequestError (bad chunk framing).
    """
    if not head.has_body:
        return b""
    if head.content_length is not None and head.content_length > max_bytes:
        raise TooLargeError(f"The body is larger than {max_bytes} bytes.")
    content = request.content
    if content.is_eof() and content.exception() is None and content.total_bytes <= max_bytes:
        return content.read_nowait()
    if head.expects_continue and not content.total_bytes and request.transport is not None:
        request.transport.write(_CONTINUE)
    try:
        async with asyncio.timeout(seconds):
            return await _read(content, max_bytes)
    except TimeoutError:
        raise BodyTimeoutError from None
    except RequestPayloadError:
        raise RequestError("The body's framing is not valid.") from None
    except (OSError, RuntimeError):
        if request.transport is not None:
            raise
        raise IncompleteBodyError from None


async def _read(content: StreamReader, max_bytes: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while chunk := await content.readany():
        size += len(chunk)
        if size > max_bytes:
            raise TooLargeError(f"The body is larger than {max_bytes} bytes.")
        chunks.append(chunk)
    return b"".join(chunks)
