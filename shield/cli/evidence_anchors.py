"""Options and tables for the folders of rosters that `verify`, `reconcile` and `report` compare with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console

from shield.audit.timestamping import TimestampError, parse_roots
from shield.cli.evidence_options import print_table
from shield.cli.gathered import as_one
from shield.cli.logs import FILE, FOLDER, readable
from shield.cli.terminal import say
from shield.evidence.anchored import Anchored, AnchorFolders

F = TypeVar("F", bound=Callable[..., Any])

FOLDER_OPTIONS = (
    click.option(
        "--anchor",
        "anchored",
        multiple=True,
        type=FOLDER,
        help="A folder of rosters that an anchor kept: every log in them must be there and extend them.",
    ),
    click.option(
        "--roots",
        type=FILE,
        help="Root certificates, PEM: every roster under --anchor must have a time stamp under them.",
    ),
)


def anchor_folders(anchored: tuple[Path, ...], roots: Path | None) -> AnchorFolders:
    """The values of these options."""
    if roots is None:
        return AnchorFolders(anchored)
    with readable():
        pem = roots.read_bytes()
    try:
        return AnchorFolders(anchored, parse_roots(pem))
    except TimestampError as error:
        raise click.UsageError(f"--roots: {error}") from None


def folder_options(command: F) -> F:
    """`--anchor` and `--roots`, as `anchors`: `AnchorFolders`."""
    return as_one("anchors", anchor_folders, *FOLDER_OPTIONS)(command)


def print_anchored(console: Console, anchored: Anchored) -> None:
    """Print a table of the given folders, and one of the logs in them."""
    if not anchored.folders:
        return
    folders = [
        (it.folder, f"{it.rosters:,}", it.first, it.last, f"{it.in_period:,}", f"{it.longest_seconds:,.3f}")
        for it in anchored.folders
    ]
    columns = ("anchor", "rosters", "first", "last", "in the period", "longest without (s)")
    print_table(console, "anchors", columns, folders)
    logs = [(it.origin, f"{it.anchored_size:,}", it.anchored, f"{it.signed_size:,}") for it in anchored.logs]
    print_table(console, "what they saw", ("log", "records", "since", "signed now"), logs)
    for note in anchored.notes:
        say(f"anchors: {note}")
