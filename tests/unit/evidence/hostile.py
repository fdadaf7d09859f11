"""Forged records: members with invalid values, and texts with terminal escape sequences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from shield.audit import about
from shield.audit.files import OsFiles, write_atomic
from shield.audit.record import Draft
from shield.audit.tiles import TILE_WIDTH, bundle_path, encode_bundle
from shield.evidence.reading import Entry
from tests.integration.console.life import life
from tests.unit.audit.logs import ORIGIN, folder_of
from tests.unit.evidence.stories import Story

DEEP: Any = orjson.loads(b"[" * 500 + b"]" * 500)
VALUES: tuple[Any, ...] = (
    *(2**63 - 1, 2**63, 2**64 - 1, -(2**63), 2**53, 1e300, -1, True, None),
    *("", "\0", "a\nb", [], {}, [1], [{}], {"a": 2**63}),
)
RAW = (b"18446744073709551616", b"-9223372036854775809", b"1" * 400, b"1e400", b"[" * 500 + b"]" * 500)
OBEYED = "\x1b]0;owned\x07\x1b[31m\x9b31m\u202e\x7f\r\n<script>"
"""What sets a terminal's title and colours, one with a control character of C1, and a mark of direction."""


def every_kind(story: Story) -> None:
    """An act that writes a record of each kind, except recovery records."""
    story.config("start", None, "sha256:one")
    story.beat("01:00:00")
    story.bypass()
    story.reject("route_not_found", 404)
    story.rescan(story.reduced(), "found")
    story.read_back("match")
    story.read_back("mismatch", "different", differing=["$.a"])
    for draft in (*life(), access(), acknowledge()):
        story.log.append(draft)


def access(text: str = "auditor") -> Draft:
    return about.access(
        action=text,
        user=text,
        uid=1,
        login=text,
        name=text,
        via=text,
        host=text,
        log=ORIGIN,
        start=None,
        end=None,
        filters={"route": [text]},
    )


def acknowledge(text: str = "auditor") -> Draft:
    return about.acknowledge(
        exception=f"{ORIGIN}#3",
        record_sha256="a" * 64,
        kinds=["bypass"],
        state="acknowledged",
        owner=text,
        ticket=text,
        note=text,
    )


def one_of_each(told: Sequence[Entry]) -> list[Entry]:
    """One record of each kind and result."""
    return list({(entry.kind, entry.fields.get("result")): entry for entry in told}.values())


def hostile(told: Sequence[Entry]) -> Iterator[bytes]:
    """Records of every kind in which each member, or each of a finding, is hostile or missing."""
    for entry in told:
        for name in (*entry.fields, "surplus"):
            if name == "index":
                continue
            yield orjson.dumps({**entry.fields, name: "@@@@"})
            yield orjson.dumps({key: value for key, value in entry.fields.items() if key != name})
            for value in VALUES:
                yield orjson.dumps({**entry.fields, name: value})
            for raw in RAW:
                yield orjson.dumps({**entry.fields, name: "@@@@"}).replace(b'"@@@@"', raw)
        for found in entry.fields.get("findings", ()):
            for name in found:
                for value in VALUES:
                    yield orjson.dumps({**entry.fields, "findings": [{**found, name: value}]})
        for value in (*VALUES[:8], *[2**52] * 3):
            yield orjson.dumps({**entry.fields, "stages_us": {"read": value, "analyze": 2**52}})


def place(raw: bytes, index: int) -> bytes:
    """The record moved to another index of a log."""
    start = raw.index(b'"index":') + len(b'"index":')
    return raw[:start] + str(index).encode() + raw[raw.index(b",", start) :]


def write_unsigned(directory: Path, records: Sequence[bytes], origin: str = ORIGIN) -> None:
    """Write an unsigned log: full bundles of these records, and one partial bundle with the rest."""
    folder = folder_of(directory, origin)
    whole = [place(raw, index) for index, raw in enumerate(records)]
    for start in range(0, len(whole), TILE_WIDTH):
        path = folder / bundle_path(start // TILE_WIDTH)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(OsFiles(), path, encode_bundle(whole[start : start + TILE_WIDTH]))
