"""Workers are stopped, replaced, killed and reloaded while clients write, and no write suffers."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from pathlib import Path

import pytest

from shield.evidence.exceptions import find_exceptions
from shield.evidence.instance import Instances
from shield.evidence.reading import Source, entries
from shield.evidence.register import RESOLVED, read_register
from tests.integration.supervised.fleet import ANEW, MAIL, Fleet, Load, fleet

CLIENTS = 12


async def test_rolling_and_plain_reloads_lose_no_write_and_refuse_no_connection(tmp_path: Path) -> None:
    async with fleet(tmp_path) as running:
        load = Load(running.port)
        load.start(CLIENTS)
        await load.more(100)

        # Restart everything, one worker at a time.
        since = running.signal(signal.SIGUSR2)
        with load.eased():
            await running.line("rolling_reload", since)  # loaded; the first worker gives way now
        await running.line("rolled", since)
        await load.more(100)

        # A configuration that changes what is found takes effect in all workers or in none.
        before = running.configuration.read_text()
        running.configuration.write_text(before + "\n# a comment alone\n")
        since = running.signal(signal.SIGHUP)
        await running.line("reloaded", since, worker="supervisor")
        running.configuration.write_text(before.replace("replace", "mask"))
        since = running.signal(signal.SIGHUP)
        after = await running.line("reloaded", since, worker="supervisor")
        assert after["before"] != after["after"]
        assert await running.metric("shield_config_info", digest=after["after"]) == 1
        await load.more(100)
        running.configuration.write_text(before.replace("policy: default", "policy: absent"))
        since = running.signal(signal.SIGHUP)
        await running.line("reload_refused", since, worker="supervisor")
        assert await running.metric("shield_config_info", digest=after["after"]) == 1
        assert await running.metric("shield_config_last_reload_successful") == 0
        # A reload that all workers take part in counts as one.
        assert await running.metric("shield_config_reloads_total", result="ok") == 2
        assert await running.metric("shield_config_reloads_total", result="refused") == 1

        # A rolling reload of a refused configuration changes nothing.
        since = running.signal(signal.SIGUSR2)
        await running.line("rolling_reload_refused", since)
        await load.more(100)

        # A restarted worker gets the configuration in force, not the broken file.
        await load.stop()
        load = _again(load)
        os.kill(running.pid(1), signal.SIGTERM)
        assert (await running.line("worker_ended", since, slot=1))["reason"] == "stopped"
        started = await running.line("started", since, worker=1)
        assert started["config"] == after["after"]
        await load.more(50)
        await load.stop()
        # A worker counts a request after its client has the answer, so poll.
        async with asyncio.timeout(20):
            while (
                await running.metric("shield_requests_total", route="all", outcome="redacted") < load.number
            ):
                continue
        assert await running.metric("shield_requests_total", route="all", outcome="redacted") == load.number
        assert await running.stop() == 0
        running.check(load)
        names = [log.folder.name for log in running.logs() if not log.folder.name.endswith("access")]
        assert names == [f"leak.shield.example+0+worker-{slot}" for slot in (0, 1, 2)]
        # Each worker was replaced while others served: no gap in control, nothing to recover.
        sources = [
            Source(log.folder.name.replace("+", "/"), log)
            for log in running.logs()
            if log.folder.name in names
        ]
        instances = Instances.of(sources)
        gaps = [
            found
            for source in sources
            for found in find_exceptions(source.origin, entries(source.reader), instances=instances)
            if found.gap is not None
        ]
        assert len(gaps) == 3
        assert {read_register(None).standing(found).state for found in gaps} == {RESOLVED}


def _again(load: Load) -> Load:
    more = Load(load.port, number=load.number, answered=load.answered, bad=load.bad)
    more.start(CLIENTS)
    return more


async def test_workers_that_are_killed_come_back_and_every_accepted_write_is_evidenced(
    tmp_path: Path,
) -> None:
    async with fleet(tmp_path) as running:
        load = Load(running.port, lenient=True)
        load.start(CLIENTS)
        await load.more(50)
        for slot in (0, 1):
            since = len(running.lines)
            os.kill(running.pid(slot), signal.SIGKILL)
            assert (await running.line("worker_ended", since, slot=slot))["reason"] == "killed"
            assert (await running.line("started", since, worker=slot))["origin"].endswith(f"/worker-{slot}")
            await load.more(50)
        assert await running.metric("shield_worker_exits_total", reason="killed") == 2
        assert await running.metric("shield_workers", state="ready") == 2
        await load.stop()
        assert await running.stop() == 0
        running.check(load)


async def test_connections_are_shared_out_evenly(tmp_path: Path) -> None:
    async with fleet(tmp_path) as running:
        load = Load(running.port)
        load.start(CLIENTS)
        await load.more(400)
        await load.stop()
        assert await running.stop() == 0
        running.check(load)
        sizes = [_receipts(running, slot) for slot in (0, 1)]
        assert min(sizes) > max(sizes) / 4, sizes


def _receipts(running: Fleet, slot: int) -> int:
    return sum(line["event"] == "exchange" and line["worker"] == slot for line in running.lines)


async def test_where_a_worker_does_not_come_back_another_stands_in_and_the_reload_ends_when_it_does(
    tmp_path: Path,
) -> None:
    async with fleet(tmp_path) as running:
        load = Load(running.port)
        load.start(CLIENTS)
        await load.more(50)
        key = tmp_path / "audit" / "keys" / "leak.shield.example+0+worker-0.signing.pem"
        away = key.rename(tmp_path / key.name)
        for times in (1, 2):  # requested again, it is as before
            since = running.signal(signal.SIGUSR2)
            with load.eased():
                await running.line("rolling_reload", since)
            told = await running.line("rolling_reload_incomplete", since, slot=0)
            assert "key" in str(told["problems"])
            assert await running.metric("shield_rolling_reload_unfinished") == 1
            assert await running.metric("shield_workers", state="ready") == 2
            assert sum(it["event"] == "started" and it["worker"] == 2 for it in running.lines) == times
            superseded = [it["slot"] for it in running.lines if it["event"] == "rolling_reload_superseded"]
            assert superseded == [0] * (times - 1)
            await load.more(50)
        since = running.signal(signal.SIGHUP)  # a reload may be what repairs it
        await running.line("reloaded", since, worker="supervisor")
        away.rename(key)
        with load.eased():
            await running.line("started", since, worker=0)
        await running.line("rolled", since)
        assert await running.metric("shield_rolling_reload_unfinished") == 0
        ends = ("ok", "refused", "superseded")  # one for each of the two requests
        assert [await running.metric("shield_rolling_reloads_total", result=it) for it in ends] == [1, 0, 1]
        assert await running.metric("shield_workers", state="ready") == 2
        assert {it["worker"] for it in running.lines[since:] if it["event"] == "started"} == {0, 1}
        await load.more(50)
        await load.stop()
        assert await running.stop() == 0
        running.check(load)


@pytest.mark.parametrize(("drain_timeout", "status"), [("60s", b"201"), ("0s", b"503")])
async def test_bodies_that_stand_still_over_a_rolling_reload_are_written_or_told_why_not(
    tmp_path: Path, drain_timeout: str, status: bytes
) -> None:
    async def in_flight() -> bool:
        return await running.metric("shield_requests_in_flight") == len(bodies)

    async def stopping() -> bool:
        return (await running.metric("shield_workers", state="stopping") or 0) > 0

    async with fleet(tmp_path, server=f"drain_timeout: {drain_timeout}") as running:
        bodies = [json.dumps({"n": each, "text": MAIL * 1000}).encode() for each in range(4)]
        clients = [await asyncio.open_connection("127.0.0.1", running.port) for _ in bodies]
        for body, (_, writer) in zip(bodies, clients, strict=True):
            head = "POST /t HTTP/1.1\r\nHost: s\r\nContent-Type: application/json"
            writer.write(f"{head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body[:-9])
        await running.until(in_flight)
        since = running.signal(signal.SIGUSR2)
        if status == b"201":
            await running.until(stopping)
            for body, (_, writer) in zip(bodies, clients, strict=True):
                writer.write(body[-9:])
        async with asyncio.timeout(60):
            answers = [await reader.readuntil(b"}") for reader, _ in clients]
        assert [answer.split()[1] for answer in answers] == [status] * len(bodies)
        assert all((b'"draining"' in answer) is (status == b"503") for answer in answers)
        await running.line("rolled", since)
        for _, writer in clients:
            writer.close()
        assert await running.stop() == 0
        written = set(range(len(bodies))) if status == b"201" else set()
        assert running.received().keys() == written
        running.check(Load(running.port, answered=written))


SLOW = """
import time
from presidio_analyzer import EntityRecognizer

