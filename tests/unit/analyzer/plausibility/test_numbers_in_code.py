"""Settings, ids of records, codes of errors and rows of a table are no personal numbers."""

from __future__ import annotations

import pytest

from tests.unit.analyzer.plausibility.asked import says


@pytest.mark.parametrize(
    ("text", "value", "label"),
    [
        ("Strict-Transport-Security: max-age=31536000; includeSubDomains", "31536000", "NATIONAL_ID"),
        ("Content-Length: 48213900", "48213900", "ACCOUNT_NUMBER"),
        ("AND t.brand_id <> 360000098765\n", "360000098765", "ACCOUNT_NUMBER"),
        ('"assignee_id": 23532399, "x"', "23532399", "MEDICAL_ID"),
        ("| AUTH-1042 | 403 | locked |", "AUTH-1042", "PASSWORD"),
        ("INSERT INTO schema_migrations (version)", "schema_migrations", "USERNAME"),
        ("UPDATE feature_flags2 SET on = 1", "feature_flags2", "USERNAME"),
        ("Record, Account 0013k00002XyZabAAB, User", "0013k00002XyZabAAB", "ACCOUNT_NUMBER"),
        ("XS      6  34   2  80-82   62-64", "6  34   2  80-82   62-64", "NATIONAL_ID"),
    ],
)
def test_a_number_of_code_is_none(text: str, value: str, label: str) -> None:
    assert not says(text, value, label)


@pytest.mark.parametrize(
    ("text", "value", "label"),
    [
        ("the password is AUTH-1042", "AUTH-1042", "PASSWORD"),
        ("my id number is 31536000", "31536000", "NATIONAL_ID"),
        ("my customer_id is 360000098765", "360000098765", "ACCOUNT_NUMBER"),
        ("it came from jwarren88 yesterday", "jwarren88", "USERNAME"),
        ("account 0013400002777888", "0013400002777888", "ACCOUNT_NUMBER"),
        ("078  05  1120", "078  05  1120", "US_SSN"),
    ],
)
def test_a_persons_number_is_one(text: str, value: str, label: str) -> None:
    assert says(text, value, label)
