"""The accuracy benchmark's measures, on records made for them."""

from __future__ import annotations

import pytest

from benchmarks.accuracy import Tally, drawn


def record(text, *spans, exhaustive=(), negative=False):
    marked = [{"start": s, "end": e, "label": label} for s, e, label in spans]
    return {"text": text, "spans": marked, "exhaustive": list(exhaustive), "negative": negative}


def tally(rec, *found):
    out = Tally()
    out.add(rec, [(s, e, label, 1.0) for s, e, label in found])
    return out


@pytest.mark.parametrize(
    ("found", "leaked", "hard"),
    [
        ([], 7, 7),
        ([(0, 3, "PERSON")], 4, 4),
        ([(0, 8, "LOCATION")], 0, 0),
        ([(0, 8, "ORGANIZATION")], 0, 7),
        ([(0, 8, "DATE_TIME")], 0, 7),
    ],
)
def test_leak_counts_characters_of_personal_data_without_white_space(found, leaked, hard):
    out = tally(record("Ann Dove x", (0, 8, "PERSON")), *found)
    assert (out.characters, out.leaked, out.leaked_hard) == (7, leaked, hard)


def test_a_date_covers_a_date_of_birth():
    assert tally(record("1 May 1990", (0, 10, "DATE_OF_BIRTH")), (0, 10, "DATE_TIME")).leaked_hard == 0


def test_labels_that_are_no_personal_data_do_not_leak():
    assert tally(record("Acme", (0, 4, "ORGANIZATION"))).characters == 0


def test_recall_full_typed_and_any():
    got = tally(record("Ann Dove", (0, 8, "PERSON")), (0, 3, "PERSON"), (4, 8, "LOCATION")).labels["PERSON"]
    assert (got.spans, got.full, got.typed, got.any) == (1, 1, 0, 1)


def test_precision_counts_only_where_the_record_marks_all():
    spans = ((0, 3, "PERSON"),)
    found = ((0, 3, "PERSON"), (4, 8, "PERSON"))
    assert tally(record("Ann Dove", *spans), *found).labels["PERSON"].predicted == 0
    exact = tally(record("Ann Dove", *spans, exhaustive=["PERSON"]), *found).labels["PERSON"]
    assert (exact.predicted, exact.right) == (2, 1)


@pytest.mark.parametrize(
    ("label", "alarms"), [("PERSON", 1), ("DATE_TIME", 0), ("ORGANIZATION", 0), ("AGE", 1)]
)
def test_an_alarm_is_a_hard_finding_in_a_negative_text(label, alarms):
    assert tally(record("x", negative=True), (0, 1, label)).alarms == alarms


def test_a_limit_draws_the_same_records_each_time_and_none_twice():
    records = [{"id": number} for number in range(50)]
    ids = [each["id"] for each in drawn(records, 20)]
    assert len(set(ids)) == 20
    assert ids == [each["id"] for each in drawn(records, 20)]
    assert drawn(records, 0) == drawn(records, 50) == records
