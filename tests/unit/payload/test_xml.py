# ruff: noqa: S314  what is parsed is made here
from __future__ import annotations

import gc
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.domain import Limits, SegmentKind
from shield.errors import (
    MalformedBodyError,
    TooDeepError,
    TooManySegmentsError,
    UnsupportedMediaTypeError,
)
from shield.payload.codecs import CodecRegistry
from shield.payload.media_type import MediaType
from shield.payload.selectors import FieldRules
from shield.payload.xml_codec import XmlCodec
from shield.payload.xml_scan import Attribute, Element
from shield.payload.xml_text import Piece
from tests.unit.payload.apply import decode, drop, edit, inspect, keep, replace_text, treat, whole

XML = XmlCodec()
SOAP = b"""<?xml version="1.0"?>
<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <s:Body><u:create xmlns:u="urn:x.example">
  <u:Contact><Name>Ann &amp; Bob</Name><Mail  kind = 'work'>ann&#64;example.com</Mail></u:Contact>
  <u:Contact><Name xsi:type="xsd:string"><![CDATA[Cy]]></Name><Note/></u:Contact>
 </u:create></s:Body>
</s:Envelope>
"""
CREATE = ("Envelope", "Body", "create")


def texts(document) -> list[tuple[tuple[str | int, ...], str]]:
    return [(it.location, it.text) for it in document.segments if it.kind is SegmentKind.TEXT]


@pytest.mark.parametrize("name", ["application/xml", "text/xml", "application/soap+xml;action=a", "a/b+xml"])
def test_the_types_of_xml_are_read(name):
    assert isinstance(CodecRegistry.default().for_media_type(MediaType.parse(name)), XmlCodec)


def test_texts_stand_at_the_names_around_them():
    document = decode(XML, SOAP)
    assert texts(document) == [
        ((*CREATE, "Contact", 0, "Name"), "Ann & Bob"),
        ((*CREATE, "Contact", 0, "Mail", "kind"), "work"),
        ((*CREATE, "Contact", 0, "Mail", "#text"), "ann@example.com"),
        ((*CREATE, "Contact", 1, "Name", "xsi:type"), "xsd:string"),
        ((*CREATE, "Contact", 1, "Name"), "Cy"),
    ]
    names = [it.text for it in document.segments if it.kind is SegmentKind.KEY]
    assert names == [
        "s", "Envelope", "xsi", "Body", "u", "create", "Contact", "Name", "Mail", "kind", "Note",
    ]  # fmt: skip
    assert {it.root for it in document.segments} == {"xml"}
    assert document.encode({}) is SOAP


@pytest.mark.parametrize(
    ("before", "text", "start", "end", "replacement", "after"),
    [
        ("<a>x &amp; Ann &lt;</a>", "x & Ann <", 4, 7, "<P>", "<a>x &amp; &lt;P&gt; &lt;</a>"),
        ("<a>&#65;&#x6e;n&gt;</a>", "Ann>", 0, 3, "&", "<a>&amp;&gt;</a>"),
        ("<a b='Ann \"'/>", 'Ann "', 0, 3, "'<\n", "<a b='&apos;&lt;&#10; \"'/>"),
        ("<a><![CDATA[<i>Ann]]></a>", "<i>Ann", 3, 6, "<P>]]>", "<a><![CDATA[<i><P>]]]]><![CDATA[>]]></a>"),
        ("<a>]]Ann&gt;</a>", "]]Ann>", 2, 5, "", "<a>]]&gt;</a>"),
        (
            "<a>An<!--c--><![CDATA[n B]]>ob</a>",
            "Ann Bob",
            0,
            5,
            "<P>",
            "<a>&lt;P&gt;<!--c--><![CDATA[]]>ob</a>",
        ),
        ("<a>4 <b>1</b>1 <i>x</i></a>", "4 1\u200b1 x", 0, 5, "N", "<a>N<b></b> <i>x</i></a>"),
        ("<a>x:<b>a@b.de</b>Bob</a>", "x:a@b.de\u200bBob", 2, 8, "N", "<a>x:<b>N</b>Bob</a>"),
        (
            "<a>a@b<i>.d</i>e<b/>Bob</a>",
            "a@b\u200b.d\u200be\u200bBob",
            9,
            12,
            "N",
            "<a>a@b<i>.d</i>e<b/>N</a>",
        ),
        ("<a>41<b/>, <i>42</i>.</a>", "41, 42.", 4, 6, "N", "<a>41<b/>, <i>N</i>.</a>"),
        (
            "<a><b>A</b>nn<u/>x H<sub>2</sub>O</a>",
            "Annx H2O",
            0,
            3,
            "N",
            "<a><b>N</b><u/>x H<sub>2</sub>O</a>",
        ),
        ("<a>x <p>Ann</p>Bob</a>", "x \nAnn\nBob", 7, 10, "N", "<a>x <p>Ann</p>N</a>"),
        ("<!--Ann-x--><a/>", "Ann-x", 0, 3, "--", "<!---_-_-x--><a/>"),
        ("<!--a-Ann--><a/>", "a-Ann", 2, 5, "", "<!--a-_--><a/>"),
        ("<?p Ann?><a/>", "Ann", 0, 3, "?>", "<?p ? >?><a/>"),
        ("<a>Ann</a>", "Ann", 0, 3, "\x00\ud800\u00f8", "<a>??\u00f8</a>"),
    ],
)
def test_a_replacement_is_text_of_its_place(before, text, start, end, replacement, after):  # noqa: PLR0917
    document = decode(XML, before.encode())
    index = next(it.index for it in document.segments if it.text == text)
    edited = document.encode({index: [edit(start, end, replacement)]}).decode()
    assert edited == after
    ET.fromstring(edited)


