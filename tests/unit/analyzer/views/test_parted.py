"""Values that touch letters of another writing system are found, whole and alone."""

# ruff: noqa: RUF001  # letters and signs of other writing systems
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.analyzer.engine import Analyzer
from shield.analyzer.views.parted import may_be_parted, parted
from shield.domain import DetectorSpec
from tests.unit.analyzer.built import analyzer_of
from tests.unit.analyzer.conftest import found, policy, segment

POLICY = policy(
    "EMAIL_ADDRESS",
    "CREDIT_CARD",
    "IBAN_CODE",
    "IP_ADDRESS",
    "API_KEY",
    "PHONE_NUMBER",
    "US_SSN",
    "NATIONAL_ID",
)
CASES = [
    ("信用卡号码是4111111111111111有效期", "4111111111111111"),
    ("カード番号は4111 1111 1111 1111です", "4111 1111 1111 1111"),
    ("카드번호는4111-1111-1111-1111입니다", "4111-1111-1111-1111"),
    ("カード４１１１１１１１１１１１１１１１です", "４１１１１１１１１１１１１１１１"),
    ("我的邮箱是wang.lei@example.com请回复", "wang.lei@example.com"),
    ("メールはtaro@example.comまで", "taro@example.com"),
    ("이메일은 minsu@example.com입니다", "minsu@example.com"),
    ("อีเมลsomchai@example.comครับ", "somchai@example.com"),
    ("הכתובת היא ב203.0.113.7 תודה", "203.0.113.7"),
    ("بريدي ali@example.comشكرا", "ali@example.com"),
    ("IBANはDE89370400440532013000です", "DE89370400440532013000"),
    ("IPは203.0.113.7です", "203.0.113.7"),
    ("身份证号11010519491231002X谢谢", "11010519491231002X"),
    ("<p>カードは<b>4111111111111111</b>です</p>", "4111111111111111"),
    ("&#x30AB;4111111111111111&#x3067;", "4111111111111111"),
    ("邮箱wang@example.com卡4111111111111111。", "wang@example.com|4111111111111111"),
]


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return analyzer_of(DetectorSpec(("en",), "none", ("default", "shield")))


@pytest.mark.parametrize(("text", "values"), CASES)
def test_each_value_is_found_by_itself(analyzer: Analyzer, text: str, values: str) -> None:
    assert [value for _, value in found(analyzer, segment(text), POLICY)] == values.split("|")


@pytest.mark.parametrize(
    "text",
    ["", "card 4111111111111111 ends", "Müller4711 é1", "Иван1", "田中太郎", "田中 4111 です", "Ω1", "😀1😀"],
)
def test_what_is_apart_is_left_alone(text: str) -> None:
    assert not may_be_parted(text)
    assert parted(text) is None


@given(st.text(alphabet="a1@+(日ก한א é .,"))
def test_only_blanks_are_added_and_every_character_keeps_its_place(text: str) -> None:
    view = parted(text)
    assert (view is not None) == may_be_parted(text)
    if view is None:
        return
    assert view.text.replace(" ", "") == text.replace(" ", "")
    assert parted(view.text) is None
    for place, character in enumerate(view.text):
        start, end = view.raw_span(place, place + 1)
        if character != " ":
            assert character in text[start:end]
