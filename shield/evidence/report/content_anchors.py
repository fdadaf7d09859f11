"""The part of a report on what anchors kept of the logs. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from shield.evidence.report.blocks import Block, Column, Heading, Table, Text
from shield.evidence.report.facts import Facts
from shield.evidence.report.words import count, moment, seconds


def anchors(facts: Facts) -> Iterator[Block]:
    """Whether the logs extend what was kept elsewhere; without a folder, that none was given."""
    found = facts.anchored
    yield Heading("Held to the anchors", "", 2)
    if not found.folders:
        yield Text(
            "No anchor was given. So what is here does not show whether who holds the signing key wrote a "
            "log anew or cut it back, nor whether all logs are there: give the folder of rosters that an "
            "anchor kept (`--anchor`), or heads that you kept (`--since`).",
            "quiet" if not found.problems else "warn",
        )
    else:
        yield Text(
            f"{count(found.compared)} heads were compared with the logs. Each log must be there, have as "
            "many records as a roster says, and at that size the same root. What was signed in the longest "
            "time without a roster could be changed until the next one came; of records beyond the newest "
            "one nothing was kept yet. `shield audit verify DIR --anchor FOLDER` does it again. "
            f"{found.whose_times.capitalize()}."
        )
        yield Table(
            (
                Column("Anchor", 2.4), Column("Rosters", 0.8, "number"), Column("First", 1.6),
                Column("Last", 1.6),
                Column("In the period", 0.9, "number"), Column("Longest without", 1.1, "number"),
            ),
            [
                (f"`{it.folder}`", count(it.rosters), moment(it.first) if it.first else "",
                 moment(it.last) if it.last else "", count(it.in_period), seconds(it.longest_seconds))
                for it in found.folders
            ],
        )  # fmt: skip
        yield Table(
            (
                Column("Log", 2.6), Column("Records seen", 1, "number"), Column("Since", 1.6),
                Column("Signed now", 1, "number"),
            ),
            [
                (f"`{it.origin}`", count(it.anchored_size), moment(it.anchored) if it.anchored else "never",
                 count(it.signed_size))
                for it in found.logs
            ],
        )  # fmt: skip
    if found.pruned:
        yield Text(f"{count(found.pruned)} of the heads are older than what was pruned.", "quiet")
    for problem in found.problems[:_LISTED]:
        yield Text(problem, "warn")


_LISTED = 12
