"""The page of policies shows each time that a version was in force."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast

from shield.console.answers import Call, Page
from shield.console.notable import Event
from shield.console.pages.policies import show_policies

NONE: Mapping[str, int] = {}
OLD, NEW = "sha256:" + "a" * 64, "sha256:" + "b" * 64


def shown(*configs: tuple[str, int, str], stopped: Mapping[str, int] = NONE) -> list[Mapping[str, Any]]:
    """The rows over `config` records, each given as log, time and the policy's digest, oldest first."""
    events = [
        Event("config", time, origin, place, {"digest_after": "x", "policies": {"default": digest}})
        for place, (origin, time, digest) in enumerate(configs)
    ]
    last = {origin: time for origin, time, _ in configs} | stopped
    states = [
        SimpleNamespace(
            origin=origin, last_time=time, last_kind="shutdown" if origin in stopped else "heartbeat"
        )
        for origin, time in last.items()
    ]
    notable = SimpleNamespace(events=lambda kinds, limit: events[::-1])
    search = SimpleNamespace(notable=notable, origins=lambda: states)
    call = SimpleNamespace(search=search, desk=SimpleNamespace(logs=list))
    page = show_policies(cast("Call", call))
    assert isinstance(page, Page)
    return cast("list[Mapping[str, Any]]", page.values["versions"])


def test_a_policy_that_came_back_has_a_row_for_each_time() -> None:
    rows = shown(("w0", 1, OLD), ("w0", 2, OLD), ("w0", 3, NEW), ("w0", 4, OLD))
    assert [(row["digest"], row["since"].time, row["until"]) for row in rows] == [
        (OLD, 4, None),
        (NEW, 3, 4),
        (OLD, 1, 3),
    ]
    assert [row["before"] and row["before"]["digest"] for row in rows] == [NEW, OLD, None]


def test_workers_that_take_a_version_about_together_share_its_row() -> None:
    rows = shown(
        ("w0", 1, OLD), ("w1", 2, OLD), ("w0", 5, NEW), ("w1", 6, NEW), ("w0", 9, OLD), ("w2", 10, OLD)
    )
    assert [(row["digest"], row["since"].time, row["until"], row["logs"]) for row in rows] == [
        (OLD, 9, None, 2),
        (NEW, 5, None, 2),  # w1 has had nothing since
        (OLD, 1, 6, 2),
    ]


def test_what_a_log_that_stopped_had_in_force_ended_with_it_where_others_go_on() -> None:
    rows = shown(("w0", 1, OLD), ("w2", 3, OLD), ("w0", 5, NEW), stopped={"w2": 4})
    assert [(row["digest"], row["until"]) for row in rows] == [(NEW, None), (OLD, 5)]
    (alone,) = shown(("w0", 1, OLD), stopped={"w0": 4})
    assert alone["until"] is None
