"""Finds where the object of a write is: a path below the route's own upstream, never anywhere else. Pure.

What an upstream's reply says is untrusted: it fills one segment of a path and is percent-encoded there, so it
cannot change the depth, host or query. Of a `Location` only the path is used, and only where it names the
upstream itself. The built path must pass the checks of a request's target (no dot segments).
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit

import orjson
from jsonpath_rfc9535 import JSONPathError, JSONPathQuery

from shield.config.settings_route import ReadBack, Variable
from shield.config.settings_upstream import Upstream
from shield.errors import MalformedTargetError
from shield.payload.queries import compile_query
from shield.proxy.target import parse_target

MAX_STEP = 512
"""Characters of an id."""

_PCHAR = "-._~!$&'()*+,=:@"
_STEP = re.compile(r"[^\x00-\x1f\x7f-\x9f/\\%]+")
_PORTS = {"http": 80, "https": 443}


class NoAddressError(Exception):
    """The object's address is not known, for the reason `code`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Reply(NamedTuple):
    """A write and its reply. `path` is as it was forwarded; `location` and `body` are of the reply."""

    method: str
    path: str
    hosts: Container[str]  # the names that the upstream was told to be asked by
    location: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Address:
    """`path` and `query` as they are sent, without the upstream's base path."""

    path: str
    query: str | None = None


@dataclass(frozen=True, slots=True)
class Finder:
    """How a route finds the objects of its writes, compiled."""

    settings: ReadBack
    upstream: Upstream
    queries: Mapping[str, JSONPathQuery]

    @classmethod
    def compile(cls, settings: ReadBack, upstream: Upstream) -> Finder:
        """Compile the settings. Raises ConfigError for a query that does not compile."""
        selectors = {
            step.selector for step in settings.path or () if isinstance(step, Variable) and step.selector
        }
        return cls(settings, upstream, {selector: compile_query(selector) for selector in selectors})

    @property
    def reads_reply(self) -> bool:
        """Whether the body of the reply is needed."""
        return bool(self.queries)

    def find(self, reply: Reply) -> Address:
        """The object's address. Raises NoAddressError."""
        settings = self.settings
        if settings.path is not None:
            path, query = self._filled(settings.path, reply), None
        elif reply.location is not None:
            path, query = _located(reply.location, reply, self.upstream.names)
        elif reply.method != "POST":  # RFC 9110, 9.3.4: a PUT writes the target; a POST some other resource
            path, query = reply.path, None
        else:
            raise NoAddressError("no_location")
        query = settings.query or query
        try:
            parse_target(path if query is None else f"{path}?{query}", "")
        except MalformedTargetError:
            raise NoAddressError("unsafe_address") from None
        return Address(path, query)

    def _filled(self, steps: Sequence[str | Variable], reply: Reply) -> str:
        value = _parsed(reply.body) if self.reads_reply else None
        of_request = reply.path[1:].split("/")
        filled = []
        for step in steps:
            if isinstance(step, str):
                filled.append(quote(step, safe=_PCHAR))
            elif step.selector:
                filled.append(_encoded(_selected(self.queries[step.selector], value)))
            else:
                filled.append(_encoded(unquote(of_request[step.place], errors="replace")))
        return "/" + "/".join(filled)


def _parsed(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        pass
    raise NoAddressError("reply_unreadable")  # raised here, since the parser's error holds the document


def _selected(query: JSONPathQuery, value: Any) -> str:
    try:
        values = query.find(value).values()
    except (JSONPathError, RecursionError):
        values = []
    found = values[0] if len(values) == 1 else None
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise NoAddressError("reply_without_id")
    return str(found)


def _encoded(text: str) -> str:
    """One segment of a path (RFC 3986, 3.3), which stays one even for readers that decode twice."""
    if len(text) > MAX_STEP or not _STEP.fullmatch(text) or not text.strip("."):
        raise NoAddressError("unsafe_address")
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        raise NoAddressError("unsafe_address") from None


def _located(location: str, reply: Reply, endpoints: Sequence[str]) -> tuple[str, str | None]:
    """Path and query of a `Location` (RFC 9110, 10.2.2), which may be relative."""
    try:
        parts = urlsplit(location)
        port = parts.port
    except ValueError:
        raise NoAddressError("unsafe_address") from None
    if (parts.scheme or parts.netloc) and not _is_own(parts.scheme, parts.hostname, port, reply, endpoints):
        raise NoAddressError("other_host")
    if "@" in parts.netloc or parts.fragment:
        raise NoAddressError("unsafe_address")
    path = parts.path
    if not path.startswith("/"):
        path = f"{reply.path.rpartition('/')[0]}/{path}" if path else reply.path
    else:
        for endpoint in endpoints:
            base = urlsplit(endpoint).path
            if base and path.startswith(f"{base}/"):
                path = path[len(base) :]
                break
    return path, parts.query or None


def _is_own(scheme: str, host: str | None, port: int | None, reply: Reply, endpoints: Sequence[str]) -> bool:
    """Whether a host is the upstream's, or one that it was told the client asked for."""
    if scheme not in ("", *_PORTS):
        return False
    if host and host in reply.hosts:
        return True
    for endpoint in endpoints:
        own = urlsplit(endpoint)
        if host == own.hostname and (port or _PORTS.get(scheme or own.scheme)) == (
            own.port or _PORTS[own.scheme]
        ):
            return True
    return False
