"""Sections of a configuration on callers: how they are identified, and their roles on the admin listener."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from shield.config.invalid import InvalidValueError
from shield.config.schema_admission import RateSection
from shield.config.schema_types import ApiKeyDigest, CertificateName, Count, Integer, Label, Name, Section
from shield.config_codes import ProblemCode


class CallerSection(Section):
    """How a caller is known."""

    api_keys: list[ApiKeyDigest] = Field(
        default=[],
        description="SHA-256 digests of API keys (`shield callers new` makes a key and prints its digest). "
        "List several to change a key without downtime.",
        examples=[["sha256:" + "0" * 64]],
    )
    certificates: list[CertificateName] = Field(
        default=[],
        description="Client certificates, verified against the listener's `client_ca`: by SHA-256 "
        "fingerprint, or by a DNS name or URI among their subject alternative names.",
        examples=[["dns:support.acme.example", "uri:spiffe://acme.example/support"]],
    )

    @model_validator(mode="after")
    def _known_by_something(self) -> CallerSection:
        if not (self.api_keys or self.certificates):
            raise InvalidValueError(
                ProblemCode.KEYS_INCONSISTENT,
                "a caller needs api_keys or certificates; without them nobody can be recognized as it",
            )
        return self


class TenantSection(CallerSection):
    """Who may call, and how they are known."""

    rate: RateSection | None = Field(
        default=None,
        description="Most requests per second of this tenant, over all routes; further ones are refused "
        "with 429.",
    )


class AdminCallerSection(CallerSection):
    """Who may use the admin listener."""

    role: Literal["metrics", "viewer", "operator"] = Field(
        description="`metrics`: only the metrics; `viewer`: also what is in force; `operator`: may also "
        "change it.",
        examples=["metrics"],
    )


class AdminSection(Section):
    """Who may use the admin listener, and how often."""

    callers: dict[Name, AdminCallerSection] = Field(
        default={},
        description="Callers, by name. Without any: `/metrics` is open to whoever can connect, endpoints "
        "that only show state are open on a loopback address, and nobody may change anything. `/healthz` "
        "and `/readyz` are always open.",
        json_schema_extra={"placeholder": "NAME"},
    )
    rate: Annotated[Integer, Field(ge=1, le=10_000), Label("whole number, 1 to 10000")] = Field(
        default=10, description="Requests per second of one caller; bursts of twice as many.", examples=[50]
    )
    failures: Count = Field(
        default=10,
        description="Wrong credentials from one address until it is locked out; after that, one attempt per "
        "30 s is let through.",
        examples=[10],
    )
