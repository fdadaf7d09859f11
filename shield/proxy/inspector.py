"""Runs inspections within their time: on the event loop, in turns in threads, or in another process.

A route's `deadline` is the budget of an inspection. The route's `on_deadline` says what becomes of a write
that is not inspected by then:

- `block`: nothing is forwarded.
- `patterns_only`: a fifth of the budget (at least 100 ms) before its end, the detectors behind the patterns
  are given up, whether they are slow, hang, or never began because too much else waits. In that fifth the
  redacted write is made from what is known: everything that the patterns find, and what the others have
  found. This takes its turn before all that waits. If it is not done at the deadline, nothing is forwarded.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from shield.config.settings_route import OnDeadline
from shield.errors import DeadlineExceededError
from shield.proxy.apart import Apart
from shield.proxy.inspection import Inspected, inspect, is_large, is_quick, keeps_findings
from shield.proxy.inspection_run import Attempts, Job
from shield.proxy.stage_clock import StageClock
from shield.proxy.worker import InspectionWorker, Pause

INLINE_BYTES = 4 * 1024
"""Bodies up to this size are inspected on the event loop if no model is used: a millisecond or two."""

RESERVE_SHARE = 0.2
"""The part of the budget that is reserved for making a write from what the patterns found."""
LEAST_RESERVE = 0.1
"""Seconds reserved at least, where the budget is short; but never more than half of it."""

PREPARATION_SHARE = 0.5
"""The part of the budget for which a large body waits for the process apart; the rest is for a thread."""


class Inspector:
    """Inspects for one event loop. `clock` is monotonic, in seconds."""

    def __init__(self, worker: InspectionWorker, clock: Callable[[], float]) -> None:
        self._worker = worker
        self._clock = clock

    async def inspect(self, job: Job, seconds: dict[str, float], *, waited: float = 0.0) -> Inspected:
        """Inspect; adds the time of the job's stages to `seconds`, even where it fails.

        For a job that `takes_no_time` use `inspect_now`. `waited` is the part of the budget that is already
        used. Raises RequestError and ProtectionError.
        """
        route = job.plan.route
        budget = route.deadline - waited
        end = self._clock() + budget
        if route.on_deadline is OnDeadline.PATTERNS_ONLY:
            return await self._in_full_or_reduced(job, end, budget, seconds)
        stages = StageClock(self._clock, end)
        try:
            async with asyncio.timeout(budget):
                if (apart := await self._apart(job, end)) is not None:
                    job = job._replace(heart=apart.heart(job.heart, end, findings=keeps_findings(job)))
                    return await self._worker.run_apart(partial(_in_turn, job, stages, None))
                return await self._worker.run(partial(_in_turn, job, stages, None), size=len(job.body))
        except TimeoutError:
            raise DeadlineExceededError from None
        finally:
            seconds.update(stages.seconds)

    async def _apart(self, job: Job, end: float) -> Apart | None:
        """Where to inspect a large body apart; None for any other, and where there is no process in time.

        A process that is being prepared is waited for: a large body in a thread makes the event loop, and so
        all small ones, wait for the interpreter, and takes longer itself.
        """
        apart = job.apart
        if apart is None or not is_large(job):
            return None
        detector = job.plan.route.policy.detector
        if apart.is_ready(detector):
            return apart
        seconds = (end - self._clock()) * PREPARATION_SHARE
        ready = await self._worker.run_apart(lambda _: apart.becomes_ready(detector, seconds))
        return apart if ready else None

    def inspect_now(self, job: Job, seconds: dict[str, float], *, waited: float) -> Inspected:
        """As `inspect`, for a job that `takes_no_time`, without awaiting anything."""
        stages = StageClock(self._clock, self._clock() + job.plan.route.deadline - waited)
        try:
            return inspect(job, stages)
        finally:
            seconds.update(stages.seconds)

    async def _in_full_or_reduced(
        self, job: Job, end: float, budget: float, seconds: dict[str, float]
    ) -> Inspected:
        rest = end - reserve(budget)
        if job.apart is not None and job.apart.busy:
            # In threads several large bodies get on side by side: the patterns are through in all by then.
            job = job._replace(apart=None)
        apart = await self._apart(job, end)
        if apart is not None:
            heart = apart.heart(job.heart, end, rest=rest, findings=keeps_findings(job))
            job = job._replace(heart=heart)
        attempts, stages = Attempts(), StageClock(self._clock, end, rest)
        work = partial(_in_turn, job, stages, attempts)
        run = asyncio.ensure_future(
            self._worker.run(work, size=len(job.body)) if apart is None else self._worker.run_apart(work)
        )
        try:
            await asyncio.wait((run,), timeout=rest - self._clock())
            if not run.done() and not attempts.dispensable:
                # It is at the patterns or writing the result: it ends by itself, or sees that the others'
                # time is over.
                await asyncio.wait((run,), timeout=end - self._clock())
            if run.done():
                return run.result()
        except DeadlineExceededError:
            pass
        finally:
            run.cancel()  # passes its turn on; the result of its thread is ignored
            seconds.update(stages.seconds)
        left = end - self._clock()
        if left <= 0:
            raise DeadlineExceededError
        stages = StageClock(self._clock, end)
        work = partial(_in_turn, job, stages, attempts.settled())
        try:
            async with asyncio.timeout(left):
                return await (self._worker.run_first(work) if apart is None else self._worker.run_apart(work))
        except TimeoutError:
            raise DeadlineExceededError from None
        finally:
            for stage, more in stages.seconds.items():
                seconds[stage] = seconds.get(stage, 0.0) + more


def takes_no_time(job: Job) -> bool:
    """Whether it is fast enough for the event loop: few bytes under a policy without a model, or no text."""
    return is_quick(job, INLINE_BYTES)


def reserve(budget: float) -> float:
    """The seconds of a budget that are reserved for the patterns' result."""
    return min(max(budget * RESERVE_SHARE, LEAST_RESERVE), budget / 2)


def _in_turn(job: Job, stages: StageClock, attempts: Attempts | None, pause: Pause) -> Inspected:
    stages.begin(pause)
    return inspect(job, stages, attempts)
