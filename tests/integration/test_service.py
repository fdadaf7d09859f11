"""The admin listener reports the stages of a running service: starting, failing, draining, stopped."""

from __future__ import annotations

import asyncio
import errno
import io
import json
import os
import signal
import socket
import threading
from pathlib import Path
from typing import Any

import pytest
from presidio_analyzer import EntityRecognizer, RecognizerResult

from shield.app.hosting import Seams
from shield.app.server import run_server
from shield.app.service import Service
from shield.audit.files import FolderReader, OsFiles
from shield.audit.verify import verify_log
from shield.config.loader import load
from shield.config_codes import ProblemCode
from shield.errors import ConfigError
from tests.leak.broken import FailingFiles
from tests.leak.stage import Stage, Upstream, configuration_of, created, stage

FOLDER = "leak.shield.example+0"


class SlowToWarm(EntityRecognizer):
    """Stands for a slow model: its first analysis, the warm-up, waits to be released."""

    def __init__(self) -> None:
        super().__init__(supported_entities=["CREDIT_CARD"], name="SlowToWarm")
        self.warming = threading.Event()
        self.let_go = threading.Event()

    def load(self) -> None: ...

    def analyze(self, text: str, entities: Any, nlp_artifacts: Any = None) -> list[RecognizerResult]:
        del text, entities, nlp_artifacts
        self.warming.set()
        self.let_go.wait(30)
        return []


