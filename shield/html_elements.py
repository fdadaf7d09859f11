"""Names of HTML elements by what their tags part: for readings, edits and masks."""

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
FRAME: Final = frozenset(
    """html head body base meta link style script noscript template main nav aside figure figcaption details
    summary address map area iframe object table caption colgroup col thead tbody tfoot tr th form fieldset
    legend label input button select option textarea video audio source canvas svg""".split()
)
"""Other elements of a document, whose tags are no words either."""
