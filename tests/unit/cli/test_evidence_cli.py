from __future__ import annotations

import asyncio
import itertools
import json
import shutil
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from shield.audit import run_records
from shield.cli import reading
from shield.cli.main import cli
from shield.evidence.reading import entries
from tests.unit.audit.logs import ORIGIN, folder_of, key_of, open_log
from tests.unit.evidence.stories import Story, Wall, at, tell

OTHER = "shield.example/worker-1"


def acts(story: Story) -> None:
    story.config("start", None, "sha256:c0")
    story.beat()
    for second in range(6):
        story.wall.set(f"00:00:{second:02d}")
        story.request()
    story.bypass()
    story.reject("policy_blocked", 422, blocked=True)
    story.beat()


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("evidence")
    for origin in (ORIGIN, OTHER):
        asyncio.run(tell(directory, acts, origin=origin))
    asyncio.run(tell(directory, Story.beat, wall=Wall("00:10:00")))
    return directory


@pytest.fixture
def directory(good, tmp_path) -> Path:
    shutil.copytree(good, tmp_path / "audit")
    return tmp_path / "audit"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["evidence", *map(str, arguments)], prog_name="shield")


def exceptions(directory: Path, *arguments: object) -> list[dict[str, object]]:
    result = run("exceptions", directory, "--json", *arguments)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_reconcile_prints_the_sums_and_the_gaps(directory):
    result = run("reconcile", directory)
    assert result.exit_code == 0
    lines = [line.split("\t") for line in result.output.splitlines()]
    assert lines.count(["requests", "8", "6 + 1 + 1"]) == 2
    assert lines.count(["outcomes", "7", "answered 7"]) == 2
    assert [at("00:00:05"), at("00:10:00"), "595.000", "stopped", "21", "", "595.000"] in lines
    assert result.output.endswith("result: it adds up\n")


def test_a_period_without_a_request_says_how_far_the_logs_reach(directory):
    result = run("reconcile", directory, "--from", "2032-05-04", "--to", "2032-05-05")
    assert result.exit_code == 0
    said = f"no requests in this period; its records go from {at('00:00:00')} to {at('00:00:05')}"
    assert f"note: {OTHER}: {said}\n" in result.stderr
    assert "no request lies" not in run("reconcile", directory).stderr
    report = run("report", directory, "--from", "2032-05-04", "--to", "2032-05-05", "--out", directory / "r")
    assert f"note: {OTHER}: {said}\n" in report.stderr


@pytest.mark.parametrize(("end", "over"), [("9999-12-31", False), ("2020-12-31", True)])
def test_of_a_period_that_is_not_over_it_is_said(directory, tmp_path, end, over):
    for result in (
        run("reconcile", directory, "--from", "2020-01-01", "--to", end),
        run("report", directory, "--from", "2020-01-01", "--to", end, "--out", tmp_path / "r"),
    ):
        assert result.exit_code == 0
        assert ("The period is not over" in result.stderr) is not over


def test_reconcile_as_json(directory):
    result = run("reconcile", directory, "--from", "2031-05-04", "--to", at("00:00:03"), "--json")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert (document["ok"], document["from"], document["to"]) == (True, at("00:00:00"), at("00:00:03"))
    assert [log["origin"] for log in document["logs"]] == [ORIGIN, OTHER]
    for log in document["logs"]:
        assert log["verified"]
        assert log["completeness"]["requests"] == 4
        assert log["coverage"]["enabled_seconds"] == 3


def test_reconcile_fails_with_1_and_says_why(directory):
    path = next((folder_of(directory) / "tile/entries").glob("000.p/*"))
    path.write_bytes(path.read_bytes().replace(b"tickets", b"tackets", 1))
    result = run("reconcile", directory)
    assert result.exit_code == 1
    assert f"PROBLEM: {ORIGIN}: the log does not verify: record" in result.output
    assert result.output.endswith("result: IT DOES NOT ADD UP\n")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--max-gap", "10m"], 0),
        (["--max-gap", "5m"], 1),
        (["--max-gap", "soon"], 2),
        (["--from", "2031-05-05", "--to", "2031-05-04"], 2),
        (["--key", "KEY"], 0),
        (["--key", "a+b"], 2),
        (["--since", "HEAD"], 0),
    ],
)
def test_options_of_reconcile(directory, arguments, code):
    places = {"KEY": key_of(directory).vkey, "HEAD": folder_of(directory) / "checkpoint"}
    assert run("reconcile", directory, *(places.get(one, one) for one in arguments)).exit_code == code


