"""Names of HTML elements that part no word, and of those that part lines: for readings, edits and masks."""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

from typing import Final

INLINE: Final = frozenset(
    """a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd mark nobr q s samp small span strike
    strong sub sup tt u var wbr""".split()
)
"""Elements of text: what stands before and after their tags is one word."""
UNSEEN: Final = frozenset("img picture ruby rb".split())
"""Elements of pictures and of notes on a word, which goes on behind them."""
LINES: Final = frozenset(
    """blockquote br center dd div dl dt footer h1 h2 h3 h4 h5 h6 header hr li ol p pre section article td
    ul""".split()
)
"""Elements that begin a line or a cell: what stands before and after their tags are two words."""
