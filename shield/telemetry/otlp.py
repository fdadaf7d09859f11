"""Sends spans to an OpenTelemetry collector: OTLP over HTTP, by the OpenTelemetry SDK (the extra `otlp`).

The SDK's batch processor sends from its own thread and a bounded queue; spans that find no room are dropped.
Headers for the collector, such as a token, come from `OTEL_EXPORTER_OTLP_HEADERS`.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from typing import Any

from shield.config_codes import ProblemCode
from shield.errors import ConfigError
from shield.telemetry.tracing import Span, SpanSink

_EXTRA = "opentelemetry.exporter.otlp"
_TIMEOUT = 5.0
_CLOSE_MILLISECONDS = 2000


def is_installed() -> bool:
    """Whether the extra is installed."""
    try:
        return importlib.util.find_spec(f"{_EXTRA}.proto.http.trace_exporter") is not None
    except ModuleNotFoundError:
        return False


def open_sink(endpoint: str, service: str, version: str, exported: Callable[[int, bool], None]) -> SpanSink:
    """A sink that sends to `endpoint`, a collector's URL for traces.

    `exported` is called in the sender's thread with a number of spans and whether they were taken. Raises
    ConfigError without the extra.
    """
    if not is_installed():
        raise ConfigError(
            ProblemCode.INSTALLATION_INCOMPLETE,
            "tracing needs OpenTelemetry: from a checkout, pip install '.[otlp]'",
        )
    return _OtlpSink(endpoint, service, version, exported)


class _Counting:
    """An exporter of the SDK that reports how many spans it could send."""

    def __init__(self, exporter: Any, success: Any, exported: Callable[[int, bool], None]) -> None:
        self._exporter = exporter
        self._success = success
        self._exported = exported

    def export(self, spans: Sequence[Any]) -> Any:
        result = self._exporter.export(spans)
        self._exported(len(spans), result is self._success)
        return result

    def force_flush(self, timeout_millis: int = 0) -> bool:
        return bool(self._exporter.force_flush(timeout_millis))

    def shutdown(self) -> None:
        self._exporter.shutdown()


class _OtlpSink:
    def __init__(
        self, endpoint: str, service: str, version: str, exported: Callable[[int, bool], None]
    ) -> None:
        # ruff: noqa: PLC0415  the extra is loaded only where it is asked for
        from opentelemetry import trace
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk import trace as sdk
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult
        from opentelemetry.sdk.util.instrumentation import InstrumentationScope

        self._trace, self._sdk = trace, sdk
        # Not `Resource.create`, which would add what the environment and detectors say of the host.
        self._resource = Resource({"service.name": service, "service.version": version})
        self._scope = InstrumentationScope("shield", version)
        self._processor: Any = BatchSpanProcessor(
            _Counting(
                OTLPSpanExporter(endpoint=endpoint, timeout=_TIMEOUT), SpanExportResult.SUCCESS, exported
            )
        )
        self._kinds = {
            "server": trace.SpanKind.SERVER,
            "client": trace.SpanKind.CLIENT,
            "internal": trace.SpanKind.INTERNAL,
        }

    def take(self, spans: Sequence[Span]) -> None:
        for span in spans:
            self._processor.on_end(self._readable(span))

    def close(self) -> None:
        self._processor.force_flush(_CLOSE_MILLISECONDS)
        self._processor.shutdown()

    def _readable(self, span: Span) -> Any:
        trace = self._trace
        status = trace.StatusCode.ERROR if span.error else trace.StatusCode.UNSET
        return self._sdk.ReadableSpan(
            name=span.name,
            context=self._context(span.trace_id, span.span_id, remote=False),
            parent=self._context(span.trace_id, span.parent_id, remote=True) if span.parent_id else None,
            resource=self._resource,
            attributes=dict(span.attributes),
            kind=self._kinds[span.kind],
            instrumentation_scope=self._scope,
            status=trace.Status(status),
            start_time=round(span.start * 1e9),
            end_time=round(span.end * 1e9),
        )

    def _context(self, trace_id: str, span_id: str, *, remote: bool) -> Any:
        trace = self._trace
        flags = trace.TraceFlags(trace.TraceFlags.SAMPLED)
        return trace.SpanContext(int(trace_id, 16), int(span_id, 16), remote, flags)
