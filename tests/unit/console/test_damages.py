"""What of a log cannot be read is named, stops nothing, and is read once it is back."""

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
from shield.console.feed import Damage, entries_from, signed_size
from shield.console.index_schema import open_for_reading
from shield.console.indexing import index_logs
from shield.console.notable import Damaged
from shield.console.pages.ongoing import unread_from
from shield.console.search import Search
from shield.evidence.reading import entries
from tests.unit.audit.logs import ORIGIN, folder_of, make_log, reader_of


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20_000])


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
    # It is not taken for an index that still reads.
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
