"""Silence at the end of a log is a gap even before a record ends it, by the rule of `reconcile`."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from shield.console.answers import Page, RefusedError
from shield.console.catalogue import OriginState
from shield.console.index_schema import open_for_reading
from shield.console.indexing import index_logs
from shield.console.pages.exceptions import OpenCounts, ended_later, open_counts, show_exceptions, take_up
from shield.console.pages.instances import instances_of
from shield.console.pages.ongoing import ongoing_gap, unread_from
from shield.console.pages.overview import enabled_of
from shield.console.search import Search
from shield.evidence.coverage import DEFAULT_INTERVAL_US, MISSED_BEATS
from shield.evidence.instance import ALONE
from shield.evidence.reading import microseconds
from tests.unit.audit.logs import ORIGIN, reader_of
from tests.unit.evidence.stories import Story, Wall, at, tell

LAST = 1_900_000_000_000_000
LIMIT = MISSED_BEATS * DEFAULT_INTERVAL_US


def state(kind: str, last: int | None = LAST) -> OriginState:
    return OriginState(1, ORIGIN, "folder", 7, 0 if last is None else last - 1, last, kind)


@pytest.mark.parametrize(
    ("kind", "after", "reason"),
    [
        ("heartbeat", LIMIT, None),
        ("heartbeat", LIMIT + 1, "after_last_record"),
        ("shutdown", 1, "stopped"),
        ("shutdown", 0, None),
        ("shutdown", -1, None),
    ],
)
def test_it_begins_with_the_newest_record(kind: str, after: int, reason: str | None) -> None:
    gap = ongoing_gap(state(kind), LAST + after)
    assert (gap and (gap.start, gap.end, gap.reason, gap.place)) == (
        reason and (LAST, LAST + after, reason, None)
    )


@pytest.mark.parametrize("interval", [1_000_000, DEFAULT_INTERVAL_US, 3_600_000_000])
def test_it_is_a_gap_after_two_of_the_intervals_that_the_log_says(interval: int) -> None:
    lively = replace(state("heartbeat"), interval_us=interval)
    assert ongoing_gap(lively, LAST + MISSED_BEATS * interval) is None
    assert ongoing_gap(lively, LAST + MISSED_BEATS * interval + 1) is not None


def test_a_log_without_records_is_in_no_gap_of_its_own() -> None:
    assert ongoing_gap(state("", None), LAST) is None


def indexed(folder: Path) -> sqlite3.Connection:
    """The index of the logs in `folder`, all of whose records it has read."""
    index = folder / "index.sqlite3"
    while index_logs(index, [folder / "audit"]):
        pass
    return open_for_reading(index)


def test_what_the_index_has_not_read_yet_is_no_gap(tmp_path: Path) -> None:
    def acts(story: Story) -> None:
        story.beat()
        story.wall.set("03:00:00")
        story.request()
        story.beat("03:00:00")

    asyncio.run(tell(tmp_path / "audit", acts))
    index, now = tmp_path / "index.sqlite3", microseconds(at("03:00:30"))
    seen = []
    while index_logs(index, [tmp_path / "audit"], limit=1):
        connection = open_for_reading(index)
        search = Search(connection)
        (state,) = search.origins()
        call: Any = SimpleNamespace(search=search)
        enabled = enabled_of(call, ALONE, state, 0, now)
        seen.append((unread_from(state, now), ongoing_gap(state, now), [gap.reason for gap in enabled.gaps]))
        connection.close()
    first = microseconds(at("00:00:00"))
    assert seen[0] == (first, None, [])
    assert [(unread, gap and gap.reason) for unread, gap, _ in seen][-1] == (None, "stopped")
    assert seen[-1][2] == ["silent", "stopped"]
    assert not any(gap for _, gap, _ in seen[:-1])


def test_a_period_that_ends_in_a_gap_has_it_also_where_a_record_ended_it_later(tmp_path: Path) -> None:
    def acts(story: Story) -> None:
        story.beat("01:00:00")
        story.wall.set("02:30:00")
        story.bypass()

    asyncio.run(tell(tmp_path / "audit", acts, wall=Wall("01:00:00")))
    connection = indexed(tmp_path)
    call: Any = SimpleNamespace(
        search=Search(connection),
        now=lambda: microseconds(at("05:00:00")) / 1_000_000,
        desk=SimpleNamespace(log_of=lambda _: None),
    )
    # An exception's kinds are those of its record, but only the gap belongs to the period.
    (row,) = ended_later(call, ALONE, microseconds(at("01:10:00")), "")
    assert (row.kinds, row.detail, row.time) == (("gap",), "5400.000 s, silent", microseconds(at("02:30:00")))
    for end in ("00:59:59", "01:00:00", "02:30:00", "03:00:00"):
        assert ended_later(call, ALONE, microseconds(at(end)), ORIGIN) == [], end
    assert ended_later(call, ALONE, microseconds(at("01:10:00")), "nowhere") == []
    # Counts cover whole hours and include a gap once; after that the log stopped, and that gap lasts.
    for end, gaps in (("00:30:00", 0), ("01:10:00", 1), ("02:10:00", 1), ("02:30:00", 1), ("02:40:00", 2)):
        assert open_counts(call, 0, microseconds(at(end)), "").by_kind.get("gap", 0) == gaps, end
    connection.close()


def test_a_worker_that_was_replaced_while_others_served_is_no_gap(tmp_path: Path) -> None:
    first, second = (f"shield.test/worker-{number}" for number in range(2))

    def beats(*clocks: str) -> Callable[[Story], None]:
        return lambda story: [story.beat(clock) for clock in clocks] and None

    async def logs() -> None:
        await tell(tmp_path / "audit", beats("01:00:00"), wall=Wall("01:00:00"), origin=first)
        await tell(tmp_path / "audit", beats("01:02:00"), wall=Wall("01:01:00"), origin=first)
        await tell(tmp_path / "audit", beats("01:01:00", "01:02:00"), wall=Wall("01:00:00"), origin=second)

    asyncio.run(logs())
    connection = indexed(tmp_path)
    call: Any = SimpleNamespace(
        search=Search(connection),
        now=lambda: microseconds(at("01:02:00")) / 1_000_000,
        desk=SimpleNamespace(log_of=lambda _: None, registers={}),
        query={},
    )
    start, end = microseconds(at("01:00:00")), microseconds(at("01:02:00"))
    enabled = [enabled_of(call, instances_of(call), one, start, end) for one in call.search.origins()]
    assert [(one.share, one.gaps, one.bridged) for one in enabled] == [(1.0, (), 1), (1.0, (), 0)]
    assert open_counts(call, start, end, "") == OpenCounts(0, {})
    page = show_exceptions(call)
    assert isinstance(page, Page)
    (one,) = page.values["shown"]
    assert one.standing.state == "resolved"
    assert one.row.detail == f"60.000 s, stopped; the control was on through {second}"
    # After both have stopped, there is no evidence from either.
    call.now = lambda: microseconds(at("01:30:00")) / 1_000_000
    page = show_exceptions(call)
    assert isinstance(page, Page)
    assert [gap.seconds for gap in page.values["ongoing"]] == [1680.0, 1680.0]
    connection.close()


def test_an_exception_of_two_kinds_is_one(tmp_path: Path) -> None:
    def acts(story: Story) -> None:
        story.bypass("deadline_exceeded")
        story.observe()

    asyncio.run(tell(tmp_path / "audit", acts, wall=Wall("01:00:00")))
    connection = indexed(tmp_path)
    call: Any = SimpleNamespace(
        search=Search(connection),
        now=lambda: microseconds(at("01:00:00")) / 1_000_000,
        desk=SimpleNamespace(log_of=lambda _: None),
    )
    counts = open_counts(call, 0, microseconds(at("01:00:00")), "")
    connection.close()
    assert counts == OpenCounts(2, {"bypass": 1, "time_limit": 1, "observe": 1})


@pytest.mark.parametrize(
    ("receipt", "said"),
    [
        (f"{ORIGIN}#0", "is not an exception"),
        (f"{ORIGIN}#4", "is not in the index yet"),
        (f"{ORIGIN}#9999", "is not an exception"),
        (f"{ORIGIN}#{2**63}", "is not an exception"),
        (f"{ORIGIN}#{'9' * 5000}", "is not an exception"),
        ("elsewhere#9999", "is not an exception"),
        (f"{ORIGIN}#x", "is not an exception"),
    ],
)
def test_what_the_index_has_not_read_is_not_said_to_be_no_exception(
    tmp_path: Path, receipt: str, said: str
) -> None:
    asyncio.run(tell(tmp_path / "audit", Story.beat))
    index = tmp_path / "index.sqlite3"
    while index_logs(index, [tmp_path / "audit"]):
        pass
    asyncio.run(tell(tmp_path / "audit", Story.beat))
    connection = open_for_reading(index)
    log = SimpleNamespace(reader=reader_of(tmp_path / "audit"))
    call: Any = SimpleNamespace(
        search=Search(connection),
        form={"id": [receipt]},
        desk=SimpleNamespace(log_of=lambda origin: log if origin == ORIGIN else None),
    )
    with pytest.raises(RefusedError, match=said):
        take_up(call)
    connection.close()
