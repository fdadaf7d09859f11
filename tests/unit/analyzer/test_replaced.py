"""Replacements from an earlier write, and the words in them, are neither findings nor labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from shield.analyzer.replaced import beside, in_replacement, replaced


def test_a_replacement_is_the_name_of_a_type_and_nothing_else() -> None:
    text = "<PERSON> <person> <PERSON:12> &lt;PERSON&gt; <OTHER> <PERSON"
    assert [text[start:end] for start, end in replaced(text, {"PERSON"})] == ["<PERSON>", "&lt;PERSON&gt;"]


@pytest.mark.parametrize(
    ("text", "label", "within"),
    [
        ("pw=<PASSWORD> host", "PASSWORD", True),
        ("&lt;PASSWORD&gt; host", "PASSWORD", True),
        ("<CARD_EXPIRY> 12", "EXPIRY", True),
        ("<PASSWORD>host</PASSWORD>", "PASSWORD", False),
        ("&lt;PASSWORD&gt;host&lt;/PASSWORD&gt;", "PASSWORD", False),
        ("<password> host", "password", False),
        ("<PASSWORD host", "PASSWORD", False),
        ("a; PASSWORD host", "PASSWORD", False),
        ("PASSWORD> host", "PASSWORD", False),
        ("<PERSON>;PASSWORD host", "PASSWORD", False),
        ("<PASSWORD>host and", "PASSWORD", False),
        (f"<{'A' * 55}_PASSWORD> host", "PASSWORD", True),
    ],
)
def test_a_label_in_a_replacement_names_nothing_behind_it(text: str, label: str, *, within: bool) -> None:
    value = "host" if "host" in text else "12"
    assert in_replacement(text, text.index(label), text.index(value) + len(value)) is within


@pytest.mark.parametrize(
    ("found", "left"),
    [
        ("<PERSON> Jo", "Jo"),
        ("PERSON>, <PERSON> Jo <PERSON> Ek; <PERSON", "Jo <PERSON> Ek"),
        ("Jo <PERSON> Ek", "Jo <PERSON> Ek"),
        ("<PERSON> <PERSON>", ""),
        ("PERSON", ""),
    ],
)
def test_a_finding_is_cut_at_replacements_at_its_edges(found: str, left: str) -> None:
    text = "<PERSON> <PERSON>, <PERSON> Jo <PERSON> Ek; <PERSON> <PERSON>"
    start = text.index(found)
    first, last = beside(text, start, start + len(found), replaced(text, {"PERSON"}))
    assert text[first:last] == left


class _Counted(Sequence[tuple[int, int]]):
    """Places that count how often one of them is read."""

    def __init__(self, places: Sequence[tuple[int, int]]) -> None:
        self.places = places
        self.read = 0

    def __getitem__(self, place: Any) -> Any:
        self.read += 1
        return self.places[place]

    def __len__(self) -> int:
        return len(self.places)


def test_of_many_replacements_those_beside_a_finding_are_read() -> None:
    text = "<PERSON> Jo, " * 1_000
    spans = _Counted(replaced(text, {"PERSON"}))
    for start, end in spans.places:
        beside(text, start, end + 3, spans)
    assert spans.read < 50 * len(spans)
