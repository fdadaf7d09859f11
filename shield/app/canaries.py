"""Runs canaries on a schedule, through the proxy's own listener, exchange and heart, into the lane's sink.

A run takes the routes one after another, a dozen canaries a request, so that traffic waits behind at most one
small request at a time. Each route's result becomes a record, series and, if it is not as expected, a line in
the log. A change of the configuration cuts a run off; the next begins with the new one.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from shield.analyzer.engine import Analyzer
from shield.audit import about
from shield.audit.exchange_records import Basis
from shield.audit.record import Draft
from shield.background import ended
from shield.config.settings import CanarySettings, Settings
from shield.config.settings_route import Mode, PathTemplate, Route
from shield.domain import KEEP, DetectorSpec
from shield.errors import AuditUnavailableError, ShieldError
from shield.evidence.canaries import Canary, Suite, shipped_canaries, suite_for
from shield.evidence.canary_bodies import Sent, content_type, media_types_of, sent_on
from shield.payload.codecs import CodecRegistry
from shield.payload.media_type import MediaType
from shield.payload.selectors import FieldRules
from shield.proxy.lane import Lane
from shield.proxy.runtime import Runtime
from shield.proxy.sink import open_lane
from shield.telemetry.logging import Logger
from shield.telemetry.metrics import Metrics

PER_REQUEST = 12
SPARE_SECONDS = 30.0
"""Seconds that a canary's exchange may take beyond the route's deadline for its inspection."""

MAX_FAILED = 200
_CREATED = 201
_NANOSECONDS = 1e9
_TAILS = ("", "/0", "/0/0", "/0/0/0")


class _NotRunError(Exception):
    """The run could not be made, for the reason `code`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class InForce:
    """The configuration that the canaries test."""

    settings: Settings
    plans: CanarySettings
    runtime: Runtime
    analyzers: Mapping[DetectorSpec, Analyzer]

    def routes(self) -> Iterator[Route]:
        for route in self.settings.routes:
            if not self.plans.routes or route.name in self.plans.routes:
                yield route


@dataclass(slots=True)
class _Result:
    """The results of one route's run so far."""

    suite: Suite
    media_type: str = ""
    checked: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    exempt: int = 0
    requests: list[int] = field(default_factory=list)
    error: str = ""
    stopped: bool = False

    @property
    def verdict(self) -> str:
        if self.failed:
            return "failed"
        if self.stopped:
            return "stopped"
        if self.error:
            return "error"
        return "passed" if self.checked else "uncovered"


