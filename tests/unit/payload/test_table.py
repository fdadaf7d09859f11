from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.domain import Limits
from shield.errors import MalformedBodyError, TooManySegmentsError, UnsupportedMediaTypeError
from shield.payload.codecs import CodecRegistry
from shield.payload.media_type import MediaType
from shield.payload.table import TableCodec, TableDocument
from shield.payload.text import TextDocument
from tests.unit.payload.apply import decode, drop, edit, inspect, keep, replace_text, treat, whole

CSV = TableCodec()
PEOPLE = b'Id,First Name,Notes\r\n1,Ann,"says ""hi"", 5"" off"\r\n\r\n2,,"two\nlines"\r\n'
HEAD = ["Id", "First Name", "Notes"]


def of(media_type: str):
    return CodecRegistry.default().for_media_type(MediaType.parse(media_type))


def cells(document) -> list[tuple[tuple[str | int, ...], str]]:
    return [(it.location, it.text) for it in document.segments]


def test_a_cell_is_at_the_name_of_its_column():
    document = decode(CSV, PEOPLE)
    assert cells(document) == [
        (("header", 0), "Id"),
        (("header", 1), "First Name"),
        (("header", 2), "Notes"),
        ((0, "Id"), "1"),
        ((0, "First Name"), "Ann"),
        ((0, "Notes"), 'says "hi", 5" off'),
        ((1, "Id"), "2"),
        ((1, "Notes"), "two\nlines"),
    ]
    assert {it.root for it in document.segments} == {"table"}
    assert document.segments[4].keys == ("First Name",)
    assert document.encode({}) is PEOPLE


@pytest.mark.parametrize(
    ("before", "text", "replacement", "after"),
    [
        (b"a,b\n1,Ann\n", "Ann", "<P>", b"a,b\n1,<P>\n"),
        (b"a,b\n1,Ann\n", "Ann", 'x "y"', b'a,b\n1,x "y"\n'),
        (b"a,b\n1,Ann\n", "Ann", '"y"', b'a,b\n1,"""y"""\n'),
        (b"a,b\n1,Ann\n", "Ann", "x,y", b'a,b\n1,"x,y"\n'),
        (b"a;b\n1;Ann\n", "Ann", "x,y;", b'a;b\n1;"x,y;"\n'),
        (b"a,b\n1,Ann\n", "Ann", "x\ny", b'a,b\n1,"x\ny"\n'),
        (b'a,b\n1,"Ann" \n', "Ann", '<"P">', b'a,b\n1,"<""P"">" \n'),
        (b"a,b\r1,Ann\r", "Ann", "", b"a,b\r1,\r"),
        (b"\xef\xbb\xbfa,b\n1,\xc3\xb8\n", "\u00f8", "<P>", b"\xef\xbb\xbfa,b\n1,<P>\n"),
        (b"sep=;\r\na;b,c\r\n1;Ann\r\n", "Ann", "<P>", b"sep=;\r\na;b,c\r\n1;<P>\r\n"),
        (b"a,b|c\n1,Ann\n2,x\n", "Ann", "<P>", b"a,b|c\n1,<P>\n2,x\n"),
        (b"a\nAnn\n\nBob\n", "Ann", "<P>", b"a\n<P>\n\nBob\n"),
        (b"a\nAnn\nBob", "Bob", "", b'a\nAnn\n""'),
        (b'a,b\n1, "Ann, Bob" \n', None, "", b""),
        (b'a,b\n 5" x,Ann', "Ann", "<P>", b'a,b\n 5" x,<P>'),
    ],
)
def test_a_replaced_cell_is_one_cell_and_nothing_else_changes(before, text, replacement, after):
    if text is None:
        with pytest.raises(MalformedBodyError):
            decode(CSV, before)
        return
    document = decode(CSV, before)
    assert isinstance(document, TableDocument)
    assert replace_text(document, {text: replacement}) == after


