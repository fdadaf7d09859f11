"""Literals of filters, each under the name of what it is compared with: `userName eq "mgarcia"`.

SCIM (RFC 7644, section 3.4.2.2: `emails[type eq "work" and value eq "…"]`), OData (`lastName eq 'Garcia'`,
`startswith(phone,'+44')`) and the conditions of a query in SQL or SOQL (`WHERE LastName = 'Garcia'`). A
condition on `value` is on the attribute whose brackets it stands in.

Law: a text without a quote and an operator is not searched.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from shield.analyzer.tables import Cell
from shield.domain import Finding

_LONGEST: Final = 128
_OPERATORS: Final = "eq ne co sw ew gt ge lt le".split()
_SIGNS: Final = (
    *(f" {form} " for word in _OPERATORS for form in (word, word.upper())),
    "where ",
    "WHERE ",
    "with(",
    "ontains(",
)
_PATH: Final = r"(?P<{0}>[A-Za-z_$][\w$:.\-/]{{0,100}})"
_LITERAL: Final = (
    r"(?P<escape>\\)?(?P<quote>[\"'])%?(?P<value>"
    r"(?:(?(escape)(?!)|(?:(?P=quote)(?P=quote)|\\(?P=quote)))|(?!%?(?(escape)\\)(?P=quote))[^\n]"
    rf"){{1,{_LONGEST}}})%?(?(escape)\\)(?P=quote)"
)
"""A doubled quote, as in SQL and OData, or an escaped one, as in SCIM, ends none."""
_CONDITION: Final = re.compile(
    rf"(?<![\w$:.\-/]){_PATH.format('name')}\s{{1,2}}(?P<operator>{'|'.join(_OPERATORS)})\s{{1,2}}{_LITERAL}",
    re.IGNORECASE,
)
_CALL: Final = re.compile(
    rf"\b(?:startswith|endswith|contains)\(\s?{_PATH.format('name')}\s?,\s?{_LITERAL}", re.IGNORECASE
)
_CLAUSE: Final = re.compile(
    rf"\b(?:where|and|or)\s{{1,2}}{_PATH.format('name')}\s{{0,2}}(?:=|!=|<>|like)\s{{0,2}}{_LITERAL}",
    re.IGNORECASE,
)
_BRACKET: Final = re.compile(rf"{_PATH.format('outer')}\[[^\[\]\n]{{0,300}}\Z")
_REACH: Final = 400


def may_hold(text: str) -> bool:
    """Whether a text may hold a filter; most do not."""
    return ('"' in text or "'" in text) and any(sign in text for sign in _SIGNS)


def literals(text: str) -> Iterator[Cell]:
    """The literals of the filters in a text, with the names of what they are compared with."""
    for match in _CONDITION.finditer(text):
        yield Cell(_names(text, match), *match.span("value"))
    for form in (_CALL, *((_CLAUSE,) if "where " in text or "WHERE " in text else ())):
        for match in form.finditer(text):
            yield Cell(_names(text, match), *match.span("value"))


def beside_operators(findings: Sequence[Finding], text: str) -> Sequence[Finding]:
    """The findings without those that hold an operator: a model takes "eq" for somebody's name."""
    starts = [match.start("operator") for match in _CONDITION.finditer(text)]
    return [each for each in findings if bisect_left(starts, each.end) == bisect_left(starts, each.start)]


def _names(text: str, match: re.Match[str]) -> tuple[str, ...]:
    """The steps of the path that is compared, without a schema's URI; of brackets those before as well."""
    steps = _steps(match["name"])
    outer = _BRACKET.search(text, max(0, match.start() - _REACH), match.start())
    if outer is not None:
        steps = (*_steps(outer["outer"]), *steps)
    return steps[:-1] if len(steps) > 1 and steps[-1].lower() == "value" else steps


def _steps(path: str) -> tuple[str, ...]:
    return tuple(step for step in re.split(r"[./]", path.rpartition(":")[2]) if step)
