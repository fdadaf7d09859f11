"""The command `shield evidence read-backs`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from shield.cli.main import cli
from tests.unit.audit.logs import ORIGIN
from tests.unit.evidence.stories import Story, at, tell


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    def acts(story: Story) -> None:
        story.wall.set("01:00:00")
        story.read_back("match")
        story.read_back("unreadable", "storage_failed")
        story.read_back("skipped", "no_room", route="contacts")
        story.wall.set("02:00:00")
        story.read_back("mismatch", "unredacted", differing=["$.a"], unredacted={"PERSON": 1})
        story.read_back("not_found", "not_found", route="contacts")

    asyncio.run(tell(tmp_path, acts))
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["evidence", "read-backs", *map(str, arguments)], prog_name="shield")


def test_what_matched_is_a_list_and_a_sum(directory: Path) -> None:
    result = run(directory, "--to", at("01:00:00"))
    assert result.exit_code == 0
    title, header, first, second, _ = result.output.splitlines()
    assert title == "# 3 writes read back: match 1, skipped 1, unreadable 1"
    assert header.split("\t")[:5] == ["id", "time", "route", "write", "result"]
    assert first.split("\t")[2:] == ["tickets", "#2", "match", "", "2", "3", "0", "0", ""]
    assert "storage_failed" in second


def test_what_storage_does_not_hold_is_exit_code_1(directory: Path) -> None:
    result = run(directory, "--json", "--from", at("02:00:00"))
    assert result.exit_code == 1
    found = [json.loads(line) for line in result.output.splitlines()]
    assert [it["result"] for it in found] == ["mismatch", "not_found"]
    assert found[0]["id"].startswith(f"{ORIGIN}#")
    assert "1 $.a\t0\tPERSON 1" in run(directory, "--result", "mismatch").output
    assert run(directory, "--route", "contacts").exit_code == 1
    assert run(directory, "--result", "match").exit_code == 0
