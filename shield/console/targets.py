"""Requests whose target aiohttp's parser takes, and which no request can be made of: answered as no page.

The parser takes `http://xn--/`, whose host is no name in any encoding (RFC 5891, 5.4). To make the request
raises, which ends the connection's task without an answer, and leaves the connection open for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web
from aiohttp.http import RawRequestMessage
from yarl import URL

_NO_PAGE = URL("/-")
Factory = Callable[..., web.BaseRequest]
"""Makes a request of a `RawRequestMessage`; the rest of its arguments is aiohttp's own."""


def for_any_target(make: Factory) -> Factory:
    """`make`, but what it cannot make is a request for a page that is not there, its connection's last."""

    def made(message: RawRequestMessage, *rest: Any) -> web.BaseRequest:
        try:
            return make(message, *rest)
        except ValueError:  # and UnicodeError, of the codec
            return make(message._replace(url=_NO_PAGE, should_close=True), *rest)

    return made
