from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.analyzer.layouts.sections import over_both_marks
from shield.domain import Finding


def _spread(text: str, start: str, end: str) -> str:
    low, high = text.index(start), text.rindex(end) + len(end)
    (finding,) = over_both_marks(text, [Finding(low, high, "EMAIL_ADDRESS", 0.9, "r")])
    return text[finding.start : finding.end]


@pytest.mark.parametrize(
    ("text", "start", "end", "expected"),
    [
        ("a jo@<![CDATA[x.org]]> b", "jo", "org", "jo@<![CDATA[x.org]]>"),
        ("a <![CDATA[jo]]>@x.org b", "jo", "org", "<![CDATA[jo]]>@x.org"),
        ("a <![CDATA[mail jo]]>@x.org b", "jo", "org", "<![CDATA[mail jo]]>@x.org"),
        ("jo<![CDATA[@x]]>.<![CDATA[org]]> b", "jo", "org", "jo<![CDATA[@x]]>.<![CDATA[org]]>"),
        ("a <![CDATA[jo@x.org]]> b", "jo", "org", "jo@x.org"),
        ("a <![CDATA[b]]> jo@x.org <![CDATA[b]]>", "jo", "org", "jo@x.org"),
        ("jo@<![CDATA[x.org", "jo", "org", "jo@<![CDATA[x.org"),
        (f"jo@<![CDATA[x.org{' b' * 200}]]>", "jo", "org", "jo@<![CDATA[x.org"),
    ],
)
def test_a_finding_over_one_mark_is_over_both(text: str, start: str, end: str, expected: str) -> None:
    assert _spread(text, start, end) == expected


@given(
    st.lists(st.sampled_from(["<![CDATA[", "]]>", "a", "jo@x.org"]), max_size=12).map("".join),
    st.data(),
)
def test_a_finding_only_grows(text: str, data: st.DataObject) -> None:
    low, high = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    (finding,) = over_both_marks(text, [Finding(low, high, "PERSON", 0.9, "r")])
    assert 0 <= finding.start <= low <= high <= finding.end <= len(text)
