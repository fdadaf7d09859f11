"""`shield redact`: the heart on files or standard input."""

# ruff: noqa: PLC0415  imports wait until the command runs: --help must not load the detectors
from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from shield.cli.group import ExitCode
from shield.cli.options import policy_of, policy_options, settings_of
from shield.domain import Opaque, Placed, Redaction
from shield.errors import OpaqueContentError, ShieldError

MEDIA_TYPES = {
    ".json": "application/json",
    ".ndjson": "application/x-ndjson",
    ".jsonl": "application/x-ndjson",
    ".form": "application/x-www-form-urlencoded",
    ".txt": "text/plain",
    ".html": "text/html",
    ".md": "text/markdown",
    ".vtt": "text/vtt",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".xml": "application/xml",
    ".srt": "application/x-subrip",
    ".graphql": "application/graphql",
    ".ics": "text/calendar",
    ".vcf": "text/vcard",
}
_STDIN_TYPE = "application/json"
_STDIN = Path("-")


@click.command(
    epilog="""\b
Examples:
  shield redact ticket.json
  curl -s https://support.example.com/api/tickets/7 | shield redact
  shield redact --type text/plain < transcript.txt
  shield redact --findings tickets/*.json | jq -r .entity_type | sort | uniq -c
  shield redact -c shield.yaml --policy strict ticket.json

\b
Exit codes: 0 redacted, 2 wrong arguments or configuration, 3 a body that cannot be inspected
whole (its error code is on standard error; nothing of that body is printed).
"""
)
@click.argument(
    "files",
    metavar="[FILE]...",
    nargs=-1,
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
)
@click.option(
    "--type",
    "media_type",
    metavar="MEDIA_TYPE",
    help="The media type of the input. Default: by the file's extension "
    f"({', '.join(MEDIA_TYPES)}); {_STDIN_TYPE} on standard input.",
)
@policy_options
@click.option(
    "--findings",
    is_flag=True,
    help="Print a JSON object for each finding, not the redacted body: path, start, end, entity_type, "
    "score, recognizer, and the file if there are several. Never the text. The path shows the names of "
    "members, redacted where something was found in them: protect the output as you protect the file.",
)
@click.option(
    "--keep-opaque",
    is_flag=True,
    help="Go on if a text contains a document, picture or the like in base64, or a form contains a file, and "
    "print that part unchanged, with a note on standard error. Without this, such a body is refused.",
)
def redact(  # noqa: PLR0917  the command's options
    files: tuple[Path, ...],
    media_type: str | None,
    config: Path | None,
    policy_name: str | None,
    findings: bool,
    keep_opaque: bool,
) -> None:
    """Redact FILEs, or standard input, and print the result.

    Works as the proxy does: what is not redacted stays byte for byte as it was. Several FILEs are
    printed one after another, as cat would; the first that cannot be inspected ends the run. The
    rules of routes (fields, limits) do not apply, since a file has no route.
    """
    inputs = [(path, _media_type_of(path, media_type)) for path in files or (_STDIN,)]
    settings = settings_of(config)
    policy = policy_of(settings, policy_name)

    from shield.app.heart import build_redaction

    redaction = build_redaction(settings)
    placed: list[Placed] = []
    for path, kind in inputs:
        body = sys.stdin.buffer.read() if path == _STDIN else path.read_bytes()
        name = "standard input" if path == _STDIN else str(path)
        try:
            result = redaction.redact_bytes(body, kind, policy)
        except ShieldError as error:
            click.echo(f"shield redact: {name} as {kind}: {error.code}: {error}", err=True)
            sys.exit(ExitCode.INPUT)
        if result.opaque:
            click.echo(f"shield redact: {name} as {kind}: {_opaque(result.opaque)}", err=True)
            if not (keep_opaque or findings):
                sys.exit(ExitCode.INPUT)
        if findings:
            _print_findings(result.findings, str(path) if len(inputs) > 1 else None)
        else:
            _print_body(result)
        placed += result.findings
    if sys.stderr.isatty():
        _print_summary(placed)


def _opaque(opaque: Sequence[Opaque]) -> str:
    forms = ", ".join(sorted({each.form for each in opaque}))
    size = sum(each.size for each in opaque)
    return f"{OpaqueContentError.code}: {size} bytes cannot be inspected ({forms}); see --keep-opaque"


def _media_type_of(path: Path, given: str | None) -> str:
    """The media type by the option, else by the ending of the file's name.

    Otherwise the content is not guessed at: read as the wrong type, it might hide text that the right one
    shows.
    """
    if given is not None:
        return given
    if path == _STDIN:
        return _STDIN_TYPE
    known = MEDIA_TYPES.get(path.suffix.lower())
    if known is None:
        raise click.UsageError(f"{path}: the extension does not tell the media type; give it with --type")
    return known


def _print_body(result: Redaction) -> None:
    sys.stdout.buffer.write(result.body)
    if sys.stdout.isatty() and not result.body.endswith(b"\n"):
        sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()


def _print_findings(findings: Iterable[Placed], file: str | None) -> None:
    console = None
    if sys.stdout.isatty():
        from rich.console import Console

        console = Console(soft_wrap=True)
    for placed in findings:
        found = placed.finding
        line: dict[str, Any] = {} if file is None else {"file": file}
        line |= {
            "path": placed.path,
            "start": found.start,
            "end": found.end,
            "entity_type": found.entity_type,
            "score": round(found.score, 4),
            "recognizer": found.recognizer,
        }
        text = json.dumps(line)  # ASCII: a name may hold terminal control characters
        if console is None:
            click.echo(text)
        else:
            console.print(text, markup=False)


def _print_summary(placed: Iterable[Placed]) -> None:
    """Print for a person at a terminal, on standard error: what was found, by type and operator."""
    from rich.console import Console
    from rich.table import Table

    counts = Counter((one.finding.entity_type, one.operator) for one in placed)
    console = Console(stderr=True)
    if not counts:
        console.print("nothing found", style="dim")
        return
    table = Table("entity type", "operator", "count")
    for (entity_type, operator), count in counts.most_common():
        table.add_row(entity_type, operator, str(count))
    console.print(table)
