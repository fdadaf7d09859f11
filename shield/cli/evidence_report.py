"""`shield evidence report`: a pack for an auditor, that a shell can check."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from shield.cli.access import access_options, note_access
from shield.cli.evidence_anchors import folder_options
from shield.cli.evidence_options import Seconds, all_logs, note_empty, period_options, request_logs
from shield.cli.evidence_outside import OutsideFiles, outside_options
from shield.cli.evidence_sample import Names
from shield.cli.gathered import as_one
from shield.cli.logs import (
    EXIT_FAILED,
    FILE,
    FOLDER,
    KeptFiles,
    directory_of,
    kept_options,
    readable,
)
from shield.cli.terminal import say
from shield.evidence.anchored import AnchorFolders
from shield.evidence.coverage import NOT_OVER
from shield.evidence.reading import ACCESS_SUFFIX, REGISTER_SUFFIX, Period
from shield.evidence.report.facts import DEFAULT_SIZE, DEFAULT_STRATA, ReportRequest
from shield.evidence.report.gather import Progress as OnProgress
from shield.evidence.report.pack import Built, build_report, no_progress
from shield.evidence.report.pdf import INSTALL, pdf_available
from shield.evidence.report.signing import manifest_signer
from shield.evidence.sampling import STRATIFIERS


@dataclass(frozen=True, slots=True)
class Choice:
    """How the sample is chosen."""

    seed: str | None
    size: int
    stratify: tuple[str, ...]


_choice_options = as_one(
    "choice",
    Choice,
    click.option(
        "--seed", help="Seed of the sample: the auditor's own, chosen after the period. Any line of text."
    ),
    click.option(
        "--size", type=click.IntRange(min=1), default=DEFAULT_SIZE, show_default=True, help="Of the sample."
    ),
    click.option(
        "--stratify",
        type=Names(),
        default=",".join(DEFAULT_STRATA),
        show_default=True,
        help=f"Stratify the sample by these: {', '.join(STRATIFIERS)}.",
    ),
)


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@period_options
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="A new or empty folder for the pack.",
)
@click.option("--title", default="", help="What the report is about, such as the system's name.")
@_choice_options
@kept_options("its log must still extend it.")
@folder_options
@outside_options
@click.option(
    "--max-gap", type=Seconds(), help="Report a longer time without evidence as a problem (90s, 5m)."
)
@click.option("--live", is_flag=True, help="The log is in use: intents may still be in flight.")
@click.option(
    "--signing-key",
    type=FILE,
    help="Ed25519 key of the report. Without it, one is created in `keys` beside the logs.",
)
@click.option("--pdf/--no-pdf", default=True, show_default=True, help="Also write report.pdf.")
@access_options
def report(
    folder: Path,
    *,
    period: Period,
    out: Path,
    title: str,
    choice: Choice,
    kept: KeptFiles,
    anchors: AnchorFolders,
    outside: OutsideFiles,
    max_gap: float | None,
    live: bool,
    signing_key: Path | None,
    pdf: bool,
) -> None:
    """Write a self-contained pack on a period: report, tables, sample, proofs, keys, and how to check it.

    The logs are verified first. What does not hold is in the report and gives exit code 1; the pack is
    still written. Everything in it is named in a signed MANIFEST; VERIFY.md and verify.sh check
    it with openssl, sha256sum and a shell.

    \b
    Examples:
      shield evidence report state/audit --from 2031-05-01 --to 2031-05-31 --out report
      shield evidence report state/audit --out report --count upstream-access.log --tolerance 2
      shield evidence report state/audit --out report --anchor /mnt/anchors
      shield evidence report state/audit --out report --seed "dice 4 1 6 2" --title "Support platform"
    """  # noqa: D301  click reads the backspace, not a backslash
    if pdf and not pdf_available():
        raise click.UsageError(INSTALL)
    with readable():
        logs = request_logs(folder)
        suffixes = ("", REGISTER_SUFFIX, ACCESS_SUFFIX)
        origins = {source.origin + suffix for source in logs for suffix in suffixes}
        known, heads = kept.of(folder, origins)
        note_access(folder, "evidence.report", period, size=str(choice.size), stratify=choice.stratify)
        pem = signing_key.read_bytes() if signing_key is not None else None
        signer = manifest_signer(directory_of(folder), logs[0].origin, pem)
        request = ReportRequest(
            period,
            size=choice.size,
            seed=choice.seed,
            stratify=choice.stratify,
            keys=known,
            heads=heads,
            live=live,
            max_gap=max_gap,
            title=title,
            outside=outside,
            anchors=anchors,
            whole=directory_of(folder) == folder,
        )
        with _progress() as progress:
            built = build_report(all_logs(folder), request, signer, out, progress=progress, pdf=pdf)
    note_empty(request.period, (log.reconciliation for log in built.facts.logs))
    _print(built)
    if not built.facts.ok:
        sys.exit(EXIT_FAILED)


@contextmanager
def _progress() -> Iterator[OnProgress]:
    """A progress bar on standard error, on a terminal only."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield no_progress
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        tasks = {"": bars.add_task("", total=None, visible=False)}

        def step(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what)
            bars.update(tasks[what], completed=done, total=max(done, total))

        yield step


def _print(built: Built) -> None:
    facts = built.facts
    click.echo(f"{facts.population:,} requests, {len(facts.sample)} of them in the sample: {built.folder}")
    say(f"signed by {built.vkey}")
    if not facts.is_over:
        click.echo(f"note: {NOT_OVER}", err=True)
    if not facts.seed_given:
        click.echo("note: the seed was taken from the logs' heads; choose your own with --seed", err=True)
    if facts.beyond_head:
        click.echo(f"note: {facts.beyond_head} requests are beyond the newest signed head", err=True)
    for problem in facts.problems:
        say(f"PROBLEM: {problem}")
    click.echo(f"check it: see {built.folder / 'VERIFY.md'}")
    click.echo("result: it adds up" if facts.ok else "result: IT DOES NOT ADD UP")
