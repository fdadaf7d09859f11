"""The signed head that a log is verified against: its key, its newest checkpoint, and one kept elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from shield.audit.checkpoint import CheckpointError, SignedCheckpoint, VerifierKey
from shield.audit.rotation import KeyHistory, read_history
from shield.audit.tiles import CHECKPOINT_PATH, ROTATIONS_PATH, VKEY_PATH, Reader
from shield.audit.verification import KEPT, Complain


class SignedHead:
    """Reads the keys and the checkpoint of a log; tells `complain` what does not hold.

    `given` is the key from elsewhere; if None, the log's own is believed. `since` is a checkpoint of this log
    that was kept elsewhere. `size` is how many records the log's own checkpoint covers.
    """

    def __init__(
        self,
        complain: Complain,
        reader: Reader,
        *,
        given: VerifierKey | None,
        since: SignedCheckpoint | None,
    ) -> None:
        self._complain = complain
        self._reader = reader
        self.behind = False
        """Whether a record names a newer checkpoint than the file: cut back, or about to be written."""
        self._given_key = given
        self.since = since
        self.history: KeyHistory | None = None if given is None else KeyHistory(given)
        self.signed: SignedCheckpoint | None = None
        self.size = 0
        self._read_key()
        self._read_checkpoint()

    def _read_key(self) -> None:
        given = self._given_key
        try:
            stored = read_history(self._reader)
        except CheckpointError as error:
            rotated = self._reader.read(ROTATIONS_PATH) is not None
            self._complain(None, ROTATIONS_PATH if rotated else VKEY_PATH, str(error))
            return
        if stored is None:
            if given is None:
                self._complain(None, VKEY_PATH, "it is missing, and no key was given")
        elif given is None or given in stored.keys:
            self.history = stored
        else:
            self._complain(None, VKEY_PATH, "it is not the key that you gave")

    def _read_checkpoint(self) -> None:
        raw = self._reader.read(CHECKPOINT_PATH)
        if raw is None:
            self._complain(None, CHECKPOINT_PATH, "it is missing")
            return
        try:
            self.signed = SignedCheckpoint.parse(raw)
            if (key := self._key_at(self.signed.checkpoint.size)) is not None:
                self.signed.verify(key)
        except CheckpointError as error:
            self._complain(None, CHECKPOINT_PATH, str(error))
        if self.signed is not None:
            self.size = self.signed.checkpoint.size
            self._check_given()
        if self.since is not None and (key := self._key_at(self.since.checkpoint.size)) is not None:
            try:
                self.since.verify(key)
            except CheckpointError as error:
                self._complain(None, KEPT, str(error))

    def _check_given(self) -> None:
        """Whoever has a retired key can sign with it, and put the rotation beyond what is signed."""
        keys = () if self.history is None else self.history.keys
        if self._given_key in keys and keys.index(self._key_at(self.size)) < keys.index(self._given_key):
            self._complain(
                None,
                CHECKPOINT_PATH,
                "it is signed by an earlier key than the one that you gave: the log was cut back, or a "
                "retired key signed another history",
            )

    def _key_at(self, size: int) -> VerifierKey | None:
        return None if self.history is None else self.history.at(size)

    def check_later(self, later: Sequence[tuple[int, int, str]]) -> None:
        """Checks records that name a newer checkpoint than the one first read against the present one.

        `later` are (index of the record, size that it names, file).
        """
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
            pass  # then no record can have named it
        for index, size, file in later:
            if size > now:
                self.behind = True
                self._complain(index, file, f"it names a checkpoint of size {size}, which this log never had")
