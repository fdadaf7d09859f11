"""Opens a log: checks what the previous run left, cuts what a crash tore, closes what it left open.

Guarantee: whatever instant the process was killed at, opening either continues the log with every
acknowledged record in it, or raises `AuditCorruptError` that names the first damaged record. All that opening
writes (the unsigned tail, `boot`, `recovered`, the unknown outcomes) goes to disk in one atomic step, so that
being killed while opening changes nothing either.
"""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson

from shield.audit import exchange_records, life_records, run_records
from shield.audit.checkpoint import CheckpointError, SignedCheckpoint, TextSigner
from shield.audit.digest_key_loss import DigestKeyUse, earlier_records
from shield.audit.files import TEMPORARY_SUFFIX, Files, FolderReader
from shield.audit.record import AWAITING_OUTCOME, OUTCOME_UNKNOWN, Draft, Kind
from shield.audit.retention import minimum_index
from shield.audit.rotation import KeyHistory, Rotation, read_history
from shield.audit.sequencer import Sequencer
from shield.audit.tiles import (
    CHECKPOINT_PATH,
    ROTATIONS_PATH,
    VKEY_PATH,
    WAL_FOLDER,
    MissingTileError,
    Reader,
    TileNodes,
    bundle_path,
    encode_bundle,
    frontier_at,
    tile_path,
)
from shield.audit.tree import TILE_WIDTH, Frontier, FullTile, leaf_hash
from shield.audit.wal import (
    DamageError,
    Frame,
    Wal,
    cut_segments,
    read_frames,
    replace_tail,
    segment_firsts,
)
from shield.audit.writer import LogWriter, write_full, write_history
from shield.config_codes import ProblemCode
from shield.errors import AuditCorruptError, ConfigError


@dataclass(frozen=True, slots=True)
class Opened:
    """A log that is ready to be written: its unsigned part is on disk, a checkpoint over it is due.

    `lost_digest_key` is the id of a lost key of this period that the log was written with.
    """

    writer: LogWriter
    sequencer: Sequencer
    lost_digest_key: str | None = None


def read_checkpoint(reader: Reader) -> SignedCheckpoint | None:
    """The newest checkpoint of a log; raises `AuditCorruptError` where it is malformed."""
    raw = reader.read(CHECKPOINT_PATH)
    if raw is None:
        return None
    try:
        return SignedCheckpoint.parse(raw)
    except CheckpointError as error:
        raise AuditCorruptError(f"the file {CHECKPOINT_PATH} is damaged: {error}") from error


def open_log(
    files: Files,
    folder: Path,
    signers: Sequence[TextSigner],
    *,
    clock: Callable[[], int],
    random: Callable[[int], bytes],
    build: str,
    digest_key: str,
    digest_period: str = "",
    period_at: Callable[[str], str] = lambda _time: "",
) -> Opened:
    """Opens the log in a folder that exists and is locked.

    `digest_key` is the id of the present key of the period, `period_at` gives the period of a record's time.
    Where the log was written with another key in that period, a record says that it is lost. `signers` are
    the available ones, the one for a new log first; the log goes on with the one that signs it. Raises
    `AuditCorruptError`, `ConfigError` (it was signed with another key) or `OSError`.
    """
    reader = FolderReader(folder, files)
    _remove_temporaries(files, folder)
    history = _history(reader, signers[0])
    signed = read_checkpoint(reader)
    if signed is not None:
        try:
            signed.verify(history.at(signed.checkpoint.size))
        except CheckpointError as error:
            raise AuditCorruptError(f"the file {CHECKPOINT_PATH} cannot be trusted: {error}") from error
    recovery = _Recovery(files, folder, reader, signed)
    recovery.read()
    history = _with_rotations(history, recovery.rotations)
    signer = _signer_of(history, signers)
    if reader.read(VKEY_PATH) != history.current.vkey.encode() + b"\n":
        write_history(files, folder, history)
    sequencer = Sequencer(
        next_index=recovery.next_index,
        last_time_us=recovery.last_time_us,
        open_intents=recovery.open_intents,
        clock=clock,
        random=random,
    )
    boot = run_records.boot(
        build=build,
        origin=signer.key.name,
        vkey=signer.key.vkey,
        digest_key=digest_key,
        digest_period=digest_period,
        signed_size=recovery.signed_size,
        signed_root=base64.b64encode(signed.checkpoint.root).decode() if signed else None,
    )
    drafts = [boot, *recovery.closing_drafts()]
    lost = recovery.lost_digest_key(digest_key, digest_period, period_at)
    if lost is not None:
        drafts.append(
            life_records.digest_key(action=life_records.LOST, period=digest_period, key=lost, approver="")
        )
    added = [sequencer.encode(draft)[1] for draft in drafts]
    return Opened(recovery.finish(signer, history, added), sequencer, lost)


