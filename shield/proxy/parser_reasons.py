"""What aiohttp's parser finds wrong with a request, said in words of our own. Pure.

Its errors quote what was received, so nothing of them is passed on: their first lines, which name the broken
rule, are looked up here, and one that is not known is only `not valid HTTP`. (llhttp 9, aiohttp 3.14.)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aiohttp.http_exceptions import HttpProcessingError, LineTooLong

from shield.errors import FramingConflictError, HostMissingError, RequestError

_NOT_HTTP: Final = "The request is not valid HTTP."
_TOO_LONG: Final = "The request line or a header field is longer than the listener allows."
_TOGETHER: Final = "Transfer-Encoding and Content-Length must not be sent together."
_FOLDED: Final = "A header field begins with whitespace: folded fields are not accepted."

_FRAMING: Final[Mapping[str, str]] = {
    "Transfer-Encoding can't be present with Content-Length": _TOGETHER,
    "Content-Length can't be present with Transfer-Encoding": _TOGETHER,
    "Content-Length can't be present with chunked encoding": _TOGETHER,
    "Duplicate Content-Length": "Content-Length appears twice.",
    "Request has invalid `Transfer-Encoding`": "The only supported transfer coding is chunked.",
}
_OTHERS: Final[Mapping[str, str]] = {
    "Duplicate 'Host' header found.": "The Host header appears twice.",
    "Invalid character in Content-Length": "The Content-Length is not a number.",
    "Invalid character in chunk size": "A chunk of the body does not begin with its size.",
    "Invalid header token": "A header name has a character that is not allowed, or a space before the colon.",
    "Invalid header value char": "A header value has a control character.",
    "Unexpected whitespace after header value": _FOLDED,
    "Expected CRLF after version": "A line of the head does not end with CR LF.",
    "Missing expected LF after header value": "A line of the head does not end with CR LF.",
    "Missing expected CR after header value": "A line of the head does not end with CR LF.",
    "Invalid HTTP version": "The HTTP version is neither 1.0 nor 1.1.",
    "Invalid method encountered": "The request does not begin with a method of HTTP.",
    "Pause on PRI/Upgrade": "This is HTTP/2; the listener speaks HTTP/1.1.",
    "Too many headers received": "There are more than 100 header fields.",
    "Received HTTPS traffic on an HTTP port": "This is TLS, and the listener has none.",
}
_HOST: Final = "Missing 'Host' header in request."
_LINES: Final = 2
"""The lines of an error in which it may name its rule; what was received comes behind them."""


def refusal_of(error: BaseException | None) -> RequestError:
    """The refusal of a request that the parser ended with `error`."""
    if isinstance(error, LineTooLong):
        return RequestError(_TOO_LONG)
    if isinstance(error, HttpProcessingError):
        for line in str(error.message).splitlines()[:_LINES]:
            reason = line.strip().removesuffix(":")
            if reason == _HOST:
                return HostMissingError()
            if reason in _FRAMING:
                return FramingConflictError(_FRAMING[reason])
            if reason in _OTHERS:
                return RequestError(_OTHERS[reason])
    return RequestError(_NOT_HTTP)
