"""The admin listener's pages: serves each declared operation, behind the gate, with its record.

Law: a change is on record, durable and signed, before it is made; if recording fails, nothing is changed.
Refusals for credentials or role are recorded too, in bounded number.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

import orjson
from aiohttp.web import BaseRequest
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from pydantic import BaseModel, ValidationError

from shield.config.settings_callers import AdminAccess
from shield.errors import (
    AuditUnavailableError,
    CredentialsInvalidError,
    CredentialsRequiredError,
    MalformedBodyError,
    MethodNotAllowedError,
    NotServingError,
    ReloadRefusedError,
    RequestError,
    RoleInsufficientError,
    RouteNotFoundError,
    ShieldError,
    UnsupportedMediaTypeError,
)
from shield.proxy.admin.gate import Gate, Identity, address_of
from shield.proxy.admin.instance import Instance, routes, status
from shield.proxy.admin.openapi import openapi
from shield.proxy.admin.operations import OPERATIONS, Drained, Operation, Probe, Reloaded, ReloadRequest
from shield.proxy.body import Pace, read_body
from shield.proxy.connection_limits import ConnectionLimits
from shield.proxy.headers import Head, read_head
from shield.proxy.replies import Answer, Reply, problem_reply
from shield.proxy.token_bucket import TokenBucket
from shield.telemetry.admin_metrics import AdminMetrics
from shield.telemetry.logging import Logger

if TYPE_CHECKING:
    from shield.proxy.admin.records import AdminRecords

NO_REQUEST_ID = "admin"
DRAINED = "drained"
ADMIN_LIMITS = ConnectionLimits(keepalive_timeout=15.0, max_field_bytes=8 * 1024, max_connections=64)
MAX_BODY = 4 * 1024
"""Bytes of a request's body."""
BODY_PACE = Pace(seconds=5.0)
REFUSALS_ON_RECORD = 100.0
"""Burst of refusals that are recorded; those beyond it are only counted and logged."""
REFUSALS_RATE = 0.1
_UNKNOWN = "none"
_CHALLENGE = 'Bearer realm="shield"'
_JSON = "application/json"
_ON_RECORD = (CredentialsInvalidError, CredentialsRequiredError, RoleInsufficientError)


@dataclass(frozen=True, slots=True)
class Call:
    """A request that the gate let through. `body` is set where the operation takes one."""

    request: BaseRequest
    operation: Operation
    who: Identity
    body: BaseModel | None


