"""Passes options that belong together to a command as one value."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])


def as_one(name: str, make: Callable[..., object], *options: Callable[[F], F]) -> Callable[[F], F]:
    """Gives a command `options`, in this order in its help, and passes it what `make` returns as `name`.

    The parameters of `make` are named as the options are; it may raise `click.UsageError`.
    """
    names = tuple(inspect.signature(make).parameters)

    def decorate(command: F) -> F:
        @functools.wraps(command)
        def within(*args: Any, **values: Any) -> Any:
            made = make(**{each: values.pop(each) for each in names})
            return command(*args, **values, **{name: made})

        decorated = cast("F", within)
        for option in reversed(options):
            decorated = option(decorated)
        return decorated

    return decorate
