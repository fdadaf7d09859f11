"""The policies that were ever in force: since when, what they say, and how they differ."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson

from shield.audit.documents import read_document
from shield.audit.record import Kind
from shield.console.answers import Answer, Call, Page, RefusedError
from shield.console.catalogue import Filters
from shield.console.desk import is_companion
from shield.evidence.reading import time_of

_MAX_CONFIGS = 10_000


def _history(call: Call) -> list[dict[str, Any]]:
    """Each policy version of each log, whenever it came into force, newest first.

    `until` is the time of the record that put another in force; None for what is in force.
    """
    configs = call.search.notable.events(("config",), limit=_MAX_CONFIGS)
    versions: list[dict[str, Any]] = []
    current: dict[str, dict[str, dict[str, Any]]] = {}
    for event in reversed(configs):
        if event.fields.get("digest_after") is None:
            continue
        before, now = current.get(event.origin, {}), {}
        for name, digest in (event.fields.get("policies") or {}).items():
            version = before.get(name)
            if version is None or version["digest"] != digest:
                version = {"origin": event.origin, "name": name, "digest": digest, "since": event}
                version |= {"until": None, "known": _text(call, digest) is not None}
                versions.append(version)
            now[name] = version
        for name, version in before.items():
            if now.get(name) is not version:
                version["until"] = event.time
        current[event.origin] = now
    states = [state for state in call.search.origins() if not is_companion(state.origin)]
    newest_time = max((state.last_time or 0 for state in states), default=0)
    for state in states:
        # Such as the log of a worker that stood in during an upgrade: what it had in force ended with it.
        if state.last_kind == Kind.SHUTDOWN and (state.last_time or 0) < newest_time:
            for version in current.get(state.origin, {}).values():
                version["until"] = state.last_time
    found = sorted(versions, key=lambda it: (it["since"].time, it["name"]), reverse=True)
    newest: dict[tuple[str, str], dict[str, Any]] = {}
    for version in reversed(found):
        policy = (version["name"], version["origin"])
        version["before"] = newest.get(policy)
        newest[policy] = version
    return found


def _text(call: Call, digest: str) -> bytes | None:
    """The document of a digest, from whichever log has it, with its hash checked."""
    for log in call.desk.logs():
        document = read_document(log.reader, digest)
        if document is not None:
            return document
    return None


def _pretty(document: bytes) -> str:
    try:
        return orjson.dumps(
            orjson.loads(document), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS
        ).decode()
    except orjson.JSONDecodeError:
        return document.decode("utf-8", "replace")


def show_policies(call: Call) -> Answer:
    """All versions, newest first, and every change of the configuration."""
    changes = call.search.notable.events(("config",), limit=200)
    return Page("policies.html", {"versions": _over_logs(_history(call)), "changes": changes})


def _over_logs(versions: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row for each time that a version was in force, newest first, however many logs name it then."""
    rows: list[dict[str, Any]] = []
    last: dict[tuple[str, str], dict[str, Any]] = {}
    for version in reversed(versions):
        key = (version["name"], version["digest"])
        row = last.get(key)
        if row is None or (row["until"] is not None and row["until"] < version["since"].time):
            row = last[key] = {**version, "logs": 0}
            rows.append(row)
        row["logs"] += 1
        ends = (row["until"], version["until"])
        row["until"] = None if None in ends else max(ends)
    return list(reversed(rows))


def show_policy(call: Call) -> Answer:
    """One version: its text, and its difference from another one."""
    digest = f"sha256:{call.match['digest']}"
    versions = _history(call)
    mine = [version for version in versions if version["digest"] == digest]
    document = _text(call, digest)
    if not mine and document is None:
        raise RefusedError("there is no such policy", HTTPStatus.NOT_FOUND)
    against = call.query.get("against", "") or (
        mine[0]["before"]["digest"] if mine and mine[0]["before"] is not None else ""
    )
    other = _text(call, against) if against.startswith("sha256:") else None
    lines: list[tuple[str, str]] = []
    if document is not None and other is not None:
        lines = _differences(_pretty(other), _pretty(document))
    name = mine[0]["name"] if mine else ""
    others = list(
        dict.fromkeys(it["digest"] for it in versions if it["name"] == name and it["digest"] != digest)
    )
    return Page(
        "policy.html",
        {
            "digest": digest,
            "name": name,
            "versions": mine,
            "text": _pretty(document) if document is not None else "",
            "summary": _summary(document),
            "against": against,
            "others": others,
            "lines": lines,
            "records": call.search.sums.count(Filters(policy=name)) if name else 0,
            "time_of": time_of,
        },
    )


def _summary(document: bytes | None) -> list[tuple[str, str]]:
    """Entity type and operator, for a table that is read before the text."""
    try:
        entities = orjson.loads(document or b"{}").get("entities", {})
        return sorted(
            (str(name), str(spec.get("operator", "")) if isinstance(spec, dict) else str(spec))
            for name, spec in entities.items()
        )
    except (orjson.JSONDecodeError, AttributeError):
        return []


def _differences(old: str, new: str) -> list[tuple[str, str]]:
    """(class, line) of a unified difference with three lines around each change."""
    classes = {"+": "added", "-": "removed", " ": "", "@": "soft"}
    found = list(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=3))[2:]
    return [(classes.get(line[:1], ""), line) for line in found]
