"""Translates the shield's errors into messages between processes, and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple
from typing import Any

from shield.config.source import ConfigErrors, Problem
from shield.config_codes import ProblemCode
from shield.errors import ConfigError, ShieldError


def to_plain(error: ShieldError) -> dict[str, Any]:
    """The error for JSON: its code, its detail, and a configuration's problems with their places."""
    plain: dict[str, Any] = {"code": error.code, "detail": error.detail}
    if isinstance(error, ConfigErrors):
        plain["problems"] = [astuple(problem) for problem in error.problems]
    elif isinstance(error, ConfigError):
        plain["problem"] = error.problem
    return plain


def from_plain(plain: dict[str, Any]) -> ShieldError:
    """The error that `to_plain` was given; an unknown code becomes a ShieldError with it as detail."""
    detail = plain.get("detail", "")
    try:
        if (problems := plain.get("problems")) is not None:
            return ConfigErrors(_problem(problem) for problem in problems)
        if (problem := plain.get("problem")) is not None:
            return ConfigError(ProblemCode(problem), detail)
    except ValueError:  # of another release, which a rolling reload may run beside this one
        return ShieldError(detail)
    if plain["code"] == ConfigError.code:  # as above, of a release without codes of problems
        return ShieldError(detail)
    for kind in _kinds(ShieldError):
        if kind.code == plain["code"]:
            return kind(detail)
    return ShieldError(str(plain["code"]))


def _problem(plain: Sequence[Any]) -> Problem:
    file, line, column, path, code, message = plain
    return Problem(file, line, column, path, ProblemCode(code), message)


def _kinds(kind: type[ShieldError]) -> Iterator[type[ShieldError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _kinds(child)
