"""A call that a payload holds as one text, as turns and as words has the same findings in each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from shield.analyzer.layouts import repeated_texts
from shield.analyzer.layouts.joined import JOINED
from shield.domain import Finding, Segment

MODEL = "Model"
TURNS = [
    "And the zip?",
    "it's 30309",
    "And the code on the back?",
    "one eight three",
    "Thank you, Maria Garcia.",
]
WORDS = " ".join(TURNS).split()


def _segments(
    whole: str = " ".join(TURNS), turns: Sequence[str] = TURNS, words: Sequence[str] = ()
) -> list[Segment]:
    texts: list[tuple[str, tuple[str | int, ...]]] = [(whole, ("transcript",))]
    texts += [(text, ("turns", place, "text")) for place, text in enumerate(turns)]
    texts += [(text, ("words", place, "word")) for place, text in enumerate(words)]
    return [Segment(index, text, location) for index, (text, location) in enumerate(texts)]


def _finding(text: str, value: str, recognizer: str = "Rule", entity: str = "PIN") -> Finding:
    start = text.index(value)
    return Finding(start, start + len(value), entity, 0.8, recognizer)


def _shared(segments: list[Segment], place: int, *findings: Finding) -> list[list[str]]:
    """What is found where after sharing the findings in segment `place`."""
    found: list[list[Finding]] = [[] for _ in segments]
    found[place] = list(findings)
    repeated_texts.share(segments, found, MODEL)
    return [
        sorted(segment.text[each.start : each.end] for each in those)
        for segment, those in zip(segments, found, strict=True)
    ]


def test_what_a_turn_tells_is_found_in_the_whole_text() -> None:
    segments = _segments()
    shared = _shared(segments, 4, _finding(TURNS[3], "one eight three"))
    assert shared[0] == ["one eight three"]
    assert shared[4] == ["one eight three"]
    assert [place for place, each in enumerate(shared) if each] == [0, 4]


def test_what_the_whole_text_tells_is_found_in_its_turn_and_in_each_of_its_words() -> None:
    segments = _segments(words=WORDS)
    shared = _shared(segments, 0, _finding(segments[0].text, "Maria Garcia", entity="PERSON"))
    assert shared[5] == ["Maria Garcia"]
    assert shared[-2:] == [["Maria"], ["Garcia"]]
    assert sum(map(len, shared)) == 4


def test_it_says_that_it_depends_on_other_segments() -> None:
    segments = _segments()
    found: list[list[Finding]] = [[] for _ in segments]
    found[4] = [_finding(TURNS[3], "one eight three")]
    repeated_texts.share(segments, found, MODEL)
    assert [each.view for each in found[0]] == [JOINED]


def test_what_goes_on_over_turns_is_left_to_the_turns() -> None:
    segments = _segments(words=WORDS)
    over = _finding(segments[0].text, "one eight three Thank you")
    shared = _shared(segments, 0, over)
    assert shared[4] == shared[5] == []
    assert [each for each in shared[6:] if each] == [["one"], ["eight"], ["three"], ["Thank"], ["you"]]


def test_names_of_speakers_and_other_turns_between_do_not_matter() -> None:
    lines = [f"\n{'AB'[place % 2]}: {text}\n" for place, text in enumerate(TURNS)]
    shared = _shared(_segments("".join(lines)), 4, _finding(TURNS[3], "one eight three"))
    assert shared[0] == ["one eight three"]
    one_side = _segments(" ".join(TURNS[1::2]))  # of one channel
    assert _shared(one_side, 4, _finding(TURNS[3], "one eight three"))[0] == ["one eight three"]


def test_less_than_three_equal_words_give_nothing() -> None:
    other = "we sold eight three packs, and one eight was left"
    assert _shared(_segments(other), 4, _finding(TURNS[3], "one eight three"))[0] == []


def test_a_value_that_stands_there_only_in_part_gives_nothing() -> None:
    changed = " ".join(TURNS).replace("one eight three", "one eight four")
    assert _shared(_segments(changed), 4, _finding(TURNS[3], "one eight three"))[0] == []


def test_a_word_by_itself_is_what_its_sentence_says() -> None:
    said = ["do", "you", "have", "the", "Denali", "tent", "in", "stock", "Maria"]
    segments = _segments(" ".join(said), (), said)
    found: list[list[Finding]] = [[] for _ in segments]
    found[0] = [_finding(segments[0].text, "Maria", MODEL, "PERSON")]
    found[5] = [_finding("Denali", "Denali", MODEL, "PERSON")]
    found[9] = [_finding("Maria", "Maria", MODEL, "PERSON")]
    repeated_texts.share(segments, found, MODEL)
    assert found[5] == []
    assert found[9]


@pytest.mark.parametrize("recognizer", [MODEL, "Rule"])
def test_a_word_that_no_sentence_has_and_what_a_rule_says_stay(recognizer: str) -> None:
    said = ["do", "you", "have", "the", "Denali", "tent", "in", "stock"]
    whole = "something else was said here" if recognizer == MODEL else " ".join(said)
    segments = _segments(whole, (), said)
    found: list[list[Finding]] = [[] for _ in segments]
    found[5] = [_finding("Denali", "Denali", recognizer, "PERSON")]
    repeated_texts.share(segments, found, MODEL)
    assert found[5]


def test_a_finding_with_a_lower_score_does_not_stand_in_the_way() -> None:
    segments = _segments()
    found: list[list[Finding]] = [[] for _ in segments]
    found[0] = [_finding(segments[0].text, "one eight three")._replace(score=0.2)]
    found[4] = [_finding(TURNS[3], "one eight three")]
    repeated_texts.share(segments, found, MODEL)
    assert max(each.score for each in found[0]) == 0.8


def test_a_part_of_a_word_is_found_as_that_part() -> None:
    turns = ["hello and good day", "this is Noor's phone"]
    segments = _segments(" ".join(turns), turns)
    assert _shared(segments, 2, _finding(turns[1], "Noor", entity="PERSON"))[0] == ["Noor"]


def test_each_text_is_laid_beside_few_lists_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a payload of many small lists, as of conversations by id, would cost their product."""
    locations = [(f"conversation-{number}", place, "text") for number in range(100) for place in range(2)]
    segments = [
        Segment(index, f"please tell about it, {index}", location) for index, location in enumerate(locations)
    ]
    laid = []
    in_whole = repeated_texts._in_whole

    def counted(*arguments: Any) -> dict[int, int]:
        laid.append(arguments)
        return in_whole(*arguments)

    monkeypatch.setattr(repeated_texts, "_in_whole", counted)
    found: list[list[Finding]] = [[] for _ in segments]
    found[0] = [_finding(segments[0].text, "tell")]
    repeated_texts.share(segments, found, MODEL)
    assert 0 < len(laid) <= 8 * len(segments)