def test_cells_between_tabs_are_quoted_only_where_they_were():
    tabs = of("text/tab-separated-values")
    document = decode(tabs, b'a\tb,c\n1\tAnn\n"2 ""x"""\t5" y\n')
    assert [text for _, text in cells(document)] == ["a", "b,c", "1", "Ann", '2 "x"', '5" y']
    assert replace_text(document, {"Ann": "x\ty\nz, w", "b,c": "d"}) == (
        b'a\td\n1\tx y z, w\n"2 ""x"""\t5" y\n'
    )


@pytest.mark.parametrize(
    "body",
    [
        b'a,b\n1,"Ann',
        b'a,b\n1,"Ann"x\n',
        b'a,b\n1,"Ann""\n',
        b'a,b\n1, "Ann, x"\n',
        b'a,b\n1,"x \\" y"\n',
    ],
)
def test_quotes_that_are_not_those_of_the_standard_are_refused(body):
    with pytest.raises(MalformedBodyError) as caught:
        decode(CSV, body)
    assert "Ann" not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    "body",
    [
        b'"a',
        b"a,b;c\n1,2;3\n",
        b"a,b;c|d\n1,2;3|4\n",
        b"a,b;c\n1,2,3\n",
        b"a^b\n4111,1111^2\n",
        b"sep=;\na;b\tc\n1;2\t3\n",
        b"a,b\n1,4111\r1111\n",
        b'a,b\n"4111 \\",1111 "\n',
        b'a,b\n"4111 \\"", 1111",2\n',
    ],
)
def test_what_readers_part_in_other_cells_is_one_text(body):
    document = decode(TableCodec("\t") if body.startswith(b"sep") else CSV, body)
    assert isinstance(document, TextDocument)
    assert [it.text for it in document.segments] == [body.decode()]


@pytest.mark.parametrize(
    ("media_type", "body", "first"),
    [
        ("text/csv", b"a,b\n1,2\n", ("header", 0)),
        ("text/csv; header=absent", b"a,b\n1,2\n", (0, 0)),
        ("text/csv; header=Present", b"1,a@b\n1,2\n", ("header", 0)),
        ("text/csv", b"Ann,a@b\n1,2\n", (0, 0)),
        ("text/csv", b"Ann,415-555-0132\n1,2\n", (0, 0)),
        ("text/csv", b"a,a\n1,2\n", (0, 0)),
        ("text/csv", b"Ann,Bob\n", (0, 0)),
        ("application/csv", b"a,,b\n1,2\n", ("header", 0)),
    ],
)
def test_a_first_line_is_a_header_where_it_says_so_or_looks_like_one(media_type, body, first):
    assert decode(of(media_type), body).segments[0].location == first


@pytest.mark.parametrize(
    ("rules", "ruled", "dropped"),
    [
        ([keep("$[*].Id")], {"1": "keep", "2": "keep"}, b""),
        ([keep("$[?@.Id == '2'].Notes")], {"two\nlines": "keep"}, b""),
        ([treat("$[0]['First Name']")], {"Ann": "treat_as"}, b""),
        (
            [keep("$"), inspect("$[*].Notes")],
            dict.fromkeys(["Id", "First Name", "Notes", "1", "Ann", "2"], "keep"),
            b"",
        ),
        ([drop("$[*].Notes")], {}, b"Id,First Name,Notes\r\n1,Ann,\r\n\r\n2,,\r\n"),
        ([drop("$[0]")], {}, b'Id,First Name,Notes\r\n,,\r\n\r\n2,,"two\nlines"\r\n'),
        ([drop("$[?@.Id == '1']['First Name']")], {}, PEOPLE.replace(b"Ann", b"")),
        ([drop("$")], {}, b""),
    ],
)
def test_rules_hold_for_columns_and_rows(rules, ruled, dropped):
    document = decode(CSV, PEOPLE, *rules)
    assert {document.segments[index].text: it.action.value for index, it in document.rules.items()} == ruled
    assert document.encode({}) == (dropped if document.drops else PEOPLE)


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("text/csv", b"Id,b\n1,Ann,x\n"),
        ("text/csv;header=present", b"Id,Id\n1,Ann\n"),
        ("text/tab-separated-values", b'Id\tb\n"1\tAnn"\tx\n'),
        ("text/tab-separated-values", b'b\tId\tc\n"1\n2"\tAnn\tx\n'),
        ("text/csv", b'b,Id,c\n5" x,Ann,6" y\n'),
        ("text/csv", b'Id,c\n,5" x\n2,6" y\n'),
    ],
)
def test_a_rule_that_keeps_does_not_hold_where_readers_may_see_another_column(media_type, body):
    for rule in (keep("$[*].Id"), keep("$[?@.b].Id")):
        assert not decode(of(media_type), body, rule).rules
    assert decode(of(media_type), body, treat("$[*].Id")).rules


