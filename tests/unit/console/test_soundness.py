"""Each forged record is indexed or shown as unreadable, and the index continues to the end."""

from __future__ import annotations

import asyncio
from pathlib import Path

import orjson
import pytest

from shield.audit.record import Kind
from shield.console.catalogue import FOREVER, Filters
from shield.console.index_schema import open_for_reading, open_for_writing
from shield.console.indexing import index_logs
from shield.console.search import Search
from shield.console.soundness import sound
from shield.evidence.reading import Entry, entries, entry_of
from tests.unit.audit.logs import ORIGIN, reader_of
from tests.unit.evidence.hostile import hostile, write_unsigned
from tests.unit.evidence.stories import Story, tell

TOP = (FOREVER, FOREVER, FOREVER)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    """A sound record of each kind that a run writes."""

    def acts(story: Story) -> None:
        story.config("start", None, "sha256:one")
        story.beat("01:00:00")
        story.bypass()
        story.reject("route_not_found", 404)
        reduced = story.reduced()
        story.rescan(reduced, "found")
        story.read_back("match")
        story.read_back("mismatch", "different", differing=["$.a"])

    directory = tmp_path_factory.mktemp("told")
    asyncio.run(tell(directory, acts))
    kinds = {(entry.kind, entry.fields.get("result")): entry for entry in entries(reader_of(directory))}
    assert len(kinds) > 9
    return list(kinds.values())


@pytest.mark.parametrize("limit", [83, 20_000])
def test_whatever_a_record_says_the_index_goes_on(told: list[Entry], tmp_path: Path, limit: int) -> None:
    good = [entry.raw for entry in told]
    records = [*good, *hostile(told), *good]
    write_unsigned(tmp_path / "audit", records)
    index = tmp_path / "index.sqlite3"
    taken = 0
    while step := index_logs(index, [tmp_path / "audit"], limit=limit):
        taken += step
    assert taken == len(records)
    connection = open_for_reading(index)
    search = Search(connection)
    assert search.origins()[0].records == len(records)
    assert search.page(Filters(kind="unreadable")).hits
    assert search.sums.counts(Filters(), FOREVER).records > 2 * len(good)
    rows = search.notable.exceptions(0, FOREVER, TOP, len(records))
    unread = {row.place for row in rows if row.kinds == ("unreadable",)}
    assert 0 < len(unread) < len(records)
    assert not unread & {*range(len(good)), *range(len(records) - len(good), len(records))}
    kinds = tuple({entry.kind for entry in told})
    assert search.notable.events(kinds, limit=len(records))
    assert search.notable.config_before(ORIGIN, len(records)) is not None
    assert search.notable.rescan_of(ORIGIN, len(records)) is None
    assert search.notable.gaps(search.origins()[0].id, 0, FOREVER) is not None
    connection.close()


def test_sums_over_what_sqlite_keeps_in_an_integer_are_no_error(told: list[Entry], tmp_path: Path) -> None:
    write_unsigned(tmp_path / "audit", [entry.raw for entry in told])
    index = tmp_path / "index.sqlite3"
    index_logs(index, [tmp_path / "audit"])
    connection = open_for_writing(index)
    with connection:
        connection.execute("UPDATE spans SET findings = ?, uninspected = ?", (2**62, 2**62))
        connection.execute("UPDATE entity_spans SET findings = ?", (2**62,))
    counts = Search(connection).sums.counts(Filters(), FOREVER)
    connection.close()
    assert counts.findings >= 2**63 - 1
    assert counts.uninspected >= 2**63 - 1
    assert max(counts.entities.values()) >= 2**62


@pytest.mark.parametrize("number", [2**63 - 1, 2**63, 2**64 - 1])
@pytest.mark.parametrize("field", ["status", "uninspected_bytes"])
def test_a_number_that_the_index_cannot_keep_makes_a_record_unreadable(
    told: list[Entry], field: str, number: int
) -> None:
    entry = next(entry for entry in told if entry.kind == Kind.REJECT)
    made = entry_of(entry.index, orjson.dumps({**entry.fields, field: number}))
    (shown,) = sound([made], ORIGIN)
    assert (shown.kind, shown.index, shown.raw) == ("unreadable", made.index, made.raw)


def test_what_a_run_writes_is_sound(told: list[Entry]) -> None:
    assert sound(told, ORIGIN) == told
