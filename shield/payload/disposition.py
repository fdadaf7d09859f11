r"""`Content-Disposition: form-data` of a part (RFC 7578, section 4.2), edited in place.

Senders do not agree on how a name is written, nor receivers on how it is read. A quoted name has `"`, CR
and LF as `%22`, `%0D` and `%0A` (WHATWG HTML, 4.10.21.8); other escapes are literal text. Where receivers
disagree, the name is refused: `\"`, which ends it only for some, a backslash in a field's name, a quoted name
that holds what looks like another parameter, and `'` outside of quotes, which PHP takes for a quote.
`filename*` (RFC 8187) is read in UTF-8, and a file's name made only of encoded words (RFC 2047), as .NET
writes them, is decoded. A field's name is not decoded: a receiver that does not decode it would see a field
of another name than the one whose rule was applied.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from shield.domain import Edit
from shield.errors import MalformedBodyError
from shield.payload.percent import decode_percent, edit_percent
from shield.payload.splice import boundaries, splice

TOKEN: Final = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_PARAMETER: Final = re.compile(rb';[ \t]*(%b)=(?:(%b)|"((?:[^"\\]|\\(?!"))*)")[ \t]*' % (TOKEN, TOKEN))
_KIND: Final = re.compile(rb"form-data[ \t]*", re.IGNORECASE)
# Rack goes by the last of these, in quotes or not; Formidable by the first `name=`.
_LIKE_NAME: Final = re.compile(rb";[ \t]*(?:file)?name\*?=")
_EXTENDED: Final = re.compile(
    rb"(utf-8'(?:[a-z]{2,3}(?:-[a-z0-9]{2,8})?)?')((?:%[0-9a-f]{2}|[!#$&+\-.^_`|~0-9a-z])*)",
    re.IGNORECASE,
)
_WORD: Final = re.compile(rb"=\?(?:utf-8|us-ascii)\?([bq])\?([^?\x20]*)\?=", re.IGNORECASE)
WORDS: Final = re.compile(rb"%b(?:[ \t]+%b)*" % (_WORD.pattern, _WORD.pattern), re.IGNORECASE)
ANY_WORD: Final = re.compile(rb"=\?[^?]*\?[bq]\?", re.IGNORECASE)
_UNIT: Final = re.compile(rb"%22|%0[AaDd]|[\x00-\x7f\xc0-\xff][\x80-\xbf]*")
_ESCAPE: Final = re.compile(rb"%(22|0[AaDd])")
_UNWRITABLE: Final = re.compile(r'[\x00-\x1f\x7f"\\/]')
CLOSING: Final = b">"
_SEPARATORS: Final = re.compile(r"(?<=[^\W\d_])[_.+-]|[_.+-](?=[^\W\d_])")
_STEM: Final = re.compile(r"(?:[^\W\d_]+|\d+)(?:[ _.+-]+(?:[^\W\d_]+|\d+))+")
# File extensions other than top-level domains; after an address, detectors would take one for part of it.
_ENDINGS: Final = frozenset(
    """csv doc docx eml gif heic htm html jpeg jpg json log m4a msg mp3 mp4 odt pdf png ppt pptx rtf tif tiff
    txt wav webp xls xlsx xml""".split()
)
_WORD_OF_NAME: Final = re.compile(r"[^\W\d_]{3}")


def read_quoted(raw: bytes) -> str | None:
    """The text that `raw`, the inside of the quotes, stands for. None where it is not UTF-8."""
    try:
        return _ESCAPE.sub(lambda match: bytes.fromhex(match[1].decode()), raw).decode()
    except UnicodeDecodeError:
        return None


def as_words(filename: str) -> str:
    """A file's name of plain words with blanks between them, for detectors; of the same length.

    `jane_doe-passport.pdf` names a person as a text does. A name that is not all words and numbers (an
    address, a key, a token) stays as it is, except that a blank parts an address from the file's extension.
    Separators between numbers stay too, and so do hyphens and dots in a name that has blanks.
    """
    stem, dot, ending = filename.rpartition(".")
    if not dot:
        stem, ending = filename, ""
    if _STEM.fullmatch(stem) is None or _WORD_OF_NAME.search(stem) is None:
        return f"{stem} {ending}" if "@" in stem and ending.lower() in _ENDINGS else filename
    words = _SEPARATORS.sub(lambda it: " " if it[0] == "_" or " " not in stem else it[0], stem)
    return words + dot + ending


def quotable(text: str) -> bytes:
    """`text` escaped to stand between quotes: no path, and nothing that ends the quotes or the line."""
    escaped = _UNWRITABLE.sub(lambda match: f"%{ord(match[0]):02X}", text)
    return escaped.encode("utf-8", "replace")


def edit_quoted(raw: bytes, text: str, edits: Sequence[Edit]) -> bytes:
    """`raw` after `edits`, whose offsets are code points of `text`, which is `read_quoted(raw)`."""
    points = boundaries(edits, len(text))
    starts = [unit.start() for unit in _UNIT.finditer(raw)]
    starts.append(len(raw))
    return splice(raw, edits, [starts[point] for point in points], quotable)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter's value: `[start, end)` of the body, with its quotes, and the `text` that it stands for.

    `raw` is what stands between its quotes; `prefix` is the charset and language of an extended parameter.
    `words`: the value is written in encoded words, so `text` does not stand in the body.
    """

    start: int
    end: int
    raw: bytes
    text: str
    prefix: bytes = b""
    words: bool = False

    def inner(self, edits: Sequence[Edit]) -> bytes:
        """The new inside of the quotes after `edits` of the text."""
        if self.words:
            points = boundaries(edits, len(self.text))
            return quotable(splice(self.text, edits, points, str))
        return edit_quoted(self.raw, self.text, edits)

    def edited(self, edits: Sequence[Edit]) -> bytes:
        """The new value, with its quotes, after `edits` of the text."""
        if self.prefix:
            return self.prefix + edit_percent(self.raw, self.text, edits)
        return b'"%b"' % self.inner(edits)


