"""Weakens a regular expression to one that Hyperscan can scan for and that never misses a match.

Law: for every text, if `regex` matches the original at `[s, e)`, then the weakened expression matches
the *folded* text (`folded.fold`: ASCII as it is, any other character as `?`, one byte each) at `[s, e')` with
`e' == e`, or with `e' <= e` where `Weakened.truncated`. So a text on which the weakened expression does
not fire needs no run of the original, and where it fires, the ends that Hyperscan reports bound where
a match can start. One byte per code point makes Hyperscan's byte offsets code point offsets, and lone
surrogates are just other characters.

What is weakened: assertions are dropped (a word boundary stays where the side that the pattern consumes
is surely an ASCII word character: then a non-ASCII neighbour can only make the folded boundary more
true); back-references become the group that they refer to; classes become the ASCII characters that
they hold, and `?` where they may hold others; possessive and atomic become plain.

The syntax tree is that of the standard library's `re`. A pattern that it cannot read, or that `regex`
reads otherwise (POSIX classes, fuzzy matching), cannot be weakened: it runs on every text.
"""

from __future__ import annotations

import enum
import re
import re._constants as sre  # type: ignore[import-not-found]  # not in the stubs
import re._parser as sre_parser  # type: ignore[import-not-found]  # not in the stubs
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from shield.analyzer.folded import ASCII, DIGITS, WORD, character_class, members

_READ_OTHERWISE = re.compile(r"\[:\^?\w+:\]|\{[a-zA-Z]|\(\?[A-Za-z]*V1")
_LATE_IGNORECASE = re.compile(r"(?<!\\)\(\?i\)")
_MANY_BRANCHES = 100
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)


class Digit(enum.Enum):
    """Where a text must hold a digit (of any script) for a pattern to match from a start."""

    NOWHERE = 0
    AFTER = 1  # anywhere from the start on
    IN_RUN = 2  # within the run of the pattern's alphabet that the start is in


@dataclass(frozen=True, slots=True)
class Weakened:
    """`expression` is for Hyperscan in byte mode with DOTALL, and with CASELESS where `caseless`.

    Widths are code points of a whole match.

    `max_width` is `None` where there is no bound. `truncated`: the tail of the pattern that could go on
    without bound was cut, so the reported end is that of a prefix of the match (at most `max_width`
    after its start). `lookahead` is how far beyond its end a match may look, `None` without bound.
    `bounded`: no part of the original goes on without bound, so that a search may be given an end.

    `alphabet` are all folded characters that a match of the expression can consume (`None`: not known): a
    match lies in one run of them. `digit` is where each match of the original needs a digit.
    """

    expression: str
    caseless: bool
    min_width: int
    max_width: int | None
    truncated: bool
    lookahead: int | None
    bounded: bool
    alphabet: bytes | None
    digit: Digit


def weaken(pattern: str, flags: int) -> Weakened | None:
    """The weakened form of a `regex` V0 pattern compiled with `flags`, or `None` where there is none."""
    tree = _parse(pattern, flags)
    if tree is None:
        return None
    ignorecase = bool(tree.state.flags & re.IGNORECASE)
    low, high = _width(tree)
    if low == 0:
        return None
    bounded = high is not None
    items: Sequence[Any] = list(tree)
    truncated = False
    if high is None:
        cut = _cut_tail(items)
        cut_low, cut_high = _width_of(cut)
        if cut_high is not None and cut_low > 0:
            items, low, high, truncated = cut, cut_low, cut_high, True
    writer = _Writer(tree, ignorecase=ignorecase)
    expression = writer.sequence(items, ignorecase=ignorecase)
    consumed = writer.consumed(items, ignorecase=ignorecase)
    alphabet = None if consumed is None or consumed >= ASCII else bytes(sorted(consumed))
    needed = _needs_digit(tree) or any(map(_needs_digit, _looked_ahead(tree)))
    digit = Digit.AFTER if needed else Digit.NOWHERE
    if consumed is not None and (
        _needs_digit(items)
        or any(
            _needs_digit(ahead)
            and (seen := writer.consumed(ahead, ignorecase=ignorecase)) is not None
            and seen <= consumed
            for ahead in _looked_ahead(items)
        )
    ):
        digit = Digit.IN_RUN
    return Weakened(
        expression, writer.caseless, low, high, truncated, _lookahead(tree), bounded, alphabet, digit
    )


