"""Reads a log from a record on, for the index and for single records. Reads only.

Everything here believes what is written; proofs and `verify_log` check that it is what was signed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from shield.audit.checkpoint import CheckpointError, SignedCheckpoint
from shield.audit.files import FolderReader
from shield.audit.keys import origin_of
from shield.audit.retention import minimum_index
from shield.audit.tiles import CHECKPOINT_PATH, Reader, bundle_path, decode_bundle, read_bundle
from shield.audit.tree import TILE_WIDTH
from shield.audit.wal import DamageError, read_frames, segment_firsts
from shield.audit.walk import is_log
from shield.evidence.reading import Entry, Source, entry_of


@dataclass(frozen=True, slots=True)
class FoundLog:
    """A log in one of the folders that the console reads."""

    origin: str
    folder: Path

    @property
    def reader(self) -> FolderReader:
        return FolderReader(self.folder)

    @property
    def source(self) -> Source:
        return Source(self.origin, self.reader)

    @property
    def directory(self) -> Path:
        """The folder that holds it."""
        return self.folder.parent


def find_logs(directories: Sequence[Path]) -> list[FoundLog]:
    """Every log in the folders, by origin. Folders may be missing.

    Of two with one origin, the one in the folder of that origin's name is taken, so that a copy beside it
    does not displace it; else the first.
    """
    found: dict[str, FoundLog] = {}
    for directory in _each_once(directories):
        here: dict[str, FoundLog] = {}
        for folder in sorted(path for path in directory.iterdir() if path.is_dir()):
            reader = FolderReader(folder)
            if is_log(reader):
                log = FoundLog(origin_of(reader), folder)
                if log.origin not in here or folder.name == log.origin.replace("/", "+"):
                    here[log.origin] = log
        found = here | found
    return [found[origin] for origin in sorted(found)]


def hidden_logs(directories: Sequence[Path]) -> list[Path]:
    """The folders of logs that `find_logs` leaves out because another log has their origin."""
    shown = {log.folder for log in find_logs(directories)}
    return [
        folder
        for directory in _each_once(directories)
        for folder in sorted(path for path in directory.iterdir() if path.is_dir())
        if folder not in shown and is_log(FolderReader(folder))
    ]


def _each_once(directories: Sequence[Path]) -> list[Path]:
    """The existing folders, each once: `audit`, `./audit` and a link to it are one, under its first name."""
    return list({path.resolve(): path for path in reversed(directories) if path.is_dir()}.values())[::-1]


@dataclass(frozen=True, slots=True)
class Damage:
    """Signed records of a log that cannot be read, from `first` to below `end`: in which file, and why."""

    first: int
    end: int
    path: str
    what: str


def entries_from(
    reader: Reader, start: int, damaged: Callable[[Damage], None] = lambda _: None
) -> Iterator[Entry]:
    """The records from index `start` on, in order, up to the newest that is durable.

    Memory is one bundle or one segment. Unreadable records below the signed head are reported to `damaged`,
    and reading goes on after them; beyond the head it ends at the first place that cannot be read.
    """
    for index, raw in _raw_from(reader, start, damaged):
        yield entry_of(index, raw)


def _raw_from(reader: Reader, start: int, damaged: Callable[[Damage], None]) -> Iterator[tuple[int, bytes]]:
    size = signed_size(reader)
    bundle, skip = divmod(max(start, minimum_index(reader)), TILE_WIDTH)  # what lies before was pruned
    while True:
        entries, what = _read(reader, bundle_path(bundle))
        first, end = bundle * TILE_WIDTH, (bundle + 1) * TILE_WIDTH
        if len(entries) < TILE_WIDTH:
            if end > size:  # what follows it, if anything does, stands in the write-ahead log
                yield from list(enumerate(entries, first))[skip:]
                skip = max(skip, len(entries))
                break
            minimum = minimum_index(reader)
            if minimum > first:  # a pruning overtook the reader
                bundle, skip = divmod(minimum, TILE_WIDTH)
                continue
            damaged(Damage(first + len(entries), end, bundle_path(bundle), what))
        yield from list(enumerate(entries, first))[skip:]
        bundle += 1
        skip = 0
    index = bundle * TILE_WIDTH + skip
    firsts = [first for first in segment_firsts(reader) if first <= index]
    try:
        for frame in read_frames(reader, firsts[-1] if firsts else 0):
            if frame.record == index:
                yield index, frame.payload
                index += 1
    except (DamageError, OSError):
        pass
    if index < size and index // TILE_WIDTH == bundle:
        width = size - bundle * TILE_WIDTH
        for raw in _partial(reader, bundle, width)[index % TILE_WIDTH :]:
            yield index, raw
            index += 1
        # If the log grew meanwhile, its next reading finds the bundle whole.
        if index < size and signed_size(reader) == size:
            what = "missing or cut, and so is the write-ahead log"
            damaged(Damage(index, size, bundle_path(bundle, width), what))


def _read(reader: Reader, path: str) -> tuple[list[bytes], str]:
    """The entries of a full bundle and, where there are fewer than 256, the reason."""
    try:
        raw = reader.read(path)
    except OSError as error:
        return [], error.strerror or type(error).__name__
    return ([], "missing") if raw is None else (decode_bundle(raw)[:TILE_WIDTH], "cut")


def _partial(reader: Reader, bundle: int, width: int) -> list[bytes]:
    try:
        return read_bundle(reader, bundle, width) or []
    except OSError:
        return []


def is_readable(reader: Reader, damage: Damage) -> bool:
    """Whether the first of the records can be read by now. Reads no file after theirs."""
    bundle, place = divmod(damage.first, TILE_WIDTH)
    if len(_read(reader, bundle_path(bundle))[0]) > place:
        return True
    return damage.end % TILE_WIDTH != 0 and read_entry(reader, damage.first) is not None


def signed_size(reader: Reader) -> int:
    """How many records the newest checkpoint covers; 0 without one that can be read."""
    try:
        return SignedCheckpoint.parse(reader.read(CHECKPOINT_PATH) or b"").checkpoint.size
    except CheckpointError:
        return 0


def read_entry(reader: Reader, index: int) -> Entry | None:
    """One record; None where there is none."""
    for entry in entries_from(reader, index):
        return entry if entry.index == index else None
    return None
