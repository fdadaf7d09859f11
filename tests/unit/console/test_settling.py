from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shield.audit import exchange_records
from shield.audit.record import Draft
from shield.console.feed import entries_from
from shield.console.settling import settled
from shield.evidence.reading import Entry
from tests.unit.audit.logs import basis, facts, open_log, reader_of
from tests.unit.evidence.stories import Story, Wall, tell


def marked(story: Story) -> int:
    draft = exchange_records.bypass(facts(), basis(), upstream="store", reason="deadline_exceeded")
    return story.log.append(Draft(draft.kind, {**draft.fields, "canary": True, "upstream": None}))


def taken(directory: Path, start: int = 0, limit: int = 100) -> tuple[list[bool], int]:
    """For each bypass taken, whether it is a canary's; and how many records are taken."""
    batch = settled(entries_from(reader_of(directory), start), limit)
    return [entry.is_canary for entry in batch if entry.kind == "bypass"], len(batch)


@pytest.mark.parametrize("limit", [2, 3, 100])
async def test_a_canary_is_known_by_a_record_beyond_the_batch(tmp_path: Path, limit: int) -> None:
    await tell(
        tmp_path, lambda story: (marked(story), marked(story), story.canaries([3]), story.beat("00:06:00"))
    )
    known, _ = taken(tmp_path, 2, limit)
    assert known == [False, True]


async def test_a_record_of_which_it_is_not_known_yet_is_waited_for(tmp_path: Path) -> None:
    wall = Wall()
    log = await open_log(tmp_path, clock=wall)
    story = Story(log, wall)
    story.request()
    place = marked(story)
    story.request()
    await log.checkpoint()
    assert taken(tmp_path) == ([], place)
    story.canaries([place])
    await log.checkpoint()
    known, count = taken(tmp_path)
    assert (known, count > place) == ([True], True)
    later = marked(story)
    story.beat("00:04:00")
    await log.checkpoint()
    assert taken(tmp_path, place)[1] == later - place
    story.beat("00:06:00")
    await log.checkpoint()
    assert taken(tmp_path, later)[0] == [False]
    await log.close()


async def test_what_a_killed_run_sent_is_known_at_the_next_start(tmp_path: Path) -> None:
    await tell(tmp_path, marked)
    assert taken(tmp_path)[0] == []
    await (await open_log(tmp_path, clock=Wall("00:00:01"))).close()
    assert taken(tmp_path)[0] == [False]


def test_many_marks_that_nobody_names_take_no_time_of_their_number_squared() -> None:
    def records() -> Iterator[Entry]:
        fields = {"canary": True, "upstream": None}
        for index in range(30_000):
            yield Entry(index, "intent", "2031-05-04T00:00:00.000000Z", b"", fields)

    assert settled(records(), 20_000) == []
