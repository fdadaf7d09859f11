from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.errors import MalformedBodyError, UnsupportedMediaTypeError
from shield.payload.codecs import CodecRegistry
from shield.payload.media_type import MediaType
from shield.payload.text import TextCodec
from tests.unit.payload.apply import decode, edit, replace_text

CODEC = TextCodec()


@pytest.mark.parametrize(
    ("charset", "python", "text"),
    [
        (None, "utf-8", "Jo é 😀"),
        ("utf-8", "utf-8", "Jo é"),
        ("us-ascii", "ascii", "Jo"),
        ("iso-8859-1", "latin-1", "Jo é\x80"),
        ("windows-1252", "cp1252", "Jo \u2013 €"),
        ("utf-16le", "utf-16-le", "Jo é 😀"),
        ("utf-16be", "utf-16-be", "Jo é 😀"),
    ],
)
def test_texts_are_read_and_written_in_their_charset(charset, python, text):
    body = text.encode(python)
    document = decode(CODEC, body, charset=charset)
    assert [s.text for s in document.segments] == [text]
    assert document.encode({}) is body
    assert document.encode({0: [edit(0, 2, "<P>")]}) == ("<P>" + text[2:]).encode(python)


@pytest.mark.parametrize(
    ("charset", "python", "mark"),
    [
        (None, "utf-8", b"\xef\xbb\xbf"),
        ("utf-16", "utf-16-le", b"\xff\xfe"),
        ("utf-16", "utf-16-be", b"\xfe\xff"),
        ("utf-16le", "utf-16-le", b"\xff\xfe"),
    ],
)
def test_a_byte_order_mark_is_kept_and_is_no_text(charset, python, mark):
    document = decode(CODEC, mark + "Ann".encode(python), charset=charset)
    assert [s.text for s in document.segments] == ["Ann"]
    assert replace_text(document, {"Ann": "B"}) == mark + "B".encode(python)


@pytest.mark.parametrize(
    ("charset", "body", "offset"),
    [
        (None, b"ab\xffc", 2),
        (None, b"\xef\xbb\xbfa\xff", 4),
        ("us-ascii", b"a\x80", 1),
        ("windows-1252", b"abc\x81", 3),
        ("utf-16", b"\xff\xfea\x00\x00\xd8", 4),
        ("utf-16", b"a\x00", 0),
        ("utf-16be", b"\x00a\x00", 2),
    ],
)
def test_bytes_that_the_charset_does_not_have_are_refused_at_their_offset(charset, body, offset):
    with pytest.raises(MalformedBodyError) as caught:
        decode(CODEC, body, charset=charset)
    assert caught.value.offset == offset
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("charset", "body"),
    [
        ("utf-16le", b"write to maria"),
        ("utf-16be", b"write to maria"),
        ("utf-16le", "gar\u00e7on!".encode()),
        ("utf-16le", b"\xfe\xff" + "Maria".encode("utf-16-be")),
        ("utf-16be", b"\xff\xfe" + "Maria".encode("utf-16-le")),
        ("utf-16le", b"\xef\xbb\xbfwrite to Maria."),
        ("utf-16le", "Maria Garcia \u4e00".encode("utf-16-be")),
        ("utf-16be", "Maria Garcia \u4e00".encode("utf-16-le")),
        ("utf-16", "Maria".encode("utf-32")),
        ("iso-8859-1", "Maria".encode("utf-16")),
        ("windows-1252", b"\xfe\xff" + "Maria".encode("utf-16-be")),
        ("iso-8859-1", b"\xef\xbb\xbfMaria"),
        (None, "Maria".encode("utf-16")),
        (None, "Maria Garcia".encode("utf-16-le")),
        ("iso-8859-1", "Maria Garcia".encode("utf-16-be")),
        ("windows-1252", "Maria Garcia".encode("utf-32-le")),
        ("us-ascii", "Maria Garcia".encode("utf-32-be")),
        (None, "\u041c\u0430\u0440\u0438\u044f".encode("utf-16-le")),
        ("iso-8859-1", "\u05de\u05e8\u05d9\u05d4 1".encode("utf-16-be")),
        (None, "\u5c71\u7530\u592a\u90ce".encode("iso2022_jp")),
        ("us-ascii", b"card 4111\x1b$B\x1b(B1111"),
        (None, "\uae40".encode("iso2022_kr")),
    ],
)
def test_a_text_that_reads_in_another_encoding_is_refused(charset, body):
    with pytest.raises(MalformedBodyError):
        decode(CODEC, body, charset=charset)


@pytest.mark.parametrize(
    "body",
    [
        b"\x1b[1mMaria\x1b[0m\x1b(B Garcia",  # a terminal's colours
        b"8=FIX.4.2\x019=12\x0135=A\x01",
        b"Maria\0Garcia\0",
        b"\x01\x02\x03\x04\x05\x06\x07\x08",
        b"\0",
        b"a\tb\tc\n",
        b"costs $5 ~{",
    ],
)
def test_controls_in_a_text_make_it_no_other_encoding(body):
    assert [segment.text for segment in decode(CODEC, body, charset=None).segments] == [body.decode()]


@pytest.mark.parametrize("charset", ["utf-16le", "utf-16be"])
@pytest.mark.parametrize(
    "text", ["Maria", "\u4e00\u4e8c\u4e09", "\u4f60\u597d\uff0c Maria", "\u041c\u0430\u0440\u0438\u044f"]
)
def test_a_text_in_utf16_has_one_reading(charset, text):
    document = decode(CODEC, text.encode(charset), charset=charset)
    assert [segment.text for segment in document.segments] == [text]


