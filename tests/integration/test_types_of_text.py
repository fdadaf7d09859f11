"""After redaction by the real service, tables, XML, HTML and subtitles remain valid to other parsers."""

# ruff: noqa: S314  what is parsed is made here
from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator
from html.parser import HTMLParser

import pytest
import pytest_asyncio

from tests.leak.stage import Stage, stage

MAIL, CARD = "rosa.diaz@example.org", "4111 1111 1111 1111"

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with stage(tmp_path_factory.mktemp("types")) as ready:
        yield ready


async def forwarded(running: Stage, body: str, media_type: str) -> str:
    running.upstream.forget()
    reply = await running.post(body.encode(), media_type)
    assert reply.startswith(b"HTTP/1.1 201 "), reply
    return bytes(running.upstream.received).partition(b"\r\n\r\n")[2].decode()


async def test_a_table_keeps_its_cells(running: Stage) -> None:
    rows = [["Id", "SSN", "Notes"], ["7", "536221234", f'said "{CARD}",\nthen left'], ["8", "", f"to {MAIL}"]]
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    stored = list(
        csv.reader(io.StringIO(await forwarded(running, written.getvalue(), "text/csv"), newline=""))
    )
    assert stored == [
        rows[0],
        ["7", "<US_SSN>", 'said "<CREDIT_CARD>",\nthen left'],
        ["8", "", "to <EMAIL_ADDRESS>"],
    ]


async def test_a_soap_message_keeps_its_elements(running: Stage) -> None:
    body = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><create>'
        f"<c><SSN>536221234</SSN><Mail kind='{MAIL}'/><Note>{CARD[:9]}<b>{CARD[9:]}</b>!</Note></c>"
        f"<c><Note><![CDATA[<{MAIL}>]]></Note></c></create></s:Body></s:Envelope>"
    )
    stored = ET.fromstring(await forwarded(running, body, "application/soap+xml; charset=utf-8"))
    assert [it.tag for it in stored.iter()] == [it.tag for it in ET.fromstring(body).iter()]
    assert [*stored.itertext()] == ["<US_SSN>", "<CREDIT_CARD>", "!", "<<EMAIL_ADDRESS>>"]
    assert stored.find(".//Mail").get("kind") == "<EMAIL_ADDRESS>"  # type: ignore[union-attr]


async def test_a_page_shows_what_was_replaced(running: Stage) -> None:
    shown: list[str] = []

    class Page(HTMLParser):
        def handle_data(self, data: str) -> None:
            shown.append(data)

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            shown.append(f"{tag}:{attrs}")

    page = Page()
    page.feed(await forwarded(running, f'<p title="{MAIL}">to {MAIL}</p>', "text/html; charset=utf-8"))
    page.close()
    assert "".join(shown) == "p:[('title', '<EMAIL_ADDRESS>')]to <EMAIL_ADDRESS>"


async def test_subtitles_keep_their_times(running: Stage) -> None:
    first = "WEBVTT\n\n1\n00:01.000 --> 00:02.000\n<v Ann>4111 1111\n\n"
    body = first + "2\n00:02.000 --> 00:03.000\n<v Ann>1111 1111\n"
    stored = await forwarded(running, body, "text/vtt")
    card = "&lt;CREDIT_CARD&gt;"
    assert stored == body.replace("4111 1111", card).replace("1111 1111", card)
