"""The blocks of a report, which a page and a PDF both show, so that they say the same.

Text may hold `code` between backticks and **strong words**; everything else is literal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shield.evidence.report.figure import Figure

_MARKUP = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*")


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 1 begins a section, 2 a part of it. `anchor` is its name in the page."""

    text: str
    anchor: str = ""
    level: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; `tone` is plain, quiet, or warn."""

    text: str
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, at the top."""

    ok: bool
    title: str
    lines: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number with its name; `tone` is plain, good or bad."""

    name: str
    value: str
    note: str = ""
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Numbers that stand side by side."""

    figures: Sequence[KeyFigure]


@dataclass(frozen=True, slots=True)
class Column:
    """`share` of the width; `kind` is text, number or code."""

    name: str
    share: float = 1.0
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text; a cell may hold markup, and lines."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing with the words below it."""

    figure: Figure
    caption: str = ""


Block = Heading | Text | Items | Verdict | KeyFigures | Table | Plot


@dataclass(frozen=True, slots=True)
class Report:
    """`title` and `subtitle` head it; `footer` stands below each page of the PDF."""

    title: str
    subtitle: str
    footer: str
    blocks: Sequence[Block]


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """(`plain`, `code` or `strong`, text) of marked-up text."""
    at = 0
    for found in _MARKUP.finditer(text):
        if found.start() > at:
            yield "plain", text[at : found.start()]
        yield ("code", found[1]) if found[1] is not None else ("strong", found[2])
        at = found.end()
    if at < len(text):
        yield "plain", text[at:]
