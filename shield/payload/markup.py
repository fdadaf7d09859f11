"""HTML, and what takes its tags: Markdown (CommonMark, 6.6) and WebVTT (6.1); and strings of GraphQL.

An HTML text may say what charset it is in. A receiver that goes by that, and not by the media type, reads
other text than was inspected; so the two must agree, or differ in nothing that the text holds.
"""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise
from typing import Final

from shield.errors import MalformedBodyError

_TAG: Final = re.compile(r"(<[^<>]{1,64}>)")
_META: Final = re.compile(r"<meta(?=[\s/])|<\?xml(?=\s)", re.IGNORECASE)
_SAID: Final = re.compile(r"(?:charset|encoding)\s*=\s*[\"']?\s*([^\s\"';,/>?]*)", re.IGNORECASE)
_READ: Final = 4096
"""Code points behind the name of the tag; where it ends is not asked, for not all readers agree on that."""

_OF_CODECS: Final = {
    "utf-8": frozenset({"utf-8", "utf8"}),
    # Browsers read all three as windows-1252 (WHATWG Encoding, 4.2).
    "ascii": frozenset({"us-ascii", "ascii", "iso-8859-1", "latin1", "windows-1252", "cp1252"}),
    "utf-16-le": frozenset({"utf-16", "utf-16le"}),
    "utf-16-be": frozenset({"utf-16", "utf-16be"}),
}
_ONE_WITH: Final = {"latin-1": "ascii", "cp1252": "ascii"}
_OVER_ASCII: Final = re.compile(r"utf-?8|(?:us-)?ascii|(?:iso-8859|windows)-\d{1,4}|latin1|cp125\d|koi8-[ru]")


def as_text(replacement: str, replaced: str) -> str:
    """`<PERSON>` is a tag there, which nobody sees: `&lt;PERSON&gt;`, in text and in attributes.

    A tag that stood in what is replaced stays one: operators such as `mask` leave it. So does what is written
    as text already.
    """
    if "<" not in replacement and ">" not in replacement:
        return replacement
    pieces = _TAG.split(replacement)
    pieces[::2] = map(_signs, pieces[::2])
    pieces[1::2] = [tag if tag in replaced else _signs(tag) for tag in pieces[1::2]]
    return "".join(pieces)


def as_string(replacement: str, replaced: str) -> str:  # noqa: ARG001  says what others need
    """In a string of GraphQL (2.9.4) a quote, a backslash or a line's end would not stay text."""
    escaped = replacement.replace("\\", "\\\\").replace('"', '\\"')
    return " ".join(escaped.split("\n")).replace("\r", " ")


def _signs(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;")


def check_declared(text: str, codec: str) -> str:
    """The codec to write an HTML text with that was read with `codec`; see `common_codec`."""
    return common_codec(_declared(text), text, codec)


def common_codec(said: set[str], text: str, codec: str) -> str:
    """The codec to write a text with, read with `codec`, that says that it is in the charsets `said`.

    Where these are others and the text is ASCII alone, so must be what is put in. Raises MalformedBodyError
    where the text reads otherwise in one of them.
    """
    if not said or said <= _OF_CODECS[_ONE_WITH.get(codec, codec)]:
        return codec
    if codec in {"utf-8", "ascii", "latin-1", "cp1252"} and _is_plain(text, said):
        return "ascii"
    raise MalformedBodyError("the text says that it is in another charset than its media type")


def _declared(text: str) -> set[str]:
    starts = [match.start() for match in _META.finditer(text)]
    said: set[str] = set()
    for start, following in pairwise([*starts, len(text)]):
        window = unescape(text[start : min(following, start + _READ)])
        said.update(match.lower() for match in _SAID.findall(window))
    return said


def _is_plain(text: str, said: set[str]) -> bool:
    """Whether all that stands in the text is the same in all these charsets."""
    return text.isascii() and "\x1b" not in text and all(_OVER_ASCII.fullmatch(name) for name in said)