class Disposition(NamedTuple):
    """The name of a field, and the parameters that give the name of the part's file."""

    name: Parameter
    filename: Parameter | None
    extended: Parameter | None

    @property
    def is_file(self) -> bool:
        return self.filename is not None or self.extended is not None


def read_disposition(value: bytes, start: int) -> Disposition:
    """Read the header's value, which begins at `start` of the body. Raises MalformedBodyError."""
    match = _KIND.match(value)
    if match is None:
        raise MalformedBodyError("its Content-Disposition is not form-data")
    found: dict[bytes, Parameter] = {}
    position = match.end()
    while position < len(value):
        match = _PARAMETER.match(value, position)
        if match is None:
            raise MalformedBodyError("its Content-Disposition has a parameter that is not valid")
        position = match.end()
        name = match[1].lower()
        if name not in {b"name", b"filename", b"filename*"}:
            raise MalformedBodyError("its Content-Disposition has a parameter other than name and filename")
        if name in found:
            raise MalformedBodyError("its Content-Disposition gives a parameter twice")
        found[name] = _extended(match, start) if name.endswith(b"*") else _quoted(match, start)
        quoted = (match[3] or b"").lower()
        if _LIKE_NAME.search(quoted) or (b"name=" in quoted and b"name" not in found):
            raise MalformedBodyError("a name in its Content-Disposition holds what some take for another")
    if b"name" not in found:
        raise MalformedBodyError("it has no name")
    if b"\\" in found[b"name"].raw or found[b"name"].words:
        raise MalformedBodyError("its name has a backslash or an encoded word, which not all receivers undo")
    return Disposition(found[b"name"], found.get(b"filename"), found.get(b"filename*"))


def _quoted(match: re.Match[bytes], start: int) -> Parameter:
    in_quotes = match[3] is not None
    raw = match[3] if in_quotes else match[2]
    at = (start + match.start(3) - 1, start + match.end(3) + 1) if in_quotes else _span(match, start)
    if not in_quotes and b"'" in raw:
        raise MalformedBodyError("a name in its Content-Disposition has ', which for some begins a quotation")
    words = WORDS.fullmatch(raw) is not None
    text = read_words(raw) if words else read_quoted(raw)
    if text is None or (not words and ANY_WORD.search(raw) is not None):
        raise MalformedBodyError(
            "a name in its Content-Disposition is in no charset or encoding that is read"
        )
    return Parameter(*at, raw, text, words=words)


def _extended(match: re.Match[bytes], start: int) -> Parameter:
    parts = _EXTENDED.fullmatch(match[2] or b"")
    text = None if parts is None else decode_percent(parts[2], plus=False)
    if parts is None or text is None:
        raise MalformedBodyError("the filename* in its Content-Disposition is not in UTF-8")
    return Parameter(*_span(match, start), parts[2], text, prefix=parts[1])


def _span(match: re.Match[bytes], start: int) -> tuple[int, int]:
    return start + match.start(2), start + match.end(2)


def read_words(raw: bytes) -> str | None:
    """The text of encoded words, without the blanks between two of them (RFC 2047, section 6.2)."""
    pieces = []
    for match in _WORD.finditer(raw):
        if match[1] in b"qQ":
            pieces.append(re.sub(rb"=([0-9A-Fa-f]{2})", _byte, match[2].replace(b"_", b" ")))
            continue
        try:
            pieces.append(b64decode(match[2], validate=True))
        except ValueError:
            return None
    try:
        return b"".join(pieces).decode()
    except UnicodeDecodeError:
        return None


def _byte(match: re.Match[bytes]) -> bytes:
    return bytes.fromhex(match[1].decode())
