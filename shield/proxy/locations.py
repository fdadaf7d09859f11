"""Rewrites addresses in an upstream's answers so that they lead the client to the shield. Pure.

An upstream builds absolute addresses from the Host that it was asked by, which is its own, and its paths
begin with its base path, which clients do not know. A client that followed such a `Location` unchanged would
write past the shield to the upstream, with all of its personal data, or find nothing there. So the fields
that hold an address of the answer's own exchange (RFC 9110, 10.2.2 and 8.7) are put into the client's terms,
the reverse of what was done to its target. An address that names another place stays as it is. One that
names the upstream, but nothing below the base path, has no counterpart through the shield: a client must not
get it to keep.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from yarl import URL

LOCATIONS: Final = frozenset({b"location", b"content-location"})
"""Names of the fields, in lower case."""

_ADDRESS: Final = re.compile(rb"(?:(?i:(https?):)?//([^/?#]*))?((?:[/?#].*)?)", re.DOTALL)
_SCHEME: Final = re.compile(rb"(?i:https?):")
_PORT: Final = re.compile(rb":(\d*)$")
_DEFAULT_PORTS: Final = frozenset({b"80", b"443"})
_PREFIX: Final = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~!$&'()*+=:@-]+)+/?")
_AUTHORITY: Final = re.compile(r"[A-Za-z0-9._~:\[\]-]+")

_REPEATED: Final = frozenset({307, 308})
_MOVED: Final = frozenset({301, 302})


def is_repeated(status: int, method: str) -> bool:
    """Whether a client that follows an answer of this status sends its request again, with the body.

    After 301 and 302 browsers make a GET of POST alone (Fetch, 4.4), other clients of every method.
    """
    return status in _REPEATED or (status in _MOVED and method != "POST")


class Locations:
    """Rewrites for one upstream. `endpoints` are its addresses, as `Upstream.names`."""

    __slots__ = ("_bases", "_hosts")

    def __init__(self, endpoints: Sequence[str]) -> None:
        urls = [URL(endpoint) for endpoint in endpoints]  # written as requests are sent, in ASCII
        self._hosts = frozenset(_host((url.host_port_subcomponent or "").encode()) for url in urls)
        bases = {url.raw_path.rstrip("/").encode() for url in urls}
        self._bases = sorted(bases, key=len, reverse=True)  # where two fit, the longer one is meant

    def for_client(self, value: bytes, host: str, proto: str, asked: str = "", prefix: str = "") -> bytes:
        """Rewrite the address in a field of an answer for the client.

        `host` and `proto` are what the upstream was told of the client's request in `X-Forwarded-Host` and
        `X-Forwarded-Proto`; the first of a list is the client's own. Without a host the result is a path.
        `asked` is the Host by which the shield itself was asked, another one where a forwarder is believed.
        An upstream that is told it makes addresses of it, as of its own. `prefix` is the path that a
        forwarder took off, in `X-Forwarded-Prefix`: through it the client has all paths below that one.
        """
        match = _ADDRESS.fullmatch(value)
        if match is None:
            return value
        scheme, authority, rest = match.groups()
        own = _client(host)
        if authority is None:
            start = b""
        elif (named := _host(authority)) not in self._hosts and own and named == _host(own):
            start = value[: match.start(3)]  # it was told the client's host and used it
        elif named not in self._hosts and not (asked and named == _host(asked.encode())):
            return value
        elif not own:
            start = _taken_off(prefix)
        elif scheme is None:
            start = b"//" + own + _taken_off(prefix)
        else:
            start = (b"https://" if _is_https(proto) else b"http://") + own + _taken_off(prefix)
        if authority is None and not rest.startswith(b"/"):
            return value
        for path in self._below(rest):
            if start or not path.startswith(b"//"):  # a leading `//` would be another host
                return start + (path if path.startswith(b"/") else b"/" + path)
        return value

    def _below(self, rest: bytes) -> Iterator[bytes]:
        """What follows a base path in an address of the upstream, the longest base path first."""
        for base in self._bases:
            if not base or (rest.startswith(base) and rest[len(base) : len(base) + 1] in b"/?#"):
                yield rest[len(base) :]

    def is_beyond(self, value: bytes) -> bool:
        """Whether the address names the upstream, but nothing below its base path."""
        match = _ADDRESS.fullmatch(value)
        if match is None or match[2] is None or _host(match[2]) not in self._hosts:
            return False
        return next(self._below(match[3]), None) is None

    def lead_past(self, value: bytes, host: str, proto: str, asked: str = "", prefix: str = "") -> bool:
        """Whether following the address leads to another host than the client asked; see `for_client`.

        Addresses are read as browsers do (WHATWG URL, 4.4): tabs are ignored, a backslash is a slash, and
        `https:host` is an address.
        """
        placed = self.for_client(value.strip(), host, proto, asked, prefix)
        placed = placed.replace(b"\t", b"").replace(b"\\", b"/")
        match = _ADDRESS.fullmatch(placed)
        if match is None:
            return _SCHEME.match(placed) is not None
        own = _client(host)
        return match[2] is not None and (not own or _host(match[2]) != _host(own))


def _client(host: str) -> bytes:
    """The client's host, from the hosts that the upstream was told; empty where it cannot be determined."""
    client = host.partition(",")[0].strip()
    return client.encode() if _AUTHORITY.fullmatch(client) else b""


def client_name(host: str) -> str:
    """The client's host without a port, from the hosts that the upstream was told; empty as for `_client`."""
    return _PORT.sub(b"", _client(host)).decode().lower().rstrip(".")


def _taken_off(prefix: str) -> bytes:
    """The prefix without a slash at its end; empty where it is no path."""
    return prefix.rstrip("/").encode() if _PREFIX.fullmatch(prefix) else b""


def _is_https(proto: str) -> bool:
    return proto.partition(",")[0].strip().lower() == "https"


def _host(authority: bytes) -> bytes:
    """Host and port for comparison; user name and password are ignored, as they lead nowhere else.

    A server behind TLS often thinks that it speaks plain HTTP, so the default ports of both count as one.
    """
    authority = authority.rpartition(b"@")[2].lower()
    match = _PORT.search(authority)
    port = match[1] if match is not None else b""
    name = authority if match is None else authority[: match.start()]
    return name.rstrip(b".") + b":" + (b"" if port in _DEFAULT_PORTS else port)
