"""`shield analyze --jsonl`: findings for lines of text, for measuring on one's own data."""

# ruff: noqa: PLC0415  imports wait until the command runs: --help must not load the detectors
from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import click

from shield.cli.group import ExitCode
from shield.cli.options import policy_of, policy_options, settings_of
from shield.domain import Finding
from shield.errors import ShieldError


class LineError(Exception):
    """A line that is not as the help says. Its message holds nothing of the line."""


@click.command(
    epilog="""\b
Input, one JSON object a line; blank lines are skipped:
  {"id": 1, "text": "Call Maria at 415-555-0132", "language": "en"}

\b
Output, one line for each, in the same order; offsets in Unicode code points, end exclusive:
  {"id": 1, "findings": [{"start": 5, "end": 10, "entity_type": "PERSON", "score": 0.85, "recognizer": "…"}]}

\b
Examples:
  shield analyze --jsonl texts.jsonl > findings.jsonl
  jq -c '{id, text: .body}' tickets.jsonl | shield analyze --jsonl

\b
Exit codes: 0 all lines analyzed, 2 wrong arguments or configuration, 3 some lines could not be
analyzed: standard error gives their numbers, and the output leaves them out.
"""
)
@click.option(
    "--jsonl", is_flag=True, required=True, help="Read and write JSON Lines, so far the only format."
)
@click.argument(
    "file",
    metavar="[FILE]",
    required=False,
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
)
@policy_options
def analyze(jsonl: bool, file: Path | None, config: Path | None, policy_name: str | None) -> None:
    """Find personal data in lines of text, from FILE or standard input.

    Prints what the policy would act on, after its thresholds, allow and deny lists, and with
    overlapping findings united, as the proxy does. Nothing is redacted, and no text is printed.
    """
    del jsonl
    settings = settings_of(config)
    policy = policy_of(settings, policy_name)

    from shield.app.heart import build_redaction

    redaction = build_redaction(settings)
    failed = 0
    with _opened(file) as stream, _progress(stream) as lines:
        for number, line in lines:
            try:
                identity, text, language = parse_line(line, policy.detector.languages)
                found = redaction.analyze_text(text, language, policy)
            except LineError as error:
                failed += 1
                click.echo(f"shield analyze: line {number}: {error}", err=True)
            except ShieldError as error:
                failed += 1
                click.echo(f"shield analyze: line {number}: {error.code}: {error}", err=True)
            else:
                click.echo(json.dumps({"id": identity, "findings": [_as_json(one) for one in found]}))
    if failed:
        click.echo(f"shield analyze: lines that could not be analyzed: {failed}", err=True)
        sys.exit(ExitCode.INPUT)


def parse_line(line: bytes, languages: tuple[str, ...]) -> tuple[Any, str, str]:
    """The identity, the text and the language of one line; the first of `languages` by default.

    Raises LineError, which says what is wrong without quoting the line.
    """
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        raise LineError("not valid JSON") from None
    if not isinstance(record, dict) or "id" not in record or not isinstance(record.get("text"), str):
        raise LineError('not an object with "id" and a string "text"')
    language = record.get("language", languages[0])
    if language not in languages:
        raise LineError(f'"language" is not one of the policy\'s: {", ".join(languages)}')
    return record["id"], record["text"], language


def _as_json(found: Finding) -> dict[str, Any]:
    return {
        "start": found.start,
        "end": found.end,
        "entity_type": found.entity_type,
        "score": round(found.score, 4),
        "recognizer": found.recognizer,
    }


@contextlib.contextmanager
def _opened(file: Path | None) -> Iterator[BinaryIO]:
    if file is None or file == Path("-"):
        yield sys.stdin.buffer
    else:
        with file.open("rb") as stream:
            yield stream


@contextlib.contextmanager
def _progress(stream: BinaryIO) -> Iterator[Iterator[tuple[int, bytes]]]:
    """The numbered lines that are not blank, and on a terminal a bar over the bytes read."""
    numbered = ((number, line) for number, line in enumerate(stream, 1) if line.strip())
    if not sys.stderr.isatty():
        yield numbered
        return
    from rich.console import Console
    from rich.progress import Progress

    with contextlib.suppress(OSError):
        total = os.fstat(stream.fileno()).st_size or None  # a pipe has no size: the bar then only moves
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("analyzing", total=total)

        def advancing() -> Iterator[tuple[int, bytes]]:
            for number, line in numbered:
                yield number, line
                progress.advance(task, len(line))

        yield advancing()
