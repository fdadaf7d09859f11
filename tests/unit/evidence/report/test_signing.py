from __future__ import annotations

from pathlib import Path

import pytest

from shield.audit.checkpoint import VerifierKey
from shield.errors import ConfigError, EvidenceError
from shield.evidence.report.signing import manifest_signer


def test_the_key_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    first = manifest_signer(tmp_path, "shield.example/0")
    (path,) = (tmp_path / "keys").iterdir()
    assert path.stat().st_mode & 0o077 == 0
    assert manifest_signer(tmp_path, "shield.example/0").key == first.key
    assert VerifierKey.parse(first.key.vkey).name == "shield.example/0/report"
    assert "PRIVATE" not in repr(first)


def test_a_key_that_was_given_is_used_and_a_bad_one_refused(tmp_path: Path) -> None:
    given = manifest_signer(tmp_path, "shield.example/0", b"\7" * 32)
    assert given.key == manifest_signer(tmp_path, "shield.example/0", b"\7" * 32).key
    assert not (tmp_path / "keys").exists()
    with pytest.raises(ConfigError, match=r"^--signing-key: "):
        manifest_signer(tmp_path, "shield.example/0", b"no key")


def test_where_no_key_can_be_kept_nothing_is_signed_silently(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file, not a folder")
    with pytest.raises(EvidenceError, match="give one"):
        manifest_signer(tmp_path, "shield.example/0")
