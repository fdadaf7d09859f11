"""The shield's records have the form that readers rely on; anything that lacks a part of it is no record."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from shield.audit.record import Kind
from shield.evidence.form import MOST, MOST_COUNTED, has_form
from shield.evidence.reading import UNREADABLE, Entry, entries, entry_of
from tests.unit.audit.logs import reader_of
from tests.unit.evidence.hostile import DEEP, every_kind, one_of_each
from tests.unit.evidence.stories import tell

BASE = {"version": 1, "index": 3, "kind": "later", "time": "2031-05-04T03:02:01.000000Z", "nonce": "0" * 32}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    directory = tmp_path_factory.mktemp("told")
    asyncio.run(tell(directory, every_kind))
    found = one_of_each(list(entries(reader_of(directory))))
    assert {entry.kind for entry in found} == {kind.value for kind in Kind} - {"recovered"}
    return found


def test_every_kind_has_a_form(told: list[Entry]) -> None:
    for entry in told:
        nothing = {name: entry.fields[name] for name in BASE}
        assert not has_form(nothing, entry.index), entry.kind


def test_a_later_version_may_say_more(told: list[Entry]) -> None:
    for entry in told:
        assert has_form({**entry.fields, "surplus": {"a": [1, None]}}, entry.index)
    assert has_form({**BASE, "anything": 1}, 3)


@pytest.mark.parametrize(
    "change",
    [
        {"index": 4},
        {"index": 3.0},
        {"index": True},
        {"kind": None},
        {"kind": ["intent"]},
        {"time": "2031-05-04"},
        {"time": "2031-05-04T03:02:01.000000+"},
        {"time": "2031-13-04T03:02:01.000000Z"},
        {"time": 1.9e9},
        {"nonce": 0},
        {"version": "1"},
        {"clock_back_us": -1},
        {"clock_back_us": MOST + 1},
        {"canary": False},
        {"route": 7},
        {"surplus": DEEP},
    ],
    ids=str,
)
def test_what_is_no_record(change: dict[str, Any]) -> None:
    assert has_form(BASE, 3)
    assert not has_form({**BASE, **change}, 3)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("findings", {}),
        ("findings", [{"type": "PERSON"}]),
        ("size_before", MOST_COUNTED + 1),
        ("size_before", -1),
        ("size_before", True),
        ("size_before", 1.0),
        ("uninspected_bytes", None),
        ("policy", None),
        ("stages_us", {"read": "1"}),
        ("body_before", 1),
    ],
)
def test_a_member_that_is_not_what_it_should_be(told: list[Entry], name: str, value: object) -> None:
    entry = next(entry for entry in told if entry.kind == Kind.BYPASS)
    assert not has_form({**entry.fields, name: value}, entry.index)


@pytest.mark.parametrize("raw", [b"", b"\xff", b"[]", b"null", b'{"index":3', b'"\\ud800"'])
def test_bytes_that_are_no_json_object(raw: bytes) -> None:
    entry = entry_of(3, raw)
    assert (entry.kind, entry.time, entry.raw, dict(entry.fields)) == (UNREADABLE, "", raw, {})


def test_a_recovery_has_its_form() -> None:
    record = {**BASE, "kind": "recovered", "clean": False, "unsigned_records": 3, "cut_bytes": 0}
    assert not has_form(record, 3)
    assert has_form({**record, "unknown_outcomes": 1}, 3)
