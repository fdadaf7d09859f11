"""The values that are read from /proc for a program under test."""

from __future__ import annotations

import os
import socket

from benchmarks.processes import connected


def test_connections_of_clients_and_to_the_upstream_are_told_from_all_other_sockets() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        assert connected(os.getpid(), port, 0) == set()
        with socket.create_connection(("127.0.0.1", port)) as client:
            taken, _ = server.accept()
            with taken:
                assert connected(os.getpid(), port, 0) == {str(os.fstat(taken.fileno()).st_ino)}
                assert connected(os.getpid(), 0, port) == {str(os.fstat(client.fileno()).st_ino)}
