"""The command `shield evidence canaries`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from shield.audit import about
from shield.cli.main import cli
from tests.unit.audit.logs import ORIGIN, basis
from tests.unit.evidence.stories import Story, at, tell


def told(result: str, clock: str, route: str = "tickets", failed: tuple[str, ...] = (), reason: str = ""):
    def act(story: Story) -> None:
        story.wall.set(clock)
        story.log.append(
            about.canary(
                basis=basis(route=route),
                config_digest="sha256:c",
                build="0.1.0",
                media_type="application/json",
                result=result,
                reason=reason,
                languages=["en"],
                entities={"US_SSN": 4},
                checks=4,
                failed=failed,
                exempt=0,
                uncovered=["BIN"],
                requests=[],
            )
        )

    return act


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    acts = (
        told("passed", "01:00:00"),
        told("passed", "02:00:00", route="contacts"),
        told("failed", "03:00:00", failed=("US_SSN/en/spoken",)),
        told("error", "04:00:00", reason="saturated"),
    )
    asyncio.run(tell(tmp_path, *acts))
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["evidence", *map(str, arguments)], prog_name="shield")


def test_what_passed_is_a_list_and_a_sum(directory):
    result = run("canaries", directory, "--to", at("02:00:00"))
    assert result.exit_code == 0
    title, header, first, second = result.output.splitlines()
    assert title == "# 2 runs, 8 checks: passed 2"
    assert header.split("\t")[:5] == ["id", "time", "route", "policy", "result"]
    assert first.split("\t")[2:9] == ["tickets", "default", "passed", "4", "", "0", "BIN"]
    assert "contacts" in second


def test_what_failed_is_exit_code_1(directory):
    result = run("canaries", directory, "--json", "--route", "tickets")
    assert result.exit_code == 1
    assert [json.loads(line)["result"] for line in result.output.splitlines()] == [
        "passed",
        "failed",
        "error",
    ]
    assert run("canaries", directory, "--result", "passed").exit_code == 0


def test_failures_are_exceptions(directory):
    result = run("exceptions", directory, "--kind", "canary_failed", "--json")
    found = [json.loads(line) for line in result.output.splitlines()]
    said = [str(one["detail"]).partition(";")[0] for one in found]
    assert said == ["1 of 4: US_SSN/en/spoken", "could not be run: saturated"]
    assert all(one["id"].startswith(ORIGIN) and one["route"] == "tickets" for one in found)
