"""A file that is replaced while it is loaded."""

from __future__ import annotations

import asyncio
import io
from types import SimpleNamespace
from typing import Any

from prometheus_client import CollectorRegistry

from shield.config.settings import LoggingSettings
from shield.supervisor.reloading import Reloading
from shield.telemetry.logging import configure
from shield.telemetry.supervision import SupervisionMetrics


class Nurseries:
    """Loads what the file says by now."""

    def __init__(self) -> None:
        self.forgot = False

    async def prepare(self) -> str:
        return "sha256:later"

    async def forget(self) -> None:
        self.forgot = True


async def test_a_file_replaced_between_two_readings_is_said_to_have_changed() -> None:
    """Not that it has another digest than the expected one: the caller expected none."""
    nurseries, log = Nurseries(), io.StringIO()
    fleet: Any = SimpleNamespace(
        changing=asyncio.Lock(), nurseries=nurseries, workers=list[Any], slots=dict[int, Any]()
    )

    async def following(expected: str | None) -> Any:
        return SimpleNamespace(digest="sha256:earlier")

    in_force: Any = SimpleNamespace(settings=SimpleNamespace(digest="sha256:old"), next=following)
    metrics = SupervisionMetrics(CollectorRegistry())
    reloading = Reloading(fleet, in_force, metrics, configure(LoggingSettings(), log))
    result = await reloading.reload()
    assert not result
    assert nurseries.forgot
    assert "the file changed while it was loaded; reload again [file_changed]" in log.getvalue()
    assert "expected" not in log.getvalue()
