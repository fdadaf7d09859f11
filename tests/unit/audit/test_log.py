from __future__ import annotations

import asyncio
import json
import re
import shutil
import stat
from pathlib import Path

import pytest

from shield.audit import record
from shield.audit.files import FolderReader, OsFiles
from shield.audit.log import AuditLog
from shield.audit.verify import verify_log
from shield.audit.wal import MAGIC, encode_frames, read_frames, segment_firsts
from shield.audit.walk import read_entries
from shield.config.secret import Secret
from shield.errors import AuditCorruptError, AuditUnavailableError, ConfigError

from .logs import (
    ORIGIN,
    Clock,
    folder_of,
    intent,
    key_of,
    make_log,
    open_log,
    outcome,
    placed,
    reader_of,
    settings,
    write_pairs,
)


def records_of(directory: Path, origin: str = ORIGIN) -> list[dict[str, object]]:
    return [json.loads(entry) for _, entry in read_entries(reader_of(directory, origin))]


def kinds_of(directory: Path) -> list[object]:
    return [fields["kind"] for fields in records_of(directory)]


def crash(log: AuditLog, directory: Path, target: Path) -> Path:
    """What is on disk at this instant, as a later start would find it."""
    shutil.copytree(directory, target)
    return target


async def test_a_run_from_boot_to_shutdown(tmp_path):
    commits = []
    log = await open_log(tmp_path, on_commit=lambda seconds, size: commits.append((seconds, size)))
    assert (log.healthy, log.failure, log.origin) == (True, None, ORIGIN)
    index = await log.commit(intent(1, [placed()]))
    assert log.append(outcome(index, 1)) == index + 1
    await log.checkpoint()
    assert log.size == log.signed_size == 4
    await log.close()
    assert not log.healthy
    assert kinds_of(tmp_path) == ["boot", "checkpoint", "intent", "outcome", "checkpoint", "shutdown"]
    assert [fields["index"] for fields in records_of(tmp_path)] == list(range(6))
    boot = records_of(tmp_path)[0]
    assert (boot["vkey"], boot["build"], boot["signed_size"]) == (key_of(tmp_path).vkey, "0.1.0", 0)
    assert verify_log(reader_of(tmp_path)).ok
    assert commits[-1][1] == 6
    assert all(seconds >= 0 for seconds, _ in commits)


async def test_commits_are_durable_when_they_return(tmp_path):
    log = await open_log(tmp_path / "log")
    for number in range(40):
        index = await log.commit(intent(number))
        assert [frame.record for frame in read_frames(reader_of(tmp_path / "log"))][-1] >= index
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
    assert kinds.count("checkpoint") == 2  # nothing new, nothing signed: a checkpoint is no news
    assert verify_log(reader_of(tmp_path)).ok


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


async def test_a_closed_log_takes_no_more(tmp_path):
    log = await open_log(tmp_path)
    await log.close()
    await log.close()
    with pytest.raises(AuditUnavailableError):
        await log.commit(intent())
    with pytest.raises(AuditUnavailableError):
        log.append(intent())
    with pytest.raises(AuditUnavailableError):
        await log.checkpoint()
    assert log.failure is None


async def test_a_second_writer_is_refused(tmp_path):
    log = await open_log(tmp_path)
    with pytest.raises(AuditUnavailableError, match="another process"):
        await open_log(tmp_path)
    await log.close()
    again = await open_log(tmp_path)
    await again.close()


async def test_origins_share_a_folder(tmp_path):
    first = await open_log(tmp_path, origin="shield.example/worker-0")
    second = await open_log(tmp_path, origin="shield.example/worker-1")
    await write_pairs(first, 1)
    await write_pairs(second, 2)
    await first.close()
    await second.close()
    assert len(records_of(tmp_path, "shield.example/worker-1")) == 2 + len(records_of(tmp_path))


