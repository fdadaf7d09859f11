"""The part of `verify` that checks what a log's records must say of themselves and of each other.

Pure. In order of their index: contiguous numbers, known kinds, times that do not go back unnoted, one outcome
for each intent, runs that begin with `boot`, and checkpoints that the log really had.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from shield.audit.checkpoint import Checkpoint, CheckpointError, SignedCheckpoint
from shield.audit.record import AWAITING_OUTCOME, OUTCOME_UNKNOWN, VERSION, Kind
from shield.audit.retention import Minimum
from shield.audit.rotation import KeyHistory, Rotation
from shield.audit.tiles import MINIMUM_PATH, ROTATIONS_PATH, MissingTileError, TileNodes
from shield.audit.tree import root_at
from shield.audit.verification import Complain, Taken

_KINDS = frozenset(kind.value for kind in Kind)
_AWAITING = frozenset(kind.value for kind in AWAITING_OUTCOME)
_BETWEEN_RUNS = frozenset({"", "shutdown"})
_OWN = frozenset({"rotate", "prune", "hold", "roster", "anchor"})
_TIME_LENGTH = len("2031-05-04T03:02:01.000000Z")
_NONCE_LENGTH = 32


class RecordChecks:
    """Takes the records once, in order. Its memory is the open intents, and what anchors took."""

    def __init__(
        self,
        complain: Complain,
        *,
        history: KeyHistory | None,
        nodes: TileNodes,
        signed_size: int,
        minimum: Minimum | None,
    ) -> None:
        """`nodes` reads the tiles of the tree of `signed_size`, for the checkpoints that records name.

        `minimum`: the records below it were pruned, so the first may not begin a run.
        """
        self._complain = complain
        self._history = history
        self._nodes = nodes
        self._signed_size = signed_size
        self._minimum = minimum
        self._floor = 0 if minimum is None else minimum.index
        self._last_kind = "pruned" if self._floor else ""
        self._links = {} if history is None else {link.index: link for link in history.rotations}
        self._shift = 0
        self.kinds: Counter[str] = Counter()
        self.open_intents: dict[int, str] = {}
        self.unknown_outcomes = 0
        self.clock_jumps = 0
        self.holds: set[str] = set()
        self.roster: tuple[int, Sequence[Mapping[str, Any]]] | None = None
        """The newest record that names all logs of the deployment: its index and content."""
        self.taken: list[Taken] = []
        """The records of anchors that took a roster."""
        self.later: list[tuple[int, int, str]] = []
        """Records beyond the signed size that name a checkpoint beyond it too: index, size and file.

        While a log is written, its head may be signed again between reading it and reading the last records.
        """
        self._pruned: bytes | None = None
        self.first_time = ""
        self.last_time = ""

    def take(self, start: int, entries: Sequence[bytes], file: str) -> None:
        """Checks the stored bytes of the records `start`…, which are in `file`."""
        loads = orjson.loads
        kinds = self.kinds
        pop, kinds_known, floor = self.open_intents.pop, _KINDS, self._floor
        last = self.last_time
        # Intents and outcomes, nearly all of a log, are judged inline: a call costs as much as the rest.
        for index, entry in enumerate(entries, start):
            try:
                fields = loads(entry)
                kind = fields["kind"]
                time = fields["time"]
                if fields["index"] != index or fields["version"] != VERSION or kind not in kinds_known:
                    self._note_oddity(index, fields, file)
                    continue
                kinds[kind] += 1
                if len(time) != _TIME_LENGTH or len(fields["nonce"]) != _NONCE_LENGTH:
                    self._complain(index, file, "its time or nonce is malformed")
                if "clock_back_us" in fields:
                    self.clock_jumps += 1
                elif time < last:
                    self._complain(index, file, "its time is before that of the preceding record")
                last = time
                if not self.first_time:
                    self.first_time = time
                running = self._last_kind not in _BETWEEN_RUNS
                if kind == "intent" and running:
                    self.open_intents[index] = fields["request_id"]
                elif kind == "outcome" and running:
                    intent = fields["intent"]
                    if pop(intent, None) != fields["request_id"] and intent >= floor:
                        self._complain(index, file, "it is an outcome without an open intent")
                    if fields["result"] == OUTCOME_UNKNOWN:
                        self.unknown_outcomes += 1
                elif kind in _OWN:
                    self._check_own(index, kind, fields, entry, file)
                else:
                    self._check_kind(index, kind, fields, file)
                self._last_kind = kind
            except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
                self._complain(index, file, "it is not a record of this format")
        self.last_time = last

    def _note_oddity(self, index: int, fields: Mapping[str, Any], file: str) -> None:
        """Names the first of consecutive records that are all out of place by the same number."""
        found = fields["index"]
        if found == index:
            self._complain(index, file, "its version or kind is unknown")
            return
        shift = found - index if isinstance(found, int) else None
        if shift is None or shift != self._shift:
            number = found if isinstance(found, int) else "no number"
            self._complain(index, file, f"its index is {number}: a record is missing, doubled or moved")
        self._shift = shift or 0

    def _check_kind(self, index: int, kind: str, fields: Mapping[str, Any], file: str) -> None:
        if kind in _AWAITING:
            self.open_intents[index] = fields["request_id"]
        elif kind == "outcome":
            intent = fields["intent"]
            if self.open_intents.pop(intent, None) != fields["request_id"] and intent >= self._floor:
                self._complain(index, file, "it is an outcome without an open intent")
            if fields["result"] == OUTCOME_UNKNOWN:
                self.unknown_outcomes += 1
        elif kind == "boot":
            self._check_boot(index, fields, file)
        elif kind == "checkpoint":
            self._check_checkpoint(index, fields, file)
        if self._last_kind in {"", "shutdown"} and kind != "boot":
            self._complain(index, file, "a run must begin with a boot record")

    def _check_own(self, index: int, kind: str, fields: Mapping[str, Any], entry: bytes, file: str) -> None:
        """Records of the log's own life: rotations, prunings, holds, anchors."""
        if self._last_kind in {"", "shutdown"}:
            self._complain(index, file, "a run must begin with a boot record")
        if kind == "roster":
            self.roster = (index, tuple(fields["logs"]))
        elif kind == "anchor":
            if fields["result"] == "ok":
                self.taken.append(Taken(index, str(fields["anchor"]), str(fields["roster_sha256"])))
        elif kind == "rotate":
            self._check_rotation(index, entry, file)
        elif kind == "prune":
            if self.holds:
                names = ", ".join(sorted(self.holds))
                self._complain(index, file, f"it pruned while a legal hold was in place: {names}")
            if not 0 <= fields["minimum_index"] <= index:
                self._complain(index, file, "it pruned records that were not written yet")
            if self._minimum is not None and self._minimum.record == index:
                self._pruned = entry
        elif fields["action"] == "placed":
            self.holds.add(fields["name"])
        else:
            self.holds.discard(fields["name"])

    def _check_rotation(self, index: int, entry: bytes, file: str) -> None:
        link = self._links.pop(index, None)
        if link is None and index >= self._signed_size:
            return  # a crash came between the record and the file; the next start writes it
        try:
            found = Rotation.parse(entry)
        except CheckpointError as error:
            self._complain(index, file, str(error))
            return
        if found != link:
            self._complain(index, file, "it is a key rotation that the file `rotations` does not have")
        if found.size:
            self._check_history(index, found.size, found.root, file)

    def finish(self) -> None:
        """Checks what is known only after the last record."""
        if self._minimum is not None and self._pruned != self._minimum.entry:
            self._complain(self._minimum.record, MINIMUM_PATH, "its record is not in the log")
        for index in self._links:
            if index >= self._floor:
                self._complain(index, ROTATIONS_PATH, "it names a key rotation that the log does not have")

    def _check_boot(self, index: int, fields: Mapping[str, Any], file: str) -> None:
        if self._history is not None and fields["vkey"] != self._history.at(index).vkey:
            self._complain(index, file, "it names another signing key")
        if fields["signed_size"]:
            root = base64.b64decode(fields["signed_root"], validate=True)
            self._check_history(index, fields["signed_size"], root, file)

    def _check_checkpoint(self, index: int, fields: Mapping[str, Any], file: str) -> None:
        root = base64.b64decode(fields["root"], validate=True)
        if self._history is not None:
            key = self._history.at(fields["size"])
            blob = base64.b64decode(fields["signature"], validate=True)
            head = Checkpoint(key.name, fields["size"], root)
            try:
                SignedCheckpoint.build(head, key.name, blob).verify(key)
            except CheckpointError as error:
                self._complain(index, file, str(error))
        self._check_history(index, fields["size"], root, file)

    def _check_history(self, index: int, size: int, root: bytes, file: str) -> None:
        """Checks that the tree had this root at this size; the tiles themselves are checked elsewhere."""
        if self._signed_size < size <= index and index >= self._signed_size:
            self.later.append((index, size, file))
            return
        if not 0 < size <= min(index, self._signed_size):
            self._complain(index, file, f"it names a checkpoint of size {size}, which this log never had")
            return
        try:
            actual = root_at(self._nodes, size)
        except MissingTileError as error:
            if size < self._floor:
                return  # its tiles were pruned
            self._complain(size - 1, str(error), "the tile is missing or cut")
            return
        if actual != root:
            self._complain(index, file, f"the records below {size} do not have the root that it recorded")
