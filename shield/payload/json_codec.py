"""JSON (RFC 8259) and newline-delimited JSON, edited in place.

Law: what is not an edit stays byte-identical: spacing, order, number literals, escapes, duplicate
names, each of which is inspected. A body is read as UTF-8 only, as RFC 8259 demands between systems.
"""

from __future__ import annotations

from bisect import bisect_right
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


class JsonDocument:
    """A body of one or more JSON texts. `lines` maps the line of each text to it; see `Document`."""

    __slots__ = ("_body", "_lines", "_listing", "_texts")

    files: Sequence[File] = ()

    def __init__(
        self, body: bytes, lines: Sequence[int], texts: Sequence[JsonText], listing: Listing
    ) -> None:
        self._body = body
        self._lines = lines
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
        if len(self._texts) == 1 and not self._lines:
            return self._texts[0].encode(self.segments, made)
        return self._encode_lines(made)

    def _encode_lines(self, edits: Mapping[int, Sequence[Edit]]) -> bytes:
        firsts = [text.first for text in self._texts]
        by_text: dict[int, dict[int, Sequence[Edit]]] = {
            number: {} for number, text in enumerate(self._texts) if text.removals
        }
        for index, changed in edits.items():
            # Texts without a segment share their `first` with the next text, so the last of these owns it.
            by_text.setdefault(bisect_right(firsts, index) - 1, {})[index] = changed
        lines = self._body.split(b"\n")
        for number, own in by_text.items():
            lines[self._lines[number]] = self._texts[number].encode(self.segments, own)
        return b"\n".join(lines)


class JsonCodec:
    """Reads `application/json` and every `+json` type, JSON Merge Patch (RFC 7396) included.

    With `patch` it reads JSON Patches (RFC 6902); field rules then refer to the patched resource.
    """

    def __init__(self, *, patch: bool = False) -> None:
        self._patch = patch

    def decode(self, body: bytes, *, limits: Limits, rules: FieldRules, charset: str | None) -> JsonDocument:
        """See `Codec.decode`. Offsets are bytes of `body`."""
        _check_charset(charset)
        listing = Listing([], {}, [])
        text = read_text(body, limits=limits, rules=rules, root="$", listing=listing, patch=self._patch)
        return JsonDocument(body, (), (text,), listing)

    def measure(
        self, body: bytes, *, limits: Limits, rules: FieldRules, charset: str | None
    ) -> tuple[int, int] | None:
        """The number of `decode`'s segments and the UTF-8 bytes of their texts; None if only it can tell."""
        if self._patch or charset not in UTF8_CHARSETS:
            return None
        return measured(body, limits=limits, rules=rules)


class NdjsonCodec:
    """Reads JSON texts, one per line, separated by LF; a CR before it and blank lines are kept as they are.

    A segment's root is `line[N]`, counting every line from 0. Field rules run over each line's text.
    """

    def decode(self, body: bytes, *, limits: Limits, rules: FieldRules, charset: str | None) -> JsonDocument:
        """See `Codec.decode`. Offsets are bytes of `body`."""
        _check_charset(charset)
        if body.count(b"\n") > NODES_PER_SEGMENT * limits.segments:
            raise TooManySegmentsError(f"more than {NODES_PER_SEGMENT * limits.segments} lines")
        listing = Listing([], {}, [])
        lines: list[int] = []
        texts: list[JsonText] = []
        start = 0
        for number, line in enumerate(body.split(b"\n")):
            if line.strip(b" \t\r"):
                texts.append(
                    _read_line(line, start=start, number=number, limits=limits, rules=rules, listing=listing)
                )
                lines.append(number)
            start += len(line) + 1
        return JsonDocument(body, lines, texts, listing)


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


def _check_charset(charset: str | None) -> None:
    if charset not in UTF8_CHARSETS:
        raise UnsupportedMediaTypeError("JSON must be in UTF-8 (RFC 8259, section 8.1)")
