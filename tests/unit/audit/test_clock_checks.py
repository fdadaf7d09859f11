"""A clock that was set far ahead does not end the retention of records."""

from __future__ import annotations

import pytest

from shield.audit.clock_checks import was_there_a_day_ago
from shield.audit.retention import minimum_index
from shield.audit.upkeep import RefusedError
from tests.unit.audit.aging import DAY, MAY, old_and_young, upkeep
from tests.unit.audit.logs import Clock, open_log, reader_of, write_pairs

HOUR = DAY // 24


async def test_nothing_is_pruned_by_a_clock_that_was_set_ahead_until_it_ran_for_a_day(
    tmp_path, small_segments
):
    clock = Clock(MAY)
    log = await old_and_young(tmp_path, clock)  # the second half, a year and a half ahead
    with pytest.raises(RefusedError, match="the records do not show that this clock"):
        await upkeep(log, clock).prune_by_retention(doubting=True)
    await log.close()
    log = await open_log(tmp_path, clock=clock)  # a start says nothing of the clock
    for hour in range(24):
        with pytest.raises(RefusedError):
            await upkeep(log, clock).prune_by_retention(doubting=True)
        clock.now += HOUR
        await write_pairs(log, 1, 10_000 + hour)
    await log.checkpoint()
    await upkeep(log, clock).prune_by_retention(doubting=True)
    await log.close()
    assert minimum_index(reader_of(tmp_path)) == 1280


async def test_a_clock_that_is_ahead_at_two_starts_a_day_apart_prunes_nothing(tmp_path, small_segments):
    """As one on a battery that is set right by the network, each time after a while."""
    clock = Clock(MAY)
    log = await old_and_young(tmp_path, clock)
    clock.now -= 540 * DAY
    await write_pairs(log, 300, 5_000)
    for start in (10_000, 20_000):
        clock.now += 541 * DAY + HOUR
        await write_pairs(log, 300, start)
        await log.checkpoint()
        with pytest.raises(RefusedError, match="the records do not show that this clock"):
            await upkeep(log, clock).prune_by_retention(doubting=True)
        clock.now -= 540 * DAY
        await write_pairs(log, 300, start + 5_000)
    await log.close()


@pytest.mark.parametrize("pairs", [1, 200, 1000])
@pytest.mark.parametrize("busy", [1, 300])
async def test_the_records_of_a_day_ago_are_found_among_others(tmp_path, small_segments, pairs, busy):
    clock = Clock(MAY)
    log = await open_log(tmp_path, clock=clock)
    await write_pairs(log, pairs)
    clock.now += 10 * DAY
    await write_pairs(log, busy, 5_000)
    there = clock.now
    await log.checkpoint()
    clock.now += DAY + HOUR
    await write_pairs(log, 300, 10_000)
    await log.checkpoint()
    reader, size = reader_of(tmp_path), log.signed_size
    assert was_there_a_day_ago(reader, size, there + DAY + HOUR)
    assert was_there_a_day_ago(reader, size, there + 2 * DAY - HOUR)
    assert not was_there_a_day_ago(reader, size, there + DAY - HOUR)
    assert not was_there_a_day_ago(reader, size, there + 5 * DAY)
    await log.close()


async def test_where_nothing_is_to_be_pruned_no_clock_is_doubted(tmp_path):
    clock = Clock(MAY)
    log = await open_log(tmp_path, clock=clock)
    assert "pruned 0 records" in await upkeep(log, clock).prune_by_retention(doubting=True)
    await log.close()
