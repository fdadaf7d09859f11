# ruff: noqa: INP001, T201, S603, S607  a script: it prints, and runs systemd
"""Boot a real systemd, install the unit as docs/operations.md says, and test what is said about it.

    python scripts/boot_unit.py [--keep]

systemd-nspawn (root, Debian's `systemd-container`) boots the host's /usr, read-only, as a machine without a
network; /opt/shield/bin/shield runs this checkout there, with the packages of the current environment. All
commands that docs/operations.md tells newcomers to type are run, except the three that fill /opt/shield. A
small upstream keeps what reaches it, and clients write all the while.

Exit code 0 when all holds, 3 where such a machine cannot be booted here. `--keep` leaves its folder.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import http.client
import http.server
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
UNIT = "shield.service"
SECONDS = 120.0
PLANTED = ("4111111111111111", "maria.planted@example.com", "536-22-1234")
CLIENTS = 3
PAUSE = 0.1
"""Seconds that a client waits between two writes: this tests the unit, not the speed."""
GROUPS = Path("/sys/fs/cgroup")
LIMITED = ("memory", "pids", "cpu")
WRITABLE = re.compile(
    r"/(var/lib/shield|var/cache/shield|tmp|var/tmp|dev|dev/pts|dev/hugepages|proc|run/host/.*)"
)
"""Mounts that may be writable to a service: its folders, its own temporary ones, devices, /proc; and what
systemd-nspawn puts into /run/host."""
NETWORK = 0x40000000


class UnitError(Exception):
    """Something is not as docs/operations.md says."""


class Upstream(http.server.BaseHTTPRequestHandler):
    """Answers 201 to every POST; the server keeps what came."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append(body)  # type: ignore[attr-defined]  # set by who makes the server
        self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        """Keep quiet."""


