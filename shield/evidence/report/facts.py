"""Everything that a report states: frozen values, made by `gather`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shield.audit.checkpoint import SignedCheckpoint, VerifierKey
from shield.domain import EMPTY
from shield.evidence.anchored import Anchored, AnchorFolders
from shield.evidence.exceptions import Exceptional, Ongoing
from shield.evidence.outside import Outside, OutsideCounts
from shield.evidence.reading import Period
from shield.evidence.reconcile import Reconciliation
from shield.evidence.register import Standing
from shield.evidence.report.configurations import Configuration, InForce
from shield.evidence.report.evaluation import Evaluated
from shield.evidence.report.series import Activity

_TO_SECOND = len("2031-05-04T03:02:01")
DEFAULT_SIZE = 25
DEFAULT_STRATA = ("route", "decision")
_NO_FOLDER = AnchorFolders()


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """The request for a report.

    `seed` is the auditor's; None derives one from the logs' heads, which the operator may have chosen. `keys`
    and `heads` came from elsewhere, by origin (see `verify_log`), also of registers and access logs. `live`:
    the log is in use. `max_gap` in seconds makes a longer gap a problem. `interval_us` is used for the
    heartbeat interval up to the first heartbeat. `title` names the subject of the report, in the operator's
    words. `outside` compares others' counts with what the logs hold. `anchors` are folders of rosters that
    anchors kept. `whole`: the logs are all those of an audit directory.
    """

    period: Period
    size: int = DEFAULT_SIZE
    seed: str | None = None
    stratify: tuple[str, ...] = DEFAULT_STRATA
    keys: Mapping[str, VerifierKey] = field(default_factory=lambda: EMPTY)
    heads: Mapping[str, SignedCheckpoint] = field(default_factory=lambda: EMPTY)
    live: bool = False
    max_gap: float | None = None
    interval_us: int = 60_000_000
    title: str = ""
    outside: OutsideCounts | None = None
    anchors: AnchorFolders = _NO_FOLDER
    whole: bool = False


@dataclass(frozen=True, slots=True)
class LogFacts:
    """The facts of one origin. `kinds` counts the period's records by kind, `acknowledged` its register's.

    `ongoing` is the gap that no record had ended when the report was made.
    """

    origin: str
    vkey: str
    head_size: int
    head_root: str
    reconciliation: Reconciliation
    kinds: Mapping[str, int]
    configurations: Sequence[Configuration]
    policies: Sequence[InForce]
    models: Sequence[InForce]
    register: str | None
    register_problem: str | None
    ongoing: Ongoing | None


@dataclass(frozen=True, slots=True)
class ListedException:
    """An exception and its state."""

    exception: Exceptional
    standing: Standing


@dataclass(frozen=True, slots=True)
class SampleItem:
    """A request of the sample, and where its record is in the pack."""

    id: str
    stratum: str
    file: str


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of all origins over a period, whose ends are both known here (RFC 3339).

    `exceptions` counts them by (kind, state); `listed` are the first ones, open ones before others.
    `seed_given`: the seed is the auditor's. `strata` maps names to (population, size of the sample). `tests`
    counts the records of canaries and read-backs by (kind, result), `accesses` those to the evidence by
    action. `documents` are the configurations in force, by digest, as far as they exist beside the logs.
    """

    title: str
    version: str
    generated: str
    start: str
    end: str
    logs: Sequence[LogFacts]
    activity: Activity
    exceptions: Mapping[tuple[str, str], int]
    exceptional_records: int
    open_records: int
    listed: Sequence[ListedException]
    population: int
    beyond_head: int
    seed: str
    seed_given: bool
    strata: Mapping[str, tuple[int, int]]
    sample: Sequence[SampleItem]
    tests: Mapping[tuple[str, str], int]
    accesses: Mapping[str, int]
    companion_problems: Sequence[str]
    models: Sequence[Evaluated]
    documents: Mapping[str, Mapping[str, Any]]
    outside: Outside
    anchored: Anchored
    unproved: Sequence[str]
    """What cannot be proved of the sample, in words."""

    @property
    def unsent(self) -> Mapping[str, int]:
        """The intents and bypasses for which nothing was sent, by decision: a stop came first."""
        found: Counter[str] = Counter()
        for log in self.logs:
            found.update(log.reconciliation.completeness.unsent)
        return found

    def sent(self, *decisions: str) -> int:
        """How many requests with these decisions were forwarded, or may have been."""
        decided = sum(sum(self.activity.decisions.get(name, ())) for name in decisions)
        return decided - sum(self.unsent.get(name, 0) for name in decisions)

    @property
    def ongoing(self) -> list[Ongoing]:
        """The gaps that no record has ended yet. They are in no list of exceptions, whose ids are records."""
        return [log.ongoing for log in self.logs if log.ongoing is not None]

    @property
    def is_over(self) -> bool:
        """Whether the period had ended when the report was made, to the second."""
        return self.end[:_TO_SECOND] <= self.generated[:_TO_SECOND]

    @property
    def problems(self) -> list[str]:
        """Why the evidence does not hold, in words; empty where it does."""
        found = [f"{log.origin}: {problem}" for log in self.logs for problem in log.reconciliation.problems]
        found += [log.register_problem for log in self.logs if log.register_problem is not None]
        return [
            *found,
            *self.companion_problems,
            *self.unproved,
            *self.anchored.problems,
            *self.outside.problems,
        ]

    @property
    def ok(self) -> bool:
        return not self.problems
