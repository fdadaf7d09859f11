"""Laws of editing in place, over generated JSON texts."""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from shield.domain import Edit, FieldAction, FieldRule, Limits, SegmentKind
from shield.errors import MalformedBodyError, RequestError
from shield.payload.json_codec import JsonCodec, NdjsonCodec
from shield.payload.selectors import FieldRules
from tests.unit.payload.apply import decode, drop, keep, spliced, treat, whole

SPACE = st.text(" \t\r\n", max_size=2)
CHARACTERS = st.characters(exclude_categories=()) | st.sampled_from('a"\\/\b\né😀\ud800\ude00<>_')
NUMBERS = st.sampled_from(
    ["0", "-0", "1", "-12.50", "1e400", "1E-7", "12345678901234567890123", "4111111111111111"]
)


@st.composite
def strings(draw: st.DrawFn, alphabet: st.SearchStrategy[str] = CHARACTERS) -> str:
    """A JSON string in which each character is raw or escaped, as drawn."""
    made = []
    for character in draw(st.lists(alphabet, max_size=6)):
        point = ord(character)
        escaped = "".join(
            f"\\u{int.from_bytes(pair, 'big'):04{draw(st.sampled_from('xX'))}}"
            for pair in re.findall(b"(?s)..", character.encode("utf-16-be", "surrogatepass"))
        )
        must = point < 0x20 or character in '"\\' or 0xD800 <= point < 0xE000
        made.append(escaped if must or draw(st.booleans()) else character)
    return '"' + "".join(made) + '"'


@st.composite
def texts(draw: st.DrawFn, depth: int = 3) -> str:
    kind = draw(
        st.sampled_from(["string", "number", "literal", "object", "array"] if depth else ["string", "number"])
    )
    space = draw(SPACE)
    if kind == "string":
        body = draw(strings())
    elif kind == "number":
        body = draw(NUMBERS)
    elif kind == "literal":
        body = draw(st.sampled_from(["true", "false", "null"]))
    elif kind == "array":
        items = draw(st.lists(texts(depth=depth - 1), max_size=4))
        body = "[" + (",".join(items) or space) + "]"
    else:
        names = st.sampled_from(['"a"', '"\\u0061"', '"b"', '"<P>"']) | strings()
        members = draw(st.lists(st.tuples(SPACE, names, SPACE, texts(depth=depth - 1)), max_size=4))
        body = "{" + (",".join(f"{a}{name}{b}:{value}" for a, name, b, value in members) or space) + "}"
    return f"{space}{body}{draw(SPACE)}"


@st.composite
def edits_of(draw: st.DrawFn, text: str) -> list[Edit]:
    points = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4)))
    replacements = st.text(CHARACTERS, max_size=3) | st.just("<P>")
    pairs = zip(points[::2], points[1::2], strict=False)
    return [Edit(start, end, draw(replacements), "PERSON", "replace") for start, end in pairs]


class Pairs(list[Any]):
    """The members of an object in order, duplicates and all."""


def parse(text: str | bytes) -> Any:
    return json.loads(text, object_pairs_hook=Pairs, parse_float=Number, parse_int=Number)


class Number(str):
    __slots__ = ()


