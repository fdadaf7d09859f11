"""Sections of a configuration on upstreams. They compile to `settings`."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from shield.config.invalid import InvalidValueError
from shield.config.schema_types import Count, Duration, FilePath, Host, Label, Section, SentHost, Url
from shield.config_codes import ProblemCode


def _check_target(value: str) -> str:
    if not re.fullmatch(r"/[!-~]*", value) or "#" in value:
        raise InvalidValueError(
            ProblemCode.VALUE_MALFORMED, "must be a path that begins with '/', percent-encoded"
        )
    return value


class TimeoutsSection(Section):
    """Time limits towards an upstream."""

    connect: Duration = Field(
        default=2.0,
        description="Until a connection is ready: includes TLS and the wait for a free connection in the "
        "pool.",
        examples=["2s"],
    )
    read: Duration = Field(default=30.0, description="Between two reads of the reply.", examples=["30s"])
    total: Duration = Field(
        default=60.0, description="For the whole exchange, to the last byte of the reply.", examples=["60s"]
    )


class UpstreamTlsSection(Section):
    """How an `https` upstream is trusted, and who the shield is to it."""

    ca_file: FilePath | None = Field(
        default=None,
        description="Authorities to trust, PEM. Without it, the system's.",
        examples=["tls/upstream-ca.pem"],
    )
    certificate: FilePath | None = Field(
        default=None, description="Client certificate chain, PEM.", examples=["tls/client.pem"]
    )
    private_key: FilePath | None = Field(
        default=None, description="Private key of the client certificate, PEM.", examples=["tls/client.key"]
    )
    server_name: Host | None = Field(
        default=None,
        description="Name that the upstream's certificate must be valid for. Without it, the URL's host.",
        examples=["storage.example.com"],
    )

    @model_validator(mode="after")
    def _pair(self) -> UpstreamTlsSection:
        if (self.certificate is None) != (self.private_key is None):
            raise InvalidValueError(
                ProblemCode.KEYS_INCONSISTENT, "certificate and private_key go together; set both or neither"
            )
        return self


class OutlierSection(Section):
    """When an address that fails is left alone for a while (Envoy: outlier detection, circuit breaking)."""

    consecutive: Count = Field(
        default=5,
        description="Requests in a row without an answer after which an address is ejected.",
        examples=[5],
    )
    base: Duration = Field(
        default=1.0,
        description="Length of the first ejection. It doubles each time the request after it fails too.",
        examples=["1s"],
    )
    most: Duration = Field(default=30.0, description="Longest ejection.", examples=["30s"])


class HealthCheckSection(Section):
    """Asking each address of an upstream whether it is well."""

    path: Annotated[str, AfterValidator(_check_target), Label("path")] = Field(
        description="Path of the check, below the address's base path, asked without credentials. "
        "A 2xx answer means healthy.",
        examples=["/healthz"],
    )
    interval: Duration = Field(default=5.0, description="Between two checks.", examples=["5s"])
    timeout: Duration = Field(default=1.0, description="For one check.", examples=["1s"])
    healthy_after: Count = Field(
        default=2, description="Good checks in a row after which an address is healthy.", examples=[2]
    )
    unhealthy_after: Count = Field(
        default=3, description="Bad checks in a row after which an address is unhealthy.", examples=[3]
    )


class UpstreamSection(Section):
    """One system that is written to."""

    url: Url = Field(
        description="Base URL, `http` or `https`, with no credentials, query or fragment. The request's path "
        "is appended to it.",
        examples=["https://storage.example.com/v2"],
    )
    host: SentHost = Field(
        default="upstream",
        description="What requests carry in `Host`: the host of the address that they go to (`upstream`), "
        "the one that the client asked for (`client`), or this one.",
        examples=["client"],
    )
    timeouts: TimeoutsSection = Field(default=TimeoutsSection(), description="Time limits.")
    pool_size: Count = Field(
        default=100, description="Most connections at a time to each address.", examples=[100]
    )
    replicas: list[Url] = Field(
        default=[],
        description="Further addresses of the same storage. Requests rotate over all healthy addresses; one "
        "that cannot be connected to is skipped.",
        examples=[["https://storage-b.example.com/v2"]],
    )
    outlier: OutlierSection = Field(
        default=OutlierSection(), description="When an address that fails is ejected (left out for a while)."
    )
    health_check: HealthCheckSection | None = Field(
        default=None,
        description="Active checks of each address. Without them, only requests show whether it is healthy.",
    )
    tls: UpstreamTlsSection = Field(
        default=UpstreamTlsSection(), description="Trust and client certificate of an `https` upstream."
    )

    @model_validator(mode="after")
    def _tls_needs_https(self) -> UpstreamSection:
        addresses = (self.url, *self.replicas)
        if self.tls != UpstreamTlsSection() and any(it.startswith("http:") for it in addresses):
            raise InvalidValueError(
                ProblemCode.KEYS_INCONSISTENT, "tls is set but the url is http; use https, or remove tls"
            )
        if len(set(addresses)) < len(addresses):
            raise InvalidValueError(
                ProblemCode.KEYS_INCONSISTENT, "url and replicas list an address twice; list each once"
            )
        return self
