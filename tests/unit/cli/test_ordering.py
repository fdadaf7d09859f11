"""Orders for a log that another process, which reads no orders, briefly holds to write a record."""

from __future__ import annotations

import asyncio
import fcntl
import os
import threading
from pathlib import Path
from types import SimpleNamespace

from click.testing import CliRunner

from shield.audit.files import OsFiles
from shield.audit.orders import ORDERS_FOLDER, Action, Answer, Order, Orders
from shield.cli import ordering
from shield.cli.main import cli
from shield.config.settings_audit import AuditSettings
from shield.errors import AuditCorruptError
from tests.unit.audit.logs import ORIGIN, folder_of, make_log


def test_it_is_done_here_once_the_log_is_free(tmp_path: Path) -> None:
    asyncio.run(make_log(tmp_path, 5))
    asyncio.run(make_log(tmp_path, 5, origin=f"{ORIGIN}/register", seed=2))
    folder = folder_of(tmp_path, f"{ORIGIN}/register")
    held = os.open(folder, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    orders = tmp_path / ORDERS_FOLDER / folder.name

    def let_go() -> None:
        while not (orders.is_dir() and any(orders.iterdir())):
            pass
        os.close(held)

    other = threading.Thread(target=let_go)
    other.start()
    words = ["--reason", "litigation", "--approver", "legal", "--access", "off"]
    done = CliRunner().invoke(cli, ["audit", "hold", "case-17", str(tmp_path), *words])
    other.join()
    assert done.exit_code == 0, done.output
    assert f"{ORIGIN}/register: the hold case-17 is in place" in done.output
    assert (folder / "holds").read_text().count("case-17") == 1
    assert list(orders.iterdir()) == []


def test_nobody_waits_for_ever(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(ordering, "WAIT_SECONDS", 0.05)
    asyncio.run(make_log(tmp_path, 5))
    held = os.open(folder_of(tmp_path), os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    words = ["--reason", "litigation", "--approver", "legal", "--access", "off"]
    done = CliRunner().invoke(cli, ["audit", "hold", "case-17", str(tmp_path), *words])
    os.close(held)
    assert done.exit_code == 1
    assert "did not answer" in done.output
    assert list((tmp_path / ORDERS_FOLDER / folder_of(tmp_path).name).iterdir()) == []


def test_an_order_that_is_said_to_have_failed_is_not_left_to_be_done_later(
    tmp_path: Path, monkeypatch
) -> None:
    """As where the log is free for a moment, and needs a key that the command was not told."""
    asyncio.run(make_log(tmp_path, 5))
    answers = iter([None, AuditCorruptError("the key is not the log's")])

    async def opened(_: object) -> None:
        error = next(answers)
        if error is not None:
            raise error

    monkeypatch.setattr(ordering, "_opened", opened)
    words = ["--reason", "litigation", "--approver", "legal", "--access", "off"]
    done = CliRunner().invoke(cli, ["audit", "hold", "case-17", str(tmp_path), *words])
    assert done.exit_code != 0
    assert list((tmp_path / ORDERS_FOLDER / folder_of(tmp_path).name).iterdir()) == []


def test_an_order_that_was_answered_is_done_once(tmp_path: Path) -> None:
    """Also where the one who carried it out ended before it removed it."""
    orders = Orders(OsFiles(), tmp_path, ORIGIN)
    settings = AuditSettings(tmp_path, ORIGIN)
    asyncio.run(make_log(tmp_path, 5))

    async def ask() -> Answer:
        asking = asyncio.create_task(ordering._ask(settings, Order(Action.ROTATE, {"approver": "legal"})))
        while not orders.waiting():
            await asyncio.sleep(0)
        ((name, _),) = orders.waiting()
        path = tmp_path / ORDERS_FOLDER / folder_of(tmp_path).name / f"{name}.done"
        path.write_text('{"ok": true, "text": "rotated"}')
        return await asking

    held = os.open(folder_of(tmp_path), os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    assert asyncio.run(ask()) == Answer(ok=True, text="rotated")
    os.close(held)
    assert orders.waiting() == []


def test_an_order_that_was_begun_is_waited_for_and_told_of(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(ordering, "WAIT_SECONDS", 0.0)
    monkeypatch.setattr(ordering, "_POLL", 0.0)
    orders = Orders(OsFiles(), tmp_path, ORIGIN)
    asyncio.run(make_log(tmp_path, 5))
    words = iter(["looking for records", "removing files"])

    def told(name: str) -> str | None:
        text = next(words, None)
        if text is None:
            orders.begin(name)
            orders.answer(name, Answer(ok=True, text="pruned 512 records"))
        return text

    times = iter([0.0, -1.0])  # the time is over once the order was begun
    monkeypatch.setattr(ordering, "time", SimpleNamespace(monotonic=lambda: next(times)))
    monkeypatch.setattr(Orders, "told", lambda _, name: told(name))
    held = os.open(folder_of(tmp_path), os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    answer = asyncio.run(
        ordering._ask(AuditSettings(tmp_path, ORIGIN), Order(Action.PRUNE, {"approver": "legal"}))
    )
    os.close(held)
    assert answer == Answer(ok=True, text="pruned 512 records")
    assert capsys.readouterr().err == f"{ORIGIN}: looking for records\n{ORIGIN}: removing files\n"


def test_an_order_whose_process_ended_in_the_middle_is_not_done_twice(tmp_path: Path, monkeypatch) -> None:
    asyncio.run(make_log(tmp_path, 5))
    orders = Orders(OsFiles(), tmp_path, ORIGIN)
    left = Orders.leave

    def leave(self: Orders, order: Order) -> str:
        name = left(self, order)
        self.begin(name)
        return name

    monkeypatch.setattr(Orders, "leave", leave)
    answer = asyncio.run(
        ordering._ask(AuditSettings(tmp_path, ORIGIN), Order(Action.ROTATE, {"approver": "legal"}))
    )
    assert not answer.ok
    assert "ended while it carried this out" in answer.text
    assert orders.waiting() == []
    assert list((tmp_path / ORDERS_FOLDER / folder_of(tmp_path).name).iterdir()) == []
