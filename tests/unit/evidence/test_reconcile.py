from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from shield.audit import exchange_records
from shield.audit.record import Draft
from shield.evidence.coverage import GapReason
from shield.evidence.exceptions import find_exceptions
from shield.evidence.reading import Period, entries
from shield.evidence.reconcile import Reconciliation, reconcile
from shield.evidence.sample_pack import SampleRequest, write_sample
from tests.unit.audit.logs import basis, facts, folder_of, open_log

from .stories import Story, Wall, at, source_of, tell


def check(
    directory: Path, start: str | None = None, end: str | None = None, **options: object
) -> Reconciliation:
    period = Period(start and at(start), end and at(end))
    arguments: dict[str, object] = {"interval_us": 60_000_000, **options}
    return reconcile(source_of(directory), period, **arguments)  # type: ignore[arg-type]


def a_busy_hour(story: Story) -> None:
    story.config("start", None, "sha256:c0")
    story.beat()
    for minute in range(1, 60):
        story.wall.set(f"00:{minute:02d}:00")
        story.request()
        story.beat()
    story.request("upstream_unreachable", None)
    story.request("client_gone", 201)
    story.bypass()
    story.observe()
    story.reject("body_malformed")
    story.reject("policy_blocked", 422, blocked=True)
    story.beat()


async def test_a_busy_hour_adds_up(tmp_path):
    await tell(tmp_path, a_busy_hour)
    found = check(tmp_path)
    assert found.ok, found.problems
    counts = found.completeness
    assert (counts.requests, counts.intents, counts.bypasses, counts.rejected) == (65, 62, 1, 2)
    assert (counts.outcomes, counts.unknown, counts.open) == (63, 0, 0)
    assert (counts.blocked, counts.observed, counts.uninspected_bytes) == (1, 1, 900)
    assert counts.results == {"answered": 61, "client_gone": 1, "upstream_unreachable": 1}
    assert (counts.certain, counts.possible) == (62, 63)
    assert counts.counter_checks == 61
    assert counts.counter_mismatches == ()
    assert counts.metrics.checks == 61
    assert counts.metrics.hours == {"2031-05-04T00": (61, 65, 65)}
    assert counts.metrics.ended == {
        "redacted": 59, "observed": 1, "bypassed": 1, "blocked": 1, "rejected": 1,
        "client_gone": 1, "upstream_failed": 1,
    }  # fmt: skip
    assert found.coverage is not None
    assert found.coverage.gaps == ()
    assert found.coverage.enabled_seconds == found.coverage.seconds == 59 * 60


async def test_what_a_stop_kept_back_is_in_the_sums_and_not_told_to_be_forwarded(tmp_path):
    def acts(story: Story) -> None:
        for result, status in (("answered", 200), ("draining", None)):
            story.bypass(result=result, status=status)
            story.observe(result, status)
        story.beat()

    await tell(tmp_path, acts)
    found = check(tmp_path)
    counts = found.completeness
    assert found.ok, found.problems
    assert (counts.intents, counts.bypasses, counts.observed) == (2, 2, 2)
    assert counts.unsent == {"bypass": 1, "observe": 1}
    assert counts.uninspected_bytes == 900
    assert (counts.certain, counts.possible) == (2, 2)


@pytest.mark.parametrize(
    ("start", "end", "requests"),
    [(None, "00:10:00", 10), ("00:10:00", "00:10:00", 1), ("00:10:01", "00:10:59", 0), ("00:59:00", None, 7)],
)
async def test_each_request_is_in_one_period(tmp_path, start, end, requests):
    await tell(tmp_path, a_busy_hour)
    found = check(tmp_path, start, end)
    assert found.ok
    assert found.completeness.requests == requests


async def test_an_outcome_counts_in_the_period_of_its_intent(tmp_path):
    def across(story: Story) -> None:
        index = story.request("")
        story.wall.set("00:01:00")
        story.finish(index)

    await tell(tmp_path, across)
    assert check(tmp_path, None, "00:00:30").completeness.outcomes == 1
    assert check(tmp_path, "00:00:30", None).completeness.outcomes == 0


async def test_what_a_crash_left_open_is_unknown_and_adds_up(tmp_path):
    wall = Wall()
    log = await open_log(tmp_path, clock=wall)
    story = Story(log, wall)
    story.request()
    story.request("")
    await log.checkpoint()
    shutil.copytree(tmp_path, tmp_path / "crashed")  # as the disk was at that instant
    await log.close()

    crashed = check(tmp_path / "crashed")
    assert not crashed.ok
    assert "1 are open" in crashed.problems[0]
    assert check(tmp_path / "crashed", live=True).ok

    await tell(tmp_path / "crashed", lambda story: story.beat(), wall=Wall("00:20:00"))
    again = check(tmp_path / "crashed")
    assert again.ok, again.problems
    assert (again.completeness.outcomes, again.completeness.unknown) == (1, 1)
    assert again.coverage is not None
    [gap] = again.coverage.gaps
    assert (gap.reason, gap.seconds) == (GapReason.CRASHED, 1200)


