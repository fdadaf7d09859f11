"""Shows marks that nobody sees in text that somebody else wrote. Pure.

An override of the direction of writing (U+202E) has a page show an owner or a hold under another name, and a
zero-width mark makes two names out of what looks like one.
"""

from __future__ import annotations

from unicodedata import category

_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp"})


def visible(text: str) -> str:
    r"""The text with control and format characters as escapes (`\u202e`), but for line ends and tabs."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        it.encode("unicode_escape").decode() if category(it) in _UNSEEN and it not in "\n\t" else it
        for it in text
    )
