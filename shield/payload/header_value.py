r"""Reads and edits in place the value of one header field of a request (RFC 9110, section 5.5).

A value is a text that may hold JSON, a URL with its query, pairs (`Cookie`, `baggage`, tags of objects),
parameters with the name of a file (RFC 6266, RFC 8187), quoted strings, encoded words (RFC 2047) and
percent-encoding. Each is a piece with its own segments; what is not an edit stays byte-identical. A
replacement is written as its piece demands, never breaks the line, and has non-ASCII bytes only where the
value had some before.

A value that is not UTF-8 is read as ISO-8859-1, as servers do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes

from shield.domain import Edit, FieldAction, FieldRule, Limits, Location, Segment, SegmentKind
from shield.errors import MalformedBodyError, MalformedTargetError, TooDeepError, TooManySegmentsError
from shield.payload.disposition import TOKEN, as_words
from shield.payload.document import Document, File
from shield.payload.encoded_words import ENCODED, read_encoded
from shield.payload.header_pieces import (
    IN_PARAMETER,
    IN_QUOTES,
    IN_TEXT,
    BytesPiece,
    JsonPiece,
    PercentPiece,
    TextPiece,
    UnquotedPiece,
    WordsPiece,
)
from shield.payload.json_codec import JsonCodec
from shield.payload.pairs import decode_pairs
from shield.payload.percent import decode_percent
from shield.payload.selectors import NO_RULES
from shield.payload.splice import replace_spans

ROOT: Final = "header"

_URL: Final = re.compile(rb"(?:[A-Za-z][A-Za-z0-9+.-]*:/|/)[!#-~]*")
_ESCAPE: Final = re.compile(rb"%[0-9A-Fa-f]{2}")
_ESCAPED: Final = re.compile(rb"\\.", re.DOTALL)
_BARE: Final = rb"[!#-:<-\[\]-~\x80-\xff]"  # what senders write without quotes, of which many are no tokens
_PIECE: Final = re.compile(
    rb"(?P<escaped>\\.)"
    rb'|(?:;[ \t]*(?P<name>%b)=)?(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<words>%b))'
    rb"|;[ \t]*(?P<extended>%b\*)=(?P<charset>[A-Za-z0-9-]*'[^']*')(?P<value>[!-:<-~]*)"
    rb'|;[ \t]*(?P<file>filename)=(?P<bare>%b(?:[^";]*%b)?)'
    rb"|;[ \t]*(?P<named>%b)=(?P<token>%b+(?:(?<!,)[ \t]+(?!=\?)%b+)*)"
    % (TOKEN, ENCODED.pattern, TOKEN, _BARE, _BARE, TOKEN, _BARE, _BARE),
    re.IGNORECASE | re.DOTALL,
)
_UNESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_PAIRS: Final = {"cookie": re.compile(b";"), "baggage": re.compile(b"[,;]")}
"""What separates the pairs of a field."""
_NAME: Final = re.compile(rb"[ \t]*[A-Za-z_.-]*(?:\d{1,3}[A-Za-z_.-]+)*\d{0,3}[ \t]*")
"""The name of a pair that is made of words."""
_SIGNS: Final = ('"', "%", "=", ":/")
_FIRST_SIGNS: Final = frozenset("[{/")
"""A value without these is a single literal text."""
_TAGS: Final = frozenset({"x-amz-tagging", "x-ms-tags"})
_OF_BODY: Final = frozenset({b"boundary", b"charset"})
"""Parameters of the body's type by which it is read: with others it would be another body."""
_FILE_NAMES: Final = frozenset({"filename", "filename*", "name", "name*"})


class _Piece(NamedTuple):
    """A document at `[start, end)` of the value, with the index of its first segment."""

    start: int
    end: int
    document: Document
    first: int


@dataclass(frozen=True, slots=True)
class HeaderDocument:
    """A decoded field value; see `Document`."""

    raw: bytes
    pieces: Sequence[_Piece]
    segments: Sequence[Segment]
    rules: Mapping[int, FieldRule]
    files: Sequence[File] = ()
    drops: Sequence[tuple[str, Location]] = ()

    def encode(self, edits: Mapping[int, Sequence[Edit]]) -> bytes:
        spans: list[tuple[int, int, bytes]] = []
        for piece in self.pieces:
            own = {
                index: made
                for index in range(len(piece.document.segments))
                if (made := edits.get(piece.first + index))
            }
            if own:
                spans.append((piece.start, piece.end, piece.document.encode(own)))
        return replace_spans(self.raw, spans) if spans else self.raw


