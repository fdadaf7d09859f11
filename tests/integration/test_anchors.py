"""Anchors outside the host: what each of them reveals that the logs alone cannot."""

from __future__ import annotations

import asyncio
import io
import json
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from click.testing import CliRunner

from shield.app.anchoring import AnchorEvents, Anchoring
from shield.audit.anchor_checks import check_anchors
from shield.audit.anchor_store import rosters
from shield.audit.checkpoint import SignedCheckpoint
from shield.audit.log import AuditLog
from shield.audit.roster import Roster
from shield.audit.upkeep import Upkeep
from shield.audit.verify import verify_log
from shield.audit.walk import read_entries
from shield.cli.main import cli
from shield.config.settings import LoggingSettings
from shield.config.settings_audit import Anchor, AnchorForm
from shield.errors import ConfigError
from shield.telemetry.logging import configure
from tests.integration.anchors import TimeStampAuthority, Witness, serve
from tests.unit.audit.logs import (
    ORIGIN,
    Clock,
    folder_of,
    intent,
    key_of,
    make_log,
    open_log,
    reader_of,
    seeded,
    write_pairs,
)

OTHER = "shield.example/worker-1"
LATER = 1_950_000_000_000_000_000


class Told:
    """What the anchoring told the metrics."""

    def __init__(self) -> None:
        self.anchored: list[str] = []
        self.failed: list[str] = []
        self.events = AnchorEvents(lambda name, _: self.anchored.append(name), self.failed.append)


@asynccontextmanager
async def anchoring(
    log: AuditLog, *anchors: Anchor, clock: Clock | None = None
) -> AsyncIterator[tuple[Anchoring, Told]]:
    told = Told()
    now = [0.0]

    def monotonic() -> float:
        now[0] += 1000.0
        return now[0]

    made = Anchoring(
        log, anchors, told.events, configure(LoggingSettings(), io.StringIO()),
        clock=clock or Clock(LATER), monotonic=monotonic,
    )  # fmt: skip
    try:
        yield made, told
    finally:
        await made.stop()


def directory_anchor(path: Path) -> Anchor:
    return Anchor("vault", AnchorForm.DIRECTORY, str(path))


def records(directory: Path, kind: str) -> list[dict[str, object]]:
    found = [json.loads(entry) for _, entry in read_entries(reader_of(directory))]
    return [fields for fields in found if fields["kind"] == kind]


