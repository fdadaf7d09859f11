"""Laws of the readings over generated texts: offsets of composed views, pieces, and opaque runs."""

from __future__ import annotations

import base64
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from shield.analyzer.expressions.folded import fold
from shield.analyzer.layouts.pieces import Pieces
from shield.analyzer.views.contents import printable
from shield.analyzer.views.encodings import base32_bytes, base64_bytes, hex_bytes
from shield.analyzer.views.opaque import opaque_runs
from shield.domain import Segment
from tests.unit.analyzer.built import shared_views

PIECES = Pieces()
RUN = base64.b64encode(b"call Maria Garcia on 415-555-0132").decode()
WORDS = st.sampled_from(
    [
        *(
            "four one",
            "\uff20",
            "a@b.co",
            "%40",
            "&#52;",
            "4 1 1 1",
            "\u200b",
            "=41",
            "555-0132",
            "two",
            "at",
        ),
        *("dot com", "\n", RUN, "\ud800", "é", "x" * 30, "<b>4</b>1"),
    ]
)
TEXTS = st.lists(WORDS | st.text(max_size=6), max_size=10).map(" ".join)


@given(TEXTS)
@settings(max_examples=40, deadline=None)
def test_each_span_of_a_view_lies_in_the_text_and_later_ones_lie_no_earlier(text: str) -> None:
    for view in shared_views().of(text, shared_views().asked([text], [fold(text)])[0]):
        spans = [view.raw_span(place, place + 1) for place in range(len(view.text))]
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(one[0] <= other[0] and one[1] <= other[1] for one, other in pairwise(spans))
        if spans:
            assert view.raw_span(0, len(view.text)) == (spans[0][0], spans[-1][1])


@given(st.lists(TEXTS | st.builds(lambda text: text + " and no more" * 12, TEXTS), max_size=6))
@settings(max_examples=60, deadline=None)
def test_what_a_text_asks_for_does_not_depend_on_those_around_it(texts: list[str]) -> None:
    alone = [shared_views().asked([text], [fold(text)])[0] for text in texts]
    assert shared_views().asked(texts, [fold(text) for text in texts]) == alone


@given(
    st.lists(
        st.text(max_size=5) | st.sampled_from(["4111", "11", "call 415-", "a" * 200 + " 4", "@b.co"]),
        max_size=9,
    )
)
@settings(max_examples=40, deadline=None)
def test_each_part_of_joined_pieces_is_what_its_segment_has_there(texts: list[str]) -> None:
    for name in (
        lambda place: ("a", place),
        lambda place: (f"a_{place}",),
        lambda place: ("r", 0, f"a{place}"),
    ):
        segments = [Segment(place, text, name(place)) for place, text in enumerate(texts)]
        for joined in PIECES.joined(segments):
            for part in joined.parts:
                own = segments[part.place].text[part.offset : part.offset + part.end - part.start]
                assert joined.view.text[part.start : part.end] == own


@given(st.binary(min_size=40, max_size=300), st.text(max_size=20), st.text(max_size=20))
@settings(max_examples=40, deadline=None)
def test_a_file_is_told_in_any_coding_whatever_stands_around(data: bytes, before: str, after: str) -> None:
    data = b"%PDF-1.7\n\xff\xfe" + data
    for run in (base64.b64encode(data).decode(), base64.b32encode(data).decode(), data.hex(), data.hex(" ")):
        text = f"{before}: {run}; {after}"
        start = len(before) + 2
        found = opaque_runs(text)
        assert any(it.start <= start and start + len(run) <= it.end for it in found), run
        assert all(one.end <= other.start for one, other in pairwise(found))


@given(st.binary(max_size=100))
@settings(max_examples=40, deadline=None)
def test_the_bytes_of_a_run_are_those_that_were_encoded(data: bytes) -> None:
    assert base64_bytes(base64.b64encode(data).decode()) == data
    assert base64_bytes(base64.urlsafe_b64encode(data).decode().rstrip("=")) == data
    assert base32_bytes(base64.b32encode(data).decode()) == data
    assert base32_bytes(base64.b32encode(data).decode().rstrip("=")) == data
    assert hex_bytes(data.hex(":")) == data


@given(st.text("AZaz09+/-_=\\ \n\u00e9", max_size=24))
@example("000=0")
def test_a_run_with_another_sign_than_those_of_base64_has_no_bytes(run: str) -> None:
    signs = run.rstrip("=")
    signs = signs[:-1] if len(signs) % 4 == 1 else signs
    try:
        if "=" in run.rstrip("="):  # it stands within, where none belongs, though it may end `signs`
            raise ValueError  # noqa: TRY301
        expected = base64.b64decode(
            signs.replace("-", "+").replace("_", "/") + "=" * (-len(signs) % 4), validate=True
        )
    except ValueError:
        expected = None
    assert base64_bytes(run) == expected


@given(
    st.lists(
        st.sampled_from([b"a", b"1 ", b"\xc3\xa9", b"\xe2\x82\xac", b"\xf0\x9f\x98\x80", b"\x80", b"\xc3"])
    )
)
@settings(max_examples=300)
def test_bytes_are_text_up_to_a_character_that_is_cut_off(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    try:
        expected = data.decode()
    except UnicodeDecodeError as error:
        expected = data[: error.start].decode() if error.start >= len(data) - 3 else ""
    assert printable(data) == expected
