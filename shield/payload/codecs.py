"""The registry that says which codec reads which media type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shield.errors import UnsupportedMediaTypeError
from shield.payload.document import Codec
from shield.payload.form import FormCodec
from shield.payload.json_codec import UTF8_CHARSETS, JsonCodec, JsonSequenceCodec, NdjsonCodec
from shield.payload.markup import as_string, as_text, check_declared
from shield.payload.media_type import MediaType, matches
from shield.payload.multipart import MultipartForm
from shield.payload.table import TableForm
from shield.payload.table_cells import TAB
from shield.payload.text import TextCodec
from shield.payload.xml_codec import XmlCodec

_JSON_LINES: Final = (
    "application/x-ndjson",
    "application/ndjson",
    "*/*+x-ndjson",  # Elasticsearch's, of its bulk API
    "application/jsonl",
    "application/x-jsonl",
    "application/jsonlines",
    "application/x-jsonlines",
)
"""None is registered; these are in use for a JSON value on each line."""


class CodecRegistry:
    """Codecs by media-type pattern (see `media_type.matches`); the first match is used. Immutable."""

    __slots__ = ("_entries",)

    def __init__(self, entries: Sequence[tuple[str, Codec | MultipartForm | TableForm]]) -> None:
        self._entries = tuple(entries)

    @classmethod
    def default(cls, extra: Sequence[tuple[str, Codec]] = ()) -> CodecRegistry:
        """The built-in codecs, preceded by the `extra` ones, which may override a built-in one."""
        json, ndjson, sequence, xml = JsonCodec(), NdjsonCodec(), JsonSequenceCodec(), XmlCodec()
        single = cls(
            (
                *extra,
                ("application/json", json),
                ("application/json-patch+json", JsonCodec(patch=True)),
                ("*/*+json", json),
                ("text/json", json),
                *((name, ndjson) for name in _JSON_LINES),
                ("application/json-seq", sequence),
                ("*/*+json-seq", sequence),  # RFC 8091
                ("application/x-www-form-urlencoded", FormCodec()),
                ("text/plain", TextCodec()),
                ("text/html", TextCodec(write=as_text, check=check_declared)),
                ("text/markdown", TextCodec(write=as_text)),
                ("text/vtt", TextCodec(write=as_text, charsets=UTF8_CHARSETS)),
                ("application/x-subrip", TextCodec()),
                ("text/calendar", TextCodec()),
                ("text/vcard", TextCodec()),
                ("text/x-vcard", TextCodec()),
                ("application/graphql", TextCodec(write=as_string, charsets=UTF8_CHARSETS)),
                ("text/csv", TableForm()),
                ("application/csv", TableForm()),
                ("application/xml", xml),
                ("text/xml", xml),
                ("*/*+xml", xml),
                ("text/tab-separated-values", TableForm(TAB)),
            )
        )
        parts = MultipartForm(single.for_media_type)
        return cls((*single._entries, ("multipart/form-data", parts)))

    def for_media_type(self, media_type: MediaType) -> Codec:
        """The codec of `media_type`; raises UnsupportedMediaTypeError where there is none."""
        for pattern, codec in self._entries:
            if matches(media_type, pattern):
                return codec.of(media_type) if isinstance(codec, MultipartForm | TableForm) else codec
        if media_type.type == "multipart":  # as OData's `$batch` sends them (decision 047)
            raise UnsupportedMediaTypeError("of bodies in parts only multipart/form-data is read")
        raise UnsupportedMediaTypeError("no codec reads this media type")
