"""Memory goes into large pages where it is the process's own and in use, and keeps its content."""

from __future__ import annotations

import mmap
from pathlib import Path

import pytest

from shield.app.large_pages import ENTRY, SMALL, into_large_pages, is_in_use, places

MiB = 1024 * 1024
SIZE = 2 * MiB
MAPS = """\
00100000-00700000 rw-p 00000000 00:00 0                                  [heap]
01000000-01100000 rw-p 00000000 00:00 0
02000000-02200000 rw-p 00000000 00:00 0
03000000-03400000 r--p 00000000 00:00 0
04000000-04400000 rw-p 00000000 fe:00 1234                               /usr/lib/a name with blanks.so
05000000-05400000 rw-s 00000000 00:00 0
06000000-06400000 rw-p 00000000 00:00 0                                  [stack]
"""


def has_large_pages() -> bool:
    enabled = Path("/sys/kernel/mm/transparent_hugepage/enabled")
    return enabled.is_file() and "[never]" not in enabled.read_text("ascii")


def test_large_pages_fit_into_memory_of_the_process_alone():
    assert list(places(MAPS, SIZE)) == [0x200000, 0x400000, 0x2000000]


@pytest.mark.parametrize(("share", "made"), [(1.0, True), (0.75, True), (0.74, False), (0.0, False)])
def test_memory_that_is_hardly_used_stays_as_it_is(share, made):
    count = SIZE // SMALL
    used = int(count * share)
    # Whether a page is in use is the highest bit of its entry; the others say other things of it.
    page_map = (
        b"\0" * (7 * count * ENTRY)
        + (b"\xff" * 7 + b"\x81") * used
        + (b"\xff" * 7 + b"\x7f") * (count - used)
    )
    assert is_in_use(lambda first, length: page_map[first : first + length], 7 * SIZE, SIZE) is made


@pytest.mark.skipif(not has_large_pages(), reason="the system has no large pages, or allows none")
def test_what_is_in_memory_stays_what_it_was():
    with mmap.mmap(-1, 4 * SIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
        content = bytes(range(256)) * (4 * SIZE // 256)
        memory[:] = content
        assert sum(1 for _ in into_large_pages()) >= 3
        assert memory[:] == content