class Server(http.server.ThreadingHTTPServer):
    """The upstream, in the machine's network."""

    daemon_threads = True

    def __init__(self, received: list[bytes]) -> None:
        super().__init__(("127.0.0.1", 8081), Upstream)
        self.received = received
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore errors: broken connections are part of the test."""


class Clients:
    """Sends writes with planted values, one after the other, each numbered and on a connection of its own."""

    def __init__(self) -> None:
        self.answered: set[int] = set()
        self.failed: list[str] = []
        self._number = 0
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(CLIENTS)]
        for thread in self._threads:
            thread.start()

    def _run(self) -> None:
        while not self._ending.wait(PAUSE):
            with self._lock:
                self._number += 1
                number = self._number
            text = f"Card {PLANTED[0]}, {PLANTED[1]}, SSN {PLANTED[2]}."
            try:
                status = post(json.dumps({"n": number, "text": text}))
            except (OSError, http.client.HTTPException) as error:
                self.failed.append(type(error).__name__)
                continue
            if status == http.HTTPStatus.CREATED:
                self.answered.add(number)
            else:
                self.failed.append(str(status))

    def more(self, count: int) -> None:
        """Return when `count` more writes have been answered."""
        goal = len(self.answered) + count
        until(f"{count} writes", lambda: len(self.answered) >= goal)

    def end(self) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()


def post(body: str) -> int:
    """Send one write; return its status."""
    connection = http.client.HTTPConnection("127.0.0.1", 8080, timeout=60)
    with contextlib.closing(connection):
        connection.request("POST", "/api/tickets", body, {"Content-Type": "application/json"})
        return connection.getresponse().status


def ready() -> bool:
    """Whether `/readyz` is 200."""
    connection = http.client.HTTPConnection("127.0.0.1", 9090, timeout=10)
    with contextlib.closing(connection):
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False


def until(what: str, holds: Callable[[], object]) -> None:
    """Poll until `holds` is true. Raises UnitError."""
    end = time.monotonic() + SECONDS
    while not holds():
        if time.monotonic() > end:
            raise UnitError(f"not within {SECONDS:.0f} s: {what}")
        time.sleep(0.1)


class Machine:
    """A folder that systemd-nspawn boots; its /var and /etc survive a power cut."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "root"
        self._process: subprocess.Popen[bytes] | None = None
        self._leader = 0
        self._home = os.open("/proc/self/ns/net", os.O_RDONLY)

    def fill(self) -> None:
        """Create what a root needs besides /usr, and the program."""
        for name in (
            "etc",
            "usr",
            "var",
            "src",
            "opt/site",
            "opt/python",
            "opt/shield/bin",
            "etc/systemd/system",
        ):
            (self.root / name).mkdir(parents=True)
        for name in ("bin", "sbin", "lib", "lib64"):
            (self.root / name).symlink_to(f"usr/{name}")
        etc = self.root / "etc"
        (etc / "passwd").write_text(
            "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/usr/sbin/nologin\n"
        )
        (etc / "group").write_text("root:x:0:\nnogroup:x:65534:\n")
        (etc / "hosts").write_text("127.0.0.1 localhost\n")
        (etc / "machine-id").touch()
        for name in ("os-release", "ld.so.cache", "login.defs", "nsswitch.conf", "services", "protocols"):
            if Path("/etc", name).exists():
                shutil.copy(f"/etc/{name}", etc / name)
        program = self.root / "opt/shield/bin/shield"
        python = f"python{sys.version_info.major}.{sys.version_info.minor}"
        program.write_text(
            "#!/bin/sh\nexport PYTHONPATH=/src:/opt/site PYTHONDONTWRITEBYTECODE=1\n"
            "export LD_LIBRARY_PATH=/opt/python/lib\n"
            f'exec /opt/python/bin/{python} -m shield "$@"\n'
        )
        program.chmod(0o755)

    def boot(self) -> None:
        """Start it; returns when systemd runs. Raises UnitError."""
        site = next(path for path in sys.path if path.endswith("site-packages"))
        command = [
            "systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit", "--private-network",
            "--console=read-only", f"--directory={self.root}", f"--machine=shield-{os.getpid()}",
            "--bind-ro=/usr", f"--bind-ro={PROJECT}:/src", f"--bind-ro={site}:/opt/site",
            f"--bind-ro={sys.base_prefix}:/opt/python",
        ]  # fmt: skip
        groups = [GROUPS / name / f"shield-{os.getpid()}" for name in LIMITED if (GROUPS / name).is_dir()]
        for group in groups:
            group.mkdir(exist_ok=True)
        joined = "".join(f"echo $$ > {shlex.quote(str(group))}/cgroup.procs; " for group in groups)
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", f"{joined}exec {shlex.join(command)}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            env={**os.environ, "SYSTEMD_NSPAWN_LOCK": "0"},
        )  # fmt: skip
        started = self._process
        until("a first process in the machine", lambda: self._find_leader(started))
        until("systemd", lambda: self.run("systemctl is-system-running --wait", check=False)[0] == 0)
        if (
            groups
        ):  # control groups v1: mounted read-only by systemd-nspawn, and this one is the machine's own
            remounted = "; ".join(f"mount -o remount,bind,rw {GROUPS}/{name}" for name in LIMITED)
            self.run(f"{remounted}; systemctl daemon-reexec")
        network = os.open(f"/proc/{self._leader}/ns/net", os.O_RDONLY)
        enter(network)
        os.close(network)

    def _find_leader(self, started: subprocess.Popen[bytes]) -> bool:
        if started.poll() is not None:
            raise UnitError("systemd-nspawn ended")
        children = Path(f"/proc/{started.pid}/task/{started.pid}/children").read_text().split()
        self._leader = int(children[0]) if children else 0
        return self._leader > 0

    def run(self, command: str, *, check: bool = True) -> tuple[int, str]:
        """Exit code and output of a shell command in the machine. With `check` a failure raises UnitError."""
        done = subprocess.run(
            ["nsenter", f"--target={self._leader}", "--all", "--", "env", "-i",
             "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "/bin/sh", "-ec", command],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False,
        )  # fmt: skip
        if check and done.returncode:
            raise UnitError(f"{command}: exit code {done.returncode}\n{done.stdout}{self.journal()[-3000:]}")
        return done.returncode, done.stdout.strip()

    def journal(self) -> str:
        """All that the unit's processes logged, and systemd about it."""
        return self.run(f"journalctl --no-pager -o cat -u {UNIT}", check=False)[1]

    def shown(self, name: str) -> str:
        return self.run(f"systemctl show --value -p {name} {UNIT}")[1]

    def processes(self) -> list[int]:
        """The unit's processes, by their ids on the host."""
        group, machine = self.shown("ControlGroup"), Path(f"/proc/{self._leader}/ns/pid").readlink()
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):  # it ended meanwhile
                if (process / "ns/pid").readlink() == machine and group in (process / "cgroup").read_text():
                    found.append(int(process.name))
        return found

    def cut_power(self) -> None:
        """End everything at once, like a power failure."""
        if self._process is not None:
            enter(self._home)
            if self._process.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self._leader, signal.SIGKILL)
                self._process.wait(SECONDS)
            self._process = None

    def clear(self) -> None:
        """Remove everything but the folder."""
        self.cut_power()
        for name in LIMITED:
            for group in sorted((GROUPS / name / f"shield-{os.getpid()}").glob("**/"), reverse=True):
                with contextlib.suppress(OSError):
                    group.rmdir()


