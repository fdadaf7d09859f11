"""`shield serve` with workers as a process, a load generator, and the checks on what it saw."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import ssl
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shield.audit.files import FolderReader
from shield.evidence.reading import Period, Source
from shield.evidence.reconcile import reconcile
from tests.leak.stage import Upstream, configuration_of
from tests.warm import python

MAIL = "maria.planted@example.com"
SECONDS = 60.0
EASED_SECONDS = 0.1
ANEW = (sys.executable,)
"""A Python that has imported nothing."""
_NUMBER = re.compile(rb'"n":\s*(\d+)')


@dataclass
class Load:
    """Clients that send one write after the other; `bad` lists what no client should see."""

    port: int
    number: int = 0
    answered: set[int] = field(default_factory=set)
    refused: Counter[int] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)
    connections: int = 0
    lenient: bool = False  # connections may break off when a worker is killed
    allowed: frozenset[int] = frozenset()
    pause: float = 0.0  # seconds between two writes of a client
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _ending: bool = False
    _answered: asyncio.Condition = field(default_factory=asyncio.Condition)

    def start(self, clients: int) -> None:
        self._tasks = [asyncio.create_task(self._client(each)) for each in range(1, clients + 1)]

    async def stop(self) -> None:
        self._ending = True
        async with asyncio.timeout(SECONDS):
            await asyncio.gather(*self._tasks)

    @contextlib.contextmanager
    def eased(self) -> Iterator[None]:
        """Write seldom meanwhile: what loads detectors, or waits for a limit, needs no press of writes.

        At full speed the clients would take the cores from it, and from all other tests.
        """
        self.pause = EASED_SECONDS
        try:
            yield
        finally:
            self.pause = 0.0

    async def more(self, number: int) -> None:
        """Return after `number` more writes were answered."""
        goal = len(self.answered) + number
        async with asyncio.timeout(SECONDS), self._answered:
            await self._answered.wait_for(lambda: len(self.answered) >= goal)

    async def _client(self, most: int) -> None:
        """Open a connection for up to `most` writes, then another."""
        while not self._ending:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError as error:
                self.bad.append(f"connect: {error}")
                await asyncio.sleep(0.05)
                continue
            self.connections += 1
            try:
                for _ in range(most):
                    if self._ending or not await self._write(reader, writer):
                        break
                    if self.pause:
                        await asyncio.sleep(self.pause)
            except (OSError, EOFError) as error:
                if not self.lenient:
                    self.bad.append(f"exchange: {type(error).__name__} {error}")
            finally:
                writer.close()

    async def _write(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        self.number += 1
        number = self.number
        body = json.dumps({"n": number, "text": f"write to {MAIL}"}).encode()
        writer.write(
            b"POST /t HTTP/1.1\r\nHost: s\r\nContent-Type: application/json\r\n"
            + f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        assert length is not None
        await reader.readexactly(int(length[1]))
        status = int(head.split()[1])
        if status == 201:
            async with self._answered:
                self.answered.add(number)
                self._answered.notify_all()
        elif status in self.allowed:
            self.refused[status] += 1
        else:
            self.bad.append(f"status {status}")
        return b"connection: close" not in head.lower()


@dataclass
class Fleet:
    """The running program."""

    process: asyncio.subprocess.Process
    started_by: Sequence[str]
    upstream: Upstream
    folder: Path
    lines: list[dict[str, Any]]
    raw: list[bytes]
    port: int = 0
    admin: int = 0
    credentials: str = ""  # a header line for the admin listener
    reading: asyncio.Task[None] | None = None
    _read: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def configuration(self) -> Path:
        return self.folder / "shield.yaml"

    async def read(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.raw.append(line)
            async with self._read:
                if line.startswith(b"{"):
                    self.lines.append(json.loads(line))
                self._read.notify_all()
        async with self._read:
            self.lines.append({"event": "eof"})
            self._read.notify_all()

    async def line(self, event: str, since: int = 0, **fields: Any) -> dict[str, Any]:
        """Wait for the first log line of that event with those fields, from line `since` on."""

        place = since  # of the first line not looked at: under load there are thousands

        def found() -> dict[str, Any] | None:
            nonlocal place
            while place < len(self.lines):
                line = self.lines[place]
                if line["event"] == event and all(line.get(key) == value for key, value in fields.items()):
                    return line
                if line["event"] == "eof":
                    raise AssertionError(b"".join(self.raw[-20:]).decode())
                place += 1
            return None

        async with self._read:
            try:
                async with asyncio.timeout(SECONDS):
                    return await self._read.wait_for(found)  # type: ignore[return-value, arg-type]
            except TimeoutError:
                raise AssertionError(f"no {event}: " + b"".join(self.raw[-20:]).decode()) from None

    async def serving(self, since: int = 0) -> None:
        """Read the process's log until it takes traffic."""
        self.reading = asyncio.create_task(self.read())
        started = await self.line("supervising", since)
        self.port = started["proxy"][0][1]
        self.admin = int(started["admin"].rpartition(":")[2])

    async def again(self) -> None:
        """Wait until all the program's processes have ended, then start it again in the same folder."""
        await self.process.wait()
        assert self.reading is not None
        async with asyncio.timeout(SECONDS):
            await self.reading  # ends with the last process that holds standard error open
        self.lines.pop()
        self.process = await spawn(self.folder, self.started_by)
        await self.serving(len(self.lines))

    def signal(self, number: int) -> int:
        """Send the signal; return the number of log lines so far."""
        since = len(self.lines)
        self.process.send_signal(number)
        return since

    def pid(self, slot: int) -> int:
        """The process id of a slot's newest worker."""
        lines = [it for it in self.lines if it["event"] == "worker_started" and it["slot"] == slot]
        return int(lines[-1]["pid"])

    def nursery(self) -> int:
        """The id of the process that creates the workers, once it exists."""
        children = (
            Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text("ascii").split()
        )
        (pid,) = (it for it in children if b"shield.app.nursery" in Path(f"/proc/{it}/cmdline").read_bytes())
        return int(pid)

    async def page(self, path: str) -> tuple[int, bytes]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.admin)
        head = f"GET {path} HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n"
        writer.write(f"{head}{self.credentials}\r\n".encode())
        answer, _, body = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        return int(answer.split()[1]), body

    async def metric(self, name: str, **labels: str) -> float | None:
        _, body = await self.page("/metrics")
        for line in body.decode().splitlines():
            if re.match(rf"{name}[ {{]", line) and all(f'{key}="{it}"' in line for key, it in labels.items()):
                return float(line.rpartition(" ")[2])
        return None

    async def until(self, holds: Callable[[], Any]) -> None:
        """Poll until it holds."""
        async with asyncio.timeout(SECONDS):
            while not await holds():
                await asyncio.sleep(0.05)

    async def stop(self) -> int:
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(SECONDS):
            return await self.process.wait()

    # What must hold whatever was done to the program.

    def received(self) -> Counter[int]:
        """How often each write reached the upstream."""
        return Counter(int(number) for number in _NUMBER.findall(bytes(self.upstream.received)))

    def check(self, load: Load) -> None:
        """No answered write is lost or doubled, none is unredacted, and each log reconciles."""
        assert load.bad == []
        received = self.received()
        assert load.answered - received.keys() == set()
        assert [number for number, times in received.items() if times > 1] == []
        assert MAIL.encode() not in self.upstream.received
        assert MAIL.encode() not in b"".join(self.raw)
        certain = possible = 0
        for log in self.logs():
            period = Period(None, None)
            result = reconcile(Source(log.folder.name, log), period, interval_us=60_000_000)
            assert result.problems == (), log.folder
            certain += result.completeness.certain
            possible += result.completeness.possible
        assert certain <= len(received) <= possible

    def logs(self) -> list[FolderReader]:
        folders = (path for path in (self.folder / "audit").iterdir() if path.is_dir())
        return [FolderReader(path) for path in sorted(folders) if path.name not in {"keys", "anchors"}]