def test_a_whole_log_that_vanished_is_missed(directory):
    key = key_of(directory, OTHER).vkey
    shutil.rmtree(folder_of(directory, OTHER))
    result = run("reconcile", directory, "--key", key)
    assert result.exit_code == 2
    assert f"no log of the origin {OTHER}" in result.output


def test_reconcile_with_an_upstreams_count(directory, tmp_path):
    times = [at(f"00:00:{second:02d}") for second in range(6)] * 2 + [at("00:00:05")] * 2
    file = tmp_path / "count.csv"
    file.write_text("\n".join(["timestamp", *times]))
    assert run("reconcile", directory, "--count", file).exit_code == 0
    file.write_text("\n".join(["timestamp", *times, at("00:09:00")]))
    result = run("reconcile", directory, "--count", file)
    assert result.exit_code == 1
    assert "forwarded\t15\t14\t+1" in result.output
    assert "2031-05-04T00\t15\t14\t14" in result.output
    assert run("reconcile", directory, "--count", file, "--tolerance", 1).exit_code == 0
    assert run("reconcile", directory, "--count", file, "--count-of", "requests").exit_code == 1
    assert run("reconcile", directory, "--count", file, "--count-column", "when").exit_code == 3


def test_reconcile_with_the_metrics_count(directory, tmp_path):
    file = tmp_path / "increase.csv"
    file.write_text("value\n16\n")
    assert run("reconcile", directory, "--metrics", file).exit_code == 0
    file.write_text("value\n17\n")
    result = run("reconcile", directory, "--metrics", file, "--by", "hour")
    assert result.exit_code == 1
    assert "requests\t17\t16\t+1" in result.output
    assert "PROBLEM: the metrics' count of requests is 17: +1 beyond what the logs allow" in result.output
    assert (
        json.loads(run("reconcile", directory, "--metrics", file, "--json").output)["metrics"]["ok"] is False
    )
    assert run("reconcile", directory, "--metrics", file, "--tolerance", 1).exit_code == 0
    file.write_text("nothing")
    assert run("reconcile", directory, "--metrics", file).exit_code == 3


def test_reconcile_shows_the_metrics_beside_the_log(directory, tmp_path):
    result = run("reconcile", directory)
    assert "2031-05-04\t3\t8\t8\n" in result.output  # of two runs
    assert "2031-05-04\t2\t8\t8\n" in result.output
    asyncio.run(tell(tmp_path / "lost", lambda story: story.request() and story.beat("00:01:00", redacted=2)))
    result = run("reconcile", tmp_path / "lost", "--by", "hour")
    assert result.exit_code == 1
    assert f"{at('00:00:00')}\t{at('00:01:00')}\t60.000\tredacted\t3\t1\t" in result.output
    assert "the metrics counted other requests than the log holds, 2 times" in result.output


def test_exceptions_are_listed_and_taken_up(directory):
    found = exceptions(directory)
    assert [(one["id"], one["kinds"], one["state"]) for one in found] == [
        (f"{ORIGIN}#16", ["bypass", "inspection_failed"], "open"),
        (f"{ORIGIN}#18", ["block"], "open"),
        (f"{ORIGIN}#21", ["gap"], "open"),
        (f"{OTHER}#16", ["bypass", "inspection_failed"], "open"),
        (f"{OTHER}#18", ["block"], "open"),
    ]
    words = ("--owner", "security@example.com", "--ticket", "SEC-1", "--note", "known")
    result = run("acknowledge", directory, f"{ORIGIN}#16", f"{OTHER}#16", *words)
    assert result.exit_code == 0, result.output
    assert f"{ORIGIN}#16 acknowledged: {ORIGIN}/register#2" in result.output
    assert run("acknowledge", directory, f"{OTHER}#16", *words, "--resolve").exit_code == 0

    assert [one["id"] for one in exceptions(directory, "--state", "acknowledged")] == [f"{ORIGIN}#16"]
    [resolved] = exceptions(directory, "--state", "resolved")
    assert (resolved["id"], resolved["owner"], resolved["ticket"]) == (
        f"{OTHER}#16",
        "security@example.com",
        "SEC-1",
    )
    assert len(exceptions(directory, "--state", "open")) == 3
    assert [one["id"] for one in exceptions(directory, "--kind", "gap")] == [f"{ORIGIN}#21"]
    assert exceptions(directory, "--to", at("00:00:01")) == []
    # The registers are logs too, but not logs of requests.
    assert run("reconcile", directory).exit_code == 0
    verified = CliRunner().invoke(cli, ["audit", "verify", str(directory)])
    assert verified.exit_code == 0
    assert verified.output.count("/register\n") == 2


