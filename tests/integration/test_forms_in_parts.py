"""The real service redacts forms with files that aiohttp and curl send and aiohttp's reader parses."""

from __future__ import annotations

import asyncio
import gzip
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.base_protocol import BaseProtocol

from shield.audit.files import FolderReader
from shield.evidence.exceptions import find_exceptions
from shield.evidence.reading import Entry, entries
from tests.forms_in_parts import BROKEN, TYPE, body_of, part
from tests.leak.canaries import hunt
from tests.leak.rows import problem
from tests.leak.stage import Stage, stage

MAIL, CARD = "rosa.diaz@example.org", "4111 1111 1111 1111"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)) + MAIL.encode()
PATH = "/o/1"
TAKEN = ", media_types: [multipart/form-data, application/json]"


def form(*, file: bool = True) -> aiohttp.FormData:
    data = aiohttp.FormData(default_to_multipart=True)
    data.add_field("helpdesk_ticket[description]", f"My card is {CARD}.")
    data.add_field("custom_fields[0][name]", "SSN")
    data.add_field("custom_fields[0][value]", "536221234")
    data.add_field("meta", f'{{"mail": "{MAIL}", "n": 1e400}}', content_type="application/json")
    data.add_field("log", f"from {MAIL}".encode(), filename=f"{MAIL} log.txt", content_type="text/plain")
    if file:
        data.add_field("attachment", PDF, filename="passport.pdf", content_type="application/pdf")
    return data


REDACTED = {
    "helpdesk_ticket[description]": b"My card is <CREDIT_CARD>.",
    "custom_fields[0][name]": b"SSN",
    "custom_fields[0][value]": b"<US_SSN>",
    "meta": b'{"mail": "<EMAIL_ADDRESS>", "n": 1e400}',
    "log": b"from <EMAIL_ADDRESS>",
}


async def post(running: Stage, data: Any, path: str = PATH, **headers: str) -> tuple[int, bytes]:
    url = f"http://127.0.0.1:{running.port}{path}"
    async with aiohttp.ClientSession() as client, client.post(url, data=data, headers=headers) as reply:
        return reply.status, await reply.read()


async def received(running: Stage) -> dict[str, tuple[str | None, bytes]]:
    """The fields that the upstream got, by aiohttp's reader: each file's name and content."""
    head, _, body = bytes(running.upstream.received).partition(b"\r\n\r\n")
    lines = [line.partition(b": ") for line in head.split(b"\r\n")]
    fields = {name.decode().lower(): value.decode() for name, _, value in lines}
    assert int(fields["content-length"]) == len(body)
    loop = asyncio.get_running_loop()
    stream = aiohttp.StreamReader(BaseProtocol(loop), 2**20, loop=loop)
    stream.feed_data(body)
    stream.feed_eof()
    found: dict[str, tuple[str | None, bytes]] = {}
    reader = aiohttp.MultipartReader({"Content-Type": fields["content-type"]}, stream)
    async for each in reader:
        assert isinstance(each, aiohttp.BodyPartReader)
        assert each.name is not None
        found[each.name] = each.filename, bytes(await each.read())
    return found


async def records_of(running: Stage) -> list[Entry]:
    assert running.service.audit is not None
    await running.service.audit.checkpoint()
    return list(entries(FolderReader(running.audit / "leak.shield.example+0")))


def counted(running: Stage, reason: str) -> float | None:
    labels = {"route": "object", "reason": reason}
    return running.service.registry.get_sample_value("shield_uninspected_bytes_total", labels)


async def test_a_form_without_files_is_redacted_field_by_field(tmp_path: Path) -> None:
    async with stage(tmp_path, object_match=TAKEN) as running:
        status, _ = await post(running, form(file=False))
        assert status == 201
        found = await received(running)
        assert {name: content for name, (_, content) in found.items()} == REDACTED
        assert found["log"][0] == "<EMAIL_ADDRESS>%20log.txt"  # aiohttp's escape of a blank
        places = {**await running.places(), "upstream": bytes(running.upstream.received)}
        assert [trace for value in (MAIL, CARD, "536221234") for trace in hunt(value, places)] == []


