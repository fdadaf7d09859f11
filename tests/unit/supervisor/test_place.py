"""The place of an instance: one at a time, free once its holder ends, and never in the way of a start."""

from __future__ import annotations

import errno
import io
import json
import os
from pathlib import Path

import pytest

from shield.audit.files import OsFiles
from shield.config.settings import LogFormat, LoggingSettings
from shield.config.settings_audit import AuditSettings
from shield.errors import AuditUnavailableError
from shield.supervisor.place import PATIENCE, Place
from shield.telemetry.logging import configure

ORIGIN = "shield.example/site"


class Stage:
    """Places in one folder; `waited` is how long their tries waited, `during` is called meanwhile."""

    def __init__(self, folder: Path) -> None:
        self.audit = AuditSettings(folder, ORIGIN)
        self.lines = io.StringIO()
        self.waited = 0.0
        self.during = lambda: None

    async def sleep(self, seconds: float) -> None:
        self.waited += seconds
        self.during()

    def place(self, audit: AuditSettings | None = None, files: OsFiles | None = None) -> Place:
        logger = configure(LoggingSettings("info", LogFormat.JSON), self.lines)
        return Place(audit or self.audit, logger, files=files, sleep=self.sleep)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "audit")


async def test_a_second_instance_gives_up_after_some_seconds_and_says_at_once_why(stage: Stage) -> None:
    first = stage.place()
    await first.take()
    with pytest.raises(AuditUnavailableError, match=f"another instance serves with the origin {ORIGIN}"):
        await stage.place().take()
    assert stage.waited == pytest.approx(PATIENCE, abs=0.2)
    (line,) = map(json.loads, stage.lines.getvalue().splitlines())
    assert (line["event"], line["origin"], line["waits_s"]) == ("audit_log_in_use", ORIGIN, PATIENCE)
    first.leave()


async def test_one_that_lets_go_meanwhile_is_followed(stage: Stage) -> None:
    first, second = stage.place(), stage.place()
    await first.take()
    stage.during = first.leave
    await second.take()
    with pytest.raises(AuditUnavailableError):
        await stage.place().take()
    second.leave()
    second.leave()  # safe at any time


async def test_another_origin_in_the_same_folder_is_another_place(stage: Stage, tmp_path: Path) -> None:
    first, other = stage.place(), stage.place(AuditSettings(tmp_path / "audit", "shield.example/other"))
    await first.take()
    await other.take()
    assert stage.waited == 0
    first.leave()
    other.leave()


async def test_the_process_that_holds_it_hands_it_to_no_child(stage: Stage) -> None:
    first = stage.place()
    await first.take()
    if os.fork() == 0:
        os.execv("/bin/true", ["true"])  # noqa: S606  a descriptor that is inherited would outlive the holder
    os.wait()
    first.leave()
    await stage.place().take()
    assert stage.waited == 0


async def test_a_folder_that_takes_no_lock_is_left_to_the_logs(stage: Stage, tmp_path: Path) -> None:
    class Full(OsFiles):
        def open(self, path: Path, flags: int, mode: int) -> int:
            raise OSError(errno.ENOSPC, "no space", str(path))

    await stage.place(files=Full()).take()
    (tmp_path / "audit").rmdir()
    (tmp_path / "audit").write_bytes(b"")  # no folder
    await stage.place().take()
    assert stage.lines.getvalue() == ""
