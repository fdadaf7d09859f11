"""Key rotations are recorded, signed by both keys, and followed by verification from any key."""

from __future__ import annotations

import base64
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shield.audit.checkpoint import CheckpointError, SignedCheckpoint, Signer, SignerError, VerifierKey
from shield.audit.external import CommandSigner
from shield.audit.files import FolderReader, OsFiles
from shield.audit.keys import signing_key_paths
from shield.audit.record import Draft, Kind
from shield.audit.rotation import Rotation, read_history, rotation_draft
from shield.audit.upkeep import RefusedError, Upkeep
from shield.audit.verify import verify_log
from shield.audit.walk import read_entries
from shield.config.secret import Secret
from shield.config.settings_audit import SignerSettings
from shield.errors import AuditUnavailableError

from .aging import records
from .logs import (
    NEW,
    OLD,
    ORIGIN,
    Clock,
    folder_of,
    intent,
    key_of,
    make_log,
    open_log,
    reader_of,
    seeded,
    signer_of,
    write_pairs,
)

LATER = 1_950_000_000_000_000_000
ROTATE_MEMBERS = ("old_vkey", "new_vkey", "size", "root", "old_signature", "new_signature", "approver")


async def test_a_configured_key_is_rotated_at_a_start_that_has_both(tmp_path):
    await make_log(tmp_path, 150, signing_key=OLD)
    log = await open_log(tmp_path, signing_key=NEW, retired_signing_key=OLD, clock=Clock(LATER))
    assert log.key == signer_of(NEW).key
    await write_pairs(log, 150)
    await log.close()
    [record] = records(tmp_path, "rotate")
    assert record["old_vkey"] == signer_of(OLD).key.vkey
    for key in (None, signer_of(OLD).key, signer_of(NEW).key):
        report = verify_log(reader_of(tmp_path), key=key)
        assert report.ok, report.problems
        assert any("rotated once" in notice for notice in report.notices)
    assert not verify_log(reader_of(tmp_path), key=signer_of(Secret(b"x" * 32)).key).ok
    # The old key is no longer needed; alone it is refused.
    log = await open_log(tmp_path, signing_key=NEW, clock=Clock(LATER + 10**15))
    await log.close()
    assert len(records(tmp_path, "rotate")) == 1


async def test_a_head_of_the_old_key_still_serves_as_a_kept_one(tmp_path):
    await make_log(tmp_path, 20, signing_key=OLD)
    kept = SignedCheckpoint.parse((folder_of(tmp_path) / "checkpoint").read_bytes())
    log = await open_log(tmp_path, signing_key=NEW, retired_signing_key=OLD, clock=Clock(LATER))
    await log.close()
    assert verify_log(reader_of(tmp_path), key=signer_of(NEW).key, since=kept).ok


async def test_a_key_of_the_folder_is_rotated_while_the_log_is_written(tmp_path):
    log = await open_log(tmp_path)
    before = log.key
    await write_pairs(log, 20)
    text = await Upkeep(log, Clock(LATER), seeded(5).randbytes).rotate("ciso@example.com")
    assert before.vkey in text
    assert log.key.vkey in text
    [rotation] = records(tmp_path, "rotate")
    assert rotation["approver"] == "ciso@example.com"
    assert log.key != before
    await write_pairs(log, 20)
    await log.close()
    present, following = signing_key_paths(tmp_path, ORIGIN)
    assert not following.exists()
    assert stat.S_IMODE(present.stat().st_mode) == 0o600
    assert verify_log(reader_of(tmp_path), key=before).ok
    assert verify_log(reader_of(tmp_path), key=key_of(tmp_path)).ok
    log = await open_log(tmp_path, clock=Clock(LATER + 10**15))
    assert log.key == key_of(tmp_path)
    await log.close()


async def test_three_keys_form_one_chain(tmp_path):
    log = await open_log(tmp_path)
    first = log.key
    for seed in (5, 6):
        await write_pairs(log, 140)
        await Upkeep(log, Clock(LATER), seeded(seed).randbytes).rotate("ciso@example.com")
    await log.close()
    history = read_history(reader_of(tmp_path))
    assert history is not None
    assert len(history.rotations) == 2
    assert history.first == first
    for key in history.keys:
        assert verify_log(reader_of(tmp_path), key=key).ok
    sizes = [link.index for link in history.rotations]
    assert [history.at(size) for size in (1, sizes[0], sizes[0] + 1, sizes[1] + 1)] == [
        history.keys[0],
        history.keys[0],
        history.keys[1],
        history.keys[2],
    ]


