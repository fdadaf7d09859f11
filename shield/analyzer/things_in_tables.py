"""What the model takes for personal data in tables, and their columns say is none.

A cell under the name of a thing ("order", "price") is read as the member of JSON of that name is: a number,
a code or a choice is nothing for a model. What stands for a name or a place at the beginning of a cell
under "product" or "status" is none, as behind `product=`; nor is the label of such a column anything.

Only labels all of whose words are of things count: "my order" may be a line of prose.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shield.analyzer.context import key_words, stem
from shield.analyzer.names_within import KEYS_OF_THINGS
from shield.analyzer.passages import may_be_prose
from shield.analyzer.plausible import OTHER_THINGS
from shield.analyzer.recognizers.key_context import THINGS
from shield.analyzer.tables import Cell, cells
from shield.analyzer.tagger_ner import worth_reading
from shield.domain import Finding

_MAY_BE_SOMEBODYS: Final = frozenset("account bank document policy key".split())
"""Things whose numbers are those of persons."""
_OF_THEM: Final = frozenset("name id no nr number code total".split())
"""Words that go on after that of a thing."""
_NAMES: Final = frozenset({"PERSON", "LOCATION", "STREET_ADDRESS", "ORGANIZATION"})


def without_things(findings: Sequence[Finding], text: str) -> list[Finding]:
    """The model's findings in a text without those that are of things by the columns of its tables.

    Linear in the text, and in the cells at each of the findings.
    """
    labels: dict[tuple[int, int], None] = {}
    found: list[Cell] = []
    for cell in cells(text, _is_of_things):
        if _is_of_things(cell.names[-1]):  # others may be told by those beside them
            labels[cell.label] = None
            found.append(cell)
    if not found:
        return [*findings]
    nothing = bytearray(len(text))
    for start, end in labels:
        nothing[start:end] = b"\1" * (end - start)
    for cell in found:
        value = text[cell.start : cell.end]
        if not worth_reading(value) or not may_be_prose(value, cell.names):
            nothing[cell.start : cell.end] = b"\1" * len(value)
    named = {
        cell.start: cell.end for cell in found if KEYS_OF_THINGS.issuperset(key_words(cell.names[-1])[:1])
    }
    return [
        finding
        for finding in findings
        if not _is_nothing(text, finding, nothing)
        and not (finding.entity_type in _NAMES and named.get(finding.start, -1) >= finding.end)
    ]


def _is_of_things(label: str) -> bool:
    first, *others = key_words(label) or ("",)
    return _is_thing(first) and all(word in _OF_THEM or _is_thing(word) for word in others)


def _is_thing(word: str) -> bool:
    return (
        word in THINGS or word in KEYS_OF_THINGS or stem(word) in OTHER_THINGS
    ) and word not in _MAY_BE_SOMEBODYS


def _is_nothing(text: str, finding: Finding, nothing: bytearray) -> bool:
    """Whether all letters and figures of a finding are in cells that hold nothing."""
    return all(nothing[place] or not text[place].isalnum() for place in range(finding.start, finding.end))
