"""The index has the gaps that `reconcile` has, however many records a step takes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from shield.console.index_schema import open_for_reading
from shield.console.indexing import index_logs
from shield.evidence.coverage import CoverageBuilder, GapFinder
from shield.evidence.exceptions import find_exceptions
from shield.evidence.reading import Period, entries, microseconds
from tests.unit.audit.logs import ORIGIN, reader_of
from tests.unit.evidence.stories import Story, Wall, tell

JUMPS = {
    "ahead and back": ("01:00", "20:00", "20:01", "01:02", "01:04", "01:10"),
    "twice ahead, back in steps": ("01:00", "12:00", "20:00", "20:01", "12:03", "12:04", "01:06", "01:30"),
    "stood still, came up ahead": ("01:00", "20:00", "20:01", "01:31", "01:33"),
    "began ahead": ("20:00", "20:01", "01:00", "01:10"),
    "never taken back": ("01:00", "20:00", "20:01", "20:10"),
    "a gap in earnest, then set back": (
        "01:00",
        *[f"02:{minute:02}" for minute in range(60)],
        "01:30",
        "03:30",
    ),
}


def write(directory: Path, clocks: tuple[str, ...]) -> None:
    def acts(story: Story) -> None:
        story.config("start", None, "sha256:c0")
        for clock in clocks[:-1]:
            story.beat(f"{clock}:00")
        story.config("reload", None, "sha256:c1")
        story.beat(f"{clocks[-1]}:00")

    asyncio.run(tell(directory, acts, wall=Wall(f"{clocks[0]}:00")))


@pytest.mark.parametrize("limit", [1, 3, 1000])
@pytest.mark.parametrize("jump", JUMPS)
def test_a_jump_that_was_taken_back_ends_where_reconcile_says(tmp_path: Path, jump: str, limit: int) -> None:
    write(tmp_path, JUMPS[jump])
    index = tmp_path / "index.sqlite3"
    while index_logs(index, [tmp_path], limit):
        pass
    coverage = CoverageBuilder(Period())
    for entry in entries(reader_of(tmp_path)):
        coverage.take(entry)
    covered = coverage.result()
    connection = open_for_reading(index)
    listed = connection.execute("SELECT start, finish, reason, place FROM gaps ORDER BY start").fetchall()
    assert listed == [
        (microseconds(gap.start), microseconds(gap.end), gap.reason.value, gap.record) for gap in covered.gaps
    ]
    [(first,)] = connection.execute("SELECT first_time FROM origins").fetchall()
    assert first == microseconds(covered.start)
    found = find_exceptions(ORIGIN, entries(reader_of(tmp_path)), GapFinder())
    exceptions = connection.execute("SELECT place, kinds, detail FROM exceptions ORDER BY place").fetchall()
    assert exceptions == [(it.index, " ".join(it.kinds), it.detail) for it in found]
    connection.close()
