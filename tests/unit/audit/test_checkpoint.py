from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from shield.audit.checkpoint import Checkpoint, CheckpointError, SignedCheckpoint, Signer, VerifierKey, key_id

ROOT = bytes(range(32))


def signer(name: str = "shield.example/log", seed: int = 1) -> Signer:
    return Signer(name, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


def test_a_checkpoint_is_three_lines_a_blank_one_and_a_signature():
    signed = signer().sign(7, ROOT)
    head, _, signatures = signed.note.partition("\n\n")
    assert head.split("\n") == ["shield.example/log", "7", base64.b64encode(ROOT).decode()]
    assert signatures.startswith("\u2014 shield.example/log ")
    assert signatures.endswith("\n")
    blob = base64.b64decode(signatures.split(" ")[2])
    assert blob[:4] == key_id("shield.example/log", signer().key.public_key)
    assert len(blob) == 4 + 64


def test_a_note_of_the_signed_note_specification_verifies():
    # The example in the documentation of the Go package sumdb/note, the origin of the format.
    key = VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    assert key.key_id.hex() == "c74f20a3"
    text = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
    )
    blob = base64.b64decode(
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    )
    assert blob[:4] == key.key_id
    assert key.verify(text.encode(), blob[4:])
    assert not key.verify(text.encode() + b"x", blob[4:])


@given(st.integers(0, 10**18), st.binary(min_size=32, max_size=32))
def test_what_was_signed_parses_and_verifies(size, root):
    signed = signer().sign(size, root)
    again = SignedCheckpoint.parse(signed.note.encode())
    assert again == signed
    again.verify(signer().key)
    assert again.checkpoint == Checkpoint("shield.example/log", size, root)


@given(st.integers(0, 10_000), st.integers(0, 7))
def test_no_bit_of_a_checkpoint_can_be_flipped(place, bit):
    raw = bytearray(signer().sign(300, ROOT).note.encode())
    place %= len(raw)
    raw[place] ^= 1 << bit
    with pytest.raises(CheckpointError):
        SignedCheckpoint.parse(bytes(raw)).verify(signer().key)


@pytest.mark.parametrize(
    "other", [signer(seed=2), signer("shield.example/other"), signer("shield.example/other", 2)]
)
def test_another_key_or_origin_does_not_verify(other):
    with pytest.raises(CheckpointError):
        other.sign(3, ROOT).verify(signer().key)


def test_a_head_that_another_key_of_the_log_signed_names_that_key():
    with pytest.raises(CheckpointError, match=rf"it is signed by {signer().key.key_id.hex()}, perhaps"):
        signer().sign(7, ROOT).verify(signer(seed=2).key)


def test_signatures_of_unknown_keys_are_passed_over():
    note = signer().sign(3, ROOT).note
    witness = "\u2014 witness.example " + base64.b64encode(b"1234" + bytes(64)).decode() + "\n"
    SignedCheckpoint.parse((note + witness).encode()).verify(signer().key)


@pytest.mark.parametrize(
    "change",
    [
        lambda note: note.replace("\n3\n", "\n03\n"),
        lambda note: note.replace("\n3\n", "\n-3\n"),
        lambda note: note.replace("\n3\n", "\n"),
        lambda note: note.replace("\n\n", "\n"),
        lambda note: note[:-1],
        lambda note: note.replace("\u2014 ", "- "),
        lambda note: note.replace("\n\n", "\nextension\n\n"),
        lambda note: note.replace("shield", "shi\teld"),
        lambda note: "\n" + note,
        lambda note: note.split("\n\n", maxsplit=1)[0] + "\n\n\u2014 a AAAA\n",
        lambda note: note + "x" * 70_000,
        lambda note: "",
    ],
)
def test_what_is_not_a_checkpoint_is_refused(change):
    with pytest.raises(CheckpointError):
        SignedCheckpoint.parse(change(signer().sign(3, ROOT).note).encode())


def test_bytes_that_are_not_utf8_are_refused():
    with pytest.raises(CheckpointError):
        SignedCheckpoint.parse(b"\xff\n3\n\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000",
        "name+00000000+AQ==",
        signer().key.vkey.replace("+", "-"),
        signer().key.vkey.replace("shield", "other"),
        signer().key.vkey[:-4] + "AAA=",
    ],
)
def test_what_is_not_a_verifier_key_is_refused(text):
    with pytest.raises(CheckpointError):
        VerifierKey.parse(text)


def test_a_verifier_key_is_read_back_and_a_signer_shows_no_secret():
    key = signer().key
    assert VerifierKey.parse(key.vkey + "\n") == key
    assert repr(signer()) == f"Signer({key.vkey})"


def test_of_two_signatures_by_one_key_both_must_hold():
    good = signer().sign(7, ROOT)
    (name, blob), *_ = good.signatures
    for signatures in ((name, blob), (name, blob[:-1] + bytes([blob[-1] ^ 1]))), ((name, blob), (name, blob)):
        again = replace(good, signatures=signatures)
        if signatures[0] == signatures[1]:
            again.verify(signer().key)
        else:
            with pytest.raises(CheckpointError, match="does not hold"):
                again.verify(signer().key)
