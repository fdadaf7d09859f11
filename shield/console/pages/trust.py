"""Logs and their keys, verification on demand, canaries, and who looked at what."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from shield.audit.checkpoint import CheckpointError, SignedCheckpoint, VerifierKey
from shield.audit.files import FolderReader
from shield.audit.tiles import CHECKPOINT_PATH, VKEY_PATH
from shield.console.answers import Answer, Call, Document, Page, Redirect, RefusedError
from shield.console.catalogue import OriginState
from shield.console.desk import is_companion
from shield.console.notable import Event
from shield.console.pages.overview import verification

_ACCESSES = 100
_EVENTS = 100
_ANCHORINGS = 20
_LIFE = ("rotate", "digest_key", "prune", "hold")
_ANCHORS = ("roster", "anchor")
"""Shown apart from the others: they come by the minute, and would hide them."""


def _described(call: Call, state: OriginState) -> dict[str, Any]:
    log = call.desk.log_of(state.origin)
    reader = log.reader if log is not None else FolderReader(call.desk.settings.directory)
    vkey = (reader.read(VKEY_PATH) or b"").decode("utf-8", "replace").strip()
    head, problem = None, ""
    try:
        key = VerifierKey.parse(vkey)
        head = SignedCheckpoint.parse(reader.read(CHECKPOINT_PATH) or b"")
        head.verify(key)
    except CheckpointError as error:
        problem = str(error)
    boots = call.search.notable.events(("boot",), origin=state.origin, limit=20)
    rotations = call.search.notable.events(("rotate",), origin=state.origin)
    keys: dict[str, Event] = {}
    for event in sorted((*boots, *rotations), key=lambda it: it.place):
        keys.setdefault(str(event.fields.get("vkey") or event.fields.get("new_vkey", "")), event)
    return {
        "state": state,
        "folder": log.folder.name if log is not None else "",
        "companion": is_companion(state.origin),
        "vkey": vkey,
        "note": head.note if head is not None else "",
        "size": head.checkpoint.size if head is not None else 0,
        "problem": problem,
        "found": verification(call, state.origin),
        "boots": boots[:5],
        "all_keys": list(keys.items()),
        "digest_keys": sorted({str(boot.fields.get("digest_key", "")) for boot in boots}),
    }


def show_keys(call: Call) -> Answer:
    """Each log: its size, its newest checkpoint, its keys, when it was verified."""
    logs = [_described(call, state) for state in call.search.origins()]
    life = call.search.notable.events(_LIFE, limit=_EVENTS)
    anchors = call.search.notable.events(_ANCHORS, limit=_ANCHORINGS)
    return Page(
        "keys.html",
        {
            "logs": logs,
            "life": [(event, how(event)) for event in life],
            "anchors": [(event, how(event)) for event in anchors],
        },
    )


def how(event: Event) -> str:
    """A line on what a record of a log's own life says."""
    fields = event.fields
    by = f", approved by {fields['approver']}" if fields.get("approver") else ""
    match event.kind:
        case "rotate":
            said = f"from {fields.get('old_vkey')} to {fields.get('new_vkey')}"
        case "digest_key":
            said = f"key {fields.get('key')} of {fields.get('period')} {fields.get('action')}"
        case "prune":
            said = f"records below {fields.get('minimum_index')} removed, older than {fields.get('before')}"
            said += f", by the rule \u201c{fields.get('policy')}\u201d"
        case "hold":
            said = f"{fields.get('name')} {fields.get('action')}: {fields.get('reason')}"
        case "roster":
            said = ", ".join(f"{_get(log, 'origin')} at {_get(log, 'size')}" for log in _list(fields, "logs"))
        case "anchor":
            said = f"{fields.get('anchor')} ({fields.get('form')}): {fields.get('result')}"
            said += f", {fields.get('logs')} logs"
        case _:
            said = ""
    return said + by


def _list(fields: Mapping[str, Any], name: str) -> list[Any]:
    found = fields.get(name)
    return found if isinstance(found, list) else []


def _get(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, Mapping) else None


def verify_now(call: Call) -> Answer:
    """Begin to verify one log, or all."""
    wanted = call.field("origin")
    logs = [log for log in call.desk.logs() if wanted in ("", log.origin)]
    if not logs:
        raise RefusedError("there is no such log", HTTPStatus.NOT_FOUND)
    by = call.session.user.name

    async def work() -> None:
        for log in logs:
            await call.desk.verify(log, by=by)

    call.desk.begin(work)
    return Redirect("/keys?notice=verifying")


def download_checkpoint(call: Call) -> Answer:
    """The newest checkpoint of a log, to be kept elsewhere."""
    log = next((log for log in call.desk.logs() if log.folder.name == call.match["folder"]), None)
    raw = log.reader.read(CHECKPOINT_PATH) if log is not None else None
    if log is None or raw is None:
        raise RefusedError("there is no such checkpoint", HTTPStatus.NOT_FOUND)
    return Document(raw, "text/plain; charset=utf-8", f"{log.folder.name}.checkpoint")


def show_canaries(call: Call) -> Answer:
    """The shield's tests of its own control, and what was read back from storage."""
    return Page(
        "canaries.html",
        {
            "canaries": call.search.notable.events(("canary",), limit=200),
            "read_backs": call.search.notable.events(("read_back",), limit=200),
        },
    )


def show_access(call: Call) -> Answer:
    """Who looked at, exported or changed evidence, newest first."""
    before = call.query.get("before", "")
    bound = int(before) if before.isdecimal() and len(before) < 19 else 2**62  # noqa: PLR2004  64 bits
    events = call.search.notable.events(("access",), limit=_ACCESSES + 1, before=bound)
    user, action = call.query.get("user", "").strip(), call.query.get("action", "").strip()
    shown = [
        event
        for event in events[:_ACCESSES]
        if (not user or user in (event.fields.get("name"), event.fields.get("user")))
        and f"{event.fields.get('action', '')}.".startswith(f"{action}." if action else "")
    ]
    older = events[_ACCESSES - 1].time if len(events) > _ACCESSES else 0
    return Page("access.html", {"events": shown, "older": older, "user": user, "action": action})
