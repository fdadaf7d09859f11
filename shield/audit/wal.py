"""The write-ahead log, which makes a record durable before tiles and checkpoints exist for it.

`wal/FIRST.wal`, FIRST being the index of its first record in 20 digits. A segment is the 16 bytes of
`MAGIC`, then frames; it ends where the next segment begins, whatever follows there. A frame is, big-endian:

    F5 F7 | length u16 | crc u32 | index u64 | durable u64 | payload (`length` bytes)

`crc` is CRC-32 over length, index, durable and payload. `durable` says that all records below that
index were on stable storage *before this frame was written*. The two mark bytes occur in no UTF-8, so
that frames after a damaged place can be found. Hence the rule for a damaged place at record i:
where a later frame says durable > i, or a later segment exists, an acknowledged record is damaged;
else a crash tore a write that was never acknowledged, and it may be cut.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from shield.audit.files import FILE_MODE, Files, sync_folder, write_all, write_atomic
from shield.audit.tiles import WAL_FOLDER, Reader

MAGIC = b"shield wal 1\r\n\x1a\n"
SUFFIX = ".wal"
SEGMENT_BYTES = 16 * 1024 * 1024
_MARK = b"\xf5\xf7"
_HEAD = struct.Struct(">2sHIQQ")
HEAD_BYTES = _HEAD.size
_COVERED = struct.Struct(">HQQ")


class Frame(NamedTuple):
    """One record in a segment: `file` is relative to the log's folder, `offset` where the frame begins."""

    record: int
    payload: bytes
    file: str
    offset: int


class DamageError(Exception):
    """The log cannot be read on at record `index`.

    `torn` says that this is only the end of a write that was never acknowledged; `size` is the number of
    bytes from there to the end of the segment.
    """

    def __init__(self, index: int, file: str, offset: int, size: int, *, torn: bool) -> None:
        super().__init__(f"record {index} in {file} at byte {offset}")
        self.index = index
        self.file = file
        self.offset = offset
        self.size = size
        self.torn = torn


def segment_path(first: int) -> str:
    """The path, in the log's folder, of the segment that begins with record `first`."""
    return f"{WAL_FOLDER}/{first:020d}{SUFFIX}"


def segment_firsts(reader: Reader) -> list[int]:
    """The first indices of the existing segments, ascending."""
    names = [name.removesuffix(SUFFIX) for name in reader.names(WAL_FOLDER) if name.endswith(SUFFIX)]
    return sorted(int(name) for name in names if name.isdecimal())


def encode_frames(payloads: Sequence[bytes], first: int, durable: int) -> bytes:
    """Frames for the records `first`…, written when all below `durable` were on stable storage."""
    pieces = []
    for index, payload in enumerate(payloads, first):
        length = len(payload)
        crc = zlib.crc32(payload, zlib.crc32(_COVERED.pack(length, index, durable)))
        pieces.append(_HEAD.pack(_MARK, length, crc, index, durable))
        pieces.append(payload)
    return b"".join(pieces)


def _frame_at(raw: bytes, offset: int) -> tuple[int, int, bytes] | None:
    """(index, durable, payload) of the valid frame at `offset`, or None."""
    if offset + HEAD_BYTES > len(raw):
        return None
    mark, length, crc, index, durable = _HEAD.unpack_from(raw, offset)
    start = offset + HEAD_BYTES
    payload = raw[start : start + length]
    if mark != _MARK or len(payload) != length:
        return None
    if zlib.crc32(payload, zlib.crc32(_COVERED.pack(length, index, durable))) != crc:
        return None
    return index, durable, payload


def _durable_after(raw: bytes, offset: int) -> int:
    """The highest `durable` that a valid frame beyond `offset` states; 0 where there is none."""
    highest = 0
    at = raw.find(_MARK, offset + 1)
    while at >= 0:
        frame = _frame_at(raw, at)
        if frame is not None:
            highest = max(highest, frame[1])
        at = raw.find(_MARK, at + 1)
    return highest


