"""Checks a request's head, and makes the header fields that go upstream and those that come back.

Sources: RFC 9110 (semantics; 7.6.1 hop-by-hop), RFC 9112 (framing; 6.1 and 6.3 smuggling), RFC 7239
(Forwarded), RFC 8586 (CDN-Loop). Law: header names and values go to the upstream
and nowhere else; no error, log line or record made here holds one.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import NamedTuple

from aiohttp.http import HttpVersion10, HttpVersion11
from aiohttp.web import BaseRequest

from shield.config.settings import Underscores
from shield.errors import ExpectationFailedError, FramingConflictError, RequestError, UpstreamProtocolError
from shield.proxy import digests, loops
from shield.proxy.header_names import FORWARDED, HOP_BY_HOP, OVERRIDES, is_forwarded

_KNOWN_BYTES = 64  # longer names are not cached
_READ = frozenset(
    {"cdn-loop", "content-encoding", "content-length", "content-range", "content-type", "expect", "host"}
)
_SPECIAL = HOP_BY_HOP | FORWARDED | digests.NAMES | OVERRIDES | _READ
_NOT_TO_BE_NAMED = frozenset({"host", "content-length", "content-type", "content-encoding"})
"""Fields that a Connection header must not remove: the upstream would read another request than ours."""
_KEPT = frozenset({"cdn-loop"})
"""Fields that a Connection header does not remove (RFC 8586, section 2.1)."""

_OFFERED = frozenset({"h2c", "tls/1.0", "tls/1.1", "tls/1.2", "tls/1.3"})
_NOT_IN_TRAILERS = HOP_BY_HOP | FORWARDED | {"host", "content-length", "expect"}
"""RFC 9110 6.5.1: fields for framing and routing. Any other in a trailer is dropped."""

# Alt-Svc (RFC 7838) names other addresses at which the upstream itself serves: a client that remembers one
# would write past the shield.
_RESPONSE_DROPPED = frozenset(name.encode() for name in HOP_BY_HOP) | {b"x-shield-receipt", b"alt-svc"}
_TOLD = re.compile(r'(?:\A|;)[ \t]*(host|proto)="?([^";]+)', re.IGNORECASE)
_RESPONSE_DROPPED_UNSIZED = _RESPONSE_DROPPED | {b"content-length"}


class Head(NamedTuple):
    """A checked request head. `fields` are those that are forwarded, in order and as spelt."""

    fields: list[tuple[str, str]]
    host: str
    content_type: str | None
    content_encodings: list[str]
    content_length: int | None
    chunked: bool
    expects_continue: bool
    forwarded: list[tuple[str, str]]  # the client's own Forwarded and X-Forwarded-*, lower-case names
    has_digest: bool
    is_part: bool = False  # the body is a range of a document (RFC 9110 14.5)
    overrides: str | None = None  # the method that the upstream may take instead of the request's
    passed: str = ""  # what the request has passed, as CDN-Loop says (RFC 8586)

    @property
    def is_framed(self) -> bool:
        """Whether a body was announced, even an empty one."""
        return self.chunked or self.content_length is not None

    @property
    def has_body(self) -> bool:
        return self.chunked or bool(self.content_length)


def read_head(  # noqa: PLR0915  # one loop: a call a field would double its cost
    request: BaseRequest, max_bytes: int, underscores: Underscores = "forward"
) -> Head:
    """Check a request's head and sort its fields; `max_bytes` bounds all names and values together.

    `underscores` says what to do with names that hold one; a name that stands for a field that frames the
    message or says who sent it is refused in any case.

    Raises RequestError and ExpectationFailedError. The parser has already refused what llhttp refuses in
    strict mode: duplicate Host or Content-Length, both lengths, obsolete folding.
    """
    version = request.version
    _check_line(request)
    fields: list[tuple[str, str]] = []
    forwarded: list[tuple[str, str]] = []
    content_encodings: list[str] = []
    host = content_type = transfer_encoding = content_length = None
    overrides: str | None = None
    expects_continue = has_digest = is_part = False
    passed = ""
    named: frozenset[str] = frozenset()
    size = 0
    # The parser normalizes well-known names; the raw ones are as the client spelt them.
    for (raw_name, _), value in zip(request.raw_headers, request.headers.values(), strict=True):
        name, lower, plain = _known(raw_name) if len(raw_name) <= _KNOWN_BYTES else _sorted(raw_name)
        field = (name, value)
        size += len(name) + len(value)
        if plain:
            if "_" in lower and not _goes_on(lower, underscores):
                continue
            fields.append(field)
            continue
        if not value.isascii():
            _check_text(value)
        if lower == "host":
            host = _once(host, value)
        elif lower == "content-length":
            content_length = _once(content_length, value)
        elif lower == "content-type":
            content_type = _once(content_type, value)
            fields.append(field)
        elif is_forwarded(lower):
            forwarded.append((lower, value))
        elif lower in digests.NAMES:
            has_digest = True
            fields.append(field)
        elif lower in OVERRIDES:
            overrides = _once(overrides, value)
            fields.append(field)
        elif lower == "content-encoding":
            content_encodings.append(value)
            fields.append(field)
        elif lower == "content-range":
            is_part = True
            fields.append(field)
        elif lower == "cdn-loop":
            passed = f"{passed},{value}" if passed else value
            fields.append(field)
        elif lower == "transfer-encoding":
            transfer_encoding = _once(transfer_encoding, value)
        elif lower == "expect":
            _check_expectation(value)
            expects_continue = version == HttpVersion11
        elif lower == "upgrade":
            _check_upgrade(value)
        elif lower == "connection":
            named |= _named(value)
    if size > max_bytes:
        raise RequestError("The header fields are larger than the listener allows.")
    # The parser has refused HTTP/1.1 without Host.
    _check_framing(transfer_encoding, content_length, version == HttpVersion10)
    if named:
        fields = [field for field in fields if field[0].lower() not in named]
    # Positional, in the order of the fields: passing so many by name costs twice as much.
    return Head(
        fields,
        host or "",
        content_type,
        content_encodings,
        _length(content_length),
        transfer_encoding is not None,
        expects_continue,
        forwarded,
        has_digest,
        is_part,
        overrides,
        passed,
    )


def _sorted(raw: bytes) -> tuple[str, str, bool]:
    """A field's name as spelt and in lower case, and whether the shield ignores its value."""
    name = raw.decode("ascii")
    lower = name.lower()
    return name, lower, not _is_special(lower)


