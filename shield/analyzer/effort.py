"""How much work an attempt to match an expression can be at most, whatever the text.

A backtracking engine tries the ways in which an expression can match from one start, one after the other.
Where every repeat has an upper limit the ways can be counted: a search over a few starts of an expression
with few of them ends by itself, and needs no clock beside it.
"""

from __future__ import annotations

import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as sre_parser  # type: ignore[import-not-found]
from collections.abc import Iterable
from typing import Any

from shield.analyzer.weakened_expression import REPEATS, children

_FLAGS = re.IGNORECASE | re.MULTILINE | re.DOTALL
_MANY = 10**9


def effort(source: str, flags: int) -> int | None:
    """Steps that an attempt at one start can take at most; `None` where nothing says so.

    A step is a look at one character. `flags` are those of `regex`, of which the case counts.
    """
    try:
        tree = sre_parser.parse(source, flags & _FLAGS)
    except (re.error, ValueError, OverflowError, RecursionError):
        return None  # what only `regex` reads
    ways = _ways(tree)
    length = _length(tree, {}) if ways < _MANY else _MANY
    return None if length >= _MANY else ways * length


def _ways(items: Iterable[Any]) -> int:
    """In how many ways the items can match from one start, at most."""
    ways = 1
    for operator, argument in items:
        if operator in REPEATS:
            least, most, inner = argument
            if most == sre.MAXREPEAT:
                return _MANY
            ways *= _repeated(_ways(inner), least, most)
        elif operator in {sre.BRANCH, sre.GROUPREF_EXISTS}:
            ways *= sum(map(_ways, children(operator, argument))) + (operator is sre.GROUPREF_EXISTS)
        else:
            for inner in children(operator, argument):
                ways *= _ways(inner)
        if ways >= _MANY:
            return _MANY
    return ways


def _repeated(ways: int, least: int, most: int) -> int:
    if ways == 1:
        return most - least + 1
    total, power = 0, ways**least if least < 30 else _MANY  # noqa: PLR2004  2**30 is beyond any bound
    for _ in range(least, most + 1):
        total += power
        power *= ways
        if total >= _MANY:
            return _MANY
    return total


def _length(items: Iterable[Any], groups: dict[int, int]) -> int:
    """How many characters and assertions an attempt can meet on one way, at most.

    `groups` are the lengths of the groups before, by number: a back reference looks at each character of its
    group again.
    """
    length = 0
    for operator, argument in items:
        rounds = argument[1] if operator in REPEATS else 1
        inner = sum([_length(each, groups) for each in children(operator, argument)])
        if operator is sre.SUBPATTERN and argument[0] is not None:
            groups[argument[0]] = inner
        elif operator is sre.GROUPREF:
            inner = groups.get(argument, _MANY)  # a group that is not yet closed may be of any length
        length = min(_MANY, length + rounds * (1 + inner))
    return length