def test_one_logs_folder_finds_its_register(directory):
    words = ("--owner", "a", "--ticket", "SEC-1")
    assert run("acknowledge", folder_of(directory), f"{ORIGIN}#18", *words).exit_code == 0
    assert exceptions(folder_of(directory), "--state", "acknowledged")[0]["id"] == f"{ORIGIN}#18"
    assert run("reconcile", folder_of(directory, f"{ORIGIN}/register")).exit_code == 2


def test_a_register_that_was_put_in_its_place_is_held_to_the_key_that_was_kept(directory, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(folder_of(directory), folder_of(other))
    words = ("--owner", "a", "--ticket", "SEC-1")
    assert run("acknowledge", directory, f"{ORIGIN}#18", *words).exit_code == 0
    register, key = folder_of(directory, f"{ORIGIN}/register"), tmp_path / "kept"
    shutil.copy(register / "vkey", key)
    assert run("exceptions", directory, "--key", key).exit_code == 0
    shutil.rmtree(register)
    gone = run("exceptions", directory, "--key", key)
    assert (gone.exit_code, "register is missing" in gone.output) == (2, True)
    assert run("acknowledge", other, f"{ORIGIN}#18", *words, "--resolve").exit_code == 0
    shutil.copytree(folder_of(other, f"{ORIGIN}/register"), register)
    assert exceptions(directory, "--state", "resolved")
    forged = run("exceptions", directory, "--key", key)
    assert (forged.exit_code, "does not verify" in forged.output) == (3, True)
    assert "SEC-1" not in forged.output
    assert run("exceptions", directory, "--key", key_of(directory).vkey).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["worker#x"], 2, "not of the form"),
        (["shield.example/nobody#3"], 2, "no log of the origin"),
        ([f"{ORIGIN}#4"], 2, "is not an exception"),
        ([f"{ORIGIN}#16", "--note", "card 4111 1111 1111 1111"], 3, "the note contains CREDIT_CARD"),
    ],
)
def test_what_cannot_be_acknowledged(directory, arguments, code, said):
    result = run("acknowledge", directory, "--owner", "a", "--ticket", "SEC-1", *arguments)
    assert result.exit_code == code
    assert said in result.output
    assert "4111" not in result.output
    assert not folder_of(directory, f"{ORIGIN}/register").exists()


def test_a_gap_that_still_lasts_is_listed_as_reconcile_has_it(directory):
    to = ("--to", at("23:00:00"))
    logs = json.loads(run("reconcile", directory, "--json", *to).stdout)["logs"]
    wanted = {log["coverage"]["gaps"][-1]["start"]: log["coverage"]["gaps"][-1] for log in logs}
    found = exceptions(directory, *to, "--state", "open", "--kind", "gap")
    ongoing = {one["time"]: one for one in found if one["ongoing"]}
    assert len(found) == 3
    assert ongoing.keys() == wanted.keys()
    for start, gap in wanted.items():
        assert ongoing[start]["id"] is None
        assert ongoing[start]["detail"] == f"{gap['seconds']:.3f} s so far, {gap['reason']}"
    assert "(ongoing)" in run("exceptions", directory, *to).output
    for arguments in ((), (*to, "--state", "resolved"), (*to, "--kind", "bypass")):
        assert not any(one["ongoing"] for one in exceptions(directory, *arguments))


EDGES = ("00:00:00", "00:00:04", "00:00:05", "00:04:00", "00:09:59", "00:10:00", "00:20:00")


@pytest.mark.parametrize(("start", "end"), list(itertools.combinations(EDGES, 2)))
def test_every_gap_of_a_period_is_listed_by_both_commands(directory, start, end):
    period = ("--from", at(start), "--to", at(end))
    logs = json.loads(run("reconcile", directory, "--json", *period).stdout)["logs"]
    gaps = [(log["origin"], gap) for log in logs for gap in log["coverage"]["gaps"]]
    wanted = {f"{origin}#{gap['record']}" for origin, gap in gaps if gap["record"] is not None}
    found = exceptions(directory, *period, "--kind", "gap")
    # A gap that ends exactly at the period's start: its record is in the period, its time is not.
    at_its_start = {one["id"] for one in found if one["time"] == at(start)}
    assert {one["id"] for one in found if not one["ongoing"]} - at_its_start == wanted
    assert sum(gap["record"] is None for _, gap in gaps) == sum(one["ongoing"] for one in found)


def test_a_gap_that_ended_later_has_the_id_of_its_end(directory):
    to = ("--to", at("00:05:00"))
    (gap,) = [one for one in exceptions(directory, *to, "--kind", "gap") if not one["ongoing"]]
    assert (gap["id"], gap["kinds"], gap["state"]) == (f"{ORIGIN}#21", ["gap"], "open")
    assert (gap["time"], gap["detail"]) == (at("00:10:00"), "595.000 s, stopped")
    assert gap in exceptions(directory, *to)
    taken = run("acknowledge", directory, str(gap["id"]), "--owner", "a", "--ticket", "SEC-1")
    assert taken.exit_code == 0, taken.output
    assert [one["id"] for one in exceptions(directory, *to, "--state", "acknowledged")] == [gap["id"]]


