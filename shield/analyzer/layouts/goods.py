"""Leaves what goods are called to the model: `{"sku": "A1", "name": "Blue Widget", "price": 12}`.

A member or column called only "name" holds a person by the form of its value, and "Oak Shelf" has it, too.
Beside both a stock number and a price, or the like, what counts is what the model finds, which mostly knows
"Maria Lopez" from "Blue Widget". One of them is not enough: who bought something stands beside its price.
Nor does it count beside a member that is surely a person's, or one that holds the goods themselves, as then
the name is the buyer's.

Law: of each name found, a bounded number of members beside it is read.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import chain
from typing import Final

from shield.analyzer.key_names import key_words
from shield.analyzer.recognizers.key_context import RECOGNIZER, is_vague, label_speaks
from shield.domain import Finding, Location, Segment, SegmentKind

_OF_GOODS: Final = frozenset(
    "sku gtin ean upc asin mpn barcode artikelnummer price preis prix precio prezzo prijs preço cena stock "
    "inventory".split()
)
_LEAST: Final = 2  # of these
_GOODS: Final = frozenset(
    "item product article title goods artikel produkt produit producto prodotto".split()
)
"""Members that hold the goods themselves."""
_NAME: Final = "name"
_BESIDE: Final = 24  # members to either side


def left_to_model(segments: Sequence[Segment], found: list[list[Finding]], known: Collection[int]) -> None:
    """Takes out of `found` the persons whose only sign is a "name" beside others of goods.

    Segments whose index is in `known` stay as they are.
    """
    decided: dict[tuple[str, ...], bool] = {}
    for place, findings in enumerate(found):
        if not findings or place in known or not _is_name(segments[place].location):
            continue
        if not any(each.recognizer == RECOGNIZER for each in findings):
            continue
        names = _beside(segments, place)
        if names not in decided:
            decided[names] = _are_of_goods(names)
        if decided[names]:
            found[place] = [
                each for each in findings if each.recognizer != RECOGNIZER or each.entity_type != "PERSON"
            ]


def _is_name(location: Location) -> bool:
    own = location[-1] if location else ""
    return isinstance(own, str) and own.lower() == _NAME


def _beside(segments: Sequence[Segment], place: int) -> tuple[str, ...]:
    """The names of the members of the same object, or of the cells of the same row."""
    own = segments[place]
    around = own.location[:-1]
    names: list[str] = []
    for way in (-1, 1):
        for at in range(place + way, place + way * (_BESIDE + 1), way):
            if not 0 <= at < len(segments):
                break
            other = segments[at]
            location = other.location
            if location[: len(around)] != around or other.root != own.root:
                break
            if (
                len(location) == len(own.location)
                and other.kind is not SegmentKind.KEY
                and isinstance(location[-1], str)
            ):
                names.append(location[-1])
    return tuple(names)


def _are_of_goods(names: Sequence[str]) -> bool:
    words = [key_words(name) for name in names]
    return (
        len(_OF_GOODS.intersection(chain.from_iterable(words))) >= _LEAST
        and not any(_GOODS.issuperset(each) for each in words if each)
        and not any(
            label_speaks(name) and not is_vague(each) for name, each in zip(names, words, strict=True)
        )
    )
