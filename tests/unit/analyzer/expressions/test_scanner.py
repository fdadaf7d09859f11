"""All expressions that Hyperscan cannot compile are named at once."""

from __future__ import annotations

import pytest

from shield.analyzer.expressions.scanner import Expression, ExpressionError, Scanner


def test_all_that_do_not_compile_are_named() -> None:
    texts = ["a", r"(b)\1", "c", r"(?<=d)e"]
    with pytest.raises(ExpressionError) as raised:
        Scanner([Expression(text, 0) for text in texts])
    assert raised.value.indexes == (1, 3)
    assert raised.value.index == 1
    assert raised.value.reason
