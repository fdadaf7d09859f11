"""Every command over a log records its use, or says that it could not."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from shield.cli.main import cli
from shield.evidence.access import Access, Actor, Demand, record_access
from tests.unit.audit.logs import ORIGIN, folder_of
from tests.unit.evidence.stories import Story, tell


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("SHIELD_ACCESS")

    async def write() -> None:
        await tell(tmp_path / "audit", lambda story: story.request(), Story.bypass)
        start = Access("serve.start")
        await record_access(tmp_path / "audit", [ORIGIN], Actor("shield", 1), start, demand=Demand.REQUIRED)

    asyncio.run(write())
    return tmp_path / "audit"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [*map(str, arguments)], prog_name="shield")


def accesses(directory: Path) -> list[dict[str, object]]:
    listed = run("evidence", "access", directory, "--json", "--access", "off")
    return [json.loads(line) for line in listed.stdout.splitlines()]


COMMANDS: dict[str, Callable[[Path], tuple[object, ...]]] = {
    "audit.verify": lambda d: ("audit", "verify", d),
    "audit.show": lambda d: ("audit", "show", d, "--route", "tickets"),
    "audit.prove": lambda d: ("audit", "prove", folder_of(d), 0),
    "evidence.reconcile": lambda d: ("evidence", "reconcile", d),
    "evidence.exceptions": lambda d: ("evidence", "exceptions", d),
    "evidence.sample": lambda d: (
        *("evidence", "sample", d, "--size", 1, "--seed", "dice", "--out", d.parent / "sample"),
    ),
    "evidence.report": lambda d: ("evidence", "report", d, "--no-pdf", "--out", d.parent / "report"),
    "evidence.canaries": lambda d: ("evidence", "canaries", d),
    "evidence.access": lambda d: ("evidence", "access", d),
    "diff": lambda d: ("diff", d),
    "export": lambda d: ("export", d, "--jsonl", d.parent / "events.jsonl"),
    "keys.show": lambda d: ("keys", "show", d),
    "evidence.acknowledge": lambda d: (
        *("evidence", "acknowledge", d, f"{ORIGIN}#4", "--owner", "a", "--ticket", "OPS-1"),
    ),
}


@pytest.mark.parametrize("action", COMMANDS)
def test_every_command_is_recorded_with_the_name_given(directory: Path, action: str) -> None:
    result = run(*COMMANDS[action](directory), "--as", "Maria Example")
    assert result.exit_code == 0, result.output
    assert "not recorded" not in result.stderr
    last = accesses(directory)[-1]
    assert (last["action"], last["name"], last["via"], last["log"]) == (
        action,
        "Maria Example",
        "cli",
        ORIGIN,
    )


@pytest.mark.parametrize("action", COMMANDS)
def test_a_copy_is_read_all_the_same_and_it_is_said(directory: Path, tmp_path: Path, action: str) -> None:
    copy = tmp_path / "elsewhere" / "audit"
    shutil.copytree(directory, copy, ignore=shutil.ignore_patterns("keys", "*access"))
    result = run(*COMMANDS[action](copy))
    assert result.exit_code == 0, result.output
    assert (
        "note: this access is not recorded: this folder is a copy, not where the log is written"
        in result.stderr
    )
    assert not list(copy.glob("*access"))


ORDERS: dict[str, tuple[tuple[object, ...], int, dict[str, list[str]]]] = {
    "keys.rotate": (("keys", "rotate"), 0, {}),
    "keys.destroy": (("keys", "destroy", "1999-01"), 1, {"period": ["1999-01"]}),
    "audit.prune": (
        ("audit", "prune", "--before", "2031-01-01", "--policy", "contract"),
        0,
        {"before": ["2031-01-01T00:00:00.000000Z"]},
    ),
    "audit.hold": (("audit", "hold", "case-17", "--reason", "litigation"), 0, {"name": ["case-17"]}),
    "audit.release": (
        ("audit", "hold", "case-17", "--reason", "settled", "--release"),
        1,
        {"name": ["case-17"]},
    ),
}


@pytest.mark.parametrize("action", ORDERS)
def test_who_ordered_something_is_recorded_also_where_it_was_refused(directory: Path, action: str) -> None:
    words, code, filters = ORDERS[action]
    arguments = (*words, directory, "--origin", ORIGIN, "--approver", "legal", "--as", "Maria Example")
    result = run(*arguments)
    assert result.exit_code == code, result.output
    last = accesses(directory)[-1]
    assert (last["action"], last["name"], last["filters"], last["log"]) == (
        action,
        "Maria Example",
        filters,
        ORIGIN,
    )


def test_an_order_that_must_be_recorded_and_cannot_be_is_not_carried_out(directory: Path) -> None:
    copy = directory.parent / "copy"
    shutil.copytree(directory, copy, ignore=shutil.ignore_patterns("keys", "*access"))
    (copy / "keys").write_text("")
    result = run("audit", "hold", "case-17", copy, "--reason", "x", "--approver", "a", "--access", "required")
    assert result.exit_code == 3
    assert not (folder_of(copy) / "holds").exists()


def test_a_demanded_record_that_cannot_be_made_shows_nothing(directory: Path) -> None:
    shutil.rmtree(directory / "keys")
    result = run("audit", "show", directory, "--access", "required")
    assert result.exit_code == 3
    assert result.stdout == ""
    assert "evidence_unavailable: this access cannot be recorded" in result.stderr


def test_the_list_is_by_action_and_period(directory: Path) -> None:
    run("audit", "show", directory)
    run("evidence", "exceptions", directory, "--kind", "gap")
    shown = run("evidence", "access", directory, "--action", "audit", "--access", "off").stdout
    assert shown.splitlines()[0] == "# 1 accesses"
    listed = run("evidence", "access", directory, "--action", "evidence.exceptions", "--access", "off").stdout
    assert listed.splitlines()[2].endswith("\tkind=gap")
    none = run("evidence", "access", directory, "--to", "2020-01-01", "--access", "off").stdout
    assert none.splitlines()[0] == "# 0 accesses"


def test_reconcile_leaves_the_access_log_out(directory: Path) -> None:
    result = run("evidence", "reconcile", directory, "--json")
    assert [log["origin"] for log in json.loads(result.stdout)["logs"]] == [ORIGIN]
