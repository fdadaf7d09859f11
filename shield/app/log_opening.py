"""Opens the audit log and connects its callbacks; a worker waits while another process holds it."""

from __future__ import annotations

import asyncio

from shield.app.hosting import Hosting, Seams
from shield.app.parts import Parts
from shield.audit.log import AuditLog
from shield.errors import AuditUnavailableError

LOCK_RETRY = 0.1
"""Seconds between two tries to open a log that another process still holds."""
LOCK_MARGIN = 10.0
"""Seconds beyond the drain time for that process to sign its log and end."""
IN_USE = (
    "another process writes this log: most likely one that ends, as its supervisor does not serve; this one "
    "goes on then. If it is another instance, stop one of the two, or give one another audit.origin"
)
_NANOSECONDS = 1e9


async def open_log(parts: Parts, seams: Seams, *, build: str, hosting: Hosting | None = None) -> AuditLog:
    """Open the log; a worker waits for one that still finishes its work under the same origin.

    Raises AuditUnavailableError.
    """
    settings, metrics, logger = parts.settings, parts.metrics, parts.logger

    def checkpointed(size: int) -> None:
        metrics.audit.checkpointed(seams.wall_clock() / _NANOSECONDS, size)

    loop = asyncio.get_running_loop()
    most = settings.server.drain_timeout + LOCK_MARGIN if hosting is not None else 0.0
    patience, said = loop.time() + most, False
    while True:
        try:
            log = await AuditLog.open(
                settings.audit,
                clock=seams.wall_clock,
                random=seams.random,
                on_commit=metrics.audit.committed,
                on_checkpoint=checkpointed,
                on_unsigned=lambda reason: logger.error("audit_head_not_signed", reason=reason),
                build=build,
                files=seams.audit_files,
                there=hosting is not None and hosting.had_log,
            )
            metrics.audit.begun_anew(anew=log.begun_anew)
            if log.begun_anew:
                logger.error("audit_log_begun_anew", origin=log.origin, directory=str(log.folder))
            metrics.audit.digest_key_lost(lost=log.lost_digest_key is not None)
            if log.lost_digest_key is not None:
                logger.error(
                    "audit_digest_key_lost",
                    origin=log.origin,
                    period=log.digest_period,
                    lost=log.lost_digest_key,
                    made=log.digest_key_id,
                )
            return log  # noqa: TRY300  the loop goes on after the error alone
        except AuditUnavailableError as error:
            if not isinstance(error.__cause__, BlockingIOError) or loop.time() >= patience:
                raise
        if not said:
            said = True
            logger.warning("audit_log_in_use", origin=settings.audit.origin, waits_s=most, detail=IN_USE)
        await asyncio.sleep(LOCK_RETRY)
