"""However requests end, the real service's log holds as many as the proxy counted."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from pathlib import Path

import pytest

from shield.audit.files import FolderReader
from shield.evidence.counters import Counted, CounterCheck
from shield.evidence.reading import Period, Source, entries
from shield.evidence.reconcile import reconcile
from tests.leak.stage import stage

BODY = json.dumps({"body": "nothing personal"}).encode()
HEAD = b"POST /t HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
REQUESTS = (
    HEAD % len(BODY) + BODY,
    HEAD % 7 + b'{"body"',
    HEAD % 9_000_000,
    b"GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n",
    b"POST /t HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\nContent-Length: 1\r\n\r\nx",
    b"this is not HTTP\r\n\r\n",
    b"POST /t HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
)


@pytest.mark.parametrize("listening", [True, False])
async def test_every_request_is_counted_twice_and_alike(tmp_path: Path, listening: bool) -> None:
    async with stage(tmp_path, heartbeat="5ms", listening=listening) as play:
        for _ in range(3):
            await asyncio.gather(*(play.send(raw) for raw in REQUESTS))
        await play.send(HEAD % len(BODY) + BODY[:5], then_close=True)  # a client that leaves
    source = Source("leak.shield.example/0", FolderReader(play.audit / "leak.shield.example+0"))
    found = reconcile(source, Period(), interval_us=60_000_000)
    assert found.ok, found.problems
    kinds: Counter[str] = Counter()
    last = None
    for entry in entries(source.reader):
        kinds[entry.kind] += 1
        last = entry if entry.kind == "heartbeat" else last
    assert last is not None
    assert last.fields["requests_started"] == last.fields["requests_finished"] == 3 * len(REQUESTS) + 1
    assert kinds["intent"] + kinds["reject"] == 3 * len(REQUESTS) + 1
    assert kinds["outcome"] == kinds["intent"] == 3
    assert found.completeness.certain == (3 if listening else 0)
    counted = found.completeness.metrics
    assert found.completeness.counter_checks == counted.checks == kinds["heartbeat"] >= 2
    assert sum(last.fields["requests_ended"].values()) == last.fields["requests_finished"]
    assert counted.ended == last.fields["requests_ended"]
    assert counted.ended.get("forwarded", 0) == (3 if listening else 0)
    assert counted.uncounted == ()


def without(source: Source, left_out: int) -> Counted:
    """What the counters reveal once a whole request is removed from the log and all hashes are recomputed."""
    check = CounterCheck(Period())
    for entry in entries(source.reader):
        if left_out not in {entry.index, entry.fields.get("intent")}:
            check.take(entry)
    return check.result()


async def test_a_request_that_is_left_out_of_the_log_is_missed_by_the_metrics(tmp_path: Path) -> None:
    async with stage(tmp_path, heartbeat="5ms") as play:
        for _ in range(2):
            await play.send(REQUESTS[0])
            await play.send(REQUESTS[1])
    source = Source("leak.shield.example/0", FolderReader(play.audit / "leak.shield.example+0"))
    assert without(source, -1).differences == ()
    for kind, outcome in (("intent", "forwarded"), ("reject", "rejected")):
        gone = next(entry.index for entry in entries(source.reader) if entry.kind == kind)
        found = without(source, gone).differences
        assert {(it.what, it.off_by) for it in found} == {("requests", -1), (outcome, -1)}
        assert all(it.record > gone for it in found)