async def test_reopening_continues(tmp_path):
    for run in range(5):
        log = await open_log(tmp_path, clock=Clock(1_900_000_000_000_000_000 + run * 10**12))
        await write_pairs(log, 130)
        await log.close()
    report = verify_log(reader_of(tmp_path))
    assert report.ok
    assert report.runs == 5
    assert "recovered" not in report.kinds
    boots = [fields for fields in records_of(tmp_path) if fields["kind"] == "boot"]
    assert [boot["signed_size"] for boot in boots] == [0, 264, 528, 792, 1056]
    assert segment_firsts(reader_of(tmp_path))[-1] == boots[-1]["index"]


async def test_no_secret_is_in_a_log_folder(tmp_path):
    await make_log(tmp_path, 3)
    names = {path.name for path in folder_of(tmp_path).rglob("*")}
    assert not {name for name in names if "key" in name} - {"vkey"}
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder_of(tmp_path).rglob("*") if path.is_file()}
    assert modes <= {0o640, 0o600, 0o644}


async def test_body_digests_are_keyed(tmp_path):
    log = await open_log(tmp_path, digest_key=Secret(b"k" * 32))
    assert re.fullmatch(r"hmac-sha256:[0-9a-f]{8}:[0-9a-f]{64}", log.digest_body(b"body"))
    assert log.digest_body(b"body") == log.digest_body(b"body") != log.digest_body(b"other")
    await log.close()


async def test_another_signing_key_is_refused(tmp_path):
    await make_log(tmp_path, 1, signing_key=Secret(b"r" * 32))
    with pytest.raises(ConfigError, match="another key"):
        await open_log(tmp_path, signing_key=Secret(b"s" * 32))


async def test_a_bad_origin_is_refused(tmp_path):
    with pytest.raises(ConfigError):
        await open_log(tmp_path, origin="../up")


async def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(AuditUnavailableError):
        await AuditLog.open(settings(tmp_path / "file"), build="0.1.0")


# What a crash leaves.


async def test_intents_without_outcome_become_unknown(tmp_path):
    log = await open_log(tmp_path / "live")
    first = await log.commit(intent(1))
    second = await log.commit(intent(2))
    await log.commit(outcome(first, 1))
    left = crash(log, tmp_path / "live", tmp_path / "crashed")
    await log.close()
    again = await open_log(left)
    await again.close()
    records = records_of(left)
    recovered = [fields for fields in records if fields["kind"] == "recovered"]
    assert [(found["clean"], found["unknown_outcomes"], found["cut_bytes"]) for found in recovered] == [
        (False, 1, 0)
    ]
    unknown = [fields for fields in records if fields.get("result") == record.OUTCOME_UNKNOWN]
    assert [(found["intent"], found["request_id"]) for found in unknown] == [(second, "request-2")]
    report = verify_log(reader_of(left))
    assert report.ok
    assert (report.open_count, report.unknown_outcomes) == (0, 1)
    third = await open_log(left)
    await third.close()
    assert [fields["kind"] for fields in records_of(left)].count("recovered") == 1


async def test_an_intent_from_long_ago_is_still_found(tmp_path, monkeypatch):
    monkeypatch.setattr("shield.audit.wal.SEGMENT_BYTES", 4096)
    log = await open_log(tmp_path / "live")
    old = await log.commit(intent(77))
    await write_pairs(log, 400)
    await log.checkpoint()
    assert len(segment_firsts(reader_of(tmp_path / "live"))) >= 2
    left = crash(log, tmp_path / "live", tmp_path / "crashed")
    log.append(outcome(old, 77))
    await write_pairs(log, 200)
    await write_pairs(log, 1)
    assert segment_firsts(reader_of(tmp_path / "live"))[0] > old
    await log.close()
    again = await open_log(left)
    await again.close()
    unknown = [fields for fields in records_of(left) if fields.get("result") == record.OUTCOME_UNKNOWN]
    assert [found["intent"] for found in unknown] == [old]
    assert verify_log(reader_of(left)).ok


def last_segment(directory: Path) -> Path:
    return max((folder_of(directory) / "wal").iterdir())


async def crashed_log(tmp_path: Path, unsigned: int = 5) -> Path:
    """A log of 300 pairs that are signed and a few intents that are not, as a crash leaves it."""
    log = await open_log(tmp_path / "live")
    await write_pairs(log, 300)
    for number in range(unsigned):
        await log.commit(intent(1000 + number))
    left = crash(log, tmp_path / "live", tmp_path / "crashed")
    await log.close()
    return left


