"""Parses the request target (RFC 9112, 3.2): splits it, checks it and cuts its path into segments.

Nothing is normalized: what is forwarded is what was received. So everything that an upstream could normalize
to another path than the one by which the route was chosen is refused: dot segments, in any encoding, encoded
more than once, and with blanks behind them; NUL, a fragment, a byte that is not ASCII. `readings` covers what
only some servers take for another path.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import unquote

from shield.errors import MalformedTargetError

_VISIBLE = re.compile(r"[!-~]+")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ABSOLUTE = re.compile(r"(?i:https?)://([^/?#@]+)((?:[/?].*)?)")
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~-]+)(?::[0-9]{1,5})?")
_SLASH = re.compile(r"[/\\]")
_AGAIN = 3  # extra decodings that are checked: there may be several proxies that decode
_KNOWN_LENGTH = 128  # longer ones are not worth keeping


class Target(NamedTuple):
    """A request target. `path` and `query` (without `?`) are as received; `steps` are decoded.

    `asks` tells whether a `?` stands behind the path: `/x?` and `/x` are two targets (RFC 3986, 6.2.3).

    `raw_steps` are the path's segments as received, aligned with `steps`; `host` is lower case, without port
    and without the dot at the end that makes a name absolute (RFC 1034, 3.1).
    """

    path: str
    query: str
    raw_steps: tuple[str, ...]
    steps: tuple[str, ...]
    host: str
    asks: bool = False


def parse_target(raw: str, authority: str) -> Target:
    """Parse a request line's target together with the Host header's value (empty on HTTP/1.0).

    An absolute-form target is accepted only when its authority equals the Host header's, so it chooses no
    other route than that header does. Raises MalformedTargetError.
    """
    if raw[:1] != "/":
        raw, authority = _origin_form(raw, authority)
    if _VISIBLE.fullmatch(raw) is None:
        raise MalformedTargetError("The target contains a byte that is not visible ASCII.")
    if "#" in raw or "\\" in raw:
        raise MalformedTargetError("The target contains a character that is not allowed in a path or query.")
    path, mark, query = raw.partition("?")
    raw_steps = tuple(path[1:].split("/"))
    if "%" in path:
        if _BAD_ESCAPE.search(path) is not None:
            raise MalformedTargetError("The path has an invalid percent-encoding.")
        steps = tuple(unquote(step, errors="surrogateescape") for step in raw_steps)
        _check_decoded("/".join(steps))
    else:
        steps = raw_steps
        _check_dots(path, steps)
    return Target(path, query, raw_steps, steps, _host(authority), bool(mark))


def _check_decoded(path: str) -> None:
    """Refuse what the path would mean to servers that decode it once, as they should, or at each hop."""
    for _ in range(1 + _AGAIN):
        if "\x00" in path:
            raise MalformedTargetError("The path contains an encoded NUL.")
        _check_dots(path, [piece.rstrip() for piece in _SLASH.split(path)])  # Windows drops blanks at the end
        if "%" not in path:
            return
        path = unquote(path, errors="surrogateescape")


def _check_dots(path: str, pieces: Sequence[str]) -> None:
    if ";" in path:  # `/..;a=1/`: servlet containers drop what follows the semicolon, then normalize
        pieces = [piece.partition(";")[0].rstrip() for piece in pieces]
    if "." in pieces or ".." in pieces:
        raise MalformedTargetError("The path contains a dot segment (. or ..).")


def _origin_form(raw: str, authority: str) -> tuple[str, str]:
    """The origin form of an absolute-form target, and its authority."""
    if raw == "*":
        raise MalformedTargetError("The target * addresses the whole server; only paths are supported.")
    match = _ABSOLUTE.fullmatch(raw)
    if match is None:
        raise MalformedTargetError("The target is neither in origin form nor in absolute form.")
    named, rest = match.groups()
    if authority and named.lower() != authority.lower():
        raise MalformedTargetError("The target names another authority than the Host header.")
    return (rest if rest[:1] == "/" else "/" + rest), named


def _host(authority: str) -> str:
    if not authority:
        return ""
    return _known_host(authority) if len(authority) <= _KNOWN_LENGTH else _checked_host(authority)


@functools.lru_cache(maxsize=256)  # the few that clients name; an error is not kept
def _known_host(authority: str) -> str:
    return _checked_host(authority)


def _checked_host(authority: str) -> str:
    match = _HOST.fullmatch(authority)
    if match is None:
        raise MalformedTargetError("The Host header is not a host name or address with a port.")
    return match[1].lower().removesuffix(".")
