"""On the real service, canaries pass, fail where the control fails, and never reach storage."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shield.app.canaries import CanaryRuns
from shield.app.hosting import Seams
from shield.app.service import Service, start_service
from shield.audit.files import FolderReader
from shield.audit.verify import verify_log
from shield.domain import Redaction
from shield.evidence.exceptions import find_exceptions
from shield.evidence.reading import Entry, Period, Source, entries
from shield.evidence.reconcile import reconcile
from shield.proxy.sink import SINK
from shield.redactor import Redactor
from tests.leak.stage import Upstream, created

ORIGIN = "canary.shield.example/0"
HEAD = """\
version: 1
listeners:
  proxy: {{host: 127.0.0.1, port: 0}}
  admin: {{host: 127.0.0.1, port: 0}}
upstreams:
  store: {{url: "http://127.0.0.1:{port}"}}
audit: {{directory: {audit}, origin: canary.shield.example/0, checkpoint_interval: 60s}}
"""
PLAIN = """\
policies:
  default:
    detector: {model: none}
    entities:
      EMAIL_ADDRESS: replace
      CREDIT_CARD: {operator: mask, keep_last: 4}
      US_SSN: redact
      IP_ADDRESS: keep
routes:
  - {name: all, match: {path: "/t/{rest...}"}, upstream: store, policy: default}
