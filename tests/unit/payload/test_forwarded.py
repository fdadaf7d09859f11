"""What is kept of a forwarded document for a rescan, and which of the rescan's findings are new."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from shield.domain import (
    EMPTY,
    Edit,
    FieldAction,
    FieldRule,
    Finding,
    Limits,
    Remainder,
    Segment,
    SegmentKind,
)
from shield.payload.codecs import CodecRegistry
from shield.payload.document import Document
from shield.payload.forwarded import Forwarded, remainder_of
from shield.payload.media_type import MediaType
from shield.payload.selectors import FieldRules

JSON = CodecRegistry.default().for_media_type(MediaType.parse("application/json"))


def document(body: bytes, *rules: FieldRule) -> Document:
    return JSON.decode(body, limits=Limits(), rules=FieldRules.compile(rules), charset=None)


def edit(start: int, end: int, replacement: str) -> Edit:
    return Edit(start, end, replacement, "PERSON", "replace")


def test_texts_have_their_edits_and_say_where() -> None:
    made = remainder_of(
        document(b'{"a": "I am Maria, not Rosa.", "n": 4111}'),
        {1: [edit(5, 10, "<PERSON>"), edit(16, 20, "<PERSON>")], 3: [edit(0, 4, "<ID>")]},
    )
    assert [(it.text, it.kind) for it in made.segments] == [
        ("a", SegmentKind.KEY),
        ("I am <PERSON>, not <PERSON>.", SegmentKind.TEXT),
        ("n", SegmentKind.KEY),
        ("<ID>", SegmentKind.TEXT),
    ]
    assert made.done == {1: ((5, 13), (19, 27)), 3: ((0, 4),)}
    assert made.size == len("aI am <PERSON>, not <PERSON>.n<ID>")


def test_a_name_that_was_redacted_is_in_no_place_either() -> None:
    body = b'{"rosa@example.org": {"note": ["x"]}}'
    made = remainder_of(document(body), {0: [edit(0, 16, "<EMAIL_ADDRESS>")]})
    assert all("rosa" not in str(segment) for segment in made.segments)
    assert made.segments[2].location == ("<EMAIL_ADDRESS>", "note", 0)


def test_what_a_field_rule_exempts_stays_exempt() -> None:
    made = remainder_of(document(b'{"a": "x", "b": "y"}', FieldRule("$.a", FieldAction.KEEP)), {})
    forwarded = Forwarded(made)
    assert [forwarded.segments[index].text for index in forwarded.rules] == ["x"]
    assert {rule.action for rule in forwarded.rules.values()} == {FieldAction.KEEP}
    assert forwarded.encode({}) == b""


def test_only_what_lies_outside_of_what_was_done_is_news() -> None:
    segment = Segment(0, "Dear <PERSON> Diaz, <PERSON>.")
    forwarded = Forwarded(Remainder((segment,), {0: ((5, 13), (20, 28))}, frozenset(), 29))

    def news(start: int, end: int) -> bool:
        return bool(forwarded.news(segment, [Finding(start, end, "PERSON", 1.0, "R")]))

    assert not news(5, 13)
    assert not news(6, 12)
    assert not news(19, 29)  # with the space before and the full stop after
    assert news(5, 18)
    assert news(14, 18)
    assert news(0, 29)


@given(st.text(max_size=30), st.data())
def test_an_edited_text_is_its_parts_and_its_edits(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    words = [data.draw(st.text(max_size=5)) for _ in spans]
    edits = [edit(start, end, word) for (start, end), word in zip(spans, words, strict=True)]

    class One:
        segments = (Segment(0, text),)
        rules: Mapping[int, FieldRule] = EMPTY
        drops = ()

    made = remainder_of(One(), {0: edits} if edits else {})  # type: ignore[arg-type]
    found = [made.segments[0].text[start:end] for start, end in made.done.get(0, ())]
    assert found == words
    kept = made.segments[0].text
    for start, end in reversed(made.done.get(0, ())):
        kept = kept[:start] + kept[end:]
    left = text
    for start, end in reversed(spans):
        left = left[:start] + left[end:]
    assert kept == left
