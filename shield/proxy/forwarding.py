"""The last steps of an exchange: forwards what is inspected and on record, once, and passes the answer back.

Laws. Call it only once the intent is durable. From then on every path ends in an `outcome` record: the one
written here when the answer's head arrives, or the caller's for an error that is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from aiohttp.web import BaseRequest

from shield.config.settings_route import Mode
from shield.errors import UpstreamError, UpstreamRedirectError, UpstreamResetError
from shield.proxy.answer_parser import BrokenOffError
from shield.proxy.header_inspection import with_fields
from shield.proxy.headers import Head, Peer, upstream_fields
from shield.proxy.http_server import ShieldProtocol
from shield.proxy.inspection import Inspected
from shield.proxy.locations import client_name, is_repeated
from shield.proxy.passage import ClientGoneError, Passage
from shield.proxy.read_backs import ReadBacks
from shield.proxy.recorder import Recorder
from shield.proxy.replies import Answer, Placing, Sent, interim_passing, pass_through
from shield.proxy.runtime import Evidence, RoutePlan, Runtime
from shield.proxy.target import Target
from shield.proxy.upstream_answer import UpstreamAnswer
from shield.telemetry.logging import Logger
from shield.telemetry.metrics import Outcome

_REDIRECTION = 3  # of a status, the hundreds
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})  # RFC 9110, 9.2.1


class Told(NamedTuple):
    """What the upstream is told of the client's request; see `Locations.for_client`."""

    host: str
    proto: str
    asked: str
    prefix: str


