"""Unreadable parts of a log are named, stop nothing, and are read once they are restored."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from shield.audit.files import FolderReader, OsFiles
from shield.audit.tiles import bundle_path, decode_bundle
from shield.console.catalogue import OriginState
from shield.console.feed import Damage, entries_from, is_readable, signed_size
from shield.console.index_schema import open_for_reading
from shield.console.indexing import index_logs
from shield.console.notable import Damaged
from shield.console.pages.ongoing import unread_from
from shield.console.search import Search
from shield.evidence.reading import entries
from tests.unit.audit.logs import ORIGIN, folder_of, make_log, reader_of
from tests.unit.evidence.hostile import write_unsigned


def cut(path: Path, size: int = 20_000) -> None:
    path.write_bytes(path.read_bytes()[:size])


@pytest.mark.parametrize("harm", [Path.unlink, cut], ids=["missing", "cut"])
@pytest.mark.parametrize("limit", [100, 20_000])
async def test_what_cannot_be_read_is_named_and_what_follows_is_indexed(
    tmp_path: Path, harm: Callable[[Path], None], limit: int
) -> None:
    await make_log(tmp_path / "audit", pairs=700)
    reader = reader_of(tmp_path / "audit")
    everything = list(entries(reader))
    path = folder_of(tmp_path / "audit") / bundle_path(1)
    whole = path.read_bytes()
    harm(path)
    index = tmp_path / "index.sqlite3"

    def look() -> tuple[list[int], list[Damaged], list[OriginState]]:
        while index_logs(index, [tmp_path / "audit"], limit=limit):
            pass
        connection = open_for_reading(index)
        search = Search(connection)
        places = sorted(place for (place,) in connection.execute("SELECT place FROM records"))
        found = search.notable.damages(), search.origins()
        connection.close()
        return places, *found

    places, (damage,), (state,) = look()
    read = 0 if harm is Path.unlink else len(decode_bundle(path.read_bytes()))
    what = "missing" if harm is Path.unlink else "cut"
    assert damage == Damaged(ORIGIN, 256 + read, 512, "tile/entries/001", what)
    wanted = [it.index for it in everything if it.kind != "outcome"]
    assert places == [it for it in wanted if not damage.first <= it < damage.end]
    # It does not count as an index that is still being built.
    assert unread_from(state, 2**62) is None
    assert look() == (places, [damage], [state])
    path.write_bytes(whole)
    places, damages, (state,) = look()
    assert (places, damages) == (wanted, [])
    assert state.records == len(everything)


async def test_an_end_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    await make_log(tmp_path / "audit", pairs=300)
    folder = folder_of(tmp_path / "audit")
    size = signed_size(reader_of(tmp_path / "audit"))
    shutil.rmtree(folder / "wal")
    shutil.rmtree(folder / "tile/entries/002.p")
    index = tmp_path / "index.sqlite3"
    while index_logs(index, [tmp_path / "audit"]):
        pass
    connection = open_for_reading(index)
    search = Search(connection)
    (damage,), (state,) = search.notable.damages(), search.origins()
    connection.close()
    assert (damage.first, damage.end, damage.path) == (512, size, f"tile/entries/002.p/{size - 512}")
    assert (state.records, state.known) == (512, size)
    assert unread_from(state, 2**62) is None


async def test_a_file_that_the_system_does_not_give_is_named_with_its_error(tmp_path: Path) -> None:
    class Failing(OsFiles):
        def read(self, path: Path) -> bytes:
            if path.name == "001" and path.parent.name == "entries":
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return super().read(path)

    await make_log(tmp_path / "audit", pairs=700)
    reader = FolderReader(folder_of(tmp_path / "audit"), Failing())
    found: list[Damage] = []
    indices = [it.index for it in entries_from(reader, 0, found.append)]
    assert found == [Damage(256, 512, "tile/entries/001", "Input/output error")]
    assert indices == [it for it in range(len(indices) + 256) if not 256 <= it < 512]


async def test_the_file_that_is_looked_for_is_the_only_one_that_is_read(tmp_path: Path) -> None:
    """Else where much of a log is gone, each look reads all of what is gone as often as there are files."""
    read = list[str]()

    class Counting(OsFiles):
        def read(self, path: Path) -> bytes:
            read.append(path.name)
            return super().read(path)

    await make_log(tmp_path / "audit", pairs=700)
    folder = folder_of(tmp_path / "audit")
    damages = [Damage(256 * it, 256 * (it + 1), bundle_path(it), "missing") for it in range(1, 4)]
    for damage in damages:
        (folder / damage.path).unlink()
    reader = FolderReader(folder, Counting())
    assert [is_readable(reader, it) for it in damages] == [False] * 3
    assert read == ["001", "002", "003"]


def test_what_is_missing_beyond_the_head_is_not_passed_over(tmp_path: Path) -> None:
    good = [b'{"version":1,"index":0,"kind":"boot","time":"2031-05-04T00:00:00.000000Z"}'] * 512
    write_unsigned(tmp_path, good)
    cut(folder_of(tmp_path) / bundle_path(0), 6000)
    indices = [it.index for it in entries_from(reader_of(tmp_path), 0)]
    assert 0 < len(indices) < 256
    assert indices == list(range(len(indices)))