def _remove_temporaries(files: Files, folder: Path) -> None:
    """Removes files that were never renamed into the log. Those among tiles are overwritten anyway."""
    for place in (folder, folder / WAL_FOLDER):
        with contextlib.suppress(FileNotFoundError):
            for name in files.names(place):
                if name.endswith(TEMPORARY_SUFFIX):
                    files.unlink(place / name)


def _history(reader: Reader, wanted: TextSigner) -> KeyHistory:
    try:
        return read_history(reader) or KeyHistory(wanted.key)
    except CheckpointError as error:
        raise AuditCorruptError(f"the file {VKEY_PATH} or {ROTATIONS_PATH} is damaged: {error}") from error


def _with_rotations(history: KeyHistory, entries: Sequence[bytes]) -> KeyHistory:
    """Adds a rotation that was recorded before a crash and not yet written beside the log."""
    links = list(history.rotations)
    for entry in entries:
        try:
            link = Rotation.parse(entry)
        except CheckpointError as error:
            raise AuditCorruptError(f"a key rotation in {WAL_FOLDER} cannot be trusted: {error}") from error
        if not links or link.index > links[-1].index:
            links.append(link)
    return KeyHistory(history.first, tuple(links))


def _signer_of(history: KeyHistory, signers: Sequence[TextSigner]) -> TextSigner:
    for signer in signers:
        if signer.key == history.current:
            return signer
    raise ConfigError(
        ProblemCode.SIGNING_KEY_OTHER,
        f"audit.signing_key: the log of {history.current.name} was signed with another key; "
        "to rotate to the new key, name the old one as audit.retired_signing_key",
    )


