"""`shield audit verify`: recompute everything in a log's folder and name what does not hold.

Pure over a `Reader`; memory is one bundle, one segment and the open intents, whatever the log's size.
Recomputed: every leaf from the stored bytes, every tile of every level, the root and signature of the
checkpoint and of each checkpoint that the log recorded, the write-ahead log against the bundles; and
of each record: its index, kind, time, and that outcomes and intents belong together.

What a log alone cannot show: that it was not cut back to an earlier state of itself, or written anew
with the same key. Compare with a checkpoint that was kept elsewhere (`since`) for that.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from shield.audit.checkpoint import CheckpointError, SignedCheckpoint, VerifierKey
from shield.audit.checks import RecordChecks
from shield.audit.record import Kind
from shield.audit.retention import Minimum, RetentionError, read_minimum
from shield.audit.rotation import KeyHistory, read_history
from shield.audit.tiles import (
    CHECKPOINT_PATH,
    MINIMUM_PATH,
    ROTATIONS_PATH,
    VKEY_PATH,
    MissingTileError,
    Reader,
    TileNodes,
    bundle_path,
    decode_bundle,
    frontier_at,
    read_bundle,
    read_widest,
    tile_path,
)
from shield.audit.tree import HASH_BYTES, TILE_HEIGHT, TILE_WIDTH, Frontier, FullTile, root_at, subtree_hash
from shield.audit.wal import DamageError, Frame, read_frames, segment_firsts, segment_path

MAX_LISTED = 100
KEPT = "the kept checkpoint"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not hold. `index` is the first record concerned, where one can be named."""

    index: int | None
    file: str
    what: str

    def __str__(self) -> str:
        return (
            f"{self.file}: {self.what}"
            if self.index is None
            else f"record {self.index}: {self.file}: {self.what}"
        )


@dataclass(frozen=True, slots=True)
class Report:
    """What verification found. `root` (base64) is over the `size` records; times are RFC 3339.

    `roster` is the newest record that names all logs of the deployment: its index, and their heads.
    `problems` and `open_intents` list the first hundred each; `problem_count` and `open_count` say all.
    """

    origin: str
    minimum_index: int
    size: int
    signed_size: int
    root: str
    first_time: str
    last_time: str
    kinds: Mapping[str, int]
    runs: int
    unknown_outcomes: int
    open_count: int
    open_intents: tuple[int, ...]
    clock_jumps: int
    roster: tuple[int, Sequence[Mapping[str, Any]]] | None
    problem_count: int
    problems: tuple[Problem, ...]
    notices: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return self.problem_count == 0

    @property
    def first_bad_record(self) -> int | None:
        """The lowest index that a listed problem names."""
        return min((found.index for found in self.problems if found.index is not None), default=None)


