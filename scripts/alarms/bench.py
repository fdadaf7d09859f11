"""What the alarms are tried on: the program, a storage behind it, a client before it, and Prometheus."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from aiohttp import web

from scripts.alarms.times import shortened
from shield.demo.stack import free_ports

PROJECT = Path(__file__).resolve().parents[2]
RULES = PROJECT / "config" / "observability" / "prometheus"
FAULTS = Path(__file__).with_name("faults")
SCRAPE = "500ms"
PATIENCE = 90.0
START_SECONDS = 120.0
_KEPT = 200  # objects of the storage


class NotSeenError(Exception):
    """What a scene waits for did not come in time."""


async def until(what: str, holds: Callable[[], Awaitable[bool]], seconds: float = PATIENCE) -> float:
    """Wait until `holds`; returns for how many seconds. Raises NotSeenError."""
    clock = asyncio.get_running_loop().time
    began = clock()
    while not await holds():
        if clock() - began > seconds:
            raise NotSeenError(f"{what}: not within {seconds:g} s")
        await asyncio.sleep(0.2)
    return clock() - began


@dataclass
class Storage:
    """The upstream: how it answers is a field."""

    port: int
    status: int = 201
    held: asyncio.Event | None = None
    content: bytes | None = None
    """What reads give; None: what was written."""
    read_status: int = 200
    _number: int = 0
    _objects: dict[str, bytes] = field(default_factory=dict)

    async def answer(self, request: web.BaseRequest) -> web.Response:
        body = await request.read()
        if self.held is not None:
            await self.held.wait()
        if request.method == "GET":
            found = self._objects.get(request.path, b"{}") if self.content is None else self.content
            return web.Response(status=self.read_status, body=found, content_type="application/json")
        self._number += 1
        self._objects = {**dict([*self._objects.items()][-_KEPT:]), f"/o/{self._number}": body}
        answer = json.dumps({"id": self._number}).encode()
        return web.Response(status=self.status, body=answer, content_type="application/json")

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        runner = web.ServerRunner(web.Server(self.answer))
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", self.port).start()
            yield
        finally:
            await runner.cleanup()


@dataclass
class Shield:
    """`shield serve` in a folder of its own."""

    folder: Path
    proxy: int
    admin: int
    storage: int
    configuration: dict[str, Any]
    process: asyncio.subprocess.Process | None = None
    lines: list[Mapping[str, Any]] = field(default_factory=list)
    _reading: asyncio.Task[None] | None = None
    _began: int = 0  # how many lines there were before the present start

    def write(self) -> None:
        (self.folder / "shield.yaml").write_text(yaml.safe_dump(self.configuration))

    def faults(self, **switched: object) -> None:
        """These faults from now on, and no others."""
        (self.folder / "faults.json").write_text(json.dumps(switched))

    async def start(self) -> None:
        """Start, and wait until it is ready with all of its workers: one is enough for `/readyz`."""
        self.write()
        self._began = len(self.lines)
        paths = os.pathsep.join(map(str, (FAULTS, self.folder / "entry", PROJECT)))
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "shield", "serve", "-c", self.folder / "shield.yaml", cwd=self.folder,
            stderr=asyncio.subprocess.PIPE, limit=2**20,
            env={**os.environ, "PYTHONPATH": paths, "ALARM_FAULTS": str(self.folder / "faults.json")},
        )  # fmt: skip
        self._reading = asyncio.create_task(self._read(self.process))
        await until("the start", self._is_ready, START_SECONDS)

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None  # noqa: S101  it is a pipe
        async for line in process.stderr:
            with contextlib.suppress(ValueError):
                self.lines.append(json.loads(line))

    async def _is_ready(self) -> bool:
        if self.process is not None and self.process.returncode is not None:
            raise NotSeenError(f"it ended with {self.process.returncode}: {self.lines[-3:]}")
        if not any(line.get("event") == "supervising" for line in self.lines[self._began :]):
            return False
        url = f"http://127.0.0.1:{self.admin}/readyz"
        with contextlib.suppress(OSError, aiohttp.ClientError):
            async with aiohttp.ClientSession() as session, session.get(url) as answer:
                return answer.status == 200  # noqa: PLR2004  OK
        return False

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        if process.returncode is None:
            process.send_signal(number)
        try:
            await asyncio.wait_for(process.wait(), 60)
        except TimeoutError:
            process.kill()
            await process.wait()
        if self._reading is not None:
            await self._reading

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None  # noqa: S101  it runs
        self.process.send_signal(number)

    def last(self, event: str, **fields: object) -> Mapping[str, Any] | None:
        """The newest log line of an event, with these fields."""
        return next(
            (
                line
                for line in reversed(self.lines)
                if line.get("event") == event and fields.items() <= line.items()
            ),
            None,
        )

    def worker(self, slot: int = 0) -> int:
        """The process id of a worker."""
        line = self.last("worker_started", slot=slot) or {}
        return int(line["pid"])


@dataclass
class Bench:
    """One Prometheus, and what a scene needs. `body` and the rest say what the client sends."""

    folder: Path
    prometheus: str
    ports: tuple[int, ...]
    shields: list[Shield] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    _client: asyncio.Task[None] | None = None
    path: str = "/t"
    media_type: str = "application/json"
    body: bytes = b'{"text": "badge-17 wrote from maria@example.com"}'
    pause: float = 0.1

    def reset(self) -> None:
        """The client sends again what it usually does."""
        self.path, self.media_type, self.body, self.pause = (
            Bench.path,
            Bench.media_type,
            Bench.body,
            Bench.pause,
        )

    def name_targets(self, *ports: int) -> None:
        """What Prometheus scrapes."""
        targets = [{"targets": [f"127.0.0.1:{port}" for port in ports]}]
        (self.folder / "targets.json").write_text(json.dumps(targets))

    async def firing(self) -> set[str]:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{self.prometheus}/api/v1/alerts") as answer,
        ):
            found = (await answer.json())["data"]["alerts"]
        return {
            " ".join(filter(None, (alert["labels"]["alertname"], alert["labels"].get("burn"))))
            for alert in found
            if alert["state"] == "firing"
        }

    async def fires(self, *names: str) -> dict[str, float]:
        """Wait for alarms; returns for how many seconds each."""

        async def wait(name: str) -> float:
            async def holds() -> bool:
                return name in await self.firing()

            return await until(f"{name} does not fire", holds)

        return dict(zip(names, await asyncio.gather(*map(wait, names)), strict=True))

    async def clears(self, *names: str) -> dict[str, float]:
        """Wait for alarms to be gone; returns for how many seconds each."""

        async def wait(name: str) -> float:
            async def holds() -> bool:
                return name not in await self.firing()

            return await until(f"{name} does not clear", holds)

        return dict(zip(names, await asyncio.gather(*map(wait, names)), strict=True))

    @asynccontextmanager
    async def sending(self, shield: Shield, clients: int = 2) -> AsyncIterator[None]:
        """Clients that write the whole time, one write after the other."""
        tasks = [asyncio.create_task(self._write(shield)) for _ in range(clients)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _write(self, shield: Shield) -> None:
        async with aiohttp.ClientSession() as session:
            while True:
                url = f"http://127.0.0.1:{shield.proxy}{self.path}"
                with contextlib.suppress(OSError, aiohttp.ClientError, TimeoutError):
                    async with session.post(
                        url, data=self.body, headers={"Content-Type": self.media_type}
                    ) as answer:
                        await answer.read()
                        self.statuses.append(answer.status)
                await asyncio.sleep(self.pause)

    async def wait(self, seconds: float) -> None:
        """For history to be made: what is waited for is the time itself."""
        await asyncio.sleep(seconds)


BASE: Mapping[str, Any] = {
    "version": 1,
    "policies": {
        "default": {
            "detector": {"model": "none", "recognizers": ["default", "Badge"]},
            "entities": {"EMAIL_ADDRESS": "replace", "BADGE": "replace"},
        }
    },
    "server": {"workers": 1, "drain_timeout": "2s"},
}


def merged(base: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """A configuration with another laid over it."""
    made = dict(base)
    for name, value in more.items():
        below = made.get(name)
        made[name] = merged(below, value) if isinstance(value, dict) and isinstance(below, dict) else value
    return made


def shield_of(
    folder: Path, ports: tuple[int, int, int], route: Mapping[str, Any], more: Mapping[str, Any]
) -> Shield:
    """A shield that does not run yet; `route` is laid over its one route, `more` over all."""
    proxy, admin, storage = ports
    folder.mkdir(parents=True)
    entry = folder / "entry" / "alarm_recognizer-1.dist-info"
    entry.mkdir(parents=True)
    (entry / "METADATA").write_text("Metadata-Version: 2.1\nName: alarm-recognizer\nVersion: 1\n")
    (entry / "entry_points.txt").write_text("[shield.recognizers]\nBadge = alarm_recognizer:Badge\n")
    configuration = merged(
        BASE,
        {
            "listeners": {
                "proxy": {"host": "127.0.0.1", "port": proxy},
                "admin": {"host": "127.0.0.1", "port": admin},
            },
            "upstreams": {"store": {"url": f"http://127.0.0.1:{storage}"}},
            "routes": [
                {
                    "name": "all", "match": {"path": "/{rest...}"}, "upstream": "store", "policy": "default",
                    **route,
                }
            ],
            "audit": {
                "directory": str(folder / "audit"), "origin": "alarms.example",
                "checkpoint_interval": "1s", "heartbeat_interval": "1s",
            },
        },
    )  # fmt: skip
    return Shield(folder, proxy, admin, storage, merged(configuration, more))


@asynccontextmanager
async def prometheus(folder: Path) -> AsyncIterator[Bench]:
    """A Prometheus with the shipped rules, shortened."""
    rules = folder / "rules"
    rules.mkdir()
    for path in sorted((RULES / "rules").glob("*.yml")):
        (rules / path.name).write_text(yaml.safe_dump(shortened(yaml.safe_load(path.read_text()))))
    shipped = yaml.safe_load((RULES / "prometheus.yml").read_text())
    shipped["global"] = {
        "scrape_interval": SCRAPE, "scrape_timeout": SCRAPE, "evaluation_interval": SCRAPE,
    }  # fmt: skip
    shipped["rule_files"] = [f"{rules}/*.yml"]
    job = shipped["scrape_configs"][0]
    del job["static_configs"]
    job["file_sd_configs"] = [{"files": [str(folder / "targets.json")], "refresh_interval": "1s"}]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(shipped))
    port, *ports = free_ports(9)
    bench = Bench(folder, f"http://127.0.0.1:{port}", tuple(ports))
    bench.name_targets()
    with (folder / "prometheus.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            "prometheus", f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'data'}", f"--web.listen-address=127.0.0.1:{port}",
            stdout=log, stderr=log,
        )  # fmt: skip
    try:

        async def answers() -> bool:
            with contextlib.suppress(OSError, aiohttp.ClientError):
                await bench.firing()
                return True
            return False

        await until("Prometheus", answers)
        yield bench
    finally:
        process.terminate()
        await process.wait()
