from __future__ import annotations

import json

import pytest

from shield.domain import Edit, Limits, Segment, SegmentKind
from shield.errors import (
    MalformedBodyError,
    ShieldError,
    TooDeepError,
    TooManySegmentsError,
    UnsupportedMediaTypeError,
)
from shield.payload.json_codec import JsonCodec
from tests.unit.payload.apply import decode, edit, replace_text, treat, whole

KEY, TEXT, NUMBER = SegmentKind.KEY, SegmentKind.TEXT, SegmentKind.NUMBER
CODEC = JsonCodec()


def listed(body: str | bytes) -> list[tuple[SegmentKind, str, tuple[str | int, ...]]]:
    raw = body if isinstance(body, bytes) else body.encode()
    return [(segment.kind, segment.text, segment.location) for segment in decode(CODEC, raw).segments]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('"a"', [(TEXT, "a", ())]),
        ('""', []),
        ("12", [(NUMBER, "12", ())]),
        (" true ", []),
        ("{}", []),
        ("[]", []),
        ("[[],{}]", []),
        ('{"a":"b"}', [(KEY, "a", ("a",)), (TEXT, "b", ("a",))]),
        ('{ "a" : "b" }', [(KEY, "a", ("a",)), (TEXT, "b", ("a",))]),
        ('{"":"b"}', [(TEXT, "b", ("",))]),
        ('{"a":""}', [(KEY, "a", ("a",))]),
        ('["a",1,"b",true,-2.50e+3]', [
            (TEXT, "a", (0,)), (NUMBER, "1", (1,)), (TEXT, "b", (2,)), (NUMBER, "-2500", (4,)),
        ]),
        ('{"a":{"b":[{"c":1},"d"]},"e":null}', [
            (KEY, "a", ("a",)), (KEY, "b", ("a", "b")), (KEY, "c", ("a", "b", 0, "c")),
            (NUMBER, "1", ("a", "b", 0, "c")), (TEXT, "d", ("a", "b", 1)), (KEY, "e", ("e",)),
        ]),
        ('{"a":1,"b":[],"c":"x"}', [
            (KEY, "a", ("a",)), (NUMBER, "1", ("a",)), (KEY, "b", ("b",)), (KEY, "c", ("c",)),
            (TEXT, "x", ("c",)),
        ]),
        ('[[1,2],["a"],"b"]', [
            (NUMBER, "1", (0, 0)), (NUMBER, "2", (0, 1)), (TEXT, "a", (1, 0)), (TEXT, "b", (2,)),
        ]),
        ('{"a":"1","a":"2"}', [
            (KEY, "a", ("a",)), (TEXT, "1", ("a",)), (KEY, "a", ("a",)), (TEXT, "2", ("a",)),
        ]),
        (r'{"\u0061\n":"\ud83d\ude00\"\\"}', [(KEY, "a\n", ("a\n",)), (TEXT, '😀"\\', ("a\n",))]),
        (r'"\ud800"', [(TEXT, "\ud800", ())]),
        (r'["\ude00\ud83d", "\ud83d\ud83d\ude00"]', [
            (TEXT, "\ude00\ud83d", (0,)), (TEXT, "\ud83d😀", (1,)),
        ]),
        ("1e400", [(NUMBER, "1e400", ())]),
        ("[12345678901234567890123]", [(NUMBER, "12345678901234567890123", (0,))]),
        ('"{\\"a\\": [1, 2]}"', [(TEXT, '{"a": [1, 2]}', ())]),
    ],
)  # fmt: skip
def test_segments_are_strings_numbers_and_names_in_payload_order(body, expected):
    assert listed(body) == expected


def test_every_reader_lists_the_same_segments():
    body = b'{"a": "x\\ty", "n": [1, {"b": "\xc3\xa9", "a": 2}], "t": true, "e": [{}, [], ""], "z": "q"}'
    plain = decode(CODEC, body)
    ruled = decode(CODEC, body, treat("$.nothing"))
    refused_by_the_fast_parser = decode(CODEC, body.replace(b"2}", b"1e400}"))
    assert plain.segments == ruled.segments
    kinds = [(s.kind, s.location) for s in refused_by_the_fast_parser.segments]
    assert kinds == [(s.kind, s.location) for s in plain.segments]


