"""A queue that is served fairly: by route, and within a route by tenant. Pure.

It uses start-time fair queueing (Goyal, Vin, Cheng: "Start-time Fair Queuing", SIGCOMM 1996) on both levels.
Each name that waits has a tag; the lowest tag is served next, and serving raises it by the cost divided by
the weight. A name that comes after a pause starts at the tag of the others: nobody saves up turns, and nobody
is behind for what it did not use. So, with equal weights, the first request that waits of a route is served
after at most one of each other route, however many of theirs wait.

A tag belongs to the first that waits. What leaves without being served costs its route nothing.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class _Order:
    """The order in which several names are served. `tags` of those that do not wait are kept."""

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
        """The names that wait, in order; of equal tags, the one that has waited longer comes first."""
        if len(self.waiting) == 1:
            return iter(tuple(self.waiting))
        return iter(sorted(self.waiting, key=self.tags.__getitem__))


@dataclass(slots=True)
class _Route(Generic[T]):
    order: _Order = field(default_factory=_Order)
    lines: dict[str, OrderedDict[T, float]] = field(default_factory=dict)  # by tenant, the cost of each item


class FairQueue(Generic[T]):
    """A queue of items that are told apart by identity or equality; each is in it once."""

    def __init__(self) -> None:
        self._order = _Order()
        self._routes: dict[str, _Route[T]] = {}
        self._length = 0

    def __len__(self) -> int:
        return self._length

    @property
    def routes(self) -> int:
        """The number of routes that wait."""
        return len(self._order.waiting)

    def push(self, route: str, tenant: str, item: T, cost: float = 1.0) -> None:
        """Add an item behind those of its route and tenant. `cost` is relative to that of other items."""
        there = self._routes.setdefault(route, _Route())
        there.lines.setdefault(tenant, OrderedDict())[item] = cost
        there.order.enter(tenant)
        self._order.enter(route)
        self._length += 1

    def heads(self) -> Iterator[tuple[str, str, T]]:
        """The first item of each route and tenant, with these, in the order in which they are to be served.

        Do not change the queue while iterating.
        """
        for route in self._order:
            there = self._routes[route]
            for tenant in there.order:
                yield route, tenant, next(iter(there.lines[tenant]))

    def serve(self, route: str, tenant: str, weight: float = 1.0) -> T:
        """Take the first item of a route and tenant, charging its cost divided by the route's `weight`."""
        there = self._routes[route]
        item, cost = there.lines[tenant].popitem(last=False)
        there.order.serve(tenant, cost)
        self._order.serve(route, cost / weight)
        self._taken(route, tenant)
        return item

    def remove(self, route: str, tenant: str, item: T) -> None:
        """Remove an item that is not to be served."""
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
        """The number of items of a route and tenant that wait."""
        if not self._length:
            return 0
        there = self._routes.get(route)
        line = there.lines.get(tenant) if there is not None else None
        return 0 if line is None else len(line)
