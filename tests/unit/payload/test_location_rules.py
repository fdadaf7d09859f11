"""The fast path for field rules gives the query engine's result, or is not used."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.domain import FieldAction, FieldRule, Limits
from shield.payload.json_codec import JsonCodec
from shield.payload.json_document import Listing, read_text
from shield.payload.selectors import FieldRules
from tests.unit.payload.apply import drop, inspect, keep, treat
from tests.unit.payload.test_json_laws import texts

NAMES = ["$", "$.a", "$.b", "$['<P>']", "$.a.b", "$.*", "$[*].a", "$[0]", "$[1].a"]
SELECTORS = st.sampled_from([*NAMES, "$..a", "$..*", "$.a..b", "$..[0]"])


@st.composite
def quick_rules(draw: st.DrawFn) -> list[FieldRule]:
    made = []
    for selector in draw(st.lists(SELECTORS, min_size=1, max_size=4)):
        make = draw(st.sampled_from([keep, inspect, treat]))
        made.append(make(selector))
    return made


def listed(body: bytes, rules: FieldRules):
    document = JsonCodec().decode(body, limits=Limits(), rules=rules, charset=None)
    return [(segment, document.rules.get(segment.index)) for segment in document.segments]


@given(texts(), quick_rules())
def test_both_ways_agree_on_every_segment(text, chosen):
    body = text.encode("utf-8", "surrogatepass")
    quick = FieldRules.compile(chosen)
    assert quick.locations is not None
    slow = FieldRules.compile(chosen)
    slow.locations = None
    assert listed(body, quick) == listed(body, slow)


@pytest.mark.parametrize(
    ("rules", "quick"),
    [
        ([keep("$.a")], True),
        ([keep("$..a[*]['b'][3]")], True),
        ([keep("$.a"), drop("$.b")], False),
        ([keep("$[?@.type == 'x']")], False),
        ([keep("$[-1]")], False),
        ([keep("$[0:2]")], False),
        ([keep("$['a','b']")], False),
    ],
)
def test_which_rules_can_go_the_quick_way(rules, quick):
    assert (FieldRules.compile(rules).locations is not None) is quick


def test_a_treated_literal_is_a_segment():
    rules = FieldRules.compile([treat("$.hiv_positive")])
    segments = [segment for segment, rule in listed(b'{"hiv_positive": true, "other": false}', rules) if rule]
    assert [segment.text for segment in segments] == ["true"]


def test_read_text_needs_no_tree_for_places():
    listing = Listing([], {}, [])
    rules = FieldRules.compile([FieldRule("$.a", FieldAction.KEEP)])
    text = read_text(b'{"a": "x"}', limits=Limits(), rules=rules, root="$", listing=listing)
    assert text.tree is None
    assert list(listing.rules) == [1]
