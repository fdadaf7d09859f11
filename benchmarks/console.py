"""The console's speed: `python -m benchmarks.console [--records N] [--json FILE] [--only pages|writes]`.

Pages: a log of a million records is written (real records, tiles and a signed checkpoint; no sync for each),
indexed, and served by `shield console`. Each page is asked for over HTTP by a signed-in user, its access
record included, beside the SQLite queries of the same page alone.

Writes: see `benchmarks/console_writes.py`.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import random
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import requests
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.console_writes import measure_writes, print_writes
from benchmarks.processes import Cores, Program, free_port, unwind_on_termination
from benchmarks.shield_config import shield_settings
from benchmarks.table import Table, figure
from shield.audit import exchange_records, record, run_records
from shield.audit.checkpoint import Signer
from shield.audit.exchange_records import Basis, Facts
from shield.audit.files import OsFiles, make_folders, write_atomic
from shield.audit.found import summarize
from shield.audit.keys import folder_name
from shield.audit.record import encode_record
from shield.audit.tiles import CHECKPOINT_PATH, VKEY_PATH, bundle_path, encode_bundle, tile_path
from shield.audit.tree import HASH_BYTES, TILE_WIDTH, Frontier, leaf_hash
from shield.audit.writer import write_full
from shield.console.catalogue import Filters
from shield.console.index_schema import open_for_reading
from shield.console.indexing import index_logs
from shield.console.pace import PER_SECOND
from shield.console.search import Search
from shield.domain import Decision, Finding, Placed, SegmentKind, Verdict
from shield.evidence.access import Access, Demand, process_actor, record_access
from shield.evidence.reading import time_of

ORIGIN = "benchmark.example/console"
PASSWORD = "a password of the benchmark"  # noqa: S105  made up, and shown nowhere
DAYS = 90
_US = 1_000_000
_ROUTES = ("tickets", "contacts", "transcripts", "notes")
_TYPES = (
    "PERSON",
    "EMAIL_ADDRESS",
    "PHONE_NUMBER",
    "CREDIT_CARD",
    "IBAN_CODE",
    "US_SSN",
    "LOCATION",
    "IP_ADDRESS",
)


class Unsynced(OsFiles):
    """Files without syncs, as the benchmark's log need not survive a power cut."""

    def fdatasync(self, fd: int) -> None:
        """Nothing."""

    def fsync(self, fd: int) -> None:
        """Nothing."""


def drafts(count: int, seed: int = 1) -> Iterator[record.Draft]:
    """Intents with their outcomes, some refusals, and an occasional bypass."""
    chance = random.Random(seed)
    place = 0
    while place < count:
        number = chance.random()
        types = chance.sample(_TYPES, chance.choice((0, 0, 1, 1, 2, 3)))
        found = [
            Placed(
                "$.ticket.comment.body",
                SegmentKind.TEXT,
                Finding(0, 5, it, 0.85, f"{it}Recognizer"),
                "replace",
            )
            for it in types
        ]
        route = chance.choices(_ROUTES, (60, 25, 10, 5))[0]
        basis = Basis(
            route=route,
            policy="default",
            policy_digest="sha256:" + "a" * 64,
            model_digest="sha256:" + "b" * 64,
            mode="enforce",
        )
        if number < 0.01:
            yield exchange_records.reject(
                Facts(request_id=f"{place:032x}", method="POST"), basis, code="body_malformed", status=400
            )
            place += 1
            continue
        verdict = (
            Verdict.BYPASS if number < 0.0101 else Verdict.FORWARD_REDACTED if found else Verdict.FORWARD
        )
        yield exchange_records.intent(
            Facts(
                request_id=f"{place:032x}",
                method="POST",
                build="shield/benchmark",
                media_type="application/json",
                found=summarize(found),
                body_before_hmac="hmac-sha256:01234567:" + "c" * 64,
                size_before=900,
                segments=12,
                stage_seconds={"decode": 0.0001, "analyze": chance.uniform(0.001, 0.01)},
            ),
            basis,
            Decision(verdict, "deadline_exceeded" if verdict is Verdict.BYPASS else ""),
            upstream="store",
            body_after_sha256="d" * 64,
            size_after=880,
        )
        yield exchange_records.outcome(
            request_id=f"{place:032x}", intent=place, status=201, result="answered", upstream_seconds=0.01
        )
        place += 2


