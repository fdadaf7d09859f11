from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from shield.audit.record import Draft, Kind
from shield.evidence.exceptions import find_exceptions
from shield.evidence.reading import Source, entries
from shield.evidence.register import acknowledge
from tests.unit.audit.logs import ORIGIN
from tests.unit.evidence.stories import Story, source_of, tell

REGISTER = f"{ORIGIN}/register"


def acts(story: Story) -> None:
    story.config("start", None, "sha256:c0")
    story.beat()
    for second in range(6):
        story.wall.set(f"00:00:{second:02d}")
        story.request()
    story.request(result="upstream_reset", status=None)
    story.observe()
    story.bypass()
    story.reject("policy_blocked", 422, blocked=True)
    story.reject("body_malformed", 400)
    story.config("reload", "sha256:c0", "sha256:c1")
    story.config("refused", "sha256:c1", None)
    story.log.append(Draft(Kind.CANARY, {"secret_of_a_later_version": "maria@example.com"}))
    story.beat()


def write_logs(directory: Path) -> None:
    asyncio.run(tell(directory, acts))
    source = source_of(directory)
    first = next(find_exceptions(source.origin, entries(source.reader)))
    words = {"owner": "platform@example.com", "ticket": "OPS-17", "note": "seen"}
    asyncio.run(acknowledge(directory, ORIGIN, [first], **words, resolve=False, inspect=lambda _: ()))


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    write_logs(tmp_path / "audit")
    return tmp_path / "audit"


def sources(directory: Path) -> list[Source]:
    return [source_of(directory, origin) for origin in (ORIGIN, REGISTER)]
