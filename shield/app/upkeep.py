"""Background duties of the running proxy for its audit log: orders, digest keys, retention.

They run off the request path: one background task awaits each duty, and a duty that fails is logged and tried
again at its next time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from shield.audit.orders import Orders
from shield.audit.upkeep import RefusedError, Upkeep
from shield.background import ended
from shield.telemetry.logging import Logger

POLL_SECONDS = 1.0
RETENTION_SECONDS = 3600.0


class UpkeepLoop:
    """Looks for orders and for a new digest period each second, and prunes at the start and each hour."""

    def __init__(
        self,
        upkeep: Upkeep,
        orders: Orders,
        logger: Logger,
        clock: Callable[[], float],
    ) -> None:
        """`clock` is monotonic, in seconds."""
        self._upkeep = upkeep
        self._orders = orders
        self._logger = logger
        self._clock = clock
        self._prune_due = clock()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Run in the background."""
        self._task = asyncio.create_task(self._run(), name="upkeep")

    async def stop(self) -> None:
        """Stop. Safe to call twice, and before `start`. A duty that has begun is finished first."""
        task, self._task = self._task, None
        await ended(task)

    async def _run(self) -> None:
        while True:
            await asyncio.shield(self.look())
            await asyncio.sleep(POLL_SECONDS)

    async def look(self) -> None:
        """Check all duties once."""
        await self._duty("orders", self._carry_out_orders)
        await self._duty("digest_key_renewal", self._upkeep.renew_digest_key)
        if self._clock() >= self._prune_due:
            self._prune_due = self._clock() + RETENTION_SECONDS
            await self._duty("retention", partial(self._upkeep.prune_by_retention, doubting=True))

    async def _duty(self, name: str, duty: Callable[[], Awaitable[object]]) -> None:
        try:
            await duty()
        except RefusedError as error:
            self._logger.info("audit_duty_refused", duty=name, reason=str(error))
        except Exception as error:  # noqa: BLE001 -- whatever it is, its next time tries again
            self._logger.error("audit_duty_failed", duty=name, cause=type(error).__name__)  # noqa: TRY400 -- no frames

    async def _carry_out_orders(self) -> None:
        for name, order in await asyncio.to_thread(self._orders.waiting):
            if not await asyncio.to_thread(self._orders.begin, name):
                continue  # who asked was told that it is not done
            answer = await self._upkeep.carry_out(order, partial(self._orders.tell, name))
            action = "unreadable" if order is None else order.action.value
            self._logger.info("audit_order", action=action, ok=answer.ok, text=answer.text)
            await asyncio.to_thread(self._orders.answer, name, answer)
