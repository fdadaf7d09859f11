"""`application/x-www-form-urlencoded` (WHATWG URL, section 5), edited in place."""

from __future__ import annotations

from shield.domain import Limits, SegmentKind
from shield.errors import MalformedBodyError, UnsupportedMediaTypeError
from shield.payload.json_codec import UTF8_CHARSETS
from shield.payload.pairs import PairsDocument, decode_pairs
from shield.payload.selectors import FieldRules


class FormCodec:
    """Form fields: names are KEY, values TEXT, under the root `form`. UTF-8 only."""

    def decode(self, body: bytes, *, limits: Limits, rules: FieldRules, charset: str | None) -> PairsDocument:
        """See `Codec.decode`."""
        if charset not in UTF8_CHARSETS:
            raise UnsupportedMediaTypeError("forms are taken in UTF-8 only")
        return decode_pairs(
            body, root="form", kind=SegmentKind.TEXT, limits=limits, rules=rules, refuse=MalformedBodyError
        )
