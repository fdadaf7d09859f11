"""Samples drawn by an auditor's seed, and reports: made in the background, kept, and downloaded."""

from __future__ import annotations

import io
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

import orjson

from shield.console import jobs
from shield.console.answers import (
    Answer,
    Call,
    Document,
    Page,
    Redirect,
    RefusedError,
    period_between,
    time_text,
)
from shield.console.desk import is_companion
from shield.errors import EvidenceError
from shield.evidence.counts import read_times
from shield.evidence.sampling import STRATIFIERS

MAX_SIZE = 1000
MAX_SEED = 200
MAX_COUNT_BYTES = 4 * 1024 * 1024
"""Bytes of an outside count that is sent with the form of a report."""
MAX_TOLERANCE = 1_000_000
MAX_COLUMN = 100
COUNTED = {
    "forwarded": "requests that reached the upstream",
    "requests": "all requests that came to the proxy",
}
_ID_BYTES = 8


def _packs(call: Call, kind: str) -> list[dict[str, Any]]:
    return [
        {"id": pack, "time": time_text(seconds), "by": by, "state": state, **orjson.loads(fields)}
        for pack, seconds, by, state, fields in call.desk.journal.packs(kind)
    ]


def _begin(call: Call, kind: str, fields: Mapping[str, Any], job: Any, *arguments: Any) -> None:
    pack, by = secrets.token_hex(_ID_BYTES), call.session.user.name
    text = orjson.dumps(dict(fields)).decode()
    call.desk.journal.keep_pack(pack, kind, by=by, state="making", fields=text)
    out = str(call.desk.packs_folder / f"{pack}.zip")
    call.desk.begin(lambda: call.desk.make_pack(pack, kind, by, fields, job, *arguments, out))


def _origins(call: Call, wanted: str) -> list[str]:
    origins = [log.origin for log in call.desk.logs() if not is_companion(log.origin)]
    if wanted and wanted not in origins:
        raise RefusedError("there is no such log", HTTPStatus.NOT_FOUND)
    return [wanted] if wanted else origins


def _whole(text: str, most: int) -> int | None:
    """The whole number from 0 to `most` in a field, with no more digits than `most` has; else None."""
    if not text.isdecimal() or len(text) > len(str(most)):
        return None
    number = int(text)
    return number if number <= most else None


def show_samples(call: Call) -> Answer:
    """The existing samples, and the form for another."""
    packs = _packs(call, "sample")
    return Page(
        "samples.html",
        {
            "packs": packs,
            "making": any(pack["state"] == "making" for pack in packs),
            "stratifiers": STRATIFIERS,
            "origins": _origins(call, ""),
            "max_size": MAX_SIZE,
            "max_seed": MAX_SEED,
        },
    )


def draw_sample(call: Call) -> Answer:
    """Begin a sample. The choice follows from seed and period alone: anybody can draw it again."""
    size, seed = _whole(call.field("size"), MAX_SIZE), call.field("seed").strip()
    if not size:
        raise RefusedError(f"the size is a whole number from 1 to {MAX_SIZE}")
    if not seed or len(seed) > MAX_SEED or not seed.isprintable():
        raise RefusedError(f"the seed is one line of at most {MAX_SEED} characters")
    stratify = [name for name in STRATIFIERS if name in call.form.get("stratify", ())]
    start, end = period_between(call.field("start"), call.field("end"))
    request = {
        "start": start,
        "end": end,
        "size": size,
        "seed": seed,
        "stratify": stratify,
    }
    origins = _origins(call, call.field("origin"))
    directories = [str(path) for path in call.desk.settings.audit_directories]
    fields = {**request, "origins": origins}
    _begin(call, "sample", fields, jobs.make_sample, directories, origins, request)
    return Redirect("/samples?notice=making")


def show_reports(call: Call) -> Answer:
    """The existing reports, and the form for another."""
    packs = _packs(call, "report")
    return Page(
        "reports.html",
        {
            "packs": packs,
            "making": any(pack["state"] == "making" for pack in packs),
            "origins": _origins(call, ""),
            "max_seed": MAX_SEED,
            "max_column": MAX_COLUMN,
            "max_tolerance": MAX_TOLERANCE,
            "max_mib": MAX_COUNT_BYTES // 1024 // 1024,
            "counted": COUNTED,
        },
    )


def _given_count(call: Call) -> dict[str, Any] | None:
    """The outside count of the form: only the times of its lines. Raises `RefusedError`."""
    texts = [text for name in ("counts", "counts_file") if (text := call.field(name)).strip()]
    column, of = (call.field(name).strip() for name in ("count_column", "count_of"))
    if not texts:
        return None
    if len(texts) > 1:
        raise RefusedError("give the outside count once: pasted, or as a file")
    if len(column) > MAX_COLUMN or not column.isprintable():
        raise RefusedError(f"the column of times is one line of at most {MAX_COLUMN} characters")
    if of not in COUNTED:
        raise RefusedError("say what was counted: requests that were forwarded, or all requests")
    tolerance = _whole(call.field("tolerance").strip() or "0", MAX_TOLERANCE)
    if tolerance is None:
        raise RefusedError(f"the tolerance is a whole number from 0 to {MAX_TOLERANCE}")
    try:
        times = list(read_times(io.StringIO(texts[0].lstrip("\r\n"), newline=""), column or None))
    except EvidenceError as error:
        raise RefusedError(f"the outside count cannot be read: {error}") from None
    return {"times": times, "of": of, "tolerance": tolerance}


def make_report(call: Call) -> Answer:
    """Begin a report on a period: the pack of `shield evidence report`."""
    seed, title = call.field("seed").strip(), call.field("title").strip()
    if max(len(seed), len(title)) > MAX_SEED or not (seed + title).isprintable():
        raise RefusedError(f"seed and title are one line of at most {MAX_SEED} characters each")
    if title and (types := call.desk.door.inspect_words(title)):
        raise RefusedError(f"the title holds {', '.join(types)}: leave it out")
    start, end = period_between(call.field("start"), call.field("end"))
    told = {"start": start, "end": end, "seed": seed, "title": title}
    count = _given_count(call)
    origins = _origins(call, call.field("origin"))
    if not origins:
        raise RefusedError("there is no log to report on", HTTPStatus.CONFLICT)
    directories = [str(path) for path in call.desk.settings.audit_directories]
    request = {**told, "count": count}
    _begin(call, "report", {**told, "origins": origins}, jobs.make_report, directories, origins, request)
    return Redirect("/reports?notice=making")


def download(call: Call) -> Answer:
    """A pack that is ready."""
    pack = call.match["pack"]
    for kind in ("sample", "report"):
        for one in _packs(call, kind):
            path: Path = call.desk.packs_folder / f"{one['id']}.zip"
            if one["id"] == pack and one["state"] == "ready" and path.is_file():
                return Document(path, "application/zip", f"shield-{kind}-{one['time'][:10]}-{pack[:8]}.zip")
    raise RefusedError("there is no such pack", HTTPStatus.NOT_FOUND)
