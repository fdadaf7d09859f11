from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.analyzer.conversation.cues import between_cues
from shield.domain import DetectorSpec, Finding
from tests.unit.analyzer.built import analyzer_of
from tests.unit.analyzer.conftest import found, policy, segment

CUES = """WEBVTT - of Ann

NOTE by Ann

7
00:01.000 --> 00:02.000 align:start region:Ann
4111 1111

8
01:00:02.000 --> 01:00:03.000\r
1111 1111

9
00:00:03,000 --> 00:00:04,500
"""


def cut(text: str, *spans: tuple[int, int]) -> list[str]:
    findings = [Finding(start, end, "PERSON", 0.9, "R") for start, end in spans]
    return [text[it.start : it.end] for it in between_cues(text, findings)]


def at(text: str, piece: str) -> tuple[int, int]:
    start = text.index(piece)
    return start, start + len(piece)


def test_over_two_cues_each_piece_goes_by_itself() -> None:
    start, end = CUES.index("4111"), CUES.index("00:00:03,000") + 4
    assert cut(CUES, (start, end)) == ["4111 1111", "1111 1111"]
    assert {it.view for it in between_cues(CUES, [Finding(start, end, "C", 1, "R", "spaced")])} == {"joined"}


@pytest.mark.parametrize(
    "piece", ["WEBVTT", "NOTE", "7", "8", "00:02.000", "01:00:02.000 --> 01:00", "start"]
)
def test_what_is_fixed_is_no_finding(piece: str) -> None:
    assert cut(CUES, at(CUES, piece)) == []


@pytest.mark.parametrize("piece", ["- of Ann", "by Ann", "region:Ann", "4111 1111", "1111"])
def test_what_else_stands_there_is_one(piece: str) -> None:
    finding = Finding(*at(CUES, piece), "PERSON", 0.9, "R")
    assert between_cues(CUES, [finding]) == [finding]


def test_the_name_of_a_voice_is_found_whole_and_a_role_stays() -> None:
    analyzer = analyzer_of(DetectorSpec(model="none", recognizers=("default", "shield")))
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v.loud Zebulon Quist>hello\n<v Agent>yes\n<v Caller 2>oh\n"
    assert found(analyzer, segment(text), policy("PERSON")) == [("PERSON", "Zebulon Quist")]


def test_of_the_words_of_a_cue_their_times_classes_and_voice_are_fixed() -> None:
    said = f"{CUES}<v.loud Ann Bo>is<00:03.100><c> 4111</c><00:00:03.200><c.x> 1111</c> <b>x</b></v>"
    start = said.index("v.loud")
    assert cut(said, (start, len(said))) == ["Ann Bo>is", "4111", "1111", "<b>x</b>"]


@pytest.mark.parametrize(
    "text",
    [
        "Ann --> Bob",
        "1\n5362212345:00:01 --> 00:02",
        "00:61.000 --> 00:62.000",
        "12:30 --> 12:40",
        "WEBVTTS\n\nNOTE",
    ],
)
def test_what_is_no_cue_is_cut_nowhere(text: str) -> None:
    assert cut(text, (0, len(text))) == [text]


@given(st.data())
def test_whatever_is_found_only_what_is_fixed_is_left_of_it(data: st.DataObject) -> None:
    points = sorted(data.draw(st.sets(st.integers(0, len(CUES)), min_size=2, max_size=8)))
    pairs = list(zip(points[::2], points[1::2], strict=False))
    found = between_cues(CUES, [Finding(start, end, "P", 1.0, "R") for start, end in pairs])
    assert all(one.end <= other.start for one, other in pairwise(found))
    left = list(CUES)
    for it in found:
        left[it.start : it.end] = "\0" * (it.end - it.start)
    for start, end in pairs:
        rest = "".join(left[start:end]).replace("\0", "")
        assert re.fullmatch(r"[WEBVTNO\d:.,>\sa-z-]*", rest)
    kept = "".join(left)
    assert kept.count("-->") == CUES.count("-->")
    assert kept.startswith("WEBVTT")
