"""`shield evidence exceptions` and `acknowledge`: the register of exceptions."""

# ruff: noqa: PLC0415  imports wait until the command runs: reading must not load the detectors
from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click
from rich.console import Console

from shield.audit.checkpoint import VerifierKey
from shield.cli.access import access_options, note_access
from shield.cli.evidence_options import all_logs, period_options, print_table, request_logs
from shield.cli.logs import EXIT_FAILED, FILE, FOLDER, KeptFiles, UnreadableError, directory_of, readable
from shield.cli.options import policy_of, settings_of
from shield.cli.reading import Listing
from shield.cli.terminal import as_json as as_line
from shield.cli.terminal import say
from shield.config.secret import Secret
from shield.evidence.coverage import GapFinder
from shield.evidence.exceptions import (
    Exceptional,
    ExceptionKind,
    Ongoing,
    find_exceptions,
    of_period,
    ongoing_gap,
)
from shield.evidence.instance import Instances
from shield.evidence.reading import REGISTER_SUFFIX, Period, Source, entries
from shield.evidence.register import (
    ACKNOWLEDGED,
    NOT_TAKEN_UP,
    OPEN,
    RESOLVED,
    STATES,
    Register,
    Standing,
    check_words,
    read_register,
)
from shield.evidence.register import acknowledge as write
from shield.evidence.rescans import Rescans

_COLUMNS = ("id", "time", "kinds", "state", "owner", "ticket", "route", "detail")


def _register_of(folder: Path, origin: str, keys: Mapping[str, VerifierKey]) -> Register:
    """The register beside a log; an empty one where there is none and no key of it was kept.

    `keys` are of registers, by their origins. Raises `UnreadableError` where one was kept and it is gone.
    """
    directory, name = directory_of(folder), origin + REGISTER_SUFFIX
    found = [source for source in all_logs(directory) if source.origin == name]
    if not found and name in keys:
        raise UnreadableError(f"{directory}: the register {name} is missing")
    return read_register(found[0] if found else None, keys.get(name))


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@period_options
@click.option("--state", type=click.Choice(STATES), help="Only exceptions in this state.")
@click.option(
    "--kind",
    "kinds",
    type=click.Choice([kind.value for kind in ExceptionKind]),
    multiple=True,
    help="Only exceptions of this kind; may be repeated.",
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="VKEY",
    help="The public key of a register (ORIGIN/register) that you kept, or a file with it; may be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines.")
