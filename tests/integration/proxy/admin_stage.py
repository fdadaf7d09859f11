"""The admin pages on a real socket, over a fake instance."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from prometheus_client import CollectorRegistry

from shield.config.proxy_protocol import ProxyProtocol
from shield.config.settings import Listener, ListenerTls, Settings
from shield.config.settings_callers import AdminAccess, AdminCaller, AdminRole
from shield.errors import AuditUnavailableError
from shield.proxy.admin.gate import Gate
from shield.proxy.admin.instance import LatestReload, ReloadResult, worker_status
from shield.proxy.admin.operations import WorkerStatus
from shield.proxy.admin.pages import ADMIN_LIMITS, AdminPages
from shield.proxy.callers import key_digest
from shield.proxy.listener import ListenerSite
from shield.telemetry.logging import silent
from shield.telemetry.metrics import Metrics
from tests.unit.config.sample import load_sample

KEYS = {
    "scraper": "shield_key-of-scraper",
    "viewer": "shield_key-of-viewer",
    "oncall": "shield_key-of-oncall",
}
ROLES = {"scraper": AdminRole.METRICS, "viewer": AdminRole.VIEWER, "oncall": AdminRole.OPERATOR}
CALLERS = AdminAccess(
    {
        name: AdminCaller(
            name, role, frozenset({key_digest(KEYS[name].encode())}), frozenset({f"dns:{name}.example"})
        )
        for name, role in ROLES.items()
    },
    rate=10_000,
)
AFTER = "sha256:" + "a" * 64


def bearer(name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {KEYS[name]}"}


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class MadeUp:
    """A fake `Instance` that a test controls."""

    settings: Settings
    metrics: Metrics
    reasons: list[str] = field(default_factory=list)
    serving: bool = True
    latest_reload: LatestReload | None = None
    origins: Sequence[str] = ("shield.example/log-0",)
    outcome: ReloadResult = field(default_factory=lambda: ReloadResult("sha256:" + "b" * 64, AFTER))
    reloads: list[str | None] = field(default_factory=list)

    def dead(self) -> Sequence[str]:
        return ()

    def not_ready(self) -> Sequence[str]:
        return self.reasons

    async def refresh(self) -> None: ...

    def workers(self) -> Sequence[WorkerStatus]:
        return [worker_status(0, 4711, "ready", [], ())]

    async def reload(self, expected: str | None = None) -> ReloadResult:
        self.reloads.append(expected)
        return self.outcome


@dataclass
class Notes:
    """Stands for `AdminRecords`."""

    noted: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    broken: bool = False

    async def note(self, caller: str, action: str, filters: Mapping[str, str]) -> None:
        if self.broken:
            raise AuditUnavailableError("made up")
        self.noted.append((caller, action, {name: it for name, it in filters.items() if it}))


@dataclass
class Admin:
    instance: MadeUp
    notes: Notes
    clock: Clock
    pages: AdminPages
    site: ListenerSite
    client: httpx.AsyncClient

    async def get(self, path: str, caller: str = "", **more: Any) -> httpx.Response:
        return await self.client.get(path, headers=bearer(caller) if caller else {}, **more)

    async def post(self, path: str, caller: str = "", **more: Any) -> httpx.Response:
        return await self.client.post(path, headers=bearer(caller) if caller else {}, **more)


@asynccontextmanager
async def admin_stage(
    access: AdminAccess = CALLERS,
    *,
    tls: ListenerTls | None = None,
    verify: Any = True,
    proxy_protocol: ProxyProtocol | None = None,
) -> AsyncIterator[Admin]:
    registry = CollectorRegistry()
    instance = MadeUp(load_sample().settings, Metrics(registry))
    listener, clock, notes = Listener("127.0.0.1", 0, tls, proxy_protocol), Clock(), Notes()
    pages = AdminPages(
        registry, silent(), instance, Gate(listener, access, clock), notes, clock=clock  # type: ignore[arg-type]
    )  # fmt: skip
    site = ListenerSite(listener, pages, pages.unhandled, ADMIN_LIMITS)
    await site.start()
    url = site.url if tls is None else f"https://localhost:{site.port}"
    async with httpx.AsyncClient(base_url=url, verify=verify) as client:
        yield Admin(instance, notes, clock, pages, site, client)
    await site.stop()
