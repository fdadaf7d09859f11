"""Nothing reads the local time: summer time moves no record, period, table or line."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from shield.cli.main import cli
from shield.evidence.reading import microseconds
from shield.telemetry.logging import Stamps
from tests.unit.cli.test_evidence_cli import acts
from tests.unit.evidence.stories import DAY, at, tell

UTC = "UTC0"
JUMPS = "EST5EDT,J124/0:00:03,J300"
"""Five hours behind, and an hour ahead from 3 s into the fourth of May, the day of the log (POSIX)."""
EAST = "NZST-13:45"


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("zones")
    asyncio.run(tell(folder, acts))
    return folder


@pytest.fixture(params=[JUMPS, EAST])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    yield request.param
    monkeypatch.undo()
    time.tzset()


def move_to(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()


def said(directory: Path, out: Path) -> dict[str, str]:
    """What the commands print and write of the log."""
    period = ("--from", DAY[:-1], "--to", at("00:00:04"))
    commands = {
        "exceptions": ("exceptions", directory, "--json", *period),
        "reconcile": ("reconcile", directory, "--json", *period),
        "report": ("report", directory, "--out", out, "--seed", "s", "--no-pdf", *period),
    }
    found = {}
    for name, arguments in commands.items():
        result = CliRunner().invoke(cli, ["evidence", *map(str, arguments)], prog_name="shield")
        assert result.exit_code == 0, result.output
        found[name] = result.stdout.replace(str(out), "OUT")
    for file in sorted(out.rglob("*.csv")):
        found[file.name] = file.read_text(encoding="utf-8")
    return found


def test_the_commands_say_the_same_everywhere(
    directory: Path, tmp_path: Path, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    move_to(monkeypatch, UTC)
    there = said(directory, tmp_path / "there")
    move_to(monkeypatch, zone)
    assert time.localtime().tm_zone not in ("UTC", "GMT")  # noqa: TID251  it is what is moved
    here = said(directory, tmp_path / "here")
    assert at("00:00:03") in there["exceptions"] + there["reconcile"] + "".join(there.values())
    assert len(there) > 3
    assert here == there


def test_lines_of_the_log_go_on_by_the_time_of_the_world(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    move_to(monkeypatch, zone)
    moment = microseconds(at("00:00:02")) * 1000
    assert [Stamps(partial(int, now))() for now in (moment, moment + 10**9)] == [
        at("00:00:02"),
        at("00:00:03"),
    ]
