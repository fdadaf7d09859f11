"""The Content-Type of requests, parsed once for each of the few that clients send."""

from __future__ import annotations

from shield.errors import UnsupportedMediaTypeError
from shield.payload.media_type import MediaType
from shield.proxy.headers import Head

KEPT = 256

_NEEDED = "A body needs a Content-Type."


class MediaTypes:
    """Belongs to one event loop."""

    def __init__(self) -> None:
        self._known: dict[str, MediaType] = {}

    def __call__(self, head: Head) -> MediaType | None:
        """The media type of a request's body; None where there is none, or perhaps none: see `typed`.

        Raises UnsupportedMediaTypeError.
        """
        if not head.has_body:
            return None
        text = head.content_type
        if text is None:
            if head.chunked:
                return None
            raise UnsupportedMediaTypeError(_NEEDED)
        media_type = self._known.get(text)
        if media_type is None:
            media_type = MediaType.parse(text)
            # The boundary of a form with files is another one each time.
            if len(self._known) < KEPT and "boundary" not in media_type.parameters:
                self._known[text] = media_type
        return media_type


def typed(head: Head, body: bytes) -> None:
    """Raise UnsupportedMediaTypeError for a body without a type: what a chunked one is shows at its end."""
    if body and head.content_type is None:
        raise UnsupportedMediaTypeError(_NEEDED)
