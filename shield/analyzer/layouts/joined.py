"""Reads pieces of one text together, and gives what is found in them, piece by piece.

The reading is a view of the pieces put end to end. Only the ends of a long piece are read, and a long row of
pieces is read in windows, so the work is linear and what is read at a time is bounded. Only values that span
two or more pieces count; among single words, whose label is another piece, a value in one counts as well.
An address continues from one piece to the next only at one of its signs, as a word before an address is not
part of it. `pieces` and `turns` decide which pieces are read together.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from shield.analyzer.additions import VAGUE
from shield.analyzer.layouts.spans import trimmed
from shield.analyzer.views.view import View
from shield.domain import Finding, Segment

JOINED: Final = "joined"
"""The view of findings that are a piece of a value: the operator `mask` shows nothing of them."""
LEAST_SCORE: Final = 0.6
"""The score from which a check digit, a form or a label confirms a value; below it is chance."""
END: Final = 80
"""Code points that are read of each end of a long piece."""
_WINDOW: Final = 4_000  # code points that are read at a time
_OVERLAP: Final = 400  # code points of these that the next window reads again
SIGNS: Final = frozenset("@.-_+")
"""The signs at which an address may continue in the next piece."""
_ADDRESS: Final = "EMAIL_ADDRESS"


class Part(NamedTuple):
    """`[start, end)` of the joined text is the text of segment `place` from `offset` on."""

    place: int
    start: int
    end: int
    offset: int


@dataclass(frozen=True, slots=True)
class Joined:
    """Pieces read together. `names` are those around them, outermost first.

    `whole`: only values that span all of them count. `words`: they are single words.
    """

    names: tuple[str, ...]
    view: View
    parts: tuple[Part, ...]
    whole: bool = False
    words: bool = False

    def spread(self, findings: Sequence[Finding]) -> Iterator[tuple[int, Finding]]:
        """Findings that span pieces, piece by piece: segment index and finding, in its segment's offsets."""
        for finding in findings:
            if finding.score < LEAST_SCORE or finding.entity_type in VAGUE:
                continue
            touched = list(self._touched(finding))
            places = {part.place for part, _, _ in touched}
            if len(places) < (len(self.parts) if self.whole else 1 if self.words else 2):
                continue
            if finding.entity_type == _ADDRESS and not self._goes_on(touched):
                continue
            for part, start, end in touched:
                moved = part.offset - part.start
                yield part.place, finding._replace(start=start + moved, end=end + moved, view=JOINED)

    def _touched(self, finding: Finding) -> Iterator[tuple[Part, int, int]]:
        """The parts that hold some of the finding, each with the span in the joined text."""
        text = self.view.text
        first = bisect_right(self.parts, finding.start, key=lambda part: part.end)
        for part in self.parts[first:]:
            if part.start >= finding.end:
                return
            start, end = trimmed(text, max(part.start, finding.start), min(part.end, finding.end))
            if any(map(str.isalnum, text[start:end])):
                yield part, start, end

    def _goes_on(self, touched: Sequence[tuple[Part, int, int]]) -> bool:
        text = self.view.text
        return all(
            start != end or not SIGNS.isdisjoint(text[start - 1 : start + 1])
            for (_, _, end), (_, start, _) in pairwise(touched)
        )


def address_goes_on(first: str, second: str, reach: int = END) -> bool:
    """Whether an e-mail address may continue from one text to the next, with its `@` within `reach`."""
    if SIGNS.isdisjoint((first[-1:], second[:1])):
        return False
    return "@" in first[-reach:] or "@" in second[:reach]


def read_run(
    segments: Sequence[Segment],
    run: Sequence[int],
    names: tuple[str, ...],
    glues: Sequence[str],
    *,
    whole: bool = False,
    words: bool = False,
) -> list[Joined]:
    """The readings of the segments with indices `run`, one for each of `glues` between the pieces."""
    return [
        _read(segments, window, names, glue, whole=whole, words=words)
        for glue in glues
        for window in _windows(segments, run)
    ]


def _windows(segments: Sequence[Segment], run: Sequence[int]) -> Iterator[Sequence[int]]:
    """The run in pieces of about `_WINDOW`; each begins with the last `_OVERLAP` of the one before."""
    begin = size = 0
    for number, place in enumerate(run):
        size += min(len(segments[place].text), 2 * END) + 1
        if size >= _WINDOW and number + 1 < len(run):
            yield run[begin : number + 1]
            begin, size = number + 1, 0
            while begin > 1 and size < _OVERLAP:
                begin -= 1
                size += min(len(segments[run[begin]].text), 2 * END) + 1
    yield run[begin:]


def _read(
    segments: Sequence[Segment],
    run: Sequence[int],
    names: tuple[str, ...],
    glue: str,
    *,
    whole: bool,
    words: bool,
) -> Joined:
    """One reading of the pieces, with `glue` between them."""
    texts: list[str] = []
    parts: list[Part] = []
    at, starts, ends = array("I"), array("I"), array("I")
    copied = bytearray()
    length = 0

    def add(text: str, *, piece: bool) -> None:
        nonlocal length
        texts.append(text)
        at.append(length)
        starts.append(length)
        length += len(text)
        ends.append(length)
        copied.append(piece)

    for place in run:
        text = segments[place].text
        if parts and glue:
            add(glue, piece=False)
        pieces = [(0, text)] if len(text) <= 2 * END else [(0, text[:END]), (len(text) - END, text[-END:])]
        for number, (offset, piece) in enumerate(pieces):
            if number:
                add("\n\n\n", piece=False)  # the middle of the piece is not read
            parts.append(Part(place, length, length + len(piece), offset))
            add(piece, piece=True)
    view = View(JOINED, "".join(texts), at, starts, ends, bytes(copied))
    return Joined(names, view, tuple(parts), whole, words)