def write_configuration(
    folder: Path,
    port: int,
    *,
    server: str,
    entities: str = "EMAIL_ADDRESS: replace",
    proxy_port: int = 0,
    anchors: str = "",
    model: str = "none",
    recognizers: str = "default",
    read_timeout: str = "5s",
    listener_tls: str = "",
    upstream_tls: str = "",
    more: str = "",
) -> Path:
    path = folder / "shield.yaml"
    text = configuration_of(
        folder,
        port,
        entities,
        model=model,
        recognizers=f"[{recognizers}]",
        server=server,
        anchors=anchors,
        read_timeout=read_timeout,
    )
    text = text.replace("body_timeout: 2s", "body_timeout: 60s")  # bodies may stall during a rolling reload
    text = text.replace("total: 10s", "total: 60s")  # `read_timeout` alone decides
    if upstream_tls:
        text = text.replace(
            "    url: http://127.0.0.1:", f"    tls: {upstream_tls}\n    url: https://127.0.0.1:"
        )
    tls = f", tls: {listener_tls}" if listener_tls else ""
    path.write_text(text.replace("port: 0}", f"port: {proxy_port}{tls}}}", 1) + more)
    return path


async def spawn(folder: Path, started_by: Sequence[str], **environment: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *started_by, "-m", "shield", "serve", "-c", str(folder / "shield.yaml"),
        stderr=asyncio.subprocess.PIPE, env={**os.environ, **environment}, limit=2**20,
    )  # fmt: skip


@asynccontextmanager
async def fleet(
    folder: Path,
    *,
    workers: int = 2,
    server: str = "",
    proxy_port: int = 0,
    anchors: str = "",
    model: str = "none",
    recognizers: str = "default",
    read_timeout: str = "5s",
    listener_tls: str = "",
    upstream_tls: str = "",
    context: ssl.SSLContext | None = None,
    more: str = "",
    started_by: Sequence[str] = (),
    **environment: str,
) -> AsyncIterator[Fleet]:
    """The program with `workers` workers and a recording upstream; killed at the end if it still runs.

    `more` is appended to its configuration. With `context` the upstream speaks TLS, which `upstream_tls` then
    is about. Its processes have imported the program already (`tests.warm`), unless they are `started_by`
    something else: `ANEW` where the test is of the processes themselves, or their program is not this one.
    """
    upstream = Upstream()
    listener = await asyncio.start_server(upstream.serve, "127.0.0.1", 0, ssl=context)
    upstream.port = listener.sockets[0].getsockname()[1]
    keys = f"workers: {workers}, drain_idle: 300ms" + (f", {server}" if server else "")
    write_configuration(
        folder,
        upstream.port,
        server=keys,
        proxy_port=proxy_port,
        anchors=anchors,
        model=model,
        recognizers=recognizers,
        read_timeout=read_timeout,
        listener_tls=listener_tls,
        upstream_tls=upstream_tls,
        more=more,
    )
    started_by = started_by or (python(),)
    running = Fleet(await spawn(folder, started_by, **environment), started_by, upstream, folder, [], [])
    try:
        await running.serving()
        yield running
    finally:
        if running.process.returncode is None:
            for line in running.lines:
                if line["event"] == "worker_started":  # a stopped one would not notice its supervisor's end
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(line["pid"], signal.SIGCONT)
            running.process.kill()
            await running.process.wait()
        if running.reading is not None:
            await running.reading
        listener.close()
        await upstream.end()
