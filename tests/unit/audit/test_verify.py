"""Verification names each kind of tampering, tried on a copy of a good log."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from shield.audit.checkpoint import SignedCheckpoint, Signer
from shield.audit.files import FolderReader
from shield.audit.keys import parse_signing_key
from shield.audit.tiles import bundle_path, encode_bundle, tile_path
from shield.audit.tree import HASH_BYTES, Frontier, leaf_hash
from shield.audit.verification import Report
from shield.audit.verify import verify_log
from shield.audit.wal import MAGIC, encode_frames, read_frames, segment_path
from shield.audit.walk import is_log, read_entries
from tests.unit.audit.tampering import (
    PAIRS,
    TAMPERINGS,
    change_entry,
    edit,
    flip,
    other_key,
)

from .logs import Clock, folder_of, intent, key_of, make_log, open_log, outcome, placed, write_pairs


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("good")
    asyncio.run(make_log(directory, PAIRS))
    return directory


@pytest.fixture
def log(good, tmp_path) -> Path:
    """A copy of the good log's folder."""
    target = tmp_path / "log"
    shutil.copytree(folder_of(good), target)
    return target


def verify(folder: Path, **options: object) -> Report:
    return verify_log(FolderReader(folder), **options)  # type: ignore[arg-type]


def test_a_good_log_verifies(log, good):
    progress = []
    report = verify(log, key=key_of(good), on_progress=lambda done, total: progress.append((done, total)))
    assert report.ok
    assert report.problems == ()
    assert report.notices == ()
    assert (report.size, report.signed_size) == (2 * PAIRS + 4, 2 * PAIRS + 4)
    assert report.kinds == {"boot": 1, "checkpoint": 2, "intent": PAIRS, "outcome": PAIRS, "shutdown": 1}
    assert report.open_count == report.unknown_outcomes == report.clock_jumps == 0
    assert report.origin == "shield.example/worker-0"
    times = [json.loads(entry)["time"] for _, entry in read_entries(FolderReader(log))]
    assert (report.first_time, report.last_time) == (times[0], times[-1])
    assert report.first_time < report.last_time
    assert progress[-1] == (804, 804)


def test_the_key_of_the_folder_is_believed_only_with_a_note(log):
    report = verify(log)
    assert report.ok
    assert "vkey" in report.notices[0]


def test_a_log_without_its_write_ahead_log_verifies(log):
    shutil.rmtree(log / "wal")
    report = verify(log)
    assert report.ok
    assert report.size == 804
    assert any("write-ahead" in notice for notice in report.notices)
    assert [index for index, _ in read_entries(FolderReader(log))] == list(range(804))


def test_the_table_of_tamperings_is_as_long_as_it_is_said_to_be():
    assert len(TAMPERINGS) >= 40


@pytest.mark.parametrize(("tamper", "index", "file"), TAMPERINGS)
def test_tampering_is_found_and_named(log, tamper, index, file):
    tamper(log)
    report = verify(log)
    assert not report.ok
    named = {(problem.index, problem.file) for problem in report.problems}
    assert file in {name for _, name in named}
    if index is not None:
        assert (index, file) in named
        assert min(at for at, _ in named if at is not None) == index
    assert str(report.problems[0])


async def unsigned(directory: Path, count: int = 5) -> Path:
    """The folder of a log, and its write-ahead log, with records beyond the signed size."""
    log = await open_log(directory)
    await write_pairs(log, 3)
    for number in range(count):
        await log.commit(intent(number))
    kept = directory / "kept"
    shutil.copytree(folder_of(directory), kept)
    await log.close()
    return kept


async def test_a_write_that_was_cut_off_beyond_the_signed_size_is_noticed(tmp_path):
    kept = await unsigned(tmp_path)
    whole = verify(kept)
    (segment,) = (kept / "wal").iterdir()
    segment.write_bytes(segment.read_bytes()[:-3])
    report = verify(kept)
    assert report.ok
    assert report.size == whole.size - 1
    assert any("a write was cut off there, beyond the signed size" in notice for notice in report.notices)


async def test_records_that_are_missing_beyond_the_signed_size_are_named(tmp_path):
    kept = await unsigned(tmp_path)
    signed = verify(kept).signed_size
    (segment,) = (kept / "wal").iterdir()
    left = [frame for frame in read_frames(FolderReader(kept)) if frame.record > signed + 1]
    segment.unlink()
    file = segment_path(signed + 2)
    (kept / file).write_bytes(MAGIC + encode_frames([it.payload for it in left], signed + 2, signed + 2))
    report = verify(kept)
    assert [str(problem) for problem in report.problems] == [
        f"record {signed}: {file}: the record is missing"
    ]
    assert report.size == signed


async def test_what_stands_before_a_segment_that_vanished_counts(tmp_path):
    kept = await unsigned(tmp_path)
    signed = verify(kept).signed_size
    frames = list(read_frames(FolderReader(kept)))
    for first, last in ((0, signed + 2), (signed + 2, signed + 3), (signed + 3, len(frames))):
        raw = encode_frames([it.payload for it in frames[first:last]], first, first)
        (kept / segment_path(first)).write_bytes(MAGIC + raw)

    class Pruned(FolderReader):
        def read(self, path: str) -> bytes | None:
            return None if path == segment_path(signed + 2) else super().read(path)

    report = verify_log(Pruned(kept))
    (problem,) = report.problems
    assert str(problem).startswith(f"record {signed + 2}: ")
    assert report.size == signed + 2


