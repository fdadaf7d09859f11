"""Writes the syntax tree of a regular expression as one that Hyperscan scans for in folded text.

It may match more than the original, never less; `weaken` says what is given up.
"""

from __future__ import annotations

import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as sre_parser  # type: ignore[import-not-found]
from bisect import bisect
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from shield.analyzer.expressions.folded import ASCII, WORD, character_class, members

_MANY_BRANCHES = 500
REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
ASSERTIONS = (sre.AT, sre.ASSERT, sre.ASSERT_NOT)


class Edges(NamedTuple):
    """Whether a word boundary is before the first and after the last character of an expression.

    `cut`: optional parts at its end are left out, since where it ends does not matter.
    """

    led: bool = False
    ended: bool = False
    cut: bool = False


_NO_EDGES = Edges()
_NO_WORD = ASCII - WORD - {ord("?")}  # `?` may stand for a letter


def children(operator: Any, argument: Any) -> list[Any]:
    """What an operator of the syntax tree holds: sequences of items."""
    if operator in REPEATS:
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


def width(tree: Any) -> tuple[int, int | None]:
    """Code points of the shortest and the longest match; `None`: unbounded."""
    low, high = tree.getwidth()
    return int(low), None if high >= sre.MAXREPEAT else int(high)


def width_of(items: Sequence[Any]) -> tuple[int, int | None]:
    """`width` of a part of a tree."""
    low, high = 0, 0
    unbounded = False
    for operator, argument in items:
        single = sre_parser.SubPattern(sre_parser.State(), [(operator, argument)])
        item_low, item_high = width(single)
        low += item_low
        if item_high is None:
            unbounded = True
        else:
            high += item_high
    return low, None if unbounded else high


