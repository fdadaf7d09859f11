# ruff: noqa: ISC004 - long messages in tables
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.anonymizer.mask import _TAGS, LEAST_HIDDEN, Mask, is_separator, masked
from shield.errors import ConfigError


def mask(text, entity_type="US_SSN", **params):
    operator = Mask()
    operator.validate(params, ())
    operator.validate_entity(entity_type, params)
    return operator.operate(text, entity_type, params, {}, lambda n: b"\0" * n)


@pytest.mark.parametrize(
    ("text", "params", "expected"),
    [
        ("4111 1111 1111 1111", {"keep_last": 4}, "**** **** **** 1111"),
        ("4111-1111-1111-1111", {"keep_first": 6, "keep_last": 4}, "4111-11**-****-1111"),
        ("4111111111111111", {"keep_first": 6, "keep_last": 4}, "411111******1111"),
        ("536-22-1234", {}, "***-**-****"),
        ("536-22-1234", {"keep_last": 4, "char": "X"}, "XXX-XX-1234"),
        ("(415) 555-0132", {"keep_last": 2}, "(***) ***-**32"),
        ("jon@example.com", {"keep_first": 1}, "j**@*******.***"),
        ("GB82 WEST 1234 5698 7654 32", {"keep_first": 4, "keep_last": 2}, "GB82 **** **** **** **** 32"),
        ("", {"keep_last": 4}, ""),
        ("--- ---", {}, "--- ---"),
        ("<b>4111</b> 1111 1111 1<i>111", {"keep_last": 4}, "<b>****</b> **** **** 1<i>111"),
        (
            "<kbd>4111</kbd>1111<q>1111</q><x-y>1111",
            {"keep_last": 4},
            "<kbd>****</kbd>****<q>****</q><*-*>1111",
        ),
        ("4111 1111 <a x=1>1111</A> <Lima> 1111", {}, "**** **** <* *=*>****</A> <****> ****"),
    ],
)
def test_shows_the_first_and_last_and_keeps_separators(text, params, expected):
    assert mask(text, **params) == expected


@pytest.mark.parametrize("text", ["1", "12", "1234", "12345", "1234567"])
def test_a_value_of_which_too_little_would_be_hidden_is_masked_wholly(text):
    assert mask(text, keep_last=4) == "*" * len(text)


def test_a_thirteen_digit_card_with_first_six_and_last_four_is_masked_wholly():
    assert mask("4222222222222", "CREDIT_CARD", keep_first=6, keep_last=4) == "*" * 13


@pytest.mark.parametrize(
    "text",
    ["José\u0301 Ñandú", "\uff11\uff12\uff13\uff14\uff15", "a\u200bb\u200bc", "😀😀😀😀", "①②③④", "Ⅷ½²"],
)
def test_letters_marks_digits_and_invisible_characters_of_any_script_are_hidden(text):
    shown = [character for character in mask(text) if character != "*"]
    assert all(is_separator(character) for character in shown)


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x7f", "\u00ad", "\u200d", "\ud800", "é", "²", "€"])
def test_no_separator(character):
    assert not is_separator(character)


@pytest.mark.parametrize("character", [" ", "\t", "\n", "-", "+", "$", "@", "\u00a0", "\u2013", "。"])
def test_separator(character):
    assert is_separator(character)


@given(
    st.lists(st.text() | st.sampled_from(["<b>", "</EM>", "<br />", "<i x>", "<Lima>"])).map("".join),
    st.integers(0, 64),
    st.integers(0, 64),
)
def test_never_shows_more_than_allowed(text, first, last):
    result = masked(text, first, last, "\ue000")
    assert len(result) == len(text)
    tags = {place for tag in _TAGS.finditer(text) for place in range(*tag.span())}
    counted = [p for p, character in enumerate(text) if p not in tags and not is_separator(character)]
    shown = [place for place in counted if result[place] != "\ue000"]
    assert len(shown) <= first + last
    assert not counted or len(counted) - len(shown) >= min(LEAST_HIDDEN, len(counted))
    assert set(shown) <= set(counted[:first] + counted[len(counted) - last :])
    assert [text[p] for p in range(len(text)) if p not in counted] == [
        result[p] for p in range(len(text)) if p not in counted
    ]


@given(
    st.text(alphabet="0123456789 -", max_size=40),
    st.integers(0, 10_000),
    st.integers(0, 10_000),
)
def test_a_card_shows_at_most_first_six_and_last_four_whatever_the_parameters(text, first, last):
    params = {"keep_first": first, "keep_last": last}
    result = Mask().operate(text, "CREDIT_CARD", params, {}, lambda n: b"\0" * n)
    digits = [place for place, character in enumerate(text) if character.isdigit()]
    shown = {place for place in digits if result[place] != "*"}
    assert shown <= set(digits[:6]) | set(digits[-4:])


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"keep_first": 7}, "mask: keep_first must be at most 6 for CREDIT_CARD (PCI DSS 3.4.1)"),
        ({"keep_last": 5}, "mask: keep_last must be at most 4 for CREDIT_CARD (PCI DSS 3.4.1)"),
    ],
)
def test_a_card_that_would_show_more_is_refused(params, message):
    with pytest.raises(ConfigError) as caught:
        mask("4111111111111111", "CREDIT_CARD", **params)
    assert caught.value.detail == message


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"keep_first": -1}, "mask: keep_first must be a whole number from 0 to 64"),
        ({"keep_first": 65}, "mask: keep_first must be a whole number from 0 to 64"),
        ({"keep_last": "4"}, "mask: keep_last must be a whole number from 0 to 64"),
        ({"keep_last": True}, "mask: keep_last must be a whole number from 0 to 64"),
        ({"keep_last": 1.0}, "mask: keep_last must be a whole number from 0 to 64"),
        ({"char": ""}, "mask: char must be one visible character other than a digit, such as * or X"),
        ({"char": "**"}, "mask: char must be one visible character other than a digit, such as * or X"),
        ({"char": "0"}, "mask: char must be one visible character other than a digit, such as * or X"),
        ({"char": " "}, "mask: char must be one visible character other than a digit, such as * or X"),
        ({"char": "\n"}, "mask: char must be one visible character other than a digit, such as * or X"),
        ({"char": 7}, "mask: char must be text; put a number in quotes"),
        (
            {"keep_lst": 4},
            "mask: unknown parameter 'keep_lst' (did you mean 'keep_last'?); "
            "allowed: char, keep_first, keep_last",
        ),
    ],
)
def test_parameters_that_are_refused(params, message):
    with pytest.raises(ConfigError) as caught:
        mask("x", **params)
    assert caught.value.detail == message
