from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from shield.audit.documents import document_path, keep_documents, read_document
from shield.audit.files import FolderReader, OsFiles

TEXT = b'{"name":"support"}'
DIGEST = "sha256:" + sha256(TEXT).hexdigest()


def test_what_is_kept_is_read_again_and_sha256sum_agrees_with_its_name(tmp_path: Path) -> None:
    keep_documents(OsFiles(), tmp_path, {DIGEST: TEXT})
    assert read_document(FolderReader(tmp_path), DIGEST) == TEXT
    (path,) = (tmp_path / "documents").iterdir()
    assert path.name == f"{sha256(path.read_bytes()).hexdigest()}.json"


def test_a_document_is_written_once(tmp_path: Path) -> None:
    keep_documents(OsFiles(), tmp_path, {DIGEST: TEXT})
    path = tmp_path / document_path(DIGEST)
    before = path.stat().st_mtime_ns, path.stat().st_ino
    keep_documents(OsFiles(), tmp_path, {DIGEST: TEXT})
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == before


def test_a_document_that_was_changed_is_none_and_is_mended_by_the_next_start(tmp_path: Path) -> None:
    keep_documents(OsFiles(), tmp_path, {DIGEST: TEXT})
    (tmp_path / document_path(DIGEST)).write_bytes(b"{}")
    assert read_document(FolderReader(tmp_path), DIGEST) is None
    keep_documents(OsFiles(), tmp_path, {DIGEST: TEXT})
    assert read_document(FolderReader(tmp_path), DIGEST) == TEXT


def test_one_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert read_document(FolderReader(tmp_path), DIGEST) is None


@pytest.mark.parametrize("digest", ["", "sha256:", "sha256:../../etc/passwd", "md5:" + "a" * 64, "a" * 64])
def test_what_is_no_digest_names_no_file(tmp_path: Path, digest: str) -> None:
    with pytest.raises(ValueError):
        document_path(digest)
    assert read_document(FolderReader(tmp_path), digest) is None


def test_a_content_of_another_digest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        keep_documents(OsFiles(), tmp_path, {DIGEST: b"other"})
    assert not (tmp_path / "documents").exists()