async def test_keys_are_rotated_under_a_clock_that_jumps(tmp_path):
    clock, day = Clock(LATER), 86_400 * 10**9
    log = await open_log(tmp_path, clock=clock)
    first = log.key
    for seed, days in enumerate((0, 400, -400, -400, 400), 5):
        clock.now += days * day
        await Upkeep(log, clock, seeded(seed).randbytes).rotate("ciso@example.com")
        await write_pairs(log, 20, 100 * seed)
    await log.close()
    report = verify_log(reader_of(tmp_path), key=first)
    assert report.ok, report.problems
    assert report.clock_jumps == 2
    clock.now -= 400 * day
    log = await open_log(tmp_path, clock=clock)
    await log.close()
    assert verify_log(reader_of(tmp_path), key=first).ok


class Stop(OsFiles):
    """Fails from the first write of a named file on, like a crash."""

    def __init__(self, name: str) -> None:
        self.name = name

    def rename(self, source, target):
        if target.name == self.name:
            raise OSError(5, "stopped")
        super().rename(source, target)


@pytest.mark.parametrize("name", ["rotations", "vkey", "checkpoint", "shield.example+worker-0.signing.pem"])
async def test_a_crash_in_a_rotation_is_taken_up_by_the_next_start(tmp_path, name):
    files = Stop("")
    log = await open_log(tmp_path, files=files)
    before = log.key
    await write_pairs(log, 20)
    files.name = name
    with pytest.raises((AuditUnavailableError, OSError)):
        await Upkeep(log, Clock(LATER), seeded(5).randbytes).rotate("ciso@example.com")
    files.name = ""
    shutil.copytree(tmp_path, tmp_path / "crashed")
    await log.close()
    report = verify_log(reader_of(tmp_path / "crashed"), key=before)
    assert report.ok, report.problems
    log = await open_log(tmp_path / "crashed", clock=Clock(LATER + 10**15))
    assert log.key != before
    await log.close()
    report = verify_log(reader_of(tmp_path / "crashed"), key=before)
    assert report.ok, report.problems
    assert len(records(tmp_path / "crashed", "rotate")) == 1
    assert not signing_key_paths(tmp_path / "crashed", ORIGIN)[1].exists()


async def rotated(directory: Path) -> Path:
    await make_log(directory, 150, signing_key=OLD)
    log = await open_log(directory, signing_key=NEW, retired_signing_key=OLD, clock=Clock(LATER))
    await write_pairs(log, 20)
    await log.close()
    return folder_of(directory)


def forged(folder: Path, **changes: object) -> None:
    record = {**json.loads((folder / "rotations").read_bytes()), **changes}
    (folder / "rotations").write_bytes(json.dumps(record, separators=(",", ":")).encode() + b"\n")


@pytest.mark.parametrize(
    ("tamper", "file"),
    [
        (lambda folder: (folder / "rotations").unlink(), "tile/entries/000"),
        (lambda folder: forged(folder, size=1), "rotations"),
        (lambda folder: forged(folder, index=3), "rotations"),
        (lambda folder: (folder / "rotations").write_bytes(b"{}\n"), "rotations"),
        (lambda folder: (folder / "vkey").write_text(signer_of(OLD).key.vkey), "checkpoint"),
    ],
)
async def test_a_changed_history_of_keys_is_named(tmp_path, tamper, file):
    folder = await rotated(tmp_path)
    tamper(folder)
    report = verify_log(FolderReader(folder))
    assert not report.ok
    assert file in {problem.file for problem in report.problems}


async def test_a_head_signed_by_the_retired_key_is_refused(tmp_path):
    folder = await rotated(tmp_path)
    head = SignedCheckpoint.parse((folder / "checkpoint").read_bytes()).checkpoint
    (folder / "checkpoint").write_text(signer_of(OLD).sign(head.size, head.root).note)
    report = verify_log(FolderReader(folder), key=signer_of(OLD).key)
    assert [problem.file for problem in report.problems] == ["checkpoint"]


