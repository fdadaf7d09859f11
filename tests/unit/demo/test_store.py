from __future__ import annotations

import gzip
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from shield.demo.store import running_store


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "store.sqlite3"


@pytest_asyncio.fixture
async def client(database: Path) -> AsyncIterator[aiohttp.ClientSession]:
    async with (
        running_store(database) as (_, port),
        aiohttp.ClientSession(f"http://127.0.0.1:{port}", auto_decompress=False) as session,
    ):
        yield session


@pytest.mark.parametrize("collection", ["tickets", "contacts", "transcripts", "articles"])
async def test_a_post_is_numbered_and_located(client: aiohttp.ClientSession, collection: str) -> None:
    for number in (1, 2):
        async with client.post(f"/api/{collection}", data=b"{}") as response:
            assert response.status == 201
            assert response.headers["Location"] == f"/api/{collection}/{number}"
            assert await response.json() == {"id": number}


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{ "a" : 1e400,\r\n"a":2 } '),
        ("text/plain; charset=latin-1", b"\xff\x00\xfe"),
        ("Application/X-Odd; a=1 ;b", b""),
    ],
)
async def test_the_bytes_and_the_content_type_come_back_exactly(
    client: aiohttp.ClientSession, content_type: str, body: bytes
) -> None:
    async with client.post("/api/tickets", data=body, headers={"Content-Type": content_type}):
        pass
    async with client.get("/api/tickets/1") as response:
        assert await response.read() == body
        assert response.headers["Content-Type"] == content_type


async def test_a_compressed_body_stays_compressed(client: aiohttp.ClientSession) -> None:
    body = gzip.compress(b"text")
    async with client.post("/api/tickets", data=body, headers={"Content-Encoding": "gzip"}):
        pass
    async with client.get("/api/tickets/1") as response:
        assert (await response.read(), response.headers["Content-Encoding"]) == (body, "gzip")


async def test_update_and_delete(client: aiohttp.ClientSession) -> None:
    async with client.post("/api/contacts", data=b"one"):
        pass
    async with client.put("/api/contacts/1", data=b"two", headers={"Content-Type": "text/x"}) as response:
        assert response.status == 204
    async with client.get("/api/contacts/1") as response:
        assert (await response.read(), response.headers["Content-Type"]) == (b"two", "text/x")
    async with client.delete("/api/contacts/1") as response:
        assert response.status == 204
    for method in ("GET", "PUT", "DELETE"):
        async with client.request(method, "/api/contacts/1") as response:
            assert response.status == 404


async def test_an_item_is_only_in_its_own_collection(client: aiohttp.ClientSession) -> None:
    async with client.post("/api/contacts", data=b"one"):
        pass
    for method in ("GET", "PUT", "DELETE"):
        async with client.request(method, "/api/tickets/1") as response:
            assert response.status == 404


async def test_the_list_says_what_is_there_without_the_bodies(client: aiohttp.ClientSession) -> None:
    for body in (b"a", b"bcd"):
        async with client.post("/api/tickets", data=body, headers={"Content-Type": "text/plain"}):
            pass
    async with client.get("/api/tickets") as response:
        listed = await response.json()
    assert listed == {
        "tickets": [
            {"id": 1, "content_type": "text/plain", "size": 1},
            {"id": 2, "content_type": "text/plain", "size": 3},
        ]
    }


@pytest.mark.parametrize("path", ["/api/other", "/api/tickets/x", "/api/tickets/1/comments", "/"])
async def test_other_paths_are_not_found(client: aiohttp.ClientSession, path: str) -> None:
    async with client.get(path) as response:
        assert response.status == 404


async def test_numbers_are_not_used_again_after_a_restart(database: Path) -> None:
    for expected in (1, 2):
        async with (
            running_store(database) as (store, port),
            aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
        ):
            async with session.post("/api/tickets", data=b"x") as response:
                assert (await response.json())["id"] == expected
            assert [item.number for item in await store.items()] == [expected]
            async with session.delete(f"/api/tickets/{expected}"):
                pass
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM items").fetchone() == (0,)
    connection.close()
