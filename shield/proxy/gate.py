"""The gate: admission on the event loop. What decides is `admission`; here is the waiting.

A slot is given back in the loop's next turn, never in the same one. Small bodies are inspected on the loop;
if one that is done let the next one begin at once, all that had come would be inspected in a row, and what
comes meanwhile would be neither heard nor told no. So each turn of the loop inspects a few and hears all.

A client that is gone leaves the queue at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from aiohttp.web import BaseRequest

from shield.errors import ShieldError
from shield.proxy.admission import Admission
from shield.proxy.http_server import ShieldProtocol
from shield.proxy.passage import ClientGoneError, Passage
from shield.proxy.tickets import Bounds, Refused, State, Ticket
from shield.telemetry.admission_series import AdmissionSeries, RouteAdmission


class Gate:
    """Belongs to one event loop. `clock` is monotonic, in seconds."""

    def __init__(self, series: AdmissionSeries, clock: Callable[[], float]) -> None:
        self._admission = Admission()
        self._clock = clock
        self._waiters: dict[Ticket, asyncio.Future[None]] = {}
        series.watch(lambda: self._admission.waiting, lambda: self._admission.room_taken)

    def configure(self, bounds: Bounds) -> None:
        """Put other bounds in force."""
        self._admission.configure(bounds, self._clock())
        if self._waiters:
            self._settle()

    @property
    def in_flight(self) -> int:
        """How many requests were admitted and have not ended."""
        return self._admission.in_flight

    def crowded(self) -> ShieldError:
        """What to tell a request that comes when there are too many to look at it."""
        return self._admission.saturated(self._clock())

    async def enter(
        self, request: BaseRequest, passage: Passage, series: RouteAdmission, *, size: int, here: bool
    ) -> None:
        """Return when the request of `passage` may be read and, with `here`, inspected.

        `size` is the body's, or what it may grow to. Raises SaturatedError, RateLimitedError and
        ClientGoneError. What was begun here ends with `leave`.
        """
        plan = passage.plan
        assert plan is not None  # noqa: S101  who asks has a route
        try:
            ticket = self._admission.ask(plan.route.name, passage.tenant, size, self._clock(), here=here)
        except Refused as refused:
            series.refusals[refused.shortage].inc()
            raise refused.error from None
        passage.ticket = ticket
        if ticket.waits:
            await self._wait(request, ticket, series)

    async def received(
        self, request: BaseRequest, ticket: Ticket, series: RouteAdmission, *, size: int
    ) -> None:
        """Return when what was read may be inspected. Raises as `enter`."""
        self._admission.received(ticket, size, self._clock())
        self._settle()  # it may hold less room than before
        if ticket.waits:
            await self._wait(request, ticket, series)

    def inspected(self, ticket: Ticket) -> None:
        """The slot of the ticket is free, from the loop's next turn on."""
        asyncio.get_running_loop().call_soon(self._inspected, ticket, self._clock())

    def leave(self, ticket: Ticket) -> None:
        """The request is over, whatever came of it."""
        if ticket.state is State.WORKING:
            asyncio.get_running_loop().call_soon(self._left, ticket)
        else:
            self._left(ticket)

    def _inspected(self, ticket: Ticket, now: float) -> None:
        # Its time ended when it was done: the wait for the loop's next turn is none of the inspection's.
        self._admission.inspected(ticket, now)
        self._settle()

    def _left(self, ticket: Ticket) -> None:
        self._admission.leave(ticket, self._clock())
        self._settle()

    # Waiting.

    async def _wait(self, request: BaseRequest, ticket: Ticket, series: RouteAdmission) -> None:
        if request.transport is None or request.transport.is_closing():
            raise ClientGoneError
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[None] = loop.create_future()
        self._waiters[ticket] = waiter
        timer = loop.call_later(max(0.0, ticket.due - self._clock()), self._late, ticket, series)
        protocol = request.protocol
        watched = protocol if isinstance(protocol, ShieldProtocol) else None
        if watched is not None:
            watched.on_lost = partial(self._gone, ticket)
        self._settle()  # what waits before it may be short of what it does not need
        try:
            await waiter
        finally:
            timer.cancel()
            if watched is not None:
                watched.on_lost = None
            self._waiters.pop(ticket, None)

    def _settle(self) -> None:
        if not self._waiters:
            return
        for ticket in self._admission.settle(self._clock()):
            waiter = self._waiters.get(ticket)
            if waiter is not None and not waiter.done():
                waiter.set_result(None)

    def _late(self, ticket: Ticket, series: RouteAdmission) -> None:
        if ticket.waits:
            refused = self._admission.late(ticket, self._clock())
            series.refusals[refused.shortage].inc()
            self._end(ticket, refused.error)

    def _gone(self, ticket: Ticket) -> None:
        if ticket.waits:
            self._admission.leave(ticket, self._clock())
            self._end(ticket, ClientGoneError())

    def _end(self, ticket: Ticket, error: ShieldError) -> None:
        waiter = self._waiters.get(ticket)
        if waiter is not None and not waiter.done():
            waiter.set_exception(error)
        self._settle()
