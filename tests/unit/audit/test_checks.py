"""Each law of single records and of their relations is broken by one record of a short log, and named."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from shield.audit import life_records, run_records
from shield.audit.checkpoint import VerifierKey
from shield.audit.checks import RecordChecks
from shield.audit.record import Draft, encode_record
from shield.audit.retention import Minimum
from shield.audit.rotation import KeyHistory, Rotation, rotation_draft
from shield.audit.tiles import TileNodes

from .logs import NEW, OLD, intent, outcome, signer_of


class Nothing:
    """A log without tiles."""

    def read(self, _path: str) -> bytes | None:
        return None

    def names(self, _path: str) -> list[str]:
        return []


def boot(key: VerifierKey) -> Draft:
    return run_records.boot(
        build="0.1.0",
        origin=key.name,
        vkey=key.vkey,
        digest_key="01234567",
        digest_period="",
        signed_size=0,
        signed_root=None,
    )


START = boot(signer_of(OLD).key)


def encoded(*drafts: Draft, start: int = 0) -> list[bytes]:
    return [
        encode_record(draft, index=index, time=1_900_000_000_000_000_000 + index * 1_000_000, nonce=bytes(16))
        for index, draft in enumerate(drafts, start)
    ]


def complaints(
    entries: Sequence[bytes], history: KeyHistory | None = None, minimum: Minimum | None = None
) -> list[tuple[int | None, str]]:
    """What is wrong with the last records of a log: all of it, or those from the one that set its minimum."""
    found: list[tuple[int | None, str]] = []
    start = 0 if minimum is None else minimum.record
    size = start + len(entries)
    checks = RecordChecks(
        lambda index, _file, what: found.append((index, what)),
        history=history,
        nodes=TileNodes(Nothing(), size),
        signed_size=size,
        minimum=minimum,
    )
    checks.take(start, entries, "file")
    checks.finish()
    return found


def prune(minimum_index: int) -> Draft:
    return life_records.prune(minimum_index=minimum_index, before="2031-05", policy="P1M", approver="policy")


def hold(action: str) -> Draft:
    return life_records.hold(action=action, name="case-1", reason="", approver="legal")


SOUND = [
    [START, intent(1), outcome(1, 1), run_records.shutdown(reason="stop"), START],
    [START, hold("placed"), hold("released"), prune(0)],
]


@pytest.mark.parametrize("drafts", SOUND)
def test_a_sound_log_has_no_problem(drafts: list[Draft]) -> None:
    assert complaints(encoded(*drafts)) == []


@pytest.mark.parametrize(
    ("drafts", "index", "said"),
    [
        (
            [START, intent(1), outcome(1, 2)],
            2,
            "an outcome without an open intent",
        ),  # another request's
        ([START, intent(1), outcome(1, 1), outcome(1, 1)], 3, "an outcome without an open intent"),
        ([hold("placed")], 0, "begin with a boot record"),
        ([START, run_records.shutdown(reason="stop"), prune(0)], 2, "begin with a boot record"),
        ([START, prune(256)], 1, "were not written yet"),
        ([START, prune(-256)], 1, "were not written yet"),
        ([START, hold("placed"), prune(0)], 2, "while a legal hold was in place: case-1"),
    ],
)
def test_what_contradicts_another_record_is_named(drafts: list[Draft], index: int, said: str) -> None:
    [(found, what)] = complaints(encoded(*drafts))
    assert found == index
    assert said in what


@pytest.mark.parametrize(("size", "problems"), [(255, []), (256, [(255, "the tile is missing or cut")])])
def test_only_a_checkpoint_of_pruned_records_may_lack_its_tiles(
    size: int, problems: list[tuple[int, str]]
) -> None:
    checkpoint = run_records.checkpoint(size=size, root="A" * 43 + "=", signature="")
    entries = encoded(prune(256), checkpoint, start=512)
    assert complaints(entries, minimum=Minimum(256, 512, entries[0])) == problems


def rotated() -> tuple[list[bytes], KeyHistory]:
    """A log whose key was rotated by record 2, with the keys as in the files beside it."""
    entries = encoded(START, intent(1), rotation_draft(signer_of(OLD), signer_of(NEW), 0, bytes(32)))
    return entries, KeyHistory(signer_of(OLD).key, (Rotation.parse(entries[2]),))


def test_a_rotation_that_the_file_has_otherwise_is_named() -> None:
    """Both versions are signed by both keys, but the log and the file must agree."""
    entries, history = rotated()
    assert complaints(entries, history) == []
    another = encoded(START, intent(1), rotation_draft(signer_of(OLD), signer_of(NEW), 0, bytes([1] * 32)))
    [(index, what)] = complaints([*entries[:2], another[2]], history)
    assert (index, what) == (2, "it is a key rotation that the file `rotations` does not have")


def test_a_rotation_that_only_the_file_has_is_named() -> None:
    entries, history = rotated()
    [(index, what)] = complaints(entries[:2], history)
    assert (index, what) == (2, "it names a key rotation that the log does not have")
