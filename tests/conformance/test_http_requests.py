"""The real listener handles raw HTTP/1 requests from gunicorn's test data (MIT) correctly.

Each request goes over a socket to the whole proxy, whose one route takes every path, method and media type,
in front of a recording upstream. An invalid request must not be answered with 2xx, and nothing of it may be
forwarded. A valid one must be served, or `REFUSED` names its refusal with the reason.

Many of the requests lack something that is not what they test but that HTTP or the proxy requires: HTTP/1.1
without `Host` MUST be refused (RFC 9112, 3.2), and a body without `Content-Type` cannot be inspected. They
are played twice: as they stand, and with those lines supplied.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path

import pytest

from shield.audit.record import Kind
from shield.config.path_template import parse_path_template
from shield.config.proxy_protocol import ProxyProtocol
from shield.proxy.connection_limits import ConnectionLimits
from shield.proxy.proxy_header import SIGNATURE
from tests.integration.proxy.harness import running
from tests.integration.proxy.raw_upstream import Received

CORPORA = os.environ.get("SHIELD_CORPORA")
ROOT = Path(CORPORA, "http-requests") if CORPORA else None
INVALID = sorted((ROOT / "invalid").glob("*.http")) if ROOT else []
VALID = sorted((ROOT / "valid").glob("*.http")) if ROOT else []

pytestmark = pytest.mark.skipif(not VALID, reason="SHIELD_CORPORA names no folder with http-requests")

KIB = 1024
BALANCED = ProxyProtocol((ip_network("127.0.0.0/8"),))
SIZE_ONLY = {
    "006.http": "a request line of 4 KiB; the limit here is 16 KiB",
    "007.http": "a field of 8 KiB; the limit here is 16 KiB",
    "008.http": "fields of 12 KiB together; the limit here is 16 KiB",
    "limit_header_default_01.http": "a field of 8 KiB; the limit here is 16 KiB",
}
"""Invalid by their author's limits alone: served under ours, refused under less `server.max_header_bytes`."""

VALID_WITH_HOST = {
    "010.http": "its author's limit is 10 bytes a field; refused as it stands, for it has no Host",
    "017.http": "a field of 8 KiB; refused as it stands, for it has no Host",
    "019.http": "contradicts itself on its scheme; refused as it stands, for it has no Host. What a client "
    "says of the scheme is replaced by what the listener knows",
}

NAMES_NO_HOST = (
    "target_malformed",
    "its Host is no name of DNS or address (RFC 3986, 3.2.2); it is among the invalid ones as well",
)
OTHER_CODING = (
    "framing_conflict",
    (
        "a transfer coding beside chunked, which a server need not know (RFC 9112, 6.1); `identity` is none "
        "any more (RFC 9112, 7), and what is said to be gzip here is not"
    ),
)
CODINGS_APART = ("request_invalid", f"{OTHER_CODING[1]}; in fields of their own, of which there may be one")
UNKNOWN_METHOD = (
    "request_invalid",
    (
        "a method that is not registered, which a server need not know (RFC 9110, 9.1): the C parser says "
        "'Invalid method encountered'"
    ),
)
FRAMING_ALIAS = (
    "request_invalid",
    (
        "underscore names, valid as such (RFC 9110, 5.1), that a server may take for framing; "
        "also an invalid one. Others are forwarded, or as `server.header_underscores` says"
    ),
)
FOLDING = (
    "request_invalid",
    "obsolete line folding, which RFC 9112, 5.2 lets a server refuse; also an invalid one",
)
PROXY_PROTOCOL = (
    "request_invalid",
    (
        "the PROXY protocol, which is no HTTP (RFC 9112, 3) and is taken from load balancers alone that "
        "`listeners.proxy.proxy_protocol` names: it is played there as well"
    ),
)
TUNNEL = (
    "request_invalid",
    (
        "CONNECT, which an origin server need not implement (RFC 9110, 9.3.6): nothing in a tunnel could be "
        "inspected"
    ),
)
REFUSED: dict[str, tuple[str, str]] = {
    "002.http": NAMES_NO_HOST,
    "003.http": NAMES_NO_HOST,
    "005.http": ("target_malformed", "a fragment, which no request target has (RFC 9112, 3.2)"),
    "009.http": ("framing_conflict", "Transfer-Encoding and Content-Length together (RFC 9112, 6.3)"),
    "013.http": (
        "request_invalid",
        (
            "blanks in a chunk extension, which are to be parsed (RFC 9112, 7.1.1) and are a means of "
            "smuggling: the C parser says 'Invalid character in chunk extensions'"
        ),
    ),
    "025.http": CODINGS_APART,
    "025_line.http": OTHER_CODING,
    "027.http": ("request_invalid", "a byte in the target that is not ASCII (RFC 3986 has none)"),
    "028.http": ("request_invalid", "a blank before a colon, which MUST be refused (RFC 9112, 5.1)"),
    "029.http": CODINGS_APART,
    "030.http": CODINGS_APART,
    "031.http": UNKNOWN_METHOD,
    "031compat.http": UNKNOWN_METHOD,
    "031compat2.http": UNKNOWN_METHOD,
    "040.http": FRAMING_ALIAS,
    "040_compat.http": FRAMING_ALIAS,
    "099.http": ("body_timeout", "declares 17,914 bytes of body and has fewer: incomplete (RFC 9112, 8)"),
    "compat_obs_fold.http": FOLDING,
    "compat_obs_fold_huge.http": FOLDING,
    "pp_01.http": PROXY_PROTOCOL,
    "pp_02.http": PROXY_PROTOCOL,
    "pp_04.http": PROXY_PROTOCOL,
    "pp_05.http": PROXY_PROTOCOL,
    "rfc9112_smuggle_gzip_chunked_01.http": OTHER_CODING,
    "rfc9112_smuggle_te_identity_chunked_01.http": OTHER_CODING,
    "rfc9112_target_absolute_userinfo_01.http": (
        "target_malformed",
        "a user and password in the target, to be taken for an error (RFC 9110, 4.2.4)",
    ),
    "rfc9112_target_asterisk_options_01.http": (
        "target_malformed",
        (
            "OPTIONS *: it asks what the server as a whole can do (RFC 9110, 9.3.7). Without a path there is "
            "no route, and so no upstream, no policy and no `Allow`; a 204 of the shield's own would be a "
            "request let through that no route allows. For a sign of life there is the admin's `/healthz`"
        ),
    ),
    "rfc9112_target_authority_connect_01.http": TUNNEL,
    "rfc9112_target_authority_ipv6_01.http": TUNNEL,
}
"""Valid ones that are refused as a policy of the shield: the code, and why."""

