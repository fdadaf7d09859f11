"""A witness cosigns heads that extend each other, and reveals a log whose heads do not."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from shield.audit.checkpoint import SignedCheckpoint
from shield.config.settings_audit import Anchor, AnchorForm
from tests.integration.anchored_logs import (
    LATER,
    anchoring,
    verify,
)
from tests.integration.anchors import Witness, serve
from tests.unit.audit.aging import records
from tests.unit.audit.logs import (
    ORIGIN,
    Clock,
    intent,
    key_of,
    make_log,
    open_log,
    write_pairs,
)


@asynccontextmanager
async def witnessed() -> AsyncIterator[tuple[Witness, Anchor]]:
    witness = Witness()
    runner, url = await serve(web.post("/w/add-checkpoint", witness.add))
    try:
        yield witness, Anchor("witness", AnchorForm.WITNESS, f"{url}/w", key=witness.key.vkey, timeout=20)
    finally:
        await runner.cleanup()


async def test_a_witness_cosigns_heads_that_extend_each_other(tmp_path):
    async with witnessed() as (witness, anchor):
        log = await open_log(tmp_path)
        witness.logs[ORIGIN] = [log.key]
        async with anchoring(log, anchor) as (it, told):
            for turn in range(3):
                await write_pairs(log, 150, turn * 1000)
                await it.look()
            assert told.anchored == ["witness"] * 3
        await log.close()
    assert set(witness.answers) == {200}
    cosigned = sorted((tmp_path / "anchors" / "witness").glob("*/*.cosigned"))
    assert len(cosigned) == 3
    signed = SignedCheckpoint.parse(cosigned[-1].read_bytes())
    signed.verify(key_of(tmp_path))
    assert witness.key.find(signed.checkpoint, signed.note).time == witness.time
    assert witness.seen[ORIGIN] == (signed.checkpoint.size, signed.checkpoint.root)
    # Its folder of rosters also works as an anchor.
    code, output = await asyncio.to_thread(verify, tmp_path, "--anchor", tmp_path / "anchors" / "witness")
    assert code == 0, output


async def test_a_new_process_learns_from_the_witness_where_it_was(tmp_path):
    async with witnessed() as (witness, anchor):
        for turn in range(2):
            log = await open_log(tmp_path, clock=Clock(LATER + turn * 10**15))
            witness.logs[ORIGIN] = [log.key]
            async with anchoring(log, anchor) as (it, told):
                await write_pairs(log, 150, turn * 1000)
                await it.look()
                # A later process first reports the heads of the previous one.
                assert told.anchored == ["witness"] * (1 + turn)
            await log.close()
        assert witness.answers.count(409) == 1


async def test_the_witness_reveals_a_log_that_was_cut_back_or_written_anew(tmp_path):
    async with witnessed() as (witness, anchor):
        await make_log(tmp_path / "audit", 40)
        witness.logs[ORIGIN] = [key_of(tmp_path / "audit")]
        shutil.copytree(tmp_path / "audit", tmp_path / "early")
        log = await open_log(tmp_path / "audit", clock=Clock(LATER))
        async with anchoring(log, anchor) as (it, _):
            await write_pairs(log, 100)
            await it.look()
        await log.close()
        asked = ("--witness", anchor.target, "--witness-key", anchor.key)
        code, output = await asyncio.to_thread(verify, tmp_path / "audit", *asked)
        assert (code, "cosigned by the witness" in output) == (0, True), output
        code, output = await asyncio.to_thread(verify, tmp_path / "early", *asked)
        assert (code, "was cut back" in output) == (1, True), output
        # The same beginning and another end, of any length.
        log = await open_log(tmp_path / "early", clock=Clock(LATER + 10**15), seed=77)
        await write_pairs(log, 300, 5000)
        await log.close()
        code, output = await asyncio.to_thread(verify, tmp_path / "early", *asked)
        assert (code, "was rewritten" in output) == (1, True), output


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda witness: setattr(witness, "down", 503), "status_503"),
        (lambda witness: setattr(witness, "down", 409), "status_409"),  # it saw no other log
        (lambda witness: setattr(witness, "garble", True), "bad_receipt"),
        (lambda witness: witness.logs.clear(), "unknown_log"),
        (lambda witness: witness.seen.__setitem__(ORIGIN, (10**6, bytes(32))), "ahead"),
        (lambda witness: witness.seen.__setitem__(ORIGIN, (7, bytes(32))), "inconsistent"),
    ],
)
async def test_what_a_witness_can_answer_instead(tmp_path, harm, code):
    async with witnessed() as (witness, anchor):
        log = await open_log(tmp_path)
        witness.logs[ORIGIN] = [log.key]
        harm(witness)
        async with anchoring(log, anchor) as (it, told):
            await write_pairs(log, 50)
            await it.look()
            assert told.failed == ["witness"]
        await log.close()
    assert records(tmp_path, "anchor")[0]["result"] == code


async def test_an_outage_is_one_failure_of_each_kind(tmp_path):
    """However often they alternate: otherwise a night of them is a thousand exceptions."""
    async with witnessed() as (witness, anchor):
        log = await open_log(tmp_path)
        witness.logs[ORIGIN] = [log.key]
        async with anchoring(log, anchor) as (it, told):
            for down in (500, 503, 500, 503, 500, None, 503):
                witness.down = down
                await it.look()
            assert told.failed == ["witness"] * 6
        await log.close()
    assert [record["result"] for record in records(tmp_path, "anchor")] == [
        "status_500", "status_503", "ok", "status_503",
    ]  # fmt: skip


async def test_a_witness_that_is_not_there(tmp_path):
    anchor = Anchor("witness", AnchorForm.WITNESS, "http://127.0.0.1:9", key=Witness().key.vkey)
    log = await open_log(tmp_path)
    async with anchoring(log, anchor) as (it, told):
        await it.look()
        assert told.failed == ["witness"]
        await log.commit(intent(1))
    await log.close()
    assert records(tmp_path, "anchor")[0]["result"] == "unreachable"


async def test_no_record_waits_for_an_anchor_that_hangs(tmp_path):
    came, go = asyncio.Event(), asyncio.Event()

    async def hang(_: web.Request) -> web.Response:
        came.set()
        await go.wait()
        return web.Response(status=503)

    runner, url = await serve(web.post("/add-checkpoint", hang))
    anchor = Anchor("witness", AnchorForm.WITNESS, url, key=Witness().key.vkey, timeout=60)
    log = await open_log(tmp_path)
    async with anchoring(log, anchor) as (it, told):
        asked = asyncio.create_task(it.look())
        await came.wait()
        for number in range(20):
            await log.commit(intent(number))
        await log.checkpoint()
        assert not asked.done()
        go.set()
        await asked
        assert told.failed == ["witness"]
    await log.close()
    await runner.cleanup()
