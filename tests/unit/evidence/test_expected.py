"""A worker's log that is gone is missed by the configuration of the others, without any anchor."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from shield.audit.documents import keep_documents
from shield.audit.files import OsFiles
from shield.audit.verify import verify_log
from shield.evidence.anchored import AnchorFolders, hold
from shield.evidence.reading import Period, Source
from tests.unit.audit.logs import folder_of, reader_of
from tests.unit.evidence.stories import Story, Wall, tell

INSTANCE = "shield.example"


def origin(slot: int) -> str:
    return f"{INSTANCE}/worker-{slot}"


async def write(directory: Path, slot: int, workers: object, *, clock: str = "01:00:00") -> None:
    """One run of a worker under a configuration with so many workers, whose text lies beside the log."""
    text = json.dumps({"audit": {"origin": INSTANCE}, "server": {"workers": workers}}).encode()
    digest = f"sha256:{sha256(text).hexdigest()}"

    def acts(story: Story) -> None:
        story.config("start", None, digest)
        story.request()

    await tell(directory, acts, wall=Wall(clock), origin=origin(slot))
    keep_documents(OsFiles(), folder_of(directory, origin(slot)), {digest: text})


def missed(directory: Path, *slots: int) -> tuple[str, ...]:
    sources = [Source(origin(slot), reader_of(directory, origin(slot))) for slot in slots]
    reports = {source.origin: verify_log(source.reader) for source in sources}
    return hold(sources, reports, AnchorFolders(), Period(), whole=True).problems


async def test_a_workers_log_that_is_gone_is_missed_by_the_configuration_of_another(tmp_path: Path) -> None:
    for slot in range(3):
        await write(tmp_path, slot, 3)
    assert missed(tmp_path, 0, 1, 2) == ()
    shutil.rmtree(folder_of(tmp_path, origin(1)))
    assert missed(tmp_path, 0, 2) == (
        f"the log {origin(1)} is missing: record 2 of {origin(0)} is of 3 workers",
    )


async def test_the_configuration_that_was_in_force_last_decides(tmp_path: Path) -> None:
    await write(tmp_path, 0, 4)
    await write(tmp_path, 0, 1, clock="02:00:00")
    assert missed(tmp_path, 0) == ()


@pytest.mark.parametrize("workers", ["auto", None, 0, True, 10**9, [2]])
async def test_a_number_that_is_not_configured_asks_for_none(tmp_path: Path, workers: object) -> None:
    await write(tmp_path, 0, workers)
    assert missed(tmp_path, 0) == ()


async def test_a_text_that_is_gone_asks_for_none(tmp_path: Path) -> None:
    await write(tmp_path, 0, 2)
    shutil.rmtree(folder_of(tmp_path, origin(0)) / "documents")
    assert missed(tmp_path, 0) == ()
