"""The audit log's speed: `python -m benchmarks.audit [--json FILE] [--pairs N] [--directory DIR]`.

In one run, on one disk: intents committed with their outcomes appended by 1, 100 and 1,000 clients, beside
two bare logs of the same bytes that number, encode, hash and sign nothing. One is a bare group commit: the
same clients wait for each commit, a thread writes what gathered in an interval and syncs it, no more often
than the log does. The other is a bare loop for which nobody waits: it appends and syncs in groups of the
same size, or each record. Then the wait of a commit when 500 a second arrive, by their schedule (no
coordinated omission); and verification.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import statistics
import tempfile
import threading
import time
from pathlib import Path

from shield.audit import exchange_records
from shield.audit.commit_thread import BURST
from shield.audit.exchange_records import Basis, Facts
from shield.audit.files import FolderReader
from shield.audit.found import summarize
from shield.audit.keys import folder_name
from shield.audit.log import AuditLog
from shield.audit.record import Draft
from shield.audit.verify import verify_log
from shield.audit.wal import HEAD_BYTES, read_frames
from shield.config.settings_audit import AuditSettings
from shield.domain import Decision, Finding, Placed, SegmentKind, Verdict

ORIGIN = "benchmark.example/log"
RATE = 500
CLIENTS = (1, 100, 1_000)
MANY = 100
SMALL = 10_000
OPEN_LOOP_SECONDS = 6


def placed(entity_type: str, path: str) -> Placed:
    return Placed(path, SegmentKind.TEXT, Finding(0, 4, entity_type, 0.85, "SpacyRecognizer"), "replace")


FINDINGS = [placed("PERSON", "$.ticket.comment.body"), placed("EMAIL_ADDRESS", "$.ticket.requester.email")]

BASIS = Basis(
    route="tickets",
    policy="default",
    policy_digest="sha256:" + "a" * 64,
    model_digest="sha256:" + "b" * 64,
    mode="enforce",
)


def intent(number: int) -> Draft:
    return exchange_records.intent(
        Facts(
            request_id=f"{number:032x}",
            method="POST",
            build="0.1.0",
            media_type="application/json",
            found=summarize(FINDINGS),
            body_before_hmac="hmac-sha256:01234567:" + "c" * 64,
            size_before=900,
            segments=12,
            stage_seconds={"decode": 0.0001, "analyze": 0.002, "anonymize": 0.0001, "encode": 0.0001},
        ),
        BASIS,
        Decision(Verdict.FORWARD_REDACTED),
        upstream="store",
        body_after_sha256="d" * 64,
        size_after=880,
    )


def outcome(number: int, index: int) -> Draft:
    return exchange_records.outcome(
        request_id=f"{number:032x}", intent=index, status=200, result="answered", upstream_seconds=0.002
    )


def resident_mib() -> float:
    """The resident memory of the process now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def closed_loop(directory: Path, pairs: int, clients: int) -> dict[str, float]:
    groups = 0
    small = 0.0

    def count(_seconds: float, size: int) -> None:
        nonlocal groups, small
        groups += 1
        if not small and size >= SMALL:
            small = resident_mib()

    log = await AuditLog.open(AuditSettings(directory, ORIGIN), build="0.1.0", on_commit=count)

    async def client(first: int) -> None:
        for number in range(first, pairs, clients):
            index = await log.commit(intent(number))
            log.append(outcome(number, index))

    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(client(first) for first in range(clients)))
    await log.checkpoint()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    large = resident_mib()
    await log.close()
    return {
        "clients": clients,
        "records_per_second": 2 * pairs / wall,
        "cpu_us_per_pair": cpu / pairs * 1e6,
        "records_per_sync": 2 * pairs / groups,
        f"resident_mib_at_{SMALL}_records": small,
        "resident_mib_at_the_end": large,
    }


async def open_loop(directory: Path) -> dict[str, float]:
    """Commits on a fixed schedule; the wait is from when each was due."""
    log = await AuditLog.open(AuditSettings(directory, ORIGIN), build="0.1.0")
    waits: list[float] = []
    loop = asyncio.get_running_loop()
    start = loop.time() + 0.1

    async def one(number: int) -> None:
        due = start + number / RATE
        await asyncio.sleep(due - loop.time())
        index = await log.commit(intent(number))
        waits.append(loop.time() - due)
        log.append(outcome(number, index))

    await asyncio.gather(*(one(number) for number in range(RATE * OPEN_LOOP_SECONDS)))
    await log.close()
    cuts = statistics.quantiles(waits, n=1000)
    return {"rate": RATE, "p50_ms": cuts[499] * 1e3, "p99_ms": cuts[989] * 1e3, "max_ms": max(waits) * 1e3}


