"""Runs a program under a systemd unit's system call restrictions: `confine.py UNIT PROGRAM ARGUMENT...`.

It applies `SystemCallFilter`, `SystemCallErrorNumber`, `RestrictAddressFamilies`, `RestrictNamespaces`,
`RestrictRealtime` and `MemoryDenyWriteExecute` by seccomp, as systemd does. The sets of system calls are
those that the installed `systemd-analyze` lists. It needs no root.
"""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

LIBRARY = "libseccomp.so.2"
_ALLOW = 0x7FFF0000
_ERRNO = 0x00050000
_UNKNOWN = -1  # libseccomp's number for an unknown name
_NO_NEW_PRIVILEGES = 38
_LT, _EQ, _GT, _MASKED = 2, 4, 6, 7
_CLASSES = (os.SCHED_OTHER, os.SCHED_BATCH, os.SCHED_IDLE)  # not real-time
_SHM_EXEC = 0o100000
_NAMESPACES = (0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000, 0x00020000, 0x80)


class _Comparison(ctypes.Structure):
    _fields_ = (("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64))


def available() -> bool:
    """Whether this system has the required programs and library."""
    if shutil.which("systemd-analyze") is None:
        return False
    try:
        ctypes.CDLL(LIBRARY)
    except OSError:
        return False
    return True


def settings(unit: Path, name: str) -> list[list[str]]:
    """The words of each line that sets `name`."""
    lines = unit.read_text(encoding="utf-8").splitlines()
    return [line.partition("=")[2].split() for line in lines if line.startswith(f"{name}=")]


def system_calls(unit: Path) -> set[str]:
    """The names that the unit's `SystemCallFilter` lines allow: the first line allows, `~` lines remove."""
    listed = subprocess.run(
        ["systemd-analyze", "syscall-filter", "--no-pager"], capture_output=True, text=True, check=True
    ).stdout
    sets: dict[str, list[str]] = {}
    current: list[str] = []
    for line in listed.splitlines():
        if line.startswith("@"):
            current = sets.setdefault(line.strip(), [])
        elif line.startswith("    ") and not line.lstrip().startswith("#"):
            current.append(line.strip())

    def members(name: str) -> set[str]:
        if not name.startswith("@"):
            return {name}
        return set().union(*(members(each) for each in sets[name]))

    left = members("@default")
    for words in settings(unit, "SystemCallFilter"):
        takes = words[0].startswith("~")
        named = set().union(*(members(word.removeprefix("~")) for word in words))
        left = left - named if takes else left | named
    return left


class Filter:
    """One seccomp filter; once `load`ed, it holds for this process and all its descendants."""

    def __init__(self, default: int) -> None:
        self._library = library = ctypes.CDLL(LIBRARY, use_errno=True)
        library.seccomp_init.restype = ctypes.c_void_p
        self._context = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(default)))

    def rule(self, action: int, name: str, *comparisons: tuple[int, int, int, int]) -> None:
        number = self._library.seccomp_syscall_resolve_name(name.encode())
        if number == _UNKNOWN:
            return
        array = (_Comparison * max(1, len(comparisons)))(*(_Comparison(*each) for each in comparisons))
        done = self._library.seccomp_rule_add_array(
            self._context, ctypes.c_uint32(action), number, len(comparisons), array
        )
        # A call that exists only on another architecture cannot be ruled here, nor made.
        assert done in (0, -errno.EDOM, -errno.EINVAL), (name, done)

    def load(self) -> None:
        assert self._library.seccomp_load(self._context) == 0


def forbid(unit: Path) -> None:
    """Put this process under the unit's rules permanently."""
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
    # Filters on arguments come first: the filter of names would not allow another to be loaded.
    arguments = Filter(_ALLOW)
    for (words,) in [settings(unit, "RestrictAddressFamilies")]:
        families = sorted(int(getattr(socket, word)) for word in words)
        denied = _ERRNO | errno.EAFNOSUPPORT
        arguments.rule(denied, "socket", (0, _LT, families[0], 0))
        arguments.rule(denied, "socket", (0, _GT, families[-1], 0))
        for family in set(range(families[0], families[-1])) - set(families):
            arguments.rule(denied, "socket", (0, _EQ, family, 0))
    if ["yes"] in settings(unit, "MemoryDenyWriteExecute"):
        both = mmap.PROT_WRITE | mmap.PROT_EXEC
        arguments.rule(_ERRNO | errno.EPERM, "mmap", (2, _MASKED, both, both))
        for name in ("mprotect", "pkey_mprotect"):
            arguments.rule(_ERRNO | errno.EPERM, name, (2, _MASKED, mmap.PROT_EXEC, mmap.PROT_EXEC))
        arguments.rule(_ERRNO | errno.EPERM, "shmat", (2, _MASKED, _SHM_EXEC, _SHM_EXEC))
    if ["yes"] in settings(unit, "RestrictRealtime"):
        for policy in set(range(_CLASSES[-1])) - set(_CLASSES):
            arguments.rule(_ERRNO | errno.EPERM, "sched_setscheduler", (1, _EQ, policy, 0))
        arguments.rule(_ERRNO | errno.EPERM, "sched_setscheduler", (1, _GT, _CLASSES[-1], 0))
    if ["yes"] in settings(unit, "RestrictNamespaces"):
        arguments.rule(_ERRNO | errno.ENOSYS, "clone3")  # its flags cannot be read: glibc falls back to clone
        arguments.rule(_ERRNO | errno.EPERM, "setns")
        for flag in _NAMESPACES:
            for name in ("clone", "unshare"):
                arguments.rule(_ERRNO | errno.EPERM, name, (0, _MASKED, flag, flag))
    arguments.load()
    ((code,),) = settings(unit, "SystemCallErrorNumber")
    names = Filter(_ERRNO | int(getattr(errno, code)))
    for name in sorted(system_calls(unit)):
        names.rule(_ALLOW, name)
    names.load()


def main(arguments: Iterable[str]) -> None:
    """Never returns."""
    unit, *program = arguments
    forbid(Path(unit))
    os.execv(program[0], program)  # noqa: S606  the purpose of this program


if __name__ == "__main__":
    main(sys.argv[1:])
