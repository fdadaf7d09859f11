"""Turns operators that show a part of a value (such as `mask`) into ones that show none."""

from __future__ import annotations

from dataclasses import replace

from shield.domain import OperatorSpec


def showing_nothing(spec: OperatorSpec, text: str) -> OperatorSpec:
    """The operator for a `text` of which no part may be shown.

    Where a value is split over pieces, was widened by other findings, or is encoded, its last characters
    are not those that the operator is meant to show.
    """
    if spec.name == "mask":
        return replace(spec, params={k: v for k, v in spec.params.items() if not k.startswith("keep_")})
    if spec.name == "presidio:mask":
        return replace(spec, params={**spec.params, "chars_to_mask": len(text)})
    return spec
