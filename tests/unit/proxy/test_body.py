from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from shield.errors import BodyTimeoutError, BodyTooSlowError
from shield.proxy.body import Coming, Pace


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


async def waiting(coming: Coming, seconds: float, *then: Callable[[], object]) -> None:
    """Waits for a body that does not come; `then` is called in the turn of the loop that follows."""
    async with asyncio.timeout(seconds) as limit:
        with coming.waits(limit):
            for call in then:
                asyncio.get_running_loop().call_soon(call)
            await asyncio.Event().wait()


async def test_giving_up_ends_who_waits_and_who_comes_to_wait() -> None:
    coming = Coming()
    for _ in range(2):
        with pytest.raises(TimeoutError):
            await waiting(coming, 60, coming.give_up)


async def test_a_body_whose_time_is_over_in_the_same_turn_does_not_stop_the_stop() -> None:
    """The time-out was called, and the task that it ends was not yet."""
    coming, failed = Coming(), list[object]()
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: failed.append(context))
    with pytest.raises(TimeoutError):
        await waiting(coming, 0, coming.give_up)
    assert coming.given_up
    assert not failed
