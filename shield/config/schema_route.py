"""Sections of a configuration on routes: what goes where. They compile to `settings`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from shield.config.schema_admission import RateSection
from shield.config.schema_evidence import ReadBackSection
from shield.config.schema_headers import HeadersSection, TargetActionName, check_entity
from shield.config.schema_types import (
    Count,
    Duration,
    EntityType,
    Integer,
    Label,
    MatchHost,
    MediaTypePattern,
    Method,
    Name,
    Number,
    Path_,
    RouteName,
    Score,
    Section,
    Size,
    Text,
)


class MatchSection(Section):
    """Which requests a route takes. Of several routes that match, the most specific wins."""

    host: MatchHost = Field(
        default="*",
        description="Host of the request, compared without port, trailing dot or case. `*.example.com` is "
        "any host below it, `*` any host.",
        examples=["tickets.example.com"],
    )
    path: Path_ = Field(
        description="Path template: `{name}` takes one segment, a final `{name...}` the rest.",
        examples=["/api/tickets/{rest...}"],
    )
    methods: list[Method] = Field(default=[], description="Methods. Empty: any.", examples=[["POST", "PUT"]])
    media_types: list[MediaTypePattern] = Field(
        default=["application/json"],
        min_length=1,
        description="Media types of request bodies: full, `type/*`, `*/*` or `*/*+json`. Requests without a "
        "body match whatever is listed.",
        examples=[["application/json", "text/plain"]],
    )
    tenants: list[Name] = Field(
        default=[],
        description="Names of `tenants` whose requests the route takes. Empty: anybody's.",
        examples=[["acme"]],
    )


class FieldRuleSection(Section):
    """What is done with the nodes of a payload that a JSONPath query selects, and all below them."""

    select: Text = Field(
        description="JSONPath query (RFC 9535). If several rules match a value, the last one wins.",
        examples=["$.ticket.id"],
    )
    action: Literal["inspect", "treat_as", "keep", "drop"] = Field(
        description="`inspect`: as usual; `treat_as`: the whole value is of type `entity`; `keep`: leave it "
        "uninspected, which is counted; `drop`: remove it.",
        examples=["keep"],
    )
    entity: EntityType | None = Field(
        default=None,
        description="For `treat_as` only. The policy must list it.",
        examples=["PERSON"],
    )

    @model_validator(mode="after")
    def _entity_with_treat_as(self) -> FieldRuleSection:
        check_entity(self.action, self.entity)
        return self


class QuerySection(Section):
    """What becomes of PII in query parameters."""

    default: TargetActionName = Field(
        default="redact",
        description="`redact` it, `block` the request, or `keep`: do not inspect.",
        examples=["block"],
    )
    parameters: dict[Text, TargetActionName] = Field(
        default={},
        description="The same by parameter name; overrides `default`.",
        examples=[{"page": "keep", "email": "block"}],
        json_schema_extra={"placeholder": "PARAMETER"},
    )


class LimitsSection(Section):
    """Bounds of one request. What is absent on a route comes from the top-level `limits`."""

    body: Size | None = Field(
        default=None, description="Size of the body as it arrives. Default 10MiB.", examples=["20MiB"]
    )
    decoded: Size | None = Field(
        default=None,
        description="Size of the body after its content encoding is undone. Default 50MiB.",
        examples=["100MiB"],
    )
    decompression_ratio: Annotated[Number, Field(ge=1), Label("number, at least 1")] | None = Field(
        default=None, description="Most decoded bytes for one byte that arrived. Default 100.", examples=[100]
    )
    nesting_depth: Annotated[Integer, Field(ge=1, le=1000), Label("whole number, 1 to 1000")] | None = Field(
        default=None, description="Most levels of nesting. Default 128.", examples=[64]
    )
    segments: Count | None = Field(
        default=None, description="Most pieces of text in one body. Default 100000.", examples=[100000]
    )


class ShadowSection(Section):
    """A policy that is tried on live traffic before it is enforced: `shield diff` says what changes."""

    policy: Name = Field(description="Name of the policy to try.", examples=["next"])
    share: Annotated[Score, Field(gt=0), Label("number, above 0, at most 1")] = Field(
        default=1.0,
        description="Share of the route's requests that are inspected again under it, after they were "
        "answered.",
        examples=[0.1],
    )


class RouteSection(Section):
    """Which requests go where, under which policy. What matches no route is refused and recorded."""

    name: RouteName = Field(description="Unique name, in records and metrics.", examples=["tickets"])
    match: MatchSection = Field(description="Which requests the route takes.")
    upstream: Name = Field(description="Name of an upstream.", examples=["store"])
    policy: Name = Field(description="Name of a policy.", examples=["default"])
    mode: Literal["enforce", "observe"] = Field(
        default="enforce",
        description="`observe` forwards unchanged and records what would have been redacted.",
        examples=["observe"],
    )
    on_error: Literal["block", "bypass"] = Field(
        default="block",
        description="When a write cannot be inspected: `block` refuses it; `bypass` forwards unchanged what "
        "could not be inspected of it, which is recorded and raises an alert.",
        examples=["block"],
    )
    fields: list[FieldRuleSection] = Field(default=[], description="Rules for single fields of the payload.")
    field_names: list[Text] = Field(
        default=[],
        description="Names of your fields that records may show in the path of a finding. Any other name is "
        "shown as `*`, unless it is made of common field-name words or stands in `fields` or "
        "`query.parameters`.",
        examples=[["custfield_region", "AcmeTier__c"]],
    )
    query: QuerySection = Field(
        default=QuerySection(), description="What is done with PII in query parameters."
    )
    headers: HeadersSection = Field(
        default=HeadersSection(), description="What is done with PII in header fields."
    )
    path: TargetActionName = Field(
        default="block",
        description="What is done with PII in path segments: `redact`, `block`, or `keep`: do not inspect.",
        examples=["redact"],
    )
    opaque: Literal["block", "keep"] | None = Field(
        default=None,
        description="What is done with a request that has a document, picture, archive, sound or other "
        "bytes in base64, base32 or hexadecimal in one of its texts, or as a file of a form: `block` it, or "
        "`keep`: forward that content uninspected, which is counted and recorded. Default `block`, but "
        "`keep` where `on_error` is `bypass`.",
        examples=["keep"],
    )
    limits: LimitsSection = Field(default=LimitsSection(), description="Limits of this route.")
    body_timeout: Duration = Field(
        default=30.0, description="For a request's body to arrive.", examples=["30s"]
    )
    deadline: Duration = Field(
        default=10.0,
        description="For the inspection and the wait for it. The time in which the body arrives does not "
        "count.",
        examples=["10s"],
    )
    on_deadline: Literal["block", "patterns_only"] = Field(
        default="block",
        description="When a write cannot be inspected within `deadline`: `block` refuses it; "
        "`patterns_only` forwards it with what the patterns found redacted, which is recorded and raises an "
        "alert, and inspects it in full later.",
        examples=["patterns_only"],
    )
    concurrency: Count | None = Field(
        default=None,
        description="Most requests of this route at a time; further ones wait. Without it, only "
        "`server.max_in_flight` applies.",
        examples=[64],
    )
    rate: RateSection | None = Field(
        default=None, description="Most requests per second of this route; further ones are refused with 429."
    )
    weight: Annotated[Number, Field(gt=0, le=1000), Label("number, above 0, at most 1000")] = Field(
        default=1.0,
        description="The route's share of the service while requests wait, relative to the other routes.",
        examples=[4],
    )
    shadow: ShadowSection | None = Field(
        default=None,
        description="Another policy to try on this route's requests, without effect on them.",
    )
    read_back: ReadBackSection | None = Field(
        default=None,
        description="Reads writes back from storage and compares them. Without it, nothing is read back.",
    )