def _needs_digit(items: Iterable[Any]) -> bool:
    """Whether nothing matches the items that holds no digit; of assertions, none is counted on."""
    for operator, argument in items:
        if operator is sre.LITERAL and argument in DIGITS:
            return True
        if operator is sre.IN and all(_only_digits(*member) for member in argument):
            return True
        if operator in _REPEATS and argument[0] > 0 and _needs_digit(argument[2]):
            return True
        if operator is sre.BRANCH and all(_needs_digit(branch) for branch in argument[1]):
            return True
        if operator in (sre.SUBPATTERN, sre.ATOMIC_GROUP) and _needs_digit(_children(operator, argument)[0]):
            return True
    return False


def _only_digits(operator: Any, argument: Any) -> bool:
    if operator is sre.LITERAL:
        return argument in DIGITS
    if operator is sre.RANGE:
        return argument[0] in DIGITS and argument[1] in DIGITS
    return operator is sre.CATEGORY and argument is sre.CATEGORY_DIGIT


def _looked_ahead(items: Iterable[Any]) -> Iterator[Any]:
    """What must follow at some place of every match: positive look-aheads that no match can leave out."""
    for operator, argument in items:
        if operator is sre.ASSERT and argument[0] > 0:
            yield argument[1]
        elif operator in (sre.SUBPATTERN, sre.ATOMIC_GROUP):
            yield from _looked_ahead(_children(operator, argument)[0])


def _parse(pattern: str, flags: int) -> Any:
    if _READ_OTHERWISE.search(pattern):
        return None
    # Both modules give the same values to the flags that Presidio uses.
    known = flags & int(re.IGNORECASE | re.MULTILINE | re.DOTALL | re.VERBOSE)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # what `re` warns of, the two modules may read differently
        for text, extra in ((pattern, 0), (_LATE_IGNORECASE.sub("", pattern), re.IGNORECASE)):
            try:
                return sre_parser.parse(text, known | extra)
            except (re.error, OverflowError, RecursionError, Warning):
                continue
    return None


def _width(tree: Any) -> tuple[int, int | None]:
    low, high = tree.getwidth()
    return int(low), None if high >= sre.MAXREPEAT else int(high)


def _width_of(items: Sequence[Any]) -> tuple[int, int | None]:
    low, high = 0, 0
    unbounded = False
    for operator, argument in items:
        single = sre_parser.SubPattern(sre_parser.State(), [(operator, argument)])
        item_low, item_high = _width(single)
        low += item_low
        if item_high is None:
            unbounded = True
        else:
            high += item_high
    return low, None if unbounded else high


def _lookahead(items: Iterable[Any]) -> int | None:
    """How far the assertions of a pattern can look beyond its end; 1 for boundaries and anchors."""
    farthest = 1
    for operator, argument in items:
        reach: int | None = 0
        for inner in _children(operator, argument):
            below = _lookahead(inner)
            if below is None:
                return None
            farthest = max(farthest, below)
        if operator in (sre.ASSERT, sre.ASSERT_NOT) and argument[0] > 0:
            reach = _width(argument[1])[1]
            if reach is None:
                return None
            farthest += reach
    return farthest


def _children(operator: Any, argument: Any) -> list[Any]:
    if operator in _REPEATS:
        return [argument[2]]
    if operator is sre.SUBPATTERN:
        return [argument[3]]
    if operator is sre.ATOMIC_GROUP:
        return [argument]
    if operator is sre.BRANCH:
        return list(argument[1])
    if operator is sre.GROUPREF_EXISTS:
        return [inner for inner in argument[1:] if inner is not None]
    if operator in (sre.ASSERT, sre.ASSERT_NOT):
        return [argument[1]]
    return []