canaries: {interval: 1h}
"""


@dataclass
class Stage:
    service: Service
    upstream: Upstream
    log: io.StringIO
    configuration: Path
    folder: Path

    async def entries(self) -> list[Entry]:
        assert self.service.audit is not None
        await self.service.audit.checkpoint()
        return list(entries(FolderReader(self.folder)))

    async def results(self) -> list[dict[str, Any]]:
        """The fields of all canary records, once a round is over."""
        assert self.service.canaries is not None
        async with asyncio.timeout(60):
            await self.service.canaries.round_over.wait()
        return [dict(entry.fields) for entry in await self.entries() if entry.kind == "canary"]

    def reload(self, text: str) -> None:
        head = self.configuration.read_text().partition("policies:")[0]
        self.configuration.write_text(head + text)


@asynccontextmanager
async def stage(folder: Path, text: str, **seams: object) -> AsyncIterator[Stage]:
    upstream = Upstream()
    listener = await asyncio.start_server(upstream.serve, "127.0.0.1", 0)
    upstream.port = listener.sockets[0].getsockname()[1]
    configuration = folder / "shield.yaml"
    configuration.write_text(HEAD.format(port=upstream.port, audit=folder / "audit") + text)
    log = io.StringIO()
    service = await start_service(configuration, {}, Seams(log_stream=log, **seams))  # type: ignore[arg-type]
    try:
        yield Stage(service, upstream, log, configuration, folder / "audit" / ORIGIN.replace("/", "+"))
    finally:
        listener.close()
        await upstream.end()
        await service.stop()


async def test_a_run_is_recorded_and_nothing_reaches_the_upstream(tmp_path: Path) -> None:
    async with stage(tmp_path, PLAIN) as play:
        (result,) = await play.results()
        assert (result["result"], result["failed"], result["reason"]) == ("passed", [], "")
        assert result["entities"].keys() == {"EMAIL_ADDRESS", "CREDIT_CARD", "US_SSN"}
        assert result["checks"] == sum(result["entities"].values()) > 10
        assert (result["uncovered"], result["exempt"], result["languages"]) == ([], 0, ["en"])
        assert play.upstream.received == b""
        found = await play.entries()
        intents = [entry for entry in found if entry.kind == "intent"]
        assert [entry.index for entry in intents] == result["requests"]
        assert all(entry.is_canary and entry.fields["upstream"] is None for entry in intents)
    source = Source(ORIGIN, FolderReader(play.folder))
    assert verify_log(source.reader).ok
    verdict = reconcile(source, Period(), interval_us=60_000_000)
    assert verdict.ok, verdict.problems
    counts = verdict.completeness
    assert counts.requests == counts.canaries == counts.intents == counts.outcomes == len(intents)
    assert (counts.certain, counts.possible, counts.hours) == (0, 0, {})
    assert list(find_exceptions(ORIGIN, entries(source.reader))) == []


async def test_real_requests_go_on_to_the_upstream_meanwhile(tmp_path: Path) -> None:
    async with stage(tmp_path, PLAIN) as play:
        assert play.service.proxy is not None
        body = b'{"mail": "jo@example.com"}'
        for _ in range(3):
            reader, writer = await asyncio.open_connection("127.0.0.1", play.service.proxy.port)
            writer.write(
                b"POST /t/1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
            )
            assert (await reader.read()).startswith(b"HTTP/1.1 201")
            writer.close()
        await play.results()
        assert play.upstream.received.count(b'{"mail": "<EMAIL_ADDRESS>"}') == 3
        assert b"canar" not in play.upstream.received
        page = play.service.metrics.registry
        assert page.get_sample_value("shield_requests_total", {"route": "all", "outcome": "redacted"}) == 3
        assert page.get_sample_value("shield_canary_runs_total", {"route": "all", "result": "passed"}) == 1
        assert page.get_sample_value("shield_canary_failing", {"route": "all"}) == 0
        assert page.get_sample_value("shield_canary_interval_seconds") == 3600


async def test_a_control_that_lets_something_through_fails_its_canaries(tmp_path: Path, monkeypatch) -> None:
    def blind(self: Redactor, body: bytes, *_: object, **__: object) -> Redaction:
        return Redaction(body=body, segments=1)

    monkeypatch.setattr(Redactor, "redact", blind)
    async with stage(tmp_path, PLAIN) as play:
        (result,) = await play.results()
        assert result["result"] == "failed"
        assert "CREDIT_CARD/en/spoken" in result["failed"]
        assert len(result["failed"]) == result["checks"]
        found = list(find_exceptions(ORIGIN, await play.entries()))
        assert [(one.kinds, one.route) for one in found] == [(("canary_failed",), "all")]
        assert found[0].detail.startswith(f"{result['checks']} of {result['checks']}: EMAIL_ADDRESS/en/plain")
        value = play.service.metrics.registry.get_sample_value
        assert value("shield_canary_failing", {"route": "all"}) == 1
        assert value("shield_canary_checks_total", {"route": "all", "result": "failed"}) == result["checks"]
        (line,) = [json.loads(it) for it in play.log.getvalue().splitlines() if "canary_failed" in it]
        assert line["failed"] == result["failed"]
        assert play.upstream.received == b""


async def test_a_run_that_cannot_be_made_is_an_error_with_its_code(tmp_path: Path, monkeypatch) -> None:
    def broken(*_: object, **__: object) -> Redaction:
        raise RuntimeError("canary@example.com")

    monkeypatch.setattr(Redactor, "redact", broken)
    async with stage(tmp_path, PLAIN) as play:
        (result,) = await play.results()
        assert (result["result"], result["reason"], result["checks"]) == ("error", "internal_error", 0)
        records = await play.entries()
        (refused,) = [entry for entry in records if entry.kind == "reject"]
        assert (result["requests"], refused.is_canary) == ([refused.index], True)
        (found,) = find_exceptions(ORIGIN, records)
        assert found.detail == "could not be run: internal_error"
        assert "canary@example.com" not in play.log.getvalue()


OBSERVED = PLAIN.replace("policy: default}", "policy: default, mode: observe}")


async def test_on_a_route_that_observes_what_was_found_is_held_to_it(tmp_path: Path) -> None:
    async with stage(tmp_path, OBSERVED) as play:
        (result,) = await play.results()
        assert (result["result"], result["mode"]) == ("passed", "observe")
        assert [one.kinds for one in find_exceptions(ORIGIN, await play.entries())] == []


@pytest.mark.parametrize(
    ("route", "result", "reason"),
    [
        ("{name: all, match: {path: /t, media_types: [image/png]}}", "error", "media_type_unsupported"),
        ("{name: all, match: {path: '/t/{id}/x', host: '*.example.com', methods: [PUT]}}", "passed", ""),
        ("{name: all, match: {path: /, host: a.example}, limits: {body: 100}}", "error", "body_too_large"),
        ("{name: all, match: {path: /t, media_types: ['application/*+json']}}", "passed", ""),
        ("{name: all, match: {path: /t, media_types: ['*/*+xml']}}", "passed", ""),
        ("{name: all, match: {path: /t, media_types: [text/xml]}}", "passed", ""),
        ("{name: all, match: {path: /t, media_types: [text/csv]}}", "passed", ""),
        ("{name: all, match: {path: /t, media_types: [text/html]}}", "passed", ""),
        ("{name: all, match: {path: /t, media_types: [text/vtt]}}", "passed", ""),
        ("{name: all, match: {path: /t}, fields: [{select: '$..*', action: keep}]}", "uncovered", ""),
        ("{name: all, match: {path: /t}, fields: [{select: '$..*', action: drop}]}", "passed", ""),
        ("{name: all, match: {path: /t, tenants: [acme]}}", "passed", ""),
        ("{name: all, match: {path: /t}, deadline: 1ms, on_deadline: patterns_only}", "passed", ""),
        ("{name: all, match: {path: /t}, deadline: 1ms}", "error", "deadline_exceeded"),
    ],
)
async def test_every_kind_of_route(tmp_path: Path, route: str, result: str, reason: str) -> None:
    line = f"  - {route[:-1]}, upstream: store, policy: default}}\n"
    text = PLAIN.partition("  - {name")[0] + line + "canaries: {interval: 1h}\n"
    if "tenants" in route:
        text += f"tenants: {{acme: {{api_keys: ['sha256:{'0' * 64}']}}}}\n"
    async with stage(tmp_path, text) as play:
        (found,) = await play.results()
        assert (found["result"], found["reason"]) == (result, reason), found
        assert play.upstream.received == b""


async def test_a_route_that_another_hides_is_reached_where_it_can_be(tmp_path: Path) -> None:
    text = PLAIN.replace(
        "canaries:", "  - {name: root, match: {path: /t}, upstream: store, policy: default}\ncanaries:"
    )
    async with stage(tmp_path, text) as play:
        results = {it["route"]: it["result"] for it in await play.results()}
        assert results == {"all": "passed", "root": "passed"}


async def test_own_samples_deny_lists_and_types_that_nothing_covers(tmp_path: Path) -> None:
    text = PLAIN.replace(
        "    entities:\n",
        "    detector: {model: none, patterns: ["
        "{name: case, entity: CASE, regex: 'CASE-[0-9]{8}', score: 0.9},"
        " {name: bin, entity: BIN, regex: 'BIN[0-9]{6}', score: 0.9}]}\n"
        "    deny_lists: [{terms: [Project Aurora], entity: SECRET_PROJECT}]\n"
        "    entities:\n      CASE: replace\n      BIN: replace\n      SECRET_PROJECT: redact\n",
    ).replace("    detector: {model: none}\n", "")
    text = text.replace(
        "interval: 1h}", "interval: 1h, samples: {CASE: ['It is [[CASE-00000001]].', CASE-00000002]}}"
    )
    async with stage(tmp_path, text) as play:
        (result,) = await play.results()
        assert result["result"] == "passed", result
        assert (result["entities"]["CASE"], result["entities"]["SECRET_PROJECT"]) == (2, 1)
        assert result["uncovered"] == ["BIN"]


async def test_a_reload_tests_the_new_configuration_at_once(tmp_path: Path) -> None:
    async with stage(tmp_path, PLAIN) as play:
        first = await play.results()
        play.reload(PLAIN.replace("US_SSN: redact", "IBAN_CODE: redact"))
        assert await play.service.reload()
        results = await play.results()
        assert len(results) == len(first) + 1
        assert "US_SSN" not in results[-1]["entities"]
        assert results[-1]["entities"]["IBAN_CODE"] > 0
        assert results[-1]["policy_digest"] != results[0]["policy_digest"]
        play.reload(PLAIN.replace("canaries: {interval: 1h}\n", ""))
        assert await play.service.reload()
        assert play.service.metrics.registry.get_sample_value("shield_canary_interval_seconds") == 0


async def test_an_instance_that_is_full_is_tested_all_the_same_and_is_no_fuller_by_it(tmp_path: Path) -> None:
    full = PLAIN + "server: {max_connections: 2, max_in_flight: 1, max_queued: 1, queue_timeout: 60s}\n"
    held = asyncio.Event()

    async def answer(writer: asyncio.StreamWriter) -> None:
        await held.wait()
        await created(writer)

    async with stage(tmp_path, full) as play:
        assert play.service.proxy is not None
        await play.results()
        value = play.service.metrics.registry.get_sample_value
        play.upstream.answer = answer
        clients = []
        for series in ("shield_requests_in_flight", "shield_admission_queue_length"):
            reader, writer = await asyncio.open_connection("127.0.0.1", play.service.proxy.port)
            clients.append((reader, writer))
            writer.write(
                b"POST /t/1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n"
                b"Content-Length: 2\r\n\r\n{}"
            )
            async with asyncio.timeout(20):
                while value(series) != 1:
                    await asyncio.sleep(0.01)
        assert await play.service.reload()
        assert [(it["result"], it["reason"]) for it in await play.results()] == [("passed", "")] * 2
        assert value("shield_connections") == 2
        assert not [entry for entry in await play.entries() if entry.kind == "reject"]
        held.set()
        for reader, writer in clients:
            assert (await reader.read()).startswith(b"HTTP/1.1 201")
            writer.close()


async def test_no_client_reaches_the_sink_or_the_lane(tmp_path: Path) -> None:
    """Whatever a client claims, its request goes to its route's upstream and is not marked as a canary."""
    async with stage(tmp_path, PLAIN) as play:
        assert play.service.proxy is not None
        await play.results()
        claims = f"X-Shield-Canary: true\r\nX-Canary: {SINK}\r\nHost: canary.invalid\r\n"
        reader, writer = await asyncio.open_connection("127.0.0.1", play.service.proxy.port)
        writer.write(
            f"POST /t/0 HTTP/1.1\r\n{claims}Connection: close\r\nContent-Type: application/json\r\n"
            'Content-Length: 17\r\n\r\n{"canary": "yes"}'.encode()
        )
        assert (await reader.read()).startswith(b"HTTP/1.1 201")
        writer.close()
        assert b'{"canary": "yes"}' in play.upstream.received
        last = [entry for entry in await play.entries() if entry.kind == "intent"][-1]
        assert not last.is_canary
        assert last.fields["upstream"] == "store"


async def test_what_a_run_sent_before_it_was_stopped_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise it would count as a client's request."""
    sent, send = asyncio.Event(), CanaryRuns._send

    async def one_and_no_more(*arguments: Any) -> None:
        await send(*arguments)
        sent.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(CanaryRuns, "_send", one_and_no_more)
    async with stage(tmp_path, PLAIN), asyncio.timeout(60):
        await sent.wait()
    found = list(entries(FolderReader(tmp_path / "audit" / ORIGIN.replace("/", "+"))))
    (result,) = [entry.fields for entry in found if entry.kind == "canary"]
    (intent,) = [entry for entry in found if entry.kind == "intent"]
    assert (result["result"], result["requests"], intent.is_canary) == ("stopped", [intent.index], True)
    assert not [it for it in find_exceptions(ORIGIN, found) if "canary_failed" in it.kinds]
