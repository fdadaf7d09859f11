"""`python -m MODULE ARGUMENTS`: asks the server beside this file for that process, and ends as it ends.

It runs without `site` and imports only what is built in or loaded anyway, as it is started hundreds of times.
It hands on what it was started with: descriptors under their numbers, environment, folder; then signals.
"""

from __future__ import annotations

import _signal
import _socket
import marshal
import os
import sys

_FORWARDED = (
    _signal.SIGHUP,
    _signal.SIGINT,
    _signal.SIGQUIT,
    _signal.SIGTERM,
    _signal.SIGUSR1,
    _signal.SIGUSR2,
)


def _inherited() -> list[int]:
    found = []
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208  pathlib would be a third of this program's time
        try:
            os.fstat(int(name))
        except OSError:  # that of the listing
            continue
        found.append(int(name))
    return found


def main() -> None:
    """Never returns; the exit code is that of the process, and a signal that ended it ends this one, too."""
    if "-m" not in sys.argv[1:3]:  # such as `-c PROGRAM`
        os.execv(sys.executable, [sys.executable, *sys.argv[1:]])  # noqa: S606  this very Python
    descriptors = _inherited()
    child = 0
    early: list[int] = []

    def forward(number: int, _frame: object) -> None:
        if child:
            os.kill(child, number)
        else:
            early.append(number)

    for number in _FORWARDED:  # one that is ignored here, too: the program may ask for it
        _signal.signal(number, forward)
    server = _socket.socket(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
    server.connect(os.path.dirname(os.path.abspath(__file__)) + "/socket")  # noqa: PTH100, PTH120  as above
    request = marshal.dumps((sys.argv[1:], os.getcwd(), dict(os.environ), descriptors))  # noqa: PTH109  as above
    rights = b"".join(number.to_bytes(4, sys.byteorder) for number in descriptors)
    server.sendmsg([request], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, rights)])
    for number in descriptors:  # it has them: a pipe must end when the process closes it
        os.close(number)
    child = int(server.recv(16))
    for number in early:
        os.kill(child, number)
    code = int(server.recv(16))
    if code < 0:
        _signal.signal(-code, _signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


main()