@pytest.mark.parametrize(
    ("body", "charset", "text"),
    [
        ("<a>\u00f8</a>".encode(), None, "\u00f8"),
        ("<a>\u00f8</a>".encode(), "utf-8", "\u00f8"),
        ("<a>\u00f8</a>".encode("utf-16"), None, "\u00f8"),
        ("<a>\u00f8</a>".encode("utf-16"), "utf-16", "\u00f8"),
        ("<?xml version='1.0' encoding='UTF-16'?><a>\u00f8</a>".encode("utf-16-le"), "utf-16le", "\u00f8"),
        (b"\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?><a>x</a>", None, "x"),
        ("<?xml version='1.0' encoding='iso-8859-1'?><a>\u00f8</a>".encode("latin1"), None, "\u00f8"),
        (b"<?xml version='1.0' encoding='iso-8859-1'?><a>x</a>", "utf-8", "x"),
        (b"<a>x</a>", "us-ascii", "x"),
    ],
)
def test_a_document_is_read_and_written_in_its_charset(body, charset, text):
    document = decode(XML, body, charset=charset)
    assert texts(document) == [(("a",), text)]
    edited = replace_text(document, {text: "\u2022P"})
    if charset == "utf-16le":
        edited = edited.decode(charset)
    assert ET.fromstring(edited).text == "\u2022P"


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("<?xml version='1.0' encoding='iso-8859-1'?><a>\u00f8</a>".encode(), "utf-8"),
        ("<?xml version='1.0' encoding='utf-8'?><a>\u00f8</a>".encode("latin1"), "iso-8859-1"),
        ("<a>\u00f8</a>".encode("latin1"), "iso-8859-1"),
        (b"<?xml version='1.0' encoding='utf-7'?><a>+AEA-</a>", "utf-8"),
        (b"<?xml version='1.0' encoding='utf-7'?><a>+AEA-</a>", None),
        (b"<?xml version='1.0'" + b" " * 999 + b"encoding='utf-7'?><a>+AEA-</a>", None),
        (b"<?xml version='1.0'" + b" " * 999 + b"encoding='iso-8859-1'?><a>\xc3\xb8</a>", "utf-8"),
        (b"<?xml version='1.0' encoding='UTF-16'?><a>x</a>", None),
        ("<a>x</a>".encode("utf-16-le"), None),
        ("<?xml version='1.0' encoding='utf-8'?><a>x</a>".encode("utf-16"), None),
    ],
)
def test_two_charsets_of_a_document_are_refused(body, charset):
    with pytest.raises((MalformedBodyError, UnsupportedMediaTypeError)):
        decode(XML, body, charset=charset)


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE a [<!ENTITY x "Ann">]><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<!DOCTYPE a><a/>",
        b'<!DOCTYPE a [<!ENTITY a "Ann"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>',
        b"<a>Ann",
        b"<a>Ann</b>",
        b"<a>Ann</a><b/>",
        b"<a>&ann;</a>",
        b"<a b='1' b='Ann'/>",
        b"<a><x:b>Ann</x:b></a>x",
        b"Ann",
        b"<a>\x01</a>",
        b"<a><!--Ann--></a>]]>",
    ],
)
def test_what_is_no_document_or_has_a_type_is_refused(body):
    with pytest.raises(MalformedBodyError) as caught:
        decode(XML, body)
    assert caught.value.code == "body_malformed"
    assert "Ann" not in str(caught.value)
    assert caught.value.__context__ is None