def test_of_many_records_that_differ_from_their_bundle_the_others_are_counted(log):
    (segment,) = (log / "wal").iterdir()
    frames = list(read_frames(FolderReader(log)))
    other = [edit(it.payload, method="PUT") if it.record in {3, 5, 9} else it.payload for it in frames]
    segment.write_bytes(
        MAGIC + b"".join(encode_frames([raw], place, place) for place, raw in enumerate(other))
    )
    (problem,) = verify(log).problems
    assert str(problem).startswith(f"record 3: wal/{segment.name}: ")
    assert "it differs from its bundle, as do 2 more" in str(problem)


def test_one_changed_record_is_one_problem(log):
    change_entry(log)
    shutil.rmtree(log / "wal")
    assert [str(problem) for problem in verify(log).problems] == [
        "record 300: tile/entries/001: it is not what was signed"
    ]


@pytest.mark.parametrize("place", range(0, 8192, 997))
@pytest.mark.parametrize("file", ["tile/0/000", "tile/entries/000", "tile/entries/002"])
def test_any_flipped_bit_is_found(log, file, place):
    flip(log / file, place)
    assert not verify(log).ok


async def test_records_of_another_log_are_found(log, tmp_path):
    await make_log(tmp_path / "other", PAIRS, seed=9)
    shutil.copy(folder_of(tmp_path / "other") / bundle_path(1), log / bundle_path(1))
    report = verify(log)
    assert not report.ok
    assert (256, "tile/entries/001") in {(problem.index, problem.file) for problem in report.problems}


async def test_a_log_that_was_cut_back_shows_against_a_kept_checkpoint_only(tmp_path):
    log = await open_log(tmp_path)
    await write_pairs(log, 200)
    await log.close()
    shutil.copytree(tmp_path, tmp_path / "early")
    log = await open_log(tmp_path, clock=Clock(1_950_000_000_000_000_000))
    await write_pairs(log, 200)
    await log.close()
    kept = SignedCheckpoint.parse((folder_of(tmp_path) / "checkpoint").read_bytes())
    early = SignedCheckpoint.parse((folder_of(tmp_path / "early") / "checkpoint").read_bytes())
    assert verify(folder_of(tmp_path), since=kept).ok
    assert verify(folder_of(tmp_path), since=early).ok
    assert verify(folder_of(tmp_path / "early")).ok
    report = verify(folder_of(tmp_path / "early"), since=kept)
    assert [problem.file for problem in report.problems] == ["checkpoint"]
    shutil.copy(folder_of(tmp_path) / "checkpoint", folder_of(tmp_path / "early") / "checkpoint")
    assert not verify(folder_of(tmp_path / "early")).ok


async def test_a_log_written_anew_with_the_same_key_shows_against_a_kept_checkpoint(log, good, tmp_path):
    kept = SignedCheckpoint.parse((log / "checkpoint").read_bytes())
    secret = (good / "keys" / "shield.example+worker-0.signing.pem").read_bytes()
    signer = Signer("shield.example/worker-0", parse_signing_key(secret))
    rewrite(log, signer, lambda index, entry: edit(entry, route="other") if index == 300 else entry)
    report = verify(log, since=kept, key=signer.key)
    assert {problem.file for problem in report.problems} >= {"the kept checkpoint"}


def test_a_kept_checkpoint_of_another_key_is_refused(log):
    head = SignedCheckpoint.parse((log / "checkpoint").read_bytes()).checkpoint
    kept = Signer("shield.example/worker-0", other_key()).sign(head.size, head.root)
    assert [problem.file for problem in verify(log, since=kept).problems] == ["the kept checkpoint"]