async def test_a_retired_key_signs_no_other_history_for_who_kept_the_next(tmp_path):
    """A thief of the old key writes the log's end anew, and the genuine rotation beyond the head."""
    log = await open_log(tmp_path / "true", signing_key=OLD)
    await write_pairs(log, 150)
    shutil.copytree(tmp_path / "true", tmp_path / "forged")
    await log.rotate(signer_of(NEW), "ciso@example.com")
    await log.close()
    [genuine] = records(tmp_path / "true", "rotate")
    log = await open_log(tmp_path / "forged", signing_key=OLD, clock=Clock(LATER), seed=1)
    await write_pairs(log, 20, 900)
    log.append(Draft(Kind.ROTATE, {name: genuine[name] for name in ROTATE_MEMBERS}))
    await log.written()
    shutil.copytree(folder_of(tmp_path / "forged"), tmp_path / "shown")
    await log.close()
    entries = [entry for _, entry in read_entries(FolderReader(tmp_path / "shown"))]
    (tmp_path / "shown" / "rotations").write_bytes(entries[-1] + b"\n")
    (tmp_path / "shown" / "vkey").write_text(f"{genuine['new_vkey']}\n")
    report = verify_log(FolderReader(tmp_path / "shown"), key=signer_of(OLD).key)
    assert report.ok, report.problems  # who kept only the stolen key cannot tell
    report = verify_log(FolderReader(tmp_path / "shown"), key=signer_of(NEW).key)
    [problem] = report.problems
    assert problem.file == "checkpoint"
    assert "an earlier key than the one that you gave" in problem.what


def test_a_rotation_needs_both_signatures():
    old, new, thief = signer_of(OLD), signer_of(NEW), signer_of(Secret(b"t" * 32))
    fields = dict(rotation_draft(old, new, 7, bytes(32)).fields)
    good = json.dumps({"kind": "rotate", "index": 9, **fields}).encode()
    assert Rotation.parse(good).new == new.key
    stolen = dict(rotation_draft(thief, new, 7, bytes(32)).fields)
    for changes in (
        {"old_signature": stolen["old_signature"]},
        {"new_signature": fields["old_signature"]},
        {"size": 8},
        {"new_vkey": thief.key.vkey},
        {"kind": "intent"},
        {"old_vkey": 3},
    ):
        with pytest.raises(CheckpointError):
            Rotation.parse(json.dumps({"kind": "rotate", "index": 9, **fields, **changes}).encode())


def test_a_rotation_is_between_two_keys_of_one_log():
    elsewhere = Signer("shield.example/worker-1", Ed25519PrivateKey.from_private_bytes(NEW.value))
    for new in (elsewhere, signer_of(OLD)):
        fields = rotation_draft(signer_of(OLD), new, 7, bytes(32)).fields
        with pytest.raises(CheckpointError, match="two keys of one log"):
            Rotation.parse(json.dumps({"kind": "rotate", "index": 9, **fields}).encode())


class Beside:
    """The files beside a log: its key, and its rotations."""

    def __init__(self, current: Signer, *links: tuple[int, Signer, Signer]) -> None:
        lines = [
            json.dumps({"kind": "rotate", "index": at, **rotation_draft(old, new, at, bytes(32)).fields})
            for at, old, new in links
        ]
        self._files = {"vkey": current.key.vkey.encode(), "rotations": "\n".join(lines).encode()}

    def read(self, path: str) -> bytes | None:
        return self._files.get(path)

    def names(self, _path: str) -> list[str]:
        return []


def test_rotations_are_a_chain_of_keys_that_goes_on():
    first, second, third = signer_of(OLD), signer_of(NEW), signer_of(Secret(b"t" * 32))
    history = read_history(Beside(third, (9, first, second), (20, second, third)))
    assert history is not None
    assert history.keys == (first.key, second.key, third.key)
    for links in (
        [(9, first, second), (20, first, third)],  # the second key never signed its own retirement
        [(20, first, second), (9, second, third)],
        [(9, first, second), (9, second, third)],
        [(9, first, second)],  # the current key is not its last
    ):
        with pytest.raises(CheckpointError):
            read_history(Beside(third, *links))


def test_a_rotation_that_is_not_in_force_yet_is_left_out():
    first, second = signer_of(OLD), signer_of(NEW)
    history = read_history(Beside(first, (9, first, second)))
    assert history is not None
    assert history.keys == (first.key,)


# An external signer.

SCRIPT = """#!/bin/bash
set -euo pipefail
file=$(mktemp); trap 'rm -f "$file"' EXIT
cat > "$file"
openssl pkeyutl -sign -rawin -inkey "$1" -in "$file" | base64 -w0
"""


