"""Checks the form of records (docs/audit-log.md, "Record"), for readers that take nothing on trust. Pure.

A log's files are what somebody wrote, perhaps not the shield. Code that makes evidence of records checks here
first, and may then rely on members and their types. Unknown members and kinds pass: a later version may write
them. The values are not judged: that is for `shield audit verify`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from operator import itemgetter
from typing import Any

import orjson

from shield.audit.record import Kind

MOST = 2**53 - 1
"""The largest whole number of I-JSON (RFC 7493, 2.2): indices, microseconds."""
MOST_COUNTED = 2**40
"""The most that one record may count, so that sums over a log fit 64 bits."""
_TIME_LENGTH = len("2031-05-04T03:02:01.000000Z")

Check = Callable[[Any], bool]


def has_form(fields: object, index: int) -> bool:
    """Whether `fields`, a parsed record, is a record of this format at position `index`.

    If so, it can also be written as JSON again: no member is nested too deep for that.
    """
    if type(fields) is not dict or fields.get("index") != index or type(fields["index"]) is not int:
        return False
    kind, time = fields.get("kind"), fields.get("time")
    if type(kind) is not str or type(time) is not str or not _is_time(time):
        return False
    form = _COMPILED.get(kind, _OTHER)
    if not form(fields):
        return False
    if len(fields) > len(form.names):
        for name, value in fields.items():
            if name not in form.names and not _ANYWHERE.get(name, _is_flat)(value):
                return False
    return True


class _Form:
    """The checks of one kind, simple ones for many members at a time: a log has millions of records."""

    __slots__ = ("_counts", "_others", "_texts", "names")

    def __init__(self, members: Mapping[str, Check]) -> None:
        members = {**_EVERY, **members}
        self.names = members.keys() | _JUDGED
        texts = [name for name, check in members.items() if check is _text]
        counts = [name for name, check in members.items() if check is _count]
        # For a single name it would return a value instead of a tuple: a name may be asked for twice.
        self._texts = itemgetter(*(texts * 2)) if texts else None
        self._counts = itemgetter(*(counts * 2)) if counts else None
        self._others = [(name, check) for name, check in members.items() if check not in (_text, _count)]

    def __call__(self, fields: Mapping[str, Any]) -> bool:
        try:
            if self._texts is not None and {*map(type, self._texts(fields))} != _ONLY_TEXT:
                return False
            if self._counts is not None:
                counts = self._counts(fields)
                if {*map(type, counts)} != _ONLY_WHOLE or min(counts) < 0 or max(counts) > MOST_COUNTED:
                    return False
            for name, check in self._others:
                if not check(fields[name]):
                    return False
        except KeyError:
            return False
        return True


_JUDGED = frozenset({"index", "kind", "time"})  # checked before the form is known
_ONLY_TEXT = {str}
_ONLY_WHOLE = {int}


def _is_flat(value: object) -> bool:
    """Whether an unknown member is nested flat enough to be written again."""
    try:
        orjson.dumps([[value]])
    except orjson.JSONEncodeError:
        return False
    return True


def _is_time(text: str) -> bool:
    if len(text) != _TIME_LENGTH or text[-1] != "Z" or not text.isascii():
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _text(value: Any) -> bool:
    return type(value) is str


def _text_or_null(value: Any) -> bool:
    return value is None or type(value) is str


def _flag(value: Any) -> bool:
    return type(value) is bool


def _true(value: Any) -> bool:
    return value is True


def _whole(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MOST


def _whole_or_null(value: Any) -> bool:
    return value is None or _whole(value)


def _count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MOST_COUNTED


def _count_or_null(value: Any) -> bool:
    return value is None or _count(value)


def _share(value: Any) -> bool:
    return type(value) in (float, int) and 0 <= value <= 1


def _texts(value: Any) -> bool:
    return type(value) is list and all(type(each) is str for each in value)


def _wholes(value: Any) -> bool:
    return type(value) is list and all(map(_whole, value))


def _counts(value: Any) -> bool:
    return type(value) is dict and all(map(_count, value.values()))


def _text_by_name(value: Any) -> bool:
    return type(value) is dict and all(type(each) is str for each in value.values())


def _texts_by_name(value: Any) -> bool:
    return type(value) is dict and all(map(_texts, value.values()))


def _every(members: Mapping[str, Check]) -> Check:
    """A list of objects, each with these members."""

    def check(value: Any) -> bool:
        if type(value) is not list:
            return False
        for each in value:
            if type(each) is not dict:
                return False
            for name, judge in members.items():
                if name not in each or not judge(each[name]):
                    return False
        return True

    return check


def _paths(value: Any) -> bool:
    return type(value) is dict and _count(value.get("count")) and _texts(value.get("paths"))


def _opaque(value: Any) -> bool:
    return _paths(value) and _count(value.get("bytes")) and _counts(value.get("forms"))


_findings = _every(
    {
        "type": _text,
        "count": _count,
        "paths": _texts,
        "recognizers": _texts,
        "operators": _texts,
        "min_score": _share,
    }
)
_differences = _every({"path": _text, "live": _text_or_null, "shadow": _text_or_null, "count": _count})
_logs = _every({"origin": _text, "size": _whole, "root": _text, "vkey": _text})

_BASIS: Mapping[str, Check] = {
    "route": _text,
    "policy": _text,
    "policy_digest": _text,
    "model_digest": _text,
}
_EXCHANGE: Mapping[str, Check] = {
    **_BASIS,
    "request_id": _text,
    "route": _text_or_null,
    "method": _text,
    "upstream": _text_or_null,
    "decision": _text,
    "reason": _text,
    "mode": _text,
    "build": _text,
    "media_type": _text,
    "findings": _findings,
    "body_before": _text_or_null,
    "body_after": _text_or_null,
    "size_before": _count,
    "size_after": _count_or_null,
    "segments": _count,
    "uninspected_bytes": _count,
    "stages_us": _counts,
}

_FORMS: Mapping[str, Mapping[str, Check]] = {
    Kind.BOOT: {"build": _text, "origin": _text, "vkey": _text, "signed_size": _whole},
    Kind.SHUTDOWN: {"reason": _text},
    Kind.RECOVERED: {
        "clean": _flag,
        "unsigned_records": _whole,
        "cut_bytes": _whole,
        "unknown_outcomes": _whole,
    },
    Kind.CONFIG: {
        "reason": _text,
        "digest_before": _text_or_null,
        "digest_after": _text_or_null,
        "policies": _text_by_name,
    },
    Kind.CHECKPOINT: {"size": _whole, "root": _text, "signature": _text},
    Kind.HEARTBEAT: {
        "interval_us": _whole,
        "config_digest": _text,
        "requests_started": _count,
        "requests_finished": _count,
    },
    Kind.INTENT: _EXCHANGE,
    Kind.BYPASS: _EXCHANGE,
    Kind.REJECT: {**_EXCHANGE, "status": _whole},
    Kind.OUTCOME: {
        "request_id": _text,
        "intent": _whole,
        "result": _text,
        "upstream_status": _whole_or_null,
        "upstream_us": _whole_or_null,
    },
    Kind.RESCAN: {
        **_BASIS,
        "request_id": _text,
        "intent": _whole,
        "tier": _text,
        "result": _text,
        "reason": _text,
        "missed": _findings,
    },
    Kind.SHADOW: {
        **_BASIS,
        "request_id": _text,
        "intent": _whole_or_null,
        "shadow_policy": _text,
        "shadow_digest": _text,
        "compared": _count,
        "failed": _count,
        "skipped": _count,
        "differences": _differences,
        "differences_omitted": _count,
    },
    Kind.CANARY: {
        **_BASIS,
        "config_digest": _text,
        "build": _text,
        "mode": _text,
        "media_type": _text,
        "result": _text,
        "reason": _text,
        "languages": _texts,
        "entities": _counts,
        "checks": _count,
        "failed": _texts,
        "exempt": _count,
        "uncovered": _texts,
        "requests": _wholes,
    },
    Kind.READ_BACK: {
        **_BASIS,
        "request_id": _text,
        "intent": _whole,
        "compare": _text,
        "result": _text,
        "reason": _text,
        "attempts": _count,
        "status": _whole_or_null,
        "age_us": _whole,
        "size": _count_or_null,
        "object": _text_or_null,
        "compared": _count,
        "differing": _paths,
        "missing": _paths,
        "uncompared": _count,
        "inspected": _flag,
        "unredacted": _counts,
        "uninspected_bytes": _count,
    },
    Kind.ACKNOWLEDGE: {
        "exception": _text,
        "record_sha256": _text,
        "kinds": _texts,
        "state": _text,
        "owner": _text,
        "ticket": _text,
        "note": _text,
    },
    Kind.ACCESS: {
        "action": _text,
        "user": _text,
        "login": _text,
        "name": _text,
        "via": _text,
        "host": _text,
        "from": _text_or_null,
        "to": _text_or_null,
        "filters": _texts_by_name,
    },
    Kind.ROTATE: {"old_vkey": _text, "new_vkey": _text, "size": _whole, "root": _text},
    Kind.DIGEST_KEY: {"action": _text, "period": _text, "key": _text, "approver": _text},
    Kind.PRUNE: {"minimum_index": _whole, "before": _text, "policy": _text, "approver": _text},
    Kind.HOLD: {"action": _text, "name": _text, "reason": _text, "approver": _text},
    Kind.ROSTER: {"logs": _logs},
    Kind.ANCHOR: {"anchor": _text, "form": _text, "result": _text, "logs": _count},
}
"""The members that a reader relies on, by kind."""
_EVERY: Mapping[str, Check] = {"version": _count, "nonce": _text}
_OTHER = _Form({})
_COMPILED: Mapping[str, _Form] = {kind: _Form(members) for kind, members in _FORMS.items()}

_ANYWHERE: Mapping[str, Check] = {
    "clock_back_us": _whole,
    "route": _text_or_null,
    "request_id": _text_or_null,
    "canary": _true,
    "tier": _text,
    "reduced": _flag,
    "tenant": _text,
    "as_received": _texts,
    "dropped": _paths,
    "type_changes": _paths,
    "opaque": _opaque,
    "build": _text,
    "models": _text_by_name,
    "requests_ended": _counts,
    "digest_key": _text,
    "digest_period": _text,
    "approver": _text,
}
"""Members that some records have, with their form where they occur."""
