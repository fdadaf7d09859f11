"""The values of admission: what is asked, the bounds, and a request's standing. See `admission`."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from shield.config.settings_callers import Rate
from shield.domain import Shortage
from shield.errors import ShieldError

LARGE_BYTES = 32 * 1024
"""A body of at least this size is a large one."""


class State(enum.Enum):
    """The state of a ticket."""

    WAITING = "waiting"  # for a place
    PLACED = "placed"  # its body is still to come
    QUEUED = "queued"  # for a slot
    WORKING = "working"  # it is being inspected
    DONE = "done"  # it was inspected and keeps its place
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Capacity:
    """The bounds of one process. `patience` is the longest wait, in seconds."""

    requests: int = 512
    room: int = 256 * 1024 * 1024
    queued: int = 1024
    patience: float = 1.0


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one route. `deadline` is what waiting and inspection may take together, in seconds."""

    deadline: float = 10.0
    weight: float = 1.0
    concurrency: int | None = None
    rate: Rate | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """A configuration's bounds of admission; `terms` by route, `tenants` with the rate of each."""

    capacity: Capacity
    terms: Mapping[str, Terms]
    tenants: Mapping[str, Rate | None]


class Refused(Exception):  # noqa: N818  a verdict; the error is `error`
    """The request is not let in. `error` is what to answer with, `shortage` what was short."""

    def __init__(self, error: ShieldError, shortage: Shortage) -> None:
        super().__init__(shortage)
        self.error = error
        self.shortage = shortage


class Ticket:
    """One request's standing. Only admission changes its fields."""

    __slots__ = (
        "charge",
        "due",
        "here",
        "large",
        "placed",
        "route",
        "since",
        "size",
        "state",
        "tenant",
        "waited",
    )

    def __init__(self, route: str, tenant: str, size: int, *, here: bool) -> None:
        self.route = route
        self.tenant = tenant
        self.size = size
        self.here = here
        self.large = size >= LARGE_BYTES
        self.charge = 0  # the room that it holds
        self.placed = False
        self.since = 0.0  # when it entered its present state
        self.due = 0.0  # while it waits: until when
        self.waited = 0.0
        self.state = State.WAITING

    @property
    def waits(self) -> bool:
        return self.state is State.WAITING or self.state is State.QUEUED
