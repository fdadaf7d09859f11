"""The gate: admission on the event loop. What decides is `admission`; here is the waiting.

Where nobody waits, a request is let in by a plain call: no future, no timer, nothing to await.

A slot is given back in the loop's next turn, never in the same one: all of a turn together, by one call.
Small bodies are inspected on the loop; if one that is done let the next one begin at once, all that had come
would be inspected in a row, and what comes meanwhile would be neither heard nor told no. So each turn of the
loop inspects a few and hears all.

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
        self._ended: list[tuple[Ticket, float, bool]] = []  # slots of this turn, when, whether places as well
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

    def ask(self, passage: Passage, series: RouteAdmission, *, size: int, here: bool) -> Ticket:
        """Ask for the request of `passage` to be read and, with `here`, inspected.

        It may be once its ticket does not wait: else `wait` first. `size` is the body's, or what it may grow
        to. Raises SaturatedError and RateLimitedError. What was begun here ends with `leave`.
        """
        plan = passage.plan
        assert plan is not None  # noqa: S101  who asks has a route
        try:
            passage.ticket = ticket = self._admission.ask(
                plan.route.name, passage.tenant, size, self._clock(), here=here
            )
        except Refused as refused:
            series.refusals[refused.shortage].inc()
            error = refused.error
        else:
            return ticket
        # What is raised must not hold itself, by its context or a variable of its frames: such rings keep all
        # of a request until the collector comes, at the very time at which there is most to do.
        try:
            raise error
        finally:
            del error

    def outgrows(self, ticket: Ticket, series: RouteAdmission, *, most: int) -> None:
        """The body is larger than was thought and may grow to `most`. Raises SaturatedError."""
        try:
            self._admission.outgrows(ticket, most, self._clock())
        except Refused as refused:
            series.refusals[refused.shortage].inc()
            error = refused.error
        else:
            self._settle()  # it may hold room of another kind than before
            return
        try:  # as in `ask`
            raise error
        finally:
            del error

    def received(self, ticket: Ticket, *, size: int) -> None:
        """The body is here. It may be inspected once the ticket does not wait: else `wait` first."""
        self._admission.received(ticket, size, self._clock())
        self._settle()  # it may hold less room than before

    def begins(self, ticket: Ticket) -> None:
        """The inspection of a ticket that waits no more begins: its service time is measured from here on."""
        self._admission.begins(ticket, self._clock())

    def inspected(self, ticket: Ticket) -> None:
        """The slot of the ticket is free, from the loop's next turn on."""
        # Its time ended now: the wait for the loop's next turn is none of the inspection's.
        self._end_later(ticket, leaves=False)

    def leave(self, ticket: Ticket) -> None:
        """The request is over, whatever came of it."""
        if ticket.state is State.WORKING:
            self._end_later(ticket, leaves=True)
        else:
            self._admission.leave(ticket, self._clock())
            self._settle()

    def _end_later(self, ticket: Ticket, *, leaves: bool) -> None:
        if not self._ended:
            asyncio.get_running_loop().call_soon(self._give_back)
        self._ended.append((ticket, self._clock(), leaves))

    def _give_back(self) -> None:
        ended, self._ended = self._ended, []
        for ticket, at, leaves in ended:
            if leaves:
                self._admission.leave(ticket, at)
            else:
                self._admission.inspected(ticket, at)
        self._settle()

    # Waiting.

    async def wait(self, request: BaseRequest, ticket: Ticket, series: RouteAdmission) -> None:
        """Return when a ticket that waits does so no more.

        Raises SaturatedError where that takes longer than it may, and ClientGoneError.
        """
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
            del waiter  # it may hold an error, whose frames would hold it

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
            self._fail(ticket, refused.error)

    def _gone(self, ticket: Ticket) -> None:
        if ticket.waits:
            self._admission.leave(ticket, self._clock())
            self._fail(ticket, ClientGoneError())

    def _fail(self, ticket: Ticket, error: ShieldError) -> None:
        waiter = self._waiters.get(ticket)
        if waiter is not None and not waiter.done():
            waiter.set_exception(error)
        self._settle()