class _Recovery:
    """Checks the write-ahead log against tiles and checkpoint; gathers what the writer needs to go on."""

    def __init__(self, files: Files, folder: Path, reader: Reader, signed: SignedCheckpoint | None) -> None:
        self._files = files
        self._folder = folder
        self._reader = reader
        self._signed = signed.checkpoint if signed else None
        self.signed_size = signed.checkpoint.size if signed else 0
        self._nodes = TileNodes(reader, self.signed_size)
        self._firsts = segment_firsts(reader)
        self._frontier = Frontier()
        self._bundle: list[bytes] = []
        self._unsigned: list[bytes] = []
        self._unsigned_at: tuple[str, int] | None = None  # segment and byte where the unsigned part begins
        self._cut_bytes = 0
        self._last_kind = ""
        self.next_index = 0
        self.last_time_us = 0
        self.open_intents: dict[int, str] = {}
        self.rotations: list[bytes] = []
        self._digest_keys = DigestKeyUse()

    def read(self) -> None:
        """Raises `AuditCorruptError` for any damage except a torn write beyond the signed size."""
        self._start()
        try:
            for frame in read_frames(self._reader):
                self._take(frame)
        except DamageError as damage:
            if damage.index < self.signed_size or not damage.torn:
                signed = damage.index < self.signed_size
                where = "below the signed size" if signed else "though it was acknowledged"
                raise AuditCorruptError(f"{damage} is damaged, {where}") from damage
            self._cut_bytes = damage.size
            if damage.index == self.signed_size:
                self._unsigned_at = (damage.file, damage.offset)
        if self.next_index < self.signed_size:
            raise AuditCorruptError(
                f"record {self.next_index} is missing, below the signed size {self.signed_size}"
            )
        if self.next_index == self.signed_size:
            self._check_root()
        self._check_end()

    def _check_end(self) -> None:
        """Checks that no tiles, which hold durable records only, reach farther: else the rest is older."""
        number, width = divmod(self.next_index, TILE_WIDTH)
        path = bundle_path(number)
        widths = [int(name) for name in self._reader.names(f"{path}.p") if name.isdecimal()]
        if max(widths, default=0) > width or self._reader.read(path) is not None:
            raise AuditCorruptError(
                f"{path} holds records from {self.next_index} on that are not in {WAL_FOLDER}: "
                "an older copy of a part of the log was restored"
            )

    def _start(self) -> None:
        """Restores the tree at the first tile boundary that the write-ahead log covers from."""
        needed = self.signed_size - self.signed_size % TILE_WIDTH
        first = self._firsts[0] if self._firsts else 0
        if first > needed or (not self._firsts and (self.signed_size or self._reader.names("tile"))):
            raise AuditCorruptError(f"record {needed} is not in {WAL_FOLDER}, which must hold it")
        boundary = -(-first // TILE_WIDTH) * TILE_WIDTH
        try:
            self._frontier = frontier_at(self._nodes, boundary)
        except MissingTileError as error:
            raise AuditCorruptError(f"{error} is missing or too short, below the signed size") from error
        self.next_index = first

    def _take(self, frame: Frame) -> None:
        if frame.record != self.next_index:
            raise AuditCorruptError(f"record {self.next_index} is missing before {frame.file}")
        if frame.record == self.signed_size:
            self._check_root()
            self._unsigned_at = (frame.file, frame.offset)
        self._note(frame)
        if frame.record < self.signed_size:
            self._check_leaf(frame)
        else:
            self._unsigned.append(frame.payload)
        if frame.record >= self._frontier.size:
            self._grow(frame.payload)
        self.next_index += 1

    def _note(self, frame: Frame) -> None:
        """Keeps what later records depend on: open intents, the last kind, the last time."""
        try:
            fields = orjson.loads(frame.payload)
            kind = Kind(fields["kind"])
            index = fields["index"]
            if kind in AWAITING_OUTCOME:
                self.open_intents[frame.record] = fields["request_id"]
            elif kind is Kind.OUTCOME:
                self.open_intents.pop(fields["intent"], None)
            elif kind is Kind.ROTATE:
                self.rotations.append(frame.payload)
            self._digest_keys.note(fields)
            moment = datetime.fromisoformat(fields["time"])
            self.last_time_us = round(moment.timestamp() * 1_000_000)
        except (ValueError, KeyError, TypeError):
            index = None
        if index != frame.record:
            raise AuditCorruptError(f"record {frame.record} in {frame.file} is not a record of this log")
        self._last_kind = kind

    def _check_leaf(self, frame: Frame) -> None:
        try:
            stored = self._nodes.node(0, frame.record)
        except MissingTileError as error:
            raise AuditCorruptError(f"{error} with record {frame.record} is missing or cut") from error
        if stored != leaf_hash(frame.payload):
            raise AuditCorruptError(f"record {frame.record} in {frame.file} does not match its tile")

    def _check_root(self) -> None:
        if self._signed and self._frontier.root() != self._signed.root:
            raise AuditCorruptError(
                f"the records below {self.signed_size} do not have the root that was signed"
            )

    def _grow(self, payload: bytes) -> None:
        self._bundle.append(payload)
        tiles = self._frontier.append(leaf_hash(payload))
        if tiles:
            self._settle(tiles)
            self._bundle.clear()

    def _settle(self, tiles: Sequence[FullTile]) -> None:
        """Compares a full bundle and its tiles with those on disk; writes what a crash left unwritten."""
        expected = {bundle_path(tiles[0].number): encode_bundle(self._bundle)}
        expected |= {tile_path(tile.level, tile.number): tile.hashes for tile in tiles}
        end = (tiles[0].number + 1) * TILE_WIDTH
        complete = True
        for path, content in expected.items():
            stored = self._reader.read(path)
            complete = complete and stored is not None
            if (stored is None and end <= self.signed_size) or (stored is not None and stored != content):
                first = end - TILE_WIDTH
                raise AuditCorruptError(f"{path}, with records from {first} on, is missing or damaged")
        if not complete:
            write_full(self._files, self._folder, self._bundle, tiles)

    def lost_digest_key(self, key: str, period: str, period_at: Callable[[str], str]) -> str | None:
        """The id of the key that the log was written with in `period`, where `key` is another."""
        minimum = minimum_index(self._reader)
        earlier = earlier_records(self._reader, self._firsts[0] if self._firsts else 0, minimum)
        return self._digest_keys.lost(key, period, earlier, period_at)

    def closing_drafts(self) -> list[Draft]:
        """The records for an unclean end: `recovered`, then an unknown outcome for each open intent."""
        clean = self._last_kind in {"", Kind.SHUTDOWN}
        if clean and not self.open_intents and not self._cut_bytes:
            return []
        recovered = run_records.recovered(
            clean=clean,
            unsigned_records=len(self._unsigned),
            cut_bytes=self._cut_bytes,
            unknown_outcomes=len(self.open_intents),
        )
        outcomes = [
            exchange_records.outcome(request_id=request_id, intent=index, status=None, result=OUTCOME_UNKNOWN)
            for index, request_id in self.open_intents.items()
        ]
        return [recovered, *outcomes]

    def finish(self, signer: TextSigner, history: KeyHistory, added: Sequence[bytes]) -> LogWriter:
        """Writes the unsigned tail and the records of opening, then drops what they supersede."""
        first = self.signed_size
        size = replace_tail(self._files, self._folder, [*self._unsigned, *added], first)
        cut_segments(self._files, self._folder, self._firsts, first, self._unsigned_at)
        kept = [segment for segment in self._firsts if segment < first]
        wal = Wal(self._files, self._folder, [*kept, first], size)
        for payload in added:
            self._grow(payload)
        return LogWriter(
            self._files,
            self._folder,
            signer,
            history=history,
            wal=wal,
            frontier=self._frontier,
            bundle=self._bundle,
            signed_size=first,
        )
