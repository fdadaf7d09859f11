"""`shield audit`: verify, show and prove what the audit log holds, and prune it.

Exit codes: 0 all holds; 1 a verification failed; 2 wrong usage, or something cannot be read.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from shield.audit.checkpoint import CheckpointError
from shield.audit.keys import origin_of
from shield.audit.proof import RecordProof, prove_record
from shield.audit.tree import ProofError
from shield.audit.verification import Report
from shield.audit.verify import verify_log
from shield.cli.access import access_options, note_access
from shield.cli.audit_anchors import AnchorReport, Anchors, anchor_options, check_anchors
from shield.cli.audit_retention import hold, prune
from shield.cli.evidence_options import period_options
from shield.cli.logs import (
    EXIT_FAILED,
    FILE,
    FOLDER,
    KeptFiles,
    kept_options,
    key_from,
    logs_in,
    readable,
)
from shield.cli.reading import Listing
from shield.cli.terminal import as_json as as_line
from shield.cli.terminal import record_text, row_of, say, shown
from shield.evidence.reading import UNREADABLE, Entry, Period, Source

_COLUMNS = ("index", "time", "kind", "route", "method", "decision", "findings", "status", "request id")
_WIDTHS = (8, 27, 10, 14, 7, 26, 40, 6, 32)


@click.group()
def audit() -> None:
    """Verify, show and prove what the audit log holds.

    DIR is the folder of one origin's log, or the folder above (`audit.directory` of the
    configuration), which holds one log for each writing process. The logs may be in use. Only `prune` and
    `hold` change them; the others need no private key. Each access is recorded in a log beside
    them, ORIGIN/access; not in a copy (--access).

    \b
    Exit codes:
      0  all holds
      1  a verification failed
      2  wrong arguments, or something cannot be read
    """  # noqa: D301  click reads the backspace, not a backslash


@audit.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@kept_options("the log must still extend it.")
@anchor_options
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object for each log, and one for the anchors."
)
@access_options
def verify(
    *,
    folder: Path,
    kept: KeptFiles,
    anchors: Anchors,
    as_json: bool,
) -> None:
    """Recompute every record, tile, root and signature; name the first bad record.

    Without --key, the log's own `vkey` file is trusted. That a log was cut back to an earlier state,
    or is missing altogether, shows only against something that the writer could not change: --anchor,
    --witness, or --since with a checkpoint that you kept. Where DIR holds all logs, each log that the newest
    roster record of another names must be in it too.

    \b
    Examples:
      shield audit verify state/audit
      shield audit verify state/audit --key shield.example/worker-0+1ca2ab3b+AcmJ…
      shield audit verify state/audit --since 2031-05-04.checkpoint
      shield audit verify state/audit --anchor /mnt/anchors
    """  # noqa: D301  click reads the backspace, not a backslash
    console = Console(highlight=False)
    with readable():
        readers = logs_in(folder)
        known, heads = kept.of(folder, {origin_of(reader) for reader in readers})
        note_access(folder, "audit.verify")
        reports = {}
        for reader in readers:
            origin = origin_of(reader)
            with _progress(origin) as on_progress:
                report = verify_log(
                    reader, key=known.get(origin), since=heads.get(origin), on_progress=on_progress
                )
            reports[origin] = report
            if as_json:
                print(as_line(_report_fields(report, origin)))
            else:
                _print_report(console, report, origin)
        whole = readers[0].folder.resolve() != folder.resolve()
        beyond = check_anchors({origin_of(it): it for it in readers}, reports, anchors, whole=whole)
    if as_json and (anchors or beyond.problems):
        print(as_line({"ok": not beyond.problems, **asdict(beyond)}))
    elif anchors or beyond.problems:
        _print_anchors(beyond)
    if beyond.problems or not all(report.ok for report in reports.values()):
        sys.exit(EXIT_FAILED)


def _print_anchors(beyond: AnchorReport) -> None:
    for note in beyond.notes:
        say(f"anchors: {note}")
    for problem in beyond.problems:
        click.echo(click.style(shown(f"PROBLEM: {problem}"), fg="red", bold=True))
    held = not beyond.problems
    click.echo("anchors: the logs match them" if held else "anchors: THE LOGS DO NOT MATCH THEM")


@contextmanager
def _progress(origin: str) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar on standard error, on a terminal only."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    name = TextColumn("{task.description}", markup=False)
    columns = (name, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(shown(origin), total=None)

        def step(done: int, total: int) -> None:
            progress.update(task, completed=done, total=max(done, total))

        yield step


def _report_fields(report: Report, origin: str) -> dict[str, Any]:
    listed = [
        {"index": problem.index, "file": problem.file, "what": problem.what} for problem in report.problems
    ]
    return {"ok": report.ok, **report.fields, "origin": report.origin or origin, "problems": listed}


def _print_report(console: Console, report: Report, origin: str) -> None:
    rows: list[tuple[str, str, str]] = [
        ("origin", report.origin or origin, ""),
        ("records", f"{report.size:,} ({report.signed_size:,} signed)", ""),
        ("root", report.root, ""),
        ("from", report.first_time, ""),
        ("to", report.last_time, ""),
        ("kinds", ", ".join(f"{kind} {count:,}" for kind, count in sorted(report.kinds.items())), ""),
        (
            "open intents",
            f"{report.open_count:,}" + (f": {_listed(report)}" if report.open_count else ""),
            "",
        ),
        ("unknown outcomes", f"{report.unknown_outcomes:,}", ""),
        ("clock jumps back", f"{report.clock_jumps:,}", ""),
        *(("note", notice, "yellow") for notice in report.notices),
        *(("PROBLEM", str(problem), "bold red") for problem in report.problems),
    ]
    if report.problem_count > len(report.problems):
        rows.append(("PROBLEM", f"and {report.problem_count - len(report.problems):,} more", "bold red"))
    rows.append(("result", "verified", "bold green") if report.ok else ("result", "NOT VERIFIED", "bold red"))
    if not console.is_terminal:
        for name, value, _ in rows:
            say(f"{name}: {value}")
        return
    table = Table.grid(padding=(0, 2))
    for name, value, style in rows:
        table.add_row(Text(name, style=style or "dim"), Text(shown(value), style=style, overflow="fold"))
    console.print(table)


def _listed(report: Report) -> str:
    shown = ", ".join(map(str, report.open_intents[:10]))
    return shown + (", …" if report.open_count > 10 else "")  # noqa: PLR2004 -- as many as fit a line


@audit.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@period_options
@click.option("--route", help="Only the records of this route and the outcomes of its requests.")
@click.option("--entity", help="Only records with a finding of this entity type.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON lines: the record's fields after its origin."
)
@access_options
def show(folder: Path, *, period: Period, route: str | None, entity: str | None, as_json: bool) -> None:
    """Print the records, oldest first; a table on a terminal, tab-separated lines when piped.

    Shows what is written without verifying it; for that, use `shield audit verify`. Exit code 1 if not
    all records can be read; those that cannot are shown as `unreadable`, whatever the filters.

    \b
    Examples:
      shield audit show state/audit --from 2031-05-04 --route tickets
      shield audit show state/audit --entity US_SSN --json | jq .request_id
    """  # noqa: D301  click reads the backspace, not a backslash
    console = Console(highlight=False)
    listing = Listing(period)
    with readable():
        readers = logs_in(folder)
        note_access(folder, "audit.show", period, route=route, entity=entity)
        if not as_json:
            _print_row(console, _COLUMNS, header=True)
        for reader in readers:
            origin = origin_of(reader)
            if len(readers) > 1 and not as_json:
                console.print(Text(shown(f"# {origin}"), style="dim"))
            records = listing.records(Source(origin, reader))
            for fields in _selected(records, period, route, entity):
                if as_json:
                    sys.stdout.write(as_line({"origin": origin, **fields}) + "\n")
                else:
                    _print_row(console, _row(fields))
    if not listing.tell():
        sys.exit(EXIT_FAILED)


def _selected(
    records: Iterable[Entry], period: Period, route: str | None, entity: str | None
) -> Iterator[Mapping[str, Any]]:
    """The records that pass the filters, and unreadable ones. Memory: the open requests of the route."""
    open_of_route: set[int] = set()
    for entry in records:
        fields, index = entry.fields, entry.index
        if entry.kind == UNREADABLE:
            yield {"index": index, "kind": UNREADABLE}
            continue
        if route is not None:
            if fields.get("kind") == "outcome" and fields.get("intent") in open_of_route:
                open_of_route.discard(fields["intent"])
            elif fields.get("route") != route:
                continue
            elif fields.get("kind") in {"intent", "bypass"}:
                open_of_route.add(index)
        if not period.holds(entry.time):
            continue
        if entity is not None and entity not in {found.get("type") for found in fields.get("findings", ())}:
            continue
        yield fields


def _row(fields: Mapping[str, Any]) -> tuple[str, ...]:
    findings = " ".join(f"{found['type']}:{found['count']}" for found in fields.get("findings", ()))
    status = fields.get("upstream_status", fields.get("status"))
    decision = fields.get("decision") or fields.get("result") or ""
    reason = fields.get("reason") or ""
    if fields["kind"] == "outcome":
        findings = f"of {fields.get('intent')}"
    elif fields["kind"] == "rescan":
        missed = " ".join(f"{found['type']}:{found['count']}" for found in fields.get("missed", ()))
        findings = f"of {fields.get('intent')} {missed}".rstrip()
    if fields.get("reduced"):
        reason = f"{reason} {fields.get('tier')} alone".lstrip()
    values = (
        fields["index"],
        fields.get("time", ""),
        fields["kind"],
        fields.get("route") or "",
        fields.get("method", ""),
        f"{decision} {reason}".strip(),
        findings,
        "" if status is None else status,
        fields.get("request_id", ""),
    )
    return tuple(map(str, values))


def _print_row(console: Console, values: Sequence[str], *, header: bool = False) -> None:
    """Fixed columns on a terminal, so that rows can be printed as they are read; tabs elsewhere."""
    if not console.is_terminal:
        sys.stdout.write(row_of(values) + "\n")
        return
    styles = {"bypass": "bold red", "reject": "yellow", "recovered": "yellow", "outcome": "dim"}
    style = "bold" if header else styles.get(values[2], "")
    padded = [shown(value).ljust(width) for value, width in zip(values, _WIDTHS, strict=True)]
    console.print(Text("  ".join(padded).rstrip(), style=style), overflow="ellipsis", no_wrap=True)


@audit.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.argument("index", type=click.IntRange(min=0))
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file (by custom *.tlog-proof) instead of standard output.",
)
@access_options
def prove(folder: Path, index: int, output: Path | None) -> None:
    """Print a proof (C2SP tlog-proof) that record INDEX is in the log.

    The proof holds the record, its audit path and the signed checkpoint; `shield audit verify-proof`,
    or any program with SHA-256 and Ed25519, checks it without the log. DIR must hold one log.

    \b
    Example:
      shield audit prove state/audit/shield.example+worker-0 1234 -o 1234.tlog-proof
    """  # noqa: D301  click reads the backspace, not a backslash
    with readable():
        readers = logs_in(folder)
        if len(readers) > 1:
            names = ", ".join(reader.folder.name for reader in readers)
            raise click.UsageError(
                f"{folder} holds several logs; give the folder of one of them: {shown(names)}"
            )
        note_access(folder, "audit.prove", index=str(index))
        text = prove_record(readers[0], index).text
        if output is None:
            sys.stdout.write(text)
        else:
            output.write_text(text)


@audit.command("verify-proof")
@click.argument("file", metavar="FILE", type=FILE)
@click.option(
    "--key",
    "key_text",
    required=True,
    metavar="VKEY",
    help="The public key that must have signed, or a file with it.",
)
@click.option(
    "--record", type=FILE, help="The record's stored bytes; needed if the proof does not contain them."
)
def verify_proof(file: Path, key_text: str, record: Path | None) -> None:
    """Check a proof that `shield audit prove` wrote, and print the record that it proves.

    \b
    Example:
      shield audit verify-proof 1234.tlog-proof --key shield.example/worker-0+1ca2ab3b+AcmJ…
    """  # noqa: D301  click reads the backspace, not a backslash
    with readable():
        key = key_from(key_text)
        proof = RecordProof.parse(file.read_text())
        if record is not None:
            proof = replace(proof, entry=record.read_bytes())
    try:
        proof.verify(key)
    except (ProofError, CheckpointError) as error:
        say(f"NOT VERIFIED: {error}", err=True)
        sys.exit(EXIT_FAILED)
    head = proof.signed.checkpoint
    say(
        f"verified: record {proof.index} of {head.origin}, under the checkpoint of size {head.size}", err=True
    )
    click.echo(record_text(proof.entry))


audit.add_command(prune)
audit.add_command(hold)
