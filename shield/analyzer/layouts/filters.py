"""Reads the literals of filters, each under the name it is compared with: `userName eq "mgarcia"`.

SCIM (RFC 7644, section 3.4.2.2: `emails[type eq "work" and value eq "…"]`), OData (`lastName eq 'Garcia'`,
`startswith(phone,'+44')`) and the conditions of a query in SQL or SOQL (`WHERE LastName = 'Garcia'`), with
the lists and inserted rows of `statements`. A condition on `value` is about the attribute whose brackets
hold it.

Law: a text without a quote and an operator, or the brackets of a list, is not searched.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from shield.analyzer.layouts.labelled_cells import Cell
from shield.analyzer.layouts.statements import LITERAL, PATH, inserted, lists, table_before
from shield.domain import Finding

_OPERATORS: Final = "eq ne co sw ew gt ge lt le".split()
_SIGNS: Final = (
    *(f" {form} " for word in _OPERATORS for form in (word, word.upper())),
    "where ",
    "WHERE ",
    "with(",
    "ontains(",
)
_DECLARED: Final = re.compile(
    rf"(?<![\w$.])[$@]?{PATH.format('name')}\s?:\s{{0,2}}\[?[A-Za-z][\w.<>]{{0,40}}[!?\]]{{0,3}}\s{{0,2}}=\s{{0,2}}{LITERAL}"
)
"""A variable with a type and a value: `$ssn: String = "…"` of GraphQL, `let ssn: string = '…'`."""
_LISTS: Final = (
    *(" in (", " IN (", " in(", " IN("),
    *(f"{word}{behind}" for word in ("values", "VALUES", "Values") for behind in ("(", " (", "\n(", "\n  (")),
)
_CONDITION: Final = re.compile(
    rf"(?<![\w$:.\-/]){PATH.format('name')}\s{{1,2}}(?P<operator>{'|'.join(_OPERATORS)})\s{{1,2}}{LITERAL}",
    re.IGNORECASE,
)
_CALL: Final = re.compile(
    rf"\b(?:startswith|endswith|contains)\(\s?{PATH.format('name')}\s?,\s?{LITERAL}", re.IGNORECASE
)
_CLAUSE: Final = re.compile(
    rf"\b(?:where|and|or)\s{{1,2}}{PATH.format('name')}\s{{0,2}}(?:=|!=|<>|like)\s{{0,2}}{LITERAL}",
    re.IGNORECASE,
)
_BRACKET: Final = re.compile(rf"{PATH.format('outer')}\[[^\[\]\n]{{0,300}}\Z")
_REACH: Final = 400  # code points before a condition in which its bracket opens


def may_hold(text: str) -> bool:
    """Whether a text may hold a filter; most do not."""
    if ('"' in text or "'" in text) and any(sign in text for sign in _SIGNS):
        return True
    if ('= "' in text or "= '" in text or '= \\"' in text) and ":" in text:
        return True
    # Most texts have no bracket, and then none of these is looked for.
    return "(" in text and any(sign in text for sign in _LISTS)


def literals(text: str) -> Iterator[Cell]:
    """The literals of the filters in a text, with the names they are compared with."""
    for match in _CONDITION.finditer(text):
        yield Cell(_names(text, match), *match.span("value"))
    for match in _DECLARED.finditer(text) if ":" in text and "=" in text else ():
        yield Cell(_steps(match["name"]), *match.span("value"))
    where = "where " in text or "WHERE " in text
    if where:
        yield from lists(text)
    if "alues" in text or "VALUES" in text:
        yield from inserted(text)
    for match in _CALL.finditer(text):
        yield Cell(_names(text, match), *match.span("value"))
    for match in _CLAUSE.finditer(text) if where else ():
        yield Cell((*table_before(text, match.start()), *_names(text, match)), *match.span("value"))


def beside_operators(findings: Sequence[Finding], text: str) -> Sequence[Finding]:
    """The findings without those that hold an operator: a model may take "eq" for a person's name."""
    starts = [match.start("operator") for match in _CONDITION.finditer(text)]
    return [each for each in findings if bisect_left(starts, each.end) == bisect_left(starts, each.start)]


def _names(text: str, match: re.Match[str]) -> tuple[str, ...]:
    """The steps of the compared path, without a schema's URI; within brackets also those before them."""
    steps = _steps(match["name"])
    outer = _BRACKET.search(text, max(0, match.start() - _REACH), match.start())
    if outer is not None:
        steps = (*_steps(outer["outer"]), *steps)
    return steps[:-1] if len(steps) > 1 and steps[-1].lower() == "value" else steps


def _steps(path: str) -> tuple[str, ...]:
    return tuple(step for step in re.split(r"[./]", path.rpartition(":")[2]) if step)
