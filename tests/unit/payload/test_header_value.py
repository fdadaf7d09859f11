"""Header field values: which text is read in them, and that a replacement is legal in its place."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import shield.payload
from shield.domain import Edit, FieldAction, Limits, Segment, SegmentKind
from shield.errors import TooManySegmentsError
from shield.payload.field_names import FieldNames, words_of
from shield.payload.header_value import HeaderDocument, decode_field, is_plain
from shield.payload.paths import safe_path

LIMITS = Limits()


def field(value: bytes | str, name: str = "x-a", **options: object) -> HeaderDocument:
    raw = value if isinstance(value, bytes) else value.encode()
    return decode_field(name, 0, raw, limits=LIMITS, **options)  # type: ignore[arg-type]


def told(document: HeaderDocument) -> list[tuple[str, tuple[str | int, ...]]]:
    return [(it.text, it.location[2:]) for it in document.segments if it.kind is not SegmentKind.KEY]


def redacted(document: HeaderDocument, word: str = "Jane", by: str = "<PERSON>") -> bytes:
    """The value with each `word` replaced."""
    return document.encode(
        {
            it.index: [Edit(m.start(), m.end(), by, "PERSON", "replace") for m in re.finditer(word, it.text)]
            for it in document.segments
        }
    )


READ = [
    ("x-a", "Jane Doe", [("Jane Doe", ())], "<PERSON> Doe"),
    ("x-a", "", [], ""),
    ("x-a", '"Jane" <j@example.com>', [("Jane", ()), (" <j@example.com>", ())], '"<PERSON>" <j@example.com>'),
    ("x-a", r'"a \"Jane\" b"; c=1', [('a "Jane" b', ()), ("1", ("c",))], r'"a \"<PERSON>\" b"; c=1'),
    ("x-a", r"a\"Jane", [(r"a\"Jane", ())], r"a\"<PERSON>"),
    ("x-a", "5'11\" Jane", [("5'11\" Jane", ())], "5'11\" <PERSON>"),
    ("x-a", "Jane%20Doe", [("Jane Doe", ())], "%3CPERSON%3E%20Doe"),
    ("x-a", "50%25 of Jane", [("50%25 of Jane", ())], "50%25 of <PERSON>"),
    ("x-a", "=?utf-8?q?Jane_D=C3=B6e?=", [("Jane Döe", ())], "=?utf-8?b?PFBFUlNPTj4gRMO2ZQ==?="),
    ("x-a", "=?UTF-8?B?SmFuZSBEb2U=?= <j@x.y>", [("Jane Doe", ()), (" <j@x.y>", ())], "<PERSON> Doe <j@x.y>"),
    ("x-a", "=?koi8-r?b?SmFuZSDe?=", [("Jane ч", ())], "=?utf-8?b?PFBFUlNPTj4g0Yc=?="),
    ("x-a", "=?iso-8859-1*en?Q?J=E9_Jane?=", [("Jé Jane", ())], "=?utf-8?b?SsOpIDxQRVJTT04+?="),
    ("x-a", "=?iso-8859-1?q?=E9?= =?utf-8?b?SmFuZQ?=", [("éJane", ())], "=?utf-8?b?w6k8UEVSU09OPg==?="),
    ("x-a", "=?x-none?b?SmFuZQ==?=", [("=?x-none?b?SmFuZQ==?=", ())], "=?x-none?b?SmFuZQ==?="),
    ("x-a", "[Ticket] Jane", [("[Ticket] Jane", ())], "[Ticket] <PERSON>"),
    (
        "x-a",
        '{"n": "Jane", "k":[1e400 ]}',
        [("Jane", ("n",)), ("1e400", ("k", 0))],
        '{"n": "<PERSON>", "k":[1e400 ]}',
    ),
    ("slug", "Jane", [("Jane", ())], "<PERSON>"),
    (
        "content-disposition",
        "attachment; filename=\"Jane_doe.pdf\"; filename*=UTF-8''Jane%20d%C3%B6e.pdf",
        [("attachment", ()), ("Jane doe.pdf", ("filename",)), ("Jane döe.pdf", ("filename*",))],
        "attachment; filename=\"<PERSON>_doe.pdf\"; filename*=UTF-8''%3CPERSON%3E%20d%C3%B6e.pdf",
    ),
    (
        "content-disposition",
        "inline;filename=Jane.pdf;size=3",
        [("inline", ()), ("Jane.pdf", ("filename",)), ("3", ("size",))],
        'inline;filename="<PERSON>.pdf";size=3',
    ),
    (
        "content-disposition",
        "inline; filename= Jane",
        [("inline; filename= Jane", ())],
        "inline; filename= <PERSON>",
    ),
    (
        "content-disposition",
        "inline; filename=my Jane, 2.pdf ; size=3",
        [("inline", ()), ("my Jane, 2.pdf", ("filename",)), (" ", ()), ("3", ("size",))],
        'inline; filename="my <PERSON>, 2.pdf" ; size=3',
    ),
    (
        "content-disposition",
        "inline; filename=éJane",
        [("inline", ()), ("éJane", ("filename",))],
        'inline; filename="é<PERSON>"',
    ),
    (
        "content-disposition",
        "inline; filename*=iso-8859-1'en'J%E9%20Jane%40a",
        [("inline", ()), ("Jé Jane@a", ("filename*",))],
        "inline; filename*=iso-8859-1'en'J%E9%20%3CPERSON%3E%40a",
    ),
    (
        "referer",
        "https://a.example/u/Jane?q=Jane+Doe&x#Jane",
        [("https://a.example/u/Jane", ()), ("Jane Doe", ("q", 0)), ("Jane", ())],
        "https://a.example/u/%3CPERSON%3E?q=%3CPERSON%3E+Doe&x#%3CPERSON%3E",
    ),
    ("referer", "/u/a?b=%ff", [("/u/a", ()), ("b=%ff", ())], "/u/a?b=%ff"),
    (
        "cookie",
        'a=1; n=Jane%20Doe; q="Jane"; Jane',
        [("1", ("a",)), ("Jane Doe", ("n",)), ("Jane", ("q",)), (" Jane", ())],
        'a=1; n=%3CPERSON%3E%20Doe; q="%3CPERSON%3E"; %3CPERSON%3E',
    ),
    (
        "baggage",
        "user=Jane , n=DF%2028;p=x",
        [("Jane", ("user",)), ("DF 28", ("n",)), ("x", ("p",))],
        "user=%3CPERSON%3E , n=DF%2028;p=x",
    ),
    (
        "baggage",
        "Jane%20Doe@7 =x,k12=y",
        [("Jane Doe@7 ", ()), ("x", ("Jane%20Doe@7",)), ("y", ("k12",))],
        "%3CPERSON%3E%20Doe@7 =x,k12=y",
    ),
    (
        "x-a",
        "id=7; card=4111 1111 1111; n=Jane =?utf-8?q?Jane?=; q=0.5, Jane; t=a\tb",
        [
            ("id=7", ()),
            ("4111 1111 1111", ("card",)),
            ("Jane", ("n",)),
            (" ", ()),
            ("Jane", ()),
            ("0.5,", ("q",)),
            (" Jane", ()),
            ("a\tb", ("t",)),
        ],
        'id=7; card=4111 1111 1111; n="<PERSON>" <PERSON>; q=0.5, <PERSON>; t=a\tb',
    ),
    (
        "x-amz-tagging",
        "owner=Jane+Doe&env=p",
        [("Jane Doe", ("owner", 0)), ("p", ("env", 0))],
        "owner=%3CPERSON%3E+Doe&env=p",
    ),
    (
        "user-agent",
        "Mozilla/5.0 (X11; Linux) Jane/1",
        [("Mozilla/5.0 (X11; Linux) Jane/1", ())],
        "Mozilla/5.0 (X11; Linux) <PERSON>/1",
    ),
]


@pytest.mark.parametrize(("name", "value", "texts", "written"), READ, ids=[it[1][:30] for it in READ])
def test_what_is_read_in_a_value_and_how_it_is_written(
    name: str, value: str, texts: list[tuple[str, tuple[str | int, ...]]], written: str
) -> None:
    document = field(value, name)
    assert told(document) == texts
    assert {(it.root, it.location[:2]) for it in document.segments} <= {("header", (name, 0))}
    assert document.encode({}) == value.encode()
    assert redacted(document).decode() == written


@pytest.mark.parametrize(
    ("value", "by", "written"),
    [
        (b"Jane", 'a"\r\nb: \x00\xe9', b"a'  b:  *"),
        (b'"Jane"', 'a"\\\r\n\u2022', b'"a\\"\\\\  *"'),
        (b"a; n=Jane", "a b", b'a; n="a b"'),
        (b"a; n=Jane", "", b'a; n=""'),
        (b"a; n=Jane", "b", b"a; n=b"),
        (b'{"n":"Jane"}', 'a"\r\n\u2022\U0001f600', b'{"n":"a\\"\\r\\n\\u2022\\ud83d\\ude00"}'),
        (b'{"n":\t"Jane"}', "\xe9", b'{"n":\t"\\u00e9"}'),
        (b"a; n*=koi8-r''Jane%C3", "a\r\n\xe9;", b"a; n*=koi8-r''a%20%20%2A%3B%C3"),
        (b'a; filename=Jane\\"', "a b", b'a; filename="a b"\\"'),
        (b"=?utf-8?q?Jane=3B_b=3Dc?=", "a", b"=?utf-8?b?YTsgYj1j?="),
        (b"a; n==?utf-8?q?Jane_b?=", "a", b"a; n==?utf-8?b?YSBi?="),
        (b"a; n==?utf-8?q?Janeb?=", "a", b"a; n=ab"),
        (b'"=?utf-8?q?Jane=3B_b=3Dc?="', "a", b'"a; b=c"'),
        (b"Jane%20", "a\r\n\xe9", b"a%0D%0A%C3%A9%20"),
        ("Jané Jane".encode(), "\xe9", "Jané é".encode()),
        (b"caf\xe9 Jane", "\u2022\xe9", b"caf\xe9 ?\xe9"),
        (b"=?utf-8?q?Jane?=", "a\r\nb", b"a  b"),
        (b'"=?utf-8?q?Jane?="', 'a"b', b'"=?utf-8?b?YSJi?="'),
        (b"Jane", "", b""),
    ],
)
def test_a_replacement_is_legal_where_it_stands(value: bytes, by: str, written: bytes) -> None:
    assert redacted(field(value), by=by) == written


def test_a_text_that_is_longer_than_an_encoded_word_is_several() -> None:
    written = redacted(field("=?utf-8?q?Jane?="), by="é" * 100)
    words = written.split(b" ")
    assert len(words) == 5
    assert all(len(word) <= 75 for word in words)
    assert told(field(written)) == [("é" * 100, ())]


VALUES = st.one_of(
    st.text(
        st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=40
    ).map(lambda text: text.encode("latin-1")),
    st.text(st.sampled_from(' "\\%;,=?&#/[]{}:abJ4é<>@'), max_size=40).map(str.encode),
    st.lists(
        st.sampled_from(
            [
                '"',
                "\\",
                "%4a",
                "=?utf-8?q?",
                "?=",
                ";",
                " n=",
                "filename*=UTF-8''",
                "a",
                " ",
                "{",
                '"b":',
                "}",
                "https://a/?",
            ]
        ),
        max_size=12,
    ).map(lambda parts: "".join(parts).encode()),
)
NAMES = st.sampled_from(["x-a", "cookie", "baggage", "content-disposition", "referer", "x-amz-tagging"])


@given(NAMES, VALUES, st.data())
def test_a_value_is_lossless_and_what_is_put_into_it_stays_one_line(
    name: str, value: bytes, data: st.DataObject
) -> None:
    document = field(value, name)
    assert document.encode({}) == value
    assert [it.index for it in document.segments] == list(range(len(document.segments)))
    edits = {}
    for segment in document.segments:
        start = data.draw(st.integers(0, len(segment.text)))
        end = data.draw(st.integers(start, len(segment.text)))
        whole = segment.kind is SegmentKind.NUMBER
        span = (0, len(segment.text)) if whole else (start, end)
        by = data.draw(st.text(max_size=6))
        edits[segment.index] = [Edit(*span, by, "T", "replace")]
    written = document.encode(edits)
    assert re.search(rb"[\x00-\x1f\x7f]", written) is None
    if value.isascii():
        assert written.isascii()
    try:
        value.decode()
    except UnicodeDecodeError:
        pass
    else:
        written.decode()


@given(VALUES)
def test_a_plain_value_is_one_text_as_it_stands(value: bytes) -> None:
    text = value.decode("utf-8", "surrogateescape")
    if value and is_plain(text):
        segment = Segment(0, text, ("x-a", 0), SegmentKind.PARAMETER, "header")
        assert field(value).segments == [segment]


def test_a_value_may_be_an_entity_as_a_whole() -> None:
    document = field('{"a": "Jane"}', entity="PERSON")
    (segment,) = document.segments
    assert (segment.text, document.rules[0].action) == ('{"a": "Jane"}', FieldAction.TREAT_AS)
    assert document.encode({0: [Edit(0, len(segment.text), "<PERSON>", "PERSON", "replace")]}) == b"<PERSON>"


def test_an_address_is_a_path_and_its_query_is_read_without_its_names() -> None:
    document = field("https://store.example/o/Jane%20Doe?sig=abc", "x-ms-copy-source", is_address=True)
    kinds = [(it.text, it.kind) for it in document.segments]
    assert kinds == [
        ("https://store.example/o/Jane Doe", SegmentKind.PATH),
        ("sig", SegmentKind.KEY),
        ("abc", SegmentKind.PATH),
    ]


def test_paths_show_the_names_of_usual_fields() -> None:
    words = words_of((Path(shield.payload.__file__).parent / "field_names.txt").read_text())
    names = FieldNames(words, ["x-acme-tier"])
    assert [
        safe_path("header", location, names, {})
        for location in (
            ("x-user-email", 0),
            ("x-amz-meta-customer", 1),
            ("referer", 0, "email", 0),
            ("content-disposition", 0, "filename"),
            ("x-acme-tier", 0),
            ("x-jane-doe", 0),
        )
    ] == [
        "header['x-user-email'][0]",
        "header['x-amz-meta-customer'][1]",
        "header.referer[0].email[0]",
        "header['content-disposition'][0].filename",
        "header['x-acme-tier'][0]",
        "header.*[0]",
    ]


def test_json_that_is_nested_deeper_than_a_body_may_be_is_a_text() -> None:
    deep = "[" * 200 + '"Jane", 7' + "]" * 200
    assert told(field(deep))[1] == ("Jane", ())
    assert redacted(field(deep)).decode() == deep.replace("Jane", "<PERSON>")
    (segment,) = field("[" * 200).segments
    assert segment.text == "[" * 200


def test_what_says_how_a_body_is_read_is_no_text() -> None:
    value = 'multipart/form-data; boundary="Jane x"; charset=Jane; name="Jane.pdf"'
    document = field(value, name="content-type")
    assert told(document) == [("multipart/form-data", ()), ("Jane.pdf", ("name",))]
    assert redacted(document).decode() == value.replace('name="Jane', 'name="<PERSON>')


def test_the_limits_of_a_body_hold_for_json_in_a_field() -> None:
    with pytest.raises(TooManySegmentsError):
        decode_field("x-a", 0, json.dumps(["a"] * 9).encode(), limits=Limits(segments=5))
    with pytest.raises(TooManySegmentsError):
        decode_field("cookie", 0, b"a=b;" * 9, limits=Limits(segments=5))
