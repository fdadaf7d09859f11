"""Renders a report as a PDF on A4: the page's blocks, with vector drawings. Pure but for its library.

Fonts are PDF's standard ones, so a character beyond Windows-1252 shows as `?`; the tables of the pack hold
it. Nothing is fetched, no link leaves the document, and the same report gives the same bytes.
"""

from __future__ import annotations

import io
from typing import Any
from xml.sax.saxutils import escape

from reportlab.graphics.shapes import Drawing, PolyLine, Rect, String
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
)
from reportlab.platypus import Table as Grid

from shield.evidence.report.blocks import (
    Block,
    Heading,
    Items,
    KeyFigures,
    Plot,
    Report,
    Table,
    Text,
    Verdict,
    pieces,
)
from shield.evidence.report.figure import COLOURS, Bar, Figure, Label

_LEFT, _TOP, _BOTTOM = 48.0, 56.0, 54.0
_WIDTH = A4[0] - 2 * _LEFT
_INK, _MUTED, _LINE = (HexColor(COLOURS[role][0]) for role in ("ink", "muted", "grid"))
_GOOD, _GOOD_WASH, _BAD, _BAD_WASH, _WASH = map(
    HexColor, ("#2f7a60", "#eef6f2", "#a93a25", "#fbf0ed", "#f6f8fa")
)
_CODE = "#eef1f4"
_KEY_COLUMNS = 3


def _style(name: str, **changes: Any) -> ParagraphStyle:
    plain: dict[str, Any] = {"fontName": "Helvetica", "fontSize": 9, "leading": 12.5, "textColor": _INK}
    return ParagraphStyle(name, **{**plain, **changes})


_BODY = _style("body", spaceAfter=6)
_QUIET = _style("quiet", textColor=_MUTED, fontSize=8, leading=11, spaceAfter=6)
_WARN = _style("warn", textColor=_BAD, spaceAfter=6)
_TITLE = _style("title", fontName="Helvetica-Bold", fontSize=21, leading=25, spaceAfter=4)
_SUBTITLE = _style("subtitle", textColor=_MUTED, spaceAfter=14)
_SECTION = _style("section", fontName="Helvetica-Bold", fontSize=14, leading=18, spaceBefore=18, spaceAfter=6)
_PART = _style("part", fontName="Helvetica-Bold", fontSize=10.5, leading=14, spaceBefore=10, spaceAfter=4)
_CELL = _style("cell", fontSize=7.2, leading=9.2, splitLongWords=1)
_NUMBER = _style("number", fontSize=7.2, leading=9.2, alignment=TA_RIGHT)
_HEAD = _style("head", fontSize=7.2, leading=9.2, textColor=_MUTED)
_HEAD_NUMBER = _style("headnumber", fontSize=7.2, leading=9.2, textColor=_MUTED, alignment=TA_RIGHT)
_ITEM = _style("item", leftIndent=10, bulletIndent=1, spaceAfter=2)
_CAPTION = _style("caption", textColor=_MUTED, fontSize=8, leading=10.5, spaceAfter=10)
_STYLES = {"plain": _BODY, "quiet": _QUIET, "warn": _WARN}


def _latin(text: str) -> str:
    return text.encode("cp1252", "replace").decode("cp1252")


def _markup(text: str) -> str:
    """Marked-up text as the library's own markup; long codes may break anywhere."""
    made = []
    for kind, part in pieces(text):
        safe = escape(_latin(part))
        if kind == "code":
            made.append(f'<font face="Courier" size="-0.6">{safe}</font>')
        else:
            made.append(f"<b>{safe}</b>" if kind == "strong" else safe)
    return "".join(made).replace("\n", "<br/>")


class _Section(Paragraph):  # type: ignore[misc]  # the library has no types
    """A heading that is in the outline."""

    def __init__(self, text: str, style: ParagraphStyle, level: int) -> None:
        super().__init__(_markup(text), style)
        self.outline = _latin(text.replace("`", ""))
        self.level = level


