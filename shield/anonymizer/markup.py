"""Replacements in texts that are HTML: written as text, so that a reader sees them.

To a browser `<PERSON>` is an element that it does not know: nothing is shown where a name stood, and a
sanitizer takes it away. In HTML the same is written `&lt;PERSON&gt;` (HTML, 13.1.4).
"""

from __future__ import annotations

import re
from html import escape
from typing import Final

# An element's end, or one that has none. A start alone is none: people write "List<b>" and "<a> or <b>".
_MARKUP: Final = re.compile(
    r"</(?:p|div|span|a|b|i|u|s|em|strong|small|sub|sup|font|mark|code|pre|blockquote|h[1-6]|ul|ol|li|dl|dt|dd"
    r"|table|tbody|thead|tr|td|th|section|article|figure|details|label|button|center|html|body|head|style|script)"
    r"\s{0,8}>|<(?:br|hr|img)\b[^<>]{0,4000}>|<!doctype html",
    re.IGNORECASE,
)


def is_markup(text: str) -> bool:
    """Whether `text` is HTML: what stands in it is read by a browser. Linear in its length."""
    return ">" in text and _MARKUP.search(text) is not None


def as_markup(replacement: str) -> str:
    """The replacement as HTML shows it, between tags and in the values of attributes."""
    return escape(replacement)
