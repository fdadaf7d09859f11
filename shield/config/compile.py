"""Compiles a valid document to the frozen values that the program runs on, and computes their digests.

A digest is `sha256:` + hex over canonical JSON: keys sorted, no spaces, UTF-8. A secret is in it by its
reference (`${env:NAME}`), never by its value, so rotating a key leaves the digest unchanged.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from types import MappingProxyType
from typing import Any

from shield.config.compile_read_back import compile_read_back
from shield.config.path_template import parse_path_template
from shield.config.proxy_protocol import ProxyProtocol
from shield.config.schema import ConfigDocument
from shield.config.schema_admission import RateSection
from shield.config.schema_audit import AnchorSection, AuditSection, SignerSection
from shield.config.schema_callers import AdminSection
from shield.config.schema_console import ConsoleSection
from shield.config.schema_evidence import CanariesSection
from shield.config.schema_headers import HeadersSection
from shield.config.schema_listener import BalancedListenerSection, ListenerSection
from shield.config.schema_policy import EntitySection, PolicySection
from shield.config.schema_route import FieldRuleSection, LimitsSection, RouteSection
from shield.config.schema_secrets import SecretSource
from shield.config.schema_upstream import UpstreamSection
from shield.config.secret import Secret
from shield.config.settings import (
    CanarySettings,
    ConsoleSettings,
    Listener,
    ListenerTls,
    LogFormat,
    LoggingSettings,
    OidcSettings,
    ServerSettings,
    Settings,
    TracingSettings,
)
from shield.config.settings_audit import Anchor, AnchorForm, AuditSettings, DigestPeriod, SignerSettings
from shield.config.settings_callers import AdminAccess, AdminCaller, AdminRole, Rate, Tenant
from shield.config.settings_route import (
    HeaderAction,
    HeaderRule,
    HeaderSettings,
    Mode,
    OnDeadline,
    OnError,
    OpaqueAction,
    Route,
    Shadow,
    TargetAction,
)
from shield.config.settings_upstream import HealthCheck, Outlier, Upstream, UpstreamTls
from shield.domain import (
    AllowRule,
    DenyRule,
    DetectorSpec,
    FieldAction,
    FieldRule,
    Limits,
    OperatorSpec,
    PatternRule,
    Policy,
    comparable,
)


def compile_settings(document: ConfigDocument, folder: Path) -> Settings:
    """Compile a document that passed all checks. `folder` is what TLS files are relative to."""
    upstreams = {name: _upstream(name, it, folder) for name, it in document.upstreams.items()}
    policies = {name: compile_policy(name, it) for name, it in document.policies.items()}
    documents = [canonical(document.model_dump(mode="json"))]
    documents += [canonical(_policy_document(name, it)) for name, it in document.policies.items()]
    return Settings(
        digest=_digest_of(documents[0]),
        proxy=_listener(document.listeners.proxy, folder),
        admin=_listener(document.listeners.admin, folder),
        routes=tuple(_route(it, document.limits, upstreams, policies) for it in document.routes),
        audit=_audit(document.audit),
        upstreams=MappingProxyType(upstreams),
        policies=MappingProxyType(policies),
        canaries=_canaries(document.canaries),
        logging=LoggingSettings(
            document.logging.level, LogFormat(document.logging.format), document.logging.access
        ),
        server=ServerSettings(**document.server.model_dump()),
        keys=MappingProxyType({name: Secret(it.value) for name, it in document.keys.items()}),
        documents=MappingProxyType({_digest_of(it): it for it in documents}),
        tracing=(
            None
            if document.tracing is None
            else TracingSettings(document.tracing.endpoint, document.tracing.share, document.tracing.service)
        ),
        tenants=MappingProxyType(
            {
                name: Tenant(name, frozenset(it.api_keys), frozenset(it.certificates), _rate(it.rate))
                for name, it in document.tenants.items()
            }
        ),
        admin_access=_admin_access(document.admin),
        console=_console(document, folder),
    )


def _admin_access(section: AdminSection) -> AdminAccess:
    callers = {
        name: AdminCaller(
            name, AdminRole[it.role.upper()], frozenset(it.api_keys), frozenset(it.certificates)
        )
        for name, it in section.callers.items()
    }
    return AdminAccess(MappingProxyType(callers), section.rate, section.failures)


def canonical(value: Any) -> bytes:
    """The canonical JSON of plain data."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "surrogatepass")


def digest(value: Any) -> str:
    """`sha256:` + hex over the canonical JSON of plain data."""
    return _digest_of(canonical(value))


