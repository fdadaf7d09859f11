"""The parted view: puts a blank between a value and letters of another writing system that touch it.

"カード番号は4111111111111111です", "邮箱是wang@example.com请回复",
"010-1234-5678입니다": Chinese, Japanese and Thai are written without blanks, Korean and Hebrew words
take their particles with them. To an expression such letters are letters of a word (UTS #18, 1.2.1), so that
no value begins or ends beside them: a card's number is missed, and half of an address. Here each run of ASCII
letters and digits stands by itself. The models read this view in place of the text; patterns only find more.
"""

from __future__ import annotations

import re
from typing import Final

from shield.analyzer.views.view import Draft, View
from shield.analyzer.writing_systems import CASELESS

NAME: Final = "parted"
_OTHER: Final = re.compile(f"[{CASELESS}]")
_OF_VALUES: Final = r"[A-Za-z0-9+()@#]"
_PARTED: Final = re.compile(rf"(?<=[{CASELESS}]){_OF_VALUES}|{_OF_VALUES}(?=[{CASELESS}])")


def may_be_parted(text: str) -> bool:
    """Whether a text has such a place."""
    return not text.isascii() and _PARTED.search(text) is not None


def parted(text: str, over: View | None = None) -> View | None:
    """The view of `text` with blanks at such places; `None` where there are none."""
    draft = Draft(text)
    for match in _PARTED.finditer(text):
        start, end = match.span()
        before = " " if _OTHER.match(text[max(0, start - 1) : start]) else ""
        after = " " if _OTHER.match(text[end : end + 1]) else ""
        draft.put(start, end, f"{before}{text[start]}{after}")
    return draft.view(NAME, over)
