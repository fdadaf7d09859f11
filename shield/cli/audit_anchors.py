"""`shield audit verify`, the part that looks beyond one log: anchors, and what the logs say of each other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from shield.audit.anchor_store import rosters
from shield.audit.anchored import Seen, compare, seen_in, seen_in_record
from shield.audit.checkpoint import CheckpointError
from shield.audit.files import FolderReader
from shield.audit.roster import Roster, read_head
from shield.audit.timestamping import TimestampError, check_timestamp, parse_roots
from shield.audit.verification import Report
from shield.cli.logs import FILE, FOLDER
from shield.config.settings_audit import Anchor, AnchorForm

F = TypeVar("F", bound=Callable[..., Any])

_SAID = {
    "ahead": "has fewer records than the witness saw: it was cut back",
    "inconsistent": "does not extend what the witness saw: it was written anew",
}


@dataclass(frozen=True, slots=True)
class Anchors:
    """What `verify` was given to hold the logs to."""

    folders: tuple[Path, ...]
    roots: Path | None
    witness: str | None
    witness_key: str | None

    def __bool__(self) -> bool:
        return bool(self.folders or self.witness)


def anchor_options(command: F) -> F:
    """`--anchor`, `--roots`, `--witness`, `--witness-key`."""
    for option in (
        click.option(
            "--witness-key", metavar="VKEY", help="The witness's verifier key; needed with --witness."
        ),
        click.option(
            "--witness",
            metavar="URL",
            help="Ask this C2SP witness: it must have seen no other log, and cosign the newest heads. Sends "
            "it the heads.",
        ),
        click.option(
            "--roots",
            type=FILE,
            help="Root certificates, PEM: every roster under --anchor must have a time stamp under them.",
        ),
        click.option(
            "--anchor",
            "anchored",
            multiple=True,
            type=FOLDER,
            help="A folder of rosters that an anchor kept: every log in them must be there and extend them.",
        ),
    ):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class AnchorReport:
    """What came out, in words."""

    problems: tuple[str, ...]
    notes: tuple[str, ...]


def check_anchors(
    readers: Mapping[str, FolderReader], reports: Mapping[str, Report], anchors: Anchors, *, whole: bool
) -> AnchorReport:
    """`whole`: the folder is that of all logs, so one that a roster record names must be in it."""
    problems: list[str] = []
    notes: list[str] = []
    kept = list(_kept(anchors, problems, notes))
    if whole:
        kept += [
            seen
            for origin, report in reports.items()
            if report.roster is not None
            for seen in seen_in_record(report.roster[1], f"record {report.roster[0]} of {origin}")
        ]
    # A log in use has grown since it was verified, and another log's roster may say so.
    now = {origin: read_head(reader) for origin, reader in readers.items()}
    sizes = {
        origin: max(report.signed_size, head.signed.checkpoint.size if head is not None else 0)
        for origin, report in reports.items()
        for head in (now[origin],)
    }
    result = compare(readers, sizes, kept)
    problems += result.problems
    if anchors.folders:
        notes.append(f"{result.compared} heads of anchors and rosters were compared")
    if result.pruned:
        notes.append(f"{result.pruned} of them are older than what was pruned")
    if anchors.witness is not None:
        if anchors.witness_key is None:
            raise click.UsageError("--witness needs --witness-key")
        asked = asyncio.run(_ask(anchors.witness, anchors.witness_key, readers))
        problems += asked.problems
        notes += asked.notes
    return AnchorReport(tuple(problems), tuple(notes))


def _kept(anchors: Anchors, problems: list[str], notes: list[str]) -> Iterator[Seen]:
    """The heads of all rosters, each held to its time stamp where roots are given."""
    try:
        roots = None if anchors.roots is None else parse_roots(anchors.roots.read_bytes())
    except TimestampError as error:
        raise click.UsageError(f"--roots: {error}") from None
    for folder in anchors.folders:
        count, newest = 0, ""
        for path in rosters(folder):
            name = f"{path.parent.name}/{path.name}"
            document = path.read_bytes()
            try:
                roster = Roster.parse(document)
                if roots is not None:
                    reply = path.with_suffix(".tsr").read_bytes()
                    newest = check_timestamp(reply, document, roots).isoformat()
            except (CheckpointError, TimestampError) as error:
                problems.append(f"{name}: {error}")
                continue
            except FileNotFoundError:
                problems.append(f"{name}: it has no time stamp")
                continue
            count += 1
            newest = roster.time if roots is None else newest
            yield from seen_in(roster, f"the anchor ({name})")
        notes.append(f"{folder}: {count} rosters, the newest of {newest or 'no time'}")
        if not count:
            problems.append(f"{folder}: there is no roster in it")


async def _ask(url: str, key: str, readers: Mapping[str, FolderReader]) -> AnchorReport:
    import aiohttp  # noqa: PLC0415 -- only who asks a witness waits for it

    from shield.evidence.anchor_calls import AnchorError, WitnessAnchor  # noqa: PLC0415  as above

    problems: list[str] = []
    notes: list[str] = []
    async with aiohttp.ClientSession() as session:
        try:
            anchor = Anchor("witness", AnchorForm.WITNESS, url.rstrip("/"), key=key)
            witness = WitnessAnchor(anchor, session)
        except CheckpointError as error:
            raise click.UsageError(f"--witness-key: {error}") from None
        for origin, reader in readers.items():
            head = read_head(reader)
            if head is None:
                problems.append(f"{origin} has no head that could be shown to the witness")
                continue
            try:
                await witness.cosign(head, reader)
                notes.append(f"{origin}: cosigned by the witness, {head.signed.checkpoint.size} records")
            except AnchorError as error:
                if str(error) == "unknown_log":
                    notes.append(f"{origin}: the witness does not know this log")
                else:
                    said = _SAID.get(str(error), f"could not be shown to the witness: {error}")
                    problems.append(f"{origin} {said}")
    return AnchorReport(tuple(problems), tuple(notes))