def verify_log(
    reader: Reader,
    *,
    key: VerifierKey | None = None,
    since: SignedCheckpoint | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Verifies one log. `key` should come from elsewhere; without it the log's own `vkey` file is used.

    `since` is a checkpoint of this log that was kept elsewhere: the log must still extend it.
    `on_progress` is called with (records done, signed size) after each bundle.
    """
    return _Verification(reader, key, since, on_progress).run()


class _StopError(Exception):
    """The rest of the log cannot be read."""


class _Verification:
    def __init__(
        self,
        reader: Reader,
        key: VerifierKey | None,
        since: SignedCheckpoint | None,
        on_progress: Callable[[int, int], None] | None,
    ) -> None:
        self._reader = reader
        self._given_key = key
        self._history: KeyHistory | None = None if key is None else KeyHistory(key)
        self._minimum: Minimum | None = None
        self._since = since
        self._on_progress = on_progress
        self._problems: list[Problem] = []
        self._problem_count = 0
        self._notices: list[str] = []
        self._frontier = Frontier()
        self._signed: SignedCheckpoint | None = None
        self._signed_size = 0
        self._checks = RecordChecks(self._problem, history=None, nodes=TileNodes(reader, 0), signed_size=0)
        self._frames: Iterator[Frame] = iter(())
        self._frame: Frame | None = None

    def run(self) -> Report:
        self._read_key()
        self._read_checkpoint()
        nodes = TileNodes(self._reader, self._signed_size)
        self._read_minimum(nodes)
        self._checks = RecordChecks(
            self._problem,
            history=self._history,
            nodes=nodes,
            signed_size=self._signed_size,
            minimum=self._minimum,
        )
        self._frames = self._wal_frames()
        self._frame = next(self._frames, None)
        try:
            bundle = self._full_bundles()
            self._tail(bundle)
        except _StopError:
            return self._report()
        self._checks.finish()
        self._check_later()
        size = self._frontier.size
        if size < self._signed_size:
            self._problem(
                size, bundle_path(size // TILE_WIDTH), f"missing, though {self._signed_size} are signed"
            )
        if self._since is not None and size < self._since.checkpoint.size:
            self._problem(size, CHECKPOINT_PATH, "the log is shorter than the checkpoint that was kept")
        return self._report()

    def _report(self) -> Report:
        size = self._frontier.size
        checks = self._checks
        if size > self._signed_size:
            self._notices.append(f"{size - self._signed_size} records are beyond the signed size")
        if self._given_key is None:
            self._notices.append("the key is the log's own vkey file: compare it with one from elsewhere")
        history = self._history
        if history is not None and history.rotations:
            self._notices.append(
                f"the signing key was rotated {len(history.rotations)} times, last at record "
                f"{history.rotations[-1].index}; now {history.current.vkey}"
            )
        if checks.holds:
            self._notices.append(f"legal holds stand: {', '.join(sorted(checks.holds))}")
        return Report(
            origin=history.current.name if history else "",
            minimum_index=0 if self._minimum is None else self._minimum.index,
            size=size,
            signed_size=self._signed_size,
            root=base64.b64encode(self._frontier.root()).decode(),
            first_time=checks.first_time,
            last_time=checks.last_time,
            kinds=dict(checks.kinds),
            runs=checks.kinds[Kind.BOOT],
            unknown_outcomes=checks.unknown_outcomes,
            open_count=len(checks.open_intents),
            open_intents=tuple(list(checks.open_intents)[:MAX_LISTED]),
            clock_jumps=checks.clock_jumps,
            roster=checks.roster,
            problem_count=self._problem_count,
            problems=tuple(self._problems),
            notices=tuple(self._notices),
        )

    def _problem(self, index: int | None, file: str, what: str) -> None:
        self._problem_count += 1
        if len(self._problems) < MAX_LISTED:
            self._problems.append(Problem(index, file, what))

    # The signed head.

    def _read_key(self) -> None:
        given = self._given_key
        try:
            stored = read_history(self._reader)
        except CheckpointError as error:
            rotated = self._reader.read(ROTATIONS_PATH) is not None
            self._problem(None, ROTATIONS_PATH if rotated else VKEY_PATH, str(error))
            return
        if stored is None:
            if given is None:
                self._problem(None, VKEY_PATH, "it is missing, and no key was given")
        elif given is None or given in stored.keys:
            self._history = stored
        else:
            self._problem(None, VKEY_PATH, "it is not the key that was given")

    def _key_at(self, size: int) -> VerifierKey | None:
        return None if self._history is None else self._history.at(size)

    def _check_later(self) -> None:
        """Holds what names a newer checkpoint than the one that was read at first to the one of now."""
        later = self._checks.later
        if not later:
            return
        now = 0
        raw = self._reader.read(CHECKPOINT_PATH)
        try:
            head = SignedCheckpoint.parse(raw or b"")
            if (key := self._key_at(head.checkpoint.size)) is not None:
                head.verify(key)
            now = head.checkpoint.size
        except CheckpointError:
            pass  # then it is none that could have been named
        for index, size, file in later:
            if size > now:
                self._problem(index, file, f"it names a checkpoint of size {size}, which this log never had")

    def _read_checkpoint(self) -> None:
        raw = self._reader.read(CHECKPOINT_PATH)
        if raw is None:
            self._problem(None, CHECKPOINT_PATH, "it is missing")
            return
        try:
            self._signed = SignedCheckpoint.parse(raw)
            if (key := self._key_at(self._signed.checkpoint.size)) is not None:
                self._signed.verify(key)
        except CheckpointError as error:
            self._problem(None, CHECKPOINT_PATH, str(error))
        if self._signed is not None:
            self._signed_size = self._signed.checkpoint.size
        if self._since is not None and (key := self._key_at(self._since.checkpoint.size)) is not None:
            try:
                self._since.verify(key)
            except CheckpointError as error:
                self._problem(None, KEPT, str(error))

    # Where the log begins.

    def _read_minimum(self, nodes: TileNodes) -> None:
        """Takes the tree up at the minimum index; the head over all of it decides whether that was right."""
        try:
            minimum = read_minimum(self._reader)
        except RetentionError as error:
            self._problem(None, MINIMUM_PATH, str(error))
            return
        if minimum is None:
            return
        if minimum.record >= self._signed_size:
            self._problem(minimum.record, MINIMUM_PATH, "its record is not signed")
        try:
            self._frontier = frontier_at(nodes, minimum.index)
        except MissingTileError as error:
            self._problem(minimum.index, str(error), "the tile is missing or cut")
            return
        self._minimum = minimum
        self._notices.append(f"the records below {minimum.index} were pruned, by record {minimum.record}")
        since = None if self._since is None else self._since.checkpoint
        if since is not None and since.size <= minimum.index:
            try:
                if root_at(nodes, since.size) != since.root:
                    self._problem(None, KEPT, f"the records below {since.size} do not have its root")
            except MissingTileError:
                self._notices.append(f"{KEPT} is older than what was pruned: nothing can be compared with it")

    # The records, from bundles and from the write-ahead log.

    def _wal_frames(self) -> Iterator[Frame]:
        segments = segment_firsts(self._reader)
        end = 0
        try:
            for frame in read_frames(self._reader):
                yield frame
                end = frame.record + 1
            if segments and end < self._signed_size and segments == segment_firsts(self._reader):
                self._problem(end, segment_path(segments[-1]), "it ends there, below the signed size")
        except DamageError as damage:
            if damage.torn and damage.index >= self._signed_size:
                self._notices.append(f"{damage}: a write was torn there, beyond the signed size")
            else:
                self._problem(damage.index, damage.file, f"damaged at byte {damage.offset}")

    def _full_bundles(self) -> int:
        """Takes the full bundles; returns how many there are."""
        bundle = self._frontier.size // TILE_WIDTH
        while True:
            path = bundle_path(bundle)
            raw = self._reader.read(path)
            if raw is None:
                return bundle
            entries = decode_bundle(raw)
            start = bundle * TILE_WIDTH
            if len(entries) != TILE_WIDTH or sum(map(len, entries)) + 2 * TILE_WIDTH != len(raw):
                self._checks.take(start, entries[:TILE_WIDTH], path)
                self._problem(start + min(len(entries), TILE_WIDTH), path, "the bundle is cut or too long")
                raise _StopError
            self._compare_frames(start, entries)
            self._take(start, entries, path)
            bundle += 1

    def _compare_frames(self, start: int, entries: Sequence[bytes]) -> None:
        """Holds what the write-ahead log has of a bundle's records to the bundle."""
        end = start + len(entries)
        first: Frame | None = None
        others = 0
        while (frame := self._frame) is not None and frame.record < end:
            if frame.record >= start and frame.payload != entries[frame.record - start]:
                others += first is not None
                first = first or frame
            self._frame = next(self._frames, None)
        if first is not None:
            more = f", as do {others} more" if others else ""
            self._problem(first.record, first.file, f"it differs from its bundle{more}")

    def _tail(self, bundle: int) -> None:
        """Takes the records after the last full bundle."""
        start = bundle * TILE_WIDTH
        partial: list[bytes] = []
        path = bundle_path(bundle)
        width = self._signed_size - start
        if width >= TILE_WIDTH:
            self._problem(start, path, "the bundle is missing")
            raise _StopError
        if width > 0:
            path = bundle_path(bundle, width)
            partial = read_bundle(self._reader, bundle, width) or []
            if len(partial) != width:
                self._problem(start + len(partial), path, "the bundle is missing or cut")
            self._compare_frames_of_partial(start, partial)
            if self._frontier.size == start and partial:
                self._take(start, partial, path)
        elif self._frame is not None:
            self._skip_frames(start)
        self._take_frames()
        if not segment_firsts(self._reader):
            self._notices.append("there is no write-ahead log: records beyond the signed size are not here")

    def _skip_frames(self, start: int) -> None:
        while self._frame is not None and self._frame.record < start:
            self._frame = next(self._frames, None)

    def _compare_frames_of_partial(self, start: int, partial: Sequence[bytes]) -> None:
        self._skip_frames(start)
        self._compare_frames(start, partial)

    def _take_frames(self) -> None:
        """Takes what the write-ahead log has beyond the bundles, tile by tile."""
        while self._frame is not None:
            start = self._frontier.size
            file = self._frame.file
            entries: list[bytes] = []
            room = TILE_WIDTH - start % TILE_WIDTH
            while self._frame is not None and len(entries) < room:
                if self._frame.record != start + len(entries):
                    self._problem(start + len(entries), self._frame.file, "the record is missing")
                    self._take(start, entries, file)
                    raise _StopError
                entries.append(self._frame.payload)
                self._frame = next(self._frames, None)
            self._take(start, entries, file)

    def _take(self, start: int, entries: Sequence[bytes], file: str) -> None:
        """Adds consecutive records of one tile to the tree, and checks tiles, roots and the records."""
        leaves = b"".join([sha256(b"\x00" + entry).digest() for entry in entries])
        if len(entries) == TILE_WIDTH:
            leaves = self._judge_leaves(start // TILE_WIDTH, leaves, file)
        self._checks.take(start, entries, file)
        done = 0
        for size, root, where in self._stops():
            if start < size <= start + len(entries):
                upto = (size - start) * HASH_BYTES
                self._tiles(self._frontier.extend(leaves[done:upto]), file)
                done = upto
                self._check_head(size, root, where, file)
        self._tiles(self._frontier.extend(leaves[done:]), file)
        if self._on_progress is not None:
            self._on_progress(self._frontier.size, self._signed_size)

    def _stops(self) -> list[tuple[int, bytes, str]]:
        """The sizes at which a root is known, ascending."""
        heads = [(self._signed, CHECKPOINT_PATH), (self._since, KEPT)]
        return sorted(
            (signed.checkpoint.size, signed.checkpoint.root, where)
            for signed, where in heads
            if signed is not None
        )

    def _check_head(self, size: int, root: bytes, where: str, file: str) -> None:
        """At a signed size: holds the root to the signed one, and the partial tiles to those on disk."""
        good = self._frontier.root() == root
        if where == CHECKPOINT_PATH:
            for level, number, hashes in self._frontier.partial_tiles():
                width = len(hashes) // HASH_BYTES
                full = tile_path(level, number)
                path = tile_path(level, number, width)
                stored = read_widest(self._reader, [path, full], f"{full}.p", width)
                stored = stored and stored[: len(hashes)]
                if level == 0 and stored is not None and not good and self._root_with(stored) == root:
                    self._blame_record(number, hashes, stored, file)
                    good = True
                else:
                    self._compare_tile(FullTile(level, number, hashes), stored, path)
        if not good:
            self._problem(None, where, f"the records below {size} do not have the root that was signed")

    def _root_with(self, row: bytes) -> bytes:
        """The root if the partial tile of level 0 were `row`."""
        rows = {level: hashes for level, _, hashes in self._frontier.partial_tiles()} | {0: row}
        try:
            return Frontier(
                self._frontier.size, [rows.get(level, b"") for level in range(max(rows) + 1)]
            ).root()
        except ValueError:
            return b""

    def _judge_leaves(self, number: int, leaves: bytes, file: str) -> bytes:
        """Compares a full row of leaf hashes with its tile; returns the row to go on with.

        Where they differ and the tile is the one that its parent tile was made of, the records are
        wrong and the tile is right: they are named, and the tree goes on with the tile, so that one
        changed record is one problem and not a chain of them.
        """
        stored = self._reader.read(tile_path(0, number))
        if stored is None or stored == leaves or len(stored) != len(leaves):
            return leaves
        place = number % TILE_WIDTH
        try:
            row = TileNodes(self._reader, self._signed_size).row(1, number // TILE_WIDTH, place + 1)
        except MissingTileError:
            return leaves
        if row[place * HASH_BYTES : (place + 1) * HASH_BYTES] != subtree_hash(stored):
            return leaves
        self._blame_record(number, leaves, stored, file)
        return stored

    def _blame_record(self, number: int, leaves: bytes, stored: bytes, file: str) -> None:
        wrong = _differences(leaves, stored)
        more = f", as are {len(wrong) - 1} more" if len(wrong) > 1 else ""
        self._problem(number * TILE_WIDTH + wrong[0], file, f"it is not what was signed{more}")

    def _tiles(self, tiles: Sequence[FullTile], file: str) -> None:
        for tile in tiles:
            path = tile_path(tile.level, tile.number)
            stored = self._reader.read(path)
            end = (tile.number + 1) << (TILE_HEIGHT * (tile.level + 1))
            if stored is None and end > self._signed_size:
                continue  # the writer was stopped between this record and its tile
            self._compare_tile(tile, stored, path, file)

    def _compare_tile(self, tile: FullTile, stored: bytes | None, path: str, file: str = "") -> None:
        hashes = tile.hashes
        if stored == hashes:
            return
        first = tile.number * TILE_WIDTH
        if stored is None:
            self._problem(first << (TILE_HEIGHT * tile.level), path, "the tile is missing")
            return
        place = next(iter(_differences(hashes, stored)), len(hashes) // HASH_BYTES)
        what = f"hash {place} of the tile is not that of the records" + (f" in {file}" if file else "")
        self._problem((first + place) << (TILE_HEIGHT * tile.level), path, what)


def _differences(row: bytes, other: bytes) -> list[int]:
    """The places at which two rows of hashes differ, over the length of the first."""
    steps = range(0, len(row), HASH_BYTES)
    return [at // HASH_BYTES for at in steps if row[at : at + HASH_BYTES] != other[at : at + HASH_BYTES]]