class AdminPages:
    """Handles the requests of the admin listener. `records` None is for tests that record nothing."""

    def __init__(
        self,
        registry: CollectorRegistry,
        logger: Logger,
        instance: Instance,
        gate: Gate,
        records: AdminRecords | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], int] = time.time_ns,
    ) -> None:
        self._registry = registry
        self._logger = logger
        self._instance = instance
        self._gate = gate
        self._records = records
        self._clock = clock
        self._started = clock()
        self._started_at = wall_clock() / 1e9
        self._refusals = TokenBucket(REFUSALS_RATE, REFUSALS_ON_RECORD, clock())
        self._series = AdminMetrics(registry, [_UNKNOWN, *(it.name for it in OPERATIONS)])
        self._drained = False
        self._document = b""
        self._paths: dict[str, dict[str, Operation]] = {}
        for operation in OPERATIONS:
            for method in operation.methods:
                self._paths.setdefault(operation.path, {})[method] = operation
        self._pages: Mapping[str, Callable[[Call], Awaitable[Reply]]] = {
            "getHealth": self._health,
            "getReadiness": self._readiness,
            "getOpenApi": self._openapi,
            "getMetrics": self._metrics,
            "getStatus": self._status,
            "getRoutes": self._routes,
            "reload": self._reload,
            "drain": self._drain,
            "undrain": self._drain,
        }

    def configure(self, access: AdminAccess) -> None:
        """Use another configuration's callers from now on."""
        self._gate.configure(access)

    async def __call__(self, request: BaseRequest) -> Answer:
        """Handle one request; never raises but for cancellation."""
        methods = self._paths.get(request.raw_path.partition("?")[0], {})
        operation = methods.get(request.method)
        if operation is None:
            error = (
                MethodNotAllowedError("The page does not accept this method.", allowed=tuple(methods))
                if methods
                else RouteNotFoundError("There is no such page.")
            )
            self._series.asked(_UNKNOWN, error.status)
            return problem_reply(error, NO_REQUEST_ID)
        try:
            reply = await self._serve(request, operation)
        except ShieldError as error:
            reply = problem_reply(error, NO_REQUEST_ID, challenge=_CHALLENGE)
        except Exception as error:  # noqa: BLE001  logged by `unhandled`
            reply = self.unhandled(ShieldError("The page failed."), error)
        self._series.asked(operation.name, reply.status)
        return reply

    def unhandled(self, error: ShieldError, cause: BaseException | None) -> Reply:
        """The answer to input that never became a request, or to a page that failed."""
        if cause is not None:
            self._logger.error("admin_failed", exc_info=cause)
        return problem_reply(error, NO_REQUEST_ID, keep_alive=False)

    async def _serve(self, request: BaseRequest, operation: Operation) -> Reply:
        head = read_head(request, ADMIN_LIMITS.max_field_bytes)
        who = Identity("", None)
        try:
            if operation.role is not None:
                who = self._gate.identify(request)
                self._gate.allow(who, operation, request)
        except ShieldError as error:
            if isinstance(error, CredentialsInvalidError) or (
                operation.changes and isinstance(error, _ON_RECORD)
            ):
                await self._note_refusal(request, who, operation, error)
            raise
        call = Call(request, operation, who, await _body(request, head, operation))
        reply = await self._pages[operation.name](call)
        # Trailers are never used: after a chunked request the connection ends (see `http_server`).
        reply.keep_alive = reply.keep_alive and not head.chunked
        return reply

    # Records.

    async def _note_refusal(
        self, request: BaseRequest, who: Identity, operation: Operation, error: ShieldError
    ) -> None:
        recorded = False
        if self._records is not None and self._instance.serving and not self._refusals.take(self._clock()):
            address = address_of(request)
            filters = {"operation": operation.name, "code": error.code, "address": address}
            try:
                await self._records.note(who.name, "admin.refused", filters)
                recorded = True
            except AuditUnavailableError as unavailable:
                self._logger.error("access_log_unavailable", code=unavailable.code, reason=str(unavailable))  # noqa: TRY400  no frames: expected
        self._logger.warning(
            "admin_refused", caller=who.name, operation=operation.name, code=error.code, recorded=recorded
        )

    async def _note_change(self, call: Call, **filters: str) -> None:
        """Put a change on record before it is made. Raises NotServingError, AuditUnavailableError."""
        if not self._instance.serving:
            raise NotServingError
        if self._records is None:
            raise AuditUnavailableError("There is no access log.")
        name, who = call.operation.name, call.who.name
        await self._records.note(who, f"admin.{name}", {"address": address_of(call.request), **filters})
        self._logger.info("admin_change", caller=who, operation=name)

    # The pages.

    async def _health(self, _call: Call) -> Reply:
        return _probe(list(self._instance.dead()))

    async def _readiness(self, _call: Call) -> Reply:
        return _probe(self._not_ready())

    def _not_ready(self) -> list[str]:
        return [*self._instance.not_ready(), *([DRAINED] if self._drained else [])]

    async def _openapi(self, _call: Call) -> Reply:
        if not self._document:  # made once: anybody may ask for it, any number of times
            self._document = orjson.dumps(openapi())
        return Reply(HTTPStatus.OK, self._document, [("Content-Type", _JSON)])

    async def _metrics(self, call: Call) -> Reply:
        await self._instance.refresh()
        try:
            encode, content_type = choose_encoder(call.request.headers.get("Accept", ""))
        except TypeError:  # the library compares a version that is no number with one
            encode, content_type = choose_encoder("")
        return Reply(HTTPStatus.OK, encode(self._registry), [("Content-Type", content_type)])

    async def _status(self, _call: Call) -> Reply:
        await self._instance.refresh()
        uptime = self._clock() - self._started
        return _answer(
            status(
                self._instance,
                started=self._started_at,
                uptime=uptime,
                reasons=self._not_ready(),
                drained=self._drained,
            )
        )

    async def _routes(self, _call: Call) -> Reply:
        return _answer(routes(self._instance.settings))

    async def _reload(self, call: Call) -> Reply:
        expected = call.body.expected_digest if isinstance(call.body, ReloadRequest) else None
        # A record holds an id without the prefix, whatever its digits.
        await self._note_change(call, expected=(expected or "").removeprefix("sha256:"))
        result = await self._instance.reload(expected)
        if result.after is None:
            raise ReloadRefusedError(cause_code=result.code, problems=result.problems)
        return _answer(
            Reloaded(before=result.before, after=result.after, changed=result.before != result.after)
        )

    async def _drain(self, call: Call) -> Reply:
        await self._note_change(call)
        self._drained = call.operation.name == "drain"
        self._series.drained(drained=self._drained)
        return _answer(Drained(drained=self._drained))


async def _body(request: BaseRequest, head: Head, operation: Operation) -> BaseModel | None:
    """The checked body; defaults where there is none. Raises RequestError."""
    if operation.body is None:
        if head.has_body:
            raise RequestError("The operation does not accept a body.")
        return None
    raw = await read_body(request, head, max_bytes=MAX_BODY, pace=BODY_PACE)
    if not raw:
        return operation.body()
    media_type = (head.content_type or "").partition(";")[0].strip().lower()
    if media_type != _JSON or head.content_encodings:
        raise UnsupportedMediaTypeError("The body must be application/json, not compressed.")
    try:
        return operation.body.model_validate_json(raw)
    except ValidationError:
        # pydantic's messages may quote names from the body.
        raise MalformedBodyError(
            f"The body is not a valid {operation.body.__name__}; see /openapi.json."
        ) from None


def _probe(reasons: list[str]) -> Reply:
    failing = HTTPStatus.SERVICE_UNAVAILABLE if reasons else HTTPStatus.OK
    return _answer(Probe(status="failing" if reasons else "ok", reasons=reasons), failing)


def _answer(answer: BaseModel, code: HTTPStatus = HTTPStatus.OK) -> Reply:
    fields = [("Content-Type", _JSON), ("Cache-Control", "no-store")]
    return Reply(code, orjson.dumps(answer.model_dump()), fields)
