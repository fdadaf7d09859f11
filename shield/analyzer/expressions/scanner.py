"""A small interface to Hyperscan: compile once, scan from any thread.

A Hyperscan scratch space serves one scan at a time, so each database keeps a pool of them: a scan
takes one out and puts it back; where all are taken, another is cloned. No lock is held during a scan.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import hyperscan

from shield.analyzer.expressions.compiled_store import CompiledStore

DOTALL = int(hyperscan.HS_FLAG_DOTALL)
CASELESS = int(hyperscan.HS_FLAG_CASELESS)
MULTILINE = int(hyperscan.HS_FLAG_MULTILINE)
UTF8 = int(hyperscan.HS_FLAG_UTF8)
UNICODE = int(hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_UCP)
PREFILTER = int(hyperscan.HS_FLAG_PREFILTER)
SINGLE_MATCH = int(hyperscan.HS_FLAG_SINGLEMATCH)
START_OF_MATCH = int(hyperscan.HS_FLAG_SOM_LEFTMOST)
VERSION: str = hyperscan.__version__  # type: ignore[attr-defined]  # its stubs lack it
"""The version of Hyperscan: what another version compiled, or refused, does not count."""


TOO_LARGE_TOGETHER = "the expressions are too large together"
"""The reason where each expression compiles by itself."""

OnMatch = Callable[[int, int, int, int, object], None]
"""Gets expression, start and end of a match, and Hyperscan's flags and context, which are unused."""


class ExpressionError(ValueError):
    """Hyperscan does not compile the expressions at `indexes`; `reason` is its message about the first."""

    def __init__(self, reason: str, indexes: Sequence[int]) -> None:
        super().__init__(reason)
        self.reason = reason
        self.indexes = tuple(indexes)

    @property
    def index(self) -> int:
        """The first of `indexes`."""
        return self.indexes[0]


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression and its Hyperscan flags."""

    text: str
    flags: int


class Scanner:
    """Expressions compiled into one database; an expression's id is its index in the sequence.

    `store` keeps the database for the next start; without one it is compiled each time. Raises
    `ExpressionError` where an expression does not compile.
    """

    def __init__(self, expressions: Sequence[Expression], store: CompiledStore | None = None) -> None:
        key = _key(store, expressions) if store else ""
        kept = store.get(key) if store else None
        loaded = _loaded(kept) if kept is not None else None
        if loaded is not None:
            self._database = loaded
        else:
            self._database = hyperscan.Database()
            try:
                self._compile(expressions)
            except hyperscan.error:
                _raise_for_bad(expressions)
                raise ExpressionError(TOO_LARGE_TOGETHER, [0]) from None
            if store is not None:
                store.put(key, hyperscan.dumpb(self._database))
        self._first = hyperscan.Scratch(self._database)
        self._idle: deque[Any] = deque([self._first])

    def _compile(self, expressions: Sequence[Expression]) -> None:
        self._database.compile(
            expressions=[expression.text.encode() for expression in expressions],
            ids=list(range(len(expressions))),
            flags=[expression.flags for expression in expressions],
        )

    def scan(self, data: bytes) -> list[tuple[int, int, int]]:
        """Every match as (expression, start, end), in bytes, in order of end.

        `start` is 0 where the expression lacks `START_OF_MATCH`. Each end at which an expression
        matches is reported, not only that of the longest match.
        """
        found: list[tuple[int, int, int]] = []
        add = found.append

        def on_match(expression: int, start: int, end: int, _flags: int, _context: object) -> None:
            add((expression, start, end))

        self.report(data, on_match)
        return found

    def report(self, data: bytes, on_match: OnMatch) -> None:
        """`scan`, match by match; `on_match` must return a false value, or the scan ends there."""
        try:
            scratch = self._idle.pop()
        except IndexError:
            # Cloning reads only the sizes of the original, which may be in use meanwhile.
            scratch = self._first.clone()
        try:
            self._database.scan(data, match_event_handler=on_match, scratch=scratch)
        finally:
            self._idle.append(scratch)


def _key(store: CompiledStore, expressions: Sequence[Expression]) -> str:
    return store.key("hyperscan", VERSION, [[each.text, each.flags] for each in expressions])


def _loaded(data: bytes) -> Any | None:
    try:
        return hyperscan.loadb(data, hyperscan.HS_MODE_BLOCK)
    except hyperscan.error:
        return None  # made for another machine or version


def _raise_for_bad(expressions: Sequence[Expression]) -> None:
    bad: dict[int, str] = {}
    for index, expression in enumerate(expressions):
        try:
            hyperscan.Database().compile(expressions=[expression.text.encode()], flags=[expression.flags])
        except hyperscan.error as error:
            bad[index] = str(error)
    if bad:
        raise ExpressionError(next(iter(bad.values())), list(bad))