def _digest_of(text: bytes) -> str:
    return "sha256:" + hashlib.sha256(text).hexdigest()


def _policy_document(name: str, section: PolicySection) -> dict[str, Any]:
    return {"name": name, **section.model_dump(mode="json")}


def _listener(section: ListenerSection, folder: Path) -> Listener:
    tls = section.tls
    proxied = section.proxy_protocol if isinstance(section, BalancedListenerSection) else None
    return Listener(
        section.host,
        section.port,
        None
        if tls is None
        else ListenerTls(
            folder / tls.certificate,
            folder / tls.private_key,
            _path(tls.client_ca, folder),
            tls.client_certificates == "required",
        ),
        None
        if proxied is None
        else ProxyProtocol(tuple(map(ip_network, proxied.trusted)), proxied.others == "serve"),
    )


def _upstream(name: str, section: UpstreamSection, folder: Path) -> Upstream:
    tls = section.tls
    return Upstream(
        name,
        section.url,
        connect_timeout=section.timeouts.connect,
        read_timeout=section.timeouts.read,
        total_timeout=section.timeouts.total,
        pool_size=section.pool_size,
        replicas=tuple(section.replicas),
        outlier=Outlier(**section.outlier.model_dump()),
        health_check=HealthCheck(**section.health_check.model_dump()) if section.health_check else None,
        host="" if section.host in {"upstream", "client"} else section.host,
        keeps_host=section.host == "client",
        tls=UpstreamTls(
            _path(tls.ca_file, folder),
            _path(tls.certificate, folder),
            _path(tls.private_key, folder),
            tls.server_name,
        ),
    )


def _path(text: str | None, folder: Path) -> Path | None:
    return None if text is None else folder / text


def compile_policy(name: str, section: PolicySection) -> Policy:
    """Compile one policy, without regard to the rest of the document."""
    detector = DetectorSpec(
        languages=tuple(section.languages),
        model=section.detector.model,
        recognizers=tuple(section.detector.recognizers),
        patterns=tuple(
            PatternRule(it.name, it.entity, it.regex, it.score, tuple(it.context))
            for it in section.detector.patterns
        ),
        phone_regions=tuple(section.detector.phone_regions),
    )
    operators = {entity: _operator(it) for entity, it in section.entities.items()}
    thresholds = {entity: it.threshold for entity, it in section.entities.items() if it.threshold is not None}
    allow = tuple(
        AllowRule(frozenset(map(comparable, it.terms)), frozenset(it.entities)) for it in section.allow_lists
    )
    deny = tuple(DenyRule(tuple(it.terms), it.entity) for it in section.deny_lists)
    return Policy(
        name=name,
        digest=digest(_policy_document(name, section)),
        operators=MappingProxyType(operators),
        detector=detector,
        score_threshold=section.score_threshold,
        thresholds=MappingProxyType(thresholds),
        allow=allow,
        deny=deny,
    )


def compile_field_rule(section: FieldRuleSection) -> FieldRule:
    """Compile one field rule; whether its selector compiles is checked elsewhere."""
    return FieldRule(section.select, FieldAction(section.action), section.entity or "")


def _operator(section: EntitySection) -> OperatorSpec:
    return OperatorSpec(section.operator, _frozen(section.model_extra or {}))


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return MappingProxyType({key: _frozen(child) for key, child in value.items()})
    if isinstance(value, list):
        return tuple(_frozen(child) for child in value)
    return str(value) if isinstance(value, str) else value  # text of the environment becomes plain text


def _route(
    section: RouteSection,
    defaults: LimitsSection,
    upstreams: Mapping[str, Upstream],
    policies: Mapping[str, Policy],
) -> Route:
    limits = _limits(section.limits, defaults)
    return Route(
        name=section.name,
        upstream=upstreams[section.upstream],
        policy=policies[section.policy],
        path=parse_path_template(section.match.path),
        host=section.match.host.lower(),
        methods=frozenset(section.match.methods),
        media_types=tuple(section.match.media_types),
        tenants=frozenset(section.match.tenants),
        mode=Mode(section.mode),
        on_error=OnError(section.on_error),
        fields=tuple(compile_field_rule(it) for it in section.fields),
        field_names=frozenset(section.field_names),
        headers=_headers(section.headers),
        query_default=TargetAction(section.query.default),
        query=MappingProxyType({name: TargetAction(it) for name, it in section.query.parameters.items()}),
        path_action=TargetAction(section.path),
        opaque=_opaque_action(section),
        limits=limits,
        body_timeout=section.body_timeout,
        deadline=section.deadline,
        on_deadline=OnDeadline(section.on_deadline),
        concurrency=section.concurrency,
        rate=_rate(section.rate),
        weight=section.weight,
        shadow=(
            None if section.shadow is None else Shadow(policies[section.shadow.policy], section.shadow.share)
        ),
        read_back=(
            None
            if section.read_back is None
            else compile_read_back(section.read_back, section.match.path, limits.body_bytes)
        ),
    )


