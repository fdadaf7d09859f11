from __future__ import annotations

import pytest

from shield.errors import EvidenceError
from shield.evidence.counts import compare, read_times
from shield.evidence.reading import Period
from shield.evidence.reconcile import reconcile

from .stories import Story, at, source_of, tell

LINE = '192.0.2.1 - - [04/May/2031:{} +0000] "POST /api/tickets HTTP/1.1" 201 12\n'


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("", []),
        ("timestamp\n2031-05-04T03:02:01Z\n", [at("03:02:01")]),
        ("id,Time\n1,2031-05-04 03:02:01\n\n2,2031-05-04T05:02:01+02:00\n", [at("03:02:01")] * 2),
        (
            "\ufeffts\r\n1935630121\r\n1935630121000\r\n1935630121000000\r\n1935630121.0\r\n",
            [at("03:02:01")] * 4,
        ),
        ('name,"timestamp"\n"a, b\nc",2031-05-04T03:02:01Z\n', [at("03:02:01")]),
        (LINE.format("03:02:01") + "\n" + LINE.format("03:02:02"), [at("03:02:01"), at("03:02:02")]),
        (LINE.format("03:02:01").replace("+0000", "-0130"), [at("04:32:01")]),
    ],
)
def test_times_of_a_file(text, times):
    assert list(read_times(text.splitlines(keepends=True))) == times


def test_a_column_by_name():
    text = ["time,arrived\n", "2031-05-04T01:00:00Z,2031-05-04T02:00:00Z\n"]
    assert list(read_times(text, "Arrived")) == [at("02:00:00")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,number\n4111 1111 1111 1111,2\n", "no column named timestamp or time"),
        ("timestamp\nmaria@example.com\n", "line 2"),
        ("a,timestamp\nmaria@example.com\n", "line 2"),
        ("timestamp\n99999999999999.5e9\n", "line 2"),
        (LINE.format("03:02:01") + "maria@example.com\n", "line 2"),
        (LINE.format("25:02:01"), "line 1"),
        (LINE.format("03:02:01").replace("May", "Mai"), "line 1"),
        ('timestamp\n"2031\n', "not valid CSV"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_not_quoted(text, said):
    with pytest.raises(EvidenceError, match=said) as caught:
        list(read_times(text.splitlines(keepends=True)))
    assert "maria" not in str(caught.value)
    assert "4111" not in str(caught.value)


async def the_log(tmp_path):
    def acts(story: Story) -> None:
        for minute in range(10):
            story.wall.set(f"00:{minute:02d}:30")
            story.request()
        story.wall.set("01:00:00")
        story.request("upstream_reset", None)
        story.reject("body_malformed")

    await tell(tmp_path, acts)
    return [reconcile(source_of(tmp_path), Period(), interval_us=60_000_000).completeness]


@pytest.mark.parametrize(
    ("extra", "missing", "off_by"),
    [
        ([], 0, 0),
        (["01:00:00"], 0, 0),  # the request that was reset may have arrived
        (["01:00:00", "00:05:00"], 0, 1),  # a write that did not come through the shield
        ([], 1, -1),
    ],
)
async def test_an_upstreams_count(tmp_path, extra, missing, off_by):
    tallies = await the_log(tmp_path)
    times = [at(f"00:{minute:02d}:30") for minute in range(missing, 10)] + [at(clock) for clock in extra]
    found = compare(times, Period(), tallies, what="forwarded", tolerance=0)
    assert (found.least, found.most, found.off_by, found.ok) == (10, 11, off_by, off_by == 0)
    assert compare(times, Period(), tallies, what="forwarded", tolerance=1).ok
    if off_by:
        assert [difference.hour for difference in found.hours] == ["2031-05-04T00"]


async def test_a_load_balancers_count_and_its_period(tmp_path):
    tallies = await the_log(tmp_path)
    times = [at("00:00:00")] * 12 + [at("09:00:00")]
    assert compare(times, Period(None, at("02:00:00")), tallies, what="requests", tolerance=0).ok
    assert compare(times, Period(), tallies, what="requests", tolerance=0).off_by == 1
    assert (
        compare(times, Period("2031-05-04T00:00:00.500000Z"), tallies, what="requests", tolerance=0).counted
        == 13
    )
