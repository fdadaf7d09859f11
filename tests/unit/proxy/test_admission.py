"""Each law of `shield.proxy.admission`; `test_admission_laws` tests all of them over any course of events."""

from __future__ import annotations

import pytest

from shield.config.settings_callers import Rate
from shield.domain import Shortage
from shield.errors import RateLimitedError, SaturatedError
from shield.proxy.admission import LARGE_SHARE, LONGEST_RETRY, Admission
from shield.proxy.admission_kinds import MOST_SLOTS, SLOTS
from shield.proxy.tickets import LARGE_BYTES, Bounds, Capacity, Refused, State, Terms, Ticket

MIB = 1024 * 1024


def made(
    capacity: Capacity | None = None, tenants: dict[str, Rate | None] | None = None, **terms: Terms
) -> Admission:
    admission = Admission()
    admission.configure(Bounds(capacity or Capacity(), terms or {"a": Terms()}, tenants or {}), 0.0)
    return admission


def full(admission: Admission, route: str = "a", now: float = 0.0) -> list[Ticket]:
    """Fill all slots with tickets of `route`."""
    return [admission.ask(route, "", 100, now) for _ in range(SLOTS)]


def refused(admission: Admission, route: str = "a", size: int = 100, now: float = 0.0) -> Refused:
    with pytest.raises(Refused) as caught:
        admission.ask(route, "", size, now)
    return caught.value


# 1. Capacity.


def test_with_nobody_before_it_a_request_begins_at_once() -> None:
    admission = made()
    ticket = admission.ask("a", "", 100, 0.0)
    assert ticket.state is State.WORKING
    assert (admission.in_flight, admission.room_taken, admission.inspecting) == (1, 100, 1)
    admission.inspected(ticket, 0.1)
    assert (admission.in_flight, admission.room_taken, admission.inspecting) == (1, 100, 0)
    admission.leave(ticket, 0.2)
    assert (admission.in_flight, admission.room_taken, admission.inspecting) == (0, 0, 0)


def test_beyond_the_places_requests_wait_for_one() -> None:
    admission = made(Capacity(requests=2))
    first, second = admission.ask("a", "", 1, 0.0), admission.ask("a", "", 1, 0.0)
    third = admission.ask("a", "", 1, 0.0)
    assert third.state is State.WAITING
    admission.inspected(first, 0.1)  # a slot is not a place
    assert admission.settle(0.1) == []
    admission.leave(first, 0.2)
    assert admission.settle(0.2) == [third]
    assert third.state is State.WORKING
    assert second.state is State.WORKING


@pytest.mark.parametrize(
    ("seconds", "slots"), [(0.02, SLOTS), (0.001, 10), (0.0002, 50), (1e-6, MOST_SLOTS), (5e-324, MOST_SLOTS)]
)
def test_as_many_are_under_way_as_take_ten_milliseconds_together(seconds: float, slots: int) -> None:
    admission = made()
    for _ in range(200):  # so that they determine the mean
        ticket = admission.ask("a", "", 100, 0.0)
        admission.inspected(ticket, seconds)
        admission.leave(ticket, seconds)
    working = [admission.ask("a", "", 100, 2.0) for _ in range(MOST_SLOTS + 1)]
    assert sum(it.state is State.WORKING for it in working) == slots
    assert {it.state for it in working[slots:]} == {State.QUEUED}


def test_a_slot_that_is_given_before_the_inspection_begins_is_not_taken_for_a_long_one() -> None:
    admission = made()
    for number in range(200):
        ticket = admission.ask("a", "", 100, float(number))
        admission.begins(ticket, number + 0.5)
        admission.inspected(ticket, number + 0.5001)
        admission.leave(ticket, number + 0.6)
    assert not any(admission.ask("a", "", 1, 300.0).waits for _ in range(90))


