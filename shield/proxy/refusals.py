"""Ends exchanges that end without the upstream's answer: counts, records and answers with a problem.

Before the intent the record is a `reject`; after it, the intent's `outcome`.
"""

from __future__ import annotations

from collections.abc import Callable

from aiohttp.web import BaseRequest

from shield.errors import (
    DrainingError,
    FramingConflictError,
    HostMissingError,
    OutcomeUnknownError,
    RequestError,
    ShieldError,
    UpstreamError,
    UpstreamTimeoutError,
)
from shield.foreign_errors import unexpected
from shield.proxy.passage import Passage, refusal_outcome
from shield.proxy.recorder import Recorder
from shield.proxy.replies import Reply, problem_reply
from shield.telemetry.logging import Logger
from shield.telemetry.metrics import Metrics

_OF_HTTP = frozenset({RequestError, FramingConflictError, HostMissingError})
"""Requests that are not valid HTTP."""


class Refusals:
    """The refusals of one process. `ends` tells whether a request's connection ends with its answer."""

    def __init__(
        self, recorder: Recorder, metrics: Metrics, logger: Logger, *, ends: Callable[[BaseRequest], bool]
    ) -> None:
        self._recorder = recorder
        self._metrics = metrics
        self._logger = logger
        self._ends = ends

    def failed(self, request: BaseRequest, passage: Passage, error: Exception) -> Reply:
        """The answer to a request that ended in `error`; an unexpected error is logged."""
        if isinstance(error, ShieldError):
            return self._refuse(request, passage, error)
        self._logger.error("exchange_failed", request_id=passage.request_id, exc_info=error)
        if passage.intent is not None:
            return self._refuse(request, passage, OutcomeUnknownError())
        return self._refuse(request, passage, unexpected(error))

    def given_up(self, request: BaseRequest, passage: Passage) -> Reply:
        """The answer where the stop's time is over: nothing was sent, or its fate is unknown."""
        if passage.intent is None:
            return self._refuse(request, passage, DrainingError())
        self._recorder.abandoned(request.method, passage)
        error = UpstreamTimeoutError("The shield is stopping, and the upstream has not answered yet.")
        passage.status = error.status
        return problem_reply(error, passage.request_id, keep_alive=False)

    def unhandled(self, passage: Passage, error: ShieldError, cause: BaseException | None) -> Reply:
        """The answer to input that never became a request, or that broke the server's own code."""
        if cause is not None:
            self._logger.error("server_failed", request_id=passage.request_id, exc_info=cause)
        self._metrics.refusal(error.code)
        self._recorder.refused("UNKNOWN", passage, error)
        passage.outcome = refusal_outcome(error)
        passage.reason, passage.status = error.code, error.status
        self._metrics.no_route.requests[passage.outcome].inc()
        return problem_reply(error, passage.request_id, keep_alive=False)

    def _refuse(self, request: BaseRequest, passage: Passage, error: ShieldError) -> Reply:
        if passage.intent is not None:
            counted = passage.status > 0  # with the upstream's answer
            passage.unsent = isinstance(error, DrainingError)
            told = passage.unsent or isinstance(error, UpstreamError)
            self._recorder.close_intent(passage, None, error.code if told else "")
            if isinstance(error, UpstreamError) and passage.plan is not None and not counted:
                passage.plan.upstream.series.responses[0].inc()
        else:
            self._metrics.refusal(error.code)
            self._recorder.refused(request.method, passage, error)
        passage.outcome = refusal_outcome(error)
        passage.reason, passage.status = error.code, error.status
        # A forwarder may see invalid HTTP end elsewhere, so what follows may be nobody's request. A chunked
        # request may have trailers that aiohttp would add to the next one: see `http_server`.
        ends = self._ends(request) or type(error) in _OF_HTTP or "Transfer-Encoding" in request.headers
        return problem_reply(error, passage.request_id, keep_alive=not ends)
