"""Chooses the route of a request: host, path, method and media type must all fit; the most specific wins.

The order of specificity, as prose that the tests are named after:

1. An exact host beats a wildcard host, a longer wildcard beats a shorter one, any of them beats `*`.
2. Then, segment by segment from the left, a literal beats a `{name}`, which beats a `{rest...}`.
3. Then a route that names tenants beats one that takes anybody's requests.
4. Then a route that names the method beats one that takes any.
5. Then the earlier in the configuration.

A route whose host and path fit but whose tenants, method or media type do not is passed over for the next.
When none is left, the refusal says what did not fit of the most specific one; of other tenants' routes it
says only that they are other tenants'.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from shield.config.settings_route import Route
from shield.errors import (
    CallerForbiddenError,
    CredentialsRequiredError,
    MethodNotAllowedError,
    RequestError,
    RouteNotFoundError,
    UnsupportedMediaTypeError,
)
from shield.payload.media_type import MediaType, matches

T = TypeVar("T")
Asked = tuple[str, Sequence[str], str, MediaType | None, str]
"""The arguments of `RouteTable.match`."""


@dataclass(slots=True)
class _Node(Generic[T]):
    """One place in the tree of path segments; filled while compiling, then only read."""

    literals: dict[str, _Node[T]] = field(default_factory=dict)
    parameter: _Node[T] | None = None
    ends: list[tuple[Route, T]] = field(default_factory=list)
    rests: list[tuple[Route, T]] = field(default_factory=list)


class Match(NamedTuple, Generic[T]):
    """The route's plan, or why there is none; `nearest` is the plan of the route that came closest."""

    plan: T | None
    refusal: RequestError | None = None
    nearest: T | None = None


class _Asked(NamedTuple):
    """The criteria beside host and path; see `RouteTable.match`."""

    method: str
    media_type: MediaType | None
    tenant: str


class RouteTable(Generic[T]):
    """Routes compiled into one tree a host. `T` is what the caller keeps for a route."""

    def __init__(self, routes: Iterable[tuple[Route, T]]) -> None:
        self._exact: dict[str, _Node[T]] = {}
        wildcards: dict[str, _Node[T]] = {}
        self._any: _Node[T] = _Node()
        for route, plan in routes:
            host = route.host.lower()
            if host == "*":
                root = self._any
            elif host.startswith("*."):
                root = wildcards.setdefault(host[1:], _Node())
            else:
                root = self._exact.setdefault(host, _Node())
            _insert(root, route, plan)
        self._wildcards = sorted(wildcards.items(), key=lambda entry: -len(entry[0]))
        for root in (*self._exact.values(), *wildcards.values(), self._any):
            _sort(root)

    def match(
        self, host: str, steps: Sequence[str], method: str, media_type: MediaType | None, tenant: str = ""
    ) -> Match[T]:
        """The plan for a request; `media_type` is None for one without a body.

        `steps` are the decoded segments of the path, `host` is in lower case and has no port; `tenant` is
        empty where the sender is not known.
        """
        plan = self.plan(host, steps, method, media_type, tenant)
        return self._refusal(host, steps, method, tenant) if plan is None else Match(plan)

    def plan(
        self, host: str, steps: Sequence[str], method: str, media_type: MediaType | None, tenant: str = ""
    ) -> T | None:
        """The plan that `match` finds, as for nearly all requests; None where `match` says why not."""
        asked = _Asked(method, media_type, tenant)
        root = self._exact.get(host)
        if root is not None:
            plan = _fit(root, steps, 0, asked)
            if plan is not None:
                return plan
        for suffix, wildcard in self._wildcards:
            if host.endswith(suffix) and len(host) > len(suffix):
                plan = _fit(wildcard, steps, 0, asked)
                if plan is not None:
                    return plan
        return _fit(self._any, steps, 0, asked)

    def require_same(self, plan: T, method: str, asked: Asked) -> None:
        """Raise RequestError unless the request would have the same plan with this method.

        Otherwise a header could take a request past the route, and the policy, of the method it is treated
        as.
        """
        host, steps, _, media_type, tenant = asked
        if self.plan(host, steps, method, media_type, tenant) is not plan:
            raise RequestError(
                "A header or parameter overrides the method with one that this route does not accept."
            )

    def _refusal(self, host: str, steps: Sequence[str], method: str, tenant: str) -> Match[T]:
        """The refusal where host and path of some routes fit, but none fits in all."""
        allowed: set[str] = set()
        accepted: set[str] = set()
        others = False
        nearest: T | None = None
        wrong_type = False
        for route, plan in self._fitting(host, steps):
            if route.tenants and tenant not in route.tenants:
                others = True
                continue
            if nearest is None:
                nearest = plan
            if route.methods and method not in route.methods:
                allowed |= route.methods
                continue
            if not wrong_type:
                wrong_type = True
                nearest = plan
            accepted.update(name for name in route.media_types if "*+" not in name)  # no range of RFC 9110
        if wrong_type:
            return Match(None, UnsupportedMediaTypeError(accepted=tuple(sorted(accepted))), nearest)
        if allowed:
            return Match(None, MethodNotAllowedError(allowed=tuple(sorted(allowed))), nearest)
        if others:
            return Match(None, CallerForbiddenError() if tenant else CredentialsRequiredError())
        return Match(None, RouteNotFoundError())

    def _fitting(self, host: str, steps: Sequence[str]) -> Iterator[tuple[Route, T]]:
        """All routes whose host and path fit, the most specific first."""
        root = self._exact.get(host)
        if root is not None:
            yield from _walk(root, steps, 0)
        for suffix, wildcard in self._wildcards:
            if host.endswith(suffix) and len(host) > len(suffix):
                yield from _walk(wildcard, steps, 0)
        yield from _walk(self._any, steps, 0)


