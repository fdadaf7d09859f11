"""The real service with read-backs, in front of the demonstration store or a platform that misbehaves."""

from __future__ import annotations

import asyncio
import io
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from shield.app.hosting import Seams
from shield.app.service import Service, start_service
from shield.audit.files import FolderReader
from shield.audit.record import Draft, Kind
from shield.demo.store import running_store
from shield.evidence.reading import Entry, entries
from shield.proxy import read_backs

ORIGIN = "read.shield.example/0"


CONFIGURATION = """\
version: 1
listeners:
  proxy: {{host: 127.0.0.1, port: 0}}
  admin: {{host: 127.0.0.1, port: 0}}
upstreams:
  store: {{{upstream}}}
policies:
  default:
    detector: {{model: none}}
    entities: {{EMAIL_ADDRESS: replace, CREDIT_CARD: {{operator: mask, keep_last: 4}}}}
routes:
  - name: tickets
    match:
      host: "{host}"
      path: "/api/{{kind}}/{{rest...}}"
      media_types: [application/json, application/x-ndjson, text/plain, multipart/form-data]
    upstream: store
    policy: default
    {more}
    read_back: {{delay: {delay}, retry_interval: 10ms, attempts: 2, {rule}}}
audit: {{directory: {audit}, origin: {origin}, checkpoint_interval: 60s}}
"""


MAIL = "maria.gonzalez@example.com"
TICKET = {"ticket": {"subject": f"write to {MAIL}", "priority": 2}}


@dataclass
class Stage:
    service: Service
    session: aiohttp.ClientSession
    log: io.StringIO
    folder: Path
    port: int
    told: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)

    @property
    def url(self) -> str:
        assert self.service.proxy is not None
        return f"http://127.0.0.1:{self.service.proxy.port}"

    @property
    def store_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def write(
        self, body: object, path: str = "/api/tickets", *, method: str = "POST", **fields: str
    ) -> aiohttp.ClientResponse:
        headers = {"Content-Type": "application/json", **{k.replace("_", "-"): v for k, v in fields.items()}}
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with self.session.request(method, self.url + path, data=data, headers=headers) as response:
            await response.read()
            return response

    async def prepared(self, count: int) -> read_backs.ReadBacks:
        """Wait until `count` read-backs wait for their time."""
        runs = self.service.read_backs
        assert runs is not None
        async with asyncio.timeout(20):
            while sum(it.timer is not None for it in runs._room.waiting.values()) < count:
                await asyncio.sleep(0.001)
        return runs

    async def release(self, count: int = 1) -> None:
        """Wait for `count` read-backs, then make all that wait due now."""
        runs = await self.prepared(count)
        for pending in list(runs._room.waiting.values()):
            if pending.timer is not None:
                pending.timer.cancel()
                runs._is_due(pending)

    async def result(self) -> dict[str, Any]:
        """The next read-back record."""
        async with asyncio.timeout(20):
            return await self.told.get()

    def entries(self) -> list[Entry]:
        return list(entries(FolderReader(self.folder / "audit" / ORIGIN.replace("/", "+"))))

    def value(self, result: str) -> float | None:
        labels = {"route": "tickets", "result": result}
        return self.service.metrics.registry.get_sample_value("shield_read_backs_total", labels)

    def places(self) -> dict[str, bytes]:
        places = {"log": self.log.getvalue().encode()}
        for file in (self.folder / "audit").rglob("*"):
            if file.is_file():
                places[str(file.name)] = file.read_bytes()
        return places


@asynccontextmanager
async def serving(
    folder: Path,
    port: int,
    rule: str = "",
    *,
    delay: str = "5ms",
    more: str = "",
    tail: str = "",
    upstream: str = 'url: "http://127.0.0.1:{}"',
    host: str = "*",
) -> AsyncIterator[Stage]:
    configuration = folder / "shield.yaml"
    configuration.write_text(
        CONFIGURATION.format(
            upstream=upstream.format(port),
            host=host,
            audit=folder / "audit",
            rule=rule,
            delay=delay,
            more=more,
            origin=ORIGIN,
        )
        + tail
    )
    log = io.StringIO()
    env = {"STORE_TOKEN": "Bearer read-only-token"}
    service = await start_service(configuration, env, Seams(log_stream=log))
    assert service.audit is not None
    append = service.audit.append
    async with aiohttp.ClientSession() as session:
        stage = Stage(service, session, log, folder, port)

        def told(draft: Draft) -> int:
            index = append(draft)
            if draft.kind is Kind.READ_BACK:
                stage.told.put_nowait(dict(draft.fields))
            return index

        service.audit.append = told  # type: ignore[method-assign]
        try:
            yield stage
        finally:
            await service.stop()


@asynccontextmanager
async def with_store(folder: Path, rule: str = "", **options: str) -> AsyncIterator[Stage]:
    """The service in front of the demonstration store."""
    async with (
        running_store(folder / "store.sqlite3") as (_, port),
        serving(folder, port, rule, **options) as stage,
    ):
        yield stage


@dataclass
class Platform:
    """Storage that answers like a ticket system and misbehaves as a test says."""

    stored: dict[str, Any] = field(default_factory=dict)
    reads: list[web.Request] = field(default_factory=list)
    next_id: str | int = 1
    read: Callable[[web.Request], Awaitable[web.StreamResponse]] | None = None
    status: int = 201
    reply: Callable[[], web.Response] | None = None

    async def write(self, request: web.Request) -> web.Response:
        self.stored[str(self.next_id)] = await request.json()
        if self.reply is not None:
            return self.reply()
        return web.json_response({"ticket": {"id": self.next_id}}, status=self.status)

    async def show(self, request: web.Request) -> web.StreamResponse:
        self.reads.append(request)
        if self.read is not None:
            return await self.read(request)
        found = self.stored[request.match_info["id"]]
        return web.json_response({"ticket": {"id": 1, "created_at": "2031-05-04", **found["ticket"]}})


@asynccontextmanager
async def with_platform(
    folder: Path, rule: str = "", tls: ssl.SSLContext | None = None, *, by_id: bool = True, **options: str
) -> AsyncIterator[tuple[Platform, Stage]]:
    """The service in front of a platform, whose objects are found by their id or else by `Location`."""
    platform = Platform()
    application = web.Application()
    application.router.add_post("/api/tickets", platform.write)
    application.router.add_get("/api/tickets/{id}", platform.show)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    place = 'path: "/api/tickets/{id}", variables: {id: $.ticket.id}, ' if by_id else ""
    rule = f"{place}compare: contains, {rule}"
    try:
        async with serving(folder, runner.addresses[0][1], rule, **options) as stage:
            yield platform, stage
    finally:
        await runner.cleanup()
