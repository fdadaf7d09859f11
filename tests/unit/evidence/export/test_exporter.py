from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import orjson
import pytest
from prometheus_client.registry import CollectorRegistry

from shield.audit.files import FolderReader
from shield.audit.keys import folder_name
from shield.audit.tiles import MINIMUM_PATH
from shield.errors import EvidenceError
from shield.evidence.export.exporter import BATCH, Exporter
from shield.evidence.export.json_lines import JsonLines
from shield.evidence.export.sealed import sealed_entries
from shield.evidence.export.sink import Exported, Position, Sink
from shield.evidence.pinned import Pinned
from shield.evidence.reading import Source, entries
from shield.telemetry.export_metrics import ExportMetrics
from tests.unit.audit.logs import ORIGIN, make_log
from tests.unit.evidence.stories import Story, Wall, source_of, tell

from .conftest import REGISTER, sources


class Broken:
    """A sink that fails a given number of times, then works."""

    def __init__(self, inner: Sink, failures: int) -> None:
        self.inner = inner
        self.failures = failures

    async def positions(self, origins: Collection[str]) -> Mapping[str, Position]:
        return await self.inner.positions(origins)

    async def put(self, batch: Sequence[Exported], after: int | None) -> int:
        if self.failures:
            self.failures -= 1
            raise EvidenceError("the sink is down")
        return await self.inner.put(batch, after)

    async def close(self) -> None:
        await self.inner.close()


def exporter(
    directory: Path,
    sink: Sink,
    registry: CollectorRegistry | None = None,
    note: Callable[[str], None] = lambda _: None,
) -> Exporter:
    metrics = ExportMetrics(registry or CollectorRegistry())
    return Exporter(lambda: sources(directory), sink, metrics, clock=lambda: 1_936_000_000.0, note=note)


def keys(path: Path) -> list[str]:
    return [orjson.loads(line)["metadata"]["uid"] for line in path.read_bytes().splitlines()]


def export(directory: Path, path: Path, note: Callable[[str], None] = lambda _: None) -> int:
    async def run() -> int:
        sink = JsonLines(path, note)
        try:
            return (await exporter(directory, sink, note=note).round()).new.total()
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
    path.write_bytes(path.read_bytes()[: len(whole) + 40])  # in the middle of a line
    export(directory, path)
    assert sorted(keys(path)) == sorted(everything(directory))


