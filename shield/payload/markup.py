"""Escapes replacements in HTML, in formats that allow its tags (Markdown, WebVTT) and in GraphQL strings.

To a browser `<PERSON>` is an unknown element: it shows nothing where the name stood, and a sanitizer
removes it. In HTML it is written `&lt;PERSON&gt;` (HTML, 13.1.4; CommonMark, 6.6; WebVTT, 6.1). The media
type says what a body is; for a text in JSON, a form or a text body without a type of its own, `is_markup`
decides. SubRip allows the tags `<b>` and `<i>`, but no character references, so it does not count as HTML.

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
# An end tag, or an element that has none. A start tag is no sign: people write "List<b>" and "<a> or <b>".
_MARKUP: Final = re.compile(
    r"</(?:p|div|span|a|b|i|u|s|em|strong|small|sub|sup|font|mark|code|pre|blockquote|h[1-6]|ul|ol|li|dl|dt|dd"
    r"|table|tbody|thead|tr|td|th|section|article|figure|details|label|button|center|html|body|head|style|script)"
    r"\s{0,8}>|<(?:br|hr|img)\b[^<>]{0,4000}>|<!doctype html",
    re.IGNORECASE,
)
_SUBRIP: Final = re.compile(r"^\d{1,2}:\d\d:\d\d,\d{3} --> \d", re.MULTILINE)
_SIGNS: Final = frozenset("<>&\"'")
_WRITTEN: Final = {'"': "&quot;", "'": "&#x27;"}
_LIKE_REFERENCE: Final = re.compile(
    r"&(?=[A-Za-z#])(?![A-Za-z][A-Za-z0-9]{1,31};|#\d{1,7};|#[xX][0-9A-Fa-f]{1,6};)"
)
_META: Final = re.compile(r"<meta(?=[\s/])|<\?xml(?=\s)", re.IGNORECASE)
_SAID: Final = re.compile(r"(?:charset|encoding)\s*=\s*[\"']?\s*([^\s\"';,/>?]*)", re.IGNORECASE)
_READ: Final = 4096
"""Code points read after the tag's name; where the tag ends does not matter, as readers disagree on that."""

_OF_CODECS: Final = {
    "utf-8": frozenset({"utf-8", "utf8"}),
    # Browsers read all three as windows-1252 (WHATWG Encoding, 4.2).
    "ascii": frozenset({"us-ascii", "ascii", "iso-8859-1", "latin1", "windows-1252", "cp1252"}),
    "utf-16-le": frozenset({"utf-16", "utf-16le"}),
    "utf-16-be": frozenset({"utf-16", "utf-16be"}),
}
_ONE_WITH: Final = {"latin-1": "ascii", "cp1252": "ascii"}
_OVER_ASCII: Final = re.compile(r"utf-?8|(?:us-)?ascii|(?:iso-8859|windows)-\d{1,4}|latin1|cp125\d|koi8-[ru]")


def is_markup(text: str) -> bool:
    """Whether `text` is HTML, which a browser will interpret. Linear in its length."""
    return (
        ">" in text
        and _MARKUP.search(text) is not None
        and not ("-->" in text and _SUBRIP.search(text) is not None)
    )


def as_text(replacement: str, replaced: str) -> str:
    """The replacement escaped for HTML, between tags and in attribute values: `&lt;PERSON&gt;`.

    A tag, a reference or a quotation mark that stood in the replaced text is not escaped: operators such as
    `mask` leave it. Neither is what is already escaped.
    """
    if _SIGNS.isdisjoint(replacement):
        return replacement
    pieces = _TAG.split(replacement)
    pieces[::2] = [_signs(piece, replaced) for piece in pieces[::2]]
    pieces[1::2] = [tag if tag in replaced else _signs(tag, replaced) for tag in pieces[1::2]]
    return "".join(pieces)


def as_string(replacement: str, replaced: str) -> str:  # noqa: ARG001  says what others need
    """The replacement escaped for a GraphQL string (2.9.4); the ends of lines become blanks."""
    escaped = replacement.replace("\\", "\\\\").replace('"', '\\"')
    return " ".join(escaped.split("\n")).replace("\r", " ")


def _signs(text: str, replaced: str) -> str:
    text = text if "&" in replaced else _LIKE_REFERENCE.sub("&amp;", text)
    for sign, written in _WRITTEN.items():
        if sign not in replaced:
            text = text.replace(sign, written)
    return text.replace("<", "&lt;").replace(">", "&gt;")


def check_declared(text: str, codec: str) -> str:
    """The codec with which to write an HTML text that was read with `codec`; see `common_codec`."""
    return common_codec(_declared(text), text, codec)


def common_codec(said: set[str], text: str, codec: str) -> str:
    """The codec with which to write a text that was read with `codec` and declares the charsets `said`.

    Where these differ and the text is pure ASCII, replacements must be ASCII too. Raises MalformedBodyError
    where the text reads differently in one of them.
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
    """Whether the whole text reads the same in all these charsets."""
    return text.isascii() and "\x1b" not in text and all(_OVER_ASCII.fullmatch(name) for name in said)
