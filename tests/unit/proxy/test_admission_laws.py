"""The laws of admission hold over any course of events."""

from __future__ import annotations

import math

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from shield.config.settings_callers import Rate
from shield.proxy.admission import LARGE_SHARE, LONGEST_RETRY, Admission
from shield.proxy.admission_kinds import MOST_SLOTS
from shield.proxy.tickets import LARGE_BYTES, Bounds, Capacity, Refused, State, Terms, Ticket

MIB = 1024 * 1024


CAPACITY = Capacity(requests=12, room=400_000, queued=6, patience=0.5)


SIZES = st.one_of(st.integers(0, 2000), st.integers(LARGE_BYTES, 500_000))


class Requests(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.admission = Admission()
        self.admission.configure(
            Bounds(
                CAPACITY,
                {
                    "a": Terms(),
                    "b": Terms(weight=3.0, concurrency=4),
                    "c": Terms(deadline=0.3, rate=Rate(20)),
                },
                {"one": None, "two": Rate(30)},
            ),
            0.0,
        )
        self.tickets: list[Ticket] = []

    def settle(self) -> None:
        for ticket in self.admission.settle(self.now):
            assert not ticket.waits
        assert self.admission.settle(self.now) == []

    @rule(seconds=st.floats(0, 0.2))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds
        for ticket in self.tickets:
            if ticket.waits and ticket.due <= self.now:
                self.admission.late(ticket, self.now)
                self.settle()

    @rule(
        route=st.sampled_from("abc"),
        tenant=st.sampled_from(("", "one", "two")),
        size=SIZES,
        here=st.booleans(),
    )
    def asks(self, route: str, tenant: str, size: int, here: bool) -> None:
        before = (self.admission.in_flight, self.admission.room_taken, self.admission.waiting)
        try:
            ticket = self.admission.ask(route, tenant, size, self.now, here=here)
        except Refused as verdict:
            assert (self.admission.in_flight, self.admission.room_taken, self.admission.waiting) == before
            seconds = getattr(verdict.error, "retry_after", 0)
            assert 1 <= seconds <= LONGEST_RETRY
            return
        self.tickets.append(ticket)
        self.settle()
        assert ticket.due <= self.now + CAPACITY.patience

    @precondition(lambda self: any(it.state is State.PLACED for it in self.tickets))
    @rule(data=st.data())
    def body_is_received(self, data: st.DataObject) -> None:
        ticket = data.draw(st.sampled_from([it for it in self.tickets if it.state is State.PLACED]))
        self.admission.received(ticket, data.draw(st.integers(0, ticket.size)), self.now)
        self.settle()

    @precondition(lambda self: any(it.state is State.PLACED for it in self.tickets))
    @rule(data=st.data())
    def body_outgrows(self, data: st.DataObject) -> None:
        ticket = data.draw(st.sampled_from([it for it in self.tickets if it.state is State.PLACED]))
        before = ticket.size, ticket.large, ticket.charge
        try:
            self.admission.outgrows(ticket, data.draw(st.integers(ticket.size, 500_000)), self.now)
        except Refused:
            assert (ticket.size, ticket.large, ticket.charge) == before
        self.settle()

    @precondition(lambda self: any(it.state is State.WORKING for it in self.tickets))
    @rule(data=st.data())
    def is_inspected(self, data: st.DataObject) -> None:
        ticket = data.draw(st.sampled_from([it for it in self.tickets if it.state is State.WORKING]))
        self.admission.inspected(ticket, self.now)
        self.settle()

    @precondition(lambda self: bool(self.tickets))
    @rule(data=st.data())
    def leaves(self, data: st.DataObject) -> None:
        ticket = data.draw(st.sampled_from(self.tickets))
        self.admission.leave(ticket, self.now)
        self.settle()

    @invariant()
    def capacity_holds(self) -> None:
        admission, placed = self.admission, [it for it in self.tickets if it.placed]
        assert admission.in_flight == len(placed) <= CAPACITY.requests
        assert admission.room_taken == sum(it.charge for it in placed) <= CAPACITY.room
        assert sum(it.charge for it in placed if it.large) <= CAPACITY.room * LARGE_SHARE
        for large in (False, True):
            assert sum(it.state is State.WORKING for it in placed if it.large is large) <= MOST_SLOTS
        assert admission.inspecting == sum(it.state is State.WORKING for it in placed)
        assert admission.waiting == sum(it.waits for it in self.tickets)
        assert admission.of_route("b") <= 4

    def teardown(self) -> None:
        for ticket in self.tickets:
            self.admission.leave(ticket, self.now)
            self.settle()
        admission = self.admission
        assert (admission.in_flight, admission.room_taken, admission.inspecting, admission.waiting) == (
            0,
            0,
            0,
            0,
        )
        assert not math.isnan(self.now)


Requests.TestCase.settings = settings(max_examples=60, stateful_step_count=60)


TestRequests = Requests.TestCase