def read_frames(reader: Reader, from_segment: int = 0) -> Iterator[Frame]:
    """The records in the write-ahead log, in order, segment by segment.

    Segments that vanish while this reads (their records are in bundles by then) are skipped. Raises
    `DamageError` where it cannot go on.
    """
    firsts = [first for first in segment_firsts(reader) if first >= from_segment]
    for place, first in enumerate(firsts):
        file = segment_path(first)
        raw = reader.read(file)
        if raw is None:
            continue
        last = place + 1 == len(firsts)
        end = None if last else firsts[place + 1]
        index, offset = first, len(MAGIC)
        if raw[: len(MAGIC)] != MAGIC:
            raise DamageError(first, file, 0, len(raw), torn=False)
        while index != end and offset < len(raw):
            frame = _frame_at(raw, offset)
            if frame is None or frame[0] != index:
                torn = last and frame is None and _durable_after(raw, offset) <= index
                raise DamageError(index, file, offset, len(raw) - offset, torn=torn)
            yield Frame(index, frame[2], file, offset)
            offset += HEAD_BYTES + len(frame[2])
            index += 1
        if end is not None and index < end:
            raise DamageError(index, file, offset, 0, torn=False)


class Wal:
    """Appends to the last segment of a write-ahead log, in a folder that its caller has locked."""

    def __init__(self, files: Files, folder: Path, firsts: Sequence[int], size: int) -> None:
        """`firsts` are those of the existing segments; `size` is the bytes of the last one."""
        self._files = files
        self._folder = folder
        self._firsts = list(firsts)
        self._size = size
        self._fd = self._open(self._firsts[-1])

    def _open(self, first: int) -> int:
        return self._files.open(self._folder / segment_path(first), os.O_WRONLY | os.O_APPEND, FILE_MODE)

    def append(self, payloads: Sequence[bytes], first: int) -> None:
        """Writes records `first`… as one group and syncs it: they are durable when this returns."""
        raw = encode_frames(payloads, first, first)
        write_all(self._files, self._fd, raw)
        self._files.fdatasync(self._fd)
        self._size += len(raw)

    @property
    def full(self) -> bool:
        return self._size >= SEGMENT_BYTES

    def rotate(self, first: int) -> None:
        """Begins the segment of record `first`; all records before it must be durable."""
        write_atomic(self._files, self._folder / segment_path(first), MAGIC, below=self._folder)
        self._files.close(self._fd)
        self._fd = self._open(first)
        self._firsts.append(first)
        self._size = len(MAGIC)

    def prune(self, needed: int) -> None:
        """Removes the segments that hold no record at or above `needed`."""
        while len(self._firsts) > 1 and self._firsts[1] <= needed:
            self._files.unlink(self._folder / segment_path(self._firsts[0]))
            del self._firsts[0]

    def close(self) -> None:
        self._files.close(self._fd)


def replace_tail(files: Files, folder: Path, payloads: Sequence[bytes], first: int) -> int:
    """Rewrites the records from `first` on as the last segment, in one atomic step; returns its bytes.

    New pages are written even for records that are already there: after a failed sync the kernel may count
    pages as clean that never reached the disk.
    """
    raw = MAGIC + encode_frames(payloads, first, first)
    write_atomic(files, folder / segment_path(first), raw)
    return len(raw)


def cut_segments(
    files: Files, folder: Path, firsts: Sequence[int], first: int, cut: tuple[str, int] | None
) -> None:
    """Removes what `replace_tail` superseded: later segments, and `cut` = (segment, byte) to its end."""
    for later in [value for value in firsts if value > first]:
        files.unlink(folder / segment_path(later))
    if cut is not None and cut[0] in {segment_path(value) for value in firsts if value < first}:
        fd = files.open(folder / cut[0], os.O_WRONLY, FILE_MODE)
        try:
            files.truncate(fd, cut[1])
            files.fsync(fd)
        finally:
            files.close(fd)
    sync_folder(files, folder / WAL_FOLDER)
