"""Declares what the admin listener serves; routing, roles, validation and the OpenAPI document follow.

Law: an operation that is not in `OPERATIONS` is not served, and each is served exactly as declared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from shield.config.settings_callers import AdminRole
from shield.errors import (
    AdminRateLimitedError,
    AuditUnavailableError,
    BodyTimeoutError,
    CredentialsInvalidError,
    CredentialsRequiredError,
    ExpectationFailedError,
    MalformedBodyError,
    NotServingError,
    ReloadRefusedError,
    RequestError,
    RoleInsufficientError,
    ShieldError,
    TooLargeError,
    UnsupportedMediaTypeError,
)


class Plain(BaseModel):
    """Base of what goes over the API: unknown members refused, values never in an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


Digest = Annotated[
    str,
    Field(
        pattern=r"^sha256:[0-9a-f]{64}$",
        description="SHA-256 of a canonical form, as in the audit log.",
        examples=["sha256:" + "0" * 64],
    ),
]
Moment = Annotated[
    str, Field(json_schema_extra={"format": "date-time"}, description="RFC 3339, UTC, to the second.")
]
Reasons = Annotated[
    list[str], Field(description="Why not, as stable codes; empty when nothing is wrong.", examples=[[]])
]


class Probe(Plain):
    """Whether something is as it should be."""

    status: Literal["ok", "failing"]
    reasons: Reasons


class WorkerStatus(Plain):
    """One process that takes traffic."""

    slot: Annotated[int, Field(ge=0, description="Its place; 0 where there is one process alone.")]
    pid: Annotated[int | None, Field(ge=1, description="Null where none has been started.")]
    state: Annotated[
        Literal["starting", "ready", "stalled", "stopping", "ended"],
        Field(description="`stalled`: its event loop does not run, so it takes no traffic."),
    ]
    reasons: Annotated[list[str], Field(description="Why it takes no traffic.")]
    requests_in_flight: Annotated[int, Field(ge=0)]
    inspections_waiting: Annotated[int, Field(ge=0, description="Inspections that wait for their turn.")]
    connections: Annotated[int, Field(ge=0)]
    audit_records: Annotated[int, Field(ge=0, description="Records of its log on stable storage.")]
    audit_signed: Annotated[int, Field(ge=0, description="Of these, under a signed head.")]


class LastReload(Plain):
    """The newest reload, by whatever way it was asked for."""

    at: Moment
    accepted: bool
    code: Annotated[str, Field(description="The error's code where it was refused, else empty.")]


class Status(Plain):
    """The instance as it is now."""

    version: Annotated[str, Field(description="Of the program.")]
    python: str
    started_at: Moment
    uptime_seconds: Annotated[int, Field(ge=0)]
    ready: bool
    reasons: Reasons
    drained: Annotated[bool, Field(description="Whether an operator took it out of traffic.")]
    configuration: Annotated[Digest, Field(description="Digest of the configuration in force.")]
    last_reload: Annotated[LastReload | None, Field(description="Null where there was none since the start.")]
    audit_origin: Annotated[str, Field(description="`audit.origin`.")]
    workers: list[WorkerStatus]


class PolicyName(Plain):
    """A policy and its digest."""

    name: str
    digest: Digest


class ShadowStatus(Plain):
    """A policy that is tried."""

    policy: PolicyName
    share: float


class RouteStatus(Plain):
    """A route in force. Upstreams by name: their URLs and all secrets stay in the configuration."""

    name: str
    host: str
    path: Annotated[str, Field(description="The path template.")]
    methods: Annotated[list[str], Field(description="Empty: any.")]
    media_types: list[str]
    tenants: Annotated[list[str], Field(description="Empty: anybody.")]
    upstream: str
    policy: PolicyName
    mode: Literal["enforce", "observe"]
    on_error: Literal["block", "bypass"]
    body_timeout_seconds: float
    deadline_seconds: float
    shadow: ShadowStatus | None


class Routes(Plain):
    """What is served, in the order of the configuration."""

    configuration: Digest
    routes: list[RouteStatus]


