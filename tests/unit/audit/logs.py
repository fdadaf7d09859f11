"""Logs, records and seams for the tests of `shield.audit`."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shield.audit import exchange_records
from shield.audit.checkpoint import Signer, VerifierKey
from shield.audit.exchange_records import Basis, Facts
from shield.audit.files import FolderReader
from shield.audit.found import summarize
from shield.audit.keys import folder_name
from shield.audit.log import AuditLog
from shield.audit.record import Draft
from shield.audit.walk import read_entries
from shield.config.secret import Secret
from shield.config.settings_audit import AuditSettings
from shield.domain import Decision, Finding, Placed, SegmentKind, Verdict

ORIGIN = "shield.example/worker-0"
OLD, NEW = Secret(b"o" * 32), Secret(b"n" * 32)
"""Signing keys: one, and another that follows it."""
HMAC = "hmac-sha256:01234567:" + "c" * 64


def signer_of(secret: Secret) -> Signer:
    return Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(secret.value))


def placed(entity_type: str = "PERSON", path: str = "$.ticket.body", score: float = 0.85) -> Placed:
    finding = Finding(0, 4, entity_type, score, "SpacyRecognizer")
    return Placed(path, SegmentKind.TEXT, finding, "replace")


def basis(**changes: str) -> Basis:
    return replace(
        Basis(
            route="tickets",
            policy="default",
            policy_digest="sha256:" + "a" * 64,
            model_digest="sha256:" + "b" * 64,
            mode="enforce",
        ),
        **changes,
    )


def facts(number: int = 0, findings: Sequence[Placed] = (), **changes: object) -> Facts:
    usual = Facts(
        request_id=f"request-{number}",
        method="POST",
        build="0.1.0",
        media_type="application/json",
        found=summarize(findings),
        body_before_hmac=HMAC,
        size_before=900,
        segments=12,
        stage_seconds={"decode": 0.0001, "analyze": 0.002},
    )
    return usual._replace(**changes)  # type: ignore[arg-type]


def intent(number: int = 0, findings: Sequence[Placed] = (), **changes: object) -> Draft:
    """`changes` apply to the facts, the basis or the intent itself, by name."""
    of_facts = {it: changes.pop(it) for it in list(changes) if it in Facts._fields}
    of_basis = {it: str(changes.pop(it)) for it in list(changes) if it in Basis.__slots__}
    fields: dict[str, object] = {
        "upstream": "store",
        "body_after_sha256": "d" * 64,
        "size_after": 880,
        "decision": Decision(Verdict.FORWARD_REDACTED),
    }
    made = facts(number, **{"findings": findings, **of_facts})  # type: ignore[arg-type]
    return exchange_records.intent(made, basis(**of_basis), **{**fields, **changes})  # type: ignore[arg-type]


def outcome(index: int, number: int = 0) -> Draft:
    return exchange_records.outcome(
        request_id=f"request-{number}", intent=index, status=200, result="answered", upstream_seconds=0.002
    )


def settings(directory: Path, **changes: object) -> AuditSettings:
    fields: dict[str, object] = {"directory": directory, "origin": ORIGIN, "checkpoint_interval": 3600.0}
    return AuditSettings(**{**fields, **changes})  # type: ignore[arg-type]


def folder_of(directory: Path, origin: str = ORIGIN) -> Path:
    return directory / folder_name(origin)


def reader_of(directory: Path, origin: str = ORIGIN) -> FolderReader:
    return FolderReader(folder_of(directory, origin))


def key_of(directory: Path, origin: str = ORIGIN) -> VerifierKey:
    return VerifierKey.parse((folder_of(directory, origin) / "vkey").read_text())


class Clock:
    """A settable wall clock that advances by a millisecond at each reading."""

    def __init__(self, start: int = 1_900_000_000_000_000_000) -> None:
        self.now = start

    def __call__(self) -> int:
        self.now += 1_000_000
        return self.now


def seeded(seed: int = 0) -> random.Random:
    return random.Random(seed)


async def open_log(directory: Path, *, seed: int = 0, **options: object) -> AuditLog:
    changes = {name: options.pop(name) for name in AuditSettings.__slots__ if name in options}
    arguments: dict[str, object] = {"clock": Clock(), "random": seeded(seed).randbytes, "build": "0.1.0"}
    return await AuditLog.open(settings(directory, **changes), **{**arguments, **options})  # type: ignore[arg-type]


async def write_pairs(log: AuditLog, count: int, start: int = 0) -> None:
    for number in itertools.islice(itertools.count(start), count):
        index = log.append(intent(number, [placed()]))
        log.append(outcome(index, number))
    await log.checkpoint()


async def make_log(directory: Path, pairs: int = 300, **options: object) -> None:
    """A closed log of `2 * pairs` records plus those of its own life."""
    log = await open_log(directory, **options)
    await write_pairs(log, pairs)
    await log.close()


def records_of(directory: Path, origin: str = ORIGIN) -> list[dict[str, object]]:
    return [json.loads(entry) for _, entry in read_entries(reader_of(directory, origin))]


def kinds_of(directory: Path) -> list[object]:
    return [fields["kind"] for fields in records_of(directory)]