def bare_loop(path: Path, payloads: list[bytes], group: int) -> float:
    """Records per second when appending the same bytes with a sync for each group."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    began = time.perf_counter()
    for at in range(0, len(payloads), group):
        os.write(fd, b"".join(payloads[at : at + group]))
        os.fdatasync(fd)
    seconds = time.perf_counter() - began
    os.close(fd)
    path.unlink()
    return len(payloads) / seconds


class BareGroupCommit:
    """Does what `AuditLog` does with a record's bytes, without making or proving them."""

    def __init__(self, path: Path, interval: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._interval = interval
        self._condition = threading.Condition(threading.Lock())
        self._pending: list[bytes] = []
        self._waiters: list[asyncio.Future[None]] = []
        self._ending = False
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    async def commit(self, raw: bytes) -> None:
        future = self._loop.create_future()
        with self._condition:
            self._pending.append(raw)
            self._waiters.append(future)
            self._condition.notify()
        await future

    def append(self, raw: bytes) -> None:
        with self._condition:
            self._pending.append(raw)

    async def close(self) -> None:
        with self._condition:
            self._ending = True
            self._condition.notify()
        await asyncio.to_thread(self._thread.join)
        os.close(self._fd)

    def _run(self) -> None:
        began, commits = 0.0, 0
        while True:
            with self._condition:
                while not self._waiters and not self._ending:
                    self._condition.wait()
                calm = commits + len(self._waiters) <= BURST
            if not calm:
                time.sleep(max(0.0, began + self._interval - time.monotonic()))
            if time.monotonic() - began >= self._interval:
                began, commits = time.monotonic(), 0
            with self._condition:
                group, self._pending = self._pending, []
                waiters, self._waiters = self._waiters, []
            commits += len(waiters)
            if group:
                os.write(self._fd, b"".join(group))
                os.fdatasync(self._fd)
            self._loop.call_soon_threadsafe(self._acknowledge, waiters)
            if self._ending:
                return

    @staticmethod
    def _acknowledge(waiters: list[asyncio.Future[None]]) -> None:
        for future in waiters:
            future.set_result(None)


async def bare_group_commit(path: Path, payloads: list[bytes], clients: int) -> float:
    """Records per second by the same clients with the same bytes."""
    log = BareGroupCommit(path, AuditSettings(path.parent, ORIGIN).commit_interval)
    pairs = len(payloads) // 2

    async def client(first: int) -> None:
        for number in range(first, pairs, clients):
            await log.commit(payloads[2 * number])
            log.append(payloads[2 * number + 1])

    began = time.perf_counter()
    await asyncio.gather(*(client(first) for first in range(clients)))
    seconds = time.perf_counter() - began
    await log.close()
    path.unlink()
    return 2 * pairs / seconds


def verification(folder: Path) -> dict[str, float]:
    reader = FolderReader(folder)
    began = time.process_time()
    report = verify_log(reader)
    seconds = time.process_time() - began
    if not report.ok:
        raise SystemExit(f"the log does not verify: {report.problems[0]}")
    return {"records": report.size, "records_per_cpu_second": report.size / seconds}


def measure(directory: Path, pairs: int) -> dict[str, object]:
    many = asyncio.run(closed_loop(directory / "many", pairs, MANY))
    payloads = [
        bytes(HEAD_BYTES) + frame.payload
        for frame in read_frames(FolderReader(directory / "many" / folder_name(ORIGIN)))
    ]
    by_clients: dict[str, object] = {}
    for clients in CLIENTS:
        some = pairs if clients > 1 else pairs // 10
        place = directory / str(clients)
        own = many if clients == MANY else asyncio.run(closed_loop(place, some, clients))
        bare = asyncio.run(bare_group_commit(directory / "bare", payloads[: 2 * some], clients))
        own["bare_group_commit_records_per_second"] = bare
        own["bare_group_commit_is_faster_by"] = bare / own["records_per_second"]
        by_clients[f"clients_{clients}"] = own
        shutil.rmtree(place, ignore_errors=True)
    group = round(many["records_per_sync"])
    return {
        **by_clients,
        "bare_append_records_per_second": bare_loop(directory / "bare", payloads, group),
        "bare_append_sync_each_records_per_second": bare_loop(
            directory / "bare", payloads[: 2 * pairs // 10], 1
        ),
        "open_loop": asyncio.run(open_loop(directory / "open")),
        "verify": verification(directory / "many" / folder_name(ORIGIN)),
    }


def flat(result: dict[str, object], prefix: str = "") -> list[tuple[str, float]]:
    rows: list[tuple[str, float]] = []
    for name, value in result.items():
        if isinstance(value, dict):
            rows += flat(value, f"{prefix}{name}.")
        elif isinstance(value, int | float):
            rows.append((prefix + name, value))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--pairs", type=int, default=20_000)
    parser.add_argument("--directory", type=Path, help="on the disk to measure; a temporary one otherwise")
    options = parser.parse_args()
    directory = Path(tempfile.mkdtemp(prefix="audit-", dir=options.directory))
    try:
        result = measure(directory, options.pairs)
    finally:
        shutil.rmtree(directory)
    for name, value in flat(result):
        print(f"{name:<50} {value:>14,.1f}")
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
