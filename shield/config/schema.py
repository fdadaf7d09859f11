"""What a configuration file may hold. Unknown keys are refused; each key is described here once.

The descriptions, defaults and examples feed the JSON Schema for editors (`json_schema`) and the
tables of docs/configuration.md (`reference`). What a key compiles to is in `settings`.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from shield.config.schema_admission import RateSection
from shield.config.schema_callers import AdminSection, TenantSection
from shield.config.schema_evidence import CanariesSection, ReadBackSection
from shield.config.schema_policy import PolicySection
from shield.config.schema_types import (
    Count,
    Duration,
    DurationOrZero,
    EntityType,
    FilePath,
    Flag,
    HeaderName,
    Host,
    Integer,
    Key,
    Label,
    MatchHost,
    MediaTypePattern,
    Method,
    Name,
    Number,
    Origin,
    Path_,
    Port,
    PublicKey,
    RouteName,
    Score,
    SecretText,
    Section,
    SigningKey,
    Size,
    SizeOrZero,
    Text,
    Url,
    Workers,
)

TargetActionName = Literal["redact", "block", "keep"]


def _check_target(value: str) -> str:
    if not re.fullmatch(r"/[!-~]*", value) or "#" in value:
        raise ValueError("must be a path that begins with '/', percent-encoded")
    return value


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


class TimeoutsSection(Section):
    """Time limits towards an upstream."""

    connect: Duration = Field(
        default=2.0,
        description="To a connection, TLS and the wait for a free one included.",
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
        description="Name that the upstream's certificate must hold. Without it, the URL's host.",
        examples=["storage.example.com"],
    )

    @model_validator(mode="after")
    def _pair(self) -> UpstreamTlsSection:
        if (self.certificate is None) != (self.private_key is None):
            raise ValueError("certificate and private_key go together; set both or neither")
        return self


class OutlierSection(Section):
    """When an address that fails is left alone for a while (Envoy: outlier detection, circuit breaking)."""

    consecutive: Count = Field(
        default=5, description="Requests in a row that got no answer, until it is ejected.", examples=[5]
    )
    base: Duration = Field(
        default=1.0,
        description="For how long, the first time; doubled each time that the request after it fails too.",
        examples=["1s"],
    )
    most: Duration = Field(default=30.0, description="For how long at most.", examples=["30s"])


class HealthCheckSection(Section):
    """Asking each address of an upstream whether it is well."""

    path: Annotated[str, AfterValidator(_check_target), Label("path")] = Field(
        description="What is asked for, below the address's base path: 2xx is well.", examples=["/healthz"]
    )
    interval: Duration = Field(default=5.0, description="Between two checks.", examples=["5s"])
    timeout: Duration = Field(default=1.0, description="For one check.", examples=["1s"])
    healthy_after: Count = Field(default=2, description="Good checks in a row.", examples=[2])
    unhealthy_after: Count = Field(default=3, description="Bad checks in a row.", examples=[3])


class UpstreamSection(Section):
    """One system that is written to."""

    url: Url = Field(
        description="Base URL, `http` or `https`, with no credentials, query or fragment. The request's path "
        "is appended to it.",
        examples=["https://storage.example.com/v2"],
    )
    timeouts: TimeoutsSection = Field(default=TimeoutsSection(), description="Time limits.")
    pool_size: Count = Field(
        default=100, description="Most connections at a time, to each address.", examples=[100]
    )
    replicas: list[Url] = Field(
        default=[],
        description="Further addresses of the same storage. Requests go round all that are well; one that "
        "cannot be connected to is passed over for the next.",
        examples=[["https://storage-b.example.com/v2"]],
    )
    outlier: OutlierSection = Field(
        default=OutlierSection(), description="When an address that fails is left alone."
    )
    health_check: HealthCheckSection | None = Field(
        default=None, description="Checks of each address. Without it, only requests tell."
    )
    tls: UpstreamTlsSection = Field(
        default=UpstreamTlsSection(), description="Trust and client certificate of an `https` upstream."
    )

    @model_validator(mode="after")
    def _tls_needs_https(self) -> UpstreamSection:
        addresses = (self.url, *self.replicas)
        if self.tls != UpstreamTlsSection() and any(it.startswith("http:") for it in addresses):
            raise ValueError("tls is set but the url is http; use https, or remove tls")
        if len(set(addresses)) < len(addresses):
            raise ValueError("url and replicas name an address twice; name each once")
        return self


class MatchSection(Section):
    """Which requests a route takes. Of several routes that match, the most specific wins."""

    host: MatchHost = Field(
        default="*",
        description="Host of the request, without port and without regard to case; `*.example.com` is any "
        "host below it, `*` any at all.",
        examples=["tickets.example.com"],
    )
    path: Path_ = Field(
        description="Path template: `{name}` takes one segment, a last `{name...}` all that remains.",
        examples=["/api/tickets/{rest...}"],
    )
    methods: list[Method] = Field(default=[], description="Methods. Empty: any.", examples=[["POST", "PUT"]])
    media_types: list[MediaTypePattern] = Field(
        default=["application/json"],
        min_length=1,
        description="Media types of request bodies: full, `type/*`, `*/*` or `*/*+json`. Requests without a "
        "body are not bound by it.",
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
        description="JSONPath query (RFC 9535). Where several rules hold for a value, the last one wins.",
        examples=["$.ticket.id"],
    )
    action: Literal["inspect", "treat_as", "keep", "drop"] = Field(
        description="`inspect` as usual; `treat_as`: the whole value is of type `entity`; `keep`: leave it "
        "uninspected, which is counted; `drop`: remove it.",
        examples=["keep"],
    )
    entity: EntityType | None = Field(
        default=None,
        description="For `treat_as`, and only there. The policy must list it.",
        examples=["PERSON"],
    )

    @model_validator(mode="after")
    def _entity_with_treat_as(self) -> FieldRuleSection:
        if self.action == "treat_as" and self.entity is None:
            raise ValueError("action treat_as needs the key entity, such as entity: PERSON")
        if self.action != "treat_as" and self.entity is not None:
            raise ValueError("the key entity goes with action treat_as alone; remove it")
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
        default=None, description="Body as it arrives. Default 10MiB.", examples=["20MiB"]
    )
    decoded: Size | None = Field(
        default=None,
        description="Body after its content encoding is undone. Default 50MiB.",
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
        description="Share of the route's requests that are inspected again under it, after their reply.",
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
        description="When a write cannot be inspected: `block` refuses it; `bypass` forwards it unchanged, "
        "which is recorded and alarmed.",
        examples=["block"],
    )
    fields: list[FieldRuleSection] = Field(default=[], description="Rules for single fields of the payload.")
    field_names: list[Text] = Field(
        default=[],
        description="Names of your fields that records may show in the path of a finding. Any other name is "
        "`*` there, unless it is made of common words of field names or stands in `fields` or "
        "`query.parameters`.",
        examples=[["custfield_region", "AcmeTier__c"]],
    )
    query: QuerySection = Field(
        default=QuerySection(), description="What becomes of PII in query parameters."
    )
    path: TargetActionName = Field(
        default="block",
        description="What becomes of PII in segments of the path: `redact`, `block`, or `keep`: do not "
        "inspect.",
        examples=["redact"],
    )
    limits: LimitsSection = Field(default=LimitsSection(), description="Limits of this route.")
    body_timeout: Duration = Field(
        default=30.0, description="For the body of a request to arrive.", examples=["30s"]
    )
    deadline: Duration = Field(
        default=10.0,
        description="Budget of the wait for the inspection and of the inspection, without the time in which "
        "the body arrives.",
        examples=["10s"],
    )
    on_deadline: Literal["block", "patterns_only"] = Field(
        default="block",
        description="When a write cannot be inspected within `deadline`: `block` refuses it; `patterns_only` "
        "forwards it redacted by what the patterns found, which is recorded and alarmed, and inspects it "
        "again later.",
        examples=["patterns_only"],
    )
    concurrency: Count | None = Field(
        default=None,
        description="Most requests of this route at a time; more wait. Without it, none but "
        "`server.max_in_flight`.",
        examples=[64],
    )
    rate: RateSection | None = Field(
        default=None, description="Most requests a second of this route; more are refused with 429."
    )
    weight: Annotated[Number, Field(gt=0, le=1000), Label("number, above 0, at most 1000")] = Field(
        default=1.0,
        description="The route's part of the service while requests wait, compared to the other routes.",
        examples=[4],
    )
    shadow: ShadowSection | None = Field(
        default=None,
        description="Another policy to try on this route's requests, without any effect on them.",
    )
    read_back: ReadBackSection | None = Field(
        default=None,
        description="Reads what was written back from storage and compares it. Without it, nothing does.",
    )


class ServerSection(Section):
    """The proxy's processes, and bounds of the proxy as a whole: its workers share them out evenly."""

    workers: Workers = Field(
        default="auto",
        description="Worker processes, each with its own event loop and audit log (`audit.origin` + "
        "`/worker-N`), under a supervisor; `auto`: one for each core. 0: no supervisor, one process "
        "that writes the log of `audit.origin` itself.",
        examples=[4],
    )
    stall_timeout: Duration = Field(
        default=30.0,
        description="A worker whose event loop does not answer for so long is killed and replaced. Not with "
        "`workers: 0`.",
        examples=["30s"],
    )
    worker_memory: Size | None = Field(
        default=None,
        description="A worker that holds more memory of its own (what it does not share with the others) is "
        "replaced, after it has finished what it does. Without it, there is no such limit.",
        examples=["1GiB"],
    )
    max_in_flight: Count = Field(
        default=512,
        description="Most requests at a time; more wait in a queue that is fair between routes and tenants.",
        examples=[512],
    )
    max_bytes_in_flight: Size = Field(
        default=256 * 1024 * 1024,
        description="Most bytes of request bodies at a time, as on the wire; bodies beyond it wait in the "
        "queue. Three quarters are for bodies of 32 KiB and more, the rest for smaller ones.",
        examples=["512MiB"],
    )
    max_queued: Count = Field(
        default=1024, description="Most requests that wait; more are refused with 503.", examples=[1024]
    )
    queue_timeout: Duration = Field(
        default=1.0,
        description="Longest wait for admission. A request that would wait longer, or longer than its "
        "route's `deadline` allows, is refused at once with 503, before its body is read.",
        examples=["500ms"],
    )
    max_connections: Count = Field(
        default=2048,
        description="Most client connections at a time; more are answered with 503 and closed. Fewer where "
        "the system does not let the process open enough files.",
        examples=[2048],
    )
    drain_timeout: DurationOrZero = Field(
        default=30.0, description="On stop, for requests in flight to finish.", examples=["30s"]
    )
    drain_idle: DurationOrZero = Field(
        default=2.0,
        description="When a worker stops, how long its idle connections stay open for one more request each. "
        "Not with `workers: 0`.",
        examples=["5s"],
    )
    keepalive_timeout: DurationOrZero = Field(
        default=75.0, description="How long an idle client connection stays open.", examples=["75s"]
    )
    header_timeout: Duration = Field(
        default=10.0,
        description="For the head of a request to arrive, from its first byte; for the first request, from "
        "the connection. A TLS handshake has as long.",
        examples=["10s"],
    )
    min_body_rate: SizeOrZero = Field(
        default=256,
        description="Least bytes a second at which a client must send a body and take an answer; 0 for no "
        "such limit.",
        examples=["1KiB"],
    )
    rate_grace: Duration = Field(
        default=10.0, description="How long `min_body_rate` may be missed.", examples=["5s"]
    )
    max_header_bytes: Size = Field(
        default=16 * 1024, description="Most bytes of a request's headers.", examples=["16KiB"]
    )
    large_body_process: Flag = Field(
        default=True,
        description="Whether bodies of 256 KiB and more are inspected in a process beside the worker, so "
        "that usual ones do not wait for them. It is started at the first such body and has detectors, and "
        "so memory, of its own.",
        examples=[False],
    )
    findings_cache: SizeOrZero = Field(
        default=32 * 1024 * 1024,
        description="Memory for what was found in texts that come again, such as the earlier comments of a "
        "thread: keyed digests and places, never text. 0 keeps nothing; set it where a recognizer of your "
        "own does not always find the same in the same text.",
        examples=["64MiB"],
    )
    rescan_memory: Size = Field(
        default=32 * 1024 * 1024,
        description="Memory for the texts of writes that wait to be inspected again in full, since patterns "
        "alone were done in time (`on_deadline: patterns_only`). Without room, such a write is refused.",
        examples=["64MiB"],
    )
    rescan_writes: Count = Field(
        default=1024, description="Most writes that wait so at a time.", examples=[1024]
    )
    trusted_forwarders: Flag = Field(
        default=False,
        description="Append to the `Forwarded` and `X-Forwarded-*` headers of a client. Otherwise they are "
        "replaced.",
        examples=[True],
    )
    api_key_header: HeaderName = Field(
        default="X-Shield-Api-Key",
        description="Header in which a tenant sends its API key. With `tenants`, it is never forwarded.",
        examples=["X-Shield-Api-Key"],
    )


