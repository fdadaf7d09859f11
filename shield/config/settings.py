"""What a configuration compiles to: frozen values that the running program uses.

`schema` says what a file may hold, `loader` reads it, `compile` turns it into these. Times are in
seconds, sizes in bytes. Secrets are `Secret`s, whose `repr` shows nothing.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shield.domain import EMPTY, DetectorSpec, FieldRule, Limits, Policy


@dataclass(frozen=True, slots=True)
class Secret:
    """Bytes that never show: not in `repr`, not in an error, not in a digest."""

    value: bytes = field(repr=False)


class Mode(enum.Enum):
    ENFORCE = "enforce"
    OBSERVE = "observe"


class OnError(enum.Enum):
    BLOCK = "block"
    BYPASS = "bypass"


class TargetAction(enum.Enum):
    """What becomes of PII found in a query parameter or in a path segment."""

    REDACT = "redact"
    BLOCK = "block"
    KEEP = "keep"  # not inspected; counted as such


@dataclass(frozen=True, slots=True)
class ListenerTls:
    certificate: Path
    private_key: Path
    client_ca: Path | None = None  # authorities of client certificates
    client_required: bool = True  # with `client_ca`: who shows no certificate is not let in


@dataclass(frozen=True, slots=True)
class Listener:
    host: str
    port: int  # 0 lets the system choose (tests)
    tls: ListenerTls | None = None


@dataclass(frozen=True, slots=True)
class UpstreamTls:
    ca_file: Path | None = None  # None: the system's trust store
    certificate: Path | None = None
    private_key: Path | None = None
    server_name: str | None = None


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
    """`url` and `replicas` are scheme://host[:port][/base], without a query or a trailing slash."""

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

    @property
    def endpoints(self) -> tuple[str, ...]:
        """All addresses of it."""
        return (self.url, *self.replicas)


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `per_second` requests in the long run, and `burst` at once, or as many as in a second."""

    per_second: float
    burst: int | None = None

    @property
    def at_once(self) -> float:
        return max(1.0, self.per_second if self.burst is None else self.burst)


@dataclass(frozen=True, slots=True)
class Tenant:
    """Who may call.

    `api_keys` are `sha256:` + hex of keys; `certificates` are names of client certificates: `sha256:` +
    hex of the DER form, or `dns:` or `uri:` and a subject alternative name.
    """

    name: str
    api_keys: frozenset[str] = frozenset()
    certificates: frozenset[str] = frozenset()
    rate: Rate | None = None


class AdminRole(enum.IntEnum):
    """What a caller of the admin listener may do; each may do what those before it may."""

    METRICS = 1
    VIEWER = 2
    OPERATOR = 3


@dataclass(frozen=True, slots=True)
class AdminCaller:
    """Who may use the admin listener: known as a tenant is."""

    name: str
    role: AdminRole
    api_keys: frozenset[str] = frozenset()
    certificates: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AdminAccess:
    """Who may use the admin listener; `rate` in requests a second of one caller.

    `failures` are the wrong credentials at once that an address may show.
    """

    callers: Mapping[str, AdminCaller] = field(default_factory=lambda: EMPTY)
    rate: int = 10
    failures: int = 10


@dataclass(frozen=True, slots=True)
class PathTemplate:
    """`/api/tickets/{id}/comments`; a last `{rest...}` takes what remains.

    `steps` are the segments between the slashes: `str` is a literal (percent-decoded), `None` takes
    one segment. `rest` is whether any tail follows.
    """

    text: str
    steps: tuple[str | None, ...]
    rest: bool = False


class OnDeadline(enum.Enum):
    """What becomes of a write that cannot be inspected within its route's deadline."""

    BLOCK = "block"
    PATTERNS_ONLY = "patterns_only"  # forwarded with what the patterns found, and inspected again later


@dataclass(frozen=True, slots=True)
class Shadow:
    """A policy that is tried on `share` (0 to 1) of a route's requests, beside the one in force."""

    policy: Policy
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class ObjectPlace:
    """Singular JSONPath queries: of a part of what was sent, and where it is stored; None: not compared."""

    sent: str
    stored: str | None


@dataclass(frozen=True, slots=True)
class ReadBack:
    """How a route's writes are read back. `share` is 0 to 1, times are seconds, `max_size` bytes.

    `path` are the steps of the object's path: text, or a `Variable`; None: where the reply or the request
    says. `headers` are names and values. `exact`: the object is what was forwarded; else it contains it.
    """

    max_size: int
    share: float = 1.0
    methods: frozenset[str] = frozenset({"POST", "PUT"})
    path: tuple[str | Variable, ...] | None = None
    query: str | None = None
    headers: tuple[tuple[str, Secret], ...] = ()
    exact: bool = True
    places: tuple[ObjectPlace, ...] = ()
    uninspected: tuple[str, ...] = ()
    delay: float = 2.0
    attempts: int = 3
    retry_interval: float = 5.0
    timeout: float = 10.0


@dataclass(frozen=True, slots=True)
class Variable:
    """A step of an object's path: what `selector` selects in the reply, or the request's step `place`."""

    name: str
    selector: str = ""
    place: int = -1