def _is_special(lower: str) -> bool:
    return lower in _SPECIAL or lower.startswith("x-forwarded-")


@functools.lru_cache(maxsize=256)  # the few that clients send
def _known(raw: bytes) -> tuple[str, str, bool]:
    return _sorted(raw)


def _check_line(request: BaseRequest) -> None:
    if request.version not in {HttpVersion11, HttpVersion10}:
        raise RequestError("The HTTP version is neither 1.0 nor 1.1.")
    if request.method in {"CONNECT", "TRACE"}:
        raise RequestError("CONNECT and TRACE are not supported.")


def _once(seen: str | None, value: str) -> str:
    if seen is not None:
        raise RequestError("A header that may appear only once appears twice.")
    return value


def _check_text(value: str) -> None:
    """Refuse bytes other than UTF-8, which mean different things to different servers.

    In fields that the shield ignores they are forwarded unchanged (RFC 9110, 5.5: opaque data).
    """
    try:
        value.encode()
    except UnicodeEncodeError:
        raise RequestError("A header value is not UTF-8.") from None


def check_trailers(names: Iterable[str]) -> None:
    """Refuse a chunked request whose trailer names a field that only a head may hold. Raises RequestError.

    No trailer field is ever used or forwarded; a sender of one of these is probing for a server that does.
    """
    if any(name.lower().replace("_", "-") in _NOT_IN_TRAILERS for name in names):
        raise RequestError("The trailer has a field that is allowed only in the head of a request.")


def _goes_on(lower: str, underscores: Underscores) -> bool:
    """Whether a name with `_` is forwarded. CGI, WSGI and some proxies read it as `-`: as another field."""
    if _is_special(lower.replace("_", "-")):
        raise RequestError("A header name with an underscore imitates one that frames the message.")
    if underscores == "reject":
        raise RequestError("A header name contains an underscore; write it with a hyphen.")
    return underscores == "forward"


def _check_expectation(value: str) -> None:
    if value.lower() != "100-continue":
        raise ExpectationFailedError


def _check_upgrade(value: str) -> None:
    """Ignore upgrades that clients offer by themselves, as RFC 9110 7.8 allows.

    Java's client offers `h2c` with its first request, Apache's HttpClient 5.4 `TLS/1.2` with each that is not
    sent over TLS (RFC 2817). Both accept an answer without the upgrade. A client that asks for another
    protocol needs it, and is refused.
    """
    if not _OFFERED.issuperset(offer.strip().lower() for offer in value.split(",")):
        raise RequestError("Protocol upgrades are not supported.")


def _named(value: str) -> frozenset[str]:
    names = frozenset(name.strip().lower() for name in value.split(","))
    if names & _NOT_TO_BE_NAMED:
        raise RequestError("The Connection header names a field that describes the body or the host.")
    return names - _KEPT