class SignerSection(Section):
    """A program that signs for the log, such as a client of a key service."""

    command: list[Text] = Field(
        min_length=1,
        description="Program and arguments, without a shell. Standard input: the bytes to sign. Standard "
        "output: the Ed25519 signature, 64 bytes or their base64.",
        examples=[["/usr/local/bin/sign-with-kms", "alias/shield-audit"]],
    )
    public_key: PublicKey = Field(
        description="The public key: base64 of its 32 bytes. Every signature is held to it.",
        examples=["11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="],
    )
    timeout: Duration = Field(default=5.0, description="After it the program is ended.", examples=["5s"])


class AnchorSection(Section):
    """A place outside the host's trust that the heads of all logs in `directory` are given to."""

    type: Literal["directory", "witness", "timestamp"] = Field(
        description="`directory`: files that are only ever added; `witness`: C2SP tlog-witness; `timestamp`: "
        "RFC 3161.",
        examples=["witness"],
    )
    path: FilePath | None = Field(
        default=None,
        description="Of a `directory`: the folder, on a mount that the host cannot rewrite; one for each "
        "`audit.directory`.",
        examples=["/mnt/anchors"],
    )
    url: Url | None = Field(
        default=None,
        description="Of a `witness`: its submission prefix. Of a `timestamp`: where queries are posted.",
        examples=["https://witness.example.com/w1"],
    )
    key: Text | None = Field(
        default=None,
        description="Of a `witness`: its verifier key (type 0x04). Its cosignatures are held to it.",
        examples=["witness.example.com/w1+8d66cf3f+BHkHt..."],
    )
    certificates: FilePath | None = Field(
        default=None,
        description="Of a `timestamp`: the authority's root certificates, PEM. Its tokens are held to them.",
        examples=["anchors/tsa-roots.pem"],
    )
    interval: Duration = Field(
        default=300.0,
        description="Between two anchorings: what was signed since the last one is the tamper window.",
        examples=["5m"],
    )
    timeout: Duration = Field(default=10.0, description="Of one call to the anchor.", examples=["10s"])

    @model_validator(mode="after")
    def _whole(self) -> AnchorSection:
        needs = {
            "directory": {"path"},
            "witness": {"url", "key"},
            "timestamp": {"url", "certificates"},
        }[self.type]
        given = {name for name in ("path", "url", "key", "certificates") if getattr(self, name) is not None}
        if given != needs:
            raise ValueError(f"an anchor of type {self.type} has {' and '.join(sorted(needs))}, no other")
        return self


