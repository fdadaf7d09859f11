"""`shield diff`: what a shadow policy or model would change, before it is enforced."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from shield.cli.access import access_options, note_access
from shield.cli.evidence_options import period_options, print_table, request_logs
from shield.cli.logs import EXIT_FAILED, FOLDER, readable
from shield.cli.reading import Listing
from shield.cli.terminal import as_json as as_line
from shield.evidence.reading import Period
from shield.evidence.trials import Trial, trials

_COLUMNS = ("change", "in force", "tried", "path", "findings", "first seen in")


@click.command(
    epilog="""\b
Exit codes: 0 read, 1 the policies differ and --exit-code is given, or not all records can be read,
2 not readable.
"""
)
@click.argument("folder", metavar="DIR", type=FOLDER)
@period_options
@click.option("--route", help="Only this route.")
@click.option("--policy", help="Only this shadow policy.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each trial.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 if anything differs.")
@access_options
def diff(
    folder: Path,
    *,
    period: Period,
    route: str | None,
    policy: str | None,
    as_json: bool,
    exit_code: bool,
) -> None:
    """Show where a shadow policy would act differently from the policy in force.

    A route's `shadow` names a policy and a share of the traffic to try it on. Each difference is shown by
    path, type and operator, with the receipt of the first request that had it; never by value. `more`:
    only the shadow policy acts; `less`: only the policy in force does; `other`: both act, differently.

    \b
    Examples:
      shield diff state/audit --route tickets
      shield diff state/audit --policy next --from 2031-05-01 --json
    """  # noqa: D301  click reads the backspace, not a backslash
    listing = Listing(period)
    with readable():
        sources = request_logs(folder)
        note_access(folder, "diff", period, route=route, policy=policy)
        logs = ((source.origin, listing.records(source)) for source in sources)
        found = trials(logs, period, route=route, policy=policy)
    for trial in found:
        if as_json:
            sys.stdout.write(as_line(_fields(trial)) + "\n")
        else:
            _print(trial)
    if not found and not as_json:
        click.echo("no shadow policy was tried in this period", err=True)
    if not listing.tell() or (exit_code and any(trial.different for trial in found)):
        sys.exit(EXIT_FAILED)


def _print(trial: Trial) -> None:
    notes = [f"{trial.different:,} of {trial.compared:,} requests differ"]
    notes += [
        f"{count:,} {word}" for count, word in ((trial.failed, "failed"), (trial.skipped, "skipped")) if count
    ]
    if trial.omitted:
        notes.append(f"{trial.omitted:,} findings not listed")
    rows = [
        (sort.change, sort.live or "-", sort.shadow or "-", sort.path, f"{count:,}", trial.examples[sort])
        for sort, count in trial.sorts.most_common()
    ]
    title = f"route {trial.route}: {trial.shadow_policy} tried beside {trial.policy}: {', '.join(notes)}"
    print_table(Console(highlight=False), title, _COLUMNS, rows)


def _fields(trial: Trial) -> dict[str, Any]:
    return {
        "route": trial.route,
        "policy": trial.policy,
        "policy_digest": trial.policy_digest,
        "shadow_policy": trial.shadow_policy,
        "shadow_digest": trial.shadow_digest,
        "model_digest": trial.model_digest,
        "compared": trial.compared,
        "different": trial.different,
        "failed": trial.failed,
        "skipped": trial.skipped,
        "differences_omitted": trial.omitted,
        "differences": [
            {
                "change": sort.change,
                "path": sort.path,
                "live": sort.live,
                "shadow": sort.shadow,
                "count": count,
                "first": trial.examples[sort],
            }
            for sort, count in trial.sorts.most_common()
        ],
    }