def enter(network: int) -> None:
    """Move this thread, and those that it starts, into that network namespace."""
    if ctypes.CDLL(None, use_errno=True).setns(network, NETWORK):
        raise UnitError(f"setns: {os.strerror(ctypes.get_errno())}")


def documented() -> Iterator[str]:
    """The commands that docs/operations.md tells newcomers to type, except those that fill /opt/shield."""
    text = (PROJECT / "docs/operations.md").read_text(encoding="utf-8")
    block = text.split("### Under systemd", 1)[1].split("```sh\n", 1)[1].split("```", 1)[0]
    for line in block.splitlines():
        if "pip install" not in line and "-m venv" not in line:
            yield line


def confined(machine: Machine) -> None:
    """Check that each process has no privileges and can write only where the unit says."""
    pids = machine.processes()
    for pid in pids:
        status = Path(f"/proc/{pid}/status").read_text()
        for wanted in (
            "NoNewPrivs:\t1",
            "Seccomp:\t2",
            "CapEff:\t0000000000000000",
            "CapBnd:\t0000000000000000",
        ):
            if wanted not in status:
                raise UnitError(f"a process of the unit has not {wanted!r}:\n{status}")
        if re.search(r"^Uid:.*\b0\b", status, re.MULTILINE):
            raise UnitError("a process of the unit runs as root")
        limits = Path(f"/proc/{pid}/limits").read_text()
        if not re.search(r"Max core file size +0 +0 ", limits):
            raise UnitError("a process of the unit may leave a core")
        for line in Path(f"/proc/{pid}/mountinfo").read_text().splitlines():
            place, options = line.split()[4:6]
            if "rw" in options.split(",") and not WRITABLE.fullmatch(place):
                raise UnitError(f"{place} is writable")
    print(f"ok: {len(pids)} processes, none with a privilege, each on a read-only file system", flush=True)


def drop_in(machine: Machine, text: str) -> None:
    """Override settings of the unit; an empty text restores it."""
    folder = machine.root / f"etc/systemd/system/{UNIT}.d"
    folder.mkdir(exist_ok=True)
    (folder / "tried.conf").write_text(text)
    machine.run("systemctl daemon-reload")


def line_of(machine: Machine, event: str) -> None:
    """Wait for a line with that event in the journal."""
    until(f"the line {event}", lambda: f'"event":"{event}"' in machine.journal())


def back(machine: Machine, restarts: int) -> None:
    """Wait until systemd has restarted it and it takes traffic."""
    until("a new start", lambda: int(machine.shown("NRestarts")) > restarts)
    until("ready again", lambda: machine.shown("ActiveState") == "active" and ready())


def tried(machine: Machine, server: Server) -> None:
    """Test all that is said about the unit; raises UnitError at the first failure."""
    configuration = machine.root / "etc/shield/shield.yaml"
    for line in documented():
        machine.run(f"cd /src; {line}")
    if not ready():
        raise UnitError("`systemctl enable --now` returned before it took traffic")
    print("ok: installed and started as documented; ready when `systemctl` returns", flush=True)
    text = configuration.read_text()
    configuration.write_text(text.replace("server: {workers: 0}", "server: {workers: 2}"))
    machine.run("systemctl restart shield")
    clients = Clients()
    clients.more(10)
    confined(machine)
    changed(machine, clients, configuration)
    ended(machine, clients)
    short_of_memory(machine, clients)
    machine.cut_power()
    clients.end()
    machine.boot()
    again = Server(server.received)  # the machine's network is another
    until("ready after a power cut", ready)
    clients = Clients()
    clients.more(5)
    clients.end()
    again.shutdown()
    print("ok: serves again after a power cut under load, without hands", flush=True)
    machine.run("systemctl stop shield")


def changed(machine: Machine, clients: Clients, configuration: Path) -> None:
    """Test a refused reload, an accepted one, and new workers."""
    configuration.write_text(configuration.read_text() + "unknown: 1\n")
    if not machine.run("systemctl reload shield", check=False)[0]:
        raise UnitError("a configuration that is not valid was reloaded")
    if "[key_unknown]" not in machine.journal() or machine.shown("ActiveState") != "active":
        raise UnitError("a refused reload does not say why, or did not leave it active")
    configuration.write_text(configuration.read_text().replace("unknown: 1\n", ""))
    machine.run("systemctl reload shield")
    line_of(machine, "reloaded")
    print("ok: reloaded; refused with the reason where the configuration is not valid", flush=True)

    machine.run("systemctl kill --kill-whom=main --signal=USR2 shield")
    line_of(machine, "rolled")
    clients.more(10)
    if clients.failed:
        raise UnitError(f"writes failed over a reload: {clients.failed[:5]}")
    print("ok: all workers replaced under load, no write refused", flush=True)


