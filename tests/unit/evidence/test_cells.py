from __future__ import annotations

import asyncio
import csv
import gzip
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.audit import exchange_records
from shield.audit.record import Draft
from shield.evidence.cells import Table, cell
from shield.evidence.reading import Period
from shield.evidence.sample_pack import SampleRequest, write_sample
from shield.evidence.visible import visible
from tests.unit.audit.logs import basis, facts

from .stories import Story, source_of, tell

FORMULA = "-2+3+cmd|'calc'!A0"


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|'x'!A", FORMULA, "@SUM(A1)", "\t=1", "\n=1", "\uff1d1+1", "'=1"]
)
def test_what_a_spreadsheet_would_run_has_an_apostrophe_in_front(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "value", ["", "-", "-|block", "-5", "+1", "+0.5", "a=b", "shield.example/worker-0#1", None, -5, 1.5]
)
def test_other_values_stay(value: object) -> None:
    assert cell(value) is value


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=1))
def test_taking_one_apostrophe_away_gives_the_value(values: list[str]) -> None:
    file = io.StringIO(newline="")
    Table(file, ["head"] * len(values)).writerow(values)
    file.seek(0)
    _, row = csv.reader(file)
    assert [text.removeprefix("'") for text in row] == [visible(value) for value in values]
    started = [text for text in row if text and text[0] in "=+@\t\r"]
    assert all(text[0] == "+" and set(text[1:]) <= set("0123456789.") for text in started)  # numbers alone


@pytest.mark.parametrize("mark", ["\u202e", "\u200b", "\U000e0041", "\r"])
def test_a_mark_that_nobody_sees_is_an_escape(mark: str) -> None:
    assert cell(f"OPS-7{mark}1") == visible(f"OPS-7{mark}1")
    assert cell(f"{mark}=1+1") == visible(f"{mark}=1+1")  # which begins with a backslash: no formula


def test_a_request_with_a_formula_for_a_method_is_harmless_in_a_table(tmp_path: Path) -> None:
    def acts(story: Story) -> None:
        draft = exchange_records.bypass(facts(), basis(), upstream="store", reason="deadline_exceeded")
        story.log.append(Draft(draft.kind, {**draft.fields, "method": FORMULA}))

    asyncio.run(tell(tmp_path / "logs", acts))
    out = tmp_path / "sample"
    write_sample([source_of(tmp_path / "logs")], SampleRequest(Period(), 1, "s", ("method",)), out)
    with (out / "population.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["method"], row["stratum"]) == (f"'{FORMULA}", "-2%2B3%2Bcmd%7C%27calc%27%21A0")
    with gzip.open(out / "population.jsonl.gz") as lines:
        assert json.loads(lines.read())["method"] == FORMULA
