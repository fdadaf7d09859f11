from __future__ import annotations

import aiohttp.http
import pytest
from aiohttp.http_parser import HttpRequestParserPy

from shield.errors import ConfigError
from shield.proxy.http_server import require_c_parser


def test_the_c_parser_is_here() -> None:
    require_c_parser()


def test_without_the_c_parser_nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aiohttp.http, "HttpRequestParser", HttpRequestParserPy)
    with pytest.raises(ConfigError, match="C HTTP parser"):
        require_c_parser()