def test_limits_hold():
    with pytest.raises(TooDeepError):
        decode(XML, b"<a><b><c/></b></a>", limits=Limits(nesting_depth=2))
    with pytest.raises(TooManySegmentsError):
        decode(XML, b"<a><b>x</b><b>y</b></a>", limits=Limits(segments=3))
    with pytest.raises(TooManySegmentsError):
        decode(XML, b"<a>" + b"<b/>" * 30 + b"</a>", limits=Limits(segments=3))


@pytest.mark.parametrize(
    ("rules", "ruled"),
    [
        ([keep("$.Envelope.Body.create.Contact[0].Name")], ["Ann & Bob"]),
        ([keep("$.Envelope.Body.create.Contact.Name")], ["Ann & Bob", "xsd:string", "Cy"]),
        ([keep("$..Contact[*].Mail")], ["work", "ann@example.com"]),
        ([keep("$..Mail['#text']")], ["ann@example.com"]),
        ([keep("$..kind")], ["work"]),
        ([treat("$..Contact[?@.Mail].Name")], ["Ann & Bob"]),
        ([keep("$..Contact"), inspect("$..Name")], ["work", "ann@example.com"]),
        ([keep("$")], ["Ann & Bob", "work", "ann@example.com", "xsd:string", "Cy"]),
    ],
)
def test_rules_reach_elements_and_attributes(rules, ruled):
    document = decode(XML, SOAP, *rules)
    assert [document.segments[index].text for index in document.rules] == ruled


@pytest.mark.parametrize(
    ("selector", "after"),
    [
        ("$.a.b", "<a c='1'>x <d>z</d></a>"),
        ("$.a.c", "<a>x <b>y</b><d>z</d></a>"),
        ("$..d", "<a c='1'>x <b>y</b></a>"),
        ("$.a", ""),
        ("$", ""),
    ],
)
def test_what_a_rule_drops_goes_whole(selector, after):
    document = decode(XML, b"<a c='1'>x <b>y</b><d>z</d></a>", drop(selector))
    assert document.drops
    assert document.encode({}).decode() == after
    assert "y" not in "".join(it.text for it in document.segments) or "y" in after


def test_within_a_text_of_several_elements_a_rule_has_its_own():
    document = decode(XML, b"<a>x <b>y</b> z</a>", treat("$.a.b"))
    assert [(document.segments[index].text) for index in document.rules] == ["y"]
    assert [text for _, text in texts(document)] == ["x  z", "y"]


def test_names_that_are_edited_are_names_apart():
    document = decode(XML, b'<Ann x="1"><p:Bob xmlns:p="u">1</p:Bob><P/></Ann>')
    index = {it.text: it.index for it in document.segments}
    edits = {index[name]: whole(name, "<P>") for name in ("Ann", "Bob")}
    edited = document.encode(edits)
    assert edited == b'<P_2 x="1"><p:P_3 xmlns:p="u">1</p:P_3><P/></P_2>'


@pytest.mark.parametrize(
    ("replacement", "name"), [("****1111", "_1111"), ("-x", "_-x"), ("_a", "_a"), ("***", "_"), ("Å", "Å")]
)
def test_a_name_begins_as_names_do_whatever_replaces_it(replacement, name):
    document = decode(XML, b"<Ann/>")
    edited = document.encode({0: whole("Ann", replacement)})
    assert edited == f"<{name}/>".encode()
    ET.fromstring(edited)


def test_prefixes_and_targets_are_names_throughout():
    body = b'<?Ann?><Bob:a xmlns:Bob="u" Bob:b="1" xml:lang="en" xmlns="v"><Bob:c/><x xsi:Cy="1"/></Bob:a >'
    document = decode(XML, body)
    index = {it.text: it.index for it in document.segments if it.kind is SegmentKind.KEY}
    assert not {"xml", "xmlns"} & index.keys()
    edits = {index[name]: whole(name, "<P>") for name in ("Ann", "Bob", "Cy")}
    assert document.encode(edits) == (
        b'<?P?><P_2:a xmlns:P_2="u" P_2:b="1" xml:lang="en" xmlns="v"><P_2:c/><x xsi:P_3="1"/></P_2:a >'
    )


def test_a_namespace_is_a_text_only_where_it_may_be_more():
    document = decode(XML, b'<a xmlns="http://example.com/2026/a#b" xmlns:b="urn:ann@example.com"/>')
    assert [text for _, text in texts(document)] == ["urn:ann@example.com"]


