"""Which record states that others were pruned, and the time of a record."""

from __future__ import annotations

import json

import pytest

from shield.audit import retention
from shield.audit.record import Draft, Kind, encode_record, rfc3339
from shield.audit.retention import RetentionError, parse_minimum


def test_the_time_is_read_from_the_head_of_a_record_alone() -> None:
    """To parse each record whole takes a minute where millions are pruned."""
    draft = Draft(Kind.ANCHOR, {"what": 'no "time":"2999-01-01T00:00:00.000000Z" of its own'})
    entry = encode_record(draft, index=7, time=1_900_000_000_000_000_000, nonce=bytes(16))
    assert retention._HEAD.match(entry)
    assert retention.time_of(entry) == rfc3339(1_900_000_000_000_000_000) == json.loads(entry)["time"]
    assert retention.time_of(b"{") == "~"


def prune(**changes: object) -> bytes:
    return json.dumps({"kind": "prune", "index": 900, "minimum_index": 256, **changes}).encode()


def test_a_pruning_is_of_whole_bundles_below_its_own_record() -> None:
    assert parse_minimum(prune()).index == 256
    for entry in (
        prune(minimum_index=255),
        prune(minimum_index=1024),
        prune(minimum_index=-256),
        prune(minimum_index="256"),
        prune(kind="hold"),
        b"[]",
        b"{",
    ):
        with pytest.raises(RetentionError):
            parse_minimum(entry)