def is_plain(value: str) -> bool:
    """Whether a value is known to be a single literal text, of which `decode_field` makes one segment."""
    return value.isascii() and value[:1] not in _FIRST_SIGNS and not any(it in value for it in _SIGNS)


def decode_field(
    name: str, place: int, raw: bytes, *, limits: Limits, is_address: bool = False, entity: str = ""
) -> HeaderDocument:
    """Decode the value of the field `name` (lower case), its `place`-th; segments are at `(name, place, …)`.

    `is_address`: it names an object, and the part before its query is a PATH. With `entity`, the whole
    value is of that type. JSON nested deeper than a body may be is read as text. Raises
    TooManySegmentsError.
    """
    at = (name, place)
    if entity:
        text, charset = _read(raw)
        segment = Segment(0, text, at, SegmentKind.PARAMETER, ROOT)
        rule = FieldRule("", FieldAction.TREAT_AS, entity)
        return HeaderDocument(
            raw, (_Piece(0, len(raw), TextPiece(raw, segment, charset), 0),), (segment,), {0: rule}
        )
    pieces: list[_Piece] = []
    segments: list[Segment] = []
    for start, end, document in _pieces(name, at, raw, limits, is_address=is_address):
        first = len(segments)
        segments += [
            Segment(
                first + it.index,
                it.text,
                it.location if it.root == ROOT else (*at, *it.location),
                it.kind,
                ROOT,
            )
            for it in document.segments
            if it.text
        ]
        if len(segments) - first == len(document.segments):
            pieces.append(_Piece(start, end, document, first))
        if len(segments) > limits.segments:
            raise TooManySegmentsError(f"more than {limits.segments} pieces of text")
    return HeaderDocument(raw, pieces, segments, {})


_Found = tuple[int, int, Document]


def _pieces(name: str, at: Location, raw: bytes, limits: Limits, *, is_address: bool) -> Iterator[_Found]:
    kind = SegmentKind.PATH if is_address else SegmentKind.PARAMETER
    if raw[:1] in {b"{", b"["} and (document := _json(raw, limits)) is not None:
        yield 0, len(raw), document
    elif name in _PAIRS:
        yield from _pairs(at, raw, _PAIRS[name])
    elif name in _TAGS and (pairs := _form(raw, limits, kind)) is not None:
        yield 0, len(raw), pairs
    elif _URL.fullmatch(raw) is not None:
        yield from _url(at, raw, limits, kind)
    elif _is_structured(raw) and _ESCAPED.sub(b"", raw).count(b'"') % 2 == 0:
        yield from _texts(at, raw, kind)
    else:
        yield 0, len(raw), _token(raw, at, kind)


def _is_structured(raw: bytes) -> bool:
    """Whether it may be more than one text, or may be written in an encoded form."""
    return any(sign in raw for sign in (b'"', b"%", b"=?")) or (b"=" in raw and b";" in raw)


def _json(raw: bytes, limits: Limits) -> Document | None:
    try:
        return JsonPiece(raw, JsonCodec().decode(raw, limits=limits, rules=NO_RULES, charset=None))
    except (MalformedBodyError, TooDeepError):
        return None


def _form(raw: bytes, limits: Limits, kind: SegmentKind) -> Document | None:
    try:
        return decode_pairs(
            raw,
            root="form",
            kind=kind,
            limits=limits,
            rules=NO_RULES,
            refuse=MalformedTargetError,
        )
    except MalformedTargetError:
        return None


def _url(at: Location, raw: bytes, limits: Limits, kind: SegmentKind) -> Iterator[_Found]:
    end = min((place for place in (raw.find(b"?"), raw.find(b"#")) if place >= 0), default=len(raw))
    yield 0, end, _percent(raw[:end], at, kind)
    if raw[end : end + 1] == b"?":
        start = end + 1
        end = raw.find(b"#", start) if b"#" in raw[start:] else len(raw)
        query = _form(raw[start:end], limits, kind)
        yield start, end, query if query is not None else _percent(raw[start:end], at)
    if end < len(raw):
        yield end + 1, len(raw), _percent(raw[end + 1 :], at)


def _pairs(at: Location, raw: bytes, parting: re.Pattern[bytes]) -> Iterator[_Found]:
    """Each value at its name; unusual names, and text without one, at the field itself."""
    start = 0
    for end in (*(match.start() for match in parting.finditer(raw)), len(raw)):
        name, equals, value = raw[start:end].partition(b"=")
        if not value.strip(b" \t") and not name.strip(b" \t"):
            start = end + 1
            continue
        if equals:
            if _NAME.fullmatch(name) is None:
                yield start, start + len(name), _percent(name, at)
            first = end - len(value.lstrip(b" \t"))
            last = first + len(value.strip(b" \t"))
            if last - first > 1 and raw[first : first + 1] == raw[last - 1 : last] == b'"':
                first, last = first + 1, last - 1
            yield first, last, _percent(raw[first:last], (*at, _read(name.strip())[0]))
        else:
            yield start, end, _percent(raw[start:end], at)
        start = end + 1


