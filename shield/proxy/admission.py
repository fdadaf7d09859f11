"""Admission: decides who may begin, who waits and who is refused, before a body is read. Pure.

A request needs a *place* (one of a number of requests in flight, and room for its body) and then, once its
body has arrived, a *slot* (one of the few inspections under way). Places bound memory and what is held while
an upstream is slow. Slots are few, so that requests wait for the processor here, in a fair queue, and not
somewhere beyond control. Usual and large bodies have separate slots and room: neither waits for the other.

1. Requests and bytes in flight never exceed the capacity; inspections never exceed the slots.
2. Waiting requests are served fairly (see `fair_queue`). A limit of one route (its `concurrency`, its part of
   the places) holds up that route alone.
3. Where there are several routes and tenants, none takes all places: each may have `GREED` times what is left
   (Choudhury and Hahne, "Dynamic Queue Length Thresholds", 1998). So a newcomer finds some, however slow an
   upstream is.
4. A request waits no longer than `patience`, and no longer than its route's deadline less the usual time of
   an inspection. If at the present speed of its line it cannot be served by then, it is refused at once.
5. Room for a body is its declared length. A chunked body that has not arrived yet is counted as a usual one;
   if it outgrows that, it holds the route's limit until it is read, or is refused, so that half-received
   bodies do not wait for each other. Within its kind, no newcomer overtakes a body that waits for room.
6. A request that was refused, or has left, holds nothing.

A refusal tells when to come back. The refused are treated as a queue of their own, which moves as fast as the
real one, so that they do not all come back at once.

Times are seconds of one monotonic clock, sizes bytes. Call `settle` after anything that may let others go on.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from shield.config.settings_callers import Rate
from shield.domain import Shortage
from shield.errors import RateLimitedError, SaturatedError
from shield.proxy.admission_kinds import Kind, Line, begin, has_room, slots_of, take_room
from shield.proxy.tickets import LARGE_BYTES, Bounds, Capacity, Refused, State, Terms, Ticket
from shield.proxy.token_bucket import TokenBucket

GREED = 3
LARGE_SHARE = 0.75
"""The part of the room that is for large bodies."""
LONGEST_RETRY = 30


class Admission:
    """The state of one process. Call `configure` before use and whenever the configuration changes."""

    def __init__(self) -> None:
        self.capacity = Capacity()
        self.in_flight = 0
        self._terms: Mapping[str, Terms] = {}
        self._none = Terms()
        self._several = False
        self._by_route: dict[str, int] = {}
        self._by_flow: dict[tuple[str, str], int] = {}
        self._usual, self._large = Kind(1 - LARGE_SHARE), Kind(LARGE_SHARE)
        self._buckets: dict[tuple[Shortage, str], tuple[Rate, TokenBucket]] = {}
        self._come_back = 0.0

    def configure(self, bounds: Bounds, now: float) -> None:
        """Put other bounds in force. Requests that wait or are in flight are kept."""
        self.capacity = bounds.capacity
        for kind in (self._usual, self._large):
            kind.room = int(kind.share * bounds.capacity.room)
        self._terms = bounds.terms
        self._several = len(bounds.terms) > 1 or len(bounds.tenants) > 1
        rates = {(Shortage.ROUTE_RATE, name): it.rate for name, it in bounds.terms.items()}
        rates |= {(Shortage.TENANT_RATE, name): rate for name, rate in bounds.tenants.items()}
        known = self._buckets
        self._buckets = {}
        for key, rate in rates.items():
            if rate is not None:
                same = key in known and known[key][0] == rate
                bucket = known[key][1] if same else TokenBucket(rate.per_second, rate.at_once, now)
                self._buckets[key] = rate, bucket

    # What is taken.

    @property
    def room_taken(self) -> int:
        """Bytes of room that bodies in flight hold."""
        return self._usual.taken + self._large.taken

    @property
    def waiting_for_place(self) -> int:
        return len(self._usual.places) + len(self._large.places)

    @property
    def waiting(self) -> int:
        """How many requests wait, for a place or for a slot."""
        return self.waiting_for_place + len(self._usual.slots) + len(self._large.slots)

    @property
    def inspecting(self) -> int:
        """How many slots are taken."""
        return self._usual.working + self._large.working

    def of_route(self, route: str) -> int:
        """How many requests of a route are in flight."""
        return self._by_route.get(route, 0)

    # What a request does.

    def ask(self, route: str, tenant: str, size: int, now: float, *, here: bool = True) -> Ticket:
        """Ask to begin; afterwards the ticket waits, is placed, or (`here`: its body has arrived) is working.

        `size` is the body's size, or what it may grow to. Raises Refused.
        """
        buckets = self._buckets_of(route, tenant, now) if self._buckets else ()
        ticket = Ticket(route, tenant, size, here=here)
        ticket.since = now
        kind = self._large if ticket.large else self._usual
        # Usually nobody waits; then nothing is estimated, since this runs for every request.
        waited_for = len(kind.places)
        if waited_for or kind.slots:
            expected = self._expected(ticket, kind, now)
            if expected > self._patience(ticket):
                raise self._refused(ticket, Shortage.TOO_LATE, now, expected)
        if not waited_for and self._has_place(ticket, kind):
            self._place(ticket, kind, now)
        else:
            self._line_up(ticket, now)
        for bucket in buckets:
            bucket.take(now)
        return ticket

    def _line_up(self, ticket: Ticket, now: float) -> None:
        if self.waiting_for_place >= self.capacity.queued:
            raise self._refused(ticket, Shortage.QUEUE_FULL, now)
        ticket.due = now + self._patience(ticket)
        if ticket.due <= now:
            raise self._refused(ticket, Shortage.TOO_LATE, now)
        self._kind(ticket).places.join(ticket, now)

    def outgrows(self, ticket: Ticket, most: int, now: float) -> None:
        """The body of a placed ticket is larger than the ticket's size, and may grow to `most`.

        Raises Refused where there is no room for so many bytes; then the ticket stands as before.
        """
        before = ticket.size, ticket.large
        self._give_room(ticket)
        ticket.size, ticket.large = most, most >= LARGE_BYTES
        fits = has_room(ticket, self._kind(ticket))
        refusal = None if fits else self._refused(ticket, Shortage.TOO_LATE, now)
        if not fits:
            ticket.size, ticket.large = before
        take_room(ticket, self._kind(ticket))
        if refusal is not None:
            raise refusal

    def received(self, ticket: Ticket, size: int, now: float) -> None:
        """The body of a placed ticket has arrived, `size` bytes: it waits for a slot or is working."""
        self._give_room(ticket)
        ticket.size = size
        ticket.large = size >= LARGE_BYTES
        kind = self._kind(ticket)
        take_room(ticket, kind)
        self._want_slot(ticket, kind, now)

    def _want_slot(self, ticket: Ticket, kind: Kind, now: float) -> None:
        if not kind.slots and kind.working < kind.most:
            begin(ticket, kind, now)
            return
        ticket.state = State.QUEUED
        ticket.since = now
        ticket.due = now + self._patience(ticket)
        kind.slots.join(ticket, now)

    @staticmethod
    def begins(ticket: Ticket, now: float) -> None:
        """The inspection begins; what it waited since it got its slot does not count as service time."""
        if ticket.state is State.WORKING:
            ticket.since = now

    def inspected(self, ticket: Ticket, now: float) -> None:
        """The inspection is over, whatever its result: the slot is free."""
        if ticket.state is State.WORKING:
            kind = self._kind(ticket)
            kind.working -= 1
            kind.service.add(now - ticket.since)
            kind.most = slots_of(kind.service.value)
            ticket.state = State.DONE

    def leave(self, ticket: Ticket, now: float) -> None:
        """The request is over, or gives up waiting. A second call does nothing."""
        state = ticket.state
        if state is State.WORKING:
            self.inspected(ticket, now)
        elif state is State.WAITING:
            self._kind(ticket).places.remove(ticket.route, ticket.tenant, ticket)
        elif state is State.QUEUED:
            self._kind(ticket).slots.remove(ticket.route, ticket.tenant, ticket)
        if ticket.placed:
            ticket.placed = False
            self._give_room(ticket)
            self.in_flight -= 1
            self._by_route[ticket.route] -= 1
            self._by_flow[ticket.route, ticket.tenant] -= 1
        ticket.state = State.LEFT

    def settle(self, now: float) -> list[Ticket]:
        """Let the requests that can go on do so, in fair order; returns those whose wait is over."""
        gone_on: list[Ticket] = []
        # Letting one go on may let another pass that had to wait for it, so repeat until nothing moves.
        while self.waiting and self._settle_once(now, gone_on):
            pass
        return gone_on

    def _settle_once(self, now: float, gone_on: list[Ticket]) -> bool:
        moved = False
        for kind in (self._usual, self._large):
            while kind.slots and kind.working < kind.most:
                _, _, ticket = next(kind.slots.heads())
                self._take(kind.slots, ticket, now)
                begin(ticket, kind, now)
                gone_on.append(ticket)
                moved = True
        if self.waiting_for_place:
            for kind in sorted((self._usual, self._large), key=lambda it: it.first_came):
                while (placed := self._next_placed(kind)) is not None:
                    self._take(kind.places, placed, now)
                    self._place(placed, kind, now)
                    moved = True
                    if not placed.waits:
                        gone_on.append(placed)
        return moved

    def _next_placed(self, kind: Kind) -> Ticket | None:
        if self.in_flight >= self.capacity.requests:
            return None
        for _, _, ticket in kind.places.heads():
            if not self._may_have_more(ticket):
                continue
            return ticket if has_room(ticket, kind) else None
        return None

    def _take(self, line: Line, ticket: Ticket, now: float) -> None:
        line.take(ticket, self._terms_of(ticket).weight, now)
        ticket.waited += now - ticket.since

    # Places, room and slots.

    def _kind(self, ticket: Ticket) -> Kind:
        return self._large if ticket.large else self._usual

    def _terms_of(self, ticket: Ticket) -> Terms:
        return self._terms.get(ticket.route, self._none)  # none where a reload removed the route

    def _has_place(self, ticket: Ticket, kind: Kind) -> bool:
        return (
            self.in_flight < self.capacity.requests and self._may_have_more(ticket) and has_room(ticket, kind)
        )

    def _may_have_more(self, ticket: Ticket) -> bool:
        concurrency = self._terms_of(ticket).concurrency
        if concurrency is not None and self.of_route(ticket.route) >= concurrency:
            return False
        if not self._several:
            return True
        left = self.capacity.requests - self.in_flight
        return self._by_flow.get((ticket.route, ticket.tenant), 0) < GREED * left

    def _give_room(self, ticket: Ticket) -> None:
        self._kind(ticket).taken -= ticket.charge
        ticket.charge = 0

    def _place(self, ticket: Ticket, kind: Kind, now: float) -> None:
        self.in_flight += 1
        route, by_route, by_flow = ticket.route, self._by_route, self._by_flow
        flow = route, ticket.tenant
        by_route[route] = by_route.get(route, 0) + 1
        by_flow[flow] = by_flow.get(flow, 0) + 1
        take_room(ticket, kind)
        ticket.placed = True
        ticket.state = State.PLACED
        if ticket.here:
            self._want_slot(ticket, kind, now)

    # Estimates.

    def _patience(self, ticket: Ticket) -> float:
        """How many more seconds it may wait."""
        left = self._terms_of(ticket).deadline - self._kind(ticket).service.value
        return max(0.0, min(self.capacity.patience, left) - ticket.waited)

    def _expected(self, ticket: Ticket, kind: Kind, now: float) -> float:
        """How many seconds it will wait, at the present speed of its lines."""
        step = self._service_step(kind)
        return kind.places.wait(ticket, step, now) + kind.slots.wait(ticket, step, now)

    def _service_step(self, kind: Kind) -> float:
        """Seconds in which a line should move by one, by an inspection's time and the routes that wait."""
        return kind.service.value / kind.most * (kind.slots.routes or 1)

    # Refusals.

    def _buckets_of(self, route: str, tenant: str, now: float) -> list[TokenBucket]:
        """The rate limits that the request counts against if let in. Raises Refused where one is hit."""
        found: list[TokenBucket] = []
        for key in ((Shortage.ROUTE_RATE, route), (Shortage.TENANT_RATE, tenant)):
            if key not in self._buckets:
                continue
            bucket = self._buckets[key][1]
            if wait := bucket.wait(now):
                seconds = min(LONGEST_RETRY, math.ceil(wait))
                raise Refused(RateLimitedError(retry_after=seconds), key[0])
            found.append(bucket)
        return found

    def late(self, ticket: Ticket, now: float) -> Refused:
        """The refusal of a ticket that has waited as long as it may; the ticket leaves."""
        self.leave(ticket, now)
        return self._refused(ticket, Shortage.WAITED, now)

    def _refused(
        self, ticket: Ticket, shortage: Shortage, now: float, expected: float | None = None
    ) -> Refused:
        """`expected` is how long the ticket would wait, where that was estimated already."""
        kind = self._kind(ticket)
        if expected is None:
            expected = self._expected(ticket, kind, now)
        line = kind.slots or kind.places
        step = line.step(ticket, self._service_step(kind))
        return Refused(SaturatedError(retry_after=self._retry_after(expected, step, now)), shortage)

    def saturated(self, now: float) -> SaturatedError:
        """The error for a request of which nothing is known yet."""
        return SaturatedError(retry_after=self._retry_after(0.0, self._service_step(self._usual), now))

    def _retry_after(self, expected: float, step: float, now: float) -> int:
        """Whole seconds, at least 1. The next refused request is told `step` seconds more."""
        self._come_back = max(self._come_back, now + expected) + step
        self._come_back = min(self._come_back, now + LONGEST_RETRY)
        return max(1, math.ceil(self._come_back - now))
