"""Several workers run under the system call restrictions of `config/systemd/shield.service`."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import socket
import sys
from pathlib import Path

import pytest

from shield.config.settings import ServerSettings
from shield.supervisor.fleet import STOP_MARGIN
from tests.integration.supervised import confine
from tests.integration.supervised.fleet import SECONDS, Load, fleet

UNIT = Path(__file__).parents[3] / "config" / "systemd" / "shield.service"
CONSOLE = "console: {{listener: {{host: 127.0.0.1, port: 0}}, directory: '{}'}}\n"

needs_seccomp = pytest.mark.skipif(
    not confine.available(), reason="systemd-analyze or libseccomp is not installed"
)


@needs_seccomp
def test_the_unit_leaves_what_it_says() -> None:
    left = confine.system_calls(UNIT)
    assert {"read", "accept4", "clone", "execve", "fdatasync", "memfd_create", "sched_setscheduler"} <= left
    assert left & {"setuid", "chown", "bpf", "mount", "ptrace", "sched_setaffinity", "setrlimit"} == set()


def hasten(pid: int) -> None:
    """Let a process that stood back run beside others, where that is permitted: no core is idle here."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(PermissionError):
            os.sched_setscheduler(int(task.name), os.SCHED_OTHER, os.sched_param(0))
            os.setpriority(os.PRIO_PROCESS, int(task.name), 0)


@needs_seccomp
async def test_all_that_workers_do_works_under_the_units_filters(tmp_path: Path) -> None:
    started_by = (sys.executable, confine.__file__, str(UNIT), sys.executable)
    systemd = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    systemd.bind(notify := str(tmp_path / "notify"))
    systemd.settimeout(0)
    async with fleet(
        tmp_path,
        model="fast",
        more=CONSOLE.format(tmp_path / "console"),
        started_by=started_by,
        NOTIFY_SOCKET=notify,
    ) as running:
        loop = asyncio.get_running_loop()
        assert await asyncio.wait_for(loop.sock_recv(systemd, 99), SECONDS) == b"READY=1"
        console = await running.line("companion_started", companion="console")
        await running.line("console_in_background")
        # If this were denied, it would still run, but at the workers' priority.
        assert os.sched_getscheduler(console["pid"]) == os.SCHED_IDLE
        hasten(console["pid"])
        await running.line("console_started")
        load = Load(running.port, lenient=True)
        load.start(4)
        await load.more(20)
        await running.line("reloaded", running.signal(signal.SIGHUP), worker="supervisor")
        since = running.signal(signal.SIGUSR2)
        with load.eased():
            await running.line("rolling_reload", since)
        await running.line("rolled", since)
        since = len(running.lines)
        os.kill(running.pid(0), signal.SIGKILL)
        await running.line("started", since, worker=0)
        await load.more(20)
        await load.stop()
        # What the supervisor reads about a worker from outside is readable.
        assert (Path("/proc") / str(running.pid(1)) / "smaps_rollup").read_text()
        assert await running.stop() == 0
        assert systemd.recv(99) == b"STOPPING=1"
        systemd.close()
        running.check(load)
        # Only of the supervisor and the workers: the console's own lines have no such label.
        wrong = [it for it in running.lines if "worker" in it and it["level"] in ("warning", "error")]
        assert [line["event"] for line in wrong] == ["worker_ended"]


def test_systemd_waits_for_as_long_as_the_supervisor_does() -> None:
    found = re.search(r"^TimeoutStopSec=(\d+)s$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    server = ServerSettings()
    assert int(found[1]) > server.drain_timeout + server.drain_idle + STOP_MARGIN


async def test_the_filters_are_in_force(tmp_path: Path) -> None:
    """Without this, the test above could pass with no filter loaded."""
    if not confine.available():
        pytest.skip("systemd-analyze or libseccomp is not installed")
    program = tmp_path / "tries.py"
    program.write_text(
        "import os, mmap, socket\n"
        "def tried(what):\n"
        "    try: what()\n"
        "    except OSError as error: return error.errno\n"
        "print(tried(lambda: os.chown('/', -1, -1)), tried(lambda: os.sched_setaffinity(0, {0})),\n"
        "      tried(lambda: mmap.mmap(-1, 4096, prot=7)), tried(lambda: socket.socket(16, 3)),\n"
        "      tried(lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))),\n"
        "      tried(lambda: os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))),\n"
        "      tried(lambda: os.setpriority(os.PRIO_PROCESS, 0, 19)))\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, confine.__file__, str(UNIT), sys.executable, str(program),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    printed, _ = await process.communicate()
    assert printed.decode().split() == ["1", "1", "1", "97", "1", "None", "None"]
