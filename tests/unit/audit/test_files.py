"""Reading a log's files where somebody else filled the folder: whatever is there, reading ends."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shield.audit.files import MAX_FILE_BYTES, FolderReader, OsFiles, read_regular


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _hole(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)


def _folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("make", [_pipe, _device, _hole, _folder])
def test_what_is_no_file_of_a_log_is_refused_and_not_waited_for(make: object, tmp_path: Path) -> None:
    assert callable(make)
    make(tmp_path / "checkpoint")
    with pytest.raises(OSError, match="checkpoint"):
        OsFiles().read(tmp_path / "checkpoint")
    with pytest.raises(OSError, match="checkpoint"):
        FolderReader(tmp_path).read("checkpoint")


@pytest.mark.parametrize("size", [0, 1, 64 * 1024, 64 * 1024 + 1, 3_000_001])
def test_a_file_is_read_whole_also_over_a_link(size: int, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(os.urandom(size))
    (tmp_path / "link").symlink_to("file")
    assert read_regular(tmp_path / "link") == (tmp_path / "file").read_bytes()
    assert len(read_regular(tmp_path / "file")) == size
