"""The upstream of the benchmarks: answers 201 to everything, as fast as one asyncio protocol can.

    python -m benchmarks.upstream --port 9000

It must never be the bottleneck, so it reads just enough HTTP/1.1: a request line, `Content-Length` or
chunked bodies, keep-alive. `GET /last` answers with the last body that was written to it (so that the checks
see what a proxy forwarded), `GET /count` with the number of writes.
"""

from __future__ import annotations

import argparse
import asyncio
from typing import cast

import uvloop

from benchmarks.wire import CHUNKED, CONTENT_LENGTH, EXPECT_CONTINUE, dechunk

_BODY = b'{"status":"stored"}'
_CREATED = (
    b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(_BODY)
) + _BODY


def _reply(body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n"
    return head % len(body) + body


class Store:
    """What was written: the last body, and the number of bodies."""

    def __init__(self) -> None:
        self.last = b""
        self.writes = 0

    def answer(self, request_line: bytes, body: bytes) -> bytes:
        if request_line.startswith(b"GET /last "):
            return _reply(self.last)
        if request_line.startswith(b"GET /count "):
            return _reply(b"%d" % self.writes)
        self.last = body
        self.writes += 1
        return _CREATED


class Upstream(asyncio.Protocol):
    """One connection. Bytes are collected until a request is complete, which is then answered."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._transport: asyncio.Transport | None = None
        self._parts: list[bytes] = []
        self._have = 0
        self._need = 0  # nothing is parsed before this many bytes are there
        self._continued = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is not a subclass of it

    def data_received(self, data: bytes) -> None:
        if self._have:
            self._parts.append(data)
            self._have += len(data)
            if self._have < self._need:
                return
            data = b"".join(self._parts)
        data = self._consume(data)
        self._parts = [data] if data else []
        self._have = len(data)

    def _consume(self, data: bytes) -> bytes:
        """Answers each complete request in `data`; returns the rest, the start of the next one."""
        transport = self._transport
        while data and transport is not None:
            head_end = data.find(b"\r\n\r\n") + 4
            if head_end < 4:
                return data
            head = data[:head_end]
            length = CONTENT_LENGTH.search(head)
            if length is None and CHUNKED.search(head):
                self._send_continue(head, transport)
                dechunked = dechunk(data, head_end)
                if dechunked is None:
                    return data
                body, end = dechunked
            else:
                end = head_end + (int(length[1]) if length else 0)
                if len(data) < end:
                    self._send_continue(head, transport)
                    self._need = end
                    return data
                body = data[head_end:end]
            transport.write(self._store.answer(head, body))
            data = data[end:]
            self._need = 0
            self._continued = False
        return data

    def _send_continue(self, head: bytes, transport: asyncio.Transport) -> None:
        if not self._continued and EXPECT_CONTINUE.search(head):
            transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self._continued = True

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the protocol's signature
        self._transport = None


async def _serve(host: str, port: int) -> None:
    store = Store()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Upstream(store), host, port, backlog=1024)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description="An upstream that answers 201 to everything.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    uvloop.run(_serve(options.host, options.port))


if __name__ == "__main__":
    main()
