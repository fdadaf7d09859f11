"""The hunt itself works: one that never found anything would make the whole suite pass."""

import base64
import hashlib

import pytest

from tests.leak.canaries import CANARIES, hunt

VALUE = "maria.garcia@example.com"


@pytest.mark.parametrize(
    "content",
    [
        b"x " + VALUE.encode() + b" y",
        VALUE.upper().encode(),
        b"maria.garcia%40example.com",
        VALUE[::-1].encode(),
        VALUE.encode().hex().encode(),
        hashlib.sha256(VALUE.encode()).hexdigest().encode(),
        *(base64.b64encode(b"a" * shift + VALUE.encode() + b" tail") for shift in range(4)),
    ],
)
def test_a_trace_is_found(content: bytes) -> None:
    assert hunt(VALUE, {"place": content})


def test_separators_do_not_hide_a_number() -> None:
    assert hunt("4111 1111 1111 1111", {"place": b"4111111111111111"})


def test_what_is_not_there_is_not_found() -> None:
    assert hunt(VALUE, {"place": b"<EMAIL_ADDRESS> garcia example.com"}) == []


def test_each_sentence_holds_its_value_once() -> None:
    assert all(canary.sentence.count(canary.value) == 1 for canary in CANARIES)
