"""Sections for the checking reader: the sample, who read the evidence, its limits, how to verify."""

from __future__ import annotations

from collections.abc import Iterator

from shield.evidence.report.blocks import Block, Column, Heading, Items, Table, Text
from shield.evidence.report.criteria import CriteriaMap
from shield.evidence.report.facts import Facts
from shield.evidence.report.words import count


def sample(facts: Facts) -> Iterator[Block]:
    """The sample, how it was chosen, and where the proof of each lies."""
    yield Heading("The sample", "sample")
    if facts.seed_given:
        yield Text(f"Chosen by the seed `{facts.seed}` from {count(facts.population)} requests.")
    else:
        yield Text(
            f"Chosen by the seed `{facts.seed}` from {count(facts.population)} requests. **The seed was "
            "taken from the heads of the "
            "logs, because none was given.** Choose your own after the period, and make the report again "
            "with --seed.",
            "warn",
        )
    if facts.beyond_head:
        yield Text(
            f"{count(facts.beyond_head)} requests are not yet under a signed head, so not in the population."
        )
    yield Table(
        (Column("Stratum", 3), Column("Population", 1, "number"), Column("Chosen", 1, "number")),
        [(f"`{name}`", count(of), count(size)) for name, (of, size) in sorted(facts.strata.items())],
    )
    yield Table(
        (Column("Request", 2), Column("Stratum", 1.6), Column("Record; its proof lies beside it", 3)),
        [(f"`{item.id}`", f"`{item.stratum}`", f"`{item.file}`") for item in facts.sample],
        "sample.json has for each the record, its outcome, policy and model in force, and how to check them.",
    )


def access(facts: Facts) -> Iterator[Block]:
    """Who read the evidence; nothing where no access was recorded."""
    if not facts.accesses:
        return
    yield Heading("Who accessed the evidence", "access")
    rows = [(f"`{action}`", count(number)) for action, number in sorted(facts.accesses.items())]
    yield Table(
        (Column("Action", 3), Column("Records", 1, "number")), rows, "Each with its user in access.csv."
    )


def claims(criteria_map: CriteriaMap) -> Iterator[Block]:
    """What the evidence does not show."""
    yield Heading("What this does not show", "limits")
    yield Items(list(criteria_map.limits))


def verify() -> Iterator[Block]:
    """How to check the pack without the shield."""
    yield Heading("How to check all of this", "verify")
    yield Text(
        "With a POSIX shell, `sha256sum`, `base64` and `openssl`, on the folder that this page came in, and "
        "with keys that came to you from elsewhere:"
    )
    yield Text("`sh verify.sh SEED VKEY...`")
    yield Items(
        [
            "the signature of `MANIFEST`, and that every file is as it says: an edited table is found here",
            "that the tables add up to `counts.csv`, counted again",
            "that the seed chooses these requests and no others",
            "that each record of the sample is under the signed head of its log (RFC 6962, Ed25519)",
            "that each document has the digest that the records name",
        ]
    )
    yield Text("`VERIFY.md` says what each step shows, and what none of them can show.")
