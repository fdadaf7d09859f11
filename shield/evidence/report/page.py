"""Renders a report as one HTML page with its style and drawings inside; it loads nothing. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from importlib import resources

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
from shield.evidence.report.figure import COLOURS, Bar, Figure, Label, Mark
from shield.evidence.visible import visible

_NARROWEST, _CHARACTER, _PADDING = 38.0, 0.46, 1.6
"""In rem: a table, a character of a heading, the padding beside it."""


def render_page(report: Report) -> str:
    """The page, as text of UTF-8."""
    style = resources.files("shield.evidence").joinpath("pack", "report.css").read_text(encoding="utf-8")
    sections = [block for block in report.blocks if isinstance(block, Heading) and block.level == 1]
    links = "".join(f'<a href="#{_escaped(it.anchor)}">{_escaped(it.text)}</a>' for it in sections)
    body = "\n".join(_block(block) for block in report.blocks)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>{_escaped(report.title)}</title>
<style>
{_colours()}
{style}</style>
</head>
<body>
<nav aria-label="Sections">{links}</nav>
<main>
<header><h1>{_escaped(report.title)}</h1><p>{_inline(report.subtitle)}</p></header>
{body}
<footer>{_inline(report.footer)}</footer>
</main>
</body>
</html>
"""


def _colours() -> str:
    light = "".join(f"--{role.replace('_', '-')}:{light};" for role, (light, _) in COLOURS.items())
    dark = "".join(f"--{role.replace('_', '-')}:{dark};" for role, (_, dark) in COLOURS.items())
    return f":root{{{light}}}\n@media screen and (prefers-color-scheme: dark){{:root{{{dark}}}}}"


def _escaped(text: str) -> str:
    return escape(visible(text))


def _inline(text: str) -> str:
    tags = {"code": "code", "strong": "strong"}
    return "".join(
        f"<{tags[kind]}>{_breakable(part)}</{tags[kind]}>" if kind in tags else _breakable(part)
        for kind, part in pieces(text)
    )


def _breakable(text: str) -> str:
    """Let origins and entity types break behind `/` and `_` before they break anywhere else."""
    return _escaped(text).replace("/", "/<wbr>").replace("_", "_<wbr>")


def _block(block: Block) -> str:
    match block:
        case Heading(text, anchor, level):
            tag = "h2" if level == 1 else "h3"
            name = f' id="{_escaped(anchor)}"' if anchor else ""
            return f"<{tag}{name}>{_inline(text)}</{tag}>"
        case Text(text, tone):
            return f'<p class="{_escaped(tone)}">{_inline(text)}</p>'
        case Items(items):
            return "<ul>" + "".join(f"<li>{_inline(item)}</li>" for item in items) + "</ul>"
        case Verdict(ok, title, lines):
            listed = "".join(f"<li>{_inline(line)}</li>" for line in lines)
            tone = "good" if ok else "bad"
            said = f"<strong>{_inline(title)}</strong><ul>{listed}</ul>"
            return f'<section class="verdict {tone}">{said}</section>'
        case KeyFigures(figures):
            return '<dl class="figures">' + "".join(_key_figures(block)) + "</dl>" if figures else ""
        case Table():
            return _table(block)
        case Plot(figure, caption):
            return (
                f"<figure>{_legend(figure)}{svg(figure)}<figcaption>{_inline(caption)}</figcaption></figure>"
            )


def _key_figures(block: KeyFigures) -> Iterator[str]:
    for it in block.figures:
        note = f"<small>{_inline(it.note)}</small>" if it.note else ""
        yield (
            f'<div class="{_escaped(it.tone)}"><dt>{_escaped(it.name)}</dt>'
            f"<dd>{_escaped(it.value)}{note}</dd></div>"
        )


def _table(table: Table) -> str:
    whole = sum(column.share for column in table.columns)
    columns = "".join(f'<col style="width:{100 * it.share / whole:.2f}%">' for it in table.columns)
    head = "".join(f'<th scope="col" class="{it.kind}">{_escaped(it.name)}</th>' for it in table.columns)
    rows = []
    for row in table.rows:
        cells = "".join(
            f'<td class="{column.kind}">{_cell(cell)}</td>'
            for column, cell in zip(table.columns, row, strict=True)
        )
        rows.append(f"<tr>{cells}</tr>")
    caption = f"<caption>{_inline(table.caption)}</caption>" if table.caption else ""
    return (
        f'<div class="table"><table style="min-width:{_least_width(table):.0f}rem">{caption}'
        f"<colgroup>{columns}</colgroup><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody>"
        "</table></div>"
    )


def _least_width(table: Table) -> float:
    """In rem: wide enough that no word of a heading runs into the next column."""
    whole = sum(column.share for column in table.columns)
    words = ((max(map(len, it.name.split()), default=0), it.share) for it in table.columns)
    return max(_NARROWEST, *((_CHARACTER * length + _PADDING) * whole / share for length, share in words))


def _cell(cell: str) -> str:
    return "<br>".join(_inline(line) for line in cell.split("\n"))


def _legend(figure: Figure) -> str:
    if not figure.legend:
        return ""
    items = "".join(
        f'<li><i style="background:var(--{role.replace("_", "-")})"></i>{_escaped(word)}</li>'
        for role, word in figure.legend
    )
    return f'<ul class="legend">{items}</ul>'


def svg(figure: Figure) -> str:
    """The drawing as an SVG element whose colours are the page's variables."""
    marks = "".join(_mark(mark) for mark in figure.marks)
    return (
        f'<svg viewBox="0 0 {figure.width:g} {figure.height:g}" role="img" '
        f'aria-label="{_escaped(figure.title)}">'
        f"{marks}</svg>"
    )


def _mark(mark: Mark) -> str:
    role = f"var(--{mark.role.replace('_', '-')})"
    if isinstance(mark, Bar):
        hint = f"<title>{_escaped(mark.hint)}</title>" if mark.hint else ""
        return (
            f'<rect x="{mark.x:.1f}" y="{mark.y:.1f}" width="{max(mark.width, 0):.1f}" '
            f'height="{max(mark.height, 0):.1f}" fill="{role}">{hint}</rect>'
        )
    if isinstance(mark, Label):
        return (
            f'<text x="{mark.x:.1f}" y="{mark.y:.1f}" fill="{role}" font-size="{mark.size:g}" '
            f'text-anchor="{mark.anchor}">{_escaped(mark.text)}</text>'
        )
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in mark.points)
    return f'<polyline points="{points}" fill="none" stroke="{role}" stroke-width="{mark.width:g}"/>'
