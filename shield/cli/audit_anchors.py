"""The part of `shield audit verify` that looks beyond one log: anchors, and what logs say of each other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from shield.audit.checkpoint import CheckpointError
from shield.audit.files import FolderReader
from shield.audit.roster import read_head
from shield.audit.verification import Report
from shield.cli.evidence_anchors import FOLDER_OPTIONS, anchor_folders
from shield.cli.gathered import as_one
from shield.config.settings_audit import Anchor, AnchorForm
from shield.evidence.anchored import AnchorFolders, hold
from shield.evidence.reading import Period, Source

F = TypeVar("F", bound=Callable[..., Any])

_SAID = {
    "ahead": "has fewer records than the witness saw: it was cut back",
    "inconsistent": "does not extend what the witness saw: it was rewritten",
}


@dataclass(frozen=True, slots=True)
class Anchors:
    """What `verify` was given to compare the logs with."""

    folders: AnchorFolders
    witness: str | None
    witness_key: str | None

    def __bool__(self) -> bool:
        return bool(self.folders.folders or self.witness)


def anchor_options(command: F) -> F:
    """`--anchor`, `--roots`, `--witness`, `--witness-key`, as `anchors`."""
    return as_one(
        "anchors",
        _anchors,
        *FOLDER_OPTIONS,
        click.option(
            "--witness",
            metavar="URL",
            help="Ask this C2SP witness: it must have seen no other log, and cosign the newest heads. Sends "
            "it the heads.",
        ),
        click.option(
            "--witness-key", metavar="VKEY", help="The witness's verifier key; needed with --witness."
        ),
    )(command)


def _anchors(
    anchored: tuple[Path, ...], roots: Path | None, witness: str | None, witness_key: str | None
) -> Anchors:
    return Anchors(anchor_folders(anchored, roots), witness, witness_key)


@dataclass(frozen=True, slots=True)
class AnchorReport:
    """The result, in words."""

    problems: tuple[str, ...]
    notes: tuple[str, ...]


def check_anchors(
    readers: Mapping[str, FolderReader], reports: Mapping[str, Report], anchors: Anchors, *, whole: bool
) -> AnchorReport:
    """Check the logs. `whole`: the folder holds all logs, so each one that a roster names must be in it."""
    sources = [Source(origin, reader) for origin, reader in readers.items()]
    held = hold(sources, reports, anchors.folders, Period(), whole=whole)
    problems, notes = list(held.problems), list(held.notes)
    if anchors.witness is not None:
        if anchors.witness_key is None:
            raise click.UsageError("--witness needs --witness-key")
        asked = asyncio.run(_ask(anchors.witness, anchors.witness_key, readers))
        problems += asked.problems
        notes += asked.notes
    return AnchorReport(tuple(problems), tuple(notes))


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
