"""Tries another policy or model on live traffic, to see what it would do differently.

A route may name a shadow policy and a share of its requests. Each chosen request, once it has been answered,
is inspected again under the shadow policy in idle turns: while no write waits to be inspected. Differences
from the live result are counted and recorded by path, type and operator, never by value. None of this reaches
the upstream or the client, and none of it can refuse a write.

A request that finds no room in the queue is skipped, and counted as such.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from shield.audit import about
from shield.domain import KEEP, Placed, SegmentKind
from shield.errors import AuditUnavailableError, ShieldError
from shield.proxy.inspection import Inspected, inspect
from shield.proxy.inspection_run import Job
from shield.proxy.request_ids import is_chosen
from shield.proxy.runtime import Evidence, RoutePlan
from shield.proxy.stage_clock import IdleClock
from shield.proxy.worker import InspectionWorker, Pause
from shield.telemetry.logging import Logger
from shield.telemetry.metrics import Metrics
from shield.telemetry.shadow_series import Trial

QUEUE_LENGTH = 64
QUEUE_BYTES = 16 * 1024 * 1024
MAX_DIFFERENCES = 64
"""Differences listed in one record; the rest is only counted."""

WITHHELD = "(withheld)"


@dataclass(frozen=True, slots=True)
class Difference:
    """Text that only one policy acts on, or that the two act on differently.

    `live` and `shadow` are `TYPE:operator`; None where that policy leaves the text alone.
    """

    path: str
    live: str | None
    shadow: str | None


def differences(live: Sequence[Placed], shadow: Sequence[Placed]) -> Counter[Difference]:
    """How often each difference occurs. Findings are told apart by path, place, type and operator.

    Overlapping findings of one piece of text are one difference with two sides; a finding that nothing
    overlaps is a difference with one side.
    """
    # A key in which the live policy sees personal data is in no path of its own findings, even where it is a
    # known field name (a deny list may hold it). The shadow policy may see none there, and would show it.
    withhold = any(placed.kind is SegmentKind.KEY for placed in live)
    left, right = _acted(live), _acted(shadow)
    same = left & right
    left, right = left - same, right - same
    found: Counter[Difference] = Counter()
    theirs = sorted(right.elements())
    for path, segment, start, end, name in sorted(left.elements()):
        overlapping = (it for it in theirs if it[:2] == (path, segment) and it[2] < end and start < it[3])
        other = next(overlapping, None)
        if other is None:
            found[Difference(path, name, None)] += 1
            continue
        theirs.remove(other)
        # The same decision with other bounds is a difference as well: it says that the bounds differ.
        found[Difference(path, name, other[4])] += 1
    found.update(Difference(WITHHELD if withhold else path, None, name) for path, *_, name in theirs)
    return found


def _acted(findings: Sequence[Placed]) -> Counter[tuple[str, int, int, int, str]]:
    return Counter(
        (
            placed.path,
            placed.segment,
            placed.finding.start,
            placed.finding.end,
            f"{placed.finding.entity_type}:{placed.operator}",
        )
        for placed in findings
        if placed.operator != KEEP
    )


@dataclass(frozen=True, slots=True)
class _Run:
    request_id: str
    intent: int
    job: Job
    live: Inspected
    shadow: RoutePlan


@dataclass(slots=True)
class _Count:
    """Counts for one route and shadow policy since the last record."""

    live: RoutePlan
    shadow: RoutePlan
    compared: int = 0
    failed: int = 0
    skipped: int = 0


@dataclass(slots=True)
class _Queue:
    waiting: deque[_Run] = field(default_factory=deque)
    size: int = 0


class ShadowRuns:
    """Runs shadow inspections one after another. Create it in the event loop; `close` it before the log.

    `clock` is monotonic, in seconds.
    """

    def __init__(
        self,
        evidence: Evidence,
        metrics: Metrics,
        logger: Logger,
        clock: Callable[[], float],
        worker: InspectionWorker,
    ) -> None:
        self._worker = worker
        self._evidence = evidence
        self._metrics = metrics
        self._logger = logger
        self._clock = clock
        self._queue = _Queue()
        self._counts: dict[tuple[str, str], _Count] = {}
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    def offer(self, request_id: str, intent: int, job: Job, live: Inspected) -> None:
        """Take up an exchange that has been forwarded, if it is in the route's share. Never raises."""
        trial = job.plan.shadow
        if trial is None or self._closed or not is_chosen(request_id, trial.share):
            return
        run = _Run(request_id, intent, job, live, trial.plan)
        if len(self._queue.waiting) >= QUEUE_LENGTH or self._queue.size + len(job.body) > QUEUE_BYTES:
            self._count(run).skipped += 1
            self._series(run, Trial.SKIPPED)
            return
        self._queue.waiting.append(run)
        self._queue.size += len(job.body)
        if self._task is None:
            self._task = asyncio.create_task(self._work(), name="shadow")

    async def close(self) -> None:
        """Drop what waits, wait for what runs, and record what was not recorded yet."""
        self._closed = True
        for run in self._queue.waiting:
            self._count(run).skipped += 1
        self._queue = _Queue()
        if self._task is not None:
            await self._task
        for count in self._counts.values():
            if count.compared or count.failed or count.skipped:
                self._record("", None, count, Counter())

    async def _work(self) -> None:
        while self._queue.waiting:
            run = self._queue.waiting.popleft()
            self._queue.size -= len(run.job.body)
            count = self._count(run)
            try:
                found = await self._worker.run_idle(partial(self._inspect, run))
            except ShieldError as error:
                count.failed += 1
                self._series(run, Trial.FAILED)
                self._logger.warning(
                    "shadow_failed",
                    request_id=run.request_id,
                    route=run.shadow.route.name,
                    policy=run.shadow.route.policy.name,
                    code=error.code,
                )
                continue
            except Exception:
                count.failed += 1
                self._series(run, Trial.FAILED)
                self._logger.exception("shadow_failed", request_id=run.request_id)
                continue
            count.compared += 1
            self._series(run, Trial.DIFFERENT if found else Trial.SAME)
            if found:
                self._record(run.request_id, run.intent, count, found)
        self._task = None

    def _inspect(self, run: _Run, pause: Pause) -> Counter[Difference]:
        """Runs in the thread. Time in which others went first does not count against the deadline."""
        job = run.job._replace(plan=run.shadow, bypass=None)
        stages = IdleClock(self._clock, run.shadow.route.deadline, pause)
        return differences(run.live.findings, inspect(job, stages, dry=True).findings)

    def _count(self, run: _Run) -> _Count:
        key = (run.job.plan.route.name, run.shadow.route.policy.digest)
        count = self._counts.get(key)
        if count is None:
            count = self._counts[key] = _Count(run.job.plan, run.shadow)
        return count

    def _series(self, run: _Run, result: Trial) -> None:
        self._metrics.shadows.inspected(run.job.plan.route.name, run.shadow.route.policy.name, result)

    def _record(self, request_id: str, intent: int | None, count: _Count, found: Counter[Difference]) -> None:
        live, shadow = count.live.route, count.shadow.route
        for difference, times in found.items():
            self._metrics.shadows.differed(
                live.name, shadow.policy.name, difference.live, difference.shadow, times
            )
        listed = sorted(found.items(), key=lambda it: (it[0].path, it[0].live or "", it[0].shadow or ""))
        draft = about.shadow(
            request_id=request_id,
            intent=intent,
            basis=count.live.basis,
            shadow_policy=shadow.policy.name,
            shadow_digest=shadow.policy.digest,
            shadow_model_digest=count.shadow.model_digest,
            compared=count.compared,
            failed=count.failed,
            skipped=count.skipped,
            differences=[_fields(it, times) for it, times in listed[:MAX_DIFFERENCES]],
            differences_omitted=sum(times for _, times in listed[MAX_DIFFERENCES:]),
        )
        with contextlib.suppress(AuditUnavailableError):  # the log's state refuses the next write by itself
            self._evidence.append(draft)
            count.compared = count.failed = count.skipped = 0


def _fields(difference: Difference, count: int) -> dict[str, Any]:
    return {
        "path": difference.path,
        "live": difference.live,
        "shadow": difference.shadow,
        "count": count,
    }