async def page(service: Service, path: str) -> tuple[int, bytes]:
    assert service.admin is not None
    reader, writer = await asyncio.open_connection("127.0.0.1", service.admin.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n\r\n".encode())
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    return int(head.split()[1]), body


async def reasons(service: Service, path: str) -> tuple[int, list[str]]:
    status, body = await page(service, path)
    return status, json.loads(body)["reasons"]


async def gauge(service: Service, name: str) -> float:
    _, body = await page(service, "/metrics")
    return next(float(line.split()[1]) for line in body.decode().splitlines() if line.startswith(f"{name} "))


async def test_before_the_models_are_warm_it_is_alive_and_not_ready(tmp_path: Path) -> None:
    configuration = tmp_path / "shield.yaml"
    configuration.write_text(configuration_of(tmp_path, 9, "CREDIT_CARD: replace"))
    slow = SlowToWarm()
    service = Service(
        configuration, {}, load(configuration, {}), Seams(log_stream=io.StringIO(), recognizers=(slow,))
    )
    starting = asyncio.create_task(service.start())
    try:
        assert await asyncio.to_thread(slow.warming.wait, 30)
        assert await reasons(service, "/readyz") == (503, ["starting"])
        assert await reasons(service, "/healthz") == (200, [])
        assert await gauge(service, "shield_audit_healthy") == 1  # a start is no alarm
        assert service.proxy is None
        slow.let_go.set()
        await starting
        assert await reasons(service, "/readyz") == (200, [])
    finally:
        slow.let_go.set()
        await service.stop()


async def test_an_address_that_is_taken_is_told_before_anything_is_loaded(tmp_path: Path) -> None:
    configuration = tmp_path / "shield.yaml"
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = f"proxy: {{host: 127.0.0.1, port: {other.getsockname()[1]}}}"
        text = configuration_of(tmp_path, 9, "CREDIT_CARD: replace")
        assert "proxy: {host: 127.0.0.1, port: 0}" in text
        configuration.write_text(text.replace("proxy: {host: 127.0.0.1, port: 0}", taken))
        slow = SlowToWarm()
        slow.let_go.set()
        seams = Seams(log_stream=io.StringIO(), recognizers=(slow,))
        service = Service(configuration, {}, load(configuration, {}), seams)
        with pytest.raises(ConfigError, match="cannot listen on") as refused:
            await service.start()
    assert refused.value.problem is ProblemCode.LISTENER_UNUSABLE
    assert not slow.warming.is_set()


async def test_a_failed_audit_log_shows_at_the_next_scrape_and_ends_readiness(tmp_path: Path) -> None:
    files = FailingFiles(errno.ENOSPC, ("write",))
    async with stage(tmp_path, audit_files=files) as running:
        assert await gauge(running.service, "shield_audit_healthy") == 1
        files.failing = True
        assert (await running.post(b"{}")).startswith(b"HTTP/1.1 503 ")
        assert await gauge(running.service, "shield_audit_healthy") == 0  # without a probe before it
        assert await reasons(running.service, "/healthz") == (503, ["audit_failed"])
        assert await reasons(running.service, "/readyz") == (503, ["audit_failed"])


async def test_an_audit_directory_that_is_gone_ends_readiness(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        (tmp_path / "audit").rename(tmp_path / "elsewhere")
        assert await reasons(running.service, "/readyz") == (503, ["audit_directory_not_writable"])
        assert await reasons(running.service, "/healthz") == (200, [])
        (tmp_path / "elsewhere").rename(tmp_path / "audit")
        assert await reasons(running.service, "/readyz") == (200, [])


async def test_a_stop_finishes_what_is_in_flight_and_signs_all_of_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        gate = asyncio.Event()
        upstream: Upstream = running.upstream

        async def answer(writer: asyncio.StreamWriter) -> None:
            await gate.wait()
            writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok")

        upstream.answer = answer
        write = asyncio.create_task(running.post(b"{}"))
        await asyncio.wait_for(upstream.arrived.wait(), 10)
        stopping = asyncio.create_task(running.service.stop())
        await asyncio.sleep(0)
        assert await reasons(running.service, "/readyz") == (503, ["draining"])
        assert await reasons(running.service, "/healthz") == (200, [])
        assert not stopping.done()
        gate.set()
        reply = await write
        await stopping
        assert reply.startswith(b"HTTP/1.1 201 ")
        assert reply.endswith(b"ok")
        report = verify_log(FolderReader(tmp_path / "audit" / FOLDER))
        assert report.ok
        assert report.size == report.signed_size
        assert report.kinds["shutdown"] == report.kinds["intent"] == report.kinds["outcome"] == 1


async def test_one_process_that_stops_begins_no_reload_whatever_it_is_told(tmp_path: Path) -> None:
    configuration, gate = tmp_path / "shield.yaml", asyncio.Event()
    upstream = Upstream()

    async def answer(writer: asyncio.StreamWriter) -> None:
        await gate.wait()
        await created(writer)

    upstream.answer = answer
    async with await asyncio.start_server(upstream.serve, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        configuration.write_text(configuration_of(tmp_path, port, "CREDIT_CARD: replace"))
        serving: asyncio.Future[Service] = asyncio.get_running_loop().create_future()
        running = asyncio.create_task(run_server(configuration, {}, ready=serving.set_result))
        service = await asyncio.wait_for(serving, 30)
        assert service.proxy is not None
        write = asyncio.create_task(Stage(service, upstream, io.StringIO(), tmp_path).post(b"{}"))
        await asyncio.wait_for(upstream.arrived.wait(), 10)
        told = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, told.set)
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            async with asyncio.timeout(10):
                while not service.parts.stopping:
                    await asyncio.sleep(0)
            os.kill(os.getpid(), signal.SIGHUP)
            os.kill(os.getpid(), signal.SIGUSR1)  # is told after it
            await asyncio.wait_for(told.wait(), 10)
        finally:
            asyncio.get_running_loop().remove_signal_handler(signal.SIGUSR1)
        await service.reload("sha256:another")  # would come after it
        assert await gauge(service, 'shield_config_reloads_total{result="ok"}') == 0
        gate.set()
        assert (await write).startswith(b"HTTP/1.1 201 ")
        assert await running
        await upstream.end()
    report = verify_log(FolderReader(tmp_path / "audit" / FOLDER))
    assert report.ok
    assert report.size == report.signed_size


class HangingFiles(OsFiles):
    """A disk whose syncs wait until they are released."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.let_go.set()
        self.asked = threading.Event()

    def fdatasync(self, fd: int) -> None:
        self.asked.set()
        self.let_go.wait(30)
        super().fdatasync(fd)


async def test_a_disk_that_does_not_answer_is_told_while_writes_wait_for_it(tmp_path: Path) -> None:
    files = HangingFiles()
    async with stage(tmp_path, audit_files=files) as running:
        while await gauge(running.service, "shield_audit_commit_pending_seconds"):
            pass  # the start's own records are being written
        files.asked.clear()
        files.let_go.clear()
        write = asyncio.create_task(running.post(b"{}"))
        await asyncio.to_thread(files.asked.wait, 10)
        assert await gauge(running.service, "shield_audit_commit_pending_seconds") > 0
        assert await reasons(running.service, "/readyz") == (200, [])
        assert running.upstream.received == b""
        files.let_go.set()
        assert (await write).startswith(b"HTTP/1.1 201 ")


async def test_a_configuration_that_cannot_be_recorded_or_read_is_refused(tmp_path: Path) -> None:
    files = FailingFiles(errno.EIO, ("fdatasync",))
    async with stage(tmp_path, audit_files=files) as running:
        configuration = tmp_path / "shield.yaml"
        text = configuration.read_text()
        configuration.unlink()
        assert not await running.service.reload()
        configuration.write_text(text.replace("US_SSN: replace", "US_SSN: redact"))
        files.failing = True
        assert not await running.service.reload()
        log = [json.loads(line) for line in running.log.getvalue().splitlines()]
        refused = [line["code"] for line in log if line["event"] == "reload_refused"]
        assert refused == ["config_invalid", "audit_unavailable"]
        page = (await running.metrics()).decode()
        assert 'shield_config_reloads_total{result="refused"} 2.0' in page
        assert 'shield_config_reloads_total{result="ok"} 0.0' in page
