"""The token memory never changes results, is bounded, and stays consistent for concurrent readers."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from shield.analyzer.tagging import known_tokens as module
from shield.analyzer.tagging.known_tokens import PARTS, KnownTokens
from shield.analyzer.tagging.tokens import tokenize

FOLDER = Path(__file__).parents[4] / "models" / "ner-en"
TEXTS = [f"Anna{i} Schmidt of Leeds\npaid {i} on card x{i}y twice, twice" for i in range(60)]


def known() -> KnownTokens:
    words = (FOLDER / "words.txt").read_text(encoding="utf-8").splitlines()
    return KnownTokens({w: i for i, w in enumerate(words, 1)}, (FOLDER / "token.onnx").read_bytes())


def made(of: KnownTokens, text: str) -> list[bytes]:
    rows, parts = of.rows_of(tokenize(text))
    assert (rows > 0).all()
    return [parts[name][rows].tobytes() for name in PARTS]


def test_a_token_has_the_same_parts_known_or_not_and_whatever_it_was_first_read_with() -> None:
    one, other = known(), known()
    apart = [made(one, text) for text in TEXTS]
    made(other, "\n".join(TEXTS[::-1]))
    assert [made(one, text) for text in TEXTS] == apart
    assert [made(other, text) for text in TEXTS] == apart


def test_the_same_word_behind_another_gap_is_another_token() -> None:
    rows, _ = known().rows_of(tokenize("a a\na.a a"))
    assert rows.tolist() == [1, 2, 1, 3, 4, 2]


def test_no_neighbour_adds_nothing() -> None:
    of = known()
    made(of, TEXTS[0])
    _, parts = of.rows_of(tokenize(TEXTS[0]))
    assert not any(parts[name][0].any() for name in PARTS)


def test_what_is_kept_is_bounded_and_a_full_table_stays_whole_for_who_reads_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alone = known()
    expected = [made(alone, text) for text in TEXTS]
    monkeypatch.setattr(module, "KNOWN", 64)
    of = known()
    read = [of.rows_of(tokenize(text)) for text in TEXTS]
    assert [[parts[name][rows].tobytes() for name in PARTS] for rows, parts in read] == expected
    assert all(len(parts["own"]) == module.KNOWN for _, parts in read)
    assert len({id(parts) for _, parts in read}) > 1


def test_threads_that_meet_new_tokens_have_what_each_has_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = known()
    expected = [made(alone, text) for text in TEXTS]
    monkeypatch.setattr(module, "KNOWN", 100)
    of = known()
    with ThreadPoolExecutor(4) as threads:
        for found in threads.map(lambda _: [made(of, text) for text in TEXTS], range(4)):
            assert found == expected


def test_the_products_are_exact_as_floats() -> None:
    rows, parts = known().rows_of(tokenize(" ".join(TEXTS)))
    products = np.stack([parts[name][rows] for name in PARTS[1:]])
    assert (products == np.round(products)).all()
    assert np.abs(products).sum(axis=0).max() < 2**24


def test_another_graph_is_refused() -> None:
    with pytest.raises(ValueError, match="graph of tokens"):
        KnownTokens({}, (FOLDER / "model.onnx").read_bytes())


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_what_a_forked_worker_reads_is_not_in_the_tables_of_others() -> None:
    mine = known()
    _, parts = mine.rows_of(tokenize("Maria"))
    assert parts["own"][1].any()
    child = os.fork()
    if child == 0:
        written = False
        try:
            mine.rows_of(tokenize("Okafor"))
            written = bool(parts["own"][2].any())
        finally:
            os._exit(0 if written else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert not parts["own"][2].any()
