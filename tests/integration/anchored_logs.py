"""Set-up for tests of anchored logs, and what commands and records report about them."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from click.testing import CliRunner

from shield.app.anchoring import AnchorEvents, Anchoring
from shield.audit.log import AuditLog
from shield.cli.main import cli
from shield.config.settings import LoggingSettings
from shield.config.settings_audit import Anchor, AnchorForm
from shield.telemetry.logging import configure
from tests.unit.audit.logs import (
    Clock,
    make_log,
    open_log,
    seeded,
    write_pairs,
)

OTHER = "shield.example/worker-1"


LATER = 1_950_000_000_000_000_000


class Told:
    """What the anchoring reported to the metrics."""

    def __init__(self) -> None:
        self.anchored: list[str] = []
        self.failed: list[str] = []
        self.disagreed: list[str] = []
        self.log = io.StringIO()
        self.events = AnchorEvents(lambda name, _: self.anchored.append(name), self._fail)

    def _fail(self, name: str, disagrees: bool) -> None:
        self.failed.append(name)
        if disagrees:
            self.disagreed.append(name)


@asynccontextmanager
async def anchoring(
    log: AuditLog, *anchors: Anchor, clock: Clock | None = None
) -> AsyncIterator[tuple[Anchoring, Told]]:
    told = Told()
    now = [0.0]

    def monotonic() -> float:
        now[0] += 1000.0
        return now[0]

    made = Anchoring(
        log, anchors, told.events, configure(LoggingSettings(), told.log),
        clock=clock or Clock(LATER), monotonic=monotonic,
    )  # fmt: skip
    try:
        yield made, told
    finally:
        await made.stop()


def directory_anchor(path: Path) -> Anchor:
    return Anchor("vault", AnchorForm.DIRECTORY, str(path))


def verify(directory: Path, *options: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(
        cli, ["audit", "verify", str(directory), "--access", "off", *map(str, options)]
    )
    return result.exit_code, result.output


async def two_logs(audit: Path, vault: Path) -> None:
    """Two logs of one deployment, anchored several times while they are written."""
    await make_log(audit, 40, origin=OTHER, seed=3)
    log = await open_log(audit)
    async with anchoring(log, directory_anchor(vault)) as (it, told):
        for turn in range(3):
            await write_pairs(log, 60, turn * 100)
            await it.look()
        assert told.anchored == ["vault"] * 3
    await log.close()


def anew_random(pem: bytes, size: int) -> bytes:
    """Random bytes for a new log: the first ones a log takes are its key, so these are the stolen key's."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415  needed here alone

    key = load_pem_private_key(pem, None)
    return key.private_bytes_raw() if size == 32 else seeded(8).randbytes(size)  # type: ignore[union-attr]


CONFIGURATION = """
version: 1
listeners:
  proxy: {host: 127.0.0.1, port: 0}
  admin: {host: 127.0.0.1, port: 0}
upstreams:
  store: {url: "http://127.0.0.1:9"}
policies:
  default: {detector: {model: none}, entities: {EMAIL_ADDRESS: replace}}
routes:
  - {name: all, upstream: store, policy: default, match: {path: "/{rest...}"}}
audit:
  directory: audit
  origin: shield.example/worker-0
  anchors:
    away: {type: witness, url: "http://127.0.0.1:9", key: "w+00000000+AAAA"}
"""