def test_a_file_that_the_position_does_not_speak_of_is_refused(directory: Path, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text("mine\n")
    with pytest.raises(EvidenceError):
        export(directory, path)
    assert path.read_text() == "mine\n"


@pytest.mark.parametrize("more", [False, True], ids=["nothing since", "events since"])
def test_a_file_that_is_moved_back_is_not_cut(directory: Path, tmp_path: Path, *, more: bool) -> None:
    path, away = tmp_path / "e", tmp_path / "e.1"
    export(directory, path)
    whole = path.read_bytes()
    path.rename(away)
    if more:
        asyncio.run(tell(directory, Story.beat, wall=Wall("01:00:00")))
    assert (export(directory, path) > 0) is more
    away.rename(path)
    with pytest.raises(EvidenceError, match="Move it away"):
        export(directory, path)
    assert path.read_bytes() == whole
    path.rename(away)
    assert export(directory, path) == 0


def test_two_exports_to_one_file_are_refused(directory: Path, tmp_path: Path) -> None:
    async def run() -> None:
        first, second = JsonLines(tmp_path / "e"), JsonLines(tmp_path / "e")
        await first.positions([])
        with pytest.raises(EvidenceError, match="another export"):
            await second.positions([])
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


def folder_of(directory: Path) -> Path:
    return directory / folder_name(ORIGIN)


def rotate(path: Path, to: str) -> Path:
    return path.rename(path.with_name(to))


def test_a_file_that_was_moved_away_between_two_exports_is_followed_by_a_new_one(
    directory: Path, tmp_path: Path
) -> None:
    path = tmp_path / "events.jsonl"
    export(directory, path)
    first = rotate(path, "events.jsonl.1")
    before = first.read_bytes()
    asyncio.run(tell(directory, Story.beat, wall=Wall("01:00:00")))
    said: list[str] = []
    assert export(directory, path, said.append) > 0
    assert first.read_bytes() == before
    assert sorted(keys(first) + keys(path)) == sorted(everything(directory))
    assert len(said) == 1
    assert "moved away" in said[0]


@pytest.mark.parametrize("made", [False, True], ids=["gone", "a new empty one"])
def test_a_file_that_is_moved_away_under_an_export_is_followed_by_a_new_one(
    directory: Path, tmp_path: Path, *, made: bool
) -> None:
    path = tmp_path / "events.jsonl"

    async def run() -> None:
        sink = JsonLines(path)
        running = exporter(directory, sink)
        await running.round()
        rotate(path, "events.jsonl.1")
        if made:
            path.touch()
        await tell(directory, Story.beat, wall=Wall("01:00:00"))
        await running.round()
        await sink.close()

    asyncio.run(run())
    first = tmp_path / "events.jsonl.1"
    assert sorted(keys(first) + keys(path)) == sorted(everything(directory))
    assert keys(path)
    assert export(directory, path) == 0


def test_a_file_emptied_in_place_goes_on(directory: Path, tmp_path: Path) -> None:
    """`copytruncate` leaves this; what is written between its copy and its cut is lost by that tool."""
    path = tmp_path / "events.jsonl"

    async def run() -> bytes:
        sink = JsonLines(path)
        running = exporter(directory, sink)
        await running.round()
        copy = path.read_bytes()
        path.write_bytes(b"")
        await tell(directory, Story.beat, wall=Wall("01:00:00"))
        await running.round()
        await sink.close()
        return copy

    (tmp_path / "copy").write_bytes(asyncio.run(run()))
    assert sorted(keys(tmp_path / "copy") + keys(path)) == sorted(everything(directory))
    assert export(directory, path) == 0


def test_another_file_under_the_name_is_refused_under_an_export(directory: Path, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"

    async def run() -> None:
        sink = JsonLines(path)
        running = exporter(directory, sink)
        await running.round()
        path.unlink()
        path.write_text("mine\n")
        await tell(directory, Story.beat, wall=Wall("01:00:00"))
        with pytest.raises(EvidenceError, match="not the file"):
            await running.round()
        await sink.close()

    asyncio.run(run())
    assert path.read_text() == "mine\n"


def test_a_position_of_the_version_before_is_read(directory: Path, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    export(directory, path)
    position = tmp_path / "events.jsonl.position"
    state = orjson.loads(position.read_bytes())
    position.write_bytes(orjson.dumps({name: state[name] for name in ("bytes", "positions")}))
    assert export(directory, path) == 0


def test_a_log_that_was_begun_anew_is_named_and_holds_up_no_other(directory: Path, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    export(directory, path)
    shutil.rmtree(folder_of(directory))
    asyncio.run(tell(directory, Story.beat))
    asyncio.run(tell(directory, Story.beat, origin=REGISTER, wall=Wall("03:00:00")))
    before = sum(1 for it in keys(path) if it.startswith(REGISTER))
    with pytest.raises(EvidenceError, match=f"{ORIGIN}: .*cut back or started anew"):
        export(directory, path)
    assert sum(1 for it in keys(path) if it.startswith(REGISTER)) > before
    for _ in range(40):  # longer than before: only the record itself shows it
        asyncio.run(tell(directory, Story.beat, wall=Wall("04:00:00")))
    with pytest.raises(EvidenceError, match="differs from the one that was exported"):
        export(directory, path)


def test_a_log_that_cannot_be_read_is_named_and_holds_up_no_other(directory: Path, tmp_path: Path) -> None:
    folder = folder_of(directory)
    for bundle in (folder / "tile/entries").rglob("*"):
        if bundle.is_file():
            bundle.unlink()
    path = tmp_path / "events.jsonl"
    with pytest.raises(EvidenceError, match=f"{ORIGIN}: the bundle"):
        export(directory, path)
    assert keys(path)
    (folder / "checkpoint").unlink()
    with pytest.raises(EvidenceError, match="has no head"):
        export(directory, path)


async def test_what_was_pruned_before_it_was_exported_is_said_once(tmp_path: Path) -> None:
    directory, registry, said = tmp_path / "audit", CollectorRegistry(), list[str]()
    await make_log(directory)
    source = source_of(directory)
    folder = folder_of(directory)
    record = {"kind": "prune", "index": 600, "minimum_index": 512}
    (folder / "minimum-index").write_bytes(orjson.dumps(record) + b"\n")
    for bundle in ("000", "001"):
        (folder / "tile/entries" / bundle).unlink()
    running = Exporter(
        lambda: [source],
        JsonLines(tmp_path / "e"),
        ExportMetrics(registry),
        clock=lambda: 4e9,
        note=said.append,
    )
    for _ in range(2):
        await running.round()
    assert said == [f"{ORIGIN}: records 0 to 511 were pruned before they were exported"]
    assert registry.get_sample_value("shield_export_missed_records_total", {"origin": ORIGIN}) == 512


async def test_what_is_pruned_meanwhile_is_said_and_counted_once_each(tmp_path: Path) -> None:
    directory, registry, said = tmp_path / "audit", CollectorRegistry(), list[str]()
    await make_log(directory)
    minima = iter([0, 256, 256, 512])

    class Pruned(FolderReader):
        def read(self, path: str) -> bytes | None:
            if path != MINIMUM_PATH:
                return super().read(path)
            return orjson.dumps({"kind": "prune", "index": 600, "minimum_index": next(minima, 512)})

    source = Source(ORIGIN, Pruned(folder_of(directory)))
    sink = Broken(JsonLines(tmp_path / "e"), failures=1)
    running = Exporter(lambda: [source], sink, ExportMetrics(registry), clock=lambda: 4e9, note=said.append)
    with pytest.raises(EvidenceError):
        await running.round()
    await running.round()
    pruned = "were pruned before they were exported"
    assert said == [f"{ORIGIN}: records 0 to 255 {pruned}", f"{ORIGIN}: records 256 to 511 {pruned}"]
    assert registry.get_sample_value("shield_export_missed_records_total", {"origin": ORIGIN}) == 512
    await sink.close()


async def test_a_stop_ends_a_round_after_the_batch_under_way(tmp_path: Path) -> None:
    directory, path = tmp_path / "audit", tmp_path / "e"
    await make_log(directory, pairs=BATCH)
    stop = asyncio.Event()
    sink = JsonLines(path)
    real = sink.put

    async def put(batch: Sequence[Exported], after: int | None) -> int:
        stop.set()
        return await real(batch, after)

    sink.put = put  # type: ignore[method-assign]
    source = source_of(directory)
    running = Exporter(lambda: [source], sink, ExportMetrics(CollectorRegistry()), clock=lambda: 4e9)
    async with asyncio.timeout(20):
        await running.follow(stop, 1.0, lambda _: None)
    await sink.close()
    assert len(keys(path)) == BATCH < Pinned(source).size


async def test_an_interrupt_leaves_no_batch_half_done(
    directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread that writes a batch goes on; another process must not begin before it is confirmed."""
    writing, go_on = threading.Event(), threading.Event()
    sync = os.fdatasync

    def slow(fd: int) -> None:
        writing.set()
        go_on.wait()
        sync(fd)

    monkeypatch.setattr(os, "fdatasync", slow)
    path = tmp_path / "events.jsonl"
    sink = JsonLines(path)
    exporting = asyncio.create_task(exporter(directory, sink).round())
    await asyncio.to_thread(writing.wait)
    exporting.cancel()
    await asyncio.gather(exporting, return_exceptions=True)
    closing = asyncio.create_task(sink.close())
    other = JsonLines(path)
    with pytest.raises(EvidenceError, match="another export is writing"):
        await other.positions([ORIGIN])
    go_on.set()
    await closing
    await exporter(directory, other).round()
    await other.close()
    assert sorted(keys(path)) == sorted(set(everything(directory)))
