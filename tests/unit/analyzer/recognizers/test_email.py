"""E-mail addresses are found in links, paths, tables and markup, without the text around them."""

from __future__ import annotations

import pytest
import regex  # type: ignore[import-untyped]

from shield.analyzer.expressions.effort import BRIEF, effort
from shield.analyzer.expressions.quick_search import SOON
from shield.analyzer.expressions.weaken import weaken
from shield.analyzer.recognizers.email import PATTERN, OfflineEmailRecognizer


@pytest.fixture(scope="module")
def recognizer() -> OfflineEmailRecognizer:
    return OfflineEmailRecognizer()


def _found(recognizer: OfflineEmailRecognizer, text: str) -> list[str]:
    results = recognizer.analyze(text, ["EMAIL_ADDRESS"])
    return sorted(text[result.start : result.end] for result in results if result.score > 0)


@pytest.mark.parametrize(
    "around",
    [
        "https://shop.example/users/{}/orders",
        "https://shop.example/s?q={}&page=2",
        "https://shop.example/s?customer_email={}&page=2",
        "WHERE Email='{}'",
        "WHERE t.owner='{}' AND x='1'",
        "f(owner='{}', b='x')",
        "https://shop.example/s?owner={}&page=2",
        "prvs=0123, owner={}",
        "owner=%27{}%27",
        "user={} ip=192.0.2.1",
        "https://shop.example/s?page=2&{}&b=3",
        "https://shop.example/#{}",
        "and/or/{}",
        "|{}|x|",
        "{{{}}}",
        "*{}*",
        "`{}`",
        "<{}>",
        '"{}"',
        "mailto:{}?subject=x",
        "{}-urgent",
        "{}_2",
        "{}.",
    ],
)
def test_an_address_is_found_and_nothing_beside_it(recognizer: OfflineEmailRecognizer, around: str) -> None:
    address = "maria.garcia@example.com"
    found = _found(recognizer, around.format(address))
    assert found == [address]


def test_two_addresses_with_a_sign_between_them_are_two(recognizer: OfflineEmailRecognizer) -> None:
    for sign in "|_/,;":
        found = _found(recognizer, f"maria@example.com{sign}bob@example.org")
        assert found == ["bob@example.org", "maria@example.com"]


@pytest.mark.parametrize(
    "address",
    [
        "bounce+maria=example.org@lists.example.com",
        "prvs.joe=0123@lists.example.com",
        "100%joe@example.com",
        "joe=example.org@lists.example.com",
        "o'brien@example.co.uk",
        "jon@bücher.example.de",
        "jon@mail_host.example.com",
        "jon@xn--bcher-kva.example.com",
        "a@x-y.example.museum",
    ],
)
def test_an_address_is_found_whole(recognizer: OfflineEmailRecognizer, address: str) -> None:
    assert _found(recognizer, f"to {address}, please") == [address]


@pytest.mark.parametrize("text", ["jon@example.invalid", "@example.com", "jon@example", "a @ b.com", "1@2.3"])
def test_what_has_no_domain_of_the_public_list_is_none(recognizer: OfflineEmailRecognizer, text: str) -> None:
    assert _found(recognizer, text) == []


def test_long_texts_of_its_characters_take_time_in_proportion(recognizer: OfflineEmailRecognizer) -> None:
    pattern = regex.compile(recognizer.patterns[0].regex)
    for piece in ("a.", "-a", "a@a.", "a_"):
        assert pattern.search(piece * 20_000 + "!", timeout=5) is None


def test_a_search_within_a_run_of_its_characters_is_known_to_end_soon() -> None:
    """Else each place from which an address can begin is tried under a time limit: ten times the work."""
    flags = int(regex.IGNORECASE | regex.MULTILINE | regex.DOTALL)
    steps, weakened = effort(PATTERN, flags, BRIEF), weaken(PATTERN, flags)
    assert steps is not None
    assert steps * BRIEF < SOON
    assert weakened is not None
    assert weakened.consumed is not None
    assert weakened.beyond is not None
    assert weakened.beyond < BRIEF


def test_no_memory_grows_with_the_length_of_domains() -> None:
    recognizer = OfflineEmailRecognizer()
    for number in range(3):
        assert recognizer.validate_result(f"ada@{'a.' * 200}x{number}.example.com")
        assert recognizer.validate_result(f"ada@x{number}.example.com")
    assert [*recognizer._known] == ["x0.example.com", "x1.example.com", "x2.example.com"]
