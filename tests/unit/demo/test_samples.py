from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from shield.demo.samples import CONTENT_TYPES, SamplesError, load_samples

SHIPPED = Path(__file__).parents[3] / "config" / "quickstart"


def make_folder(folder: Path, files: dict[str, str], planted: dict[str, list[str]]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "planted.json").write_text(json.dumps(planted), encoding="utf-8")
    return folder


def test_the_shipped_samples_are_many_and_varied() -> None:
    samples = load_samples(SHIPPED)
    assert len(samples) >= 30
    assert {sample.collection for sample in samples} == {"tickets", "contacts", "transcripts", "articles"}
    kinds = Counter(sample.content_type.partition(";")[0] for sample in samples)
    assert kinds.most_common(1)[0][0] == "application/json"
    assert kinds.keys() == {codec.partition(";")[0] for codec in CONTENT_TYPES.values()}
    assert sum(bool(sample.planted) for sample in samples) >= 30


def test_a_sample_carries_its_bytes_and_what_was_planted(tmp_path: Path) -> None:
    folder = make_folder(tmp_path, {"tickets/a.json": '{"x": "Zoe"}'}, {"tickets/a.json": ["Zoe"]})
    (sample,) = load_samples(folder)
    assert (sample.name, sample.collection, sample.body) == ("tickets/a.json", "tickets", b'{"x": "Zoe"}')
    assert (sample.content_type, sample.planted) == ("application/json", ("Zoe",))


@pytest.mark.parametrize(
    ("files", "planted", "said"),
    [
        ({"tickets/a.json": "{}"}, {}, "tickets/a.json"),
        ({}, {"tickets/a.json": []}, "tickets/a.json"),
        ({"tickets/a.json": "{}"}, {"tickets/a.json": ["Zoe"]}, "Zoe"),
        ({"tickets/a.pdf": "Zoe"}, {"tickets/a.pdf": ["Zoe"]}, "ending"),
    ],
)
def test_a_slip_in_the_samples_is_an_error(
    tmp_path: Path, files: dict[str, str], planted: dict[str, list[str]], said: str
) -> None:
    with pytest.raises(SamplesError, match=said):
        load_samples(make_folder(tmp_path, files, planted))


def test_a_folder_without_samples_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SamplesError, match=r"planted\.json"):
        load_samples(tmp_path)