@dataclass(frozen=True, slots=True)
class Route:
    """`media_types` are full names, or `type/*`, or `*/*+json` forms; empty methods is any method.

    `media_types` bind only requests that carry a body. Empty tenants is anybody. `field_names` are names of
    fields that paths may show though the vocabulary lacks them. `query` overrides
    `query_default` by name. `deadline` bounds the wait for the inspection and the
    inspection itself.

    `concurrency`, `rate` and `weight` are of admission: see `shield.proxy.admission`.
    """

    name: str
    upstream: Upstream
    policy: Policy
    path: PathTemplate
    host: str = "*"
    methods: frozenset[str] = frozenset()
    media_types: tuple[str, ...] = ("application/json",)
    tenants: frozenset[str] = frozenset()
    mode: Mode = Mode.ENFORCE
    on_error: OnError = OnError.BLOCK
    fields: tuple[FieldRule, ...] = ()
    field_names: frozenset[str] = frozenset()
    query_default: TargetAction = TargetAction.REDACT
    query: Mapping[str, TargetAction] = field(default_factory=lambda: EMPTY)
    path_action: TargetAction = TargetAction.BLOCK
    limits: Limits = field(default_factory=Limits)
    body_timeout: float = 30.0
    deadline: float = 10.0
    on_deadline: OnDeadline = OnDeadline.BLOCK
    concurrency: int | None = None
    rate: Rate | None = None
    weight: float = 1.0
    shadow: Shadow | None = None
    read_back: ReadBack | None = None


class DigestPeriod(enum.Enum):
    """How long one digest key is used, where the shield makes them itself."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class AnchorForm(enum.Enum):
    """What kind of place a head is given to."""

    DIRECTORY = "directory"
    WITNESS = "witness"  # C2SP tlog-witness
    TIMESTAMP = "timestamp"  # RFC 3161


@dataclass(frozen=True, slots=True)
class SignerSettings:
    """A program that signs: the bytes on standard input, the Ed25519 signature on standard output."""

    command: tuple[str, ...]
    public_key: bytes  # 32 bytes
    timeout: float = 5.0


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where heads go. `target` is a folder, or a URL; `key` a witness's vkey, `roots` a PEM file."""

    name: str
    form: AnchorForm
    target: str
    interval: float = 300.0
    timeout: float = 10.0
    key: str = ""
    roots: Path | None = None


@dataclass(frozen=True, slots=True)
class AuditSettings:
    """`digest_key` keys the HMAC of the bodies before redaction; `signing_key` is a PEM or a raw seed.

    Where a key is not configured it is created in `directory` on first start, mode 0600.
    `retired_signing_key` is the one before `signing_key`, for the start that rotates to it.
    `retention_months` 0: records are kept for ever.
    """

    directory: Path
    origin: str
    commit_interval: float = 0.005
    checkpoint_interval: float = 10.0
    heartbeat_interval: float = 60.0
    signing_key: Secret | None = None
    digest_key: Secret | None = None
    retired_signing_key: Secret | None = None
    signer: SignerSettings | None = None
    digest_key_period: DigestPeriod = DigestPeriod.MONTH
    retention_months: int = 15
    anchors: tuple[Anchor, ...] = ()


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """An OpenID provider, and what a value of its roles claim makes of a user."""

    issuer: str
    client_id: str
    client_secret: Secret | None = None
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
    level: str = "info"
    format: LogFormat = LogFormat.JSON
    access: bool = True  # one line an exchange


@dataclass(frozen=True, slots=True)
class TracingSettings:
    """`share` of the traces that begin here is sampled; a request with a parent follows its parent."""

    endpoint: str
    share: float = 0.05
    service: str = "shield"


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """The processes, and bounds of the proxy as a whole. `workers`: `auto` or a number; 0: no supervisor."""

    workers: int | str = "auto"
    stall_timeout: float = 30.0
    worker_memory: int | None = None  # bytes of one worker, of its own
    max_in_flight: int = 512
    max_bytes_in_flight: int = 256 * 1024 * 1024
    max_queued: int = 1024
    queue_timeout: float = 1.0
    max_connections: int = 2048
    drain_timeout: float = 30.0
    drain_idle: float = 2.0
    keepalive_timeout: float = 75.0
    header_timeout: float = 10.0
    min_body_rate: int = 256  # bytes a second, of bodies and of answers; 0: none
    rate_grace: float = 10.0
    max_header_bytes: int = 16 * 1024
    large_body_process: bool = True
    findings_cache: int = 32 * 1024 * 1024  # bytes; 0: none
    rescan_memory: int = 32 * 1024 * 1024  # bytes of texts that wait to be inspected in full
    rescan_writes: int = 1024  # and how many writes
    trusted_forwarders: bool = False  # append to a client's X-Forwarded-*; else replace them
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
    console: ConsoleSettings | None = None  # None: there is none
    canaries: CanarySettings | None = None

    @property
    def detectors(self) -> frozenset[DetectorSpec]:
        """The distinct detector engines that the policies ask for."""
        return frozenset(policy.detector for policy in self.policies.values())


FIXED_AT_START = ("proxy", "admin", "audit", "logging", "tracing")
"""What a reload cannot change: sockets, the log and its origin, the log stream, the collector of traces."""


def fixed_changes(before: Settings, after: Settings) -> list[str]:
    """What differs and cannot be changed by a reload."""
    fixed = [name for name in FIXED_AT_START if getattr(before, name) != getattr(after, name)]
    if before.server.workers != after.server.workers:
        fixed.append("server.workers")
    return fixed
