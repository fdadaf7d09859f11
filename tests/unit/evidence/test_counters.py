from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from shield.evidence.counters import Counted, CounterCheck
from shield.evidence.reading import Period, entries

from .stories import Story, Wall, at, source_of, tell


def counted(directory: Path, period: Period | None = None, *, minimum: int = 0) -> Counted:
    check = CounterCheck(period or Period(), minimum)
    for entry in entries(source_of(directory).reader):
        if entry.index >= minimum:
            check.take(entry)
    return check.result()


def two_hours(story: Story) -> None:
    story.beat("00:00:00")
    for minute in (10, 20, 30):
        story.wall.set(f"00:{minute}:00")
        story.request()
    story.beat("00:59:00")
    story.beat("01:00:00")
    story.reject("body_malformed")
    story.beat("01:10:00")


async def test_hours_and_days_hold_what_lies_between_heartbeats(tmp_path):
    await tell(tmp_path, two_hours)
    found = counted(tmp_path)
    assert found.differences == ()
    assert found.hours == {"2031-05-04T00": (2, 3, 3), "2031-05-04T01": (2, 1, 1)}
    assert found.by_day() == {"2031-05-04": (4, 4, 4)}
    later = counted(tmp_path, Period(at("01:00:00")))
    assert (later.checks, later.hours) == (2, {"2031-05-04T01": (2, 1, 1)})
    assert later.ended == {"rejected": 1}


async def test_what_is_in_flight_is_no_difference(tmp_path):
    def acts(story: Story) -> None:
        index = story.request("")
        story.beat("00:01:00")
        story.finish(index)  # recorded as answered while the answer still streams
        story.finished -= 1
        story.ended["redacted"] -= 1
        story.beat("00:02:00")
        story.finished += 1
        story.ended["client_gone"] += 1  # the client left in the middle of the answer
        story.beat("00:03:00")

    await tell(tmp_path, acts)
    assert counted(tmp_path).differences == ()


@pytest.mark.parametrize(
    ("miscounted", "found"),
    [
        ({"redacted": 1}, {("requests", -1), ("redacted", -1)}),
        ({"blocked": 2}, {("requests", -2), ("blocked", -2)}),
        ({"redacted": 1, "rejected": -1}, {("redacted", -1), ("rejected", 1)}),
        ({"redacted": -1}, {("requests", 1)}),
        ({"redacted": -1, "client_gone": 1}, set()),  # its answer may have broken off
        ({"redacted": -1, "blocked": 1}, {("blocked", -1)}),
    ],
)
async def test_a_difference_is_named_once_and_where_it_arose(tmp_path, miscounted, found):
    def acts(story: Story) -> None:
        story.beat("00:00:00")
        story.request()
        story.reject("body_malformed")
        story.beat("00:01:00", **miscounted)
        story.request()
        story.beat("00:02:00", **miscounted)

    await tell(tmp_path, acts)
    counts = counted(tmp_path)
    assert {(it.what, it.off_by) for it in counts.differences} == found
    assert counts.difference_count == len(found)
    assert {(it.start, it.end, it.seconds) for it in counts.differences} <= {
        (at("00:00:00"), at("00:01:00"), 60.0)
    }


async def test_each_run_counts_from_nothing_and_its_tail_is_listed(tmp_path):
    def crashes(story: Story) -> None:
        story.beat("00:01:00")
        story.wall.set("00:01:40")
        story.request()
        story.request()

    await tell(tmp_path, crashes)  # the last heartbeat was never written
    await tell(tmp_path, lambda story: story.request() and story.beat(), wall=Wall("00:05:00"))
    found = counted(tmp_path)
    assert found.differences == ()
    [tail] = found.uncounted
    assert (tail.start, tail.end, tail.seconds, tail.requests) == (at("00:01:00"), at("00:01:40"), 40.0, 2)
    assert tail.record is not None
    assert counted(tmp_path, Period(at("00:02:00"))).uncounted == ()


@pytest.mark.parametrize(("lost", "differences"), [(0, set()), (1, {("requests", -1), ("redacted", -1)})])
async def test_a_run_whose_beginning_was_pruned_is_held_to_its_first_heartbeat(tmp_path, lost, differences):
    places: list[int] = []

    def acts(story: Story) -> None:
        story.request()
        places.append(story.request())
        story.beat("00:01:00")
        story.request()
        story.beat("00:02:00", redacted=lost)

    await tell(tmp_path, acts)
    found = counted(tmp_path, minimum=places[0])
    assert found.checks == 1
    assert {(it.what, it.off_by) for it in found.differences} == differences


def test_heartbeats_that_say_nothing_of_outcomes_are_passed_over(tmp_path):
    check = CounterCheck(Period())
    assert check.result().checks == 0


ACTS: list[tuple[Callable[[Story], object], str]] = [
    (lambda story: story.request("upstream_reset", None), "upstream_failed"),
    (lambda story: story.request("outcome_unknown", None), "unavailable"),
    (lambda story: story.request("draining", None), "unavailable"),
    (lambda story: story.request("client_gone", 200), "client_gone"),
    (lambda story: story.reject("client_gone", 499), "client_gone"),
    (lambda story: story.reject("saturated", 503), "unavailable"),
    (lambda story: story.reject("upstream_unavailable", 503), "upstream_failed"),
    (lambda story: story.reject("policy_blocked", 422, blocked=True), "blocked"),
    (lambda story: story.bypass(), "bypassed"),
    (lambda story: story.observe(), "observed"),
]


@pytest.mark.parametrize(("act", "outcome"), ACTS)
async def test_records_have_the_outcome_that_the_metrics_give_them(tmp_path, act, outcome):
    await tell(tmp_path, act)
    assert counted(tmp_path).ended == {outcome: 1}