def write_log(directory: Path, count: int) -> Path:
    """A log of `count` records over the last ninety days, closed and signed; returns its folder."""
    folder = directory / folder_name(ORIGIN)
    files = Unsynced()
    make_folders(files, folder)
    signer = Signer(ORIGIN, Ed25519PrivateKey.generate())
    frontier, bundle = Frontier(), []
    began = time.time_ns() - DAYS * 86_400 * 10**9
    step = DAYS * 86_400 * 10**9 // count
    life = [
        run_records.boot(
            build="shield/benchmark",
            origin=ORIGIN,
            vkey=signer.key.vkey,
            digest_key="01234567",
            signed_size=0,
            signed_root=None,
        ),
        run_records.config(
            reason="start",
            digest_before=None,
            digest_after="sha256:c0",
            build="shield/benchmark",
            policies={"default": "sha256:" + "a" * 64},
        ),
    ]
    shift = len(life)
    for index, draft in enumerate(itertools.islice(itertools.chain(life, drafts(count - shift)), count)):
        fields = draft.fields
        if draft.kind is record.Kind.OUTCOME:
            fields = {**fields, "intent": fields["intent"] + shift}
        raw = encode_record(
            record.Draft(draft.kind, fields), index=index, time=began + index * step, nonce=bytes(16)
        )
        bundle.append(raw)
        if full := frontier.append(leaf_hash(raw)):
            write_full(files, folder, bundle, full)
            bundle.clear()
    if bundle:
        write_atomic(
            files, folder / bundle_path(frontier.size // TILE_WIDTH, len(bundle)), encode_bundle(bundle)
        )
    for level, number, hashes in frontier.partial_tiles():
        write_atomic(files, folder / tile_path(level, number, len(hashes) // HASH_BYTES), hashes)
    note = signer.sign(frontier.size, frontier.root()).note
    write_atomic(files, folder / CHECKPOINT_PATH, note.encode())
    write_atomic(files, folder / VKEY_PATH, f"{signer.key.vkey}\n".encode())
    asyncio.run(
        record_access(
            directory, [ORIGIN], process_actor("benchmark"), Access("benchmark"), demand=Demand.REQUIRED
        )
    )
    return folder


def console_config(work: Path, port: int, audit: Path, *more: Path) -> Path:
    settings = shield_settings("patterns", proxy_port=1, admin_port=2, upstream_port=3, work=work)
    settings["audit"] |= {"directory": str(audit), "origin": ORIGIN}
    settings["console"] = {
        "listener": {"host": "127.0.0.1", "port": port},
        "directory": str(work / "console"),
        "audit_directories": [str(path) for path in more],
        "verify_interval": "365d",
    }
    path = work / "console.yaml"
    path.write_text(yaml.safe_dump(settings, sort_keys=False))
    return path


def signed_in(program: Program, port: int) -> requests.Session:
    """A session of a user, made with the set-up link that the console printed."""
    url = f"http://127.0.0.1:{port}"
    until = time.monotonic() + 30
    while (found := re.search(r"/join\?token=([0-9a-f]+)", program.log.read_text())) is None:
        if time.monotonic() > until:
            raise SystemExit("the console printed no set-up link")
        time.sleep(0.1)
    session = requests.Session()
    page = session.get(f"{url}{found[0]}", timeout=60).text
    form = re.search(r'name="form" value="([0-9a-f]+)"', page)
    fields = {
        "form": form[1] if form else "",
        "token": found[1],
        "name": "reader",
        "password": PASSWORD,
        "again": PASSWORD,
    }
    answer = session.post(f"{url}/join", data=fields, headers={"Origin": url}, timeout=60)
    answer.raise_for_status()
    return session


def wait_indexed(port: int) -> None:
    while requests.get(f"http://127.0.0.1:{port}/healthz", timeout=60).json()["indexing"]:
        time.sleep(0.2)


def timed(work: Callable[[], object], times: int, pause: float = 0.0) -> tuple[float, float]:
    """Median and 95th percentile, milliseconds; with a pause (seconds) before each call."""
    took = []
    for _ in range(times):
        time.sleep(pause)
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    return statistics.median(took), took[min(len(took) - 1, int(0.95 * len(took)))]


Case = tuple[str, str, Callable[[], object]]
"""The name of a page, its address, and a call that runs only its queries."""


def cases_of(search: Search, folder: str) -> list[Case]:
    """The cases to measure over the index of one log, which is in the folder of that name."""
    now = int(time.time()) * _US
    middle = time_of(now - DAYS // 2 * 86_400 * _US)
    month = Filters(start=time_of(now - 30 * 86_400 * _US), end=time_of(now))
    common = Filters(route="tickets", entity="PERSON")
    rare = Filters(route="notes", decision="bypass")
    halfway = search.page(Filters(end=middle)).hits[-1].at
    cursor = ".".join(map(str, halfway))
    receipt = search.page(Filters()).hits[7].at.place
    at = f"/records/{folder}/{receipt}"
    return [
        ("overview, 30 days", "/?period=30d", lambda: search.sums.counts(month, now)),
        ("overview, a year", "/?period=365d", lambda: search.sums.counts(Filters(), now)),
        ("log, newest", "/log", lambda: (search.page(Filters()), search.sums.count(Filters()))),
        ("log, in the middle", f"/log?before={cursor}", lambda: search.page(Filters(), before=halfway)),
        (
            "log, two common filters",
            "/log?route=tickets&entity=PERSON",
            lambda: (search.page(common), search.sums.count(common)),
        ),
        (
            "log, a rare combination",
            "/log?route=notes&decision=bypass",
            lambda: (search.page(rare), search.sums.count(rare)),
        ),
        (
            "log, filter and period",
            f"/log?route=contacts&end={middle[:19]}",
            lambda: search.page(Filters(route="contacts", end=middle)),
        ),
        (
            "exceptions",
            "/exceptions",
            lambda: search.notable.exceptions(0, 2**62, (2**62, 2**62, 2**62), 5000),
        ),
        ("a record", at, lambda: search.notable.outcome_of(ORIGIN, receipt)),
        ("its proof", f"{at}/proof", lambda: None),
    ]


def pages(work: Path, records: int, times: int) -> dict[str, Any]:
    audit = work / "audit"
    began = time.perf_counter()
    folder = write_log(audit, records)
    written = time.perf_counter() - began
    index = work / "console" / "index.sqlite3"
    began = time.perf_counter()
    while index_logs(index, [audit]):
        pass
    indexed = time.perf_counter() - began
    port = free_port()
    config = console_config(work, port, audit)
    cores = Cores.available()
    program = Program(
        "console", ["-m", "shield", "console", "-c", str(config)], cores.tested | cores.rest, work
    )
    rows = []
    with program:
        program.wait_ready(port, "/healthz")
        wait_indexed(port)
        session = signed_in(program, port)
        search = Search(open_for_reading(index))
        for name, path, query in cases_of(search, folder.name):
            url = f"http://127.0.0.1:{port}{path}"

            def ask(url: str = url) -> None:
                session.get(url, timeout=60).raise_for_status()

            ask()
            query()
            # The highest rate at which one user is served pages; faster requests are delayed.
            page, queries = timed(ask, times, 1.2 / PER_SECOND), timed(query, times)
            rows.append({"page": name, "ms": page[0], "p95_ms": page[1], "sqlite_ms": queries[0]})
    return {
        "records": records,
        "written_records_per_second": records / written,
        "indexed_records_per_second": records / indexed,
        "index_mb": index.stat().st_size / 1e6,
        "pages": rows,
    }


def print_pages(result: dict[str, Any]) -> None:
    table = Table(
        f"Pages over {result['records']:,} records, milliseconds",
        ("page", "median", "95 %", "its SQLite queries alone"),
        left=1,
    )
    for row in result["pages"]:
        alone = row["sqlite_ms"]
        table.rows.append((row["page"], figure(row["ms"]), figure(row["p95_ms"]), figure(alone, 2)))
    print(table.markdown())
    print(
        f"indexed {result['indexed_records_per_second']:,.0f} records a second; "
        f"the index takes {result['index_mb']:,.0f} MB"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=15, help="how often each page is asked for")
    parser.add_argument("--seconds", type=float, default=4.0, help="of each phase of writes")
    parser.add_argument("--rate", type=float, default=300.0, help="writes a second")
    parser.add_argument("--rounds", type=int, default=10, help="phases of writes of each kind")
    parser.add_argument("--readers", type=int, default=2, help="who ask for pages without pause")
    parser.add_argument("--priority", choices=("background", "normal"), default="background")
    parser.add_argument("--work", type=Path, help="folder for logs and index, such as one in memory")
    parser.add_argument("--only", choices=("pages", "writes"))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    unwind_on_termination()
    work = Path(tempfile.mkdtemp(prefix="shield-console-", dir=options.work))
    result: dict[str, Any] = {}
    try:
        if options.only != "writes":
            result["pages"] = pages(work, options.records, options.times)
            print_pages(result["pages"])
        if options.only != "pages":
            old = work / "old"
            write_log(old, min(options.records, 100_000))
            result["writes"] = measure_writes(
                work,
                old,
                signed_in,
                wait_indexed,
                seconds=options.seconds,
                rate=options.rate,
                rounds=options.rounds,
                readers=options.readers,
                priority=options.priority,
            )
            print_writes(result["writes"])
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
