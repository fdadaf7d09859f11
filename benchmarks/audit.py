"""The audit log's speed: `python -m benchmarks.audit [--json FILE] [--pairs N] [--directory DIR]`.

In one run, on one disk: intents committed with their outcomes appended by many clients, beside a bare
loop that appends the same bytes and syncs them in groups of the same size; the wait of a commit when
500 a second arrive, by their schedule (no coordinated omission); and verification of what was written.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from shield.audit import record
from shield.audit.files import FolderReader
from shield.audit.keys import folder_name
from shield.audit.log import AuditLog
from shield.audit.record import Draft
from shield.audit.verify import verify_log
from shield.audit.wal import HEAD_BYTES, read_frames
from shield.config.settings import AuditSettings
from shield.domain import Decision, Finding, Placed, SegmentKind, Verdict

ORIGIN = "benchmark.example/log"
RATE = 500
SMALL = 10_000
OPEN_LOOP_SECONDS = 6


def placed(entity_type: str, path: str) -> Placed:
    return Placed(path, SegmentKind.TEXT, Finding(0, 4, entity_type, 0.85, "SpacyRecognizer"), "replace")


FINDINGS = [placed("PERSON", "$.ticket.comment.body"), placed("EMAIL_ADDRESS", "$.ticket.requester.email")]


def intent(number: int) -> Draft:
    return record.intent(
        request_id=f"{number:032x}",
        route="tickets",
        method="POST",
        upstream="store",
        policy="default",
        policy_digest="sha256:" + "a" * 64,
        model_digest="sha256:" + "b" * 64,
        build="0.1.0",
        media_type="application/json",
        findings=FINDINGS,
        dropped=(),
        type_changes=(),
        body_before_hmac="hmac-sha256:01234567:" + "c" * 64,
        body_after_sha256="d" * 64,
        size_before=900,
        size_after=880,
        segments=12,
        uninspected_bytes=0,
        decision=Decision(Verdict.FORWARD_REDACTED),
        mode="enforce",
        stage_seconds={"decode": 0.0001, "analyze": 0.002, "anonymize": 0.0001, "encode": 0.0001},
    )


def outcome(number: int, index: int) -> Draft:
    return record.outcome(
        request_id=f"{number:032x}", intent=index, status=200, result="answered", upstream_seconds=0.002
    )


def resident_mib() -> float:
    """What the process holds in memory now."""
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
    """Records a second of appending the same bytes with a sync for each group."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    began = time.perf_counter()
    for at in range(0, len(payloads), group):
        os.write(fd, b"".join(payloads[at : at + group]))
        os.fdatasync(fd)
    seconds = time.perf_counter() - began
    os.close(fd)
    path.unlink()
    return len(payloads) / seconds


def verification(folder: Path) -> dict[str, float]:
    reader = FolderReader(folder)
    began = time.process_time()
    report = verify_log(reader)
    seconds = time.process_time() - began
    if not report.ok:
        raise SystemExit(f"the log does not verify: {report.problems[0]}")
    return {"records": report.size, "records_per_cpu_second": report.size / seconds}


def measure(directory: Path, pairs: int) -> dict[str, object]:
    many = asyncio.run(closed_loop(directory / "many", pairs, 100))
    few = asyncio.run(closed_loop(directory / "few", pairs // 10, 1))
    payloads = [
        bytes(HEAD_BYTES) + frame.payload
        for frame in read_frames(FolderReader(directory / "many" / folder_name(ORIGIN)))
    ]
    bare = bare_loop(directory / "bare", payloads, round(many["records_per_sync"]))
    every = bare_loop(directory / "bare", payloads[: 2 * pairs // 10], 1)
    return {
        "closed_loop": many,
        "one_client": few,
        "bare_append_records_per_second": bare,
        "bare_append_sync_each_records_per_second": every,
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
