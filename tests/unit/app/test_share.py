from __future__ import annotations

import pytest

from shield.app.share import Share
from shield.config.settings_callers import Rate
from tests.unit.config.sample import SAMPLE, load_sample


@pytest.mark.parametrize(("whole", "count", "part"), [(512, 1, 512), (512, 3, 171), (1, 8, 1), (10, 5, 2)])
def test_a_bound_is_shared_out_rounded_up(whole: int, count: int, part: int) -> None:
    assert Share(0, count).part(whole) == part


def test_what_bounds_admission_is_shared_out() -> None:
    text = SAMPLE.replace(
        "    fields:\n", "    concurrency: 5\n    rate: {per_second: 10, burst: 3}\n    fields:\n"
    )
    whole = load_sample(text).settings
    part = Share(1, 2)(whole)
    assert part.server.max_bytes_in_flight == whole.server.max_bytes_in_flight // 2
    assert part.server.max_queued == whole.server.max_queued // 2
    assert part.server.queue_timeout == whole.server.queue_timeout
    assert (part.routes[0].concurrency, part.routes[0].rate) == (3, Rate(5.0, 2))
    assert (part.routes[1].concurrency, part.routes[1].rate) == (None, None)


def test_a_rate_without_a_burst_lets_a_second_s_worth_come_at_once() -> None:
    assert Rate(10.0).at_once == 10.0
    assert Rate(0.1).at_once == 1.0
    assert Rate(10.0, 30).at_once == 30
