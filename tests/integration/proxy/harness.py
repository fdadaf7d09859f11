"""A whole proxy on real sockets, in front of a scripted upstream, with a heart and a log that tests control.

The heart finds `secret-…` with a regular expression, so these tests need no model. Tests inject faults into
the heart, the log and the upstream, and order what happens with events.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import struct
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

from aiohttp.web import RequestHandler
from prometheus_client import CollectorRegistry

from shield.audit.record import Draft, Kind
from shield.config.path_template import parse_path_template
from shield.config.proxy_protocol import ProxyProtocol
from shield.config.settings import Listener, ListenerTls, LoggingSettings, ServerSettings, Settings
from shield.config.settings_audit import AuditSettings
from shield.config.settings_route import Route
from shield.config.settings_upstream import Upstream
from shield.domain import (
    Check,
    DetectorSpec,
    Edit,
    FieldAction,
    Finding,
    Limits,
    OperatorSpec,
    Placed,
    Policy,
    Redaction,
    Remainder,
    no_check,
)
from shield.errors import AuditUnavailableError
from shield.payload.codecs import CodecRegistry
from shield.payload.document import Document
from shield.payload.field_names import NO_NAMES, ShownNames
from shield.payload.media_type import MediaType
from shield.payload.selectors import FieldRules
from shield.proxy.connection_limits import ConnectionLimits, ConnectionWatch
from shield.proxy.exchange import Exchange
from shield.proxy.listener import ListenerSite
from shield.proxy.runtime import build_runtime
from shield.proxy.upstream import UpstreamPool
from shield.proxy.worker import InspectionWorker
from shield.redactor import USUAL, Manner
from shield.telemetry.logging import configure
from shield.telemetry.metrics import Metrics
from tests.integration.proxy.raw_upstream import RawUpstream

SECRET = re.compile(r"secret-[a-z]+")
FAST = DetectorSpec(model="none")
MODEL = DetectorSpec(model="spacy:fake")
POLICY = Policy("default", "sha256:policy", {"SECRET": OperatorSpec("replace")}, detector=FAST)
ORIGIN = "test.example/worker-0"


class Heart:
    """Finds `secret-…`; `before` runs first for each body, `before_document` for each of its parts.

    Either may raise or wait (in a thread).
    """

    def __init__(self) -> None:
        self.codecs = CodecRegistry.default()
        self.before: Callable[[Check], None] = lambda check: None
        self.before_document: Callable[[Check], None] = lambda check: None

    def one(self) -> Heart:
        return self

    def nothing_in(self, *_: object) -> bool:
        return False

    def redact(
        self,
        body: bytes,
        media_type: MediaType,
        policy: Policy,
        *,
        limits: Limits,
        rules: FieldRules,
        manner: Manner = USUAL,
    ) -> Redaction:
        self.before(manner.check)
        codec = self.codecs.for_media_type(media_type)
        document = codec.decode(body, limits=limits, rules=rules, charset=media_type.charset)
        manner.mark("decode")
        return self.redact_document(document, policy, names=rules.names, manner=manner)

    def redact_document(
        self,
        document: Document,
        policy: Policy,
        *,
        names: ShownNames = NO_NAMES,
        manner: Manner = USUAL,
    ) -> Redaction:
        del names
        self.before_document(manner.check)
        edits: dict[int, list[Edit]] = {}
        placed: list[Placed] = []
        for segment in document.segments:
            rule = document.rules.get(segment.index)
            if rule is not None and rule.action is FieldAction.KEEP:
                continue
            if rule is not None and rule.action is FieldAction.TREAT_AS:
                end, entity = len(segment.text), rule.entity_type
                edits[segment.index] = [Edit(0, end, f"<{entity}>", entity, "replace")]
                whole = Finding(0, end, entity, 1.0, "FieldRule")
                placed.append(Placed(segment.root, segment.kind, whole, "replace"))
                continue
            for match in SECRET.finditer(segment.text):
                start, end = match.span()
                edits.setdefault(segment.index, []).append(Edit(start, end, "<SECRET>", "SECRET", "replace"))
                finding = Finding(start, end, "SECRET", 1.0, "SecretRecognizer")
                placed.append(Placed(segment.root, segment.kind, finding, "replace"))
        manner.mark("analyze")
        body = document.encode(edits)
        manner.mark("encode")
        return Redaction(body=body, findings=tuple(placed), segments=len(document.segments))

    def review(
        self,
        remainder: Remainder,
        policy: Policy,
        *,
        names: ShownNames = NO_NAMES,
        check: Check = no_check,
    ) -> tuple[Placed, ...]:
        del remainder, policy, names
        check()
        return ()


class Evidence:
    """A log in memory. A commit waits for `gate` if it is set; with `failure` set, nothing is written."""

    origin = ORIGIN

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.failure: str | None = None
        self.gate: asyncio.Event | None = None
        self.committing = asyncio.Event()
        self.backlog = 0
        self._changed = asyncio.Event()

    @property
    def healthy(self) -> bool:
        return self.failure is None

    async def commit(self, draft: Draft) -> int:
        self.committing.set()
        if self.gate is not None:
            await self.gate.wait()
        return self.append(draft)

    def append(self, draft: Draft) -> int:
        if self.failure is not None:
            raise AuditUnavailableError(self.failure)
        self.drafts.append(draft)
        self._changed.set()
        return len(self.drafts) - 1

    async def written(self) -> None:
        if self.gate is not None:
            await self.gate.wait()

    def digest_body(self, body: bytes) -> str:
        return f"hmac-sha256:key:{len(body)}"

    def of(self, kind: Kind) -> list[dict[str, Any]]:
        return [dict(draft.fields) for draft in self.drafts if draft.kind is kind]

    async def wait_for(self, kind: Kind, count: int = 1) -> list[dict[str, Any]]:
        """Wait until there are `count` records of a kind; return them."""
        async with asyncio.timeout(10):
            while len(found := self.of(kind)) < count:
                self._changed.clear()
                await self._changed.wait()
        return found


@dataclass
class Stack:
    upstream: RawUpstream
    site: ListenerSite
    exchange: Exchange
    evidence: Evidence
    heart: Heart
    metrics: Metrics
    log: StringIO
    pool: UpstreamPool
    settings: Settings
    clients: list[Raw] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.site.url

    def metric(self, name: str, **labels: str) -> float:
        return self.metrics.registry.get_sample_value(name, labels) or 0.0

    async def connect(self) -> Raw:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.site.port)
        self.clients.append(Raw(reader, writer))
        return self.clients[-1]

    def connections(self) -> list[RequestHandler]:
        assert self.site._http is not None
        return self.site._http.connections

    def assert_nothing_forwarded(self) -> None:
        assert self.upstream.heads == 0
        assert not self.evidence.of(Kind.INTENT)
        assert not self.evidence.of(Kind.BYPASS)

    def swap(self, settings: Settings) -> None:
        self.settings = settings
        self.exchange.runtime = build_runtime(
            settings,
            heart=self.heart,
            model_digests={FAST: "sha256:none", MODEL: "sha256:model"},
            vocabulary=frozenset(),
            pool=self.pool,
            metrics=self.metrics,
        )

    def reroute(self, **changes: Any) -> None:
        routes = tuple(replace(route, **changes) for route in self.settings.routes)
        self.swap(replace(self.settings, routes=routes))

    def reserve(self, **changes: Any) -> None:
        self.swap(replace(self.settings, server=replace(self.settings.server, **changes)))


@dataclass
class Answer:
    status: int
    reason: str
    fields: list[tuple[str, str]]
    body: bytes

    def get(self, name: str) -> str | None:
        return next((value for key, value in self.fields if key.lower() == name.lower()), None)

    @property
    def names(self) -> set[str]:
        return {name.lower() for name, _ in self.fields}


class Raw:
    """A client that writes raw bytes and reads answers."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self, method: str = "POST") -> Answer:
        async with asyncio.timeout(10):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("utf-8", "surrogateescape")
            line, *lines = head[:-4].split("\r\n")
            _, status, reason = (line + " ").split(" ", 2)
            fields = [(name, value) for name, _, value in (text.partition(": ") for text in lines)]
            answer = Answer(int(status), reason.rstrip(), fields, b"")
            if method == "HEAD" or answer.status in {204, 304} or answer.status < 200:
                return answer
            if answer.get("transfer-encoding") == "chunked":
                while size := int(await self.reader.readline(), 16):
                    answer.body += await self.reader.readexactly(size)
                    await self.reader.readexactly(2)
                await self.reader.readexactly(2)
            elif answer.get("content-length") is not None:
                answer.body = await self.reader.readexactly(int(answer.get("content-length") or 0))
            else:
                answer.body = await self.reader.read()
            return answer

    async def ended(self) -> bool:
        """Whether the server ends the connection without sending another byte."""
        try:
            async with asyncio.timeout(10):
                return await self.reader.read() == b""
        except ConnectionError:
            return True

    def abort(self) -> None:
        """Reset the connection: a client that only ended its side might still want its answer."""
        connection = self.writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


