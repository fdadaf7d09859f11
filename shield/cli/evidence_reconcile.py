"""`shield evidence reconcile`: whether the counts of a period add up, and when the control was on."""

from __future__ import annotations

import dataclasses
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from shield.cli.access import access_options, note_access
from shield.cli.evidence_anchors import folder_options, print_anchored
from shield.cli.evidence_options import (
    Seconds,
    all_logs,
    note_empty,
    period_options,
    print_table,
    request_logs,
)
from shield.cli.evidence_outside import OutsideFiles, outside_options, print_outside
from shield.cli.logs import EXIT_FAILED, FOLDER, KeptFiles, directory_of, kept_options, readable
from shield.cli.terminal import as_json as as_line
from shield.cli.terminal import say
from shield.domain import Verdict
from shield.evidence.anchored import Anchored, AnchorFolders, hold
from shield.evidence.completeness import Completeness
from shield.evidence.counters import CounterDifference, Uncounted
from shield.evidence.coverage import NOT_OVER
from shield.evidence.instance import Instances
from shield.evidence.outside import Outside
from shield.evidence.reading import Period, microseconds
from shield.evidence.reconcile import Reconciliation
from shield.evidence.reconcile import reconcile as reconcile_log

_LISTED_GAPS = 50


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@period_options
@kept_options("its log must be here and still extend it.")
@folder_options
@outside_options
@click.option("--max-gap", type=Seconds(), help="Fail if there is a longer time without evidence (90s, 5m).")
@click.option(
    "--interval",
    type=Seconds(),
    default="60s",
    show_default=True,
    help="The heartbeat interval to assume before the log's first heartbeat, which states its own.",
)
@click.option(
    "--by",
    type=click.Choice(["hour", "day"]),
    default="day",
    show_default=True,
    help="Compare the metrics' counters in the heartbeats with the log, by hour or by day.",
)
@click.option("--live", is_flag=True, help="The log is in use: intents may still be in flight.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@access_options
def reconcile(
    folder: Path,
    *,
    period: Period,
    kept: KeptFiles,
    anchors: AnchorFolders,
    outside: OutsideFiles,
    max_gap: float | None,
    interval: float,
    by: str,
    live: bool,
    as_json: bool,
) -> None:
    """Verify the log, check that its counts add up, and list every gap.

    requests = intents + bypasses + rejected, and intents + bypasses = outcomes + unknown, from records
    whose indices have no gaps. Each heartbeat holds the metrics' counters, by outcome: they must agree with
    the records between two heartbeats, except for what was in flight.

    \b
    Examples:
      shield evidence reconcile state/audit --from 2031-05-01 --to 2031-05-31
      shield evidence reconcile state/audit --count upstream-access.log --tolerance 2
      shield evidence reconcile state/audit --metrics first.prom --metrics last.prom --by hour
      shield evidence reconcile state/audit --anchor /mnt/anchors
      shield evidence reconcile state/audit --live --max-gap 5m --json
    """  # noqa: D301  click reads the backspace, not a backslash
    with readable():
        sources = request_logs(folder)
        known, heads = kept.of(folder, {source.origin for source in sources})
        note_access(folder, "evidence.reconcile", period)
        interval_us = round(interval * 1_000_000)
        instances = Instances.of(sources, interval_us)
        results = [
            reconcile_log(
                source,
                period,
                key=known.get(source.origin),
                since=heads.get(source.origin),
                live=live,
                max_gap=max_gap,
                interval_us=interval_us,
                instances=instances,
            )
            for source in sources
        ]
        counted = outside(period, [result.completeness for result in results])
        anchored = hold(
            all_logs(folder),
            {result.origin: result.verification for result in results},
            anchors,
            period,
            whole=directory_of(folder) == folder,
        )
    ok = all(result.ok for result in results) and counted.ok and anchored.ok
    note_empty(period, results)
    if period.end is not None and microseconds(period.end) > time.time_ns() // 1000:
        click.echo(f"note: {NOT_OVER}", err=True)
    if as_json:
        print(as_line(_fields(results, counted, anchored, period, ok=ok)))
    else:
        _print(Console(highlight=False), results, counted, anchored, by, ok=ok)
    if not ok:
        sys.exit(EXIT_FAILED)


def _fields(
    results: Sequence[Reconciliation], outside: Outside, anchored: Anchored, period: Period, *, ok: bool
) -> dict[str, Any]:
    logs = []
    for result in results:
        report = result.verification
        logs.append(
            {
                "origin": result.origin,
                "ok": result.ok,
                "problems": result.problems,
                "verified": report.ok,
                "size": report.size,
                "signed_size": report.signed_size,
                "root": report.root,
                "clock_jumps": report.clock_jumps,
                "runs": report.runs,
                "notices": report.notices,
                "completeness": dataclasses.asdict(result.completeness),
                "coverage": None if result.coverage is None else dataclasses.asdict(result.coverage),
            }
        )
    return {
        "ok": ok,
        "from": period.start,
        "to": period.end,
        "logs": logs,
        "anchors": anchored.fields(),
        **outside.fields(),
    }


def _print(
    console: Console,
    results: Sequence[Reconciliation],
    outside: Outside,
    anchored: Anchored,
    by: str,
    *,
    ok: bool,
) -> None:
    for result in results:
        _print_counts(console, result)
        _print_counters(console, result, by)
        _print_gaps(console, result)
    print_outside(console, outside)
    print_anchored(console, anchored)
    for result in results:
        for notice in result.verification.notices:
            say(f"note: {result.origin}: {notice}")
        for problem in result.problems:
            say(f"PROBLEM: {result.origin}: {problem}")
    for problem in (*outside.problems, *anchored.problems):
        say(f"PROBLEM: {problem}")
    click.echo("result: it adds up" if ok else "result: IT DOES NOT ADD UP")


def _print_counts(console: Console, result: Reconciliation) -> None:
    counts = result.completeness
    named = ", ".join(f"{name} {count:,}" for name, count in counts.results.items())
    rows = [
        (
            "requests",
            f"{counts.requests:,}",
            f"{counts.intents:,} + {counts.bypasses:,} + {counts.rejected:,}",
        ),
        ("  intents", f"{counts.intents:,}", _observed(counts)),
        ("  bypasses", f"{counts.bypasses:,}", _bypassed(counts)),
        ("  never sent", f"{sum(counts.unsent.values()):,}", "of both: a stop came first"),
        ("  rejected", f"{counts.rejected:,}", f"{counts.blocked:,} of them blocked by the policy"),
        ("outcomes", f"{counts.outcomes:,}", named),
        ("unknown", f"{counts.unknown:,}", "a crash left the end open; some may have been answered"),
        ("open", f"{counts.open:,}", "no outcome yet"),
        (
            "reduced detection",
            f"{sum(counts.reduced.values()):,}",
            ", ".join(f"{name} {count:,}" for name, count in counts.reduced.items())
            or "patterns alone in time, re-scanned later",
        ),
        ("canaries", f"{counts.canaries:,}", "of the requests: made by the proxy itself, as tests"),
        (
            "bytes not inspected",
            f"{counts.uninspected_bytes:,}",
            "by field rules, as opaque content, or in a bypass",
        ),
        ("records", f"{counts.records:,}", f"{result.verification.signed_size:,} signed"),
        ("clock jumps back", f"{result.verification.clock_jumps:,}", "in the whole log"),
        ("heartbeats checked", f"{counts.counter_checks:,}", f"{len(counts.counter_mismatches):,} differ"),
        (
            "  by outcome",
            f"{counts.metrics.checks:,}",
            f"{counts.metrics.difference_count:,} differences from the metrics",
        ),
        (
            "not counted",
            f"{counts.metrics.uncounted_requests:,}",
            "recorded after the last heartbeat of their run",
        ),
    ]
    coverage = result.coverage
    if coverage is not None:
        share = 100 * coverage.enabled_seconds / coverage.seconds if coverage.seconds else 100.0
        rows.append(("period", f"{coverage.seconds:,.3f} s", f"{coverage.start} to {coverage.end}"))
        silence = f"{share:.4f} %, where silence of up to {coverage.silence_seconds:,g} s is no gap"
        rows.append(("enabled", f"{coverage.enabled_seconds:,.3f} s", silence))
    print_table(console, result.origin, ("what", "count", "detail"), rows)


def _observed(counts: Completeness) -> str:
    unsent = counts.unsent.get(Verdict.OBSERVE.value, 0)
    return f"{counts.observed - unsent:,} of them observed, and forwarded not redacted"


def _bypassed(counts: Completeness) -> str:
    unsent = counts.unsent.get(Verdict.BYPASS.value, 0)
    return f"{counts.bypasses - unsent:,} of them forwarded after an error with parts as they came"


def _print_counters(console: Console, result: Reconciliation, by: str) -> None:
    """Print the metrics' counters beside the log, by period; what differs; what no counter covers."""
    found, origin = result.completeness.metrics, result.origin
    periods = found.hours if by == "hour" else found.by_day()
    counts = [
        (name, f"{beats:,}", f"{counted:,}", f"{recorded:,}")
        for name, (beats, counted, recorded) in periods.items()
        if recorded or counted
    ]
    if counts:
        header = (f"{by} (UTC)", "heartbeats", "metrics", "log")
        print_table(console, f"{origin}: requests between heartbeats", header, counts)
    differences = [
        (*_span(it), it.what, str(it.counted), str(it.recorded), str(it.record)) for it in found.differences
    ]
    if differences:
        columns = ("from", "to", "seconds", "what", "metrics", "log", "record")
        print_table(console, f"{origin}: where metrics and log differ", columns, differences)
    uncounted = [
        (*_span(it), str(it.requests), "" if it.record is None else str(it.record)) for it in found.uncounted
    ]
    if uncounted:
        after = ("from", "to", "seconds", "requests", "ended by record")
        print_table(console, f"{origin}: after the last heartbeat of a run", after, uncounted)


def _span(found: CounterDifference | Uncounted) -> tuple[str, str, str]:
    return found.start, found.end, f"{found.seconds:,.3f}"


def _print_gaps(console: Console, result: Reconciliation) -> None:
    gaps = result.coverage.gaps if result.coverage else ()
    if not gaps:
        return
    rows = [
        (
            gap.start,
            gap.end,
            f"{gap.seconds:,.3f}",
            gap.reason.value,
            "" if gap.record is None else str(gap.record),
            ", ".join(gap.through),
            f"{gap.without_control:,.3f}",
        )
        for gap in gaps[:_LISTED_GAPS]
    ]
    more = f", the first {_LISTED_GAPS} shown" if len(gaps) > _LISTED_GAPS else ""
    print_table(
        console,
        f"{result.origin}: {len(gaps)} gaps{more}",
        ("from", "to", "seconds", "reason", "ended by record", "on through", "in no log"),
        rows,
    )