@access_options
def exceptions(
    folder: Path,
    *,
    keys: Sequence[str],
    period: Period,
    state: str | None,
    kinds: Sequence[str],
    as_json: bool,
) -> None:
    """List every record that an auditor will ask about, and who is dealing with it.

    Bypasses, observed and blocked requests, time limits, what could not be inspected, unknown outcomes,
    torn writes, configuration changes, clock jumps, gaps. The register beside the log says the state.
    A gap is listed if it overlaps the period, also where the record that ended it came after --to. One
    that still lasts at --to (or now, if that is in the future) is listed as open; it gets an id once a record
    has ended it. Exit code 1 if not all records can be read; those that cannot are listed.

    \b
    Examples:
      shield evidence exceptions state/audit --from 2031-05-01 --state open
      shield evidence exceptions state/audit --kind bypass --json
    """  # noqa: D301  click reads the backspace, not a backslash
    rows = []
    listing = Listing(period)
    with readable():
        sources = request_logs(folder)
        registers = [source.origin + REGISTER_SUFFIX for source in sources]
        known = KeptFiles(keys).of(folder, registers).keys
        note_access(folder, "evidence.exceptions", period, state=state, kind=kinds)
        instances = Instances.of(sources)
        for source in sources:
            register, gaps = _register_of(folder, source.origin, known), GapFinder()
            for exception, standing in _listed(
                listing,
                source,
                gaps,
                period,
                register=register,
                instances=instances,
                state=state,
                kinds=frozenset(kinds),
            ):
                if as_json:
                    sys.stdout.write(as_line(_fields(exception, standing)) + "\n")
                else:
                    rows.append(_row(exception, standing))
            ongoing = ongoing_gap(source.origin, gaps, period, time.time_ns() // 1000, instances)
            wanted = state in {None, OPEN} and (not kinds or ExceptionKind.GAP.value in kinds)
            if ongoing is None or not wanted:
                continue
            if as_json:
                sys.stdout.write(as_line(_ongoing_fields(ongoing)) + "\n")
            else:
                rows.append(_ongoing_row(ongoing))
    if not as_json:
        print_table(Console(highlight=False), f"{len(rows)} exceptions", _COLUMNS, rows)
    if not listing.tell():
        sys.exit(EXIT_FAILED)


def _listed(
    listing: Listing,
    source: Source,
    gaps: GapFinder,
    period: Period,
    *,
    register: Register,
    instances: Instances,
    state: str | None,
    kinds: frozenset[str],
) -> Iterator[tuple[Exceptional, Standing]]:
    rescans = Rescans(lambda: entries(source.reader))
    for found in find_exceptions(source.origin, listing.records(source), gaps, rescans, instances):
        exception = of_period(found, period)
        if exception is None or (kinds and kinds.isdisjoint(exception.kinds)):
            continue
        standing = register.standing(exception)
        if state is None or standing.state == state:
            yield exception, standing


def _ongoing_fields(ongoing: Ongoing) -> dict[str, object]:
    return {
        "id": None,
        "time": ongoing.start,
        "kinds": [ExceptionKind.GAP.value],
        "route": None,
        "request_id": None,
        "detail": ongoing.detail,
        "ongoing": True,
        **_standing_fields(NOT_TAKEN_UP),
    }


def _ongoing_row(ongoing: Ongoing) -> tuple[str, ...]:
    return ("(ongoing)", ongoing.start, ExceptionKind.GAP.value, OPEN, "", "", "", ongoing.detail)


def _fields(exception: Exceptional, standing: Standing) -> dict[str, object]:
    return {
        "id": exception.id,
        "time": exception.time,
        "kinds": list(exception.kinds),
        "route": exception.route,
        "request_id": exception.request_id,
        "detail": exception.detail,
        "ongoing": False,
        **_standing_fields(standing),
    }


def _standing_fields(standing: Standing) -> dict[str, object]:
    return {
        "state": standing.state,
        "owner": standing.owner,
        "ticket": standing.ticket,
        "note": standing.note,
        "state_since": standing.time or None,
        "register_record": standing.record,
    }


def _row(exception: Exceptional, standing: Standing) -> tuple[str, ...]:
    return (
        exception.id,
        exception.time,
        " ".join(exception.kinds),
        standing.state,
        standing.owner,
        standing.ticket,
        exception.route or "",
        exception.detail,
    )


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.argument("ids", metavar="ORIGIN#INDEX...", nargs=-1, required=True)
@click.option("--owner", required=True, help="Who deals with it: a team or a person.")
@click.option("--ticket", required=True, help="The ticket in which it is dealt with, such as SEC-1234.")
@click.option("--note", default="", help="One line, without personal data.")
@click.option("--resolve", is_flag=True, help="Mark it as resolved. Without this: as acknowledged.")
@click.option(
    "--signing-key",
    metavar="FILE",
    type=FILE,
    help="Ed25519 key of the register. Without it, one is created in `keys` beside the logs.",
)
@access_options
def acknowledge(
    folder: Path,
    *,
    ids: Sequence[str],
    owner: str,
    ticket: str,
    note: str,
    resolve: bool,
    signing_key: Path | None,
) -> None:
    """Acknowledge or resolve exceptions: each gets a record in the register, an audit log of its own.

    Nothing is ever removed: a later acknowledgement gives a newer state. Writes to
    DIR/ORIGIN+register only; the log itself is not touched. A ticket or note in which the built-in
    policy's patterns find personal data is refused.

    \b
    Example:
      shield evidence acknowledge state/audit shield.example/worker-0#1234 \\
        --owner security@example.com --ticket SEC-1234 --resolve
    """  # noqa: D301  click reads the backspace, not a backslash
    from shield.analyzer.expressions.compiled_store import CompiledStore
    from shield.evidence.words import words_inspector

    inspect = words_inspector(policy_of(settings_of(None), None), CompiledStore.of_environment(os.environ))
    with readable():
        wanted = _by_origin(ids)
        sources = {source.origin: source for source in request_logs(folder)}
        missing = sorted(wanted.keys() - sources.keys())
        if missing:
            raise UnreadableError(f"{folder}: there is no log of the origin {missing[0]}")
        chosen = {origin: _chosen(sources[origin], wanted[origin]) for origin in wanted}
        secret = Secret(signing_key.read_bytes()) if signing_key is not None else None
        check_words(owner, ticket, note, inspect)
        note_access(
            folder, "evidence.acknowledge", exception=ids, state=RESOLVED if resolve else ACKNOWLEDGED
        )
    for origin, found in chosen.items():
        indices = asyncio.run(
            write(
                directory_of(folder),
                origin,
                found,
                owner=owner,
                ticket=ticket,
                note=note,
                resolve=resolve,
                inspect=inspect,
                signing_key=secret,
            )
        )
        for exception, index in zip(found, indices, strict=True):
            state = "resolved" if resolve else "acknowledged"
            say(f"{exception.id} {state}: {origin}{REGISTER_SUFFIX}#{index}")


def _by_origin(ids: Sequence[str]) -> dict[str, set[int]]:
    wanted: dict[str, set[int]] = {}
    for text in ids:
        origin, _, index = text.rpartition("#")
        if not origin or not index.isdecimal():
            raise click.UsageError(f"{text!r} is not of the form ORIGIN#INDEX")
        wanted.setdefault(origin, set()).add(int(index))
    return wanted


def _chosen(source: Source, indices: set[int]) -> list[Exceptional]:
    """The exceptions at these indices; raises `UnreadableError` where an index has none."""
    found = {
        exception.index: exception
        for exception in find_exceptions(source.origin, entries(source.reader))
        if exception.index in indices
    }
    for index in sorted(indices - found.keys()):
        raise UnreadableError(f"{source.origin}#{index} is not an exception of this log")
    return [found[index] for index in sorted(found)]
