"""The interface that the admin API works on: one process, or a supervisor over several."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from shield import __version__
from shield.config.settings import Settings
from shield.config.settings_route import Route
from shield.config_codes import ProblemCode
from shield.domain import Policy
from shield.errors import ConfigError, ShieldError
from shield.proxy.admin.operations import (
    LastReload,
    PolicyName,
    Routes,
    RouteStatus,
    ShadowStatus,
    Status,
    WorkerStatus,
)
from shield.telemetry.merge import Snapshot


@dataclass(frozen=True, slots=True)
class ReloadResult:
    """The result of a reload; true if it is in force. If `after` is None, it was refused with `code`."""

    before: str
    after: str | None = None
    code: str = ""
    problems: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.after is not None


def refused(before: str, error: ShieldError) -> ReloadResult:
    """The result of a reload that was refused with `error`, whose text is safe to publish."""
    return ReloadResult(before, None, error.code, tuple(str(error).splitlines()))


def check_expected(settings: Settings, expected: str | None) -> None:
    """Raise ConfigError where `settings` do not have the digest that the reload was asked for."""
    if expected is not None and settings.digest != expected:
        raise ConfigError(
            ProblemCode.DIGEST_UNEXPECTED,
            f"the file has the digest {settings.digest}, not the expected one",
        )


@dataclass(frozen=True, slots=True)
class LatestReload:
    """The newest reload; `at` in seconds since 1970."""

    at: float
    result: ReloadResult


class Instance(Protocol):
    """The running process or processes."""

    @property
    def settings(self) -> Settings:
        """The configuration in force, as the file says it."""

    @property
    def serving(self) -> bool:
        """Whether it has started and was not told to stop."""

    @property
    def latest_reload(self) -> LatestReload | None:
        """The newest reload; None where there was none."""

    @property
    def origins(self) -> Sequence[str]:
        """Origins of the logs that it writes."""

    def dead(self) -> Sequence[str]:
        """Reasons for which only a restart helps."""

    def not_ready(self) -> Sequence[str]:
        """Reasons for which it should get no traffic."""

    async def refresh(self) -> None:
        """Bring the figures up to date."""

    def workers(self) -> Sequence[WorkerStatus]:
        """The processes that take traffic."""

    async def reload(self, expected: str | None = None) -> ReloadResult:
        """Put the configuration on disk in force if its digest is `expected`; otherwise change nothing."""


def worker_status(
    slot: int, pid: int | None, state: str, reasons: Sequence[str], figures: Snapshot
) -> WorkerStatus:
    """The status of one process, with figures from its own metrics."""
    values = {
        family.name: sum(value for _, _, value in family.samples)
        for family in figures
        if family.name in _FIGURES.values()
    }
    return WorkerStatus.model_validate(
        {
            "slot": slot,
            "pid": pid,
            "state": state,
            "reasons": list(reasons),
            **{name: max(0, int(values.get(series, 0))) for name, series in _FIGURES.items()},
        }
    )


_FIGURES = {
    "requests_in_flight": "shield_requests_in_flight",
    "inspections_waiting": "shield_inspection_queue_length",
    "connections": "shield_connections",
    "audit_records": "shield_audit_tree_size",
    "audit_signed": "shield_audit_signed_size",
}


def moment(seconds: float) -> str:
    """A time in RFC 3339 form, UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def status(
    instance: Instance, *, started: float, uptime: float, reasons: Sequence[str], drained: bool
) -> Status:
    """The status of the instance. `started` is in seconds since 1970, `uptime` in seconds."""
    latest = instance.latest_reload
    return Status(
        version=__version__,
        python=platform.python_version(),
        started_at=moment(started),
        uptime_seconds=max(0, int(uptime)),
        ready=not reasons,
        reasons=list(reasons),
        drained=drained,
        configuration=instance.settings.digest,
        last_reload=(
            None
            if latest is None
            else LastReload(at=moment(latest.at), accepted=bool(latest.result), code=latest.result.code)
        ),
        audit_origin=instance.settings.audit.origin,
        workers=list(instance.workers()),
    )


def routes(settings: Settings) -> Routes:
    """The routes that are served under `settings`."""
    return Routes(configuration=settings.digest, routes=[_route(route) for route in settings.routes])


def _route(route: Route) -> RouteStatus:
    return RouteStatus(
        name=route.name,
        host=route.host,
        path=route.path.text,
        methods=sorted(route.methods),
        media_types=list(route.media_types),
        tenants=sorted(route.tenants),
        upstream=route.upstream.name,
        policy=_policy(route.policy),
        mode=route.mode.value,
        on_error=route.on_error.value,
        body_timeout_seconds=float(route.body_timeout),
        deadline_seconds=float(route.deadline),
        shadow=(
            None
            if route.shadow is None
            else ShadowStatus(policy=_policy(route.shadow.policy), share=float(route.shadow.share))
        ),
    )


def _policy(policy: Policy) -> PolicyName:
    return PolicyName(name=policy.name, digest=policy.digest)
