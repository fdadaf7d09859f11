"""W3C Trace Context, by the rules of its sections 3.2 and 4.3."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.telemetry.trace_context import TraceParent, parse

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.mark.parametrize(
    ("value", "sampled"),
    [
        (f"00-{TRACE}-{SPAN}-01", True),
        (f"00-{TRACE}-{SPAN}-00", False),
        (f"00-{TRACE}-{SPAN}-03", True),  # unknown flags
        (f"cc-{TRACE}-{SPAN}-01-what-the-future-will-be", True),
        (f"cc-{TRACE}-{SPAN}-01", True),
    ],
)
def test_a_parent(value: str, sampled: bool) -> None:
    assert parse([value]) == TraceParent(TRACE, SPAN, sampled)


@pytest.mark.parametrize(
    "values",
    [
        [],
        [""],
        [f"00-{TRACE}-{SPAN}-01"] * 2,
        [f"ff-{TRACE}-{SPAN}-01"],
        [f"00-{TRACE}-{SPAN}-01-more"],
        [f"cc-{TRACE}-{SPAN}-01more"],
        [f"00-{'0' * 32}-{SPAN}-01"],
        [f"00-{TRACE}-{'0' * 16}-01"],
        [f"00-{TRACE.upper()}-{SPAN}-01"],
        [f"00-{TRACE[:-1]}-{SPAN}-01"],
        [f"00-{TRACE}-{SPAN}-1"],
        [f" 00-{TRACE}-{SPAN}-01"],
        ["maria@example.com"],
    ],
)
def test_none(values: list[str]) -> None:
    assert parse(values) is None


HEX = "0123456789abcdef"
IDS = st.text(HEX, min_size=32, max_size=32).filter(lambda text: text.strip("0"))
SPANS = st.text(HEX, min_size=16, max_size=16).filter(lambda text: text.strip("0"))


@given(st.builds(TraceParent, IDS, SPANS, st.booleans()))
def test_what_is_written_is_read(parent: TraceParent) -> None:
    assert parse([parent.header()]) == parent


@given(st.text(max_size=80))
def test_anything_is_read_without_an_error(text: str) -> None:
    parse([text])