async def test_a_file_is_refused_by_default_and_nothing_is_forwarded(tmp_path: Path) -> None:
    async with stage(tmp_path, object_match=TAKEN) as running:
        status, reply = await post(running, form())
        assert (status, json.loads(reply)["code"]) == (422, "opaque_content")
        assert "(pdf)" in json.loads(reply)["detail"]
        assert running.upstream.received == b""
        (refused,) = [each.fields for each in await records_of(running) if each.kind == "reject"]
        assert refused["opaque"] == {
            "count": 1, "paths": ["form.attachment[0]"], "bytes": len(PDF), "forms": {"pdf": 1},
        }  # fmt: skip


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("opaque: keep", "opaque"),
        ("on_error: bypass", "opaque"),
        ("fields: [{select: $.attachment, action: keep}]", "field_rule"),
        ("fields: [{select: $.attachment, action: drop}]", ""),
        ("fields: [{select: $.attachment, action: treat_as, entity: PERSON}]", ""),
    ],
)
async def test_what_the_route_says_of_files_holds(tmp_path: Path, setting: str, reason: str) -> None:
    async with stage(tmp_path, object_match=TAKEN, object_route=setting, person=True) as running:
        status, _ = await post(running, form())
        assert status == 201
        found = await received(running)
        scan = found.pop("attachment", None)
        assert {name: content for name, (_, content) in found.items()} == REDACTED
        if "drop" in setting:
            assert scan is None
        else:
            assert scan == ("passport.pdf", b"<PERSON>" if "treat_as" in setting else PDF)
        for name in ("opaque", "field_rule", "bypass"):
            assert (counted(running, name) or 0) == (len(PDF) if name == reason else 0)
        records = await records_of(running)
        exceptions = [each for each in find_exceptions("o", records) if each.route]
        assert len(exceptions) == (reason == "opaque")
        (intent,) = [each.fields for each in records if each.kind == "intent"]
        assert ("dropped" in intent) is ("drop" in setting)


async def test_in_observe_mode_it_goes_on_as_it_came_and_is_on_record(tmp_path: Path) -> None:
    body = body_of(part('name="mail"', MAIL.encode()), part('name="f"; filename=a', PDF, "Content-Type: a/b"))
    async with stage(tmp_path, object_match=TAKEN, object_route="mode: observe") as running:
        assert b" 201 " in await running.post(body, TYPE, PATH)
        assert running.upstream.received.endswith(b"\r\n\r\n" + body)
        (intent,) = [each.fields for each in await records_of(running) if each.kind == "intent"]
        assert intent["opaque"]["forms"] == {"pdf": 1}
        assert [(each["type"], each["paths"]) for each in intent["findings"]] == [
            ("EMAIL_ADDRESS", ["form.mail[0]"])
        ]


async def test_a_broken_form_passes_by_a_bypass_alone(tmp_path: Path) -> None:
    body = BROKEN[2] + MAIL.encode()
    async with stage(tmp_path, object_match=TAKEN) as running:
        assert problem(await running.post(body, TYPE, PATH))["code"] == "body_malformed"
        assert running.upstream.received == b""
    (tmp_path / "bypass").mkdir()
    async with stage(tmp_path / "bypass", object_match=TAKEN, object_route="on_error: bypass") as running:
        assert b" 201 " in await running.post(body, TYPE, PATH)
        assert running.upstream.received.endswith(body)
        assert counted(running, "bypass") == len(body)
        assert [each.fields["reason"] for each in await records_of(running) if each.kind == "bypass"] == [
            "body_malformed"
        ]


@pytest.fixture
async def taking(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path, object_match=TAKEN) as running:
        yield running


async def test_compressed_forms_are_compressed_again(taking: Stage) -> None:
    body = gzip.compress(body_of(part('name="a"', MAIL.encode())))
    assert b" 201 " in await taking.post(body, TYPE, PATH, "Content-Encoding: gzip\r\n")
    sent = bytes(taking.upstream.received).partition(b"\r\n\r\n")[2]
    assert gzip.decompress(sent) == body_of(part('name="a"', b"<EMAIL_ADDRESS>"))


async def test_a_large_form_is_inspected_in_its_process_with_the_same_result(taking: Stage) -> None:
    lines = b"".join(b"line %d says nothing of anybody\n" % number for number in range(10_000))
    body = body_of(part('name="t"; filename="t.txt"', lines + MAIL.encode()), part('name="n"', CARD.encode()))
    expected = body.replace(MAIL.encode(), b"<EMAIL_ADDRESS>").replace(CARD.encode(), b"<CREDIT_CARD>")
    for _ in range(2):
        assert b" 201 " in await taking.post(body, TYPE, PATH)
        assert taking.upstream.received.endswith(b"\r\n\r\n" + expected)
        async with asyncio.timeout(120):
            while taking.service.parts.inspections._preparing:
                await asyncio.sleep(0.02)
    assert taking.service.parts.inspections.pid is not None


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
async def test_what_curl_sends_is_read(taking: Stage, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text(f"from {MAIL}\n")
    program = await asyncio.create_subprocess_exec(
        "curl", "-sf", "-F", f"note=card {CARD}", "-F", f'f=@{file};filename="a\\"b; {MAIL}.txt"',
        "-F", f"g=@{file}",
        f"http://127.0.0.1:{taking.port}{PATH}", stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert await program.wait() == 0
    found = await received(taking)
    assert found["note"] == (None, b"card <CREDIT_CARD>")
    assert found["f"][1] == b"from <EMAIL_ADDRESS>\n"
    assert found["g"] == ("notes.txt", b"from <EMAIL_ADDRESS>\n")
    assert hunt(MAIL, {"upstream": bytes(taking.upstream.received)}) == []
