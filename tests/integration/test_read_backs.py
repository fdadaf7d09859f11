"""The real service reads writes back, from the demonstration store and from one that misbehaves."""

from __future__ import annotations

import asyncio
import gzip
import json
import ssl
from pathlib import Path

import pytest
from aiohttp import web
from click.testing import CliRunner

from shield.audit.files import FolderReader
from shield.audit.verify import verify_log
from shield.cli.main import cli
from shield.evidence.exceptions import find_exceptions
from shield.evidence.reading import Period, Source
from shield.evidence.reconcile import reconcile
from shield.proxy import read_backs
from shield.proxy.request_ids import is_chosen
from tests.forms_in_parts import TYPE, body_of, part
from tests.integration.proxy.certificates import Certificates
from tests.integration.read_back_stage import (
    MAIL,
    ORIGIN,
    TICKET,
    with_platform,
    with_store,
)
from tests.leak.canaries import hunt


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (json.dumps({"mail": MAIL}).encode(), {}),
        (b'{"clean": true}', {}),
        (f"mail {MAIL}".encode(), {"Content_Type": "text/plain"}),
        (b'{"a":1}\n{"b":2}\n', {"Content_Type": "application/x-ndjson"}),
        (body_of(part('name="a"; filename="b.txt"', MAIL.encode())), {"Content_Type": TYPE}),
        (gzip.compress(json.dumps({"mail": MAIL}).encode()), {"Content_Encoding": "gzip"}),
    ],
)
async def test_what_storage_holds_is_what_was_forwarded(tmp_path: Path, body: bytes, fields) -> None:
    async with with_store(tmp_path) as stage:
        assert (await stage.write(body, **fields)).status == 201
        found = await stage.result()
        assert (found["result"], found["attempts"], found["status"]) == ("match", 1, 200), found
        assert stage.value("match") == 1
        assert stage.service.metrics.registry.get_sample_value("shield_read_backs_waiting") == 0
    last = [entry for entry in stage.entries() if entry.kind == "intent"][-1]
    assert found["intent"] == last.index
    assert found["request_id"] == last.fields["request_id"]
    assert found["object"] == last.fields["body_after"]
    source = Source(ORIGIN, FolderReader(tmp_path / "audit" / ORIGIN.replace("/", "+")))
    assert verify_log(source.reader).ok
    assert reconcile(source, Period(), interval_us=60_000_000).ok
    assert list(find_exceptions(ORIGIN, stage.entries())) == []


async def test_a_put_is_read_from_where_it_went(tmp_path: Path) -> None:
    async with with_store(tmp_path) as stage:
        await stage.write({"a": 1})
        await stage.result()
        assert (await stage.write({"a": 2}, "/api/tickets/1", method="PUT")).status == 204
        assert (await stage.result())["result"] == "match"
        assert (await stage.write({"a": 2}, "/api/tickets/9", method="PUT")).status == 404
        async with stage.session.get(f"{stage.url}/api/tickets/1") as response:
            assert response.status == 200
        assert stage.told.empty()


async def test_an_object_that_is_changed_behind_the_shield_is_found_out(tmp_path: Path) -> None:
    """It holds an address again; the mismatch names the type, and the value appears nowhere."""
    async with with_store(tmp_path, delay="1h") as stage:
        response = await stage.write({"mail": MAIL, "kept": "same", "n": 1})
        tampered = {"mail": MAIL, "kept": "same", "more": "4111 1111 1111 1111"}
        async with stage.session.put(stage.store_url + response.headers["Location"], json=tampered):
            pass
        await stage.release()
        found = await stage.result()
        assert (found["result"], found["reason"], found["attempts"]) == ("mismatch", "unredacted", 2)
        assert found["unredacted"] == {"CREDIT_CARD": 1, "EMAIL_ADDRESS": 1}
        assert (found["differing"]["paths"], found["missing"]["paths"]) == (["$.mail"], ["$.*"])
        assert found["object"].startswith("hmac-sha256:")
        assert (stage.value("mismatch"), stage.value("match")) == (1, 0)
        async with stage.session.get(f"http://127.0.0.1:{stage.service.admin.port}/metrics") as page:  # type: ignore[union-attr]
            metrics = await page.read()
    (one,) = find_exceptions(ORIGIN, stage.entries())
    assert one.kinds == ("read_back_mismatch",)
    assert one.detail == (
        f"1 differing, 1 missing, unredacted CREDIT_CARD 1, unredacted EMAIL_ADDRESS 1, "
        f"of record {found['intent']}, 2 reads"
    )
    (line,) = [json.loads(it) for it in stage.log.getvalue().splitlines() if "read_back_failed" in it]
    assert (line["record"], line["reason"]) == (found["intent"], "unredacted")
    places = {**stage.places(), "metrics": metrics}
    assert [hunt(value, places) for value in (MAIL, "4111 1111 1111 1111")] == [[], []]
    listed = CliRunner().invoke(
        cli, ["evidence", "read-backs", str(tmp_path / "audit"), "--json", "--access", "off"]
    )
    assert listed.exit_code == 1
    assert json.loads(listed.output)["unredacted"] == found["unredacted"]