class AuditSection(Section):
    """The audit log."""

    directory: FilePath = Field(
        description="Folder of the log, relative to the working directory of the process.",
        examples=["state/audit"],
    )
    origin: Origin = Field(
        description="Name of the log in checkpoints and receipts (C2SP tlog-checkpoint); unique, and never "
        "changed.",
        examples=["shield.example.com/eu-1"],
    )
    commit_interval: Annotated[Duration, Field(le=1), Label("duration, at most 1s")] = Field(
        default=0.005,
        description="How long records gather before one sync writes them all.",
        examples=["5ms"],
    )
    checkpoint_interval: Duration = Field(
        default=10.0, description="Between two signed checkpoints.", examples=["10s"]
    )
    heartbeat_interval: Annotated[Duration, Field(le=3600), Label("duration, at most 1h")] = Field(
        default=60.0,
        description="Between two records that say that the process is alive. Silence of more than two "
        "intervals counts as a gap in the evidence.",
        examples=["60s"],
    )
    signing_key: SigningKey | None = Field(
        default=None,
        description="Ed25519 key of the checkpoints: PEM, or a seed of 32 bytes. Without it, one is created "
        "in `directory`.",
        examples=["${file:secrets/audit-signing.pem}"],
    )
    digest_key: Key | None = Field(
        default=None,
        description="Keys the HMAC of bodies before redaction. Without it, one is created in `directory` for "
        "each `digest_key_period`.",
        examples=["${env:SHIELD_DIGEST_KEY}"],
    )
    retired_signing_key: SigningKey | None = Field(
        default=None,
        description="The key before `signing_key` or `signer`, for the start that rotates: it signs the "
        "rotation too.",
        examples=["${file:secrets/audit-signing-2030.pem}"],
    )
    signer: SignerSection | None = Field(
        default=None, description="A program that signs the checkpoints, instead of `signing_key`."
    )
    digest_key_period: Literal["month", "quarter", "year"] = Field(
        default="month",
        description="How long a digest key that the shield makes is used. `shield keys destroy` erases that "
        "of one period.",
        examples=["quarter"],
    )
    retention_months: Annotated[Integer, Field(ge=0, le=1200), Label("whole number, 0 to 1200")] = Field(
        default=15,
        description="Records older than so many months are pruned, unless a legal hold stands. 0: never.",
        examples=[24],
    )

    anchors: dict[Name, AnchorSection] = Field(
        default={},
        description="Where the heads of the logs go, by name.",
        json_schema_extra={"placeholder": "NAME"},
    )

    @model_validator(mode="after")
    def _one_signer(self) -> AuditSection:
        if self.signer is not None and self.signing_key is not None:
            raise ValueError("either `signing_key` or `signer`, not both")
        if self.retired_signing_key is not None and self.signer is None and self.signing_key is None:
            raise ValueError("`retired_signing_key` needs the `signing_key` or `signer` that comes after it")
        return self


