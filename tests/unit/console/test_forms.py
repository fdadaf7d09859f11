from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import cast

import pytest
from aiohttp import StreamReader, web
from aiohttp.base_protocol import BaseProtocol
from aiohttp.test_utils import make_mocked_request

from shield.console.answers import RefusedError
from shield.console.forms import read_form


class Slow:
    """A request whose body never ends."""

    async def post(self) -> None:
        await asyncio.get_running_loop().create_future()


async def test_a_form_that_does_not_arrive_is_not_waited_for() -> None:
    with pytest.raises(RefusedError) as refused:
        await read_form(cast("web.Request", Slow()), seconds=0.01)
    assert refused.value.status == HTTPStatus.REQUEST_TIMEOUT


@pytest.mark.parametrize("body", [b"name=+2AA-", b"+2AA-=name"])
async def test_what_is_no_text_is_no_value_of_a_form(body: bytes) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-7"}
    payload = StreamReader(BaseProtocol(asyncio.get_running_loop()), 2**16)
    payload.feed_data(body)
    payload.feed_eof()
    with pytest.raises(RefusedError):
        await read_form(make_mocked_request("POST", "/login", headers=kind, payload=payload))
