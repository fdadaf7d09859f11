from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.integration.proxy.certificates import Certificates
from tests.integration.proxy.harness import Stack, running


@pytest.fixture(autouse=True)
def loggers(standard_logging: None) -> None:
    """Each stack configures the standard library's loggers."""


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    async with running() as made:
        yield made


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates.made(tmp_path_factory.mktemp("tls"))
