"""The system calls that the log makes, behind a seam, so that tests can make each of them fail.

Guarantee of `write_atomic`: once it returned, the file has its new content and survives a power cut; where it
raised, the file is as it was.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from pathlib import Path
from typing import Protocol

FILE_MODE = 0o640
FOLDER_MODE = 0o750
SECRET_MODE = 0o600
TEMPORARY_SUFFIX = ".tmp"
MAX_FILE_BYTES = 1024 * 1024 * 1024
"""Bytes of the longest file that is read; those of a log are some 16 MiB at most."""
_LEAST_READ = 64 * 1024


class Files(Protocol):
    """What the log needs of an operating system; every method may raise `OSError`."""

    def open(self, path: Path, flags: int, mode: int) -> int: ...
    def write(self, fd: int, data: bytes | memoryview) -> int: ...
    def truncate(self, fd: int, size: int) -> None: ...
    def fdatasync(self, fd: int) -> None: ...
    def fsync(self, fd: int) -> None: ...
    def close(self, fd: int) -> None: ...
    def lock(self, fd: int) -> None: ...
    def rename(self, source: Path, target: Path) -> None: ...
    def unlink(self, path: Path) -> None: ...
    def mkdir(self, path: Path, mode: int) -> None: ...
    def rmdir(self, path: Path) -> None: ...
    def read(self, path: Path) -> bytes: ...
    def names(self, path: Path) -> list[str]: ...


class OsFiles:
    """The operating system's."""

    def open(self, path: Path, flags: int, mode: int) -> int:
        return os.open(path, flags | os.O_CLOEXEC, mode)

    def write(self, fd: int, data: bytes | memoryview) -> int:
        return os.write(fd, data)

    def truncate(self, fd: int, size: int) -> None:
        os.ftruncate(fd, size)

    def fdatasync(self, fd: int) -> None:
        os.fdatasync(fd)

    def fsync(self, fd: int) -> None:
        os.fsync(fd)

    def close(self, fd: int) -> None:
        os.close(fd)

    def lock(self, fd: int) -> None:
        """Take an exclusive lock that ends with the descriptor; `BlockingIOError` where another holds it."""
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def rename(self, source: Path, target: Path) -> None:
        source.replace(target)

    def unlink(self, path: Path) -> None:
        path.unlink()

    def mkdir(self, path: Path, mode: int) -> None:
        path.mkdir(mode)

    def rmdir(self, path: Path) -> None:
        path.rmdir()

    def read(self, path: Path) -> bytes:
        return read_regular(path)

    def names(self, path: Path) -> list[str]:
        return sorted(os.listdir(path))  # noqa: PTH208 -- names, not paths


def read_regular(path: Path) -> bytes:
    """The content of a regular file, also of one that a symbolic link names.

    Raises `OSError` for whatever else is there, and for more than `MAX_FILE_BYTES`: a folder that somebody
    else filled may hold a pipe, which would be waited for without end, a device or a huge hole in a file,
    which would fill the memory.
    """
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        status = os.fstat(fd)
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "Not a regular file", str(path))
        parts: list[bytes] = []
        length = status.st_size
        while length <= MAX_FILE_BYTES and (part := os.read(fd, max(length + 1, _LEAST_READ))):
            parts.append(part)
            length = max(length, sum(map(len, parts)))
    finally:
        os.close(fd)
    if length > MAX_FILE_BYTES:
        raise OSError(errno.EINVAL, "Longer than any file of a log", str(path))
    return parts[0] if len(parts) == 1 else b"".join(parts)


def write_all(files: Files, fd: int, data: bytes) -> None:
    """Writes all of `data`; a short write is continued, so that its cause shows as an error."""
    written = files.write(fd, data)
    if written == len(data):
        return
    view = memoryview(data)
    while written < len(data):
        more = files.write(fd, view[written:])
        if more <= 0:
            raise OSError("a write made no progress")
        written += more


def sync_folder(files: Files, folder: Path) -> None:
    """Makes the names in a folder durable."""
    fd = files.open(folder, os.O_RDONLY | os.O_DIRECTORY, 0)
    try:
        files.fsync(fd)
    finally:
        files.close(fd)


def make_folders(files: Files, folder: Path, mode: int = FOLDER_MODE, below: Path | None = None) -> None:
    """Creates a folder and those above it, durably; existing ones stay as they are.

    With `below`, only folders under that one are created: if it is missing itself, `FileNotFoundError`.
    """
    missing = []
    while not folder.exists():
        if folder == below:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))
        missing.append(folder)
        folder = folder.parent
    for path in reversed(missing):
        try:
            files.mkdir(path, mode)
        except FileExistsError:
            continue  # another worker process made it meanwhile
        sync_folder(files, path.parent)


def write_atomic(
    files: Files, path: Path, data: bytes, mode: int = FILE_MODE, *, below: Path | None = None
) -> None:
    """Writes a file under another name, syncs it, renames it, and syncs its folder; see `make_folders`."""
    make_folders(files, path.parent, below=below)
    files.rename(write_temporary(files, path, data, mode), path)
    sync_folder(files, path.parent)


def write_temporary(files: Files, path: Path, data: bytes, mode: int) -> Path:
    """Writes and syncs the content of the future `path` under a name beside it; returns that name."""
    temporary = path.with_name(path.name + TEMPORARY_SUFFIX)
    fd = files.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        write_all(files, fd, data)
        files.fsync(fd)
    finally:
        files.close(fd)
    return temporary


class FolderReader:
    """A log's folder as a `tiles.Reader`: a missing file is None, an unreadable one raises `OSError`."""

    def __init__(self, folder: Path, files: Files | None = None) -> None:
        self.folder = folder
        self._files = files or OsFiles()

    def read(self, path: str) -> bytes | None:
        try:
            return self._files.read(self.folder / path)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def names(self, path: str) -> list[str]:
        try:
            return self._files.names(self.folder / path)
        except (FileNotFoundError, NotADirectoryError):
            return []
