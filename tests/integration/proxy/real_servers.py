"""Third-party servers that tests call directly and through the shield: uvicorn, Python's own, nginx."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import shutil
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import uvicorn

from tests.integration.proxy.programs import listening

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
SECONDS = 20
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


def described(method: str, target: str, fields: list[tuple[str, str]], body: bytes) -> bytes:
    """What a server received, as the body of its answer."""
    seen = {
        "method": method,
        "target": target,
        "fields": fields,
        "body": base64.b64encode(body).decode("ascii"),
    }
    return json.dumps(seen).encode()


class Asgi:
    """An application for uvicorn; a stream sends its second part once `goes_on` is set."""

    def __init__(self) -> None:
        self.goes_on = asyncio.Event()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        path = scope["path"]
        if path == "/stream":
            await self._start(send, 200, [("content-type", "text/event-stream")])
            for part in (b"data: 1\n\n", b"data: 2\n\n"):
                await send({"type": "http.response.body", "body": part, "more_body": True})
                await asyncio.wait_for(self.goes_on.wait(), SECONDS)
            await send({"type": "http.response.body"})
            return
        host = next(value.decode() for name, value in scope["headers"] if name == b"host")
        status, fields, answer = {
            "/cookies": (
                200,
                [("set-cookie", "a=1; Path=/"), ("set-cookie", 'b="2;3"'), ("link", f"<http://{host}/x>")],
                b"ok",
            ),
            "/moved": (302, [("location", f"http://{host}/else?where=1"), ("refresh", "1; url=/x")], b""),
            "/made": (201, [("location", "/made/7"), ("content-location", f"http://{host}/made/7")], b"{}"),
            "/nothing": (204, [("etag", 'W/"a"')], b""),
            "/same": (304, [("etag", '"a"'), ("cache-control", "max-age=5")], b""),
            "/teapot": (418, [("x-empty", ""), ("X-Twice", "1"), ("x-twice", "2")], b"short and stout"),
            "/refused": (401, [("www-authenticate", 'Basic realm="a"'), ("www-authenticate", "Bearer")], b""),
        }.get(path, (200, [("content-type", "application/json")], b""))
        if path == "/" or path.startswith("/echo"):
            target = scope["raw_path"].decode() + ("?" if scope["query_string"] else "")
            target += scope["query_string"].decode()
            seen = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
            answer = described(scope["method"], target, seen, body)
        if status not in {204, 304}:
            fields = [*fields, ("content-length", str(len(answer)))]
        await self._start(send, status, fields)
        await send({"type": "http.response.body", "body": answer})

    async def _start(self, send: Send, status: int, fields: list[tuple[str, str]]) -> None:
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in fields]
        await send({"type": "http.response.start", "status": status, "headers": raw})


@contextlib.asynccontextmanager
async def asgi(app: Asgi) -> AsyncIterator[int]:
    """Serve it with uvicorn; yields the port."""
    config = uvicorn.Config(app, http="h11", lifespan="off", log_config=None, access_log=False)
    server = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", 0))
    port = int(listening.getsockname()[1])
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=[listening])
    ticking = asyncio.create_task(server.main_loop())
    try:
        yield port
    finally:
        server.should_exit = True
        await ticking
        await server.shutdown(sockets=[listening])
        listening.close()


class Spelling(BaseHTTPRequestHandler):
    """Reports a request's fields in their original spelling and order; sends interim answers."""

    protocol_version = "HTTP/1.1"
    server_version = "Python"
    sys_version = ""
    timeout: ClassVar[float] = SECONDS

    def answer(self) -> None:
        body = self._body()
        if self.path == "/echo/interim":
            self.send_response_only(102)
            self.end_headers()
            self.send_response_only(103, "Early Hints")
            self.send_header("Link", "</a.css>; rel=preload")
            self.send_header("Link", "</b.js>; rel=preload")
            self.end_headers()
        if self.path == "/until-closed":
            self.send_response(200, "Très  Bien")
            self.send_header("X-Latin", "caf\xe9")
            self.end_headers()
            self.wfile.write(b"to the end")
            self.close_connection = True
            return
        if self.path == "/trailers":
            self.send_response(200)
            self.send_header("transfer-ENCODING", "chunked")
            self.send_header("Trailer", "X-Sum")
            self.end_headers()
            self.wfile.write(b"3;a=b\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n")
            return
        # Blanks around a value are not part of it, but this server keeps trailing ones.
        fields = [(name, value.strip(" \t")) for name, value in self.headers.items()]
        answer = described(self.command, self.path, fields, body)
        self.send_response(200)
        self.send_header("content-LENGTH", str(len(answer)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return body

    def log_message(self, *_: object) -> None:
        """Nothing."""


for _method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "REPORT", "PROPFIND", "PURGE"):
    setattr(Spelling, f"do_{_method}", Spelling.answer)


@contextlib.contextmanager
def spelling() -> Iterator[int]:
    """Serve `Spelling`; yields the port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Spelling) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()


@contextlib.asynccontextmanager
async def nginx(folder: Path) -> AsyncIterator[int]:
    """Serve files below `folder`/files, and allow writes below /kept/; yields the port."""
    (folder / "files" / "kept").mkdir(parents=True)
    (folder / "files" / "café dir").mkdir()
    (folder / "files" / "café dir" / "a+b;c.txt").write_text("here\n")
    (folder / "files" / "lines.txt").write_text("".join(f"line {number}\n" for number in range(2000)))
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = int(found.getsockname()[1])
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    file = folder / "nginx.conf"
    file.write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{ access_log off; {temporary} gzip on; gzip_min_length 100; types {{ text/plain txt; }}\n"
        f"server {{ listen 127.0.0.1:{port}; root {folder}/files;\n"
        'add_header Link "</a>; rel=x"; add_header X-Twice 1; add_header X-Twice 2;\n'
        "location /kept/ { dav_methods PUT DELETE; etag off; }\n"
        "location = /told { return 429 'later'; } } }\n"
    )
    async with listening(port, str(NGINX), "-p", str(folder), "-e", "stderr", "-c", str(file)):
        yield port
