"""Which records of a log may be pruned, and which record states that they were."""

from __future__ import annotations

import json

import pytest

from shield.audit import retention
from shield.audit.record import Draft, Kind, encode_record, rfc3339
from shield.audit.retention import RetentionError, minimum_for, parse_minimum
from shield.audit.tiles import MINIMUM_PATH, bundle_path, encode_bundle

BEFORE = "2031-05-04T00:00:00.000000Z"
OLD, YOUNG = "2031-05-03T23:59:59.999999Z", "2031-05-04T00:00:00.000001Z"


class Bundles:
    """A log of whole bundles of 256 records: one old record, and the rest of the given time."""

    def __init__(self, *times: str, minimum: bytes | None = None) -> None:
        self._files = {
            bundle_path(number): encode_bundle([_record(OLD), *([_record(time)] * 255)])
            for number, time in enumerate(times)
        }
        if minimum is not None:
            self._files[MINIMUM_PATH] = minimum

    def read(self, path: str) -> bytes | None:
        return self._files.get(path)

    def names(self, _path: str) -> list[str]:
        return []


def _record(time: str) -> bytes:
    return json.dumps({"time": time}).encode()


def test_the_time_is_read_from_the_head_of_a_record_alone() -> None:
    """To parse each record whole takes a minute where millions are pruned."""
    draft = Draft(Kind.ANCHOR, {"what": 'no "time":"2999-01-01T00:00:00.000000Z" of its own'})
    entry = encode_record(draft, index=7, time=1_900_000_000_000_000_000, nonce=bytes(16))
    assert retention._HEAD.match(entry)
    assert retention.time_of(entry) == rfc3339(1_900_000_000_000_000_000) == json.loads(entry)["time"]
    assert retention.time_of(b"{") == "~"


def prune(**changes: object) -> bytes:
    return json.dumps({"kind": "prune", "index": 900, "minimum_index": 256, **changes}).encode()


@pytest.mark.parametrize(
    ("times", "limit", "minimum"),
    [
        ((OLD, OLD), 512, 512),
        ((OLD, OLD), 511, 256),  # one record of the second is still needed
        ((OLD, OLD), 0, 0),
        ((OLD, BEFORE), 512, 256),  # not older than exactly that moment
        ((YOUNG, OLD), 512, 0),  # a clock that went back does not let a younger one be pruned
        ((OLD,), 512, 256),
    ],
)
def test_only_whole_bundles_of_older_records_go(times: tuple[str, ...], limit: int, minimum: int) -> None:
    assert minimum_for(Bundles(*times), BEFORE, limit) == minimum


def test_what_is_gone_is_not_read_again() -> None:
    assert minimum_for(Bundles(YOUNG, OLD, minimum=prune()), BEFORE, 512) == 512


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
