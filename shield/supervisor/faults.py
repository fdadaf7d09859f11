"""Errors of the shield as messages between processes, and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from typing import Any

from shield.config.source import ConfigErrors, Problem
from shield.errors import ShieldError


def to_plain(error: ShieldError) -> dict[str, Any]:
    """For JSON: the code, the detail, and a configuration's problems with their places."""
    plain: dict[str, Any] = {"code": error.code, "detail": error.detail}
    if isinstance(error, ConfigErrors):
        plain["problems"] = [astuple(problem) for problem in error.problems]
    return plain


def from_plain(plain: dict[str, Any]) -> ShieldError:
    """The error that `to_plain` was made of; a code that is not known is a ShieldError with it as detail."""
    problems = plain.get("problems")
    if problems is not None:
        return ConfigErrors(Problem(*problem) for problem in problems)
    for kind in _kinds(ShieldError):
        if kind.code == plain["code"]:
            return kind(plain.get("detail", ""))
    return ShieldError(str(plain["code"]))


def _kinds(kind: type[ShieldError]) -> Iterator[type[ShieldError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _kinds(child)
