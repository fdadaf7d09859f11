"""The parts of a request that are forwarded as they came, on a route that lets uninspected parts pass.

Under `on_error: bypass` each part of a request is inspected by itself: path, query and header fields first,
the body last. If the inspection of a part fails, only that part is forwarded as it came.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from shield.errors import ShieldError

BODY = "body"
PATH = "path"
QUERY = "query"
HEADER = "header"

T = TypeVar("T")


class Bypass(Generic[T]):
    """The parts of one request that could not be inspected. `T` is an inspection's result.

    `error` is the first failure; `as_received` are the parts that are forwarded as they came. `unreadable` is
    why the body cannot be inspected, where that is known beforehand. `rest` gives the result of what was
    inspected so far, where an error ended the inspection of the other parts.
    """

    __slots__ = ("as_received", "error", "rest", "unreadable")

    def __init__(self) -> None:
        self.error: ShieldError | None = None
        self.as_received: list[str] = []
        self.unreadable: ShieldError | None = None
        self.rest: Callable[[ShieldError], T] | None = None

    def fail(self, part: str, error: ShieldError) -> None:
        """Note that a part could not be inspected."""
        self.error = self.error or error
        if part not in self.as_received:
            self.as_received.append(part)
