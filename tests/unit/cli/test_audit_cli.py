from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from shield.audit import exchange_records
from shield.audit.exchange_records import Facts
from shield.audit.log import AuditLog
from shield.cli.audit import audit
from tests.unit.audit.logs import folder_of, intent, key_of, open_log, outcome, placed


async def _make(directory: Path) -> None:
    for worker in range(2):
        log: AuditLog = await open_log(directory, origin=f"shield.example/worker-{worker}", seed=worker)
        for number in range(4):
            route = ("tickets", "contacts")[number % 2]
            kind = ("PERSON", "US_SSN")[number % 2]
            index = log.append(intent(number, [placed(kind)], route=route))
            log.append(outcome(index, number))
        log.append(
            exchange_records.reject(
                Facts(request_id="r", method="GET"), None, code="route_not_found", status=404
            )
        )
        log.append(intent(9, route="contacts"))
        await log.checkpoint()
        await log.close()


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("cli")
    asyncio.run(_make(directory))
    return directory


@pytest.fixture
def directory(good, tmp_path) -> Path:
    shutil.copytree(good, tmp_path / "audit")
    return tmp_path / "audit"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(audit, [str(argument) for argument in arguments])


def tamper(directory: Path) -> None:
    path = folder_of(directory) / "tile/entries/000.p/14"
    path.write_bytes(path.read_bytes().replace(b"contacts", b"cantacts", 1))


def test_verify_says_what_it_found(directory):
    result = run("verify", directory)
    assert result.exit_code == 0
    lines = dict(line.split(": ", 1) for line in result.output.splitlines())
    assert lines["result"] == "verified"
    assert lines["records"] == "14 (14 signed)"
    assert lines["open intents"] == "1: 11"
    assert result.output.count("origin: shield.example/worker-") == 2


def test_verify_one_log_with_its_key(directory):
    folder = folder_of(directory)
    assert run("verify", folder, "--key", key_of(directory).vkey).exit_code == 0
    assert run("verify", folder, "--key", folder / "vkey").exit_code == 0
    result = run("verify", folder, "--key", key_of(directory, "shield.example/worker-1").vkey)
    assert result.exit_code == 2
    assert "no log of the origin" in result.output


def test_verify_fails_with_1_and_names_the_record(directory):
    tamper(directory)
    result = run("verify", directory)
    assert result.exit_code == 1
    assert "NOT VERIFIED" in result.output
    assert "record 4" in result.output


def test_verify_as_json(directory):
    tamper(directory)
    result = run("verify", directory, "--json")
    assert result.exit_code == 1
    reports = [json.loads(line) for line in result.output.splitlines()]
    assert [report["ok"] for report in reports] == [False, True]
    assert reports[0]["problems"][0]["index"] == 4
    assert reports[1]["kinds"]["intent"] == 5


def test_verify_since_a_kept_checkpoint(directory, tmp_path):
    kept = tmp_path / "kept"
    shutil.copy(folder_of(directory) / "checkpoint", kept)
    assert run("verify", directory, "--since", kept).exit_code == 0
    kept.write_text("nothing")
    assert run("verify", directory, "--since", kept).exit_code == 2


def test_two_checkpoints_of_one_log_are_not_taken_for_one(directory, tmp_path):
    folder, other = folder_of(directory), folder_of(directory, "shield.example/worker-1")
    mine, earlier = tmp_path / "mine", tmp_path / "earlier"
    shutil.copy(folder / "checkpoint", mine)
    shutil.copy(folder / "checkpoint", earlier)
    earlier.write_bytes(earlier.read_bytes().replace(b"\n14\n", b"\n13\n"))
    assert run("verify", directory, "--since", mine, "--since", mine).exit_code == 0
    result = run("verify", directory, "--since", mine, "--since", earlier)
    assert result.exit_code == 2
    assert "--since: given twice for the origin" in result.output
    assert run("verify", directory, "--key", folder / "vkey", "--key", other / "vkey").exit_code == 0


@pytest.mark.parametrize("command", [["verify"], ["show"], ["prove", "0"]])
def test_a_folder_without_a_log_is_unreadable(tmp_path, command):
    result = run(command[0], tmp_path, *command[1:])
    assert result.exit_code == 2
    assert "no audit log" in result.output


@pytest.mark.parametrize("name", ["checkpoint", "vkey", "tile/entries/000.p/14"])
def test_a_pipe_in_a_log_is_named_and_not_waited_for(directory, name):
    file = folder_of(directory) / name
    file.unlink()
    os.mkfifo(file)
    result = run("verify", directory)
    assert result.exit_code == 2
    assert f"{name}: Not a regular file" in result.output