def verify(directory: Path, *options: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(
        cli, ["audit", "verify", str(directory), "--access", "off", *map(str, options)]
    )
    return result.exit_code, result.output


# A directory.


async def two_logs(audit: Path, vault: Path) -> None:
    """Two logs of one deployment, anchored in the course of their life."""
    await make_log(audit, 40, origin=OTHER, seed=3)
    log = await open_log(audit)
    async with anchoring(log, directory_anchor(vault)) as (it, told):
        for turn in range(3):
            await write_pairs(log, 60, turn * 100)
            await it.look()
        assert told.anchored == ["vault"] * 3
    await log.close()


async def test_a_roster_names_every_log_and_the_logs_hold_to_it(tmp_path):
    audit, vault = tmp_path / "audit", tmp_path / "vault"
    await two_logs(audit, vault)
    kept = list(rosters(vault))
    assert len(kept) == 3
    assert {head.origin for head in Roster.parse(kept[-1].read_bytes()).heads} == {ORIGIN, OTHER}
    assert kept[-1].stat().st_mode & 0o777 == 0o440
    assert [record["result"] for record in records(audit, "anchor")] == ["ok"] * 3
    named = records(audit, "roster")[-1]["logs"]
    assert {log["origin"] for log in named} == {ORIGIN, OTHER}  # type: ignore[union-attr, attr-defined]
    code, output = verify(audit, "--anchor", vault)
    assert code == 0, output
    assert "the logs hold" in output


def hide_a_log(audit: Path) -> None:
    shutil.rmtree(folder_of(audit, OTHER))


def hide_all_but_the_hidden_logs_record(audit: Path) -> None:
    shutil.rmtree(folder_of(audit))


@pytest.mark.parametrize("hide", [hide_a_log, hide_all_but_the_hidden_logs_record])
async def test_a_whole_log_cannot_vanish_unseen(tmp_path, hide):
    audit, vault = tmp_path / "audit", tmp_path / "vault"
    await two_logs(audit, vault)
    hide(audit)
    code, output = verify(audit, "--anchor", vault)
    assert code == 1
    assert "is missing" in output


async def test_a_hidden_log_is_named_by_the_roster_record_of_another_even_without_an_anchor(tmp_path):
    audit, vault = tmp_path / "audit", tmp_path / "vault"
    await two_logs(audit, vault)
    hide_a_log(audit)
    code, output = verify(audit)
    assert code == 1
    assert f"the log {OTHER} is missing" in output
    code, output = verify(folder_of(audit))  # one log by itself, as it is given away
    assert code == 0, output


async def test_a_log_that_was_cut_back_is_revealed(tmp_path):
    audit, vault = tmp_path / "audit", tmp_path / "vault"
    await make_log(audit, 40)
    shutil.copytree(audit, tmp_path / "early")
    log = await open_log(audit, clock=Clock(LATER))
    async with anchoring(log, directory_anchor(vault)) as (it, _):
        await write_pairs(log, 300)
        await it.look()
    await log.close()
    code, output = verify(tmp_path / "early")
    assert code == 0, output  # nothing in the log itself says so
    code, output = verify(tmp_path / "early", "--anchor", vault)
    assert code == 1
    assert "saw it with" in output


async def test_a_log_that_was_written_anew_with_its_own_key_is_revealed(tmp_path):
    audit, vault = tmp_path / "audit", tmp_path / "vault"
    log = await open_log(audit)
    async with anchoring(log, directory_anchor(vault)) as (it, _):
        await write_pairs(log, 100)
        await it.look()
    await log.close()
    shutil.rmtree(folder_of(audit))
    keys = audit / "keys" / "shield.example+worker-0.signing.pem"
    anew = keys.read_bytes()
    keys.unlink()
    await make_log(audit, 300, signing_key=None, seed=8, random=lambda size: anew_random(anew, size))
    code, output = verify(audit, "--anchor", vault)
    assert code == 1
    assert "are not those that" in output


def anew_random(pem: bytes, size: int) -> bytes:
    """The first random bytes that a log takes are its key: those of the key that was stolen."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415  needed here alone

    key = load_pem_private_key(pem, None)
    return key.private_bytes_raw() if size == 32 else seeded(8).randbytes(size)  # type: ignore[union-attr]


async def test_two_histories_in_one_anchor_are_revealed(tmp_path):
    """Who has the key writes the log anew, and anchors the new one too."""
    audit, vault = tmp_path / "audit", tmp_path / "vault"
    for turn in range(2):
        log = await open_log(audit, seed=turn)
        async with anchoring(log, directory_anchor(vault), clock=Clock(LATER + turn * 10**9)) as (it, _):
            await write_pairs(log, 50, turn)
            await it.look()
        await log.close()
        if turn == 0:
            shutil.rmtree(folder_of(audit))
            (audit / "keys" / "shield.example+worker-0.signing.pem").unlink()
    code, output = verify(audit, "--anchor", vault)
    assert code == 1
    assert "two histories" in output or "are not those that" in output


async def test_a_rotated_and_pruned_log_still_holds_to_its_anchors(tmp_path, monkeypatch):
    monkeypatch.setattr("shield.audit.wal.SEGMENT_BYTES", 50_000)
    audit, vault = tmp_path / "audit", tmp_path / "vault"
    clock = Clock(LATER)
    log = await open_log(audit, clock=clock)
    async with anchoring(log, directory_anchor(vault), clock=clock) as (it, _):
        await write_pairs(log, 400)
        await it.look()
        await Upkeep(log, clock, seeded(4).randbytes).rotate()
        clock.now += 500 * 86_400 * 10**9
        await write_pairs(log, 400, 1000)
        await it.look()
        await Upkeep(log, clock, seeded(4).randbytes).prune_by_retention()
        await it.look()
    await log.close()
    code, output = verify(audit, "--anchor", vault)
    assert code == 0, output


@pytest.mark.parametrize(
    "damage",
    [
        lambda roster: roster.write_bytes(b"{}"),
        lambda roster: roster.write_bytes(roster.read_bytes().replace(b'"size":', b'"size":1')),
        lambda roster: roster.write_bytes(roster.read_bytes()[:-10]),
    ],
)
async def test_a_damaged_roster_is_named(tmp_path, damage: Callable[[Path], None]):
    audit, vault = tmp_path / "audit", tmp_path / "vault"
    await two_logs(audit, vault)
    roster = next(iter(rosters(vault)))
    roster.chmod(0o640)
    damage(roster)
    code, output = verify(audit, "--anchor", vault)
    assert code == 1
    assert roster.name in output


async def test_an_empty_anchor_is_no_anchor(tmp_path):
    await make_log(tmp_path / "audit", 1)
    (tmp_path / "vault").mkdir()
    code, output = verify(tmp_path / "audit", "--anchor", tmp_path / "vault")
    assert code == 1
    assert "no roster" in output


async def test_an_anchor_that_fails_is_told_recorded_once_and_tried_again(tmp_path):
    audit, vault = tmp_path / "audit", tmp_path / "vault"
    vault.write_text("a file, where a folder should be")
    log = await open_log(audit)
    async with anchoring(log, directory_anchor(vault)) as (it, told):
        await it.look()
        await it.look()
        assert told.failed == ["vault"] * 2
        assert log.healthy
        vault.unlink()
        await it.look()
        assert told.anchored == ["vault"]
    await log.close()
    assert [record["result"] for record in records(audit, "anchor")] == ["unwritable", "ok"]
    assert verify_log(reader_of(audit)).ok


async def test_one_of_several_processes_anchors_for_all(tmp_path):
    audit, vault = tmp_path / "audit", tmp_path / "vault"
    first, second = await open_log(audit), await open_log(audit, origin=OTHER, seed=3)
    async with (
        anchoring(first, directory_anchor(vault)) as (one, _),
        anchoring(second, directory_anchor(vault)) as (two, told),
    ):
        await one.look()
        await two.look()
        assert len(list(rosters(vault))) == 1
        assert told.anchored == ["vault"]  # as the other reached it
        await one.stop()
        await two.look()
        assert len(list(rosters(vault))) == 2
    await first.close()
    await second.close()
    code, output = verify(audit, "--anchor", vault)
    assert code == 0, output


async def test_an_orderly_end_leaves_nothing_outside(tmp_path):
    """Both end at once: whoever is last sees the last heads of both."""
    audit, vault = tmp_path / "audit", tmp_path / "vault"
    first, second = await open_log(audit), await open_log(audit, origin=OTHER, seed=3)
    async with (
        anchoring(first, directory_anchor(vault)) as (one, _),
        # Another time, since a file is named by it: one of the same name is not written over.
        anchoring(second, directory_anchor(vault), clock=Clock(LATER + 500_000)) as (two, told),
    ):
        one.start()
        two.start()
        await write_pairs(first, 40)
        await asyncio.gather(one.finish(first.close), two.finish(second.close))
        assert told.failed == []
    newest = max(rosters(vault), key=lambda path: path.stat().st_mtime_ns)  # two clocks name them
    last = Roster.parse(newest.read_bytes())
    assert {(head.origin, head.signed.checkpoint.size) for head in last.heads} == {
        (
            origin,
            SignedCheckpoint.parse((folder_of(audit, origin) / "checkpoint").read_bytes()).checkpoint.size,
        )
        for origin in (ORIGIN, OTHER)
    }
    code, output = verify(audit, "--anchor", vault)
    assert code == 0, output


async def test_who_ends_while_another_goes_on_leaves_it_to_that_one(tmp_path):
    audit, vault = tmp_path / "audit", tmp_path / "vault"
    first, second = await open_log(audit), await open_log(audit, origin=OTHER, seed=3)
    async with (
        anchoring(first, directory_anchor(vault)) as (one, _),
        anchoring(second, directory_anchor(vault)) as (two, _),
    ):
        await one.look()
        two.start()
        await two.finish(second.close)
        assert len(list(rosters(vault))) == 1
        await one.look()
    await first.close()
    code, output = verify(audit, "--anchor", vault)
    assert code == 0, output


async def test_the_log_is_closed_also_where_the_last_heads_find_no_anchor(tmp_path):
    log = await open_log(tmp_path)
    anchor = Anchor("witness", AnchorForm.WITNESS, "http://127.0.0.1:9", key=Witness().key.vkey)
    async with anchoring(log, anchor) as (it, told):
        it.start()
        await it.finish(log.close)
        assert told.failed[-1] == "witness"
    assert verify_log(reader_of(tmp_path)).ok
    assert records(tmp_path, "shutdown")


# A witness.


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
    # Its folder of rosters can be given as an anchor too.
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
                assert told.anchored == ["witness"]
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
        # The same beginning, another end: as long as it likes.
        log = await open_log(tmp_path / "early", clock=Clock(LATER + 10**15), seed=77)
        await write_pairs(log, 300, 5000)
        await log.close()
        code, output = await asyncio.to_thread(verify, tmp_path / "early", *asked)
        assert (code, "was written anew" in output) == (1, True), output


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda witness: setattr(witness, "down", 503), "status_503"),
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


# A time stamp.


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> TimeStampAuthority:
    return TimeStampAuthority(tmp_path_factory.mktemp("authority"))


async def stamped(audit: Path, authority: TimeStampAuthority) -> tuple[Path, Told]:
    """A log whose roster was stamped; where the stamps are."""
    runner, url = await serve(web.post("/tsa", authority.stamp))
    anchor = Anchor("tsa", AnchorForm.TIMESTAMP, f"{url}/tsa", roots=authority.roots, timeout=60)
    log = await open_log(audit)
    async with anchoring(log, anchor) as (it, told):
        await it.look()
        await write_pairs(log, 20)
        await it.look()
    await log.close()
    await runner.cleanup()
    return audit / "anchors" / "tsa", told


async def test_rosters_are_time_stamped_and_the_stamps_verify_here_and_with_openssl(tmp_path, authority):
    vault, told = await stamped(tmp_path, authority)
    assert not told.failed
    code, output = await asyncio.to_thread(verify, tmp_path, "--anchor", vault, "--roots", authority.roots)
    assert code == 0, output
    roster = next(iter(rosters(vault)))
    check = ["openssl", "ts", "-verify", "-data", roster, "-in", roster.with_suffix(".tsr")]
    subprocess.run([*check, "-CAfile", authority.roots], check=True, capture_output=True)


async def test_a_stamp_of_another_authority_or_document_does_not_hold(tmp_path, authority):
    vault, _ = await stamped(tmp_path / "audit", authority)
    stranger = TimeStampAuthority(tmp_path, "stranger")
    code, output = await asyncio.to_thread(
        verify, tmp_path / "audit", "--anchor", vault, "--roots", stranger.roots
    )
    assert (code, "does not hold" in output) == (1, True), output
    first, second = list(rosters(vault))[:2]
    shutil.copy(first.with_suffix(".tsr"), tmp_path / "moved")
    second.with_suffix(".tsr").unlink()
    shutil.copy(tmp_path / "moved", second.with_suffix(".tsr"))
    code, output = await asyncio.to_thread(
        verify, tmp_path / "audit", "--anchor", vault, "--roots", authority.roots
    )
    assert (code, "does not hold" in output) == (1, True), output
    second.with_suffix(".tsr").unlink()
    code, output = await asyncio.to_thread(
        verify, tmp_path / "audit", "--anchor", vault, "--roots", authority.roots
    )
    assert (code, "no time stamp" in output) == (1, True), output


async def test_a_garbled_stamp_is_not_kept(tmp_path):
    authority = TimeStampAuthority(tmp_path)
    authority.garble = True
    vault, told = await stamped(tmp_path / "audit", authority)
    assert told.failed
    assert not vault.exists()
    assert records(tmp_path / "audit", "anchor")[0]["result"] == "bad_receipt"


def test_anchors_that_cannot_work_are_refused_at_the_start(tmp_path):
    (tmp_path / "none.pem").write_text("nothing")
    for anchor, said in (
        (Anchor("a", AnchorForm.WITNESS, "http://127.0.0.1", key="w+00000000+AAAA"), "verifier key"),
        (Anchor("a", AnchorForm.TIMESTAMP, "http://127.0.0.1", roots=tmp_path / "none.pem"), "PEM"),
        (Anchor("a", AnchorForm.TIMESTAMP, "http://127.0.0.1", roots=tmp_path / "gone"), "No such file"),
    ):
        with pytest.raises(ConfigError, match=said):
            check_anchors([anchor])


CONFIGURATION = """
version: 1
listeners:
  proxy: {host: 127.0.0.1, port: 0}
  admin: {host: 127.0.0.1, port: 0}
upstreams:
  store: {url: "http://127.0.0.1:9"}
policies:
  default: {detector: {model: none}, entities: {EMAIL_ADDRESS: replace}}
routes:
  - {name: all, upstream: store, policy: default, match: {path: "/{rest...}"}}
audit:
  directory: audit
  origin: shield.example/worker-0
  anchors:
    away: {type: witness, url: "http://127.0.0.1:9", key: "w+00000000+AAAA"}
"""


def test_shield_check_names_an_anchor_that_cannot_work(tmp_path):
    path = tmp_path / "shield.yaml"
    path.write_text(CONFIGURATION)
    result = CliRunner().invoke(cli, ["check", "-c", str(path)])
    assert result.exit_code == 2
    assert "audit.anchors.away.key: it is not the verifier key of a witness" in result.output
    path.write_text(CONFIGURATION.replace('key: "w+00000000+AAAA"', f'key: "{Witness().key.vkey}"'))
    assert CliRunner().invoke(cli, ["check", "-c", str(path)]).exit_code == 0
