"""The files of a command that may be run by root in a folder of somebody else, such as the proxy's user.

What root writes there must be the owner's, or the proxy could not go on with it. And whoever may write in the
folder, which is all that somebody who took the proxy over has, must get nothing by it: a symbolic link where
root creates a file would have root write elsewhere, and give that away. So each call is made with the rights
of the folder's owner: the kernel judges paths by the user for file systems of a thread (setfsuid(2)), and
takes root's rights to pass over permissions away meanwhile. Rights by root's other groups stay.

The folder itself is opened by root, and paths begin there: its owner need not be able to reach it, as with
systemd's `DynamicUser`, whose folders are below `/var/lib/private`.
"""

from __future__ import annotations

import ctypes
import errno
import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shield.audit.files import OsFiles, make_folders

_NOBODY = ctypes.c_uint32(-1)
"""No user: asking for it changes nothing and answers who it is now."""


def owners_files(directory: Path) -> OsFiles:
    """The files below `directory`, which is created where it is missing. Raises `OSError`."""
    make_folders(OsFiles(), directory)
    if os.geteuid() != 0 or directory.stat().st_uid == 0:
        return OsFiles()
    return OwnersFiles(directory)


class OwnersFiles(OsFiles):
    """The operating system's, with the rights of the owner of a folder. For a process of root."""

    def __init__(self, directory: Path) -> None:
        """Opens the folder, until the object ends. Raises `OSError`."""
        self._directory = directory
        descriptor = os.open(directory, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, descriptor)
        self._opened = Path(f"/proc/self/fd/{descriptor}")
        owner = os.fstat(descriptor)
        self._uid, self._gid = owner.st_uid, owner.st_gid
        self._libc = ctypes.CDLL(None, use_errno=True)

    @contextmanager
    def _as_owner(self) -> Iterator[None]:
        """The rights of this thread; no other thread's change."""
        try:
            self._be(self._uid, self._gid)
            yield
        finally:
            self._be(os.geteuid(), os.getegid())

    def _be(self, uid: int, gid: int) -> None:
        for change, number in ((self._libc.setfsgid, gid), (self._libc.setfsuid, uid)):
            change(ctypes.c_uint32(number))
            if change(_NOBODY) != number:  # the call itself never says that it failed
                raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    def _from_here(self, path: Path) -> Path:
        return (
            self._opened / path.relative_to(self._directory) if path.is_relative_to(self._directory) else path
        )

    def open(self, path: Path, flags: int, mode: int) -> int:
        with self._as_owner():
            return super().open(self._from_here(path), flags, mode)

    def rename(self, source: Path, target: Path) -> None:
        with self._as_owner():
            super().rename(self._from_here(source), self._from_here(target))

    def unlink(self, path: Path) -> None:
        with self._as_owner():
            super().unlink(self._from_here(path))

    def mkdir(self, path: Path, mode: int) -> None:
        with self._as_owner():
            super().mkdir(self._from_here(path), mode)

    def rmdir(self, path: Path) -> None:
        with self._as_owner():
            super().rmdir(self._from_here(path))

    def read(self, path: Path) -> bytes:
        with self._as_owner():
            return super().read(self._from_here(path))

    def names(self, path: Path) -> list[str]:
        with self._as_owner():
            return super().names(self._from_here(path))
