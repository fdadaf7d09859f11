"""The fate of writes that only patterns had inspected, worked out from the log."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from shield.evidence.exceptions import Exceptional, find_exceptions
from shield.evidence.reading import Period, entries
from shield.evidence.register import OPEN, RESOLVED, Standing, acknowledge, read_register
from shield.evidence.rescans import ReducedTally, Rescans
from tests.unit.audit.logs import ORIGIN

from .stories import Story, Wall, at, source_of, tell


def found_in(directory: Path) -> list[Exceptional]:
    records = source_of(directory).reader
    return list(find_exceptions(ORIGIN, entries(records), rescans=Rescans(lambda: entries(records))))


def standing_of(exception: Exceptional) -> Standing:
    return read_register(None).standing(exception)


def tally(directory: Path, period: Period) -> dict[str, int]:
    counts = ReducedTally(period)
    for entry in entries(source_of(directory).reader):
        counts.take(entry)
    return counts.result()


@pytest.mark.parametrize(
    ("act", "state", "detail", "counted"),
    [
        (lambda story: story.reduced(), OPEN, "patterns alone, no re-scan yet", "waiting"),
        (
            lambda story: story.rescan(story.reduced(), "found"),
            OPEN,
            "patterns alone, re-scan found PERSON 1, LOCATION 1 (record 4)",
            "found",
        ),
        (
            lambda story: story.rescan(story.reduced(), "failed", "detection_incomplete"),
            OPEN,
            "patterns alone, re-scan failed: detection_incomplete (record 4)",
            "failed",
        ),
        (
            lambda story: story.rescan(story.reduced(), "not_done", "shutdown"),
            OPEN,
            "patterns alone, re-scan not_done: shutdown (record 4)",
            "not_done",
        ),
        (
            lambda story: story.rescan(story.reduced(), "not_sent", "draining"),
            RESOLVED,
            "patterns alone, never sent (record 4)",
            "not_sent",
        ),
        (
            lambda story: story.rescan(story.reduced()),
            RESOLVED,
            "patterns alone, re-scan clean (record 4)",
            "clean",
        ),
    ],
)
async def test_a_reduced_write_is_open_unless_a_clean_rescan_names_it(
    tmp_path: Path, act: Callable[[Story], None], state: str, detail: str, counted: str
) -> None:
    await tell(tmp_path, act)
    (exception,) = found_in(tmp_path)
    assert (exception.index, exception.kinds, exception.detail) == (2, ("reduced_detection",), detail)
    standing = standing_of(exception)
    assert standing.state == state
    if state == RESOLVED:
        assert (standing.owner, standing.ticket) == ("re-scan", f"{ORIGIN}#4")
    assert tally(tmp_path, Period()) == {counted: 1}


async def test_a_bypass_that_a_stop_kept_back_is_told_to_be_never_sent(tmp_path: Path) -> None:
    """It remains an exception, as a refusal for the same reason would."""

    def act(story: Story) -> None:
        story.bypass()
        story.bypass(result="draining", status=None)
        story.bypass(result="upstream_reset", status=None)

    await tell(tmp_path, act)
    assert [(it.index, it.detail, standing_of(it).state) for it in found_in(tmp_path)] == [
        (2, "detection_incomplete", OPEN),
        (4, "detection_incomplete; never sent (record 5)", OPEN),
        (6, "detection_incomplete", OPEN),
    ]


async def test_what_was_found_once_is_not_cleared_by_another_record(tmp_path: Path) -> None:
    def act(story: Story) -> None:
        intent = story.reduced()
        story.rescan(intent, "found")
        story.rescan(intent, "clean")

    await tell(tmp_path, act)
    (exception,) = found_in(tmp_path)
    assert standing_of(exception).state == OPEN
    assert tally(tmp_path, Period()) == {"found": 1}


async def test_a_rescan_clears_nothing_that_is_an_exception_for_another_reason(tmp_path: Path) -> None:
    await tell(tmp_path, lambda story: story.rescan(story.reduced(uninspected_bytes=0), "clean"))
    wall = Wall("00:00:00")
    wall.now -= 1_000_000_000  # the clock goes back, and the first record of the next run says so
    await tell(tmp_path / "other", Story.beat)
    await tell(tmp_path / "other", lambda story: story.rescan(story.reduced(), "clean"), wall=wall)
    assert [standing_of(it).state for it in found_in(tmp_path)] == [RESOLVED]
    states = {tuple(it.kinds): standing_of(it).state for it in found_in(tmp_path / "other")}
    assert states["reduced_detection",] == RESOLVED
    assert states["clock_jump",] == OPEN


async def test_a_rescan_does_not_clear_what_else_there_is_about_the_same_record(tmp_path: Path) -> None:
    def act(story: Story) -> None:
        story.beat("00:00:30")
        story.wall.set("00:00:10")  # the clock goes back, and the record of the reduced write says so
        story.rescan(story.reduced(), "clean")

    await tell(tmp_path, act)
    (exception,) = found_in(tmp_path)
    assert exception.kinds == ("reduced_detection", "clock_jump")
    assert standing_of(exception).state == OPEN


async def test_somebody_who_took_it_up_has_the_last_word(tmp_path: Path) -> None:
    await tell(tmp_path, lambda story: story.rescan(story.reduced()))
    (exception,) = found_in(tmp_path)
    words = {"owner": "security", "ticket": "SEC-1", "note": "looked at"}
    await acknowledge(tmp_path, ORIGIN, [exception], **words, resolve=False, inspect=lambda _: ())
    standing = read_register(source_of(tmp_path, f"{ORIGIN}/register")).standing(exception)
    assert (standing.state, standing.owner) == ("acknowledged", "security")


async def test_a_rescan_after_the_period_counts_for_the_write_in_it(tmp_path: Path) -> None:
    def act(story: Story) -> None:
        story.wall.set("01:00:00")
        intent = story.reduced()
        story.wall.set("03:00:00")
        story.rescan(intent)
        story.reduced()

    await tell(tmp_path, act)
    assert tally(tmp_path, Period(None, at("02:00:00"))) == {"clean": 1}
    assert tally(tmp_path, Period(at("02:00:00"), None)) == {"waiting": 1}
    assert tally(tmp_path, Period()) == {"clean": 1, "waiting": 1}


async def test_a_log_without_reduced_writes_is_not_read_again(tmp_path: Path) -> None:
    def never() -> list[object]:
        raise AssertionError

    await tell(tmp_path, Story.request, Story.observe)
    records = entries(source_of(tmp_path).reader)
    assert [it.kinds for it in find_exceptions(ORIGIN, records, rescans=Rescans(never))] == [("observe",)]