class ReloadRequest(Plain):
    """What a reload must lead to."""

    expected_digest: Annotated[
        Digest | None,
        Field(
            description="Refuse unless the file has this digest: nothing else than what was reviewed comes "
            "into force."
        ),
    ] = None


class Reloaded(Plain):
    """A reload that was put in force."""

    before: Digest
    after: Digest
    changed: bool


class Drained(Plain):
    """Whether the instance is out of traffic by an operator's word."""

    drained: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path.

    `role` None means open to anybody. `answer` None means an answer in its own format. `failing` says that
    the answer may come with 503, in the same form. `errors` are those beyond what every operation may answer.
    """

    method: Literal["GET", "POST"]
    path: str
    name: str
    summary: str
    description: str
    role: AdminRole | None
    answer: type[Plain] | None
    body: type[Plain] | None = None
    failing: bool = False
    errors: tuple[type[ShieldError], ...] = ()

    @property
    def changes(self) -> bool:
        """Whether it changes something; such an operation is recorded and needs a named caller."""
        return self.method == "POST"

    @property
    def methods(self) -> Sequence[str]:
        """The HTTP methods that lead to it."""
        return ("GET", "HEAD") if self.method == "GET" else (self.method,)

    @property
    def all_errors(self) -> tuple[type[ShieldError], ...]:
        """Every error that it may answer with."""
        kinds: list[type[ShieldError]] = [*_ALWAYS]
        if self.role is not None:
            kinds += _GUARDED
        if self.body is not None:
            kinds += _WITH_BODY
        return (*kinds, *self.errors)


_ALWAYS = (RequestError, ExpectationFailedError, ShieldError)
_GUARDED = (CredentialsRequiredError, CredentialsInvalidError, RoleInsufficientError, AdminRateLimitedError)
_WITH_BODY = (MalformedBodyError, BodyTimeoutError, TooLargeError, UnsupportedMediaTypeError)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "GET", "/healthz", "getHealth", "Whether it works.",
        "503 where only a restart helps.",
        role=None, answer=Probe, failing=True,
    ),
    Operation(
        "GET", "/readyz", "getReadiness", "Whether it should get traffic.",
        "503 with the reasons where it should not: starting, stopping, drained, no audit log.",
        role=None, answer=Probe, failing=True,
    ),
    Operation(
        "GET", "/openapi.json", "getOpenApi", "This document.", "The OpenAPI document of the admin API.",
        role=None, answer=None,
    ),
    Operation(
        "GET", "/metrics", "getMetrics", "All series.",
        "The Prometheus text format, or OpenMetrics where the Accept header asks for it.",
        role=AdminRole.METRICS, answer=None,
    ),
    Operation(
        "GET", "/v1/status", "getStatus", "The instance and its workers.",
        "Version, uptime, readiness, the digest of the configuration, and each worker with its audit log.",
        role=AdminRole.VIEWER, answer=Status,
    ),
    Operation(
        "GET", "/v1/routes", "getRoutes", "The routes in force.",
        "Each with its policy's digest, as `config` records of the audit log name it. No secrets.",
        role=AdminRole.VIEWER, answer=Routes, errors=(NotServingError,),
    ),
    Operation(
        "POST", "/v1/reload", "reload", "Reads the configuration again, as SIGHUP does.",
        "In force in all workers, or refused with the one before in force. Returns when that is decided.",
        role=AdminRole.OPERATOR, answer=Reloaded, body=ReloadRequest,
        errors=(ReloadRefusedError, NotServingError, AuditUnavailableError),
    ),
    Operation(
        "POST", "/v1/drain", "drain", "Takes the instance out of traffic.",
        "`/readyz` says 503 from now on, so that a load balancer sends no more; what still comes is served. "
        "Until undrained or restarted.",
        role=AdminRole.OPERATOR, answer=Drained, errors=(NotServingError, AuditUnavailableError),
    ),
    Operation(
        "POST", "/v1/undrain", "undrain", "Gives the instance back to traffic.",
        "Undoes drain; where it was not drained, nothing changes.",
        role=AdminRole.OPERATOR, answer=Drained, errors=(NotServingError, AuditUnavailableError),
    ),
)  # fmt: skip