def test_beyond_the_slots_requests_wait_with_their_place() -> None:
    admission = made()
    working = full(admission)
    next_ = admission.ask("a", "", 1, 0.0)
    assert next_.state is State.QUEUED
    assert admission.in_flight == SLOTS + 1
    admission.inspected(working[0], 0.1)
    assert admission.settle(0.1) == [next_]
    assert next_.waited == pytest.approx(0.1)


def test_a_request_whose_body_is_on_its_way_takes_no_slot() -> None:
    admission = made()
    slow = [admission.ask("a", "", 100, 0.0, here=False) for _ in range(SLOTS * 2)]
    assert {ticket.state for ticket in slow} == {State.PLACED}
    assert admission.ask("a", "", 100, 0.0).state is State.WORKING
    admission.received(slow[0], 100, 1.0)
    assert slow[0].state is State.WORKING


def test_large_bodies_have_slots_and_room_of_their_own() -> None:
    admission = made(Capacity(room=4 * MIB))
    large = [admission.ask("a", "", MIB, 0.0) for _ in range(3)]
    assert admission.room_taken == 4 * MIB * LARGE_SHARE
    assert admission.ask("a", "", MIB, 0.0).state is State.WAITING
    full(admission)
    assert {ticket.state for ticket in large} == {State.WORKING}


# 2. Fairness.


def test_a_route_is_served_within_one_service_of_another_that_floods() -> None:
    admission = made(a=Terms(), b=Terms())
    working = full(admission)
    for _ in range(100):
        admission.ask("a", "", 100, 0.0)
    mine = admission.ask("b", "", 100, 0.0)
    begun: list[Ticket] = []
    for ticket in working[:2]:
        admission.inspected(ticket, 0.1)
        begun += admission.settle(0.1)
    assert mine in begun


def test_what_a_route_is_short_of_holds_up_that_route_alone() -> None:
    admission = made(a=Terms(concurrency=1), b=Terms())
    admission.ask("a", "", 100, 0.0)
    waiting = admission.ask("a", "", 100, 0.0)
    other = admission.ask("b", "", 100, 0.0)
    assert admission.settle(0.0) == [other]
    assert waiting.state is State.WAITING


def test_a_large_body_that_waits_for_room_does_not_hold_up_small_ones() -> None:
    admission = made(Capacity(room=4 * MIB))
    for _ in range(3):
        admission.ask("a", "", MIB, 0.0)
    assert admission.ask("a", "", MIB, 0.0).waits
    assert admission.ask("a", "", 100, 0.0).state is State.WORKING


def test_nobody_overtakes_a_body_that_waits_for_room() -> None:
    admission = made(Capacity(room=4 * MIB), a=Terms(), b=Terms())
    first = admission.ask("a", "", 2 * MIB, 0.0)
    second = admission.ask("a", "", 2 * MIB, 0.0)
    third = admission.ask("b", "", MIB, 0.0)  # although there would be room for it
    assert admission.settle(0.0) == []
    admission.leave(first, 0.1)
    assert admission.settle(0.1) == [second, third]


# 3. No route takes all the places.


def test_a_newcomer_finds_a_place_however_many_another_route_holds() -> None:
    admission = made(Capacity(requests=100, queued=1000), a=Terms(), b=Terms())
    held = [admission.ask("a", "", 1, 0.0) for _ in range(200)]
    for ticket in held:
        admission.inspected(ticket, 0.0)
        admission.settle(0.0)
    assert admission.of_route("a") == 75
    newcomer = admission.ask("b", "", 1, 0.0)
    assert admission.settle(0.0) == [newcomer]


def test_a_route_that_is_alone_has_all_places() -> None:
    admission = made(Capacity(requests=100, queued=1000))
    for _ in range(200):
        admission.ask("a", "", 1, 0.0)
    assert admission.in_flight == 100


# 4. Patience.


