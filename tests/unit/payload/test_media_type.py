from __future__ import annotations

import pytest

from shield.domain import Limits
from shield.errors import UnsupportedMediaTypeError
from shield.payload.codecs import CodecRegistry
from shield.payload.form import FormCodec
from shield.payload.json_codec import JsonCodec, NdjsonCodec
from shield.payload.media_type import MediaType, matches
from shield.payload.selectors import NO_RULES
from shield.payload.table import TableCodec
from shield.payload.text import TextCodec


@pytest.mark.parametrize(
    ("header", "essence", "parameters"),
    [
        ("application/json", "application/json", {}),
        (" Application/JSON ", "application/json", {}),
        ("text/plain;charset=UTF-8", "text/plain", {"charset": "UTF-8"}),
        ('text/plain ; Charset="utf-8" ; q=a', "text/plain", {"charset": "utf-8", "q": "a"}),
        ('a/b; x="a\\"b;c\\\\"', "a/b", {"x": 'a"b;c\\'}),
        ("a/b;", "a/b", {}),
        ("a/b;; ;x=1", "a/b", {"x": "1"}),
        ('a/b;x=""', "a/b", {"x": ""}),
        ("application/vnd.api+json;v=1", "application/vnd.api+json", {"v": "1"}),
    ],
)
def test_media_types_are_read_as_rfc_9110_writes_them(header, essence, parameters):
    media_type = MediaType.parse(header)
    assert media_type.essence == essence
    assert dict(media_type.parameters) == parameters
    assert hash(media_type) == hash(MediaType.parse(header))
    assert media_type == MediaType.parse(header)


@pytest.mark.parametrize(
    "header",
    ["", "json", "/", "a/", "/b", "a /b", "a/b c", "a/b;x", "a/b;x=",
     "a/b; x = 1", 'a/b;x="', 'a/b;x="a', "a/b,c/d",
     "a/b;x=1;X=1", "a/b;x=1 y", "a/b\n", "a/b;x=\u20ac", "*",
     "text/plain; charset*=us-ascii''utf-7", "text/plain; Charset*0=utf-; charset*1=7",
     "a/b;charset=utf-8;charset*=x"],
)  # fmt: skip
def test_what_is_not_a_media_type_is_refused(header):
    with pytest.raises(UnsupportedMediaTypeError):
        MediaType.parse(header)


@pytest.mark.parametrize(
    ("header", "charset"), [("a/b", None), ("a/b;charset=UTF-8", "utf-8"), ('a/b;CHARSET=""', "")]
)
def test_the_charset_is_lower_case(header, charset):
    assert MediaType.parse(header).charset == charset


@pytest.mark.parametrize(
    ("header", "pattern", "expected"),
    [
        ("application/json", "application/json", True),
        ("application/json;charset=utf-8", "Application/JSON", True),
        ("application/json", "application/*", True),
        ("application/json", "*/*", True),
        ("application/json", "text/*", False),
        ("application/json", "application/*+json", False),
        ("application/problem+json", "application/*+json", True),
        ("application/problem+json", "*/*+json", True),
        ("application/problem+json", "application/json", False),
        ("application/x+xml+json", "*/*+json", True),
        ("application/x+json+xml", "*/*+json", False),
        ("text/x+json", "application/*+json", False),
        ("application/json", "application", False),
        ("application/x", "application/*+", False),
    ],
)
def test_patterns(header, pattern, expected):
    assert matches(MediaType.parse(header), pattern) is expected


@pytest.mark.parametrize(
    ("header", "codec"),
    [
        ("application/json", JsonCodec),
        ("application/json-patch+json", JsonCodec),
        ("application/vnd.api+json; charset=utf-8", JsonCodec),
        ("application/x-ndjson", NdjsonCodec),
        ("application/ndjson", NdjsonCodec),
        ("application/jsonl", NdjsonCodec),
        ("application/jsonlines", NdjsonCodec),
        ("application/vnd.elasticsearch+x-ndjson", NdjsonCodec),
        ("text/json", JsonCodec),
        ("application/x-www-form-urlencoded", FormCodec),
        ("text/plain", TextCodec),
        ("text/html;charset=utf-8", TextCodec),
        ("text/vtt", TextCodec),
        ("text/csv;header=absent", TableCodec),
        ("text/tab-separated-values", TableCodec),
    ],
)
def test_each_media_type_has_its_codec(header, codec):
    assert isinstance(CodecRegistry.default().for_media_type(MediaType.parse(header)), codec)


@pytest.mark.parametrize(
    "header", ["text/css", "application/octet-stream", "multipart/mixed;boundary=x", "a/json"]
)
def test_a_media_type_without_a_codec_is_refused(header):
    with pytest.raises(UnsupportedMediaTypeError):
        CodecRegistry.default().for_media_type(MediaType.parse(header))


def test_extra_codecs_come_first():
    extra = TextCodec()
    registry = CodecRegistry.default([("text/*", extra), ("application/json", extra)])
    assert registry.for_media_type(MediaType.parse("text/markdown")) is extra
    assert registry.for_media_type(MediaType.parse("application/json")) is extra
    document = extra.decode(b"a", limits=Limits(), rules=NO_RULES, charset=None)
    assert document.segments[0].text == "a"
