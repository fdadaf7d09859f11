"""Detects that the digest key that a log was written with is gone. Pure over a reader.

A start that finds no key of the present period makes one. If the log was written with another key in that
period, that key is lost, and nobody can compare a body with the earlier digests any more. The start reports
it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

import orjson

from shield.audit.life_records import CREATED
from shield.audit.record import Kind
from shield.audit.tiles import Reader, read_bundle
from shield.audit.tree import TILE_WIDTH

FARTHEST: Final = 4096 * TILE_WIDTH
"""Records that are read to find the one that names the key: what a minute at a start allows."""
_KEYED: Final = "hmac-sha256:"


class DigestKeyUse:
    """The key that the records used last, from the records noted, in order."""

    def __init__(self) -> None:
        self._named: tuple[str, str] | None = None
        self._used = ""

    def note(self, fields: Mapping[str, Any]) -> None:
        """Adds one record. Raises KeyError where a member that its kind must have is missing."""
        if (named := _named_by(fields)) is not None:
            self._named, self._used = named, ""
        elif used := _used_by(fields):
            self._used = used

    def lost(
        self,
        key: str,
        period: str,
        earlier: Iterator[Mapping[str, Any]],
        period_at: Callable[[str], str],
    ) -> str | None:
        """The id of the key of `period` that the log was written with, where it is not `key`; else None.

        `earlier` are the records before those noted, newest first; `period_at` gives the period of a record's
        time. A configured key has no period, and is never lost here: whoever holds it changes it.
        """
        if not period or self._used == key:
            return None
        named, used = self._named, self._used
        for fields in islice(earlier, FARTHEST) if named is None else ():
            try:
                if period_at(fields["time"]) != period:
                    return None
                named = _named_by(fields)
            except (ValueError, KeyError, TypeError):
                break  # damage below the signed size is for `verify` to report, and stops no start
            if named is not None:
                break
            used = used or _used_by(fields)
            if used == key:
                return None
        if named is not None:
            return named[1] if named[0] == period and named[1] != key else None
        return used or None


def earlier_records(reader: Reader, end: int, minimum: int) -> Iterator[Mapping[str, Any]]:
    """The records below index `end`, newest first, down to `minimum` or to an unreadable one."""
    for number in range(-(-end // TILE_WIDTH) - 1, minimum // TILE_WIDTH - 1, -1):
        width = min(TILE_WIDTH, end - number * TILE_WIDTH)
        for raw in reversed(read_bundle(reader, number, width) or ()):
            fields = _fields(raw)
            if fields is None:
                return
            yield fields


def _fields(raw: bytes) -> Mapping[str, Any] | None:
    try:
        fields = orjson.loads(raw)
    except ValueError:
        return None
    return fields if isinstance(fields, dict) and {"kind", "time"} <= fields.keys() else None


def _named_by(fields: Mapping[str, Any]) -> tuple[str, str] | None:
    """Period and id of the key that is used from this record on, where it names one."""
    if fields["kind"] == Kind.BOOT:
        return fields.get("digest_period", ""), fields["digest_key"]
    if fields["kind"] == Kind.DIGEST_KEY and fields["action"] == CREATED:
        return fields["period"], fields["key"]
    return None


def _used_by(fields: Mapping[str, Any]) -> str:
    """The id of the key in a record's digest of a body."""
    digest = fields.get("body_before")
    return digest.split(":")[1] if isinstance(digest, str) and digest.startswith(_KEYED) else ""
