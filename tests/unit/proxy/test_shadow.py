"""What counts as a difference between the policy in force and the shadow policy."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.domain import Finding, Placed, SegmentKind
from shield.proxy.shadow import Difference, differences


def placed(
    path: str, start: int, end: int, entity: str, operator: str = "replace", *, segment: int = 0
) -> Placed:
    return Placed(path, SegmentKind.TEXT, Finding(start, end, entity, 0.9, "R"), operator, segment)


NAME = placed("$.a", 0, 5, "PERSON")
CASES = {
    "the same decision is no difference": ([NAME], [NAME], {}),
    "nor is a finding that both keep": ([placed("$.a", 0, 5, "URL", "keep")], [], {}),
    "only the one in force acts": ([NAME], [], {("$.a", "PERSON:replace", None): 1}),
    "only the one that is tried acts": ([], [NAME], {("$.a", None, "PERSON:replace"): 1}),
    "another type": (
        [NAME],
        [placed("$.a", 0, 5, "LOCATION")],
        {("$.a", "PERSON:replace", "LOCATION:replace"): 1},
    ),
    "another operator": (
        [NAME],
        [placed("$.a", 0, 5, "PERSON", "hash")],
        {("$.a", "PERSON:replace", "PERSON:hash"): 1},
    ),
    "other bounds": (
        [NAME],
        [placed("$.a", 0, 9, "PERSON")],
        {("$.a", "PERSON:replace", "PERSON:replace"): 1},
    ),
    "the same place of another path": (
        [NAME],
        [placed("$.b", 0, 5, "PERSON")],
        {("$.a", "PERSON:replace", None): 1, ("$.b", None, "PERSON:replace"): 1},
    ),
    "another place whose path reads alike": (
        [placed("$.*", 0, 5, "PERSON"), placed("$.*", 0, 5, "URL", segment=1)],
        [placed("$.*", 0, 5, "LOCATION", segment=1)],
        {("$.*", "PERSON:replace", None): 1, ("$.*", "URL:replace", "LOCATION:replace"): 1},
    ),
    "one that covers two": (
        [placed("$.a", 0, 9, "PERSON")],
        [placed("$.a", 0, 4, "PERSON"), placed("$.a", 5, 9, "PERSON")],
        {("$.a", "PERSON:replace", "PERSON:replace"): 1, ("$.a", None, "PERSON:replace"): 1},
    ),
    "a key with personal data withholds the paths of who does not see it": (
        [Placed("$.*", SegmentKind.KEY, Finding(0, 5, "PERSON", 0.9, "R"), "replace")],
        [placed("$.maria", 3, 5, "LOCATION")],
        {("$.*", "PERSON:replace", None): 1, ("(withheld)", None, "LOCATION:replace"): 1},
    ),
    "how often it occurs": (
        [placed("$.*", 0, 5, "PERSON"), placed("$.*", 0, 5, "PERSON"), placed("$.*", 7, 9, "PERSON")],
        [],
        {("$.*", "PERSON:replace", None): 3},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_differences(name: str) -> None:
    live, shadow, expected = CASES[name]
    assert differences(live, shadow) == Counter({Difference(*key): n for key, n in expected.items()})


FINDINGS = st.lists(
    st.builds(
        lambda path, start, size, entity: placed(path, start, start + size, entity),
        st.sampled_from(["$.a", "$.b"]),
        st.integers(0, 9),
        st.integers(1, 4),
        st.sampled_from(["PERSON", "LOCATION"]),
    ),
    max_size=8,
)


@given(FINDINGS, FINDINGS)
def test_every_finding_that_differs_is_on_its_side_once(live: list[Placed], shadow: list[Placed]) -> None:
    same = sum((Counter(live) & Counter(shadow)).values())
    found = differences(live, shadow)
    assert sum(n for it, n in found.items() if it.live) == len(live) - same
    assert sum(n for it, n in found.items() if it.shadow) == len(shadow) - same
    mirrored = differences(shadow, live)
    assert sum(n for it, n in mirrored.items() if it.live) == len(shadow) - same
