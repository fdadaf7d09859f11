from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.domain import Limits
from shield.errors import MalformedBodyError, TooManySegmentsError, UnsupportedMediaTypeError
from shield.payload.codecs import CodecRegistry
from shield.payload.json_codec import JsonCodec, JsonSequenceCodec
from shield.payload.media_type import MediaType
from tests.unit.payload.apply import decode, drop, replace_text
from tests.unit.payload.test_json_laws import texts

CODEC = JsonSequenceCodec()
RS = b"\x1e"


@pytest.mark.parametrize("name", ["application/json-seq", "application/geo+json-seq"])
def test_its_media_types(name):
    assert isinstance(CodecRegistry.default().for_media_type(MediaType.parse(name)), JsonSequenceCodec)


@pytest.mark.parametrize(
    "body",
    [b"", RS, RS + RS + b"\n", RS + b"{}\n", RS + b'{"a":\n1}\r\n' + RS + b"2", RS + b"\n" + RS + b"[]"],
)
def test_without_edits_the_same_object_comes_back(body):
    assert decode(CODEC, body).encode({}) is body


def test_records_are_counted_from_zero_and_empty_ones_count():
    document = decode(CODEC, RS + b'{"a":\n"x"}\n' + RS + b"\n" + RS + b'["y"]' + RS + b"3\n")
    assert [(s.index, s.root, s.text) for s in document.segments] == [
        (0, "line[0]", "a"), (1, "line[0]", "x"), (2, "line[2]", "y"), (3, "line[3]", "3"),
    ]  # fmt: skip


def test_only_edited_records_change():
    body = RS + b' {"a":\n "Ann"}\r\n' + RS + RS + b"[1.0]\n" + RS + b'"Ann"'
    changed = RS + b' {"a":\n "<P>"}\r\n' + RS + RS + b"[1.0]\n" + RS + b'"<P>"'
    assert replace_text(decode(CODEC, body), {"Ann": "<P>"}) == changed


def test_field_rules_hold_in_each_record():
    document = decode(CODEC, RS + b'{"a": 1, "b": 2}\n' + RS + b'{"a": 3}\n', drop("$.a"))
    assert document.encode({}) == RS + b'{"b": 2}\n' + RS + b"{}\n"


@given(st.lists(texts(), max_size=4))
def test_each_text_is_read_and_written_as_a_body_of_its_own(bodies):
    body = b"".join(RS + text.encode() + b"\n" for text in bodies)
    document = decode(CODEC, body)
    assert document.encode({}) is body
    alone = [decode(JsonCodec(), text.encode()) for text in bodies]
    assert [s.text for s in document.segments] == [s.text for one in alone for s in one.segments]
    found = {s.text: "<P>" for s in document.segments if s.text}
    edited = b"".join(RS + replace_text(one, found) + b"\n" for one in alone)
    assert replace_text(document, found) == edited


@pytest.mark.parametrize(
    ("body", "offset"),
    [
        (b"{}\n", 0),
        (b"\n" + RS + b"{}", 0),
        (b"\xef\xbb\xbf" + RS + b"{}", 0),
        (RS + b'{"a":}\n', 6),
        (RS + b"{}\n" + RS + b'{"a', 8),
        (RS + b"1\n2", 3),
        (RS + b'"a' + RS + b'b"', 3),
        (RS + b'"\xff"', 2),
    ],
)
def test_a_bad_record_is_refused_at_its_byte_in_the_body(body, offset):
    with pytest.raises(MalformedBodyError) as caught:
        decode(CODEC, body)
    assert caught.value.offset == offset


@pytest.mark.parametrize("body", [RS + b'"a"' + RS + b'"b"' + RS + b'"c"', RS * 100])
def test_the_limit_holds_for_all_records_together(body):
    with pytest.raises(TooManySegmentsError):
        decode(CODEC, body, limits=Limits(segments=2))


def test_other_charsets_are_refused():
    with pytest.raises(UnsupportedMediaTypeError):
        decode(CODEC, RS + b"1", charset="utf-16")
