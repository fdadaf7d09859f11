"""What a route exempts from inspection, or drops, is forwarded so, counted, and recorded as such."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

from shield.audit.files import FolderReader
from shield.evidence.reading import entries
from tests.leak.stage import Stage, stage

FIELDS = "fields: [{select: $.id, action: keep}, {select: $.internal, action: drop}]"
MAIL = "rosa.diaz@example.org"


async def intent_of(running: Stage) -> dict[str, Any]:
    assert running.service.audit is not None
    await running.service.audit.checkpoint()
    log = FolderReader(running.audit / "leak.shield.example+0")
    (intent,) = [entry.fields for entry in entries(log) if entry.kind == "intent"]
    return dict(intent)


def counted(running: Stage, name: str, **labels: str) -> float | None:
    return running.service.registry.get_sample_value(name, {"route": "object", **labels})


async def test_what_is_kept_is_forwarded_as_it_came_counted_and_recorded(tmp_path: Path) -> None:
    kept = "é" + MAIL
    async with stage(tmp_path, object_route=f"path: keep\n    {FIELDS}") as running:
        body = json.dumps({"id": kept, "text": MAIL}, ensure_ascii=False).encode()
        assert b" 201 " in await running.post(body, path=f"/o/{MAIL.replace('@', '%40')}")
        received = bytes(running.upstream.received)
        assert received.endswith(
            json.dumps({"id": kept, "text": "<EMAIL_ADDRESS>"}, ensure_ascii=False).encode()
        )
        intent = await intent_of(running)
        assert intent["decision"] == "forward_redacted"
        path = len(MAIL.replace("@", "%40"))
        assert intent["uninspected_bytes"] == len(kept.encode()) + path
        uninspected = partial(counted, running, "shield_uninspected_bytes_total")
        assert uninspected(reason="field_rule") == len(kept.encode())
        assert uninspected(reason="path") == path
        assert uninspected(reason="query") == uninspected(reason="bypass") == 0


async def test_rules_reach_what_a_patch_and_a_form_set(tmp_path: Path) -> None:
    rules = (
        "fields: [{select: $.ticket.internal, action: drop}, {select: $.ticket.id, action: keep},"
        " {select: $.ticket.nick, action: treat_as, entity: EMAIL_ADDRESS}]"
    )
    bodies = {
        "application/json-patch+json": (
            (
                b'[{"op": "add", "path": "/ticket/internal", "value": "%s"}, '
                b'{"op": "add", "path": "/ticket/nick", "value": "zebra"}, '
                b'{"op": "replace", "path": "/ticket", "value": {"internal": "a note", "id": "%s"}}]'
            ),
            (
                b'[{"op": "add", "path": "/ticket/nick", "value": "<EMAIL_ADDRESS>"}, '
                b'{"op": "replace", "path": "/ticket", "value": {"id": "%s"}}]'
            ),
        ),
        "application/json": (
            (
                b'[{"op": "add", "path": "/ticket/internal", "value": "%s"}, '
                b'{"op": "add", "path": "/ticket/nick", "value": "zebra"}, '
                b'{"op": "add", "path": "/ticket/id", "value": "%s"}]'
            ),
            (
                b'[{"op": "add", "path": "/ticket/nick", "value": "<EMAIL_ADDRESS>"}, '
                b'{"op": "add", "path": "/ticket/id", "value": "<EMAIL_ADDRESS>%.0s"}]'
            ),
        ),
        "application/scim+json": (
            (
                b'{"Operations": [{"op": "add", "path": "ticket.internal", "value": "%s"}, '
                b'{"op": "Replace", "path": "ticket.nick", "value": "zebra"}], "ticket": {"id": "%s"}}'
            ),
            (
                b'{"Operations": [{"op": "Replace", "path": "ticket.nick", '
                b'"value": "<EMAIL_ADDRESS>"}], "ticket": {"id": "%s"}}'
            ),
        ),
        "application/merge-patch+json": (
            b'{"ticket": {"internal": "%s", "nick": "zebra", "id": "%s"}}',
            b'{"ticket": {"nick": "<EMAIL_ADDRESS>", "id": "%s"}}',
        ),
        "application/x-www-form-urlencoded": (
            b"ticket[internal][]=%s&ticket%%5Bnick%%5D=zebra&ticket[id]=%s",
            b"ticket%%5Bnick%%5D=%%3CEMAIL_ADDRESS%%3E&ticket[id]=%s",
        ),
    }
    match = f", media_types: [{', '.join(bodies)}]"
    for media_type, (sent, stored) in bodies.items():
        folder = tmp_path / media_type.rpartition("/")[2]
        folder.mkdir()
        async with stage(folder, object_route=rules, object_match=match) as running:
            mail = MAIL.encode()
            assert b" 201 " in await running.post(sent % (mail, mail), media_type, path="/o/x")
            received = bytes(running.upstream.received)
            assert received.endswith(b"\r\n\r\n" + stored % mail), received


async def test_a_write_of_which_something_was_dropped_is_no_unchanged_one(tmp_path: Path) -> None:
    async with stage(tmp_path, object_route=FIELDS) as running:
        assert b" 201 " in await running.post(b'{"internal": "a note", "text": "hello"}', path="/o/x")
        assert running.upstream.received.endswith(b'{"text": "hello"}')
        intent = await intent_of(running)
        assert (intent["decision"], intent["findings"]) == ("forward_redacted", [])
        assert intent["dropped"] == {"count": 1, "paths": ["$.internal"]}
        assert intent["body_after"] is not None
        assert counted(running, "shield_requests_total", outcome="redacted") == 1


async def test_letters_that_the_model_has_not_learned_are_counted(tmp_path: Path) -> None:
    text = "担当の Maria さん"
    body = json.dumps({"id": "商品", "text": text}, ensure_ascii=False).encode()
    counts = {}
    for model in ("fast", "none"):
        folder = tmp_path / model
        folder.mkdir()
        async with stage(folder, object_route=FIELDS, model=model) as running:
            for _ in range(2):  # the second time it is remembered
                assert b" 201 " in await running.post(body, path="/o/1")
            counts[model] = counted(running, "shield_unlearned_characters_total")
    assert counts == {"fast": 2 * 5, "none": 0}  # without the letters of the field that is kept
