"""Names of members in other writing systems mean what their English words mean."""

# letters of other writing systems
from __future__ import annotations

import pytest

from shield.analyzer.engine import Analyzer
from shield.analyzer.key_names import key_words
from shield.analyzer.translated_keys import translated
from shield.domain import DetectorSpec, Segment
from tests.unit.analyzer.built import analyzer_of
from tests.unit.analyzer.conftest import found, policy

POLICY = policy(
    "PERSON", "PHONE_NUMBER", "PASSWORD", "DATE_OF_BIRTH", "NATIONAL_ID", "STREET_ADDRESS", "ACCOUNT_NUMBER"
)


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return analyzer_of(DetectorSpec(("en",), "fast", ("default", "shield")))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("电话", ("phone",)),
        ("電話番号", ("phone",)),
        ("Номер телефона", ("phone",)),
        ("номер_телефона", ("phone",)),
        ("氏名", ("full", "name")),
        ("전화번호", ("phone",)),
        ("ת.ז.", ("national", "id")),
        ("Müller", ("müller",)),
        ("备注", ("备注",)),
    ],
)
def test_words_of_a_name(name: str, words: tuple[str, ...]) -> None:
    assert key_words(name) == words


@pytest.mark.parametrize(
    ("name", "value", "entity"),
    [
        ("姓名", "诸葛小亮", "PERSON"),
        ("氏名", "高嶺 朋樹", "PERSON"),
        ("имя", "ольга", "PERSON"),
        ("الاسم", "محمد علي", "PERSON"),
        ("手机", "13812345678", "PHONE_NUMBER"),
        ("телефон", "89123456789", "PHONE_NUMBER"),
        ("パスワード", "hunter22", "PASSWORD"),
        ("生年月日", "1985-03-12", "DATE_OF_BIRTH"),
        ("주민등록번호", "9001011234567", "NATIONAL_ID"),
        ("כתובת", "הרצל 12", "STREET_ADDRESS"),
        ("계좌번호", "110123456789", "ACCOUNT_NUMBER"),
    ],
)
def test_values_by_the_name_of_their_member(analyzer: Analyzer, name: str, value: str, entity: str) -> None:
    assert found(analyzer, Segment(0, value, (name,)), POLICY) == [(entity, value)]


@pytest.mark.parametrize(
    ("name", "value"), [("商品名", "林檎ジュース"), ("статус", "решено"), ("状態", "処理中")]
)
def test_things_and_states(analyzer: Analyzer, name: str, value: str) -> None:
    assert found(analyzer, Segment(0, value, (name,)), POLICY) == []


@pytest.mark.parametrize("name", ["", "nothing", "_", "备注"])
def test_other_names_have_no_other_words(name: str) -> None:
    assert translated(name) is None
