from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from shield.console.pages.chart import MOST_BARS, chart
from shield.console.sums import Counts

DAY = 86_400


def counts(days: int, at: dict[int, int], *, start: int = 0) -> Counts:
    """Daily sums over `days` from `start` on; `at` says how many were redacted on which day."""
    steps = {start + day * DAY: Counter(forward_redacted=count) for day, count in at.items()}
    total = Counter(forward_redacted=sum(at.values()))
    end = start + days * DAY
    return Counts(DAY, start, end, total.total(), 0, 0, total, {}, {}, {}, {}, steps)


@pytest.mark.parametrize(
    ("days", "units"), [(1, 1), (7, 1), (366, 1), (400, 1), (401, 2), (740_000, 1850), (3_650_000, 9125)]
)
def test_a_page_has_so_many_bars_whatever_the_period(days: int, units: int) -> None:
    made = chart(counts(days, dict.fromkeys(range(0, days, max(1, days // 1000)), 1), start=-719_162 * DAY))
    assert made.units == units
    assert len(made.bars) <= MOST_BARS
    assert 1 <= len(made.ticks) <= 16
    assert all(place <= 830 for place, _ in made.ticks)
    assert all(46 <= bar.x <= 900 for bar in made.bars)
    assert all(one.end <= other.start for one, other in pairwise(made.bars))


def test_no_request_is_lost_where_days_are_put_together() -> None:
    at = {0: 3, 1: 4, 2: 5, 899: 7}
    made = chart(counts(900, at))
    assert [(bar.start // DAY, bar.end // DAY, bar.whole) for bar in made.bars] == [(0, 3, 12), (897, 900, 7)]
    assert [bar.parts[0][0] for bar in made.bars] == ["forward_redacted"] * 2


def test_of_nothing_there_is_no_bar() -> None:
    made = chart(counts(7, {}))
    assert (made.bars, made.used) == ((), ())
    assert [value for _, value in made.lines] == [0, 1, 2]
