"""Each anchor outside the host reveals tampering that the logs alone cannot."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner

from shield.audit.anchor_checks import check_anchors
from shield.audit.anchor_store import rosters
from shield.audit.anchored import Differs
from shield.audit.checkpoint import SignedCheckpoint
from shield.audit.roster import Roster
from shield.audit.upkeep import Upkeep
from shield.audit.verify import verify_log
from shield.cli.main import cli
from shield.config.settings_audit import Anchor, AnchorForm
from shield.errors import ConfigError
from tests.integration.anchored_logs import (
    CONFIGURATION,
    LATER,
    OTHER,
    anchoring,
    anew_random,
    directory_anchor,
    two_logs,
    verify,
)
from tests.integration.anchors import Witness
from tests.unit.audit.aging import records
from tests.unit.audit.logs import (
    ORIGIN,
    Clock,
    folder_of,
    make_log,
    open_log,
    reader_of,
    seeded,
    write_pairs,
)

REGISTER = f"{ORIGIN}/register"


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
    assert "the logs match them" in output


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
    code, output = verify(folder_of(audit))  # one log by itself, as it is handed to others
    assert code == 0, output


async def test_a_log_that_is_gone_is_named_by_its_register_and_an_older_folder_is_no_gap(tmp_path):
    audit, vault = tmp_path / "audit", tmp_path / "vault"
    await make_log(audit, 5, origin=REGISTER, seed=4)
    code, output = verify(audit)
    assert (code, f"the log {ORIGIN} is missing: {REGISTER}" in output) == (1, True)
    await two_logs(audit, vault)
    for roster in list(rosters(vault))[:2]:  # as where they are kept for a time only, or in another folder
        roster.unlink()
    code, output = verify(audit, "--anchor", vault)
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
    assert code == 0, output  # nothing in the log itself shows it
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


async def test_all_logs_that_are_gone_at_once_are_revealed(tmp_path):
    audit, vault = tmp_path / "audit", tmp_path / "vault"
    await two_logs(audit, vault)
    for origin in (ORIGIN, OTHER):
        shutil.rmtree(folder_of(audit, origin))
    await make_log(audit, 5, origin="another.example/worker-0")
    code, output = verify(audit)
    assert code == 0, output  # nothing that is left shows it
    code, output = verify(audit, "--anchor", vault)
    assert (code, output.count("is missing") >= 2) == (1, True)


async def test_who_stole_a_key_before_its_rotation_cannot_go_on_from_there(tmp_path):
    """The stolen key's history is whole and holds to that key; the anchor saw another one."""
    audit, vault, stolen = tmp_path / "audit", tmp_path / "vault", tmp_path / "stolen"
    await make_log(audit, 40)
    shutil.copytree(audit, stolen)
    log = await open_log(audit, clock=Clock(LATER))
    await Upkeep(log, Clock(LATER), seeded(4).randbytes).rotate("ciso@example.com")
    async with anchoring(log, directory_anchor(vault)) as (it, _):
        await write_pairs(log, 50)
        await it.look()
    await log.close()
    forged = await open_log(stolen, clock=Clock(LATER), seed=9)
    await write_pairs(forged, 100)
    await forged.close()
    old = (folder_of(stolen) / "vkey").read_text()
    code, output = verify(folder_of(stolen), "--key", old)
    assert code == 0, output
    code, output = verify(stolen, "--anchor", vault)
    assert code == 1, output


async def test_two_histories_in_one_anchor_are_revealed(tmp_path):
    """Somebody with the key rewrites the log and puts its rosters beside those of the old one."""
    audit, vault = tmp_path / "audit", tmp_path / "vault"
    for turn in range(2):
        log = await open_log(audit, seed=turn)
        anchor = directory_anchor(tmp_path / f"vault-{turn}")
        async with anchoring(log, anchor, clock=Clock(LATER + turn * 10**9)) as (it, _):
            await write_pairs(log, 50, turn)
            await it.look()
        await log.close()
        if turn == 0:
            begin_anew(audit)
    for turn in range(2):
        shutil.copytree(tmp_path / f"vault-{turn}", vault, dirs_exist_ok=True)
    code, output = verify(audit, "--anchor", vault)
    assert code == 1
    assert "two histories" in output or "are not those that" in output


def begin_anew(audit: Path) -> None:
    shutil.rmtree(folder_of(audit))
    (audit / "keys" / "shield.example+worker-0.signing.pem").unlink()