class _Document(BaseDocTemplate):  # type: ignore[misc]  # the library has no types
    """Pages with a head, a foot and an outline."""

    def __init__(self, target: io.BytesIO, report: Report) -> None:
        super().__init__(
            target,
            pagesize=A4,
            title=_latin(report.title),
            author="shield",
            invariant=1,
            leftMargin=_LEFT,
            rightMargin=_LEFT,
        )
        self._report = report
        frame = Frame(_LEFT, _BOTTOM, _WIDTH, A4[1] - _TOP - _BOTTOM, 0, 0, 0, 0, id="body")
        self.addPageTemplates(PageTemplate("page", [frame], onPage=self._furniture))

    def _furniture(self, canvas: Any, _document: Any) -> None:
        canvas.saveState()
        canvas.setFont("Helvetica", 7.5)
        canvas.setFillColor(_MUTED)
        foot = _latin(self._report.footer.replace("`", ""))
        canvas.drawString(_LEFT, _BOTTOM - 22, foot)
        canvas.drawRightString(A4[0] - _LEFT, _BOTTOM - 22, f"{canvas.getPageNumber()}")
        if canvas.getPageNumber() > 1:
            canvas.drawString(_LEFT, A4[1] - _TOP + 16, _latin(self._report.title))
        canvas.setStrokeColor(_LINE)
        canvas.line(_LEFT, _BOTTOM - 10, A4[0] - _LEFT, _BOTTOM - 10)
        canvas.restoreState()

    def afterFlowable(self, flowable: Any) -> None:  # noqa: N802  the library's name
        """Called by the library: puts a heading into the outline."""
        if isinstance(flowable, _Section):
            key = f"s{self.seq.nextf('section')}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(flowable.outline, key, flowable.level - 1, closed=True)


