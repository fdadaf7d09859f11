"""The metrics' counters beside the log: all of a period is there, by day or by month."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from shield.evidence.report.blocks import Heading, Table
from shield.evidence.report.content_counts import counters
from shield.evidence.report.facts import Outside


def facts_of(days: int) -> Any:
    """Facts of two logs, each with a heartbeat, two requests counted and two held, on each of `days` days."""
    first = date(2031, 1, 15)
    by_day = {(first + timedelta(day)).isoformat(): (1, 2, 2) for day in range(days)}
    metrics = SimpleNamespace(by_day=lambda: by_day, differences=(), uncounted=())
    log = SimpleNamespace(reconciliation=SimpleNamespace(completeness=SimpleNamespace(metrics=metrics)))
    return SimpleNamespace(logs=(log, log), outside=Outside())


@pytest.mark.parametrize(
    ("days", "word", "rows", "last"),
    [
        (40, "day", 40, ("2031-02-23", "2", "4", "4")),
        (41, "month", 2, ("2031-02", "48", "96", "96")),
        (273, "month", 10, ("2031-10", "28", "56", "56")),
    ],
)
def test_a_long_period_has_a_row_a_month(days: int, word: str, rows: int, last: tuple[str, ...]) -> None:
    heading, _, table = counters(facts_of(days))
    assert isinstance(heading, Heading)
    assert isinstance(table, Table)
    assert word in heading.text
    assert (len(table.rows), table.rows[-1]) == (rows, last)
