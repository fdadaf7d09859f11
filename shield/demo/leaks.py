r"""Searches what was stored for planted values: in the bytes, and in every decoding of them.

A value counts as stored when a reading of the bytes contains it, ignoring case and runs of white space; a
value of seven or more digits also when its digits follow each other with only separators between them.
Readings are the bytes as text, the strings, names and numbers of the JSON in it, the fields of the form in
it, and all of these after `Content-Encoding: gzip` is undone. So a value that was merely written differently
(`\u006d`, `%40`, a card number without its blanks) is still found.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

_SPACE = re.compile(r"\s+")
_SEPARATORS = re.compile(r"[\s().+/-]+")
_MIN_DIGITS = 7  # fewer are found in dates and amounts by chance


def stored_values(values: Iterable[str], body: bytes, content_encoding: str | None = None) -> list[str]:
    """Those of `values` that the stored bytes contain in any reading."""
    if content_encoding == "gzip":
        body = gzip.decompress(body)
    texts = [_folded(reading) for reading in readings(body)]
    runs = [_SEPARATORS.sub("", text) for text in texts]
    return [value for value in values if _contained(value, texts, runs)]


def readings(body: bytes) -> Iterator[str]:
    """The texts that a body can be read as."""
    text = body.decode("utf-8", errors="replace")
    yield text
    yield unquote_plus(text)
    for document in (text, *text.splitlines()):
        try:
            # Numbers stay as they are written: a card number must not become 4.111e15.
            value = json.loads(document, parse_int=str, parse_float=str, object_pairs_hook=list)
        except (ValueError, RecursionError):
            continue
        yield from _strings(value)
    for name, value in parse_qsl(text, keep_blank_values=True):
        yield name
        yield value


def planted_bytes(value: str) -> Sequence[bytes]:
    """The forms in which a value may stand in a file that is no payload, such as a log or a database page."""
    plain = value.encode()
    escaped = json.dumps(value)[1:-1].encode()
    return (plain,) if plain == escaped else (plain, escaped)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for member in value:
            yield from _strings(member)


def _folded(text: str) -> str:
    return _SPACE.sub(" ", text).casefold()


def _contained(value: str, texts: Sequence[str], runs: Sequence[str]) -> bool:
    folded = _folded(value)
    if any(folded in text for text in texts):
        return True
    digits = _SEPARATORS.sub("", folded)
    return digits.isdigit() and len(digits) >= _MIN_DIGITS and any(digits in run for run in runs)
