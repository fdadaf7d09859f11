"""The files of a command that may be run by root in a folder of somebody else, such as the proxy's user.

What root writes there must be the owner's, or the proxy could not go on with it. And whoever may write in the
folder, which is all that somebody who took the proxy over has, must get nothing by it: a symbolic link where
root creates a file would have root write elsewhere, and give that away. So each call is made with the rights
of the folder's owner: the kernel judges paths by the user for file systems of a thread (setfsuid(2)), and
takes root's rights to pass over permissions away meanwhile. Rights by root's other groups stay.
"""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shield.audit.files import OsFiles, make_folders

_NOBODY = ctypes.c_uint32(-1)
"""No user: asking for it changes nothing and answers who it is now."""


def owners_files(directory: Path) -> OsFiles:
    """The files below `directory`, which is created where it is missing. Raises `OSError`."""
    make_folders(OsFiles(), directory)
    owner = directory.stat()
    if os.geteuid() != 0 or owner.st_uid == 0:
        return OsFiles()
    return OwnersFiles(owner.st_uid, owner.st_gid)


class OwnersFiles(OsFiles):
    """The operating system's, with the rights of a user and group. For a process of root."""

    def __init__(self, uid: int, gid: int) -> None:
        self._uid, self._gid = uid, gid
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

    def open(self, path: Path, flags: int, mode: int) -> int:
        with self._as_owner():
            return super().open(path, flags, mode)

    def rename(self, source: Path, target: Path) -> None:
        with self._as_owner():
            super().rename(source, target)

    def unlink(self, path: Path) -> None:
        with self._as_owner():
            super().unlink(path)

    def mkdir(self, path: Path, mode: int) -> None:
        with self._as_owner():
            super().mkdir(path, mode)

    def rmdir(self, path: Path) -> None:
        with self._as_owner():
            super().rmdir(path)

    def read(self, path: Path) -> bytes:
        with self._as_owner():
            return super().read(path)

    def names(self, path: Path) -> list[str]:
        with self._as_owner():
            return super().names(path)
