"""The admin API of the real program: its changes, and their records."""

from __future__ import annotations

import asyncio
import json
import signal
from pathlib import Path
from typing import Any

import pytest

from shield.audit.files import FolderReader
from shield.audit.verify import verify_log
from shield.evidence.reading import Entry, entries
from shield.proxy.callers import key_digest
from tests.integration.supervised.fleet import Fleet, fleet
from tests.leak.stage import Stage, stage

OPERATOR, VIEWER = "shield_key-of-the-operator", "shield_key-of-the-viewer"
CALLERS = f"""\
admin:
  callers:
    oncall: {{role: operator, api_keys: ["{key_digest(OPERATOR.encode())}"]}}
    dashboard: {{role: viewer, api_keys: ["{key_digest(VIEWER.encode())}"]}}
"""


async def call(port: int, method: str, path: str, key: str, body: Any = None) -> tuple[int, Any]:
    content = b"" if body is None else json.dumps(body).encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    writer.write(head.encode() + content)
    answer, _, got = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    return int(answer.split()[1]), json.loads(got)


def accesses(audit: Path, origin: str) -> list[dict[str, Any]]:
    """The access records of a log that the admin API caused; the log must verify."""
    reader = FolderReader(audit / f"{origin}+access")
    assert verify_log(reader).ok
    found: list[Entry] = [entry for entry in entries(reader) if entry.kind == "access"]
    return [dict(entry.fields) for entry in found if entry.fields["via"] == "admin"]


def port_of(running: Stage) -> int:
    assert running.service.admin is not None
    return running.service.admin.port


async def test_one_process_is_reloaded_and_drained_by_an_operator_alone(tmp_path: Path) -> None:
    async with stage(tmp_path, more=CALLERS) as running:
        port, configuration = port_of(running), tmp_path / "shield.yaml"
        before = running.service.settings.digest
        assert (await call(port, "POST", "/v1/reload", VIEWER))[0] == 403
        assert (await call(port, "POST", "/v1/reload", "shield_guess"))[0] == 401

        configuration.write_text(configuration.read_text().replace("replace", "mask"))
        wrong = {"expected_digest": before}
        status, problem = await call(port, "POST", "/v1/reload", OPERATOR, wrong)
        assert (status, problem["code"], problem["cause"]) == (409, "reload_refused", "config_invalid")
        assert running.service.settings.digest == before
        status, reloaded = await call(port, "POST", "/v1/reload", OPERATOR)
        assert (status, reloaded["before"], reloaded["changed"]) == (200, before, True)
        assert running.service.settings.digest == reloaded["after"]

        configuration.write_text(configuration.read_text().replace("policy: default", "policy: absent"))
        status, problem = await call(port, "POST", "/v1/reload", OPERATOR)
        assert status == 409
        assert "there is no policy 'absent'" in problem["problems"][0]
        _, shown = await call(port, "GET", "/v1/status", VIEWER)
        assert (shown["configuration"], shown["last_reload"]["code"]) == (reloaded["after"], "config_invalid")

        assert (await call(port, "POST", "/v1/drain", OPERATOR))[0] == 200
        assert (await call(port, "GET", "/readyz", ""))[1]["reasons"] == ["drained"]
        assert b" 201 " in await running.post(b'{"a": "still served"}')
        log = running.log.getvalue()
        _, shown = await call(port, "GET", "/v1/status", VIEWER)
        assert shown["workers"][0]["audit_records"] > 0
    assert OPERATOR not in log
    assert VIEWER not in log
    noted = accesses(running.audit, "leak.shield.example+0")
    assert [(it["name"], it["action"]) for it in noted] == [
        ("dashboard", "admin.refused"),
        ("", "admin.refused"),
        ("oncall", "admin.reload"),
        ("oncall", "admin.reload"),
        ("oncall", "admin.reload"),
        ("oncall", "admin.drain"),
    ]
    assert noted[0]["filters"] == {
        "operation": ["reload"], "code": ["role_insufficient"], "address": ["127.0.0.1"],
    }  # fmt: skip
    assert noted[2]["filters"]["expected"] == [before.removeprefix("sha256:")]


async def test_all_workers_are_reloaded_or_none(tmp_path: Path) -> None:
    async with fleet(tmp_path) as running:
        await let_in(running)
        before = (await call(running.admin, "GET", "/v1/status", VIEWER))[1]
        assert [worker["slot"] for worker in before["workers"]] == [0, 1]
        assert all(worker["audit_records"] for worker in before["workers"])

        changed = running.configuration.read_text().replace("replace", "mask")
        running.configuration.write_text(changed)
        status, answer = await call(running.admin, "POST", "/v1/reload", OPERATOR)
        assert (status, answer["before"], answer["changed"]) == (200, before["configuration"], True)
        assert (await running.page("/metrics"))[0] == 401
        for slot in (0, 1):
            await running.line("reloaded", worker=slot, after=answer["after"])

        # The file names it, but it cannot change without a restart: the reload is refused as a whole.
        running.configuration.write_text(changed.replace("workers: 2", "workers: 3"))
        status, problem = await call(running.admin, "POST", "/v1/reload", OPERATOR)
        assert (status, problem["problems"]) == (
            409,
            ["these keys cannot change without a restart: server.workers [change_needs_restart]"],
        )
        after = (await call(running.admin, "GET", "/v1/status", VIEWER))[1]
        assert after["configuration"] == answer["after"]

        assert (await call(running.admin, "POST", "/v1/drain", OPERATOR))[1] == {"drained": True}
        assert (await running.page("/readyz"))[0] == 503
        assert (await call(running.admin, "POST", "/v1/undrain", OPERATOR))[1] == {"drained": False}
        assert (await running.page("/readyz"))[0] == 200
        assert await running.stop() == 0
        actions = ["admin.refused", "admin.reload", "admin.reload", "admin.drain", "admin.undrain"]
        for slot in (0, 1):
            noted = accesses(running.folder / "audit", f"leak.shield.example+0+worker-{slot}")
            assert [it["action"] for it in noted] == actions


async def let_in(running: Fleet) -> None:
    """Name the callers; on the loopback device only whoever writes the file may do so."""
    assert (await call(running.admin, "POST", "/v1/reload", OPERATOR))[0] == 401
    running.configuration.write_text(running.configuration.read_text() + CALLERS)
    await running.line("reloaded", running.signal(signal.SIGHUP), worker="supervisor")


@pytest.mark.parametrize("key", [OPERATOR, "shield_guess"])
async def test_without_its_access_log_nothing_is_changed(tmp_path: Path, key: str) -> None:
    async with stage(tmp_path, more=CALLERS) as running:
        keys = running.audit / "keys"
        keys.rename(running.audit / "elsewhere")
        keys.write_text("in the way")
        status, problem = await call(port_of(running), "POST", "/v1/drain", key)
        expected = (503, "audit_unavailable") if key == OPERATOR else (401, "credentials_invalid")
        assert (status, problem["code"]) == expected
        assert (await call(port_of(running), "GET", "/readyz", ""))[0] == 200
        keys.unlink()
        (running.audit / "elsewhere").rename(keys)