@pytest.mark.parametrize("cut", [1, 10, 300])
async def test_a_torn_tail_is_cut_and_recorded(tmp_path, cut):
    left = await crashed_log(tmp_path)
    path = last_segment(left)
    raw = path.read_bytes()
    torn = encode_frames([b"x" * 400], 607, 607)[:cut]
    path.write_bytes(raw + torn)
    size = len([1 for _ in read_entries(reader_of(left))])
    again = await open_log(left)
    await again.close()
    recovered = next(fields for fields in records_of(left) if fields["kind"] == "recovered")
    assert (recovered["cut_bytes"], recovered["unknown_outcomes"]) == (cut, 5)
    assert recovered["index"] == size + 1
    assert verify_log(reader_of(left)).ok


async def test_a_torn_tail_right_after_the_signed_size(tmp_path):
    left = await crashed_log(tmp_path, unsigned=0)
    path = last_segment(left)
    signed = verify_log(reader_of(left)).signed_size
    frames = list(read_frames(reader_of(left)))
    raw = path.read_bytes()
    if frames[-1].record >= signed:
        raw = raw[: next(frame.offset for frame in frames if frame.record == signed)]
    path.write_bytes(raw + b"\xf5\xf7 torn")
    again = await open_log(left)
    await again.close()
    report = verify_log(reader_of(left))
    assert report.ok
    assert report.notices[0].startswith("the key")


async def test_a_damaged_record_that_was_acknowledged_is_not_cut(tmp_path):
    left = await crashed_log(tmp_path)
    frames = list(read_frames(reader_of(left)))
    signed = verify_log(reader_of(left)).signed_size
    victim = next(frame for frame in frames if frame.record == signed + 2)
    flip(last_segment(left), victim.offset + 40)
    with pytest.raises(AuditCorruptError, match=rf"record {signed + 2} .*though it was acknowledged"):
        await open_log(left)


def flip(path: Path, place: int) -> None:
    raw = bytearray(path.read_bytes())
    raw[place] ^= 1
    path.write_bytes(raw)


def damage_signed_record(folder: Path) -> str:
    frame = next(frame for frame in read_frames(FolderReader(folder)) if frame.record == 300)
    flip(folder / frame.file, frame.offset + 40)
    return "record 300 .*below the signed size"


def damage_signed_record_with_checksum(folder: Path) -> str:
    payloads = [frame.payload for frame in read_frames(FolderReader(folder))]
    payloads[300] = payloads[300].replace(b"request-", b"requesx-")
    (folder / "wal" / "00000000000000000000.wal").write_bytes(MAGIC + encode_frames(payloads, 0, 0))
    return "record 300 .*does not match its tile"


def damage_meaning(folder: Path) -> str:
    payloads = [frame.payload for frame in read_frames(FolderReader(folder))]
    payloads[300] = b"{}"
    (folder / "wal" / "00000000000000000000.wal").write_bytes(MAGIC + encode_frames(payloads, 0, 0))
    return "record 300 .*is not a record"


def cut_below_signed(folder: Path) -> str:
    payloads = [frame.payload for frame in read_frames(FolderReader(folder))][:590]
    (folder / "wal" / "00000000000000000000.wal").write_bytes(MAGIC + encode_frames(payloads, 0, 0))
    return "record 590 is missing"


def lose_wal(folder: Path) -> str:
    shutil.rmtree(folder / "wal")
    return "record 512 is not in wal"


def lose_checkpoint_and_wal(folder: Path) -> str:
    (folder / "checkpoint").unlink()
    shutil.rmtree(folder / "wal")
    return "record 0 is not in wal"


def damage_checkpoint(folder: Path) -> str:
    flip(folder / "checkpoint", 100)
    return "checkpoint cannot be trusted|checkpoint is damaged"


def malform_checkpoint(folder: Path) -> str:
    (folder / "checkpoint").write_text("nothing")
    return "checkpoint is damaged"


