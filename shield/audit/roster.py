"""The roster: every log of a deployment with its signed head, as one document. Pure over `Reader`s.

An anchor that kept it can tell later that a whole log is missing, not only that one was changed.

    {"version": 1, "time": "2031-05-04T03:02:01.000000Z",
     "logs": [{"origin": "...", "size": 292, "root": "BASE64", "vkey": "...", "checkpoint": "the note"}]}
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from shield.audit.checkpoint import CheckpointError, SignedCheckpoint, VerifierKey
from shield.audit.rotation import read_history
from shield.audit.tiles import CHECKPOINT_PATH, Reader

VERSION = 1
_TIME_LENGTH = len("2031-05-04T03:02:01.000000Z")
LISTED_IN_RECORD = 150


@dataclass(frozen=True, slots=True)
class LogHead:
    """The signed head of one log, and the key that signed it."""

    signed: SignedCheckpoint
    vkey: str

    @property
    def origin(self) -> str:
        return self.signed.checkpoint.origin

    @property
    def fields(self) -> dict[str, object]:
        """The fields, as in a `roster` record."""
        head = self.signed.checkpoint
        root = base64.b64encode(head.root).decode()
        return {"origin": head.origin, "size": head.size, "root": root, "vkey": self.vkey}


@dataclass(frozen=True, slots=True)
class Roster:
    """The heads of all logs at a time (as in records)."""

    time: str
    heads: tuple[LogHead, ...]

    @property
    def document(self) -> bytes:
        logs = [{**head.fields, "checkpoint": head.signed.note} for head in self.heads]
        return orjson.dumps({"version": VERSION, "time": self.time, "logs": logs})

    @classmethod
    def parse(cls, raw: bytes) -> Roster:
        """Parses a roster. Raises `CheckpointError` unless its heads are signed by the keys it names."""
        try:
            fields = orjson.loads(raw)
            if fields["version"] != VERSION:
                raise CheckpointError("the roster is of another version")
            heads = tuple(_parse_head(log) for log in fields["logs"])
            return cls(_checked_time(str(fields["time"])), heads)
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
            raise CheckpointError("it is not a roster") from None


def _checked_time(time: str) -> str:
    """A time as in records, which names files and is compared as text; raises `ValueError`."""
    if datetime.fromisoformat(time).utcoffset() is None or len(time) != _TIME_LENGTH or time[-1] != "Z":
        raise ValueError
    return time


def _parse_head(fields: Mapping[str, Any]) -> LogHead:
    signed = SignedCheckpoint.parse(fields["checkpoint"].encode())
    signed.verify(VerifierKey.parse(fields["vkey"]))
    head = LogHead(signed, fields["vkey"])
    if {name: fields[name] for name in head.fields} != head.fields:
        raise CheckpointError("the roster says of a head what its checkpoint does not")
    return head


def read_head(reader: Reader) -> LogHead | None:
    """The head of a log; None where it has none that can be trusted."""
    try:
        # In this order: a rotating writer stores the keys before the head that the new one signs.
        signed = SignedCheckpoint.parse(reader.read(CHECKPOINT_PATH) or b"")
        history = read_history(reader)
        if history is None:
            return None
        key = history.at(signed.checkpoint.size)
        signed.verify(key)
    except CheckpointError:
        return None
    return LogHead(signed, key.vkey)


def read_roster(readers: Iterable[Reader], time: str) -> Roster:
    """The heads of the logs that have one, by origin."""
    heads = [head for head in map(read_head, readers) if head is not None]
    return Roster(time, tuple(sorted(heads, key=lambda head: head.origin)))