class CanaryRuns:
    """Runs canaries until `stop`. Does nothing without `canaries` in the configuration."""

    def __init__(
        self,
        connect: Callable[[Lane], Awaitable[socket.socket]],
        append: Callable[[Draft], int],
        metrics: Metrics,
        logger: Logger,
        *,
        build: str,
        random: Callable[[int], bytes],
        wall_clock: Callable[[], int],
    ) -> None:
        """`connect` gives a connection to the listener on a lane; `wall_clock` is nanoseconds since 1970."""
        self._connect = connect
        self._append = append
        self._metrics = metrics
        self._logger = logger
        self._build = build
        self._random = random
        self._wall_clock = wall_clock
        self._shipped: tuple[Canary, ...] = ()
        self._codecs = CodecRegistry.default()
        self._number = 0
        self.round_over = asyncio.Event()
        """Set once all routes of the configuration in force were tested."""
        self._task: asyncio.Task[None] | None = None

    async def configure(
        self, settings: Settings, runtime: Runtime, analyzers: Mapping[DetectorSpec, Analyzer]
    ) -> None:
        """Test this configuration from now on, at once."""
        await self.stop()
        self.round_over.clear()
        plans = settings.canaries
        if plans is None:
            self._metrics.canaries.begin((), 0.0, 0.0)
            return
        if not self._shipped:
            self._shipped = shipped_canaries()
        force = InForce(settings, plans, runtime, analyzers)
        names = [route.name for route in force.routes()]
        self._metrics.canaries.begin(names, plans.interval, self._now())
        self._task = asyncio.create_task(self._run(force), name="canaries")

    async def stop(self) -> None:
        """End at once. Safe to call twice, and before `configure`."""
        task, self._task = self._task, None
        await ended(task)

    def _now(self) -> float:
        return self._wall_clock() / _NANOSECONDS

    async def _run(self, force: InForce) -> None:
        with contextlib.suppress(AuditUnavailableError):  # the log itself reports that it has failed
            while True:
                await self.run_once(force)
                self.round_over.set()
                await asyncio.sleep(force.plans.interval)

    async def run_once(self, force: InForce) -> None:
        """Test all routes once. Raises AuditUnavailableError."""
        self._number += 1
        for route in force.routes():
            await self._test(route, force)

    async def _test(self, route: Route, force: InForce) -> None:
        policy = route.policy
        analyzer = force.analyzers[policy.detector]
        suite = suite_for(policy, analyzer.recognizers, self._shipped, force.plans.samples)
        result = _Result(suite)
        try:
            await self._send_all(route, force.runtime, result)
        except _NotRunError as error:
            result.error = error.code
        except AuditUnavailableError:
            raise
        except asyncio.CancelledError:
            # What went through must be named: it would count as a client's otherwise.
            result.stopped = True
            if result.requests:
                self._tell(route, force, analyzer.digest, result)
            raise
        except ShieldError as error:
            result.error = error.code
        except Exception as error:
            self._logger.exception("canary_broke", route=route.name)
            result.error = type(error).__name__
        self._tell(route, force, analyzer.digest, result)

    async def _send_all(self, route: Route, runtime: Runtime, result: _Result) -> None:
        if not result.suite.canaries:
            return
        media_types = media_types_of(route)
        if not media_types:
            raise _NotRunError("media_type_unsupported")
        observed = route.mode is Mode.OBSERVE
        result.media_type = media_types[0 if observed else self._number % len(media_types)]
        tenant = min(route.tenants, default="")
        head = _head(route, runtime, result.media_type, tenant)
        async with open_lane(self._random, tenant) as lane:
            for sent in self._bodies(route, result):
                await self._send(route, lane, head, sent, result)

    def _bodies(self, route: Route, result: _Result) -> Iterator[Sent]:
        rules = FieldRules.compile(route.fields)
        size = min(PER_REQUEST, route.limits.segments)
        canaries = result.suite.canaries
        for start in range(0, len(canaries), size):
            yield sent_on(route, self._codecs, rules, result.media_type, canaries[start : start + size])

    async def _send(self, route: Route, lane: Lane, head: str, sent: Sent, result: _Result) -> None:
        lane.begin()
        sock = await self._connect(lane)
        reader, writer = await asyncio.open_connection(sock=sock)
        try:
            async with asyncio.timeout(route.deadline + SPARE_SECONDS):
                writer.write(f"{head}{len(sent.body)}\r\n\r\n".encode("ascii") + sent.body)
                await reader.read()
                await lane.end()
        except TimeoutError:
            raise _NotRunError("timeout") from None
        finally:
            writer.close()
            if lane.exchange is not None:
                result.requests += lane.exchange.recorded
        exchange = lane.exchange
        if exchange is None or lane.received is None:
            raise _NotRunError((exchange.reason if exchange is not None else "") or "not_forwarded")
        if exchange.intent is None or exchange.status != _CREATED:
            raise _NotRunError(exchange.reason or "not_forwarded")
        if route.mode is Mode.OBSERVE:
            found = [(it.path, it.finding.entity_type) for it in exchange.findings if it.operator != KEEP]
            failed = sent.unnoticed(found)
        else:
            failed = sent.leaked(lane.received)
        result.failed += [canary.id for canary in failed]
        for canary, spec in zip(sent.canaries, sent.specs, strict=True):
            if spec is None:
                result.exempt += 1
            else:
                result.checked[canary.entity] += 1

    def _tell(self, route: Route, force: InForce, model_digest: str, result: _Result) -> None:
        checks, failed = result.checked.total(), len(result.failed)
        self._append(
            about.canary(
                basis=Basis(
                    route=route.name,
                    policy=route.policy.name,
                    policy_digest=route.policy.digest,
                    model_digest=model_digest,
                    mode=route.mode.value,
                ),
                config_digest=force.settings.digest,
                build=self._build,
                media_type=result.media_type,
                result=result.verdict,
                reason=result.error,
                languages=sorted({canary.language for canary in result.suite.canaries}),
                entities=dict(sorted(result.checked.items())),
                checks=checks,
                failed=result.failed[:MAX_FAILED],
                exempt=result.exempt,
                uncovered=result.suite.uncovered,
                requests=result.requests,
            )
        )
        if result.verdict == "stopped":
            return
        self._metrics.canaries.ran(route.name, result.verdict, checks - failed, failed, self._now())
        if result.verdict in ("failed", "error"):
            self._logger.error(
                "canary_failed",
                route=route.name,
                result=result.verdict,
                reason=result.error,
                failed=result.failed[:MAX_FAILED],
                checks=checks,
            )


def _head(route: Route, runtime: Runtime, media_type: str, tenant: str) -> str:
    """The head of a request that the route takes, up to the value of its Content-Length.

    Raises `_NotRunError` where another route takes everything that this one could.
    """
    method = next((name for name in ("POST", "PUT", "PATCH") if name in route.methods), "")
    method = method or min(route.methods, default="POST")
    host = f"canary{route.host[1:]}" if route.host.startswith("*.") else route.host
    host = "canary.invalid" if host == "*" else host
    parsed = MediaType.parse(media_type)
    for steps in _paths(route.path):
        match = runtime.routes.match(host, steps, method, parsed, tenant)
        if match.plan is not None and match.plan.route.name == route.name:
            path = "/" + "/".join(quote(step, safe="-._~!$&'()*+,=:@") for step in steps)
            fields = (
                f"{method} {path} HTTP/1.1",
                f"Host: {host}",
                f"Content-Type: {content_type(media_type)}",
                "Connection: close",
                "Content-Length: ",
            )
            return "\r\n".join(fields)
    raise _NotRunError("route_not_reached")


def _paths(template: PathTemplate) -> Iterator[Sequence[str]]:
    steps = ["0" if step is None else step for step in template.steps]
    for tail in _TAILS if template.rest else _TAILS[:1]:
        full = [*steps, *tail.split("/")[1:]]
        yield full or [""]
