"""Tries a policy on a text. Nothing is stored; the access record has no text."""

from __future__ import annotations

from shield.console.answers import Answer, Call, Page, RefusedError

MAX_TEXT = 50_000
MEDIA_TYPES = (
    "text/plain",
    "application/json",
    "application/x-ndjson",
    "application/x-www-form-urlencoded",
    "text/html",
    "text/csv",
    "application/xml",
)


def show_trial(call: Call) -> Answer:
    """The empty form."""
    return _page(call, None)


def try_text(call: Call) -> Answer:
    """The redacted text and the findings. Browsers must not store the answer either."""
    text, policy, media_type = call.field("text"), call.field("policy"), call.field("media_type")
    if media_type not in MEDIA_TYPES:
        raise RefusedError("this media type cannot be tried")
    if not text or len(text) > MAX_TEXT:
        raise RefusedError(f"a text has 1 to {MAX_TEXT:,} characters")
    return _page(call, call.desk.door.try_text(text, media_type, policy))


def _page(call: Call, trial: object) -> Page:
    policies = list(call.desk.door.settings().policies)
    return Page(
        "try.html",
        {
            "trial": trial,
            "policies": policies,
            "policy": call.field("policy") or (policies[0] if policies else ""),
            "media_types": MEDIA_TYPES,
            "media_type": call.field("media_type") or MEDIA_TYPES[0],
            "max_text": MAX_TEXT,
        },
    )