def _insert(root: _Node[T], route: Route, plan: T) -> None:
    node = root
    for step in route.path.steps:
        if step is None:
            if node.parameter is None:
                node.parameter = _Node()
            node = node.parameter
        else:
            node = node.literals.setdefault(step, _Node())
    (node.rests if route.path.rest else node.ends).append((route, plan))


def _sort(node: _Node[T]) -> None:
    """Sort routes that name tenants first, then methods; the sort is stable, so ties keep their order."""
    node.ends.sort(key=lambda entry: (not entry[0].tenants, not entry[0].methods))
    node.rests.sort(key=lambda entry: (not entry[0].tenants, not entry[0].methods))
    for child in node.literals.values():
        _sort(child)
    if node.parameter is not None:
        _sort(node.parameter)


def _fit(node: _Node[T], steps: Sequence[str], depth: int, asked: _Asked) -> T | None:
    """The first plan, in the order of `_walk`, whose route takes what is asked."""
    if depth == len(steps):
        for route, plan in node.ends:
            if _takes(route, asked):
                return plan
    else:
        child = node.literals.get(steps[depth])
        if child is not None:
            found = _fit(child, steps, depth + 1, asked)
            if found is not None:
                return found
        if node.parameter is not None and steps[depth]:
            found = _fit(node.parameter, steps, depth + 1, asked)
            if found is not None:
                return found
    for route, plan in node.rests:
        if _takes(route, asked):
            return plan
    return None


def _takes(route: Route, asked: _Asked) -> bool:
    if route.tenants and asked.tenant not in route.tenants:
        return False
    if route.methods and asked.method not in route.methods:
        return False
    return asked.media_type is None or takes_type(route, asked.media_type)


def takes_type(route: Route, media_type: MediaType) -> bool:
    """Whether the route takes bodies of this type."""
    if media_type.essence in route.media_types:
        return True
    return any(matches(media_type, pattern) for pattern in route.media_types)


def _walk(node: _Node[T], steps: Sequence[str], depth: int) -> Iterator[tuple[Route, T]]:
    """All plans below a node. Recursion is bounded by the depth of the templates, not of the path."""
    if depth == len(steps):
        yield from node.ends
    else:
        child = node.literals.get(steps[depth])
        if child is not None:
            yield from _walk(child, steps, depth + 1)
        if node.parameter is not None and steps[depth]:
            yield from _walk(node.parameter, steps, depth + 1)
    yield from node.rests