def test_each_log_is_read_once(directory, monkeypatch):
    read = []

    def counted(reader):
        read.append(reader)
        return entries(reader)

    monkeypatch.setattr(reading, "entries", counted)
    assert exceptions(directory, "--to", at("23:00:00"))
    assert len(read) == 2


async def test_time_that_is_to_come_is_no_gap(tmp_path):
    to = ("--to", "9999-12-31")
    log = await open_log(tmp_path / "audit", clock=time.time_ns)
    beat = {"interval": 3600.0, "config_digest": "", "requests_started": 0, "requests_finished": 0}
    await log.commit(run_records.heartbeat(**beat, requests_ended={}))
    shutil.copytree(tmp_path / "audit", tmp_path / "alive")
    await log.close()
    assert not any(one["ongoing"] for one in exceptions(tmp_path / "alive", *to))
    (stopped,) = [one for one in exceptions(tmp_path / "audit", *to) if one["ongoing"]]
    seconds, reason = stopped["detail"].split(" s so far, ")
    assert (float(seconds) < 86_400, reason) == (True, "stopped")


def test_exceptions_as_a_table(directory):
    lines = run("exceptions", directory).output.splitlines()
    assert lines[0] == "# 5 exceptions"
    assert lines[1].split("\t")[:4] == ["id", "time", "kinds", "state"]
    assert lines[2].split("\t")[2:4] == ["bypass inspection_failed", "open"]


def test_on_a_terminal(directory, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    for command in ("reconcile", "exceptions"):
        result = run(command, directory)
        assert result.exit_code == 0
        assert "━" in result.output


def test_sample(directory, tmp_path):
    out = tmp_path / "sample"
    result = run(
        "sample", directory, "--size", 4, "--seed", "dice 1 2", "--stratify", "route,decision", "--out", out
    )
    assert result.exit_code == 0, result.output
    assert "4 of 16 requests chosen" in result.output
    assert (out / "VERIFY.md").is_file()
    again = run("sample", directory, "--size", 4, "--seed", "dice 1 2", "--out", out)
    assert again.exit_code == 3
    assert "is not empty" in again.output
    wrong = run("sample", directory, "--size", 4, "--seed", "a", "--stratify", "colour", "--out", out)
    assert wrong.exit_code == 2


@pytest.mark.parametrize("command", ["", "reconcile", "exceptions", "acknowledge", "sample"])
def test_help_has_examples_or_exit_codes(command):
    result = run(*([command] if command else []), "--help")
    assert result.exit_code == 0
    assert "Example" in result.output or "Exit codes" in result.output


@pytest.mark.parametrize("command", ["exceptions", "canaries", "read-backs", "access", "reconcile"])
def test_a_period_that_ends_before_it_begins_is_refused(directory, command):
    result = run(command, directory, "--from", "2031-05-05", "--to", "2031-05-04")
    assert result.exit_code == 2
    assert "--to is before --from" in result.stderr
    assert not result.stdout


@pytest.mark.parametrize("time", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"])
def test_a_time_beyond_the_calendar_is_a_usage_error(directory, time):
    result = run("exceptions", directory, "--from", time)
    assert result.exit_code == 2
    assert "is neither a date" in result.stderr


@pytest.mark.parametrize("command", ["exceptions", "canaries", "read-backs"])
def test_an_empty_list_of_a_period_without_a_record_says_how_far_the_logs_reach(directory, command):
    result = run(command, directory, "--from", "2062-05-04", "--to", "2062-05-05")
    said = f"no records in this period; they go from {at('00:00:00')} to {at('00:00:05')}"
    assert f"note: {OTHER}: {said}\n" in result.stderr
    assert "no records in this period" not in run(command, directory).stderr


@pytest.mark.parametrize("command", [("reconcile",), ("exceptions",), ("report", "--out", "pack")])
def test_a_copy_beside_its_log_is_not_counted_with_it(directory, command):
    name, *options = command
    shutil.copytree(folder_of(directory), directory / "before-the-upgrade")
    result = run(name, directory, *options)
    assert result.exit_code == 2
    assert (
        f"before-the-upgrade and {folder_of(directory).name} are both logs of the origin {ORIGIN}"
        in result.stderr
    )
    assert run("reconcile", folder_of(directory)).exit_code == 0
