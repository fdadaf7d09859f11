"""Writes errors as RFC 9457 problem details: `application/problem+json`.

`type` is a URN, not a URL: it identifies and leads nowhere. `instance` is the request's id, under which the
audit log and the access log have the rest. Nothing here comes from the request.
"""

from __future__ import annotations

import orjson

from shield.errors import MalformedBodyError, ReloadRefusedError, ShieldError

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:pii-shield:problem:"


def problem(error: ShieldError, request_id: str) -> bytes:
    """The body of the reply to a request that ended in `error`."""
    members: dict[str, object] = {
        "type": TYPE_PREFIX + error.code,
        "title": error.title,
        "status": error.status,
        "code": error.code,
        "instance": f"urn:pii-shield:request:{request_id}",
    }
    if error.detail:
        members["detail"] = error.detail
    if isinstance(error, MalformedBodyError) and error.offset is not None:
        members["offset"] = error.offset
    elif isinstance(error, ReloadRefusedError) and error.cause_code:
        members["cause"] = error.cause_code
        members["problems"] = list(error.problems)
    return orjson.dumps(members)