@pytest.mark.parametrize("charset", ["utf-7", "shift_jis", "utf-32", "", "rot13"])
def test_other_charsets_are_refused(charset):
    with pytest.raises(UnsupportedMediaTypeError):
        decode(CODEC, b"a", charset=charset)


@pytest.mark.parametrize("charset", [None, "utf-16"])
def test_an_empty_text_has_no_segment(charset):
    assert not decode(CODEC, b"", charset=charset).segments


def test_a_replacement_that_the_charset_does_not_have_becomes_question_marks():
    assert replace_text(decode(CODEC, b"Ann", charset="us-ascii"), {"Ann": "•x\ud800"}) == b"?x?"


@given(
    st.binary(max_size=30),
    st.sampled_from([None, "us-ascii", "iso-8859-1", "windows-1252", "utf-16", "utf-16le"]),
)
def test_what_is_read_can_be_written_back_exactly(body, charset):
    try:
        document = decode(CODEC, body, charset=charset)
    except MalformedBodyError:
        return
    if document.segments:
        # An edit that changes nothing rewrites the whole body.
        assert document.encode({0: [edit(0, 0, "")]}) == body


def of(media_type: str):
    return CodecRegistry.default().for_media_type(MediaType.parse(media_type))


@pytest.mark.parametrize(
    ("media_type", "body", "after"),
    [
        ("text/html", b'<a title="Ann">Ann</a>', b'<a title="&lt;P&gt;">&lt;P&gt;</a>'),
        ("text/markdown", b"# Ann\n", b"# &lt;P&gt;\n"),
        ("text/vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>", None),
        ("application/x-subrip", b"1\n00:00:01,000 --> 00:00:02,000\nAnn", None),
    ],
)
def test_what_is_put_into_a_text_is_no_tag_there(media_type, body, after):
    document = decode(of(media_type), body)
    text = document.segments[0].text
    places = [at for at in range(len(text)) if text.startswith("Ann", at)]
    written = b"<P>" if media_type.endswith("subrip") else b"&lt;P&gt;"
    edits = {0: [edit(at, at + 3, "<P>") for at in places]}
    assert document.encode(edits) == (after or body.replace(b"Ann", written))
    assert document.encode({}) is body


def test_what_is_put_into_a_graphql_document_is_text_in_its_strings():
    graphql = of("application/graphql")
    body = b'{a(b: "Ann", c: """Ann""")}'
    edits = {0: [edit(at, at + 3, '<"P">\\\r\n') for at in (7, 19)]}
    assert decode(graphql, body).encode(edits) == b'{a(b: "<\\"P\\">\\\\  ", c: """<\\"P\\">\\\\  """)}'
    with pytest.raises(UnsupportedMediaTypeError):
        decode(graphql, body, charset="utf-16")


def test_a_tag_that_an_operator_leaves_is_one():
    document = decode(of("text/html"), b"a <b>Ann</b> & <i>b</i>")
    assert document.encode({0: [edit(2, 12, "<b>*&*</b><i>")]}) == b"a <b>*&*</b>&lt;i&gt; & <i>b</i>"


META = "<html><meta name=a content='x>'><META\n{} ><p>{}</p>"


@pytest.mark.parametrize(
    "attribute", ["charset={}", "http-equiv=Content-Type content='text/html;charset={}'"]
)
@pytest.mark.parametrize(
    ("charset", "said", "text", "taken"),
    [
        (None, "UTF-8", "J\u00f8", True),
        ("utf-8", "utf8", "J\u00f8", True),
        ("iso-8859-1", "windows-1252", "J\u00f8", True),
        ("utf-16le", "utf-16", "J\u00f8", True),
        (None, "windows-1251", "Jo", True),
        ("us-ascii", "utf-8", "Jo", True),
        (None, "windows-1252", "J\u00f8", False),
        ("windows-1252", "utf-8", "J\u00f8", False),
        (None, "utf-7", "Jo", False),
        (None, "iso-2022-jp", "Jo", False),
        (None, "&#105;so-2022-jp", "Jo", False),
        (None, "windows-1251", "J\x1bo", False),
        ("utf-16le", "utf-8", "Jo", False),
    ],
)
def test_a_charset_that_html_names_may_hide_nothing(attribute, charset, said, text, taken):
    codec = "cp1252" if charset in {"iso-8859-1", "windows-1252"} else charset or "utf-8"
    body = META.format(attribute.format(said), text).encode(codec)
    if taken:
        document = decode(of("text/html"), body, charset=charset)
        assert document.segments[0].text == body.decode(codec)
        written = replace_text(document, {body.decode(codec): "\u2022"})
        same = {said.lower(), codec} in ({"utf-8"}, {"utf8", "utf-8"}, {"utf-16", "utf-16le"})
        assert written == ("\u2022".encode(codec) if same else b"?")
        return
    with pytest.raises(MalformedBodyError):
        decode(of("text/html"), body, charset=charset)


def test_only_a_tag_says_what_charset_html_is_in():
    assert decode(of("text/html"), "<p>charset=koi8-r \u00f8</p>".encode()).segments
    with pytest.raises(MalformedBodyError):
        decode(of("text/html"), "<?xml version='1.0' encoding='koi8-r'?><p>\u00f8</p>".encode())


def test_subtitles_of_the_web_are_in_utf8():
    with pytest.raises(UnsupportedMediaTypeError):
        decode(of("text/vtt"), b"WEBVTT", charset="iso-8859-1")