def post(body: bytes, *fields: str, path: str = "/api/tickets", method: str = "POST") -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: shield.example",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *fields,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@contextlib.asynccontextmanager
async def running(
    limits: ConnectionLimits | None = None,
    tls: ListenerTls | None = None,
    proxy_protocol: ProxyProtocol | None = None,
    **route: Any,
) -> AsyncIterator[Stack]:
    upstream = RawUpstream()
    await upstream.start()
    target = Upstream("store", f"http://127.0.0.1:{upstream.port}", read_timeout=30.0, total_timeout=60.0)
    main = Route("tickets", target, POLICY, parse_path_template("/api/tickets/{rest...}"), **route)
    settings = Settings(
        digest="sha256:settings",
        proxy=Listener("127.0.0.1", 0, tls, proxy_protocol),
        admin=Listener("127.0.0.1", 0),
        routes=(main,),
        audit=AuditSettings(Path("unused"), ORIGIN),
        upstreams={"store": target},
        policies={"default": POLICY},
        server=ServerSettings(),
    )
    metrics = Metrics(CollectorRegistry())
    evidence, heart, log = Evidence(), Heart(), StringIO()
    logger = configure(LoggingSettings(level="info"), log)
    pool = UpstreamPool(metrics, logger)
    threads = ThreadPoolExecutor(1)
    worker = InspectionWorker(threads, metrics, asyncio.get_running_loop().time)
    runtime = build_runtime(
        settings,
        heart=heart,
        model_digests={FAST: "sha256:none", MODEL: "sha256:model"},
        vocabulary=frozenset(),
        pool=pool,
        metrics=metrics,
    )
    exchange = Exchange(
        runtime,
        evidence,
        metrics,
        logger,
        build="test",
        clock=asyncio.get_running_loop().time,
        random=Random(1).randbytes,
        worker=worker,
    )
    site = ListenerSite(
        settings.proxy,
        exchange,
        exchange.unhandled,
        limits or ConnectionLimits(keepalive_timeout=75.0, max_field_bytes=16 * 1024),
        ConnectionWatch(metrics.connections.open.set, lambda it: metrics.connections.closed[it].inc()),
    )
    await site.start()
    stack = Stack(upstream, site, exchange, evidence, heart, metrics, log, pool, settings)
    try:
        yield stack
    finally:
        for client in stack.clients:
            client.writer.close()
            with contextlib.suppress(ConnectionError):
                await client.writer.wait_closed()
        await site.stop()
        await upstream.stop()
        await pool.close()
        worker.close()
        threads.shutdown()
