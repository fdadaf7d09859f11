"""Context words work nearby in the text, as labels, and in the names of surrounding members."""

# ruff: noqa: SIM905  # a table of words reads best as prose

from __future__ import annotations

import random

import pytest

from shield.analyzer import surroundings
from shield.analyzer.context import ContextWords, KeyContext, boosted
from shield.analyzer.key_names import key_words
from shield.analyzer.stems import stem
from shield.analyzer.surroundings import Surroundings, label_before

SSN = ContextWords.of(["social", "security", "ssn"])
PASSPORT = ContextWords.of(["us", "united", "states", "passport", "passport#", "travel", "document"])
NHS = ContextWords.of(["national health service", "nhs", "health authority"])


def score(before: str, words: ContextWords = SSN, *names: str, start: float = 0.05) -> float:
    text = f"{before}536221234"
    return boosted(start, words, text, (len(before), len(text)), KeyContext.of(names))


@pytest.mark.parametrize(
    ("before", "words", "expected"),
    [
        ("", SSN, 0.05),
        ("the total is ", SSN, 0.05),
        ("SSN: ", SSN, 0.6),
        ("SSN:\n", SSN, 0.6),
        ("my social security number is ", SSN, 0.6),
        ("SSN given on the old form as ", SSN, 0.4),
        ("ssn one two three four five six seven eight ", SSN, 0.05),
        ("I lost my SSN. ", SSN, 0.4),
        ("passport no. ", PASSPORT, 0.6),
        ("Passports 111111111, ", PASSPORT, 0.4),
        ("passportnumber ", PASSPORT, 0.6),
        ("the customer discussed ", PASSPORT, 0.05),
        ("my SSN is wrong on order #", SSN, 0.05),
        ("document ", PASSPORT, 0.4),
        ("health authority ", NHS, 0.6),
        ("health issues, authority ", NHS, 0.05),
    ],
)
def test_what_stands_before(before: str, words: ContextWords, expected: float) -> None:
    assert score(before, words) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("ssn",), 0.6),
        (("customerSSN",), 0.6),
        (("customer", "ssn", "value"), 0.4),
        (("ssn_id",), 0.4),
        (("total",), 0.05),
    ],
)
def test_names_around(names: tuple[str, ...], expected: float) -> None:
    assert score("", SSN, *names) == pytest.approx(expected)


def test_a_member_name_is_no_label_of_a_number_in_its_prose() -> None:
    assert score("some long prose that goes on and on, with a number ", SSN, "ssn") == pytest.approx(0.4)


def test_a_score_rises_by_the_boost_and_stays_at_most_one() -> None:
    assert score("SSN ", start=0.5) == pytest.approx(0.85)
    assert score("SSN ", start=0.9) == 1.0
    assert score("SSN ", start=1.0) == 1.0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("customerHomePhone", ("customer", "home", "phone")),
        ("SSNNumber", ("ssn", "number")),
        ("bank-account_no2", ("bank", "account", "no", "2")),
        ("homePhoneStr", ("home", "phone")),
        ("Str", ("str",)),
        ("größeUndContraseña", ("größe", "und", "contraseña")),
        ("\uff53\uff53\uff4e", ("ssn",)),
        ("s\u200bsn_\u0455sn", ("ssn", "ssn")),
        ("", ()),
    ],
)
def test_key_words(name: str, words: tuple[str, ...]) -> None:
    assert key_words(name) == words


@pytest.mark.parametrize(
    ("word", "stemmed"),
    [("accounts", "account"), ("called", "call"), ("routing", "rout"), ("is", "is"), ("pass", "pass")],
)
def test_stem(word: str, stemmed: str) -> None:
    assert stem(word) == stemmed


def test_only_a_bounded_part_before_is_read() -> None:
    text = "ssn " + "x " * 500 + "1"
    assert "ssn" not in Surroundings(text).near(len(text) - 1)


def test_what_stands_before_a_place_is_read_once() -> None:
    text = "My SSN is 536-22-1234, order 48213"
    around = Surroundings(text)
    start = text.index("536")
    assert around.label(start) == label_before(text, start)
    assert around.label(start) is around.label(start)
    assert around.near(start) == Surroundings(text).near(start)
    assert around.near(start) is around.near(start)


def test_a_phrase_is_near_wherever_it_begins() -> None:
    words = ContextWords.of(["health authority"])
    assert words.near(["the", "health", "authority"])
    assert not words.near(["authority", "health"])
    assert not words.near(["health"])


@pytest.mark.parametrize("seed", range(40))
def test_what_stands_close_decides_as_the_whole_reach_would(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    words = "ssn is the a number of value social 12 7 x. account, no. reads\n as order".split(" ")
    text = " ".join(chance.choices(words, k=70))
    places = [chance.randrange(len(text)) for _ in range(20)]
    close = [(Surroundings(text).near(place), label_before(text, place)) for place in places]
    monkeypatch.setattr(surroundings, "_CLOSE", 10_000)
    monkeypatch.setattr(surroundings, "_CLOSER", 10_000)
    assert close == [(Surroundings(text).near(place), label_before(text, place)) for place in places]


def test_where_silence_is_told_at_once_no_word_speaks() -> None:
    draw = random.Random(3)
    words = "passports socially insecure travelling nhs health authorities the is 12. US\u00e9 x".split()
    told = 0
    for _ in range(2_000):
        text = draw.choice(" ,\n").join(draw.choices(words, k=draw.randrange(40)))
        start = draw.randrange(len(text) + 1)
        around = Surroundings(text)
        for terms in (SSN, PASSPORT, NHS):
            if around.silent(terms.roots, start):
                told += 1
                assert not terms.labels_by(around.label(start))
                assert not terms.near(around.near(start))
    assert told > 500
