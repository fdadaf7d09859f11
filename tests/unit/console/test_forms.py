from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import cast

import pytest
from aiohttp import web

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