def rewrite(log: Path, signer: Signer, change: Callable[[int, bytes], bytes]) -> None:
    """Rebuild a log, as the holder of the signing key can, without its write-ahead log."""
    entries = [change(index, entry) for index, entry in read_entries(FolderReader(log))]
    shutil.rmtree(log / "wal")
    shutil.rmtree(log / "tile")
    frontier = Frontier()
    content = {}
    for index, entry in enumerate(entries):
        for tile in frontier.append(leaf_hash(entry)):
            content[tile_path(tile.level, tile.number)] = tile.hashes
            if tile.level == 0:
                content[bundle_path(tile.number)] = encode_bundle(entries[index - 255 : index + 1])
    for level, number, hashes in frontier.partial_tiles():
        content[tile_path(level, number, len(hashes) // HASH_BYTES)] = hashes
    width = len(entries) % 256
    content[bundle_path(len(entries) // 256, width)] = encode_bundle(entries[-width:])
    content["checkpoint"] = signer.sign(len(entries), frontier.root()).note.encode()
    for path, raw in content.items():
        (log / path).parent.mkdir(parents=True, exist_ok=True)
        (log / path).write_bytes(raw)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"version": 2}, "version or kind"),
        ({"kind": "other"}, "version or kind"),
        ({"index": "300"}, "its index is no number"),
        ({"time": "2031"}, "time or nonce"),
        ({"nonce": ""}, "time or nonce"),
        ({"time": "2000-01-01T00:00:00.000000Z"}, "time is before"),
        ({"time": 7}, "not a record"),
        ({"kind": "shutdown"}, "begin with a boot"),
        ({"kind": "boot", "vkey": "other", "signed_size": 0}, "another signing key"),
        ({"kind": "outcome", "intent": 5, "request_id": "x", "result": "answered"}, "without an open intent"),
        ({"kind": "checkpoint", "size": 7, "root": "", "signature": "AAAA"}, "signature"),
        ({"kind": "boot", "vkey": "other", "signed_size": 9_999, "signed_root": ""}, "never had"),
        ({"kind": "boot", "vkey": "other", "signed_size": 9, "signed_root": ""}, "do not have the root"),
    ],
)
def test_records_that_contradict_the_format_or_each_other(log, good, changes, said):
    secret = (good / "keys" / "shield.example+worker-0.signing.pem").read_bytes()
    signer = Signer("shield.example/worker-0", parse_signing_key(secret))
    rewrite(log, signer, lambda index, entry: edit(entry, **changes) if index == 300 else entry)
    report = verify(log, key=signer.key)
    assert any(said in problem.what for problem in report.problems), report.problems


def test_a_record_that_is_no_json(log, good):
    secret = (good / "keys" / "shield.example+worker-0.signing.pem").read_bytes()
    signer = Signer("shield.example/worker-0", parse_signing_key(secret))
    rewrite(log, signer, lambda index, entry: b"[]" if index == 7 else b"{" if index == 8 else entry)
    report = verify(log, key=signer.key)
    assert [problem.index for problem in report.problems][:2] == [7, 8]


async def test_open_intents_and_clock_jumps_are_counted(tmp_path):
    clock = Clock()
    log = await open_log(tmp_path, clock=clock)
    first = log.append(intent(1))
    clock.now -= 10_000_000_000
    log.append(intent(2, [placed()]))
    log.append(outcome(first, 1))
    await log.checkpoint()
    report = verify(folder_of(tmp_path))
    assert report.ok
    assert (report.open_count, report.open_intents, report.clock_jumps) == (1, (3,), 1)
    await log.close()


async def test_a_log_in_use_verifies(tmp_path):
    log = await open_log(tmp_path)
    for start in range(0, 600, 100):
        await write_pairs(log, 100, start)
        log.append(intent(9_999))
        await log.commit(intent(10_000))
        report = verify(folder_of(tmp_path))
        assert report.ok
        assert report.size >= log.signed_size
    await log.close()


def test_many_problems_are_counted_and_listed_in_part(log, good):
    secret = (good / "keys" / "shield.example+worker-0.signing.pem").read_bytes()
    signer = Signer("shield.example/worker-0", parse_signing_key(secret))
    rewrite(log, signer, lambda index, entry: edit(entry, version=2))
    report = verify(log, key=signer.key)
    assert len(report.problems) == 100
    assert report.problem_count >= 804


def test_what_is_a_log(log, tmp_path):
    assert is_log(FolderReader(log))
    assert not is_log(FolderReader(tmp_path))
    assert not is_log(FolderReader(tmp_path / "nowhere"))


def test_a_log_that_lost_all_but_its_key_is_one_still(log):
    for name in ("wal", "tile"):
        shutil.rmtree(log / name)
    (log / "checkpoint").unlink()
    assert is_log(FolderReader(log))
    assert any("missing" in str(problem) for problem in verify(log).problems)


def test_an_empty_folder_does_not_verify(tmp_path):
    report = verify(tmp_path)
    assert {problem.file for problem in report.problems} == {"vkey", "checkpoint"}
    assert base64.b64decode(report.root)


class Earlier(FolderReader):
    """Returns an earlier head than the log's for the first `reads` reads."""

    def __init__(self, folder: Path, head: bytes, reads: float) -> None:
        super().__init__(folder)
        self._head = head
        self._reads = reads
        self.readings = 0
        self.readings = 0

    def read(self, path: str) -> bytes | None:
        self.readings += path == "vkey"
        if path == "checkpoint" and self._reads > 0:
            self._reads -= 1
            return self._head
        return super().read(path)


@pytest.mark.parametrize(("reads", "ok"), [(2, True), (3, True), (5, True), (float("inf"), False)])
async def test_a_head_that_is_signed_while_the_log_is_read_is_no_problem(tmp_path, reads, ok):
    log = await open_log(tmp_path)
    await write_pairs(log, 5)
    head = (folder_of(tmp_path) / "checkpoint").read_bytes()
    await write_pairs(log, 5, start=5)
    await log.commit(intent(99))
    reader = Earlier(folder_of(tmp_path), head, reads)
    report = verify_log(reader)
    await log.close()
    assert report.ok is ok
    assert reader.readings <= 2  # a third reading does not make a cut-back log whole
    assert all("never had" in problem.what for problem in report.problems)
