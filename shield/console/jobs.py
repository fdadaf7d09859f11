"""Work that would hold up pages: indexing, verification, samples, reports. Each runs in a child process.

The children have a low priority, so that on a machine shared with the proxy the proxy runs first. All
functions here are called in a child: they take and return plain values.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from shield.audit.files import FolderReader
from shield.console.feed import find_logs
from shield.evidence.outside import GivenTimes
from shield.evidence.reading import Period, Source, base_origin
from shield.evidence.reconcile import reconcile
from shield.evidence.report.facts import ReportRequest
from shield.evidence.report.pack import build_report
from shield.evidence.report.pdf import pdf_available
from shield.evidence.report.signing import manifest_signer
from shield.evidence.sample_pack import SampleRequest, write_sample

NICE = 10
_LISTED = 20


def begin() -> None:
    """Call it first in a child: the child gives way to others, and ends with its parent, even a killed one.

    A pool's child waits for work at a pipe of which it holds both ends, so it would not notice the death of
    its parent there.
    """
    with suppress(OSError):
        os.nice(NICE)
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # the next console repeats its work


def verify(origin: str, folder: str, interval_us: int) -> str:
    """Verify a whole log and compare its counts; JSON of the result. Raises `OSError`."""
    result = reconcile(
        Source(origin, FolderReader(Path(folder))), Period(), live=True, interval_us=interval_us
    )
    report = result.verification
    fields: dict[str, Any] = {
        "ok": result.ok,
        "verified": report.ok,
        "size": report.size,
        "signed_size": report.signed_size,
        "root": report.root,
        "requests": result.completeness.requests,
        "outcomes": result.completeness.outcomes,
        "unknown": result.completeness.unknown,
        "open": result.completeness.open,
        "counter_checks": result.completeness.metrics.checks,
        "counter_differences": result.completeness.metrics.difference_count,
        "uncounted": result.completeness.metrics.uncounted_requests,
        "problems": list(result.problems)[:_LISTED],
        "found": [
            {"index": problem.index, "file": problem.file, "what": problem.what}
            for problem in report.problems[:_LISTED]
        ],
        "problem_count": report.problem_count,
        "notices": list(report.notices),
    }
    return orjson.dumps(fields).decode()


def make_sample(directories: Sequence[str], origins: Sequence[str], request: dict[str, Any], out: str) -> str:
    """Write a sample to a zip file; JSON of its size. Raises `EvidenceError`, `OSError`."""
    logs = [log for log in find_logs([Path(path) for path in directories]) if log.origin in origins]
    folder = Path(out).with_suffix("")
    wanted = SampleRequest(
        Period(request["start"] or None, request["end"] or None),
        request["size"],
        request["seed"],
        tuple(request["stratify"]),
    )
    result = write_sample([log.source for log in logs], wanted, folder)
    _zip(folder, Path(out))
    return orjson.dumps(
        {
            "population": result.population,
            "beyond_head": result.beyond_head,
            "chosen": [asdict(item) | {"rank": item.rank.hex()} for item in result.chosen],
        }
    ).decode()


def make_report(directories: Sequence[str], origins: Sequence[str], request: dict[str, Any], out: str) -> str:
    """Write the report on a period to a zip file; JSON of its verdict. Raises `EvidenceError`, `OSError`.

    The PDF is made where its library is installed. `request["count"]` is None or an outside count: its
    `times`, `of` what they are, and the `tolerance`.
    """
    logs = find_logs([Path(path) for path in directories])
    chosen = [log for log in logs if base_origin(log.origin) in origins]
    home = next(log for log in chosen if log.origin in origins)
    given = request["count"]
    wanted = ReportRequest(
        Period(request["start"] or None, request["end"] or None),
        seed=request["seed"] or None,
        title=request["title"],
        live=True,
        outside=None if given is None else GivenTimes(given["times"], given["of"], given["tolerance"]),
    )
    signer = manifest_signer(home.directory, home.origin)
    folder = Path(out).with_suffix("")
    built = build_report([log.source for log in chosen], wanted, signer, folder, pdf=pdf_available())
    told = {
        "ok": built.facts.ok,
        "problems": list(built.facts.problems)[:_LISTED],
        "vkey": built.vkey,
        "pdf": built.pdf,
        "compared": _compared(built.facts.outside.fields()["count"]),
    }
    _zip(folder, Path(out))
    return orjson.dumps(told, default=str).decode()


def _compared(count: dict[str, Any] | None) -> dict[str, Any] | None:
    """The result of an outside count, for the list of reports; the hours that differ are in the pack."""
    names = ("what", "counted", "least", "most", "off_by", "ok")
    return None if count is None else {name: count[name] for name in names}


def _zip(folder: Path, out: Path) -> None:
    """The folder as a zip file, without this machine's times, so that equal packs are equal files."""
    temporary = out.with_suffix(".tmp")
    with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                info = zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder)}")
                info.external_attr = (0o755 if path.suffix == ".sh" else 0o644) << 16
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, path.read_bytes())
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()
    temporary.replace(out)