def ended(machine: Machine, clients: Clients) -> None:
    """Test a killed supervisor, one that hangs, and a stop."""
    restarts = int(machine.shown("NRestarts"))
    machine.run("systemctl kill --kill-whom=main --signal=KILL shield")
    back(machine, restarts)
    drop_in(machine, "[Service]\nWatchdogSec=3s\n")
    machine.run("systemctl restart shield")
    restarts = int(machine.shown("NRestarts"))
    machine.run("systemctl kill --kill-whom=main --signal=STOP shield")
    back(machine, restarts)
    clients.more(5)
    print("ok: a supervisor that is killed, or hangs, is started anew", flush=True)

    machine.run("systemctl stop shield")
    if machine.shown("Result") != "success" or "supervisor_stopped" not in machine.journal():
        raise UnitError(f"a stop under load ended as {machine.shown('Result')}")
    drop_in(machine, "")
    machine.run("systemctl start shield")
    clients.more(5)
    print("ok: stopped under load, and started", flush=True)


def short_of_memory(machine: Machine, clients: Clients) -> None:
    """Test too little memory for a large body: the kernel kills, and the service recovers by itself."""
    group = GROUPS / "memory" / machine.shown("ControlGroup").strip("/") / "memory.oom_control"
    if machine.run(f"cat {group}", check=False)[0]:
        print("skipped: too little memory (systemd can put no limit on it here)", flush=True)
        return
    limit = int(machine.shown("MemoryCurrent")) + (8 << 20)
    machine.run(f"systemctl set-property --runtime shield MemoryMax={limit}")
    words = " ".join(f"w{number}x" for number in range(200_000))
    with contextlib.suppress(OSError, http.client.HTTPException):
        post(json.dumps({"n": 0, "text": f"Card {PLANTED[0]}. {words}"}))
    kills = int(re.search(r"oom_kill (\d+)", machine.run(f"cat {group}")[1])[1])  # type: ignore[index]  # the kernel's
    machine.run("systemctl set-property --runtime shield MemoryMax=4G")
    if not kills:
        raise UnitError("the kernel killed nothing for memory, so nothing was tried")
    until("ready again", lambda: machine.shown("ActiveState") == "active" and ready())
    clients.more(5)
    print(f"ok: serves again after the kernel killed {kills} processes for memory", flush=True)


def evidence(machine: Machine, server: Server) -> None:
    """Check that nothing unredacted was sent or logged, logs verify, and no file is outside the folders."""
    out = b"\n".join(server.received).decode()
    said = machine.journal()
    for value in PLANTED:
        if value in out or value in said:
            raise UnitError("a planted value reached the upstream or the journal")
    code, verified = machine.run(
        "setpriv --reuid=shield --regid=shield --clear-groups "
        "/opt/shield/bin/shield audit verify /var/lib/shield/audit",
        check=False,
    )
    if code:
        raise UnitError(f"the audit log does not verify: {verified}")
    print(f"ok: {len(server.received)} writes, none unredacted; {verified.splitlines()[-1]}", flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 when all holds, 3 where it cannot be tested."""
    parser = argparse.ArgumentParser(description="Boot a real systemd and try the unit.")
    parser.add_argument(
        "--keep", action="store_true", help="leave the machine's folder and print where it is"
    )
    options = parser.parse_args(arguments)
    if os.geteuid() or shutil.which("systemd-nspawn") is None:
        print("no machine can be booted: not root, or systemd-nspawn (systemd-container) is not installed")
        return 3
    folder = Path(tempfile.mkdtemp(prefix="shield-unit-"))
    folder.chmod(0o755)
    machine = Machine(folder)
    try:
        machine.fill()
        try:
            machine.boot()
        except UnitError as error:
            print(f"no machine can be booted: {error}")
            return 3
        server = Server([])
        tried(machine, server)
        evidence(machine, server)
    except (UnitError, OSError) as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    finally:
        machine.clear()
        if options.keep:
            print(f"left in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    print("the unit does what docs/operations.md says of it")
    return 0


if __name__ == "__main__":
    sys.exit(main())
