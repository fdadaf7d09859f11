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
