"""The leak suite's set-up: the real service, a recording upstream, a raw client, and all places to hunt.

The upstream is a bare asyncio server that keeps every byte it receives; a test sets how it answers. The
client is a socket, so that a test can send what no HTTP library would.
"""

from __future__ import annotations

import asyncio
import io
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from shield.app.hosting import Seams
from shield.app.service import Service, start_service

CREATED = b'HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{"id":1}'

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


async def created(writer: asyncio.StreamWriter) -> None:
    writer.write(CREATED)
    await writer.drain()


@dataclass
class Upstream:
    """Records what it receives, and calls `answer` once a whole request has arrived."""

    received: bytearray = field(default_factory=bytearray)
    answer: Answer = created
    early: Answer | None = None  # answers once the head of a request is there
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0
    presented: list[bytes | None] = field(default_factory=list)  # certificates, one for each TLS connection
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        if (tls := writer.get_extra_info("ssl_object")) is not None:
            self.presented.append(tls.getpeercert(binary_form=True))
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.received += head
                length = next(
                    (
                        int(line.split(b":")[1])
                        for line in head.split(b"\r\n")
                        if line.lower().startswith(b"content-length:")
                    ),
                    0,
                )
                if self.early is not None:
                    await self.early(writer)
                self.received += await reader.readexactly(length)
                self.arrived.set()
                if self.early is None:
                    await self.answer(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            self._tasks.discard(task)

    def forget(self) -> None:
        self.received.clear()
        self.arrived.clear()
        self.answer = created
        self.early = None

    async def end(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@dataclass
class Stage:
    service: Service
    upstream: Upstream
    log: io.StringIO
    audit: Path
    held: list[asyncio.StreamWriter] = field(default_factory=list)
    trust: ssl.SSLContext | None = None  # what its clients speak TLS with

    @property
    def port(self) -> int:
        assert self.service.proxy is not None
        return self.service.proxy.port

    async def send(self, raw: bytes, *, then_close: bool = False) -> bytes:
        """Send bytes; return all that comes back until the other side closes or its answer is complete."""
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self.port, ssl=self.trust, server_hostname=self.trust and "localhost"
        )
        try:
            writer.write(raw)
            await writer.drain()
            if then_close:
                writer.write_eof()
            return await asyncio.wait_for(_reply(reader), 20)
        finally:
            writer.close()

    async def post(
        self, body: bytes, media_type: str = "application/json", path: str = "/t", fields: str = ""
    ) -> bytes:
        head = (
            f"POST {path} HTTP/1.1\r\nHost: shield.example\r\nContent-Type: {media_type}\r\n"
            f"Content-Length: {len(body)}\r\n{fields}\r\n"
        )
        return await self.send(head.encode() + body)

    async def metrics(self) -> bytes:
        assert self.service.admin is not None
        reader, writer = await asyncio.open_connection("127.0.0.1", self.service.admin.port)
        writer.write(b"GET /metrics HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n\r\n")
        await writer.drain()
        page = await reader.read()
        writer.close()
        return page

    async def places(self) -> dict[str, bytes]:
        """Everything that has left the process so far, except what the upstream and the sender got."""
        places = {}
        if not self.service.parts.stopping:
            if self.service.audit is not None and self.service.audit.healthy:
                await self.service.audit.checkpoint()  # so that all records are in files
            places["metrics"] = await self.metrics()
        places["log"] = self.log.getvalue().encode()
        for file in self.audit.rglob("*"):
            if file.is_file():
                places[f"audit/{file.relative_to(self.audit)}"] = file.read_bytes()
        return places


async def _reply(reader: asyncio.StreamReader) -> bytes:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        return error.partial
    lines = head.lower().split(b"\r\n")
    length = next((int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:")), None)
    if length is None:
        return head + await reader.read()
    return head + await reader.readexactly(length)


_CONFIGURATION = """\
version: 1
listeners:
  proxy: {{host: 127.0.0.1, port: 0}}
  admin: {{host: 127.0.0.1, port: 0}}
upstreams:
  store:
    url: http://127.0.0.1:{port}
    timeouts: {{connect: 1s, read: {read_timeout}, total: 10s}}
policies:
  default:
    detector: {{model: "{model}", recognizers: {recognizers}}}
    entities:
{entities}
routes:
  - name: all
    match:
      path: /t
      media_types: [application/json, application/x-ndjson, application/json-seq, "text/*",
        application/x-www-form-urlencoded, application/x-subrip, application/xml, "*/*+xml",
        multipart/form-data]
    upstream: store
    policy: default
    mode: {mode}
    on_error: {on_error}
    body_timeout: 2s
    deadline: {deadline}
    on_deadline: {on_deadline}
    limits: {{body: 100kB, decoded: 200kB}}
  - name: object
    match: {{path: "/o/{{id}}"{object_match}}}
    upstream: store
    policy: default
    deadline: {deadline}
    on_deadline: {on_deadline}
    {object_route}
server: {{{server}}}
audit:
  directory: {audit}
  origin: leak.shield.example/0
  checkpoint_interval: 60s
  heartbeat_interval: {heartbeat}
  anchors: {{{anchors}}}
"""

_USUAL = {
    "model": "none",
    "recognizers": "[default]",
    "mode": "enforce",
    "on_error": "block",
    "deadline": "10s",
    "on_deadline": "block",
    "read_timeout": "5s",
    "server": "",
    "heartbeat": "60s",
    "anchors": "",
    "object_match": "",
    "object_route": "",
}


def configuration_of(folder: Path, port: int, entities: str, **others: str) -> str:
    """A configuration for storage at `port`; `entities` are YAML lines, and the audit log is in `folder`."""
    lines = "\n".join(f"      {line}" for line in entities.splitlines())
    return _CONFIGURATION.format(**{**_USUAL, **others}, port=port, audit=folder / "audit", entities=lines)


ENTITIES = (
    "PERSON", "LOCATION", "EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "IBAN_CODE", "US_SSN", "US_ITIN",
    "US_PASSPORT", "US_BANK_NUMBER", "UK_NHS", "MEDICAL_LICENSE", "IP_ADDRESS", "CRYPTO",
)  # fmt: skip


@asynccontextmanager
async def stage(
    folder: Path,
    *,
    model: str = "none",
    listed: str = "[default]",
    mode: str = "enforce",
    on_error: str = "block",
    deadline: str = "10s",
    on_deadline: str = "block",
    person: bool = False,
    read_timeout: str = "5s",
    server: str = "",
    heartbeat: str = "60s",
    anchors: str = "",
    listening: bool = True,
    object_match: str = "",
    object_route: str = "",
    operator: str = "replace",
    url: str = "http://127.0.0.1",
    tls: str = "{}",
    context: ssl.SSLContext | None = None,
    listener_tls: str = "",
    more: str = "",
    **seams: object,
) -> AsyncIterator[Stage]:
    """The real service in front of a recording upstream; both are stopped at the end.

    `listed` is `detector.recognizers`; among the seams, `recognizers` are objects that a test adds to them.
    """
    upstream = Upstream()
    listener = await asyncio.start_server(upstream.serve, "127.0.0.1", 0, ssl=context)
    upstream.port = listener.sockets[0].getsockname()[1]
    if not listening:
        listener.close()
    without_model = set() if model != "none" or person else {"PERSON", "LOCATION"}
    configuration = folder / "shield.yaml"
    configuration.write_text(
        configuration_of(
            folder,
            upstream.port,
            "\n".join(f"{name}: {operator}" for name in ENTITIES if name not in without_model),
            model=model,
            recognizers=listed,
            mode=mode,
            on_error=on_error,
            deadline=deadline,
            on_deadline=on_deadline,
            read_timeout=read_timeout,
            server=server,
            heartbeat=heartbeat,
            anchors=anchors,
            object_match=object_match,
            object_route=object_route,
        )
        .replace("    url: http://127.0.0.1:", f"    tls: {tls}\n    url: {url}:")
        .replace("port: 0}", f"port: 0, tls: {listener_tls}}}" if listener_tls else "port: 0}", 1)
        + more
    )
    log = io.StringIO()
    service = await start_service(configuration, {}, Seams(log_stream=log, **seams))  # type: ignore[arg-type]
    running = Stage(service, upstream, log, folder / "audit")
    try:
        yield running
    finally:
        for writer in running.held:
            writer.close()
        listener.close()
        await upstream.end()
        await service.stop()
