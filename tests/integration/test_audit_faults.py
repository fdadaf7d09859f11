"""The audit log survives system faults: any call failing at any place, a crash at any step, kill -9.

In each case, nothing is acknowledged that is not on disk, everything acknowledged is there after the next
start, and the log verifies.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shield.audit.files import FolderReader, OsFiles
from shield.audit.log import AuditLog
from shield.audit.verify import verify_log
from shield.audit.walk import read_entries
from shield.errors import AuditUnavailableError
from shield.evidence.reading import Period, Source
from shield.evidence.reconcile import reconcile
from tests.unit.audit.logs import ORIGIN, folder_of, intent, open_log, outcome, placed, reader_of


class FaultyFiles(OsFiles):
    """Counts the calls that change something, and makes one of them fail, or all from one on.

    `torn` makes the failing write put half of its bytes on the disk first, as ENOSPC does.
    """

    def __init__(self) -> None:
        self.armed = False
        self.calls: list[str] = []
        self.fail_operation: str | None = None
        self.fail_at = -1
        self.number = errno.EIO
        self.stays_broken = False
        self.torn = False
        self.failed = False

    def arm(self, operation: str | None, at: int, number: int = errno.EIO, **how: bool) -> None:
        self.armed, self.calls = True, []
        self.fail_operation, self.fail_at, self.number = operation, at, number
        self.stays_broken = how.get("stays_broken", False)
        self.torn = how.get("torn", False)

    def _due(self, operation: str) -> bool:
        if not self.armed:
            return False
        if self.failed and self.stays_broken:
            return True
        if self.fail_operation in {None, operation}:
            self.calls.append(operation)
            if len(self.calls) - 1 == self.fail_at:
                self.failed = True
                return True
        return False

    def _check(self, operation: str) -> None:
        if self._due(operation):
            raise OSError(self.number, os.strerror(self.number))

    def open(self, path, flags, mode):
        if flags & (os.O_WRONLY | os.O_RDWR):
            self._check("open")
        return super().open(path, flags, mode)

    def write(self, fd, data):
        before = self.failed
        if self._due("write"):
            if self.torn and not before:
                super().write(fd, data[: len(data) // 2])
            raise OSError(self.number, os.strerror(self.number))
        return super().write(fd, data)

    def truncate(self, fd, size):
        self._check("truncate")
        super().truncate(fd, size)

    def fdatasync(self, fd):
        self._check("fdatasync")
        super().fdatasync(fd)

    def fsync(self, fd):
        self._check("fsync")
        super().fsync(fd)

    def rename(self, source, target):
        self._check("rename")
        super().rename(source, target)

    def unlink(self, path):
        self._check("unlink")
        super().unlink(path)

    def mkdir(self, path, mode):
        self._check("mkdir")
        super().mkdir(path, mode)

    def rmdir(self, path):
        self._check("rmdir")
        super().rmdir(path)


async def work(log: AuditLog, acknowledged: dict[int, str], turns: int = 4) -> None:
    """Write groups of commits, outcomes and checkpoints, enough to fill a tile, until the first failure."""
    for turn in range(turns):
        names = range(turn * 100, turn * 100 + 40)
        results = await asyncio.gather(
            *(log.commit(intent(name, [placed()])) for name in names), return_exceptions=True
        )
        for name, result in zip(names, results, strict=True):
            if isinstance(result, int):
                acknowledged[result] = f"request-{name}"
            elif not isinstance(result, AuditUnavailableError):
                raise result
        for name, result in zip(names, results, strict=True):
            if isinstance(result, int) and name % 4:
                log.append(outcome(result, name))
        await log.checkpoint()


async def run_until_failure(
    directory: Path, files: FaultyFiles, acknowledged: dict[int, str]
) -> AuditLog | None:
    try:
        log = await open_log(directory, files=files)
    except AuditUnavailableError:
        return None
    try:
        await work(log, acknowledged)
    except AuditUnavailableError:
        assert not log.healthy
    return log


async def let_go(log: AuditLog | None) -> None:
    if log is not None:
        try:
            await log.close()
        except AuditUnavailableError:
            assert log.failure is not None


async def assert_recovers(directory: Path, acknowledged: dict[int, str]) -> None:
    """Open the log as the next start does: all that was acknowledged is there, and no intent is left open."""
    log = await open_log(directory, seed=99)
    index = await log.commit(intent(123_456))
    await log.commit(outcome(index, 123_456))
    await log.close()
    stored = {index: json.loads(entry) for index, entry in read_entries(reader_of(directory))}
    for number, request_id in acknowledged.items():
        assert stored[number]["kind"] == "intent"
        assert stored[number]["request_id"] == request_id
    report = verify_log(reader_of(directory))
    assert report.ok, report.problems
    assert report.open_count == 0
    assert report.kinds["intent"] == report.kinds["outcome"]
    found = reconcile(Source(ORIGIN, reader_of(directory)), Period(), interval_us=60_000_000)
    assert found.ok, found.problems


async def calls_of_a_run(tmp_path: Path) -> list[str]:
    files = FaultyFiles()
    log = await open_log(tmp_path / "count", files=files)
    files.arm(None, -1)
    await work(log, {})
    files.armed = False
    await log.close()
    return list(files.calls)


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
@pytest.mark.parametrize("operation", ["write", "fdatasync", "fsync", "rename", "open", "unlink", "mkdir"])
async def test_each_call_that_fails_fails_the_log_for_good(tmp_path, operation, number):
    places = (await calls_of_a_run(tmp_path)).count(operation)
    assert places
    for place in sorted({0, 1, places // 3, places // 2, places - 1} & set(range(places))):
        directory = tmp_path / str(place)
        files = FaultyFiles()
        log = await open_log(directory, files=files)
        files.arm(operation, place, number, torn=True)
        acknowledged: dict[int, str] = {}
        with contextlib.suppress(AuditUnavailableError):
            await work(log, acknowledged)
        if not files.failed:  # the records were grouped differently, with fewer calls
            files.armed = False  # otherwise a call of closing might fail
            await log.close()
            continue
        assert not log.healthy
        assert errno.errorcode[number] in str(log.failure)
        size = log.size
        for _ in range(2):  # never retried, although the calls would succeed now
            with pytest.raises(AuditUnavailableError):
                await log.commit(intent(1))
            with pytest.raises(AuditUnavailableError):
                log.append(intent(1))
            with pytest.raises(AuditUnavailableError):
                await log.checkpoint()
        assert log.size == size
        await log.close()
        await assert_recovers(directory, acknowledged)


async def test_short_writes_are_continued(tmp_path):
    class Short(OsFiles):
        def write(self, fd, data):
            return super().write(fd, data[: max(1, len(data) // 3)])

    log = await open_log(tmp_path, files=Short())
    acknowledged: dict[int, str] = {}
    await work(log, acknowledged)
    await log.close()
    assert len(acknowledged) == 160
    await assert_recovers(tmp_path, acknowledged)


async def test_a_write_without_progress_fails(tmp_path):
    class Stuck(OsFiles):
        stuck = False

        def write(self, fd, data):
            return 0 if self.stuck else super().write(fd, data)

    files = Stuck()
    log = await open_log(tmp_path, files=files)
    files.stuck = True
    with pytest.raises(AuditUnavailableError):
        await log.commit(intent(1))
    await log.close()


async def test_a_failure_while_closing_is_raised(tmp_path):
    files = FaultyFiles()
    log = await open_log(tmp_path, files=files)
    files.arm("rename", 0)
    with pytest.raises(AuditUnavailableError):
        await log.close()
    await assert_recovers(tmp_path, {})


@pytest.mark.parametrize("by", ["a signed head", "a full bundle"])
async def test_a_folder_that_is_gone_is_not_made_anew(tmp_path, by):
    directory, away = tmp_path / "audit", tmp_path / "away"
    log = await open_log(directory)
    acknowledged: dict[int, str] = {}
    await work(log, acknowledged)
    directory.rename(away)

    async def bundles():
        for _ in range(3):
            await asyncio.gather(*(log.commit(intent(number)) for number in range(256)))

    with pytest.raises(AuditUnavailableError):
        await (log.checkpoint() if by == "a signed head" else bundles())
    assert not log.healthy
    assert not directory.exists()
    await log.close()
    away.rename(directory)
    await assert_recovers(directory, acknowledged)


def lose_unsynced(directory: Path, rng: random.Random) -> None:
    """A power cut after the crash: part of the unsynced data is lost or reads as zeros."""
    segments = sorted((folder_of(directory) / "wal").glob("*.wal"))
    if segments and rng.random() < 0.5:
        with segments[-1].open("ab") as file:
            file.write(bytes(rng.randrange(1, 5000)))


@pytest.mark.parametrize("share", range(8))
async def test_a_crash_at_any_step_loses_nothing_that_was_acknowledged(tmp_path, share):
    """For each n, everything fails from the n-th call on: opening, writing, tiles, checkpoints."""
    base = tmp_path / "base"
    first: dict[int, str] = {}
    files = FaultyFiles()
    log = await open_log(base, files=files)
    await work(log, first, turns=3)
    shutil.copytree(base, tmp_path / "crashed")  # not closed: the next start has something to recover
    await log.close()
    steps = len(await calls_of_a_run(tmp_path))
    for step in range(share, steps + 40, 8):
        rng = random.Random(step)
        directory = tmp_path / f"at{step}"
        shutil.copytree(tmp_path / "crashed", directory)
        files = FaultyFiles()
        files.arm(None, step, stays_broken=True, torn=True)
        acknowledged = dict(first)
        await let_go(await run_until_failure(directory, files, acknowledged))
        lose_unsynced(directory, rng)
        await assert_recovers(directory, acknowledged)
        shutil.rmtree(directory)


@pytest.mark.parametrize("step", range(0, 45, 2))
async def test_a_crash_at_any_step_of_the_very_first_start(tmp_path, step):
    files = FaultyFiles()
    files.arm(None, step, stays_broken=True, torn=True)
    acknowledged: dict[int, str] = {}
    await let_go(await run_until_failure(tmp_path, files, acknowledged))
    await assert_recovers(tmp_path, acknowledged)


KILLS = int(os.environ.get("SHIELD_AUDIT_KILLS", "24"))


def test_kill_minus_nine_under_load(tmp_path):
    """Each run starts where the previous one was killed, after a random number of acknowledgements.

    `SHIELD_AUDIT_KILLS=200` runs the whole table.
    """
    rng = random.Random(2031)
    acknowledged: dict[int, str] = {}
    kept = None
    for _ in range(KILLS):
        command = [sys.executable, "-m", "tests.integration.audit_worker", str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            for _ in range(rng.choice([1, 7, 80, 300, 900])):
                line = process.stdout.readline()
                assert line, "the worker ended by itself"
                note(line, acknowledged)
            process.kill()
            for line in process.stdout:
                if line.endswith(b"\n"):
                    note(line, acknowledged)
        stored = dict(read_entries(reader_of(tmp_path)))
        for index, request_id in acknowledged.items():
            assert json.loads(stored[index])["request_id"] == request_id
        # It has not been opened since: what was in flight is open, and the rest reconciles.
        found = reconcile(Source(ORIGIN, reader_of(tmp_path)), Period(), live=True, interval_us=60_000_000)
        assert found.ok, found.problems
        if kept is not None:
            assert all(stored[index] == entry for index, entry in kept.items() if index in acknowledged)
        kept = stored
    asyncio.run(assert_recovers(tmp_path, acknowledged))
    report = verify_log(FolderReader(folder_of(tmp_path, ORIGIN)))
    assert report.ok
    assert report.runs == KILLS + 1
    assert len(acknowledged) > KILLS


def note(line: bytes, acknowledged: dict[int, str]) -> None:
    index, request_id = line.decode().split()
    assert int(index) not in acknowledged
    acknowledged[int(index)] = request_id


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize(
    ("call", "error", "when"),
    [("fdatasync", "EIO", 30), ("fdatasync", "ENOSPC", 3), ("fsync", "EIO", 25), ("rename", "ENOSPC", 12)],
)
def test_one_system_call_of_a_real_process_fails(tmp_path, call, error, when):
    """One kernel answer is replaced: nothing is acknowledged after it, and all before it is there."""
    inject = ["-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={when}"]
    trace = ["strace", "--seccomp-bpf", "-f", "-qq", "-o", os.devnull, *inject]
    worker = [sys.executable, "-m", "tests.integration.audit_worker", str(tmp_path)]
    done = subprocess.run([*trace, *worker], capture_output=True, timeout=120, check=False)
    if b"ptrace" in done.stderr.lower():
        pytest.skip("strace may not trace here")
    assert done.returncode != 0
    assert b"AuditUnavailableError" in done.stderr
    acknowledged: dict[int, str] = {}
    for line in done.stdout.splitlines(keepends=True):
        note(line, acknowledged)
    asyncio.run(assert_recovers(tmp_path, acknowledged))
