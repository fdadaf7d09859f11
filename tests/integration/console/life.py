"""Records of a log's own life: each kind that a console page shows, some with hostile texts."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import orjson

from shield.audit import about, exchange_records, life_records, run_records
from shield.audit.documents import keep_documents
from shield.audit.files import OsFiles
from shield.audit.record import Draft
from tests.unit.audit.logs import ORIGIN, basis, facts

APPROVER = "legal@example.com"
_ROOT = "qVxNq6DEfwD6nGyxbB1NJz2o2NwrmL3kJ8ZVmS9m0y8="


def _policy(operator: str) -> bytes:
    entities = {"EMAIL_ADDRESS": {"operator": operator}, "PERSON": {"operator": "replace"}}
    return orjson.dumps({"entities": entities, "name": "default"}, option=orjson.OPT_SORT_KEYS)


OLD, NEW = _policy("replace"), _policy("redact")


def digest_of(document: bytes) -> str:
    return f"sha256:{sha256(document).hexdigest()}"


def keep_policies(folder: Path) -> None:
    """Keep the texts of both policy versions beside the log."""
    keep_documents(OsFiles(), folder, {digest_of(it): it for it in (OLD, NEW)})


def life(hostile: str = "case-7") -> Iterator[Draft]:
    """The drafts, oldest first; `hostile` fills every free-text field."""
    for reason, before, after in (("start", None, OLD), ("reload", OLD, NEW)):
        yield run_records.config(
            reason=reason,
            digest_before=digest_of(before) if before else None,
            digest_after=digest_of(after),
            build="shield/1",
            policies={"default": digest_of(after)},
        )
    yield life_records.rotate(
        old_vkey=f"{ORIGIN}+11111111+AAAA",
        new_vkey=f"{ORIGIN}+22222222+BBBB",
        size=4,
        root=_ROOT,
        old_signature="",
        new_signature="",
        approver=APPROVER,
    )
    yield life_records.digest_key(action="destroyed", period="2031-01", key="01234567", approver=APPROVER)
    yield life_records.hold(action="placed", name=hostile, reason=hostile, approver=APPROVER)
    yield life_records.hold(action="released", name=hostile, reason=hostile, approver=hostile)
    yield life_records.prune(
        minimum_index=0, before="2030-01-01T00:00:00.000000Z", policy=hostile, approver=APPROVER
    )
    yield life_records.anchor(
        name="away", form="witness", result="ahead", logs=1, roster_sha256="a" * 64, receipt_sha256=""
    )
    for size in range(30):
        yield life_records.roster(
            logs=[{"origin": ORIGIN, "size": size, "root": _ROOT, "vkey": f"{ORIGIN}+11111111+AAAA"}]
        )
        yield life_records.anchor(
            name=hostile, form="directory", result="ok", logs=1, roster_sha256="a" * 64, receipt_sha256=""
        )
    yield about.shadow(
        request_id="request-1",
        intent=6,
        basis=basis(policy_digest=digest_of(NEW)),
        shadow_policy="next",
        shadow_digest=digest_of(OLD),
        shadow_model_digest="sha256:" + "b" * 64,
        compared=4,
        failed=0,
        skipped=0,
        differences=[
            {"path": "$.contact.mail", "live": "EMAIL_ADDRESS:redact", "shadow": None, "count": 1},
            {"path": hostile, "live": None, "shadow": "PERSON:replace", "count": 2},
        ],
        differences_omitted=0,
    )
    for result, failed, uncovered in (
        ("passed", (), ()),
        ("failed", ("CREDIT_CARD/en/spaced", hostile), ()),
        ("uncovered", (), ("NATIONAL_ID",)),
    ):
        yield about.canary(
            basis=basis(policy_digest=digest_of(NEW)),
            config_digest=digest_of(NEW),
            build="0.1.0",
            media_type="application/json",
            result=result,
            reason="",
            languages=["en"],
            entities={"CREDIT_CARD": 7, "EMAIL_ADDRESS": 5},
            checks=12,
            failed=failed,
            exempt=0,
            uncovered=uncovered,
            requests=[6, 8],
        )
    unseen = facts(9_100, segments=0)
    yield exchange_records.reject(unseen, basis(), code="body_malformed", status=400, blocked=False)
    yield exchange_records.bypass(unseen, basis(), upstream="store", reason="detection_incomplete")