class Slow(EntityRecognizer):
    def __init__(self):
        super().__init__(supported_entities=["EMAIL_ADDRESS"], name="Slow")

    def load(self): ...

    def analyze(self, text, entities, nlp_artifacts=None):
        while "inspected for ever" in text:
            time.sleep(0.01)
        return []
"""


async def test_at_the_end_of_a_drain_all_that_is_in_flight_is_answered_and_nothing_sent(
    tmp_path: Path,
) -> None:
    about = tmp_path / "packages" / "slow-1.0.dist-info"
    about.mkdir(parents=True)
    (about.parent / "slow.py").write_text(SLOW, "utf-8")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: slow\nVersion: 1.0\n", "utf-8")
    (about / "entry_points.txt").write_text("[shield.recognizers]\nSlow = slow:Slow\n", "utf-8")

    async def never(_writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async def in_flight() -> bool:
        return await running.metric("shield_requests_in_flight") == len(clients)

    async def sent() -> bool:
        return len(running.received()) == number + 1

    async with fleet(
        tmp_path,
        server="drain_timeout: 500ms, findings_cache: 0",
        recognizers="default, Slow",
        started_by=ANEW,
        PYTHONPATH=os.pathsep.join(filter(None, (str(about.parent), os.environ.get("PYTHONPATH")))),
    ) as running:
        running.upstream.answer = never
        texts = [f"{word} by {MAIL}" for word in ("sent", "inspected for ever", "coming") for _ in range(4)]
        clients = [await asyncio.open_connection("127.0.0.1", running.port) for _ in texts]
        for number, (text, (_, writer)) in enumerate(zip(texts, clients, strict=True)):
            body = json.dumps({"n": number, "text": text}).encode()
            head = "POST /t HTTP/1.1\r\nHost: s\r\nContent-Type: application/json"
            whole = f"{head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
            writer.write(whole[:-9] if text.startswith("coming") else whole)
            if text.startswith("sent"):  # before the request that keeps a worker busy for ever
                await running.until(sent)
        await running.until(in_flight)
        assert await running.stop() == 0
        answers = [await reader.read() for reader, _ in clients]
        told = [(answer.split()[1], answer.partition(b'"code":"')[2].split(b'"')[0]) for answer in answers]
        assert told == [(b"504", b"upstream_timeout")] * 4 + [(b"503", b"draining")] * 8
        for _, writer in clients:
            writer.close()
        assert running.received().keys() == set(range(4))
        running.check(Load(running.port))
