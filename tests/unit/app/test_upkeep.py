"""The running proxy's upkeep duties are each done when due, and none stops another."""

from __future__ import annotations

import io
import json
from pathlib import Path

from shield.app.upkeep import RETENTION_SECONDS, UpkeepLoop
from shield.audit.files import OsFiles
from shield.audit.log import AuditLog
from shield.audit.orders import Action, Order, Orders
from shield.audit.upkeep import Upkeep
from shield.config.settings import LoggingSettings
from shield.telemetry.logging import configure
from tests.unit.audit.logs import ORIGIN, Clock, open_log, seeded

DAY = 86_400 * 10**9


class Bench:
    """A log, its duties, and clocks that the test sets."""

    def __init__(self, directory: Path, log: AuditLog, clock: Clock) -> None:
        self.seconds = 0.0
        self.output = io.StringIO()
        self.orders = Orders(OsFiles(), directory, ORIGIN)
        logger = configure(LoggingSettings(), self.output)
        upkeep = Upkeep(log, clock, seeded(4).randbytes)
        self.loop = UpkeepLoop(upkeep, self.orders, logger, lambda: self.seconds)

    def events(self) -> list[str]:
        return [json.loads(line)["event"] for line in self.output.getvalue().splitlines()]


async def test_orders_are_carried_out_and_answered(tmp_path):
    log = await open_log(tmp_path)
    bench = Bench(tmp_path, log, Clock())
    name = bench.orders.leave(Order(Action.HOLD, {"name": "case-17", "reason": "r", "approver": "a"}))
    await bench.loop.look()
    answer = bench.orders.take_answer(name)
    assert answer is not None
    assert answer.ok
    assert bench.events() == ["audit_order", "audit_duty_refused"]  # and the hold blocks pruning
    await log.close()


async def test_an_order_that_was_taken_back_in_the_last_moment_is_not_carried_out(tmp_path, monkeypatch):
    log = await open_log(tmp_path)
    bench = Bench(tmp_path, log, Clock())
    name = bench.orders.leave(Order(Action.HOLD, {"name": "case-17", "reason": "r", "approver": "a"}))
    waiting = bench.orders.waiting()
    bench.orders.take_back(name)
    monkeypatch.setattr(bench.orders, "waiting", lambda: waiting)
    await bench.loop.look()
    assert bench.events() == []
    assert bench.orders.take_answer(name) is None
    await log.close()


async def test_the_digest_key_is_renewed_at_its_boundary_and_pruning_is_hourly(tmp_path):
    clock = Clock()
    log = await open_log(tmp_path, clock=clock)
    bench = Bench(tmp_path, log, clock)
    before = log.digest_key_id
    await bench.loop.look()
    assert log.digest_key_id == before
    clock.now += 40 * DAY
    await bench.loop.look()
    assert log.digest_key_id != before
    (tmp_path / "shield.example+worker-0" / "holds").write_bytes(b"{\n")
    await bench.loop.look()
    assert bench.events() == []  # pruning is not due
    bench.seconds += RETENTION_SECONDS
    await bench.loop.look()
    assert bench.events() == ["audit_duty_failed"]
    await log.close()


async def test_a_duty_that_fails_stops_no_other(tmp_path):
    clock = Clock()
    log = await open_log(tmp_path, clock=clock)
    bench = Bench(tmp_path, log, clock)
    (tmp_path / "orders").write_text("a file, where a folder should be")
    clock.now += 40 * DAY
    before = log.digest_key_id
    await bench.loop.look()
    assert log.digest_key_id != before
    await bench.loop.stop()
    bench.loop.start()
    await bench.loop.stop()
    await bench.loop.stop()
    await log.close()
