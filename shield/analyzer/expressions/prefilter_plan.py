"""Plans a prefilter: the weakened patterns, and which of them share a Hyperscan database.

Making a plan takes seconds, since only Hyperscan can say what it compiles, so it is kept in the store for
the next start. Databases are compiled in parallel: Hyperscan releases the interpreter's lock meanwhile.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, fields
from math import ceil
from typing import Final

from shield.analyzer.expressions.compiled_store import CompiledStore, digest_of_code
from shield.analyzer.expressions.scanner import (
    CASELESS,
    DOTALL,
    PREFILTER,
    START_OF_MATCH,
    VERSION,
    Expression,
    ExpressionError,
    Scanner,
)
from shield.analyzer.expressions.weaken import Digit, Weakened, farthest, weaken

CODE: Final = (
    "shield.analyzer.expressions.compiled_store",
    "shield.analyzer.expressions.folded",
    "shield.analyzer.expressions.prefilter_plan",
    "shield.analyzer.expressions.scanner",
    "shield.analyzer.expressions.weaken",
    "shield.analyzer.expressions.weakened_expression",
)
"""The modules that make a plan: this one and all of ours that it imports, directly or not."""

_GROUP = 80
"""Expressions per database, roughly: more take longer to compile together, fewer longer to scan."""
_WIDE = 96  # from this width on, starts reported by Hyperscan are worth a scan of their own


class Databases:
    """Compiles each group of expressions once, with the errors of `Scanner`."""

    def __init__(self, store: CompiledStore | None) -> None:
        self._store = store
        self._made: dict[tuple[Expression, ...], Scanner] = {}

    def of(self, expressions: Sequence[Expression]) -> Scanner:
        key = tuple(expressions)
        if key not in self._made:
            self._made[key] = Scanner(key, self._store)
        return self._made[key]

    def refused(self, expressions: Sequence[Expression]) -> tuple[int, ...]:
        """The indices of those that do not compile; none where all compile together."""
        try:
            self.of(expressions)
        except ExpressionError as error:
            return error.indexes
        return ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a prefilter is made of, derived from its patterns.

    `weakened` is `None` where a pattern cannot be weakened. `groups` are the databases: indices and
    expressions. `starts` are the expressions that report starts. `reaches`: how far past its start an attempt
    of each of `wholes` can touch, in code points; `None`: unbounded.
    """

    weakened: tuple[Weakened | None, ...]
    groups: tuple[tuple[tuple[int, Expression], ...], ...]
    starts: tuple[tuple[int, Expression], ...]
    reaches: tuple[int | None, ...]

    @classmethod
    def of(
        cls, patterns: Sequence[tuple[str, int]], wholes: Sequence[tuple[str, int]], databases: Databases
    ) -> Plan:
        weakened = tuple(weaken(pattern, flags) for pattern, flags in patterns)
        known = {place: each for place, each in enumerate(weakened) if each is not None}
        expressions = {place: _expression(each) for place, each in known.items()}
        reporting = {
            place: Expression(expressions[place].text, expressions[place].flags | START_OF_MATCH)
            for place, each in known.items()
            if _asks_for_starts(each)
        }
        reaches = tuple(farthest(pattern, flags) for pattern, flags in wholes)
        with ThreadPoolExecutor() as pool:
            groups = pool.map(lambda group: _compiling(group, databases), _in_groups(expressions, known))
            # Where one does not compile, only the widths, if anything, bound the starts.
            refused = pool.map(lambda each: databases.refused([each]), reporting.values())
            starts = tuple(each for each, none in zip(reporting.items(), refused, strict=True) if not none)
            return cls(weakened, tuple(filter(None, groups)), starts, reaches)

    def to_json(self) -> bytes:
        weakened = [
            each
            and {
                **{f.name: getattr(each, f.name) for f in fields(each)},
                "alphabet": each.alphabet and each.alphabet.decode("ascii"),
                "consumed": each.consumed and each.consumed.decode("ascii"),
                "digit": each.digit.value,
            }
            for each in self.weakened
        ]
        groups = [[[place, asdict(expression)] for place, expression in group] for group in self.groups]
        starts = [[place, asdict(expression)] for place, expression in self.starts]
        return json.dumps([weakened, groups, starts, self.reaches]).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Plan:
        weakened, groups, starts, reaches = json.loads(data)
        return cls(
            tuple(
                each
                and Weakened(
                    **each
                    | {
                        "alphabet": each["alphabet"] and each["alphabet"].encode("ascii"),
                        "consumed": each["consumed"] and each["consumed"].encode("ascii"),
                        "digit": Digit(each["digit"]),
                    }
                )
                for each in weakened
            ),
            tuple(tuple((place, Expression(**raw)) for place, raw in group) for group in groups),
            tuple((place, Expression(**raw)) for place, raw in starts),
            tuple(reaches),
        )


def plan_of(
    patterns: Sequence[tuple[str, int]], wholes: Sequence[tuple[str, int]], store: CompiledStore | None
) -> tuple[Plan, Databases]:
    """The plan of the patterns (regular expression, flags), kept in the store, and its databases."""
    databases = Databases(store)
    if store is None:
        return Plan.of(patterns, wholes, databases), databases
    key = store.key("prefilter", _code(), list(patterns), list(wholes))
    kept = store.get(key)
    if kept is not None:
        return Plan.from_json(kept), databases
    plan = Plan.of(patterns, wholes, databases)
    store.put(key, plan.to_json())
    return plan, databases


def _code() -> str:
    """A digest of the code that makes a plan. Python's parser reads the patterns, Hyperscan compiles them."""
    return digest_of_code(CODE, platform.python_version(), VERSION)


def _expression(weakened: Weakened) -> Expression:
    return Expression(weakened.expression, DOTALL | (CASELESS if weakened.caseless else 0))


def _asks_for_starts(weakened: Weakened) -> bool:
    return weakened.alphabet is None and (weakened.max_width is None or weakened.max_width > _WIDE)


def _in_groups(
    expressions: Mapping[int, Expression], weakened: Mapping[int, Weakened]
) -> Iterable[dict[int, Expression]]:
    """The groups, with patterns that need a digit apart: a text without one is not scanned for these."""
    for digital in (False, True):
        places = [place for place in expressions if weakened[place].needs_digit is digital]
        size = ceil(len(places) / max(1, round(len(places) / _GROUP)))
        for first in range(0, len(places), max(1, size)):
            yield {place: expressions[place] for place in places[first : first + size]}


def _compiling(group: Mapping[int, Expression], databases: Databases) -> tuple[tuple[int, Expression], ...]:
    """The expressions of a group that compile together; compiles them.

    An expression that is too large is tried once more as one that Hyperscan may weaken further; if it still
    is, it is left out, and its pattern runs on every text.
    """
    known = list(group.items())
    while known and (refused := databases.refused([expression for _, expression in known])):
        for index in reversed(refused):  # all at once, as compiling a group takes most of a second
            place, bad = known[index]
            if bad.flags & PREFILTER:
                del known[index]
            else:
                known[index] = (place, Expression(bad.text, bad.flags | PREFILTER))
    return tuple(known)
