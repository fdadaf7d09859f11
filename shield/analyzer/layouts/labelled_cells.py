"""Cells of tables and the like, their labels, and what labels of columns mean beside each other."""

# ruff: noqa: RUF001, SIM905  # names have curly apostrophes; tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from shield.analyzer.key_names import key_words
from shield.analyzer.recognizers.key_context import is_vague

LONGEST_CELL: Final = 128
"""Code points; a longer cell is prose, about which a label says nothing."""
LONGEST_LABEL: Final = 40
"""Code points of a label; a longer cell is a value or prose."""
_MOST_WORDS: Final = 5
_LABEL: Final = re.compile(r"[(%€£]? ?[^\W\d_][\w .'’/()#&+$€£%-]*")
_ABBREVIATED: Final = re.compile(
    r"(?<![^\W_])(?:no|nr|tel|acct|num|str|geb|addr|ref|dept)\.\Z", re.IGNORECASE
)
_DIGITS: Final = 2  # of a label: "address 1"
_AROUND: Final = " \t\r*_`~\"':#\ufeff"  # a file may begin with a byte order mark
_ENDS: Final = frozenset(".!?")
_NAME: Final = (("name",), ("names",))
_NO_LABELS: Final = frozenset("yes no true false none null x ok n/a".split())
BESIDE: Final = MappingProxyType(
    {
        ("account",): "account number",
        ("first",): "first name",
        ("last",): "last name",
        ("member", "id"): "member number",
        ("customer", "id"): "customer number",
        ("client", "id"): "customer number",
        ("exp",): "card expiry",
        ("expiry",): "card expiry",
    }
)
"""What these mean beside a personal column; as members of JSON they too often mean something else."""
OF_FIELDS: Final = frozenset(
    "description meaning purpose explanation notes comment comments type format rule rules requirement "
    "requirements required beschreibung descripción descrição descrizione bedeutung".split()
)
"""Second columns that describe fields rather than persons: "| password | at least 8 characters |"."""

_LEAST_SAID: Final = 3  # words
_OF_SENTENCES: Final = frozenset(
    "the a an is are was to of for and or with please your you my we it that this must at not be will".split()
)


Known = Callable[[str], bool]
"""Tells whether a label names personal data."""


class Cell(NamedTuple):
    """A labelled cell: `[start, end)` of the text, and the names around it, outermost first."""

    names: tuple[str, ...]
    start: int
    end: int


def label_of(text: str, start: int, end: int) -> str | None:
    """`[start, end)` of the text as a label; empty where it has no word, None where it is no label."""
    cell = text[start:end].strip(_AROUND)
    if not cell or not any(map(str.isalnum, cell)):
        return ""
    if (
        end - start > LONGEST_LABEL
        or ends_sentence(cell)
        or _LABEL.fullmatch(cell) is None
        or sum(map(str.isdigit, cell)) > _DIGITS
        or cell.count(" ") >= _MOST_WORDS
        or cell.lower() in _NO_LABELS
    ):
        return None
    return cell


def is_said(said: str) -> bool:
    """Whether it is a remark about what a label names, not its value: "please reset it" of a password."""
    words = said.lower().split()
    return len(words) >= _LEAST_SAID and not _OF_SENTENCES.isdisjoint(words)


def ends_sentence(said: str) -> bool:
    """Whether it ends like a sentence; "Tel." and "Phone no." are labels."""
    return said[-1] in _ENDS and _ABBREVIATED.search(said, max(0, len(said) - 5)) is None


def names_of(labels: Sequence[str], known: Known) -> dict[int, tuple[str, ...]]:
    """The names under which the known columns are read, by their numbers."""
    says = [bool(label) and known(label) for label in labels]
    words = [key_words(label) for label in labels]
    vague = [is_vague(each) for each in words]
    personal = any(says[place] and not vague[place] for place in range(len(labels)))
    found: dict[int, tuple[str, ...]] = {}
    for place, label in enumerate(labels):
        if says[place] and (personal or not vague[place]):
            found[place] = ("person", label) if words[place] in _NAME else (label,)
        elif personal and (says_here := BESIDE.get(words[place])):
            found[place] = (says_here,)
    return found
