"""One pass over each log: verifies it, then counts its content and writes tables as it is read.

`verify_log`, the single judge, verifies the log, which is then read once more, record by record; that one
reading gives the sums, the coverage, the series, the population, the exceptions and the history of
configurations. Memory does not grow with the log: tables go to disk row by row, the sample is bounded, series
are slices.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from shield.audit.documents import read_document
from shield.audit.record import Kind
from shield.audit.verification import Report
from shield.audit.verify import verify_log
from shield.errors import EvidenceError
from shield.evidence.cells import Table
from shield.evidence.completeness import Tally
from shield.evidence.coverage import CoverageBuilder, GapFinder
from shield.evidence.exceptions import Exceptional, find_exceptions, of_period, ongoing_gap
from shield.evidence.instance import Instances
from shield.evidence.pinned import Pinned
from shield.evidence.population import Population
from shield.evidence.reading import (
    ACCESS_SUFFIX,
    REGISTER_SUFFIX,
    REQUEST_KINDS,
    Entry,
    Period,
    Source,
    entries,
    microseconds,
)
from shield.evidence.reconcile import judge
from shield.evidence.register import NOT_TAKEN_UP, OPEN, Register, read_register
from shield.evidence.report.configurations import ConfigurationHistory
from shield.evidence.report.facts import ListedException, LogFacts, ReportRequest
from shield.evidence.report.kind_tables import KindTables
from shield.evidence.report.series import ActivityBuilder, Slices
from shield.evidence.rescans import Rescans
from shield.evidence.sampling import Sampler, stratum_of

Progress = Callable[[str, int, int], None]
"""Called with what is being done (`verify ORIGIN`, `read ORIGIN`, `write`), how far, and of how much."""

MOST_LISTED = 25
_TESTS = frozenset({Kind.CANARY.value, Kind.READ_BACK.value})
_STEP = 2_048


class Gathered:
    """The results of the passes over all logs: mutable while they run, read by `pack` afterwards."""

    def __init__(self, period: Period, slices: Slices, sampler: Sampler) -> None:
        self.period = period
        self.activity = ActivityBuilder(slices)
        self.sampler = sampler
        self.logs: list[LogFacts] = []
        self.pinned: list[Pinned] = []
        self.companions: list[Pinned] = []
        self.companion_problems: list[str] = []
        self.accesses: Counter[str] = Counter()
        self.tests: Counter[tuple[str, str]] = Counter()
        self.exceptions: Counter[tuple[str, str]] = Counter()
        self.exceptional = 0
        self.open = 0
        self.open_listed: list[ListedException] = []
        self.others_listed: list[ListedException] = []
        self.beyond_head = 0

    @property
    def listed(self) -> list[ListedException]:
        return [*self.open_listed, *self.others_listed][:MOST_LISTED]


def gather(
    sources: Sequence[Source],
    request: ReportRequest,
    seed: str,
    out: Path,
    progress: Progress,
    *,
    now: int,
) -> Gathered:
    """Reads the logs and the registers of `sources`, and writes the tables of a pack to `out`.

    `now` is when, in microseconds since 1970. Raises `EvidenceError` where a log has no signed head or there
    is none, `OSError`.
    """
    companions = {source.origin: source for source in sources if source.is_companion}
    pinned = [Pinned(source) for source in sources if not source.is_companion]
    verified = [_verify(log, request, progress) for log in pinned]
    period = _whole(request.period, verified)
    slices = Slices.of(microseconds(period.start or ""), microseconds(period.end or ""))
    gathered = Gathered(period, slices, Sampler(seed, request.size))
    with ExitStack() as stack:
        tables = _Tables(stack, out)
        instances = Instances.of((Source(log.origin, log) for log in pinned), request.interval_us)
        for log, report in zip(pinned, verified, strict=True):
            _Pass(
                log,
                verification=report,
                request=request,
                gathered=gathered,
                tables=tables,
                register=companions.get(log.origin + REGISTER_SUFFIX),
                instances=instances,
                progress=progress,
                now=now,
            ).run()
            _list_access(log.origin + ACCESS_SUFFIX, companions, request, gathered, tables)
    return gathered


def _verify(log: Pinned, request: ReportRequest, progress: Progress) -> Report:
    def step(done: int, total: int) -> None:
        progress(f"verify {log.origin}", done, total)

    return verify_log(
        log, key=request.keys.get(log.origin), since=request.heads.get(log.origin), on_progress=step
    )


def _whole(asked: Period, verified: Sequence[Report]) -> Period:
    """The period with both ends: the requested ones, else those of the logs."""
    start = asked.start or min((report.first_time for report in verified if report.first_time), default="")
    end = asked.end or max((report.last_time for report in verified if report.last_time), default="")
    if not start or not end:
        raise EvidenceError("the logs have no records, so a report needs a period of its own")
    return Period(start, max(start, end))


class _Tables:
    """The files that are written while the logs are read."""

    def __init__(self, stack: ExitStack, out: Path) -> None:
        self.population = stack.enter_context(Population(out))
        self.kinds = KindTables(stack, out)
        self.exceptions = self._table(
            stack,
            out / "exceptions.csv",
            (
                "id",
                "time",
                "kinds",
                "route",
                "request_id",
                "detail",
                "state",
                "owner",
                "ticket",
                "taken_up",
                "note",
            ),
        )
        self.access = self._table(
            stack,
            out / "access.csv",
            ("id", "time", "action", "user", "login", "name", "via", "host", "from", "to", "filters"),
        )
        self.heads = self._table(
            stack, out / "heads.csv", ("origin", "record", "time", "size", "root", "signature")
        )

    @staticmethod
    def _table(stack: ExitStack, path: Path, header: Sequence[str]) -> Table:
        file = stack.enter_context(path.open("w", newline="", encoding="utf-8"))
        return Table(file, header)


def _was_kept(origin: str, request: ReportRequest) -> bool:
    """Whether somebody kept a key or head of this log, so that it must be there."""
    return origin in request.keys or origin in request.heads


def _list_access(
    origin: str,
    companions: Mapping[str, Source],
    request: ReportRequest,
    gathered: Gathered,
    tables: _Tables,
) -> None:
    """Lists who accessed the evidence in the period; a log that does not verify is listed as a problem."""
    source = companions.get(origin)
    if source is None:
        if _was_kept(origin, request):
            gathered.companion_problems.append(f"{origin} is missing, though a key or head of it was kept")
        return
    report = verify_log(source.reader, key=request.keys.get(origin), since=request.heads.get(origin))
    if not report.ok:
        gathered.companion_problems.append(f"{source.origin} does not verify: {report.problems[0]}")
        return
    gathered.companions.append(Pinned(source))
    for entry in entries(source.reader):
        if entry.kind == Kind.ACCESS and gathered.period.holds(entry.time):
            fields = entry.fields
            gathered.accesses[fields["action"]] += 1
            filters = " ".join(f"{name}={','.join(values)}" for name, values in fields["filters"].items())
            named = (
                fields[name] for name in ("action", "user", "login", "name", "via", "host", "from", "to")
            )
            tables.access.writerow((f"{source.origin}#{entry.index}", entry.time, *named, filters))


class _Pass:
    """The single reading of a log."""

    def __init__(
        self,
        log: Pinned,
        *,
        verification: Report,
        request: ReportRequest,
        gathered: Gathered,
        tables: _Tables,
        register: Source | None,
        instances: Instances,
        progress: Progress,
        now: int,
    ) -> None:
        self._now = now
        self._instances = instances
        self._log = log
        self._verification = verification
        self._request = request
        self._gathered = gathered
        self._tables = tables
        self._progress = progress
        self._period = gathered.period
        self._tally = Tally(self._period, verification.minimum_index)
        self._coverage = CoverageBuilder(self._period, request.interval_us)
        self._history = ConfigurationHistory(
            log.origin, self._period, lambda digest: read_document(log, digest)
        )
        self._kinds: Counter[str] = Counter()
        self._register_source = register
        self._register_problem: str | None = None
        self._register = self._read_register(register)

    def _read_register(self, register: Source | None) -> Register:
        origin, request = self._log.origin + REGISTER_SUFFIX, self._request
        if register is None:
            if _was_kept(origin, request):
                self._register_problem = f"{origin} is missing, though a key or head of it was kept"
            return read_register(None)
        try:
            standings = read_register(register, request.keys.get(origin), request.heads.get(origin))
            self._gathered.companions.append(Pinned(register))
        except EvidenceError as error:
            # The report goes on without the register and says so: no state is believed.
            self._register_problem = str(error)
            return read_register(None)
        return standings

    def run(self) -> None:
        log, gathered = self._log, self._gathered
        gaps = GapFinder(self._request.interval_us)
        found = find_exceptions(
            log.origin,
            self._records(),
            gaps,
            Rescans(lambda: entries(log)),
            self._instances,
        )
        for each in found:
            if (exceptional := of_period(each, self._period)) is not None:
                self._exception(exceptional)
        self._tables.population.end_of_log()
        gathered.pinned.append(log)
        gathered.logs.append(
            LogFacts(
                log.origin,
                log.vkey,
                log.size,
                base64.b64encode(log.signed.checkpoint.root).decode(),
                judge(
                    log.origin,
                    self._verification,
                    self._tally,
                    self._coverage,
                    live=self._request.live,
                    max_gap=self._request.max_gap,
                    instances=self._instances,
                ),
                dict(self._kinds),
                tuple(self._history.listed),
                tuple(self._history.policies()),
                tuple(self._history.models()),
                self._register_source.origin if self._register_source else None,
                self._register_problem,
                ongoing_gap(log.origin, gaps, self._period, self._now, self._instances),
            )
        )

    def _records(self) -> Iterator[Entry]:
        """All records of the log, each passed to everything that counts."""
        tally, coverage, period = self._tally, self._coverage, self._period
        total = self._verification.size
        what = f"read {self._log.origin}"
        for entry in entries(self._log):
            tally.take(entry)
            if entry.time:
                coverage.take(entry)
            kind = entry.kind
            if kind == Kind.OUTCOME:
                self._tables.population.outcome(entry.fields)
            if period.holds(entry.time):
                self._kinds[kind] += 1
                self._tables.kinds.take(self._log.origin, entry)
                if kind in REQUEST_KINDS and not entry.is_canary:
                    self._take_request(entry)
                elif kind == Kind.CHECKPOINT:
                    fields = entry.fields
                    self._tables.heads.writerow(
                        (
                            self._log.origin,
                            entry.index,
                            entry.time,
                            fields["size"],
                            fields["root"],
                            fields["signature"],
                        )
                    )
                elif kind in _TESTS:
                    self._gathered.tests[kind, str(entry.fields.get("result", "recorded"))] += 1
                elif kind == Kind.CONFIG and entry.fields["digest_after"] is not None:
                    self._gathered.activity.change(entry)
            if kind == Kind.CONFIG:
                self._history.take(entry)
            elif kind == Kind.SHUTDOWN:
                self._history.stop(entry.time)
            if entry.index % _STEP == 0:
                self._progress(what, entry.index, total)
            yield entry
        self._progress(what, total, total)

    def _take_request(self, entry: Entry) -> None:
        gathered, origin = self._gathered, self._log.origin
        gathered.activity.request(entry)
        if entry.index >= self._log.size:
            gathered.beyond_head += 1
            return
        stratum = stratum_of(origin, entry.fields, self._request.stratify)
        gathered.sampler.take(origin, entry.index, stratum)
        self._tables.population.request(origin, entry, stratum)

    def _exception(self, exceptional: Exceptional) -> None:
        gathered = self._gathered
        gathered.activity.exception(exceptional)
        try:
            standing = self._register.standing(exceptional)
        except EvidenceError as error:
            self._register_problem = str(error)
            standing = NOT_TAKEN_UP
        gathered.exceptional += 1
        gathered.open += standing.state == OPEN
        for kind in exceptional.kinds:
            gathered.exceptions[kind.value, standing.state] += 1
        listed = gathered.open_listed if standing.state == OPEN else gathered.others_listed
        if len(listed) < MOST_LISTED:
            listed.append(ListedException(exceptional, standing))
        self._tables.exceptions.writerow(
            (
                exceptional.id,
                exceptional.time,
                " ".join(exceptional.kinds),
                exceptional.route,
                exceptional.request_id,
                exceptional.detail,
                standing.state,
                standing.owner,
                standing.ticket,
                standing.time,
                standing.note,
            )
        )
