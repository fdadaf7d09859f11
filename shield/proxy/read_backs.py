"""Reads writes back from storage some time later and compares them with what was forwarded.

A route says which share of its writes is read back. Each chosen write ends in exactly one `read_back` record:
it matched, it did not, it was not found, it could not be read, or it was skipped for lack of room, of an
address, or of time before the process stopped. (A killed process leaves none for those that waited.)

Nothing here is on the path of a request. What was forwarded is turned into keyed digests as soon as no
inspection wants the turn; only the digests wait for the read. Reads use connections of their own, a few at a
time, so they take none from writes, and their results do not count for the upstream's health.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from prometheus_client import CollectorRegistry

from shield.audit import about
from shield.config.settings_route import Mode
from shield.config.settings_upstream import Upstream
from shield.errors import AuditUnavailableError, ShieldError
from shield.evidence.read_backs import Content, Judgement
from shield.proxy.inspection import Inspected
from shield.proxy.inspection_run import Job
from shield.proxy.judging import Judge
from shield.proxy.object_address import NoAddressError
from shield.proxy.request_ids import is_chosen
from shield.proxy.runtime import READERS, Evidence, RoutePlan
from shield.proxy.tls_contexts import Spares
from shield.proxy.upstream import UpstreamPool
from shield.proxy.upstream_answer import UpstreamAnswer
from shield.proxy.worker import InspectionWorker
from shield.proxy.written import Pending, Written
from shield.telemetry.attestation_series import ReadResult
from shield.telemetry.logging import Logger
from shield.telemetry.metrics import Metrics

MOST_WAITING = 1_000
MOST_BYTES = 16 * 1024 * 1024
"""Bytes held by what waits: bodies until they are digests, then the digests."""

_WORD = 1  # of the request id: shadow policies choose by the first
_WRITTEN = frozenset({HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT})
_NANOSECONDS = 1e9


@dataclass(slots=True)
class _Room:
    waiting: dict[str, Pending] = field(default_factory=dict)
    size: int = 0


class ReadBacks:
    """Reads back. Create it in the event loop; `close` it before the log.

    `clock` is monotonic, in seconds; `wall_clock` gives nanoseconds since 1970.
    """

    def __init__(
        self,
        evidence: Evidence,
        metrics: Metrics,
        logger: Logger,
        worker: InspectionWorker,
        *,
        clock: Callable[[], float],
        wall_clock: Callable[[], int],
        random: Callable[[int], bytes],
        spares: Spares | None = None,
    ) -> None:
        self._evidence = evidence
        self._metrics = metrics
        self._logger = logger
        self._clock = clock
        self._wall_clock = wall_clock
        self._judge = Judge(worker, evidence.digest_body, clock=clock, random=random)
        self._loop = asyncio.get_running_loop()
        # Apart from the traffic, with series that nobody scrapes: reads are counted by their results.
        self.pool = UpstreamPool(Metrics(CollectorRegistry()), spares=spares)
        self._room = _Room()
        self._by_address: dict[tuple[str, str], list[Pending]] = {}
        self._fresh: deque[Pending] = deque()
        self._due: deque[Pending] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing: set[asyncio.Task[None]] = set()
        self._readers = 0
        self._preparing = False
        self._closed = False
        metrics.read_backs.waiting.set_function(lambda: float(len(self._room.waiting)))

    # Called by the exchange. None of these raises or waits.

    def begin(
        self,
        request_id: str,
        method: str,
        job: Job,
        inspected: Inspected,
        response: UpstreamAnswer,
        *,
        host: str,
        also_host: str,
    ) -> Written | None:
        """Take up a write whose answer's head has arrived, if it is in its route's share.

        `host` is the upstream's: see `UpstreamClient.send`. `also_host` is of `X-Forwarded-Host`, or empty.
        """
        plan, read_back = job.plan, job.plan.read_back
        if read_back is None or self._closed or not inspected.body:
            return None
        settings = read_back.finder.settings
        if method not in settings.methods or response.status not in _WRITTEN:
            return None
        if not is_chosen(request_id, settings.share, _WORD):
            return None
        observed = plan.route.mode is Mode.OBSERVE
        return Written(
            request_id=request_id,
            plan=plan,
            read_back=read_back,
            heart=job.heart,
            sent=Content(inspected.body, job.media_type, job.codings),
            after=inspected.after,
            inspects=not observed,
            withholds=observed and inspected.found.in_keys,
            method=method,
            path=inspected.path,
            hosts=frozenset({job.target.host, also_host}),
            asked=host,
            location=response.headers.get("Location"),
            reply_codings=response.headers.getall("Content-Encoding", ()),
            reply=bytearray() if read_back.finder.reads_reply else None,
        )

    def offer(self, written: Written, intent: int) -> None:
        """The exchange is over: schedule the read, or skip it where there is no room."""
        pending = Pending(
            request_id=written.request_id,
            intent=intent,
            plan=written.plan,
            read_back=written.read_back,
            heart=written.heart,
            client=written.read_back.client,
            after=written.after,
            inspects=written.inspects,
            began=self._clock(),
            size=written.size,
            written=written,
            host=written.asked,
        )
        pending.client.in_flight += 1
        room = self._room
        if self._closed or len(room.waiting) >= MOST_WAITING or room.size + pending.size > MOST_BYTES:
            self._end(pending, _skipped("stopped" if self._closed else "no_room"))
            return
        room.waiting[pending.request_id] = pending
        room.size += pending.size
        self._fresh.append(pending)
        if not self._preparing:
            self._preparing = True
            self._spawn(self._prepare(), self._tasks)

    def overwrites(self, plan: RoutePlan, path: str) -> None:
        """A request to `path` is about to be forwarded: pending reads of that object may find another."""
        if self._by_address:
            for pending in self._by_address.get((plan.route.upstream.name, path), ()):
                pending.overwritten = True

    # The life of one read-back.

    async def _prepare(self) -> None:
        """Turn forwarded bodies into digests, one write after another, and drop the bodies."""
        while self._fresh:
            pending = self._fresh.popleft()
            written, pending.written = pending.written, None
            if written is None:
                continue
            try:
                expected, address = await self._judge.expect(written)
            except (NoAddressError, ShieldError) as error:
                self._end(pending, _skipped(error.code))
                continue
            except Exception:
                self._logger.exception("read_back_broke", request_id=pending.request_id)
                self._end(pending, _skipped(ShieldError.code))
                continue
            exact = pending.read_back.finder.settings.exact
            rest = MOST_BYTES - (self._room.size - pending.size)
            if expected.memory > rest and exact:
                expected = expected.whole()
            if expected.memory > rest:
                self._end(pending, _skipped("no_room"))
                continue
            pending.expected, pending.address = expected, address
            self._room.size += expected.memory - pending.size
            pending.size = expected.memory
            self._by_address.setdefault(pending.key, []).append(pending)
            if not exact and not expected.leaves:
                self._end(pending, _skipped("nothing_to_compare"))
                continue
            delay = pending.read_back.finder.settings.delay
            self._later(pending, pending.began + delay - self._clock())
        self._preparing = False

    def _later(self, pending: Pending, seconds: float) -> None:
        pending.timer = self._loop.call_later(max(0.0, seconds), self._is_due, pending)

    def _is_due(self, pending: Pending) -> None:
        pending.timer = None
        self._due.append(pending)
        if self._readers < READERS:
            self._readers += 1
            self._spawn(self._read_all(), self._tasks)

    async def _read_all(self) -> None:
        try:
            while self._due:
                await self._attend(self._due.popleft())
        finally:
            self._readers -= 1

    async def _attend(self, pending: Pending) -> None:
        """Do one read and act on its result."""
        pending.attempts += 1
        try:
            judgement = await self._judge.read(pending)
        except Exception:
            self._logger.exception("read_back_broke", request_id=pending.request_id)
            judgement = Judgement(ReadResult.UNREADABLE, ShieldError.code)
        settings = pending.read_back.finder.settings
        if judgement.result is not ReadResult.MATCH and pending.overwritten:
            judgement = _skipped("overwritten")
        elif judgement.again and pending.attempts < settings.attempts:
            self._later(pending, settings.retry_interval * 2 ** (pending.attempts - 1))
            return
        self._end(pending, judgement)

    def _end(self, pending: Pending, judgement: Judgement) -> None:
        """Write the one record of a chosen write."""
        if self._room.waiting.pop(pending.request_id, None) is not None:
            self._room.size -= pending.size
        if (others := self._by_address.get(pending.key)) is not None and pending in others:
            others.remove(pending)
            if not others:
                del self._by_address[pending.key]
        pending.client.release()
        route = pending.plan.route
        with contextlib.suppress(AuditUnavailableError):  # the log's state refuses the next write by itself
            self._evidence.append(
                about.read_back(
                    request_id=pending.request_id,
                    intent=pending.intent,
                    basis=pending.plan.basis,
                    compare="exact" if pending.read_back.rule.exact else "contains",
                    result=judgement.result.value,
                    reason=judgement.reason,
                    attempts=pending.attempts,
                    status=pending.status,
                    age_seconds=self._clock() - pending.began,
                    size=pending.object_size,
                    object_digest=pending.object_digest,
                    compared=judgement.compared,
                    differing=judgement.differing,
                    missing=judgement.missing,
                    uncompared=judgement.uncompared,
                    inspected=judgement.inspected,
                    unredacted=judgement.unredacted,
                    uninspected_bytes=judgement.uninspected_bytes,
                )
            )
        self._metrics.read_backs.ended(route.name, judgement.result, self._wall_clock() / _NANOSECONDS)
        if judgement.result in (ReadResult.MISMATCH, ReadResult.NOT_FOUND):
            self._logger.error(
                "read_back_failed",
                request_id=pending.request_id,
                record=pending.intent,
                route=route.name,
                result=judgement.result.value,
                reason=judgement.reason,
                attempts=pending.attempts,
            )

    # Start and end.

    def keep_only(self, upstreams: Iterable[Upstream]) -> None:
        """Close the connections to all other upstreams, once the reads that wait for them have ended."""
        self._spawn(self.pool.keep_only(list(upstreams)), self._closing)

    async def close(self) -> None:
        """Skip what waits and release everything. Afterwards each chosen write has its record."""
        self._closed = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for pending in list(self._room.waiting.values()):
            if pending.timer is not None:
                pending.timer.cancel()
            self._end(pending, _skipped("stopped"))
        self._fresh.clear()
        self._due.clear()
        await asyncio.gather(*self._closing)
        await self.pool.close()

    def _spawn(self, work: Coroutine[Any, Any, None], among: set[asyncio.Task[None]]) -> None:
        task = self._loop.create_task(work, name="read-back")
        among.add(task)
        task.add_done_callback(among.discard)


def _skipped(reason: str) -> Judgement:
    return Judgement(ReadResult.SKIPPED, reason)
