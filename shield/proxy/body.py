"""Reads a request's body: whole and within its limits, or not at all."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import StreamReader
from aiohttp.web import BaseRequest, RequestPayloadError

from shield.errors import (
    BodyTimeoutError,
    BodyTooSlowError,
    IncompleteBodyError,
    RequestError,
    ShieldError,
    TooLargeError,
)
from shield.proxy.headers import Head
from shield.proxy.tickets import LARGE_BYTES

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a body must come: whole in `seconds`, and at `min_rate` bytes a second after `grace` seconds.

    `min_rate` 0 sets no rate. What came in the grace counts: a body that began fast may slow down.
    """

    seconds: float
    min_rate: int = 0
    grace: float = 0.0

    def due(self, began: float, received: int) -> float:
        """The time, on the clock of `began`, by which more than the `received` bytes must have arrived."""
        end = began + self.seconds
        return min(end, began + self.grace + received / self.min_rate) if self.min_rate else end

    def missed(self, now: float, began: float) -> ShieldError:
        """The error for a body that was not in time at `now`."""
        return BodyTimeoutError() if now >= began + self.seconds else BodyTooSlowError()


def declared_too_large(head: Head, max_bytes: int) -> None:
    """Raise TooLargeError where the declared length is over the limit, before anything is read or waits."""
    if head.content_length is not None and head.content_length > max_bytes:
        raise TooLargeError(f"The body is larger than {max_bytes} bytes.")


def is_here(request: BaseRequest, head: Head) -> bool:
    """Whether there is no body, or all of it has been received."""
    return not head.has_body or request.content.is_eof()


def size_of(request: BaseRequest, head: Head, max_bytes: int) -> int:
    """The body's size as far as it is known, else the most that a usual body has."""
    if not head.has_body:
        return 0
    if head.content_length is not None:
        return head.content_length
    return min(max_bytes, request.content.total_bytes if request.content.is_eof() else LARGE_BYTES - 1)


def received_body(request: BaseRequest, max_bytes: int) -> bytes | None:
    """The bytes of a body that has arrived whole and within its limit; None where it must still be read."""
    content = request.content
    if content.is_eof() and content.exception() is None and content.total_bytes <= max_bytes:
        return content.read_nowait()
    return None


async def read_body(request: BaseRequest, head: Head, *, max_bytes: int, pace: Pace) -> bytes:
    """The body's bytes, content codings still applied; empty where there is none.

    Raises TooLargeError before reading where the length is declared, and the errors of `coming_body`.
    """
    if not head.has_body:
        return b""
    declared_too_large(head, max_bytes)
    received = received_body(request, max_bytes)
    return received if received is not None else await coming_body(request, head, max_bytes, pace)


async def coming_body(
    request: BaseRequest,
    head: Head,
    max_bytes: int,
    pace: Pace,
    grown: Callable[[int], None] = lambda _size: None,
) -> bytes:
    """The bytes of a body that has not wholly arrived, content codings still applied.

    Sends `100 Continue` if the client waits for it, so call this once the route and the head are accepted.
    `grown` is told how many bytes have arrived, and may raise. Raises TooLargeError, BodyTimeoutError,
    BodyTooSlowError, IncompleteBodyError and RequestError (bad chunk framing).
    """
    content = request.content
    if head.expects_continue and not content.total_bytes and request.transport is not None:
        request.transport.write(_CONTINUE)
    loop = asyncio.get_running_loop()
    began = loop.time()

    def progress(size: int) -> None:
        limit.reschedule(pace.due(began, size))
        grown(size)

    try:
        async with asyncio.timeout_at(pace.due(began, 0)) as limit:
            return await _read(content, max_bytes, progress)
    except TimeoutError:
        raise pace.missed(loop.time(), began) from None
    except RequestPayloadError:
        raise RequestError("The body's framing is not valid.") from None
    except (OSError, RuntimeError):
        if request.transport is not None:
            raise
        raise IncompleteBodyError from None


async def _read(content: StreamReader, max_bytes: int, progress: Callable[[int], None]) -> bytes:
    # gives its bytes away without a copy: joining megabytes would hold the loop for milliseconds
    body = io.BytesIO()
    size = 0
    while chunk := await content.readany():
        size += len(chunk)
        if size > max_bytes:
            raise TooLargeError(f"The body is larger than {max_bytes} bytes.")
        body.write(chunk)
        progress(size)
    return body.getvalue()
