"""On a file system that is really full, writes stop, nothing leaks, and the state is visible.

The tests need the right to mount a small file system in memory, and are skipped without it.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.test_service import reasons
from tests.leak.canaries import hunt
from tests.leak.rows import BODY, CARD, MAIL, problem
from tests.leak.stage import Stage, stage

KILOBYTES = 512


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "audit"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={KILOBYTES}k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small file system cannot be mounted here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", disk], check=True)


async def until_refused(running: Stage, disk: Path) -> bytes:
    """Fill what is left of the disk, then write until a write is refused."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            pass
    for _ in range(200):  # what still fits in the log's last block
        running.upstream.forget()
        reply = await running.post(BODY)
        if not reply.startswith(b"HTTP/1.1 201 "):
            return reply
        assert CARD.encode() not in running.upstream.received
    raise AssertionError("the disk is full, yet no write was refused")


async def test_a_full_disk_stops_every_write_until_a_restart(small_disk: Path, tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        assert (await running.post(BODY)).startswith(b"HTTP/1.1 201 ")
        reply = await until_refused(running, small_disk)
        assert problem(reply)["code"] == "audit_unavailable"
        assert running.upstream.received == b""
        status, why = await reasons(running.service, "/readyz")
        assert status == 503
        assert set(why) == {"audit_failed", "audit_directory_not_writable"}
        (small_disk / "filler").unlink()
        running.upstream.forget()
        assert (await running.post(BODY)).startswith(b"HTTP/1.1 503 ")
        assert running.upstream.received == b""
        places = {**await running.places(), "reply": reply}
        assert [trace for value in (CARD, MAIL) for trace in hunt(value, places)] == []
    async with stage(tmp_path) as restarted:  # recovers by itself once there is space
        assert (await restarted.post(BODY)).startswith(b"HTTP/1.1 201 ")
