r"""Weakens a regular expression to one that Hyperscan can scan for and that never misses a match.

Law: for every text, if `regex` matches the original at `[s, e)`, then the weakened expression matches
the *folded* text (`folded.fold`: ASCII as it is, any other character as `?`, one byte each) at `[s, e')` with
`e' <= e` (except for a digit that must follow, see below): an optional end of the pattern is left out, so
that one match is reported once and not at each of its ends. So a text on which the weakened expression does
not fire needs no run of the original, and where it fires, the ends that Hyperscan reports bound where a match
can start. One byte per code point makes Hyperscan's byte offsets code point offsets, and lone surrogates are
just other characters.

What is weakened: assertions are dropped. But a word boundary stays where the side that the pattern
consumes is an ASCII word character, since a non-ASCII neighbour can only make the folded boundary more
true; so do equivalent assertions (`(?<![\w-])` before such a character, `(?![\w%])` after one). Where the
pattern may also consume a non-ASCII character, the boundary is required of the ASCII ones only:
`(?:\bs|\?)` for `\bs` in any case.
Where a digit must follow in the same word, as in `(?=[a-z0-9]*\d)[a-z]{3,9}`, the expression ends at it (so
perhaps after the match): most words of a text have none.
Back-references become the group that they refer to; classes become the ASCII characters that they hold, and
`?` where they may hold others; possessive and atomic groups become plain.

The syntax tree is that of the standard library's `re`. A pattern that it cannot read, or that `regex`
reads differently (POSIX classes, fuzzy matching), cannot be weakened: it runs on every text.
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

from shield.analyzer.expressions.folded import ASCII, DIGITS
from shield.analyzer.expressions.weakened_expression import (
    ASSERTIONS,
    REPEATS,
    Edges,
    Writer,
    children,
    width,
    width_of,
)

_READ_OTHERWISE = re.compile(r"\[:\^?\w+:\]|\{[a-zA-Z]|\(\?[A-Za-z]*V1")
_LATE_IGNORECASE = re.compile(r"(?<!\\)\(\?i\)")


class Digit(enum.Enum):
    """Where a text must hold a digit (of any script) for a pattern to match from a start."""

    NOWHERE = 0
    AFTER = 1  # anywhere from the start on
    IN_RUN = 2  # within the run of the pattern's alphabet that the start is in
    WITHIN = 3  # as before, and in each match of the weakened expression


@dataclass(frozen=True, slots=True)
class Weakened:
    """`expression` is for Hyperscan in byte mode with DOTALL, and with CASELESS where `caseless`.

    Widths are code points of a whole match.

    `max_width` is `None` where there is no bound; an unbounded tail of the pattern is cut, and `max_width` is
    that of the rest. `lookahead` is how far beyond its end a match may look, `None`: unbounded. `bounded`: no
    part of the original is unbounded, so that a search may be given an end.

    `alphabet` are all folded characters that a match of the expression can consume (`None`: not known): a
    match lies in one run of them. `consumed` are those of the original, and all that its look-aheads can
    cross without bound; `beyond` is how far past a run of these an attempt can look (`None`: unbounded).
    `digit` is where each match of the original needs a digit.
    """

    expression: str
    caseless: bool
    min_width: int
    max_width: int | None
    lookahead: int | None
    bounded: bool
    alphabet: bytes | None
    digit: Digit
    consumed: bytes | None
    beyond: int | None

    @property
    def needs_digit(self) -> bool:
        """Whether the original matches only in texts with a digit, of whatever script."""
        return self.digit is not Digit.NOWHERE


def weaken(pattern: str, flags: int) -> Weakened | None:
    """The weakened form of a `regex` V0 pattern compiled with `flags`, or `None` where there is none."""
    tree = _parse(pattern, flags)
    if tree is None:
        return None
    ignorecase = bool(tree.state.flags & re.IGNORECASE)
    low, high = width(tree)
    if low == 0:
        return None
    bounded = high is not None
    items: Sequence[Any] = list(tree)
    ahead = _up_to_digit(items)
    if ahead is not None:
        items = ahead
        low, high = width_of(items)
    elif high is None:
        cut = _cut_tail(items)
        cut_low, cut_high = width_of(cut)
        if cut_high is not None and cut_low > 0:
            items, low, high = cut, cut_low, cut_high
    writer = Writer(tree, items, ignorecase=ignorecase)
    expression = writer.sequence(items, ignorecase=ignorecase, edges=Edges(cut=True))
    consumed = writer.consumed(items, ignorecase=ignorecase)
    alphabet = _some(consumed)
    seen = [writer.consumed(each, ignorecase=ignorecase) for each in (list(tree), *_unbounded_ahead(tree))]
    whole = None if None in seen else _some(frozenset().union(*seen))  # type: ignore[arg-type]
    lookahead, beyond = _lookahead(tree), _lookahead(tree, over_run=True)
    needed = _needs_digit(tree) or any(map(_needs_digit, _looked_ahead(tree)))
    digit = Digit.AFTER if needed else Digit.NOWHERE
    if consumed is not None and _needs_digit(items):
        digit = Digit.WITHIN
    elif consumed is not None and any(
        _needs_digit(ahead)
        and (some := writer.consumed(ahead, ignorecase=ignorecase)) is not None
        and some <= consumed
        for ahead in _looked_ahead(items)
    ):
        digit = Digit.IN_RUN
    return Weakened(
        expression, writer.caseless, low, high, lookahead, bounded, alphabet, digit, whole, beyond
    )


def _some(consumed: frozenset[int] | None) -> bytes | None:
    return None if consumed is None or consumed >= ASCII else bytes(sorted(consumed))


def farthest(pattern: str, flags: int) -> int | None:
    """How far past its start an attempt to match can look, in code points; `None`: unbounded."""
    tree = _parse(pattern, flags)
    if tree is None:
        return None
    low, high = width(tree)
    lookahead = _lookahead(tree)
    return None if low == 0 or high is None or lookahead is None else high + lookahead + 1


def _needs_digit(items: Iterable[Any]) -> bool:
    """Whether all that the items match holds a digit; assertions do not count."""
    for operator, argument in items:
        if operator is sre.LITERAL and argument in DIGITS:
            return True
        if operator is sre.IN and all(_only_digits(*member) for member in argument):
            return True
        if operator in REPEATS and argument[0] > 0 and _needs_digit(argument[2]):
            return True
        if operator is sre.BRANCH and all(_needs_digit(branch) for branch in argument[1]):
            return True
        if operator in (sre.SUBPATTERN, sre.ATOMIC_GROUP) and _needs_digit(children(operator, argument)[0]):
            return True
    return False


def _only_digits(operator: Any, argument: Any) -> bool:
    if operator is sre.LITERAL:
        return argument in DIGITS
    if operator is sre.RANGE:
        return argument[0] in DIGITS and argument[1] in DIGITS
    return operator is sre.CATEGORY and argument is sre.CATEGORY_DIGIT


def _looked_ahead(items: Iterable[Any]) -> Iterator[Any]:
    """Positive look-aheads that every match must satisfy somewhere."""
    for operator, argument in items:
        if operator is sre.ASSERT and argument[0] > 0:
            yield argument[1]
        elif operator in (sre.SUBPATTERN, sre.ATOMIC_GROUP):
            yield from _looked_ahead(children(operator, argument)[0])


def _up_to_digit(items: Sequence[Any]) -> list[Any] | None:
    """The first letter of a match, what may follow up to the digit that it needs, and the digit.

    `None` where no look-ahead at the start requires one, or a match may begin with a digit.
    """
    body = next((place for place, (operator, _) in enumerate(items) if operator not in ASSERTIONS), 0)
    operator, argument = items[body]
    if operator in REPEATS and argument[0] > 0 and len(argument[2]) == 1:
        operator, argument = argument[2][0]
    if not _only_letters(operator, argument):
        return None
    for kind, ahead in items[:body]:
        if kind is not sre.ASSERT or ahead[0] < 0 or len(ahead[1]) != 2:  # noqa: PLR2004  the sort, and the digit
            continue
        (repeat, times), digit = ahead[1]
        if (
            repeat in REPEATS
            and (times[0], times[1]) == (0, sre.MAXREPEAT)
            and len(times[2]) == 1
            and times[2][0][0] is sre.IN
            and digit[0] is sre.IN
            and _needs_digit([digit])
        ):
            others = [each for each in times[2][0][1] if not _only_digits(*each)]
            if others:
                letters = (sre.MAX_REPEAT, (0, sre.MAXREPEAT, _as_tree([(sre.IN, others)])))
                return [*items[:body], (operator, argument), letters, digit]
    return None


def _only_letters(operator: Any, argument: Any) -> bool:
    """Whether a character is an ASCII letter, or one that case folding ties to such a letter."""
    if operator is sre.LITERAL:
        return argument < 128 and chr(argument).isalpha()  # noqa: PLR2004  the end of ASCII
    if operator is sre.RANGE:
        return all(map(str.isalpha, map(chr, range(argument[0], argument[1] + 1)))) and argument[1] < 128  # noqa: PLR2004  as above
    return operator is sre.IN and all(_only_letters(*each) for each in argument)


def _parse(pattern: str, flags: int) -> Any:
    if _READ_OTHERWISE.search(pattern):
        return None
    # Both modules have the same values for the flags that Presidio uses.
    known = flags & int(re.IGNORECASE | re.MULTILINE | re.DOTALL | re.VERBOSE)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # the two modules may differ in what `re` warns about
        for text, extra in ((pattern, 0), (_LATE_IGNORECASE.sub("", pattern), re.IGNORECASE)):
            try:
                return sre_parser.parse(text, known | extra)
            except (re.error, OverflowError, RecursionError, Warning):
                continue
    return None


def _unbounded_ahead(items: Iterable[Any]) -> Iterator[Any]:
    """The look-aheads, at any place, that are unbounded."""
    for operator, argument in items:
        if operator in (sre.ASSERT, sre.ASSERT_NOT) and argument[0] > 0 and width(argument[1])[1] is None:
            yield argument[1]
        for inner in children(operator, argument):
            yield from _unbounded_ahead(inner)


def _lookahead(items: Iterable[Any], *, over_run: bool = False) -> int | None:
    """How far the assertions of a pattern can look beyond its end; 1 for boundaries and anchors.

    `over_run`: an unbounded look-ahead is known to end with the run of characters that it can cross.
    """
    most = 1
    for operator, argument in items:
        within = 0
        for inner in children(operator, argument):
            below = _lookahead(inner, over_run=over_run)
            if below is None:
                return None
            within = max(within, below)
        if operator in (sre.ASSERT, sre.ASSERT_NOT) and argument[0] > 0:
            reach = width(argument[1])[1]
            if reach is None and not over_run:
                return None
            within += reach or 0
        most = max(most, within)
    return most


def _cut_tail(items: Sequence[Any]) -> list[Any]:
    """The sequence without its optional end: a prefix of every match matches it."""
    rest = list(items)
    while rest:
        operator, argument = rest[-1]
        low, high = width_of([rest[-1]])
        if low == 0:
            rest.pop()
            continue
        if high is not None:
            break
        if operator in REPEATS:
            least, _, inner = argument
            rest[-1] = (sre.MAX_REPEAT, (least, least, inner))
            if width(inner)[1] is None and least > 0:
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
