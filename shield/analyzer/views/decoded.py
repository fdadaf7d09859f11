"""The decoded view: base64, base32, hexadecimal and quoted-printable runs that hold text, compressed or not.

The decoded text of a run is read in its place, so a finding in it covers the encoded characters that it was
decoded from: for base64, base32 and hexadecimal the whole run, for quoted-printable the escape sequence. A
base64 run may follow a path or a name, and precede one. Its lines may be parted by blanks, as where a text
was put into one line. Base64 within the text of a run is read too, four layers deep; other nested encodings
are not. `contents` tells what a run holds.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator
from typing import Final

from shield.analyzer.expressions.folded import fold
from shield.analyzer.views.contents import Allowance, content_of, form_of, is_zlib, printable
from shield.analyzer.views.encodings import BREAK, LEAST_PART, base32_bytes, base64_bytes, hex_bytes, parts
from shield.analyzer.views.trigger import Reading
from shield.analyzer.views.view import Draft, View

NAME = "decoded"
# A line break, with the next line indented, or an escaped break, as in JSON within a string.
_BREAK: Final = r"(?:\r?\n[ \t]{0,8}|(?:\\r)?\\n)"
# The text before is tested after the first character: an expression that begins with a class is faster. It
# may be the letter of an escaped `\n`, `\r` or `\t`, as in JSON within a string.
_BASE64 = re.compile(
    rf"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{{12,}}(?:{_BREAK}[A-Za-z0-9+/_-]{{4,76}})*={{0,2}}(?![A-Za-z0-9+/_-])"
)
# For a folded text: one byte for all characters of base64, and a blank for every other one.
_SIGNS_OF_64: Final = bytes(
    0x2B if code in b"+/_-" or bytes((code,)).isalnum() else 0x20 for code in range(256)
)
_LEAST_OF_64: Final = b"+" * 12
_BASE32 = re.compile(
    rf"[A-Z2-7](?<![A-Za-moqsu-z0-9].)[A-Z2-7]{{15,}}+(?![A-Za-z0-9])(?:{_BREAK}[A-Z2-7]{{4,}}+(?![A-Za-z0-9]))*+={{0,6}}"
)
_HEX_RUN = re.compile(
    r"[0-9A-Fa-f](?<![0-9A-Za-moqsu-z].)"
    r"(?:(?<=0)[xX][0-9A-Fa-f]{16,}|[0-9A-Fa-f]{15,}|[0-9A-Fa-f](?:[ :][0-9A-Fa-f]{2}){7,})(?![0-9A-Za-z])"
)
_QUOTED = re.compile(r"(?:=[0-9A-F]{2})+|=\r?\n")
_FIRST = 64  # characters decoded first: what is not text shows there
_LAYERS = 4  # of base64; each is three quarters of the one around it
_LINE = re.compile(r" ([A-Za-z0-9+/]{1,76}={0,2})(?![A-Za-z0-9+/=_-])")
_WIDTHS = frozenset({60, 64, 72, 76})
"""Characters of a line of base64, by RFC 7468, RFC 2045 and what common programs write."""
_LEAST = 6  # characters of text that a run must hold
_CERTAIN = 16  # characters from which only text reads as text
_MAY_BE_TEXT = re.compile(rb"[\t\r\n\x20-\x7e\x80-\xf4]{12}")
_TELLING = re.compile(r"[0-9@]")
LEAST_BINARY: Final = 32
"""Characters of a run from which it may hold more than text: shorter ones are words and tokens."""


def decoded(text: str, over: View | None, asked: Collection[Reading]) -> View | None:
    """The view of `text` with its encoded runs decoded; `None` where there are none.

    `asked` says whether it may hold base32 and hexadecimal.
    """
    allowance = Allowance(len(text))
    changes: list[tuple[int, int, str | None]] = []
    done = tried = 0
    for match in _runs_of_base64(text):
        start, end = match.span()
        if start < done:  # a line of the run before
            continue
        beyond = end
        if start >= tried and text[end : end + 1] == " ":
            beyond = tried = _end_of_lines(text, start, end)
        found_here = list(_in_base64(text, start, end, beyond, allowance))
        done = max((last for _, last, _ in found_here), default=0)
        changes += found_here
    for part, expression, read in (
        (Reading.DECODED_BASE32, _BASE32, _from_base32),
        (Reading.DECODED_HEX, _HEX_RUN, _from_hex),
    ):
        if part in asked:
            found = expression.finditer(text)
            changes += [(it.start(), it.end(), read(it.group(), allowance)) for it in found]
    runs = sorted((change for change in changes if change[2] is not None), key=lambda it: (it[0], -it[1]))
    quoted = list(_QUOTED.finditer(text)) if "=" in text else []
    if quoted:
        # The `=` before a run, or at its end, does not belong to an escape sequence.
        starts = [start for start, _, _ in runs]
        for match in quoted:
            place = bisect_left(starts, match.end())
            if not place or runs[place - 1][1] <= match.start():
                changes.append((match.start(), match.end(), _from_quoted(match.group())))
        runs = sorted((it for it in changes if it[2] is not None), key=lambda it: (it[0], -it[1]))
    if not runs:
        return None
    draft = Draft(text)
    for start, end, reading in runs:
        if reading is not None and start >= draft.position:
            draft.put(start, end, reading)
    return draft.view(NAME, over)


def _runs_of_base64(text: str) -> Iterator[re.Match[str]]:
    """What `_BASE64.finditer` yields; searching for twelve equal bytes costs a tenth of it."""
    signs = fold(text).translate(_SIGNS_OF_64)
    start = signs.find(_LEAST_OF_64)
    # No base64 character follows a match, so each place found begins a run, and a run of twelve matches.
    while start >= 0 and (match := _BASE64.match(text, start)) is not None:
        yield match
        start = signs.find(_LEAST_OF_64, match.end())


def _end_of_lines(text: str, start: int, end: int) -> int:
    """Where a run ends whose first line is `[start, end)` and whose other lines follow behind blanks.

    A short line is the last one; it may also be a word behind the run, which is no text in base64.
    """
    width = end - start
    while width in _WIDTHS and (line := _LINE.match(text, end)) is not None:
        last = line[1]
        if len(last) > width or (len(last) < width and not _is_text(last)):
            break
        end = line.end()
        if len(last) < width or last[-1] == "=":
            break
    return end


def _is_text(line: str) -> bool:
    data = base64_bytes(line) if len(line) % 4 == 0 else None
    return data is not None and data.isascii() and bool(printable(data))


def _in_base64(
    text: str, start: int, end: int, beyond: int, allowance: Allowance
) -> Iterator[tuple[int, int, str]]:
    reading = _from_base64(text[start:end], allowance)
    if reading is not None:
        whole = None if beyond == end else _from_base64(text[start:beyond].replace(" ", ""), allowance)
        yield (start, end, reading) if whole is None else (start, beyond, whole)
    if (
        reading is not None
        or end - start <= LEAST_PART
        or form_of(base64_bytes(text[start : start + _FIRST].split("\n", 1)[0]) or b"")
    ):
        return  # parts of a file are not texts of their own
    position = start
    for first, last, head in parts(text, start, end):
        # What begins neither like text nor like a known format is no content: most parts are words.
        if first < position or not (_MAY_BE_TEXT.match(head) or form_of(head) or is_zlib(head)):
            continue
        reading = _from_base64(text[first:last], allowance, part=True)
        if reading is not None:
            yield first, last, reading
            position = last
        elif form_of(head):
            return


def _from_base64(run: str, allowance: Allowance, layers: int = _LAYERS, *, part: bool = False) -> str | None:
    if "\n" in run or "\\" in run:
        run = BREAK.sub("", run)
    # The first bytes of nearly everything else (words, keys) are not printable text.
    head = base64_bytes(run[:_FIRST])
    if head is None or not (
        printable(head) or form_of(head) or (is_zlib(head) if part else len(run) >= LEAST_BINARY)
    ):
        return None
    return _within(text_of(base64_bytes(run), allowance), allowance, layers)


def _from_base32(run: str, allowance: Allowance) -> str | None:
    run = BREAK.sub("", run)
    head = base32_bytes(run[:_FIRST])
    if not printable(head) and not form_of(head) and not is_zlib(head):
        return None
    return _within(text_of(base32_bytes(run), allowance), allowance, _LAYERS)


def _from_hex(run: str, allowance: Allowance) -> str | None:
    return text_of(hex_bytes(run), allowance)


def _within(text: str | None, allowance: Allowance, layers: int) -> str | None:
    """The text of a run, with base64 runs in it decoded as well while `layers` are left.

    If some stand among other text, that follows as it was: tokens and credentials are known by their code.
    """
    if not text or layers <= 1:
        return text
    written = _BASE64.sub(
        lambda match: _from_base64(match.group(), allowance, layers - 1) or match.group(), text
    )
    if written == text or _BASE64.fullmatch(text.strip()) is not None:
        return written
    return f"{written}\n{text}"


def text_of(data: bytes | None, allowance: Allowance) -> str | None:
    """The text that the bytes of a run hold, compressed or not; `None` where there is none or too little."""
    if not data:
        return None
    text = content_of(data, allowance).text
    if len(text) >= _CERTAIN or (len(text) >= _LEAST and _TELLING.search(text)):
        return text
    return None


def _from_quoted(run: str) -> str | None:
    if run[1:2] in "\r\n":
        return ""
    data = bytes.fromhex(run.replace("=", ""))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text if text.isprintable() or text.isspace() else None
