"""Summed findings are the same for a document as for its two halves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shield.audit.found import joined, summarize
from shield.audit.record import PATHS_PER_LIST, summary
from shield.domain import NOTHING_FOUND, Finding, Placed, SegmentKind
from tests.unit.audit.logs import placed


def _findings(root: str) -> st.SearchStrategy[list[Placed]]:
    return st.lists(
        st.builds(
            lambda kind, number, name, score, recognizer, operator: Placed(
                f"{root}.a[{number}]", kind, Finding(0, 4, name, score, recognizer), operator
            ),
            st.sampled_from([SegmentKind.TEXT, SegmentKind.KEY]),
            st.integers(0, 2 * PATHS_PER_LIST),
            st.sampled_from(["PERSON", "US_SSN", "IBAN_CODE"]),
            st.floats(0, 1),
            st.sampled_from(["one", "another"]),
            st.sampled_from(["replace", "keep"]),
        ),
        max_size=6 * PATHS_PER_LIST,
    )


@given(_findings("$"), _findings("query"))
def test_two_summaries_join_to_that_of_all(first: list[Placed], second: list[Placed]) -> None:
    together = summarize([*first, *second])
    assert joined(summarize(first), summarize(second)) == together
    assert list(joined(summarize(first), summarize(second)).alike) == list(together.alike)
    assert together.rows == (summary([*first, *second]) or ())
    assert together.total == len(first) + len(second)
    assert together.acted == any(it.operator != "keep" for it in (*first, *second))
    assert together.in_keys == any(it.kind is SegmentKind.KEY for it in (*first, *second))


def test_many_paths_of_both_are_counted() -> None:
    first, second = (
        [placed(path=f"{root}[{number}]") for number in range(100)] for root in ("$.a", "query.a")
    )
    row = joined(summarize(first), summarize(second)).rows[0]
    assert (row["count"], len(row["paths"]), row["paths_omitted"]) == (200, PATHS_PER_LIST, 168)
    assert (
        joined(NOTHING_FOUND, summarize(first)) == summarize(first) == joined(summarize(first), NOTHING_FOUND)
    )
