"""A queue that is served fairly: by route, and within a route by tenant. Pure.

Start-time fair queueing (Goyal, Vin, Cheng: "Start-time Fair Queuing", SIGCOMM 1996), twice: who waits has a
tag, the lowest tag is served next, and being served raises the tag by what was asked for over the weight.
Who comes after a pause begins where the others are now: nobody saves up turns, and nobody is behind for
what it did not use. So, with equal weights, the first that waits of a route is served after at most one of
each other route, however many of theirs wait.

A tag is of the one that waits first. What leaves without being served costs its route nothing.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class _Order:
    """In which order several names are served. `tags` of those that do not wait are kept."""

    tags: dict[str, float] = field(default_factory=dict)
    waiting: dict[str, None] = field(default_factory=dict)
    now: float = 0.0

    def enter(self, name: str) -> None:
        if name not in self.waiting:
            self.waiting[name] = None
            self.tags[name] = max(self.tags.get(name, 0.0), self.now)

    def leave(self, name: str) -> None:
        self.waiting.pop(name, None)

    def serve(self, name: str, cost: float) -> None:
        self.now = max(self.now, self.tags[name])
        self.tags[name] += cost

    def __iter__(self) -> Iterator[str]:
        """Those that wait; of equal tags the one that waits longer."""
        if len(self.waiting) == 1:
            return iter(tuple(self.waiting))
        return iter(sorted(self.waiting, key=self.tags.__getitem__))


@dataclass(slots=True)
class _Route(Generic[T]):
    order: _Order = field(default_factory=_Order)
    lines: dict[str, OrderedDict[T, float]] = field(default_factory=dict)  # cost by item, by tenant


class FairQueue(Generic[T]):
    """Items are told apart by identity or equality; each is in the queue once."""

    def __init__(self) -> None:
        self._order = _Order()
        self._routes: dict[str, _Route[T]] = {}
        self._length = 0

    def __len__(self) -> int:
        return self._length

    @property
    def routes(self) -> int:
        """How many routes wait."""
        return len(self._order.waiting)

    def push(self, route: str, tenant: str, item: T, cost: float = 1.0) -> None:
        """Last among those of its route and tenant. `cost` is what serving it takes, compared to others."""
        there = self._routes.setdefault(route, _Route())
        there.lines.setdefault(tenant, OrderedDict())[item] = cost
        there.order.enter(tenant)
        self._order.enter(route)
        self._length += 1

    def heads(self) -> Iterator[tuple[str, str, T]]:
        """The first of each route and tenant, with these, in the order in which they are to be served.

        The queue must not be changed before the last one that is wanted was taken.
        """
        for route in self._order:
            there = self._routes[route]
            for tenant in there.order:
                yield route, tenant, next(iter(there.lines[tenant]))

    def serve(self, route: str, tenant: str, weight: float = 1.0) -> T:
        """Take the first of a route and tenant, at its cost over the route's `weight`."""
        there = self._routes[route]
        item, cost = there.lines[tenant].popitem(last=False)
        there.order.serve(tenant, cost)
        self._order.serve(route, cost / weight)
        self._taken(route, tenant)
        return item

    def remove(self, route: str, tenant: str, item: T) -> None:
        """Take one that is not to be served."""
        del self._routes[route].lines[tenant][item]
        self._taken(route, tenant)

    def _taken(self, route: str, tenant: str) -> None:
        self._length -= 1
        there = self._routes[route]
        if not there.lines[tenant]:
            del there.lines[tenant]
            there.order.leave(tenant)
            if not there.lines:
                self._order.leave(route)

    def waiting(self, route: str, tenant: str) -> int:
        """How many of a route and tenant wait."""
        if not self._length:
            return 0
        there = self._routes.get(route)
        line = there.lines.get(tenant) if there is not None else None
        return 0 if line is None else len(line)
