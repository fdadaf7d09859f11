"""A real Prometheus scrapes the running shield, and its alerts fire when they should.

Prometheus runs with the shipped rules and a quarter of a second between scrapes. It sends each alert to a
receiver here, as it would to an Alertmanager, so nothing here waits by the clock.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from aiohttp import web

from shield.demo.stack import free_ports
from tests.leak.broken import FailingFiles, LateRaising
from tests.leak.rows import request
from tests.leak.stage import stage
from tests.observability.programs import OBSERVABILITY, RULES, needs_prometheus

INTERVAL = "250ms"
PATIENCE = 60.0


@dataclass
class Receiver:
    """Takes what Prometheus sends to an Alertmanager."""

    firing: dict[str, dict[str, str]] = field(default_factory=dict)  # name -> labels
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def take(self, received: web.Request) -> web.Response:
        for alert in await received.json():
            self.firing[alert["labels"]["alertname"]] = alert["labels"]
        async with self._news:
            self._news.notify_all()
        return web.json_response({})

    async def wait_for(self, name: str) -> dict[str, str]:
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(lambda: name in self.firing)
        return self.firing[name]


@dataclass
class Prometheus:
    url: str
    receiver: Receiver

    async def alerts(self) -> dict[str, dict[str, Any]]:
        """The alerts that are firing by Prometheus' own API."""
        async with aiohttp.ClientSession() as session, session.get(f"{self.url}/api/v1/alerts") as answer:
            found = (await answer.json())["data"]["alerts"]
        return {alert["labels"]["alertname"]: alert for alert in found if alert["state"] == "firing"}


@contextlib.asynccontextmanager
async def prometheus(folder: Path, admin_port: int) -> AsyncIterator[Prometheus]:
    receiver = Receiver()
    application = web.Application()
    application.router.add_post("/api/v2/alerts", receiver.take)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver_port = runner.addresses[0][1]

    shipped = yaml.safe_load((OBSERVABILITY / "prometheus" / "prometheus.yml").read_text("utf-8"))
    shipped["global"] = {
        "scrape_interval": INTERVAL,
        "scrape_timeout": INTERVAL,
        "evaluation_interval": INTERVAL,
    }
    shipped["rule_files"] = [str(path) for path in RULES]
    shipped["scrape_configs"][0]["static_configs"] = [{"targets": [f"127.0.0.1:{admin_port}"]}]
    shipped["alerting"] = {
        "alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{receiver_port}"]}]}]
    }
    (folder / "prometheus.yml").write_text(yaml.safe_dump(shipped))
    (port,) = free_ports(1)
    with (folder / "prometheus.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            "prometheus",
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}",
            stdout=log,
            stderr=log,
        )
    try:
        yield Prometheus(f"http://127.0.0.1:{port}", receiver)
    finally:
        process.terminate()
        await process.wait()
        await runner.cleanup()


@needs_prometheus
async def test_a_bypass_and_a_failed_audit_log_raise_their_alarms(tmp_path: Path) -> None:
    files = FailingFiles(5, ("fdatasync",))
    async with stage(tmp_path, on_error="bypass", recognizers=(LateRaising(),), audit_files=files) as running:
        assert running.service.admin is not None
        async with prometheus(tmp_path, running.service.admin.port) as watching:
            await watching.receiver.wait_for("ShieldWatchdog")  # scraped, evaluated and sent
            calm = await watching.alerts()
            assert {"ShieldBypass", "ShieldAuditUnhealthy", "ShieldRecognizerErrors"}.isdisjoint(calm)

            assert (await running.send(request())).startswith(b"HTTP/1.1 201 ")
            labels = await watching.receiver.wait_for("ShieldBypass")
            assert (labels["route"], labels["reason"]) == ("all", "detection_incomplete")
            assert labels["severity"] == "page"
            assert (await watching.receiver.wait_for("ShieldRecognizerErrors"))["recognizer"] == "Raising"
            assert "ShieldAuditUnhealthy" not in await watching.alerts()

            files.failing = True
            assert b"audit_unavailable" in await running.send(request())
            await watching.receiver.wait_for("ShieldAuditUnhealthy")
            fired = await watching.alerts()
            assert {"ShieldBypass", "ShieldAuditUnhealthy"} <= fired.keys()
            annotations = fired["ShieldBypass"]["annotations"]
            said = "Writes of route all went through uninspected, whole or in part"
            assert annotations["summary"] == said
            assert annotations["runbook"] == "docs/observability.md#shieldbypass"
