"""Dates and times in the forms that people write into the console."""

from __future__ import annotations

import pytest

from shield.cli.logs import Moment
from shield.console.answers import RefusedError, moment, period_between

FIRST, LAST = "2031-05-04T00:00:00.000000Z", "2031-05-04T23:59:59.999999Z"


@pytest.mark.parametrize("day", ["2031-05-04", " 20310504 ", "2031-W18-7", "2031W187"])
def test_a_date_in_any_form_is_the_whole_day(day: str) -> None:
    assert period_between(day, day) == (FIRST, LAST)


def test_a_minute_is_the_whole_minute() -> None:
    assert moment("2031-05-04T03:02", end=True) == "2031-05-04T03:02:59.999999Z"
    assert moment("2031-05-04t03:02") == moment("2031-05-04 03:02") == "2031-05-04T03:02:00.000000Z"


@pytest.mark.parametrize(
    "text", ["2031-05-04", "2031-05-04T03:02", "2031-05-04T03:02:01", "2031-05-04T03:02:01.5Z"]
)
def test_the_command_line_takes_a_time_for_the_same(text: str) -> None:
    for end in (False, True):
        assert Moment(end_of_day=end).convert(text, None, None) == moment(text, end=end)


@pytest.mark.parametrize("text", ["yesterday", "2031-05", "9999999-01-01", "9999-12-31T23:59-12:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(RefusedError):
        moment(text)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    assert period_between("2031-05-05", "") == ("2031-05-05T00:00:00.000000Z", "")
    with pytest.raises(RefusedError, match="ends before it begins"):
        period_between("2031-05-05", "2031-05-04")
