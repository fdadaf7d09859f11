"""Archives, as in docs/operations.md: a log is archived before it is pruned, and restored elsewhere."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from shield.audit import wal
from shield.audit.retention import minimum_index
from shield.cli.main import cli
from tests.unit.audit.aging import MAY, old_and_young, upkeep
from tests.unit.audit.logs import Clock, folder_of, key_of, open_log, reader_of, write_pairs


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, list(map(str, arguments)), prog_name="shield")


async def grown(directory: Path, archive: Path) -> None:
    """A log that was archived, pruned and then written on."""
    clock = Clock(MAY)
    await (await old_and_young(directory, clock)).close()
    shutil.copytree(folder_of(directory), folder_of(archive))
    log = await open_log(directory, clock=clock)
    await upkeep(log, clock).prune_by_retention()
    await write_pairs(log, 100, 5000)
    await log.close()


def test_an_archive_answers_for_what_was_pruned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wal, "SEGMENT_BYTES", 50_000)
    live, archive = tmp_path / "live", tmp_path / "archive"
    asyncio.run(grown(live, archive))
    assert minimum_index(reader_of(live)) > 256
    key = key_of(live).vkey

    whole = run("audit", "verify", archive, "--key", key)
    assert whole.exit_code == 0, whole.output
    extended = run("audit", "verify", live, "--key", key, "--since", folder_of(archive) / "checkpoint")
    assert extended.exit_code == 0, extended.output
    old = ("--from", "2031-05-01", "--to", "2031-06-30", "--key", key, "--live")
    gone = run("evidence", "reconcile", live, *old)
    assert "records below 1280 were pruned" in gone.output
    counted = run("evidence", "reconcile", archive, *old)
    assert counted.exit_code == 0, counted.output
    pack = run(
        "evidence",
        "report",
        archive,
        *old,
        "--no-pdf",
        "--out",
        tmp_path / "pack",
        "--signing-key",
        signing(tmp_path),
    )
    assert pack.exit_code == 0, pack.output
    assert len((tmp_path / "pack/population.csv").read_text().splitlines()) > 500
    proof = run("audit", "prove", folder_of(archive), 5)
    (tmp_path / "5.tlog-proof").write_text(proof.stdout)
    assert run("audit", "prove", folder_of(live), 5).exit_code == 2
    assert run("audit", "verify-proof", tmp_path / "5.tlog-proof", "--key", key).exit_code == 0


def signing(folder: Path) -> Path:
    assert run("keys", "create", folder / "report.pem").exit_code == 0
    return folder / "report.pem"
