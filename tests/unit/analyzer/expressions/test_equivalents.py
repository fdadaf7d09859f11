"""Cheaper forms of expressions match what the originals match, in the same order."""

from __future__ import annotations

import functools
from typing import Any

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    IbanRecognizer,
    InAadhaarRecognizer,
    InPanRecognizer,
    IpRecognizer,
    NhsRecognizer,
    UrlRecognizer,
    UsSsnRecognizer,
)

from shield.analyzer.expressions.equivalents import Cheaper, Followed, check_of, in_ascii, veto_of
from shield.analyzer.expressions.prefilter import Starts

FLAGS = int(regex.DOTALL | regex.MULTILINE | regex.IGNORECASE)
URLS = [pattern.regex for pattern in UrlRecognizer.PATTERNS]
PAN = next(pattern.regex for pattern in InPanRecognizer.PATTERNS if "(?=.*?" in pattern.regex)
SAMPLE_SSNS = ["123456789", "987-65-4320", "078 05 1120", "666-12-3456", "111111111"]
PIECES = st.lists(
    st.sampled_from(
        [
            *(
                "a.co",
                "b.com",
                "x.onl",
                ".online",
                "www.",
                "www1.",
                "http://",
                "'",
                '"',
                "/path",
                "?q",
                " ",
                "\n",
            ),
            *("garcia", ".ga", ".xn", "-", ".", "com.", ".\u212aom", ".\u017fe", "A1b2C3d4E5", "ABCDE1234F"),
            *("abcdefghij", "1234", "12", "@", "#", "_", "\u0661\u0662\u0663\u0664", "e\u0301"),
        ]
    )
    | st.text("abcs.1 \n", max_size=5),
    max_size=14,
).map("".join)


cheaper_of = functools.cache(Cheaper.of)
"""Rewriting an expression takes as long as matching many texts."""


def matches(cheaper: Cheaper, text: str) -> list[tuple[int, int]]:
    followed = Followed(cheaper.follows, text, 5.0)
    found = []
    for match in cheaper.compiled.finditer(text):
        if not followed.holds(match.start()):
            break
        found.append(match.span())
    return found


@settings(max_examples=150)
@given(PIECES)
@pytest.mark.parametrize("source", [*URLS, PAN])
def test_a_rewriting_matches_the_same(source: str, text: str) -> None:
    expected = [match.span() for match in regex.compile(source, FLAGS).finditer(text)]
    assert matches(cheaper_of(source, FLAGS), text) == expected


def test_a_choice_of_words_is_told_apart_by_its_first_letters() -> None:
    words = [f"{first}{second}" for first in "abcdefgh" for second in "mnopqrst"]
    source = "(?:" + "|".join(f"(?:{word})" for word in ["amx", *words, "bmz"]) + ")"
    cheaper = Cheaper.of(source, FLAGS)
    assert cheaper.compiled.pattern.startswith("(?:a(?:m(?:x|)|n(?:)")
    # Words that share letters keep their order of preference: "am" comes after "amx", "bmz" after "bm".
    assert [match.group() for match in cheaper.compiled.finditer("amx am bmz")] == ["amx", "am", "bm"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"(?<![\w-])[A-ZÄÖÜ]{1,3}\s[^äb]", r"(?<![\w-])[A-Z]{1,3}\s[^äb]"),  # a negated class stays
        *(
            (same, same)
            for same in (r"[à-ü]x", "[ÄÖ]", r"\[aé]", "é[a]", "[a\u017f]", "[a\u212a]", r"[a\-é]")
        ),
    ],
)
def test_of_letters_beyond_ascii_only_plain_members_are_left_out(source: str, expected: str) -> None:
    assert in_ascii(source) == expected


@pytest.mark.parametrize("source", [r"\b(?:(?:com)|(?:net))\b", r"(?=.*?[0-9])\w+", r"\d{3}"])
def test_what_is_of_neither_form_stays(source: str) -> None:
    cheaper = Cheaper.of(source, FLAGS)
    assert cheaper.compiled.pattern == source
    assert cheaper.follows == ()


def test_without_dotall_a_look_ahead_ends_at_the_line_and_stays() -> None:
    cheaper = Cheaper.of(PAN, int(regex.IGNORECASE))
    assert cheaper.compiled.pattern == PAN


