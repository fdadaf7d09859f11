"""Sections of a configuration on where the shield listens. They compile to `settings`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from shield.config.invalid import InvalidValueError
from shield.config.schema_types import FilePath, Host, Network, Port, Section
from shield.config_codes import ProblemCode


class ListenerTlsSection(Section):
    """TLS of a listener."""

    certificate: FilePath = Field(
        description="Certificate chain, PEM, leaf first.", examples=["tls/server.pem"]
    )
    private_key: FilePath = Field(
        description="Private key of the certificate, PEM, not encrypted.", examples=["tls/server.key"]
    )
    client_ca: FilePath | None = Field(
        default=None,
        description="Authorities that sign client certificates, PEM. When set, a client must present a "
        "certificate that one of them signed.",
        examples=["tls/clients.pem"],
    )
    client_certificates: Literal["required", "optional"] = Field(
        default="required",
        description="With `client_ca`: `optional` also lets in a client that presents no certificate.",
        examples=["optional"],
    )

    @model_validator(mode="after")
    def _optional_of_whom(self) -> ListenerTlsSection:
        if self.client_certificates == "optional" and self.client_ca is None:
            raise InvalidValueError(
                ProblemCode.KEYS_INCONSISTENT,
                "client_certificates needs client_ca; without it, no client certificate is trusted",
            )
        return self


class ListenerSection(Section):
    """Where one listener listens."""

    host: Host = Field(default="127.0.0.1", description="Address to listen on.", examples=["0.0.0.0"])  # noqa: S104  an example, and no default
    port: Port = Field(description="Port to listen on; 0 lets the system choose.", examples=[8080])
    tls: ListenerTlsSection | None = Field(default=None, description="Serve TLS. Without it, plain HTTP.")


class ProxyProtocolSection(Section):
    """The PROXY protocol, by which a load balancer says whose connection it passes on."""

    trusted: list[Network] = Field(
        min_length=1,
        description="Networks of the load balancers. Each connection from them must begin with a PROXY "
        "header, version 1 or 2; the client address in it counts as the connection's.",
        examples=[["10.0.0.0/16", "fd00:10::/64"]],
    )
    others: Literal["refuse", "serve"] = Field(
        default="refuse",
        description="Connections from elsewhere: refused, or served under their own address. No PROXY "
        "header is accepted from them.",
        examples=["serve"],
    )


class BalancedListenerSection(ListenerSection):
    """A listener that may stand behind a load balancer."""

    proxy_protocol: ProxyProtocolSection | None = Field(
        default=None,
        description="Accept the PROXY protocol, before TLS. Without it, a connection that begins with such "
        "a header is refused.",
    )


class ListenersSection(Section):
    """The two listeners."""

    proxy: BalancedListenerSection = Field(description="Receives the writes.")
    admin: BalancedListenerSection = Field(
        default=BalancedListenerSection(port=9090),
        description="Health, readiness, metrics and the admin API, for the callers in `admin`. Without this "
        "section it listens on 127.0.0.1:9090.",
    )
