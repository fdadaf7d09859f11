"""Finds the end of a request that offers an upgrade (RFC 9110, 7.8) which is not taken up.

aiohttp's parser stops behind such a request. Where it does not know the offered protocol, such as `h2c`, it
drops what came with the request in one piece: the next request would be lost or begin halfway.
"""

from __future__ import annotations

from aiohttp.http import RawRequestMessage

_HEAD_END = b"\r\n\r\n"


def rest_of_offer(message: RawRequestMessage, data: bytes) -> int | None:
    """How many bytes of the body of `message` are to come behind `data`, in which its head ended.

    If negative, so many bytes at the end of `data` do not belong to it. None where that is not certain.
    `data` holds nothing before (the end of) its head, and the parser has checked its framing.
    """
    if message.chunked or data[:1] in b"\r\n":  # the end of the head may have begun in an earlier piece
        return None
    end = data.find(_HEAD_END)
    if end < 0:
        return None
    return int(message.headers.get("Content-Length", "0")) - (len(data) - end - len(_HEAD_END))
