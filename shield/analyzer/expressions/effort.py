"""Bounds the work of one attempt to match an expression, whatever the text.

A backtracking engine tries the ways in which an expression can match from one start, one after the other.
Where every repeat has an upper limit, the ways can be counted: a search over a few starts of an expression
with few ways ends by itself and needs no timeout.
"""

from __future__ import annotations

import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as sre_parser  # type: ignore[import-not-found]
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from shield.analyzer.expressions.weakened_expression import ASSERTIONS, REPEATS, children, width

_FLAGS = re.IGNORECASE | re.MULTILINE | re.DOTALL
_MANY = 10**9
BRIEF: Final = 64
"""Code points within which even an unbounded repeat ends soon."""


def effort(source: str, flags: int, within: int | None = None) -> int | None:
    """The most steps that an attempt at one start can take; `None` where no bound is known.

    A step is a look at one character. `within` are the code points that the attempt can consume, where
    known; a look-ahead can look at as many after these. `flags` are those of `regex`; only case matters.
    """
    try:
        tree = sre_parser.parse(source, flags & _FLAGS)
    except (re.error, ValueError, OverflowError, RecursionError):
        return None  # what only `regex` reads
    cost = _cost(list(tree), _MANY if within is None else within, {}, last=True)
    return None if cost.steps >= _MANY else cost.steps


class Run(NamedTuple):
    """Bounds an attempt with unbounded repeats: `signs` matches all that it can consume, at most `BRIEF`.

    `beyond` is how many code points after these it can look at.
    """

    signs: re.Pattern[str]
    beyond: int

    @classmethod
    def of(cls, consumed: bytes, lookahead: int) -> Run:
        """`consumed` are folded characters (`folded.fold`); `lookahead` is less than `BRIEF`."""
        others = "\\x80-\U0010ffff" if b"?" in consumed else ""
        signs = re.compile(f"[{re.escape(consumed.decode('ascii'))}{others}]{{0,{BRIEF}}}+")
        return cls(signs, lookahead + 1)

    def limit(self, text: str, low: int, high: int) -> int | None:
        """How far attempts from `low` to `high` can look; `None` where what they consume is not all brief."""
        match = self.signs.match(text, high)
        end = high if match is None else match.end()
        return end + self.beyond if end - low < BRIEF else None


class _Cost(NamedTuple):
    """The number of ways in which something can match from one start, and the steps of all of them."""

    steps: int
    ways: int


def _cost(items: Sequence[Any], within: int, groups: dict[int, int], *, last: bool = False) -> _Cost:
    """The cost of items in sequence: each is tried again for each way of what precedes it.

    `groups` are the lengths of the earlier groups, by number. `last`: nothing follows these items, so an
    optional item at their end is tried only once: whichever way that goes, it is the match.
    """
    steps, ways = 0, 1
    for place, (operator, argument) in enumerate(items):
        ends = last and place == len(items) - 1
        cost = _cost_of(operator, argument, within, groups, last=ends)
        steps += cost.steps if ends and operator in REPEATS and argument[0] == 0 else ways * cost.steps
        ways *= cost.ways
        if steps >= _MANY or ways >= _MANY:
            return _Cost(_MANY, _MANY)
    return _Cost(steps, ways)


def _cost_of(operator: Any, argument: Any, within: int, groups: dict[int, int], *, last: bool) -> _Cost:
    ends = last and operator is sre.SUBPATTERN
    known = within
    if operator in ASSERTIONS and within < _MANY:
        # What looks back has only its own bounds.
        known = 2 * within if operator is not sre.AT and argument[0] > 0 else _MANY
    inner = [_cost(each, known, groups, last=ends) for each in children(operator, argument)]
    if operator in REPEATS:
        least, most, repeated = argument
        most = min(most, within // max(1, width(repeated)[0]))
        return _repeated(inner[0], least, most, possessive=operator is sre.POSSESSIVE_REPEAT)
    if operator is sre.BRANCH:
        return _branched(argument[1], inner)
    if operator is sre.GROUPREF:
        # It looks at each character of its group again; a group that is not yet closed may have any length.
        return _Cost(groups.get(argument, within), 1)
    if operator is sre.SUBPATTERN and argument[0] is not None:
        longest = width(argument[3])[1]
        groups[argument[0]] = within if longest is None else min(longest, within)
    steps = 1 + sum([each.steps for each in inner])
    if operator is sre.GROUPREF_EXISTS:
        return _Cost(steps, sum([each.ways for each in inner]) + 1)
    if operator in {sre.ASSERT, sre.ASSERT_NOT, sre.ATOMIC_GROUP}:
        return _Cost(steps, 1)  # the first way that holds is the only one
    return _Cost(steps, inner[0].ways if inner else 1)


def _branched(branches: Sequence[Any], costs: Sequence[_Cost]) -> _Cost:
    """The cost of a choice. Where no two branches begin with the same letter, at most one continues."""
    firsts = {chr(each[0][1]).lower() for each in branches if len(each) and each[0][0] is sre.LITERAL}
    apart = len(firsts) == len(branches) and "".join(firsts).isascii()
    count = max if apart else sum
    return _Cost(len(branches) + count([it.steps for it in costs]), count([it.ways for it in costs]))


def _repeated(inner: _Cost, least: int, most: int, *, possessive: bool) -> _Cost:
    if most >= _MANY:
        return _Cost(_MANY, _MANY)
    if inner.ways == 1:
        return _Cost(1 + most * (1 + inner.steps), 1 if possessive else max(1, most - least + 1))
    steps, ways, power = 1, 0, 1
    for done in range(most + 1):
        if done:
            steps += power * (1 + inner.steps)
            power *= inner.ways
        ways += power if done >= least else 0
        if steps >= _MANY or power >= _MANY:
            return _Cost(_MANY, _MANY)
    return _Cost(steps, 1 if possessive else max(1, ways))
