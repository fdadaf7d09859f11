"""A model reads no letters that it has not learned, but for a few that a text in Latin letters quotes."""

# ruff: noqa: RUF001  # letters and signs of other writing systems
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.analyzer.field_scores import NO_BAR
from shield.analyzer.learned import AMONG_OTHERS, is_of_cased, learned, unlearned


def read(text: str, *, mixed: bool = False) -> str:
    return learned(text, NO_BAR, mixed=mixed).text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("商品が壊れていました。", ""),
        ("안녕하세요, 확인 부탁드립니다.", ",."),
        ("担当の Maria Lopez さんに連絡", "Maria Lopez"),
        ("مرحبا maria@example.com شكرا", "maria@example.com"),
        ("2023年11月5日に連絡", ""),
        ("订单号是20231105123456，请查询", ""),
        ("电话 138 1234 5678", "138 1234 5678"),
    ],
)
def test_what_is_left(text: str, left: str) -> None:
    assert " ".join(read(text).split()).replace(" ,", ",").replace(" .", ".") == left


@pytest.mark.parametrize(
    "text",
    [
        "Please call 田中太郎 back about the refund.",
        "the guest 김민수 asked for a late checkout",
        "Обратитесь к Марии",
        "Müller, Łukasz, Ελένη",
        "plain",
        "",
    ],
)
def test_what_is_read_as_it_is(text: str) -> None:
    assert learned(text, NO_BAR, mixed=False) == (text, NO_BAR)


def test_what_touches_such_letters_is_not_quoted() -> None:
    assert read("please call 田中太郎 back about the refund", mixed=True).split() == (
        ["please", "call", "back", "about", "the", "refund"]
    )


def test_the_number_of_an_order_is_not_read() -> None:
    assert read("заказ № 12345678 не пришел, мой номер 9123456789").split() == (
        ["заказ", "№", "не", "пришел,", "мой", "номер", "9123456789"]
    )


@pytest.mark.parametrize(
    ("text", "value", "of_cased"),
    [
        ("Возврат", "Возврат", True),
        ("Прошу вернуть деньги. Спасибо", "Спасибо", True),
        ("I moved to с. Ивановка last year", "с. Ивановка", False),
        ("Прошу вернуть, Maria", "Maria", False),
    ],
)
def test_which_spans_are_of_a_text_in_cyrillic(text: str, value: str, of_cased: bool) -> None:
    start = text.index(value)
    assert is_of_cased(text, start, start + len(value)) is of_cased


def test_the_stop_behind_it_is_read() -> None:
    assert read("заказ 77120. Телефон").split() == ["заказ", ".", "Телефон"]


def test_a_person_among_such_letters_needs_a_high_score() -> None:
    bar = learned("担当のinotifyです", NO_BAR, mixed=True).bar
    assert bar.doubt == AMONG_OTHERS
    assert bar.placeless


@given(st.text(alphabet="a1 日ก한אЖ.,年月号：。") | st.text(), st.booleans())
def test_the_length_is_kept(text: str, mixed: bool) -> None:  # drawn
    assert len(read(text, mixed=mixed)) == len(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [("Müller, Петров, Ελένη", 0), ("plain", 0), ("担当の Maria さん", 5), ("شكرا 42", 4)],
)
def test_letters_that_no_model_has_learned_are_counted(text: str, count: int) -> None:
    assert unlearned(text) == count
