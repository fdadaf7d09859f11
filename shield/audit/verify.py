"""`shield audit verify`: recomputes everything in a log's folder and names what does not hold.

Pure over a `Reader`; memory is one bundle, one segment and the open intents, whatever the log's size.
Recomputed: every leaf from the stored bytes, every tile of every level, the root and signature of the
checkpoint and of each checkpoint that the log recorded, the write-ahead log against the bundles; and of each
record: its index, kind, time, and that outcomes and intents belong together.

A log alone cannot show that it was not cut back to an earlier state of itself, or rewritten with the same
key. Compare with a checkpoint that was kept elsewhere (`since`) for that.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence

from shield.audit.checkpoint import SignedCheckpoint, VerifierKey
from shield.audit.checks import RecordChecks
from shield.audit.documents import altered_documents
from shield.audit.record import Kind
from shield.audit.retention import Minimum, RetentionError, read_minimum
from shield.audit.signed_head import SignedHead
from shield.audit.tiles import (
    CHECKPOINT_PATH,
    MINIMUM_PATH,
    MissingTileError,
    Reader,
    TileNodes,
    bundle_path,
    decode_bundle,
    frontier_at,
    read_bundle,
)
from shield.audit.tree import TILE_WIDTH, Frontier, root_at
from shield.audit.tree_checks import TreeChecks
from shield.audit.verification import KEPT, MAX_LISTED, Problem, Report
from shield.audit.wal import DamageError, Frame, read_frames, segment_firsts, segment_path

MOST_READINGS = 3
"""Prunings come once an hour or by order: what differs in more readings than these was not pruned."""


def verify_log(
    reader: Reader,
    *,
    key: VerifierKey | None = None,
    since: SignedCheckpoint | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Verifies one log. `key` should come from elsewhere; without it the log's own `vkey` file is used.

    `since` is a checkpoint of this log that was kept elsewhere: the log must still extend it. `on_progress`
    is called with (records done, signed size) after each bundle.

    The log may be in use. If it is pruned meanwhile it is verified again, since what was read then is not
    consistent. So is a log one of whose records names a newer checkpoint than the file, which is written a
    moment after the record. If it is not there by the end of a second reading, the log was cut back.
    """
    for reading in range(1, MOST_READINGS + 1):
        minimum, head = reader.read(MINIMUM_PATH), reader.read(CHECKPOINT_PATH)
        verification = _Verification(reader, key, since, on_progress)
        report = verification.run()
        pruned = reader.read(MINIMUM_PATH) != minimum
        signed = verification.is_behind and (reading == 1 or reader.read(CHECKPOINT_PATH) != head)
        if report.ok or not (pruned or signed):
            break
    return report


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
        self._on_progress = on_progress
        self._problems: list[Problem] = []
        self._problem_count = 0
        self._notices: list[str] = []
        self._head = SignedHead(self._problem, reader, given=key, since=since)
        nodes = TileNodes(reader, self._head.size)
        self._minimum: Minimum | None = None
        self._tree = TreeChecks(
            self._problem,
            reader,
            frontier=self._first_frontier(nodes),
            signed=self._head.signed,
            since=since,
        )
        self._checks = RecordChecks(
            self._problem,
            history=self._head.history,
            nodes=nodes,
            signed_size=self._head.size,
            minimum=self._minimum,
        )
        self._frames = self._wal_frames()
        self._frame: Frame | None = None

    @property
    def is_behind(self) -> bool:
        return self._head.behind

    def run(self) -> Report:
        self._frame = next(self._frames, None)
        try:
            bundle = self._full_bundles()
            self._tail(bundle)
        except _StopError:
            return self._report()
        self._checks.finish()
        self._head.check_later(self._checks.later)
        for path in altered_documents(self._reader):
            self._problem(None, path, "it is not the text that its name is the SHA-256 of")
        size, signed, since = self._tree.frontier.size, self._head.size, self._head.since
        if size < signed:
            self._problem(size, bundle_path(size // TILE_WIDTH), f"missing, though {signed} are signed")
        if since is not None and size < since.checkpoint.size:
            self._problem(size, CHECKPOINT_PATH, "the log is shorter than the checkpoint that you kept")
        return self._report()

    def _report(self) -> Report:
        size = self._tree.frontier.size
        checks = self._checks
        if (beyond := size - self._head.size) > 0:
            named = "1 record is" if beyond == 1 else f"{beyond} records are"
            self._notices.append(f"{named} beyond the signed size")
        if self._given_key is None:
            self._notices.append(
                "the key is from the log's own vkey file; compare it with a copy kept elsewhere"
            )
        history = self._head.history
        if history is not None and history.rotations:
            self._notices.append(
                f"the signing key was rotated {_times(len(history.rotations))} at record "
                f"{history.rotations[-1].index}; now {history.current.vkey}"
            )
        if checks.holds:
            self._notices.append(f"legal holds in place: {', '.join(sorted(checks.holds))}")
        return Report(
            origin=history.current.name if history else "",
            minimum_index=0 if self._minimum is None else self._minimum.index,
            size=size,
            signed_size=self._head.size,
            root=base64.b64encode(self._tree.frontier.root()).decode(),
            first_time=checks.first_time,
            last_time=checks.last_time,
            kinds=dict(checks.kinds),
            runs=checks.kinds[Kind.BOOT],
            unknown_outcomes=checks.unknown_outcomes,
            open_count=len(checks.open_intents),
            open_intents=tuple(list(checks.open_intents)[:MAX_LISTED]),
            clock_jumps=checks.clock_jumps,
            roster=checks.roster,
            taken=tuple(checks.taken),
            problem_count=self._problem_count,
            problems=tuple(self._problems),
            notices=tuple(self._notices),
        )

    def _problem(self, index: int | None, file: str, what: str) -> None:
        self._problem_count += 1
        if len(self._problems) < MAX_LISTED:
            self._problems.append(Problem(index, file, what))

    # Where the log begins.

    def _first_frontier(self, nodes: TileNodes) -> Frontier:
        """The tree up to the minimum index; the head over all of it decides whether that was right."""
        try:
            minimum = read_minimum(self._reader)
        except RetentionError as error:
            self._problem(None, MINIMUM_PATH, str(error))
            return Frontier()
        if minimum is None:
            return Frontier()
        if minimum.record >= self._head.size:
            self._problem(minimum.record, MINIMUM_PATH, "its record is not signed")
        try:
            frontier = frontier_at(nodes, minimum.index)
        except MissingTileError as error:
            self._problem(minimum.index, str(error), "the tile is missing or cut")
            return Frontier()
        self._minimum = minimum
        self._notices.append(f"the records below {minimum.index} were pruned, by record {minimum.record}")
        since = None if self._head.since is None else self._head.since.checkpoint
        if since is not None and since.size <= minimum.index:
            try:
                if root_at(nodes, since.size) != since.root:
                    self._problem(None, KEPT, f"the records below {since.size} do not have its root")
            except MissingTileError:
                self._notices.append(f"{KEPT} is older than what was pruned: nothing can be compared with it")
        return frontier

    # The records, from bundles and from the write-ahead log.

    def _wal_frames(self) -> Iterator[Frame]:
        segments = segment_firsts(self._reader)
        end = 0
        try:
            for frame in read_frames(self._reader):
                yield frame
                end = frame.record + 1
            if segments and end < self._head.size and segments == segment_firsts(self._reader):
                self._problem(end, segment_path(segments[-1]), "it ends here, below the signed size")
        except DamageError as damage:
            if damage.torn and damage.index >= self._head.size:
                self._notices.append(f"{damage}: a write was cut off there, beyond the signed size")
            else:
                self._problem(damage.index, damage.file, f"damaged at byte {damage.offset}")

    def _full_bundles(self) -> int:
        """Takes the full bundles; returns how many there are."""
        bundle = self._tree.frontier.size // TILE_WIDTH
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
        """Compares what the write-ahead log has of a bundle's records with the bundle."""
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
        width = self._head.size - start
        if width >= TILE_WIDTH:
            self._problem(start, path, "the bundle is missing")
            raise _StopError
        if width > 0:
            path = bundle_path(bundle, width)
            partial = read_bundle(self._reader, bundle, width) or []
            exact = self._reader.read(path)
            if len(partial) != width:
                self._problem(start + len(partial), path, "the bundle is missing or cut")
            elif exact is not None and len(exact) > sum(map(len, partial)) + 2 * width:
                self._problem(None, path, "the bundle is too long")
            self._compare_frames_of_partial(start, partial)
            if self._tree.frontier.size == start and partial:
                self._take(start, partial, path)
        elif self._frame is not None:
            self._skip_frames(start)
        self._take_frames()
        if not segment_firsts(self._reader):
            self._notices.append("there is no write-ahead log, so records beyond the signed size are missing")

    def _skip_frames(self, start: int) -> None:
        while self._frame is not None and self._frame.record < start:
            self._frame = next(self._frames, None)

    def _compare_frames_of_partial(self, start: int, partial: Sequence[bytes]) -> None:
        self._skip_frames(start)
        self._compare_frames(start, partial)

    def _take_frames(self) -> None:
        """Takes what the write-ahead log has beyond the bundles, tile by tile."""
        while self._frame is not None:
            start = self._tree.frontier.size
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
        leaves = self._tree.leaves_of(start, entries, file)
        self._checks.take(start, entries, file)
        self._tree.extend(start, leaves, file)
        if self._on_progress is not None:
            self._on_progress(self._tree.frontier.size, self._head.size)


def _times(count: int) -> str:
    return "once," if count == 1 else f"{count} times, most recently"
