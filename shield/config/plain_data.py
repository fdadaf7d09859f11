"""Reads a configuration as plain data without raising, whether or not the schema accepted it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def at(data: Any, location: tuple[Any, ...]) -> Any:
    """The value at `location`; None where there is none or a container on the way has another shape."""
    for step in location:
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data


def items(data: Any, *location: str | int) -> Iterator[tuple[Any, Any]]:
    """The items of the mapping or list at `location`, by name or index; nothing for another shape."""
    value = at(data, location)
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)