def restore_a_backup(audit: Path) -> None:
    shutil.rmtree(audit)
    shutil.copytree(audit.with_name("early"), audit)


def damage_the_newest(audit: Path) -> None:
    newest = list(rosters(audit.with_name("vault")))[-1]
    newest.chmod(0o640)
    newest.write_bytes(newest.read_bytes()[:-10])


def remove_the_newest(audit: Path) -> None:
    list(rosters(audit.with_name("vault")))[-1].unlink()


def hide_the_newest(audit: Path) -> None:
    newest = list(rosters(audit.with_name("vault")))[-1]
    newest.unlink()
    newest.mkdir()  # reading it fails, even if the tests run as root


@pytest.mark.parametrize(
    ("happens", "pairs", "code", "said"),
    [
        (begin_anew, 10, "ahead", f"the log {ORIGIN} has"),
        (begin_anew, 300, "inconsistent", f"the records of {ORIGIN} below"),
        (restore_a_backup, 10, "ahead", f"the log {ORIGIN} has"),
        (restore_a_backup, 300, "inconsistent", f"the records of {ORIGIN} below"),
        (hide_a_log, 10, "missing", f"the log {OTHER} is missing"),
        (damage_the_newest, 10, "damaged", "not a roster"),
        (hide_the_newest, 10, "unreadable", "unreadable"),
    ],
)
async def test_a_folder_takes_no_roster_of_other_logs_than_it_saw(tmp_path, happens, pairs, code, said):
    audit, vault = tmp_path / "audit", tmp_path / "vault"
    await make_log(audit, 20)
    shutil.copytree(audit, tmp_path / "early")
    await two_logs(audit, vault)
    happens(audit)
    kept = list(rosters(vault))
    log = await open_log(audit, seed=9)
    async with anchoring(log, directory_anchor(vault), clock=Clock(LATER + 10**12)) as (it, told):
        await write_pairs(log, pairs, 7000)
        await it.look()
        await it.look()
        assert list(rosters(vault)) == kept
        assert told.failed == ["vault"] * 2
        assert told.disagreed == (["vault"] * 2 if code in set(Differs) else [])
        assert said in told.log.getvalue()
        assert log.healthy
    # To settle it, the operator names another folder, in which the present log begins.
    anew = tmp_path / "anew"
    async with anchoring(log, directory_anchor(anew), clock=Clock(LATER + 2 * 10**12)) as (it, told):
        await it.look()
        await it.look()
        assert told.anchored[-2:] == ["vault"] * 2  # if there is an earlier state, it is reported first
        assert told.failed == []
    await log.close()
    assert [record["result"] for record in records(audit, "anchor")][-3:] == [code, "ok", "ok"]
    assert verify(audit, "--anchor", anew)[0] == 0


HOUR = 3_600 * 10**9


@pytest.mark.parametrize(
    "steps",
    [(400 * 24 * HOUR, -400 * 24 * HOUR), (-400 * 24 * HOUR,), (-HOUR,), (HOUR, HOUR, -HOUR, -HOUR)],
    ids=["ahead and back", "far back", "back", "twice ahead and back"],
)
async def test_a_folder_is_held_to_what_came_after_the_clock_was_set(tmp_path, steps):
    audit, vault = tmp_path / "audit", tmp_path / "vault"
    clock = Clock(LATER)
    log = await open_log(audit, clock=clock)
    turns = iter(range(100))

    async def look(it):
        await write_pairs(log, 5, 10 * next(turns))
        await it.look()
        clock.now += 60 * 10**9

    async with anchoring(log, directory_anchor(vault), clock=clock) as (it, told):
        for step in (0, *steps):
            clock.now += step + 10**9
            for _ in range(3):
                await look(it)
        assert told.failed == []
        await log.close()
    shutil.copytree(audit, tmp_path / "early")
    log = await open_log(audit, clock=clock)
    async with anchoring(log, directory_anchor(vault), clock=clock) as (it, told):
        await look(it)
        assert told.failed == []
        await log.close()
    shutil.rmtree(audit)
    (tmp_path / "early").rename(audit)
    log = await open_log(audit, seed=9, clock=clock)
    async with anchoring(log, directory_anchor(vault), clock=clock) as (it, told):
        await it.look()
        assert told.disagreed == ["vault"]
        await log.close()


