"""An operator's commands manage keys, retention and holds on the running service."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

from click.testing import CliRunner

from shield.app.service import start_service
from shield.audit.files import FolderReader
from shield.audit.keys import digest_key_path, folder_name
from shield.audit.verify import verify_log
from shield.audit.walk import read_entries
from shield.cli.main import cli
from tests.unit.audit.logs import make_log

ORIGIN = "life.shield.example/0"
CONFIG = """
version: 1
listeners:
  proxy: {{host: 127.0.0.1, port: 0}}
  admin: {{host: 127.0.0.1, port: 0}}
upstreams:
  store: {{url: "http://127.0.0.1:9"}}
policies:
  default: {{detector: {{model: none}}, entities: {{EMAIL_ADDRESS: replace}}}}
routes:
  - {{name: all, upstream: store, policy: default, match: {{path: "/{{rest...}}"}}}}
audit:
  directory: {directory}
  origin: {origin}
"""


async def run(*arguments: str) -> tuple[int, str]:
    result = await asyncio.to_thread(CliRunner().invoke, cli, arguments)
    return result.exit_code, result.output


def kinds(folder: Path) -> list[str]:
    return [json.loads(entry)["kind"] for _, entry in read_entries(FolderReader(folder))]


async def test_the_running_proxy_carries_out_what_is_ordered(tmp_path):
    directory = tmp_path / "audit"
    path = tmp_path / "shield.yaml"
    path.write_text(CONFIG.format(directory=directory, origin=ORIGIN))
    folder = directory / folder_name(ORIGIN)
    service = await start_service(path, {})
    try:
        before = (folder / "vkey").read_text().strip()
        words = [str(directory), "--approver", "legal team"]
        code, output = await run("audit", "hold", "case-17", *words, "--reason", "litigation")
        assert (code, "the hold case-17 is in place" in output) == (0, True), output
        code, output = await run("audit", "prune", *words, "--before", "2031-01-01", "--policy", "contract")
        assert (code, "a legal hold is in place: case-17" in output) == (1, True), output
        code, output = await run("keys", "rotate", *words)
        assert (code, before in output) == (0, True), output
        code, output = await run("keys", "destroy", "1999-01", *words)
        assert (code, "no digest key" in output) == (1, True), output
        own = digest_key_path(directory, ORIGIN, "1999-02")
        own.write_text("ab" * 32)
        code, output = await run("keys", "destroy", "1999-02", *words)
        assert (code, own.exists()) == (1, True), "others may read it, so it is none"
        assert "did not answer" not in output
        own.chmod(0o600)
        await make_log(directory, 1, origin="other.example/0")  # it has no key for that month
        code, output = await run("keys", "destroy", "1999-02", *words)
        assert (code, own.exists()) == (0, False), output
        assert "other.example/0: there is no digest key of the period 1999-02" in output
        shutil.rmtree(directory / folder_name("other.example/0"))
        code, output = await run("keys", "show", str(directory))
        assert code == 0
        assert before in output
    finally:
        await service.stop()
    # The same on a log that no process writes.
    code, output = await run("audit", "hold", "case-17", *words, "--reason", "settled", "--release")
    assert (code, "is released" in output) == (0, True), output
    code, output = await run("audit", "verify", str(folder), "--key", before)
    assert code == 0, output
    assert "rotated once" in output
    assert verify_log(FolderReader(folder)).ok
    assert [kind for kind in kinds(folder) if kind in {"hold", "rotate", "prune"}] == [
        "hold",
        "rotate",
        "hold",
    ]
    assert not list((directory / "orders").rglob("*.json"))


async def test_a_hold_is_released_by_every_log_that_has_it(tmp_path):
    """A log that began after the hold was placed never had it; removing a hold's file is no release."""
    words = [str(tmp_path), "--approver", "legal team", "--reason", "litigation"]
    release = ("audit", "hold", "case-17", *words, "--release")
    await make_log(tmp_path, 1, origin=ORIGIN)
    assert (await run("audit", "hold", "case-17", *words))[0] == 0
    await make_log(tmp_path, 1, origin="other.example/0")
    holds = tmp_path / folder_name(ORIGIN) / "holds"
    kept = holds.read_bytes()
    for left in (None, b"no record\n"):
        holds.unlink() if left is None else holds.write_bytes(left)
        assert (await run(*release))[0] == 1
    holds.write_bytes(kept)
    code, output = await run(*release)
    assert (code, "is released" in output) == (0, True), output
    assert "other.example/0: there is no hold case-17" in output
    code, output = await run(*release)
    assert (code, output.count("there is no hold case-17")) == (1, 2), output


async def test_words_that_hold_personal_data_are_refused(tmp_path):
    (tmp_path / "log" / "wal").mkdir(parents=True)
    code, output = await run(
        "audit", "hold", "x", str(tmp_path), "--approver", "a", "--reason", "ask maria@example.com"
    )
    assert code == 2
    assert "EMAIL_ADDRESS" in output
    assert "maria" not in output