def test_segments_are_plain_frozen_segments_numbered_from_zero():
    segments = decode(CODEC, b'{"a": ["b", 1]}').segments
    assert [type(segment) for segment in segments] == [Segment] * 3
    assert [segment.index for segment in segments] == [0, 1, 2]
    assert {segment.root for segment in segments} == {"$"}
    with pytest.raises(AttributeError):
        segments[0].text = "other"
    assert segments[0] == Segment(0, "a", ("a",), KEY)
    assert len({*segments, Segment(0, "a", ("a",), KEY)}) == 3


@pytest.mark.parametrize(
    ("body", "offset"),
    [
        (b"", 0),
        (b"  ", 2),
        (b"{", 1),
        (b"[1,]", 3),
        (b'{"a":1,}', 7),
        (b'{"a" 1}', 5),
        (b'{"a":}', 5),
        (b"{a:1}", 1),
        (b"[1 2]", 3),
        (b"[1}", 2),
        (b'{"a":1]', 6),
        (b"01", 1),
        (b"-", 1),
        (b"+1", 0),
        (b".5", 0),
        (b"1.", 1),
        (b"NaN", 0),
        (b"[Infinity]", 1),
        (b"-Infinity", 1),
        (b"tru", 0),
        (b"truex", 4),
        (b'"a', 2),
        (b'"a\x01b"', 2),
        (b'"a\nb"', 2),
        (b'"\\x"', 1),
        (b'"\\u12g4"', 1),
        (b'"\xc3\xa9\\q"', 3),
        (b"'a'", 0),
        (b"1 2", 2),
        (b'{"a":1} x', 8),
        (b"\xef\xbb\xbf{}}", 5),
        (b"\xef\xbb\xbf", 3),
        (b"\xef\xbb\xbf\xef\xbb\xbf{}", 3),
        (b"\xef\xbb{}", 0),
        (b'["\xff"]', 2),
        (b'["\xed\xa0\x80"]', 2),
        (b'["\xc0\x80"]', 2),
        (b"[1] \x00", 4),
        (b"[1,/* */2]", 3),
        ("{}".encode("utf-16"), 0),
        (b"\x0b1", 0),
        (b'{"\xc2\xa0":1\xc2\xa0}', 7),
    ],
)
def test_invalid_json_is_refused_at_the_byte_of_its_fault(body, offset):
    with pytest.raises(MalformedBodyError) as caught:
        decode(CODEC, body)
    assert caught.value.offset == offset
    assert str(offset) in caught.value.detail
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@pytest.mark.parametrize("size", [1, 50, 1_200_000])
def test_no_text_of_the_body_is_in_an_error(size):
    with pytest.raises(MalformedBodyError) as caught:
        decode(CODEC, b'{"mail": "jo@example.com' + b"x" * size)
    assert "jo@" not in f"{caught.value!r} {caught.value.detail}"


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"":'])
@pytest.mark.parametrize("times", [129, 1025, 100_000])
def test_nesting_bombs_are_too_deep(opening, times):
    with pytest.raises(TooDeepError):
        decode(CODEC, opening * times)


@pytest.mark.parametrize(("depth", "limit"), [(5, 5), (128, 128), (3000, 3000), (1024, 1024), (1025, 1025)])
def test_nesting_up_to_the_limit_is_read(depth, limit):
    limits = Limits(nesting_depth=limit)
    body = b"[" * depth + b'"x"' + b"]" * depth
    document = decode(CODEC, body, limits=limits)
    assert document.segments[0].location == (0,) * depth
    assert replace_text(document, {"x": "y"}) == body.replace(b"x", b"y")
    with pytest.raises(TooDeepError):
        decode(CODEC, b"[" + body + b"]", limits=limits)


@pytest.mark.parametrize(
    ("body", "limit"),
    [
        ('["a","b","c"]', 2),
        ("[1,2,3]", 2),
        ('{"a":1,"b":2}', 3),
        ('[1,"a",2]', 2),
        ("[" + "[]," * 50 + "[]]", 5),
        ("[" + "true," * 50 + "true]", 5),
        ("[" + '"",' * 50 + '""]', 5),
        ("[" + '"",' * 50 + '"\\""]', 5),
        ('["' + "\\" * 2 * 500 + '","a","b","c","d","e","f"]', 5),
        ("[" + "1e400," * 50 + "1]", 5),
    ],
)
@pytest.mark.parametrize("rules", [(), (treat("$.none"),)])
def test_more_pieces_than_the_limit_are_refused(body, limit, rules):
    with pytest.raises(TooManySegmentsError):
        decode(CODEC, body.encode(), *rules, limits=Limits(segments=limit))


