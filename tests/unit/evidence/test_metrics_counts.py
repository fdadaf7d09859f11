from __future__ import annotations

import pytest

from shield.errors import EvidenceError
from shield.evidence.metrics_counts import compare_metrics, read_metrics
from shield.evidence.outside import Outside
from shield.evidence.reading import Period
from shield.evidence.reconcile import reconcile

from .stories import Story, source_of, tell

SCRAPE = """# TYPE shield_requests_total counter
shield_requests_total{{route="tickets",outcome="redacted"}} {redacted}
shield_requests_total{{route="contacts",outcome="redacted"}} {others}
shield_requests_total{{route="none",outcome="rejected"}} {rejected}
"""


def scrape(redacted: int, others: int = 0, rejected: int = 0) -> str:
    return SCRAPE.format(redacted=redacted, others=others, rejected=rejected)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([scrape(5, 2, 1)], {"redacted": 7, "rejected": 1}),
        ([scrape(5, 2, 1), scrape(6, 2, 4)], {"redacted": 1, "rejected": 3}),
        ([scrape(5), scrape(2), scrape(4)], {"redacted": 4}),  # restarted in between
        (["outcome,value\nredacted,2.5\nRejected,1\nredacted,1\n"], {"redacted": 3.5, "rejected": 1}),
        (["time,value\n1,2\n2,3\n"], {"requests": 5}),
        (["\ufeffOutcome,Increase\nblocked,2\n"], {"blocked": 2}),
    ],
)
def test_forms(texts, expected):
    assert read_metrics(texts) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# TYPE a counter\na 1\n", "no series shield_requests_total"),
        ("# TYPE {\n", "cannot be read"),
        ("outcome,share\na,1\n", "no column named value or increase or count"),
        ("outcome,value\nmaria,secret\n", "line 2 of the file of metrics has no number"),
        ("outcome,value\na,nan\n", "line 2"),
        ("outcome,value\na\n", "line 2"),
        ('value\n"1\n', "not valid CSV"),
        ("outcome,value\na,1e308\na,1e308\n", "not a count"),
        ("value\n" + "9" * 300 + "\n", "not a count"),
        (scrape(1).replace("} 1", "} NaN"), "not a count"),
        (scrape(1).replace("} 1", "} 1e400"), "not a count"),
        ("", "no column"),
    ],
)
def test_what_cannot_be_read_is_named_without_its_text(text, words):
    with pytest.raises(EvidenceError, match=words) as caught:
        read_metrics([text])
    assert "maria" not in str(caught.value)
    assert "secret" not in str(caught.value)


async def the_log(tmp_path, *, beats: bool = True):
    def acts(story: Story) -> None:
        for _ in range(3):
            story.request()
        story.reject("body_malformed")
        story.request("client_gone", 200)
        if beats:
            story.beat()

    await tell(tmp_path, acts)
    return [reconcile(source_of(tmp_path), Period(), interval_us=60_000_000).completeness]


@pytest.mark.parametrize(
    ("counted", "off"),
    [
        ({"redacted": 3, "rejected": 1, "client_gone": 1}, {}),
        ({"redacted": 2, "rejected": 1, "client_gone": 2}, {}),  # one answer broke off in the middle
        ({"redacted": 3.4, "rejected": 1, "client_gone": 1.2}, {"requests": 1}),
        ({"requests": 5}, {}),
        ({"requests": 4}, {"requests": -1}),
        ({"redacted": 4, "client_gone": 1}, {"redacted": 1, "rejected": -1}),
        ({"redacted": 3, "rejected": 1, "client_gone": 1, "new": 1}, {"requests": 1, "new": 1}),
    ],
)
async def test_the_metrics_count_is_held_to_the_log(tmp_path, counted, off):
    found = compare_metrics(counted, await the_log(tmp_path), tolerance=0)
    assert {row.what: row.off_by for row in found.rows if row.off_by} == off
    assert found.ok is (not off)
    assert bool(Outside(None, found).problems) is bool(off)
    assert compare_metrics(counted, await the_log(tmp_path / "again"), tolerance=1).ok


async def test_what_a_killed_process_had_not_told_yet_may_be_missing(tmp_path):
    tallies = await the_log(tmp_path, beats=False)
    found = compare_metrics({"redacted": 1}, tallies, tolerance=0)
    assert (found.rows[0].least, found.rows[0].most, found.ok) == (0, 5, True)
    assert not compare_metrics({"redacted": 4, "rejected": 2}, tallies, tolerance=0).ok
