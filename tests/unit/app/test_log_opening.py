"""Opening the log: only a worker waits, only for the log's holder, and no longer than that may take."""

from __future__ import annotations

import asyncio
import io
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shield.app import log_opening
from shield.app.hosting import Hosting, Seams
from shield.app.log_opening import open_log
from shield.app.parts import Parts, first_parts
from shield.audit.files import OsFiles
from shield.audit.keys import digest_key_path, folder_name
from shield.audit.tiles import CHECKPOINT_PATH
from shield.config.loader import load
from shield.errors import AuditCorruptError, AuditUnavailableError
from tests.unit.app.test_checking import write

WORKER = Hosting(part=lambda settings: settings, known={}, site=lambda *_: NotImplemented, labels={})


class Counting(OsFiles):
    """The real files, counting how often the log was tried."""

    def __init__(self) -> None:
        self.tries = 0

    def lock(self, fd: int) -> None:
        self.tries += 1
        super().lock(fd)


@pytest.fixture
def lines() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def parts(tmp_path: Path, lines: io.StringIO) -> Parts:
    settings = load(write(tmp_path), {}).settings
    return first_parts(settings, Seams(log_stream=lines), None)


def seams(files: Any) -> Seams:
    return Seams(log_stream=io.StringIO(), audit_files=files)


async def test_it_tells_of_its_commits_and_heads(parts: Parts) -> None:
    log = await open_log(parts, seams(None), build="0.1.0")
    await log.checkpoint()
    assert parts.registry.get_sample_value("shield_audit_signed_size") == log.signed_size > 0
    await log.close()


async def test_it_tells_of_a_log_that_is_gone_while_its_keys_are_not(parts: Parts) -> None:
    said: list[float | None] = []
    for _ in range(3):
        log = await open_log(parts, seams(None), build="0.1.0")
        said.append(parts.registry.get_sample_value("shield_audit_log_begun_anew"))
        await log.close()
        if len(said) == 2:
            shutil.rmtree(log.folder)
    assert said == [0, 0, 1]
    assert log.lost_digest_key is None


async def test_a_first_start_that_was_cut_short_is_no_log_begun_anew(parts: Parts) -> None:
    log = await open_log(parts, seams(None), build="0.1.0")
    await log.close()
    (log.folder / CHECKPOINT_PATH).unlink()  # it is written last
    log = await open_log(parts, seams(None), build="0.1.0")
    await log.close()
    assert not log.begun_anew


async def test_it_tells_of_a_digest_key_that_is_gone(parts: Parts) -> None:
    said: list[float | None] = []
    for _ in range(2):
        log = await open_log(parts, seams(None), build="0.1.0")
        said.append(parts.registry.get_sample_value("shield_audit_digest_key_lost"))
        await log.close()
        digest_key_path(log.settings.directory, log.origin, log.digest_period).unlink()
    assert said == [0, 1]


async def test_who_does_not_wait_is_refused_at_once(parts: Parts) -> None:
    held = await open_log(parts, seams(None), build="0.1.0")
    files = Counting()
    with pytest.raises(AuditUnavailableError, match="another process"):
        await open_log(parts, seams(files), build="0.1.0")
    assert files.tries == 1
    await held.close()


async def test_a_worker_waits_for_the_one_before_it(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, lines: io.StringIO
) -> None:
    monkeypatch.setattr(log_opening, "LOCK_RETRY", 0.001)
    held = await open_log(parts, seams(None), build="0.1.0")
    files = Counting()
    opening = asyncio.create_task(open_log(parts, seams(files), build="0.1.0", hosting=WORKER))
    while files.tries < 3:
        await asyncio.sleep(0)
    assert not opening.done()
    # Said once and at once: whoever started a second instance need not wait until the time runs out.
    (line,) = [json.loads(it) for it in lines.getvalue().splitlines() if "audit_log_in_use" in it]
    assert (line["origin"], line["waits_s"]) == (
        parts.settings.audit.origin,
        parts.settings.server.drain_timeout + log_opening.LOCK_MARGIN,
    )
    assert "stop one of the two" in line["detail"]
    await held.close()
    log = await opening
    assert log.size > held.size  # it continues where that one ended
    await log.close()


async def test_a_worker_s_patience_ends(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_opening, "LOCK_MARGIN", -parts.settings.server.drain_timeout)
    held = await open_log(parts, seams(None), build="0.1.0")
    files = Counting()
    with pytest.raises(AuditUnavailableError, match="another process"):
        await open_log(parts, seams(files), build="0.1.0", hosting=WORKER)
    assert files.tries == 1
    await held.close()


async def test_a_damaged_log_is_not_waited_for(parts: Parts) -> None:
    log = await open_log(parts, seams(None), build="0.1.0")
    await log.close()
    folder = parts.settings.audit.directory / folder_name(parts.settings.audit.origin)
    (folder / "checkpoint").write_bytes(b"no checkpoint\n")
    files = Counting()
    with pytest.raises(AuditCorruptError):
        await open_log(parts, seams(files), build="0.1.0", hosting=WORKER)
    assert files.tries == 1


async def test_a_log_that_was_open_is_not_begun_anew_in_an_empty_folder(parts: Parts) -> None:
    again = replace(WORKER, had_log=True)
    with pytest.raises(AuditUnavailableError, match="no longer in its folder"):
        await open_log(parts, seams(None), build="0.1.0", hosting=again)
    assert not parts.settings.audit.directory.exists()
    await (await open_log(parts, seams(None), build="0.1.0", hosting=WORKER)).close()
    await (await open_log(parts, seams(None), build="0.1.0", hosting=again)).close()
