"""The redaction log, a record with its proof, and receipts."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson

from shield.audit.checkpoint import CheckpointError, SignedCheckpoint, VerifierKey
from shield.audit.documents import read_document
from shield.audit.proof import RecordProof, prove_record
from shield.audit.record import Kind
from shield.audit.tiles import VKEY_PATH, MissingTileError, TileNodes
from shield.audit.tree import ProofError, consistency_proof, inclusion_proof
from shield.console.answers import Answer, Call, Document, Page, Redirect, RefusedError, period_between
from shield.console.catalogue import REQUESTS, Filters
from shield.console.feed import FoundLog, read_entry
from shield.console.render import record_url
from shield.console.search import Place
from shield.console.soundness import sound
from shield.evidence.reading import REQUEST_KINDS, Entry, base_origin
from shield.evidence.rescans import is_reduced

LOG_FILTERS = (
    "start",
    "end",
    "origin",
    "kind",
    "route",
    "decision",
    "reason",
    "entity",
    "operator",
    "policy",
)
_SHOWN = frozenset(
    {
        *("request_id", "route", "method", "upstream", "decision", "reason", "mode", "policy"),
        *("policy_digest", "model_digest", "build", "media_type", "findings", "body_before", "body_after"),
        *("size_before", "size_after", "segments", "uninspected_bytes", "stages_us"),
    }
)
"""The fields that the page of a request shows; a record that lacks some of them is shown as it is."""
_BROKEN = (CheckpointError, ProofError, MissingTileError, OSError, UnicodeDecodeError)


def filters_of(call: Call) -> Filters:
    """The filters of a query. Raises `RefusedError`."""
    values = {name: call.query.get(name, "").strip() for name in LOG_FILTERS}
    values["start"], values["end"] = period_between(values["start"], values["end"])
    values["kind"] = values["kind"] or REQUESTS
    return Filters(**{**values, "kind": "" if values["kind"] == "all" else values["kind"]})


def show_log(call: Call) -> Answer:
    """The list, newest first, fifty at a time."""
    receipt = call.query.get("receipt", "").strip()
    if receipt:
        return _to_record(call, receipt)
    filters = filters_of(call)
    before, after = _place(call, "before"), _place(call, "after")
    page = call.search.page(filters, before=before, after=after)
    if after is not None and not page.newer and len(page.hits) < 2:  # noqa: PLR2004  nothing newer than that
        return Redirect("/log")
    choices = call.search.choices()
    kept = {name: call.query.get(name, "") for name in LOG_FILTERS}
    return Page(
        "log.html",
        {
            "page": page,
            "filters": filters,
            "chosen": kept,
            "filtered": any(kept.values()),
            "choices": choices,
            "several": len({base_origin(origin) for origin in choices["origin"]}) > 1,
            "count": call.search.sums.count(filters),
            "newest": _written(page.hits[0].at) if page.hits else "",
            "oldest": _written(page.hits[-1].at) if page.hits else "",
        },
    )


def _place(call: Call, name: str) -> Place | None:
    text = call.query.get(name, "")
    if not text:
        return None
    parts = text.split(".")
    if len(parts) != 3 or not all(part.isdecimal() and len(part) < 19 for part in parts):  # noqa: PLR2004  three numbers, each less than 2^63
        raise RefusedError("this link is damaged")
    return Place(*map(int, parts))


def _written(place: Place) -> str:
    return ".".join(map(str, place))


def find_receipt(call: Call, text: str) -> tuple[FoundLog, int]:
    """The log and index that a receipt names, however it was copied. Raises `RefusedError`."""
    receipt = text.strip().removeprefix("X-Shield-Receipt:").removeprefix("x-shield-receipt:").strip()
    origin, mark, index = receipt.rpartition("#")
    if not mark or not index.isdecimal() or len(index) > 18:  # noqa: PLR2004  of a 64-bit number
        raise RefusedError("a receipt has the form ORIGIN#INDEX, such as shield.example/worker-0#4")
    log = call.desk.log_of(origin)
    if log is None:
        raise RefusedError("there is no log of this origin here", HTTPStatus.NOT_FOUND)
    return log, int(index)


def _to_record(call: Call, text: str) -> Answer:
    log, index = find_receipt(call, text)
    return Redirect(record_url(log.origin, index))


def show_receipts(call: Call) -> Answer:
    """Many receipts at once, one a line, with the result of each."""
    text = call.query.get("receipts", "")
    found: list[dict[str, Any]] = []
    for line in [line for line in text.splitlines() if line.strip()][:200]:
        try:
            log, index = find_receipt(call, line)
            entry = read_entry(log.reader, index)
            if entry is None:
                raise RefusedError("there is no such record in the log")  # noqa: TRY301  answered as the others are, below
            found.append({"text": line.strip(), "origin": log.origin, "entry": entry, "problem": ""})
        except RefusedError as error:
            found.append({"text": line.strip(), "origin": "", "entry": None, "problem": str(error)})
    if len(found) == 1 and found[0]["entry"] is not None:
        return Redirect(record_url(found[0]["origin"], found[0]["entry"].index))
    return Page("receipts.html", {"text": text, "found": found})


# One record.


def _log_of(call: Call) -> tuple[FoundLog, int]:
    folder, index = call.match["folder"], call.match["index"]
    log = next((log for log in call.desk.logs() if log.folder.name == folder), None)
    if log is None or not index.isdecimal() or len(index) > 18:  # noqa: PLR2004  less than 2^63
        raise RefusedError("there is no such record", HTTPStatus.NOT_FOUND)
    return log, int(index)


def show_record(call: Call) -> Answer:
    """What was decided and why, what was in force, and what proves it. Read from the log itself."""
    log, index = _log_of(call)
    entry = read_entry(log.reader, index)
    if entry is None:
        raise RefusedError("there is no such record in the log", HTTPStatus.NOT_FOUND)
    entry = sound([entry], log.origin)[0]
    whole = entry.kind in REQUEST_KINDS and _SHOWN.issubset(entry.fields)
    related = _related(call, log, entry)
    return Page(
        "record.html",
        {
            "origin": log.origin,
            "folder": log.folder.name,
            "entry": entry,
            "raw": entry.raw.decode("utf-8", "backslashreplace"),
            "request": whole,
            "proof": _judged(log, entry),
            "receipt": f"{log.origin}#{index}",
            **related,
        },
    )


def _judged(log: FoundLog, entry: Entry) -> dict[str, Any]:
    """The server's own check of the record's proof: for browsers without script, and for print."""
    try:
        proof = prove_record(log.reader, entry.index)
        key = VerifierKey.parse((log.reader.read(VKEY_PATH) or b"").decode())
        proof.verify(key)
        if proof.entry != entry.raw:
            raise ProofError("the log's files hold two versions of this record")
    except _BROKEN as error:
        size = _size(log)
        if 0 < size <= entry.index:
            return {"state": "unsigned", "size": size, "problem": ""}
        return {"state": "failed", "size": size, "problem": _said(error)}
    return {"state": "verified", "size": proof.signed.checkpoint.size, "problem": ""}


def _said(error: Exception) -> str:
    if isinstance(error, MissingTileError):
        return f"{error}: the tile is missing or cut"
    return type(error).__name__ if isinstance(error, OSError | UnicodeDecodeError) else str(error)


def _size(log: FoundLog) -> int:
    try:
        return SignedCheckpoint.parse(log.reader.read("checkpoint") or b"").checkpoint.size
    except CheckpointError:
        return 0


def _related(call: Call, log: FoundLog, entry: Entry) -> dict[str, Any]:
    """The outcome, the intent, and the configuration in force: found by the index, read from the log."""
    fields = entry.fields
    outcome = config = rescan = None
    if entry.kind in {Kind.INTENT, Kind.BYPASS}:
        outcome = _outcome(call, log, entry)
    if is_reduced(entry):
        rescan = _rescan(call, log, entry)
    place = call.search.notable.config_before(log.origin, entry.index)
    if place is not None:
        config = read_entry(log.reader, place)
        config = config if config is not None and config.kind == Kind.CONFIG else None
    policy = fields.get("policy_digest")
    document = read_document(log.reader, policy) if isinstance(policy, str) and policy else None
    in_force = (config.fields.get("policies") or {}).get(fields.get("policy")) if config is not None else None
    return {
        "outcome": outcome,
        "rescan": rescan,
        "config": config,
        "policy_known": document is not None,
        "policy_matches": in_force == policy if in_force is not None and policy else None,
        "exception": call.search.notable.exception(log.origin, entry.index),
    }


def _outcome(call: Call, log: FoundLog, entry: Entry) -> Entry | None:
    place = call.search.notable.outcome_of(log.origin, entry.index)
    if place is None:
        return None
    outcome = read_entry(log.reader, place)
    fits = outcome is not None and outcome.kind == Kind.OUTCOME and outcome.fields["intent"] == entry.index
    return outcome if fits else None


def _rescan(call: Call, log: FoundLog, entry: Entry) -> Entry | None:
    place = call.search.notable.rescan_of(log.origin, entry.index)
    rescan = read_entry(log.reader, place) if place is not None else None
    fits = rescan is not None and rescan.kind == Kind.RESCAN and rescan.fields["intent"] == entry.index
    return rescan if fits else None


def give_proof(call: Call) -> Answer:
    """The proof for the browser's own check: JSON, under the newest checkpoint.

    With `size` (that of a checkpoint that the reader has from elsewhere) it includes the proofs that lead
    there.
    """
    log, index = _log_of(call)
    try:
        proof = prove_record(log.reader, index)
        vkey = (log.reader.read(VKEY_PATH) or b"").decode().strip()
        answer: dict[str, Any] = {
            "origin": log.origin,
            "index": index,
            "entry": _base64(proof.entry),
            "path": [_base64(step) for step in proof.path],
            "checkpoint": proof.signed.note,
            "vkey": vkey,
        }
        if call.query.get("size"):
            answer["kept"] = _to_kept(log, proof, call.query["size"])
    except _BROKEN as error:
        answer = {"problem": _said(error)}
    return Document(orjson.dumps(answer), "application/json")


def _to_kept(log: FoundLog, proof: RecordProof, text: str) -> Mapping[str, Any]:
    if not text.isdecimal() or len(text) > 18:  # noqa: PLR2004  less than 2^63
        raise RefusedError("a size is a whole number")
    size, newest = int(text), proof.signed.checkpoint.size
    nodes = TileNodes(log.reader, newest)
    if size > newest or size == 0:
        return {"size": size}
    inclusion = inclusion_proof(nodes, proof.index, size) if proof.index < size else None
    return {
        "size": size,
        "path": None if inclusion is None else [_base64(step) for step in inclusion],
        "consistency": [_base64(step) for step in consistency_proof(nodes, size, newest)],
    }


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def download_proof(call: Call) -> Answer:
    """The proof in the C2SP tlog-proof form, for `shield audit verify-proof` or any other checker."""
    log, index = _log_of(call)
    try:
        text = prove_record(log.reader, index).text
    except _BROKEN as error:
        raise RefusedError(f"this record cannot be proved: {_said(error)}", HTTPStatus.CONFLICT) from None
    return Document(text.encode(), "text/plain; charset=utf-8", f"{log.folder.name}-{index}.tlog-proof")
