"""Answers requests whose target aiohttp's parser accepts, but which it cannot make a request of, with 404.

The parser takes `http://xn--/`, whose host is no name in any encoding (RFC 5891, 5.4). Making the request
raises, which ends the connection's task without an answer and leaves the connection open for ever.
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
    """`make`, but what it cannot make becomes a request for a missing page, the last of its connection."""

    def made(message: RawRequestMessage, *rest: Any) -> web.BaseRequest:
        try:
            return make(message, *rest)
        except ValueError:  # UnicodeError, from the codec, included
            return make(message._replace(url=_NO_PAGE, should_close=True), *rest)

    return made
