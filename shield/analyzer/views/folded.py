r"""The folded view: unusual characters, escapes and markup read as plain text.

Dropped: zero-width and bidirectional marks, soft hyphens, control characters, lone surrogates, combining
marks that compose with nothing, variation selectors, terminal colours (ECMA-48, SGR), inline markup and
comments, the marks of CDATA sections, the times and classes of words in WebVTT, and backslashes before
punctuation in Markdown (CommonMark, 2.4).
Read as ASCII: compatibility forms (Unicode NFKC: full-width, mathematical, circled, superscript), decimal
digits of other scripts, look-alike letters of other scripts next to ASCII, emoji key caps and regional
letters, dashes and odd spaces between letters and digits.
Decoded: character references (HTML; also escaped again, up to three times), percent-encoding (RFC 3986),
`\uXXXX`, `\u{XXXX}`, `\xXX` and `%uXXXX` (also after several backslashes, as in JSON within JSON), and the
`+` of form-encoded words. Underscores of markup, and those that join a number to a word, are blanks. A line
of a quoted mail goes on in the next one, within a number and after the sign of an address.
Folded lines of a vCard or a calendar are joined. Case is kept. Ordinary accented text, typographic quotes
and emoji are left alone.

Law: what is dropped with a tag or a comment is read all the same, in the view `tags`; so neither does a value
hide in there, nor does what stands there part a value around it.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final
from urllib.parse import unquote

from shield.analyzer.views.homoglyphs import CAPITALS, HOMOGLYPHS
from shield.analyzer.views.view import Draft, View
from shield.html_elements import INLINE, LINES, UNSEEN

NAME = "folded"
TAGS = "tags"

_SELECTORS = "\ufe00-\ufe0f"  # variation selectors: common after emoji, odd after anything else
_COMBINING = (
    "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\U000e0100-\U000e01ef"
)
_MARKS = _COMBINING + _SELECTORS
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U0001d173-\U0001d17a\U000e0000-\U000e007f"
)
_CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_DASHES = "\u2010-\u2015\u2043\u2212\u2796\ufe58"
_COMPATIBLE = (
    "\u00aa\u00b2\u00b3\u00b9\u00ba\u2024\u2070-\u209c\u2100-\u2121\u2123-\u214f\u2460-\u24ff\u2776-\u2793"
    "\u3002\u1d2c-\u1d6a\ufb00-\ufb06\ufe50-\ufe57\ufe59-\ufe6b\uff01-\uff5e\uff61"
    "\U0001d400-\U0001d7ff\U0001f100-\U0001f189\U0001f1e6-\U0001f1ff\U0001fbf0-\U0001fbf9"
)
_LOOK_ALIKE = re.escape("".join(HOMOGLYPHS))
PARTLESS: Final = (
    "|".join(sorted(INLINE | UNSEEN, key=lambda name: (-len(name), name)))
    + "|o:p|[a-z][a-z0-9]{0,30}-[a-z0-9-]{1,30}"  # custom elements too
)
"""Names of elements that part no word, as an expression."""
PARTING: Final = "|".join(sorted(LINES, key=lambda name: (-len(name), name)))
"""Names of elements that begin a line, as an expression."""
ATTRIBUTES: Final = (
    r"(?:\s[^<>=]{0,4000}+(?:=(?:\"[^\"<]{0,1000}\"|'[^'<]{0,1000}')?+[^<>=]{0,4000}+){0,400}+)?+"
)
"""Attributes of a tag, as an expression; a value in quotes may hold a `>`. Linear, as it ends at each `<`."""
_CLASS = r"</?c(?:\.[\w.-]{1,60})?>"
# Karaoke times, with the class spans beside them (WebVTT, 4.2.2): machine-made captions have one before each
# word.
_POINT = r"\d{2,3}:[0-5]\d(?::[0-5]\d)?\.\d{3}"
_TIMED = rf"(?:{_CLASS}){{0,2}}<{_POINT}>(?:{_CLASS}){{0,2}}|<c\.[\w.-]{{1,60}}>|</c>"
_QUOTED = r"\r?\n[ \t]{0,4}>[> \t]{0,8}"
"""The end of a quoted line, and the marks before the next one (RFC 3676, 4.5)."""
# A word or a number of form-encoded text; base64 mixes the two.
_FORM_WORD = r"(?:[A-Za-z]{1,24}|[0-9][0-9().-]{0,23})(?:[.,;:!?]|%[0-9A-Fa-f]{2}){0,8}"
_FOLDABLE = re.compile(
    rf"""
    (?=[&%<^\\_\r\n{_CONTROLS}A-Za-z0-9@\u0080-\U0010ffff])(?:
      (?P<reference>&(?:(?:amp|\#38|\#[xX]26);){{0,3}}(?:\#0*+[0-9]{{0,7}}(?<=[0-9]);?|\#[xX]0*+[0-9A-Fa-f]{{0,6}}(?<![xX]);?|[A-Za-z][A-Za-z0-9]{{1,31}};))
    | (?P<form>(?<![A-Za-z0-9+/]){_FORM_WORD}(?:\+{_FORM_WORD}){{1,200}}(?![A-Za-z0-9+/@=]))
    | (?P<emphasis>(?<![A-Za-z0-9_])(?P<lines>_{{1,3}})(?=[^\s_])[^_\n]{{1,200}}(?P=lines)(?![A-Za-z0-9_]))
    | (?P<under>(?<=[A-Za-z])_(?=[0-9]{{3}}[-. ][0-9]|[0-9]{{4}}(?:[-. ][0-9]{{4}}){{2}}|[0-9]{{9}})
        |(?<=[0-9]{{4}})_(?=[A-Za-z]))
    | (?P<colour>(?:\x1b|\\(?:u001[bB]|x1[bB]|033|e)|\^\[)\[[0-9;:]{{0,32}}[mK])
    | (?P<percent>(?:%(?:25){{0,2}}[0-9A-Fa-f]{{2}})+)
    | (?P<escape>\\{{1,8}}+(?:u[0-9A-Fa-f]{{4}}|x[0-9A-Fa-f]{{2}}|u\{{[0-9A-Fa-f]{{1,5}}\}})
        |%u[0-9A-Fa-f]{{4}})
    | (?P<written>(?<=[A-Za-z0-9)])\\(?=[-_.@()])|\\(?=[+(][0-9]))
    | (?P<timed>{_TIMED})
    | (?P<markup></?(?i:{PARTLESS}){ATTRIBUTES}/?>)
    | (?P<comment><!--)
    | (?P<cdata><!\[CDATA\[[^<\]]{{0,300}}\]\]>)
    | (?P<line></?(?i:{PARTING}){ATTRIBUTES}/?>)
    | (?P<cut>(?:(?<=[0-9]-)(?={_QUOTED}[0-9])|(?<=@)(?={_QUOTED}[A-Za-z0-9])){_QUOTED})
    | (?P<quoted>(?:(?<=[0-9)])|(?<=[0-9)]\ )|(?<=[0-9]-\ )){_QUOTED}(?=\(?[0-9]))
    | (?P<cluster>[A-Za-z0-9@](?:[{_INVISIBLE}]*[{_MARKS}]{{1,64}}))
    | (?P<drop>[{_INVISIBLE}{_CONTROLS}{_MARKS}]+)
    | (?P<compatible>[{_COMPATIBLE}]|(?![0-9])\d)
    | (?P<like>(?<=[A-Za-z0-9@_])[{_LOOK_ALIKE}]+|[{_LOOK_ALIKE}]+(?=[A-Za-z0-9@_])
        |(?<![^\W_])[{CAPITALS}]{{2,8}}(?=[ ][0-9]))
    | (?P<dash>(?<=[^\W_])[{_DASHES}](?=[^\W_]))
    | (?P<space>(?<=[^\W_])[{_SPACES}](?=[^\W_]))
    )
    """,
    re.VERBOSE,
)
_FOLDABLE_CARD = re.compile(rf"(?P<wrapped>(?<=\S)\r?\n[ \t](?=\S))|(?:{_FOLDABLE.pattern})", re.VERBOSE)
"""As `_FOLDABLE`, and the folded lines of cards and calendars (RFC 6350, 3.2; RFC 5545, 3.1)."""
_CARD = re.compile("BEGIN:V(?:CARD|CALENDAR|EVENT|TODO)", re.IGNORECASE)
_PADDING = re.compile(r"(?<=#)0+(?=[0-9])|(?<=#[xX])0+(?=[0-9A-Fa-f])")  # of any length (HTML, 13.2.5.75)
_REFERENCES = 4  # nested: `&amp;#64;` is `@` in a text that was escaped twice
_COMMENT_END = re.compile("--!?>")  # also of `<!-->`, as browsers read it
_SHORT_COMMENT = 107  # code points: a hundred, and the marks
_TAG_KINDS = frozenset({"markup", "line"})
_MAY_FOLD = re.compile(r"[&%<\\\^\x00-\x08\x0e-\x1f\x7f]|[^\x00-\x7f]|_[0-9]|[0-9]_|\n[ \t]{0,4}>")
"""In a tag or comment without these nothing is folded."""
_LEAST_LEFT = 8  # code points of the inside of a tag or comment; a name alone is shorter
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_FORM_SIGNS = re.compile(r"\+|(?:%[0-9A-Fa-f]{2})+")
_FOLDABLE_BEYOND_ASCII = re.compile(
    rf"[{_INVISIBLE}{_COMBINING}{_COMPATIBLE}{_CONTROLS}]|[A-Za-z0-9@][{_SELECTORS}]|(?![0-9])\d"
    rf"|[A-Za-z0-9@_][{_LOOK_ALIKE}]|(?<![^\W_])[{CAPITALS}]{{2,8}} [0-9]"
    rf"|[{_LOOK_ALIKE}][A-Za-z0-9@_]|[0-9A-Za-z][{_DASHES}{_SPACES}][0-9A-Za-z]"
)
# What most non-ASCII texts consist of: none of these characters is folded by itself.
_ORDINARY = frozenset(
    map(chr, (*range(0x20, 0x7F), 9, 10, 13, *range(0xC0, 0xD7), *range(0xD8, 0xF7), *range(0xF8, 0x131)))
) | frozenset(map(chr, (*range(0x134, 0x13F), *range(0x141, 0x149), *range(0x14A, 0x17F))))
_SIGNS = frozenset(
    "\u00a1\u00a3\u00a7\u00ab\u00b0\u00bb\u00bf\u2018\u2019\u201a\u201c\u201d\u201e\u2022\u2026\u20ac"
)
_BETWEEN = frozenset(chr(code) for code in (0xA0, 0x202F, *range(0x2010, 0x2016)))
_BETWEEN_FIGURES = re.compile(f"[0-9A-Za-z][{_DASHES}{_SPACES}][0-9A-Za-z]")
_REMAINING_MARKS = re.compile(f"[{_MARKS}{_INVISIBLE}]")
_REGIONAL_A, _REGIONAL_Z = 0x1F1E6, 0x1F1FF
_NEGATIVE = ((0x1F150, 0x1F169), (0x1F170, 0x1F189))  # white letters on black; no NFKC form


def has_foldable(text: str) -> bool:
    """Whether a text that is not all ASCII holds a character to fold."""
    odd = set(text) - _ORDINARY - _SIGNS
    if odd <= _BETWEEN:
        return bool(odd) and _BETWEEN_FIGURES.search(text) is not None
    return _FOLDABLE_BEYOND_ASCII.search(text) is not None


def folded(text: str) -> tuple[View | None, View | None]:
    """The folded view of `text`, and the view of what that leaves out with tags and comments.

    `None` for a view that reads the same, or holds nothing.
    """
    draft, left = Draft(text), list[tuple[int, int]]()
    position = 0
    foldable = _FOLDABLE_CARD if _CARD.search(text) is not None else _FOLDABLE
    while position >= 0:
        position = _fold_on(text, position, draft, foldable, left)
    return draft.view(NAME), _tags(text, left)


def _fold_on(
    text: str, position: int, draft: Draft, foldable: re.Pattern[str], left: list[tuple[int, int]]
) -> int:
    """Reads up to a comment that is left out; returns where it ends, or -1 at the end of the text.

    Adds to `left` where something stands that is left out.
    """
    closing: tuple[int, int] | None = position, position  # of the comment that was looked at last
    for match in foldable.finditer(text, position):
        kind, (start, end) = match.lastgroup or "", match.span()
        if kind == "comment":
            if closing is not None and closing[0] < start + 2:
                found = _COMMENT_END.search(text, start + 2)  # no part of the text is searched twice
                closing = None if found is None else found.span()
            if closing is not None and _leaves_out(text, start, closing[1]):
                draft.put(start, closing[1], "")
                _leave(start + len("<!--"), closing[0], left)
                return closing[1]
        elif kind == "form":
            for inner in _FORM_SIGNS.finditer(text, start, end):
                draft.put(*inner.span(), " " if inner.group() == "+" else _percent_decoded(inner.group()))
        elif kind == "emphasis":
            lines = len(match["lines"])
            draft.put(start, start + lines, " ")
            _fold(text, start + lines, end - lines, draft, left)
            draft.put(end - lines, end, " ")
        elif kind == "cdata":
            draft.put(start, start + len(_CDATA), "")
            _fold(text, start + len(_CDATA), end - len(_CDATA_END), draft, left)
            draft.put(end - len(_CDATA_END), end, "")
        else:
            if kind in _TAG_KINDS:
                _leave(start + 1, end - 1, left)
            _put(match, draft)
    return -1


def _leave(start: int, end: int, left: list[tuple[int, int]]) -> None:
    if end - start >= _LEAST_LEFT:
        left.append((start, end))


def _tags(text: str, left: list[tuple[int, int]]) -> View | None:
    """The view of the spans that were left out, each on a line of its own; they are disjoint and in order."""
    if not left:
        return None
    draft = Draft(text)
    before = 0
    for start, end in left:
        draft.put(before, start, "\n")
        if _MAY_FOLD.search(text, start, end) is not None:
            _fold_tag(text, start, end, draft)
        before = end
    draft.put(before, len(text), "\n")
    return draft.view(TAGS)


def _fold_tag(text: str, start: int, end: int, draft: Draft) -> None:
    """Folds the inside of a tag, or of a comment with its tags."""
    for match in _FOLDABLE.finditer(text, start, end):
        kind = match.lastgroup or ""
        if kind in _TAG_KINDS or kind == "cdata":
            _fold_tag(text, match.start() + 1, match.end(), draft)
        elif kind not in {"form", "emphasis", "comment", "timed"}:
            _put(match, draft)


def _leaves_out(text: str, start: int, end: int) -> bool:
    """Whether the comment is dropped: a long one is read, unless it is within a word or number."""
    return end - start <= _SHORT_COMMENT or (
        start > 0 and end < len(text) and _is_glue(text[start - 1]) and _is_glue(text[end])
    )


def _is_glue(character: str) -> bool:
    return character.isalnum() or character in "@.-_+"


def _fold(text: str, start: int, end: int, draft: Draft, left: list[tuple[int, int]]) -> None:
    """Folds the inside of markup."""
    for match in _FOLDABLE.finditer(text, start, end):
        if match.lastgroup in {"form", "emphasis"}:
            continue
        if match.lastgroup in _TAG_KINDS:
            _leave(match.start() + 1, match.end() - 1, left)
        _put(match, draft)


def _put(match: re.Match[str], draft: Draft) -> None:
    piece = match.group()
    reading = _read(match.lastgroup or "", piece)
    if reading != piece:
        draft.put(match.start(), match.end(), reading)


def _read(kind: str, piece: str) -> str:
    match kind:
        case "reference":
            reading = piece
            for _ in range(_REFERENCES):
                reading = html.unescape(_PADDING.sub("", reading))
            return reading if reading == piece else _plain(reading)
        case "percent":
            return _percent_decoded(piece)
        case "escape":
            return _plain(chr(int(piece.lstrip("\\%ux{").rstrip("}") or "0", 16)))
        case "markup" | "timed" | "drop" | "colour" | "wrapped" | "written" | "cut":
            return ""
        case "line" | "space" | "under" | "quoted":
            return " "
        case "dash":
            return "-"
        case "like":
            return "".join([HOMOGLYPHS[character] for character in piece])
        case "cluster":
            return _REMAINING_MARKS.sub("", unicodedata.normalize("NFKC", piece))
        case _:
            return "".join(map(_compatible, piece))


def _plain(decoded: str) -> str:
    """How a decoded reference reads: it may itself be a character to fold."""
    if decoded.isascii():
        return "" if decoded in "\x00\x7f" else decoded
    text = "".join(HOMOGLYPHS.get(c) or _compatible(c) for c in decoded)
    return _REMAINING_MARKS.sub("", text)


def _percent_decoded(piece: str) -> str:
    """The decoded piece, even if it was encoded repeatedly: %2540 is %40 is @."""
    decoded = piece
    try:
        while "%" in decoded and (once := unquote(decoded, errors="strict")) != decoded:
            decoded = once
    except UnicodeDecodeError:
        pass
    return _plain(decoded) if decoded.isprintable() or decoded.isspace() else piece


def _compatible(character: str) -> str:
    code = ord(character)
    if _REGIONAL_A <= code <= _REGIONAL_Z:
        return chr(ord("A") + code - _REGIONAL_A)
    for low, high in _NEGATIVE:
        if low <= code <= high:
            return chr(ord("A") + code - low)
    if character in "\u3002\uff61":
        return "."
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    normal = unicodedata.normalize("NFKC", character)
    # Fractions, units and the like would become several words, in which patterns find nothing more.
    return normal if len(normal) == 1 or normal.isalnum() else character