PROXIED = {
    "pp_01.http": (1, "192.168.0.1"),
    "pp_02.http": (2, "192.168.0.1"),
    "pp_04.http": (1, "192.168.1.10"),
    "pp_05.http": (1, "2001:db8::1"),
}
"""Behind a PROXY header: how many requests are served where it is taken, and the client that it names."""

PIPELINED = {"018.http": 2, "019.http": 1, "021.http": 1, "022.http": 2, "023.http": 1}
"""How many of two requests in one go are served. One that closes the connection is the last (RFC 9112, 9.6).
After a chunked one that another follows at once the connection is closed, for its trailer cannot be seen: the
client sends the second one again."""

FIRST_IS_WHOLE = {"019.http", "022.http"}
"""Of two requests, those whose first is HTTP/1.0 and needs no Host: served though the second is refused."""

_ESCAPE = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|([rnt0]))")
_PLAIN = {b"r": b"\r", b"n": b"\n", b"t": b"\t", b"0": b"\0"}


def read(file: Path) -> bytes:
    """The request that a file spells out; only line ends written as escapes count."""
    text = file.read_bytes().replace(b"\n", b"")
    return _ESCAPE.sub(lambda found: bytes.fromhex(found[1].decode()) if found[1] else _PLAIN[found[2]], text)


def supplied(data: bytes, parts: int = 1) -> bytes:
    """`data` with Host and Content-Type added where the heads among its first `parts` parts lack them.

    A part ends with an empty line: a head, or a chunked body.
    """
    head, end, rest = data.partition(b"\r\n\r\n")
    if not end or not parts:
        return data
    line, _, fields = head.partition(b"\r\n")
    lower = b"\r\n" + fields.lower()
    if line.endswith(b"HTTP/1.1") and b"\r\nhost:" not in lower:
        line += b"\r\nHost: shield.example"
    if b"\r\ncontent-type:" not in lower and re.search(rb"\r\n(content-length: ?[1-9]|transfer-)", lower):
        line += b"\r\nContent-Type: text/plain"
    return line + (b"\r\n" + fields if fields else b"") + end + supplied(rest, parts - 1)


@dataclass(frozen=True)
class Played:
    statuses: list[int]
    codes: list[str]
    forwarded: list[Received]
    heads: int
    intents: int


async def play(
    data: bytes, *, max_bytes: int = 16 * KIB, piece: int = 0, balanced: ProxyProtocol | None = None
) -> Played:
    """Send `data`, at once or in pieces, and read until the proxy closes because of its short limits."""
    # A request in pieces takes longer: a stall must not look like a pause.
    keepalive = 0.3 if piece else 0.05
    limits = ConnectionLimits(keepalive_timeout=keepalive, max_field_bytes=max_bytes, header_timeout=1.0)
    async with running(limits, proxy_protocol=balanced) as stack:
        stack.reroute(path=parse_path_template("/{rest...}"), media_types=("*/*",), body_timeout=1.0)
        stack.reserve(max_header_bytes=max_bytes)
        client = await stack.connect()
        answer = b""
        try:
            async with asyncio.timeout(20):
                for start in range(0, len(data), piece or len(data)):
                    await client.send(data[start : start + (piece or len(data))])
                    if piece:
                        await asyncio.sleep(0)  # so that the proxy reads the pieces one by one
                while received := await client.reader.read(65536):
                    answer += received
        except ConnectionError:
            pass  # closed before all was sent
        return Played(
            [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)],
            [json.loads(body)["code"] for body in re.findall(rb'^\{"type":"urn:.*?\}', answer, re.MULTILINE)],
            stack.upstream.requests,
            stack.upstream.heads,
            len(stack.evidence.of(Kind.INTENT)),
        )


