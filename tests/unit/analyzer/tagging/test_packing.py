"""Several texts in one model run: which are neighbours, and which are packed together."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shield.analyzer.tagging.packing import around, beside, distances_of, packs

LENGTHS = st.lists(st.integers(1, 12), min_size=1, max_size=8)
DISTANCES = st.lists(st.integers(1, 9), min_size=1, max_size=4, unique=True)


def test_distances_are_those_of_the_layers_each_once() -> None:
    assert distances_of([1, 1, 2, 4, 8, 1]) == (1, 2, 4, 8)


def test_a_text_alone() -> None:
    assert around([3], (1, 2)).tolist() == [[3, 0, 1, 0, 1, 2, 1, 2, 3], [3, 0, 2, 3, 1, 3, 0, 2, 3]]


def test_two_texts_do_not_see_each_other() -> None:
    assert around([2, 2], (1,)).tolist() == [[4, 0, 1, 0, 1, 4, 4, 2, 3, 2, 3, 4]]


@given(LENGTHS, DISTANCES)
def test_a_token_has_the_neighbours_that_it_has_in_its_text_alone(
    lengths: list[int], distances: list[int]
) -> None:
    together = around(lengths, distances)
    assert together.shape == (len(distances), 3 * sum(lengths))
    start = 0
    for length in lengths:
        alone = around([length], distances)
        here = together[:, 3 * start : 3 * (start + length)]
        nobody = alone == length
        assert (here[nobody] == sum(lengths)).all()
        assert (here[~nobody] - start == alone[~nobody]).all()
        start += length


@given(st.lists(st.integers(0, 9), min_size=1, max_size=8))
def test_beside_a_token_are_the_rows_of_its_text_and_none_at_its_ends(lengths: list[int]) -> None:
    rows = np.arange(7, 7 + sum(lengths), dtype=np.int32)
    before, here, after = beside(rows, lengths)
    expected: list[tuple[int, ...]] = []
    start = 0
    for length in lengths:
        text = [0, *rows[start : start + length].tolist(), 0]
        expected += zip(text, text[1:-1], text[2:], strict=False)
        start += length
    assert [*zip(before.tolist(), here.tolist(), after.tolist(), strict=True)] == expected


@given(st.lists(st.integers(0, 30), max_size=20), st.integers(1, 20))
def test_packs_hold_every_text_once_and_in_order(lengths: list[int], most: int) -> None:
    ranges = list(packs(lengths, most))
    assert [place for start, end in ranges for place in range(start, end)] == list(range(len(lengths)))
    for start, end in ranges:
        assert sum(lengths[start:end]) <= most or sum(length > 0 for length in lengths[start:end]) == 1
