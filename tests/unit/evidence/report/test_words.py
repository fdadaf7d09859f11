"""Numbers of the report are written for readers."""

from __future__ import annotations

import pytest

from shield.evidence.report.words import milliseconds


@pytest.mark.parametrize(
    ("micros", "text"), [(1, "0.001"), (6_830.2, "6.83"), (176_000, "176"), (1_090_123, "1,090")]
)
def test_milliseconds_have_three_digits_and_no_exponent(micros: float, text: str) -> None:
    assert milliseconds(micros) == text