@pytest.mark.parametrize("body", ['["a","b"]', "[1,2]", '{"a":1}', '["a","b","","",true,{}]'])
def test_as_many_pieces_as_the_limit_are_read(body):
    assert len(decode(CODEC, body.encode(), limits=Limits(segments=2)).segments) == 2


def test_long_strings_with_many_quotes_are_one_piece():
    body = json.dumps(['"' * 5000, 'it said "no"' * 500]).encode()
    assert len(decode(CODEC, body, limits=Limits(segments=2)).segments) == 2


@pytest.mark.parametrize(
    "unclosed", [b'"' + b'\\"' * 300_000, b'["\\"' + b'a" , "b' * 200_000, b'"\\' * 300_000]
)
def test_unclosed_strings_cost_linear_time(unclosed):
    with pytest.raises((MalformedBodyError, TooManySegmentsError)):
        decode(CODEC, unclosed, limits=Limits(segments=10_000))


def test_megabyte_strings_with_and_without_escapes_are_edited_in_place():
    for filler in ("x" * 2_000_000, "\\n" * 1_000_000, "\\ud83d\\ude00" * 200_000, "é" * 1_000_000):
        body = f'{{"a": "{filler}Ann{filler}"}}'.encode()
        document = decode(CODEC, body)
        at = document.segments[1].text.index("Ann")
        assert document.encode({1: [edit(at, at + 3, "<P>")]}) == body.replace(b"Ann", b"<P>")


def test_without_edits_the_same_object_comes_back():
    body = b' {"a" : [1.0, "\\u0041"], "a":2 }\r\n'
    document = decode(CODEC, body)
    assert document.encode({}) is body
    assert document.encode({0: []}) is body


@pytest.mark.parametrize(
    ("body", "text", "edits", "expected"),
    [
        ('{"a": "Ann here"}', "Ann here", [(0, 3, "<P>")], '{"a": "<P> here"}'),
        ('["\\u0041nn\\u0021"]', "Ann!", [(0, 3, "<P>")], '["<P>\\u0021"]'),
        ('["x\\ty\\tz"]', "x\ty\tz", [(2, 3, "Q")], '["x\\tQ\\tz"]'),
        ('["x\\ty\\tz"]', "x\ty\tz", [(1, 2, ""), (4, 5, "W")], '["xy\\tW"]'),
        (r'["\ud83d\ude00Ann\ud83d\ude00"]', "😀Ann😀", [(1, 4, "B")], r'["\ud83d\ude00B\ud83d\ude00"]'),
        (r'["\ud83d\ude00\ud83d\ude00"]', "😀😀", [(1, 2, "B")], r'["\ud83d\ude00B"]'),
        (r'["\ud83dAnn\ude00"]', "\ud83dAnn\ude00", [(1, 4, "B")], r'["\ud83dB\ude00"]'),
        ('["Ann"]', "Ann", [(0, 3, 'q"\\\n\x01\x7fé😀')], '["q\\"\\\\\\n\\u0001\x7fé😀"]'),
        ('["Ann"]', "Ann", [(0, 3, "\ud800")], '["\\ud800"]'),
        ('["Ann"]', "Ann", [(1, 1, "-"), (3, 3, "!")], '["A-nn!"]'),
        ("[12, 12.50]", "12.50", [(0, 5, "<N>")], '[12, "<N>"]'),
        ("[-1e5,{}]", "-100000", [(0, 7, 'a"')], '["a\\"",{}]'),
        ('{"Ann": 1}', "Ann", [(0, 3, "<P>")], '{"<P>": 1}'),
        ('{"é": "éAnn"}', "éAnn", [(1, 4, "ü")], '{"é": "éü"}'),
        ("12", "12", [(0, 2, "")], '""'),
    ],
)
def test_only_the_edited_characters_change(body, text, edits, expected):
    document = decode(CODEC, body.encode())
    segment = next(segment for segment in document.segments if segment.text == text)
    made = document.encode({segment.index: [edit(*change) for change in edits]})
    assert made == expected.encode()


