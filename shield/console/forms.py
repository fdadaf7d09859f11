"""Reads forms in bounded time. The sender need not be signed in, nor be a browser."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from aiohttp import web

from shield.console.answers import RefusedError

FORM_SECONDS = 60.0
"""Seconds for a form to arrive, including its files."""


async def read_form(request: web.Request, seconds: float = FORM_SECONDS) -> dict[str, list[str]]:
    """The values of each field, in order; for a file its text. Raises `RefusedError`.

    The request's `client_max_size` bounds its bytes.
    """
    try:
        async with asyncio.timeout(seconds):
            data = await request.post()
    except TimeoutError:
        raise RefusedError("the form did not arrive in time", HTTPStatus.REQUEST_TIMEOUT) from None
    except (ValueError, LookupError, web.RequestPayloadError):  # its charset, its parts, its content coding
        raise RefusedError("the form cannot be read") from None
    fields: dict[str, list[str]] = {}
    for name, value in data.items():
        if isinstance(value, web.FileField):  # aiohttp keeps it in an unnamed file
            with value.file as file:
                value = file.read().decode("utf-8", "replace")  # noqa: PLW2901  its text is what is asked for
        if isinstance(value, str):
            if not _is_text(name) or not _is_text(value):
                raise RefusedError("the form cannot be read")
            fields.setdefault(name, []).append(value)
    return fields


def _is_text(value: str) -> bool:
    """Whether it can be stored and shown: some charsets that a sender may name give lone surrogates."""
    return not any("\ud800" <= character <= "\udfff" for character in value)
