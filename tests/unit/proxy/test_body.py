from __future__ import annotations

import pytest

from shield.errors import BodyTimeoutError, BodyTooSlowError
from shield.proxy.body import Pace


@pytest.mark.parametrize(
    ("pace", "received", "due"),
    [
        (Pace(30.0), 0, 130.0),
        (Pace(30.0, min_rate=0, grace=5.0), 10**9, 130.0),
        (Pace(30.0, min_rate=100, grace=5.0), 0, 105.0),
        (Pace(30.0, min_rate=100, grace=5.0), 1000, 115.0),
        (Pace(30.0, min_rate=100, grace=5.0), 10**9, 130.0),
        (Pace(3.0, min_rate=100, grace=5.0), 0, 103.0),
    ],
)
def test_when_more_must_be_there(pace: Pace, received: int, due: float) -> None:
    assert pace.due(100.0, received) == due


@pytest.mark.parametrize(("now", "error"), [(129.9, BodyTooSlowError), (130.0, BodyTimeoutError)])
def test_what_was_missed(now: float, error: type[Exception]) -> None:
    assert type(Pace(30.0, min_rate=100, grace=5.0).missed(now, 100.0)) is error
