# ruff: noqa: INP001, E501, ISC004  a script's other half; an expression is on one line
"""A Grafana board as a value, and its rendering as Grafana's JSON model (schema version 39)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SOURCE = {"type": "prometheus", "uid": "${datasource}"}
COLUMNS = 24

GOOD, WARN, BAD, CALM = "green", "orange", "red", "blue"
Steps = Sequence[tuple[float | None, str]]
MUST_BE_ZERO: Steps = ((None, GOOD), (1e-9, BAD))


@dataclass(frozen=True, slots=True)
class Query:
    """One PromQL expression and the legend of its series."""

    expr: str
    legend: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel. `text` is its help: what it shows. `kind` is Grafana's panel type."""

    title: str
    text: str
    queries: tuple[Query, ...]
    unit: str = "short"
    kind: str = "timeseries"
    width: int = 8
    height: int = 8
    steps: Steps = ((None, CALM),)
    stacked: bool = False
    mappings: Mapping[str, tuple[str, str]] | None = None  # value -> (text, colour)


@dataclass(frozen=True, slots=True)
class Board:
    uid: str
    title: str
    text: str
    rows: tuple[tuple[str, tuple[Panel, ...]], ...]
    by_route: bool = False
    by_instance: bool = False


def stat(title: str, text: str, expr: str, unit: str = "short", *, steps: Steps = ((None, CALM),),
         width: int = 4, mappings: Mapping[str, tuple[str, str]] | None = None) -> Panel:  # fmt: skip
    """One number, large."""
    return Panel(title, text, (Query(expr),), unit, "stat", width, 4, steps, mappings=mappings)


def lines(title: str, text: str, *queries: tuple[str, str], unit: str = "short", width: int = 8,
          stacked: bool = False, steps: Steps = ((None, CALM),)) -> Panel:  # fmt: skip
    """Series over time."""
    return Panel(title, text, tuple(Query(*query) for query in queries), unit, width=width, stacked=stacked,
                 steps=steps)  # fmt: skip


def table(title: str, text: str, expr: str, width: int = 12) -> Panel:
    """The labels of the current series."""
    return Panel(title, text, (Query(expr),), kind="table", width=width)


def quantiles(metric: str, selector: str, by: str = "") -> tuple[tuple[str, str], ...]:
    """p50, p95 and p99 of a histogram."""
    legend = f" {{{{{by}}}}}" if by else ""
    return tuple(
        (
            f"histogram_quantile({q}, sum by ({by + ', ' if by else ''}le) "
            f"(rate({metric}_bucket{{{selector}}}[$__rate_interval])))",
            f"p{q[2:]}{legend}",
        )
        for q in ("0.50", "0.95", "0.99")
    )


def rate(metric: str, selector: str, by: str) -> str:
    """A counter's increase per second, by some of its labels."""
    return f"sum by ({by}) (rate({metric}{{{selector}}}[$__rate_interval]))"


def variable(name: str, query: str, *, several: bool = False) -> dict[str, Any]:
    """A drop-down of the board, with the values that Prometheus knows."""
    chosen = {"text": "All", "value": "$__all"} if several else {}
    return {
        "name": name,
        "type": "query",
        "datasource": SOURCE,
        "query": {"query": query, "refId": name},
        "definition": query,
        "refresh": 2,
        "sort": 1,
        "includeAll": several,
        "multi": several,
        "current": chosen,
    }


def rendered_panel(panel: Panel, identity: int, x: int, y: int) -> dict[str, Any]:
    """A panel as Grafana's JSON; `x` and `y` are its place on the grid of 24 columns."""
    defaults: dict[str, Any] = {
        "unit": panel.unit,
        "thresholds": {
            "mode": "absolute",
            "steps": [{"value": value, "color": colour} for value, colour in panel.steps],
        },
        "mappings": [
            {"type": "value", "options": {value: {"text": text, "color": colour}}}
            for value, (text, colour) in (panel.mappings or {}).items()
        ],
    }
    options: dict[str, Any] = {}
    if panel.kind == "timeseries":
        defaults["min"] = 0
        defaults["color"] = {"mode": "palette-classic"}
        defaults["custom"] = {
            "lineWidth": 1,
            "fillOpacity": 40 if panel.stacked else 8,
            "showPoints": "never",
            "stacking": {"mode": "normal" if panel.stacked else "none", "group": "A"},
        }
        options = {
            "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
            "tooltip": {"mode": "multi", "sort": "desc"},
        }
    elif panel.kind == "stat":
        options = {"colorMode": "value", "graphMode": "area", "reduceOptions": {"calcs": ["lastNotNull"]}}
    instant = panel.kind == "table"
    return {
        "id": identity,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.text,
        "datasource": SOURCE,
        "gridPos": {"x": x, "y": y, "w": panel.width, "h": panel.height},
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": options,
        "transformations": (
            [{"id": "organize", "options": {"excludeByName": {"Time": True, "Value": True}}}]
            if instant
            else []
        ),
        "targets": [
            {
                "refId": chr(ord("A") + place),
                "datasource": SOURCE,
                "expr": query.expr,
                "legendFormat": query.legend or "__auto",
                "instant": instant,
                "range": not instant,
                "format": "table" if instant else "time_series",
            }
            for place, query in enumerate(panel.queries)
        ],
    }


def rendered_rows(board: Board) -> list[dict[str, Any]]:
    """The panels of a board, each row after its title, from the left and from the top."""
    panels: list[dict[str, Any]] = []
    y = 0
    for title, row in board.rows:
        panels.append(
            {
                "id": len(panels) + 1,
                "type": "row",
                "title": title,
                "collapsed": False,
                "panels": [],
                "gridPos": {"x": 0, "y": y, "w": COLUMNS, "h": 1},
            }
        )
        y += 1
        x = height = 0
        for panel in row:
            if x + panel.width > COLUMNS:
                x, y, height = 0, y + height, 0
            panels.append(rendered_panel(panel, len(panels) + 1, x, y))
            x, height = x + panel.width, max(height, panel.height)
        y += height
    return panels


def variables_of(board: Board) -> list[dict[str, Any]]:
    """What a user can choose: the source, the job, and a route or an instance."""
    variables: list[dict[str, Any]] = [
        {"name": "datasource", "type": "datasource", "query": "prometheus", "label": "source", "current": {}},
        variable("job", "label_values(shield_build_info, job)"),
    ]
    if board.by_route:
        variables.append(
            variable("route", 'label_values(shield_requests_total{job="$job"}, route)', several=True)
        )
    if board.by_instance:
        variables.append(variable("instance", 'label_values(shield_build_info{job="$job"}, instance)'))
    return variables


def rendered(board: Board) -> dict[str, Any]:
    """A board as Grafana's JSON model."""
    return {
        "uid": board.uid,
        "title": board.title,
        "description": board.text,
        "tags": ["shield"],
        "schemaVersion": 39,
        "version": 1,
        "editable": True,
        "graphTooltip": 1,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "browser",
        "templating": {"list": variables_of(board)},
        "annotations": {
            "list": [
                {
                    "name": "Configuration reloads",
                    "datasource": SOURCE,
                    "enable": True,
                    "iconColor": CALM,
                    "expr": 'sum by (instance, result) (changes(shield_config_reloads_total{job="$job"}[1m])) > 0',
                    "titleFormat": "reload {{result}} {{instance}}",
                }
            ]
        },
        "links": [
            {"title": "Boards", "type": "dashboards", "tags": ["shield"], "asDropdown": True, "includeVars": True,
             "keepTime": True}
        ],
        "panels": rendered_rows(board),
    }  # fmt: skip
