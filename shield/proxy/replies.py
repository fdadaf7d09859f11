"""Writes what goes back to the client: the shield's own reply, or an upstream's answer passed through.

The bytes of a response are written here and not by aiohttp's response classes, which add fields (Server,
Date, a default Content-Type) and cannot write a header value that is not UTF-8; so the client gets what the
upstream sent.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from http import HTTPStatus
from types import MappingProxyType
from typing import Final, Protocol

from aiohttp.http import HttpVersion11
from aiohttp.web import BaseRequest

from shield.errors import (
    CredentialsInvalidError,
    CredentialsRequiredError,
    MethodNotAllowedError,
    RateLimitedError,
    RetryLater,
    SaturatedError,
    ShieldError,
    UnsupportedMediaTypeError,
    UpstreamProtocolError,
)
from shield.proxy.headers import response_head
from shield.proxy.locations import LOCATIONS
from shield.proxy.problems import CONTENT_TYPE, problem
from shield.proxy.upstream_answer import Message, OnInterim, UpstreamAnswer

Placing = Callable[[int, bytes], bytes | None]
"""Rewrites an address in an answer of this status for the client; None if the client must not get it."""

API_KEY_CHALLENGE = 'ApiKey realm="shield"'
DRAINED_BYTES = 64 * 1024
"""Most bytes of an unwanted body that may be left for its connection to go on."""

UNTAKEN_BYTES = 64 * 1024
"""Most bytes of interim answers that a client has not taken yet."""

_NO_CONTENT: Final = frozenset({204, 304})
_STATUS_LINES: Final = MappingProxyType({it.value: f"HTTP/1.1 {it.value} {it.phrase}" for it in HTTPStatus})


class Answer(Protocol):
    """The part of a responder's result that aiohttp's protocol uses (it is not bound to its own classes)."""

    keep_alive: bool

    async def prepare(self, request: BaseRequest) -> object: ...

    async def write_eof(self) -> None: ...


class Sent:
    """An answer that has been written already."""

    __slots__ = ("keep_alive",)

    def __init__(self, keep_alive: bool) -> None:
        self.keep_alive = keep_alive

    async def prepare(self, request: BaseRequest) -> object:
        return request.writer

    async def write_eof(self) -> None:
        """Nothing is left to write."""


class Reply:
    """A complete answer of the shield's own: status, fields, body."""

    __slots__ = ("_drains", "_fields", "body", "keep_alive", "status")

    def __init__(
        self,
        status: int,
        body: bytes,
        fields: Sequence[tuple[str, str]] = (),
        *,
        keep_alive: bool = True,
        drains: bool = False,
    ) -> None:
        """With `drains` the connection may go on where a little of the request's body is still to come.

        The server reads and drops it for a moment (see `LINGER_SECONDS`), and closes if it does not come.
        """
        self._drains = drains
        self.status = status
        self.body = body
        self.keep_alive = keep_alive
        self._fields = fields

    async def prepare(self, request: BaseRequest) -> object:
        self.write(request)
        return request.writer

    def write(self, request: BaseRequest) -> None:
        """Write it; a client that is gone gets nothing, which is no error."""
        transport = request.transport
        here = request.content.is_eof() or (self._drains and _rest_is_small(request))
        self.keep_alive = self.keep_alive and request.keep_alive and here
        if transport is not None and not transport.is_closing():
            transport.write(self.encode(request))

    def encode(self, request: BaseRequest | None) -> bytes:
        """The bytes of the answer to `request`, or to a connection from which none was read."""
        return _encoded(self.status, self._fields, self.body, self.keep_alive, *_asked(request))

    async def write_eof(self) -> None:
        """`prepare` wrote all of it."""


