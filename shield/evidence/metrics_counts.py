"""Compares a monitoring system's count of the same requests with what the logs hold of a period. Pure.

Two forms. Saved scrapes of `/metrics`: one from the beginning of the period and one from its end (and any in
between; one alone counts from the start of the process). Or CSV with a column `value` (or `increase`,
`count`) and, where the outcomes are told apart, a column `outcome`, as from `sum by (outcome)
(increase(shield_requests_total[30d]))`. Neither contains canaries.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shield.errors import EvidenceError
from shield.evidence.completeness import Completeness
from shield.evidence.counters import ALL, CUT_SHORT, OUTCOMES, PASSED
from shield.evidence.form import MOST
from shield.telemetry.request_totals import LABEL, ended_between

VALUE_COLUMNS = ("value", "increase", "count")


def read_metrics(texts: Sequence[str]) -> dict[str, float]:
    """Requests by outcome; under the name `requests` where the outcomes are not told apart.

    Raises `EvidenceError` that says what cannot be read, without its content.
    """
    found = _read(texts)
    if not all(0 <= value <= MOST for value in found.values()):  # NaN included
        raise EvidenceError("the file of metrics has a value that is not a count: too large, or not a number")
    return found


def _read(texts: Sequence[str]) -> dict[str, float]:
    first = texts[0].lstrip("\ufeff \r\n").partition("\n")[0]
    if first.startswith("#") or "{" in first:
        try:
            return ended_between(texts)
        except ValueError as error:
            reason = str(error) if "series" in str(error) else "it is not in the Prometheus text format"
            raise EvidenceError(f"the file of metrics cannot be read: {reason}") from None
    totals: defaultdict[str, float] = defaultdict(float)
    for text in texts:
        for outcome, value in _read_csv(text):
            totals[outcome] += value
    return dict(totals)


def _read_csv(text: str) -> list[tuple[str, float]]:
    try:
        reader = csv.reader(text.removeprefix("\ufeff").splitlines(), strict=True)
        header = [name.strip().lower() for name in next(reader, [])]
        place = next((header.index(name) for name in VALUE_COLUMNS if name in header), None)
        if place is None:
            raise EvidenceError(f"the file of metrics has no column named {' or '.join(VALUE_COLUMNS)}")
        named = header.index(LABEL) if LABEL in header else None
        found = [
            (ALL if named is None else row[named].strip().lower(), _count(row[place]))
            for row in reader
            if row
        ]
    except csv.Error:
        raise EvidenceError("the file of metrics is not valid CSV") from None
    except (ValueError, IndexError):
        raise EvidenceError(f"line {reader.line_num} of the file of metrics has no number") from None
    return found


def _count(text: str) -> float:
    value = float(text)
    if not math.isfinite(value) or value < 0:
        raise ValueError(text)
    return value


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """Requests of one outcome (`requests`: of all), and the range that the logs allow; None: no bound."""

    what: str
    counted: int
    least: int | None
    most: int | None

    @property
    def off_by(self) -> int:
        """How many more (positive) or fewer (negative) were counted than the logs allow."""
        if self.most is not None and self.counted > self.most:
            return self.counted - self.most
        return min(0, self.counted - self.least) if self.least is not None else 0


@dataclass(frozen=True, slots=True)
class MetricsComparison:
    """The metrics' count against the logs' ranges; `rows` begins with all requests."""

    rows: tuple[OutcomeCount, ...]
    tolerance: int

    @property
    def ok(self) -> bool:
        return all(abs(row.off_by) <= self.tolerance for row in self.rows)


def compare_metrics(
    counted: Mapping[str, float], tallies: Sequence[Completeness], *, tolerance: int
) -> MetricsComparison:
    """Compares the metrics of all processes with the counts of all origins together.

    What a crash left open may or may not have been scraped; what is open now is not counted yet. A process
    that is killed loses what it counted since its last scrape: as many as it recorded after its last
    heartbeat may be missing, since scrapes come more often.
    """
    ended: defaultdict[str, int] = defaultdict(int)
    unsure = lost = 0
    for tally in tallies:
        unsure += tally.metrics.left_open + tally.open
        lost += tally.metrics.uncounted_requests
        for outcome, count in tally.metrics.ended.items():
            ended[outcome] += count
    total = sum(ended.values())
    whole = round(counted[ALL] if ALL in counted else math.fsum(counted.values()))
    rows = [OutcomeCount(ALL, whole, max(0, total - lost), total + unsure)]
    if ALL not in counted:
        for outcome in (*OUTCOMES, *sorted(counted.keys() - set(OUTCOMES))):
            known = ended[outcome]
            least = None if outcome in PASSED.values() else max(0, known - lost)
            most = None if outcome in CUT_SHORT else known
            rows.append(OutcomeCount(outcome, round(counted.get(outcome, 0)), least, most))
    return MetricsComparison(tuple(rows), tolerance)
