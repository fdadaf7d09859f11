"""A reading of a text: what a person would read, and where in the raw text each of its characters is.

Law: `raw_span` is monotonic, and a span of the view covers all raw characters that it was read from.
The map is kept as runs (copied text, or text that replaces a raw span), so the memory of a view is
proportional to its changes.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

TABLE: Final = "table"
"""The name of the view of cells of tables and the like, which are read with their labels."""


@dataclass(frozen=True, slots=True)
class View:
    """`text` and its map. Offsets are code points, `end` exclusive.

    Piece `i` of the text begins at `at[i]` and stands for `[starts[i], ends[i])` of the text below, one
    character for one where `copied[i]`, as a whole otherwise. The text below is that of `over`, the view
    that this one was read from; `None`: the raw text.
    """

    name: str
    text: str
    at: array[int]
    starts: array[int]
    ends: array[int]
    copied: bytes
    over: View | None = None

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The raw span that `[start, end)` of the view was read from; `start < end`."""
        first = bisect_right(self.at, start) - 1
        last = bisect_right(self.at, end - 1) - 1
        low, high = self.starts[first], self.ends[last]
        if self.copied[first]:
            low += start - self.at[first]
        if self.copied[last]:
            high = self.starts[last] + end - self.at[last]
        return (low, high) if self.over is None else self.over.raw_span(low, high)

    def changed(self) -> list[tuple[int, int]]:
        """The spans that read differently from the text below; empty ones where text is left out."""
        ends = [*self.at[1:], len(self.text)]
        places = []
        for piece, copied in enumerate(self.copied):
            if not copied:
                places.append((self.at[piece], ends[piece]))
            elif piece and self.copied[piece - 1]:
                places.append((self.at[piece], self.at[piece]))
        return places

    def changes(self, start: int, end: int) -> bool:
        """Whether `[start, end)` of this view reads differently from the text below it."""
        first = bisect_right(self.at, start) - 1
        return not self.copied[first] or bisect_right(self.at, end - 1) - 1 != first


class Draft:
    """Collects the changes of one view, in the order of the text below."""

    def __init__(self, below: str) -> None:
        self._below = below
        self._position = 0
        self._length = 0
        self._texts: list[str] = []
        self._at = array("I")
        self._starts = array("I")
        self._ends = array("I")
        self._copied = bytearray()

    @property
    def position(self) -> int:
        """Where the text below has been read up to; changes must begin there or later."""
        return self._position

    def put(self, start: int, end: int, text: str) -> None:
        """`text` is read in place of `[start, end)`; an empty text drops it."""
        if start > self._position:
            self._piece(self._below[self._position : start], self._position, start, copied=True)
        if text:
            self._piece(text, start, end, copied=False)
        self._position = end

    def view(self, name: str, over: View | None = None) -> View | None:
        """The view, or `None` where nothing was changed or nothing is left."""
        if self._position == 0:
            return None
        if self._position < len(self._below):
            self._piece(self._below[self._position :], self._position, len(self._below), copied=True)
            self._position = len(self._below)
        if not self._texts:
            return None
        return View(name, "".join(self._texts), self._at, self._starts, self._ends, bytes(self._copied), over)

    def _piece(self, text: str, start: int, end: int, *, copied: bool) -> None:
        self._texts.append(text)
        self._at.append(self._length)
        self._starts.append(start)
        self._ends.append(end)
        self._copied.append(copied)
        self._length += len(text)
