"""When parts of the program die, stop or grow, nothing is lost or leaked and it recovers by itself."""

from __future__ import annotations

import json
import os
import resource
import signal
from pathlib import Path

from shield.demo.stack import free_ports
from tests.integration.supervised.fleet import ANEW, Fleet, Load, fleet
from tests.integration.test_admin_api import CALLERS, VIEWER

CLIENTS = 6


async def test_a_supervisor_that_is_killed_leaves_no_worker_and_the_next_one_goes_on(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    async with fleet(tmp_path, proxy_port=port, started_by=ANEW) as running:
        load = Load(running.port, lenient=True)
        load.start(CLIENTS)
        await load.more(50)
        os.kill(running.process.pid, signal.SIGKILL)
        with load.eased():
            await running.again()
        await load.more(50)
        await load.stop()
        load.bad = [it for it in load.bad if not it.startswith("connect: ")]  # while nothing listened
        assert await running.stop() == 0
        running.check(load)


async def test_a_worker_whose_event_loop_stands_still_is_replaced(tmp_path: Path) -> None:
    async with fleet(tmp_path, server="stall_timeout: 5s") as running:
        load = Load(running.port, lenient=True)
        load.start(CLIENTS)
        await load.more(50)
        since = len(running.lines)
        os.kill(running.pid(0), signal.SIGSTOP)
        with load.eased():
            assert (await running.line("worker_ended", since, slot=0))["reason"] == "stalled"
        await running.line("started", since, worker=0)
        await load.more(50)
        await load.stop()
        assert (
            await running.metric("shield_worker_exits_total", reason="stalled") == 1
        )  # and not its successor
        assert await running.stop() == 0
        running.check(load)


async def test_a_worker_that_does_not_run_is_told_apart_given_nothing_and_waited_for_by_nobody(
    tmp_path: Path,
) -> None:
    async with fleet(tmp_path, server="stall_timeout: 60s", more=CALLERS) as running:
        load = Load(running.port)
        load.start(CLIENTS)
        await load.more(50)
        await load.stop()
        running.credentials = f"Authorization: Bearer {VIEWER}\r\n"
        first, second = running.pid(0), running.pid(1)
        since = len(running.lines)
        os.kill(first, signal.SIGSTOP)
        await running.line("worker_silent", since, slot=0)
        assert await listed(running) == [("stalled", ["stalled"]), ("ready", [])]
        assert await running.metric("shield_workers", state="ready") == 1
        assert await running.metric("shield_workers", state="stalled") == 1
        assert (await running.page("/readyz"))[0] == 200
        load = Load(running.port, number=load.number, answered=load.answered)
        load.start(CLIENTS)
        await load.more(50)
        await load.stop()

        os.kill(second, signal.SIGSTOP)
        await running.line("worker_silent", since, slot=1)
        assert await running.page("/readyz") == (503, b'{"status":"failing","reasons":["stalled"]}')
        os.kill(second, signal.SIGCONT)
        await running.line("worker_runs_again", since, slot=1)
        assert (await running.page("/readyz"))[0] == 200

        # A reload does not wait for it: it restarts with the new configuration, whether it resumes or not.
        text = running.configuration.read_text(encoding="utf-8")
        running.configuration.write_text(text.replace("100kB", "99kB"), encoding="utf-8")
        since = running.signal(signal.SIGHUP)
        await running.line("reloaded", since, worker="supervisor")
        os.kill(first, signal.SIGCONT)
        await running.line("started", since, worker=0)
        assert running.pid(0) != first
        assert running.pid(1) == second
        assert await listed(running) == [("ready", []), ("ready", [])]
        assert await running.stop() == 0
        running.check(load)


async def test_a_worker_needs_no_more_threads_of_its_event_loop_once_it_serves(tmp_path: Path) -> None:
    """If no thread can start, libuv ends the process: at the first write, with its intent on record."""

    def of_loop(pid: int) -> int:
        names = (path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/comm"))
        return sum(name == "libuv-worker\n" for name in names)

    async with fleet(tmp_path, workers=1) as running:
        before = of_loop(running.pid(0))
        load = Load(running.port)
        load.start(CLIENTS)
        await load.more(20)
        await load.stop()
        assert of_loop(running.pid(0)) == before > 0
        assert await running.stop() == 0
        running.check(load)


async def listed(running: Fleet) -> list[tuple[str, list[str]]]:
    """State and reasons of each worker, by the admin API."""
    _, page = await running.page("/v1/status")
    return [(it["state"], it["reasons"]) for it in json.loads(page)["workers"]]


async def test_a_worker_that_holds_too_much_memory_is_replaced_without_a_lost_write(tmp_path: Path) -> None:
    async with fleet(tmp_path, server="worker_memory: 1MiB") as running:
        load = Load(running.port)
        load.start(CLIENTS)
        with load.eased():
            await running.line("worker_memory", slot=0)  # looked at every ten seconds
        assert (await running.line("worker_ended", slot=0))["reason"] == "memory"
        await load.more(100)
        await load.stop()
        assert await running.stop() == 0
        running.check(load)


async def test_a_nursery_that_is_killed_is_replaced_at_once(tmp_path: Path) -> None:
    async with fleet(tmp_path, started_by=ANEW) as running:
        load = Load(running.port, lenient=True)
        load.start(CLIENTS)
        await load.more(50)
        first = running.nursery()
        scores = [
            int(Path(f"/proc/{pid}/oom_score_adj").read_text("ascii"))
            for pid in (first, running.pid(0), running.process.pid)
        ]
        assert scores[0] == scores[1] > scores[2]  # the kernel kills what can be replaced, not the supervisor
        os.kill(first, signal.SIGKILL)
        with load.eased():
            assert (await running.line("nursery_ended"))["pid"] == first
            second = (await running.line("nursery_started"))["pid"]
        since = len(running.lines)
        os.kill(running.pid(0), signal.SIGKILL)
        await running.line("started", since, worker=0)
        since = running.signal(signal.SIGHUP)
        assert (await running.line("reloaded", since, worker="supervisor"))["level"] == "info"
        assert running.nursery() == second
        await load.more(50)
        await load.stop()
        load.bad = [it for it in load.bad if not it.startswith("connect: ")]
        assert await running.stop() == 0
        running.check(load)


async def test_a_reload_makes_a_nursery_where_none_would_start_with_the_file_of_now(tmp_path: Path) -> None:
    async with fleet(tmp_path, started_by=ANEW) as running:
        text = running.configuration.read_text(encoding="utf-8")
        running.configuration.write_text("version: [", encoding="utf-8")
        os.kill(running.nursery(), signal.SIGKILL)
        assert (await running.line("nursery_refused"))["code"] == "config_invalid"
        since = running.signal(signal.SIGHUP)
        await running.line("reload_refused", since, worker="supervisor")
        os.kill(running.pid(0), signal.SIGKILL)  # there is no configuration to start its successor with
        await running.line("nursery_refused", since)
        running.configuration.write_text(text.replace("100kB", "99kB"), encoding="utf-8")
        since = running.signal(signal.SIGHUP)
        await running.line("reloaded", since, worker="supervisor")
        await running.line("started", since, worker=0)
        assert await running.stop() == 0


async def test_a_supervisor_without_descriptors_fills_the_place_once_it_has_some(tmp_path: Path) -> None:
    async with fleet(tmp_path, started_by=ANEW) as running:
        load = Load(running.port, lenient=True)
        load.start(CLIENTS)
        await load.more(50)
        supervisor = running.process.pid
        before = resource.prlimit(supervisor, resource.RLIMIT_NOFILE)
        resource.prlimit(supervisor, resource.RLIMIT_NOFILE, (3, before[1]))  # open files stay open
        since = len(running.lines)
        os.kill(running.pid(0), signal.SIGKILL)
        await running.line("worker_not_started", since, slot=0)
        await load.more(50)
        resource.prlimit(supervisor, resource.RLIMIT_NOFILE, before)
        await running.line("started", since, worker=0)
        await load.more(50)
        await load.stop()
        assert await running.stop() == 0
        running.check(load)


async def test_a_log_that_is_gone_is_not_begun_anew_and_goes_on_where_it_is_back(tmp_path: Path) -> None:
    """As when its file system is unmounted: the returning one would hide whatever was written meanwhile."""
    async with fleet(tmp_path, workers=1) as running:
        load = Load(running.port, lenient=True)
        load.start(CLIENTS)
        await load.more(20)
        await load.stop()
        folder, away = tmp_path / "audit", tmp_path / "away"
        folder.rename(away)
        since = len(running.lines)
        os.kill(running.pid(0), signal.SIGKILL)
        ended = await running.line("worker_ended", since, slot=0, reason="audit_unavailable")
        assert ended["detail"].endswith("is no longer in its folder; mount or restore it")
        assert (await running.page("/readyz"))[0] == 503
        assert not folder.exists()
        away.rename(folder)
        await running.line("started", since, worker=0)
        load = Load(running.port, number=load.number, answered=load.answered, bad=load.bad)
        load.start(CLIENTS)
        await load.more(20)
        await load.stop()
        assert await running.stop() == 0
        running.check(load)
