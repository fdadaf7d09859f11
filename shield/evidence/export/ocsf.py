"""A record of the audit log as one event of the Open Cybersecurity Schema Framework, 1.5.0. Pure.

| record | class |
|---|---|
| an exchange with findings that were redacted or observed | Data Security Finding (2006) |
| a re-scan that found what had gone through | Data Security Finding (2006) |
| every other exchange, and outcomes | API Activity (6003) |
| `config` | Device Config State Change (5019) |
| everything else: the log's own life | Event Log Activity (1008) |

One record, one event, whose `metadata.uid` is `ORIGIN#INDEX`; an outcome is correlated with its intent
by `metadata.correlation_uid`, the request's id. Law: an event holds codes, names of the configuration,
counts and digests, as they are in the record; of a record of a kind that is not known here only its kind.
Paths inside bodies are left out. https://schema.ocsf.io/1.5.0
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from shield import __version__
from shield.audit.record import OUTCOME_UNKNOWN, Kind
from shield.evidence.reading import REQUEST_KINDS, UNREADABLE, Entry, microseconds

SCHEMA_VERSION = "1.5.0"
DATA_SECURITY_FINDING, API_ACTIVITY, CONFIG_CHANGE, EVENT_LOG = 2006, 6003, 5019, 1008
CLASSES = (DATA_SECURITY_FINDING, API_ACTIVITY, CONFIG_CHANGE, EVENT_LOG)
SECURITY_CONTROL = "security_control"
"""The profile that gives an event its action."""

Event = dict[str, Any]

_INFORMATIONAL, _LOW, _MEDIUM, _HIGH = 1, 2, 3, 4
_SEVERITIES = {_INFORMATIONAL: "Informational", _LOW: "Low", _MEDIUM: "Medium", _HIGH: "High"}
_ALLOWED, _DENIED, _OBSERVED, _MODIFIED = 1, 2, 3, 4
_ACTIONS = {_ALLOWED: "Allowed", _DENIED: "Denied", _OBSERVED: "Observed", _MODIFIED: "Modified"}
_SUCCESS, _FAILURE, _UNKNOWN, _OTHER = 1, 2, 0, 99
_CLASS_NAMES = {
    DATA_SECURITY_FINDING: ("Data Security Finding", "Findings", 2),
    API_ACTIVITY: ("API Activity", "Application Activity", 6),
    CONFIG_CHANGE: ("Device Config State Change", "Discovery", 5),
    EVENT_LOG: ("Event Log Activity", "System Activity", 1),
}
_METHODS = {
    "POST": (1, "Create"),
    "PUT": (3, "Update"),
    "PATCH": (3, "Update"),
    "GET": (2, "Read"),
    "HEAD": (2, "Read"),
    "DELETE": (4, "Delete"),
}
# decision -> (action, severity)
_DECISIONS = {
    "forward": (_ALLOWED, _INFORMATIONAL),
    "forward_redacted": (_MODIFIED, _INFORMATIONAL),
    "observe": (_OBSERVED, _MEDIUM),
    "bypass": (_ALLOWED, _HIGH),
    "block": (_DENIED, _MEDIUM),
    "reject": (_DENIED, _LOW),
}
_FINDING_DECISIONS = frozenset({"forward_redacted", "observe"})
_LOG_ACTIVITIES = {
    Kind.BOOT.value: (6, "Start"),
    Kind.SHUTDOWN.value: (7, "Stop"),
    Kind.RECOVERED.value: (8, "Restart"),
    Kind.PRUNE.value: (2, "Delete"),
}
_EXPORTING = ("evidence.report", "evidence.sample", "export")
# The fields of the log's own records that may be exported, by kind: codes, names, counts and digests.
_LOG_FIELDS: Mapping[str, tuple[str, ...]] = {
    Kind.BOOT.value: ("build", "vkey", "digest_key", "digest_period", "signed_size", "signed_root"),
    Kind.SHUTDOWN.value: ("reason",),
    Kind.RECOVERED.value: ("clean", "unsigned_records", "cut_bytes", "unknown_outcomes"),
    Kind.CHECKPOINT.value: ("size", "root"),
    Kind.HEARTBEAT.value: (
        "interval_us",
        "config_digest",
        "requests_started",
        "requests_finished",
        "requests_ended",
    ),
    Kind.ACKNOWLEDGE.value: ("exception", "record_sha256", "kinds", "state", "owner", "ticket"),
    Kind.ROTATE.value: ("old_vkey", "new_vkey", "size", "root", "approver"),
    Kind.DIGEST_KEY.value: ("action", "period", "key", "approver"),
    Kind.PRUNE.value: ("minimum_index", "before", "policy", "approver"),
    Kind.HOLD.value: ("action", "name", "approver"),
    Kind.ROSTER.value: ("logs",),
    Kind.ANCHOR.value: ("anchor", "form", "result", "logs", "roster_sha256", "receipt_sha256"),
    Kind.CANARY.value: (
        "route",
        "policy",
        "policy_digest",
        "model_digest",
        "config_digest",
        "build",
        "mode",
        "media_type",
        "result",
        "reason",
        "languages",
        "entities",
        "checks",
        "failed",
        "exempt",
        "uncovered",
        "requests",
    ),
    Kind.RESCAN.value: (
        "intent",
        "route",
        "policy",
        "policy_digest",
        "model_digest",
        "tier",
        "result",
        "reason",
    ),
    Kind.SHADOW.value: (
        "intent",
        "route",
        "policy",
        "policy_digest",
        "shadow_policy",
        "shadow_digest",
        "model_digest",
        "compared",
        "failed",
        "skipped",
        "differences",
        "differences_omitted",
    ),
    Kind.ACCESS.value: ("action", "user", "login", "name", "via", "host", "from", "to"),
    Kind.READ_BACK.value: (
        "intent",
        "route",
        "policy",
        "policy_digest",
        "model_digest",
        "compare",
        "result",
        "reason",
        "attempts",
        "status",
        "age_us",
        "object",
        "compared",
        "uncompared",
        "inspected",
        "unredacted",
        "uninspected_bytes",
    ),
}

_WITH_RESULT = frozenset({Kind.CANARY.value, Kind.ANCHOR.value, Kind.RESCAN.value, Kind.READ_BACK.value})
_WELL = frozenset({"passed", "ok", "clean", "not_sent", "match"})
_UNDECIDED = frozenset({"uncovered", "stopped", "unreadable", "skipped"})
_GRAVE = frozenset({"failed", "mismatch", "not_found"})


def event_of(origin: str, entry: Entry) -> Event:
    """The event of a record of the log `origin`."""
    make: Callable[[str, Entry], Event]
    if entry.kind in REQUEST_KINDS:
        found = entry.fields["findings"] and entry.fields["decision"] in _FINDING_DECISIONS
        make = _finding if found else _exchange
    else:
        make = {
            Kind.OUTCOME.value: _outcome,
            Kind.CONFIG.value: _config,
            Kind.RESCAN.value: _rescan,
        }.get(entry.kind, _log_event)
    return make(origin, entry)


def _base(origin: str, entry: Entry, class_uid: int, activity: tuple[int, str], severity: int) -> Event:
    name, category, category_uid = _CLASS_NAMES[class_uid]
    activity_id, activity_name = activity
    metadata: Event = {
        "version": SCHEMA_VERSION,
        "product": {"name": "shield", "vendor_name": "shield", "version": __version__},
        "uid": f"{origin}#{entry.index}",
        "sequence": entry.index,
        "log_name": origin,
        "original_time": entry.time,
        "event_code": entry.kind,
    }
    if "request_id" in entry.fields:
        metadata["correlation_uid"] = entry.fields["request_id"]
    return {
        "metadata": metadata,
        "time": microseconds(entry.time) // 1_000 if entry.time else 0,
        "class_uid": class_uid,
        "class_name": name,
        "category_uid": category_uid,
        "category_name": category,
        "activity_id": activity_id,
        "activity_name": activity_name,
        "type_uid": class_uid * 100 + activity_id,
        "type_name": f"{name}: {activity_name}",
        "severity_id": severity,
        "severity": _SEVERITIES[severity],
    }


def _status(event: Event, status_id: int, code: str = "") -> None:
    event["status_id"] = status_id
    event["status"] = {_SUCCESS: "Success", _FAILURE: "Failure"}.get(status_id, "Unknown")
    if code:
        event["status_code"] = code


def _action(event: Event, action: int) -> None:
    event["action_id"] = action
    event["action"] = _ACTIONS[action]
    event["metadata"]["profiles"] = [SECURITY_CONTROL]


def _details(entry: Entry) -> Event:
    """The record's own fields for which the class has no place, without paths."""
    fields = entry.fields
    names = (
        "route", "decision", "reason", "mode", "policy", "policy_digest", "model_digest", "build",
        "media_type", "body_before", "body_after", "size_before", "size_after", "segments",
        "uninspected_bytes", "stages_us", "tenant", "caller", "tier", "reduced", "as_received",
    )  # fmt: skip
    details = {name: fields[name] for name in names if fields.get(name) is not None}
    if "opaque" in fields:
        details["opaque"] = {name: fields["opaque"][name] for name in ("count", "bytes", "forms")}
    details["findings"] = _without_paths(fields["findings"])
    return details