async def test_an_object_that_is_lost_is_not_found(tmp_path: Path) -> None:
    async with with_store(tmp_path, delay="1h") as stage:
        response = await stage.write({"a": 1})
        async with stage.session.delete(stage.store_url + response.headers["Location"]):
            pass
        await stage.release()
        found = await stage.result()
        assert (found["result"], found["attempts"], found["status"]) == ("not_found", 2, 404)
    (one,) = find_exceptions(ORIGIN, stage.entries())
    assert (one.kinds, one.detail) == (
        ("read_back_mismatch",),
        f"not found, of record {found['intent']}, 2 reads",
    )


async def test_a_write_that_another_one_followed_is_no_mismatch(tmp_path: Path) -> None:
    async with with_store(tmp_path, delay="1h") as stage:
        response = await stage.write({"a": 1})
        await stage.prepared(1)
        first = int(response.headers["X-Shield-Receipt"].partition("#")[2])
        await stage.write({"a": 2}, response.headers["Location"], method="PUT")
        await stage.release(2)
        results = [await stage.result(), await stage.result()]
        assert sorted((it["intent"], it["result"], it["reason"]) for it in results) == [
            (first, "skipped", "overwritten"),
            (first + 2, "match", ""),
        ]


async def test_what_waits_at_the_stop_is_skipped_and_recorded(tmp_path: Path) -> None:
    async with with_store(tmp_path, delay="1h") as stage:
        for number in range(3):
            await stage.write({"a": number})
        assert stage.told.empty()
    results = [entry.fields for entry in stage.entries() if entry.kind == "read_back"]
    assert [(it["result"], it["reason"], it["attempts"]) for it in results] == [("skipped", "stopped", 0)] * 3
    intents = [entry.index for entry in stage.entries() if entry.kind == "intent"]
    assert sorted(it["intent"] for it in results) == intents
    assert stage.entries()[-1].kind == "shutdown"


async def test_what_finds_no_room_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MOST_WAITING", "MOST_BYTES"):
        with monkeypatch.context() as patch:
            patch.setattr(read_backs, name, 0)
            folder = tmp_path / name
            folder.mkdir()
            async with with_store(folder) as stage:
                assert (await stage.write({"a": 1})).status == 201
                found = await stage.result()
                assert (found["result"], found["reason"]) == ("skipped", "no_room")
                assert stage.value("skipped") == 1


@pytest.mark.parametrize(
    ("rule", "told"), [("", ("match", "")), ("compare: contains", ("skipped", "no_room"))]
)
async def test_many_values_without_room_are_compared_as_a_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rule: str, told: tuple[str, str]
) -> None:
    monkeypatch.setattr(read_backs, "MOST_BYTES", 2_000)
    async with with_store(tmp_path, rule) as stage:
        await stage.write({str(number): number for number in range(50)})
        found = await stage.result()
        assert (found["result"], found["reason"]) == told
        assert found["compared"] == 0


async def test_a_share_is_chosen_by_the_requests_ids(tmp_path: Path) -> None:
    async with with_store(tmp_path, "share: 0.5") as stage:
        for number in range(30):
            await stage.write({"a": number})
    done = stage.entries()
    chosen = {
        it.index for it in done if it.kind == "intent" and is_chosen(it.fields["request_id"], 0.5, word=1)
    }
    assert 0 < len(chosen) < 30
    assert {it.fields["intent"] for it in done if it.kind == "read_back"} == chosen


async def test_canaries_and_bypasses_are_not_read_back(tmp_path: Path) -> None:
    async with with_store(tmp_path, more="on_error: bypass", tail="canaries: {interval: 1h}\n") as stage:
        assert stage.service.canaries is not None
        async with asyncio.timeout(60):
            await stage.service.canaries.round_over.wait()
        assert (await stage.write(b'{"broken": ', "/api/tickets")).status == 201
        await stage.write({"a": 1})
        assert (await stage.result())["result"] == "match"
        assert stage.told.empty()


