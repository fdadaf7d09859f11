"""Counts of ended requests by outcome: `shield_requests_total`, summed over the routes.

They are read from the registry as a scrape reads it, so that records hold the numbers that a monitoring
system saw, and not a second count beside them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from prometheus_client import CollectorRegistry

from shield.telemetry.window import Scrape, Window

SERIES = "shield_requests_total"
LABEL = "outcome"


def requests_ended(registry: CollectorRegistry) -> dict[str, int]:
    """Requests since the process started, by outcome; outcomes that never came are left out."""
    totals: Counter[str] = Counter()
    for family in registry.restricted_registry([SERIES]).collect():
        for sample in family.samples:
            if sample.name == SERIES:
                totals[sample.labels[LABEL]] += round(sample.value)
    return {outcome: count for outcome, count in sorted(totals.items()) if count}


def ended_between(scrapes: Sequence[str]) -> dict[str, float]:
    """Requests by outcome between the first and the last of saved scrapes, which are in order.

    A single scrape counts from the start. A counter that fell was restarted in between and counts from 0, so
    each pair of neighbours is taken by itself. Raises `ValueError` for text that is no exposition, or has no
    such series.
    """
    parsed = [Scrape.parse(text) for text in scrapes]
    if not all(SERIES in scrape.samples for scrape in parsed):
        raise ValueError(f"there is no series {SERIES}")
    if len(parsed) == 1:
        parsed.insert(0, Scrape({}))
    totals: defaultdict[str, float] = defaultdict(float)
    for before, after in pairwise(parsed):
        for (outcome,), count in Window(before, after, 1.0).by(SERIES, LABEL).items():
            totals[outcome] += count
    return dict(totals)
