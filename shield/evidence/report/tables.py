"""Writes the small tables of a report as CSV; those that grow with the log were written while it was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from shield.evidence.cells import Table
from shield.evidence.report.facts import Facts
from shield.evidence.report.series import Activity

_GAP_COLUMNS = (
    *("origin", "from", "to", "seconds", "reason", "ended_by"),
    *("on_through", "seconds_in_no_log"),
)

Row = Sequence[object]


def write_tables(facts: Facts, out: Path) -> None:
    """Write `gaps.csv`, `activity.csv`, `configurations.csv`, `counters.csv` and `counts.csv`."""
    _write(out / "gaps.csv", _GAP_COLUMNS, _gaps(facts))
    _write(out / "activity.csv", _activity_columns(facts.activity), _activity(facts.activity))
    _write(
        out / "configurations.csv",
        ("id", "time", "reason", "digest", "build", "policies", "models", "changes"),
        _configurations(facts),
    )
    _write(
        out / "counters.csv",
        ("origin", "hour", "heartbeats", "counted_by_metrics", "recorded_in_log"),
        _counters(facts),
    )
    _write(out / "counts.csv", ("column", "value", "rows"), _counts(facts))


def _write(path: Path, header: Sequence[str], rows: Iterable[Row]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        Table(file, header).writerows(rows)


def _gaps(facts: Facts) -> Iterator[Row]:
    for log in facts.logs:
        if log.reconciliation.coverage is not None:
            for gap in log.reconciliation.coverage.gaps:
                yield (
                    log.origin,
                    gap.start,
                    gap.end,
                    f"{gap.seconds:.6f}",
                    gap.reason.value,
                    gap.record,
                    " ".join(gap.through),
                    f"{gap.without_control:.6f}",
                )


def _activity_columns(activity: Activity) -> list[str]:
    return [
        "from",
        *(f"decision_{name}" for name in sorted(activity.decisions)),
        "p50_us",
        "p95_us",
        "p99_us",
        *(f"values_{it.entity}" for it in sorted(activity.found, key=lambda it: it.entity)),
        *(f"exceptions_{kind}" for kind in sorted(activity.exceptions)),
        "configurations",
    ]


def _activity(activity: Activity) -> Iterator[Row]:
    """A row for each slice of the period, in the order of `_activity_columns`."""
    found = sorted(activity.found, key=lambda it: it.entity)
    for place in range(activity.slices.count):
        latency = activity.latency_us[place]
        yield (
            activity.slices.begins(place),
            *(activity.decisions[name][place] for name in sorted(activity.decisions)),
            *(("", "", "") if latency is None else map(round, latency)),
            *(it.by_slice[place] for it in found),
            *(activity.exceptions[kind][place] for kind in sorted(activity.exceptions)),
            activity.changes[place],
        )


def _configurations(facts: Facts) -> Iterator[Row]:
    for log in facts.logs:
        for it in log.configurations:
            yield (
                f"{it.origin}#{it.index}",
                it.time,
                it.reason,
                it.digest,
                it.build,
                " ".join(f"{name}={digest}" for name, digest in it.policies.items()),
                " ".join(f"{name}={digest}" for name, digest in it.models.items()),
                "not known" if it.changes is None else " ".join(change.path for change in it.changes),
            )


def _counters(facts: Facts) -> Iterator[Row]:
    for log in facts.logs:
        for hour, counts in log.reconciliation.completeness.metrics.hours.items():
            yield log.origin, hour, *counts


def _counts(facts: Facts) -> Iterator[Row]:
    """What `verify.sh` counts again in population.csv: all rows, and the rows of each kind and stratum."""
    kinds: Counter[str] = Counter()
    for log in facts.logs:
        counts = log.reconciliation.completeness
        kinds.update(intent=counts.intents, bypass=counts.bypasses, reject=counts.rejected)
        kinds.subtract(counts.canary_kinds)  # in the log, but not a client's request
    yield "all", "", facts.population
    if not facts.beyond_head:  # the sums include what lies beyond the signed heads
        for name, number in sorted(kinds.items()):
            yield "kind", name, number
    for name, (population, _) in sorted(facts.strata.items()):
        yield "stratum", name, population
