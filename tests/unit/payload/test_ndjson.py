from __future__ import annotations

import pytest

from shield.domain import Limits
from shield.errors import MalformedBodyError, TooManySegmentsError, UnsupportedMediaTypeError
from shield.payload.json_codec import NdjsonCodec
from tests.unit.payload.apply import decode, replace_text

CODEC = NdjsonCodec()


@pytest.mark.parametrize(
    "body", [b"", b"\n", b"\r\n\r\n", b" \t\n{}\n", b'{"a":1}', b'{"a":1}\n', b'"a"\r\n\n"b"\r\n']
)
def test_without_edits_the_same_object_comes_back(body):
    assert decode(CODEC, body).encode({}) is body


def test_lines_are_counted_from_zero_and_blank_ones_count():
    document = decode(CODEC, b'{"a":"x"}\r\n\r\n  \n["y"]\n{}\n3')
    assert [(s.index, s.root, s.text) for s in document.segments] == [
        (0, "line[0]", "a"), (1, "line[0]", "x"), (2, "line[3]", "y"), (3, "line[5]", "3"),
    ]  # fmt: skip


def test_only_edited_lines_change():
    body = b' {"a": "Ann"}\r\n\r\n[1.0]\n{}\n"Ann" \n'
    assert replace_text(decode(CODEC, body), {"Ann": "<P>"}) == b' {"a": "<P>"}\r\n\r\n[1.0]\n{}\n"<P>" \n'


@pytest.mark.parametrize(
    ("body", "offset"),
    [(b'{}\n{"a":}\n', 8), (b'{}\r{"a":1}', 3), (b'{\n"a":1}', 1), (b'"a"\n\xff', 4), (b"1\n\n2 3", 5)],
)
def test_a_bad_line_is_refused_at_its_byte_in_the_body(body, offset):
    with pytest.raises(MalformedBodyError) as caught:
        decode(CODEC, body)
    assert caught.value.offset == offset
    assert "line" in caught.value.detail


@pytest.mark.parametrize("body", [b'"a"\n"b"\n"c"', b"1\n2\n3", b"\n" * 100])
def test_the_limit_holds_for_all_lines_together(body):
    with pytest.raises(TooManySegmentsError):
        decode(CODEC, body, limits=Limits(segments=2))


def test_other_charsets_are_refused():
    with pytest.raises(UnsupportedMediaTypeError):
        decode(CODEC, b"1", charset="utf-16")


MARK = b"\xef\xbb\xbf"


def test_a_byte_order_mark_before_the_first_line_stays_and_is_no_text():
    body = MARK + b'{"a": "Ann"}\n["Ann"]'
    document = decode(CODEC, body)
    assert document.encode({}) is body
    assert [(s.root, s.text) for s in document.segments] == [
        ("line[0]", "a"), ("line[0]", "Ann"), ("line[1]", "Ann"),
    ]  # fmt: skip
    assert replace_text(document, {"Ann": "<P>"}) == MARK + b'{"a": "<P>"}\n["<P>"]'


@pytest.mark.parametrize("body", [MARK, MARK + b"\r\n", MARK + b'\n{"a": 1}\n'])
def test_a_byte_order_mark_may_stand_alone(body):
    assert decode(CODEC, body).encode({}) is body


@pytest.mark.parametrize(
    ("body", "offset"),
    [(MARK + b"{]", 4), (MARK + MARK + b"{}", 3), (b"{}\n" + MARK + b"{}", 3), (MARK[:2] + b"{}", 0)],
)
def test_no_other_byte_order_mark_is_read_and_offsets_count_the_first(body, offset):
    with pytest.raises(MalformedBodyError) as caught:
        decode(CODEC, body)
    assert caught.value.offset == offset
