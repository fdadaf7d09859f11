"""The real server handles writes that cannot be inspected within their route's time budget.

The slow detector is a user's recognizer that waits for the test and would find the word `Quenby`. Patterns
find the card and the address beside it.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from presidio_analyzer import EntityRecognizer, RecognizerResult

from shield.audit.files import FolderReader
from shield.audit.record import Draft
from shield.cli.main import cli
from shield.evidence.reading import Entry, entries
from tests.leak.canaries import hunt
from tests.leak.stage import Stage, stage

CARD = "4111 1111 1111 1111"
MAIL = "rosa.diaz@example.org"
NAME = "Quenby"
BODY = json.dumps({"body": f"I am {NAME}, my card is {CARD}.", "mail": MAIL}).encode()
BY_PATTERNS = json.dumps(
    {"body": f"I am {NAME}, my card is <CREDIT_CARD>.", "mail": "<EMAIL_ADDRESS>"}
).encode()
IN_FULL = BY_PATTERNS.replace(NAME.encode(), b"<PERSON>")
PATIENCE = {"deadline": "1s", "on_deadline": "patterns_only"}


class Slow(EntityRecognizer):
    """Finds `Quenby`. While `waits` is set, it first waits to be released, except in the warm-up."""

    def __init__(self, *, finds: bool = True) -> None:
        super().__init__(supported_entities=["PERSON"], name="Slow")
        self.finds = finds
        self.waits = threading.Event()
        self.let_go = threading.Event()
        self.calls = 0

    def load(self) -> None: ...

    def analyze(self, text: str, entities: Any, nlp_artifacts: Any = None) -> list[RecognizerResult]:
        del entities, nlp_artifacts
        self.calls += 1
        if self.waits.is_set():
            self.let_go.wait(30)
        start = text.find(NAME)
        return (
            [RecognizerResult("PERSON", start, start + len(NAME), 0.9)] if self.finds and start >= 0 else []
        )


@asynccontextmanager
async def slow_stage(folder: Path, slow: Slow, **options: Any) -> AsyncIterator[Stage]:
    more = {**PATIENCE, **options}
    async with stage(folder, recognizers=(slow,), person=True, **more) as running:
        slow.waits.set()
        try:
            yield running
        finally:
            slow.let_go.set()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.01)


def read(running: Stage) -> list[Entry]:
    return list(entries(FolderReader(running.audit / "leak.shield.example+0")))


async def records(running: Stage, kind: str) -> list[dict[str, Any]]:
    assert running.service.audit is not None
    if not running.service.parts.stopping:
        await running.service.audit.checkpoint()
    return [dict(entry.fields) for entry in read(running) if entry.kind == kind]


async def rescanned(running: Stage, count: int = 1) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    async with asyncio.timeout(20):
        while len(found) < count:
            await asyncio.sleep(0.02)
            found = await records(running, "rescan")
    return found


def exceptions(running: Stage, *options: str) -> list[dict[str, Any]]:
    command = ["evidence", "exceptions", str(running.audit), "--json", "--access", "off", *options]
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.output.splitlines()]


async def series(running: Stage, name: str) -> dict[str, float]:
    lines = (await running.metrics()).decode().splitlines()
    return {line.split(" ")[0]: float(line.split(" ")[1]) for line in lines if line.startswith(name)}


async def test_a_write_that_is_inspected_in_time_says_by_what(tmp_path: Path) -> None:
    slow = Slow()
    async with stage(tmp_path, recognizers=(slow,), person=True, **PATIENCE) as running:
        assert b" 201 " in await running.post(BODY)
        assert running.upstream.received.endswith(IN_FULL)
        (intent,) = await records(running, "intent")
        assert intent["tier"] == "patterns"  # the policy has no model
        assert "reduced" not in intent
        found = await series(running, "shield_inspections_total")
        assert found['shield_inspections_total{detection="full",route="all",tier="patterns"}'] == 1
        assert found['shield_inspections_total{detection="reduced",route="all",tier="patterns"}'] == 0
    assert await records(running, "rescan") == []


async def test_without_time_for_more_patterns_redact_and_the_rest_is_found_later(tmp_path: Path) -> None:
    slow = Slow()
    async with slow_stage(tmp_path, slow) as running:
        assert b" 201 " in await running.post(BODY)
        assert running.upstream.received.endswith(BY_PATTERNS)
        (intent,) = await records(running, "intent")
        assert (intent["tier"], intent["reduced"]) == ("patterns", True)
        assert [found["type"] for found in intent["findings"]] == ["CREDIT_CARD", "EMAIL_ADDRESS"]
        (waiting,) = exceptions(running)
        assert (waiting["kinds"], waiting["state"]) == (["reduced_detection"], "open")
        assert waiting["detail"] == "patterns alone, no re-scan yet"

        slow.waits.clear()
        slow.let_go.set()
        (rescan,) = await rescanned(running)
        assert (rescan["intent"], rescan["result"]) == (intent["index"], "found")
        (missed,) = rescan["missed"]
        assert (missed["type"], missed["count"], missed["paths"]) == ("PERSON", 1, ["$.body"])
        (found,) = exceptions(running)
        assert found["state"] == "open"
        assert found["detail"] == f"patterns alone, re-scan found PERSON 1 (record {rescan['index']})"
        counted = await series(running, "shield_rescan")
        assert counted['shield_rescans_total{result="found",route="all"}'] == 1
        assert counted["shield_rescan_queue_length"] == counted["shield_rescan_queue_bytes"] == 0
        counted = await series(running, "shield_inspections_total")
        assert counted['shield_inspections_total{detection="reduced",route="all",tier="patterns"}'] == 1
        places = await running.places()
        assert [trace for value in (NAME, CARD, MAIL) for trace in hunt(value, places)] == []
        shown = CliRunner().invoke(cli, ["audit", "show", str(running.audit), "--access", "off"]).output
        assert "forward_redacted patterns alone" in shown
        assert f"of {intent['index']} PERSON:1" in shown


async def test_a_clean_rescan_resolves_the_exception(tmp_path: Path) -> None:
    slow = Slow(finds=False)
    async with slow_stage(tmp_path, slow) as running:
        assert b" 201 " in await running.post(BODY)
        slow.waits.clear()
        slow.let_go.set()
        (rescan,) = await rescanned(running)
        assert (rescan["result"], rescan["missed"]) == ("clean", [])
    (cleared,) = exceptions(running)
    assert (cleared["state"], cleared["owner"]) == ("resolved", "re-scan")
    assert cleared["ticket"] == f"leak.shield.example/0#{rescan['index']}"
    assert exceptions(running, "--state", "open") == []
    done = CliRunner().invoke(cli, ["evidence", "reconcile", str(running.audit), "--json", "--access", "off"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["logs"][0]["completeness"]["reduced"] == {"clean": 1}


async def test_a_second_look_that_fails_says_so_and_leaves_the_exception_open(tmp_path: Path) -> None:
    class Failing(Slow):
        def analyze(self, text: str, entities: Any, nlp_artifacts: Any = None) -> list[RecognizerResult]:
            found = super().analyze(text, entities, nlp_artifacts)
            if self.let_go.is_set():
                raise ValueError(text)
            return found

    slow = Failing()
    async with slow_stage(tmp_path, slow) as running:
        assert b" 201 " in await running.post(BODY)
        slow.waits.clear()
        slow.let_go.set()
        (rescan,) = await rescanned(running)
        assert (rescan["result"], rescan["reason"]) == ("failed", "detection_incomplete")
        assert rescan["missed"] == []
        assert [found["state"] for found in exceptions(running)] == ["open"]
        counted = await series(running, "shield_rescan")
        assert counted['shield_rescans_total{result="failed",route="all"}'] == 1
        assert counted["shield_rescan_queue_length"] == counted["shield_rescan_queue_bytes"] == 0
        assert hunt(NAME, await running.places()) == []


async def test_while_detectors_hang_others_are_served(tmp_path: Path) -> None:
    """The one that hangs keeps its thread; each request behind it proceeds with patterns alone."""
    slow = Slow()
    async with slow_stage(tmp_path, slow) as running:
        replies = await asyncio.gather(*(running.post(BODY) for _ in range(6)))
        assert all(b" 201 " in reply for reply in replies)
        assert running.upstream.received.count(BY_PATTERNS) == 6
        slow.waits.clear()
        assert b" 201 " in await running.post(BODY)
        assert running.upstream.received.endswith(IN_FULL)
        slow.let_go.set()
        assert [it["result"] for it in await rescanned(running, 6)] == ["found"] * 6


async def test_no_room_for_the_second_look_no_write(tmp_path: Path) -> None:
    slow = Slow()
    async with slow_stage(tmp_path, slow, server="rescan_writes: 1") as running:
        assert b" 201 " in await running.post(BODY)
        first = bytes(running.upstream.received)
        reply = await running.post(BODY)
        assert reply.startswith(b"HTTP/1.1 503 ")
        assert b'"deadline_exceeded"' in reply
        assert bytes(running.upstream.received) == first
        assert len(await records(running, "intent")) == 1
        (refused,) = await records(running, "reject")
        assert refused["reason"] == "deadline_exceeded"


async def test_a_write_that_is_blocked_in_the_end_leaves_its_room(tmp_path: Path) -> None:
    slow = Slow()
    async with slow_stage(tmp_path, slow, server="rescan_writes: 1") as running:
        assert b'"policy_blocked"' in await running.post(BODY, path=f"/o/{MAIL}")
        assert running.upstream.received == b""
        counted = await series(running, "shield_rescan_queue")
        assert counted["shield_rescan_queue_length"] == counted["shield_rescan_queue_bytes"] == 0
        assert b" 201 " in await running.post(BODY)


async def test_a_write_that_has_no_room_takes_none(tmp_path: Path) -> None:
    slow = Slow()
    async with slow_stage(tmp_path, slow, server="rescan_memory: 1KiB") as running:
        big = json.dumps([MAIL] * 4).encode()  # four pieces: more than the memory holds
        assert (await running.post(big)).startswith(b"HTTP/1.1 503 ")
        assert (await series(running, "shield_rescan_queue"))["shield_rescan_queue_bytes"] == 0


async def test_what_still_waits_at_the_end_is_recorded_and_open(tmp_path: Path) -> None:
    slow = Slow()
    async with slow_stage(tmp_path, slow, server="drain_timeout: 200ms") as running:
        assert b" 201 " in await running.post(BODY)
        assert b" 201 " in await running.post(BODY)
        await running.service.stop()
        slow.let_go.set()
    rescans = await records(running, "rescan")
    assert [(it["result"], it["reason"]) for it in rescans] == [("not_done", "shutdown")] * 2
    found = exceptions(running)
    assert [it["state"] for it in found] == ["open", "open"]
    assert all("not_done: shutdown" in it["detail"] for it in found)


async def test_a_stop_waits_for_rescans_as_long_as_for_requests(tmp_path: Path) -> None:
    slow = Slow()
    async with slow_stage(tmp_path, slow) as running:
        assert b" 201 " in await running.post(BODY)
        stopping = asyncio.create_task(running.service.stop())
        slow.waits.clear()
        slow.let_go.set()
        await stopping
    (rescan,) = await records(running, "rescan")
    assert rescan["result"] == "found"


async def test_what_a_stop_kept_from_being_sent_is_not_looked_at_again(tmp_path: Path) -> None:
    slow = Slow()
    async with slow_stage(tmp_path, slow) as running:
        audit, exchange = running.service.audit, running.service.parts.exchange
        assert audit is not None
        assert exchange is not None
        commit = audit.commit

        async def committed(draft: Draft) -> int:
            index = await commit(draft)
            exchange.draining = True
            exchange.give_up()
            return index

        audit.commit = committed  # type: ignore[method-assign]
        reply = await running.post(BODY)
        assert b'"draining"' in reply
        assert running.upstream.received == b""
        slow.let_go.set()
        (rescan,) = await rescanned(running)
        assert (rescan["result"], rescan["reason"], rescan["missed"]) == ("not_sent", "draining", [])
        counted = await series(running, "shield_inspections_total")
        assert counted['shield_inspections_total{detection="reduced",route="all",tier="patterns"}'] == 0
        assert (await series(running, "shield_rescan_queue"))["shield_rescan_queue_bytes"] == 0
    (found,) = exceptions(running)
    assert (found["state"], found["detail"]) == (
        "resolved",
        f"patterns alone, never sent (record {rescan['index']})",
    )


async def test_under_block_nothing_is_forwarded(tmp_path: Path) -> None:
    slow = Slow()
    async with slow_stage(tmp_path, slow, on_deadline="block") as running:
        reply = await running.post(BODY)
        assert reply.startswith(b"HTTP/1.1 503 ")
        assert b'"deadline_exceeded"' in reply
        assert running.upstream.received == b""
        slow.waits.clear()
        assert b" 201 " in await running.post(BODY)  # the hanging one's turn was revoked
        assert running.upstream.received.endswith(IN_FULL)


async def test_a_detector_that_fails_is_no_detector_without_time(tmp_path: Path) -> None:
    class Raising(Slow):
        def analyze(self, text: str, entities: Any, nlp_artifacts: Any = None) -> list[RecognizerResult]:
            if NAME in text:
                raise ValueError(text)
            return []

    async with stage(tmp_path, recognizers=(Raising(),), person=True, **PATIENCE) as running:
        reply = await running.post(BODY)
        assert reply.startswith(b"HTTP/1.1 503 ")
        assert b'"detection_incomplete"' in reply
        assert running.upstream.received == b""


async def test_path_and_query_are_inspected_by_patterns_all_the_same(tmp_path: Path) -> None:
    slow = Slow()
    async with slow_stage(tmp_path, slow) as running:
        blocked = await running.post(b'{"a": 1}', path="/o/rosa.diaz%40example.org")
        assert b'"policy_blocked"' in blocked
        assert running.upstream.received == b""
        assert b" 201 " in await running.post(b'{"a": 1}', path=f"/o/{NAME}?q=rosa.diaz%40example.org")
        assert f"/o/{NAME}?q=%3CEMAIL_ADDRESS%3E " in running.upstream.received.decode()
        slow.waits.clear()
        slow.let_go.set()
        (rescan,) = await rescanned(running)
        assert [(it["type"], it["paths"]) for it in rescan["missed"]] == [("PERSON", ["path[1]"])]
