"""The demonstration store: tickets, contacts, call transcripts and articles over HTTP, in one SQLite file.

It stands for the support platform's storage. It keeps and returns exactly the bytes, the content type and the
content encoding that it gets, and interprets none of them, so that what is read back is what the shield let
through.

    POST   /api/tickets          201, `Location: /api/tickets/1`, `{"id": 1}`
    GET    /api/tickets          the list: number, content type, size
    GET    /api/tickets/1        the stored bytes (also PUT and DELETE: 204, or 404)

and the same for `/api/contacts`, `/api/transcripts` and `/api/articles`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from aiohttp import web

from shield.demo.database import Database, Item

COLLECTIONS = ("tickets", "contacts", "transcripts", "articles")
_MAX_BODY_BYTES = 64 * 1024 * 1024
_COMMON_LOG = '%a - - %t "%r" %s %b'

T = TypeVar("T")


class Store:
    """The endpoints over one `Database`, whose work runs on a single thread of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store-sqlite")
        self._database: Database | None = None

    async def open(self) -> None:
        """Open the database file; create it and its folder if they do not exist."""

        def opened() -> Database:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            return Database(self._path)

        self._database = await asyncio.get_running_loop().run_in_executor(self._thread, opened)

    async def close(self) -> None:
        await self._run(Database.close)
        self._thread.shutdown()

    async def items(self) -> list[Item]:
        return await self._run(Database.items)

    def application(self) -> web.Application:
        """The routes. `open` must have been awaited before the first request."""
        application = web.Application(client_max_size=_MAX_BODY_BYTES)
        name = "{collection:" + "|".join(COLLECTIONS) + "}"
        application.router.add_post(f"/api/{name}", self._create)
        application.router.add_get(f"/api/{name}", self._list)
        application.router.add_get(f"/api/{name}/{{number:[0-9]{{1,18}}}}", self._read)
        application.router.add_put(f"/api/{name}/{{number:[0-9]{{1,18}}}}", self._update)
        application.router.add_delete(f"/api/{name}/{{number:[0-9]{{1,18}}}}", self._delete)
        application.router.add_get("/healthz", _healthy)
        return application

    async def _run(self, work: Callable[[Database], T]) -> T:
        database = self._database
        if database is None:
            raise RuntimeError("the store is not open")
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, database)

    async def _create(self, request: web.Request) -> web.Response:
        collection = request.match_info["collection"]
        body = await request.read()
        content_type = request.headers.get("Content-Type")
        content_encoding = request.headers.get("Content-Encoding")
        number = await self._run(
            lambda database: database.insert(collection, content_type, content_encoding, body)
        )
        return web.json_response(
            {"id": number}, status=201, headers={"Location": f"/api/{collection}/{number}"}
        )

    async def _list(self, request: web.Request) -> web.Response:
        collection = request.match_info["collection"]
        entries = await self._run(lambda database: database.entries(collection))
        listed = [{"id": e.number, "content_type": e.content_type, "size": e.size} for e in entries]
        return web.Response(text=json.dumps({collection: listed}) + "\n", content_type="application/json")

    async def _read(self, request: web.Request) -> web.Response:
        collection, number = request.match_info["collection"], int(request.match_info["number"])
        item = await self._run(lambda database: database.fetch(collection, number))
        if item is None:
            raise web.HTTPNotFound
        headers = {}
        if item.content_type is not None:
            headers["Content-Type"] = item.content_type
        if item.content_encoding is not None:
            headers["Content-Encoding"] = item.content_encoding
        return web.Response(body=item.body, headers=headers)

    async def _update(self, request: web.Request) -> web.Response:
        item = Item(
            number=int(request.match_info["number"]),
            collection=request.match_info["collection"],
            content_type=request.headers.get("Content-Type"),
            content_encoding=request.headers.get("Content-Encoding"),
            body=await request.read(),
        )
        if not await self._run(lambda database: database.replace(item)):
            raise web.HTTPNotFound
        return web.Response(status=204)

    async def _delete(self, request: web.Request) -> web.Response:
        collection, number = request.match_info["collection"], int(request.match_info["number"])
        if not await self._run(lambda database: database.delete(collection, number)):
            raise web.HTTPNotFound
        return web.Response(status=204)


async def _healthy(_: web.Request) -> web.Response:
    return web.Response(text="ok\n")


@contextlib.asynccontextmanager
async def running_store(
    path: Path, *, host: str = "127.0.0.1", port: int = 0, access_log: Path | None = None
) -> AsyncIterator[tuple[Store, int]]:
    """Serve a store from this event loop; yields it and its port (port 0: the system chooses one).

    `access_log` gets a line of the Common Log Format for each request. Raises OSError where the address
    cannot be listened on.
    """
    store = Store(path)
    await store.open()
    # The bytes as they came: a gzip body must stay compressed.
    lines = _log_to(access_log) if access_log is not None else None
    runner = web.AppRunner(
        store.application(), access_log=lines, access_log_format=_COMMON_LOG, auto_decompress=False
    )
    try:
        await runner.setup()
        site = web.TCPSite(runner, host, port)
        await site.start()
        address = runner.addresses[0]
        yield store, int(address[1])
    finally:
        await runner.cleanup()
        await store.close()
        for handler in lines.handlers if lines is not None else ():
            handler.close()


def _log_to(path: Path) -> logging.Logger:
    """A separate logger that no other logging configuration affects."""
    logger = logging.Logger("shield.demo.store", logging.INFO)  # noqa: LOG001  as the docstring says
    logger.addHandler(logging.FileHandler(path, encoding="utf-8"))
    return logger


async def _serve(path: Path, host: str, port: int) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with running_store(path, host=host, port=port):
        await stopped.wait()


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(
        prog="python -m shield.demo.store", description="The demonstration store."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--db", type=Path, default=Path("state/store.sqlite3"), help="the SQLite file")
    options = parser.parse_args(arguments)
    try:
        asyncio.run(_serve(options.db, options.host, options.port))
    except OSError as error:
        parser.exit(1, f"{parser.prog}: cannot serve on {options.host}:{options.port}: {error.strerror}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
