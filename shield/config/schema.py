"""What a configuration file may hold. Unknown keys are refused; each key is described here once.

The sections are in the `schema_*` modules beside this one. Descriptions, defaults and examples feed the JSON
Schema for editors (`json_schema`) and the tables of docs/configuration.md (`reference`). `settings` holds
what the keys compile to.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from shield.config.schema_audit import AuditSection
from shield.config.schema_callers import AdminSection, TenantSection
from shield.config.schema_console import ConsoleSection
from shield.config.schema_evidence import CanariesSection
from shield.config.schema_listener import ListenersSection
from shield.config.schema_policy import PolicySection
from shield.config.schema_route import LimitsSection, RouteSection
from shield.config.schema_secrets import Key
from shield.config.schema_server import ServerSection
from shield.config.schema_types import Flag, Label, Name, Score, Section, Url
from shield.config.schema_upstream import UpstreamSection


class LoggingSection(Section):
    """The program's log, on standard error."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Lowest level that is logged.", examples=["info"]
    )
    format: Literal["json", "console"] = Field(
        default="json", description="`console` is for people, `json` for programs.", examples=["json"]
    )
    access: Flag = Field(default=True, description="One line for each exchange.", examples=[False])


class TracingSection(Section):
    """Spans to an OpenTelemetry collector. Needs the extra `otlp`."""

    endpoint: Url = Field(
        description="The collector's URL for traces, OTLP over HTTP. Its headers come from the environment: "
        "`OTEL_EXPORTER_OTLP_HEADERS`.",
        examples=["http://otel-collector:4318/v1/traces"],
    )
    share: Score = Field(
        default=0.05,
        description="Share of the requests without a `traceparent` that are traced. A request with a "
        "`traceparent` is traced if that says so.",
        examples=[0.01],
    )
    service: Name = Field(
        default="shield", description="Name of the service in traces.", examples=["shield-eu"]
    )


class ConfigDocument(Section):
    """Configuration of PII Shield."""

    version: Annotated[Literal[1], Label("`1`")] = Field(description="Version of this format.", examples=[1])
    listeners: ListenersSection = Field(description="Where the shield listens.")
    upstreams: dict[Name, UpstreamSection] = Field(
        min_length=1,
        description="The systems that are written to, by name.",
        json_schema_extra={"placeholder": "NAME"},
    )
    policies: dict[Name, PolicySection] = Field(
        min_length=1,
        description="What is PII and what becomes of it, by name.",
        json_schema_extra={"placeholder": "NAME"},
    )
    routes: list[RouteSection] = Field(
        min_length=1, description="Which requests go where, under which policy."
    )
    limits: LimitsSection = Field(default=LimitsSection(), description="Limits of the routes that set none.")
    keys: dict[Name, Key] = Field(
        default={},
        description="Keys of the operators `hash` and `encrypt`, by name; at least 16 bytes each.",
        examples=[{"tickets-2025": "${env:SHIELD_TICKETS_KEY}"}],
        json_schema_extra={"placeholder": "NAME"},
    )
    tenants: dict[Name, TenantSection] = Field(
        default={},
        description="Who may call the routes that name them, by name.",
        json_schema_extra={"placeholder": "NAME"},
    )
    admin: AdminSection = Field(
        default=AdminSection(), description="Who may use the admin listener (`listeners.admin`)."
    )
    server: ServerSection = Field(default=ServerSection(), description="Bounds of the proxy as a whole.")
    audit: AuditSection = Field(description="The audit log.")
    console: ConsoleSection | None = Field(
        default=None, description="The web console. Without this section there is none."
    )
    canaries: CanariesSection | None = Field(
        default=None,
        description="Tests the live path continuously with synthetic values. Without it, nothing is tested.",
    )
    logging: LoggingSection = Field(default=LoggingSection(), description="The program's log.")
    tracing: TracingSection | None = Field(
        default=None,
        description="Spans of exchanges, and W3C trace context to the upstream. Without it, neither.",
    )
