"""Real clients work through the proxy: httpx, requests, curl, and raw sockets where bytes matter."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import requests

from shield.audit.record import Kind
from shield.config.path_template import parse_path_template
from shield.config.settings_route import HeaderAction, HeaderRule, HeaderSettings, Mode, OnError
from shield.domain import Limits
from shield.payload.content_encoding import decode_content, encode_content
from tests.integration.proxy.harness import Stack, post
from tests.integration.proxy.raw_upstream import Received, answering
from tests.integration.proxy.test_admission import in_flight, until

BODY = b'{"comment": "call secret-abc  now", "n": 1e400}'
REDACTED = b'{"comment": "call <SECRET>  now", "n": 1e400}'


async def test_a_write_is_redacted_recorded_and_answered(stack: Stack) -> None:
    client = await stack.connect()
    await client.send(post(BODY, "X-Odd-CASE: kept", "X-Twice: 1", "X-Twice: 2", 'If-Match: "v1"'))
    answer = await client.answer()
    assert (answer.status, answer.reason) == (201, "Made It")
    assert answer.body == b'{"id":1}'
    assert answer.get("X-Shield-Receipt") == "test.example/worker-0#0"
    assert answer.names == {"content-type", "content-length", "x-shield-receipt"}
    (request,) = stack.upstream.requests
    assert request.body == REDACTED
    assert request.get("Content-Length") == str(len(REDACTED))
    assert request.get("Host") == f"127.0.0.1:{stack.upstream.port}"
    assert request.get("X-Forwarded-Host") == "shield.example"
    assert request.get("X-Forwarded-For") == "127.0.0.1"
    assert request.get("Forwarded") == 'for=127.0.0.1;host="shield.example";proto=http'
    assert ("X-Odd-CASE", "kept") in request.fields
    assert request.all("X-Twice") == ["1", "2"]
    assert request.get("If-Match") == '"v1"'
    assert request.get("User-Agent") is None
    assert request.get("Accept") is None
    (intent,) = stack.evidence.of(Kind.INTENT)
    (outcome,) = stack.evidence.of(Kind.OUTCOME)
    assert intent["decision"] == "forward_redacted"
    assert intent["body_after"] == "sha256:" + hashlib.sha256(REDACTED).hexdigest()
    assert (intent["size_before"], intent["size_after"]) == (len(BODY), len(REDACTED))
    assert (outcome["intent"], outcome["upstream_status"], outcome["result"]) == (0, 201, "answered")
    assert stack.metric("shield_requests_total", route="tickets", outcome="redacted") == 1
    assert (
        stack.metric("shield_findings_total", route="tickets", entity_type="SECRET", operator="replace") == 1
    )


async def test_a_write_without_findings_passes_byte_for_byte(stack: Stack) -> None:
    body = b'{ "a":1.0,\t"a": "\\u00e9" , "b":12345678901234567890123}\n'
    client = await stack.connect()
    await client.send(post(body, "Content-Digest: sha-256=:YWJj:", "Digest: sha-256=abc"))
    assert (await client.answer()).status == 201
    (request,) = stack.upstream.requests
    assert request.body == body
    assert request.get("Content-Digest") == "sha-256=:YWJj:"
    assert request.get("Digest") == "sha-256=abc"
    (intent,) = stack.evidence.of(Kind.INTENT)
    assert intent["decision"] == "forward"
    assert intent["body_after"] == intent["body_before"]


async def test_digests_of_a_redacted_body_are_made_anew(stack: Stack) -> None:
    def digests(body: bytes) -> list[tuple[str, str]]:
        md5 = b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
        sha256 = b64encode(hashlib.sha256(body).digest()).decode()
        sha512 = b64encode(hashlib.sha512(body).digest()).decode()
        return [
            ("content-digest", f"sha-256=:{sha256}:, sha-512=:{sha512}:"),
            ("Content-MD5", md5),
            ("Digest", f"SHA-256={sha256}, MD5={md5}"),
            ("Repr-Digest", f"sha-512=:{sha512}:"),
        ]

    client = await stack.connect()
    sent = [f"{name}: {value}" for name, value in digests(BODY)]
    await client.send(post(BODY, "X-A: 1", *sent, "Content-Digest: crc32c=:YWJj:", "X-B: 2"))
    assert (await client.answer()).status == 201
    (request,) = stack.upstream.requests
    own = {"x-a", "x-b", "content-digest", "content-md5", "digest", "repr-digest"}
    assert [field for field in request.fields if field[0].lower() in own] == [
        ("X-A", "1"),
        *digests(REDACTED),
        ("X-B", "2"),
    ]


@pytest.mark.parametrize("field", ["Content-MD5: abc", "Digest: id=1,sha=abc", "Repr-Digest: sha-256=:YWJj:"])
async def test_a_body_that_was_damaged_on_its_way_gets_no_digest_that_holds(stack: Stack, field: str) -> None:
    client = await stack.connect()
    await client.send(post(BODY, field))
    answer = await client.answer()
    assert (answer.status, json.loads(answer.body)["code"]) == (400, "digest_mismatch")
    assert not stack.upstream.requests
    dropped = HeaderRule(field.partition(":")[0].lower(), HeaderAction.DROP)
    stack.reroute(headers=HeaderSettings(rules=(dropped,)))
    await client.send(post(BODY, field))  # nobody looks at it
    assert (await client.answer()).status == 201


async def test_httpx_keeps_its_connection(stack: Stack) -> None:
    async with httpx.AsyncClient(base_url=stack.url) as client:
        for _ in range(5):
            assert (await client.post("/api/tickets", json={"a": "secret-x"})).status_code == 201
    assert [request.body for request in stack.upstream.requests] == [b'{"a":"<SECRET>"}'] * 5
    assert stack.upstream.connections == 1


async def test_requests_with_session_and_redirect(stack: Stack) -> None:
    stack.upstream.script = answering(
        b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"
    )

    def call() -> requests.Response:
        with requests.Session() as session:
            return session.post(
                stack.url + "/api/tickets", json={"a": "secret-x"}, allow_redirects=False, timeout=10
            )

    answer = await asyncio.to_thread(call)
    assert (answer.status_code, answer.headers["Location"]) == (307, "/elsewhere")
    assert len(stack.upstream.requests) == 1


async def curl(*arguments: str, stdin: bytes = b"") -> tuple[bytes, bytes]:
    process = await asyncio.create_subprocess_exec(
        "curl", "-sS", "-m", "20", *arguments, stdin=-1, stdout=-1, stderr=-1
    )
    out, err = await process.communicate(stdin)
    assert process.returncode == 0, err
    return out, err


async def test_curl_expects_100_continue(stack: Stack, tmp_path: Path) -> None:
    body = b'["' + b"x" * 2_000_000 + b'secret-abc"]'
    file = tmp_path / "body.json"
    file.write_bytes(body)
    out, err = await curl(
        "-v", "-H", "Expect: 100-continue", "-H", "Content-Type: application/json", "--data-binary",
        f"@{file}", stack.url + "/api/tickets",
    )  # fmt: skip
    assert out == b'{"id":1}'
    assert b"HTTP/1.1 100 Continue" in err
    (request,) = stack.upstream.requests
    assert request.body == body.replace(b"secret-abc", b"<SECRET>")
    assert request.get("Expect") is None


async def test_curl_chunked_upload_keeps_its_connection(stack: Stack) -> None:
    url = stack.url + "/api/tickets"
    common = ("-H", "Content-Type: application/json", "-H", "Transfer-Encoding: chunked", "--data-binary")
    out, err = await curl("-v", *common, BODY.decode(), url, url)
    assert out == b'{"id":1}' * 2
    assert [request.body for request in stack.upstream.requests] == [REDACTED] * 2
    assert b"left intact" in err
    assert b"Re-using existing" in err


async def test_100_continue_comes_after_route_and_head_are_accepted(stack: Stack) -> None:
    client = await stack.connect()
    head = post(BODY, "Expect: 100-continue")[: -len(BODY)]
    await client.send(head)
    assert (await client.answer()).status == 100
    await client.send(BODY)
    assert (await client.answer()).status == 201
    client = await stack.connect()
    await client.send(head.replace(b"/api/tickets", b"/api/unknown"))
    answer = await client.answer()
    assert answer.status == 404
    assert answer.get("Connection") == "close"


@pytest.mark.parametrize("codings", [("gzip",), ("deflate",), ("br",), ("zstd",), ("gzip", "br")])
async def test_a_compressed_upload_is_redacted_and_compressed_again(
    stack: Stack, codings: tuple[str, ...]
) -> None:
    client = await stack.connect()
    await client.send(post(encode_content(BODY, codings), f"Content-Encoding: {', '.join(codings)}"))
    assert (await client.answer()).status == 201
    (request,) = stack.upstream.requests
    assert request.get("Content-Encoding") == ", ".join(codings)
    assert decode_content(request.body, codings, Limits()) == REDACTED


async def test_a_compressed_upload_without_findings_keeps_its_bytes(stack: Stack) -> None:
    packed = gzip.compress(b'{"a": 1}', mtime=7)
    client = await stack.connect()
    await client.send(post(packed, "Content-Encoding: gzip"))
    assert (await client.answer()).status == 201
    assert stack.upstream.requests[0].body == packed


@pytest.mark.parametrize(
    ("method", "length"),
    [("GET", None), ("HEAD", None), ("OPTIONS", None), ("DELETE", None), ("PURGE", None)]
    + [(method, "0") for method in ("POST", "PUT", "PATCH")],
)
async def test_a_request_without_a_body_says_its_length_only_where_one_is_foreseen(
    stack: Stack, method: str, length: str | None
) -> None:
    stack.upstream.script = answering(b"HTTP/1.1 204 No Content\r\n\r\n")
    client = await stack.connect()
    for _ in range(2):  # the connection to the upstream stays in step
        await client.send(f"{method} /api/tickets HTTP/1.1\r\nHost: shield.example\r\n\r\n".encode())
        assert (await client.answer(method)).status == 204
    assert [request.get("Content-Length") for request in stack.upstream.requests] == [length, length]
    assert [request.body for request in stack.upstream.requests] == [b"", b""]
    assert stack.upstream.connections == 1


@pytest.mark.parametrize("method", ["GET", "DELETE", "OPTIONS", "POST", "PURGE"])
async def test_an_empty_body_that_was_announced_is_so_upstream(stack: Stack, method: str) -> None:
    client = await stack.connect()
    await client.send(post(b"", method=method))
    assert (await client.answer()).status == 201
    assert stack.upstream.requests[0].all("Content-Length") == ["0"]


async def test_bytes_of_fields_that_are_not_utf_8_go_on(stack: Stack) -> None:
    client = await stack.connect()
    await client.send(post(b"{}").replace(b"\r\n", b"\r\nX-Name: caf\xe9 \xc3\xa9 \xed\xa0\x80\xff\r\n", 1))
    assert (await client.answer()).status == 201
    value = stack.upstream.requests[0].get("X-Name") or ""
    assert value.encode("utf-8", "surrogateescape") == b"caf\xe9 \xc3\xa9 \xed\xa0\x80\xff"


@pytest.mark.parametrize("on_error", OnError)
@pytest.mark.parametrize("taken", ["application/octet-stream", "*/*", "application/json"])
@pytest.mark.parametrize("framing", ["Content-Length: 4", "Transfer-Encoding: chunked"])
async def test_a_body_without_a_type_is_one_of_bytes(
    stack: Stack, on_error: OnError, taken: str, framing: str
) -> None:
    """It is not inspected, so it passes only where the route accepts octet streams and bypasses them."""
    stack.reroute(on_error=on_error, media_types=(taken,))
    client = await stack.connect()
    body = b"4\r\n{\xff}\n\r\n0\r\n\r\n" if "chunked" in framing else b"{\xff}\n"
    await client.send(f"PUT /api/tickets/7 HTTP/1.1\r\nHost: s\r\n{framing}\r\n\r\n".encode() + body)
    answer = await client.answer("PUT")
    if on_error is OnError.BYPASS and taken != "application/json":
        assert answer.status == 201
        assert stack.upstream.requests[0].body == b"{\xff}\n"
        assert stack.upstream.requests[0].get("Content-Type") is None
        (bypass,) = stack.evidence.of(Kind.BYPASS)
        assert (bypass["reason"], bypass["media_type"]) == (
            "media_type_unsupported",
            "other" if taken == "*/*" else taken,
        )
    else:
        assert (answer.status, json.loads(answer.body)["code"]) == (415, "media_type_unsupported")
        stack.assert_nothing_forwarded()


@pytest.mark.parametrize("framing", ["Content-Length: 4", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize("path", ["/api/tickets/7", "/API/tickets/7", "/api/tickets/7?_method=GET"])
async def test_a_body_without_a_type_has_the_route_of_its_path_that_takes_bytes(
    stack: Stack, framing: str, path: str
) -> None:
    """This includes a chunked body, whose head does not say whether it is empty."""
    (first,) = stack.settings.routes
    uploads = replace(
        first,
        name="uploads",
        media_types=("application/octet-stream",),
        on_error=OnError.BYPASS,
        methods=frozenset({"PUT"}),
    )
    others = replace(uploads, name="others", path=parse_path_template("/{rest...}"), mode=Mode.OBSERVE)
    stack.swap(replace(stack.settings, routes=(first, uploads, others)))
    client = await stack.connect()
    body = b"4\r\n{\xff}\n\r\n0\r\n\r\n" if "chunked" in framing else b"{\xff}\n"
    await client.send(f"PUT {path} HTTP/1.1\r\nHost: s\r\n{framing}\r\n\r\n".encode() + body)
    answer = await client.answer("PUT")
    if path != "/api/tickets/7":
        assert answer.status == 400  # another spelling or another method selects another route
        stack.assert_nothing_forwarded()
        return
    assert (answer.status, stack.upstream.requests[0].body) == (201, b"{\xff}\n")
    (bypass,) = stack.evidence.of(Kind.BYPASS)
    assert (bypass["route"], bypass["media_type"]) == ("uploads", "application/octet-stream")
    if "chunked" in framing:  # an empty chunked body is an empty upload
        await client.send(f"PUT {path} HTTP/1.1\r\nHost: s\r\n{framing}\r\n\r\n0\r\n\r\n".encode())
        assert (await client.answer("PUT")).status == 201
        (intent,) = stack.evidence.of(Kind.INTENT)
        assert (intent["route"], intent.get("media_type", "")) == ("uploads", "")


@pytest.mark.parametrize("split", [False, True])
async def test_a_chunked_body_that_comes_to_nothing_needs_no_media_type(stack: Stack, split: bool) -> None:
    client = await stack.connect()
    head = b"POST /api/tickets HTTP/1.1\r\nHost: s\r\nTransfer-Encoding: chunked\r\n\r\n"
    for _ in range(2):
        if split:
            await client.send(head)
            await until(lambda: in_flight(stack) == 1)
            await client.send(b"0\r\n\r\n")
        else:
            await client.send(head + b"0\r\n\r\n")
        assert (await client.answer()).status == 201
    assert [request.get("Content-Length") for request in stack.upstream.requests] == ["0", "0"]
    assert [request.get("Transfer-Encoding") for request in stack.upstream.requests] == [None, None]


async def test_head_keeps_the_length_and_sends_no_body(stack: Stack) -> None:
    stack.upstream.script = answering(b'HTTP/1.1 200 OK\r\nContent-Length: 1234\r\nETag: W/"x"\r\n\r\n')
    client = await stack.connect()
    for _ in range(2):
        await client.send(b"HEAD /api/tickets/7 HTTP/1.1\r\nHost: s\r\n\r\n")
        answer = await client.answer("HEAD")
        assert (answer.status, answer.get("Content-Length"), answer.get("ETag")) == (200, "1234", 'W/"x"')


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        (b"204 No Content", b""),
        (b"304 Not Modified", b'ETag: "a"\r\n'),
        (b"304 Not Modified", b"Content-Length: 99\r\n"),
        (b"204 ", b""),
        (b"204 No Content", b"Content-Length: 99\r\n"),
    ],
)
async def test_answers_without_a_body_leave_the_connection_usable(
    stack: Stack, line: bytes, fields: bytes
) -> None:
    stack.upstream.script = answering(b"HTTP/1.1 " + line + b"\r\n" + fields + b"\r\n")
    client = await stack.connect()
    for _ in range(2):
        await client.send(b"GET /api/tickets/7 HTTP/1.1\r\nHost: s\r\n\r\n")
        answer = await client.answer("GET")
        assert answer.status == int(line[:3])
        assert answer.get("Transfer-Encoding") is None
        assert (answer.get("Content-Length") is not None) == (b"304" in line and b"Length" in fields)


async def test_an_answer_comes_back_unchanged(stack: Stack) -> None:
    """Order and spelling of fields, duplicates, bytes that are not UTF-8, a coded body and a chunked one."""
    packed = gzip.compress(b"answer secret-abc")
    head = (
        b"HTTP/1.1 299 Odd  Reason\r\nset-cookie: a=1\r\nSet-Cookie: b=2\r\nX-Latin: \xe9\xff\r\n"
        b"Content-Encoding: gzip\r\nKeep-Alive: timeout=5\r\nConnection: X-Hop, keep-alive\r\nX-Hop: 1\r\n"
        b"X-Shield-Receipt: forged#1\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (packed[:5], packed[5:]))
    stack.upstream.script = answering(head, chunks + b"0\r\n\r\n")
    client = await stack.connect()
    await client.send(post(b"{}"))
    answer = await client.answer()
    assert (answer.status, answer.reason) == (299, "Odd  Reason")
    assert answer.body == packed
    assert answer.fields == [
        ("set-cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("X-Latin", b"\xe9\xff".decode("utf-8", "surrogateescape")),
        ("Content-Encoding", "gzip"),
        ("X-Shield-Receipt", "test.example/worker-0#0"),
        ("Transfer-Encoding", "chunked"),
    ]


INTERIM = (
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 102 Processing\r\nContent-Length: 9\r\n\r\n",
    (
        b"HTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload\r\nLink: </b>\r\nConnection: X-Hop\r\n"
        b"X-Hop: 1\r\nX-Shield-Receipt: forged#1\r\n\r\n"
    ),
    b"HTTP/1.1 104 Upload Resumption Supported\r\nLocation: http://127.0.0.1:%d/uploads/7\r\n\r\n",
)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.mark.parametrize("at_once", [True, False])
async def test_interim_answers_come_before_the_answer(stack: Stack, at_once: bool) -> None:
    pieces = [*INTERIM[:3], INTERIM[3] % stack.upstream.port, ANSWER]
    goes_on = asyncio.Event()

    async def script(request: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for piece in [b"".join(pieces)] if at_once else pieces[:-1]:
            writer.write(piece)
            await writer.drain()
        if not at_once:
            await goes_on.wait()
            writer.write(ANSWER)

    stack.upstream.script = script
    client = await stack.connect()
    for _ in range(2):
        goes_on.clear()
        await client.send(post(b"{}"))
        got = [await client.answer() for _ in range(3)]
        assert [(it.status, it.reason, it.fields) for it in got] == [
            (102, "Processing", []),
            (103, "Early Hints", [("link", "</a.css>; rel=preload"), ("Link", "</b>")]),
            (104, "Upload Resumption Supported", [("Location", "http://shield.example/uploads/7")]),
        ]
        goes_on.set()
        answer = await client.answer()
        assert (answer.status, answer.body, answer.get("X-Shield-Receipt") is None) == (200, b"ok", False)
    assert stack.upstream.connections == 1


async def test_http_1_0_gets_no_interim_answer(stack: Stack) -> None:
    stack.upstream.script = answering(*INTERIM[:3], ANSWER)
    client = await stack.connect()
    await client.send(b"GET /api/tickets/7 HTTP/1.0\r\nHost: shield.example\r\n\r\n")
    assert (await client.answer("GET")).status == 200


async def test_an_interim_answer_that_is_not_one_ends_the_exchange(stack: Stack) -> None:
    stack.upstream.script = answering(b"HTTP/1.1 103 Hints\r\nLink : a\r\n\r\n", ANSWER)
    client = await stack.connect()
    await client.send(post(b"{}"))
    answer = await client.answer()
    assert (answer.status, json.loads(answer.body)["code"]) == (502, "upstream_protocol_error")
    (outcome,) = stack.evidence.of(Kind.OUTCOME)
    assert outcome["result"] == "upstream_protocol_error"


async def test_hop_by_hop_fields_stay_on_their_hop(stack: Stack) -> None:
    client = await stack.connect()
    await client.send(
        post(
            b"{}",
            "Connection: keep-alive, X-Private",
            "X-Private: 1",
            "Keep-Alive: timeout=5",
            "TE: trailers",
            "Trailer: X-T",
            "Proxy-Authorization: Basic abc",
            "Proxy-Connection: keep-alive",
            "Proxy: evil",
            "X-Kept: 1",
        )
    )
    assert (await client.answer()).status == 201
    names = {name.lower() for name, _ in stack.upstream.requests[0].fields}
    assert names == {
        "host", "content-type", "x-kept", "cdn-loop", "x-forwarded-for", "x-forwarded-host",
        "x-forwarded-proto", "forwarded", "content-length",
    }  # fmt: skip


OTHERS = ("X-Forwarded-Client-Cert", "X-Forwarded-Prefix", "True-Client-IP")


async def test_forwarded_fields_of_a_client_are_replaced_or_if_trusted_continued(stack: Stack) -> None:
    fields = (
        *("X-Forwarded-For: 192.0.2.1", "X-Forwarded-Proto: https", "Forwarded: for=192.0.2.1"),
        *("X-Forwarded-Ssl: on", "X-Real-IP: 192.0.2.1", "X-Original-URL: /other", "X-Rewrite-URL: /other"),
        *("X-Forwarded-Client-Cert: Hash=0", "X-Forwarded-Prefix: /other", "True-Client-IP: 192.0.2.1"),
    )
    others = [
        "Front-End-Https",
        "X-Url-Scheme",
        "X-Scheme",
        "X-Remote-Addr",
        "X-Forwarded-Path",
        "X-Request-URI",
    ]
    others += ["X-Host", "X-HTTP-Host-Override", "X-Original-Path", "X-Rewrite-Path", "X-Override-Path"]
    others += [f"X-Forwarded-{name}" for name in ("Port", "Protocol", "Scheme", "Server")]
    fields += tuple(f"{name}: said" for name in others)
    client = await stack.connect()
    await client.send(post(b"{}", *fields))
    await client.answer()
    stack.reserve(trusted_forwarders=True)
    await client.send(post(b"{}", *fields))
    await client.answer()
    first, second = stack.upstream.requests
    assert first.all("X-Forwarded-For") == ["127.0.0.1"]
    assert first.all("X-Forwarded-Proto") == ["http"]
    assert (first.get("X-Forwarded-Ssl"), first.get("X-Real-IP")) == (None, None)
    assert (first.get("X-Original-URL"), first.get("X-Rewrite-URL")) == (None, None)
    assert {first.get(name) for name in OTHERS} == {None}
    assert (second.get("X-Forwarded-Ssl"), second.get("X-Real-IP")) == ("on", "192.0.2.1")
    assert [second.get(name) for name in OTHERS] == ["Hash=0", "/other", "192.0.2.1"]
    assert second.get("X-Original-URL") == "/other"
    assert {(first.get(name), second.get(name)) for name in others} == {(None, "said")}
    assert second.all("X-Forwarded-For") == ["192.0.2.1, 127.0.0.1"]
    assert second.all("X-Forwarded-Proto") == ["https"]
    assert second.all("Forwarded") == ['for=192.0.2.1, for=127.0.0.1;host="shield.example";proto=http']


async def test_pipelined_requests_are_answered_in_order(stack: Stack) -> None:
    client = await stack.connect()
    await client.send(b"".join(post(b'{"n": %d}' % number) for number in range(4)))
    for _ in range(4):
        assert (await client.answer()).status == 201
    assert [request.body for request in stack.upstream.requests] == [b'{"n": %d}' % n for n in range(4)]


CLOSING = post(b'{"n": 1}', "Connection: close")


@pytest.mark.parametrize("behind", [post(b'{"n": 2}'), b"GET / HTTP/1.1\r\n\r\n", b"garbage\r\n\r\n", b"\0"])
@pytest.mark.parametrize("cut", [0, 40, CLOSING.index(b"\r\n\r\n") + 2, len(CLOSING) - 3, len(CLOSING)])
async def test_nothing_behind_the_last_request_of_a_connection_is_processed(
    stack: Stack, behind: bytes, cut: int
) -> None:
    """RFC 9112, 9.6. The result is the same in whichever pieces it arrives."""
    client = await stack.connect()
    data = CLOSING + behind
    if cut:
        await client.send(data[:cut])
        await asyncio.sleep(0)
    await client.send(data[cut:])
    answer = await client.answer()
    assert (answer.status, answer.get("Connection")) == (201, "close")
    assert await client.ended()
    assert [request.body for request in stack.upstream.requests] == [b'{"n": 1}']
    assert len(stack.evidence.of(Kind.INTENT)) == 1


async def test_http_1_0_is_served(stack: Stack) -> None:
    stack.upstream.script = answering(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    )
    client = await stack.connect()
    await client.send(b"GET /api/tickets HTTP/1.0\r\n\r\n")
    answer = await client.answer("GET")
    assert answer.body == b"abc"
    assert answer.get("Transfer-Encoding") is None
    assert answer.get("Connection") == "close"


async def test_a_large_download_is_streamed_at_the_clients_pace(stack: Stack) -> None:
    size = 64 * 1024 * 1024
    block = b"d" * (1024 * 1024)
    written = 0
    stalled = asyncio.Event()

    async def script(request: object, reader: object, writer: asyncio.StreamWriter) -> None:
        nonlocal written
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
        while written < size:
            writer.write(block)
            try:
                async with asyncio.timeout(0.5):
                    await writer.drain()
            except TimeoutError:
                stalled.set()
                await writer.drain()
            written += len(block)

    stack.upstream.script = script
    client = await stack.connect()
    await client.send(b"GET /api/tickets HTTP/1.1\r\nHost: s\r\n\r\n")
    head = await client.reader.readuntil(b"\r\n\r\n")
    assert b"Content-Length: %d" % size in head
    async with asyncio.timeout(30):
        await stalled.wait()  # the client does not read, so the upstream is held back
        assert written < size / 2
        received = 0
        while received < size:
            received += len(await client.reader.read(1 << 20))
    assert received == size


async def test_a_redirect_to_the_upstream_leads_to_the_shield(stack: Stack) -> None:
    """A client that followed it unchanged would write past the shield, without redaction."""
    home = f"http://127.0.0.1:{stack.upstream.port}"
    stack.upstream.script = answering(
        f"HTTP/1.1 307 Temporary Redirect\r\nlocation: {home}/api/tickets/moved\r\nX-At: {home}/\r\n"
        f"Content-Location: {home}/api/tickets\r\nLink: <{home}/>\r\nContent-Length: 0\r\n\r\n".encode()
    )
    client = await stack.connect()
    await client.send(post(b'{"a": "secret-x"}'))
    answer = await client.answer()
    assert answer.fields[:4] == [
        ("location", "http://shield.example/api/tickets/moved"),
        ("X-At", f"{home}/"),
        ("Content-Location", "http://shield.example/api/tickets"),
        ("Link", f"<{home}/>"),
    ]
    stack.reserve(trusted_forwarders=True)
    await client.send(post(b"{}", "X-Forwarded-Host: desk.example", "X-Forwarded-Proto: https"))
    assert (await client.answer()).get("Location") == "https://desk.example/api/tickets/moved"


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(
    ("status", "given"), [("201 Created", False), ("202 Accepted", False), ("303 See Other", True)]
)
async def test_an_address_of_the_upstream_that_the_shield_has_none_for_is_not_given_to_be_kept(
    stack: Stack, status: str, given: bool, mode: Mode
) -> None:
    """A client that used it later would write past the shield. A request that follows a 303 has no body."""
    home = f"http://127.0.0.1:{stack.upstream.port}"
    (route,) = stack.settings.routes
    stack.reroute(mode=mode, upstream=replace(route.upstream, url=f"{home}/v2"))
    stack.upstream.script = answering(
        f"HTTP/1.1 {status}\r\nLocation: {home}/uploads/secret-x\r\nContent-Location: {home}/v2/api/t\r\n"
        "Content-Length: 0\r\n\r\n".encode()
    )
    client = await stack.connect()
    await client.send(post(b'{"a": "secret-x"}'))
    answer = await client.answer()
    assert answer.status == int(status.split(maxsplit=1)[0])
    observes = mode is Mode.OBSERVE
    assert answer.get("Location") == (f"{home}/uploads/secret-x" if given or observes else None)
    assert answer.get("Content-Location") == "http://shield.example/api/t"
    assert ('"event":"location_dropped"' in stack.log.getvalue()) is not (given or observes)
    assert "secret-x" not in stack.log.getvalue()


@pytest.mark.parametrize(
    ("method", "status", "body", "held"),
    [
        ("POST", 307, b'{"a": "secret-x"}', True),
        ("PUT", 308, b'{"a": "secret-x"}', True),
        ("PUT", 302, b'{"a": "secret-x"}', True),  # browsers do not turn these into GET
        ("POST", 302, b'{"a": "secret-x"}', False),
        ("PUT", 303, b'{"a": "secret-x"}', False),
        ("POST", 201, b'{"a": "secret-x"}', False),
        ("GET", 307, b"", False),
    ],
)
async def test_a_redirect_that_repeats_the_write_elsewhere_is_not_passed_on(
    stack: Stack, method: str, status: int, body: bytes, held: bool
) -> None:
    """A client that followed it would send the original body to a place where nobody inspects it."""
    stack.upstream.script = answering(
        f"HTTP/1.1 {status} X\r\nLocation: https://store.example/x\r\nContent-Length: 0\r\n\r\n".encode()
    )
    client = await stack.connect()
    await client.send(post(body).replace(b"POST", method.encode(), 1))
    answer = await client.answer()
    if held:
        assert (answer.status, json.loads(answer.body)["code"]) == (502, "upstream_redirected")
        assert b"store.example" not in answer.body
        assert stack.evidence.of(Kind.OUTCOME)[-1]["result"] == "upstream_redirected"
        answers = [
            stack.metric("shield_upstream_responses_total", **{"upstream": "store", "class": each})
            for each in ("3xx", "none")
        ]
        assert answers == [1, 0]  # an answer counts as an answer even if it is not passed on
    else:
        assert (answer.status, answer.get("Location")) == (status, "https://store.example/x")
    stack.reroute(mode=Mode.OBSERVE)
    await client.send(post(body).replace(b"POST", method.encode(), 1))
    assert (await client.answer()).status == status


@pytest.mark.parametrize(
    "location", [b"", b"Location: /uploads/17?part=2\r\n", b"Location: http://shield.example/uploads/17\r\n"]
)
@pytest.mark.parametrize("status", [307, 308])
async def test_a_redirect_to_the_shield_or_to_nowhere_is_passed_on(
    stack: Stack, location: bytes, status: int
) -> None:
    """In resumable uploads, a 308 without a Location asks for the next part."""
    stack.upstream.script = answering(
        b"HTTP/1.1 %d X\r\nRange: bytes=0-15\r\n%sContent-Length: 0\r\n\r\n" % (status, location)
    )
    client = await stack.connect()
    await client.send(post(b"{}"))
    answer = await client.answer()
    assert (answer.status, answer.get("Range")) == (status, "bytes=0-15")
    assert (answer.get("Location") or "") == location.partition(b": ")[2].strip().decode()
