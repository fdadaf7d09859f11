"""Which findings within a file's encoded bytes are chance, and which are not."""

from __future__ import annotations

import base64
import random

import pytest

from shield.analyzer.opaque_content import opaque_content, runs_of, without_chance
from shield.domain import Edit, FieldAction, FieldRule, Finding, Segment

NOISE = random.Random(11).randbytes(3000)
FILE = base64.b64encode(b"%PDF-1.7\n" + NOISE[:600]).decode()
LONG = base64.b64encode(NOISE).decode()


def _kept(text: str, start: int, end: int, view: str = "") -> list[str]:
    """What remains of a finding."""
    (runs,) = runs_of([Segment(0, text)], {}).values()
    finding = Finding(start, end, "PERSON", 0.9, "R", view)
    return [text[it.start : it.end] for it in without_chance(text, [finding], runs)]


def test_of_many_runs_each_is_asked_about_its_own_findings() -> None:
    text = f"Maria {FILE} Garcia {FILE} Lopez"
    first, second = text.index(FILE), text.rindex(FILE)
    assert _kept(text, first + 9, first + 20) == _kept(text, second + 9, second + 20) == []
    assert _kept(text, second - 7, second - 1) == ["Garcia"]
    assert _kept(text, second - 9, second + 4) == [" Garcia "]
    assert _kept(text, first + len(FILE) - 4, second + 4) == [" Garcia "]


@pytest.mark.parametrize("file", [FILE, LONG])
@pytest.mark.parametrize("view", ["", "folded", "spaced", "joined"])
def test_what_lies_within_the_file_is_none(file: str, view: str) -> None:
    text = f"see {file} there"
    for start, end in ((4, 20), (30, 40), (4 + len(file) - 9, 4 + len(file))):
        assert _kept(text, start, end, view) == []


def test_what_lies_outside_stays_and_of_what_reaches_in_the_part_outside() -> None:
    text = f"Maria {FILE} Garcia"
    assert _kept(text, 0, 5) == ["Maria"]
    assert _kept(text, 0, 12) == ["Maria "]
    assert _kept(text, 300, len(text)) == [" Garcia"]
    assert _kept(text, 5, 12) == []  # a blank does not count


def test_what_covers_the_file_stays_and_what_its_content_holds() -> None:
    text = f"Maria {FILE} Garcia"
    assert _kept(text, 6, 6 + len(FILE)) == [FILE]
    assert _kept(text, 0, len(text)) == [text]
    assert _kept(text, 10, 60, "decoded") == [text[10:60]]


def test_a_number_in_a_path_before_bytes_without_a_signature_stays() -> None:
    text = f"https://files.example.com/4155550132/{LONG}"
    assert text.index("4155550132") > runs_of([Segment(0, text)], {})[0][0].start
    start = text.index("4155550132")
    assert _kept(text, start, start + 10) == ["4155550132"]
    assert _kept(text, start, start + 14) == []


def test_a_finding_over_two_files_keeps_what_lies_between() -> None:
    text = f"{FILE} and {FILE}"
    assert _kept(text, 100, len(FILE) + 100) == [" and "]


def test_what_a_rule_decides_on_is_none_and_what_an_edit_removes_whole() -> None:
    segments = [Segment(0, FILE), Segment(1, f"a {FILE}"), Segment(2, "short")]
    runs = runs_of(segments, {0: FieldRule("$.a", FieldAction.KEEP)})
    assert set(runs) == {1}
    assert [it.form for it in opaque_content(segments, runs, {})] == ["pdf"]
    removed = {1: [Edit(2, 2 + len(FILE), "", "SECRET", "redact")]}
    assert opaque_content(segments, runs, removed) == []
    part = {1: [Edit(2, 9, "", "SECRET", "redact")]}
    assert [it.size for it in opaque_content(segments, runs, part)] == [len(FILE)]
