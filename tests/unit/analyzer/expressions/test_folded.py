"""The folded text has one byte per code point, and only the known letters beyond ASCII fold."""

from __future__ import annotations

import regex

from shield.analyzer.expressions.folded import fold, fold_each


def test_no_other_letter_folds_beyond_ascii() -> None:
    others = "".join(chr(code) for code in range(128, 0x110000) if not 0xD800 <= code < 0xE000)
    letters = {
        letter for letter in "abcdefghijklmnopqrstuvwxyz" if regex.search(letter, others, regex.IGNORECASE)
    }
    assert letters <= {"i", "k", "s"}


def test_folding_keeps_one_byte_a_code_point() -> None:
    assert fold("aé日\ud800😀b") == b"a????b"


def test_texts_folded_together_are_each_folded() -> None:
    texts = ["aé", "", "日\ud800\n", "b"]
    assert fold_each(texts) == [fold(text) for text in texts]
