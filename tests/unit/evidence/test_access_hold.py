from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from shield.audit.log import AuditLog
from shield.audit.verify import verify_log
from shield.errors import AuditUnavailableError, EvidenceError
from shield.evidence import access_hold
from shield.evidence.access import Access, Actor, Demand, at_home, record_access
from shield.evidence.access_hold import AccessHold
from shield.evidence.access_turn import Turn
from shield.evidence.reading import Entry, entries
from tests.unit.audit.logs import ORIGIN, folder_of, open_log, reader_of

WHO = Actor("maria", 1000, via="console")
LOOK = Access("console.log", filters={"route": "tickets"})


@pytest.fixture
async def directory(tmp_path: Path) -> Path:
    log = await open_log(tmp_path / "audit")
    await log.close()
    return tmp_path / "audit"


def records(directory: Path, kind: str = "access") -> list[Entry]:
    return [it for it in entries(reader_of(directory, f"{ORIGIN}/access")) if it.kind == kind]


async def test_many_accesses_are_one_opening_and_each_is_on_disk_on_return(directory: Path) -> None:
    hold = AccessHold(idle=60.0, longest=60.0)
    receipts = [await hold.record(directory, ORIGIN, WHO, LOOK)]
    assert [it.fields["action"] for it in records(directory)] == ["console.log"]
    receipts += await asyncio.gather(*(hold.record(directory, ORIGIN, WHO, LOOK) for _ in range(9)))
    found = records(directory)
    assert sorted(f"{ORIGIN}/access#{it.index}" for it in found) == sorted(receipts)
    await hold.close()
    assert len(records(directory, "boot")) == 1
    report = verify_log(reader_of(directory, f"{ORIGIN}/access"))
    assert report.ok
    assert report.signed_size == report.size
    assert at_home(directory, ORIGIN)


async def test_it_is_signed_and_let_go_when_nobody_asks_any_more(directory: Path) -> None:
    hold = AccessHold(idle=0.01, longest=60.0)
    await hold.record(directory, ORIGIN, WHO, LOOK)
    noted = await record_access(directory, [ORIGIN], WHO, LOOK, demand=Demand.REQUIRED, wait=30.0)
    assert noted.receipts
    await hold.record(directory, ORIGIN, WHO, LOOK)
    await hold.close()
    assert len(records(directory)) == 3
    assert verify_log(reader_of(directory, f"{ORIGIN}/access")).ok


async def test_who_waits_has_a_turn_though_it_is_always_in_use(directory: Path) -> None:
    hold = AccessHold(idle=60.0, longest=0.05)
    stopping = asyncio.Event()

    async def read() -> int:
        count = 0
        while not stopping.is_set():
            await hold.record(directory, ORIGIN, WHO, LOOK)
            count += 1
        return count

    reading = [asyncio.create_task(read()) for _ in range(3)]
    assert (await record_access(directory, [ORIGIN], WHO, LOOK, demand=Demand.REQUIRED, wait=60.0)).receipts
    stopping.set()
    count = sum(await asyncio.gather(*reading))
    await hold.close()
    assert len(records(directory)) == count + 1
    assert verify_log(reader_of(directory, f"{ORIGIN}/access")).ok


async def test_who_waits_comes_before_the_next_opening(directory: Path, monkeypatch) -> None:
    """However briefly the console frees the log between two openings, and however rarely the waiter asks."""
    monkeypatch.setattr(access_hold, "WAIT_SECONDS", 0.0)
    hold = AccessHold(idle=0.0)
    await hold.record(directory, ORIGIN, WHO, LOOK)
    waiting = Turn(folder_of(directory, f"{ORIGIN}/access"))
    assert waiting.take()
    await hold.close()
    hold = AccessHold()
    with pytest.raises(EvidenceError, match=r"cannot be recorded: another process"):
        await hold.record(directory, ORIGIN, WHO, LOOK)
    waiting.leave()
    assert await hold.record(directory, ORIGIN, WHO, LOOK)
    await hold.close()
    assert verify_log(reader_of(directory, f"{ORIGIN}/access")).ok


async def test_what_could_not_be_opened_is_refused_and_tried_again(directory: Path, monkeypatch) -> None:
    monkeypatch.setattr(access_hold, "WAIT_SECONDS", 0.0)
    hold = AccessHold()
    holder = await open_log(directory, origin=f"{ORIGIN}/access")
    with pytest.raises(EvidenceError, match=r"cannot be recorded: .*another process"):
        await hold.record(directory, ORIGIN, WHO, LOOK)
    await holder.close()
    assert await hold.record(directory, ORIGIN, WHO, LOOK)
    await hold.close()


async def test_a_log_that_failed_is_opened_anew(directory: Path, monkeypatch) -> None:
    hold = AccessHold(idle=60.0, longest=60.0)
    await hold.record(directory, ORIGIN, WHO, LOOK)

    async def fails(*_: object) -> int:
        raise AuditUnavailableError("ENOSPC")

    with monkeypatch.context() as patch:
        patch.setattr(AuditLog, "commit", fails)
        with pytest.raises(EvidenceError, match="ENOSPC"):
            await hold.record(directory, ORIGIN, WHO, LOOK)
    assert await hold.record(directory, ORIGIN, WHO, LOOK)
    await hold.close()
    assert len(records(directory)) == 2
