"""One inspection of a request: its input, its attempts, and its results so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from shield.analyzer.attempt import Attempt
from shield.domain import (
    NOTHING_FOUND,
    Check,
    FieldRule,
    Opaque,
    Placed,
    Redaction,
    Remainder,
    Summary,
)
from shield.errors import DeadlineExceededError
from shield.payload.document import Document, Ruled
from shield.payload.media_type import MediaType
from shield.proxy.apart import Apart
from shield.proxy.bypass import Bypass
from shield.proxy.header_rules import ChosenField
from shield.proxy.overrides import CheckMethod
from shield.proxy.runtime import BYPASSABLE, RoutePlan
from shield.proxy.stage_clock import StageClock
from shield.proxy.target import Target
from shield.redactor import Heart, Manner
from shield.telemetry.metrics import Uninspected

T = TypeVar("T")


class Attempts:
    """The attempts at the parts of one request, in the order in which they are inspected.

    A `reduced` attempt uses patterns alone; `settled` holds what an earlier attempt has found. The process
    apart gives up the rest of a body by itself; then attempts at the parts still to come are reduced.
    """

    __slots__ = ("_last", "_made", "_settled", "begun", "reduced")

    def __init__(self, settled: Mapping[str, Attempt] | None = None) -> None:
        self.begun = False
        self.reduced = settled is not None
        self._settled = settled or {}
        self._made: dict[str, Attempt] = {}
        self._last: Attempt | None = None

    def attempt(self, part: str, rest: Check) -> Attempt:
        """The attempt at a part of the request."""
        if self.reduced:
            return self._settled.get(part) or Attempt(reduced=True)
        self._last = self._made[part] = Attempt(rest)
        return self._last

    @property
    def dispensable(self) -> bool:
        """Whether only work that can be done without is running or waiting."""
        return not self.begun or (self._last is not None and self._last.past_patterns)

    def settled(self) -> Attempts:
        """Reduced attempts that use what these have found; these may go on meanwhile."""
        return Attempts({part: attempt.settled() for part, attempt in list(self._made.items())})


class Job(NamedTuple):
    """The input of an inspection. `body` is as received; `media_type` is None where there is none.

    `fields` are the header fields that may be changed or counted. `apart` inspects the body if it is large.
    `check_method` raises RequestError where the body asks a server to treat the request as one of a method
    that has another route or none. `bypass` is there where the route lets pass what cannot be inspected.
    """

    plan: RoutePlan
    heart: Heart
    target: Target
    body: bytes
    media_type: MediaType | None
    codings: tuple[str, ...]
    digest_body: Callable[[bytes], str]
    apart: Apart | None = None
    check_method: CheckMethod | None = None
    fields: Sequence[ChosenField] = ()
    bypass: Bypass[Any] | None = None


@dataclass(slots=True)
class Tally:
    findings: list[Placed] = field(default_factory=list)
    summary: Summary = NOTHING_FOUND  # of findings that are not in `findings`
    dropped: tuple[str, ...] = ()
    type_changes: tuple[str, ...] = ()
    segments: int = 0
    inspected_bytes: int = 0
    uninspected: dict[Uninspected, int] = field(default_factory=dict)
    blocked: str = ""
    looked_up: int = 0
    remembered: int = 0
    unlearned: int = 0
    remainders: list[Remainder] = field(default_factory=list)
    opaque: list[Opaque] = field(default_factory=list)
    redacted: bool = False  # whether the body was

    def take(self, redaction: Redaction, exempt: int = 0) -> None:
        """Add the result of one part; `exempt` of its segments do not count as segments of this request."""
        self.findings += redaction.findings
        if redaction.summary is not None:
            self.summary = redaction.summary
        self.looked_up += redaction.looked_up
        self.remembered += redaction.remembered
        self.unlearned += redaction.unlearned
        self.segments += redaction.segments - exempt
        self.inspected_bytes += redaction.inspected_bytes
        if redaction.remainder is not None:
            self.remainders.append(redaction.remainder)
        self.opaque += redaction.opaque

    def copy(self) -> Tally:
        """A copy that later changes do not affect."""
        return replace(
            self,
            findings=[*self.findings],
            uninspected={**self.uninspected},
            remainders=[*self.remainders],
            opaque=[*self.opaque],
        )

    def exempt(self, reason: Uninspected, size: int) -> None:
        if size:
            self.uninspected[reason] = self.uninspected.get(reason, 0) + size


class Run(NamedTuple):
    """One inspection: the job and how it is done."""

    job: Job
    heart: Heart
    stages: StageClock
    tally: Tally
    attempts: Attempts | None
    dry: bool

    def manner(self, part: str) -> Manner:
        """How a part of the request is inspected; without an attempt where there is only one way."""
        stages = self.stages
        attempt = None if self.attempts is None else self.attempts.attempt(part, stages.check_rest)
        return Manner(stages.mark, stages.check, attempt, self.dry)

    def guarded(self, part: str, size: int, work: Callable[[Run], T], otherwise: T) -> T:
        """The result of `work` on a part of `size` bytes; `otherwise` where it fails and may pass as it came.

        A deadline is raised on: no time is left for the parts still to come.
        """
        bypass = self.job.bypass
        try:
            return work(self)
        except DeadlineExceededError:
            raise
        except BYPASSABLE as error:
            if bypass is None:
                raise
            bypass.fail(part, error)
            self.tally.exempt(Uninspected.BYPASS, size)
            return otherwise

    def inspect(
        self, part: str, document: Document, exempt: Mapping[int, FieldRule] = MappingProxyType({})
    ) -> Redaction:
        """Inspect what is not exempt; the caller counts what is, or it comes in another call."""
        redaction = self.heart.redact_document(
            Ruled(document, exempt) if exempt else document,
            self.job.plan.route.policy,
            names=self.job.plan.rules.names,
            manner=self.manner(part),
        )
        self.tally.take(redaction, len(exempt))
        return redaction
