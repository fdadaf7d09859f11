"""Each period has its own digest key, and the key of a past period can be destroyed."""

from __future__ import annotations

import stat
from datetime import datetime

import pytest

from shield.audit.digest_key_loss import DigestKeyUse
from shield.audit.keys import digest_key_path, digest_periods, period_of
from shield.audit.upkeep import RefusedError
from shield.audit.verify import verify_log
from shield.config.secret import Secret
from shield.config.settings_audit import DigestPeriod
from tests.unit.audit.aging import DAY, MAY, records, upkeep

from .logs import (
    ORIGIN,
    Clock,
    intent,
    open_log,
    outcome,
    reader_of,
    settings,
)


@pytest.mark.parametrize(
    ("period", "time", "name"),
    [
        (DigestPeriod.MONTH, MAY, "2031-05"),
        (DigestPeriod.QUARTER, MAY, "2031-Q2"),
        (DigestPeriod.QUARTER, MAY + 60 * DAY, "2031-Q3"),
        (DigestPeriod.YEAR, MAY, "2031"),
    ],
)
def test_periods(tmp_path, period, time, name):
    assert period_of(settings(tmp_path, digest_key_period=period), time) == name


def test_a_configured_digest_key_has_no_period(tmp_path):
    assert period_of(settings(tmp_path, digest_key=Secret(b"k" * 16)), MAY) == ""


async def test_a_new_period_has_a_new_key_and_the_old_one_can_be_destroyed(tmp_path):
    clock = Clock(MAY)
    log = await open_log(tmp_path, clock=clock)
    duties = upkeep(log, clock)
    assert not await duties.renew_digest_key()
    may, may_id = log.digest_body(b"body"), log.digest_key_id
    clock.now += 30 * DAY
    assert await duties.renew_digest_key()
    assert not await duties.renew_digest_key()
    june = log.digest_body(b"body")
    assert may != june
    assert digest_periods(tmp_path, ORIGIN) == ["2031-05", "2031-06"]
    for path in (tmp_path / "keys").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(RefusedError, match="not over"):
        await duties.destroy_digest_key("2031-06", "privacy@example.com")
    with pytest.raises(RefusedError, match="no digest key"):
        await duties.destroy_digest_key("../../x", "privacy@example.com")
    said = await duties.destroy_digest_key("2031-05", "privacy@example.com")
    assert may_id in said
    assert digest_periods(tmp_path, ORIGIN) == ["2031-06"]
    await log.close()
    assert [(it["action"], it["period"], it["key"]) for it in records(tmp_path, "digest_key")] == [
        ("created", "2031-06", june.split(":")[1]),
        ("destroyed", "2031-05", may_id),
    ]
    [boot] = records(tmp_path, "boot")
    assert (boot["digest_period"], boot["digest_key"]) == ("2031-05", may_id)
    assert verify_log(reader_of(tmp_path)).ok


async def run(folder, clock, *drafts, digests=0, **changes):
    """Run a log once; return the ids of its digest key and of the key that it found lost."""
    log = await open_log(folder, clock=clock, **changes)
    for draft in drafts:
        await log.commit(draft)
    for number in range(digests):
        index = log.append(intent(number, body_before_hmac=log.digest_body(b"body")))
        log.append(outcome(index, number))
    await log.close()
    return log.digest_key_id, log.lost_digest_key


def lost_keys(folder):
    return [
        (it["period"], it["key"], it["approver"])
        for it in records(folder, "digest_key")
        if it["action"] == "lost"
    ]


@pytest.mark.parametrize("digests", [0, 1, 400])  # 400: the start of the run is not in the write-ahead log
async def test_a_key_that_is_gone_at_a_start_is_lost(tmp_path, digests):
    clock = Clock(MAY)
    first, lost = await run(tmp_path, clock, digests=digests)
    assert lost is None  # there was no earlier key
    assert await run(tmp_path, clock, digests=digests) == (first, None)
    path = digest_key_path(tmp_path, ORIGIN, "2031-05")
    kept = path.read_bytes()
    path.unlink()
    second, lost = await run(tmp_path, clock, digests=digests, seed=9)
    assert lost == first != second
    assert await run(tmp_path, clock) == (second, None)  # it is reported once
    path.write_bytes(kept)  # from the backup: now the intermediate key is lost
    assert await run(tmp_path, clock) == (first, second)
    assert lost_keys(tmp_path) == [("2031-05", first, ""), ("2031-05", second, "")]
    report = verify_log(reader_of(tmp_path))
    assert report.ok, report.problems


async def test_what_is_no_loss(tmp_path):
    clock = Clock(MAY)
    first, _ = await run(tmp_path, clock, digests=1)
    clock.now += 30 * DAY  # the period ended while it was down, and its key was erased
    digest_key_path(tmp_path, ORIGIN, "2031-05").unlink()
    june, lost = await run(tmp_path, clock, digests=1)
    assert (lost, june == first) == (None, False)
    _, lost = await run(tmp_path, clock, digests=1, digest_key=Secret(b"k" * 16))
    assert lost is None  # the holder of a configured key may change it
    digest_key_path(tmp_path, ORIGIN, "2031-06").unlink()
    _, lost = await run(tmp_path, clock, digests=1, seed=8)
    assert lost is None  # the log was last written with the configured key
    _, lost = await run(tmp_path, clock, digest_key_period=DigestPeriod.YEAR)
    assert lost is None  # another kind of period has its own key
    assert lost_keys(tmp_path) == []


@pytest.mark.parametrize(
    "damaged",
    [
        {"kind": "intent", "time": "2O31-05-04"},
        {"kind": "boot", "time": "2031-05-04T03:02:01Z"},
        {"kind": "intent", "time": 7},
    ],
)
def test_what_cannot_be_read_of_before_ends_the_search_and_no_start(damaged):
    used = DigestKeyUse()
    used.note({"kind": "intent", "body_before": "hmac-sha256:old:00"})
    assert used.lost("new", "2031-05", iter([damaged]), month_of) == "old"


@pytest.mark.parametrize(("key", "period"), [("new", ""), ("old", "2031-05")])
def test_a_configured_key_and_the_one_that_was_used_are_not_searched_for(key, period):
    used = DigestKeyUse()
    used.note({"kind": "intent", "body_before": "hmac-sha256:old:00"})
    assert used.lost(key, period, iter([{"kind": "boot", "time": None}]), month_of) is None
    another = {"kind": "boot", "time": "2031-05-04T03:02:01Z", "digest_period": period, "digest_key": "first"}
    assert used.lost(key, period, iter([another]), lambda _: period) is None


def month_of(time):
    return datetime.fromisoformat(time).strftime("%Y-%m")


async def test_a_loss_is_told_even_where_the_key_was_made_before_a_crash(tmp_path):
    clock = Clock(MAY)
    first, _ = await run(tmp_path, clock, digests=3)
    path = digest_key_path(tmp_path, ORIGIN, "2031-05")
    path.write_text("ab" * 32)  # made by a start that ended before it wrote a record
    assert (await run(tmp_path, clock))[1] == first
