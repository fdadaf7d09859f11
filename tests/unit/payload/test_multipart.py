from __future__ import annotations

import json
import re
from base64 import b64encode
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.domain import FieldRule, Limits, SegmentKind
from shield.errors import (
    AnonymizationFailedError,
    MalformedBodyError,
    RequestError,
    TooLargeError,
    TooManySegmentsError,
    UnsupportedMediaTypeError,
)
from shield.payload.codecs import CodecRegistry
from shield.payload.document import Document, File
from shield.payload.media_type import MediaType
from shield.payload.multipart_parts import fields
from shield.payload.selectors import NO_RULES, FieldRules
from tests.forms_in_parts import BROKEN, GOOD, MARK, TYPE, body_of, part
from tests.unit.payload.apply import drop, edit, inspect, keep, replace_text, spliced, treat, whole

KEY, TEXT, NUMBER = SegmentKind.KEY, SegmentKind.TEXT, SegmentKind.NUMBER
CODECS = CodecRegistry.default()


def read(body: bytes, *rules: FieldRule, media_type: str = TYPE, limits: Limits | None = None) -> Document:
    compiled = FieldRules.compile(rules) if rules else NO_RULES
    parsed = MediaType.parse(media_type)
    codec = CODECS.for_media_type(parsed)
    return codec.decode(body, limits=limits or Limits(), rules=compiled, charset=parsed.charset)


def parsed(body: bytes) -> list[EmailMessage]:
    """The parts as another parser reads them."""
    message = BytesParser(policy=policy.HTTP).parsebytes(f"Content-Type: {TYPE}\r\n\r\n".encode() + body)
    assert message.is_multipart()
    assert not message.defects
    return list(message.iter_parts())  # type: ignore[attr-defined]


def seen(document: Document) -> list[tuple[Any, ...]]:
    return [(it.kind, it.text, it.location) for it in document.segments]


