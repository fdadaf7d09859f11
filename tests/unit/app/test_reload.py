"""A reload applies wholly or not at all, is recorded first, and never changes what needs a restart."""

from __future__ import annotations

import asyncio
import errno
import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from shield.app.checking import checked_analyzers
from shield.app.hosting import Hosting, Seams
from shield.app.parts import Parts, first_parts
from shield.app.reload import Reloads, model_digests, policy_digests
from shield.audit.documents import read_document
from shield.audit.files import FolderReader, OsFiles
from shield.audit.keys import folder_name
from shield.audit.record import Draft
from shield.config.loader import load
from shield.errors import AuditUnavailableError, ConfigError
from shield.proxy.upstream import UpstreamPool
from tests.integration.proxy.certificates import LOCALHOST, Certificates
from tests.unit.app.test_checking import write

SSN = "US_SSN: replace"
BOTH = "US_SSN: replace, EMAIL_ADDRESS: replace"


class Log:
    """Keeps records, each with the runtime in force when it came; or fails."""

    def __init__(self) -> None:
        self.fails = False
        self.asked, self.gate = asyncio.Event(), asyncio.Event()
        self.gate.set()
        self.records: list[tuple[Draft, object]] = []
        self.exchange: Any = SimpleNamespace(runtime=None)

    async def commit(self, draft: Draft) -> int:
        if self.fails:
            raise AuditUnavailableError
        self.asked.set()
        await self.gate.wait()
        self.records.append((draft, self.exchange.runtime))
        return len(self.records) - 1

    @property
    def said(self) -> list[tuple[str, str, str | None]]:
        names = ("reason", "digest_before", "digest_after")
        return [tuple(draft.fields[name] for name in names) for draft, _ in self.records]  # type: ignore[misc]


class Bench:
    """A proxy under its first configuration, without listeners."""

    def __init__(self, folder: Path, analyzers: Any, hosting: Hosting | None = None) -> None:
        self.folder = folder
        self.path = write(folder, entities=SSN)
        self.output = io.StringIO()
        self.seams = Seams(log_stream=self.output, wall_clock=lambda: 1_900_000_000 * 10**9)
        self.log = Log()
        self.parts: Parts = first_parts(load(self.path, {}).settings, self.seams, hosting)
        self.parts.analyzers = analyzers
        self.parts.pool = UpstreamPool(self.parts.metrics)
        self.parts.audit = self.log  # type: ignore[assignment]
        self.parts.exchange = self.log.exchange
        self.reloads = Reloads(self.parts, self.seams, self.path, {}, hosting)

    @property
    def runtime(self) -> Any:
        return self.log.exchange.runtime

    def change(self, **options: str) -> str:
        """Write another configuration; return its digest."""
        write(self.folder, **options)
        return load(self.path, {}).settings.digest

    def events(self) -> list[str]:
        return [json.loads(line)["event"] for line in self.output.getvalue().splitlines()]


@pytest.fixture(scope="module")
def analyzers(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The analyzers for all configurations in this module."""
    return checked_analyzers(load(write(tmp_path_factory.mktemp("first")), {}), {})


@pytest.fixture
async def bench(tmp_path: Path, analyzers: Any) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path, dict(analyzers))
    yield bench
    assert bench.parts.pool is not None
    await bench.parts.pool.close()


async def test_the_first_configuration_is_on_record_before_it_is_in_force(bench: Bench) -> None:
    first = bench.parts.settings
    in_force = partial(bench.parts.registry.get_sample_value, "shield_config_info", {"digest": first.digest})
    bench.log.fails = True
    with pytest.raises(AuditUnavailableError):
        await bench.reloads.begin()
    assert in_force() is None
    bench.log.fails = False
    await bench.reloads.begin()
    assert bench.log.said == [("start", None, first.digest)]
    assert in_force() == 1.0


async def test_another_configuration_is_put_in_force_whole(bench: Bench) -> None:
    before = bench.parts.settings.digest
    after = bench.change(entities=BOTH)
    result = await bench.reloads.reload()
    assert (result.before, result.after) == (before, after)
    assert bench.parts.settings.digest == bench.runtime.digest == after
    assert bench.log.said == [("reload", before, after)]
    assert bench.events() == ["reloaded"]
    assert bench.reloads.latest is not None
    assert (bench.reloads.latest.at, bench.reloads.latest.result) == (1_900_000_000.0, result)
    value = bench.parts.registry.get_sample_value
    assert value("shield_config_info", {"digest": after}) == 1.0


async def test_nothing_is_in_force_before_its_record_is(bench: Bench) -> None:
    bench.change(entities=BOTH)
    await bench.reloads.reload()
    [(draft, in_force)] = bench.log.records
    assert in_force is None  # the runtime before the reload, when the record came
    # The documents behind the record's digests are kept before it.
    settings = bench.parts.settings
    reader = FolderReader(settings.audit.directory / folder_name(settings.audit.origin))
    for digest in (*draft.fields["policies"].values(), *draft.fields["models"].values(), settings.digest):
        assert read_document(reader, digest) is not None


async def test_what_is_on_record_is_put_in_force_also_where_the_reload_is_given_up(bench: Bench) -> None:
    after = bench.change(entities=BOTH)
    bench.log.gate = asyncio.Event()
    reload = asyncio.create_task(bench.reloads.reload())
    await bench.log.asked.wait()
    reload.cancel()
    await asyncio.sleep(0)
    bench.log.gate.set()
    with pytest.raises(asyncio.CancelledError):
        await reload
    assert [said[2] for said in bench.log.said] == [bench.parts.settings.digest] == [after]
    assert bench.runtime.digest == after


async def test_without_its_record_it_is_not_put_in_force(bench: Bench) -> None:
    before = bench.parts.settings
    bench.change(entities=BOTH)
    bench.log.fails = True
    result = await bench.reloads.reload()
    assert (result.after, result.code) == (None, AuditUnavailableError.code)
    assert bench.parts.settings is before
    assert bench.runtime is None
    assert bench.events() == ["reload_refused"]  # although the refusal has no record either


async def test_what_cannot_be_kept_beside_the_log_is_not_put_in_force(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    before = bench.parts.settings
    bench.change(entities=BOTH)
    monkeypatch.setattr(OsFiles, "mkdir", full)
    result = await bench.reloads.reload()
    assert (result.after, result.code) == (None, AuditUnavailableError.code)
    assert bench.parts.settings is before
    assert bench.runtime is None


async def test_a_copy_that_the_system_lets_nobody_read_is_named(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as under SELinux, where the owner and the mode of a file look as they should."""
    refused = []

    def read(_files: OsFiles, path: Path) -> bytes:
        refused.append(path.relative_to(bench.parts.settings.audit.directory))
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    bench.change(entities=BOTH)
    monkeypatch.setattr(OsFiles, "read", read)
    result = await bench.reloads.reload()
    assert (result.after, result.code) == (None, AuditUnavailableError.code)
    assert f"EACCES ({refused[-1]})" in "".join(result.problems)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("port: 8080", "port: 8085"),
        ("port: 9090", "port: 9095"),
        ("directory: audit", "directory: elsewhere"),
        ("test.shield.example/0", "test.shield.example/1"),
    ],
)
async def test_what_needs_a_restart_is_refused(bench: Bench, old: str, new: str) -> None:
    before = bench.parts.settings
    bench.path.write_text(bench.path.read_text().replace(old, new))
    result = await bench.reloads.reload()
    assert (result.after, result.code) == (None, ConfigError.code)
    assert bench.parts.settings is before
    assert bench.log.said == [("refused", before.digest, None)]