class ComeBackReply(Reply):
    """The problem that says when to come back. Under overload most answers are one of these few.

    All but the request's id is cached.
    """

    __slots__ = ("_request_id", "_retry_after", "_saturated")

    def __init__(
        self, error: SaturatedError | RateLimitedError, request_id: str, *, keep_alive: bool
    ) -> None:
        """`error` has no detail. The connection may go on: a new one would cost both sides more."""
        super().__init__(error.status, b"", keep_alive=keep_alive, drains=True)
        self._saturated = isinstance(error, SaturatedError)
        self._retry_after = error.retry_after
        self._request_id = request_id

    def encode(self, request: BaseRequest | None) -> bytes:
        """As the base class."""
        request_id = self._request_id
        asked = _asked(request)
        parts = _come_back(self._saturated, self._retry_after, len(request_id), self.keep_alive, *asked)
        return request_id.encode("ascii").join(parts)


@functools.lru_cache(maxsize=512)  # Retry-After may say any of 30 seconds, on connections that go on or not
def _come_back(  # noqa: PLR0917  what tells one from another
    saturated: bool,
    retry_after: int,
    id_length: int,
    keep_alive: bool,
    is_1_1: bool,
    is_head: bool,
) -> tuple[bytes, ...]:
    """What stands around the ids."""
    placeholder = "~" * id_length
    error = (SaturatedError if saturated else RateLimitedError)(retry_after=retry_after)
    fields = [*_problem_fields(placeholder), ("Retry-After", str(retry_after))]
    whole = _encoded(error.status, fields, problem(error, placeholder), keep_alive, is_1_1, is_head)
    return tuple(whole.split(placeholder.encode()))


def _encoded(  # noqa: PLR0917  the parts of an answer, in order
    status: int,
    fields: Sequence[tuple[str, str]],
    body: bytes,
    keep_alive: bool,
    is_1_1: bool,
    is_head: bool,
) -> bytes:
    lines = [_STATUS_LINES[status]]
    lines += [f"{name}: {value}" for name, value in fields]
    lines.append(f"Content-Length: {len(body)}")
    if not keep_alive:
        lines.append("Connection: close")
    elif not is_1_1:
        lines.append("Connection: keep-alive")
    head = ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")
    return head if is_head else head + body


def _asked(request: BaseRequest | None) -> tuple[bool, bool]:
    """Whether the request is HTTP/1.1, and whether it is HEAD. None: no request was read; 1.1 is assumed."""
    return (True, False) if request is None else (request.version == HttpVersion11, request.method == "HEAD")


def _rest_is_small(request: BaseRequest) -> bool:
    """Whether the body has a length, a small one, and its sender does not wait for `100 Continue`."""
    length = request.headers.get("Content-Length", "")
    return length.isdigit() and int(length) <= DRAINED_BYTES and "Expect" not in request.headers


def problem_reply(
    error: ShieldError, request_id: str, *, keep_alive: bool = True, challenge: str = API_KEY_CHALLENGE
) -> Reply:
    """The reply to a request that ended in `error` (RFC 9457); `challenge` is what a 401 asks for."""
    drains = isinstance(error, (SaturatedError, RateLimitedError))
    if isinstance(error, (SaturatedError, RateLimitedError)) and request_id and not error.detail:
        return ComeBackReply(error, request_id, keep_alive=keep_alive)
    fields = _problem_fields(request_id)
    if isinstance(error, RetryLater):
        fields.append(("Retry-After", str(error.retry_after)))
    elif isinstance(error, MethodNotAllowedError):
        fields.append(("Allow", ", ".join(error.allowed)))
    elif isinstance(error, UnsupportedMediaTypeError) and error.accepted:
        fields.append(("Accept", ", ".join(error.accepted)))  # RFC 9110, 15.5.16
    elif isinstance(error, (CredentialsInvalidError, CredentialsRequiredError)):
        fields.append(("WWW-Authenticate", challenge))  # required by RFC 9110, 15.5.2
    return Reply(error.status, problem(error, request_id), fields, keep_alive=keep_alive, drains=drains)