async def test_an_open_intent_of_a_run_that_ended_never_adds_up(tmp_path):
    await tell(tmp_path, lambda story: story.request("") and None)
    assert not check(tmp_path).ok


@pytest.mark.parametrize("lost", [1, -1])
async def test_a_record_that_the_proxy_knows_and_the_log_does_not(tmp_path, lost):
    def acts(story: Story) -> None:
        story.request()
        story.beat()
        story.beat(lost=lost)

    await tell(tmp_path, acts)
    found = check(tmp_path)
    assert found.problems == (
        "the proxy's own counters differ from the log at 1 heartbeats, first at record 5",
    )


async def test_requests_in_flight_lie_between_the_counters(tmp_path):
    def acts(story: Story) -> None:
        story.started += 2  # two that are still being read
        index = story.request("")
        story.beat()
        story.finish(index)
        story.finished -= 1  # its answer is still being sent
        story.beat()

    await tell(tmp_path, acts)
    assert check(tmp_path).ok


def gaps_of(found: Reconciliation) -> list[tuple[str, float, int | None]]:
    assert found.coverage is not None
    return [(gap.reason.value, gap.seconds, gap.record) for gap in found.coverage.gaps]


async def test_every_gap_has_its_length_and_reason(tmp_path):
    def quiet(story: Story) -> None:
        story.beat("01:00:00")
        story.beat("01:02:00")  # two intervals: one beat may be missed
        story.beat("01:04:01")  # one second more is a gap

    await tell(tmp_path, quiet, wall=Wall("01:00:00"))
    await tell(tmp_path, lambda story: story.beat(), wall=Wall("01:10:00"))
    found = check(tmp_path, "00:30:00", "01:30:00")
    assert gaps_of(found) == [
        ("before_first_record", 1800, 0),
        ("silent", 121, 4),
        ("stopped", 359, 6),
        ("stopped", 1200, None),
    ]
    assert found.ok
    assert found.coverage is not None
    assert found.coverage.enabled_seconds == 3600 - 1800 - 121 - 359 - 1200
    assert check(tmp_path, max_gap=360).ok
    assert "a gap lasts 359.000 s" in check(tmp_path, max_gap=358).problems[0]


@pytest.mark.parametrize(
    ("start", "end", "gaps"),
    [
        ("01:05:00", "01:06:00", [("stopped", 60.0, 4)]),
        ("01:20:00", "01:25:00", [("stopped", 300.0, None)]),
        ("00:00:00", "00:10:00", [("before_first_record", 600.0, 0)]),
    ],
)
async def test_a_period_in_a_gap_is_all_gap(tmp_path, start, end, gaps):
    await tell(tmp_path, lambda story: story.beat(), wall=Wall("01:00:00"))
    await tell(tmp_path, lambda story: story.beat(), wall=Wall("01:10:00"))
    found = check(tmp_path, start, end)
    assert gaps_of(found) == gaps
    assert found.coverage is not None
    assert found.coverage.enabled_seconds == 0


async def test_silence_up_to_the_end_of_the_period(tmp_path):
    wall = Wall()
    log = await open_log(tmp_path, clock=wall)
    Story(log, wall).beat()
    await log.checkpoint()
    assert gaps_of(check(tmp_path, None, "00:02:00")) == []
    assert gaps_of(check(tmp_path, None, "00:03:00")) == [("after_last_record", 180, None)]
    await log.close()


async def test_a_clock_set_back_covers_nothing_twice(tmp_path):
    def acts(story: Story) -> None:
        story.beat("00:10:00")
        story.beat("00:09:00")
        story.beat("00:10:30")

    await tell(tmp_path, acts, wall=Wall("00:10:00"))
    found = check(tmp_path)
    assert found.ok
    assert found.coverage is not None
    assert (found.coverage.seconds, found.coverage.gaps) == (30, ())


def beats(*clocks: str) -> Callable[[Story], None]:
    def acts(story: Story) -> None:
        for clock in clocks:
            story.beat(clock)

    return acts


def running(hour: str, count: int) -> list[str]:
    """`count` times from the full hour on, two minutes apart."""
    return [f"{int(hour[:2]) + n // 30:02}:{n % 30 * 2:02}" for n in range(count)]


