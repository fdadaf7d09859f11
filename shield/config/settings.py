"""The frozen values that a configuration compiles to and the running program uses.

`schema` says what a file may hold, `loader` reads it, `compile` turns it into these values, here and in the
`settings_*` modules. Times are in seconds, sizes in bytes. Secrets are `Secret`s, whose `repr` shows nothing.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from shield.config.proxy_protocol import ProxyProtocol
from shield.config.secret import Secret
from shield.config.settings_audit import AuditSettings
from shield.config.settings_callers import AdminAccess, Tenant
from shield.config.settings_route import Route
from shield.config.settings_upstream import Upstream
from shield.config_codes import ProblemCode
from shield.domain import EMPTY, DetectorSpec, Policy
from shield.errors import ConfigError


@dataclass(frozen=True, slots=True)
class ListenerTls:
    """The files of a listener's TLS, in PEM; read again at each reload."""

    certificate: Path
    private_key: Path
    client_ca: Path | None = None  # authorities of client certificates
    client_required: bool = True  # with `client_ca`: a client without a certificate is refused


@dataclass(frozen=True, slots=True)
class Listener:
    """Where connections are accepted."""

    host: str
    port: int  # 0 lets the system choose (tests)
    tls: ListenerTls | None = None
    proxy_protocol: ProxyProtocol | None = None


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """An OpenID provider, and the roles that values of its roles claim give a user."""

    issuer: str
    client_id: str
    client_secret: Secret | None = None
    endpoint_hosts: tuple[str, ...] = ()  # beside the issuer's, on internal addresses
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    name_claim: str = "email"
    roles_claim: str = "groups"
    roles: Mapping[str, str] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True)
class ConsoleSettings:
    """The web console. `audit_directories` begins with that of the audit section."""

    listener: Listener
    directory: Path
    audit_directories: tuple[Path, ...]
    public_url: str | None = None
    session_timeout: float = 28800.0
    idle_timeout: float = 1800.0
    verify_interval: float = 86400.0
    background: bool = True
    oidc: OidcSettings | None = None


class LogFormat(enum.Enum):
    JSON = "json"
    CONSOLE = "console"


@dataclass(frozen=True, slots=True)
class LoggingSettings:
    """What goes to standard error, and how."""

    level: str = "info"
    format: LogFormat = LogFormat.JSON
    access: bool = True  # one line an exchange


@dataclass(frozen=True, slots=True)
class TracingSettings:
    """`share` of the traces that begin here is sampled; a request with a parent follows its parent."""

    endpoint: str
    share: float = 0.05
    service: str = "shield"


Underscores = Literal["forward", "drop", "reject"]


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """The processes, and bounds of the proxy as a whole. `workers`: `auto` or a number; 0: no supervisor."""

    workers: int | str = "auto"
    stall_timeout: float = 30.0
    worker_memory: int | None = None  # bytes of one worker's own memory
    max_in_flight: int = 512
    max_bytes_in_flight: int = 256 * 1024 * 1024
    max_queued: int = 1024
    queue_timeout: float = 1.0
    max_connections: int = 2048
    drain_timeout: float = 30.0
    drain_idle: float = 2.0
    keepalive_timeout: float = 75.0
    max_connection_duration: float = 600.0  # 0: none
    header_timeout: float = 10.0
    min_body_rate: int = 256  # bytes a second, of bodies and of answers; 0: none
    rate_grace: float = 10.0
    max_header_bytes: int = 16 * 1024
    large_body_process: bool = True
    findings_cache: int = 32 * 1024 * 1024  # bytes; 0: none
    rescan_memory: int = 32 * 1024 * 1024  # bytes of texts that wait to be inspected in full
    rescan_writes: int = 1024  # writes that may wait so
    trusted_forwarders: bool = False  # append to a client's X-Forwarded-*; else replace them
    header_underscores: Underscores = "forward"  # what becomes of header names with a `_`
    api_key_header: str = "X-Shield-Api-Key"


@dataclass(frozen=True, slots=True)
class CanarySettings:
    """`interval` in seconds; no `routes` are all; `samples` are texts by type, the value in `[[ ]]`."""

    interval: float = 300.0
    routes: frozenset[str] = frozenset()
    samples: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True)
class Settings:
    """A whole configuration, ready to run. `digest` is `sha256:` + hex of its canonical form."""

    digest: str
    proxy: Listener
    admin: Listener
    routes: tuple[Route, ...]
    audit: AuditSettings
    upstreams: Mapping[str, Upstream]
    policies: Mapping[str, Policy]
    logging: LoggingSettings = field(default_factory=LoggingSettings)
    server: ServerSettings = field(default_factory=ServerSettings)
    keys: Mapping[str, Secret] = field(default_factory=lambda: EMPTY)  # for operators, by name
    documents: Mapping[str, bytes] = field(default_factory=lambda: EMPTY)
    """The canonical JSON of the configuration and of each policy, by digest."""
    tenants: Mapping[str, Tenant] = field(default_factory=lambda: EMPTY)
    admin_access: AdminAccess = field(default_factory=AdminAccess)
    tracing: TracingSettings | None = None
    console: ConsoleSettings | None = None  # None: no console
    canaries: CanarySettings | None = None

    @property
    def detectors(self) -> frozenset[DetectorSpec]:
        """The distinct detector engines that the policies ask for."""
        return frozenset(policy.detector for policy in self.policies.values())


FIXED_AT_START = ("proxy", "admin", "audit", "logging", "tracing")
"""What a reload cannot change: sockets, the log and its origin, the log stream, the collector of traces."""


def check_changes(before: Settings, after: Settings) -> None:
    """Raise ConfigError where a setting differs that no reload can change."""
    fixed = [name for name in FIXED_AT_START if getattr(before, name) != getattr(after, name)]
    if before.server.workers != after.server.workers:
        fixed.append("server.workers")
    if fixed:
        raise ConfigError(
            ProblemCode.CHANGE_NEEDS_RESTART,
            f"these keys cannot change without a restart: {', '.join(fixed)}",
        )
