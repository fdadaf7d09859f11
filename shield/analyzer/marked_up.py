"""What a model reads of marked-up text: its words, line by line, and what its tags say to people.

Tags, style sheets and styles are no words. A model that reads them spends half of its time on them, and takes
fonts ("Georgia", "Lato") and classes for places and people: what was replaced there would change how
the text is shown. Patterns read all of the text as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from shield.analyzer.views.folded import ATTRIBUTES, PARTING, PARTLESS, TAGS
from shield.analyzer.views.view import Draft, View
from shield.html_elements import FRAME

_COMMENT: Final = "<!--"
_COMMENT_END: Final = "-->"
_NAME: Final = rf"(?:{PARTLESS}|{PARTING}|{'|'.join(sorted(FRAME))}|[a-z]:[a-z]{{1,20}})"
_TAG: Final = re.compile(rf"</?{_NAME}(?![\w.@:\-]){ATTRIBUTES}/?>", re.IGNORECASE)
_STYLE: Final = re.compile(r"<style(?=[\s>])", re.IGNORECASE)
_STYLE_END: Final = re.compile(r"</style(?=[\s>])", re.IGNORECASE)
_ADDRESS: Final = "address"
_WORD: Final = r"[^\W\d_][\w'\u2019.\-]{0,40}"
_SAID: Final = re.compile(
    # What a browser shows or reads out (HTML, WAI-ARIA), and where it would write or call. Of other
    # attributes, several words.
    r"(?<![\w:\-])(?:(?:title|alt|placeholder|label|summary|abbr|content|value|aria-[a-z]{1,20})"
    r"\s{0,5}=\s{0,5}(?:\"(?P<double>[^\"<>]{1,1000}+)\"|'(?P<single>[^'<>]{1,1000}+)')"
    rf"|href\s{{0,5}}=\s{{0,5}}[\"'](?:mailto|tel|sms|callto|sip):(?P<{_ADDRESS}>[^\"'<>?]{{1,200}}+)"
    r"|(?!class|face|font|style|rel|media|xmlns)[a-z][\w\-]{0,40}"
    rf"=[\"'](?P<words>{_WORD}(?:\s{_WORD}){{1,5}})[\"'])",
    re.IGNORECASE,
)
_LINE: Final = "\n"
_TO: Final = "\nmail to "
"""How the scheme before an address reads."""


class _Said(NamedTuple):
    start: int
    end: int
    before: str
    """What is read for all that is left out before it."""


def words_of(text: str) -> str:
    """`text` with blanks for style sheets and tags, but for what these say to people; of the same length."""
    if "<" not in text:
        return text
    return _TAG.sub(_said_in, _without_style_sheets(text))


def prose_of(text: str, folded: View) -> tuple[View, View | None] | None:
    """The words of `text` in its folded reading, and those of the tags that this leaves out, if any.

    Each element that begins a line begins one here. `None` where the folded reading leaves no tag out.
    """
    read: list[str] = []
    position = 0
    said: list[_Said] = []
    marked = False
    for place, (start, end) in _unread(folded, len(text)):
        if not text.startswith("<", start):
            continue
        marked = True
        if place is not None:
            read += (folded.text[position:place], "\n")
            position = place + 1
        if text.startswith(_COMMENT, start):
            if start + len(_COMMENT) < end - len(_COMMENT_END):
                said.append(_Said(start + len(_COMMENT), end - len(_COMMENT_END), _LINE))
        elif text.find("=", start, end) >= 0:
            said += _said(text, start, end)
    if not marked:
        return None
    lines = "".join([*read, folded.text[position:]])
    return replace(folded, text=words_of(lines)), _apart(text, said)


def _without_style_sheets(text: str) -> str:
    """Blanks for the contents of style elements that hold a rule; what only mentions `<style>` is prose."""
    kept: list[str] = []
    position = 0
    while (begin := _STYLE.search(text, position)) is not None:
        end = _STYLE_END.search(text, begin.end())
        if end is None:
            break
        until = end.start()
        sheet = "{" in text[begin.end() : until]
        kept.append(text[position : begin.end()])
        kept.append(">".ljust(until - begin.end()) if sheet else text[begin.end() : until])
        position = until
    return "".join([*kept, text[position:]])


def _said_in(tag: re.Match[str]) -> str:
    blank = "\n".ljust(len(tag[0]))
    if "=" not in tag[0]:
        return blank
    read = list(blank)
    for start, end, _ in _said(tag[0], 0, len(tag[0])):
        read[start:end] = tag[0][start:end]
    return "".join(read)


def _said(text: str, start: int, end: int) -> list[_Said]:
    """The values of attributes within `[start, end)` that speak to people; a number alone says too little."""
    return [
        _Said(*match.span(match.lastgroup or 0), _TO if match.lastgroup == _ADDRESS else _LINE)
        for match in _SAID.finditer(text, start, end)
        if match.lastgroup == _ADDRESS or any(map(str.isalpha, match[match.lastgroup or 0]))
    ]


def _unread(view: View, length: int) -> Iterator[tuple[int | None, tuple[int, int]]]:
    """Raw spans that are read differently or not at all, with the place of a blank that is read for one."""
    position = 0
    for at, start, end, copied in zip(view.at, view.starts, view.ends, view.copied, strict=True):
        if start > position:
            yield None, (position, start)
        if not copied:
            yield (at if view.text[at] == " " else None), (start, end)
        position = end
    if position < length:
        yield None, (position, length)


def _apart(text: str, spans: Sequence[_Said]) -> View | None:
    """The reading of these spans alone, each on a line of its own."""
    if not spans:
        return None
    draft = Draft(text)
    position = 0
    for start, end, before in spans:
        draft.put(position, start, before)
        position = end
    if position < len(text):
        draft.put(position, len(text), _LINE)
    return draft.view(TAGS)