class OidcSection(Section):
    """Sign-in through an OpenID provider: authorization code with PKCE."""

    issuer: Url = Field(
        description="The provider's issuer; its `/.well-known/openid-configuration` is read from there.",
        examples=["https://login.example.com/realms/staff"],
    )
    client_id: Text = Field(description="The client that the provider knows.", examples=["shield-console"])
    client_secret: SecretText | None = Field(
        default=None,
        description="The client's secret. Without it the client is a public one, held by PKCE alone.",
        examples=["${env:SHIELD_OIDC_SECRET}"],
    )
    scopes: list[Text] = Field(
        default=["openid", "profile", "email"], description="Scopes to ask for.", examples=[["openid"]]
    )
    name_claim: Text = Field(
        default="email", description="Claim of the ID token that names the user.", examples=["email"]
    )
    roles_claim: Text = Field(
        default="groups",
        description="Claim of the ID token that lists groups or roles.",
        examples=["groups"],
    )
    roles: dict[Text, Literal["viewer", "auditor", "operator", "admin"]] = Field(
        default={},
        description="What a value of that claim makes of a user. Who has none of them may not sign in.",
        examples=[{"shield-auditors": "auditor"}],
        json_schema_extra={"placeholder": "VALUE"},
    )


class ConsoleSection(Section):
    """The web console for auditors and operators, a process of its own (`shield console`)."""

    listener: ListenerSection = Field(
        default=ListenerSection(port=9092), description="Where it listens. Its port defaults to 9092."
    )
    directory: FilePath = Field(
        default="state/console",
        description="Folder of its users, sessions and index, relative to the working directory of the "
        "process.",
        examples=["state/console"],
    )
    audit_directories: list[FilePath] = Field(
        default=[],
        description="Folders of audit logs to show beside `audit.directory`, such as copies of other hosts' "
        "logs.",
        examples=[["/srv/evidence/eu", "/srv/evidence/us"]],
    )
    public_url: Url | None = Field(
        default=None,
        description="How browsers reach it, where a proxy with TLS stands before it.",
        examples=["https://evidence.example.com"],
    )
    session_timeout: Duration = Field(
        default=28800.0, description="After which a user signs in again.", examples=["8h"]
    )
    idle_timeout: Duration = Field(
        default=1800.0, description="After which an unused session ends.", examples=["30m"]
    )
    verify_interval: Duration = Field(
        default=86400.0,
        description="Between two verifications of all logs by the console itself.",
        examples=["24h"],
    )
    priority: Literal["background", "normal"] = Field(
        default="background",
        description="`background`: it runs when others leave a core idle; `normal` is for a host of its own.",
        examples=["normal"],
    )
    oidc: OidcSection | None = Field(
        default=None, description="Sign-in through an OpenID provider. Without it, passwords alone."
    )


