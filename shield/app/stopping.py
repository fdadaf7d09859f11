"""How a proxy ends: it retires from its connections, drains what is in flight, and closes in reverse."""

from __future__ import annotations

import asyncio
from functools import partial

from shield.app.parts import Parts
from shield.errors import AuditUnavailableError

RETIRE_POLL = 0.02


async def retire(parts: Parts, idle_seconds: float) -> None:
    """Accept no new connection; serve each open one once more, and close it with that answer.

    Returns when none is left, or when those left were idle for `idle_seconds`: so a client's request meets a
    connection that is being closed only after that much idle time.
    """
    parts.stopping = True
    if parts.proxy is None or parts.exchange is None:
        return
    parts.proxy.stop_accepting()
    parts.exchange.retiring = True
    loop = asyncio.get_running_loop()
    end = loop.time() + idle_seconds
    while parts.proxy.connections and loop.time() < end:  # noqa: ASYNC110  their number has no event
        await asyncio.sleep(RETIRE_POLL)


async def stop(parts: Parts, reason: str) -> None:
    """Become unready, finish what is in flight, sign the log, close everything. Safe to call twice."""
    parts.stopping = True
    if parts.canaries is not None:
        await parts.canaries.stop()
    if parts.warming is not None:
        await parts.warming.stop()
    if parts.proxy is not None:
        parts.proxy.stop_accepting()
    for sock in parts.bound:
        sock.close()
    loop = asyncio.get_running_loop()
    drained = loop.time() + parts.settings.server.drain_timeout
    if parts.exchange is not None:
        try:
            async with asyncio.timeout_at(drained):
                await parts.exchange.drain()
        except TimeoutError:
            parts.logger.warning("drain_timeout", in_flight=parts.exchange.in_flight)
            parts.exchange.give_up()  # an answer says why, before their connections are closed
    if parts.proxy is not None:
        await parts.proxy.stop()
    if parts.shadow is not None:
        await parts.shadow.close()
    if parts.read_backs is not None:
        await parts.read_backs.close()
    if parts.rescans is not None:
        await parts.rescans.close(drained - loop.time())
    if parts.upkeep is not None:
        await parts.upkeep.stop()
    if parts.heartbeat is not None:
        await parts.heartbeat.stop()
    if parts.audit is not None:
        close = partial(parts.audit.close, reason)
        try:
            await (parts.anchoring.finish(close) if parts.anchoring is not None else close())
        except AuditUnavailableError as error:
            parts.logger.error("audit_close_failed", code=error.code)  # noqa: TRY400  no frames: expected
    if parts.pool is not None:
        await parts.pool.close()
    if parts.tracing is not None:
        # In a thread, since it waits for the collector, for a bounded time.
        await loop.run_in_executor(None, parts.tracing.close)
    await parts.lag.stop()
    if parts.admin is not None:
        await parts.admin.stop()
    await loop.run_in_executor(None, parts.inspections.close)
    parts.worker.close()
    parts.threads.shutdown(wait=False, cancel_futures=True)
    parts.logger.info("stopped", reason=reason)
