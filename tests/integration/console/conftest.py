from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.console.stage import Running, Visitor, people, prepared, running


@pytest.fixture(scope="package")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(prepared(tmp_path_factory.mktemp("console"))) as started:
        yield started


@pytest.fixture(scope="package")
def visitors(console: Running) -> Iterator[dict[str, Visitor]]:
    found = people(console)
    yield found
    for visitor in found.values():
        visitor.close()
