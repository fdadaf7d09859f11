"""`application/x-www-form-urlencoded` (WHATWG URL, section 5), edited in place."""

from __future__ import annotations

from shield.domain import Limits, Segment, SegmentKind
from shield.errors import MalformedBodyError, UnsupportedMediaTypeError
from shield.payload.json_codec import UTF8_CHARSETS
from shield.payload.pairs import PairsDocument, decode_pairs
from shield.payload.selectors import FieldRules

CHARSET_FIELD = "_charset_"
"""The field in which a form names its charset (HTML, 4.10.21.4); some servers obey it."""


class FormCodec:
    """Form fields: names are KEY, values TEXT, under the root `form`. UTF-8 only."""

    def decode(self, body: bytes, *, limits: Limits, rules: FieldRules, charset: str | None) -> PairsDocument:
        """See `Codec.decode`."""
        if charset not in UTF8_CHARSETS:
            raise UnsupportedMediaTypeError("forms must be in UTF-8")
        document = decode_pairs(
            body, root="form", kind=SegmentKind.TEXT, limits=limits, rules=rules, refuse=MalformedBodyError
        )
        if any(names_other_charset(segment) for segment in document.segments):
            raise UnsupportedMediaTypeError("forms must be in UTF-8")
        return document


def names_other_charset(segment: Segment) -> bool:
    """Whether the segment is the value of a `_charset_` field that names another charset than UTF-8."""
    name, *occurrence = segment.location
    return name == CHARSET_FIELD and bool(occurrence) and segment.text.lower() not in UTF8_CHARSETS
