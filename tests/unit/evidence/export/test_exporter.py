from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

import orjson
import pytest
from prometheus_client.registry import CollectorRegistry

from shield.errors import EvidenceError
from shield.evidence.export.exporter import Exporter
from shield.evidence.export.json_lines import JsonLines
from shield.evidence.export.sealed import sealed_entries
from shield.evidence.export.sink import Exported, Sink
from shield.evidence.pinned import Pinned
from shield.evidence.reading import entries
from shield.telemetry.export_metrics import ExportMetrics
from tests.unit.audit.logs import ORIGIN
from tests.unit.evidence.stories import Story, Wall, source_of, tell

from .conftest import REGISTER, sources


class Broken:
    """A sink that fails so many times, then works."""

    def __init__(self, inner: Sink, failures: int) -> None:
        self.inner = inner
        self.failures = failures

    async def positions(self) -> Mapping[str, int]:
        return await self.inner.positions()

    async def put(self, batch: Sequence[Exported]) -> int:
        if self.failures:
            self.failures -= 1
            raise EvidenceError("the sink is down")
        return await self.inner.put(batch)

    async def close(self) -> None:
        await self.inner.close()


def exporter(directory: Path, sink: Sink, registry: CollectorRegistry | None = None) -> Exporter:
    metrics = ExportMetrics(registry or CollectorRegistry())
    return Exporter(lambda: sources(directory), sink, metrics, clock=lambda: 1_936_000_000.0)


def keys(path: Path) -> list[str]:
    return [orjson.loads(line)["metadata"]["uid"] for line in path.read_bytes().splitlines()]


def export(directory: Path, path: Path) -> int:
    async def run() -> int:
        sink = JsonLines(path)
        try:
            return (await exporter(directory, sink).round()).new.total()
        finally:
            await sink.close()

    return asyncio.run(run())


def everything(directory: Path) -> list[str]:
    return [f"{it.origin}#{entry.index}" for it in sources(directory) for entry in entries(it.reader)]


def test_each_sealed_record_is_exported_once_and_again_adds_nothing(directory: Path, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    assert export(directory, path) == len(everything(directory))
    assert keys(path) == everything(directory)
    before = path.read_bytes()
    assert export(directory, path) == 0
    assert path.read_bytes() == before


def test_what_came_since_is_added(directory: Path, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    export(directory, path)
    asyncio.run(tell(directory, Story.beat, wall=Wall("01:00:00")))
    assert export(directory, path) > 0
    assert sorted(keys(path)) == sorted(everything(directory))


def test_what_was_written_but_not_confirmed_is_written_again_once(directory: Path, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    export(directory, path)
    whole, state = path.read_bytes(), (tmp_path / "events.jsonl.position").read_bytes()
    asyncio.run(tell(directory, Story.beat, wall=Wall("01:00:00")))
    export(directory, path)
    (tmp_path / "events.jsonl.position").write_bytes(state)  # killed before it was confirmed
    path.write_bytes(path.read_bytes()[: len(whole) + 40])  # and in the middle of a line
    export(directory, path)
    assert sorted(keys(path)) == sorted(everything(directory))


def test_a_file_that_the_position_does_not_speak_of_is_refused(directory: Path, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text("mine\n")
    with pytest.raises(EvidenceError):
        export(directory, path)
    assert path.read_text() == "mine\n"


def test_two_exports_to_one_file_are_refused(directory: Path, tmp_path: Path) -> None:
    async def run() -> None:
        first, second = JsonLines(tmp_path / "e"), JsonLines(tmp_path / "e")
        await first.positions()
        with pytest.raises(EvidenceError, match="another export"):
            await second.positions()
        await first.close()

    asyncio.run(run())


async def test_a_sink_that_fails_is_tried_again_and_the_lag_shows(tmp_path: Path) -> None:
    directory = tmp_path / "audit"
    await tell(directory, Story.beat)
    registry = CollectorRegistry()
    metrics = ExportMetrics(registry)
    sink = Broken(JsonLines(tmp_path / "events.jsonl"), failures=2)
    source = source_of(directory)
    running = Exporter(lambda: [source], sink, metrics, clock=lambda: 4_000_000_000.0)
    stop = asyncio.Event()
    seen: list[tuple[float | None, float | None]] = []

    def value(name: str, **labels: str) -> float | None:
        return registry.get_sample_value(name, labels)

    def failed(_: EvidenceError) -> None:
        seen.append(
            (
                value("shield_export_lag_records", origin=ORIGIN),
                value("shield_export_lag_seconds", origin=ORIGIN),
            )
        )

    async def until_done() -> None:
        while not value("shield_export_last_success_timestamp_seconds"):
            await asyncio.sleep(0)
        stop.set()

    async with asyncio.timeout(20):
        await asyncio.gather(running.follow(stop, 0.001, failed), until_done())
    await sink.close()
    size = Pinned(source).size
    assert [records for records, _ in seen] == [size, size]
    assert all(seconds and seconds > 0 for _, seconds in seen)
    assert value("shield_export_errors_total") == 2
    assert value("shield_export_lag_records", origin=ORIGIN) == 0
    assert value("shield_export_lag_seconds", origin=ORIGIN) == 0
    assert value("shield_export_events_total", class_uid="1008") == size


def test_only_what_is_sealed_is_read_and_from_any_index(directory: Path) -> None:
    for origin in (ORIGIN, REGISTER):
        log = Pinned(source_of(directory, origin))
        whole = [(entry.index, entry.raw) for entry in entries(log)][: log.size]
        for start in (0, 1, log.size - 1, log.size):
            assert [(entry.index, entry.raw) for entry in sealed_entries(log, start)] == whole[start:]