def _without_paths(findings: Iterable[Mapping[str, Any]]) -> list[Event]:
    names = ("type", "count", "recognizers", "operators", "min_score")
    return [{name: found[name] for name in names} for found in findings]


def _exchange(origin: str, entry: Entry) -> Event:
    fields = entry.fields
    action, severity = _DECISIONS.get(fields["decision"], (_OBSERVED, _MEDIUM))
    severity = max(severity, _MEDIUM) if fields.get("reduced") else severity
    method = fields["method"]
    event = _base(origin, entry, API_ACTIVITY, _METHODS.get(method, (_OTHER, "Other")), severity)
    _action(event, action)
    _status(event, _FAILURE if action == _DENIED else _UNKNOWN, fields["reason"])
    event["actor"] = {"app_name": "downstream"}
    event["src_endpoint"] = {"svc_name": "downstream"}
    event["api"] = {"operation": f"{method} {fields['route'] or '(no route)'}", "service": {"name": "shield"}}
    event["http_request"] = {"http_method": method}
    if fields["upstream"]:
        event["dst_endpoint"] = {"svc_name": fields["upstream"]}
    if fields.get("status") is not None:
        event["http_response"] = {"code": fields["status"]}
    event["unmapped"] = _details(entry)
    return event


def _finding(origin: str, entry: Entry) -> Event:
    fields = entry.fields
    action, severity = _DECISIONS[fields["decision"]]
    severity = max(severity, _MEDIUM) if fields.get("reduced") else severity
    event = _base(origin, entry, DATA_SECURITY_FINDING, (1, "Create"), severity)
    _action(event, action)
    total = sum(found["count"] for found in fields["findings"])
    done = "redacted before storage" if action == _MODIFIED else "found, and forwarded unchanged"
    event["finding_info"] = {
        "uid": f"{origin}#{entry.index}",
        "title": f"Personal data {done}",
        "types": [found["type"] for found in fields["findings"]],
        "created_time": event["time"],
    }
    event["message"] = f"{total} values on route {fields['route']}: {done}"
    event["data_security"] = {
        "category_id": 1,
        "category": "Personal",
        "data_lifecycle_state_id": 2,
        "data_lifecycle_state": "Data in-Transit",
        "detection_system_id": 10,
        "detection_system": "Application-Level DLP",
        "policy": {
            "name": fields["policy"],
            "uid": fields["policy_digest"],
            "is_applied": action == _MODIFIED,
        },
        "total": total,
    }
    if fields["upstream"]:
        event["dst_endpoint"] = {"svc_name": fields["upstream"]}
    event["unmapped"] = _details(entry)
    return event


