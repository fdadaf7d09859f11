"""Nothing phones home (law 6), by the system calls of the real processes and all their libraries.

`strace` records each call that could reach another machine, in every thread and child. An address outside
the loopback device, or a name look-up, fails the test.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
CALLS = "trace=connect,sendto,sendmsg,sendmmsg,bind"
_ADDRESS = re.compile(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"')
_PORT = re.compile(r"sin6?_port=htons\((\d+)\)")
DNS = 53

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")


def addresses(trace: str) -> list[tuple[str, int]]:
    """The addresses and ports in any call of a trace."""
    found = []
    for line in trace.splitlines():
        port = _PORT.search(line)
        found += [(four or six, int(port[1]) if port else 0) for four, six in _ADDRESS.findall(line)]
    return found


def traced(folder: Path, *arguments: str, stdin: bytes = b"") -> list[tuple[str, int]]:
    trace = folder / "trace"
    command = ["strace", "--seccomp-bpf", "-f", "-qq", "-s", "0", "-e", CALLS, "-o", str(trace)]
    done = subprocess.run(
        [*command, sys.executable, "-m", *arguments],
        cwd=PROJECT,
        input=stdin,
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return addresses(trace.read_text())


def foreign(seen: list[tuple[str, int]]) -> list[tuple[str, int]]:
    return [
        (address, port)
        for address, port in seen
        if not (address.startswith("127.") or address == "::1") or port == DNS
    ]


def test_the_whole_stack_reaches_its_upstream_and_nothing_else(tmp_path: Path) -> None:
    """Run the service with its listeners and audit log over all samples, and verify the log."""
    seen = traced(tmp_path, "shield.demo")
    assert seen, "nothing was traced"
    assert foreign(seen) == []


def test_a_command_reaches_nothing(tmp_path: Path) -> None:
    ticket = b'{"body": "I am Maria Gonzalez, maria@example.com, +1 212 555 0123"}'
    # An imported library tests at once whether it can bind to ::1.
    assert foreign(traced(tmp_path, "shield", "redact", stdin=ticket)) == []


@pytest.mark.parametrize(
    "line",
    [
        '7 connect(5, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("192.0.2.7")}, 16) = 0',
        '7 connect(5, {sin6_port=htons(443), inet_pton(AF_INET6, "2001:db8::7", &sin6_addr)}, 28) = -1 EIO',
        '7 connect(5, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.53")}, 16) = 0',
    ],
)
def test_a_call_to_elsewhere_would_be_seen(line: str) -> None:
    assert foreign(addresses(line)) == addresses(line) != []
