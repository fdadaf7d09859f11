"""Checks whether a server could read a path otherwise, as one that a more specific route takes.

A route is chosen by the path as RFC 3986 has it, without normalization. Servers are more lenient: they merge
slashes and drop one at the end, split segments at `%2F`, drop a semicolon with what follows, blanks and dots
at a segment's end, decode twice, or ignore case. They route `/api/tickets.json` as `/api/tickets` (Rails,
2.1: "(.:format)"), end the path at an encoded `?` or `#`, or resolve the target as a reference, for which
`//any/api/tickets` is the path of a host (RFC 3986, 4.2). So `//api/tickets` would fall to a catch-all route
and yet reach what the route of `/api/tickets` protects.

Such a request is refused where the more specific route would treat it otherwise. The reverse is allowed:
`/projects/a%2Fb/issues` may well be the path that it looks like, of a project with a slash in its name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from urllib.parse import unquote

from shield.config.settings_route import PathTemplate, Route
from shield.errors import MalformedTargetError
from shield.payload.media_type import MediaType
from shield.proxy.routing import RouteTable
from shield.proxy.target import Target

DECODINGS = 4
"""How often a path is decoded at most: once by the server, and once more at each hop before it."""

_ODD = re.compile(r"[A-Z%;]|//|/$|\./|\.[^/]*$")  # other paths have only themselves as a reading
_ANY = re.compile("")
_PIECE = re.compile(r"[^/\\]+")
_MORE = re.compile(r"^/|[%\\?#]")  # in decoded segments, joined by slashes
_HOST = re.compile(r"[/\\]+[^/\\]*")  # behind a path's first slash: see RFC 3986, 4.2
_END_OF_PATH = re.compile(r"[?#]")
_FORMAT = re.compile(r"(.*[^.])\.[^.]+", re.DOTALL)
_LITERAL, _PARAMETER, _REST, _END = range(4)
Rank = tuple[int, ...]


class Readings:
    """The routes of one configuration, to be found by any reading of a path. Immutable."""

    __slots__ = ("_below", "_most", "_odd", "_ranks", "_table", "_treatments")

    def __init__(self, routes: Sequence[Route]) -> None:
        kinds: list[Route] = []
        self._treatments: dict[str, int] = {}  # by the route's name
        for route in routes:
            kind = _treatment(route, like=routes[0])
            if kind not in kinds:
                kinds.append(kind)
            self._treatments[route.name] = kinds.index(kind)
        self._ranks = {route.name: _rank(route) for route in routes}
        self._below = frozenset(route.name for route in routes if self._has_above(route, routes))
        folded = [(replace(route, path=_folded(route.path)), route) for route in routes]
        self._table = RouteTable(folded)
        self._odd = _ANY if any(it.path != route.path for it, route in folded) else _ODD
        self._most = 1 + max((len(route.path.steps) for route in routes), default=0)

    def _has_above(self, route: Route, routes: Iterable[Route]) -> bool:
        """Whether a more specific route treats requests otherwise."""
        return any(self._is_above(other, route) for other in routes)

    def _is_above(self, other: Route, route: Route) -> bool:
        return (
            self._ranks[other.name] < self._ranks[route.name]
            and self._treatments[other.name] != self._treatments[route.name]
        )

    def check(
        self, taken: Route, target: Target, method: str, media_type: MediaType | None, tenant: str
    ) -> None:
        """Raise MalformedTargetError where a route before `taken` would take a reading of the path.

        `method`, `media_type` and `tenant` are those of `RouteTable.match`.
        """
        if taken.name not in self._below or self._odd.search(target.path) is None:
            return
        for steps in readings(target.steps, self._most):
            other = self._table.plan(target.host, steps, method, media_type, tenant)
            if other is not None and self._is_above(other, taken):
                raise MalformedTargetError(
                    "The path is another spelling of a path that has its own route; send it in that spelling."
                )


def alike_but_treated_otherwise(routes: Iterable[Route]) -> Iterator[tuple[Route, Route]]:
    """Pairs of routes, in their order, that could take a request under two spellings of one path.

    Examples are `/x` beside `/x/` or `/X`. Neither is more specific, so `Readings` refuses no request:
    somebody gave a route to each.
    """
    known: dict[object, list[Route]] = {}
    for route in routes:
        alike = known.setdefault((route.host.lower(), _folded(route.path).steps, route.path.rest), [])
        for other in alike:
            if (
                other.path.steps != route.path.steps
                and _may_both(other.methods, route.methods)
                and _may_both(other.tenants, route.tenants)
                and _treatment(other, route) != _treatment(route, route)
            ):
                yield other, route
                break
        alike.append(route)


def _may_both(chosen: Collection[str], others: Collection[str]) -> bool:
    """Whether two routes' limits have a value in common; empty allows any."""
    return not chosen or not others or not set(chosen).isdisjoint(others)


