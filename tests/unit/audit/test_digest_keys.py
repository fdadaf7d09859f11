"""Digest keys: a period has its own, and one of a period that is over can be destroyed."""

from __future__ import annotations

import stat

import pytest

from shield.audit.keys import digest_periods, period_of
from shield.audit.upkeep import RefusedError
from shield.audit.verify import verify_log
from shield.config.secret import Secret
from shield.config.settings_audit import DigestPeriod
from tests.unit.audit.aging import DAY, MAY, records, upkeep

from .logs import (
    ORIGIN,
    Clock,
    open_log,
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