async def test_a_rotated_and_pruned_log_still_holds_to_its_anchors(tmp_path, monkeypatch):
    monkeypatch.setattr("shield.audit.wal.SEGMENT_BYTES", 50_000)
    audit, vault = tmp_path / "audit", tmp_path / "vault"
    clock = Clock(LATER)
    log = await open_log(audit, clock=clock)
    async with anchoring(log, directory_anchor(vault), clock=clock) as (it, _):
        await write_pairs(log, 400)
        await it.look()
        await Upkeep(log, clock, seeded(4).randbytes).rotate("ciso@example.com")
        clock.now += 500 * 86_400 * 10**9
        await write_pairs(log, 400, 1000)
        await it.look()
        await Upkeep(log, clock, seeded(4).randbytes).prune_by_retention()
        await it.look()
    await log.close()
    code, output = verify(audit, "--anchor", vault)
    assert code == 0, output


async def test_each_of_two_anchors_is_held_to_what_it_took_itself(tmp_path):
    """Anchors that are due at the same time take the same roster; each folder lacks what the other took."""
    audit, often, seldom = tmp_path / "audit", tmp_path / "often", tmp_path / "seldom"
    log = await open_log(audit)
    anchors = [
        Anchor(path.name, AnchorForm.DIRECTORY, str(path), interval=interval)
        for path, interval in ((often, 1.0), (seldom, 1e9))
    ]
    async with anchoring(log, *anchors) as (it, _):
        for start in range(3):
            await write_pairs(log, 5, start=10 * start)
            await it.look()
    await log.close()
    kept = [len(list(rosters(path))) for path in (often, seldom)]
    assert kept[0] > kept[1] >= 1
    for given in ((often,), (seldom,), (often, seldom)):
        code, output = verify(audit, *(word for path in given for word in ("--anchor", path)))
        assert code == 0, output
    middle = list(rosters(often))[1]
    middle.unlink()
    for given in ((often,), (often, seldom)):
        code, output = verify(audit, *(word for path in given for word in ("--anchor", path)))
        assert code == 1
        assert output.count("is not in the folder") == output.count("the anchor often took") == 1, output
    shared = {path.name for path in rosters(seldom)}
    for path in rosters(often):  # so that what is left could as well be the other's
        if path.name not in shared:
            path.unlink()
    code, output = verify(audit, "--anchor", often)
    assert (code, output.count("the anchor often took")) == (1, 1), output


def leave_alone(audit: Path) -> None:
    pass


def cut_back(audit: Path) -> None:
    shutil.rmtree(folder_of(audit))
    shutil.copytree(folder_of(audit.with_name("early")), folder_of(audit))


def damage_a_companion(audit: Path) -> None:
    bundle = folder_of(audit, REGISTER) / "tile/entries/000.p"
    path = next(bundle.iterdir())
    path.write_bytes(path.read_bytes().replace(b'"boot"', b'"baot"', 1))


