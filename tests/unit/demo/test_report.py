from __future__ import annotations

import io

import pytest
from rich.console import Console

from shield.demo.exposition import Reading, found_between, read_metrics
from shield.demo.journey import Journey
from shield.demo.report import counts, latencies, show_journey, show_totals
from shield.demo.samples import Sample

METRICS = """\
# TYPE shield_added_latency_seconds histogram
shield_added_latency_seconds_bucket{le="+Inf",route="tickets"} 2.0
shield_added_latency_seconds_count{route="tickets"} 2.0
shield_added_latency_seconds_sum{route="tickets"} 0.25
shield_added_latency_seconds_bucket{le="+Inf",route="contacts"} 1.0
shield_added_latency_seconds_count{route="contacts"} 1.0
shield_added_latency_seconds_sum{route="contacts"} 0.5
# TYPE shield_findings counter
shield_findings_total{entity_type="PERSON",operator="replace"} 3.0
shield_findings_total{entity_type="CREDIT_CARD",operator="mask"} 1.0
"""


def make_journey(status: int = 201, stored: bytes = b'{"name": "<PERSON>"}') -> Journey:
    sample = Sample("tickets/a.json", "tickets", "application/json", b'{"name": "Zoe Hill"}', ("Zoe Hill",))
    return Journey(sample, status, "origin#3", stored, {"PERSON": 1}, 0.0042)


def printed(show: object, *args: object) -> str:
    console = Console(file=io.StringIO(), width=120)
    show(console, *args)  # type: ignore[operator]
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_metrics_are_summed_over_routes() -> None:
    reading = read_metrics(METRICS)
    assert (reading.requests, reading.added_seconds) == (3.0, 0.75)
    assert reading.findings == {("PERSON", "replace"): 3.0, ("CREDIT_CARD", "mask"): 1.0}


def test_metrics_without_the_series_read_as_zero() -> None:
    assert read_metrics("") == Reading(0.0, 0.0, {})


def test_found_is_the_difference_of_two_readings() -> None:
    before = Reading(1, 0.0, {("PERSON", "replace"): 1.0, ("US_SSN", "replace"): 2.0})
    after = Reading(2, 0.0, {("PERSON", "replace"): 2.0, ("PERSON", "mask"): 3.0, ("US_SSN", "replace"): 2.0})
    assert found_between(before, after) == {"PERSON": 4}


@pytest.mark.parametrize(("found", "text"), [({}, "nothing"), ({"A": 1, "C": 2, "B": 2}, "B 2, C 2, A 1")])
def test_counts(found: dict[str, int], text: str) -> None:
    assert counts(found) == text


def test_before_and_after_stand_side_by_side() -> None:
    text = printed(show_journey, make_journey(), [])
    row = next(line for line in text.splitlines() if "Zoe Hill" in line)
    assert row.index("Zoe Hill") < row.index("<PERSON>")
    assert "found: PERSON 1" in text
    assert "added 4.2 ms" in text
    assert "STORED" not in text


def test_a_leak_is_named() -> None:
    assert "STORED IN PLAIN: Zoe Hill" in printed(
        show_journey, make_journey(stored=b"Zoe Hill"), ["Zoe Hill"]
    )


def test_totals() -> None:
    text = printed(show_totals, [make_journey(), make_journey()])
    assert "PERSON" in text
    assert "median" in text


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        ([0.001, 0.003, 0.002], (2.0, 3.0, 3.0)),
        ([0.004], (4.0, 4.0, 4.0)),
        ([number / 1000 for number in range(1, 11)], (5.5, 9.0, 10.0)),
    ],
)
def test_latencies_are_in_milliseconds(seconds: list[float], expected: tuple[float, ...]) -> None:
    assert tuple(value for _, value in latencies(seconds)) == pytest.approx(expected)


def test_the_title_of_a_narrow_table_stays_on_one_line() -> None:
    journey = Journey(make_journey().sample, 201, "origin#3", b"{}", {"PERSON": 1}, 0.0042)
    assert "\nLatency added by the shield" in printed(show_totals, [journey])
