"""The values that are read from /proc for a program under test."""

from __future__ import annotations

import os
import socket

from benchmarks.processes import accepted


def test_connections_of_clients_are_told_from_all_other_sockets() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        assert accepted(os.getpid(), port) == set()
        with socket.create_connection(("127.0.0.1", port)):
            taken, _ = server.accept()
            with taken:
                assert accepted(os.getpid(), port) == {str(os.fstat(taken.fileno()).st_ino)}
