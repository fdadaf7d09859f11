"""The table of pages for signed-in users: who may see each, and which fields its access record keeps."""

from __future__ import annotations

from shield.console.pages import exceptions, log, overview, packs, policies, trial, trust, users
from shield.console.roles import Right
from shield.console.site import MAX_FORM_BYTES, Route

_FOLDER = "/records/{folder}/{index:[0-9]{1,18}}"

ROUTES: tuple[Route, ...] = (
    Route("GET", "/", overview.show_overview, Right.READ, "overview", ("start", "end", "origin")),
    Route("GET", "/log", log.show_log, Right.READ, "log", log.LOG_FILTERS),
    Route("GET", _FOLDER, log.show_record, Right.READ, "record", ("folder", "index")),
    Route("GET", f"{_FOLDER}/proof", log.give_proof, Right.READ, "proof", ("folder", "index")),
    Route("GET", f"{_FOLDER}/tlog-proof", log.download_proof, Right.READ, "proof", ("folder", "index")),
    Route(
        "GET",
        "/exceptions",
        exceptions.show_exceptions,
        Right.READ,
        "exceptions",
        ("start", "end", "kind", "state", "origin"),
    ),
    Route(
        "POST", "/exceptions", exceptions.take_up, Right.ACKNOWLEDGE, "acknowledge", ("id", "ticket", "state")
    ),
    Route("GET", "/receipts", log.show_receipts, Right.READ, "receipts", ()),
    Route("GET", "/samples", packs.show_samples, Right.SAMPLE, "samples"),
    Route(
        "POST",
        "/samples",
        packs.draw_sample,
        Right.SAMPLE,
        "sample",
        ("start", "end", "origin", "size", "seed"),
    ),
    Route("GET", "/reports", packs.show_reports, Right.SAMPLE, "reports"),
    Route(
        "POST",
        "/reports",
        packs.make_report,
        Right.SAMPLE,
        "report",
        ("start", "end", "origin", "seed"),
        most=packs.MAX_COUNT_BYTES + MAX_FORM_BYTES,
    ),
    Route("GET", "/packs/{pack:[0-9a-f]{16}}", packs.download, Right.SAMPLE, "download", ("pack",)),
    Route("GET", "/policies", policies.show_policies, Right.READ, "policies"),
    Route("GET", "/policies/{digest:[0-9a-f]{64}}", policies.show_policy, Right.READ, "policy", ("digest",)),
    Route("GET", "/keys", trust.show_keys, Right.READ, "keys"),
    Route("POST", "/verify", trust.verify_now, Right.VERIFY, "verify", ("origin",)),
    Route("GET", "/checkpoints/{folder}", trust.download_checkpoint, Right.READ, "checkpoint", ("folder",)),
    Route("GET", "/canaries", trust.show_canaries, Right.READ, "canaries"),
    Route("GET", "/access", trust.show_access, Right.SEE_ACCESS, "access", ("user", "action")),
    Route("GET", "/try", trial.show_trial, Right.TRY, "try"),
    Route("POST", "/try", trial.try_text, Right.TRY, "try_text", ("policy", "media_type")),
    Route("GET", "/users", users.show_users, Right.ADMINISTER, "users"),
    Route("POST", "/users", users.invite, Right.ADMINISTER, "invite", ("name", "role")),
    Route(
        "POST", "/users/change", users.change, Right.ADMINISTER, "change_user", ("name", "role", "disabled")
    ),
)