def _check_framing(transfer_encoding: str | None, content_length: str | None, is_1_0: bool) -> None:
    if transfer_encoding is None:
        return
    if is_1_0:
        raise RequestError("HTTP/1.0 does not allow Transfer-Encoding.")
    if content_length is not None:
        raise FramingConflictError("Transfer-Encoding and Content-Length must not be sent together.")
    if transfer_encoding.lower() != "chunked":
        raise FramingConflictError("The only supported transfer coding is chunked.")


def _length(value: str | None) -> int | None:
    if value is None:
        return None
    if not (value.isascii() and value.isdigit()):
        raise RequestError("The Content-Length is not a number.")
    return int(value)


class Peer(NamedTuple):
    """The sender of the request, for the Forwarded fields. `address` is an IP address or empty."""

    address: str
    secure: bool


def upstream_fields(
    head: Head, peer: Peer, *, trust_forwarded: bool, body: bytes | None, changed: bool, mark: str
) -> list[tuple[str, str]]:
    """The fields for the upstream except Host and Content-Length, in order.

    `mark` tells that the request has passed here: see `loops`. `body` is what will be sent. With `changed` it
    is not what was received, and the client's digests are made anew: see `digests`. What a trusted forwarder
    says is continued in the form that it uses: `Forwarded`, `X-Forwarded-*` or both.
    """
    out = digests.renewed(head.fields, body or b"") if changed and head.has_digest else head.fields[:]
    out.append((loops.FIELD, mark))
    address = f"[{peer.address}]" if ":" in peer.address else peer.address
    proto = "https" if peer.secure else "http"
    node = f'"{address}"' if ":" in address else address or "unknown"
    element = f'for={node};host="{head.host}";proto={proto}' if head.host else f"for={node};proto={proto}"
    if not (trust_forwarded and head.forwarded):
        out.append(("X-Forwarded-For", peer.address or "unknown"))
        if head.host:
            out.append(("X-Forwarded-Host", head.host))
        out += (("X-Forwarded-Proto", proto), ("Forwarded", element))
        return out
    given: dict[str, str] = {}
    for name, value in head.forwarded:
        given[name] = f"{given[name]}, {value}" if name in given else value
    first = given.get("forwarded", "").partition(",")[0]  # of the forwarder that met the client
    told = {name.lower(): value for name, value in _TOLD.findall(first)}
    given["x-forwarded-for"] = ", ".join(filter(None, (given.get("x-forwarded-for"), peer.address)))
    if host := told.get("host", head.host):
        given.setdefault("x-forwarded-host", host)
    given.setdefault("x-forwarded-proto", told.get("proto", proto))
    if "forwarded" in given:  # else this hop would be all of it, and is what many servers read first
        given["forwarded"] += f", {element}"
    out += [(name.title(), value) for name, value in given.items()]
    return out


def response_head(
    status: int, reason: str, raw: tuple[tuple[bytes, bytes], ...], added: bytes, *, length: bool
) -> bytes:
    """The bytes of a response's head: the fields as the upstream sent them, then `added`.

    `added` are the shield's own complete lines and the empty line; `length` tells whether Content-Length may
    stay. Raises UpstreamProtocolError for a field that would not stay one line, and for a space behind a
    field's name: the parser leaves it, so `Content-Length : 3` would not frame the message here, but at the
    client (RFC 9112, 5.1).
    """
    lines = [b"HTTP/1.1 %d %s\r\n" % (status, reason.encode("utf-8", "surrogateescape"))]
    lowers = [
        _answer_name(name) if len(name) <= _KNOWN_BYTES else _checked_answer_name(name) for name, _ in raw
    ]
    dropped = _RESPONSE_DROPPED if length else _RESPONSE_DROPPED_UNSIZED
    if b"connection" in lowers:  # mostly it is not
        named = {
            token.strip().lower()
            for lower, (_, value) in zip(lowers, raw, strict=True)
            if lower == b"connection"
            for token in value.split(b",")
        }
        dropped |= named - {b"content-length", b"content-type", b"content-encoding"}
    lines += [b"%b: %b\r\n" % field for lower, field in zip(lowers, raw, strict=True) if lower not in dropped]
    head = b"".join(lines)
    if not head.count(b"\r\n") == head.count(b"\r") == head.count(b"\n") == len(lines) or b"\x00" in head:
        raise UpstreamProtocolError("A header field of the answer contains a line break.")
    return head + added


def _checked_answer_name(name: bytes) -> bytes:
    """A field's name in lower case. Raises UpstreamProtocolError."""
    if b" " in name or b"\t" in name:
        raise UpstreamProtocolError("A header field of the answer has a space in its name.")
    return name.lower()


@functools.lru_cache(maxsize=256)  # the few that upstreams send; an error is not kept
def _answer_name(name: bytes) -> bytes:
    return _checked_answer_name(name)