def damage_tile(folder: Path) -> str:
    flip(folder / "tile/0/001", 32 * 44)
    return "record 300 .*does not match its tile"


def damage_bundle(folder: Path) -> str:
    flip(folder / "tile/entries/001", 5000)
    return "tile/entries/001, with records from 256 on"


def lose_bundle(folder: Path) -> str:
    (folder / "tile/entries/001").unlink()
    return "tile/entries/001, with records from 256 on"


def lose_tile(folder: Path) -> str:
    (folder / "tile/0/001").unlink()
    return "tile/0/001 with record 256"


@pytest.mark.parametrize(
    "damage",
    [
        damage_signed_record,
        damage_signed_record_with_checksum,
        damage_meaning,
        cut_below_signed,
        lose_wal,
        lose_checkpoint_and_wal,
        damage_checkpoint,
        malform_checkpoint,
        damage_tile,
        damage_bundle,
        lose_bundle,
        lose_tile,
    ],
)
async def test_damage_below_the_signed_size_refuses_to_start(tmp_path, damage):
    await make_log(tmp_path, 300)
    before = damage(folder_of(tmp_path))
    with pytest.raises(AuditCorruptError, match=before):
        await open_log(tmp_path)
    with pytest.raises(AuditCorruptError, match=before):
        await open_log(tmp_path)  # refusing changes nothing, and lets go of the lock


async def test_a_segment_that_begins_late_and_upper_tiles(tmp_path, monkeypatch):
    monkeypatch.setattr("shield.audit.wal.SEGMENT_BYTES", 4096)
    for run in range(3):
        log = await open_log(tmp_path, clock=Clock(1_900_000_000_000_000_000 + run * 10**12))
        await write_pairs(log, 300)
        await write_pairs(log, 10)
        await log.close()
    assert segment_firsts(reader_of(tmp_path))[0] > 256
    assert verify_log(reader_of(tmp_path)).ok
    shutil.rmtree(folder_of(tmp_path) / "tile/1")
    with pytest.raises(AuditCorruptError, match="tile/1/000"):
        await open_log(tmp_path)


async def test_the_time_goes_on_from_the_last_run(tmp_path):
    await make_log(tmp_path, 1)
    log = await open_log(tmp_path, clock=Clock(1_800_000_000_000_000_000))
    await log.close()
    jumps = [fields for fields in records_of(tmp_path) if "clock_back_us" in fields]
    assert [(found["kind"]) for found in jumps] == ["boot"]
    assert verify_log(reader_of(tmp_path)).clock_jumps == 1


async def test_temporary_files_are_removed(tmp_path):
    await make_log(tmp_path, 1)
    leftover = folder_of(tmp_path) / "wal" / "00000000000000000009.wal.tmp"
    leftover.write_bytes(b"half")
    (folder_of(tmp_path) / "checkpoint.tmp").write_bytes(b"half")
    log = await open_log(tmp_path)
    await log.close()
    assert not list(folder_of(tmp_path).rglob("*.tmp"))


async def test_partials_of_older_checkpoints_are_removed(tmp_path):
    log = await open_log(tmp_path)
    for start in range(0, 300, 20):
        await write_pairs(log, 20, start)
        partials = list(folder_of(tmp_path).rglob("*.p/*"))
        folders = [path.parent for path in partials]
        assert len(folders) == len(set(folders))
    await log.close()


async def test_real_randomness_and_time(tmp_path):
    log = await AuditLog.open(settings(tmp_path), build="0.1.0")
    await log.commit(intent())
    await log.close()
    assert verify_log(reader_of(tmp_path)).ok
    assert len(list((tmp_path / "keys").iterdir())) == 2


async def test_each_checkpoint_is_told_with_what_it_covers(tmp_path):
    told: list[int] = []
    log = await open_log(tmp_path, checkpoint_interval=60.0, on_checkpoint=told.append)
    await log.commit(intent(1))
    await log.checkpoint()
    assert told[-1] == log.signed_size > told[0]
    await log.close()
    assert told == sorted(told)
    assert told[-1] == log.signed_size