class Counting:
    """An expression that counts its searches."""

    def __init__(self, source: str) -> None:
        self._compiled = regex.compile(source)
        self.searches = 0

    def search(self, text: str, start: int, timeout: float) -> object:
        self.searches += 1
        return self._compiled.search(text, start, timeout=timeout)


def test_what_follows_is_searched_once_for_each_place_that_it_is_found_at() -> None:
    four = Counting("[0-9]{4}")
    followed = Followed((four,), "x" * 5000 + "1234" + "x" * 5000, 5.0)
    assert all(followed.holds(start) for start in range(5001))
    assert four.searches == 1
    assert not followed.holds(5001)


@pytest.mark.parametrize(
    ("places", "kept"),
    [
        ([], []),
        ([(0, 3)], [(0, 2)]),
        ([(3, 5)], [(0, 2)]),  # a match from 2 can reach 5
        ([(12, 12)], [(10, 11)]),  # text left out within a match
        ([(13, 14), (40, 41)], [(10, 11)]),
        ([(9, 9), (50, 60)], []),
    ],
)
def test_starts_from_which_no_match_touches_a_place_are_left_out(
    places: list[tuple[int, int]], kept: list[tuple[int, int]]
) -> None:
    starts = Starts(((0, 2), (10, 11), (30, 33)), 6)
    assert list(starts.within(places).intervals) == kept


@given(
    st.text("0123456789 -\u0664", max_size=20)
    | st.from_regex(r"[0-9]{4}[- ]?[0-9]{4}[- ]?[0-9]{4}", fullmatch=True)
    | st.sampled_from(["2345 6789 0124", "2345 6789 0123", "234567765432", "0000 0000 0000"])
)
@pytest.mark.parametrize(
    "recognizer",
    [CreditCardRecognizer(), NhsRecognizer(), InAadhaarRecognizer()],
    ids=["card", "NHS", "Aadhaar"],
)
def test_a_cheaper_check_says_what_the_recognizer_says(recognizer: Any, matched: str) -> None:
    check = check_of(recognizer)
    assert check is not None
    assert check != recognizer.validate_result
    assert check(matched) == recognizer.validate_result(matched)


@given(st.from_regex(r"[016]{3}[-. ]?[012]{2}[-. ]?[0-2]{4}", fullmatch=True) | st.sampled_from(SAMPLE_SSNS))
def test_a_cheaper_veto_of_a_social_security_number_says_what_the_recognizer_says(matched: str) -> None:
    recognizer = UsSsnRecognizer()
    veto = veto_of(recognizer)
    assert veto is not None
    assert veto != recognizer.invalidate_result
    assert veto(matched) is recognizer.invalidate_result(matched)


@given(st.from_regex(r"[0-2]?[0-9]{1,2}(?:[.][0-2]?[05]?[0-9]){3}(?:/[0-9]{1,2})?", fullmatch=True))
def test_a_cheaper_veto_of_an_address_says_what_the_recognizer_says(matched: str) -> None:
    recognizer = IpRecognizer()
    veto = veto_of(recognizer)
    assert veto is not None
    assert bool(veto(matched)) is bool(recognizer.invalidate_result(matched))


@pytest.mark.parametrize(
    ("iban", "valid"),
    [
        ("GB82 WEST 1234 5698 7654 32", True),
        ("DE89-3704-0044-0532-0130-00", True),
        ("no93 8601 1117 947", None),
        ("DE89 3704 0044 0532 0130 01", False),
        ("GB82 WEST 1234 5698", False),
        ("XX82 1234 5698 7654", False),
        ("DE89\u0664370400440532013000", False),
        ("\u017fE45 5000 0000 0583 9825 7466", None),
        ("GB82 ?", False),
        ("", False),
    ],
)
def test_a_cheaper_check_of_an_iban_says_what_the_recognizer_says(iban: str, valid: bool | None) -> None:
    recognizer = IbanRecognizer()
    check = check_of(recognizer)
    assert check is not None
    assert check != recognizer.validate_result
    assert check(iban) is valid
    assert recognizer.validate_result(iban) is valid


def test_an_iban_that_must_be_the_whole_text_keeps_its_own_check() -> None:
    recognizer = IbanRecognizer(exact_match=True)
    assert check_of(recognizer) == recognizer.validate_result


def test_a_check_that_is_not_known_stays() -> None:
    class Own(CreditCardRecognizer):
        def validate_result(self, pattern_text: str) -> bool:
            return pattern_text == "4"

    own = Own()
    assert check_of(own) == own.validate_result
