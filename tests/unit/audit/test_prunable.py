"""Which records of a log may be pruned: those before a time, by a clock that the log shows to be right."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from functools import cache

import pytest

from shield.audit.prunable import minimum_for
from shield.audit.record import rfc3339
from shield.audit.tiles import MINIMUM_PATH, bundle_path, encode_bundle
from tests.unit.audit.aging import DAY

BEFORE = "2031-05-04T00:00:00.000000Z"
OLD, YOUNG = "2031-05-03T23:59:59.999999Z", "2031-05-04T00:00:00.000001Z"
NOW = "2032-08-04T00:00:00.000000Z"
START = int(datetime.fromisoformat("2031-01-01T00:00:00Z").timestamp()) * 10**9


class Bundles:
    """A log of whole bundles of 256 records, each of the times of its list over and over."""

    def __init__(self, bundles: Iterable[list[str]], minimum: bytes | None = None) -> None:
        self._files = {bundle_path(number): _bundle(tuple(times)) for number, times in enumerate(bundles)}
        self.size = 256 * len(self._files)
        if minimum is not None:
            self._files[MINIMUM_PATH] = minimum

    def read(self, path: str) -> bytes | None:
        return self._files.get(path)

    def names(self, _path: str) -> list[str]:
        return []


@cache
def _bundle(times: tuple[str, ...]) -> bytes:
    return encode_bundle([_record(times[at % len(times)]) for at in range(256)])


def _record(time: str) -> bytes:
    head = {"version": 1, "index": 0, "kind": "heartbeat", "time": time}
    return json.dumps(head, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    ("times", "limit", "minimum"),
    [
        ((OLD, OLD), 512, 512),
        ((OLD, OLD), 511, 256),  # one record of the second is still needed
        ((OLD, OLD), 0, 0),
        ((OLD, BEFORE), 512, 256),  # not older than exactly that moment
        ((YOUNG, OLD), 512, 0),  # a clock that went back does not let a younger one be pruned
        ((OLD,), 512, 256),
    ],
)
def test_only_whole_bundles_of_older_records_go(times: tuple[str, ...], limit: int, minimum: int) -> None:
    assert minimum_for(Bundles([OLD, time] for time in times), BEFORE, limit, NOW) == minimum


def test_what_is_gone_is_not_read_again() -> None:
    prune = json.dumps({"kind": "prune", "index": 900, "minimum_index": 256}).encode()
    assert minimum_for(Bundles([[YOUNG], [OLD]], prune), BEFORE, 512, NOW) == 512


def days(first: int, last: int, step: int = 1) -> list[list[str]]:
    """Bundles of one day each, from a day after `START` to before another."""
    return [
        [rfc3339(START + day * DAY), rfc3339(START + day * DAY + DAY // 2)]
        for day in range(first, last, step)
    ]


def pruned(*parts: list[list[str]], now: str = NOW) -> int:
    """How many bundles of a log of these parts may be pruned."""
    log = Bundles(part for parts_ in parts for part in parts_)
    return minimum_for(log, BEFORE, log.size, now) // 256


AHEAD = [[rfc3339(START + 3_000 * DAY)]]
BORDER = 123
"""The day of `BEFORE`."""


def test_a_record_that_is_dated_ahead_holds_nothing_up_once_the_days_before_its_date_came_after_it() -> None:
    assert pruned(days(0, 500)) == BORDER
    assert pruned(days(0, 50), AHEAD, days(50, 500)) == BORDER + 1
    assert pruned(days(0, 50), AHEAD * 5, days(50, 90), AHEAD, days(90, 500)) == BORDER + 6
    assert pruned(AHEAD * 3, days(0, 500)) == BORDER + 3
    assert pruned(days(0, 50), [[*AHEAD[0], *days(50, 51)[0]]], days(51, 500)) == BORDER
    assert pruned(days(0, 50), days(300, 301), days(50, 500)) == BORDER + 1


def test_a_machine_that_rests_at_weekends_shows_days_enough() -> None:
    weeks = [day for week in range(0, 500, 7) for day in days(week, week + 5)]
    assert pruned(weeks[:30], AHEAD, weeks[30:]) > 80


def test_a_clock_that_was_behind_lets_nothing_be_pruned() -> None:
    """It goes on after its jump, so that the days between come before it, and not after."""
    assert pruned(days(0, 400), days(60, 90), days(400, 500)) == BORDER
    assert pruned(days(200, 400), days(100, 103), days(400, 500)) == 0
    assert pruned(days(200, 300), days(100, 103)) == 0


def test_where_the_log_does_not_show_the_days_between_nothing_is_pruned() -> None:
    assert pruned(days(0, 50), AHEAD, days(50, 500, 4)) == 50
    assert pruned(days(0, 50), AHEAD, days(50, 70), days(490, 500)) == 50


def test_what_cannot_be_read_and_a_present_clock_that_is_behind_prune_nothing() -> None:
    assert pruned(days(0, 50), [["~"]], days(50, 500)) == 50
    assert pruned(days(0, 50), [["2099-13-41T00:00:00.000000Z"]], days(50, 500), now="~") == 50
    assert pruned(days(0, 50), AHEAD, days(50, 500), now=rfc3339(START)) == 50