@pytest.mark.parametrize(
    ("arguments", "rows"),
    [
        ([], 14),
        (["--route", "tickets"], 4),
        (["--route", "contacts"], 5),
        (["--entity", "US_SSN"], 2),
        (["--route", "tickets", "--entity", "US_SSN"], 0),
        (["--from", "2030-03-17T17:46:40.009Z"], 7),
        (["--to", "2030-03-17T17:46:40.009+00:00"], 8),
        (["--from", "2030-03-17", "--to", "2030-03-17"], 14),
        (["--from", "2030-03-18"], 0),
        (["--from", "20300317", "--to", "20300317"], 14),
        (["--from", "2030-W11-7", "--to", "2030W117"], 14),
        (["--to", "2030-03-17T19:46:40+02:00"], 0),
    ],
)
def test_show_filters(directory, arguments, rows):
    plain = run("show", folder_of(directory), *arguments)
    assert plain.exit_code == 0
    assert plain.stdout.splitlines()[0].startswith("index\ttime\tkind")
    assert len(plain.stdout.splitlines()) == rows + 1
    as_json = run("show", folder_of(directory), "--json", *arguments)
    records = [json.loads(line) for line in as_json.stdout.splitlines()]
    assert len(records) == rows
    assert {found["origin"] for found in records} <= {"shield.example/worker-0"}


def test_show_of_several_logs_says_which(directory):
    assert "# shield.example/worker-1" in run("show", directory).output
    origins = [json.loads(line)["origin"] for line in run("show", directory, "--json").output.splitlines()]
    assert set(origins) == {"shield.example/worker-0", "shield.example/worker-1"}


def test_show_on_a_terminal(directory, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    result = run("show", folder_of(directory))
    assert "US_SSN:1" in result.output
    assert "reject route_not_found" in result.output
    verified = run("verify", folder_of(directory))
    assert verified.exit_code == 0
    assert "verified" in verified.output


def test_show_goes_on_past_what_is_no_record(directory):
    path = folder_of(directory) / "tile/entries/000.p/14"
    path.write_bytes(path.read_bytes().replace(b'{"version"', b'["version"'))
    shutil.rmtree(folder_of(directory) / "wal")
    assert "unreadable" in run("show", folder_of(directory)).output


def test_a_bad_time_is_wrong_usage(directory):
    result = run("show", directory, "--from", "yesterday")
    assert result.exit_code == 2
    assert "2031-05-04" in result.output


def test_a_proof_is_written_and_verified(directory, tmp_path):
    path = tmp_path / "3.tlog-proof"
    assert run("prove", folder_of(directory), 3, "-o", path).exit_code == 0
    assert run("prove", folder_of(directory), 3).output == path.read_text()
    result = run("verify-proof", path, "--key", key_of(directory).vkey)
    assert result.exit_code == 0
    assert '"index":3,' in result.output
    assert "verified: record 3" in result.output
    other = run("verify-proof", path, "--key", key_of(directory, "shield.example/worker-1").vkey)
    assert other.exit_code == 1
    path.write_text(path.read_text().replace("index 3", "index 2"))
    assert run("verify-proof", path, "--key", key_of(directory).vkey).exit_code == 1
    path.write_text("nothing")
    assert run("verify-proof", path, "--key", key_of(directory).vkey).exit_code == 2


@pytest.mark.parametrize("arguments", [["prove", "FOLDER", "99"], ["prove", "PARENT", "0"]])
def test_what_cannot_be_proved(directory, arguments):
    places = {"FOLDER": folder_of(directory), "PARENT": directory}
    result = run(*(places.get(argument, argument) for argument in arguments))
    assert result.exit_code == 2


@pytest.mark.parametrize("key", ["nowhere", "a+b", "a+00000000+AAAA"])
def test_a_bad_key_is_unreadable(directory, key):
    assert run("verify", directory, "--key", key).exit_code == 2


@pytest.mark.parametrize("command", ["", "verify", "show", "prove", "verify-proof"])
def test_help_has_examples_or_exit_codes(command):
    result = run(*([command] if command else []), "--help")
    assert result.exit_code == 0
    assert "\\b" not in result.output
    assert re.search(r"^  (Examples?|Exit codes):$", result.output, re.MULTILINE)  # kept as it was laid out
