"""Writes events as JSON lines to a file, each once, though the exporter may die at any instant.

`FILE.position` beside FILE holds how far each log was exported, and the length of the file then. What stands
beyond that length was written but never confirmed, so the next start cuts it and writes it again.

Rotation: whoever rotates moves FILE away; the next batch goes to a new one. If a file is missing or empty
although the position records a longer one, it was moved away or emptied, and its content is not written
again.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import orjson

from shield.audit.files import OsFiles, write_atomic
from shield.errors import EvidenceError
from shield.evidence.export.sink import NOTHING_YET, Exported, Position

T = TypeVar("T")

_MAX_LINE = 1 << 20  # bytes; no event is that long


class JsonLines:
    """A `Sink`. One process at a time: the file is locked while it is open."""

    def __init__(self, path: Path, note: Callable[[str], None] = lambda _: None) -> None:
        """`note` is told of a file that was moved away or emptied."""
        self._path = path
        self._note = note
        self._state = path.with_name(path.name + ".position")
        self._files = OsFiles()
        self._fd = -1
        self._size = 0
        self._positions: dict[str, Position] = {}
        self._work = threading.Lock()  # held while a thread is at work, which an interrupt does not end

    async def positions(self, origins: Collection[str]) -> Mapping[str, Position]:
        del origins  # all of them are at hand
        if self._fd < 0:
            await asyncio.to_thread(self._alone, self._open)
        return dict(self._positions)

    async def put(self, batch: Sequence[Exported], after: int | None) -> int:
        del after  # one process holds both the file and its position
        return await asyncio.to_thread(self._alone, partial(self._put, batch))

    async def close(self) -> None:
        """Waits for a batch that is being written, so that no other process begins before it is confirmed."""
        await asyncio.to_thread(self._alone, self._close)

    def _alone(self, work: Callable[[], T]) -> T:
        with self._work:
            return work()

    def _close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _open(self) -> None:
        try:
            fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o640)
        except OSError as error:
            raise EvidenceError(f"{self._path}: {error.strerror}") from None
        try:
            self._files.lock(fd)
            known = self._state.exists()
            size, positions = _decoded(self._state.read_bytes()) if known else (0, {})
            there = os.fstat(fd).st_size
            rotated = size > 0 and there == 0
            if rotated:
                size = 0
                self._confirm(size, positions)  # first, so that all in the new file is ours
            foreign = there < size or (there > 0 and not known) or not _is_unconfirmed(fd, size, positions)
            if not foreign:
                os.ftruncate(fd, size)
        except BlockingIOError:
            os.close(fd)
            raise EvidenceError(f"another export is writing {self._path}") from None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            os.close(fd)
            raise EvidenceError(f"{self._path} or its position cannot be read") from None
        if foreign:
            os.close(fd)
            raise EvidenceError(
                f"{self._path} is not the file that {self._state.name} speaks of: it is shorter, was there"
                " before, or holds what was exported long ago. Move it away"
            )
        self._fd, self._size, self._positions = fd, size, positions
        if rotated:
            self._note(f"{self._path} was moved away or emptied; the events that follow go into a new file")

    def _put(self, batch: Sequence[Exported]) -> int:
        if self._fd < 0 or self._is_rotated():
            self._close()
            self._open()
        new = [it for it in batch if it.index >= self._next(it.origin)]
        raw = b"".join(it.event + b"\n" for it in new)
        try:
            view = memoryview(raw)
            while view:
                view = view[os.write(self._fd, view) :]
            os.fdatasync(self._fd)
            positions = {**self._positions, **{it.origin: Position(it.index + 1, it.leaf) for it in new}}
            size = self._size + len(raw)
            self._confirm(size, positions)
        except OSError as error:
            # What was written is beyond the confirmed length: the next opening cuts it.
            self._close()
            raise EvidenceError(f"{self._path}: {error.strerror}") from None
        self._positions, self._size = positions, size
        return len(new)

    def _next(self, origin: str) -> int:
        return self._positions.get(origin, NOTHING_YET).next

    def _is_rotated(self) -> bool:
        """Whether the path names another file than the open one, or the file was cut."""
        ours = os.fstat(self._fd)
        try:
            there = self._path.stat()
        except OSError:
            return True
        return (there.st_dev, there.st_ino) != (ours.st_dev, ours.st_ino) or ours.st_size < self._size

    def _confirm(self, size: int, positions: Mapping[str, Position]) -> None:
        state = {
            "bytes": size,
            "positions": {origin: it.next for origin, it in positions.items()},
            "leaves": {origin: it.leaf.hex() for origin, it in positions.items() if it.leaf is not None},
        }
        write_atomic(self._files, self._state, orjson.dumps(state) + b"\n")


def _is_unconfirmed(fd: int, size: int, positions: Mapping[str, Position]) -> bool:
    """Whether what stands beyond the confirmed length, if anything, begins with an event that comes next.

    Else it is another file, such as one that was moved away and back: cut, its events would be lost.
    """
    line, newline, _ = os.pread(fd, _MAX_LINE, size).partition(b"\n")
    if not newline:
        return len(line) < _MAX_LINE
    try:
        origin, _, index = orjson.loads(line)["metadata"]["uid"].rpartition("#")
        place = int(index)
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    return place >= positions.get(origin, NOTHING_YET).next


def _decoded(raw: bytes) -> tuple[int, dict[str, Position]]:
    """Length and positions; a malformed file raises various errors."""
    state = orjson.loads(raw)
    leaves = state.get("leaves", {})
    return int(state["bytes"]), {
        origin: Position(int(index), bytes.fromhex(leaves[origin]) if origin in leaves else None)
        for origin, index in state["positions"].items()
    }
