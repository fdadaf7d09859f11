"""Base64 files within a text are refused unless the route keeps them; kept ones are counted and recorded."""

from __future__ import annotations

import base64
import gzip
import json
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest

from shield.audit.files import FolderReader
from shield.evidence.exceptions import find_exceptions
from shield.evidence.reading import Entry, entries
from tests.leak.rows import problem
from tests.leak.stage import Stage, stage

MAIL = "rosa.diaz@example.org"
PDF = base64.b64encode(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(150)) + MAIL.encode()).decode()
WRITE = json.dumps({"note": f"from {MAIL}", "attachment": {"content": PDF}}).encode()
REDACTED = WRITE.replace(MAIL.encode(), b"<EMAIL_ADDRESS>")
OPAQUE = {"count": 1, "paths": ["$.attachment.content"], "bytes": len(PDF), "forms": {"pdf": 1}}


async def records_of(running: Stage) -> list[Entry]:
    assert running.service.audit is not None
    await running.service.audit.checkpoint()
    return list(entries(FolderReader(running.audit / "leak.shield.example+0")))


def exceptions_of(records: list[Entry]) -> list[tuple[tuple[str, ...], str]]:
    found = find_exceptions("o", records)
    return [(tuple(map(str, each.kinds)), each.detail) for each in found if each.route]


def counted(running: Stage, name: str, **labels: str) -> float | None:
    return running.service.registry.get_sample_value(name, {"route": "object", **labels})


FORM_FIELD = f"file={quote_plus(PDF)}"


async def test_it_is_refused_in_every_body_and_place(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        for body, media_type, path in (
            (WRITE, "application/json", "/t"),
            (b'{"a": 1}\n' + WRITE, "application/x-ndjson", "/t"),
            (FORM_FIELD.encode(), "application/x-www-form-urlencoded", "/t"),
            (f"see <img src='data:application/pdf;base64,{PDF}'>".encode(), "text/plain", "/t"),
            (json.dumps({PDF: 1}).encode(), "application/json", "/t"),
            (json.dumps(json.loads(WRITE) | {"inner": WRITE.decode()}).encode(), "application/json", "/t"),
            (b"{}", "application/json", f"/t?{FORM_FIELD}"),
            (b"{}", "application/json", f"/o/{quote_plus(PDF)}"),
        ):
            reply = await running.post(body, media_type, path)
            assert reply.startswith(b"HTTP/1.1 422 "), (media_type, path)
            assert problem(reply)["code"] == "opaque_content"
            assert "pdf" in problem(reply)["detail"]
        assert running.upstream.received == b""
        records = await records_of(running)
        refused = [entry.fields for entry in records if entry.kind == "reject"]
        assert {(it["decision"], it["reason"]) for it in refused} == {("block", "opaque_content")}
        assert refused[0]["opaque"] == OPAQUE
        found = exceptions_of(records)
        assert found[0] == (
            ("block", "uninspectable"),
            f"EMAIL_ADDRESS 1; pdf 1 as opaque content, {len(PDF)} bytes, refused",
        )
        assert len(found) == 8


@pytest.mark.parametrize("setting", ["opaque: keep", "on_error: bypass"])
async def test_where_the_route_keeps_it_the_rest_is_redacted_and_it_is_on_record(
    setting: str, tmp_path: Path
) -> None:
    async with stage(tmp_path, object_route=setting) as running:
        assert b" 201 " in await running.post(WRITE, path="/o/x")
        assert running.upstream.received.endswith(REDACTED)
        records = await records_of(running)
        (intent,) = [entry.fields for entry in records if entry.kind == "intent"]
        assert intent["opaque"] == OPAQUE
        assert intent["uninspected_bytes"] == len(PDF)
        count = partial(counted, running)
        assert count("shield_uninspected_bytes_total", reason="opaque") == len(PDF)
        assert count("shield_inspected_bytes_total") == len(f"notefrom {MAIL}attachmentcontentx")
        assert exceptions_of(records) == [
            (("uninspectable",), f"pdf 1 as opaque content, {len(PDF)} bytes, forwarded")
        ]


async def test_a_rule_for_the_field_exempts_it_as_it_does_any_other(tmp_path: Path) -> None:
    rule = "fields: [{select: $..content, action: keep}]"
    async with stage(tmp_path, object_route=rule) as running:
        assert b" 201 " in await running.post(WRITE, path="/o/x")
        assert running.upstream.received.endswith(REDACTED)
        assert counted(running, "shield_uninspected_bytes_total", reason="field_rule") == len(PDF)
        assert exceptions_of(await records_of(running)) == []


async def test_in_observe_mode_it_passes_and_is_counted(tmp_path: Path) -> None:
    async with stage(tmp_path, object_route="mode: observe") as running:
        body = json.dumps({"content": PDF}).encode()
        assert b" 201 " in await running.post(body, path="/o/x")
        assert running.upstream.received.endswith(body)
        records = await records_of(running)
        (intent,) = [entry.fields for entry in records if entry.kind == "intent"]
        assert (intent["decision"], intent["opaque"]["forms"]) == ("forward", {"pdf": 1})
        assert [kinds for kinds, _ in exceptions_of(records)] == [("uninspectable",)]


async def test_text_is_read_and_redacted_though_compressed(tmp_path: Path) -> None:
    packed = base64.b64encode(gzip.compress(f"write to {MAIL} please".encode())).decode()
    async with stage(tmp_path) as running:
        body: dict[str, Any] = {"note": f"state={packed}"}
        assert b" 201 " in await running.post(json.dumps(body).encode(), path="/o/x")
        assert running.upstream.received.endswith(b'{"note": "state=<EMAIL_ADDRESS>"}')
