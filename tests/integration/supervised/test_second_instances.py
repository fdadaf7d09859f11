"""Two instances on one audit directory: the second gives up, unless the first is about to end."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from pathlib import Path

from shield.demo.stack import free_ports
from shield.supervisor.place import PATIENCE
from tests.integration.supervised.fleet import ANEW, SECONDS, Fleet, Load, fleet, spawn
from tests.leak.stage import configuration_of, created


async def test_a_second_instance_gives_up_before_it_loads_anything(tmp_path: Path) -> None:
    async with fleet(tmp_path) as running:
        second = tmp_path / "second"
        second.mkdir()
        (second / "shield.yaml").write_text(
            configuration_of(tmp_path, running.upstream.port, "EMAIL_ADDRESS: replace", model="none")
        )
        process = await spawn(second, running.started_by)
        async with asyncio.timeout(SECONDS):
            _, errors = await process.communicate()
        assert process.returncode == 3
        said = [json.loads(line) for line in errors.splitlines() if line.startswith(b"{")]
        # Not the wait for a worker that ends, and so no worker was started.
        assert [(it["event"], it.get("waits_s")) for it in said if it["event"] != "supervisor_stopped"] == [
            ("audit_log_in_use", PATIENCE)
        ]
        assert b"another instance serves with the origin" in errors
        assert await running.stop() == 0


async def test_the_next_instance_waits_for_what_workers_of_a_killed_supervisor_still_do(
    tmp_path: Path,
) -> None:
    answered = asyncio.Event()

    async def late(writer: asyncio.StreamWriter) -> None:
        await answered.wait()
        await created(writer)

    (port,) = free_ports(1)
    more_time = "drain_timeout: 60s"  # than the next instance takes to start
    async with fleet(
        tmp_path, workers=1, proxy_port=port, read_timeout="60s", server=more_time, started_by=ANEW
    ) as running:
        running.upstream.answer = late
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        body = b'{"n": 1, "text": "write"}'
        head = "POST /t HTTP/1.1\r\nHost: s\r\nContent-Type: application/json"
        writer.write(f"{head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        await running.upstream.arrived.wait()
        os.kill(running.process.pid, signal.SIGKILL)  # not waited for: its standard error is the worker's too
        following = Fleet(await spawn(tmp_path, ANEW), ANEW, running.upstream, tmp_path, [], [])
        serving = asyncio.create_task(following.serving())
        await following.line("audit_log_in_use", worker=0)
        answered.set()
        assert (await reader.readline()).split()[1] == b"201"
        writer.close()
        await serving
        (waited,) = [line for line in following.lines if line["event"] == "audit_log_in_use"]
        assert (waited["worker"], waited["waits_s"] > PATIENCE) == (0, True)
        assert await following.stop() == 0
        assert following.reading is not None
        await following.reading
        running.check(Load(port, answered={1}))