class Forwarding:
    """Forwards for one event loop.

    `clock` is monotonic, in seconds; `ends` says whether a request's connection ends with its answer.
    """

    def __init__(
        self,
        evidence: Evidence,
        recorder: Recorder,
        logger: Logger,
        clock: Callable[[], float],
        *,
        read_backs: ReadBacks | None,
        ends: Callable[[BaseRequest], bool],
    ) -> None:
        self._evidence = evidence
        self._recorder = recorder
        self._logger = logger
        self._clock = clock
        self._read_backs = read_backs
        self._ends = ends

    async def forward(
        self,
        request: BaseRequest,
        head: Head,
        plan: RoutePlan,
        passage: Passage,
        *,
        inspected: Inspected,
        target: Target,
        body: bytes,
        runtime: Runtime,
    ) -> Answer:
        """Send it, once; record the outcome when the answer's head arrives; stream the answer back."""
        index = passage.intent
        fields = upstream_fields(
            with_fields(head, inspected.fields) if inspected.fields else head,
            _peer(request),
            trust_forwarded=runtime.server.trusted_forwarders,
            body=inspected.body,
            changed=inspected.body is not body,
            mark=runtime.mark,
        )
        told = _told(fields, head.host)
        placed = self._placing(plan, told, passage)
        if passage.trace is not None:
            fields = passage.trace.onto(fields)
        if plan.headers.drops_any:
            fields = [field for field in fields if not plan.headers.drops(field[0])]
        if self._read_backs is not None and request.method not in _SAFE:
            self._read_backs.overwrites(plan, inspected.path)
        host = _host_asked(head.host, target.host) or target.host  # HTTP/1.0 may name it in the target alone
        sent = self._clock()
        try:
            query = inspected.query if target.asks else None
            response = await plan.upstream.send(
                request.method,
                inspected.path,
                query,
                fields,
                inspected.body if head.is_framed else None,
                host=host,
                on_interim=interim_passing(request, placed),
            )
        finally:
            passage.head_at = self._clock()
            passage.upstream_seconds = passage.head_at - sent
        plan.series.forwarded_bytes.inc(len(inspected.body))
        series = plan.upstream.series
        series.duration.observe(passage.upstream_seconds)
        series.responses[min(response.status // 100, 5)].inc()
        passage.status = response.status
        if inspected.body and is_repeated(response.status, request.method):
            _hold_redirect(response, plan, told)
        if passage.inspection is not None and self._read_backs is not None:
            passage.written = self._read_backs.begin(
                passage.request_id,
                request.method,
                *passage.inspection,
                response,
                host=host,
                also_host=client_name(told.host),
            )
        gone = is_gone(request)
        self._recorder.close_intent(passage, response.status, "client_gone" if gone else "answered")
        if gone:
            response.close()
            passage.outcome = Outcome.CLIENT_GONE
            return Sent(keep_alive=False)
        receipt = f"{self._evidence.origin}#{index}"
        return await self._answer(request, head, response, passage, receipt=receipt, placed=placed)

    def _placing(self, plan: RoutePlan, told: Told, passage: Passage) -> Placing:
        """A function that rewrites an upstream address for the client, by what the upstream was `told`.

        An address that the client may keep and write to later must lead through the shield. A redirect that
        arrives here is followed without a body.
        """
        locations, observes = plan.upstream.locations, plan.route.mode is Mode.OBSERVE

        def placed(status: int, value: bytes) -> bytes | None:
            if not observes and status // 100 != _REDIRECTION and locations.is_beyond(value):
                self._logger.warning(
                    "location_dropped", request_id=passage.request_id, route=plan.route.name, status=status
                )
                return None
            return locations.for_client(value, *told)

        return placed

    async def _answer(
        self,
        request: BaseRequest,
        head: Head,
        response: UpstreamAnswer,
        passage: Passage,
        *,
        receipt: str,
        placed: Placing,
    ) -> Answer:
        """Stream the answer. Where it breaks off, end the client's connection, so that the client notices."""
        try:
            return await pass_through(
                request,
                response,
                receipt,
                keep_alive=not self._ends(request) and _may_continue(request, head),
                placed=placed,
                also=None if passage.written is None else passage.written.take,
            )
        except ConnectionError:  # the client's: errors of the other side are BrokenOffError
            passage.outcome = Outcome.CLIENT_GONE
        except UpstreamError:  # a head that cannot be passed on: nothing was written yet
            response.close()
            raise
        except BrokenOffError as error:
            passage.outcome = Outcome.CLIENT_GONE if is_gone(request) else Outcome.UPSTREAM_FAILED
            passage.reason = error.cause_.code
        except Exception:
            self._logger.exception("answer_failed", request_id=passage.request_id)
            passage.outcome = Outcome.CLIENT_GONE if is_gone(request) else Outcome.UPSTREAM_FAILED
            passage.reason = UpstreamResetError.code
        except BaseException:
            response.close()
            _abort(request)
            raise
        response.close()
        _abort(request)
        return Sent(keep_alive=False)


def _told(fields: Sequence[tuple[str, str]], asked: str) -> Told:
    """What these fields tell, of a request by which the shield was `asked` as that host."""
    by_name = dict(fields)
    prefix = by_name.get("X-Forwarded-Prefix", "")  # there only if the forwarder is believed
    return Told(by_name.get("X-Forwarded-Host", ""), by_name["X-Forwarded-Proto"], asked, prefix)


def _host_asked(authority: str, name: str) -> str:
    """The client's Host as spelt, without the dot that makes a name absolute (RFC 1034, 3.1).

    `name` is the form that the route used. A server that counts the dot as part of the name serves another
    site.
    """
    return authority[: len(name)] + authority[len(name) :].removeprefix(".")


def _hold_redirect(response: UpstreamAnswer, plan: RoutePlan, told: Told) -> None:
    """Refuse a redirect that has the client send its unredacted body past the shield. Raises UpstreamError.

    A route in observe mode forwards the body unredacted itself, so its redirects pass.
    """
    if plan.route.mode is Mode.OBSERVE:
        return
    for name, value in response.raw_headers:
        if name.lower() == b"location" and plan.upstream.locations.lead_past(value, *told):
            response.close()
            raise UpstreamRedirectError


def is_gone(request: BaseRequest) -> bool:
    """Whether the client is gone: see `ShieldProtocol.is_gone`."""
    protocol = request.protocol
    if isinstance(protocol, ShieldProtocol):
        return protocol.is_gone
    transport = request.transport
    return transport is None or transport.is_closing()


def still_there(request: BaseRequest) -> None:
    """Raise ClientGoneError where the client is gone. Its connection, perhaps still half open, ends."""
    if is_gone(request):
        _abort(request)
        raise ClientGoneError


def _may_continue(request: BaseRequest, head: Head) -> bool:
    """Whether the connection may serve another request: see `ShieldProtocol.may_continue`."""
    if not head.chunked:
        return True
    protocol = request.protocol
    return isinstance(protocol, ShieldProtocol) and protocol.may_continue(request)


def _abort(request: BaseRequest) -> None:
    """End the client's connection, so that a broken-off answer is not mistaken for a whole one."""
    if request.transport is not None:
        request.transport.abort()


def _peer(request: BaseRequest) -> Peer:
    peername = request.protocol.peername
    address = peername[0] if isinstance(peername, tuple) else ""
    return Peer(address, request.protocol.ssl_context is not None)