def test_fields_are_as_in_other_forms_and_parts_are_read_by_their_types():
    ticket = b'{"id": 7, "note": ["\\u006aane"]}'
    body = body_of(
        part('name="custom_fields[0][name]"', b"SSN"),
        part("name=note", "für jäne".encode("iso-8859-1"), "Content-Type: text/plain; charset=iso-8859-1"),
        part('name="note"', b""),
        part('name="ticket"', ticket, "content-TYPE: application/json; charset=utf-8"),
        part('name="lines"', b'{"a":"b"}\n', "Content-Type: application/x-ndjson"),
        part('name="more"', b"a=b+c", "Content-Type: application/x-www-form-urlencoded"),
        part('name="t"; filename="notes.txt"', b"jane", "Content-Type: text/plain"),
        part('name="f"; filename="a.pdf"', b"%PDF-1.7\0", "Content-Type: application/pdf"),
        part('name="f"; filename=""', b"", "Content-Type: application/octet-stream"),
    )
    document = read(body)
    assert seen(document) == [
        (KEY, "custom_fields[0][name]", ("custom_fields[0][name]",)),
        (TEXT, "SSN", ("custom_fields[0][name]", 0)),
        (KEY, "note", ("note",)),
        (TEXT, "für jäne", ("note", 0)),
        (KEY, "note", ("note",)),
        (KEY, "ticket", ("ticket",)),
        (KEY, "id", ("ticket", 0, "id")),
        (NUMBER, "7", ("ticket", 0, "id")),
        (KEY, "note", ("ticket", 0, "note")),
        (TEXT, "jane", ("ticket", 0, "note", 0)),
        (KEY, "lines", ("lines",)),
        (KEY, "a", ("lines", 0, "line[0]", "a")),
        (TEXT, "b", ("lines", 0, "line[0]", "a")),
        (KEY, "more", ("more",)),
        (KEY, "a", ("more", 0, "form", "a")),
        (TEXT, "b c", ("more", 0, "form", "a", 0)),
        (KEY, "t", ("t",)),
        (TEXT, "notes.txt", ("t", 0, "filename")),
        (TEXT, "jane", ("t", 0)),
        (KEY, "f", ("f",)),
        (TEXT, "a.pdf", ("f", 0, "filename")),
        (KEY, "f", ("f",)),
    ]
    assert all(it.root == "form" and it.index == place for place, it in enumerate(document.segments))
    assert document.files == [File("form", ("f", 0), b"%PDF-1.7\0", 9)]
    assert document.encode({}) is body
    edited = replace_text(document, {"jane": "<P>", "7": "<N>", "b": "<B>", "b c": "<C>", "für jäne": "é"})
    values = [each.get_payload(decode=True) for each in parsed(edited)]
    assert values == [
        b"SSN", "é".encode("iso-8859-1"), b"", b'{"id": "<N>", "note": ["<P>"]}', b'{"a":"<B>"}\n',
        b"a=%3CC%3E", b"<P>", b"%PDF-1.7\0", b"",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("head", "texts", "replaced", "expected"),
    [
        ('name="f"; filename="jane \\ b.pdf"', ["f", "jane \\ b.pdf"], (0, 4, "<P>"),
         'name="f"; filename="<P> \\ b.pdf"'),
        ("name=f; filename=jane.pdf", ["f", "jane.pdf"], (0, 4, "<P>"), 'name=f; filename="<P>.pdf"'),
        ('NAME="f"; FileName="a%22b%0D%0Ac%20"', ["f", 'a"b\r\nc%20'], (1, 3, '"\r'),
         'NAME="f"; FileName="a%22%0D%0D%0Ac%20"'),
        ('name="f"; filename="ä.pdf"; filename*=utf-8\'en\'%C3%A4b.pdf', ["f", "ä.pdf", "äb.pdf"],
         (0, 1, "/"),
         'name="f"; filename="%2F.pdf"; filename*=utf-8\'en\'%C3%A4b.pdf'),
        ('name="f"; filename="jane_b-cv.pdf"', ["f", "jane b cv.pdf"], (0, 6, "<P>"),
         'name="f"; filename="<P>-cv.pdf"'),
        ('name="f"; filename="aa-bb_c@d.pdf"', ["f", "aa-bb_c@d pdf"], (0, 0, ""),
         'name="f"; filename="aa-bb_c@d.pdf"'),
        ("filename*=UTF-8''j%61ne%20b.pdf; name=f", ["j\x61ne b.pdf", "f"], (0, 4, "<P>"),
         "filename*=UTF-8''%3CP%3E%20b.pdf; name=f"),
        ('name="f"; filename="=?utf-8?B?asOkbmU=?= =?utf-8?q?_b=2Epdf?="', ["f", "jäne b.pdf"], (0, 4, "<P>"),
         'name="f"; filename="<P> b.pdf"'),
    ],
)  # fmt: skip
def test_names_of_files_are_texts_however_they_are_written(head, texts, replaced, expected):
    document = read(body_of(part(head, b"\0", "Content-Type: image/png")))
    assert [it.text for it in document.segments] == texts
    place = next(it.index for it in document.segments if "filename" in str(it.location[-1]))
    edited = document.encode({place: [edit(*replaced)]})
    assert edited == body_of(part(expected, b"\0", "Content-Type: image/png"))


def test_names_that_become_alike_are_numbered():
    body = body_of(part('name="a@b.c"'), part("name=d.e"), part('name="a@b.c"'), part('name="<E_2>"'))
    edited = replace_text(read(body), {"a@b.c": "<E>", "d.e": "<E>"})
    names = [it["content-disposition"].params["name"] for it in parsed(edited)]
    assert names == ["<E>", "<E_3>", "<E>", "<E_2>"]


def test_what_stands_around_and_in_other_lines_is_text():
    field = part('name="a"', b"x", 'Content-Type: application/pdf; name="jane.pdf"', "Content-ID: <jane@b>")
    document = read(b"to jane\r\n" + body_of(field) + b"jane\r\n")
    assert [(it.text, it.root) for it in document.segments] == [
        ("to jane", "preamble"), ("a", "form"), ('application/pdf; name="jane.pdf"', "form"),
        ("<jane@b>", "form"), ("jane\r\n", "epilogue"),
    ]  # fmt: skip
    place = {it.text: it.index for it in document.segments}
    edits = {
        place[text]: [edit(text.index("jane"), text.index("jane") + 4, '<"\n>')]
        for text in place
        if "jane" in text
    }
    expected = part(
        'name="a"', b"x", 'Content-Type: application/pdf; name="<%22%0A>.pdf"', "Content-ID: <<%22%0A>@b>"
    )
    assert document.encode(edits) == b'to <"\n>\r\n' + body_of(expected) + b'<"\n>\r\n'