def test_nothing_of_a_document_stays_in_memory_until_cycles_are_looked_for():
    was_on = gc.isenabled()
    gc.disable()
    try:
        document = decode(XML, b"<a>x<b k='1'>y</b> z<!--c--><p>4</p></a>")
        document.encode({0: whole("a", "b")})
        del document
        assert not any(isinstance(it, Element | Attribute | Piece) for it in gc.get_objects())
    finally:
        if was_on:
            gc.enable()


SOME = st.text(alphabet="ab \n\r\t&<>\"'-?]\u00f8\U0001f600", max_size=5)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&#60;").replace(">", "&gt;").replace('"', "&quot;")


def _trees(inner):
    pieces = st.one_of(
        SOME.map(_escaped),
        SOME.map(lambda text: f"<![CDATA[{text.replace(']]>', '')}]]>"),
        SOME.map(lambda text: f"<!--{text.replace('-', '')}-->"),
        SOME.map(lambda text: f"<?p {text.replace('?', '')}?>"),
        inner,
    )
    return st.builds(
        lambda name, value, content: f'<{name} k="{_escaped(value)}">{"".join(content)}</{name}>',
        st.sampled_from(["a", "b", "n:p", "row"]),
        SOME,
        st.lists(pieces, max_size=4),
    )


DOCUMENTS = st.recursive(st.just("<b/>"), _trees, max_leaves=6).map(
    lambda tree: f'<r xmlns:n="urn:n">{tree}</r>'
)


def _parsed(body: bytes) -> tuple[list[str], list[str]]:
    """Tags in order, and all text that a parser sees, including comments and instructions."""
    parser = ET.XMLParser(target=ET.TreeBuilder(insert_comments=True, insert_pis=True))
    tree = ET.fromstring(body, parser)
    tags = [it.tag if isinstance(it.tag, str) else it.tag.__name__ for it in tree.iter()]
    said = [t for it in tree.iter() for t in (it.text, it.tail, *it.attrib.values()) if t and t.strip()]
    return tags, said


@given(DOCUMENTS, st.data())
def test_an_independent_parser_sees_the_same_elements_and_only_texts_that_were_inspected(text, data):
    body = text.encode()
    document = decode(XML, body)
    tags, said = _parsed(body)
    pressed = ["".join(it.text.split()) for it in document.segments]
    for each in said:
        assert any("".join(each.removeprefix("p").split()) in it for it in pressed)
    edits = {}
    for it in document.segments:
        if it.kind is SegmentKind.TEXT and data.draw(st.booleans()):
            ends = sorted(data.draw(st.lists(st.integers(0, len(it.text)), min_size=2, max_size=2)))
            edits[it.index] = [edit(*ends, data.draw(SOME))]
    edited = document.encode(edits)
    assert _parsed(edited)[0] == tags
    everything = {it.index: whole(it.text, "#") for it in document.segments if it.kind is SegmentKind.TEXT}
    for each in _parsed(document.encode(everything))[1]:
        assert set(each.removeprefix("p")) <= set("# \t\r\n\u00a0p")
    same = {it.index: [edit(0, 0, "")] for it in document.segments if it.kind is SegmentKind.TEXT}
    assert document.encode(same) == body


SELECTORS = ["$", "$.r", "$..a", "$.r.*", "$..b[1]", "$..k", "$..*['#text']", "$.r.p.b", "$..a[0]..b", "$..*"]


@given(DOCUMENTS, st.lists(st.tuples(st.sampled_from(SELECTORS), st.sampled_from([keep, treat, inspect]))))
def test_rules_of_places_hold_as_the_query_engine_has_it(text, chosen):
    rules = [rule(selector) for selector, rule in chosen]
    slow = FieldRules.compile(rules)
    assert slow.locations is not None
    slow.locations = None
    documents = [
        XML.decode(text.encode(), limits=Limits(), rules=each, charset=None)
        for each in (FieldRules.compile(rules), slow)
    ]
    assert documents[0].segments == documents[1].segments
    assert documents[0].rules == documents[1].rules


@given(st.text(alphabet="<a/> b=\"'!-[CDAT]?x&;1", max_size=24))
def test_what_is_no_xml_is_refused_and_nothing_else_happens(text):
    try:
        document = decode(XML, text.encode())
    except MalformedBodyError:
        with pytest.raises(ET.ParseError):
            ET.fromstring(text)
        return
    _, said = _parsed(text.encode())
    assert all(any(each.split()[0] in it.text for it in document.segments) for each in said)
