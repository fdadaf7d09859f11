"""Summarizes findings for a record and for metrics. Pure.

A body of megabytes has thousands of findings, and counting them takes milliseconds that no event loop has. So
this runs where the body was inspected, and its result is as small for many findings as for few.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shield.audit.record import PATHS_PER_LIST, summary
from shield.domain import NOTHING_FOUND, Placed, SegmentKind, Summary


def summarize(findings: Sequence[Placed]) -> Summary:
    """The summary that records and metrics of these findings are made from."""
    if not findings:
        return NOTHING_FOUND
    alike: dict[tuple[str, str, str], int] = {}
    in_keys = False
    for _, kind, (_, _, entity_type, _, recognizer, _), operator, _ in findings:
        key = entity_type, operator, recognizer
        alike[key] = alike.get(key, 0) + 1
        if kind is SegmentKind.KEY:
            in_keys = True
    return Summary(summary(findings), alike, in_keys)


def joined(first: Summary, second: Summary) -> Summary:
    """The `summarize` of the findings of two documents that have no path in common."""
    if not (first.rows and second.rows):
        return first if first.rows else second
    rows = {row["type"]: row for row in first.rows}
    for row in second.rows:
        known = rows.get(row["type"])
        rows[row["type"]] = row if known is None else _joined_row(known, row)
    alike = dict(first.alike)
    for key, count in second.alike.items():
        alike[key] = alike.get(key, 0) + count
    return Summary(list(rows.values()), alike, first.in_keys or second.in_keys)


def _joined_row(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    paths = [*first["paths"], *second["paths"]]
    omitted = first.get("paths_omitted", 0) + second.get("paths_omitted", 0)
    omitted += max(0, len(paths) - PATHS_PER_LIST)
    return {
        "type": first["type"],
        "count": first["count"] + second["count"],
        "paths": paths[:PATHS_PER_LIST],
        **({"paths_omitted": omitted} if omitted else {}),
        "recognizers": sorted({*first["recognizers"], *second["recognizers"]}),
        "operators": sorted({*first["operators"], *second["operators"]}),
        "min_score": min(first["min_score"], second["min_score"]),
    }
