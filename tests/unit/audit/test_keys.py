from __future__ import annotations

import base64
import hashlib
import hmac
import stat

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from shield.audit.files import OsFiles
from shield.audit.keys import DigestKey, folder_name, load_digest_key, load_signers, parse_signing_key
from shield.config.secret import Secret
from shield.errors import ConfigError

from .logs import seeded, settings

SEED = bytes(range(32))
KEY = ed25519.Ed25519PrivateKey.from_private_bytes(SEED)


def pem(key: ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey, encryption: object = None) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "raw",
    [SEED, SEED.hex().encode(), base64.b64encode(SEED) + b"\n", pem(KEY)],
    ids=["raw", "hex", "base64", "pem"],
)
def test_forms_of_a_signing_key(raw):
    assert parse_signing_key(raw).private_bytes_raw() == SEED


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"x" * 31,
        b"zz" * 32,
        "schl\u00fcssel".encode("latin-1"),
        b"-----BEGIN PRIVATE KEY-----\nnothing\n",
        pem(rsa.generate_private_key(65537, 2048)),
        pem(KEY, BestAvailableEncryption(b"password")),
    ],
)
def test_what_is_no_signing_key_is_refused_and_not_shown(raw):
    with pytest.raises(ConfigError) as caught:
        parse_signing_key(raw)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        ("shield.example/worker-0", "shield.example+worker-0"),
        ("a/b/c", "a+b+c"),
        ("localhost:8080", "localhost:8080"),
    ],
)
def test_folder_names(origin, name):
    assert folder_name(origin) == name


@pytest.mark.parametrize(
    "origin", ["", ".", "..", "../a", "a//b", "a/", "a b", "a+b", "\u00e9", "a" * 201, "a\nb"]
)
def test_origins_that_are_refused(origin):
    with pytest.raises(ConfigError):
        folder_name(origin)


def test_keys_are_made_once_and_are_private(tmp_path):
    first = load_signers(settings(tmp_path), OsFiles(), seeded(1).randbytes, create=True)[0]
    digest = load_digest_key(settings(tmp_path), OsFiles(), seeded(2).randbytes, "2031-05")
    assert load_signers(settings(tmp_path), OsFiles(), seeded(3).randbytes, create=True)[0].key == first.key
    again = load_digest_key(settings(tmp_path), OsFiles(), seeded(4).randbytes, "2031-05")
    assert again.digest(b"body") == digest.digest(b"body")
    made = sorted((tmp_path / "keys").iterdir())
    assert [path.name for path in made] == [
        "shield.example+worker-0.digest.2031-05.key",
        "shield.example+worker-0.signing.pem",
    ]
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o600}
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_a_key_that_others_can_read_is_refused(tmp_path):
    load_signers(settings(tmp_path), OsFiles(), seeded().randbytes, create=True)[0]
    (tmp_path / "keys" / "shield.example+worker-0.signing.pem").chmod(0o640)
    with pytest.raises(ConfigError, match="chmod 600"):
        load_signers(settings(tmp_path), OsFiles(), seeded().randbytes, create=True)[0]


def test_a_lost_signing_key_is_not_replaced(tmp_path):
    with pytest.raises(ConfigError, match="is missing; restore it"):
        load_signers(settings(tmp_path), OsFiles(), seeded().randbytes, create=False)[0]


def test_configured_keys_win_and_make_no_files(tmp_path):
    chosen = settings(tmp_path, signing_key=Secret(SEED), digest_key=Secret(b"k" * 16))
    assert load_signers(chosen, OsFiles(), seeded().randbytes, create=True)[0].key.public_key == (
        KEY.public_key().public_bytes_raw()
    )
    chosen_key = load_digest_key(chosen, OsFiles(), seeded().randbytes)
    assert chosen_key.digest(b"body") == DigestKey(b"k" * 16).digest(b"body")
    assert not list(tmp_path.iterdir())


def test_a_short_digest_key_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="16 bytes"):
        load_digest_key(settings(tmp_path, digest_key=Secret(b"short")), OsFiles(), seeded().randbytes)


@pytest.mark.parametrize("size", [16, 32, 64, 65, 200])
def test_a_digest_is_an_hmac_under_a_named_key(size):
    key = DigestKey(b"k" * size)
    expected = hmac.new(b"k" * size, b"body", hashlib.sha256).hexdigest()
    assert key.digest(b"body") == f"hmac-sha256:{key.key_id}:{expected}"
    assert len(key.key_id) == 8
    assert "kkk" not in repr(key)