@pytest.mark.parametrize("line", [0, 8])
def test_base64_is_undone_and_done_again(line):
    def encoded(text: str) -> bytes:
        raw = b64encode(text.encode())
        step = line or len(raw)
        return b"\r\n".join(raw[at : at + step] for at in range(0, len(raw), step))

    lines = ("Content-Transfer-Encoding: BASE64", "Content-Length: 16" if not line else "Content-ID: 1")
    document = read(body_of(part('name="a"', encoded("hello jane b"), *lines)))
    assert "hello jane b" in [it.text for it in document.segments]
    edited = replace_text(document, {"hello jane b": "hello <PERSON>"})
    (made,) = parsed(edited)
    assert made.get_payload(decode=True) == b"hello <PERSON>"
    assert made.get_payload() == encoded("hello <PERSON>").decode()
    if not line:
        assert made["content-length"] == "20"


FORM = (
    part('name="ticket[id]"', b"7"),
    part('name="ticket"', b'{"id": 8, "note": "n"}', "Content-Type: application/json"),
    part('name="f"; filename="jane.pdf"', b"\0jane", "Content-Type: application/pdf"),
    part('name="t"; filename="jane.txt"', b"jane", "Content-Type: text/plain"),
)


@pytest.mark.parametrize(
    ("rule", "ruled", "left"),
    [
        (keep("$.ticket.id"), {("ticket[id]", 0): "7", ("ticket", 0, "id"): "8"}, FORM),
        (keep("$['ticket'][0].id"), {("ticket", 0, "id"): "8"}, FORM),
        (treat("$.ticket.note"), {("ticket", 0, "note"): "n"}, FORM),
        (keep("$.ticket[?@.x == $.y]"), {}, FORM),
        (keep("$.t"), {("t", 0): "jane"}, FORM),
        (treat("$.f"), {("f", 0): "\0jane"}, FORM),
        (keep("$.f"), {}, FORM),
        (inspect("$"), {}, FORM),
        (drop("$.ticket.id"), {},
         (part('name="ticket"', b'{"note": "n"}', "Content-Type: application/json"), *FORM[2:])),
        (drop("$.f"), {}, (*FORM[:2], FORM[3])),
        (drop("$"), {}, ()),
    ],
)  # fmt: skip
def test_field_rules_hold_as_in_other_forms_and_in_the_documents_of_parts(rule, ruled, left):
    document = read(body_of(*FORM), rule)
    values = {document.segments[index].location: document.segments[index].text for index in document.rules}
    assert {place: text for place, text in values.items() if document.segments} | ruled == ruled | values
    assert {place: text for place, text in values.items() if text not in {"id", "note"}} == ruled
    assert document.encode({}) == body_of(*left)
    is_kept = rule == keep("$.f")
    stays = left and (rule.selector != "$.f" or is_kept)
    assert [(it.location, it.kept) for it in document.files] == ([(("f", 0), is_kept)] if stays else [])


UNDECLARED = b'{"phone": 4155550132, "tags": ["x"]}'


def test_json_in_a_field_without_a_type_is_a_document_below_the_field() -> None:
    body = body_of(part('name="payload"', UNDECLARED), part('name="list"', b" [1]"))
    document = read(body)
    assert [it for it in seen(document) if it[0] is not KEY] == [
        (NUMBER, "4155550132", ("payload", 0, "phone")),
        (TEXT, "x", ("payload", 0, "tags", 0)),
        (NUMBER, "1", ("list", 0, 0)),
    ]
    number = next(it.index for it in document.segments if it.text == "4155550132")
    assert document.encode({number: whole("4155550132", "<P>")}) == body.replace(b"4155550132", b'"<P>"')


@pytest.mark.parametrize(
    ("head", "content", "line"),
    [
        ('name="p"', b"{not json}", ()),
        ('name="p"', b"[" * 5_000, ()),
        ('name="p"', b"[see below] it broke", ()),
        ('name="p"', b'"a string"', ()),
        ('name="p"', UNDECLARED, ("Content-Type: text/plain",)),
        ('name="p"; filename="p.txt"', UNDECLARED, ()),
    ],
)
def test_anything_else_in_a_field_without_a_type_is_its_text(
    head: str, content: bytes, line: tuple[str, ...]
) -> None:
    assert (TEXT, content.decode(), ("p", 0)) in seen(read(body_of(part(head, content, *line))))


