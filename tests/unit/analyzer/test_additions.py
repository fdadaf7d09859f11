"""What a later detector adds, and what of it is not taken."""

from __future__ import annotations

import pytest

from shield.analyzer.additions import beside_markup
from shield.domain import Finding


@pytest.mark.parametrize(
    ("text", "found", "left"),
    [
        ("x &lt;jon@x.org&gt;", "lt;jon@x.org&", "jon@x.org"),
        ("x &lt;jon@x.org&gt;", "lt", ""),
        ("Jon &amp; Mary", "Jon &amp; Mary", "Jon &amp; Mary"),
        ("a&nbsp;Jon&nbsp;b", "nbsp;Jon&nbsp", "Jon"),
        ("&#39;Jon&#39;", "Jon&#39", "Jon"),
        ("Q&A; Jon", "A; Jon", "A; Jon"),
        ("no sign Jon", "Jon", "Jon"),
        ("<p>Jon</p>", "p>Jon</", "Jon"),
        ("<p>Jon<br/>Doe</p>", "Jon<br/>Doe", "Jon<br/>Doe"),
        ('<img alt="Jon">', 'Jon">', 'Jon">'),
        ("a<br >Jon", "br >Jon", "Jon"),
    ],
)
def test_a_finding_leaves_out_the_markup_at_its_ends(text: str, found: str, left: str) -> None:
    start = text.index(found)
    findings = beside_markup([Finding(start, start + len(found), "PERSON", 0.9, "Test")], text)
    assert [text[each.start : each.end] for each in findings] == ([left] if left else [])
