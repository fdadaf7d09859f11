"""JSON (RFC 8259), newline-delimited JSON and JSON text sequences (RFC 7464), edited in place.

Law: what is not an edit stays byte-identical: spacing, order, number literals, escapes, duplicate
names, each of which is inspected. A body is read as UTF-8 only, as RFC 8259 demands between systems.
"""

from __future__ import annotations

from bisect import bisect_right
from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from typing import Final

from shield.domain import LINE, Edit, FieldRule, Limits, Location, Segment
from shield.errors import MalformedBodyError, TooManySegmentsError, UnsupportedMediaTypeError
from shield.payload.document import File
from shield.payload.json_document import JsonText, Listing, measured, read_text
from shield.payload.json_outline import NODES_PER_SEGMENT
from shield.payload.selectors import FieldRules

UTF8_CHARSETS: Final = frozenset({None, "utf-8", "utf8", "us-ascii", "ascii"})
"""The charset parameters under which every receiver would read the body as UTF-8."""

_RECORD: Final = b"\x1e"
"""Begins each record of a JSON text sequence. No JSON text may hold it, not even in a string."""


class JsonDocument:
    """A body of JSON texts. `spans` are their places in it, empty where it is one text; see `Document`."""

    __slots__ = ("_body", "_listing", "_spans", "_texts")

    files: Sequence[File] = ()

    def __init__(
        self, body: bytes, spans: Sequence[tuple[int, int]], texts: Sequence[JsonText], listing: Listing
    ) -> None:
        self._body = body
        self._spans = spans
        self._texts = texts
        self._listing = listing

    @property
    def segments(self) -> Sequence[Segment]:
        return self._listing.segments

    @property
    def rules(self) -> Mapping[int, FieldRule]:
        return self._listing.rules

    @property
    def drops(self) -> Sequence[tuple[str, Location]]:
        return self._listing.drops

    def encode(self, edits: Mapping[int, Sequence[Edit]]) -> bytes:
        made = {index: changed for index, changed in edits.items() if changed}
        if not made and not self.drops:
            return self._body
        encoded = self._encode_each(made) if self._spans else self._texts[0].encode(self.segments, made)
        return BOM_UTF8 + encoded[len(BOM_UTF8) :] if self._body.startswith(BOM_UTF8) else encoded

    def _encode_each(self, edits: Mapping[int, Sequence[Edit]]) -> bytes:
        firsts = [text.first for text in self._texts]
        by_text: dict[int, dict[int, Sequence[Edit]]] = {
            number: {} for number, text in enumerate(self._texts) if text.removals
        }
        for index, changed in edits.items():
            # Texts without a segment share their `first` with the next text, so the last of these owns it.
            by_text.setdefault(bisect_right(firsts, index) - 1, {})[index] = changed
        parts: list[bytes] = []
        done = 0
        for number in sorted(by_text):
            start, end = self._spans[number]
            parts += (self._body[done:start], self._texts[number].encode(self.segments, by_text[number]))
            done = end
        return b"".join((*parts, self._body[done:]))


class JsonCodec:
    """Reads `application/json` and every `+json` type, JSON Merge Patch (RFC 7396) included.

    A byte order mark stays: RFC 8259, section 8.1, lets a parser ignore it, and many do.
    With `patch` it reads JSON Patches (RFC 6902); field rules then refer to the patched resource.
    """

    def __init__(self, *, patch: bool = False) -> None:
        self._patch = patch

    def decode(self, body: bytes, *, limits: Limits, rules: FieldRules, charset: str | None) -> JsonDocument:
        """See `Codec.decode`. Offsets are bytes of `body`."""
        _check_charset(charset)
        listing = Listing([], {}, [])
        text = read_text(
            _unmarked(body), limits=limits, rules=rules, root="$", listing=listing, patch=self._patch
        )
        return JsonDocument(body, (), (text,), listing)

    def measure(
        self, body: bytes, *, limits: Limits, rules: FieldRules, charset: str | None
    ) -> tuple[int, int] | None:
        """The number of `decode`'s segments and the UTF-8 bytes of their texts; None if only it can tell."""
        if self._patch or charset not in UTF8_CHARSETS:
            return None
        return measured(_unmarked(body), limits=limits, rules=rules)


class NdjsonCodec:
    """Reads JSON texts, one per line, separated by LF; a CR before it and blank lines are kept as they are.

    So is a byte order mark before the first line, as some writers of files put there. A segment's root is
    `line[N]`, counting every line from 0. Field rules run over each line's text.
    """

    def decode(self, body: bytes, *, limits: Limits, rules: FieldRules, charset: str | None) -> JsonDocument:
        """See `Codec.decode`. Offsets are bytes of `body`."""
        return _read_each(body, b"\n", 0, limits=limits, rules=rules, charset=charset)


class JsonSequenceCodec:
    """Reads JSON text sequences (RFC 7464): before each text stands a record separator, after it an LF.

    The LF may be missing, and a text may stretch over several lines. Records without a text are kept as they
    are. A segment's root is `line[N]`, counting every record from 0. Field rules run over each text.
    """

    def decode(self, body: bytes, *, limits: Limits, rules: FieldRules, charset: str | None) -> JsonDocument:
        """See `Codec.decode`. Offsets are bytes of `body`.

        RFC 7464 lets a reader pass over a record that is not valid; here it is refused like any other text.
        """
        if body and not body.startswith(_RECORD):
            raise MalformedBodyError("not a JSON text sequence: no record separator at byte 0", offset=0)
        return _read_each(body, _RECORD, len(_RECORD), limits=limits, rules=rules, charset=charset)


def _read_each(
    body: bytes, separator: bytes, start: int, *, limits: Limits, rules: FieldRules, charset: str | None
) -> JsonDocument:
    """The texts of `body` from `start`, between the separators, which no JSON text holds."""
    _check_charset(charset)
    if body.count(separator) > NODES_PER_SEGMENT * limits.segments:
        raise TooManySegmentsError(f"more than {NODES_PER_SEGMENT * limits.segments} lines")
    listing = Listing([], {}, [])
    spans: list[tuple[int, int]] = []
    texts: list[JsonText] = []
    for number, text in enumerate(_unmarked(body)[start:].split(separator)):
        if text.strip(b" \t\r\n"):
            texts.append(
                _read_line(text, start=start, number=number, limits=limits, rules=rules, listing=listing)
            )
            spans.append((start, start + len(text)))
        start += len(text) + len(separator)
    return JsonDocument(body, spans, texts, listing)


def _read_line(
    line: bytes, *, start: int, number: int, limits: Limits, rules: FieldRules, listing: Listing
) -> JsonText:
    try:
        return read_text(line, limits=limits, rules=rules, root=f"{LINE}{number}]", listing=listing)
    except MalformedBodyError as error:
        offset = None if error.offset is None else start + error.offset
        detail = f"line {number}: {error.detail}"
    if offset is not None:
        detail += f" of the line, {offset} of the body"
    raise MalformedBodyError(detail, offset=offset)


def _unmarked(body: bytes) -> bytes:
    """The body with spaces for its byte order mark: offsets stay what they are. `encode` puts it back."""
    return b" " * len(BOM_UTF8) + body[len(BOM_UTF8) :] if body.startswith(BOM_UTF8) else body


def _check_charset(charset: str | None) -> None:
    if charset not in UTF8_CHARSETS:
        raise UnsupportedMediaTypeError("JSON must be in UTF-8 (RFC 8259, section 8.1)")