def test_a_rule_for_the_whole_field_finds_it_whole() -> None:
    document = read(body_of(part('name="p"', UNDECLARED)), treat("$.p", "X"))
    assert (TEXT, UNDECLARED.decode(), ("p", 0)) in seen(document)
    assert [rule.entity_type for rule in document.rules.values()] == ["X"]
    assert read(body_of(part('name="p"', UNDECLARED)), drop("$.p.phone")).drops


def test_a_rule_that_keeps_all_keeps_names_too_and_one_for_a_field_does_not():
    assert len(read(body_of(*FORM), keep("$")).rules) == len(read(body_of(*FORM)).segments)
    document = read(body_of(*FORM), keep("$.t"))
    names = [it.index for it in document.segments if it.text == "jane.txt"]
    assert names
    assert not set(names) & set(document.rules)


def test_a_file_that_is_to_be_treated_is_replaced_whole():
    document = read(body_of(FORM[2]), treat("$.f"))
    edited = document.encode({2: whole("\0jane", "<PERSON>")})
    assert edited == body_of(
        part('name="f"; filename="jane.pdf"', b"<PERSON>", "Content-Type: application/pdf")
    )


@pytest.mark.parametrize("content", [b"\xff\xfe\0", b"{"])
@pytest.mark.parametrize("kind", ["text/plain", "application/json", "text/plain; charset=utf-7"])
def test_a_file_that_is_not_what_it_says_is_a_file_and_a_field_is_refused(kind, content):
    if "json" not in kind and content == b"{" and "utf-7" not in kind:
        return
    line = f"Content-Type: {kind}"
    document = read(body_of(part('name="a"; filename="b"', content, line)))
    assert [(it.location, it.head) for it in document.files] == [(("a", 0), content)]
    with pytest.raises(MalformedBodyError, match=r"^part 0: "):
        read(body_of(part('name="a"', content, line)))


@pytest.mark.parametrize("body", BROKEN)
def test_what_not_all_receivers_read_alike_is_refused(body):
    with pytest.raises(MalformedBodyError) as caught:
        read(body)
    assert "jane" not in str(caught.value)


@pytest.mark.parametrize(
    ("media_type", "error"),
    [
        ("multipart/form-data", MalformedBodyError),
        ('multipart/form-data; boundary=""', MalformedBodyError),
        ('multipart/form-data; boundary="a b"', MalformedBodyError),
        ('multipart/form-data; boundary="--"', MalformedBodyError),
        (f"multipart/form-data; boundary={'a' * 71}", MalformedBodyError),
        ("multipart/form-data; boundary=a; boundary=b", UnsupportedMediaTypeError),
        ('multipart/form-data; boundary="a\\b"', UnsupportedMediaTypeError),
        ("multipart/form-data; boundary*=utf-8''a", UnsupportedMediaTypeError),
        ("multipart/form-data; xboundary=b; boundary=a", UnsupportedMediaTypeError),
        ("multipart/form-data; boundary=a; charset=utf-16", UnsupportedMediaTypeError),
        ("multipart/mixed; boundary=a", UnsupportedMediaTypeError),
    ],
)
def test_a_content_type_in_doubt_is_refused(media_type, error):
    with pytest.raises(error):
        read(b"--a\r\n" + GOOD + b"\r\n--a--", media_type=media_type)


@pytest.mark.parametrize("media_type", ['multipart/form-data; boundary="=_(a):?,\'"; charset=UTF-8', TYPE])
@pytest.mark.parametrize("before", [b"", b"\r\n", b" \r\n"])
@pytest.mark.parametrize("behind", [b"", b"\r\n", b"\r\n\r\n "])
def test_bodies_that_all_receivers_read_alike_are_read(media_type, before, behind):
    mark = b"--" + MediaType.parse(media_type).parameters["boundary"].encode()
    body = before + body_of(GOOD).replace(MARK, mark)[:-2] + behind
    assert [it.text for it in read(body, media_type=media_type).segments] == ["a", "jane@example.com"]
    assert read(mark + b"--", media_type=media_type).segments == []


