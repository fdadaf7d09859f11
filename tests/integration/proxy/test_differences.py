"""Requests to real servers, sent directly and through the shield, differ only in what is documented.

`seen_by_upstream` and `at_client` are the table "What else differs" of docs/configuration.md as a program:
they turn a direct exchange into what the one through the shield must show. All else is equal.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import gzip
import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from shield.config.path_template import parse_path_template
from shield.config.settings_route import OnError
from shield.config.settings_upstream import Upstream
from shield.proxy.headers import HOP_BY_HOP
from shield.proxy.loops import FIELD
from tests.integration.proxy.harness import Stack, running
from tests.integration.proxy.real_servers import NGINX, Asgi, asgi, nginx, spelling

CLIENT_HOST = "shield.example"
RECEIPT = "X-Shield-Receipt"
FORESEEN = {"POST", "PUT", "PATCH"}
Fields = list[tuple[str, str]]


@dataclass
class Row:
    """A request. The fields that end in `redacted` are what is sent directly, if that differs."""

    name: str
    method: str
    target: str
    fields: Sequence[str] = ()
    body: bytes | None = None
    redacted: bytes | None = None
    version: str = "1.1"
    target_redacted: str | None = None
    fields_redacted: Sequence[str] | None = None

    def encoded(self, host: str, *, directly: bool) -> bytes:
        target = self.target_redacted if directly and self.target_redacted else self.target
        body = self.redacted if directly and self.redacted is not None else self.body
        fields = self.fields_redacted if directly and self.fields_redacted is not None else self.fields
        lines = [f"{self.method} {target} HTTP/{self.version}", f"host: {host}", *fields]
        if body is not None and not any(each.startswith("Transfer-Encoding:") for each in self.fields):
            lines.insert(3, f"content-length: {len(body)}")
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (body or b"")


@dataclass
class Head:
    version: str
    status: int
    reason: str
    fields: Fields

    def get(self, name: str) -> str | None:
        return next((value for key, value in self.fields if key.lower() == name.lower()), None)


@dataclass
class Told:
    """All that came back for a request; `framing` is how the body ended."""

    interim: list[Head] = field(default_factory=list)
    final: Head = field(default_factory=lambda: Head("", 0, "", []))
    body: bytes = b""
    framing: str = ""


async def read_told(reader: asyncio.StreamReader, method: str) -> Told:
    told = Told()
    while (head := await read_head(reader)).status < 200:
        told.interim.append(head)
    told.final = head
    if method == "HEAD" or head.status in {204, 304}:
        told.framing = "none"
    elif (head.get("transfer-encoding") or "").lower() == "chunked":
        told.framing = "chunked"
        while size := int((await reader.readline()).partition(b";")[0], 16):
            told.body += await reader.readexactly(size)
            await reader.readline()
        while (await reader.readline()).strip():
            told.framing = "chunked, trailers"
    elif (length := head.get("content-length")) is not None:
        told.framing = "length"
        told.body = await reader.readexactly(int(length))
    else:
        told.framing = "end"
        told.body = await reader.read()
    return told


async def read_head(reader: asyncio.StreamReader) -> Head:
    line, *lines = (await reader.readuntil(b"\r\n\r\n"))[:-4].decode("latin-1").split("\r\n")
    version, status, reason = (f"{line} ").split(" ", 2)
    fields = [(name, value.strip()) for name, _, value in (each.partition(":") for each in lines)]
    return Head(version, int(status), reason[:-1], fields)


async def play(row: Row, port: int, host: str, *, directly: bool) -> Told:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(row.encoded(host, directly=directly))
        async with asyncio.timeout(20):
            return await read_told(reader, row.method)
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


def dropped(fields: Fields) -> set[str]:
    """The names of hop-by-hop fields."""
    named = {
        each.strip().lower()
        for name, value in fields
        if name.lower() == "connection"
        for each in value.split(",")
    }
    return set(HOP_BY_HOP) | named


def seen_by_upstream(row: Row, seen: Fields, length: int, own_host: str) -> Fields:
    """The fields that the upstream must get through the shield, given those that it got directly."""
    gone = dropped(seen) | {"host", "content-length", "expect"}
    framed = row.body is not None
    kept = [(name, value) for name, value in seen if name.lower() not in gone]
    return [
        ("Host", own_host),
        *kept,
        (FIELD, ""),
        ("X-Forwarded-For", "127.0.0.1"),
        ("X-Forwarded-Host", CLIENT_HOST),
        ("X-Forwarded-Proto", "http"),
        ("Forwarded", f'for=127.0.0.1;host="{CLIENT_HOST}";proto=http'),
        *([("Content-Length", str(length))] if framed or row.method in FORESEEN else []),
    ]


def at_client(row: Row, head: Head, own_host: str) -> Fields:
    """The fields that the client must get through the shield, given those that it got directly."""
    gone = dropped(head.fields) | ({"content-length"} if head.status < 200 or head.status == 204 else set())
    fields: Fields = []
    for name, value in head.fields:
        if name.lower() in gone:
            continue
        is_place = name.lower() in {"location", "content-location"}
        fields.append((name, value.replace(f"//{own_host}/", f"//{CLIENT_HOST}/") if is_place else value))
    if head.status < 200:
        return fields
    fields.append((RECEIPT, ""))
    empty = row.method == "HEAD" or head.status in {204, 304}
    sized = head.get("content-length") is not None
    if not (empty or sized) and row.version == "1.1":
        fields.append(("Transfer-Encoding", "chunked"))
    if row.version == "1.0":
        kept_alive = "Connection: keep-alive" in row.fields and (empty or sized)
        fields.append(("Connection", "keep-alive" if kept_alive else "close"))
    elif "Connection: close" in row.fields:
        fields.append(("Connection", "close"))
    return fields


def expected(row: Row, direct: Told, own_host: str) -> Told:
    """What the exchange through the shield must show, given the direct one."""
    interim = [
        replace(head, fields=at_client(row, head, own_host))
        for head in direct.interim
        if head.status != 100 and row.version == "1.1"
    ]
    final = replace(direct.final, version="HTTP/1.1", fields=at_client(row, direct.final, own_host))
    framing = {"chunked, trailers": "chunked", "end": "chunked"}.get(direct.framing, direct.framing)
    if row.version == "1.0" and framing == "chunked":
        framing = "end"
    body = direct.body
    if "/echo" in row.target and body:
        seen = json.loads(body)
        length = len(base64.b64decode(seen["body"]))
        fields = [(name, value) for name, value in seen["fields"]]
        body = json.dumps({**seen, "fields": seen_by_upstream(row, fields, length, own_host)}).encode()
    return Told(interim, final, body, framing)


def told_alike(row: Row, told: Told, *, lower: bool) -> Told:
    """Remove what differs between any two exchanges: time, receipt number, length of an echo, the mark."""
    echoes = "/echo" in row.target

    def alike(fields: Fields) -> Fields:
        no_values = {RECEIPT.lower(), *(["content-length"] if echoes else [])}
        return [
            (name, "" if name.lower() in no_values else value)
            for name, value in fields
            if name.lower() not in {"date", "last-modified"}
        ]

    body = told.body
    if echoes and body:
        seen = json.loads(body)
        fields = [
            (name.lower() if lower else name, "" if name.lower() == FIELD.lower() else value)
            for name, value in seen["fields"]
        ]
        body = json.dumps({**seen, "fields": fields}).encode()
    interim = [replace(head, fields=alike(head.fields)) for head in told.interim]
    return Told(interim, replace(told.final, fields=alike(told.final.fields)), body, told.framing)


@contextlib.asynccontextmanager
async def before(port: int) -> AsyncIterator[Stack]:
    """A shield in front of the server on `port` that takes everything and bypasses what it cannot inspect."""
    async with running() as stack:
        store = Upstream("store", f"http://127.0.0.1:{port}", read_timeout=30.0, total_timeout=60.0)
        stack.swap(replace(stack.settings, upstreams={"store": store}))
        stack.reroute(
            upstream=store,
            path=parse_path_template("/{rest...}"),
            media_types=("*/*",),
            on_error=OnError.BYPASS,
        )
        yield stack


async def differences(
    rows: Sequence[Row], port: int, *, lower: bool = False, between: Callable[[], None] = lambda: None
) -> dict[str, tuple[Told, Told]]:
    """For each row that differs, by name: what should have come through the shield and what did.

    `lower`: the server does not preserve the case of field names.
    """
    own_host = f"127.0.0.1:{port}"
    wanted: list[Told] = []
    for row in rows:
        direct = await play(row, port, own_host, directly=True)
        wanted.append(told_alike(row, expected(row, direct, own_host), lower=lower))
    between()
    found: dict[str, tuple[Told, Told]] = {}
    async with before(port) as stack:
        for row, want in zip(rows, wanted, strict=True):
            got = await play(row, stack.site.port, CLIENT_HOST, directly=False)
            if told_alike(row, got, lower=lower) != want:
                found[row.name] = want, got
    return found


JSON = "Content-Type: application/json"
KEPT = b' { "a":1.0,\t"a": "\\u00e9\\/", "b":12345678901234567890123, "c":1e400, "d":-0 } \r\n'
SECRET = b'{"comment": "call secret-abc  now", "n": 1e400}'
REDACTED = b'{"comment": "call <SECRET>  now", "n": 1e400}'
BOUNDARY = "Content-Type: multipart/form-data; boundary=XyZ"


def form(text: bytes) -> bytes:
    return b"".join(
        (
            b'--XyZ\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + text,
            b'\r\n--XyZ\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n',
            b"Content-Type: text/plain\r\n\r\n" + text + b"\r\n--XyZ--\r\n",
        )
    )


TARGETS = (
    "/echo", "/echo?", "/echo??", "/echo/", "//echo", "/echo//x", "/echo/a%2Fb", "/echo/a%252Fb",
    "/echo/a;b=1", "/echo/a+b?c+d=e+f", "/echo/%E2%82%AC?q=%e2%82%ac", "/echo?a=1&a=2&b",
    '/echo?a=[1]&b={x}|^`"<>', "/echo?a=%&b=%zz", "/echo/!$&'()*,:@~", "/echo/%7euser/%41",
    "/echo?u=http://x/../y", "/echo?" + "q" * 7000,
)  # fmt: skip
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "REPORT", "PROPFIND", "PURGE")
ECHOES = (
    *(Row(f"target {target[:40]}", "GET", target) for target in TARGETS),
    *(Row(f"{method} without a body", method, "/echo") for method in METHODS),
    *(Row(f"{method} with an empty body", method, "/echo", [JSON], b"") for method in METHODS),
    *(Row(f"{method} with a body", method, "/echo", [JSON], KEPT) for method in METHODS),
    *(Row(f"{method} with PII", method, "/echo", [JSON], SECRET, REDACTED) for method in METHODS),
    *(
        Row(f"type {kind}", "POST", "/echo", [f"Content-Type: {kind}"], body)
        for kind, body in (
            ("application/json; charset=utf-8", KEPT),
            ('Application/JSON;charset="UTF-8"', b"\xef\xbb\xbf{}"),
            ("application/vnd.api+json", KEPT),
            ("application/merge-patch+json", b'{"a":null}'),
            ("application/json-patch+json", b'[{"op":"add","path":"/a","value":"b"}]'),
            ("application/x-ndjson", b'{"a":1}\n\n{"a":2}\r\n{"a":3}'),
            ("application/x-www-form-urlencoded", b"a=1+2&b=%20&c&&=x;e"),
            ("text/plain; charset=iso-8859-1", b"caf\xe9\r\n"),
            ("application/octet-stream", b"\x00\xff"),
            ("application/json", b"{not json"),
        )
    ),
    Row("no type", "PUT", "/echo", [], b"\x00bytes"),
    Row("PII in a form", "POST", "/echo", [BOUNDARY], form(b"secret-abc"), form(b"<SECRET>")),
    Row("a form", "POST", "/echo", [BOUNDARY], form(b"x")),
    Row(
        "PII in the query", "GET", "/echo?q=a+secret-abc&p=1", target_redacted="/echo?q=a+%3CSECRET%3E&p=1"
    ),
    Row("chunks", "POST", "/echo", [JSON, "Transfer-Encoding: chunked"], b"2\r\n{}\r\n0\r\n\r\n"),
    Row("Expect", "POST", "/echo", [JSON, "Expect: 100-continue"], b"{}"),
    Row("HTTP/1.0", "POST", "/echo", [JSON], b"{}", version="1.0"),
    Row("HTTP/1.0, kept alive", "GET", "/echo", ["Connection: keep-alive"], version="1.0"),
    Row("the last of its connection", "GET", "/echo", ["Connection: close"]),
    Row("fields of one connection", "GET", "/echo", ["Connection: X-Hop", "X-Hop: 1", "TE: trailers"]),
    Row(
        "fields",
        "GET",
        "/echo",
        [
            "ACCEPT: a", "accept: b", "Cookie: a=1", "Cookie: b=2", "Authorization: Bearer x.y", "X-Empty:",
            "X-Blanks:   a \t b  ", "x_under: 1", "X-Latin: caf\xe9", 'If-None-Match: "a", W/"b"',
            "Origin: https://app.example.com", "Access-Control-Request-Method: POST", "Range: bytes=0-1",
            "Via: 1.1 x", "Idempotency-Key: secret-key", "X-Amz-Date: 20130524T000000Z",
            "X-Raw: \xc3\xa9 \xe9", "X-Word: =?utf-8?q?a=20b?=",
            'X-Quoted: "a \\"b\\"", c; d=e', 'X-Json: { "a":1.0,\t"a": "\\u00e9\\/" }',
            "Referer: https://a.example/%7e?b=c+d&%zz#e",
            "Content-Disposition: attachment; filename*=utf-8''%c3%a9",
        ],
    ),
    *(
        Row(
            f"PII in fields of {method}",
            method,
            "/echo",
            [*own, "X-NOTE: a  secret-abc b", "x-note: no", "x-Note: secret-d", "Cookie: a=secret-e",
             'Content-Disposition: inline; filename="x1 secret-f"', 'X_Json: {"a": ["secret-g", 1e400 ]}'],
            body,
            fields_redacted=[
                *own, "X-NOTE: a  <SECRET> b", "x-note: no", "x-Note: <SECRET>", "Cookie: a=secret-e",
                'Content-Disposition: inline; filename="x1 <SECRET>"', 'X_Json: {"a": ["<SECRET>", 1e400 ]}'],
        )
        for method, own, body in (("GET", [], None), ("DELETE", [], None), ("PUT", [JSON], KEPT))
    ),
)  # fmt: skip


async def test_what_an_asgi_server_sees_and_says() -> None:
    paths = ("/cookies", "/moved", "/made", "/nothing", "/same", "/teapot", "/refused")
    rows = [*ECHOES, *(Row(f"{method} {path}", method, path) for path in paths for method in ("GET", "HEAD"))]
    rows += [Row(f"{path} in HTTP/1.0", "GET", path, version="1.0") for path in paths]
    async with asgi(Asgi()) as port:
        assert await differences(rows, port, lower=True) == {}


async def test_what_pythons_server_sees_in_spelling_and_order_and_says() -> None:
    with spelling() as port:
        rows = [
            *ECHOES,
            *(Row(path, "GET", path) for path in ("/echo/interim", "/until-closed", "/trailers")),
        ]
        assert await differences(rows, port) == {}


async def test_a_stream_is_passed_on_as_it_comes() -> None:
    app = Asgi()
    async with asgi(app) as port, before(port) as stack:
        client = await stack.connect()
        await client.send(b"GET /stream HTTP/1.1\r\nHost: s\r\n\r\n")
        async with asyncio.timeout(20):
            assert (await read_head(client.reader)).get("content-type") == "text/event-stream"
            assert await client.reader.readuntil(b"\n\n\r\n") == b"9\r\ndata: 1\n\n\r\n"
            app.goes_on.set()
            assert await client.reader.readuntil(b"0\r\n\r\n") == b"9\r\ndata: 2\n\n\r\n0\r\n\r\n"


PLAIN = "Content-Type: text/plain"
PACKED = gzip.compress(b"packed\n", mtime=0)
STORED = (
    *(
        Row(f"{method} {target} {fields}", method, target, fields)
        for method, target, fields in (
            ("GET", "/lines.txt", []),
            ("HEAD", "/lines.txt", []),
            ("GET", "/lines.txt", ["Accept-Encoding: gzip"]),
            ("HEAD", "/lines.txt", ["Accept-Encoding: gzip"]),
            ("GET", "/lines.txt", ["Range: bytes=0-9"]),
            ("GET", "/lines.txt", ["Range: bytes=-5"]),
            ("GET", "/lines.txt", ["Range: bytes=99999999-"]),
            ("GET", "/lines.txt", ["Range: bytes=0-9", 'If-Range: "x"']),
            ("GET", "/lines.txt", ["If-None-Match: *"]),
            ("GET", "/lines.txt", ["If-Modified-Since: Wed, 21 Oct 2037 07:28:00 GMT"]),
            ("GET", "/caf%C3%A9%20dir/a+b;c.txt", []),
            ("GET", "/caf%c3%a9%20dir/a%2Bb%3Bc.txt", []),
            ("GET", "/caf%C3%A9%20dir", []),
            ("GET", "/none", []),
            ("HEAD", "/none", []),
            ("DELETE", "/lines.txt", []),
            ("GET", "/told", []),
        )
    ),
    Row("HTTP/1.0", "GET", "/lines.txt", version="1.0"),
    Row("put", "PUT", "/kept/a.txt", [PLAIN], b"secret-abc was here", b"<SECRET> was here"),
    Row("read back", "GET", "/kept/a.txt"),
    Row("put again", "PUT", "/kept/a.txt", [PLAIN, "Expect: 100-continue"], b"x" * 100_000),
    Row("read again", "GET", "/kept/a.txt"),
    Row("put bytes", "PUT", "/kept/b", [], b"\x00\xff" * 100),
    Row("read bytes", "GET", "/kept/b"),
    Row("put packed", "PUT", "/kept/c", [PLAIN, "Content-Encoding: gzip"], PACKED),
    Row("read packed", "GET", "/kept/c"),
    Row("delete", "DELETE", "/kept/a.txt"),
    Row("delete again", "DELETE", "/kept/a.txt"),
    Row("no put there", "PUT", "/a.txt", [PLAIN], b"x"),
)


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
async def test_what_nginx_stores_and_says(tmp_path: Path) -> None:
    def emptied() -> None:
        for file in (tmp_path / "files" / "kept").iterdir():
            file.unlink()

    async with nginx(tmp_path) as port:
        assert await differences(STORED, port, between=emptied) == {}
