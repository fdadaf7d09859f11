"""What the supervisor knows of a worker."""

from __future__ import annotations

import asyncio
import os
import socket
from typing import Any

from shield.supervisor.channel import Channel
from shield.supervisor.worker import WorkerProcess
from shield.telemetry.merge import Family, to_plain


class NurseryOfNobody:
    """Says that every worker stopped."""

    async def status(self, _pid: int) -> int:
        return 0


def counted(number: float) -> Any:
    samples = [("shield_requests_total", (), number)]
    return to_plain([Family("shield_requests", "counter", "Requests.", samples)])


async def test_an_answer_that_is_late_does_not_replace_what_a_worker_said_at_its_end() -> None:
    ours, theirs = socket.socketpair()
    channel, worker_end = await Channel.open(ours), await Channel.open(theirs)
    report = os.memfd_create("report")
    worker = WorkerProcess(0, NurseryOfNobody(), 1, report, channel)  # type: ignore[arg-type]
    scraping = asyncio.create_task(worker.scrape(5))
    async for message in worker_end.messages():  # both lines arrive before whoever asked runs again
        worker_end.send({"id": message["id"], "metrics": counted(1.0)})
        worker_end.send({"event": "stopped", "metrics": counted(2.0)})
        break
    worker_end.close()
    await asyncio.gather(scraping, worker.ended.wait())
    assert [family.samples for family in worker.snapshot] == [[("shield_requests_total", (), 2.0)]]
    assert worker.cause == "stopped"