class LoggingSection(Section):
    """The program's log, on standard error."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least level that is logged.", examples=["info"]
    )
    format: Literal["json", "console"] = Field(
        default="json", description="`console` is for people.", examples=["json"]
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
        description="Share of the requests without a `traceparent` that are traced; one with a `traceparent` "
        "is traced where that says so.",
        examples=[0.01],
    )
    service: Name = Field(default="shield", description="The name of the service.", examples=["shield-eu"])


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
        description="Tests the control all the time with synthetic values. Without it, nothing does.",
    )
    logging: LoggingSection = Field(default=LoggingSection(), description="The program's log.")
    tracing: TracingSection | None = Field(
        default=None,
        description="Spans of exchanges, and W3C trace context to the upstream. Without it, none.",
    )


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a configuration file, for editors.

    A number, flag, choice or patterned text may also be written as `${env:NAME}`; the schema says so.
    """
    schema = ConfigDocument.model_json_schema(mode="validation")
    definitions = {name: _with_environment(part) for name, part in schema.pop("$defs").items()}
    entity = definitions["EntitySection"]
    definitions["EntitySection"] = {
        "title": "Operator",
        "description": entity["description"],
        "anyOf": [{"type": "string", "minLength": 1}, entity],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_with_environment(schema),
        "$defs": definitions,
    }


_ENVIRONMENT = {"type": "string", "pattern": r"\$\{env:[A-Za-z_][A-Za-z0-9_]*\}"}
# Where a constraint stands behind a validator of ours, pydantic writes it under its own name.
_JSON_NAMES = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
_ANNOTATIONS = ("title", "description", "default", "examples")


def _with_environment(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_with_environment(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {_JSON_NAMES.get(key, key): value for key, value in schema.items()}
    schema.pop("placeholder", None)
    if schema.get("type") in ("integer", "number", "boolean") or "enum" in schema or "pattern" in schema:
        if "const" in schema or "env:" in str(schema.get("pattern", "")):
            return schema
        outside = {key: value for key, value in schema.items() if key in _ANNOTATIONS}
        inside = {key: value for key, value in schema.items() if key not in _ANNOTATIONS}
        return {**outside, "anyOf": [inside, dict(_ENVIRONMENT)]}
    if "patternProperties" in schema:
        schema["additionalProperties"] = False
    as_it_is = (*_ANNOTATIONS, "propertyNames")
    return {key: value if key in as_it_is else _with_environment(value) for key, value in schema.items()}
