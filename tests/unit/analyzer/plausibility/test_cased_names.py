"""In Cyrillic, Greek and Armenian a name is written large, and a first word alone is a common name."""

# ruff: noqa: RUF001  # letters of these scripts
from __future__ import annotations

import pytest

from shield.analyzer.common_names import is_common_name
from shield.analyzer.plausibility.cased_names import is_no_cased_name


def is_name(text: str, value: str) -> bool:
    start = text.index(value)
    return not is_no_cased_name(text, start, start + len(value))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Иван Петров", "Иван Петров"),
        ("это для Зинченко лично", "Зинченко"),
        ("Мария", "Мария"),
        ("Обратитесь к Марии", "Марии"),
        ("с иваном говорили", "иваном"),
        ("Вчера звонила Кирсанова.", "Кирсанова"),
        ("Χθες ήρθε ο Παπαδόπουλος", "Παπαδόπουλος"),
        ("Ελένη", "Ελένη"),
        ("Արամ Սարգսյան", "Արամ Սարգսյան"),
        ("позвоните Анне Сергеевне", "Анне Сергеевне"),
    ],
)
def test_names(text: str, value: str) -> None:
    assert is_name(text, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Здравствуйте! Товар не пришёл", "Здравствуйте"),
        ("Возврат товара", "Возврат товара"),
        ("устройство управления", "устройство управления"),
        ("Готово. Спасибо за помощь", "Спасибо"),
        ("ОШИБКА сервера", "ОШИБКА"),
        ("Διαγραφή αρχείου", "Διαγραφή"),
        ("- Настройки", "Настройки"),
        ("статус: Решено", "Решено"),
    ],
)
def test_words(text: str, value: str) -> None:
    assert not is_name(text, value)


@pytest.mark.parametrize("word", ["Мария", "Марии", "Марию", "Марией", "Иваном", "Сергею", "Ольги", "Γιώργο"])
def test_a_name_is_known_in_each_case(word: str) -> None:
    assert is_common_name(word)


@pytest.mark.parametrize("word", ["Товар", "Заказ", "Ошибка", "Спасибо", "Αρχείο", "Сервер", "Пароль"])
def test_other_words_are_not(word: str) -> None:
    assert not is_common_name(word)