@pytest.fixture
def token(tmp_path) -> tuple[list[str], bytes]:
    """A program that signs with openssl, whose private key the shield never sees, and the public key."""
    pem = tmp_path / "token.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", pem], check=True)
    der = subprocess.run(
        ["openssl", "pkey", "-in", pem, "-pubout", "-outform", "DER"], check=True, capture_output=True
    ).stdout
    program = tmp_path / "sign"
    program.write_text(SCRIPT)
    program.chmod(0o700)
    return [str(program), str(pem)], der[-32:]


async def test_a_program_signs_and_no_private_key_is_in_the_folder(tmp_path, token):
    command, public = token
    signer = SignerSettings(tuple(command), public)
    log = await open_log(tmp_path / "audit", signer=signer)
    await write_pairs(log, 150)
    await log.close()
    assert verify_log(reader_of(tmp_path / "audit"), key=VerifierKey(ORIGIN, public)).ok
    assert not list((tmp_path / "audit" / "keys").glob("*.pem"))


async def test_a_log_goes_over_to_a_program_that_signs(tmp_path, token):
    command, public = token
    await make_log(tmp_path / "audit", 20)
    signer = SignerSettings(tuple(command), public)
    log = await open_log(tmp_path / "audit", signer=signer, clock=Clock(LATER))
    await log.close()
    assert verify_log(reader_of(tmp_path / "audit"), key=VerifierKey(ORIGIN, public)).ok
    assert len(records(tmp_path / "audit", "rotate")) == 1


async def test_while_the_signer_is_away_records_are_durable_and_the_head_waits(tmp_path, token):
    command, public = token
    told: list[str] = []
    signer = SignerSettings(tuple(command), public)
    log = await open_log(tmp_path / "audit", signer=signer, on_unsigned=told.append)
    key = Path(command[1])
    key.rename(f"{key}.away")
    index = await log.commit(intent(1))
    with pytest.raises(AuditUnavailableError, match="signer ended with code"):
        await log.checkpoint()
    assert log.healthy
    assert told == ["the signer ended with code 1"]
    assert log.signed_size <= index
    Path(f"{key}.away").rename(key)
    await log.checkpoint()
    assert log.signed_size > index
    await log.close()
    assert verify_log(reader_of(tmp_path / "audit")).ok


async def test_a_signer_that_is_away_is_not_rotated_and_the_log_goes_on(tmp_path, token):
    command, public = token
    log = await open_log(tmp_path / "audit", signer=SignerSettings(tuple(command), public))
    Path(command[1]).rename(f"{command[1]}.away")
    with pytest.raises(AuditUnavailableError, match="signer ended with code"):
        await log.rotate(signer_of(NEW), "ciso@example.com")
    Path(f"{command[1]}.away").rename(command[1])
    await log.commit(intent(1))
    await log.close()
    assert not records(tmp_path / "audit", "rotate")
    assert verify_log(reader_of(tmp_path / "audit"), key=VerifierKey(ORIGIN, public)).ok


PYTHON = sys.executable


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ([PYTHON, "-c", "raise SystemExit(3)"], "code 3"),
        ([PYTHON, "-c", "print('AAAA')"], "not a signature"),
        ([PYTHON, "-c", "print('%' * 88)"], "not a signature"),
        ([PYTHON, "-c", "import sys; sys.stdout.write('x' * 64)"], "not a signature"),
        ([PYTHON, "-c", "input(); input(); input(); import time; time.sleep(60)"], "did not answer"),
        (["/nowhere/at/all"], "cannot be run"),
    ],
)
def test_what_a_signer_can_do_wrong(command, said):
    signer = CommandSigner(signer_of(OLD).key, command, 0.5 if "sleep" in command[-1] else 30)
    with pytest.raises(SignerError, match=said):
        signer.sign_text(b"a\nb\nc\n")


async def test_a_start_without_an_answer_of_the_signer_is_refused(tmp_path):
    signer = SignerSettings((PYTHON, "-c", "raise SystemExit(3)"), signer_of(OLD).key.public_key)
    with pytest.raises(AuditUnavailableError, match="signer ended"):
        await open_log(tmp_path, signer=signer)


async def test_a_configured_key_is_not_rotated_by_order(tmp_path):
    log = await open_log(tmp_path, signing_key=OLD)
    with pytest.raises(RefusedError, match="retired_signing_key"):
        await Upkeep(log, Clock(), os.urandom).rotate("ciso@example.com")
    await log.close()


def test_a_public_key_in_base64_is_what_keys_create_prints():
    assert len(base64.b64encode(signer_of(OLD).key.public_key)) == 44
