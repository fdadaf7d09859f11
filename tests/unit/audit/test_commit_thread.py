"""The commit thread: what a commit waits for, which commits share a sync, and when a head is signed."""

from __future__ import annotations

import asyncio
import json
import threading

import pytest

from shield.audit.files import OsFiles
from shield.audit.verify import verify_log
from shield.audit.wal import read_frames
from shield.errors import AuditUnavailableError

from .logs import (
    intent,
    kinds_of,
    open_log,
    reader_of,
)


async def test_commits_are_durable_when_they_return(tmp_path):
    log = await open_log(tmp_path / "log")
    for number in range(40):
        index = await log.commit(intent(number))
        assert [frame.record for frame in read_frames(reader_of(tmp_path / "log"))][-1] >= index
    await log.close()


async def test_an_entry_is_durable_when_its_bytes_return(tmp_path):
    class Gated(OsFiles):
        def __init__(self) -> None:
            self.syncing, self.go_on = threading.Event(), threading.Event()
            self.go_on.set()

        def fdatasync(self, fd: int) -> None:
            self.syncing.set()
            self.go_on.wait(60)
            super().fdatasync(fd)

    files = Gated()
    log = await open_log(tmp_path / "log", files=files)
    await log.checkpoint()
    files.syncing.clear()
    files.go_on.clear()
    task = asyncio.create_task(log.commit_entry(intent(7)))
    assert await asyncio.to_thread(files.syncing.wait, 60)
    try:
        assert not task.done()
    finally:
        files.go_on.set()
    assert json.loads(await task)["request_id"] == "request-7"
    await log.close()


async def test_what_was_appended_can_be_waited_for(tmp_path):
    log = await open_log(tmp_path / "log", commit_interval=1.0)
    await log.written()
    for number in range(40):
        log.append(intent(number))
    await log.written()
    assert log.backlog == 0
    assert sum(1 for _ in read_frames(reader_of(tmp_path / "log"))) >= 41
    await log.close()


async def test_many_at_once_share_their_syncs(tmp_path):
    class Counting(OsFiles):
        syncs = 0

        def fdatasync(self, fd: int) -> None:
            super().fdatasync(fd)
            self.syncs += 1

    files = Counting()
    log = await open_log(tmp_path, files=files)
    indices = await asyncio.gather(*(log.commit(intent(number)) for number in range(1000)))
    assert sorted(indices) == list(range(2, 1002)) or sorted(indices) == list(range(1, 1001))
    assert files.syncs < 100
    await log.close()


async def test_what_comes_in_one_turn_of_the_loop_is_one_group(tmp_path):
    sizes = []
    log = await open_log(tmp_path, commit_interval=1.0, on_commit=lambda _, size: sizes.append(size))
    await log.commit(intent(0))
    before = log.size
    await asyncio.gather(*(log.commit(intent(number)) for number in range(1, 7)))
    assert sizes[-1] >= before + 6
    assert [size for size in sizes if before < size < before + 6] == []
    await log.close()


async def test_what_was_appended_becomes_durable_by_itself(tmp_path):
    done = asyncio.Event()
    log = await open_log(tmp_path, on_commit=lambda _, size: done.set() if size >= 3 else None)
    log.append(intent(1))
    await asyncio.wait_for(done.wait(), 30)
    assert log.size >= 3
    await log.close()


async def test_checkpoints_are_signed_at_their_interval(tmp_path):
    done = asyncio.Event()
    log = await open_log(
        tmp_path, checkpoint_interval=0.01, on_commit=lambda _, size: done.set() if size == 4 else None
    )
    await log.commit(intent(1))
    await asyncio.wait_for(done.wait(), 30)
    assert log.signed_size == 3
    await log.close()
    kinds = kinds_of(tmp_path)
    assert kinds.count("checkpoint") == 2  # nothing new, nothing signed: a checkpoint does not count as new
    assert verify_log(reader_of(tmp_path)).ok


async def test_who_waits_behind_a_group_that_fails_is_told_as_well(tmp_path):
    class Failing(OsFiles):
        """Once `armed`, a sync fails as soon as it is released."""

        def __init__(self) -> None:
            self.armed = False
            self.reached = threading.Event()
            self.go_on = threading.Event()

        def fdatasync(self, fd: int) -> None:
            if self.armed:
                self.reached.set()
                assert self.go_on.wait(10)
                raise OSError(5, "a disk that fails")
            super().fdatasync(fd)

    files = Failing()
    log = await open_log(tmp_path, files=files)
    await log.written()
    files.armed = True
    first = asyncio.create_task(log.commit(intent(1)))
    assert await asyncio.to_thread(files.reached.wait, 10)
    second = asyncio.create_task(log.commit(intent(2)))  # while the thread is syncing the first
    head = asyncio.create_task(log.checkpoint())
    await asyncio.sleep(0)
    files.go_on.set()
    async with asyncio.timeout(10):
        for waiting in (first, second, head):
            with pytest.raises(AuditUnavailableError):
                await waiting
    with pytest.raises(AuditUnavailableError):
        await log.commit(intent(3))
    await log.close()


async def test_a_cancelled_commit_takes_nothing_back(tmp_path):
    log = await open_log(tmp_path)
    task = asyncio.create_task(log.commit(intent(1)))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await log.commit(intent(2))
    await log.close()
    assert kinds_of(tmp_path).count("intent") == 2


async def test_each_checkpoint_is_told_with_what_it_covers(tmp_path):
    told: list[int] = []
    log = await open_log(tmp_path, checkpoint_interval=60.0, on_checkpoint=told.append)
    await log.commit(intent(1))
    await log.checkpoint()
    assert told[-1] == log.signed_size > told[0]
    await log.close()
    assert told == sorted(told)
    assert told[-1] == log.signed_size
