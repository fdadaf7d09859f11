"""Finds content in a text that cannot be inspected: encoded documents, archives, images and sound.

Encodings are base64, base32, hexadecimal, uuencode and Ascii85.

A run is opaque where its first bytes are those of such a format, or where it is long and holds no text: then
it may be anything, including personal data. A short run without a signature is a key, a token, a hash or an
id, which are common in texts: it is read as text. A run that the `decoded` view reads whole is not opaque.

Law: a text without a long run costs one pass over its words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from shield.analyzer.views.contents import UNKNOWN, Allowance, content_of, form_of, printable
from shield.analyzer.views.encodings import BREAK, base32_bytes, base64_bytes, heads, hex_bytes, starts
from shield.analyzer.views.framed import framed_runs, may_be_framed

LEAST: Final = 24
"""Characters without a blank; no run with a signature is shorter."""
LEAST_UNKNOWN: Final = 2048
"""Characters of a run without a signature. Links that mail services track with, certificates, signed tokens
and message ids are shorter; documents, pictures and sound are longer."""
_LAYERS: Final = 2  # of encodings, one within the other
_SIGNS: Final = "A-Za-z0-9+/_-"
# In JSON within a string, or percent-encoded, `/` and `+` take more than one character.
_ESCAPED: Final = r"\\/|%2[BbFf]|\\u002[bBfF]"
_LONG = re.compile(rf"[{_SIGNS}]{{20}}|(?:[0-9A-Fa-f]{{2}}:){{8}}")
_BASE64 = re.compile(rf"(?<![{_SIGNS}])[{_SIGNS}]{{12,}}+(?:(?:\r?\n){{1,2}}+[{_SIGNS}]{{2,}}+)*+={{0,2}}")
_ESCAPED_BASE64 = re.compile(
    rf"(?<![{_SIGNS}])(?:{_ESCAPED})?[{_SIGNS}]{{2,}}+"
    rf"(?:(?:{_ESCAPED}|(?:\\r)?\\n|\r?\n){{1,4}}+[{_SIGNS}]++)*+(?:=|%3[Dd]){{0,2}}"
)
_BASE32 = re.compile(
    r"[A-Z2-7](?<![A-Za-moqsu-z0-9].)[A-Z2-7]{23,}+(?![A-Za-z0-9])"
    r"(?:(?:\r?\n|(?:\\r)?\\n){1,2}+[A-Z2-7]{2,}+(?![A-Za-z0-9]))*+={0,6}"
)
_HEX = re.compile(
    r"(?<![0-9A-Za-moqsu-z])"  # the letter of `\n`, `\r` or `\t` may precede, in JSON within a string
    r"(?:(?:0[xX])?[0-9A-Fa-f]{24,}|[0-9A-Fa-f]{2}(?:[ :][0-9A-Fa-f]{2}){23,})(?![0-9A-Za-z])"
)
_PAIRED = re.compile(r"[0-9A-Fa-f]{2}(?: [0-9A-Fa-f]{2}){11}")
_PAIRS: Final = 24  # of hexadecimal digits separated by blanks; fewer may be quoted from a file by hand
_COLONS: Final = 8  # of `_LONG`
_DRAWN: Final = bytes(
    ord("a") if chr(code).isascii() and (chr(code).isalnum() or chr(code) in "+/_-") else code
    for code in range(256)
)
"""Each of `_SIGNS` as one and the same."""
_LONG_DRAWN: Final = b"a" * 20
_PAIRED_DRAWN: Final = b" ".join([b"aa"] * 12)
_SIGN = re.compile(r"\\/|%2[Ff]|\\u002[fF]")
_PLUS = re.compile(r"%2[Bb]|\\u002[bB]")
_PADDING = re.compile(r"(?:=|%3[Dd])+$")
_HEAD: Final = 40  # characters that hold the first 24 bytes
_LEAST_TEXT: Final = 16  # bytes of a head; fewer are text by chance
_VARIED: Final = 24  # different characters of unknown content: a ruler of dashes, or digits, is none
_VARIED_LINES: Final = 40  # the same in lines: a list of ids has few
_VARIED_HEX: Final = 12  # different digits in hexadecimal content that is not a number
_LEAST_LINE: Final = 40  # characters of the lines into which an encoder breaks content


class OpaqueRun(NamedTuple):
    """`[start, end)` of a text, in code points, and the form of its content."""

    start: int
    end: int
    form: str


def opaque_runs(text: str) -> list[OpaqueRun]:
    """The opaque runs of a text, disjoint and in order."""
    if len(text) < LEAST or not _may_hold(text):
        return []
    found = list(_runs(text, _LAYERS, Allowance(len(text))))
    found.sort(key=lambda run: (run.start, -run.end))
    disjoint: list[OpaqueRun] = []
    for run in found:
        if not disjoint or run.start >= disjoint[-1].end:
            disjoint.append(run)
    return disjoint


def _may_hold(text: str) -> bool:
    if may_be_framed(text):
        return True
    if text.isascii():
        # The tests below, as a quick byte search: most texts have none of this.
        drawn = text.encode().translate(_DRAWN)
        if _LONG_DRAWN not in drawn and _PAIRED_DRAWN not in drawn and text.count(":") < _COLONS:
            return False
    words = text.split()
    lengths = [*map(len, words)]
    if lengths and max(lengths) >= LEAST and any(_LONG.search(word) for word in words if len(word) >= LEAST):
        return True
    return lengths.count(2) >= _PAIRS and _PAIRED.search(text) is not None


def _runs(text: str, layers: int, allowance: Allowance) -> Iterator[OpaqueRun]:
    for match in _HEX.finditer(text):
        form = _form(hex_bytes(match.group()), match.end() - match.start(), layers, allowance)
        if form and (form != UNKNOWN or len(set(match.group().lower())) >= _VARIED_HEX):
            yield OpaqueRun(match.start(), match.end(), form)
    read: list[tuple[int, int]] = []
    for match in _BASE32.finditer(text):
        lines = [line for line, _ in _lines(match.group())]
        signs = "".join(lines)
        form = _form(base32_bytes(signs), len(signs), layers, allowance)
        if form and (form != UNKNOWN or _is_content(lines, _VARIED, 8)):
            yield OpaqueRun(match.start(), match.end(), form)
        elif not form and len(signs) >= LEAST_UNKNOWN:
            read.append(match.span())
    for framed in framed_runs(text):
        form = _form(framed.data, framed.end - framed.start, layers, allowance)
        if form:
            yield OpaqueRun(framed.start, framed.end, form)
    escaped = "\\" in text or "%2" in text
    for match in (_ESCAPED_BASE64 if escaped else _BASE64).finditer(text):
        start, end = match.span()
        if end - start < LEAST:
            continue
        run = _in_base64(text, start, end, layers, allowance)
        # A long run of base32 that was read as text is also one of base64.
        if run is not None and not (run.form == UNKNOWN and _covered(read, start, end)):
            yield run


def _covered(read: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether the parts `read` of a run, in order, leave too little of it to be examined."""
    first = bisect_left(read, (start, start))
    covered = 0
    while first < len(read) and read[first][0] < end:
        covered += min(read[first][1], end) - read[first][0]
        first += 1
    return covered > 0 and end - start - covered < LEAST_UNKNOWN


