"""Operators that leave a part of a value to be seen, and how they leave none."""

from __future__ import annotations

from dataclasses import replace

from shield.domain import OperatorSpec


def showing_nothing(spec: OperatorSpec, text: str) -> OperatorSpec:
    """The operator for a `text` of which no part may be seen.

    The last characters of a value that stands in pieces, that others made longer, or that is encoded are
    those of something else.
    """
    if spec.name == "mask":
        return replace(spec, params={k: v for k, v in spec.params.items() if not k.startswith("keep_")})
    if spec.name == "presidio:mask":
        return replace(spec, params={**spec.params, "chars_to_mask": len(text)})
    return spec
