"""Where access records are written, where they never are, and what they hold."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from shield.audit.files import FolderReader
from shield.audit.orders import Action, Order, Orders
from shield.audit.owner_files import owners_files
from shield.audit.verify import verify_log
from shield.errors import AuditUnavailableError, EvidenceError
from shield.evidence import access
from shield.evidence.access import WITHHELD, Access, Actor, Demand, at_home, process_actor, record_access
from shield.evidence.access_turn import Turn
from shield.evidence.reading import Entry, Period, base_origin, entries
from tests.unit.audit.logs import ORIGIN, folder_of, open_log, reader_of
from tests.unit.evidence.stories import Story, Wall, at, tell

WHO = Actor("auditor", 1007, login="maria", name="Maria Example", via="console", host="audit-1")
LOOK = Access("audit.show", Period(at("00:00:00"), None), {"route": "tickets", "kind": ("gap", "bypass")})


@pytest.fixture
async def directory(tmp_path: Path) -> Path:
    await tell(tmp_path / "audit", Story.beat)
    return tmp_path / "audit"


def records(directory: Path, origin: str = ORIGIN) -> list[Entry]:
    found = entries(reader_of(directory, f"{origin}/access"))
    return [entry for entry in found if entry.kind == "access"]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


async def demand(directory: Path, what: Access = LOOK, **options: object) -> access.Noted:
    return await record_access(directory, [ORIGIN], WHO, what, demand=Demand.REQUIRED, **options)  # type: ignore[arg-type]


async def test_a_record_says_who_what_and_over_what(directory: Path) -> None:
    noted = await demand(directory, clock=Wall("00:10:00"))
    (entry,) = records(directory)
    assert noted.receipts == (f"{ORIGIN}/access#{entry.index}",)
    assert noted.note == ""
    assert {name: entry.fields[name] for name in list(entry.fields)[5:]} == {
        "action": "audit.show",
        "user": "auditor",
        "uid": 1007,
        "login": "maria",
        "name": "Maria Example",
        "via": "console",
        "host": "audit-1",
        "log": ORIGIN,
        "from": at("00:00:00"),
        "to": None,
        "filters": {"route": ["tickets"], "kind": ["gap", "bypass"]},
    }
    assert entry.time == at("00:10:00")
    assert verify_log(reader_of(directory, f"{ORIGIN}/access")).ok


async def test_once_at_home_accesses_are_recorded_without_being_demanded(directory: Path) -> None:
    await demand(directory)
    noted = await record_access(directory, [ORIGIN, f"{ORIGIN}/register"], WHO, LOOK)
    assert len(noted.receipts) == 1  # the register's readers are recorded with those of its log
    assert len(records(directory)) == 2


async def test_a_folder_that_is_nobodys_home_is_left_as_it_is(directory: Path) -> None:
    before = contents(directory)
    noted = await record_access(directory, [ORIGIN], WHO, LOOK)
    assert noted.receipts == ()
    assert noted.note == "this folder is a copy, not where the log is written"
    assert contents(directory) == before


@pytest.mark.parametrize("left_out", [(), ("keys",)])
async def test_a_copy_is_left_as_it_is(directory: Path, tmp_path: Path, left_out: tuple[str, ...]) -> None:
    await demand(directory)
    copy = tmp_path / "copy"
    shutil.copytree(directory, copy, ignore=shutil.ignore_patterns(*left_out))
    before = contents(copy)
    assert not at_home(copy, ORIGIN)
    assert (await record_access(copy, [ORIGIN], WHO, LOOK)).note
    assert contents(copy) == before


async def test_a_copy_without_keys_cannot_be_made_to_hold_records(directory: Path, tmp_path: Path) -> None:
    await demand(directory)
    copy = tmp_path / "copy"
    shutil.copytree(directory, copy, ignore=shutil.ignore_patterns("keys"))
    with pytest.raises(EvidenceError, match=r"its signing key .* is missing; restore it"):
        await demand(copy)


async def test_a_reader_who_may_not_write_is_told_and_goes_on(directory: Path, monkeypatch) -> None:
    await demand(directory)

    def denied(*_: object) -> bool:
        raise PermissionError(13, "denied")

    monkeypatch.setattr(access, "at_home", denied)
    noted = await record_access(directory, [ORIGIN], WHO, LOOK)
    assert noted.note == os.strerror(13)


async def test_a_demanded_record_that_cannot_be_made_is_an_error(directory: Path) -> None:
    (directory / "keys").chmod(0o700)
    await demand(directory)
    path = next((directory / "keys").glob("*access.signing.pem"))
    path.chmod(0o644)
    with pytest.raises(EvidenceError, match=r"cannot be recorded: .*chmod 600"):
        await demand(directory)


async def test_who_comes_second_waits(directory: Path) -> None:
    holder = await open_log(directory, origin=f"{ORIGIN}/access")
    waiting = asyncio.create_task(demand(directory, wait=30.0))
    with pytest.raises(EvidenceError, match="another process"):
        await demand(directory, wait=0.0)
    await holder.close()
    assert (await waiting).receipts


async def test_an_access_is_not_shown_unrecorded_because_the_log_is_busy(directory: Path) -> None:
    await demand(directory)
    holder = await open_log(directory, origin=f"{ORIGIN}/access")
    with pytest.raises(EvidenceError, match=r"cannot be recorded now: another process"):
        await record_access(directory, [ORIGIN], WHO, LOOK, wait=0.0)
    await holder.close()
    assert (await record_access(directory, [ORIGIN], WHO, LOOK, wait=0.0)).receipts
    assert verify_log(reader_of(directory, f"{ORIGIN}/access")).ok


async def test_a_turn_is_one_processes_at_a_time_and_ends_with_it(directory: Path) -> None:
    first, second = Turn(folder_of(directory)), Turn(folder_of(directory))
    assert first.take()
    assert first.take()
    assert not second.take()
    first.leave()
    assert second.take()
    second.leave()
    nobodys = Turn(directory / "nothing")
    assert nobodys.take()
    nobodys.leave()


async def test_many_at_once_are_all_recorded(directory: Path) -> None:
    await asyncio.gather(*(demand(directory, wait=30.0) for _ in range(5)))
    assert len(records(directory)) == 5
    assert verify_log(reader_of(directory, f"{ORIGIN}/access")).ok


async def test_off_is_off(directory: Path) -> None:
    before = contents(directory)
    assert await record_access(directory, [ORIGIN], WHO, LOOK, demand=Demand.OFF) == access.Noted()
    assert contents(directory) == before


@pytest.mark.parametrize(
    "value",
    ["maria@example.com", "4111111111111111", "Maria Example", "x" * 201, "call 555-0132", "a\nb", "ж"],
)
async def test_what_looks_like_no_name_is_withheld(directory: Path, value: str) -> None:
    await demand(directory, Access("audit.show", filters={"route": value}))
    assert records(directory)[-1].fields["filters"] == {"route": [WITHHELD]}


async def test_names_and_ids_are_kept(directory: Path) -> None:
    values = ("CREDIT_CARD", f"{ORIGIN}#12345", "0123456789" * 3 + "ab", "decision,route", "tickets-v2")
    await demand(directory, Access("audit.show", filters={"any": values}))
    assert records(directory)[-1].fields["filters"] == {"any": [*values[:3], WITHHELD, values[4]]}


async def test_a_long_list_is_cut_and_says_so(directory: Path) -> None:
    await demand(directory, Access("x", filters={"id": ["a"] * 103}))
    assert records(directory)[-1].fields["filters"]["id"][-2:] == ["a", "and 3 more"]


async def test_a_failing_access_log_is_said(directory: Path, monkeypatch) -> None:
    await demand(directory)

    async def fails(*_: object, **__: object) -> None:
        raise AuditUnavailableError("the log cannot be opened: ENOSPC")

    monkeypatch.setattr(access.AuditLog, "open", fails)
    noted = await record_access(directory, [ORIGIN], WHO, LOOK)
    assert noted.note == "the log cannot be opened: ENOSPC"


def test_the_actor_of_this_process_is_its_user() -> None:
    actor = process_actor("Maria")
    assert (actor.uid, actor.name, actor.via) == (os.getuid(), "Maria", "cli")
    assert actor.user
    assert actor.host


@pytest.mark.parametrize("name", ["a\nb", "x" * 101])
def test_a_name_is_one_short_line(name: str) -> None:
    with pytest.raises(EvidenceError):
        process_actor(name)


@pytest.mark.parametrize("suffix", ["", "/register", "/access", "/access/register"])
def test_the_log_that_a_log_is_about(suffix: str) -> None:
    assert base_origin(ORIGIN + suffix) == ORIGIN


OWNER = 4321
of_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can write as somebody else")


@pytest.fixture
def owned() -> Iterator[Path]:
    """A folder of logs of another user, whom the folders above let pass."""
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch).chmod(0o755)
        asyncio.run(tell(Path(scratch) / "audit", Story.beat))
        asyncio.run(demand(Path(scratch) / "audit"))
        for path in (Path(scratch) / "audit", *Path(scratch).rglob("*")):
            os.chown(path, OWNER, OWNER)
        yield Path(scratch) / "audit"


@of_root
def test_what_root_records_stays_the_owners(owned: Path) -> None:
    asyncio.run(demand(owned))
    assert {(path.stat().st_uid, path.stat().st_gid) for path in owned.rglob("*")} == {(OWNER, OWNER)}
    assert len(records(owned)) == 2


@of_root
def test_the_owner_need_not_be_able_to_reach_the_folder(owned: Path) -> None:
    """As with systemd's `DynamicUser`, whose state is below /var/lib/private."""
    owned.parent.chmod(0o700)
    asyncio.run(demand(owned))
    assert {(path.stat().st_uid, path.stat().st_gid) for path in owned.rglob("*")} == {(OWNER, OWNER)}
    assert len(records(owned)) == 2
    order = Order(Action.ROTATE, {"approver": "ciso@example.com"})
    Orders(owners_files(owned), owned, ORIGIN).leave(order)
    assert [path.stat().st_uid for path in (owned / "orders").rglob("*.json")] == [OWNER]


