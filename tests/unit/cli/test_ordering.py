"""Orders for a log that another process has for the moment of a record, and that looks for none."""

from __future__ import annotations

import asyncio
import fcntl
import os
import threading
from pathlib import Path

from click.testing import CliRunner

from shield.audit.orders import ORDERS_FOLDER
from shield.cli import ordering
from shield.cli.main import cli
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
