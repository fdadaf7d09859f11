from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from shield.audit import about, life_records
from shield.audit.record import Draft, Kind
from shield.evidence.exceptions import find_exceptions
from shield.evidence.reading import Source, entries
from shield.evidence.register import acknowledge
from tests.unit.audit.logs import ORIGIN, basis
from tests.unit.evidence.stories import Story, source_of, tell

REGISTER = f"{ORIGIN}/register"


def acts(story: Story) -> None:
    story.config("start", None, "sha256:c0")
    story.beat()
    for second in range(6):
        story.wall.set(f"00:00:{second:02d}")
        story.request()
    story.request(result="upstream_reset", status=None)
    story.observe()
    story.bypass()
    story.reject("policy_blocked", 422, blocked=True)
    story.reject("body_malformed", 400)
    story.rescan(story.reduced())
    story.rescan(story.reduced(), "found")
    story.rescan(story.reduced(), "not_done", "shutdown")
    story.config("reload", "sha256:c0", "sha256:c1")
    story.config("refused", "sha256:c1", None)
    later = {"secret_of_a_later_version": "maria@example.com"}
    story.log.append(Draft(Kind.CANARY, later))
    for result in ("passed", "failed", "error", "uncovered"):
        draft = canary_draft(result)
        story.log.append(Draft(draft.kind, {**draft.fields, **later}))
    story.log.append(shadow_draft())
    head = {"origin": ORIGIN, "size": 1, "root": "r", "vkey": "v"}
    story.log.append(life_records.roster(logs=[head]))
    for result in (life_records.OK, "unreachable"):
        story.log.append(
            life_records.anchor(
                name="vault", form="directory", result=result, logs=1, roster_sha256="a", receipt_sha256="b"
            )
        )
    story.log.append(
        life_records.hold(action=life_records.PLACED, name="case-17", reason="free words", approver="legal")
    )
    story.read_back("mismatch", unredacted={"EMAIL_ADDRESS": 1}, differing=("$.ticket.body",))
    story.beat()


def canary_draft(result: str) -> Draft:
    return about.canary(
        basis=basis(),
        config_digest="sha256:c",
        build="shield/1",
        media_type="application/json",
        result=result,
        reason="",
        languages=["en"],
        entities={"US_SSN": 3},
        checks=3,
        failed=["US_SSN/en/spoken"] if result == "failed" else [],
        exempt=0,
        uncovered=[],
        requests=[4],
    )


def shadow_draft() -> Draft:
    return about.shadow(
        request_id="r",
        intent=3,
        basis=basis(),
        shadow_policy="next",
        shadow_digest="sha256:b",
        shadow_model_digest="sha256:c",
        compared=2,
        failed=0,
        skipped=1,
        differences=[{"path": "$.body", "live": "US_SSN:replace", "shadow": None, "count": 2}],
        differences_omitted=0,
    )


def write_logs(directory: Path) -> None:
    asyncio.run(tell(directory, acts))
    source = source_of(directory)
    first = next(find_exceptions(source.origin, entries(source.reader)))
    words = {"owner": "platform@example.com", "ticket": "OPS-17", "note": "seen"}
    asyncio.run(acknowledge(directory, ORIGIN, [first], **words, resolve=False, inspect=lambda _: ()))


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    write_logs(tmp_path / "audit")
    return tmp_path / "audit"


def sources(directory: Path) -> list[Source]:
    return [source_of(directory, origin) for origin in (ORIGIN, REGISTER)]