def _headers(section: HeadersSection) -> HeaderSettings:
    rules = [
        HeaderRule(it.name.lower().replace("_", "-"), HeaderAction(it.action), it.entity or "")
        for it in section.rules
    ]
    return HeaderSettings(TargetAction(section.default), tuple(rules))


def _opaque_action(section: RouteSection) -> OpaqueAction:
    """The route's setting, else its setting for bodies that cannot be inspected."""
    if section.opaque is not None:
        return OpaqueAction(section.opaque)
    return OpaqueAction.KEEP if section.on_error == OnError.BYPASS.value else OpaqueAction.BLOCK


def _rate(section: RateSection | None) -> Rate | None:
    return None if section is None else Rate(section.per_second, section.burst)


_LIMIT_KEYS = MappingProxyType(
    {
        "body": "body_bytes",
        "decoded": "decoded_bytes",
        "decompression_ratio": "decompression_ratio",
        "nesting_depth": "nesting_depth",
        "segments": "segments",
    }
)


def _limits(section: LimitsSection, defaults: LimitsSection) -> Limits:
    chosen = {**defaults.model_dump(exclude_none=True), **section.model_dump(exclude_none=True)}
    return Limits(**{_LIMIT_KEYS[key]: value for key, value in chosen.items()})


def _audit(section: AuditSection) -> AuditSettings:
    return AuditSettings(
        directory=Path(section.directory),
        origin=section.origin,
        commit_interval=section.commit_interval,
        checkpoint_interval=section.checkpoint_interval,
        heartbeat_interval=section.heartbeat_interval,
        signing_key=_secret(section.signing_key),
        digest_key=_secret(section.digest_key),
        retired_signing_key=_secret(section.retired_signing_key),
        signer=_signer(section.signer),
        digest_key_period=DigestPeriod(section.digest_key_period),
        retention_months=section.retention_months,
        anchors=tuple(_anchor(name, anchor) for name, anchor in section.anchors.items()),
    )


def _signer(section: SignerSection | None) -> SignerSettings | None:
    if section is None:
        return None
    return SignerSettings(tuple(section.command), section.public_key, section.timeout)


def _console(document: ConfigDocument, folder: Path) -> ConsoleSettings | None:
    section = document.console
    if section is None:
        return None
    directories = dict.fromkeys([document.audit.directory, *section.audit_directories])
    return ConsoleSettings(
        listener=_listener(section.listener, folder),
        directory=Path(section.directory),
        audit_directories=tuple(map(Path, directories)),
        public_url=section.public_url,
        session_timeout=section.session_timeout,
        idle_timeout=section.idle_timeout,
        verify_interval=section.verify_interval,
        background=section.priority == "background",
        oidc=_oidc(section),
    )


def _oidc(section: ConsoleSection) -> OidcSettings | None:
    oidc = section.oidc
    if oidc is None:
        return None
    return OidcSettings(
        issuer=oidc.issuer,
        client_id=oidc.client_id,
        client_secret=_secret(oidc.client_secret),
        endpoint_hosts=tuple(oidc.endpoint_hosts),
        scopes=tuple(oidc.scopes),
        name_claim=oidc.name_claim,
        roles_claim=oidc.roles_claim,
        roles=MappingProxyType(dict(oidc.roles)),
    )


def _anchor(name: str, section: AnchorSection) -> Anchor:
    return Anchor(
        name=name,
        form=AnchorForm(section.type),
        target=section.path or section.url or "",
        interval=section.interval,
        timeout=section.timeout,
        key=section.key or "",
        roots=Path(section.certificates) if section.certificates else None,
    )


def _canaries(section: CanariesSection | None) -> CanarySettings | None:
    if section is None:
        return None
    samples = {entity: tuple(map(str, texts)) for entity, texts in section.samples.items()}
    return CanarySettings(section.interval, frozenset(section.routes), MappingProxyType(samples))


def _secret(source: SecretSource | None) -> Secret | None:
    return None if source is None else Secret(source.value)
