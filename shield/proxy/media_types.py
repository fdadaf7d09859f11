"""Parses the Content-Type of requests, once for each of the few values that clients send."""

from __future__ import annotations

from shield.errors import UnsupportedMediaTypeError
from shield.payload.media_type import MediaType
from shield.proxy.headers import Head
from shield.proxy.passage import Passage
from shield.proxy.routing import takes_type
from shield.proxy.runtime import RoutePlan
from shield.telemetry.metrics import OTHER

KEPT = 256

UNTYPED = MediaType("application", "octet-stream")
"""The type of a body that names none (RFC 9110, 8.3): nothing inspects it, and few routes take it."""


class MediaTypes:
    """A cache of parsed media types. Belongs to one event loop."""

    def __init__(self) -> None:
        self._known: dict[str, MediaType] = {}

    def __call__(self, head: Head) -> MediaType | None:
        """The media type of a request's body; None where there is no body, or perhaps none: see `received`.

        `UNTYPED` where the body names no type. Raises UnsupportedMediaTypeError for an invalid one.
        """
        if not head.has_body:
            return None
        text = head.content_type
        if text is None:
            return None if head.chunked else UNTYPED
        media_type = self._known.get(text)
        if media_type is None:
            media_type = MediaType.parse(text)
            # The boundary of a form with files differs each time.
            if len(self._known) < KEPT and "boundary" not in media_type.parameters:
                self._known[text] = media_type
        return media_type


def received(
    media_type: MediaType | None, body: bytes, plan: RoutePlan, passage: Passage
) -> MediaType | None:
    """The media type of a body that has arrived: only now a chunked one may prove empty. Counts the body.

    Raises UnsupportedMediaTypeError for one without a type that the route does not take.
    """
    if body and media_type is None:
        if not takes_type(plan.route, UNTYPED):
            raise untyped_error()
        media_type = UNTYPED
        passage.media_type = recorded_type(media_type, plan)  # else `arrival` has set it
    plan.series.body_bytes.inc(len(body))
    if media_type is not None:
        plan.series.bodies[passage.media_type].inc()
    return media_type


def untyped_error() -> UnsupportedMediaTypeError:
    """The error for a body without a type that the route does not take."""
    return UnsupportedMediaTypeError("A request with a body needs a Content-Type.")


def recorded_type(media_type: MediaType, plan: RoutePlan) -> str:
    """The type's name in records and series: only configured ones, since it is the client's own text."""
    return media_type.essence if media_type.essence in plan.series.bodies else OTHER
