"""The shield copes with anchors that hang, are not mounted, or were unavailable at its start."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from shield.audit.files import OsFiles
from shield.config.settings_audit import Anchor, AnchorForm
from shield.evidence import anchor_calls
from tests.integration.anchored_logs import anchoring, directory_anchor
from tests.integration.anchors import Witness, serve
from tests.unit.audit.aging import records
from tests.unit.audit.logs import ORIGIN, open_log, write_pairs


class Hanging(OsFiles):
    """Files of which one folder hangs until released, like a mount whose server is unavailable."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked = 0
        self.free = threading.Event()
        self.free.set()

    def read(self, path: Path) -> bytes:
        if path.is_relative_to(self.folder):
            self.asked += 1
            self.free.wait()
        return super().read(path)


async def test_a_folder_that_hangs_is_given_up_and_takes_one_thread(tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    files = Hanging(vault)
    log = await open_log(tmp_path / "audit", files=files)
    async with anchoring(log, directory_anchor(vault)) as (it, told):
        await it.look()
        assert told.anchored == ["vault"]
    async with anchoring(log, replace(directory_anchor(vault), timeout=0.05)) as (it, told):
        files.free.clear()
        for turn in range(3):
            await write_pairs(log, 10, turn * 100)
            await it.look()
        assert told.failed == ["vault"] * 3
        assert files.asked == 1
        assert '"code":"timeout"' in told.log.getvalue()
        files.free.set()
        async with asyncio.timeout(20):
            while told.anchored == ["vault"]:
                await it.look()
    assert [it["result"] for it in records(tmp_path / "audit", "anchor")] == ["ok", "timeout", "ok"]
    await log.close()


async def test_a_stop_waits_for_a_folder_at_work_and_gives_it_the_last_heads(tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    files = Hanging(vault)
    log = await open_log(tmp_path / "audit", files=files)
    async with anchoring(log, directory_anchor(vault)) as (it, told):
        await it.look()
        files.free.clear()
        it.start()
        async with asyncio.timeout(20):
            while not files.asked:
                await asyncio.sleep(0)

        async def close_log() -> None:
            await log.close()
            asyncio.get_running_loop().call_soon(files.free.set)

        await it.finish(close_log)
        assert (told.anchored, told.failed) == (["vault"] * 2, [])


async def test_an_anchor_that_hangs_does_not_hold_up_the_others(tmp_path: Path) -> None:
    witness, hang = Witness(), asyncio.Event()

    async def add(request: web.Request) -> web.Response:
        await hang.wait()
        return await witness.add(request)

    runner, url = await serve(web.post("/w/add-checkpoint", add))
    try:
        log = await open_log(tmp_path / "audit")
        witness.logs[ORIGIN] = [log.key]
        anchor = Anchor("witness", AnchorForm.WITNESS, f"{url}/w", key=witness.key.vkey, timeout=60)
        async with anchoring(log, anchor, directory_anchor(tmp_path / "vault")) as (it, told):
            looking = asyncio.create_task(it.look())
            async with asyncio.timeout(20):
                while told.anchored != ["vault"]:
                    await asyncio.sleep(0)
            assert not looking.done()
            hang.set()
            await looking
            assert told.anchored == ["vault", "witness"]
        await log.close()
    finally:
        await runner.cleanup()


async def test_the_heads_of_several_logs_hang_together(tmp_path: Path) -> None:
    """An unavailable witness costs one time-out, not one for each log."""
    shown, hang = list[bytes](), asyncio.Event()

    async def add(request: web.Request) -> web.Response:
        shown.append(await request.read())
        await hang.wait()
        return web.Response(status=503)

    runner, url = await serve(web.post("/w/add-checkpoint", add))
    try:
        for number in range(1, 4):
            await (await open_log(tmp_path, origin=f"shield.example/worker-{number}")).close()
        log = await open_log(tmp_path)
        anchor = Anchor("witness", AnchorForm.WITNESS, f"{url}/w", key=Witness().key.vkey, timeout=60)
        async with anchoring(log, anchor) as (it, _):
            looking = asyncio.create_task(it.look())
            async with asyncio.timeout(20):
                while len(shown) < 4:
                    await asyncio.sleep(0)
            hang.set()
            await looking
        await log.close()
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("restarted", [False, True], ids=["while it runs", "over a restart"])
async def test_a_folder_that_is_not_mounted_any_more_takes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, restarted: bool
) -> None:
    audit, vault = tmp_path / "audit", tmp_path / "mount" / "vault"
    mounted = [True]
    monkeypatch.setattr(
        anchor_calls, "_device", lambda path: 2 if path.is_relative_to(vault) and mounted[0] else 1
    )
    log = await open_log(audit)
    async with anchoring(log, directory_anchor(vault)) as (it, told):
        await it.look()
        assert told.anchored == ["vault"]
        vault.rename(tmp_path / "there")
        mounted[0] = False
        if not restarted:
            await it.look()
            assert told.failed == ["vault"]
    async with anchoring(log, directory_anchor(vault)) as (it, told):
        await it.look()
        assert told.failed == ["vault"]
        assert '"code":"not_mounted"' in told.log.getvalue()
        assert not vault.exists()
        (tmp_path / "there").rename(vault)
        mounted[0] = True
        await it.look()
        assert told.anchored[-1] == "vault"
        assert told.failed == ["vault"]
    await log.close()


async def test_a_folder_is_not_mounted_also_where_the_logs_have_a_file_system_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit, mount = tmp_path / "audit", tmp_path / "mount"
    devices = {audit: 1, mount: 2}
    monkeypatch.setattr(
        anchor_calls,
        "_device",
        lambda path: next((number for top, number in devices.items() if path.is_relative_to(top)), 3),
    )
    log = await open_log(audit)
    async with anchoring(log, directory_anchor(mount / "vault")) as (it, told):
        await it.look()
        del devices[mount]
        await it.look()
        assert (told.anchored, told.failed) == (["vault"], ["vault"])
    async with anchoring(log, directory_anchor(mount / "vault")) as (it, told):
        await it.look()
        assert '"code":"not_mounted"' in told.log.getvalue()
        devices[mount] = 4  # another one in its place
        await it.look()
        assert told.anchored[-1] == "vault"
    await log.close()


async def test_a_folder_beside_the_logs_need_not_be_mounted(tmp_path: Path) -> None:
    log = await open_log(tmp_path / "audit")
    for _ in range(2):
        async with anchoring(log, directory_anchor(tmp_path / "vault")) as (it, told):
            await it.look()
            assert told.failed == []
    await log.close()


async def test_when_an_anchor_took_the_heads_last_is_known_over_a_restart(tmp_path: Path) -> None:
    """Otherwise an alarm would report a window that began in 1970."""
    audit, vault = tmp_path / "audit", tmp_path / "vault"
    log = await open_log(audit)
    async with anchoring(log, directory_anchor(vault)) as (it, _):
        await it.look()
    vault.rename(tmp_path / "away")
    vault.write_text("no folder")
    async with anchoring(log, directory_anchor(vault)) as (it, told):
        await it.look()
        assert (told.anchored, told.failed) == (["vault"], ["vault"])
    await log.close()
