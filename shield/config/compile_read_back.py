"""Compiles a route's `read_back` section to the values that the running program uses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import unquote

from shield.config.schema_evidence import ReadBackSection
from shield.config.secret import Secret
from shield.config.settings_route import ObjectPlace, ReadBack, Variable

_NAME = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


def path_names(template: str) -> dict[str, int]:
    """The names of a path template's `{name}` segments, with the step at which each stands."""
    steps = template[1:].split("/")
    return {found[1]: place for place, step in enumerate(steps) if (found := _NAME.fullmatch(step))}


def compile_read_back(section: ReadBackSection, route_path: str, body_limit: int) -> ReadBack:
    """`route_path` is the template of the route, `body_limit` the most bytes of its bodies."""
    names = path_names(route_path)
    return ReadBack(
        share=section.share,
        methods=frozenset(section.methods),
        path=None if section.path is None else _steps(section.path, section.variables, names),
        query=section.query,
        headers=tuple((name, Secret(source.value)) for name, source in section.headers.items()),
        exact=section.compare == "exact",
        places=tuple(ObjectPlace(it.sent, it.stored) for it in section.places),
        uninspected=tuple(section.uninspected),
        delay=section.delay,
        attempts=section.attempts,
        retry_interval=section.retry_interval,
        timeout=section.timeout,
        max_size=section.max_size or body_limit,
    )


def _steps(
    path: str, variables: Mapping[str, str], of_request: Mapping[str, int]
) -> tuple[str | Variable, ...]:
    return tuple(_step(step, variables, of_request) for step in path[1:].split("/"))


def _step(step: str, variables: Mapping[str, str], of_request: Mapping[str, int]) -> str | Variable:
    named = _NAME.fullmatch(step)
    if named is None:
        return unquote(step)
    name = named[1]
    if name in variables:
        return Variable(name, selector=variables[name])
    return Variable(name, place=of_request[name])


def unknown_names(path: str, variables: Sequence[str], route_path: str) -> list[str]:
    """The names in an object's path that neither `variables` nor the route's path template defines."""
    known = {*variables, *path_names(route_path)}
    return [name for name in path_names(path) if name not in known]
