"""The register: what people did about exceptions, as records of a signed log of its own.

For the log of origin O it is the audit log of origin `O/register`, in the same format and folder, with its
own key. The first acknowledgement creates it. Each is bound to the leaf hash of the record that it is about;
the newest one of an exception gives its state.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shield.audit import about
from shield.audit.checkpoint import SignedCheckpoint, VerifierKey
from shield.audit.record import Kind
from shield.audit.tree import leaf_hash
from shield.audit.verify import verify_log
from shield.config.secret import Secret
from shield.config.settings_audit import AuditSettings
from shield.errors import EvidenceError
from shield.evidence.access import WAIT_SECONDS, open_in_turn
from shield.evidence.coverage import Gap
from shield.evidence.exceptions import Exceptional
from shield.evidence.reading import REGISTER_SUFFIX, Source, entries
from shield.evidence.visible import visible

OPEN = "open"
ACKNOWLEDGED = "acknowledged"
RESOLVED = "resolved"
STATES = (OPEN, ACKNOWLEDGED, RESOLVED)
RESCAN_OWNER = "re-scan"
INSTANCE_OWNER = "instance"
MAX_OWNER = 100
MAX_TICKET = 100
MAX_NOTE = 280
_PRINTABLE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]*")


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of an exception. `record` is the register's record that gives it, None while open."""

    state: str = OPEN
    owner: str = ""
    ticket: str = ""
    note: str = ""
    time: str = ""
    record: int | None = None


NOT_TAKEN_UP = Standing()


def cleared_by(origin: str, record: int, time: str) -> Standing:
    """Resolved by a re-scan that found nothing more, which record `record` of the log itself states."""
    return Standing(RESOLVED, RESCAN_OWNER, f"{origin}#{record}", "re-scan clean", time)


def bridged_by(gap: Gap) -> Standing:
    """Resolved by other logs of the instance, which have evidence of the whole gap."""
    return Standing(
        RESOLVED, INSTANCE_OWNER, ", ".join(gap.through), "other workers had the traffic", gap.end
    )


class Register:
    """The content of a register, by exception; the newest acknowledgement of each."""

    def __init__(self, standings: Mapping[str, tuple[str, Standing]]) -> None:
        """`standings` maps an exception's id to the leaf hash (hex) it was made for, and its state."""
        self._standings = standings

    @property
    def ids(self) -> Collection[str]:
        """The exceptions that were ever acknowledged."""
        return self._standings.keys()

    def standing(self, exception: Exceptional) -> Standing:
        """The state of an exception. Raises `EvidenceError` if the acknowledgement was of another record."""
        cleared, bridged = exception.cleared, exception.bridged
        by_itself = None
        if cleared is not None:
            by_itself = cleared_by(exception.origin, cleared.record, cleared.time)
        elif bridged is not None:
            by_itself = bridged_by(bridged)
        return self.standing_of(exception.id, leaf_hash(exception.raw), by_itself)

    def standing_of(self, exception: str, leaf: bytes, otherwise: Standing | None = None) -> Standing:
        """As `standing`, by the exception's id and the leaf hash of its record.

        `otherwise` is its state if nobody acknowledged it.
        """
        found = self._standings.get(exception)
        if found is None:
            return otherwise or NOT_TAKEN_UP
        if found[0] != leaf.hex():
            raise EvidenceError(
                f"the register holds an acknowledgement of {exception}, but of another record"
            )
        return found[1]


def read_register(
    register: Source | None, key: VerifierKey | None = None, since: SignedCheckpoint | None = None
) -> Register:
    """Reads a register. `key` and `since` were kept elsewhere. Memory: one entry per exception acknowledged.

    Raises `EvidenceError` where the register does not verify: a state that anybody could have written does
    not count. Without `key` it is verified with its own `vkey` file, which anybody who replaces it has made.
    """
    report = verify_log(register.reader, key=key, since=since) if register is not None else None
    if report is not None and not report.ok:
        raise EvidenceError(f"the register {report.origin} does not verify: {report.problems[0]}")
    standings: dict[str, tuple[str, Standing]] = {}
    for entry in entries(register.reader) if register is not None else ():
        if entry.kind == Kind.ACKNOWLEDGE:
            fields = entry.fields
            standings[fields["exception"]] = (
                fields["record_sha256"],
                Standing(
                    fields["state"],
                    fields["owner"],
                    fields["ticket"],
                    fields["note"],
                    entry.time,
                    entry.index,
                ),
            )
    return Register(standings)


def check_words(owner: str, ticket: str, note: str, inspect: Callable[[str], Sequence[str]]) -> None:
    """Raises `EvidenceError` for words that a register must not hold; it says why, and quotes nothing.

    Each is one line of limited length. `inspect` gives the types of personal data in a text: ticket and note
    may hold none, since a payload's content must not come back through them. The owner may be an e-mail
    address, or a name.
    """
    words = (("owner", owner, MAX_OWNER), ("ticket", ticket, MAX_TICKET), ("note", note, MAX_NOTE))
    for name, text, most in words:
        if len(text) > most or not _PRINTABLE.fullmatch(text):
            raise EvidenceError(f"the {name} must be one line of at most {most} characters")
        if visible(text) != text:
            raise EvidenceError(f"the {name} contains characters that nobody sees; write it without them")
    if not owner.strip() or not ticket.strip():
        raise EvidenceError("an acknowledgement needs an owner and a ticket")
    for name, text, _ in words[1:]:
        if text and (types := inspect(text)):
            raise EvidenceError(f"the {name} contains {', '.join(types)}; write it without personal data")


async def acknowledge(
    directory: Path,
    origin: str,
    exceptions: Sequence[Exceptional],
    *,
    owner: str,
    ticket: str,
    note: str,
    resolve: bool,
    inspect: Callable[[str], Sequence[str]],
    signing_key: Secret | None = None,
    clock: Callable[[], int] = time.time_ns,
) -> list[int]:
    """Writes one record an exception of the log `origin`; returns their indices once all are signed.

    `directory` holds the logs; `inspect` is as for `check_words`. Raises `EvidenceError` (words),
    `AuditUnavailableError` (others keep the register in use, or the disk), `AuditCorruptError`,
    `ConfigError` (the key).
    """
    check_words(owner, ticket, note, inspect)
    settings = AuditSettings(directory, origin + REGISTER_SUFFIX, signing_key=signing_key)
    log = await open_in_turn(settings, WAIT_SECONDS, clock)
    try:
        return [
            await log.commit(
                about.acknowledge(
                    exception=exception.id,
                    record_sha256=leaf_hash(exception.raw).hex(),
                    kinds=exception.kinds,
                    state=RESOLVED if resolve else ACKNOWLEDGED,
                    owner=owner,
                    ticket=ticket,
                    note=note,
                )
            )
            for exception in exceptions
        ]
    finally:
        await log.close("acknowledged")
