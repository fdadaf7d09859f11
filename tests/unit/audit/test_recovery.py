"""Recovery takes up what a crash leaves, and refuses what somebody damaged."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from shield.audit import record
from shield.audit.files import FolderReader
from shield.audit.log import AuditLog
from shield.audit.tree import HASH_BYTES, leaf_hash
from shield.audit.verify import verify_log
from shield.audit.wal import MAGIC, encode_frames, read_frames, segment_firsts
from shield.audit.walk import read_entries
from shield.errors import AuditCorruptError

from .logs import (
    Clock,
    folder_of,
    intent,
    make_log,
    open_log,
    outcome,
    reader_of,
    records_of,
    write_pairs,
)
from .tampering import flip


def crash(log: AuditLog, directory: Path, target: Path) -> Path:
    """Copy what is on disk at this instant, as a later start would find it."""
    shutil.copytree(directory, target)
    return target


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
    """A log as a crash leaves it, with 300 signed pairs and a few unsigned intents."""
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


def damage_signed_record(folder: Path) -> str:
    frame = next(frame for frame in read_frames(FolderReader(folder)) if frame.record == 300)
    flip(folder / frame.file, frame.offset + 40)
    return "record 300 .*below the signed size"


def damage_signed_record_with_checksum(folder: Path) -> str:
    payloads = [frame.payload for frame in read_frames(FolderReader(folder))]
    payloads[300] = payloads[300].replace(b"request-", b"requesx-")
    (folder / "wal" / "00000000000000000000.wal").write_bytes(MAGIC + encode_frames(payloads, 0, 0))
    return "record 300 .*does not match its tile"


def damage_signed_record_with_checksum_and_tile(folder: Path) -> str:
    payloads = [frame.payload for frame in read_frames(FolderReader(folder))]
    payloads[550] = payloads[550].replace(b"request-", b"requesx-")
    (folder / "wal" / "00000000000000000000.wal").write_bytes(MAGIC + encode_frames(payloads, 0, 0))
    [tile] = (folder / "tile/0").glob("002.p/*")
    place = (550 - 512) * HASH_BYTES
    raw = tile.read_bytes()
    tile.write_bytes(raw[:place] + leaf_hash(payloads[550]) + raw[place + HASH_BYTES :])
    return "do not have the root that was signed"


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
        damage_signed_record_with_checksum_and_tile,
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
        await open_log(tmp_path)  # refusing changes nothing, and releases the lock


@pytest.mark.parametrize("pairs", [20, 400])
@pytest.mark.parametrize("parts", [("checkpoint", "wal"), ("checkpoint", "wal", "vkey")])
async def test_an_older_copy_of_a_part_of_the_log_is_not_written_on(tmp_path, pairs, parts):
    """If it were written on, it would never verify again, and the newer records would be lost silently."""
    clock = Clock()
    live, older = tmp_path / "live", tmp_path / "older"
    await make_log(live, 300, clock=clock)
    shutil.copytree(live, older)
    await make_log(live, pairs, clock=clock)
    for part in parts:
        place = folder_of(live) / part
        if place.is_dir():
            shutil.rmtree(place)
            shutil.copytree(folder_of(older) / part, place)
        else:
            shutil.copy(folder_of(older) / part, place)
    with pytest.raises(AuditCorruptError, match="an older copy of a part of the log was restored"):
        await open_log(live, clock=clock)


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
