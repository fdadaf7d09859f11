"""The encoder with the shipped model; `test_tiers` covers the tiers that use it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.analyzer.tagger_ner import ENCODER, TaggerNer
from shield.analyzer.tagging.encoder import PIECES, WINDOW, Encoder, feed, sentences, windows
from shield.analyzer.tagging.pieces import END, PIECES_MAX, START, WordPieces, case
from shield.analyzer.tagging.tiers import Models
from shield.analyzer.tagging.tokens import tokenize
from shield.domain import DetectorSpec
from shield.errors import ConfigError
from tests.unit.analyzer.built import analyzer_of
from tests.unit.analyzer.conftest import found, policy, segment
from tests.unit.analyzer.tagging.conftest import LONG, TEXT


@pytest.fixture(scope="module")
def pieces() -> WordPieces:
    return WordPieces((ENCODER / "pieces.txt").read_text(encoding="utf-8").split("\n")[:-1])


@pytest.mark.parametrize("model", ["accurate", "cascade"])
def test_a_name_in_lower_case_is_found(model: str) -> None:
    analyzer = analyzer_of(DetectorSpec(model=model, recognizers=()))
    assert ("PERSON", "kavita ramanathan") in found(analyzer, segment(TEXT), policy("PERSON"))


def test_the_scores_of_a_window_do_not_depend_on_the_rest_of_the_text(encoder: Encoder) -> None:
    tokens = tokenize(LONG)
    first, last = next(windows(sentences(tokens)))
    assert np.array_equal(encoder.scores(tokens)[first:last], encoder.window(tokens[first:last]))


@pytest.mark.parametrize(
    "text", ["1 " * 20_000, "a" * 50_000, "\ud800 Maria", "\0" * 50, "🙂" * 300, "山田" * 200]
)
def test_odd_texts_are_read(encoder: Encoder, text: str) -> None:
    tokens = tokenize(text)[:1500]
    assert len(encoder.scores(tokens)) == len(tokens)


@given(st.text(max_size=600))
def test_windows_cover_every_token_once(text: str) -> None:
    tokens = tokenize(text)
    at = 0
    for start, end in windows(sentences(tokens)):
        assert start == at
        assert 0 < end - start <= WINDOW
        at = end
    assert at == len(tokens)


def test_only_neighbours_are_joined_to_a_window() -> None:
    assert list(windows([(0, 10), (10, 20), (40, 50), (50, 50 + WINDOW)])) == [
        (0, 20),
        (40, 50),
        (50, 50 + WINDOW),
    ]


def test_the_inputs_of_a_window_are_bounded(pieces: WordPieces) -> None:
    inputs = feed(pieces, tokenize("xqzjkwvbnm " * WINDOW)[:WINDOW])
    assert len(inputs["firsts"]) == WINDOW
    assert len(inputs["pieces"]) <= PIECES + 1
    assert inputs["pieces"][0][0] == START
    assert inputs["pieces"][-1][0] == END


@pytest.mark.parametrize(
    ("word", "expected"),
    [("maria", ["maria"]), ("Müller", ["muller"]), ("kavita", ["ka", "##vita"]), ("\u200b", ["[UNK]"])],
)
def test_pieces_of_words(pieces: WordPieces, word: str, expected: list[str]) -> None:
    vocabulary = (ENCODER / "pieces.txt").read_text(encoding="utf-8").split("\n")
    assert [vocabulary[number] for number in pieces.of(word)] == expected


@given(st.text(min_size=1, max_size=60))
def test_every_word_has_a_piece_and_no_more_than_some(text: str) -> None:
    own = WordPieces(["[PAD]"] * 100 + ["[UNK]", "[CLS]", "[SEP]", "a", "##a"])
    assert 1 <= len(own.of(text)) <= PIECES_MAX


@pytest.mark.parametrize(
    ("word", "expected"),
    [("-", 0), ("maria", 1), ("Maria", 2), ("IBM", 3), ("McCoy", 4), ("7", 5), ("4111111111111111", 16)],
)
def test_the_case_of_a_word(word: str, expected: int) -> None:
    assert case(word) == expected


def test_a_damaged_encoder_is_refused_at_start(tmp_path: Path) -> None:
    for file in ENCODER.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "model.onnx").write_bytes(b"not a model")
    with pytest.raises(ConfigError, match="accurate"):
        TaggerNer("accurate", Models(tmp_path, tmp_path))