def test_a_record_of_one_cell_stays_one_when_that_is_empty():
    document = decode(CSV, b'a\nAnn\n"Bob"\n', drop("$[*].a"))
    assert document.encode({}) == b'a\n""\n""\n'


def test_names_of_columns_stay_apart():
    document = decode(TableCodec(header=True), b"Ann,Bob,<P>\n1,2,3\n")
    edits = {index: whole(text, "<P>") for index, text in enumerate(["Ann", "Bob"])}
    assert document.encode(edits) == b"<P_2>,<P_3>,<P>\n1,2,3\n"


def test_too_many_cells_are_refused():
    with pytest.raises(TooManySegmentsError):
        decode(CSV, b"a,b\n,\n1,2\n", limits=Limits(segments=3))
    assert decode(CSV, b"a,b\n,\n1,2\n", limits=Limits(segments=4))


def test_a_charset_is_that_of_the_media_type():
    document = decode(CSV, "a,b\n1,\u00f8\n".encode("utf-16"), charset="utf-16")
    assert replace_text(document, {"\u00f8": "<P>"}) == "a,b\n1,<P>\n".encode("utf-16")
    assert replace_text(decode(CSV, b"a,b\n1,\xf8", charset="latin1"), {"\u00f8": "\u2022"}) == b"a,b\n1,?"
    with pytest.raises(UnsupportedMediaTypeError):
        decode(CSV, b"a", charset="utf-7")


TEXTS = st.text(alphabet='ab1 ,;"\t\n|\u00f8\u2028<', max_size=6)  # csv writes a lone CR without quotes


@given(
    st.lists(st.lists(TEXTS, min_size=2, max_size=3), min_size=1, max_size=4),
    st.sampled_from([",", ";"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.sampled_from(["\r\n", "\n"]),
    st.data(),
)
def test_an_independent_reader_sees_the_same_table_with_other_texts(rows, sign, quoting, end, data):
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=sign, quoting=quoting, lineterminator=end).writerows(rows)
    body = f"sep={sign}{end}{written.getvalue()}".encode()
    document = decode(TableCodec(header=False), body)
    assert isinstance(document, TableDocument)
    assert [it.text for it in document.segments] == [text for row in rows for text in row if text]
    edits, expected = {}, [list(row) for row in rows]
    for index, it in enumerate(document.segments):
        row, column = it.location
        start = data.draw(st.integers(0, len(it.text)))
        if data.draw(st.booleans()):
            replacement = data.draw(TEXTS) + data.draw(st.sampled_from(["", "\r"]))
            edits[index] = [edit(start, len(it.text), replacement)]
            expected[row][column] = it.text[:start] + replacement
    edited = document.encode(edits).decode()
    assert list(csv.reader(io.StringIO(edited, newline=""), delimiter=sign))[1:] == expected
    assert document.encode({}) is body


@given(st.text(alphabet='a1,;"\t\n\r|\\ ', min_size=1, max_size=24), st.sampled_from([None, "\t"]))
def test_whatever_is_read_an_independent_reader_sees_nothing_else(text, sign):
    try:
        document = decode(TableCodec(sign, header=False), text.encode())
    except MalformedBodyError:
        return
    if isinstance(document, TextDocument):
        assert [it.text for it in document.segments] == [text]
        return
    # An edit that changes nothing rewrites the cell.
    assert document.encode({it.index: [edit(0, 0, "")] for it in document.segments}) == text.encode()
    seen = csv.reader(io.StringIO(text, newline=""), delimiter=document.sign, quotechar='"')
    told = [cell.strip(' "') for row in seen for cell in row]
    assert [it for it in told if it] == [it for s in document.segments if (it := s.text.strip(' "'))]
