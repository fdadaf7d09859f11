"""The bound on an attempt's work is never too low; an unbounded pattern has no bound."""

from __future__ import annotations

from itertools import pairwise

import pytest
import regex

from shield.analyzer.expressions.effort import BRIEF, Run, effort
from shield.analyzer.expressions.weaken import weaken

FLAGS = int(regex.IGNORECASE | regex.MULTILINE | regex.DOTALL)


@pytest.mark.parametrize(
    "source", [r"a+b", r"(?:a{1,3})*", r"\d{3}(?=.*x)", r"(?:a{1,30}){1,30}b", r"\p{L}a"]
)
def test_what_can_take_long_or_is_not_read_has_no_number(source: str) -> None:
    assert effort(source, FLAGS) is None


@pytest.mark.parametrize(
    ("source", "least"),
    [
        (r"\d{3}-\d{4}", 8),
        (r"a{1,3}b{0,2}", 9),
        (r"(?:ab|cd|e)f", 3),
        (r"(?:a|b){2}", 4),
        (r"(a)?(?(1)b|c)", 2),
    ],
)
def test_it_counts_every_way_and_each_character_of_one(source: str, least: int) -> None:
    counted = effort(source, FLAGS)
    assert counted is not None
    assert least <= counted <= 100 * least


def test_a_back_reference_is_as_long_as_its_group() -> None:
    once, again = (effort(source, FLAGS) for source in (r"(a{1,50})b", r"(a{1,50})b\1{20}"))
    assert once is not None
    assert again is not None
    assert again - once >= 50 * 20 * 50
    assert effort(r"(a\1){2}", FLAGS) is None


def test_it_grows_with_the_ways_to_match() -> None:
    counted = [effort(f"(?:a?){{{times}}}b", FLAGS) for times in (2, 4, 8, 16)]
    assert all(
        first is not None and second is not None and first * 3 < second for first, second in pairwise(counted)
    )


@pytest.mark.parametrize(
    "source", [r"a+b", r"[a-z]+@(?:[a-z]++\.)+[a-z]{2,9}\b", r"a(?:b++(?:-++b++)*+\.)+", r"a{1,300}b(?:/.*)?"]
)
def test_of_a_brief_text_also_what_goes_on_has_a_number(source: str) -> None:
    counted = effort(source, FLAGS, BRIEF)
    assert counted is not None
    assert BRIEF <= counted < 10**7


def test_nested_repeats_have_none_even_of_a_brief_text() -> None:
    assert effort(r"(?:a+)+b", FLAGS, BRIEF) is None


def test_what_may_be_left_out_at_the_end_is_tried_once() -> None:
    open_end, closed = (effort(source, FLAGS, BRIEF) for source in (r"a{1,50}(?:/b*)?", r"a{1,50}(?:/b*)?c"))
    assert open_end is not None
    assert closed is not None
    assert 10 * open_end < closed


def test_of_words_with_different_first_letters_one_goes_on() -> None:
    apart, alike = (effort(f"(?:{words})x", FLAGS) for words in ("abcd|bcde|cdef", "abcd|.cde|cdef"))
    assert apart is not None
    assert alike is not None
    assert apart < alike


def test_a_look_ahead_over_a_brief_run_has_a_number() -> None:
    member = r"\b(?=[A-Z0-9-]{6,20}\b)(?=[A-Z0-9-]*\d)[A-Z]{1,5}-?[A-Z0-9]{5,14}\b"
    assert effort(member, FLAGS) is None
    assert effort(member, FLAGS, BRIEF) is not None
    told = weaken(member, FLAGS)
    assert told is not None
    assert (told.lookahead, told.beyond) == (None, 21)  # for the first look-ahead, and a boundary
    assert told.consumed is not None
    assert set(b"-09AZ?") <= set(told.consumed)
    over_all = weaken(r"[A-Z](?=.*\d)[0-9]{3}", FLAGS)
    assert over_all is not None
    assert over_all.consumed is None
    assert effort(r"a(?<!b*)c", FLAGS, BRIEF) is None  # a look-behind reaches beyond any run


def test_a_run_ends_an_attempt_where_it_is_brief() -> None:
    run = Run.of(b"-.?@abc", 1)
    text = "ab@c.\u00e9\ud800-a b"
    assert run.limit(text, 0, 3) == text.index(" ") + 2
    assert run.limit(text, 9, 9) == 11
    assert run.limit("a" * BRIEF, 0, 0) is None
    assert run.limit(" " * BRIEF + "a", 0, BRIEF) is None
