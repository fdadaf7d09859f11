"""Replaces pieces of raw text or raw bytes and leaves all the rest as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import AnyStr

from shield.domain import Edit
from shield.errors import ShieldError


def boundaries(edits: Sequence[Edit], length: int) -> list[int]:
    """Start and end of each edit, flat and ascending, in code points of a text of `length`.

    Raises ShieldError where the edits overlap, are not sorted, or exceed the text: writing them anyway
    could leave a piece of a finding in place.
    """
    points: list[int] = []
    last = 0
    for edit in edits:
        if not last <= edit.start <= edit.end <= length:
            raise ShieldError("the edits of a segment overlap or leave its text")
        points += (edit.start, edit.end)
        last = edit.end
    return points


def splice(
    raw: AnyStr, edits: Sequence[Edit], offsets: Sequence[int], render: Callable[[str], AnyStr]
) -> AnyStr:
    """`raw` with each edit's rendered replacement between its two offsets (flat, as from `boundaries`)."""
    spans = zip(offsets[::2], offsets[1::2], (render(edit.replacement) for edit in edits), strict=True)
    return replace_spans(raw, spans)


def replace_spans(raw: AnyStr, spans: Iterable[tuple[int, int, AnyStr]]) -> AnyStr:
    """`raw` with each `(start, end, replacement)` put in place; the spans ascend and are disjoint."""
    pieces: list[AnyStr] = []
    done = 0
    for start, end, replacement in spans:
        pieces += (raw[done:start], replacement)
        done = end
    pieces.append(raw[done:])
    return raw[:0].join(pieces)


def free_name(taken: set[str], variant: Callable[[int], tuple[AnyStr, str]]) -> AnyStr:
    """The raw form of the first of `variant(1)`, `variant(2)`, … whose name is free; marks it as taken.

    `variant` gives the raw form and the name that it decodes to.
    """
    number = 1
    while True:
        raw, name = variant(number)
        if name not in taken:
            taken.add(name)
            return raw
        number += 1


def free_text(text: str, taken: set[str]) -> str:
    """`free_name` for names whose raw form is the name itself."""

    def variant(number: int) -> tuple[str, str]:
        form = numbered(text, number, ">", f"_{number}")
        return form, form

    return free_name(taken, variant)


def numbered(raw: AnyStr, number: int, closing: AnyStr, suffix: AnyStr) -> AnyStr:
    """`raw` for 1; else `raw` with `suffix` appended, or put before `closing` where `raw` ends with that.

    `<EMAIL_ADDRESS>` becomes `<EMAIL_ADDRESS_2>`, `name` becomes `name_2`.
    """
    if number == 1:
        return raw
    if raw.endswith(closing):
        return raw[: -len(closing)] + suffix + closing
    return raw + suffix
