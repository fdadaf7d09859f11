"""A large synthetic log, written by the real writer: `python -m benchmarks.evidence_log DIR [--records N]`.

Records are made and encoded as the proxy's are (`shield.audit.exchange_records`, `Sequencer`) and written by
`LogWriter` with its write-ahead log, tiles and signed heads; only the clock is made up, so that the records
spread over thirty days, and groups are large, so that the disk is not what is measured.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shield.audit import exchange_records, run_records
from shield.audit.checkpoint import Signer
from shield.audit.documents import keep_documents
from shield.audit.exchange_records import Basis, Facts
from shield.audit.files import OsFiles, make_folders
from shield.audit.found import summarize
from shield.audit.keys import folder_name
from shield.audit.record import Draft
from shield.audit.recovery import open_log
from shield.domain import Decision, Finding, Placed, SegmentKind, Verdict
from shield.evidence.counters import ended_as, refused_as

ORIGIN = "benchmark.example/worker-0"
SPAN_SECONDS = 30 * 86_400
GROUP = 16_384
ENTITIES = ("PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER", "LOCATION", "CREDIT_CARD", "US_SSN", "IP_ADDRESS")
ROUTES = ("tickets", "contacts", "transcripts")
BUILD = "shield/benchmark"


def digest(text: bytes) -> str:
    return "sha256:" + sha256(text).hexdigest()


def policy(strict: bool) -> bytes:
    entities = {name: {"operator": "redact" if strict else "replace", "threshold": None} for name in ENTITIES}
    document = {
        "name": "default",
        "entities": entities,
        "score_threshold": 0.5,
        "detector": {"model": "none"},
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


POLICIES = (policy(strict=False), policy(strict=True))
MODEL = json.dumps({"spec": {"model": "none"}, "recognizers": []}, separators=(",", ":")).encode()


class Clock:
    """A clock in nanoseconds, set by the drafts as they are made."""

    def __init__(self, start: int) -> None:
        self.now = start

    def __call__(self) -> int:
        return self.now


def placed(entity: str, number: int) -> Placed:
    finding = Finding(0, 4, entity, 0.85, f"{entity.title().replace('_', '')}Recognizer")
    return Placed(f"$.ticket.comments[{number % 9}].body", SegmentKind.TEXT, finding, "replace")


def exchange(number: int, chance: random.Random, policy_digest: str) -> tuple[Draft, bool]:
    """The record of a request, and whether an outcome follows."""
    throw = chance.random()
    basis = Basis(
        route=chance.choices(ROUTES, (6, 3, 1))[0],
        policy="default",
        policy_digest=policy_digest,
        model_digest=digest(MODEL),
        mode="enforce",
    )
    facts = Facts(
        request_id=f"{number:032x}",
        method="POST",
        build=BUILD,
        media_type="application/json",
        body_before_hmac=f"hmac-sha256:01234567:{number:064x}",
        size_before=900,
        stage_seconds={"decode": 0.0001, "analyze": chance.lognormvariate(-6.0, 0.6), "encode": 0.0001},
    )
    if throw < 0.003:
        code = chance.choice(("body_malformed", "deadline_exceeded", "media_type_unsupported"))
        unread = facts._replace(body_before_hmac="", size_before=0)
        return exchange_records.reject(unread, basis, code=code, status=400), False
    if throw < 0.0035:
        return exchange_records.bypass(facts, basis, upstream="store", reason="deadline_exceeded"), True
    redacted = throw < 0.8
    findings = [
        placed(chance.choices(ENTITIES, (9, 7, 5, 5, 3, 1, 1))[0], number) for _ in range(2 * redacted)
    ]
    draft = exchange_records.intent(
        facts._replace(found=summarize(findings), segments=12),
        basis,
        Decision(Verdict.FORWARD_REDACTED if redacted else Verdict.FORWARD),
        upstream="store",
        body_after_sha256=f"{number:064x}" if redacted else "",
        size_after=880,
    )
    return draft, True


class Made:
    """The drafts of a run, with the clock set for each."""

    def __init__(self, clock: Clock, records: int) -> None:
        self.clock = clock
        self._step = SPAN_SECONDS * 1_000_000_000 // records
        self._chance = random.Random(1)
        self.started = self.finished = 0
        self.ended: Counter[str] = Counter()

    def drafts(self, first: int, records: int) -> Iterator[tuple[Draft, bool]]:
        """`records` drafts from index `first` on, each with whether it is of a forwarded request."""
        at = first
        config = [digest(POLICIES[0]), digest(POLICIES[1])]

        def configured(reason: str, before: str | None, now: int) -> Draft:
            return run_records.config(
                reason=reason,
                digest_before=before,
                digest_after=config[now],
                build=BUILD,
                policies={"default": config[now]},
                models={"default": digest(MODEL)},
            )

        yield configured("start", None, 0), False
        in_force, beat, number = 0, self.clock.now, 0
        while at < first + records:
            self.clock.now += self._step
            at += 1
            if self.clock.now >= beat:
                beat += 60_000_000_000
                yield self.heartbeat(config[in_force]), False
            if number == records // 5:
                in_force = 1
                yield configured("reload", config[0], 1), False
            number += 1
            self.started += 1
            draft, forwarded = exchange(number, self._chance, config[in_force])
            yield draft, forwarded
            self.finished += 1
            reason = draft.fields["reason"]
            self.ended[
                ended_as(draft.fields["decision"], "answered")
                if forwarded
                else refused_as(reason, draft.fields["status"], blocked=draft.fields["decision"] == "block")
            ] += 1
            at += forwarded

    def heartbeat(self, config: str = "") -> Draft:
        return run_records.heartbeat(
            interval=60,
            config_digest=config,
            requests_started=self.started,
            requests_finished=self.finished,
            requests_ended=self.ended,
        )


def write_log(directory: Path, records: int) -> Path:
    """Writes about `records` records under `directory`; returns the log's folder."""
    files, folder = OsFiles(), directory / folder_name(ORIGIN)
    make_folders(files, folder)
    signer = Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"\7" * 32))
    clock = Clock(1_900_000_000_000_000_000)
    noise = random.Random(2)
    opened = open_log(
        files, folder, [signer], clock=clock, random=noise.randbytes, build=BUILD, digest_key="01234567"
    )
    keep_documents(files, folder, {digest(text): text for text in (*POLICIES, MODEL)})
    writer, sequencer = opened.writer, opened.sequencer
    made = Made(clock, records)
    group: list[bytes] = []
    for draft, forwarded in made.drafts(sequencer.next_index, records):
        index, raw = sequencer.encode(draft)
        group.append(raw)
        if forwarded:
            outcome = exchange_records.outcome(
                request_id=draft.fields["request_id"],
                intent=index,
                status=201,
                result="answered",
                upstream_seconds=0.004,
            )
            group.append(sequencer.encode(outcome)[1])
        if len(group) >= GROUP:
            writer.write(group)
            writer.checkpoint(sequencer.oldest_needed)
            group.clear()
    group.append(sequencer.encode(run_records.shutdown(reason="stop"))[1])
    writer.write(group)
    writer.checkpoint(sequencer.oldest_needed)
    writer.close()
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--records", type=int, default=1_000_000)
    arguments = parser.parse_args()
    print(write_log(arguments.directory, arguments.records))


if __name__ == "__main__":
    main()
