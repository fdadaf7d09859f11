"""One worker anchors for all, another takes over, and an orderly end leaves nothing unanchored."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from pathlib import Path

import pytest
from aiohttp import web
from click.testing import CliRunner

from shield.audit.anchor_store import rosters
from shield.audit.checkpoint import SignedCheckpoint, VerifierKey
from shield.audit.roster import Roster
from shield.audit.tiles import CHECKPOINT_PATH
from shield.cli.main import cli
from tests.integration.anchors import Witness, serve

from .fleet import Load, fleet

WORKERS = ("leak.shield.example/0/worker-0", "leak.shield.example/0/worker-1")


def sizes(vault: Path) -> dict[str, int]:
    """The log sizes in the newest roster's heads."""
    kept = sorted(rosters(vault))
    if not kept:
        return {}
    heads = Roster.parse(kept[-1].read_bytes()).heads
    return {head.origin: head.signed.checkpoint.size for head in heads}


def verify(directory: Path, *options: object) -> tuple[int, str]:
    arguments = ["audit", "verify", str(directory), "--access", "off", *map(str, options)]
    result = CliRunner().invoke(cli, arguments)
    return result.exit_code, result.output


@pytest.mark.parametrize("killed", [False, True], ids=["left alone", "one is killed"])
async def test_all_workers_are_anchored_and_the_last_heads_too(tmp_path: Path, killed: bool) -> None:
    vault, audit = tmp_path / "vault", tmp_path / "audit"
    witness = Witness()
    runner, url = await serve(web.post("/w/add-checkpoint", witness.add))
    anchors = (
        f"vault: {{type: directory, path: {vault}, interval: 1s}}, "
        f'witness: {{type: witness, url: "{url}/w", key: "{witness.key.vkey}", interval: 1s}}'
    )
    try:
        async with fleet(tmp_path, anchors=anchors) as running:
            for path in audit.glob("*/vkey"):
                key = VerifierKey.parse(path.read_text())
                witness.logs[key.name] = [key]
            load = Load(running.port, lenient=killed)
            load.start(4)
            await load.more(40)

            async def both_are_seen() -> bool:
                return set(WORKERS) <= sizes(vault).keys() & witness.seen.keys()

            with load.eased():
                await running.until(both_are_seen)
            if killed:
                since = len(running.lines)
                known = len(list(rosters(vault)))
                os.kill(running.pid(0), signal.SIGKILL)
                await running.line("worker_started", since, slot=0)

                async def goes_on() -> bool:
                    return len(list(rosters(vault))) > known + 1

                with load.eased():
                    await running.until(goes_on)
            await load.stop()
            assert await running.stop() == 0
    finally:
        await runner.cleanup()
    heads = {}
    for log in running.logs():
        head = SignedCheckpoint.parse((log.folder / CHECKPOINT_PATH).read_bytes()).checkpoint
        heads[head.origin] = head.size
    assert sizes(vault) == heads
    assert {origin: witness.seen[origin][0] for origin in WORKERS} == {
        origin: heads[origin] for origin in WORKERS
    }
    code, output = await asyncio.to_thread(verify, audit, "--anchor", vault)
    assert code == 0, output
    for origin in WORKERS:
        hidden = shutil.copytree(audit, tmp_path / origin[-1])
        shutil.rmtree(hidden / origin.replace("/", "+"))
        code, output = await asyncio.to_thread(verify, hidden, "--anchor", vault)
        assert (code, f"the log {origin} is missing" in output) == (1, True), output
