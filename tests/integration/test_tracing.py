"""The real service sends spans to a collector by OTLP over HTTP, read with the protocol's own messages."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shield.app.hosting import Seams
from shield.app.service import Service, start_service
from shield.config.loader import load
from shield.errors import ConfigError
from shield.telemetry import otlp
from tests.leak.canaries import CANARIES
from tests.leak.stage import Stage, Upstream

proto = pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2")

CONFIGURATION = """\
version: 1
listeners:
  proxy: {{host: 127.0.0.1, port: 0}}
  admin: {{host: 127.0.0.1, port: 0}}
upstreams:
  store: {{url: "http://127.0.0.1:{port}"}}
policies:
  default:
    detector: {{model: none}}
    entities: {{EMAIL_ADDRESS: replace, CREDIT_CARD: replace}}
routes:
  - name: tickets
    match: {{path: "/t/{{rest...}}"}}
    upstream: store
    policy: default
audit: {{directory: {audit}, origin: leak.shield.example/0}}
tracing: {{endpoint: "http://127.0.0.1:{collector}/v1/traces", share: 1, service: shield-test}}
"""
TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


class Collector:
    """Accepts OTLP requests, with or without gzip, and keeps their bytes."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.status = b"200 OK"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                fields = dict(
                    line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line
                )
                body = await reader.readexactly(int(fields[b"content-length"]))
                self.requests.append(
                    gzip.decompress(body) if fields.get(b"content-encoding") == b"gzip" else body
                )
                writer.write(b"HTTP/1.1 " + self.status + b"\r\nContent-Length: 0\r\n\r\n")
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def spans(self) -> list[dict[str, object]]:
        """All spans received, each with its name, ids, attributes and times."""
        found = []
        for raw in self.requests:
            request = proto.ExportTraceServiceRequest.FromString(raw)
            for resource in request.resource_spans:
                of = {it.key: it.value.string_value for it in resource.resource.attributes}
                assert of["service.name"] == "shield-test"
                for scope in resource.scope_spans:
                    for span in scope.spans:
                        attributes = {
                            it.key: it.value.string_value or it.value.int_value for it in span.attributes
                        }
                        found.append(
                            {
                                "name": span.name,
                                "trace": span.trace_id.hex(),
                                "id": span.span_id.hex(),
                                "parent": span.parent_span_id.hex(),
                                "attributes": attributes,
                                "length": span.end_time_unix_nano - span.start_time_unix_nano,
                                "start": span.start_time_unix_nano,
                                "error": span.status.code == 2,
                            }
                        )
        return found


@pytest.fixture
async def traced(tmp_path: Path) -> AsyncIterator[tuple[Stage, Collector]]:
    upstream, collector = Upstream(), Collector()
    listener = await asyncio.start_server(upstream.serve, "127.0.0.1", 0)
    collecting = await asyncio.start_server(collector.serve, "127.0.0.1", 0)
    configuration = tmp_path / "shield.yaml"
    configuration.write_text(
        CONFIGURATION.format(
            port=listener.sockets[0].getsockname()[1],
            collector=collecting.sockets[0].getsockname()[1],
            audit=tmp_path / "audit",
        )
    )
    log = io.StringIO()
    service = await start_service(configuration, {}, Seams(log_stream=log))
    yield Stage(service, upstream, log, tmp_path / "audit"), collector
    listener.close()
    collecting.close()
    await upstream.end()
    await service.stop()


async def test_a_span_per_step_under_the_callers_trace_and_on_to_the_upstream(
    traced: tuple[Stage, Collector],
) -> None:
    stage, collector = traced
    body = b'{"mail": "maria@example.com"}'
    fields = f"traceparent: 00-{TRACE}-{SPAN}-01\r\ntracestate: vendor=1\r\n"
    await stage.post(body, path="/t/42", fields=fields)
    await stage.service.stop()
    spans = {span["name"]: span for span in collector.spans()}
    exchange, upstream = spans["POST /t/{rest...}"], spans["upstream store"]
    assert {span["trace"] for span in spans.values()} == {TRACE}
    assert exchange["parent"] == SPAN
    assert {spans[name]["parent"] for name in ("read", "analyze", "encode", "audit")} == {exchange["id"]}
    assert upstream["parent"] == exchange["id"]
    assert f"traceparent: 00-{TRACE}-{upstream['id']}-01\r\n".encode() in stage.upstream.received
    assert stage.upstream.received.count(b"traceparent") == 1
    assert b"tracestate: vendor=1\r\n" in stage.upstream.received
    assert exchange["attributes"]["http.route"] == "/t/{rest...}"
    assert exchange["attributes"]["shield.outcome"] == "redacted"
    assert exchange["attributes"]["shield.findings"] == 1
    assert exchange["attributes"]["http.response.status_code"] == 201
    assert all(span["length"] >= 0 and span["start"] >= exchange["start"] - 1000 for span in spans.values())
    assert sum(span["length"] for span in spans.values() if span is not exchange) <= exchange["length"]
    lines = [json.loads(line) for line in stage.log.getvalue().splitlines()]
    assert [line["trace_id"] for line in lines if line["event"] == "exchange"] == [TRACE]


async def test_a_refusal_is_a_span_with_its_code(traced: tuple[Stage, Collector]) -> None:
    stage, collector = traced
    await stage.post(b'{"mail": "maria@', path="/t/42")
    await stage.post(b"{}", path="/maria@example.com")
    await stage.service.stop()
    spans = [span for span in collector.spans() if "shield.outcome" in span["attributes"]]
    assert [(span["name"], span["attributes"]["error.type"], span["error"]) for span in spans] == [
        ("POST /t/{rest...}", "body_malformed", False),
        ("POST", "route_not_found", False),
    ]
    assert not any(b"maria" in raw for raw in collector.requests)


async def test_one_that_is_not_sampled_sends_no_span_and_says_so_upstream(
    traced: tuple[Stage, Collector],
) -> None:
    stage, collector = traced
    await stage.post(b"{}", path="/t/42", fields=f"traceparent: 00-{TRACE}-{SPAN}-00\r\n")
    await stage.service.stop()
    assert collector.requests == []
    assert f"traceparent: 00-{TRACE}-".encode() in stage.upstream.received
    assert b"-00\r\n" in stage.upstream.received


async def test_no_planted_value_is_in_a_span(traced: tuple[Stage, Collector]) -> None:
    stage, collector = traced
    for canary in CANARIES:
        body = json.dumps({"wilhelmina": canary.sentence, canary.value: 1}).encode()
        await stage.post(
            body, path="/t/42", fields=f"X-Note: {canary.value}\r\nbaggage: a={canary.value}\r\n"
        )
    await stage.service.stop()
    sent = b"".join(collector.requests)
    assert sent
    assert not [canary.value for canary in CANARIES if canary.value.encode() in sent]
    assert b"wilhelmina" not in sent


async def test_a_collector_that_fails_harms_nothing_and_is_counted(traced: tuple[Stage, Collector]) -> None:
    stage, collector = traced
    collector.status = b"400 Bad Request"
    assert b" 201 " in await stage.post(b"{}", path="/t/42")
    await stage.service.stop()
    assert stage.service.metrics.registry.get_sample_value("shield_trace_spans_total", {"result": "lost"}) > 0


async def test_without_the_extra_the_start_is_refused(
    traced: tuple[Stage, Collector], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(otlp, "is_installed", lambda: False)
    configuration = tmp_path / "shield.yaml"
    service = Service(configuration, {}, load(configuration, {}), Seams(log_stream=io.StringIO()))
    await traced[0].service.stop()
    with pytest.raises(ConfigError, match="otlp"):
        await service.start()