def test_which_would_wait_too_long_is_refused_at_once() -> None:
    admission = made(Capacity(patience=1.0))
    working = full(admission)
    waiting = [admission.ask("a", "", 100, 0.0) for _ in range(50)]
    now = 0.0
    for _ in range(20):  # ten a second
        now += 0.1
        admission.inspected(working.pop(0), now)
        working += admission.settle(now)
    verdict = refused(admission, now=now)
    assert verdict.shortage is Shortage.TOO_LATE
    assert isinstance(verdict.error, SaturatedError)
    assert waiting[-1].state is State.QUEUED


def test_a_line_that_does_not_move_lets_nobody_in() -> None:
    admission = made(Capacity(patience=1.0))
    full(admission)
    admission.ask("a", "", 100, 0.0)
    assert refused(admission, now=1.5).shortage is Shortage.TOO_LATE


def test_a_request_waits_no_longer_than_its_deadline_less_the_usual_service() -> None:
    admission = made(Capacity(patience=1.0), a=Terms(deadline=0.5))
    first = admission.ask("a", "", 100, 0.0)
    admission.inspected(first, 0.2)
    full(admission, now=0.2)
    assert admission.ask("a", "", 100, 0.2).due == pytest.approx(0.2 + 0.5 - 0.2)


def test_what_was_waited_for_a_place_is_not_waited_again_for_a_slot() -> None:
    admission = made(Capacity(requests=SLOTS + 1, patience=1.0))
    coming = admission.ask("a", "", 100, 0.0, here=False)  # holds a place but no slot
    working = full(admission)
    ticket = admission.ask("a", "", 100, 0.0)
    admission.leave(coming, 0.75)
    assert admission.settle(0.75) == []
    assert (ticket.state, ticket.waited) == (State.QUEUED, 0.75)
    assert ticket.due == 1.0
    admission.inspected(working[0], 0.875)
    assert admission.settle(0.875) == [ticket]
    assert ticket.waited == 0.875


def test_which_has_waited_long_enough_leaves() -> None:
    admission = made(Capacity(requests=1))
    admission.ask("a", "", 100, 0.0)
    ticket = admission.ask("a", "", 100, 0.0)
    assert ticket.due == 1.0
    assert admission.late(ticket, 1.0).shortage is Shortage.WAITED
    assert admission.waiting == 0


def test_the_queue_is_bounded() -> None:
    admission = made(Capacity(requests=1, queued=3))
    for _ in range(4):
        admission.ask("a", "", 100, 0.0)
    assert refused(admission).shortage is Shortage.QUEUE_FULL
    assert admission.waiting == 3


# 5. Room.


def test_a_chunked_body_holds_what_it_may_grow_to_until_it_was_read() -> None:
    admission = made()
    ticket = admission.ask("a", "", 10 * MIB, 0.0, here=False)
    assert admission.room_taken == 10 * MIB
    admission.received(ticket, 900, 0.1)
    assert admission.room_taken == 900
    # It counts as a usual body by now: large ones get their own room and slots.
    large = [admission.ask("a", "", LARGE_BYTES, 0.2) for _ in range(SLOTS)]
    assert {it.state for it in (ticket, *large)} == {State.WORKING}
    admission.leave(ticket, 0.3)
    assert admission.room_taken == SLOTS * LARGE_BYTES


def test_a_chunked_body_that_outgrows_a_usual_one_holds_what_it_may_grow_to() -> None:
    admission = made(Capacity(room=16 * MIB))
    first, second = (admission.ask("a", "", 1000, 0.0, here=False) for _ in range(2))
    admission.outgrows(first, 10 * MIB, 0.1)
    assert admission.room_taken == 10 * MIB + 1000
    with pytest.raises(Refused) as caught:
        admission.outgrows(second, 10 * MIB, 0.1)
    assert isinstance(caught.value.error, SaturatedError)
    assert admission.room_taken == 10 * MIB + 1000
    admission.received(first, 40_000, 0.2)
    admission.outgrows(second, 10 * MIB, 0.3)
    for ticket in (first, second):
        admission.leave(ticket, 0.4)
    assert admission.room_taken == 0


