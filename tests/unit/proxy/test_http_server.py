from __future__ import annotations

import aiohttp
import aiohttp.http
import pytest
from aiohttp.http_parser import HttpRequestParserPy
from prometheus_client import CollectorRegistry

from shield.config.settings import Upstream
from shield.errors import (
    ConfigError,
    UpstreamConnectError,
    UpstreamError,
    UpstreamProtocolError,
    UpstreamResetError,
    UpstreamTimeoutError,
)
from shield.proxy.http_server import require_c_parser
from shield.proxy.upstream import UpstreamPool, translate
from shield.telemetry.metrics import Metrics


def test_the_c_parser_is_here() -> None:
    require_c_parser()


def test_without_the_c_parser_nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aiohttp.http, "HttpRequestParser", HttpRequestParserPy)
    with pytest.raises(ConfigError, match="C HTTP parser"):
        require_c_parser()


async def test_without_the_switch_for_the_silent_resend_nothing_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Renamed:
        """A client session whose switch has another name."""

        def __init__(self, **options: object) -> None:
            self.retry = True

    monkeypatch.setattr(aiohttp, "ClientSession", Renamed)
    pool = UpstreamPool(Metrics(CollectorRegistry()))
    with pytest.raises(ConfigError, match="resends"):
        pool.client(Upstream("u", "http://127.0.0.1:1"))


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (aiohttp.ConnectionTimeoutError(), UpstreamConnectError),
        (aiohttp.SocketTimeoutError(), UpstreamTimeoutError),
        (TimeoutError(), UpstreamTimeoutError),
        (aiohttp.ServerDisconnectedError(), UpstreamResetError),
        (aiohttp.ClientOSError(), UpstreamResetError),
        (aiohttp.ClientPayloadError(), UpstreamResetError),
        (ConnectionResetError(), UpstreamResetError),
        (aiohttp.ClientResponseError(None, ()), UpstreamProtocolError),  # type: ignore[arg-type]
        (aiohttp.ClientError(), UpstreamError),
        (ValueError("secret"), None),
    ],
)
def test_the_map_from_the_client_librarys_errors(
    error: Exception, expected: type[UpstreamError] | None
) -> None:
    ours = translate(error)
    assert type(ours) is (expected or type(None))
