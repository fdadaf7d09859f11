"""The gate: admission on the event loop. `admission` decides; this module does the waiting.

Where nobody waits, a request is let in by a plain call: no future, no timer, nothing to await.

Slots are given back in the next turn of the loop, all those of one turn by a single call. Small bodies are
inspected on the loop; if a finished one let the next begin in the same turn, all that had come would be
inspected in a row, and new requests meanwhile would be neither read nor refused. So each turn of the loop
inspects a few and reads all.

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
    """Admits requests. Belongs to one event loop. `clock` is monotonic, in seconds."""

    def __init__(self, series: AdmissionSeries, clock: Callable[[], float]) -> None:
        self._admission = Admission()
        self._clock = clock
        self._waiters: dict[Ticket, asyncio.Future[None]] = {}
        # slots of this turn: when each ended, and whether its place did
        self._ended: list[tuple[Ticket, float, bool]] = []
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
        """The error for a request that comes when there are too many to look at it."""
        return self._admission.saturated(self._clock())

    def ask(self, passage: Passage, series: RouteAdmission, *, size: int, here: bool) -> Ticket:
        """Ask for the request of `passage` to be read and, with `here`, inspected.

        If the ticket waits, call `wait` before going on. `size` is the body's size, or what it may grow to.
        Raises SaturatedError and RateLimitedError. Each ticket ends with `leave`.
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
        # The error must not refer to itself by its context or a variable of its frames: such cycles keep the
        # whole request until the garbage collector runs, just when there is most to do.
        try:
            raise error
        finally:
            del error

    def outgrows(self, ticket: Ticket, series: RouteAdmission, *, most: int) -> None:
        """The body is larger than assumed and may grow to `most`. Raises SaturatedError."""
        try:
            self._admission.outgrows(ticket, most, self._clock())
        except Refused as refused:
            series.refusals[refused.shortage].inc()
            error = refused.error
        else:
            self._settle()  # it may now hold room of the other kind
            return
        try:  # as in `ask`
            raise error
        finally:
            del error

    def received(self, ticket: Ticket, *, size: int) -> None:
        """The body has arrived. If the ticket waits, call `wait` before the inspection."""
        self._admission.received(ticket, size, self._clock())
        self._settle()  # it may now hold less room

    def begins(self, ticket: Ticket) -> None:
        """The inspection of a ticket that no longer waits begins: its service time counts from here."""
        self._admission.begins(ticket, self._clock())

    def inspected(self, ticket: Ticket) -> None:
        """The ticket's slot is free from the next turn of the loop on."""
        # Its time is taken now, so that the wait for the next turn of the loop does not count.
        self._end_later(ticket, leaves=False)

    def leave(self, ticket: Ticket) -> None:
        """The request is over, whatever its result."""
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
        """Return when a waiting ticket no longer waits.

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
        self._settle()  # those ahead may lack what this one does not need
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
