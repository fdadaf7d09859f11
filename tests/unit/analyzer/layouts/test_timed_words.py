"""Words of a transcript share what is found in its text, and only the words that are meant."""

from __future__ import annotations

from collections.abc import Sequence

from shield.analyzer.layouts import timed_words
from shield.analyzer.layouts.joined import JOINED
from shield.domain import Finding, Segment


def _segments(text: str, words: Sequence[str], *below: str | int) -> list[Segment]:
    places = [("words", place, *(below or ("word",))) for place in range(len(words))]
    each = [("transcript",), *places]
    return [
        Segment(index, said, location)
        for index, (said, location) in enumerate(zip([text, *words], each, strict=True))
    ]


def _given(segments: list[Segment], value: str, entity: str = "PERSON") -> list[str]:
    start = segments[0].text.index(value)
    found = [[Finding(start, start + len(value), entity, 0.9, "R")], *([] for _ in segments[1:])]
    given = list(timed_words.findings(segments, found))
    assert all(finding.view == JOINED and finding.entity_type == entity for _, finding in given)
    return [segments[place].text[finding.start : finding.end] for place, finding in given]


def test_each_word_of_a_finding_is_one_too_without_the_punctuation_around_it() -> None:
    segments = _segments("my name is maria garcia ok", ["My", "name", "is", "Maria", "Garcia,", "ok"])
    assert _given(segments, "maria garcia") == ["Maria", "Garcia"]


def test_a_spoken_number_is_found_digit_by_digit() -> None:
    said = ["it", "is", "four", "one", "five", "five", "five", "five", "zero", "one", "three", "two"]
    segments = _segments(" ".join(said), said)
    assert _given(segments, " ".join(said[2:]), "PHONE_NUMBER") == said[2:]


def test_a_word_alone_needs_the_words_beside_it() -> None:
    said = ["i", "may", "call", "and", "this", "is", "may", "speaking"]
    segments = _segments(" ".join(said), said)
    start = segments[0].text.rindex("may")
    found = [[Finding(start, start + 3, "PERSON", 0.9, "R")], *([] for _ in said)]
    assert [place for place, _ in timed_words.findings(segments, found)] == [7]


def test_words_may_lie_below_an_alternative_of_their_item() -> None:
    said = ["this", "is", "Maria", "Garcia", "."]
    segments = _segments("this is Maria Garcia.", said, "alternatives", 0, "content")
    assert _given(segments, "Maria Garcia") == ["Maria", "Garcia"]


def test_a_list_of_texts_is_none_of_words() -> None:
    said = ["Maria Garcia called", "this is new", "and so on", "Maria Garcia"]
    assert not _given(_segments("this is Maria Garcia", said), "Maria Garcia")


def test_few_words_or_words_under_other_names_are_none_of_a_transcript() -> None:
    assert not _given(_segments("this is Maria Garcia", ["Maria", "Garcia", "x"]), "Maria Garcia")
    said = ["this", "is", "Maria", "Garcia"]
    assert not _given(_segments("this is Maria Garcia", said, "sku"), "Maria Garcia")
