"""Finds where requests end in the bytes received. Pure; the parser decides what each request means."""

from __future__ import annotations

import re

from shield.errors import RequestError

_LAST_CHUNK = re.compile(rb"0+(?:;.*)?")
_HEAD_END = b"\r\n\r\n"
_CLOSE = b"lose\r\n"  # of `Connection: close`, in the two usual spellings
_OLD = b" HTTP/1.0\r\n"


def end_of_last_head(data: bytes) -> int:
    """The end of the head in data that begins a request, if the request may be the connection's last; else 0.

    What comes behind such a request is not processed (RFC 9112, 9.6), and is no reason not to serve it. The
    result is also 0 where the data ends with the head. This only splits what came in one piece where it might
    have come in two: the parser decides what each means.
    """
    end = data.find(_HEAD_END) + len(_HEAD_END)
    if end < len(_HEAD_END) or end == len(data):
        return 0
    closes = data.find(_CLOSE, 0, end) >= 0 or data.find(_OLD, 0, end) >= 0
    return end if closes else 0


def names_of_trailer(received: bytes) -> list[str]:
    """The names of the trailer fields that end a chunked request, of which `received` is the end.

    Raises RequestError where the trailer is larger than `received`.
    """
    names: list[str] = []
    for line in reversed(received.split(b"\r\n")):
        # The parser lets no trailer field look like this, so the first such line is the last chunk.
        if _LAST_CHUNK.fullmatch(line):
            return names
        if line:
            names.append(line.partition(b":")[0].decode("latin-1"))
    raise RequestError("The trailer is larger than the listener allows.")
