"""Logs with a known history, on a clock that the test sets, for the tests of `shield.evidence`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from shield.audit import about, exchange_records, life_records, record, run_records
from shield.audit.log import AuditLog
from shield.audit.record import Draft
from shield.domain import Decision, Placed, Verdict
from shield.evidence.counters import ended_as, refused_as
from shield.evidence.reading import Source, microseconds
from tests.unit.audit.logs import HMAC, ORIGIN, basis, facts, intent, open_log, outcome, placed, reader_of

DAY = "2031-05-04T"


def at(clock: str) -> str:
    """`03:02:01` as the time of a record."""
    return f"{DAY}{clock}.000000Z"


class Wall:
    """A wall clock that stands still except when it is set."""

    def __init__(self, clock: str = "00:00:00") -> None:
        self.set(clock)

    def set(self, clock: str) -> None:
        self.now = microseconds(at(clock)) * 1000

    def __call__(self) -> int:
        return self.now


class Story:
    """Writes a log act by act, and counts what the proxy would have counted."""

    def __init__(self, log: AuditLog, wall: Wall) -> None:
        self.log = log
        self.wall = wall
        self.started = 0
        self.finished = 0
        self.ended: Counter[str] = Counter()

    def beat(self, clock: str | None = None, *, lost: int = 0, **miscounted: int) -> None:
        """A heartbeat. `lost`: requests that the log lacks; `miscounted`: what the metrics say beyond it."""
        if clock is not None:
            self.wall.set(clock)
        self.log.append(
            run_records.heartbeat(
                interval=60.0,
                config_digest="sha256:c0",
                requests_started=self.started + lost,
                requests_finished=self.finished + lost,
                requests_ended=self.ended + Counter(miscounted),
            )
        )

    def canaries(self, requests: Sequence[int], result: str = "passed") -> None:
        """The record of a canary run that sent these requests."""
        self.log.append(
            about.canary(
                basis=basis(route="tickets"),
                config_digest="sha256:c0",
                build="1",
                media_type="application/json",
                result=result,
                reason="",
                languages=["en"],
                entities={"EMAIL_ADDRESS": 1},
                checks=1,
                failed=[],
                exempt=0,
                uncovered=[],
                requests=requests,
            )
        )

    def read_back(
        self,
        result: str,
        reason: str = "",
        *,
        intent: int = 2,
        route: str = "tickets",
        unredacted: Mapping[str, int] | None = None,
        differing: Sequence[str] = (),
        missing: Sequence[str] = (),
    ) -> None:
        """The record of a write that was chosen to be read back from storage."""
        self.log.append(
            about.read_back(
                request_id="0" * 32,
                intent=intent,
                basis=basis(route=route),
                compare="contains",
                result=result,
                reason=reason,
                attempts=2,
                status=200,
                age_seconds=2.5,
                size=100,
                object_digest=f"{HMAC}",
                compared=3,
                differing=differing,
                missing=missing,
                uncompared=1,
                inspected=True,
                unredacted=unredacted or {},
                uninspected_bytes=0,
            )
        )

    def request(self, result: str = "answered", status: int | None = 200, **changes: object) -> int:
        """A forwarded request; without `result` it stays open."""
        self.started += 1
        draft = intent(self.started, [placed()], **changes)
        index = self.log.append(draft)
        if result:
            self.finish(index, result, status, decision=draft.fields["decision"])
        return index

    def finish(
        self,
        index: int,
        result: str = "answered",
        status: int | None = 200,
        *,
        decision: str = "forward_redacted",
    ) -> None:
        self.finished += 1
        self.ended[ended_as(decision, result)] += 1
        fields = {**outcome(index, self.started).fields, "result": result, "upstream_status": status}
        fields["request_id"] = self.log._commits._sequencer.open_intents[index]
        self.log.append(Draft(record.Kind.OUTCOME, fields))

    def bypass(
        self,
        reason: str = "detection_incomplete",
        result: str = "answered",
        status: int | None = 200,
        *,
        findings: Sequence[Placed] = (),
        as_received: Sequence[str] = (),
    ) -> int:
        self.started += 1
        index = self.log.append(
            exchange_records.bypass(
                facts(self.started, findings, segments=0, uninspected_bytes=900),
                basis(),
                upstream="store",
                reason=reason,
                as_received=as_received,
            )
        )
        self.finish(index, result, status, decision="bypass")
        return index

    def reject(self, code: str, status: int = 400, *, blocked: bool = False) -> int:
        self.started += 1
        self.finished += 1
        self.ended[refused_as(code, status, blocked=blocked)] += 1
        return self.log.append(
            exchange_records.reject(
                facts(
                    self.started,
                    [placed("US_SSN")] if blocked else (),
                    body_before_hmac="",
                    size_before=0,
                    segments=0,
                ),
                basis(),
                code=code,
                status=status,
                blocked=blocked,
            )
        )

    def observe(self, result: str = "answered", status: int | None = 200) -> int:
        return self.request(result, status, decision=Decision(Verdict.OBSERVE), mode="observe")

    def reduced(self, **changes: object) -> int:
        """A write that only patterns inspected in time."""
        return self.request(tier="patterns", reduced=True, **changes)

    def rescan(self, intent: int, result: str = "clean", reason: str = "") -> int:
        return self.log.append(
            about.rescan(
                request_id="request-1",
                intent=intent,
                basis=basis(),
                tier="cascade",
                result=result,
                reason=reason,
                missed=[placed(), placed("LOCATION")] if result == "found" else [],
            )
        )

    def digest_key(self, action: str) -> int:
        return self.log.append(
            life_records.digest_key(action=action, period="2031-05", key="01234567", approver="policy")
        )

    def config(
        self,
        reason: str,
        before: str | None,
        after: str | None,
        *,
        build: str = "shield/1",
        detectors: str = "sha256:d0",
    ) -> int:
        return self.log.append(
            run_records.config(
                reason=reason,
                digest_before=before,
                digest_after=after,
                build=build,
                policies={"default": "sha256:a"},
                models={"default": detectors},
            )
        )


async def tell(
    directory: Path, *acts: Callable[[Story], None], wall: Wall | None = None, origin: str = ORIGIN
) -> None:
    """One run: open the log, play the acts, close it."""
    clock = wall or Wall()
    log = await open_log(directory, clock=clock, origin=origin)
    story = Story(log, clock)
    for act in acts:
        act(story)
    await log.close()


def source_of(directory: Path, origin: str = ORIGIN) -> Source:
    return Source(origin, reader_of(directory, origin))
