"""What the records of a log must say of themselves and of each other; the part of `verify` that reads them.

Pure. In order of their index: contiguous numbers, known kinds, times that do not go back unnoted, one
outcome for each intent, runs that begin with `boot`, and checkpoints that the log really had.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from shield.audit.checkpoint import Checkpoint, CheckpointError, SignedCheckpoint, VerifierKey
from shield.audit.record import AWAITING_OUTCOME, OUTCOME_UNKNOWN, VERSION, Kind
from shield.audit.tiles import MissingTileError, TileNodes
from shield.audit.tree import root_at

_KINDS = frozenset(kind.value for kind in Kind)
_AWAITING = frozenset(kind.value for kind in AWAITING_OUTCOME)
_TIME_LENGTH = len("2031-05-04T03:02:01.000000Z")
_NONCE_LENGTH = 32

Complain = Callable[[int | None, str, str], None]
"""Called with the record's index, the file and what is wrong."""


class RecordChecks:
    """Takes the records once, in order. Its memory is the open intents."""

    def __init__(
        self, complain: Complain, *, key: VerifierKey | None, nodes: TileNodes, signed_size: int
    ) -> None:
        """`nodes` reads the tiles of the tree of `signed_size`, for the checkpoints that records name."""
        self._complain = complain
        self._key = key
        self._nodes = nodes
        self._signed_size = signed_size
        self._last_kind = ""
        self._shift = 0
        self.kinds: Counter[str] = Counter()
        self.open_intents: dict[int, str] = {}
        self.unknown_outcomes = 0
        self.clock_jumps = 0
        self.first_time = ""
        self.last_time = ""

    def take(self, start: int, entries: Sequence[bytes], file: str) -> None:
        """Checks the stored bytes of the records `start`…, which are in `file`."""
        loads = orjson.loads
        kinds = self.kinds
        for index, entry in enumerate(entries, start):
            try:
                fields = loads(entry)
                kind = fields["kind"]
                time = fields["time"]
                if fields["index"] != index or fields["version"] != VERSION or kind not in _KINDS:
                    self._note_oddity(index, fields, file)
                    continue
                kinds[kind] += 1
                if len(time) != _TIME_LENGTH or len(fields["nonce"]) != _NONCE_LENGTH:
                    self._complain(index, file, "its time or nonce is malformed")
                if "clock_back_us" in fields:
                    self.clock_jumps += 1
                elif time < self.last_time:
                    self._complain(index, file, "its time lies before that of the record before")
                self.last_time = time
                if not self.first_time:
                    self.first_time = time
                self._check_kind(index, kind, fields, file)
            except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
                self._complain(index, file, "it is not a record of this format")

    def _note_oddity(self, index: int, fields: Mapping[str, Any], file: str) -> None:
        """Names the first of a row of records that are all out of place by as much."""
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
            if self.open_intents.pop(fields["intent"], None) != fields["request_id"]:
                self._complain(index, file, "it is the outcome of no open intent")
            if fields["result"] == OUTCOME_UNKNOWN:
                self.unknown_outcomes += 1
        elif kind == "boot":
            self._check_boot(index, fields, file)
        elif kind == "checkpoint":
            self._check_checkpoint(index, fields, file)
        if self._last_kind in {"", "shutdown"} and kind != "boot":
            self._complain(index, file, "a run must begin with a boot record")
        self._last_kind = kind

    def _check_boot(self, index: int, fields: Mapping[str, Any], file: str) -> None:
        if self._key is not None and fields["vkey"] != self._key.vkey:
            self._complain(index, file, "it names another signing key")
        if fields["signed_size"]:
            root = base64.b64decode(fields["signed_root"], validate=True)
            self._check_history(index, fields["signed_size"], root, file)

    def _check_checkpoint(self, index: int, fields: Mapping[str, Any], file: str) -> None:
        root = base64.b64decode(fields["root"], validate=True)
        if self._key is not None:
            blob = base64.b64decode(fields["signature"], validate=True)
            head = Checkpoint(self._key.name, fields["size"], root)
            try:
                SignedCheckpoint.build(head, self._key.name, blob).verify(self._key)
            except CheckpointError as error:
                self._complain(index, file, str(error))
        self._check_history(index, fields["size"], root, file)

    def _check_history(self, index: int, size: int, root: bytes, file: str) -> None:
        """That the tree had this root when it had this size; the tiles themselves are checked elsewhere."""
        if not 0 < size <= min(index, self._signed_size):
            self._complain(index, file, f"it names a checkpoint of size {size}, which this log never had")
            return
        try:
            actual = root_at(self._nodes, size)
        except MissingTileError as error:
            self._complain(size - 1, str(error), "the tile is missing or cut")
            return
        if actual != root:
            self._complain(index, file, f"the records below {size} do not have the root that it recorded")
