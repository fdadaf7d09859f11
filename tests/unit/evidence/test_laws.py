"""Laws of reconciliation, over any course of events."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.audit import exchange_records, record, run_records
from shield.audit.exchange_records import Facts
from shield.audit.record import Draft, Kind
from shield.audit.sequencer import Sequencer
from shield.evidence.completeness import Completeness, Tally
from shield.evidence.coverage import CoverageBuilder
from shield.evidence.reading import Entry, Period, time_of
from tests.unit.audit.logs import intent

EVENTS = st.lists(
    st.tuples(
        st.sampled_from(("intent", "reject", "outcome", "unknown", "beat", "crash")), st.integers(0, 200)
    ),
    max_size=40,
)
START = 1_935_630_000_000_000


def play(events: Sequence[tuple[str, int]]) -> list[Entry]:
    """A log of these events, each some seconds after the previous one; what is open at the end stays open."""
    now = [START * 1000]
    log = Sequencer(next_index=0, last_time_us=0, open_intents={}, clock=lambda: now[0], random=bytes)
    found: list[Entry] = []
    counters = [0, 0]
    ended: Counter[str] = Counter()

    def write(draft: Draft) -> None:
        index, raw = log.encode(draft)
        fields = orjson.loads(raw)
        found.append(Entry(index, fields["kind"], fields["time"], raw, fields))

    def boot() -> None:
        counters[:] = 0, 0
        ended.clear()
        root = base64.b64encode(bytes(32)).decode()
        write(run_records.boot(build="", origin="o", vkey="", digest_key="", signed_size=0, signed_root=root))

    boot()
    for event, seconds in events:
        now[0] += seconds * 1_000_000_000
        oldest = next(iter(log.open_intents), None)
        if event == "intent":
            counters[0] += 1
            write(intent(log.next_index))
        elif event == "reject":
            counters[0] += 1
            counters[1] += 1
            ended["unavailable"] += 1
            write(
                exchange_records.reject(
                    Facts(request_id="r", method="GET"), None, code="draining", status=503
                )
            )
        elif event == "beat":
            write(
                run_records.heartbeat(
                    interval=60,
                    config_digest="",
                    requests_started=counters[0],
                    requests_finished=counters[1],
                    requests_ended=ended,
                )
            )
        elif event == "crash":
            boot()
            for index in tuple(log.open_intents):
                write(outcome(log, index, record.OUTCOME_UNKNOWN))
        elif oldest is not None:
            counters[1] += 1
            ended["redacted" if event == "outcome" else "unavailable"] += 1
            write(outcome(log, oldest, "answered" if event == "outcome" else record.OUTCOME_UNKNOWN))
    return found


def outcome(log: Sequencer, index: int, result: str) -> Draft:
    return exchange_records.outcome(
        request_id=log.open_intents[index], intent=index, status=None, result=result
    )


def tally(entries: Sequence[Entry], period: Period, minimum: int = 0) -> Completeness:
    counts = Tally(period, minimum)
    for entry in entries:
        counts.take(entry)
    return counts.result()


@given(EVENTS, st.integers(0, 4000))
def test_the_sums_hold_and_periods_add_up(events, cut):
    entries = play(events)
    whole = tally(entries, Period())
    assert whole.problems(live=True) == []
    assert whole.intents == whole.outcomes + whole.unknown + whole.open
    assert whole.requests == sum(entry.kind in {Kind.INTENT, Kind.REJECT} for entry in entries)
    middle = START + cut * 1_000_000
    first = tally(entries, Period(None, time_of(middle)))
    second = tally(entries, Period(time_of(middle + 1), None))
    for name in ("requests", "intents", "rejected", "outcomes", "unknown", "open", "certain", "possible"):
        assert getattr(first, name) + getattr(second, name) == getattr(whole, name)


@given(EVENTS, st.integers(0, 4000), st.integers(0, 4000))
def test_a_period_is_enabled_time_and_gaps_that_do_not_overlap(events, start, length):
    period = Period(time_of(START + start * 1_000_000), time_of(START + (start + length) * 1_000_000))
    builder = CoverageBuilder(period)
    for entry in play(events):
        builder.take(entry)
    found = builder.result()
    assert found.seconds == length
    assert found.enabled_seconds + sum(gap.seconds for gap in found.gaps) == length
    edges = [edge for gap in found.gaps for edge in (gap.start, gap.end)]
    assert edges == sorted(edges)
    assert all(period.holds(edge) for edge in edges)


@given(EVENTS, st.data())
def test_a_record_that_is_gone_is_seen(events, data):
    """Even without the tree, by its index alone."""
    entries = play(events)
    if len(entries) > 1:
        gone = data.draw(st.integers(0, len(entries) - 2))
        assert tally([*entries[:gone], *entries[gone + 1 :]], Period()).problems(live=True)


@given(EVENTS, st.data())
def test_a_run_whose_beginning_was_pruned_is_held_to_its_first_heartbeat(events, data):
    entries = play(events)
    minimum = data.draw(st.integers(0, len(entries) - 1))
    counts = tally(entries[minimum:], Period(), minimum)
    assert (counts.stray_outcomes, counts.misplaced, counts.counter_mismatches) == (0, 0, ())
    kinds = [entry.kind for entry in entries]
    boot = kinds.index(Kind.BOOT, minimum) if Kind.BOOT in kinds[minimum:] else len(kinds)
    of_cut, of_others = kinds[minimum:boot].count(Kind.HEARTBEAT), kinds[boot:].count(Kind.HEARTBEAT)
    assert counts.counter_checks == max(0, of_cut - 1) + of_others


@pytest.mark.parametrize("lost", [None, 4, 5, 6])
def test_what_such_a_run_lacks_after_that_is_seen(lost: int | None) -> None:
    acts = ("intent", "outcome", "beat", "intent", "outcome", "reject", "beat")
    entries = [entry for entry in play([(act, 1) for act in acts]) if entry.index not in {0, 1, lost}]
    counts = tally(entries, Period(), 2)
    assert (counts.counter_checks, counts.counter_mismatches) == (1, () if lost is None else (7,))


def test_an_outcome_of_no_open_intent_does_not_add_up() -> None:
    """Such as one that comes a second time. In a pruned log the intent may be gone, with all before it."""
    boot, began, ended = play([("intent", 1), ("outcome", 1)])
    again = replace(ended, index=3)
    assert tally([boot, began, ended], Period()).stray_outcomes == 0
    counts = tally([boot, began, ended, again], Period())
    assert (counts.stray_outcomes, counts.outcomes) == (1, 1)
    assert "1 outcomes have no open intent" in counts.problems(live=False)
    pruned = Tally(Period(), minimum=2)
    pruned.take(ended)
    assert pruned.result().stray_outcomes == 0
