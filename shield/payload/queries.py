"""Compiles and runs RFC 9535 JSONPath queries, with errors that quote nothing of the payload."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonpath_rfc9535 import JSONPathEnvironment, JSONPathError, JSONPathQuery
from jsonpath_rfc9535.exceptions import JSONPathRecursionError

from shield.config_codes import ProblemCode
from shield.domain import Location
from shield.errors import ConfigError, ShieldError, TooDeepError


class _Environment(JSONPathEnvironment):
    # The codecs bound the nesting before a query runs; the library's own bound of 100 is lower.
    max_recursion_depth = 2**31


def compile_query(selector: str) -> JSONPathQuery:
    """Compile one query. Raises a ConfigError that says what is wrong."""
    try:
        return _Environment().compile(selector)
    except (JSONPathError, RecursionError, ValueError) as error:
        raise ConfigError(ProblemCode.SELECTOR_INVALID, _not_a_query(selector, error)) from None


def locations(query: JSONPathQuery, value: Any) -> Iterator[Location]:
    """The location of each node that `query` selects in `value`.

    Raises TooDeepError where the nesting is too deep for a query to walk.
    """
    too_deep = False
    try:
        for node in query.finditer(value):
            yield node.location
    except (JSONPathRecursionError, RecursionError):
        too_deep = True
    except JSONPathError:
        # Its message may quote the value that it met.
        raise ShieldError("a field rule could not be evaluated") from None
    if too_deep:
        raise TooDeepError("nested too deeply for the field rules of the route")


def _not_a_query(selector: str, error: Exception) -> str:
    """A message: what is wrong, where in the query, and what a query looks like."""
    token = getattr(error, "token", None)
    said = error if token is None else f"{error.args[0]}, at character {token.index + 1}"
    return f"{selector!r} is not a JSONPath query (RFC 9535): {said}; write one such as $.ticket.id"
