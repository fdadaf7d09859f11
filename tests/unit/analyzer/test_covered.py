"""What findings cover is what asking each of them would say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shield.analyzer.covered import Covered
from shield.domain import Finding

SPANS = st.tuples(st.integers(0, 20), st.integers(1, 6)).map(lambda it: (it[0], it[0] + it[1]))


@given(st.lists(SPANS, max_size=8), SPANS)
def test_it_says_what_one_finding_after_the_other_would(
    spans: list[tuple[int, int]], asked: tuple[int, int]
) -> None:
    start, end = asked
    covered = Covered([Finding(*span, "PERSON", 0.9, "R") for span in spans])
    assert covered.hold(start, end) == any(low <= start and end <= high for low, high in spans)
    assert covered.meet(start, end) == any(low < end and start < high for low, high in spans)