class Writer:
    """Writes `items` of a syntax tree as the weakened expression.

    `caseless`: to be scanned for without regard to case. Where a part of the items tells cases apart, the
    expression does so, and the other parts list both.
    """

    def __init__(self, tree: Any, items: Sequence[Any], *, ignorecase: bool) -> None:
        self._groups: dict[int, tuple[Any, bool]] = {}
        self._some_caseless = ignorecase
        self._collect(tree, ignorecase=ignorecase)
        self.caseless = self._some_caseless and not self._tells_case(items, ignorecase=ignorecase)

    def _collect(self, items: Iterable[Any], *, ignorecase: bool) -> None:
        for operator, argument in items:
            inside = ignorecase
            if operator is sre.SUBPATTERN:
                group, add, remove, inner = argument
                inside = _scoped(ignorecase=ignorecase, add=add, remove=remove)
                self._some_caseless |= inside
                if group is not None:
                    self._groups[group] = (inner, inside)
            for inner in children(operator, argument):
                self._collect(inner, ignorecase=inside)

    def _tells_case(self, items: Iterable[Any], *, ignorecase: bool) -> bool:
        """Whether some character of the items is a letter of one case alone."""
        for operator, argument in items:
            if operator in ASSERTIONS:
                continue
            characters = self._characters(operator, argument, ignorecase=ignorecase)
            if characters is not None:
                if any(ord(chr(code).swapcase()) not in characters for code in characters):
                    return True
                continue
            inside = ignorecase
            if operator is sre.SUBPATTERN:
                inside = _scoped(ignorecase=ignorecase, add=argument[1], remove=argument[2])
            if any(self._tells_case(inner, ignorecase=inside) for inner in children(operator, argument)):
                return True
        return False

    def sequence(self, items: Sequence[Any], *, ignorecase: bool, edges: Edges = _NO_EDGES) -> str:
        """The items as an expression; `edges` says what is known about the places around it."""
        places = [place for place, (operator, _) in enumerate(items) if operator not in ASSERTIONS]
        led = {places[0]} if edges.led and places else set()
        ended = {places[-1]} if edges.ended and places else set()
        sure: dict[int, str] = {}
        for place, (operator, argument) in enumerate(items):
            if operator not in ASSERTIONS:
                continue
            before, behind = _boundary(operator, argument)
            following = bisect(places, place)
            if before and self._starts_as(_NO_WORD, items[place + 1 :], ignorecase=ignorecase):
                sure[place] = r"\B" if operator is sre.ASSERT_NOT else ""
            elif (before and self._starts_as(WORD, items[place + 1 :], ignorecase=ignorecase)) or (
                behind and self._ends_as(WORD, items[:place], ignorecase=ignorecase)
            ):
                sure[place] = r"\b"
            elif before and following < len(places):
                led.add(places[following])
            elif behind and following:
                ended.add(places[following - 1])
        last = places[-1] if places else -1
        cut = edges.cut and last not in ended and not any(place > last for place in sure)
        while cut and places and items[last][0] in REPEATS and items[last][1][0] == 0:
            places.pop()
            last = places[-1] if places else -1
            cut = last not in ended and not any(place > last for place in sure)
        parts: list[str] = []
        for place in sorted({*places, *sure}):
            if place in sure:
                parts.append(sure[place])
                continue
            around = Edges(place in led, place in ended, cut=cut and place == last)
            parts.append(self._item(*items[place], ignorecase=ignorecase, edges=around))
        return "".join(parts)

    def _item(self, operator: Any, argument: Any, *, ignorecase: bool, edges: Edges) -> str:
        characters = self._characters(operator, argument, ignorecase=ignorecase)
        if characters is not None:
            return self._one(characters, edges)
        if operator is sre.BRANCH:
            if len(argument[1]) > _MANY_BRANCHES:
                return self._one_of_many(operator, argument, ignorecase=ignorecase, cut=edges.cut)
            branches = (self.sequence(list(b), ignorecase=ignorecase, edges=edges) for b in argument[1])
            return "(?:" + "|".join(branches) + ")"
        if operator is sre.SUBPATTERN:
            _, add, remove, inner = argument
            inside = _scoped(ignorecase=ignorecase, add=add, remove=remove)
            return self.sequence(list(inner), ignorecase=inside, edges=edges)
        if operator is sre.ATOMIC_GROUP:
            return self.sequence(list(argument), ignorecase=ignorecase, edges=edges)
        if operator in REPEATS:
            return self._repeat(*argument, ignorecase=ignorecase, edges=edges)
        if operator is sre.GROUPREF:
            inner, inside = self._groups[argument]
            # Under IGNORECASE the repeated text may differ in case from what the group matched.
            return self.sequence(list(inner), ignorecase=inside or ignorecase)
        if operator is sre.GROUPREF_EXISTS:
            _, yes, no = argument
            parts = [self.sequence(list(part), ignorecase=ignorecase) if part else "" for part in (yes, no)]
            return "(?:" + "|".join(parts) + ")"
        return "(?:.*)"  # an operator that a later Python adds: anything

    def _one(self, characters: frozenset[int], edges: Edges) -> str:
        """One of these characters; with the boundaries around it where it is a word character.

        The folded text does not tell whether a non-ASCII character is one.
        """
        whole = character_class(characters, caseless=self.caseless)
        if not (edges.led or edges.ended) or not (characters & WORD):
            return whole
        word = character_class(characters & WORD, caseless=self.caseless)
        bounded = (r"\b" if edges.led else "") + word + (r"\b" if edges.ended else "")
        others = characters - WORD
        return f"(?:{bounded}|{character_class(others, caseless=self.caseless)})" if others else bounded

    def _repeat(self, least: int, most: Any, inner: Any, *, ignorecase: bool, edges: Edges) -> str:
        if edges.cut and least:
            most = least
        characters = self._characters(*inner[0], ignorecase=ignorecase) if len(inner) == 1 else None
        if characters is None:
            # Of several repetitions only one is at an edge.
            around = edges if most == 1 else _NO_EDGES
            body = self.sequence(list(inner), ignorecase=ignorecase, edges=around)
            return f"(?:{body})" + _times(least, most)
        if most == 1 and (edges.led or edges.ended):
            return f"(?:{self._one(characters, edges)})" + _times(least, most)
        body = character_class(characters, caseless=self.caseless)
        first = last = ""
        if edges.led and least:
            first = self._one(characters, Edges(led=True))
            least, most = _one_less(least, most)
        if edges.ended and least:
            last = self._one(characters, Edges(ended=True))
            least, most = _one_less(least, most)
        return first + (body + _times(least, most) if most else "") + last

    def _one_of_many(self, operator: Any, argument: Any, *, ignorecase: bool, cut: bool) -> str:
        """Hundreds of top-level domains as any run of their letters, compiled in a thousandth of the time."""
        low, high = width_of([(operator, argument)])
        letters = self._all([(operator, argument)], ignorecase=ignorecase)
        if letters is None:
            return "(?:.*)"
        body = character_class(letters, caseless=self.caseless)
        return body + _times(low, low if cut else sre.MAXREPEAT if high is None else high)

    def consumed(self, items: Iterable[Any], *, ignorecase: bool) -> frozenset[int] | None:
        """Every folded character that a match of the written items can consume; `None`: not known."""
        some = self._all(items, ignorecase=ignorecase or self._some_caseless)
        if some is None or not self._some_caseless:
            return some
        return some | {ord(chr(code).swapcase()) for code in some}

    def _all(self, items: Iterable[Any], *, ignorecase: bool) -> frozenset[int] | None:
        """Every character that the items can consume."""
        union: frozenset[int] = frozenset()
        for operator, argument in items:
            if operator in ASSERTIONS:
                continue
            characters = self._characters(operator, argument, ignorecase=ignorecase)
            if characters is not None:
                union |= characters
                continue
            below = [self._groups[argument][0]] if operator is sre.GROUPREF else children(operator, argument)
            if not below:
                return None
            for inner in below:
                # A case-insensitive scope inside only adds letters; so does treating all scopes as such.
                some = self._all(inner, ignorecase=ignorecase or self._some_caseless)
                if some is None:
                    return None
                union |= some
        return union

    def _starts_as(self, kind: frozenset[int], items: Sequence[Any], *, ignorecase: bool) -> bool:
        """Whether the first character of the items is surely one of these."""
        edge = self._edge(items, first=True, ignorecase=ignorecase)
        return edge is not None and edge <= kind

    def _ends_as(self, kind: frozenset[int], items: Sequence[Any], *, ignorecase: bool) -> bool:
        edge = self._edge(items, first=False, ignorecase=ignorecase)
        return edge is not None and edge <= kind

    def _edge(self, items: Sequence[Any], *, first: bool, ignorecase: bool) -> frozenset[int] | None:
        """What the first (last) consumed character can be; `None` where that is not certain."""
        for operator, argument in items if first else reversed(items):
            if operator in ASSERTIONS:
                continue
            characters = self._characters(operator, argument, ignorecase=ignorecase)
            if characters is not None:
                return characters
            if operator in REPEATS:
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


def _boundary(operator: Any, argument: Any) -> tuple[bool, bool]:
    r"""Whether an assertion implies a boundary before a following word character, and after a preceding one.

    `(?<![\w-])` says that no word character precedes, `(?![\w%]|[.,]\d)` that none follows.
    """
    if operator is sre.AT:
        return (argument is sre.AT_BOUNDARY,) * 2
    if operator is sre.ASSERT_NOT and _is_of_words(argument[1]):
        return argument[0] < 0, argument[0] > 0
    return False, False


def _is_of_words(items: Sequence[Any]) -> bool:
    """Whether any word character by itself matches the items."""
    if len(items) != 1:
        return False
    operator, argument = items[0]
    if operator is sre.IN:
        return (sre.CATEGORY, sre.CATEGORY_WORD) in argument and argument[0][0] is not sre.NEGATE
    return operator is sre.BRANCH and any(map(_is_of_words, argument[1]))


def _times(least: int, most: Any) -> str:
    return f"{{{least},}}" if most is sre.MAXREPEAT else f"{{{least},{most}}}"


def _one_less(least: int, most: Any) -> tuple[int, Any]:
    return least - 1, most if most is sre.MAXREPEAT else most - 1
