"""Planted values that enter storage behind the shield are found, counted by type, and leaked nowhere."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from shield.audit.files import FolderReader
from shield.evidence.reading import Entry, entries
from tests.leak.canaries import CANARIES, hunt
from tests.leak.stage import stage

READ_BACK = "read_back: {delay: 0, attempts: 1}"
PUT = (
    b"PUT /o/1 HTTP/1.1\r\nHost: shield.example\r\nContent-Type: application/json\r\n"
    b'Content-Length: 16\r\n\r\n{"note":"clean"}'
)


async def test_what_storage_holds_of_others_is_nowhere(tmp_path: Path) -> None:
    planted = {canary.entity_type: f"{canary.sentence}" for canary in CANARIES}
    stored = json.dumps({"note": "changed", **planted, **{canary.value: 1 for canary in CANARIES}}).encode()

    async def answer(writer: asyncio.StreamWriter) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Who: maria.garcia@example.com\r\n"
        writer.write(head + b"Content-Length: %d\r\n\r\n%s" % (len(stored), stored))
        await writer.drain()

    async with stage(tmp_path, model="fast", object_route=READ_BACK) as running:
        running.upstream.answer = answer
        assert b" 200 " in await running.send(PUT)
        async with asyncio.timeout(30):
            while not (found := _read_backs(tmp_path)):
                assert running.service.audit is not None
                await running.service.audit.checkpoint()
        places = await running.places()
    fields = found[0].fields
    assert (fields["result"], fields["reason"], fields["differing"]["paths"]) == (
        "mismatch",
        "unredacted",
        ["$.note"],
    )
    assert fields["unredacted"]["EMAIL_ADDRESS"] == 2
    assert len(fields["unredacted"]) > len(CANARIES) / 2
    assert fields["object"].startswith("hmac-sha256:")
    assert [trace for canary in CANARIES for trace in hunt(canary.value, places)] == []


def _read_backs(folder: Path) -> list[Entry]:
    log = FolderReader(folder / "audit" / "leak.shield.example+0")
    return [entry for entry in entries(log) if entry.kind == "read_back"]
