"""The admin listener's pages: metrics, and whether the process is alive and ready."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus

import orjson
from aiohttp.web import BaseRequest
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from shield.errors import MethodNotAllowedError, RouteNotFoundError, ShieldError
from shield.proxy.replies import Answer, Reply, problem_reply
from shield.telemetry.logging import Logger

Reasons = Callable[[], Sequence[str]]
"""What is wrong now, as stable codes; empty when nothing is."""

NO_REQUEST_ID = "admin"
_METHODS = ("GET", "HEAD")


class AdminPages:
    """Handles the requests of the admin listener. `alive` and `ready` are asked at each probe.

    `before_scrape` is awaited before the metrics are read, where they are not at hand.
    """

    def __init__(
        self,
        registry: CollectorRegistry,
        logger: Logger,
        *,
        alive: Reasons,
        ready: Reasons,
        before_scrape: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._before_scrape = before_scrape
        self._registry = registry
        self._logger = logger
        self._pages: Mapping[str, Callable[[BaseRequest], Reply]] = {
            "/metrics": self._metrics,
            "/healthz": lambda _request: _probe(alive()),
            "/readyz": lambda _request: _probe(ready()),
        }

    async def __call__(self, request: BaseRequest) -> Answer:
        """Handle one request; never raises but for cancellation."""
        page = self._pages.get(request.raw_path.partition("?")[0])
        if page is None:
            return problem_reply(RouteNotFoundError("There is no such page."), NO_REQUEST_ID)
        if request.method not in _METHODS:
            return problem_reply(MethodNotAllowedError(allowed=_METHODS), NO_REQUEST_ID)
        try:
            if self._before_scrape is not None and page == self._metrics:
                await self._before_scrape()
            return page(request)
        except Exception as error:  # noqa: BLE001  logged by `unhandled`
            return self.unhandled(ShieldError(), error)

    def unhandled(self, error: ShieldError, cause: BaseException | None) -> Reply:
        """The answer to what never became a request, or to a page that failed."""
        if cause is not None:
            self._logger.error("admin_failed", exc_info=cause)
        return problem_reply(error, NO_REQUEST_ID, keep_alive=False)

    def _metrics(self, request: BaseRequest) -> Reply:
        """The Prometheus text format, or OpenMetrics where the Accept header asks for it."""
        encode, content_type = choose_encoder(request.headers.get("Accept", ""))
        return Reply(HTTPStatus.OK, encode(self._registry), [("Content-Type", content_type)])


def _probe(reasons: Sequence[str]) -> Reply:
    status = HTTPStatus.SERVICE_UNAVAILABLE if reasons else HTTPStatus.OK
    body = orjson.dumps({"status": "failing" if reasons else "ok", "reasons": list(reasons)})
    return Reply(status, body, [("Content-Type", "application/json"), ("Cache-Control", "no-store")])
