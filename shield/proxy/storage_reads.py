"""Reads one object from storage: a GET to the route's own upstream, bounded in time and size.

Redirects are never followed: an object that is elsewhere is not read.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import NamedTuple

from shield.config.settings_route import ReadBack
from shield.errors import TooLargeError
from shield.evidence.read_backs import Judgement
from shield.proxy.object_address import Address
from shield.proxy.upstream import UpstreamClient
from shield.telemetry.attestation_series import ReadResult

_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_DEFAULT_FIELDS = (("Accept", "*/*"), ("User-Agent", "shield-read-back"))


class Found(NamedTuple):
    """An object as it was read, with its fields."""

    body: bytes
    content_type: str | None
    codings: Sequence[str]


async def read_object(
    client: UpstreamClient, address: Address, settings: ReadBack, host: str
) -> tuple[int, Found | Judgement]:
    """The status of the answer, and the object or the judgement that follows from its absence.

    `host` is what the client of the write asked for: see `UpstreamClient.send`.

    Raises UpstreamError, BrokenOffError, and TooLargeError above `settings.max_size` bytes.
    """
    own = [(name, secret.value.decode("ascii")) for name, secret in settings.headers]
    named = {name.lower() for name, _ in own}
    fields = [("Accept-Encoding", "identity")]
    fields += [field for field in _DEFAULT_FIELDS if field[0].lower() not in named]
    answer = await client.send("GET", address.path, address.query, [*fields, *own], None, host=host)
    try:
        if answer.status != HTTPStatus.OK:
            return answer.status, _without_object(answer.status)
        body = bytearray()
        while not answer.content.at_eof():
            body += await answer.content.readany()
            if len(body) > settings.max_size:
                raise TooLargeError
        codings = answer.headers.getall("Content-Encoding", ())
        return answer.status, Found(bytes(body), answer.headers.get("Content-Type"), codings)
    finally:
        answer.close()


def _without_object(status: int) -> Judgement:
    if status in _GONE:
        return Judgement(ReadResult.NOT_FOUND, "not_found", again=True)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
        return Judgement(ReadResult.UNREADABLE, "storage_failed", again=True)
    is_redirect = HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST
    return Judgement(ReadResult.UNREADABLE, "redirected" if is_redirect else "refused")