def _outcome(origin: str, entry: Entry) -> Event:
    fields = entry.fields
    result, status = fields["result"], fields["upstream_status"]
    unknown = result == OUTCOME_UNKNOWN
    event = _base(origin, entry, API_ACTIVITY, (_OTHER, "Outcome"), _MEDIUM if unknown else _INFORMATIONAL)
    refused = status is not None and status >= 400  # noqa: PLR2004  RFC 9110: client and server errors
    _status(
        event, _UNKNOWN if unknown else _SUCCESS if result == "answered" and not refused else _FAILURE, result
    )
    event["actor"] = {"app_name": "shield"}
    event["src_endpoint"] = {"svc_name": "shield"}
    event["api"] = {"operation": "outcome", "service": {"name": "shield"}}
    if status is not None:
        event["http_response"] = {"code": status}
    event["unmapped"] = {"intent": fields["intent"], "upstream_us": fields["upstream_us"]}
    return event


def _rescan(origin: str, entry: Entry) -> Event:
    """The result of a re-scan; if it found nothing, an event of the log's own life."""
    fields = entry.fields
    if not fields["missed"]:
        return _log_event(origin, entry)
    event = _base(origin, entry, DATA_SECURITY_FINDING, (1, "Create"), _HIGH)
    _action(event, _ALLOWED)
    total = sum(found["count"] for found in fields["missed"])
    event["finding_info"] = {
        "uid": f"{origin}#{entry.index}",
        "title": "Personal data went through",
        "types": [found["type"] for found in fields["missed"]],
        "created_time": event["time"],
        "related_events": [{"uid": f"{origin}#{fields['intent']}"}],
    }
    event["message"] = f"{total} values on route {fields['route']} that patterns alone had not found in time"
    event["data_security"] = {
        "category_id": 1,
        "category": "Personal",
        "data_lifecycle_state_id": 1,
        "data_lifecycle_state": "Data at-Rest",
        "detection_system_id": 10,
        "detection_system": "Application-Level DLP",
        "policy": {"name": fields["policy"], "uid": fields["policy_digest"], "is_applied": False},
        "total": total,
    }
    names = _LOG_FIELDS[Kind.RESCAN.value]
    event["unmapped"] = {name: fields[name] for name in names if fields.get(name) is not None}
    event["unmapped"]["missed"] = _without_paths(fields["missed"])
    return event


