"""The key and the checkpoint that a log is verified against."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from shield.audit.checkpoint import SignedCheckpoint, VerifierKey
from shield.audit.files import FolderReader
from shield.audit.signed_head import SignedHead
from tests.unit.audit.logs import folder_of, intent, key_of, open_log

OTHER = "shield.example/another"


async def write(directory: Path, **options: str) -> Path:
    log = await open_log(directory, **options)
    log.append(intent(1))
    await log.close()
    return folder_of(directory, *options.values())


def head_of(
    folder: Path, *, given: VerifierKey | None = None, since: SignedCheckpoint | None = None
) -> tuple[SignedHead, list[tuple[int | None, str, str]]]:
    found: list[tuple[int | None, str, str]] = []
    head = SignedHead(lambda *problem: found.append(problem), FolderReader(folder), given=given, since=since)
    return head, found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return asyncio.run(write(tmp_path))


def test_a_log_s_own_key_and_checkpoint_are_read(folder: Path, tmp_path: Path) -> None:
    head, problems = head_of(folder)
    assert problems == []
    assert head._key_at(head.size) == key_of(tmp_path)
    assert head.signed is not None
    assert head.size == head.signed.checkpoint.size > 0


def test_a_key_from_elsewhere_is_not_exchanged_for_the_log_s_own(folder: Path, tmp_path: Path) -> None:
    asyncio.run(write(tmp_path / "other", origin=OTHER))
    given = key_of(tmp_path / "other", OTHER)
    head, problems = head_of(folder, given=given)
    assert (None, "vkey", "it is not the key that you gave") in problems
    assert head.history is not None
    assert head.history.keys == (given,)


@pytest.mark.parametrize("missing", ["vkey", "checkpoint"])
def test_what_is_missing_is_said(folder: Path, missing: str) -> None:
    (folder / missing).unlink()
    said = [(file, what.partition(",")[0]) for _, file, what in head_of(folder)[1]]
    assert said == [(missing, "it is missing")]


def test_a_head_that_this_key_did_not_sign_is_no_kept_one(folder: Path, tmp_path: Path) -> None:
    other = asyncio.run(write(tmp_path / "other", origin=OTHER))
    since = SignedCheckpoint.parse((other / "checkpoint").read_bytes())
    assert [file for _, file, _ in head_of(folder, since=since)[1]] == ["the kept checkpoint"]


def test_a_record_that_names_a_later_head_is_held_to_the_one_of_now(folder: Path) -> None:
    head, problems = head_of(folder)
    head.check_later([])
    head.check_later([(5, head.size, "wal")])
    assert problems == []
    head.check_later([(5, head.size + 1, "wal")])
    assert problems == [
        (5, "wal", f"it names a checkpoint of size {head.size + 1}, which this log never had")
    ]
