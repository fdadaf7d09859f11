"""Tokens, features and decoding of the tagger, without a model."""

from __future__ import annotations

import functools
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shield.analyzer.tagging.decoding import best_path, spans
from shield.analyzer.tagging.features import (
    AFFIX_ROWS,
    COLUMNS,
    NORM_ROWS,
    SHAPE_ROWS,
    Features,
    normal_form,
    shape,
)
from shield.analyzer.tagging.tokens import BROKEN, JOINED, SPACED, tokenize


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jon O'Neil", ["Jon", "O", "'", "Neil"]),
        ("call 415-555-0132", ["call", "415", "-", "555", "-", "0132"]),
        ("S3-Bucket", ["S", "3", "-", "Bucket"]),
        ("a_b", ["a", "_", "b"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("Zoe\u0308 ok", ["Zoe\u0308", "ok"]),
        ("😀x", ["😀", "x"]),
        ("", []),
        (" \t\n", []),
    ],
)
def test_tokens_are_runs_of_letters_runs_of_digits_and_single_characters(text, expected):
    assert [t.text for t in tokenize(text)] == expected


def test_a_token_knows_the_gap_before_it():
    assert [t.gap for t in tokenize("a b\nc,d\r\n e")] == [BROKEN, SPACED, BROKEN, JOINED, JOINED, BROKEN]


def test_runs_are_cut_so_that_no_input_makes_a_long_token():
    assert max(len(t.text) for t in tokenize("a" * 10_000 + "1" * 10_000)) <= 40


@given(st.text())
def test_every_character_but_white_space_is_in_exactly_one_token(text):
    tokens = tokenize(text)
    for before, after in itertools.pairwise(tokens):
        assert before.end <= after.start
    assert "".join(t.text for t in tokens).split() == "".join(text.split()).split()
    assert all(text[t.start : t.end] == t.text for t in tokens)


@pytest.mark.parametrize(
    ("word", "norm", "drawn"),
    [
        ("Jürgen", "jurgen", "Xxxxx"),
        ("NASA", "nasa", "XXXX"),
        ("2024", "0000", "dddd"),
        ("iPhone", "iphone", "xXxxxx"[:6]),
        ("١٢", "00", "dd"),
        ("中", "中", "o"),
        ("!", "!", "!"),
    ],
)
def test_normal_form_and_shape(word, norm, drawn):
    assert normal_form(word) == norm
    assert shape(word) == drawn


@given(st.text(max_size=80))
def test_features_stay_inside_their_tables(text):
    rows = Features({"anna": 1}).of_tokens(tokenize(text))
    assert rows.shape[1] == COLUMNS
    limits = np.array([2, NORM_ROWS, NORM_ROWS, AFFIX_ROWS, AFFIX_ROWS, SHAPE_ROWS, 3])
    assert (rows >= 0).all()
    assert (rows < limits).all()


def test_words_of_the_table_are_found_whatever_their_case_and_accents():
    features = Features({"jose": 7})
    assert {features.of_word(w)[0] for w in ("jose", "José", "JOSE")} == {7}


@functools.cache
def valid_paths(count, tags):
    """Every path in which a tag that goes on follows its own kind."""
    return np.array(
        [
            path
            for path in itertools.product(range(tags), repeat=count)
            if all(
                not (tag and tag % 2 == 0) or (i > 0 and path[i - 1] in (tag, tag - 1))
                for i, tag in enumerate(path)
            )
        ]
    )


def brute_force(scores):
    """The best valid path, found by trying all of them."""
    paths = valid_paths(*scores.shape)
    totals = scores[np.arange(len(scores)), paths].sum(axis=1)
    return tuple(paths[totals.argmax()]), totals.max()


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(1, 5))
def test_the_path_is_valid_and_no_other_is_better(seed, count):
    scores = np.random.default_rng(seed).normal(size=(count, 5)).astype(np.float32)
    path = best_path(scores.copy())
    total = float(sum(scores[i, t] for i, t in enumerate(path)))
    for i, tag in enumerate(path):
        assert not (tag and tag % 2 == 0) or (i > 0 and path[i - 1] in (tag, tag - 1))
    # Fixed ends (tokens best tagged outside) may cost a little against the global best, but never validity.
    if not (scores.argmax(axis=1) == 0).any():
        assert total == pytest.approx(brute_force(scores)[1], abs=1e-4)


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(0, 4), min_size=1, max_size=6))
def test_the_path_through_texts_read_together_is_that_of_each(seed, lengths):
    random = np.random.default_rng(seed)
    each = [random.normal(size=(length, 5)).astype(np.float32) for length in lengths]
    begins = {0, *itertools.accumulate(lengths)}
    together = best_path(np.concatenate(each), begins)
    assert together.tolist() == [tag for scores in each for tag in best_path(scores)]


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.integers(1, 5))
def test_a_long_torn_stretch_has_the_path_of_its_parts(seed, count):
    """Where a token is surely one tag, what precedes it does not matter to what follows."""
    random = np.random.default_rng(seed)
    parts = [random.normal(size=(count, 5)).astype(np.float32) for _ in range(30)]
    fixed = np.full((1, 5), -50, np.float32)
    fixed[0, 1] = 0  # begins a span, so that nothing is outside
    for part in parts:
        part[:, 0] -= 20
    joined = np.concatenate([piece for part in parts for piece in (fixed, part)])
    alone = [tag for part in parts for tag in brute_force(np.concatenate([fixed, part]))[0]]
    found = best_path(joined)
    total = sum(float(joined[i, tag]) for i, tag in enumerate(found))
    assert total == pytest.approx(sum(float(joined[i, tag]) for i, tag in enumerate(alone)), abs=1e-3)
    assert all(not (t and t % 2 == 0) or found[i - 1] in (t, t - 1) for i, t in enumerate(found))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ([0, 0], []),
        ([1, 2, 0], [(0, 2, 0)]),
        ([1, 1, 2], [(0, 1, 0), (1, 3, 0)]),
        ([1, 3, 4], [(0, 1, 0), (1, 3, 1)]),
        ([0, 1, 0, 1], [(1, 2, 0), (3, 4, 0)]),
    ],
)
def test_spans_of_a_path(path, expected):
    assert spans(np.array(path)) == expected
