"""With any filter and on any page, the index shows the same records as a plain walk of the log."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shield.audit import run_records
from shield.audit.files import OsFiles, write_atomic
from shield.audit.record import Kind
from shield.audit.tiles import bundle_path
from shield.console.catalogue import REQUESTS, Filters
from shield.console.feed import entries_from, find_logs, hidden_logs, read_entry
from shield.console.index_schema import open_for_reading, open_for_writing, unsent
from shield.console.indexing import bucket_micros, index_logs, latency_bucket
from shield.console.search import Search
from shield.domain import Decision, Verdict
from shield.evidence.exceptions import find_exceptions
from shield.evidence.reading import REQUEST_KINDS, Entry, entries, microseconds
from shield.evidence.rescans import Rescans
from tests.unit.audit.logs import Clock, folder_of, intent, open_log, outcome, placed, reader_of
from tests.unit.evidence.stories import Story, Wall, tell

OTHER = "shield.example/worker-1"


async def write_mix(directory: Path, origin: str, count: int) -> None:
    log = await open_log(directory, origin=origin, clock=Clock())
    for number in range(count):
        route = ("tickets", "contacts", "chat")[number % 3]
        findings = [placed(("PERSON", "EMAIL_ADDRESS", "US_SSN")[number % 5 % 3])] if number % 4 else []
        verdict = Verdict.FORWARD_REDACTED if findings else Verdict.FORWARD
        if number % 97 == 0:
            verdict = Verdict.OBSERVE
        index = log.append(intent(number, findings, route=route, decision=Decision(verdict)))
        if number % 7:
            log.append(outcome(index, number))
    await log.checkpoint()
    await log.close()


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory):
    directory = tmp_path_factory.mktemp("mixed")
    asyncio.run(write_mix(directory / "audit", "shield.example/worker-0", 700))
    asyncio.run(write_mix(directory / "audit", OTHER, 300))
    index = directory / "index.sqlite3"
    while index_logs(index, [directory / "audit"], limit=271):
        pass
    connection = open_for_reading(index)
    everything: list[tuple[str, Entry]] = [
        (log.origin, entry) for log in find_logs([directory / "audit"]) for entry in entries(log.reader)
    ]
    yield Search(connection), everything
    connection.close()


FILTERS = st.builds(
    Filters,
    origin=st.sampled_from(["", "shield.example/worker-0", OTHER, "nowhere"]),
    kind=st.sampled_from(["", REQUESTS, "intent", "boot"]),
    route=st.sampled_from(["", "", "tickets", "chat"]),
    decision=st.sampled_from(["", "", "forward", "observe", "forward_redacted"]),
    entity=st.sampled_from(["", "", "PERSON", "US_SSN"]),
    operator=st.sampled_from(["", "", "replace", "mask"]),
    start=st.sampled_from(["", "2030-03-17T17:46:40.100000Z"]),
    end=st.sampled_from(["", "2030-03-17T17:46:40.900000Z"]),
)


def fits(filters: Filters, origin: str, entry: Entry) -> bool:
    fields = entry.fields
    if entry.kind == Kind.OUTCOME:
        return False
    found = {(it["type"], operator) for it in fields.get("findings", ()) for operator in it["operators"]}
    return (
        filters.origin in ("", origin)
        and (entry.kind in REQUEST_KINDS if filters.kind == REQUESTS else filters.kind in ("", entry.kind))
        and filters.route in ("", fields.get("route"))
        and filters.decision in ("", fields.get("decision"))
        and (
            not (filters.entity or filters.operator)
            or any(filters.entity in ("", one) and filters.operator in ("", other) for one, other in found)
        )
        and filters.start <= entry.time
        and (not filters.end or entry.time <= filters.end)
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(FILTERS, st.sampled_from([7, 50]))
def test_every_page_of_every_filter_is_what_a_bare_walk_finds(mixed, filters: Filters, size: int) -> None:
    search, everything = mixed
    wanted = sorted(
        (
            (microseconds(entry.time), origin, entry.index)
            for origin, entry in everything
            if fits(filters, origin, entry)
        ),
        reverse=True,
    )
    found: list[tuple[int, str, int]] = []
    page = search.page(filters, size=size)
    while True:
        found += [(hit.at.time, hit.origin, hit.at.place) for hit in page.hits]
        if not page.older:
            break
        last = page
        page = search.page(filters, before=page.hits[-1].at, size=size)
        assert search.page(filters, after=page.hits[0].at, size=size).hits == last.hits
    assert found == wanted
    if not filters.start and not filters.end:
        assert search.sums.count(filters) == len(wanted)


def test_rows_know_their_outcomes_and_records_their_configuration(mixed) -> None:
    search, everything = mixed
    outcomes = {
        (origin, entry.fields["intent"]): entry.index
        for origin, entry in everything
        if entry.kind == Kind.OUTCOME
    }
    for origin, entry in everything:
        if entry.kind == Kind.INTENT:
            assert search.notable.outcome_of(origin, entry.index) == outcomes.get((origin, entry.index))


def test_the_exceptions_are_those_of_the_evidence_room(mixed) -> None:
    search, everything = mixed
    wanted = []
    for origin in ("shield.example/worker-0", OTHER):
        records = [entry for name, entry in everything if name == origin]
        wanted += [(it.id, tuple(it.kinds), it.detail) for it in find_exceptions(origin, records)]
    top = (2**62, 2**62, 2**62)
    found = [(row.id, row.kinds, row.detail) for row in search.notable.exceptions(0, 2**62, top, 10_000)]
    assert sorted(found) == sorted(wanted)
    assert sum(count for _, _, count in search.notable.exception_counts(0, 2_000_000_000_000_000)) == len(
        wanted
    )
    for kind in {kind for _, kinds, _ in found for kind in kinds} | {"gap", "none"}:
        rows = search.notable.exceptions(0, 2**62, top, 10_000, kind)
        assert [row.id for row in rows] == [receipt for receipt, kinds, _ in found if kind in kinds]


async def test_gaps_and_config_changes_are_found_over_the_bounds_of_steps(tmp_path: Path) -> None:
    def first(story: Story) -> None:
        story.config("start", None, "sha256:one")
        story.beat("01:00:00")
        story.request()
        story.beat("01:20:00")  # silent for twenty minutes
        story.config("refused", "sha256:one", None)

    def second(story: Story) -> None:
        story.wall.set("02:00:00")
        story.config("start", None, "sha256:two")

    wall = Wall("01:00:00")
    await tell(tmp_path / "audit", first, wall=wall)
    wall.set("01:50:00")
    await tell(tmp_path / "audit", second, wall=wall)
    for limit in (1, 3, 1000):
        index = tmp_path / f"{limit}.sqlite3"
        while index_logs(index, [tmp_path / "audit"], limit=limit):
            pass
        connection = open_for_reading(index)
        search = Search(connection)
        (state,) = search.origins()
        reasons = [reason for _, _, reason, _ in search.notable.gaps(state.id, 0, 2**62)]
        assert reasons == ["silent", "stopped", "silent"], limit
        rows = search.notable.exceptions(0, 2**62, (2**62, 2**62, 2**62), 100)
        wanted = find_exceptions("shield.example/worker-0", entries(reader_of(tmp_path / "audit")))
        assert [(row.place, row.kinds) for row in reversed(rows)] == [(it.index, it.kinds) for it in wanted]
        place = search.notable.config_before("shield.example/worker-0", state.records - 1)
        connection.close()
        entry = read_entry(reader_of(tmp_path / "audit"), place or 0)
        assert entry is not None
        assert entry.fields["digest_after"] == "sha256:two"


async def test_what_became_of_reduced_writes_is_found_over_the_bounds_of_steps(tmp_path: Path) -> None:
    def acts(story: Story) -> None:
        intents = [story.reduced() for _ in range(4)]
        story.rescan(intents[0])
        story.rescan(intents[1], "found")
        story.rescan(intents[2], "not_done", "shutdown")
        story.bypass(result="draining", status=None)
        story.bypass()

    await tell(tmp_path / "audit", acts)
    reader = reader_of(tmp_path / "audit")
    rescans = Rescans(lambda: entries(reader))
    wanted = list(find_exceptions("shield.example/worker-0", entries(reader), rescans=rescans))
    for limit in (1, 3, 1000):
        index = tmp_path / f"{limit}.sqlite3"
        while index_logs(index, [tmp_path / "audit"], limit=limit):
            pass
        connection = open_for_reading(index)
        search = Search(connection)
        rows = search.notable.exceptions(0, 2**62, (2**62, 2**62, 2**62), 100)
        assert [(row.place, row.detail, row.cleared) for row in reversed(rows)] == [
            (it.index, it.detail, it.cleared and it.cleared.record) for it in wanted
        ], limit
        assert search.notable.cleared(0, 2**62) == [("shield.example/worker-0", wanted[0].index)]
        found = [search.notable.rescan_of("shield.example/worker-0", it.index) for it in wanted]
        assert [place is not None for place in found] == [True, True, True, False, False, False]
        counts = search.sums.counts(Filters(), 2**62)
        assert (counts.decisions["bypass"], counts.results[unsent("bypass")]) == (2, 1), limit
        connection.close()


async def test_a_log_that_is_another_one_is_indexed_anew(tmp_path: Path) -> None:
    index = tmp_path / "index.sqlite3"
    await write_mix(tmp_path / "audit", "shield.example/worker-0", 20)
    assert index_logs(index, [tmp_path / "audit"])
    folder_of(tmp_path / "audit").rename(tmp_path / "away")
    await write_mix(tmp_path / "audit", "shield.example/worker-0", 10)
    assert index_logs(index, [tmp_path / "audit"])
    connection = open_for_reading(index)
    search = Search(connection)
    assert search.sums.count(Filters()) == 10
    assert len(search.page(Filters()).hits) == 10
    connection.close()


async def test_records_that_are_none_are_indexed_as_unreadable(tmp_path: Path) -> None:
    await write_mix(tmp_path / "audit", "shield.example/worker-0", 200)
    path = folder_of(tmp_path / "audit") / bundle_path(0)
    raw = path.read_bytes()
    for good, bad in (
        (b'"findings":[{"type":"PERSON"', b'"findings":[{"type":[[[[[[[['),
        (b'"reason":""', b'"xeason":""'),
    ):
        raw = raw.replace(good, bad, 1) if len(good) == len(bad) else raw
    write_atomic(OsFiles(), path, raw)
    index = tmp_path / "index.sqlite3"
    assert index_logs(index, [tmp_path / "audit"])
    connection = open_for_reading(index)
    assert Search(connection).page(Filters(kind="unreadable")).hits
    connection.close()


def test_an_index_of_another_version_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite3"
    connection = open_for_writing(path)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    connection = open_for_writing(path)
    assert connection.execute("SELECT COUNT(*) FROM records").fetchone() == (0,)
    connection.close()


@pytest.mark.parametrize("age", ["new", "of another version", "open to all"])
def test_only_its_user_may_read_the_index_and_what_lies_beside_it(tmp_path: Path, age: str) -> None:
    path = tmp_path / "index.sqlite3"
    before = os.umask(0)
    try:
        if age != "new":
            connection = open_for_writing(path)
            if age == "of another version":
                connection.execute("PRAGMA user_version = 999")
            connection.close()
            path.chmod(0o644)
        connection = open_for_writing(path)
        connection.execute("INSERT INTO events VALUES ('boot', 1, 1, 1, '{}')")
        connection.commit()
    finally:
        os.umask(before)
    modes = {it.name: it.stat().st_mode & 0o777 for it in tmp_path.iterdir()}
    connection.close()
    assert modes == dict.fromkeys(("index.sqlite3", "index.sqlite3-wal", "index.sqlite3-shm"), 0o600)


@given(st.integers(0, 10**12))
def test_a_latency_lies_in_its_bucket(micros: int) -> None:
    bucket = latency_bucket(micros)
    assert bucket_micros(bucket) >= micros
    assert bucket == 0 or bucket_micros(bucket - 1) < micros


async def test_reading_from_anywhere_is_the_rest_of_reading_all(tmp_path: Path) -> None:
    await write_mix(tmp_path / "audit", "shield.example/worker-0", 400)
    reader = reader_of(tmp_path / "audit")
    everything = list(entries(reader))
    for start in (0, 1, 255, 256, 257, 511, len(everything) - 1, len(everything), len(everything) + 5):
        assert list(entries_from(reader, start)) == everything[start:]
    assert read_entry(reader, len(everything)) is None


def test_of_what_storage_holds_one_event_is_kept_and_all_that_it_does_not(tmp_path: Path) -> None:
    def acts(story: Story) -> None:
        for route in ("tickets", "contacts"):
            for _ in range(5):
                story.read_back("match", route=route)
            story.read_back("mismatch", "different", route=route)
            story.read_back("skipped", "no_room", route=route)

    asyncio.run(tell(tmp_path / "audit", acts))
    index = tmp_path / "index.sqlite3"
    while index_logs(index, [tmp_path / "audit"], limit=271):
        pass
    connection = open_for_reading(index)
    events = Search(connection).notable.events(("read_back",))
    told = sorted((event.fields["route"], event.fields["result"]) for event in events)
    connection.close()
    results = ("match", "mismatch", "skipped")
    assert told == [(route, result) for route in ("contacts", "tickets") for result in results]


async def test_the_interval_in_force_is_that_of_the_newest_heartbeat(tmp_path: Path) -> None:
    log = await open_log(tmp_path / "audit", clock=Clock())
    for interval in (None, 60.0, 900.0, None):
        if interval is None:
            log.append(intent(0))
        else:
            beat = {"interval": interval, "config_digest": "", "requests_started": 0, "requests_finished": 0}
            log.append(run_records.heartbeat(**beat, requests_ended={}))
    await log.close()
    index = tmp_path / "index.sqlite3"
    seen = []
    while index_logs(index, [tmp_path / "audit"], limit=1):
        connection = open_for_reading(index)
        seen.append(Search(connection).origins()[0].interval_us)
        connection.close()
    assert sorted(set(seen), key=seen.index) == [None, 60_000_000, 900_000_000]
    assert seen[-1] == 900_000_000


async def test_a_copy_beside_a_log_does_not_displace_it(tmp_path: Path) -> None:
    log = await open_log(tmp_path, clock=Clock())
    await log.close()
    shutil.copytree(folder_of(tmp_path), tmp_path / "a-copy")
    assert [it.folder for it in find_logs([tmp_path])] == [folder_of(tmp_path)]
    assert hidden_logs([tmp_path]) == [tmp_path / "a-copy"]


async def test_the_log_of_another_host_under_the_same_origin_is_said_to_be_hidden(tmp_path: Path) -> None:
    for host in ("one", "two"):
        log = await open_log(tmp_path / host, clock=Clock())
        await log.close()
    hosts = [tmp_path / "one", tmp_path / "two", tmp_path / "missing"]
    assert [it.folder for it in find_logs(hosts)] == [folder_of(tmp_path / "one")]
    assert hidden_logs(hosts) == [folder_of(tmp_path / "two")]


async def test_a_folder_that_is_named_twice_is_one(tmp_path: Path) -> None:
    log = await open_log(tmp_path / "one", clock=Clock())
    await log.close()
    shutil.copytree(folder_of(tmp_path / "one"), tmp_path / "one" / "a-copy")
    (tmp_path / "link").symlink_to(tmp_path / "one")
    names = [tmp_path / "one", tmp_path / "." / "one" / ".." / "one", tmp_path / "link"]
    assert [it.folder for it in find_logs(names)] == [folder_of(tmp_path / "one")]
    assert hidden_logs(names) == [tmp_path / "one" / "a-copy"]
