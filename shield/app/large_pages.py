"""Puts what a process has loaded into large pages of memory (Linux's transparent huge pages).

An inspection walks through the detectors' tables, the model's weights and the interpreter's objects. In pages
of 4 KiB these are tens of thousands, and the processor remembers where few of them are: each of the others
takes up to four reads of memory to find, in a virtual machine many more.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

SMALL: Final = os.sysconf("SC_PAGE_SIZE")
ENTRY: Final = 8
"""Bytes of a page's entry in `/proc/self/pagemap`; the highest bit of the last one says that it is in use."""

_IN_USE: Final = 0x80
_MOST: Final = 3 / 4  # of a large page; the rest of it takes memory that was not taken before
_COLLAPSE: Final = 25  # MADV_COLLAPSE, of Linux 6.1 and later, which the `mmap` module does not name
_SETTINGS: Final = Path("/sys/kernel/mm/transparent_hugepage")


def into_large_pages() -> Iterator[None]:
    """Looks at the memory for one large page a step, and makes it one where it is mostly in use.

    What a process shares with its parent becomes its own. Where the system has no large pages, allows none or
    cannot make them at once, all stays as it is.
    """
    try:
        size = _size()
        maps = Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace")
        pages = os.open("/proc/self/pagemap", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return
    try:
        for address in places(maps, size):
            if is_in_use(lambda first, count: os.pread(pages, count, first), address, size):
                _collapse(address, size)
            yield
    finally:
        os.close(pages)


def places(maps: str, size: int) -> Iterator[int]:
    """The addresses at which large pages, of `size` bytes, fit into the process's own memory.

    `maps` is the text of `/proc/self/maps`.
    """
    for line in maps.splitlines():
        addresses, access, _, _, _, *name = line.split(maxsplit=5)
        if access == "rw-p" and (not name or name[0] == "[heap]"):
            start, end = (int(each, 16) for each in addresses.split("-"))
            yield from range(-(-start // size) * size, end - size + 1, size)


def is_in_use(read: Callable[[int, int], bytes], address: int, size: int) -> bool:
    """Whether most small pages of a large one are; `read` gives bytes of the page map from an offset."""
    entries = read(address // SMALL * ENTRY, size // SMALL * ENTRY)
    in_use = sum([entry >= _IN_USE for entry in entries[ENTRY - 1 :: ENTRY]])
    return in_use * SMALL >= size * _MOST


def _size() -> int:
    """The bytes of a large page. Raises OSError where there are none, or the system's owner wants none."""
    if "[never]" in (_SETTINGS / "enabled").read_text("ascii"):
        raise FileNotFoundError
    return int((_SETTINGS / "hpage_pmd_size").read_text("ascii"))


def _collapse(address: int, size: int) -> None:
    """Make it a large page, or leave it. The memory's content never changes, whoever owns it by now."""
    ctypes.CDLL(None).madvise(ctypes.c_void_p(address), ctypes.c_size_t(size), ctypes.c_int(_COLLAPSE))
