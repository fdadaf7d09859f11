"""Reads XML elements in a text, each value under the names of its elements: `<first>Jane</first>`.

An XML body is read by its codec; this reads XML that was pasted into a message or is in a JSON string. HTML's
tags name nothing. `first` and the like count only where a sibling is personal too, as in tables.

Law: each tag is read once, and a value ends at the next one.
"""

# ruff: noqa: E501, SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from shield.analyzer.layouts.labelled_cells import BESIDE, Cell

_TAG: Final = re.compile(
    r"<(?P<close>/)?(?:[A-Za-z][\w\-]{0,29}:)?(?P<name>[A-Za-z_][\w.\-]{0,40})(?:\s[^<>]{0,300})?(?P<empty>/)?>"
)
_HTML: Final = frozenset(
    """html head body title meta link style script div span p br hr a b i u s em strong small big sub sup mark code pre tt kbd samp
    var ins del strike nobr wbr font center h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption thead tbody tfoot tr td th col colgroup
    form input button select option optgroup label textarea fieldset legend img picture figure figcaption video audio source track
    canvas svg path iframe object embed param header footer nav main section article aside details summary dialog blockquote q cite
    abbr time data ruby rt rp bdi bdo map area template slot noscript""".split()
)
_LONGEST: Final = 128  # code points of a value
_DEEPEST: Final = 32
_NAMES: Final = 3


class _Leaf(NamedTuple):
    """An element that holds only text; `parent` is where the text of the one around it begins."""

    parent: int
    cell: Cell


def may_hold(text: str) -> bool:
    """Whether the text may hold the end of an element."""
    return "</" in text


def values(text: str, known: Callable[[tuple[str, ...]], bool]) -> Iterator[Cell]:
    """The values of elements whose names, outermost first, are `known` to be personal."""
    leaves = _leaves(text)
    siblings: dict[int, set[tuple[str, ...]]] = {}
    for leaf in leaves:
        siblings.setdefault(leaf.parent, set()).add(leaf.cell.names)
    personal = {
        parent
        for parent, names in siblings.items()
        if len(names) > 1
        and ({"first", "last"} <= {each[-1].lower() for each in names} or any(map(known, names)))
    }
    for parent, cell in leaves:
        beside = BESIDE.get((cell.names[-1].lower(),)) if parent in personal else None
        if beside is not None:
            yield cell._replace(names=(*cell.names[:-1], beside))
        elif known(cell.names):
            yield cell


def _leaves(text: str) -> list[_Leaf]:
    """Each element that holds only text, with the place of its parent."""
    leaves: list[_Leaf] = []
    open_: list[tuple[str, int]] = []  # names, and where their values begin
    opened = False  # the last tag opened an element
    for tag in _TAG.finditer(text):
        name = tag["name"]
        if tag["empty"] or name.lower() in _HTML:
            opened = False
            continue
        if not tag["close"]:
            open_.append((name, tag.end()))
            if len(open_) > _DEEPEST:  # "List<String>" is not an element and never ends
                del open_[0]
            opened = True
            continue
        if not any(name == each for each, _ in open_):
            opened = False
            continue
        while open_[-1][0] != name:
            open_.pop()
        start, end = open_.pop()[1], tag.start()
        if (
            opened
            and 0 < end - start <= _LONGEST
            and not text[start:end].isspace()
            and "<" not in text[start:end]
        ):
            around = tuple(each for each, _ in open_[1 - _NAMES :])
            leaves.append(_Leaf(open_[-1][1] if open_ else -1, Cell((*around, name), start, end)))
        opened = False
    return leaves
