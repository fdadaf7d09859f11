"""A log as it stood when the evidence was begun, and its records with their proofs. Writes files."""

from __future__ import annotations

from pathlib import Path

from shield.audit.checkpoint import CheckpointError, SignedCheckpoint, VerifierKey
from shield.audit.documents import document_path, read_document
from shield.audit.keys import folder_name
from shield.audit.proof import prove_record
from shield.audit.rotation import KeyHistory, encode_history, read_history
from shield.audit.tiles import CHECKPOINT_PATH, VKEY_PATH, MissingTileError, Reader
from shield.audit.tree import ProofError
from shield.errors import EvidenceError
from shield.evidence.reading import Entry, Source


class Pinned:
    """A log under the checkpoint that it had at the beginning, though it may go on being written."""

    def __init__(self, source: Source) -> None:
        """Raises `EvidenceError` where the log has no signed head."""
        self.origin = source.origin
        self.folder = folder_name(source.origin)
        self._reader: Reader = source.reader
        self._raw = source.reader.read(CHECKPOINT_PATH) or b""
        try:
            self.signed = SignedCheckpoint.parse(self._raw)
            self.history = _history(source.reader)
            self.key = self.history.at(self.size)
            self.signed.verify(self.key)
        except (CheckpointError, UnicodeDecodeError) as error:
            raise EvidenceError(f"the log of {source.origin} has no head to sample under: {error}") from None

    @property
    def vkey(self) -> str:
        """The vkey of the key that signed the head."""
        return self.key.vkey

    @property
    def size(self) -> int:
        return self.signed.checkpoint.size

    def read(self, path: str) -> bytes | None:
        return self._raw if path == CHECKPOINT_PATH else self._reader.read(path)

    def names(self, path: str) -> list[str]:
        return self._reader.names(path)


def _history(reader: Reader) -> KeyHistory:
    """The log's keys. If its rotations are damaged (`verify_log` names that), only its present key."""
    try:
        history = read_history(reader)
    except CheckpointError:
        history = None
    return history or KeyHistory(VerifierKey.parse((reader.read(VKEY_PATH) or b"").decode()))


def write_head(log: Pinned, out: Path) -> None:
    """Writes a log's head, the key that signed it, and how that key follows from earlier ones."""
    for folder in ("keys", "checkpoints"):
        (out / folder).mkdir(exist_ok=True)
    (out / "keys" / f"{log.folder}.vkey").write_text(log.vkey + "\n", encoding="utf-8")
    (out / "checkpoints" / f"{log.folder}.checkpoint").write_text(log.signed.note, encoding="utf-8")
    if log.history.rotations:
        rotations = encode_history(log.history.rotations)
        (out / "keys" / f"{log.folder}.rotations").write_bytes(rotations)


def write_proved(log: Pinned, entry: Entry, out: Path) -> str:
    """Writes a record and its proof, once; returns the record's path in the pack.

    Raises `EvidenceError` where it cannot be proved, `OSError`.
    """
    relative = f"records/{log.folder}/{entry.index}.json"
    path = out / relative
    if path.exists():
        return relative
    try:
        proof = prove_record(log, entry.index)
        proof.verify(log.key)
    except (ProofError, CheckpointError, MissingTileError) as error:
        raise EvidenceError(f"{log.origin}#{entry.index} cannot be proved: {error}") from None
    if proof.entry != entry.raw:
        raise EvidenceError(f"{log.origin}#{entry.index} differs between the log's files")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(entry.raw)
    path.with_suffix(".tlog-proof").write_text(proof.text, encoding="utf-8")
    return relative


def write_document(log: Reader, digest: str | None, out: Path) -> str | None:
    """Copies the document of a digest; returns its path in the pack, None where it is gone."""
    content = read_document(log, digest) if digest else None
    if content is None or digest is None:
        return None
    relative = document_path(digest)
    path = out / relative
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return relative
