"""The checked-in evaluation set is what the generator writes, and holds what it promises."""

from __future__ import annotations

import json

from benchmarks.evaluation_set import DIRECTORY, LABELS, render


def test_the_files_are_those_of_the_generator() -> None:
    for name, content in render().items():
        assert (DIRECTORY / name).read_text("utf-8") == content


def test_size_and_spans() -> None:
    files = render()
    tickets = [json.loads(line) for line in files["tickets.jsonl"].splitlines()]
    negatives = [json.loads(line) for line in files["negatives.jsonl"].splitlines()]
    assert len(tickets) >= 600
    assert len(negatives) >= 300
    assert len({record["text"] for record in tickets}) > 0.98 * len(tickets)
    labels = {span["label"] for record in tickets for span in record["spans"]}
    assert labels == set(LABELS)
    for record in tickets:
        last = 0
        for span in record["spans"]:
            value = record["text"][span["start"] : span["end"]]
            assert span["start"] >= last
            assert value == value.strip() != ""
            last = span["end"]
    assert all(record["negative"] and not record["spans"] for record in negatives)
