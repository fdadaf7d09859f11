"""A shadow policy on live traffic affects no write, and what it would change is recorded."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from shield.app.hosting import Seams
from shield.app.service import start_service
from shield.cli.main import cli
from shield.errors import DetectionIncompleteError
from shield.proxy import shadow
from tests.leak.canaries import CANARIES
from tests.leak.stage import Stage, Upstream

CONFIGURATION = """\
version: 1
listeners:
  proxy: {{host: 127.0.0.1, port: 0}}
  admin: {{host: 127.0.0.1, port: 0}}
upstreams:
  store: {{url: "http://127.0.0.1:{port}"}}
policies:
  now:
    detector: {{model: none}}
    entities: {{EMAIL_ADDRESS: replace, CREDIT_CARD: {{operator: mask, keep_last: 4}}}}
  next:
    detector: {{model: none}}
    entities: {{EMAIL_ADDRESS: redact, IP_ADDRESS: replace}}
routes:
  - name: all
    match: {{path: /t}}
    upstream: store
    policy: now
    shadow: {{policy: next}}
audit: {{directory: {audit}, origin: leak.shield.example/0}}
"""
BODY = json.dumps(
    {"mail": "maria@example.com", "card": "4111 1111 1111 1111", "note": "from 192.0.2.7 today"}
).encode()


@pytest.fixture
async def tried(tmp_path: Path) -> AsyncIterator[Stage]:
    upstream = Upstream()
    listener = await asyncio.start_server(upstream.serve, "127.0.0.1", 0)
    configuration = tmp_path / "shield.yaml"
    configuration.write_text(
        CONFIGURATION.format(port=listener.sockets[0].getsockname()[1], audit=tmp_path / "audit")
    )
    log = io.StringIO()
    service = await start_service(configuration, {}, Seams(log_stream=log))
    yield Stage(service, upstream, log, tmp_path / "audit")
    listener.close()
    await upstream.end()
    await service.stop()


async def settled(stage: Stage) -> None:
    """Wait until everything offered has been inspected."""
    runs = stage.service.parts.shadow
    assert runs is not None
    if runs._task is not None:
        await runs._task


def diffs(stage: Stage, *options: str) -> list[dict[str, object]]:
    done = CliRunner().invoke(cli, ["diff", str(stage.audit), "--json", "--access", "off", *options])
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.output.splitlines()]


async def test_what_would_change_is_counted_and_recorded_without_values(tried: Stage) -> None:
    for _ in range(3):
        assert b" 201 " in await tried.post(BODY)
        await settled(tried)
    await tried.post(b'{"note": "nothing"}')
    await settled(tried)
    assert tried.upstream.received.count(b'"from 192.0.2.7 today"') == 3
    assert tried.upstream.received.count(b"<EMAIL_ADDRESS>") == 3
    page = (await tried.metrics()).decode()
    series = 'shield_shadow_inspections_total{policy="next",result="%s",route="all"} %s'
    assert series % ("different", 3.0) in page
    assert series % ("same", 1.0) in page
    labels = 'live="none",policy="next",route="all",shadow="IP_ADDRESS:replace"'
    assert f"shield_shadow_differences_total{{{labels}}} 3.0" in page
    assert all(b"192.0.2.7" not in text for text in (await tried.places()).values())
    await tried.service.stop()
    (trial,) = diffs(tried)
    assert (trial["route"], trial["policy"], trial["shadow_policy"]) == ("all", "now", "next")
    assert (trial["compared"], trial["different"], trial["failed"]) == (4, 3, 0)
    found = {(it["change"], it["path"], it["live"], it["shadow"], it["count"]) for it in trial["differences"]}
    assert found == {
        ("other", "$.mail", "EMAIL_ADDRESS:replace", "EMAIL_ADDRESS:redact", 3),
        ("less", "$.card", "CREDIT_CARD:mask", None, 3),
        ("more", "$.note", None, "IP_ADDRESS:replace", 3),
    }
    assert all(it["first"].startswith("leak.shield.example/0#") for it in trial["differences"])
    assert diffs(tried, "--route", "other") == []
    for options, code in ((["--exit-code"], 1), (["--exit-code", "--policy", "other"], 0), ([], 0)):
        done = CliRunner().invoke(cli, ["diff", str(tried.audit), "--access", "off", *options])
        assert done.exit_code == code
        assert ("3 of 4 requests differ" in done.output) == (options != ["--exit-code", "--policy", "other"])


async def test_what_would_change_in_a_header_field_is_recorded_at_its_name(tried: Stage) -> None:
    fields = "X-User-Email: maria@example.com\r\nX-Note: at 192.0.2.7\r\nX-Request-Id: abc\r\n"
    assert b" 201 " in await tried.post(b"{}", fields=fields)
    await settled(tried)
    assert b"X-User-Email: <EMAIL_ADDRESS>\r\nX-Note: at 192.0.2.7\r\n" in tried.upstream.received
    await tried.service.stop()
    (trial,) = diffs(tried)
    assert {(it["path"], it["live"], it["shadow"]) for it in trial["differences"]} == {
        ("header['x-user-email'][0]", "EMAIL_ADDRESS:replace", "EMAIL_ADDRESS:redact"),
        ("header['x-note'][0]", None, "IP_ADDRESS:replace"),
    }


@pytest.mark.parametrize("fault", [DetectionIncompleteError(), ValueError("secret-zebra")])
async def test_a_shadow_that_fails_harms_nothing(
    tried: Stage, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(shadow, "inspect", fail)
    assert b" 201 " in await tried.post(BODY)
    await settled(tried)
    assert b" 201 " in await tried.post(BODY)
    await settled(tried)
    assert "zebra" not in tried.log.getvalue()
    series = 'shield_shadow_inspections_total{policy="next",result="failed",route="all"} 2.0'
    assert series in (await tried.metrics()).decode()
    await tried.service.stop()
    (trial,) = diffs(tried)
    assert (trial["compared"], trial["failed"], trial["differences"]) == (0, 2, [])


async def test_what_finds_no_room_is_skipped_and_counted(
    tried: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shadow, "QUEUE_BYTES", 10)
    assert b" 201 " in await tried.post(BODY)
    await tried.service.stop()
    (trial,) = diffs(tried)
    assert (trial["compared"], trial["skipped"]) == (0, 1)


async def test_no_planted_value_is_in_what_a_trial_leaves(tried: Stage) -> None:
    values = [canary.value for canary in CANARIES]
    await tried.post(json.dumps({"list": values, **dict.fromkeys(values, "key")}).encode())
    await settled(tried)
    for place, text in (await tried.places()).items():
        assert not [value for value in values if value.encode() in text], place


async def test_a_name_that_nobody_finds_is_in_no_path_of_a_trial(tried: Stage) -> None:
    await tried.post(json.dumps({"owner_notes": {"wilhelmina": "from 192.0.2.7 today"}}).encode())
    await settled(tried)
    assert all(b"wilhelmina" not in text for text in (await tried.places()).values())
    await tried.service.stop()
    (trial,) = diffs(tried)
    assert [it["path"] for it in trial["differences"]] == ["$.owner_notes.*"]