def test_a_body_that_is_larger_than_all_room_has_all_of_it() -> None:
    admission = made(Capacity(room=MIB))
    ticket = admission.ask("a", "", 50 * MIB, 0.0)
    assert ticket.state is State.WORKING
    assert admission.ask("a", "", 50 * MIB, 0.0).state is State.WAITING
    admission.leave(ticket, 0.1)
    assert len(admission.settle(0.1)) == 1


# Rates.


def test_a_route_at_its_rate_is_told_when_to_come_back() -> None:
    admission = made(a=Terms(rate=Rate(0.25, 2)), b=Terms())
    for _ in range(2):
        admission.ask("a", "", 1, 0.0)
    verdict = refused(admission)
    assert verdict.shortage is Shortage.ROUTE_RATE
    assert isinstance(verdict.error, RateLimitedError)
    assert verdict.error.retry_after == 4
    admission.ask("b", "", 1, 0.0)
    admission.ask("a", "", 1, 4.0)


def test_a_tenant_at_its_rate_is_refused_on_each_route() -> None:
    admission = made(None, {"acme": Rate(1.0), "other": None}, a=Terms(), b=Terms())
    admission.ask("a", "acme", 1, 0.0)
    with pytest.raises(Refused) as caught:
        admission.ask("b", "acme", 1, 0.0)
    assert caught.value.shortage is Shortage.TENANT_RATE
    admission.ask("b", "other", 1, 0.0)


def test_a_request_that_is_refused_for_one_rate_uses_nothing_of_the_other() -> None:
    admission = made(None, {"acme": Rate(0.1, 1), "other": None}, a=Terms(rate=Rate(0.1, 2)))
    admission.ask("a", "acme", 1, 0.0)
    with pytest.raises(Refused):
        admission.ask("a", "acme", 1, 0.0)
    admission.ask("a", "other", 1, 0.0)


# When to come back.


def test_the_refused_are_not_all_told_the_same() -> None:
    admission = made(Capacity(requests=1, queued=1))
    now = 0.0
    ticket = admission.ask("a", "", 1, now)
    for _ in range(5):  # one takes half a second
        now += 0.5
        admission.inspected(ticket, now)
        admission.leave(ticket, now)
        ticket = admission.ask("a", "", 1, now)
    admission.ask("a", "", 1, now)
    told = []
    for _ in range(2000):
        error = refused(admission, now=now).error
        assert isinstance(error, SaturatedError)
        told.append(error.retry_after)
    assert told == sorted(told)
    assert told[0] == 1
    assert told[-1] == LONGEST_RETRY
    assert len(set(told)) > 10


# A reload.


def test_other_bounds_lose_nobody_who_waits() -> None:
    admission = made(Capacity(requests=1), a=Terms())
    ticket = admission.ask("a", "", 1, 0.0)
    waiting = admission.ask("a", "", 1, 0.0)
    admission.configure(Bounds(Capacity(requests=2), {"b": Terms()}, {}), 0.1)
    assert admission.settle(0.1) == [waiting]
    admission.leave(ticket, 0.2)
    admission.leave(waiting, 0.2)
    assert admission.in_flight == 0


def test_a_bucket_is_kept_over_a_reload_unless_its_rate_is_another() -> None:
    admission = made(a=Terms(rate=Rate(1.0, 1)))
    admission.ask("a", "", 1, 0.0)
    admission.configure(Bounds(Capacity(), {"a": Terms(rate=Rate(1.0, 1))}, {}), 0.0)
    refused(admission)
    admission.configure(Bounds(Capacity(), {"a": Terms(rate=Rate(2.0, 1))}, {}), 0.0)
    admission.ask("a", "", 1, 0.0)


# All laws, over any course of events.