async def test_a_broken_configuration_leaves_all_as_it_was(bench: Bench) -> None:
    before = bench.parts.settings
    bench.path.write_text("version: 1\n")
    result = await bench.reloads.reload()
    assert result.after is None
    assert result.problems
    assert bench.parts.settings is before
    assert bench.runtime is None
    assert bench.log.said == [("refused", before.digest, None)]


async def test_only_the_configuration_that_was_asked_for(bench: Bench) -> None:
    after = bench.change(entities=BOTH)
    result = await bench.reloads.reload("sha256:another")
    assert result.after is None
    assert bench.runtime is None
    assert (await bench.reloads.reload(after)).after == after


async def test_a_file_that_changed_while_others_loaded_it_is_not_prepared(bench: Bench) -> None:
    after = bench.change(entities=BOTH)
    with pytest.raises(ConfigError, match="changed while it was loaded"):
        await bench.reloads.prepare("sha256:another")
    assert (await bench.reloads.prepare(after)).settings.digest == after
    assert bench.runtime is None  # preparing puts nothing in force
    assert bench.log.records == []


async def test_a_worker_holds_to_its_part(tmp_path: Path, analyzers: Any) -> None:
    asked: list[str] = []

    def part(settings: Any) -> Any:
        asked.append(settings.digest)
        return settings

    hosting = Hosting(part=part, known={}, site=lambda *_: NotImplemented, labels={})
    bench = Bench(tmp_path, dict(analyzers), hosting)
    after = bench.change(entities=BOTH)
    await bench.reloads.reload()
    assert asked == [after]
    assert bench.parts.pool is not None
    await bench.parts.pool.close()


async def test_digests_are_by_the_name_of_the_policy(bench: Bench) -> None:
    prepared = await bench.reloads.prepare()
    settings = prepared.settings
    assert policy_digests(settings) == {"default": settings.policies["default"].digest}
    (analyzer,) = prepared.analyzers.values()
    assert model_digests(settings, prepared.analyzers) == {"default": analyzer.digest}


async def test_the_metrics_say_until_when_the_certificate_of_now_is_valid(
    bench: Bench, tmp_path: Path
) -> None:
    ours = Certificates.made(tmp_path)
    now = datetime.now(UTC).replace(microsecond=0)
    files = [str(file) for file in ours.leaf("own", *LOCALHOST, until=now + timedelta(days=9))]
    tls = "tls: {{certificate: {}, private_key: {}}}".format(*files)
    bench.path.write_text(bench.path.read_text().replace("port: 8080}", f"port: 8080, {tls}}}"))
    bench.parts.settings = load(bench.path, {}).settings
    await bench.reloads.begin()

    def ends() -> float | None:
        name = "shield_certificate_not_after_timestamp_seconds"
        return bench.parts.registry.get_sample_value(name, {"certificate": "listeners.proxy.tls"})

    assert ends() == (now + timedelta(days=9)).timestamp()
    ours.leaf("own", *LOCALHOST, until=now + timedelta(days=90))
    await bench.reloads.reload()
    assert ends() == (now + timedelta(days=90)).timestamp()
