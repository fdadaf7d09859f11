"""A configuration as plain data: read without an error, whether or not the schema accepted it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def at(data: Any, location: tuple[Any, ...]) -> Any:
    """The value at `location`, or None where there is none or something on the way has another shape."""
    for step in location:
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data


def items(data: Any, *location: str | int) -> Iterator[tuple[Any, Any]]:
    """What the mapping or the list at `location` holds, by name or index; nothing of another shape."""
    value = at(data, location)
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)
