"""Usual and large bodies, each with lines, slots and room of their own: see `admission`. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from shield.proxy.fair_queue import FairQueue
from shield.proxy.pace import Mean, Pace
from shield.proxy.tickets import State, Ticket

SLOTS = 8
"""Of each kind, at least."""
MOST_SLOTS = 128
SLOTS_SECONDS = 0.01
"""Of inspections as long as of late, so many are under way as take this together."""
_COST_BYTES = 16 * 1024  # a body of so many costs its route twice as much as an empty one


class Line(FairQueue[Ticket]):
    """Those that wait for one thing, and how fast each route's and tenant's line moves."""

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
        """Seconds in which the ticket's line moves by one; `otherwise` before it was seen to move."""
        pace = self._paces.get((ticket.route, ticket.tenant))
        return otherwise if pace is None or pace.seconds is None else pace.seconds

    def wait(self, ticket: Ticket, otherwise: float, now: float) -> float:
        """Seconds that the ticket would wait, as its line moves now; none where nobody waits in it."""
        ahead = self.waiting(ticket.route, ticket.tenant)
        if not ahead:
            return 0.0
        pace = self._paces[ticket.route, ticket.tenant]
        step = otherwise if pace.seconds is None else pace.seconds
        return pace.stalled(now) + (ahead + 1) * step


def slots_of(service: float) -> int:
    """How many inspections may be under way that take so many seconds each."""
    if service <= 0.0:
        return SLOTS
    return max(SLOTS, int(min(MOST_SLOTS, SLOTS_SECONDS / service)))


@dataclass(slots=True)
class Kind:
    """Usual bodies, or large ones."""

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
        """When the one whose turn is next for a place came; infinite for nobody."""
        first = next(self.places.heads(), None)
        return math.inf if first is None else first[2].since


def has_room(ticket: Ticket, kind: Kind) -> bool:
    """What is larger than all of its kind's room takes just that, once it has it to itself."""
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
