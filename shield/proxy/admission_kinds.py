"""The two kinds of bodies, usual and large, each with lines, slots and room (see `admission`). Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from shield.proxy.fair_queue import FairQueue
from shield.proxy.pace import Mean, Pace
from shield.proxy.tickets import State, Ticket

SLOTS = 8
"""The least number of slots of each kind."""
MOST_SLOTS = 128
SLOTS_SECONDS = 0.01
"""As many inspections may be under way as take this long together, going by recent ones."""
_COST_BYTES = 16 * 1024  # a body of this size costs its route twice as much as an empty one


class Line(FairQueue[Ticket]):
    """The requests that wait for one thing, and how fast each route's and tenant's line moves."""

    def __init__(self) -> None:
        super().__init__()
        self._paces: dict[tuple[str, str], Pace] = {}

    def join(self, ticket: Ticket, now: float) -> None:
        flow = ticket.route, ticket.tenant
        if not self.waiting(*flow):
            self._paces.setdefault(flow, Pace()).began(now)
        self.push(*flow, ticket, 1 + ticket.size / _COST_BYTES)

    def take(self, ticket: Ticket, weight: float, now: float) -> None:
        self.serve(ticket.route, ticket.tenant, weight)
        self._paces[ticket.route, ticket.tenant].moved(now)

    def step(self, ticket: Ticket, otherwise: float) -> float:
        """Seconds in which the ticket's line moves by one; `otherwise` if it was not yet seen to move."""
        pace = self._paces.get((ticket.route, ticket.tenant))
        return otherwise if pace is None or pace.seconds is None else pace.seconds

    def wait(self, ticket: Ticket, otherwise: float, now: float) -> float:
        """Seconds that the ticket would wait, at the present speed of its line; 0 where nobody waits."""
        ahead = self.waiting(ticket.route, ticket.tenant)
        if not ahead:
            return 0.0
        pace = self._paces[ticket.route, ticket.tenant]
        step = otherwise if pace.seconds is None else pace.seconds
        return pace.stalled(now) + (ahead + 1) * step


def slots_of(service: float) -> int:
    """How many inspections that take `service` seconds each may be under way."""
    if service <= 0.0:
        return SLOTS
    return max(SLOTS, int(min(MOST_SLOTS, SLOTS_SECONDS / service)))


@dataclass(slots=True)
class Kind:
    """The state of one kind of bodies."""

    share: float  # of the room
    room: int = 0  # in bytes
    working: int = 0
    taken: int = 0  # of the room
    service: Mean = field(default_factory=Mean)
    most: int = SLOTS  # of slots
    places: Line = field(default_factory=Line)
    slots: Line = field(default_factory=Line)

    @property
    def first_came(self) -> float:
        """When the request whose turn is next for a place arrived; infinite where none waits."""
        first = next(self.places.heads(), None)
        return math.inf if first is None else first[2].since


def has_room(ticket: Ticket, kind: Kind) -> bool:
    """Whether there is room for the ticket's body. One larger than all the room needs all of it."""
    return kind.taken + min(ticket.size, kind.room) <= kind.room


def take_room(ticket: Ticket, kind: Kind) -> None:
    """Charge the ticket for its body."""
    ticket.charge = min(ticket.size, kind.room)
    kind.taken += ticket.charge


def begin(ticket: Ticket, kind: Kind, now: float) -> None:
    """Give the ticket one of the kind's slots."""
    kind.working += 1
    ticket.since = now
    ticket.state = State.WORKING
