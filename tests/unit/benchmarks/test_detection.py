"""The detection benchmark's texts are what they claim, and its tables judge what was measured."""

# ruff: noqa: RUF001  # a dash for the reader

from __future__ import annotations

import pytest

from benchmarks import detection
from benchmarks import detection_texts as texts
from benchmarks.detection_process import resident_mb
from tests.unit.analyzer.built import analyzer_of


def test_the_texts_have_the_sizes_of_their_names() -> None:
    assert 560 <= len(texts.TICKET) <= 640
    assert 560 <= len(texts.PLAIN) <= 640
    assert not any(map(str.isdigit, texts.PLAIN))
    assert 50 <= len(texts.CHAT) <= 70


@pytest.mark.parametrize("make", [*texts.GROWING.values(), *texts.HOSTILE.values()])
def test_a_text_of_any_size(make) -> None:
    assert len(make(5_000)) == 5_000


def test_a_ratio_is_taken_within_a_round() -> None:
    assert detection.ratio({"a": [1.0, 2.0, 1.0], "b": [10.0, 20.0, 30.0]}, "a", "b") == 10


def test_tables_say_which_target_is_kept() -> None:
    run = {
        "speed": {"ticket": {"presidio": [0.03], "none": [0.001], "fast": [0.003]}},
        "start": {
            "fast": {
                "first": [{"cpu": 3.0, "wall": 4.0}],
                "later": [{"cpu": 1.2, "wall": 2.0}, {"cpu": 1.6, "wall": 3.0}],
            }
        },
        "memory": {
            "fast": {"ready": 300.0, "words": 10, "samples": [(10, 301.0)]},
            "all": {"ready": 500.0, "words": 0, "samples": []},
        },
        "length": {"fast": {"plain": {"1000": 1.0, "10000": 1.2}}},
    }
    speed, length, start, memory = detection.tables(run)
    assert [row[4:] for row in speed.rows] == [("–", ""), ("30.00", ""), ("10.00", ">= 15x: MISSED")]
    assert length.rows[0][-2:] == ("1.20", "<= 1.3x: kept")
    assert start.rows == [
        ("fast", "first of a version", "3.00", "4.00", ""),
        ("fast", "any later one", "1.20", "2.00", "< 1.5 s: kept"),
    ]
    assert [row[3] for row in memory.rows] == ["< 350 MB: kept", "", "< 450 MB: MISSED"]


def test_a_call_of_the_shield_counts_its_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detection, "build_analyzer", analyzer_of)  # it compiles for seconds
    assert detection.shield("none")(texts.TICKET) >= 6
    assert detection.shield("none")(texts.PLAIN) == 0


def test_a_later_start_has_what_the_first_one_kept(monkeypatch) -> None:
    seen: list[tuple[str, object]] = []

    def start_of(name: str, recognizers: object, cache: object) -> dict[str, float]:
        seen.append((name, cache))
        return {"cpu": float(len(seen)), "wall": 0.0}

    monkeypatch.setattr(detection, "start_of", start_of)
    found = detection.start(2)
    assert [run["cpu"] for run in found["none"]["first"] + found["none"]["later"]] == [1, 2, 3]
    assert len({cache for name, cache in seen if name == "none"}) == 1
    assert len({cache for _, cache in seen}) == 2


def test_resident_memory_is_read() -> None:
    assert resident_mb() > 5


def test_an_unknown_part_is_refused(capsys) -> None:
    with pytest.raises(SystemExit):
        detection.main(["--only", "speed,colour"])
    assert "colour" in capsys.readouterr().err
