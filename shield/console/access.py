"""Records every access through the console, in the access log beside each log that it is about.

Where the logs are at home (where they are written), an access that cannot be recorded is refused. A copy of a
log is never altered; accesses to it are only in the program's log.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from shield.console.feed import FoundLog
from shield.evidence.access import Access, Actor, at_home, process_actor
from shield.evidence.access_hold import AccessHold
from shield.evidence.reading import Period
from shield.telemetry.logging import Logger

_PERIOD = ("start", "end")
_MAX_NAME = 100


class RecordedAccess:
    """`AccessNotes` over the evidence room. One for the whole console; `close` signs what was recorded."""

    def __init__(self, logger: Logger) -> None:
        self._logger = logger
        self._hold = AccessHold()
        self._process = process_actor(via="console")

    async def note(
        self, user: str, action: str, logs: Sequence[FoundLog], filters: Mapping[str, str]
    ) -> Sequence[str]:
        name = "".join(character for character in user if character.isprintable())[:_MAX_NAME]
        who = self._process
        actor = Actor(who.user, who.uid, who.login, name, who.via, who.host)
        kept = {key: value for key, value in filters.items() if key not in _PERIOD}
        period = Period(filters.get("start") or None, filters.get("end") or None)
        access = Access(action, period, kept)
        self._logger.info("console_access", user=name, action=action)
        noted = await asyncio.gather(*(self._one(log, actor, access) for log in logs))
        return [receipt for receipts in noted for receipt in receipts]

    async def _one(self, log: FoundLog, actor: Actor, access: Access) -> Sequence[str]:
        if not await asyncio.to_thread(at_home, log.directory, log.origin):
            return ()
        return (await self._hold.record(log.directory, log.origin, actor, access),)

    async def close(self) -> None:
        """Sign what was recorded, and release the access logs."""
        await self._hold.close()