def _texts(at: Location, raw: bytes, kind: SegmentKind) -> Iterator[_Found]:
    """Quoted strings, encoded words and parameters, each by itself, and the text between them."""
    done = 0
    for match in _PIECE.finditer(raw):
        if match["escaped"] is not None:
            continue
        if done < match.start():
            yield done, match.start(), _token(raw[done : match.start()], at, kind)
        done = match.end()
        if at[0] == "content-type" and (match["name"] or match["named"] or b"").lower() in _OF_BODY:
            continue
        if match["extended"] is not None:
            start, end = match.span("value")
            yield start, end, _extended(raw[start:end], match["charset"], _below(at, match["extended"]))
        elif match["bare"] is not None:  # with its blanks, as many write a file's name
            start, end = match.span("bare")
            yield start, end, _unquoted(raw[start:end], _below(at, match["file"]), kind)
        elif match["token"] is not None:  # with its blanks, too
            start, end = match.span("token")
            yield start, end, _unquoted(raw[start:end], _below(at, match["named"]), kind)
        elif match["quoted"]:
            start, end = match.span("quoted")
            yield start, end, _quoted(raw[start:end], _below(at, match["name"]))
        elif match["words"] is not None:
            start, end = match.span("words")
            plain = IN_TEXT if match["name"] is None else IN_PARAMETER
            yield start, end, _words(raw[start:end], _below(at, match["name"]), plain)
    if done < len(raw):
        yield done, len(raw), _token(raw[done:], at, kind)


def _below(at: Location, name: bytes | None) -> Location:
    return at if name is None else (*at, _read(name)[0].lower())


def _token(raw: bytes, at: Location, kind: SegmentKind = SegmentKind.PARAMETER) -> Document:
    """A text without structure. If it has no blank, its escapes are percent-encoding."""
    if b" " not in raw and _ESCAPE.search(raw) is not None:
        return _percent(raw, at, kind)
    text, charset = _read(raw)
    return TextPiece(raw, _segment(text, at, kind), charset)


def _percent(raw: bytes, at: Location, kind: SegmentKind = SegmentKind.PARAMETER) -> Document:
    """A text whose replacements are percent-encoded, like the rest of it, where needed."""
    text = decode_percent(raw, plus=False)
    if text is not None:
        return PercentPiece(raw, text, _segment(text, at, kind))
    text, charset = _read(raw)
    return TextPiece(raw, _segment(text, at, kind), charset)


def _unquoted(raw: bytes, at: Location, kind: SegmentKind) -> Document:
    """The value of a parameter without quotes; it gets quotes where a replacement needs them."""
    document = _token(raw, at, kind)
    return UnquotedPiece(document) if isinstance(document, TextPiece) else document


def _quoted(raw: bytes, at: Location) -> Document:
    if ENCODED.fullmatch(raw) is not None:
        return _words(raw, at, IN_QUOTES)
    if b"\\" not in raw and b" " not in raw and _ESCAPE.search(raw) is not None:
        return _token(raw, at)
    written, charset = _read(raw)
    return TextPiece(raw, _segment(_UNESCAPED.sub(r"\1", written), at), charset, escaped=True)


def _words(raw: bytes, at: Location, plain: re.Pattern[str]) -> Document:
    text = read_encoded(raw)
    return _token(raw, at) if text is None else WordsPiece(raw, text, _segment(text, at), plain)


def _extended(raw: bytes, charset: bytes, at: Location) -> Document:
    """A value as in RFC 8187; of another charset than UTF-8, only ASCII is certain."""
    text = decode_percent(raw, plus=False)
    if text is None or not charset.lower().startswith((b"utf-8'", b"'")):
        text = unquote_to_bytes(raw).decode("latin-1")
        return BytesPiece(raw, _segment(text, at))
    return PercentPiece(raw, text, _segment(text, at))


def _segment(text: str, at: Location, kind: SegmentKind = SegmentKind.PARAMETER) -> Segment:
    if at and at[-1] in _FILE_NAMES:
        text = as_words(text)
    return Segment(0, text, at, kind, ROOT)


def _read(raw: bytes) -> tuple[str, str]:
    """The text of raw bytes, and the charset that it is in."""
    try:
        return raw.decode(), "utf-8"
    except UnicodeDecodeError:
        return raw.decode("latin-1"), "latin-1"