def assert_refused(played: Played) -> None:
    assert all(status >= 400 for status in played.statuses), played
    assert (played.heads, played.intents) == (0, 0), played


def names(file: Path) -> str:
    return file.stem


@pytest.mark.parametrize("file", [file for file in INVALID if file.name not in SIZE_ONLY], ids=names)
async def test_an_invalid_request_is_refused(file: Path) -> None:
    data = read(file)
    asked = [data] if file.name in VALID_WITH_HOST else [data, supplied(data)]
    # Run concurrently, each with its own proxy, because each may wait for a time limit.
    played = await asyncio.gather(*(play(each, piece=piece) for each in asked for piece in (0, 16)))
    assert played[0].statuses, played
    for each in played:
        assert_refused(each)


@pytest.mark.parametrize("file", [file for file in INVALID if file.name in SIZE_ONLY], ids=names)
async def test_a_size_that_others_refuse_is_refused_where_the_limit_says_so(file: Path) -> None:
    short, long = await asyncio.gather(play(read(file), max_bytes=2 * KIB), play(read(file)))
    assert_refused(short)
    assert long.statuses == [201]


@pytest.mark.parametrize("file", [file for file in VALID if file.name not in REFUSED], ids=names)
async def test_a_valid_request_is_served(file: Path) -> None:
    data = read(file)
    count = PIPELINED.get(file.name, 1)
    whole = supplied(data, 3 if file.name in PIPELINED else 1)
    if whole != data:
        played = await play(data)
        if file.name in FIRST_IS_WHOLE:
            assert (played.statuses[0], len(played.forwarded), played.intents) == (201, 1, 1), played
        else:
            assert_refused(played)
            assert played.codes[-1] in {"host_missing", "request_invalid", "media_type_unsupported"}, played
    for played in await asyncio.gather(play(whole), play(whole, piece=64)):
        assert played.statuses[:count] == [201] * count, played
        assert len(played.forwarded) == count, played


@pytest.mark.parametrize("file", [file for file in VALID if file.name in REFUSED], ids=names)
async def test_a_valid_request_that_the_policy_refuses(file: Path) -> None:
    code, _reason = REFUSED[file.name]
    played = await play(supplied(read(file)))
    assert_refused(played)
    assert played.codes[:1] == [code], played


def behind_header(data: bytes, parts: int) -> bytes:
    """`supplied`, for a request that follows a PROXY header of version 1 or 2."""
    if data.startswith(SIGNATURE):
        size = 16 + int.from_bytes(data[14:16])
        return data[:size] + supplied(data[size:], parts)
    line, end, rest = data.partition(b"\r\n")
    return line + end + supplied(rest, parts)


@pytest.mark.parametrize("name", PROXIED)
async def test_a_valid_request_behind_a_proxy_header_is_served_where_a_balancer_is_trusted(name: str) -> None:
    (file,) = (file for file in VALID if file.name == name)
    count, address = PROXIED[name]
    data = behind_header(read(file), parts=3)
    for played in await asyncio.gather(
        play(data, balanced=BALANCED), play(data, piece=16, balanced=BALANCED)
    ):
        assert played.statuses == [201] * count, played
        assert [it.get("X-Forwarded-For") for it in played.forwarded] == [address] * count, played


@pytest.mark.parametrize("file", [file for file in INVALID if file.name.startswith("pp_")], ids=names)
async def test_an_invalid_proxy_header_is_refused_where_a_balancer_is_trusted(file: Path) -> None:
    request = b"GET / HTTP/1.1\r\nHost: shield.example\r\n\r\n"
    for data in (read(file), read(file) + request):
        played = await play(data, balanced=BALANCED)
        assert_refused(played)
        assert played.codes == ["proxy_header_invalid"], played


async def test_a_request_without_a_proxy_header_is_refused_where_one_must_come() -> None:
    (file,) = (file for file in VALID if file.name == "pp_03.http")
    played = await play(read(file), balanced=BALANCED)
    assert_refused(played)
    assert played.codes == ["proxy_header_invalid"], played


def test_the_tables_name_files_of_the_corpus() -> None:
    assert {*SIZE_ONLY, *VALID_WITH_HOST} <= {file.name for file in INVALID}
    assert {*REFUSED, *PIPELINED} <= {file.name for file in VALID}
    assert not {*PIPELINED} & {*REFUSED}
