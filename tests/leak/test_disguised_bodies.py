"""No planted value passes in bodies whose bytes hold more than, or something other than, their head declares.

One service with the quick start's types and no model serves the module.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import re
import struct
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
import zstandard

from tests.forms_in_parts import BROKEN, MARK, TYPE, body_of, part
from tests.leak.canaries import hunt
from tests.leak.stage import Stage, stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

ADDRESS = "maria.garcia@example.com"
CLEAN = b'{"body":"the invoice page is broken"}'


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with stage(tmp_path_factory.mktemp("leak"), listed="[default, shield]") as ready:
        yield ready


def _named(body: bytes) -> bytes:
    made = io.BytesIO()
    with gzip.GzipFile(filename=ADDRESS, fileobj=made, mode="wb", mtime=0) as file:
        file.write(body)
    return made.getvalue()


def _skipped(body: bytes) -> bytes:
    return b"\x50\x2a\x4d\x18" + struct.pack("<I", len(ADDRESS)) + ADDRESS.encode() + zstandard.compress(body)


def _sha256(body: bytes) -> str:
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


@pytest.mark.parametrize(("coding", "body"), [("gzip", _named(CLEAN)), ("zstd", _skipped(CLEAN))])
async def test_text_beside_the_content_of_a_compressed_body_stays_behind(
    running: Stage, coding: str, body: bytes
) -> None:
    running.upstream.forget()
    digest = f"Content-Digest: sha-256=:{_sha256(body)}:\r\n"
    reply = await running.post(body, fields=f"Content-Encoding: {coding}\r\n{digest}")
    assert reply.startswith(b"HTTP/1.1 201 ")
    received = bytes(running.upstream.received)
    assert hunt(ADDRESS, {"upstream": received}) == []
    head, _, forwarded = received.partition(b"\r\n\r\n")
    assert f"sha-256=:{_sha256(forwarded)}:".encode() in head
    decoded = gzip.decompress(forwarded) if coding == "gzip" else zstandard.decompress(forwarded)
    assert decoded == CLEAN
    assert running.service.audit is not None
    await running.service.audit.checkpoint()
    records = b"".join((await running.places()).values())
    assert b'"decision":"forward"' in records


async def test_a_compressed_body_with_nothing_beside_its_content_goes_on_as_it_came(running: Stage) -> None:
    running.upstream.forget()
    body = gzip.compress(CLEAN, 9)
    assert (await running.post(body, fields="Content-Encoding: gzip\r\n")).startswith(b"HTTP/1.1 201 ")
    assert running.upstream.received.endswith(b"\r\n\r\n" + body)


@pytest.mark.parametrize(
    ("charset", "body"),
    [
        ("utf-16le", f"write to {ADDRESS}!".encode()),
        ("utf-16be", b"\xff\xfe" + ADDRESS.encode("utf-16-le")),
        ("utf-16le", ADDRESS.encode("utf-16-be")),
        ("utf-16", ADDRESS.encode("utf-32")),
        ("iso-8859-1", ADDRESS.encode("utf-16")),
        ("utf-7", ADDRESS.replace("@", "+AEA-").encode()),
        ("utf-8", f"my name is Maria Garcia, {ADDRESS}".encode("utf-16-le")),
        ("iso-8859-1", f"my name is Maria Garcia, {ADDRESS}".encode("utf-32-be")),
        ("iso-8859-1", gzip.compress(ADDRESS.encode())),
        ("windows-1252", b"PK\x03\x04\x14\0\0\0" + ADDRESS.encode()),
        ("us-ascii", "\u5c71\u7530\u592a\u90ce".encode("iso2022_jp")),
        ("utf-8; charset*=us-ascii''utf-7", ADDRESS.replace("@", "+AEA-").encode()),
    ],
)
async def test_a_text_that_reads_otherwise_than_its_charset_says_is_refused(
    running: Stage, charset: str, body: bytes
) -> None:
    running.upstream.forget()
    reply = await running.post(body, f"text/plain; charset={charset}")
    assert reply.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 415 "))
    assert running.upstream.received == b""
    problem = json.loads(reply.partition(b"\r\n\r\n")[2])
    assert problem["code"] in {"body_malformed", "media_type_unsupported"}


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("text/html", b"<meta charset=utf-7>maria.garcia+AEA-example.com"),
        ("text/html; charset=utf-8", f"<meta charset=koi8-r><p>\u00f8 {ADDRESS}".encode()),
        ("text/html; charset=windows-1252", f"<meta charset=utf-8><p>{ADDRESS} \u00f8".encode("cp1252")),
        ("text/xml", f"<!DOCTYPE a [<!ENTITY e '{ADDRESS}'>]><a>&e;</a>".encode()),
        ("text/xml", b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"),
        ("text/xml", b"<?xml version='1.0' encoding='utf-7'?><a>maria.garcia+AEA-example.com</a>"),
        (
            "text/xml; charset=utf-8",
            f"<?xml version='1.0' encoding='latin1'?><a>{ADDRESS}\u00f8</a>".encode(),
        ),
        ("text/xml", f"<a>{ADDRESS}</b>".encode()),
        ("text/csv", f'a,b\n1,"{ADDRESS}"x\n'.encode()),
        ("text/csv; charset=utf-16", f"a,b\n1,{ADDRESS}".encode("utf-32")),
        ("text/vtt; charset=windows-1252", f"WEBVTT\n\n{ADDRESS}".encode()),
    ],
)
async def test_a_body_with_two_readings_is_refused(running: Stage, media_type: str, body: bytes) -> None:
    running.upstream.forget()
    reply = await running.post(body, media_type)
    assert reply.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 415 "))
    assert running.upstream.received == b""


@pytest.mark.parametrize("literal", ["4.111111111111111e15", "4111111111111111.0", "41111111111111110E-1"])
async def test_a_number_is_found_however_it_is_written(running: Stage, literal: str) -> None:
    running.upstream.forget()
    reply = await running.post(f'{{"value": {literal}}}'.encode())
    assert reply.startswith(b"HTTP/1.1 201 ")
    assert running.upstream.received.endswith(b'{"value": "<CREDIT_CARD>"}')


async def test_a_number_is_found_over_the_times_of_its_words(running: Stage) -> None:
    running.upstream.forget()
    words = "".join(f"<00:01.{n}00><c> {word}</c>" for n, word in enumerate(("4111", "1111", "1111", "1111")))
    reply = await running.post(f"WEBVTT\n\n00:01.000 --> 00:02.000\nit is{words}\n".encode(), "text/vtt")
    assert reply.startswith(b"HTTP/1.1 201 ")
    assert b"1111" not in running.upstream.received
    assert running.upstream.received.endswith(b"<00:01.300><c> &lt;CREDIT_CARD&gt;</c>\n")


@pytest.mark.parametrize(
    "body",
    [
        f"<p>Mail:<b>{ADDRESS}</b>Phone:<b>415-555-0132</b>Card:<i>4111 1111 1111 1111</i>thanks</p>",
        f"<p>sent<a href='#'/>{ADDRESS}<a href='#'/>yes 415-555-0132<b>0</b> <i>4111 1</i>111 1111 1111</p>",
    ],
)
async def test_values_are_found_between_words_that_tags_join(running: Stage, body: str) -> None:
    running.upstream.forget()
    reply = await running.post(body.encode(), "text/xml")
    assert reply.startswith(b"HTTP/1.1 201 ")
    received = bytes(running.upstream.received)
    assert hunt(ADDRESS, {"upstream": received}) == []
    assert b"0132" not in received
    assert b"1111" not in received


CODE = base64.b64encode(ADDRESS.encode()).decode()


@pytest.mark.parametrize(
    ("html", "left"),
    [
        (f'<p>see <a href="data:text/plain;base64,{CODE}">this</a> page</p>', CODE[:12]),
        (f'<p>see <b data-x="{CODE.rstrip("=")}">this</b> page</p>', CODE[:12]),
        (f"<p>see this <!-- {CODE} --> page</p>", CODE[:12]),
        (f'<p>see this <!-- <a href="{CODE}">it</a> --> page</p>', CODE[:12]),
        ('<p>see <a title="4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1">this</a></p>', "1 1 1"),
        ('<p>card 4111<a href="/r?a=1&amp;b=2">1111</a>11111111</p>', "1111"),
        ('<p>my ssn is 536-22<a href="/r?a=1&b=%20">-1234</a></p>', "1234"),
        (f'<p>my ssn is 536-22<span style="{"color:red;" * 60}">-1234</span></p>', "1234"),
        ("<p>card 4111<x-y>1111</x-y>1111<kbd>1111</kbd></p>", "1111"),
        ('<p>card 4111 1111<img src="a.png" alt="4 > 3">1111 1111</p>', "1111"),
        ("<p>my ssn is 536-22<b title='x > y'>-1234</b></p>", "1234"),
        ("<h1>my card is</h1><h2>4111</h2><h2>1111</h2><h2>1111</h2><h2>1111</h2>", "1111"),
        ("<p>card x4111111111111111</p>", "41111"),
        ("<p>card 4,111,111,111,111,111 it is</p>", "4,111"),
    ],
)
@pytest.mark.parametrize("whole", [True, False])
async def test_no_value_hides_in_a_tag_or_is_parted_by_one(
    running: Stage, html: str, left: str, *, whole: bool
) -> None:
    running.upstream.forget()
    body, media_type = (html, "text/html") if whole else (json.dumps({"body": html}), "application/json")
    reply = await running.post(body.encode(), media_type)
    assert reply.startswith(b"HTTP/1.1 201 ")
    received = bytes(running.upstream.received)
    assert hunt(ADDRESS, {"upstream": received}) == []
    assert left.encode() not in received
    opened, closed = (re.findall(rb"<%s([a-z-]+)" % mark, received) for mark in (b"", b"/"))
    assert sorted(opened) == sorted(closed)  # no half of a pair of tags is left


async def test_json_in_a_field_without_a_type_stays_json_and_holds_nothing(running: Stage) -> None:
    running.upstream.forget()
    payload = b'{"ssn": 536221234, "sender": {"phone": 4155550132}, "id": 7}'
    reply = await running.post(body_of(part('name="payload"', payload)), TYPE)
    assert reply.startswith(b"HTTP/1.1 201 ")
    left = bytes(running.upstream.received).partition(b'name="payload"\r\n\r\n')[2].partition(b"\r\n")[0]
    assert json.loads(left) == {"ssn": "<US_SSN>", "sender": {"phone": "<PHONE_NUMBER>"}, "id": 7}


BATCH = (
    "--batch_1\r\nContent-Type: multipart/mixed; boundary=changeset_1\r\n\r\n"
    "--changeset_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
    "Content-ID: 1\r\n\r\nPOST /api/data/v9.2/contacts HTTP/1.1\r\nContent-Type: application/json\r\n\r\n"
    f'{{"emailaddress1": "{ADDRESS}"}}\r\n--changeset_1--\r\n--batch_1--\r\n'
)


async def test_a_batch_of_requests_is_refused(running: Stage) -> None:
    running.upstream.forget()
    reply = await running.post(BATCH.encode(), "multipart/mixed; boundary=batch_1")
    assert reply.startswith(b"HTTP/1.1 415 ")
    assert b'"media_type_unsupported"' in reply
    assert running.upstream.received == b""
    assert hunt(ADDRESS, {"reply": reply, **await running.places()}) == []


@pytest.mark.parametrize("broken", BROKEN)
async def test_a_form_that_not_all_receivers_read_alike_is_refused(running: Stage, broken: bytes) -> None:
    running.upstream.forget()
    planted = b"%b\r\n%b\r\n" % (MARK, part(f'name="{ADDRESS}"; filename="{ADDRESS}.txt"', ADDRESS.encode()))
    reply = await running.post(planted + broken if broken.startswith(MARK) else broken + planted, TYPE)
    assert reply.startswith(b"HTTP/1.1 400 ")
    assert b'"body_malformed"' in reply
    assert running.upstream.received == b""
    assert hunt(ADDRESS, {"reply": reply, **await running.places()}) == []
