"""An upstream of a compiled configuration: its addresses, its time limits, and when it is left alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class UpstreamTls:
    """How an upstream's certificate is verified, and the certificate it is shown; files in PEM."""

    ca_file: Path | None = None  # None: the system's trust store
    certificate: Path | None = None
    private_key: Path | None = None
    server_name: str | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """All of its files."""
        return tuple(it for it in (self.ca_file, self.certificate, self.private_key) if it is not None)


@dataclass(frozen=True, slots=True)
class Outlier:
    """When an endpoint that fails is left alone: see `proxy.endpoint_health`. Times in seconds."""

    consecutive: int = 5
    base: float = 1.0
    most: float = 30.0


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """A GET of `path` below the endpoint's base path, every `interval` seconds."""

    path: str
    interval: float = 5.0
    timeout: float = 1.0
    healthy_after: int = 2
    unhealthy_after: int = 3


@dataclass(frozen=True, slots=True)
class Upstream:
    """`url` and `replicas` are scheme://host[:port][/base], without a query or a trailing slash.

    Requests carry `host` in `Host`; if it is empty, the client's own with `keeps_host`, else the address's.
    """

    name: str
    url: str
    connect_timeout: float = 2.0
    read_timeout: float = 30.0  # between two reads
    total_timeout: float = 60.0
    pool_size: int = 100
    tls: UpstreamTls = field(default_factory=UpstreamTls)
    replicas: tuple[str, ...] = ()
    outlier: Outlier = field(default_factory=Outlier)
    health_check: HealthCheck | None = None
    host: str = ""
    keeps_host: bool = False

    @property
    def endpoints(self) -> tuple[str, ...]:
        """All of its addresses."""
        return (self.url, *self.replicas)

    @property
    def secured(self) -> tuple[str, ...]:
        """Those of its addresses that are spoken to over TLS."""
        return tuple(it for it in self.endpoints if urlsplit(it).scheme == "https")

    @property
    def names(self) -> tuple[str, ...]:
        """The addresses by which it may call itself: its own, and those with the host that it is told."""
        if not self.host:
            return self.endpoints
        told = [urlsplit(it)._replace(netloc=self.host).geturl() for it in self.endpoints]
        return (*self.endpoints, *told)
