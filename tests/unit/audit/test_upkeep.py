"""Upkeep of a log: digest keys by period, pruning, legal holds, and orders to the process that writes it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from shield.audit import upkeep as upkeep_module
from shield.audit.files import FolderReader, OsFiles
from shield.audit.orders import Action, Answer, Order, Orders
from shield.audit.proof import RecordProof, prove_record
from shield.audit.record import Kind
from shield.audit.retention import minimum_index, months_before, pruned_paths, read_holds
from shield.audit.tiles import CHECKPOINT_PATH, TileNodes
from shield.audit.tree import ProofError, consistency_proof, root_at
from shield.audit.upkeep import RefusedError
from shield.audit.verify import verify_log
from shield.audit.walk import NOTHING_READ, read_entries, standing_holds
from shield.errors import AuditUnavailableError
from shield.evidence.reading import Period, Source
from shield.evidence.reconcile import reconcile
from tests.consistency import verify_consistency
from tests.unit.audit.aging import DAY, MAY, ReaderOfTwo, old_and_young, records, upkeep

from .logs import (
    ORIGIN,
    Clock,
    folder_of,
    intent,
    key_of,
    make_log,
    open_log,
    outcome,
    reader_of,
    write_pairs,
)

# Pruning.


async def test_pruning_removes_what_is_older_and_all_else_still_holds(tmp_path, small_segments):
    clock = Clock(MAY)
    log = await old_and_young(tmp_path, clock)
    before = dict(read_entries(reader_of(tmp_path)))
    kept = log.head
    said = await upkeep(log, clock).prune_by_retention()
    minimum = minimum_index(reader_of(tmp_path))
    assert minimum == 1280
    assert f"minimum index is {minimum}" in said
    await write_pairs(log, 300, 5000)
    await log.close()
    reader = reader_of(tmp_path)
    assert not any((folder_of(tmp_path) / path).exists() for path in pruned_paths(minimum))
    report = verify_log(reader, key=key_of(tmp_path), since=kept)
    assert report.ok, report.problems
    assert report.minimum_index == minimum
    left = dict(read_entries(reader))
    assert min(left) == minimum
    assert all(left[index] == entry for index, entry in before.items() if index >= minimum)
    for index in (minimum, minimum + 1, report.signed_size - 1):
        RecordProof.parse(prove_record(reader, index).text).verify(key_of(tmp_path))
    with pytest.raises(ProofError, match="pruned"):
        prove_record(reader, minimum - 1)
    nodes = TileNodes(reader, report.signed_size)
    for old in (minimum, minimum + 1, report.signed_size - 77):
        proof = consistency_proof(nodes, old, report.signed_size)
        roots = root_at(nodes, old), root_at(nodes, report.signed_size)
        verify_consistency(old, report.signed_size, proof, *roots)
    [record] = records(tmp_path, "prune")
    assert (record["policy"], record["approver"]) == ("audit.retention_months: 15", "configuration")
    found = reconcile(Source(ORIGIN, reader), Period(), interval_us=60_000_000)
    assert found.ok, found.problems


class LateCheckpoint(FolderReader):
    """Returns an older checkpoint for the first `reads` reads."""

    def __init__(self, folder: Path, old: bytes, reads: int) -> None:
        super().__init__(folder)
        self._old = old
        self._left = reads

    def read(self, path: str) -> bytes | None:
        if path == CHECKPOINT_PATH and self._left:
            self._left -= 1
            return self._old
        return super().read(path)


async def test_a_checkpoint_that_is_recorded_a_moment_before_it_is_there_is_waited_for(tmp_path):
    log = await open_log(tmp_path)
    await write_pairs(log, 50)
    await log.checkpoint()
    old = (folder_of(tmp_path) / CHECKPOINT_PATH).read_bytes()
    await write_pairs(log, 50, 1000)
    await log.checkpoint()
    await log.close()
    report = verify_log(LateCheckpoint(folder_of(tmp_path), old, 2), key=key_of(tmp_path))
    assert report.ok, report.problems
    assert not verify_log(LateCheckpoint(folder_of(tmp_path), old, 99), key=key_of(tmp_path)).ok


async def test_a_log_that_is_pruned_while_it_is_read_verifies_and_adds_up(tmp_path, small_segments):
    clock = Clock(MAY)
    log = await old_and_young(tmp_path, clock)
    before = tmp_path / "before"
    await log.close()  # else the record of its last checkpoint may fill a tile while it is copied
    shutil.copytree(folder_of(tmp_path), before)
    log = await open_log(tmp_path, clock=clock)
    await upkeep(log, clock).prune_by_retention()
    await log.close()
    counted = ReaderOfTwo(before, before, 0)
    assert verify_log(counted).ok
    for reads in range(1, -counted.left, 6):
        reader = ReaderOfTwo(before, folder_of(tmp_path), reads)
        report = verify_log(reader, key=key_of(tmp_path))
        assert report.ok, (reads, report.problems)
        reader = ReaderOfTwo(before, folder_of(tmp_path), 2 * reads)
        found = reconcile(Source(ORIGIN, reader), Period(), interval_us=60_000_000)
        assert found.ok, (reads, found.problems)


async def test_a_pruned_log_goes_on_after_a_crash_and_is_pruned_again(tmp_path, small_segments):
    clock = Clock(MAY)
    log = await old_and_young(tmp_path / "one", clock)
    await upkeep(log, clock).prune_by_retention()
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    await log.close()
    log = await open_log(tmp_path / "two", clock=clock)
    assert "pruned 0 records" in await upkeep(log, clock).prune_by_retention()
    clock.now += 540 * DAY
    await write_pairs(log, 500, 9000)
    assert "pruned 0 records" not in await upkeep(log, clock).prune_by_retention()
    await log.close()
    assert verify_log(reader_of(tmp_path / "two")).ok


class StopUnlinking(OsFiles):
    left = 10**9

    def unlink(self, path):
        if "tile" in str(path) and ".p" not in str(path):
            self.left -= 1
            if self.left < 0:
                raise OSError(5, "stopped")
        super().unlink(path)


@pytest.mark.parametrize("left", [0, 1, 5, 7])
async def test_a_pruning_that_stops_half_way_is_finished_by_the_next(tmp_path, small_segments, left):
    clock, files = Clock(MAY), StopUnlinking()
    log = await old_and_young(tmp_path, clock)
    await log.close()
    log = await open_log(tmp_path, clock=clock, files=files)
    files.left = left
    answer = await upkeep(log, clock).carry_out(
        Order(Action.PRUNE, {"before": "2032-01-01T00:00:00.000000Z", "policy": "p", "approver": "a"})
    )
    assert answer == Answer(ok=False, text="stopped")
    assert verify_log(reader_of(tmp_path)).ok
    files.left = 10**9
    await upkeep(log, clock).prune_by_retention()
    assert not any((folder_of(tmp_path) / path).exists() for path in pruned_paths(1280))
    await log.close()
    assert verify_log(reader_of(tmp_path)).ok


async def test_what_recovery_needs_is_not_pruned(tmp_path):
    """Everything in one large write-ahead log segment, or after an open intent, stays."""
    clock = Clock(MAY)
    log = await old_and_young(tmp_path, clock, 400)
    assert "pruned 0 records" in await upkeep(log, clock).prune_by_retention()
    await log.close()
    log = await open_log(tmp_path, clock=clock)
    await log.close()


async def test_an_open_intent_is_kept_with_all_that_comes_after_it(tmp_path, small_segments):
    clock = Clock(MAY)
    log = await open_log(tmp_path, clock=clock)
    await write_pairs(log, 300)
    open_index = await log.commit(intent(777))
    await write_pairs(log, 500, 1000)
    clock.now += 540 * DAY
    await write_pairs(log, 300, 5000)
    await upkeep(log, clock).prune_by_retention()
    assert minimum_index(reader_of(tmp_path)) <= open_index
    await log.commit(outcome(open_index, 777))
    await log.close()
    assert verify_log(reader_of(tmp_path)).ok


async def test_records_that_a_clock_dated_too_late_stay(tmp_path, small_segments):
    clock = Clock(MAY)
    log = await open_log(tmp_path, clock=clock)
    await write_pairs(log, 200)
    clock.now += 900 * DAY
    await log.commit(intent(900))
    clock.now -= 900 * DAY
    await write_pairs(log, 400, 1000)
    clock.now += 540 * DAY
    await write_pairs(log, 400, 5000)
    await upkeep(log, clock).prune_by_retention()
    assert minimum_index(reader_of(tmp_path)) == 256
    await log.close()


def drop_minimum(folder: Path) -> None:
    (folder / "minimum-index").unlink()


def move_minimum(folder: Path) -> None:
    record = {**json.loads((folder / "minimum-index").read_bytes()), "minimum_index": 1024}
    (folder / "minimum-index").write_bytes(json.dumps(record, separators=(",", ":")).encode())


def prune_more(folder: Path) -> None:
    for path in pruned_paths(1536):
        (folder / path).unlink(missing_ok=True)


def prune_more_and_say_so(folder: Path) -> None:
    prune_more(folder)
    record = {**json.loads((folder / "minimum-index").read_bytes()), "minimum_index": 1536}
    (folder / "minimum-index").write_bytes(json.dumps(record, separators=(",", ":")).encode())


def flip_hash_left_of_the_minimum(folder: Path) -> None:
    """Flip it in a tile that holds both sides of the minimum index."""
    path = next((folder / "tile" / "1" / "000.p").iterdir())
    raw = bytearray(path.read_bytes())
    raw[32] ^= 1
    path.write_bytes(raw)


@pytest.mark.parametrize(
    "tamper",
    [drop_minimum, move_minimum, prune_more, prune_more_and_say_so, flip_hash_left_of_the_minimum],
)
async def test_removing_records_by_hand_is_found(tmp_path, small_segments, tamper):
    clock = Clock(MAY)
    log = await old_and_young(tmp_path, clock)
    await upkeep(log, clock).prune_by_retention()
    await log.close()
    tamper(folder_of(tmp_path))
    assert not verify_log(reader_of(tmp_path)).ok


async def test_a_head_older_than_the_pruned_is_said_not_to_be_comparable(tmp_path, small_segments):
    clock = Clock(MAY)
    log = await open_log(tmp_path, clock=clock)
    await write_pairs(log, 100)
    kept = log.head
    await write_pairs(log, 700, 1000)
    clock.now += 540 * DAY
    await write_pairs(log, 700, 5000)
    await upkeep(log, clock).prune_by_retention()
    await log.close()
    report = verify_log(reader_of(tmp_path), since=kept)
    assert report.ok
    assert any("older than what was pruned" in notice for notice in report.notices)


async def test_nothing_is_pruned_where_the_configuration_says_never(tmp_path):
    log = await open_log(tmp_path, retention_months=0)
    assert "nothing" in await upkeep(log).prune_by_retention()
    await log.close()


@pytest.mark.parametrize(
    ("time", "months", "before"),
    [
        (MAY, 15, "2030-02-04T13:00:00.000000Z"),
        (MAY + 27 * DAY, 15, "2030-02-28T13:00:00.000000Z"),
        (MAY, 5, "2030-12-04T13:00:00.000000Z"),
        (MAY, 4, "2031-01-04T13:00:00.000000Z"),
    ],
)
def test_months_before(time, months, before):
    assert months_before(time, months) == before


# Legal holds.


async def test_a_hold_stops_pruning_until_it_is_released(tmp_path, small_segments):
    clock = Clock(MAY)
    log = await old_and_young(tmp_path, clock)
    duties = upkeep(log, clock)
    await duties.hold("case-17", "litigation", "legal@example.com")
    await duties.hold("case-18", "inquiry", "legal@example.com")
    with pytest.raises(RefusedError, match="case-17, case-18"):
        await duties.prune_by_retention()
    with pytest.raises(RefusedError, match="is already in place"):
        await duties.hold("case-17", "litigation", "legal@example.com")
    await duties.release("case-17", "settled", "legal@example.com")
    with pytest.raises(RefusedError, match="no hold"):
        await duties.release("case-17", "settled", "legal@example.com")
    assert list(read_holds(reader_of(tmp_path))) == ["case-18"]
    assert any("holds in place: case-18" in notice for notice in verify_log(reader_of(tmp_path)).notices)
    await duties.release("case-18", "closed", "legal@example.com")
    await duties.prune_by_retention()
    await log.close()
    assert minimum_index(reader_of(tmp_path)) == 1280
    assert verify_log(reader_of(tmp_path)).ok


async def test_a_hold_stops_pruning_though_its_file_is_gone(tmp_path, small_segments):
    """Otherwise anybody who can write files could have the hold itself pruned, unnoticed."""
    clock = Clock(MAY)
    log = await open_log(tmp_path, clock=clock)
    duties = upkeep(log, clock)
    await duties.hold("case-17", "litigation", "legal@example.com")
    await duties.hold("case-18", "inquiry", "legal@example.com")
    await duties.release("case-18", "closed", "legal@example.com")
    await write_pairs(log, 600)
    clock.now += 540 * DAY
    await write_pairs(log, 600, 600)
    holds = folder_of(tmp_path) / "holds"
    kept = holds.read_bytes()
    holds.unlink()
    with pytest.raises(RefusedError, match="records say that a legal hold is in place: case-17;"):
        await duties.prune_by_retention()
    assert minimum_index(reader_of(tmp_path)) == 0
    holds.write_bytes(kept)
    await duties.release("case-17", "settled", "legal@example.com")
    await duties.prune_by_retention()
    await log.close()
    assert minimum_index(reader_of(tmp_path)) > 0
    assert verify_log(reader_of(tmp_path)).ok


async def test_what_was_read_of_holds_is_not_read_again(tmp_path, small_segments):
    """Each hour, of a log of years."""

    class Noting(FolderReader):
        def read(self, path: str) -> bytes | None:
            asked.append(path)
            return super().read(path)

    asked: list[str] = []
    clock = Clock(MAY)
    log = await open_log(tmp_path, clock=clock)
    duties = upkeep(log, clock)
    await duties.hold("case-17", "litigation", "legal@example.com")
    await write_pairs(log, 600)
    await log.checkpoint()
    reader = Noting(folder_of(tmp_path))
    end = log.signed_size - log.signed_size % 256
    known = standing_holds(reader, NOTHING_READ, end)
    assert (known.stand, known.before, known.end) == ({"case-17"}, {"case-17"}, end)
    await duties.hold("case-18", "inquiry", "legal@example.com")
    await duties.release("case-17", "settled", "legal@example.com")
    asked.clear()
    again = standing_holds(reader, known, end)
    assert (again.stand, again.before) == ({"case-18"}, {"case-17"})
    assert not any(path.startswith("tile/entries/000") for path in asked)
    await log.close()


async def test_a_pruning_in_spite_of_a_hold_is_found(tmp_path, small_segments, monkeypatch):
    # Like a program that does not check.
    monkeypatch.setattr(upkeep_module, "standing_holds", lambda *_: NOTHING_READ)
    clock = Clock(MAY)
    log = await old_and_young(tmp_path, clock)
    await upkeep(log, clock).hold("case-17", "litigation", "legal@example.com")
    (folder_of(tmp_path) / "holds").unlink()
    await upkeep(log, clock).prune_by_retention()
    await log.close()
    [problem] = verify_log(reader_of(tmp_path)).problems
    assert "while a legal hold was in place: case-17" in problem.what


async def test_holds_that_cannot_be_read_stop_pruning(tmp_path):
    log = await open_log(tmp_path)
    (folder_of(tmp_path) / "holds").write_bytes(b"{\n")
    order = Order(Action.PRUNE, {"before": "2032", "policy": "p", "approver": "a"})
    answer = await upkeep(log).carry_out(order)
    assert not answer.ok
    assert "damaged" in answer.text
    await log.close()


# Orders.


async def test_an_order_is_left_carried_out_and_answered(tmp_path):
    log = await open_log(tmp_path)
    orders = Orders(OsFiles(), tmp_path, ORIGIN)
    assert orders.waiting() == []
    name = orders.leave(Order(Action.HOLD, {"name": "case-17", "reason": "r", "approver": "a"}))
    assert orders.take_answer(name) is None
    [(found, order)] = orders.waiting()
    assert found == name
    orders.answer(found, await upkeep(log).carry_out(order))
    assert orders.waiting() == []
    answer = orders.take_answer(name)
    assert answer is not None
    assert answer.ok
    assert orders.take_answer(name) is None
    await log.close()


async def test_what_is_no_order_is_refused_and_taken_away(tmp_path):
    log = await open_log(tmp_path)
    orders = Orders(OsFiles(), tmp_path, ORIGIN)
    folder = tmp_path / "orders" / "shield.example+worker-0"
    folder.mkdir(parents=True)
    for number, raw in enumerate([b"", b"{", b"[]", b'{"action":"explode"}', b'{"action":"hold"}']):
        (folder / f"{number}.json").write_bytes(raw)
    for name, order in orders.waiting():
        answer = await upkeep(log).carry_out(order)
        assert not answer.ok
        orders.answer(name, answer)
    assert orders.waiting() == []
    await log.close()
    assert not records(tmp_path, "hold", "prune", "rotate", "digest_key")


async def test_an_order_after_the_log_failed_is_answered(tmp_path):
    log = await open_log(tmp_path)
    await log.close()
    answer = await upkeep(log).carry_out(
        Order(Action.HOLD, {"name": "case-17", "reason": "r", "approver": "a"})
    )
    assert answer == Answer(ok=False, text="the audit log is closed")
    with pytest.raises(AuditUnavailableError):
        await upkeep(log).rotate("ciso@example.com")


async def test_the_records_of_a_logs_life_are_known_kinds(tmp_path):
    await make_log(tmp_path, 1)
    assert {Kind(str(fields["kind"])) for fields in records(tmp_path, *Kind)}


def test_a_folder_that_was_never_pruned_begins_at_0(tmp_path):
    assert minimum_index(FolderReader(tmp_path)) == 0
