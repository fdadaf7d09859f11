"""Events as JSON lines in a file, each once, though the exporter may die at any instant.

Beside FILE lies `FILE.position`: how far each log was exported, and how long the file was then. What stands
beyond that length was written but never confirmed, so the next start cuts it and writes it again.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import orjson

from shield.audit.files import OsFiles, write_atomic
from shield.errors import EvidenceError
from shield.evidence.export.sink import Exported


class JsonLines:
    """A `Sink`. One process at a time: the file is locked while it is open."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._state = path.with_name(path.name + ".position")
        self._files = OsFiles()
        self._fd = -1
        self._size = 0
        self._positions: dict[str, int] = {}

    async def positions(self) -> Mapping[str, int]:
        if self._fd < 0:
            await asyncio.to_thread(self._open)
        return self._positions

    async def put(self, batch: Sequence[Exported]) -> int:
        await self.positions()
        return await asyncio.to_thread(self._put, batch)

    async def close(self) -> None:
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
            state = orjson.loads(self._state.read_bytes()) if self._state.exists() else {}
            size, positions = state.get("bytes", 0), state.get("positions", {})
            there = os.fstat(fd).st_size
            foreign = there < size or (there > 0 and not state)
            if not foreign:
                os.ftruncate(fd, size)
        except BlockingIOError:
            os.close(fd)
            raise EvidenceError(f"another export writes {self._path}") from None
        except (OSError, orjson.JSONDecodeError):
            os.close(fd)
            raise EvidenceError(f"{self._path} or its position cannot be read") from None
        if foreign:
            os.close(fd)
            raise EvidenceError(f"{self._path} is not the file that {self._state.name} speaks of")
        self._fd, self._size, self._positions = fd, size, dict(positions)

    def _put(self, batch: Sequence[Exported]) -> int:
        new = [it for it in batch if it.index >= self._positions.get(it.origin, 0)]
        raw = b"".join(it.event + b"\n" for it in new)
        try:
            view = memoryview(raw)
            while view:
                view = view[os.write(self._fd, view) :]
            os.fdatasync(self._fd)
            positions = {**self._positions, **{it.origin: it.index + 1 for it in new}}
            size = self._size + len(raw)
            state = orjson.dumps({"bytes": size, "positions": positions})
            write_atomic(self._files, self._state, state + b"\n")
        except OSError as error:
            # What was written is beyond the confirmed length: the next opening cuts it.
            os.close(self._fd)
            self._fd = -1
            raise EvidenceError(f"{self._path}: {error.strerror}") from None
        self._positions, self._size = positions, size
        return len(new)
