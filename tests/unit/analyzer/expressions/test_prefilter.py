"""One scan of many texts loses nothing that a scan of each would find."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shield.analyzer.expressions.folded import fold, has_digit
from shield.domain import OperatorSpec, Policy, Segment
from tests.unit.analyzer.built import engine_of_all
from tests.unit.analyzer.test_differential import VALUES

TEXTS = st.lists(
    st.sampled_from(VALUES).flatmap(
        lambda value: st.sampled_from([value, f"x {value}", f"{value}.", f"{value}\n"])
    )
    | st.text(" \n.-ab19é", min_size=1, max_size=8),
    min_size=1,
    max_size=6,
)


@pytest.fixture(scope="module")
def engine():
    return engine_of_all()


@settings(deadline=None)  # the first text is the one for which patterns are compiled
@given(texts=TEXTS)
def test_what_fires_alone_fires_among_others(engine, texts):
    folded = [fold(text) for text in texts]
    together = engine.prefilter.fired_in_each(folded)
    assert len(together) == len(texts)
    for alone, among in zip(map(engine.prefilter.fired, folded), together, strict=True):
        assert all(set(ends) <= set(among[identifier]) for identifier, ends in alone.items())


@settings(deadline=None)  # as above
@given(
    text=st.sampled_from(VALUES).map(
        lambda value: "".join(sign for sign in value if not sign.isdigit()) + "? x"
    )
    | st.sampled_from(VALUES)
)
def test_a_text_without_a_digit_loses_only_what_needs_one(engine, text):
    fired = engine.prefilter.fired(fold(text))
    told = engine.prefilter.fired(fold(text), plain=text.isascii())
    if not text.isascii() or any(map(str.isdigit, text)):
        assert told == fired
    else:
        needing = {each for each in fired if engine.prefilter.needs_digit(each)}
        assert told == {each: ends for each, ends in fired.items() if each not in needing}
    assert not (set(told) - set(engine.possible(told, text))) or not any(map(str.isdigit, text))


def test_long_texts_without_a_digit_are_left_out_among_others(engine):
    words = "No figures are in this text, nor is there any in the next one, is there? " * 2
    folded = [*map(fold, ("x@example.com " * 12, "card 4111 1111 1111 1111", words, "id 7", "AB", words))]
    for texts in (folded, folded[:1] + folded[4:], folded[2:]):
        for text, told in zip(texts, engine.prefilter.fired_in_each(texts, plain=True), strict=True):
            for identifier, ends in engine.prefilter.fired(text).items():
                if has_digit(text) or not engine.prefilter.needs_digit(identifier):
                    assert set(ends) <= set(told[identifier])
        assert not engine.possible(told, words)  # the last text


def test_a_question_mark_is_no_digit(engine):
    text = "Can you see what else I can try?"
    assert engine.prefilter.fired(fold(text))
    assert not engine.possible(engine.prefilter.fired(fold(text)), text)
    assert not engine.prefilter.fired(fold(text), plain=True)


def test_of_patterns_that_are_not_wanted_nothing_is_said(engine):
    texts = [fold("write to jo@example.com"), fold("card 4111 1111 1111 1111")]
    every = engine.prefilter.fired_in_each(texts)
    wanted = engine.patterns_of({engine._patterns[next(iter(every[1]))].recognizer})
    assert all(every)
    assert engine.prefilter.fired_in_each(texts, wanted) == [
        {identifier: ends for identifier, ends in fired.items() if identifier in wanted} for fired in every
    ]


@settings(deadline=None)  # the first text is the one for which patterns are compiled
@given(texts=TEXTS)
def test_segments_are_found_as_if_each_were_alone(patterns_only, texts):
    policy = Policy("all", "", dict.fromkeys(patterns_only.supported_entities, OperatorSpec("replace")))
    segments = [Segment(index, text) for index, text in enumerate(texts)]
    together = patterns_only.analyze(segments, policy)
    assert together == [patterns_only.analyze([Segment(0, text)], policy)[0] for text in texts]
