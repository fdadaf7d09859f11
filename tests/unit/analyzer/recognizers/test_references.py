"""Where a program finds a password is told from the password."""

from __future__ import annotations

import pytest

from shield.analyzer.recognizers.references import behind_assignment, is_reference


@pytest.mark.parametrize(
    "value",
    ["var.db_password", "random_password.db.result", "process.env.SMTP_PASS", "${{ secrets.TOKEN }}"],
)
def test_it_is_a_reference(value: str) -> None:
    assert is_reference(value)


@pytest.mark.parametrize("value", ["var.Summer2024", "horse.battery.staple", "env", "maria.garcia", "var.x!"])
def test_it_may_be_a_value(value: str) -> None:
    assert not is_reference(value)


def test_a_value_begins_behind_the_sign_of_its_assignment() -> None:
    assert behind_assignment("= value", 0, 7) == 2
    assert behind_assignment("=value", 0, 6) == 0
    assert behind_assignment("value", 0, 5) == 0
