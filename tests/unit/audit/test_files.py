"""Reading a log's files where somebody else filled the folder: whatever is there, reading ends."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shield.audit.files import MAX_FILE_BYTES, FolderReader, OsFiles, read_regular, write_atomic


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


class Told(OsFiles):
    """Notes, in order, what was created, renamed and synced, by name."""

    def __init__(self) -> None:
        self.done: list[tuple[str, str]] = []
        self._names: dict[int, str] = {}

    def open(self, path: Path, flags: int, mode: int) -> int:
        fd = super().open(path, flags, mode)
        self._names[fd] = path.name
        return fd

    def fsync(self, fd: int) -> None:
        super().fsync(fd)
        self.done.append(("sync", self._names[fd]))

    def mkdir(self, path: Path, mode: int) -> None:
        super().mkdir(path, mode)
        self.done.append(("create", path.name))

    def rename(self, source: Path, target: Path) -> None:
        super().rename(source, target)
        self.done.append(("rename", target.name))


def test_a_new_file_and_the_folders_above_it_are_durable(tmp_path: Path) -> None:
    files = Told()
    write_atomic(files, tmp_path / "log" / "wal" / "0.wal", b"x")
    assert files.done == [
        ("create", "log"),
        ("sync", tmp_path.name),
        ("create", "wal"),
        ("sync", "log"),
        ("sync", "0.wal.tmp"),
        ("rename", "0.wal"),
        ("sync", "wal"),
    ]