@pytest.mark.parametrize(
    ("body", "limits", "error"),
    [
        (body_of(*[GOOD] * 1001), Limits(), TooManySegmentsError),
        (body_of(*[GOOD] * 3), Limits(segments=5), TooManySegmentsError),
        (body_of(GOOD, part('name="j"', b"[1,2,3]", "Content-Type: application/json")), Limits(segments=5),
         TooManySegmentsError),
        (body_of(part('name="a"', b"x", f"Content-ID: {'x' * 16384}")), Limits(), TooLargeError),
    ],
)  # fmt: skip
def test_parts_and_their_lines_are_bounded(body, limits, error):
    with pytest.raises(error):
        read(body, limits=limits)


@pytest.mark.parametrize("charset", ["utf-7", "iso-8859-1"])
def test_a_form_that_names_another_charset_is_refused(charset):
    with pytest.raises(UnsupportedMediaTypeError):
        read(body_of(part('name="_charset_"', charset.encode()), GOOD))
    assert read(body_of(part('name="_charset_"', b"UTF-8"), GOOD)).segments


def test_no_replacement_makes_a_boundary():
    document = read(body_of(part('name="a"', b"12@x" + MARK[2:])))
    with pytest.raises(AnonymizationFailedError):
        document.encode({1: [edit(0, 4, "\r\n--")]})
    parts = read(body_of(part('name="a"', MARK[:5] + b"jane" + MARK[5:])))
    with pytest.raises(AnonymizationFailedError):
        parts.encode({1: [edit(5, 9, "")]})


# Few signs among control characters look like another encoding, also once an edit has left only these.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\t\n\r\x7f\x85"), max_size=12
)
PARTS = st.lists(
    st.tuples(
        st.text("ab[]. é%", max_size=5),
        st.none() | st.text("ab.ü%2 ;", max_size=6),
        st.one_of(
            st.tuples(st.just("text/plain"), TEXTS.map(str.encode)),
            st.tuples(st.just("application/json"), TEXTS.map(lambda it: json.dumps([it, 1]).encode())),
            st.tuples(st.just("image/png"), st.binary(max_size=12)),
        ),
    ),
    max_size=5,
)


@given(PARTS, st.data())
def test_edits_are_what_another_parser_reads_and_all_else_stays(parts, data):
    heads = [
        (
            f'name="{name}"' + ("" if filename is None else f'; filename="{filename}"'),
            content,
            f"Content-Type: {kind}",
        )
        for name, filename, (kind, content) in parts
    ]
    body = body_of(*(part(*head) for head in heads))
    try:
        document = read(body)
    except RequestError:  # such as text that begins with another encoding's byte order mark
        return
    assert document.encode({}) is body
    texts = [it for it in document.segments if len(it.location) == 2 and it.kind is TEXT]
    edits = {}
    for segment in texts:
        start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(segment.text))] * 2)))
        edits[segment.index] = [edit(start, end, data.draw(st.sampled_from(["", "<P>", "é b", '"'])))]
    made = document.encode(edits)
    again = read(made)
    expected = {it.index: spliced(it.text, edits.get(it.index, [])) for it in document.segments}
    assert [it.text for it in again.segments] == [text for text in expected.values() if text]
    if parts:
        others = [(it.get_content_type(), it.get_payload(decode=True)) for it in parsed(made)]
        assert [kind for kind, _ in others] == [kind for _, _, (kind, _) in parts]
        for (_, _, (kind, content)), (_, found) in zip(parts, others, strict=True):
            if kind == "image/png" and b"\r" not in content and b"\n" not in content:
                assert found == content


PIECES = st.sampled_from(
    [b"", b"\r\n", b"\n", b"\r", b"--", b"\0", b" ", b'"', b";", b"name=", b"\\", b":", b"filename=x", MARK,
     MARK + b"--", b"\r\n\r\n", b"\r\n" + MARK + b"\r\n", b"=?utf-8?q?a?=",
     b'Content-Disposition: form-data; name="z"']
)  # fmt: skip
WHOLE = body_of(*FORM[:1], *FORM[2:])


@given(st.lists(st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 4), PIECES), min_size=1, max_size=3))
def test_what_is_not_refused_has_the_same_parts_to_another_parser(changes):
    body = WHOLE
    for start, size, piece in changes:
        body = body[:start] + piece + body[start + size :]
    try:
        read(body)
    except RequestError:
        return
    ours = list(fields(body, MediaType.parse(TYPE), re.compile(b"")))
    if not ours:  # without a part the other parser sees no form
        return
    theirs = [(it["content-disposition"].params["name"], it.get_payload(decode=True)) for it in parsed(body)]
    assert ours == theirs
