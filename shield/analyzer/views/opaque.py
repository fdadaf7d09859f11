"""What a text carries that nobody here can look into: documents, archives, images and sound in base64 or hex.

A run is opaque where its first bytes are those of such a format, or where it is long and holds no text: then
it may be anything, also personal data. A short run without a signature is a key, a token, a hash, or an id,
as texts have many: it is read as text is. One whose content the `decoded` reading reads whole is not opaque.

Law: a text without a long run costs one pass over its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from shield.analyzer.views.contents import UNKNOWN, Allowance, content_of, form_of
from shield.analyzer.views.decoded import base64_bytes, hex_bytes

LEAST: Final = 24
"""Characters without a blank: no run with a signature is shorter."""
LEAST_UNKNOWN: Final = 2048
"""Characters of a run without a signature. Links that mail services track with, certificates, signed tokens
and message ids are shorter; documents, pictures and sound are longer."""
_LAYERS: Final = 2
_SIGNS: Final = "A-Za-z0-9+/_-"
# As it stands in JSON within a string, or percent-encoded, the sign `/` or `+` is more than one character.
_ESCAPED: Final = r"\\/|%2[BbFf]|\\u002[bBfF]"
_LONG = re.compile(rf"[{_SIGNS}]{{20}}")
_BASE64 = re.compile(rf"(?<![{_SIGNS}])[{_SIGNS}]{{12,}}+(?:(?:\r?\n){{1,2}}+[{_SIGNS}]{{2,}}+)*+={{0,2}}")
_ESCAPED_BASE64 = re.compile(
    rf"(?<![{_SIGNS}])(?:{_ESCAPED})?[{_SIGNS}]{{2,}}+"
    rf"(?:(?:{_ESCAPED}|(?:\\r)?\\n|\r?\n){{1,4}}+[{_SIGNS}]++)*+(?:=|%3[Dd]){{0,2}}"
)
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:0[xX])?[0-9A-Fa-f]{24,}(?![0-9A-Za-z])")
_BREAK = re.compile(r"(?:\\r)?\\n|\s+")
_SIGN = re.compile(r"\\/|%2[Ff]|\\u002[fF]")
_PLUS = re.compile(r"%2[Bb]|\\u002[bB]")
_PADDING = re.compile(r"(?:=|%3[Dd])+$")
_HEAD: Final = 32  # characters that a signature stands in
_VARIED: Final = 24  # different signs of what is unknown: a rule of dashes, or digits, is no content
_VARIED_LINES: Final = 40  # the same in lines: a list of ids has few
_LEAST_LINE: Final = 40


class OpaqueRun(NamedTuple):
    """`[start, end)` of a text, in code points, and the form of what stands there."""

    start: int
    end: int
    form: str


def opaque_runs(text: str) -> list[OpaqueRun]:
    """The opaque runs of a text, disjoint and in order."""
    if len(text) < LEAST or not any(_LONG.search(word) for word in text.split() if len(word) >= LEAST):
        return []
    found = list(_runs(text, _LAYERS, Allowance(len(text))))
    found.sort(key=lambda run: (run.start, -run.end))
    disjoint: list[OpaqueRun] = []
    for run in found:
        if not disjoint or run.start >= disjoint[-1].end:
            disjoint.append(run)
    return disjoint


def _runs(text: str, layers: int, allowance: Allowance) -> Iterator[OpaqueRun]:
    for match in _HEX.finditer(text):
        form = _form(hex_bytes(match.group()), match.end() - match.start(), layers, allowance)
        if form:
            yield OpaqueRun(match.start(), match.end(), form)
    escaped = "\\" in text or "%2" in text
    for match in (_ESCAPED_BASE64 if escaped else _BASE64).finditer(text):
        if match.end() - match.start() >= LEAST:
            yield from _in_base64(match.group(), match.start(), layers, allowance)


def _in_base64(run: str, start: int, layers: int, allowance: Allowance) -> Iterator[OpaqueRun]:
    """At most one: from the first line of the run that begins a content."""
    position = 0
    for line, offset in _lines(run):
        head = base64_bytes(line[:_HEAD])
        if head is not None and form_of(head):
            position = offset
            break
    lines = [line for line, offset in _lines(run) if offset >= position]
    signs = "".join(lines)
    data = base64_bytes(signs)
    if len(signs) < LEAST or data is None:
        return
    form = _form(data, len(signs), layers, allowance)
    if form == UNKNOWN and not _is_content(lines):
        return
    if form:
        yield OpaqueRun(start + position, start + len(run), form)


def _lines(run: str) -> Iterator[tuple[str, int]]:
    """The lines of a run as base64 has them, and where each begins."""
    position = 0
    for match in _BREAK.finditer(run):
        yield _plain(run[position : match.start()]), position
        position = match.end()
    yield _plain(run[position:]), position


def _plain(line: str) -> str:
    line = _PADDING.sub("", line)
    if "\\" in line or "%" in line:
        line = _PLUS.sub("+", _SIGN.sub("/", line))
    return line


def _is_content(lines: list[str]) -> bool:
    """Whether lines without a signature are those of an encoder rather than a list of words or ids."""
    different = len(set("".join(lines)))
    if len(lines) == 1:
        return different >= _VARIED
    width = len(lines[1])
    whole = all(len(line) == width for line in lines[1:-1])
    return different >= _VARIED_LINES and whole and width >= _LEAST_LINE and width % 4 == 0


def _form(data: bytes | None, length: int, layers: int, allowance: Allowance) -> str:
    """The form of what is not read of `data`, the bytes of a run of `length` characters; empty: none."""
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