@pytest.mark.parametrize(
    ("attack", "said"),
    [
        (leave_alone, ""),
        (cut_back, f"the log {ORIGIN} has"),
        (lambda audit: shutil.rmtree(folder_of(audit, REGISTER)), f"the log {REGISTER} is missing"),
        (damage_a_companion, f"{REGISTER} does not verify"),
        (lambda audit: shutil.rmtree(folder_of(audit)), f"the log {ORIGIN} is missing"),
        (damage_the_newest, "it is not a roster"),
        (remove_the_newest, "is not in the folder"),
    ],
)
async def test_reconcile_and_report_say_whether_the_logs_agree_with_the_anchor(tmp_path, attack, said):
    audit, vault = tmp_path / "audit", tmp_path / "vault"
    await make_log(audit, 20)
    await make_log(audit, 5, origin=REGISTER, seed=4)
    shutil.copytree(audit, tmp_path / "early")
    await two_logs(audit, vault)
    attack(audit)

    def run(*arguments: str | Path) -> tuple[int, str]:
        command = ["evidence", *map(str, arguments), "--anchor", str(vault), "--access", "off"]
        result = CliRunner().invoke(cli, command)
        return result.exit_code, result.stdout

    code, output = run("reconcile", audit, "--json")
    told = json.loads(output)["anchors"]
    assert (code, told["ok"]) == ((1, False) if said else (0, True)), output
    assert said in " ".join(told["problems"])
    assert {log["origin"] for log in told["logs"]} >= {ORIGIN, OTHER}
    assert len(told["problems"]) == bool(said)
    newest = next(log for log in told["logs"] if log["origin"] == OTHER)
    assert newest["anchored_size"] == newest["signed_size"] > 0
    code, output = run("reconcile", audit)
    assert said in output
    assert "rosters, the newest of 2031" in output
    assert "the times are the word of whoever wrote the rosters" in output

    pack = tmp_path / "pack"
    code, output = run("report", audit, "--no-pdf", "--out", pack)
    assert code == bool(said), output
    assert said in output
    page = unescape((pack / "report.html").read_text().replace("<wbr>", ""))
    assert said in page
    assert ("They extend every head that the anchors kept" in page) is not bool(said)
    assert "Held to the anchors" in page
    assert "The times are the word of whoever wrote the rosters" in page
    assert json.loads((pack / "verification.json").read_bytes())["anchors"]["problems"] == told["problems"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda roster: roster.write_bytes(b"{}"),
        lambda roster: roster.write_bytes(roster.read_bytes().replace(b'"size":', b'"size":1')),
        lambda roster: roster.write_bytes(roster.read_bytes()[:-10]),
        lambda roster: roster.write_bytes(roster.read_bytes().replace(b'"time":"2', b'"time":"x')),
        lambda roster: roster.write_bytes(roster.read_bytes().replace(b'Z","logs"', b'+00:00","logs"')),
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
        assert told.anchored == ["vault"]  # because the other reached it
        await one.stop()
        await two.look()
        assert len(list(rosters(vault))) == 2
    await first.close()
    await second.close()
    code, output = verify(audit, "--anchor", vault)
    assert code == 0, output


async def test_an_orderly_end_leaves_nothing_outside(tmp_path):
    """Both end at once, and whichever is last sees the last heads of both."""
    audit, vault = tmp_path / "audit", tmp_path / "vault"
    first, second = await open_log(audit), await open_log(audit, origin=OTHER, seed=3)
    async with (
        anchoring(first, directory_anchor(vault)) as (one, _),
        # A different time, since it names the file and a file of the same name is not overwritten.
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


async def test_the_heads_of_an_end_are_on_record_at_the_next_start(tmp_path):
    audit, vault = tmp_path / "audit", tmp_path / "vault"
    for seconds in (0, 1):
        log = await open_log(audit)
        async with anchoring(log, directory_anchor(vault), clock=Clock(LATER + seconds * 10**9)) as (it, _):
            await it.look()
            assert not (audit / "anchors" / "ended").exists()
            it.start()
            await it.finish(log.close)
    log = await open_log(audit)
    ended = audit / "anchors" / "ended"
    ended.write_bytes(ended.read_bytes() + b'{"anchor": 1}\nnonsense\n')  # both lines are skipped
    async with anchoring(log, directory_anchor(vault), clock=Clock(LATER + 2 * 10**9)) as (it, _):
        await it.look()
        given = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in rosters(vault)}
        taken = [str(record["roster_sha256"]) for record in records(audit, "anchor")]
        assert sorted(taken) == sorted(given)  # each once, including those of the two ends
        assert verify(audit, "--anchor", vault)[0] == 0
        assert taken[-2] == list(given)[-2]  # the last roster of the previous end is recorded first
        given[taken[-2]].unlink()
        code, output = verify(audit, "--anchor", vault)
        assert (code, "it was removed" in output) == (1, True)
    await log.close()


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


def test_anchors_that_cannot_work_are_refused_at_the_start(tmp_path):
    (tmp_path / "none.pem").write_text("nothing")
    for anchor, said in (
        (Anchor("a", AnchorForm.WITNESS, "http://127.0.0.1", key="w+00000000+AAAA"), "verifier key"),
        (Anchor("a", AnchorForm.TIMESTAMP, "http://127.0.0.1", roots=tmp_path / "none.pem"), "PEM"),
        (Anchor("a", AnchorForm.TIMESTAMP, "http://127.0.0.1", roots=tmp_path / "gone"), "No such file"),
    ):
        with pytest.raises(ConfigError, match=said):
            check_anchors([anchor])


def test_shield_check_names_an_anchor_that_cannot_work(tmp_path):
    path = tmp_path / "shield.yaml"
    path.write_text(CONFIGURATION)
    result = CliRunner().invoke(cli, ["check", "-c", str(path)])
    assert result.exit_code == 2
    assert "audit.anchors.away.key: it is not the verifier key of a witness" in result.output
    path.write_text(CONFIGURATION.replace('key: "w+00000000+AAAA"', f'key: "{Witness().key.vkey}"'))
    assert CliRunner().invoke(cli, ["check", "-c", str(path)]).exit_code == 0
