"""Tables that print plainly on a terminal and as Markdown in a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Table:
    """A table; the first `left` columns are left-aligned, the others, which hold figures, right-aligned."""

    title: str
    header: Sequence[str]
    left: int = 2
    rows: list[Sequence[str]] = field(default_factory=list)

    def plain(self) -> str:
        lines = [self.header, *self.rows]
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.header))]
        rendered = [
            "  ".join(
                cell.ljust(width) if column < self.left else cell.rjust(width)
                for column, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in lines
        ]
        rule = "  ".join("-" * width for width in widths)
        return "\n".join([self.title, "", rendered[0], rule, *rendered[1:]])

    def markdown(self) -> str:
        rule = ["---" if column < self.left else "---:" for column in range(len(self.header))]
        lines = [f"| {' | '.join(line)} |" for line in (self.header, rule, *self.rows)]
        return "\n".join([f"**{self.title}**", "", *lines])


def figure(value: float | None, digits: int = 1) -> str:
    """A number with thousands separators; a dash where there is none."""
    return "–" if value is None else f"{value:,.{digits}f}"  # noqa: RUF001 - a dash for the reader


def significant(value: float | None) -> str:
    """A rate or a latency with about three significant digits."""
    if value is None:
        return figure(None)
    size = abs(value)
    return figure(value, 0 if size >= 100 else 1 if size >= 10 else 2)


def multiple(value: float | None) -> str:
    """A ratio; small ones with more digits, so that a peer far behind is not shown as 0.00."""
    if value is None:
        return figure(None)
    if value < 0.0005:
        return "<0.001"
    return figure(value, 3 if value < 0.1 else 2 if value < 100 else 0)