def utf16(text: str) -> str:
    """A JSON reader takes two lone surrogates that an edit brings together for one character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


@given(texts())
def test_no_edit_gives_back_the_same_object(text):
    body = text.encode()
    assert decode(JsonCodec(), body).encode({}) is body


@given(texts())
def test_both_readers_list_the_same(text):
    body = text.encode()
    assert decode(JsonCodec(), body).segments == decode(JsonCodec(), body, treat("$.zz[?@.q == 1]")).segments


@settings(max_examples=300)
@given(
    texts(),
    st.sampled_from([(), (keep("$.b"),), (treat("$[0]"),), (keep("$..b"),), (drop("$.b"),), (keep("$"),)]),
    st.sampled_from([Limits(), Limits(nesting_depth=2), Limits(segments=3)]),
    st.sampled_from([b"", BOM_UTF8]),
)
def test_what_is_measured_is_what_would_be_read(text, rules, limits, mark):
    body = mark + text.encode()
    compiled = FieldRules.compile(rules)
    size = JsonCodec().measure(body, limits=limits, rules=compiled, charset=None)
    if size is None:
        return
    document = decode(JsonCodec(), body, *rules, limits=limits)  # is not refused
    assert not document.rules
    assert size == (
        len(document.segments),
        sum(len(it.text.encode("utf-8", "surrogatepass")) for it in document.segments),
    )


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ('{"a": [1.50e1, "\\u00e9", "", {}], "c": true}', (4, len("ac15é".encode()))),
        ('{"\\u0062": "x"}', None),  # a rule holds for it
        ('{"a": [[[1]]]}', None),  # it may be nested too deep
        ('["x", "y", 1, 2, 3, 4, 5]', None),  # there may be too many
        ('{"a": }', None),
        ("[1e999]", None),  # only the slow parser accepts it
    ],
)
def test_what_takes_a_reading_is_not_measured(text, size):
    limits = Limits(nesting_depth=3, segments=6)
    rules = FieldRules.compile([keep("$.b")])
    assert JsonCodec().measure(text.encode(), limits=limits, rules=rules, charset=None) == size
    assert JsonCodec().measure(text.encode(), limits=limits, rules=rules, charset="latin-1") is None
    assert JsonCodec(patch=True).measure(text.encode(), limits=limits, rules=rules, charset=None) is None


@given(texts())
def test_each_string_number_and_name_is_listed(text):
    expected = []

    def walk(value: Any) -> None:
        if isinstance(value, Number):
            expected.append((SegmentKind.NUMBER, str(value)))
        elif isinstance(value, str):
            expected.append((SegmentKind.TEXT, value))
        elif isinstance(value, Pairs):
            for name, member in value:
                expected.append((SegmentKind.KEY, name))
                walk(member)
        elif isinstance(value, list):
            for item in value:
                walk(item)

    walk(parse(text))
    listed = [(s.kind, s.text) for s in decode(JsonCodec(), text.encode()).segments]
    assert listed == [entry for entry in expected if entry[1]]


@settings(max_examples=300)
@given(st.data(), texts())
def test_edits_change_what_they_name_and_nothing_else(data, text):
    body = text.encode()
    document = decode(JsonCodec(), body)
    edits: dict[int, list[Edit]] = {}
    for segment in document.segments:
        if segment.kind is SegmentKind.TEXT:
            edits[segment.index] = data.draw(edits_of(segment.text))
        elif segment.kind is SegmentKind.NUMBER and data.draw(st.booleans()):
            edits[segment.index] = whole(segment.text, data.draw(st.text(CHARACTERS, max_size=3)))
    made = document.encode(edits)
    try:
        under_a_rule = decode(JsonCodec(), body, treat("$.zz[?@.q == 1]"))
    except MalformedBodyError:
        reject()  # names that stand so often that a rule cannot tell what it means
    assert under_a_rule.encode(edits) == made
    remaining = iter(document.segments)

    def compare(before: Any, after: Any) -> None:
        if isinstance(before, str):
            if not before:
                assert after == before
                return
            segment = next(remaining)
            if edits.get(segment.index):
                assert not isinstance(after, Number)
                assert utf16(after) == utf16(spliced(str(before), edits[segment.index]))
            else:
                assert (type(after), after) == (type(before), before)
        elif isinstance(before, Pairs):
            assert isinstance(after, Pairs)
            assert len(before) == len(after)
            for (name, value), (name_after, value_after) in zip(before, after, strict=True):
                assert name == name_after
                if name:
                    next(remaining)
                compare(value, value_after)
        elif isinstance(before, list):
            assert len(before) == len(after)
            for value, value_after in zip(before, after, strict=True):
                compare(value, value_after)
        else:
            assert before is after

    compare(parse(text), parse(made))
    assert next(remaining, None) is None
    # Bytes outside the tokens: the same once every string, number and name is removed.
    token = re.compile(r'"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*', re.DOTALL)
    assert token.sub("", made.decode()) == token.sub("", text)


@given(st.data(), texts())
def test_edited_names_keep_every_member_apart(data, text):
    document = decode(JsonCodec(), text.encode())
    renamed = data.draw(st.sets(st.sampled_from([s.text for s in document.segments] or ["a"])))
    edits = {
        s.index: whole(s.text, "<P>")
        for s in document.segments
        if s.kind is SegmentKind.KEY and s.text in renamed
    }
    made = parse(document.encode(edits))

    def compare(before: Any, after: Any) -> None:
        if isinstance(before, Pairs):
            names = [name for name, _ in before]
            names_after = [name for name, _ in after]
            assert len(set(names)) == len(set(names_after))
            assert [names.index(name) for name in names] == [names_after.index(name) for name in names_after]
            for (_, value), (_, value_after) in zip(before, after, strict=True):
                compare(value, value_after)
        elif isinstance(before, list):
            for value, value_after in zip(before, after, strict=True):
                compare(value, value_after)
        else:
            assert before == after

    compare(parse(text), made)


@given(
    texts(),
    st.sampled_from(["$.a", "$..a", "$[0]", "$..*", "$.*", "$[?@.a]", "$", "$..[0]", "$..b", "$[1:]"]),
)
def test_dropping_leaves_valid_json_without_what_was_dropped(text, selector):
    document = decode(JsonCodec(), text.encode(), drop(selector))
    made = document.encode({})
    after = parse(made)
    if not document.drops:
        assert made.decode() == text
    if selector == "$..a":
        again = decode(JsonCodec(), made, drop(selector))
        assert not again.drops
    listed = [(s.kind, s.text) for s in decode(JsonCodec(), made).segments]
    assert listed == [(s.kind, s.text) for s in document.segments]
    if selector == "$":
        assert after is None


@st.composite
def patches(draw: st.DrawFn) -> str:
    made = []
    for _ in range(draw(st.integers(1, 4))):
        verb = draw(st.sampled_from(["add", "replace", "Test", "remove"]))
        path = draw(st.sampled_from(["/a", "/b/a", "/a/0", "", "/c", "/a/-"]))
        members = [f'"op":{draw(SPACE)}"{verb}"', f'"path":"{path}"']
        if verb != "remove":
            members += [f'"value":{draw(texts(depth=2))}']
        made.append(draw(SPACE) + "{" + ",".join(draw(st.permutations(members))) + "}" + draw(SPACE))
    return "[" + ",".join(made) + "]"


@given(
    patches(),
    st.sampled_from(["$.a", "$.a[0]", "$.b.a", "$..a", "$.q", "$.b", "$[0]", "$[*].value", "$.a[?@.b]"]),
)
def test_a_patch_is_read_alike_whatever_its_media_type_says(text, selector):
    body = text.encode()
    for rule in (drop(selector), treat(selector)):
        known, told = decode(JsonCodec(), body, rule), decode(JsonCodec(patch=True), body, rule)
        assert (known.segments, known.rules, known.drops) == (told.segments, told.rules, told.drops)
        assert known.encode({}) == told.encode({})
        assert known.drops or known.encode({}) is body
        assert all("op" in dict(operation) for operation in parse(known.encode({})))
    told = decode(JsonCodec(patch=True), body, keep(selector))
    assert decode(JsonCodec(), body, keep(selector)).rules.keys() <= told.rules.keys()
    assert decode(JsonCodec(), body).encode({}) is body


@given(st.lists(texts() | st.text(" \t", max_size=2), max_size=5), st.booleans(), st.booleans())
def test_a_line_reads_as_it_reads_alone(lines, carriage, last):
    flat = [line.replace("\r", " ").replace("\n", " ") for line in lines]
    ending = "\r\n" if carriage else "\n"
    body = (ending.join(flat) + ending * last).encode()
    document = decode(NdjsonCodec(), body)
    alone = [
        (f"line[{number}]", s.text, s.location, s.kind)
        for number, line in enumerate(flat)
        if line.strip()
        for s in decode(JsonCodec(), line.encode()).segments
    ]
    assert [(s.root, s.text, s.location, s.kind) for s in document.segments] == alone
    assert document.encode({}) is body
    edits = {s.index: whole(s.text, "x") for s in document.segments if s.kind is not SegmentKind.KEY}
    pieces = []
    for line in flat:
        one = decode(JsonCodec(), line.encode()) if line.strip() else None
        values = [s for s in one.segments if s.kind is not SegmentKind.KEY] if one else []
        pieces.append(one.encode({s.index: whole(s.text, "x") for s in values}) if one else line.encode())
    expected = ending.encode().join(pieces) + (ending * last).encode()
    assert document.encode(edits) == expected


@given(st.binary(max_size=40) | st.text('{}[]",:\\u0019ae+-. \n', max_size=20).map(str.encode))
def test_what_is_accepted_is_what_the_standard_parser_accepts(body):
    try:
        json.loads(body.decode(), parse_constant=_refuse)
        valid = not body.startswith(b"\xef\xbb\xbf")
    except ValueError:
        valid = False
    for rules in ((), (FieldRule("$.a", FieldAction.KEEP),)):
        try:
            decode(JsonCodec(), body, *rules)
            accepted = True
        except RequestError:
            accepted = False
        assert accepted == valid


def _refuse(name: str) -> None:
    raise ValueError(name)