async def test_on_a_route_that_observes_nothing_is_looked_for(tmp_path: Path) -> None:
    async with with_store(tmp_path, more="mode: observe", delay="1h") as stage:
        await stage.write({"maria@example.com": MAIL})
        await stage.release()
        assert (await stage.result())["result"] == "match"
        response = await stage.write({"maria@example.com": MAIL})
        async with stage.session.put(stage.store_url + response.headers["Location"], json={"a": MAIL}):
            pass
        await stage.release()
        found = await stage.result()
        assert (found["result"], found["inspected"], found["unredacted"]) == ("mismatch", False, {})
        assert found["missing"]["paths"] == ["(withheld)"]
    assert hunt(MAIL, stage.places()) == []


async def test_storage_may_add_what_it_likes(tmp_path: Path) -> None:
    token = 'headers: {Authorization: "${env:STORE_TOKEN}"}, query: include=all'
    async with with_platform(tmp_path, token) as (platform, stage):
        await stage.write(TICKET, Authorization="Bearer the-clients")
        found = await stage.result()
        assert (found["result"], found["compared"], found["inspected"]) == ("match", 2, True), found
        (read,) = platform.reads
        assert read.headers["Authorization"] == "Bearer read-only-token"
        assert read.headers["User-Agent"] == "shield-read-back"
        assert read.raw_path == "/api/tickets/1?include=all"
    assert not [text for text in stage.places().values() if b"read-only-token" in text]


async def test_it_is_read_from_the_site_that_it_was_written_to(tmp_path: Path) -> None:
    upstream = 'url: "http://127.0.0.1:{}", host: client'
    async with with_platform(tmp_path, upstream=upstream, host="*.example.com") as (platform, stage):
        await stage.write(TICKET, Host="Desk.example.com:8443")
        assert (await stage.result())["result"] == "match"
        assert [read.host for read in platform.reads] == ["Desk.example.com:8443"]


@pytest.mark.parametrize(("named", "reason"), [("Desk.example", ""), ("other.example", "other_host")])
async def test_an_address_of_the_host_that_a_forwarder_was_asked_for_is_the_uploads_own(
    named: str, reason: str, tmp_path: Path
) -> None:
    tail = "server: {trusted_forwarders: true}\n"
    async with with_platform(tmp_path, by_id=False, tail=tail) as (platform, stage):
        place = {"Location": f"https://{named}:8443/api/tickets/1"}
        platform.reply = lambda: web.Response(status=201, headers=place)
        await stage.write(TICKET, Host="inner.example", X_Forwarded_Host="desk.example:8443")
        found = await stage.result()
        assert (found["result"], found.get("reason", "")) == ("skipped" if reason else "match", reason), found
        assert len(platform.reads) == (0 if reason else 1)


async def test_it_is_read_over_tls_as_it_is_written(tmp_path: Path) -> None:
    certificates = Certificates.made(tmp_path)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificates.certificate, certificates.key)
    upstream = 'url: "https://localhost:{}", tls: {{ca_file: ca.pem}}'
    async with with_platform(tmp_path, tls=tls, upstream=upstream) as (platform, stage):
        assert (await stage.write(TICKET)).status == 201
        assert (await stage.result())["result"] == "match"
        assert [read.secure for read in platform.reads] == [True]


async def test_what_comes_into_storage_by_another_way_is_found(tmp_path: Path) -> None:
    async with with_platform(tmp_path) as (platform, stage):

        async def show(_: web.Request) -> web.Response:
            added = {"requester": MAIL, "agent": "agent@example.com"}
            return web.json_response({"ticket": {**platform.stored["1"]["ticket"], **added}})

        platform.read = show
        await stage.write(TICKET)
        found = await stage.result()
        assert (found["result"], found["reason"]) == ("mismatch", "unredacted")
        assert (found["unredacted"], found["differing"]["count"]) == ({"EMAIL_ADDRESS": 2}, 0)
    assert hunt(MAIL, stage.places()) == []


async def test_what_may_be_there_is_exempt_and_counted(tmp_path: Path) -> None:
    async with with_platform(tmp_path, "uninspected: [$.ticket.agent]") as (platform, stage):

        async def show(_: web.Request) -> web.Response:
            return web.json_response({"ticket": {**platform.stored["1"]["ticket"], "agent": "a@example.com"}})

        platform.read = show
        await stage.write(TICKET)
        found = await stage.result()
        assert (found["result"], found["uninspected_bytes"]) == ("match", len("a@example.com"))


async def test_a_reload_leaves_what_waits_to_its_own_rule(tmp_path: Path) -> None:
    async with with_store(tmp_path, delay="1h") as stage:
        await stage.write({"a": 1})
        configuration = tmp_path / "shield.yaml"
        text = configuration.read_text()
        configuration.write_text(
            "\n".join(line for line in text.splitlines() if "read_back:" not in line) + "\n"
        )
        assert await stage.service.reload()
        await stage.write({"a": 2})
        await stage.release()
        assert (await stage.result())["result"] == "match"
        assert stage.told.empty()
