"""Tests named after the sentences at the top of `shield.proxy.endpoint_health`."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.config.settings_upstream import HealthCheck, Outlier
from shield.proxy.endpoint_health import EndpointHealth

OUTLIER = Outlier(consecutive=3, base=1.0, most=4.0)


def ejected(now: float = 0.0) -> EndpointHealth:
    health = EndpointHealth(OUTLIER, None)
    assert [health.fail(now) for _ in range(3)] == [False, False, True]
    return health


def test_it_is_ejected_after_so_many_failures_in_a_row() -> None:
    health = ejected(10.0)
    assert (health.wait(10.0), health.wait(10.75), health.wait(11.0)) == (1.0, 0.25, 0.0)


def test_an_answer_begins_the_count_anew() -> None:
    health = EndpointHealth(OUTLIER, None)
    for _ in range(5):
        assert not health.fail(0)
        assert not health.fail(0)
        assert not health.succeed()
    assert health.wait(0) == 0


def test_then_one_request_tries_it_and_the_others_wait() -> None:
    health = ejected()
    assert health.wait(1.0) == 0
    assert health.begin()
    assert health.wait(1.0) > 0
    assert health.succeed()
    assert (health.wait(1.0), health.begin()) == (0, False)


def test_each_failed_try_doubles_the_time_up_to_the_most() -> None:
    health, now = ejected(), 1.0
    for expected in (2.0, 4.0, 4.0, 4.0):
        assert health.begin()
        assert health.fail(now)
        assert health.wait(now) == expected
        now += expected


def test_after_a_success_the_time_is_short_again() -> None:
    health = ejected()
    health.begin()
    health.fail(1.0)
    health.begin()
    health.succeed()
    assert [health.fail(9.0) for _ in range(3)] == [False, False, True]
    assert health.wait(9.0) == 1.0


def test_failures_of_requests_from_before_the_ejection_change_nothing() -> None:
    health = ejected()
    assert not health.fail(0.5)
    assert health.wait(0.5) == 0.5


def test_a_try_that_tells_nothing_lets_another_try() -> None:
    health = ejected()
    health.begin()
    health.give_up()
    assert health.wait(1.0) == 0


@pytest.mark.parametrize("bad", [1, 2])
def test_fewer_bad_checks_than_configured_change_nothing(bad: int) -> None:
    health = EndpointHealth(OUTLIER, HealthCheck("/", unhealthy_after=3, healthy_after=2))
    assert not any(health.checked(ok=False) for _ in range(bad))
    assert not health.checked(ok=True)
    assert health.wait(0) == 0


def test_bad_checks_in_a_row_take_it_out_and_good_ones_bring_it_back() -> None:
    health = EndpointHealth(OUTLIER, HealthCheck("/", unhealthy_after=3, healthy_after=2))
    assert [health.checked(ok=False) for _ in range(3)] == [False, False, True]
    assert health.wait(0) == math.inf
    health.succeed()  # a request's answer is not a health check
    assert health.wait(0) == math.inf
    assert [health.checked(ok=True) for _ in range(2)] == [False, True]
    assert health.wait(0) == 0


@given(st.lists(st.sampled_from(["fail", "succeed", "begin", "give_up"]), max_size=60))
def test_no_history_keeps_it_away_for_longer_than_the_most(history: list[str]) -> None:
    health, now = EndpointHealth(OUTLIER, None), 0.0
    for event in history:
        if event == "fail":
            health.fail(now)
        elif event != "begin" or not health.wait(now):
            getattr(health, event)()
        now += 0.4
    health.give_up()
    assert health.wait(now + OUTLIER.most) == 0
