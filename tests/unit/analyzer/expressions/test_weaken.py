"""A weakened form matches, on the folded text, everything that the original pattern matches."""

# ruff: noqa: RUF001  # the odd letters are the point
from __future__ import annotations

import pytest
import regex

from shield.analyzer.expressions.folded import fold
from shield.analyzer.expressions.scanner import CASELESS, DOTALL, Expression, Scanner
from shield.analyzer.expressions.weaken import Digit, farthest, weaken

FLAGS = int(regex.DOTALL | regex.MULTILINE | regex.IGNORECASE)


def fires(pattern: str, text: str, flags: int = FLAGS) -> bool:
    weakened = weaken(pattern, flags)
    assert weakened is not None
    mode = DOTALL | (CASELESS if weakened.caseless else 0)
    return bool(Scanner([Expression(weakened.expression, mode)]).scan(fold(text)))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"\bsik\b", "SIK"),
        (r"\bsik\b", "ſİK"),
        (r"\d{3}", "٣٤٥"),
        (r"\bäb\b", "ÄB"),
        (r"\w+@", "é@"),
        (r"a\sb", "a\u00a0b"),
        (r"(['\"])x\1", "'x'"),
        (r"(?<=a)b(?!c)", "ab"),
        (r"(?>a+)b", "aab"),
        (r"(?:a|bc){2,3}+", "abc"),
        (r"(a)?(?(1)b|c)", "c"),
        (r"(?i:ab)c", "ABc"),
        (r"x(?i)y", "XY"),
        (r"^a.b$", "a\nb"),
        (r"\B1", "a1"),
        (r"é\b!", "é!"),
        (r"(?<!\w)@\w", "é @é"),
        (r"\bſ?sun\b", "ſun"),
        (r"(?<![\w-])\d{2}[a-z]{0,3}(?![\w])", "(٣٤)"),
        (r"(?<!\w)(?:the )?\d(?: am)?(?!\w)", "x 1 amx; 2!"),
        (r"\b(?:a|\(b)\b", "x(b"),
        (r"(?-i:(?<!\w)(?:[1-9a-z]{3,9})(?!\w))", "‹abcdefg›"),
        (r"\b(?=[a-z0-9-]*\d)[a-z]{1,5}-?[a-z0-9]{5,9}\b", "abcdef-1"),
        (r"\b(?=[a-z0-9-]*\d)[a-z]{1,5}-?[a-z0-9]{5,9}\b", "ſabcde1"),
        (r"\b(?=[a-z\d-]*\d)[a-z]{1,5}-?[a-z0-9]{5,9}\b", "abcdefg-٣"),
        (r"\b(?:sik|rep) (?-i:[A-ZÄ])[a-z]+", "ſİK Sİ"),
        (r"(?-i:(?i:ab)C)\d", "aBC1"),
        (r"(?-i:[A-Z])(?:(?i:x|yz)){2}q", "AXyZQ"),
    ],
)
def test_what_the_original_matches_fires(pattern: str, text: str) -> None:
    for flags in (FLAGS, int(regex.DOTALL | regex.MULTILINE)):
        if regex.search(pattern, text, flags):
            assert fires(pattern, text, flags)
    assert regex.search(pattern, text, FLAGS)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"\b[0-9]{9}\b", "1234567890"),
        (r"\b[0-9]{9}\b", "x123456789"),
        (r"[a-z]{3}\d", "ab1"),
        (r"a\b", "ab"),
        (r"\b(?:street|ave)\b", "mistreet ave1"),
        (r"(?:\w )?\bsun\b", "psun suns"),
        (r"(?<![\w.])\d{2}(?! ?\w)(?![\w-])", "x12 123 12a"),
        (r"(?<!\w)@[a-z]", "jon@example"),
        (r"x[A-Z]{1,2}\s\d{1,4}(?!\w)", "xAB 12345 xa 12z"),
        (r"\b(?=[a-z0-9-]*\d)[a-z]{1,5}-?[a-z0-9]{5,9}\b", "my messages, 12345678 of them"),
        (r"\b(?:driver|nurse) (?-i:[A-Z])[a-z]", "Our Driver is here"),
    ],
)
def test_it_stays_selective(pattern: str, text: str) -> None:
    assert not fires(pattern, text)


@pytest.mark.parametrize("pattern", [r"[[:alpha:]]", r"(?:ab){e<=1}", r"\p{Lu}x", r"a*", r"(?V1)a"])
def test_what_the_two_modules_read_otherwise_is_not_weakened(pattern: str) -> None:
    assert weaken(pattern, FLAGS) is None


def test_what_may_be_left_out_at_the_end_is_so_that_one_match_has_one_end() -> None:
    for pattern in (r"x\.[a-z]{2,13}", r"x\.[a-z]{2,13}(?:/\S{0,9})?", r"(?:x\.[a-z]{2,13}|y)"):
        weakened = weaken(pattern, FLAGS)
        assert weakened is not None
        scanner = Scanner([Expression(weakened.expression, DOTALL | CASELESS)])
        assert [end for _, _, end in scanner.scan(b"see x.example/at")] == [8]


@pytest.mark.parametrize(
    ("pattern", "reach"),
    [
        (r"\b\d{3}-\d{2}\b", 8),
        (r"a{1,4}(?=b{5})", 11),
        (r"a+", None),
        (r"ab(?=.*c)", None),
        (r"a?", None),
        (r"[[:alpha:]]b", None),
    ],
)
def test_how_far_an_attempt_can_touch(pattern: str, reach: int | None) -> None:
    assert farthest(pattern, FLAGS) == reach


@pytest.mark.parametrize(
    ("pattern", "digit"),
    [
        (r"\b[0-9]{3}-[0-9]{2}\b", Digit.WITHIN),
        (r"[a-z]{2,4}\s\d{1,4}[eh]?", Digit.WITHIN),
        (r"(?=[a-z0-9]*[0-9])[a-z0-9]{6}", Digit.IN_RUN),
        (r"(?=[a-z0-9]*[0-9])[a-z]{6}", Digit.WITHIN),
        (r"(?=.*\d)[a-z0-9]{6}", Digit.AFTER),
        (r"[a-z0-9]{6}", Digit.NOWHERE),
    ],
)
def test_where_a_match_needs_a_digit(pattern: str, digit: Digit) -> None:
    weakened = weaken(pattern, regex.DOTALL)
    assert weakened is not None
    assert weakened.digit is digit
