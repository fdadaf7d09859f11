from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.integration.proxy.certificates import Certificates
from tests.integration.proxy.harness import Stack, running


@pytest.fixture(autouse=True)
def standard_logging() -> Iterator[None]:
    """Restore the standard library's loggers, which `configure` changes."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    async with running() as made:
        yield made


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates.made(tmp_path_factory.mktemp("tls"))