def _problem_fields(request_id: str) -> list[tuple[str, str]]:
    return [
        ("Content-Type", CONTENT_TYPE),
        ("Cache-Control", "no-store"),
        ("X-Shield-Request-Id", request_id),
    ]


async def pass_through(
    request: BaseRequest,
    response: UpstreamAnswer,
    receipt: str,
    *,
    keep_alive: bool,
    placed: Placing,
    also: Callable[[bytes], None] | None,
) -> Sent:
    """Stream an upstream's answer to the client, byte for byte, at the client's pace.

    `placed` rewrites an address in the answer for the client. `also` gets each piece of its body too.

    Raises UpstreamProtocolError before a byte is written; ConnectionError when the client is gone;
    BrokenOffError when the upstream breaks off: the caller must then abort the client's connection, as the
    answer is incomplete.
    """
    is_1_1 = request.version == HttpVersion11
    empty = request.method == "HEAD" or response.status in _NO_CONTENT
    headers = response.headers
    coded = "Transfer-Encoding" in headers
    if coded and [each.lower() for each in headers.getall("Transfer-Encoding")] != ["chunked"]:
        raise UpstreamProtocolError("The answer has a transfer coding that nobody asked for.")
    # A 204 has no length (RFC 9110, 8.6), and some clients would wait for the body.
    has_length = "Content-Length" in headers and not coded and response.status != HTTPStatus.NO_CONTENT
    chunked = not (empty or has_length) and is_1_1
    keep_alive = keep_alive and request.keep_alive and (empty or has_length or chunked)
    added = b"X-Shield-Receipt: " + receipt.encode("ascii") + b"\r\n"
    if chunked:
        added += b"Transfer-Encoding: chunked\r\n"
    if not keep_alive:
        added += b"Connection: close\r\n"
    elif not is_1_1:
        added += b"Connection: keep-alive\r\n"
    fields = _placed(response, response.status, placed)
    head = response_head(response.status, response.reason or "", fields, added + b"\r\n", length=has_length)
    content = response.content
    chunk = b"" if empty else (content.read_nowait() if content.is_eof() else b"")
    pending = b"".join((head, *_framed(chunk, chunked))) if chunk else head
    while True:
        if also is not None and chunk:
            also(chunk)
        ended = empty or content.at_eof()
        if ended and chunked:
            pending += b"0\r\n\r\n"
        transport = request.transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError
        transport.write(pending)
        if ended:
            return Sent(keep_alive)
        await request.writer.drain()
        chunk = await content.readany()
        pending = b"".join(_framed(chunk, chunked)) if chunk else b""


def interim_passing(request: BaseRequest, placed: Placing) -> OnInterim | None:
    """A function that passes interim answers to the client; None for HTTP/1.0 (RFC 9110, 15.2).

    For a client that does not take them they are dropped beyond `UNTAKEN_BYTES`.
    """
    if request.version != HttpVersion11:
        return None

    def pass_on(message: Message) -> None:
        head = response_head(
            message.code, message.reason or "", _placed(message, message.code, placed), b"\r\n", length=False
        )
        transport = request.transport
        if transport is None or transport.is_closing():
            return
        if transport.get_write_buffer_size() <= UNTAKEN_BYTES:
            transport.write(head)

    return pass_on


def _placed(
    answer: UpstreamAnswer | Message, status: int, placed: Placing
) -> tuple[tuple[bytes, bytes], ...]:
    """The fields, with addresses rewritten for the client."""
    headers, fields = answer.headers, answer.raw_headers
    if "Location" not in headers and "Content-Location" not in headers:
        return fields
    given = ((name, placed(status, it) if name.lower() in LOCATIONS else it) for name, it in fields)
    return tuple((name, value) for name, value in given if value is not None)


def _framed(chunk: bytes, chunked: bool) -> Sequence[bytes]:
    return (b"%x\r\n" % len(chunk), chunk, b"\r\n") if chunked else (chunk,)
