"""`make run`'s command works, and so does what it prints and what the README says to try.

The tests use other ports than the quick start's, so that they can run beside one, and adapt the texts
before typing them.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from shield.demo.stack import derived_configuration, free_ports
from tests.warm import python

PROJECT = Path(__file__).parents[2]
QUICKSTART = PROJECT / "config" / "quickstart.yaml"
README = (PROJECT / "README.md").read_text(encoding="utf-8")
needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
STOP_SECONDS = 60
START_SECONDS = 120


@dataclass
class Running:
    """A running quick start: its process, its folder, its ports, and what it printed to try."""

    process: subprocess.Popen[str]
    folder: Path
    ports: dict[str, int]
    printed: str

    def type(self, commands: str) -> str:
        """What a shell in the folder answers, with the quick start's ports replaced by ours."""
        for usual, ours in self.ports.items():
            commands = commands.replace(f"127.0.0.1:{usual}", f"127.0.0.1:{ours}")
        return shell(commands, self.folder)

    def stop(self) -> int:
        """Stop it like a user who presses Ctrl-C, and once more because it takes a while."""
        for _ in range(2):
            self.process.send_signal(signal.SIGINT)  # without effect if it has ended
        return self.process.wait(STOP_SECONDS)


def shell(commands: str, folder: Path, **env: str) -> str:
    path = f"{Path(python()).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=folder,
        env={**os.environ, "PATH": path, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{commands}\n{done.stdout}"
    return done.stdout.replace("\r\n", "\n")


def start(folder: Path, ports: tuple[int, int, int, int]) -> subprocess.Popen[str]:
    proxy, admin, store, console = ports
    derived = derived_configuration(
        QUICKSTART.read_text(encoding="utf-8"),
        proxy_port=proxy,
        admin_port=admin,
        store_port=store,
        audit_directory=Path("state/audit"),
        console_port=console,
    )
    assert derived.count("\nconsole:\n") == 1
    # Otherwise it would start only when the other tests leave a core idle.
    derived = derived.replace("\nconsole:\n", "\nconsole:\n  priority: normal\n")
    (folder / "quickstart.yaml").write_text(derived, encoding="utf-8")
    command = [python(), "-m", "shield.demo.run", "--config", "quickstart.yaml"]
    return subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("quickstart")
    ports = free_ports(4)
    process = start(folder, (ports[0], ports[1], ports[2], ports[3]))
    watchdog = threading.Timer(START_SECONDS, process.kill)
    watchdog.start()
    printed = ""
    assert process.stdout is not None
    for line in process.stdout:  # ends when the process does
        printed += line
        if "Ctrl-C stops it all." in line:
            break
    watchdog.cancel()
    assert process.poll() is None, printed
    threading.Thread(target=process.stdout.read, daemon=True).start()  # so that its output never blocks it
    yield Running(process, folder, dict(zip(("8080", "9090", "8081", "9092"), ports, strict=True)), printed)
    if process.poll() is None:
        process.terminate()
        process.wait(STOP_SECONDS)
    process.stdout.close()


def blocks(language: str) -> list[str]:
    """The README's fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def transcript(block: str) -> list[tuple[str, list[str]]]:
    """The commands of a console block, each with the lines that the block shows as its output."""
    steps: list[tuple[str, list[str]]] = []
    continued = False
    for line in block.splitlines():
        if line.startswith("$ "):
            steps.append((line[2:], []))
        elif continued:
            steps[-1] = (f"{steps[-1][0]}\n{line}", steps[-1][1])
        else:
            steps[-1][1].append(line)
        continued = line.endswith("\\")
    return steps


def _any_record(line: str) -> str:
    """The line without a receipt's index, since canaries may or may not have run before the request."""
    return re.sub(r"(X-Shield-Receipt: .*#)\d+$", r"\1N", line)


@needs_curl
def test_the_readme_says_what_happens(running: Running) -> None:
    block = next(block for block in blocks("console") if "curl" in block)
    steps = transcript(block)
    assert len(steps) == 2
    for command, expected in steps:
        answer = running.type(command)
        printed = [_any_record(line) for line in answer.splitlines()]
        for line in expected:
            assert line == "…" or _any_record(line) in printed, f"{command}\n{answer}"


@needs_curl
def test_what_it_prints_to_try_works(running: Running) -> None:
    lines = running.printed.splitlines()
    commands: dict[str, str] = {}
    for number, line in enumerate(lines):
        if line.startswith("  ") and not lines[number - 1].endswith("\\"):
            joined = line + ("\n" + lines[number + 1] if line.endswith("\\") else "")
            commands[joined.strip()] = running.type(joined)
    assert len(commands) == 7
    posted, stored, metrics, healthy, ready, verified, shown = commands.values()
    assert "201 Created" in posted
    assert "X-Shield-Receipt: quickstart.shield.example/worker-0#" in posted
    assert "4111" not in stored
    assert "shield_requests_total" in metrics
    assert healthy
    assert ready
    assert "result: verified" in verified
    assert "tickets" in shown


def test_the_console_is_there_with_a_link_that_makes_its_first_user(running: Running) -> None:
    url = f"http://127.0.0.1:{running.ports['9092']}"
    (link,) = re.findall(
        r"^Set up the console \(the link works once, within a day\): (\S+)$", running.printed, re.MULTILINE
    )
    assert link.startswith(f"{url}/join?token=")
    answer = requests.get(link, timeout=60)
    assert answer.ok
    assert 'name="password"' in answer.text


def test_the_listeners_are_taken_once(running: Running, tmp_path: Path) -> None:
    taken = running.ports
    process = start(tmp_path, (taken["8080"], taken["9090"], taken["8081"], taken["9092"]))
    output, _ = process.communicate(timeout=START_SECONDS)
    assert process.returncode == 2
    assert (
        output == f"cannot listen on 127.0.0.1:{taken['8081']}: Address already in use [listener_unusable]\n"
    )


def test_ctrl_c_stops_both_and_leaves_a_verified_log(running: Running) -> None:
    assert running.stop() == 0
    for port in running.ports.values():
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0
    block = next(block for block in blocks("console") if "shield audit verify" in block)
    for command, _ in transcript(block):
        running.type(command)
    assert (running.folder / "4.tlog-proof").stat().st_size > 0


@needs_openssl
def test_the_readme_configuration_is_valid(tmp_path: Path) -> None:
    (yaml,) = [block for block in blocks("yaml") if "listeners:" in block]
    (tmp_path / "shield.yaml").write_text(yaml, encoding="utf-8")
    block = next(block for block in blocks("console") if "shield check" in block)
    assert "$ shield serve -c shield.yaml\n" in blocks("console")
    answer = shell("\n".join(command for command, _ in transcript(block)), tmp_path)
    assert "shield.yaml: valid" in answer