def _cut_tail(items: Sequence[Any]) -> list[Any]:
    """The sequence without what may be left out at its end: a prefix of every match matches it."""
    rest = list(items)
    while rest:
        operator, argument = rest[-1]
        low, high = _width_of([rest[-1]])
        if low == 0:
            rest.pop()
            continue
        if high is not None:
            break
        if operator in _REPEATS:
            least, _, inner = argument
            rest[-1] = (sre.MAX_REPEAT, (least, least, inner))
            if _width(inner)[1] is None and least > 0:
                # The last round of the repeat is the tail; the others are whole.
                rest[-1:] = [(sre.MAX_REPEAT, (least - 1, least - 1, inner)), *_cut_tail(list(inner))]
        elif operator is sre.SUBPATTERN:
            rest[-1:] = _cut_tail(list(argument[3])) if not argument[1] and not argument[2] else rest[-1:]
        elif operator is sre.BRANCH:
            rest[-1] = (sre.BRANCH, (argument[0], [_as_tree(_cut_tail(list(b))) for b in argument[1]]))
        break
    return rest


def _as_tree(items: list[Any]) -> Any:
    return sre_parser.SubPattern(sre_parser.State(), items)


class _Writer:
    """Writes a syntax tree as the weakened expression."""

    def __init__(self, tree: Any, *, ignorecase: bool) -> None:
        self._groups: dict[int, tuple[Any, bool]] = {}
        self.caseless = ignorecase
        self._collect(tree, ignorecase=ignorecase)

    def _collect(self, items: Iterable[Any], *, ignorecase: bool) -> None:
        for operator, argument in items:
            inside = ignorecase
            if operator is sre.SUBPATTERN:
                group, add, remove, inner = argument
                inside = _scoped(ignorecase=ignorecase, add=add, remove=remove)
                self.caseless |= inside
                if group is not None:
                    self._groups[group] = (inner, inside)
            for inner in _children(operator, argument):
                self._collect(inner, ignorecase=inside)

    def sequence(self, items: Sequence[Any], *, ignorecase: bool) -> str:
        return "".join(self._item(items, index, ignorecase=ignorecase) for index in range(len(items)))

    def _item(self, items: Sequence[Any], index: int, *, ignorecase: bool) -> str:
        operator, argument = items[index]
        if operator is sre.AT:
            return r"\b" if argument is sre.AT_BOUNDARY and self._sure(items, index, ignorecase) else ""
        if operator in (sre.ASSERT, sre.ASSERT_NOT):
            return ""
        characters = self._characters(operator, argument, ignorecase=ignorecase)
        if characters is not None:
            return character_class(characters, caseless=self.caseless)
        if operator is sre.BRANCH:
            if len(argument[1]) > _MANY_BRANCHES:
                return self._one_of_many(operator, argument, ignorecase=ignorecase)
            branches = (self.sequence(list(b), ignorecase=ignorecase) for b in argument[1])
            return "(?:" + "|".join(branches) + ")"
        if operator is sre.SUBPATTERN:
            _, add, remove, inner = argument
            inside = _scoped(ignorecase=ignorecase, add=add, remove=remove)
            return self.sequence(list(inner), ignorecase=inside)
        if operator is sre.ATOMIC_GROUP:
            return self.sequence(list(argument), ignorecase=ignorecase)
        if operator in _REPEATS:
            least, most, inner = argument
            body = self.sequence(list(inner), ignorecase=ignorecase)
            if len(inner) > 1 or self._characters(*inner[0], ignorecase=ignorecase) is None:
                body = f"(?:{body})"
            return body + (f"{{{least},}}" if most is sre.MAXREPEAT else f"{{{least},{most}}}")
        if operator is sre.GROUPREF:
            inner, inside = self._groups[argument]
            # Under IGNORECASE the repeated text may differ in case from what the group took.
            return self.sequence(list(inner), ignorecase=inside or ignorecase)
        if operator is sre.GROUPREF_EXISTS:
            _, yes, no = argument
            parts = [self.sequence(list(part), ignorecase=ignorecase) if part else "" for part in (yes, no)]
            return "(?:" + "|".join(parts) + ")"
        return "(?:.*)"  # an operator that a later Python adds: anything

    def _one_of_many(self, operator: Any, argument: Any, *, ignorecase: bool) -> str:
        """Hundreds of words (top-level domains) as any run of their letters: a thousandth to compile."""
        low, high = _width_of([(operator, argument)])
        letters = self._all([(operator, argument)], ignorecase=ignorecase)
        if letters is None:
            return "(?:.*)"
        body = character_class(letters, caseless=self.caseless)
        return f"{body}{{{low},}}" if high is None else f"{body}{{{low},{high}}}"

    def consumed(self, items: Iterable[Any], *, ignorecase: bool) -> frozenset[int] | None:
        """Every folded character that a match of the written items can consume; `None`: not known."""
        some = self._all(items, ignorecase=ignorecase or self.caseless)
        if some is None or not self.caseless:
            return some
        return some | {ord(chr(code).swapcase()) for code in some}

    def _all(self, items: Iterable[Any], *, ignorecase: bool) -> frozenset[int] | None:
        """Every character that the items can consume."""
        union: frozenset[int] = frozenset()
        for operator, argument in items:
            if operator in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
                continue
            characters = self._characters(operator, argument, ignorecase=ignorecase)
            if characters is not None:
                union |= characters
                continue
            below = [self._groups[argument][0]] if operator is sre.GROUPREF else _children(operator, argument)
            if not below:
                return None
            for inner in below:
                # A case-insensitive scope inside only adds letters, as does taking all scopes so.
                some = self._all(inner, ignorecase=ignorecase or self.caseless)
                if some is None:
                    return None
                union |= some
        return union

    def _sure(self, items: Sequence[Any], index: int, ignorecase: bool) -> bool:
        following = self._edge(items[index + 1 :], first=True, ignorecase=ignorecase)
        preceding = self._edge(items[:index], first=False, ignorecase=ignorecase)
        return any(side is not None and side <= WORD for side in (following, preceding))

    def _edge(self, items: Sequence[Any], *, first: bool, ignorecase: bool) -> frozenset[int] | None:
        """What the first (last) consumed character can be; `None` where that is not certain."""
        for operator, argument in items if first else reversed(items):
            if operator in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
                continue
            characters = self._characters(operator, argument, ignorecase=ignorecase)
            if characters is not None:
                return characters
            if operator in _REPEATS:
                if argument[0] == 0:
                    return None
                return self._edge(list(argument[2]), first=first, ignorecase=ignorecase)
            if operator is sre.SUBPATTERN:
                inside = _scoped(ignorecase=ignorecase, add=argument[1], remove=argument[2])
                return self._edge(list(argument[3]), first=first, ignorecase=inside)
            if operator is sre.BRANCH:
                union: frozenset[int] = frozenset()
                for branch in argument[1]:
                    edge = self._edge(list(branch), first=first, ignorecase=ignorecase)
                    if edge is None:
                        return None
                    union |= edge
                return union
            return None
        return None

    @staticmethod
    def _characters(operator: Any, argument: Any, *, ignorecase: bool) -> frozenset[int] | None:
        if operator is sre.LITERAL:
            return members([(operator, argument)], ignorecase=ignorecase)
        if operator is sre.NOT_LITERAL:
            return members([(sre.NEGATE, None), (sre.LITERAL, argument)], ignorecase=ignorecase)
        if operator is sre.ANY:
            return ASCII  # with or without DOTALL: more is allowed
        if operator is sre.IN:
            return members(argument, ignorecase=ignorecase)
        return None


def _scoped(*, ignorecase: bool, add: int, remove: int) -> bool:
    if add & re.IGNORECASE:
        return True
    return ignorecase and not remove & re.IGNORECASE