def _config(origin: str, entry: Entry) -> Event:
    fields = entry.fields
    refused = fields["digest_after"] is None
    event = _base(origin, entry, CONFIG_CHANGE, (1, "Log"), _MEDIUM if refused else _INFORMATIONAL)
    event["device"] = {"type_id": 1, "type": "Server", "name": origin, "uid": origin}
    event["message"] = f"configuration: {fields['reason']}"
    event["state_id"], event["state"] = 2, "Enabled"
    _status(event, _FAILURE if refused else _SUCCESS, fields["reason"])
    names = ("digest_before", "digest_after", "build", "policies", "models")
    event["unmapped"] = {name: fields[name] for name in names if fields.get(name) is not None}
    return event


def _log_event(origin: str, entry: Entry) -> Event:
    kind, fields = entry.kind, entry.fields
    activity = _LOG_ACTIVITIES.get(kind, (_OTHER, kind))
    if kind == Kind.ACCESS and str(fields["action"]).startswith(_EXPORTING):
        activity = (3, "Export")
    status, severity = _how_it_went(kind, fields)
    event = _base(origin, entry, EVENT_LOG, activity, severity)
    event["log_name"] = origin
    event["log_provider"] = "shield"
    event["log_type_id"], event["log_type"] = 2, "Application"
    event["message"] = f"audit log: {kind}"
    _status(event, status, str(fields["result"]) if kind in _WITH_RESULT and "result" in fields else "")
    details = {name: fields[name] for name in _LOG_FIELDS.get(kind, ()) if fields.get(name) is not None}
    if kind == Kind.SHADOW and "differences" in details:
        details["differences"] = [_without_path(it) for it in details["differences"]]
    if details:
        event["unmapped"] = details
    return event


def _how_it_went(kind: str, fields: Mapping[str, Any]) -> tuple[int, int]:
    """The status and severity of a record of the log's own life or of a test of the control."""
    if kind == UNREADABLE or (kind == Kind.RECOVERED and not fields["clean"]):
        return _UNKNOWN, _MEDIUM
    if kind not in _WITH_RESULT or "result" not in fields or fields["result"] in _WELL:
        return _SUCCESS, _INFORMATIONAL
    if fields["result"] in _UNDECIDED:
        return _UNKNOWN, _MEDIUM
    return _FAILURE, _HIGH if fields["result"] in _GRAVE else _MEDIUM


def _without_path(difference: Mapping[str, Any]) -> Event:
    """A difference of a shadow policy, without the path inside a body."""
    return {name: difference[name] for name in ("live", "shadow", "count")}