@pytest.mark.parametrize(
    ("clocks", "seconds", "gaps"),
    [
        # Set ahead and right again: the time goes on, and a later gap is seen.
        (("01:00", "20:00", "20:01", "01:02", "01:04", "01:10"), 600, [("silent", 360, 7)]),
        # Twice ahead, and right again in one step.
        (("01:00", "12:00", "20:00", "20:01", "01:03", "01:05"), 300, []),
        # Twice ahead, and back step by step.
        (("01:00", "12:00", "20:00", "20:01", "12:03", "12:04", "01:06"), 360, []),
        # It stood still for half an hour, and came up with the clock ahead.
        (("01:00", "20:00", "20:01", "01:31", "01:33"), 1980, [("silent", 1800, 3)]),
        # Set right by hand, a little too early.
        ((*running("00:00", 31), "20:00", "20:01", "00:40", "00:42", "01:02", "01:10"),
         4200, [("silent", 480, 38)]),
        # A gap in earnest; the clock is set back behind its end afterwards.
        (("01:00", *running("02:00", 30), "01:30", "03:00"), 7200, [("silent", 3600, 3)]),
    ],
    ids=["ahead and back", "twice ahead", "back in steps", "stood still", "by hand", "no jump ahead"],
)  # fmt: skip
async def test_a_jump_ahead_that_is_taken_back_is_no_gap_beyond_it(tmp_path, clocks, seconds, gaps):
    await tell(tmp_path, beats(*(f"{clock}:00" for clock in clocks)), wall=Wall(f"{clocks[0]}:00"))
    found = check(tmp_path)
    assert found.ok
    assert found.coverage is not None
    assert gaps_of(found) == gaps
    assert found.coverage.seconds == seconds


async def test_a_log_that_began_ahead_begins_where_the_clock_was_set_right(tmp_path):
    await tell(tmp_path, beats("20:01:00", "01:00:00", "01:10:00"), wall=Wall("20:00:00"))
    found = check(tmp_path, "00:59:00", "01:10:00")
    assert gaps_of(found) == [("before_first_record", 60, 0), ("silent", 600, 4)]


async def test_a_clock_set_back_behind_the_whole_log_is_behind(tmp_path):
    clocks = [*running("10:00", 35), "02:00", "02:02", "11:10"]
    await tell(tmp_path, beats(*(f"{clock}:00" for clock in clocks)), wall=Wall("10:00:00"))
    found = check(tmp_path)
    assert gaps_of(found) == []
    assert found.coverage is not None
    assert found.coverage.seconds == 70 * 60


async def test_a_changed_record_does_not_add_up(tmp_path):
    await tell(tmp_path, a_busy_hour)
    path = next((folder_of(tmp_path) / "tile" / "entries").glob("000.p/*"))
    path.write_bytes(path.read_bytes().replace(b"tickets", b"tackets", 1))
    assert any("does not verify" in problem for problem in check(tmp_path).problems)


async def test_a_log_cut_below_its_head_does_not_add_up(tmp_path):
    await tell(tmp_path, a_busy_hour)
    shutil.rmtree(folder_of(tmp_path) / "wal")
    shutil.rmtree(folder_of(tmp_path) / "tile" / "entries")
    problems = check(tmp_path).problems
    assert any("records are signed, but only 0 are there" in problem for problem in problems)


async def test_an_unreadable_record_is_counted(tmp_path):
    await tell(tmp_path, a_busy_hour)
    path = next((folder_of(tmp_path) / "tile" / "entries").glob("000.p/*"))
    path.write_bytes(path.read_bytes().replace(b'{"version"', b'["version"', 1))
    shutil.rmtree(folder_of(tmp_path) / "wal")
    found = check(tmp_path)
    assert found.completeness.misplaced == 1
    assert any("cannot be read" in problem for problem in found.problems)


async def test_reading_needs_no_write(tmp_path):
    await tell(tmp_path, a_busy_hour)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert check(tmp_path).ok
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


async def test_the_result_is_plain_data(tmp_path):
    await tell(tmp_path, a_busy_hour)
    assert dataclasses.asdict(check(tmp_path).completeness)["requests"] == 65


async def test_the_mark_of_a_canary_hides_no_request_that_went_to_an_upstream_or_that_no_run_names(tmp_path):
    """The proxy marks only what it sent to itself; a forged log may mark other requests."""

    def acts(story: Story) -> None:
        marked = []
        bypass = exchange_records.bypass(facts(), basis(), upstream="store", reason="deadline_exceeded")
        reject = exchange_records.reject(
            facts(), basis(), code="deadline_exceeded", status=503, blocked=False
        )
        for draft, upstream in (
            (bypass, "store"),
            (bypass, None),
            (bypass, None),
            (reject, None),
            (reject, None),
        ):
            marked.append(
                story.log.append(Draft(draft.kind, {**draft.fields, "canary": True, "upstream": upstream}))
            )
        story.canaries([*marked[:2], marked[3], 10**6])

    await tell(tmp_path, acts)
    counts = check(tmp_path, live=True).completeness
    assert (counts.requests, counts.canaries) == (5, 2)
    source = source_of(tmp_path)
    found = [it for it in find_exceptions(source.origin, entries(source.reader)) if it.request_id is not None]
    assert [(it.kinds[0], it.index) for it in found] == [("bypass", 2), ("bypass", 4), ("time_limit", 6)]
    write_sample([source], SampleRequest(Period(), 9, "seed"), tmp_path / "sample")
    assert len((tmp_path / "sample/sample.csv").read_text().splitlines()) == 4
