"""When a policy was in force, also where a change was taken back."""

from __future__ import annotations

from shield.audit.record import Kind
from shield.evidence.reading import Entry, Period
from shield.evidence.report.configurations import ConfigurationHistory, Stretch, united

OLD, NEW = "sha256:" + "a" * 64, "sha256:" + "b" * 64


def taken(*policies: tuple[str, str]) -> ConfigurationHistory:
    history = ConfigurationHistory("shield.example/log", Period(), lambda _: None)
    for index, (time, digest) in enumerate(policies):
        fields = {"reason": "reload", "digest_after": f"of {digest}", "policies": {"default": digest}}
        history.take(Entry(index, Kind.CONFIG, time, b"", fields))
    return history


def test_a_policy_that_came_back_was_not_in_force_in_between() -> None:
    history = taken(("t1", OLD), ("t2", OLD), ("t3", NEW), ("t4", OLD))
    assert {it.digest: it.stretches for it in history.policies()} == {
        OLD: (("t1", "t3"), ("t4", None)),
        NEW: (("t3", "t4"),),
    }


def test_stretches_of_several_logs_are_one_where_they_meet() -> None:
    first: tuple[Stretch, ...] = (("t1", "t3"), ("t5", None))
    second: tuple[Stretch, ...] = (("t2", "t4"), ("t6", "t7"))
    assert united((*first, *second)) == (("t1", "t4"), ("t5", None))


def test_what_a_log_that_stopped_for_good_had_in_force_ended_with_it() -> None:
    history = taken(("t1", OLD))
    history.stop("t2")
    assert [it.stretches for it in history.policies()] == [(("t1", "t2"),)]
    history.take(
        Entry(
            1, Kind.CONFIG, "t3", b"", {"reason": "start", "digest_after": "x", "policies": {"default": OLD}}
        )
    )
    assert [it.stretches for it in history.policies()] == [(("t1", None),)]