def test_thousands_of_numbers_in_a_row_are_edited_in_one_go():
    body = json.dumps(list(range(50_000))).encode()
    document = decode(CODEC, body)
    edits = {s.index: whole(s.text, "N") for s in document.segments}
    assert document.encode(edits) == json.dumps(["N"] * 50_000).encode()


def test_a_byte_order_mark_stays_where_it_is():
    body = b'\xef\xbb\xbf {"a": "Ann", "b": 1.0}\n'
    document = decode(CODEC, body)
    assert document.encode({}) is body
    assert replace_text(document, {"Ann": "<P>"}) == b'\xef\xbb\xbf {"a": "<P>", "b": 1.0}\n'


def test_edits_of_kept_escapes_leave_the_other_literals_alone():
    body = rb'{"n":1.0E+2,"\u0041":"\/","b":"Ann","c":12345678901234567890123}'
    assert replace_text(decode(CODEC, body), {"Ann": "<P>"}) == body.replace(b"Ann", b"<P>")


@pytest.mark.parametrize(
    "edits", [[(0, 4, "x")], [(2, 3, "x"), (0, 1, "y")], [(0, 2, "x"), (1, 3, "y")], [(3, 1, "")]]
)
@pytest.mark.parametrize("body", [b'["Ann"]', b"[123]", b'{"Ann":1}'])
def test_edits_that_overlap_or_leave_the_text_fail_closed(body, edits):
    with pytest.raises(ShieldError):
        decode(CODEC, body).encode({0: [edit(*change) for change in edits]})


def test_an_edit_of_part_of_a_number_fails_closed():
    with pytest.raises(ShieldError):
        decode(CODEC, b"[12345]").encode({0: [edit(0, 3, "x")]})


@pytest.mark.parametrize(
    ("body", "renames", "expected"),
    [
        ('{"a@x":1,"b@x":2}', {"a@x": "<E>", "b@x": "<E>"}, '{"<E>":1,"<E_2>":2}'),
        ('{"a":1,"b":2,"c":3}', {"a": "x", "b": "x", "c": "x"}, '{"x":1,"x_2":2,"x_3":3}'),
        ('{"<E>":0,"a":1}', {"a": "<E>"}, '{"<E>":0,"<E_2>":1}'),
        ('{"a":1,"<E>":0,"<E_2>":0}', {"a": "<E>"}, '{"<E_3>":1,"<E>":0,"<E_2>":0}'),
        ('{"a":1,"a":2}', {"a": "<E>"}, '{"<E>":1,"<E>":2}'),
        ('{"a":1,"b":2,"a":3}', {"a": "<E>", "b": "<E>"}, '{"<E>":1,"<E_2>":2,"<E>":3}'),
        ('{"a":{"a":1},"b":[{"b":2}]}', {"a": "<E>", "b": "<E>"}, '{"<E>":{"<E>":1},"<E_2>":[{"<E>":2}]}'),
        ('{"\\u003cE\\u003e":0,"a":1}', {"a": "<E>"}, '{"\\u003cE\\u003e":0,"<E_2>":1}'),
        ('{"":0,"a":1}', {"a": ""}, '{"":0,"_2":1}'),
        ('{"a":1,"b":2}', {"a": "b", "b": "a"}, '{"b":1,"a":2}'),
        ('{"a": 1, "\\u0061": 2}', {"a": "<E>"}, '{"<E>": 1, "<E>": 2}'),
    ],
)
def test_edited_names_never_make_a_member_disappear(body, renames, expected):
    document = decode(CODEC, body.encode())
    edits: dict[int, list[Edit]] = {
        segment.index: whole(segment.text, renames[segment.text])
        for segment in document.segments
        if segment.kind is KEY and segment.text in renames
    }
    assert document.encode(edits).decode() == expected


@pytest.mark.parametrize("charset", [None, "utf-8", "utf8", "us-ascii"])
def test_charsets_that_mean_utf8_are_taken(charset):
    assert decode(CODEC, b'"a"', charset=charset).segments[0].text == "a"


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-16", "utf-7", "nonsense"])
def test_other_charsets_are_refused(charset):
    with pytest.raises(UnsupportedMediaTypeError):
        decode(CODEC, b'"a"', charset=charset)
