"""Where a request ends that offers an upgrade (RFC 9110, 7.8) which nobody takes up.

aiohttp's parser stops behind such a request. Where the offered protocol is none that it knows, such as
`h2c`, it drops what came with the request in one piece: a request behind it would be lost, or begin halfway.
"""

from __future__ import annotations

from aiohttp.http import RawRequestMessage

_HEAD_END = b"\r\n\r\n"


def rest_of_offer(message: RawRequestMessage, data: bytes) -> int | None:
    """How many bytes of the body of `message` are to come behind `data`, in which its head ended.

    Negative: how many at the end of `data` are none of its. None where that is not certain. Before (the end
    of) its head there is nothing in `data`, and the parser has checked its framing.
    """
    if message.chunked or data[:1] in b"\r\n":  # the end of the head may have begun in the piece before
        return None
    end = data.find(_HEAD_END)
    if end < 0:
        return None
    return int(message.headers.get("Content-Length", "0")) - (len(data) - end - len(_HEAD_END))