class PdfDocument:
    """One report, ready to be rendered."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def render(self) -> bytes:
        """The PDF."""
        target = io.BytesIO()
        story: list[Any] = [
            Paragraph(_markup(self._report.title), _TITLE),
            Paragraph(_markup(self._report.subtitle), _SUBTITLE),
        ]
        for block in self._report.blocks:
            story += _flowables(block)
        _Document(target, self._report).build(_kept(story))
        return target.getvalue()


def _kept(story: list[Any]) -> list[Any]:
    """Keeps a heading with what follows it, unless that is a table, which may be longer than a page."""
    made: list[Any] = []
    held: list[Any] = []
    for each in story:
        if isinstance(each, _Section):
            held.append(each)
        elif held and isinstance(each, Grid):
            made += [*held, each]
            held = []
        elif held:
            made.append(KeepTogether([*held, *_parts(each)]))
            held = []
        else:
            made.append(each)
    return made + held


def _parts(flowable: Any) -> list[Any]:
    """The parts of what is kept together; the library measures one inside another wrongly."""
    return list(flowable._content) if isinstance(flowable, KeepTogether) else [flowable]  # noqa: SLF001  the library has no other way to its parts


def _flowables(block: Block) -> list[Any]:
    match block:
        case Heading(text, _, level):
            return [_Section(text, _SECTION if level == 1 else _PART, level)]
        case Text(text, tone):
            return [Paragraph(_markup(text), _STYLES[tone])]
        case Items(items):
            return [Paragraph(_markup(item), _ITEM, bulletText="\u2022") for item in items]
        case Verdict():
            return [_verdict(block), Spacer(1, 10)]
        case KeyFigures():
            return [_key_figures(block), Spacer(1, 8)]
        case Table():
            caption = [Paragraph(_markup(block.caption), _CAPTION)] if block.caption else [Spacer(1, 8)]
            return [_table(block), Spacer(1, 3), *caption]
        case Plot(figure, caption):
            made = [*_legend(figure), _drawing(figure), Paragraph(_markup(caption), _CAPTION)]
            return [KeepTogether(made)]


def _verdict(block: Verdict) -> Flowable:
    tone, wash = (_GOOD, _GOOD_WASH) if block.ok else (_BAD, _BAD_WASH)
    title = _style("verdict", fontName="Helvetica-Bold", fontSize=11, leading=15, textColor=tone)
    cell = [Paragraph(_markup(block.title), title)]
    cell += [Paragraph(_markup(line), _ITEM, bulletText="\u2022") for line in block.lines]
    return Grid(
        [[cell]],
        [_WIDTH],
        style=[
            ("BACKGROUND", (0, 0), (-1, -1), wash),
            ("LINEBEFORE", (0, 0), (0, -1), 3, tone),
            ("LEFTPADDING", (0, 0), (-1, -1), 12),
            ("TOPPADDING", (0, 0), (-1, -1), 8),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 8),
        ],
    )


def _key_figures(block: KeyFigures) -> Flowable:
    tones = {"plain": _INK, "good": _GOOD, "bad": _BAD}
    small = _style("small", fontSize=7.5, leading=10, textColor=_MUTED)
    cells = []
    for it in block.figures:
        value = _style("value", fontName="Helvetica-Bold", fontSize=15, leading=19, textColor=tones[it.tone])
        texts = ((it.name, small), (it.value, value), (it.note, small))
        cells.append([Paragraph(_markup(text), style) for text, style in texts])
    rows: list[list[Any]] = [cells[at : at + _KEY_COLUMNS] for at in range(0, len(cells), _KEY_COLUMNS)]
    rows[-1] += [""] * (_KEY_COLUMNS - len(rows[-1]))
    return Grid(
        rows,
        [_WIDTH / _KEY_COLUMNS] * _KEY_COLUMNS,
        style=[
            ("BACKGROUND", (0, 0), (-1, -1), _WASH),
            ("INNERGRID", (0, 0), (-1, -1), 5, HexColor("#ffffff")),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 10),
            ("TOPPADDING", (0, 0), (-1, -1), 8),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 8),
        ],
    )


def _table(block: Table) -> Flowable:
    whole = sum(column.share for column in block.columns)
    widths = [_WIDTH * column.share / whole for column in block.columns]
    numbers = [column.kind == "number" for column in block.columns]
    rows: list[list[Any]] = [
        [
            Paragraph(_markup(column.name), _HEAD_NUMBER if number else _HEAD)
            for column, number in zip(block.columns, numbers, strict=True)
        ]
    ]
    rows += [
        [
            Paragraph(_markup(cell), _NUMBER if number else _CELL)
            for cell, number in zip(row, numbers, strict=True)
        ]
        for row in block.rows
    ]
    return Grid(
        rows,
        widths,
        repeatRows=1,
        splitInRow=1,
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, 0), 0.7, HexColor(COLOURS["axis"][0])),
            ("LINEBELOW", (0, 1), (-1, -1), 0.4, _LINE),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 7),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ],
    )


def _legend(figure: Figure) -> list[Any]:
    if not figure.legend:
        return []
    words = "&nbsp;&nbsp;&nbsp; ".join(
        f'<font color="{COLOURS[role][0]}" face="ZapfDingbats">n</font>&nbsp;{escape(_latin(word))}'
        for role, word in figure.legend
    )
    return [Paragraph(words, _style("legend", fontSize=7.5, leading=11, textColor=_MUTED, spaceAfter=3))]


def _drawing(figure: Figure) -> Drawing:
    """The figure, scaled to the width of the text, with its y axis turned, as PDF has it."""
    scale = _WIDTH / figure.width
    drawing = Drawing(_WIDTH, figure.height * scale)
    for mark in figure.marks:
        colour = HexColor(COLOURS[mark.role][0])
        if isinstance(mark, Bar):
            bottom = (figure.height - mark.y - mark.height) * scale
            drawing.add(
                Rect(
                    mark.x * scale,
                    bottom,
                    max(mark.width, 0) * scale,
                    max(mark.height, 0) * scale,
                    fillColor=colour,
                    strokeColor=None,
                )
            )
        elif isinstance(mark, Label):
            drawing.add(
                String(
                    mark.x * scale,
                    (figure.height - mark.y) * scale,
                    _latin(mark.text),
                    fontName="Helvetica",
                    fontSize=mark.size * scale * 1.1,
                    fillColor=colour,
                    textAnchor=mark.anchor,
                )
            )
        else:
            points = [number for x, y in mark.points for number in (x * scale, (figure.height - y) * scale)]
            drawing.add(PolyLine(points, strokeColor=colour, strokeWidth=mark.width * scale, fillColor=None))
    return drawing
