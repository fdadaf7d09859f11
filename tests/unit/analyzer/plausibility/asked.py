"""Asks about a span of the model."""

from __future__ import annotations

from shield.analyzer.plausibility.plausible import is_plausible


def says(text: str, value: str, label: str = "PERSON", *, beside: bool = False) -> bool:
    """Whether the first `value` in the text can be what a model says it is."""
    start = text.index(value)
    return is_plausible(text, start, start + len(value), label, beside=lambda: beside)
