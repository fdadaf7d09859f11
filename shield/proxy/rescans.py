"""Re-scans writes that only patterns had inspected in time: in full, once there is time for it.

The texts wait as they were forwarded, only in memory and within bounds; a write for which there is no room is
not forwarded. Re-scans run one after another in idle turns, so that no write waits for them. The result of
each is a record of its own, tied to the write's intent. A write whose re-scan has no record, for whatever
reason, stays an open exception: that follows from the log alone (`evidence.rescans`).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from shield.audit import about
from shield.background import ended
from shield.domain import Placed, Remainder
from shield.errors import AuditUnavailableError, DeadlineExceededError, DrainingError, ShieldError
from shield.foreign_errors import unexpected
from shield.proxy.inspection import Inspected
from shield.proxy.inspection_run import Job
from shield.proxy.runtime import Evidence, RoutePlan
from shield.proxy.stage_clock import IdleClock
from shield.proxy.worker import InspectionWorker, Pause
from shield.redactor import Heart
from shield.telemetry.detection_series import Rescanned
from shield.telemetry.logging import Logger
from shield.telemetry.metrics import Metrics

SEGMENT_BYTES = 256
"""Rough size of a segment beside its bytes."""

SECONDS = 600.0
"""The longest that one re-scan may work."""

SHUTDOWN = "shutdown"


@dataclass(slots=True)
class Pending:
    """A write to re-scan. `intent` is the index of its record, once it has one."""

    request_id: str
    plan: RoutePlan
    heart: Heart
    remainders: tuple[Remainder, ...]
    size: int
    intent: int = -1


class Rescans:
    """Runs the re-scans. Create it in the event loop; `close` it before the log. `clock` is in seconds."""

    def __init__(
        self,
        evidence: Evidence,
        metrics: Metrics,
        logger: Logger,
        clock: Callable[[], float],
        worker: InspectionWorker,
    ) -> None:
        self._evidence = evidence
        self._metrics = metrics
        self._logger = logger
        self._clock = clock
        self._worker = worker
        self._most_bytes = self._most = 0
        self._count = self._size = 0
        self._waiting: deque[Pending] = deque()
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    def limit(self, size: int, count: int) -> None:
        """Set the most bytes and writes that may wait; those that wait already stay."""
        self._most_bytes, self._most = size, count

    def reserve(self, request_id: str, job: Job, inspected: Inspected) -> Pending:
        """Reserve room for a write about to be forwarded. Raises DeadlineExceededError where there is none.

        Call `ended`, or `begin` or `release`, afterwards.
        """
        remainders = inspected.remainders or ()
        size = sum(it.size + SEGMENT_BYTES * len(it.segments) for it in remainders)
        if self._closed or self._count >= self._most or self._size + size > self._most_bytes:
            raise DeadlineExceededError(
                "Too many writes already wait for the full inspection that there was no time for."
            )
        self._counted(1, size)
        return Pending(request_id, job.plan, job.heart, remainders, size)

    def ended(self, pending: Pending, intent: int | None, *, unsent: bool) -> None:
        """The exchange is over. `intent` is its record, if any; `unsent`: nothing was sent even so."""
        if intent is None:
            self.release(pending)
        elif unsent:
            pending.intent = intent
            self._end(pending, Rescanned.NOT_SENT, DrainingError.code)
        else:
            self.begin(pending, intent)

    def release(self, pending: Pending) -> None:
        """The write was not forwarded after all."""
        self._counted(-1, -pending.size)

    def begin(self, pending: Pending, intent: int) -> None:
        """The write was forwarded, or may have been; its record `intent` is durable. Never raises."""
        pending.intent = intent
        if self._closed:
            self._end(pending, Rescanned.NOT_DONE, SHUTDOWN)
            return
        self._waiting.append(pending)
        if self._task is None:
            self._task = asyncio.create_task(self._work(), name="rescans")

    async def close(self, seconds: float) -> None:
        """Go on for so long, then record what is not done as such."""
        self._closed = True
        if self._task is not None:
            await asyncio.wait((self._task,), timeout=max(0.0, seconds))
            await ended(self._task)
        while self._waiting:
            self._end(self._waiting.popleft(), Rescanned.NOT_DONE, SHUTDOWN)

    async def _work(self) -> None:
        while self._waiting:
            pending = self._waiting.popleft()
            try:
                missed = await self._worker.run_idle(partial(self._review, pending))
            except asyncio.CancelledError:
                self._end(pending, Rescanned.NOT_DONE, SHUTDOWN)
                raise
            except ShieldError as error:
                self._end(pending, Rescanned.FAILED, error.code)
            except Exception as error:
                self._logger.exception("rescan_failed", request_id=pending.request_id)
                self._end(pending, Rescanned.FAILED, unexpected(error).code)
            else:
                self._end(pending, Rescanned.FOUND if missed else Rescanned.CLEAN, "", missed)
        self._task = None

    def _review(self, pending: Pending, pause: Pause) -> tuple[Placed, ...]:
        """Runs in the thread."""
        clock = IdleClock(self._clock, SECONDS, pause)
        policy, names = pending.plan.route.policy, pending.plan.rules.names
        return tuple(
            placed
            for remainder in pending.remainders
            for placed in pending.heart.review(remainder, policy, names=names, check=clock.check)
        )

    def _end(self, pending: Pending, result: Rescanned, reason: str, missed: tuple[Placed, ...] = ()) -> None:
        self._counted(-1, -pending.size)
        route = pending.plan.route
        self._metrics.detection.rescanned(route.name, result)
        if result not in {Rescanned.CLEAN, Rescanned.NOT_SENT}:
            self._logger.warning(
                "rescan",
                request_id=pending.request_id,
                route=route.name,
                record=pending.intent,
                result=result.value,
                reason=reason,
                findings=len(missed),
            )
        draft = about.rescan(
            request_id=pending.request_id,
            intent=pending.intent,
            basis=pending.plan.basis,
            tier=pending.plan.tier,
            result=result.value,
            reason=reason,
            missed=missed,
        )
        with contextlib.suppress(AuditUnavailableError):  # without a record, it stays an open exception
            self._evidence.append(draft)

    def _counted(self, count: int, size: int) -> None:
        self._count += count
        self._size += size
        self._metrics.detection.queue_length.set(self._count)
        self._metrics.detection.queue_bytes.set(self._size)
