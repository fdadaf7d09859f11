"""The labels of the tagger and its tags: `O`, then `B-` and `I-` of each label, in this order everywhere."""

from __future__ import annotations

from typing import Final

LABELS: Final = (
    "PERSON",
    "LOCATION",
    "STREET_ADDRESS",
    "POSTCODE",
    "ORGANIZATION",
    "DATE_TIME",
    "DATE_OF_BIRTH",
    "PHONE_NUMBER",
    "EMAIL_ADDRESS",
    "CREDIT_CARD",
    "US_SSN",
    "NATIONAL_ID",
    "ACCOUNT_NUMBER",
    "PASSWORD",
    "USERNAME",
    "MEDICAL_ID",
    "VEHICLE_ID",
    "AGE",
    "NRP",
    "OTHER_ID",
)
TAGS: Final = ("O", *(f"{prefix}-{label}" for label in LABELS for prefix in "BI"))
OUTSIDE: Final = 0
NOT_PII: Final = frozenset({"ORGANIZATION", "DATE_TIME", "URL", "AGE", "NRP", "OTHER_ID", "MISC"})
"""Labels that do not count as leaks, as the data's own description says."""


def begin(label: str) -> int:
    """The tag that opens a span of `label`; the one after it continues the span."""
    return 1 + 2 * LABELS.index(label)