def readings(steps: Sequence[str], most: int) -> Iterator[tuple[str, ...]]:
    """All readings of a path of these segments, decoded once: in lower case, without empty segments.

    Each reading has at most the first `most` segments.
    """
    seen: set[tuple[str, ...]] = set()
    for parting in _partings(steps):
        for cut in (_whole, _stem):
            segments = filter(None, (cut(piece).lower() for piece in parting))
            whole = tuple(islice(segments, most))
            for reading in (whole, _without_format(whole)):
                if reading not in seen:
                    seen.add(reading)
                    yield reading


def _without_format(reading: tuple[str, ...]) -> tuple[str, ...]:
    """Drop the format that a path may end with (`.json`). Cut readings need no such check."""
    named = _FORMAT.fullmatch(reading[-1]) if reading else None
    return reading if named is None else (*reading[:-1], named[1])


def _whole(piece: str) -> str:
    return piece


def _stem(piece: str) -> str:
    return piece.partition(";")[0].rstrip(" \t\r\n.")


def _partings(steps: Sequence[str]) -> Iterator[Iterable[str]]:
    """Ways to split a path into pieces; each result is iterated more than once."""
    yield steps
    path = "/".join(steps)
    if path.count("/") + 1 == len(steps) and _MORE.search(path) is None:
        return
    for _ in range(DECODINGS):
        for part in (path, _END_OF_PATH.split(path, 1)[0]):
            yield _Pieces(part)
            host = _HOST.match(part)
            if host is not None:
                yield _Pieces(part[host.end() :])
        if "%" not in path:
            return
        path = unquote(path, errors="surrogateescape")


class _Pieces:
    """The pieces between slashes, found lazily."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __iter__(self) -> Iterator[str]:
        return (match[0] for match in _PIECE.finditer(self._path))


def _folded(path: PathTemplate) -> PathTemplate:
    """The template that takes the readings of what `path` takes."""
    steps = tuple(step if step is None else step.lower() for step in path.steps if step != "")
    return path if steps == path.steps else replace(path, steps=steps)


def _rank(route: Route) -> Rank:
    """A sort key by host and path: lower for a route that is tried earlier, in the order of `routing`."""
    if route.host == "*":
        host = (2, 0)
    elif route.host.startswith("*."):
        host = (1, -len(route.host))
    else:
        host = (0, 0)
    kinds = (_PARAMETER if step is None else _LITERAL for step in route.path.steps if step != "")
    return (*host, *kinds, _REST if route.path.rest else _END)


def _treatment(route: Route, like: Route) -> Route:
    """The route with `like`'s values wherever a field only selects, addresses, bounds or watches requests."""
    return replace(
        route,
        name=like.name,
        host=like.host,
        path=like.path,
        methods=like.methods,
        media_types=like.media_types,
        tenants=like.tenants,
        upstream=like.upstream,
        field_names=like.field_names,
        limits=like.limits,
        body_timeout=like.body_timeout,
        deadline=like.deadline,
        concurrency=like.concurrency,
        rate=like.rate,
        weight=like.weight,
        shadow=like.shadow,
        read_back=like.read_back,
    )
