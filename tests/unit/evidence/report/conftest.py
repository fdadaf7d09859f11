from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shield.audit import run_records
from shield.audit.documents import keep_documents
from shield.audit.files import OsFiles
from shield.evidence.exceptions import find_exceptions
from shield.evidence.reading import Period, Source, entries
from shield.evidence.register import acknowledge
from shield.evidence.report.facts import ReportRequest
from shield.evidence.report.pack import Built, build_report
from shield.evidence.report.signing import ManifestSigner
from tests.unit.audit.logs import folder_of
from tests.unit.evidence.stories import Story, source_of, tell

ORIGINS = ("shield.example/worker-0", "shield.example/worker-1")
SEED = "dice 4 1 6 2"
NOW = datetime(2031, 6, 1, 12, 0, 0, tzinfo=UTC)


def document(**changes: object) -> bytes:
    return json.dumps(changes, sort_keys=True, separators=(",", ":")).encode()


def digest(text: bytes) -> str:
    return "sha256:" + sha256(text).hexdigest()


POLICIES = tuple(
    document(
        name="default",
        entities={"EMAIL_ADDRESS": {"operator": operator, "threshold": None}},
        score_threshold=0.5,
        languages=["en"],
        detector={"model": "fast", "recognizers": ["default"]},
    )
    for operator in ("replace", "redact")
)
MODEL = document(spec={"model": "fast"}, recognizers=[["EmailRecognizer"]], model="sha256:" + "e" * 64)
ROUTES = [
    {
        "name": "tickets",
        "policy": "default",
        "mode": "enforce",
        "on_error": "block",
        "match": {"path": "/t"},
        "path": "block",
        "query": {"default": "keep", "parameters": {"note": "redact"}},
        "opaque": "keep",
        "on_deadline": "patterns_only",
        "headers": {"default": "redact", "rules": []},
    }
]
CONFIGS = tuple(
    document(policies={"default": json.loads(policy)}, routes=ROUTES, server={"max_in_flight": limit})
    for policy, limit in zip(POLICIES, (512, 64), strict=True)
)


def configured(story: Story, reason: str, before: int | None, after: int) -> None:
    story.log.append(
        run_records.config(
            reason=reason,
            digest_before=None if before is None else digest(CONFIGS[before]),
            digest_after=digest(CONFIGS[after]),
            build="shield/1",
            policies={"default": digest(POLICIES[after])},
            models={"default": digest(MODEL)},
        )
    )


def acts(story: Story) -> None:
    configured(story, "start", None, 0)
    for minute in range(20):
        story.wall.set(f"00:{minute:02d}:00")
        story.request(route=("tickets", "contacts")[minute % 4 == 0])
        story.beat()
    configured(story, "reload", 0, 1)
    story.config("refused", digest(CONFIGS[1]), None)
    story.observe()
    story.bypass()
    story.reject("policy_blocked", 422, blocked=True)
    story.beat()


def write_logs(directory: Path) -> None:
    for origin in ORIGINS:
        asyncio.run(tell(directory, acts, origin=origin))
        texts = {digest(text): text for text in (*POLICIES, *CONFIGS, MODEL)}
        keep_documents(OsFiles(), folder_of(directory, origin), texts)
    source = source_of(directory, ORIGINS[0])
    first = next(find_exceptions(source.origin, entries(source.reader)))
    asyncio.run(
        acknowledge(
            directory,
            ORIGINS[0],
            [first],
            owner="platform@example.com",
            ticket="OPS-17",
            note="",
            resolve=True,
            inspect=lambda _: (),
        )
    )


def sources(directory: Path) -> list[Source]:
    return [source_of(directory, origin) for origin in (*ORIGINS, f"{ORIGINS[0]}/register")]


def signer() -> ManifestSigner:
    return ManifestSigner(f"{ORIGINS[0]}/report", Ed25519PrivateKey.from_private_bytes(b"\3" * 32))


def build(directory: Path, out: Path, **changes: object) -> Built:
    arguments: dict[str, object] = {"period": Period(), "size": 6, "seed": SEED, **changes}
    request = ReportRequest(**arguments)  # type: ignore[arg-type]
    return build_report(sources(directory), request, signer(), out, now=lambda: NOW)


@pytest.fixture(scope="session")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("logs")
    write_logs(directory)
    return directory


@pytest.fixture(scope="session")
def pack(logs: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The report of the whole period, which tests must not write to."""
    return build(logs, tmp_path_factory.mktemp("packs") / "pack", title="Support platform")
