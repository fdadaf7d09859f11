"""Callers of the proxy and the admin listener, and their rates, in a compiled configuration."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from shield.domain import EMPTY


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `per_second` requests in the long run, and `burst` at once, or as many as in a second."""

    per_second: float
    burst: int | None = None

    @property
    def at_once(self) -> float:
        return max(1.0, self.per_second if self.burst is None else self.burst)


@dataclass(frozen=True, slots=True)
class Tenant:
    """A tenant that may call.

    `api_keys` are `sha256:` + hex of keys; `certificates` are names of client certificates: `sha256:` + hex
    of the DER form, or `dns:` or `uri:` and a subject alternative name.
    """

    name: str
    api_keys: frozenset[str] = frozenset()
    certificates: frozenset[str] = frozenset()
    rate: Rate | None = None


class AdminRole(enum.IntEnum):
    """The role of a caller of the admin listener; each may do what those before it may."""

    METRICS = 1
    VIEWER = 2
    OPERATOR = 3


@dataclass(frozen=True, slots=True)
class AdminCaller:
    """A caller of the admin listener, identified as a tenant is."""

    name: str
    role: AdminRole
    api_keys: frozenset[str] = frozenset()
    certificates: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AdminAccess:
    """Access to the admin listener; `rate` is in requests a second of one caller.

    `failures` is the burst of wrong credentials that an address may show.
    """

    callers: Mapping[str, AdminCaller] = field(default_factory=lambda: EMPTY)
    rate: int = 10
    failures: int = 10