@of_root
def test_whoever_has_the_folder_gets_nothing_of_roots_by_a_link(owned: Path, tmp_path: Path) -> None:
    """The owner of the folder plants links where root's command is about to create files."""
    log = folder_of(owned, f"{ORIGIN}/access")
    secret = tmp_path / "shadow"
    secret.write_text("root's own")
    size = len(list(entries(FolderReader(log))))
    for number in range(size, size + 9):
        (log / "tile" / "0" / "000.p" / f"{number}.tmp").symlink_to(secret)
    with pytest.raises(EvidenceError):
        asyncio.run(demand(owned))
    assert (secret.read_text(), secret.stat().st_uid) == ("root's own", 0)


@of_root
def test_an_order_of_roots_can_be_read_by_the_owner_and_leads_nowhere_else(
    owned: Path, tmp_path: Path
) -> None:
    def leave() -> None:
        Orders(owners_files(owned), owned, ORIGIN).leave(
            Order(Action.ROTATE, {"approver": "ciso@example.com"})
        )

    leave()
    (order,) = (owned / "orders").rglob("*.json")
    assert order.stat().st_uid == OWNER
    shutil.rmtree(order.parent)
    order.parent.symlink_to(tmp_path)
    with pytest.raises(PermissionError):
        leave()
    assert not list(tmp_path.iterdir())
