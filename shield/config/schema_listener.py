"""Sections of a configuration about where the shield listens. What they compile to is in `settings`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from shield.config.schema_types import FilePath, Host, Port, Section


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
        description="Authorities of client certificates, PEM. When set, a client must show one of theirs.",
        examples=["tls/clients.pem"],
    )
    client_certificates: Literal["required", "optional"] = Field(
        default="required",
        description="With `client_ca`: whether a client that shows no certificate is let in.",
        examples=["optional"],
    )

    @model_validator(mode="after")
    def _optional_of_whom(self) -> ListenerTlsSection:
        if self.client_certificates == "optional" and self.client_ca is None:
            raise ValueError("client_certificates needs client_ca: nobody's certificates would be trusted")
        return self


class ListenerSection(Section):
    """Where one listener listens."""

    host: Host = Field(default="127.0.0.1", description="Address to listen on.", examples=["0.0.0.0"])  # noqa: S104
    port: Port = Field(description="Port to listen on; 0 lets the system choose.", examples=[8080])
    tls: ListenerTlsSection | None = Field(default=None, description="Serve TLS. Without it, plain HTTP.")


class ListenersSection(Section):
    """The two listeners."""

    proxy: ListenerSection = Field(description="Takes the writes.")
    admin: ListenerSection = Field(
        default=ListenerSection(port=9090),
        description="Health, readiness, metrics and the admin API, for whom `admin` says. Its port defaults "
        "to 9090.",
    )