def _in_base64(text: str, start: int, end: int, layers: int, allowance: Allowance) -> OpaqueRun | None:
    """The run from the first place where content begins; None where that is read, or there is none."""
    run = text[start:end]
    places = [(offset, base64_bytes(line[:_HEAD]) or b"") for line, offset in _lines(run)]
    first = places[0][1]
    behind: list[tuple[int, bytes]] = []
    if "\\" in run or "%" in run:
        behind = [(place - start, _head(run, place - start)) for place in starts(text, start, end)]
    elif len(run) > LEAST:
        behind = [(place - start, head) for place, head in heads(text, start, end)]
    begin = next((place for place, head in (*places, *behind) if form_of(head)), 0)
    if not begin and len(run) >= LEAST_UNKNOWN and not form_of(first) and not printable(first):
        # Text after a path or a name: what precedes it is too short to be examined.
        begin = next((place for place, head in behind if _is_text(head)), 0)
    lines = [line for line, _ in _lines(run[begin:])]
    signs = "".join(lines)
    data = base64_bytes(signs)
    if len(signs) < LEAST or data is None:
        return None
    form = _form(data, len(signs), layers, allowance)
    if not form or (form == UNKNOWN and not _is_content(lines, _VARIED_LINES, 4)):
        return None
    return OpaqueRun(start + begin, end, form)


def _is_text(head: bytes) -> bool:
    return len(head) >= _LEAST_TEXT and printable(head) != ""


def _head(run: str, place: int) -> bytes:
    """The first bytes of the content at `place` of a run of base64."""
    return base64_bytes(_plain(BREAK.split(run[place : place + 2 * _HEAD], maxsplit=1)[0])[:_HEAD]) or b""


def _lines(run: str) -> Iterator[tuple[str, int]]:
    """The base64 lines of a run, and where each begins."""
    position = 0
    for match in BREAK.finditer(run):
        yield _plain(run[position : match.start()]), position
        position = match.end()
    yield _plain(run[position:]), position


def _plain(line: str) -> str:
    line = _PADDING.sub("", line)
    if "\\" in line or "%" in line:
        line = _PLUS.sub("+", _SIGN.sub("/", line))
    return line


def _is_content(lines: list[str], varied: int, quantum: int) -> bool:
    """Whether lines without a signature are from an encoder, rather than a list of words or ids.

    Content in several lines has `varied` or more different characters, and line lengths divide by `quantum`.
    """
    different = len(set("".join(lines)))
    if len(lines) == 1:
        return different >= _VARIED
    width = len(lines[1])
    whole = all(len(line) == width for line in lines[1:-1])
    return different >= varied and whole and width >= _LEAST_LINE and width % quantum == 0


def _form(data: bytes | None, length: int, layers: int, allowance: Allowance) -> str:
    """The form of the unread content of `data`, the bytes of a run of `length` characters; empty: none."""
    if data is None or (length < LEAST_UNKNOWN and layers and not form_of(data) and not _may_wrap(data)):
        return ""
    text, form = content_of(data, allowance)
    if form == UNKNOWN and length < LEAST_UNKNOWN:
        return ""
    if not form and text and layers > 1:
        return next((run.form for run in _runs(text, layers - 1, allowance)), "")
    return form


def _may_wrap(data: bytes) -> bool:
    return data[:_HEAD].isascii()
