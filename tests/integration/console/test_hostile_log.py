"""Over a forged log, the console shows damaged records as damaged and still serves every page."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from shield.audit.keys import folder_name
from shield.console.soundness import sound
from shield.evidence.reading import Entry, entries
from tests.integration.console.stage import Visitor, running, write_story
from tests.unit.audit.logs import ORIGIN, reader_of
from tests.unit.evidence.hostile import hostile, write_unsigned

PAGES = ("/", "/log?kind=unreadable", "/log?kind=all", "/exceptions", "/policies", "/keys", "/canaries")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    """Records of every kind that the shield writes."""
    directory = tmp_path_factory.mktemp("told")
    asyncio.run(write_story(directory, requests_count=10))
    return list(entries(reader_of(directory)))


def test_what_the_shield_writes_is_sound(told: list[Entry]) -> None:
    assert sound(told, ORIGIN) == told


def test_every_page_is_there(told: list[Entry], tmp_path: Path) -> None:
    each = list({entry.kind: entry for entry in told}.values())
    good = [entry.raw for entry in each]
    records = [*good, *hostile(each), *good]
    write_unsigned(tmp_path / "audit", records)
    with running(tmp_path) as console:
        visitor = Visitor(console)
        assert visitor.join(console.join, "admin").status_code == 200
        for page in PAGES:
            assert visitor.get(page).status_code == 200, page
        for index in (0, len(good) + 1, len(records) // 2, len(records) - 1):
            assert visitor.get(f"/records/{folder_name(ORIGIN)}/{index}").status_code == 200, index
        deadline = time.monotonic() + 60
        while "Not verified yet" in (keys := visitor.get("/keys").text) and time.monotonic() < deadline:
            time.sleep(0.1)  # until another process has read the log
        assert "NOT VERIFIED" in keys
        assert visitor.get("/").status_code == 200
        assert "console_defect" not in console.output()
        assert "console_index_failed" not in console.output()
        visitor.close()
