"""Finds times in which one log was stopped but other logs of its instance have evidence. Pure.

The workers of an instance write the logs `ORIGIN/worker-N` and share its listening sockets. If one of them
ends in order while another runs, as in a rolling reload, no request passes without the control; yet the log
of the one that ended shows nothing of that time. So such a gap stays listed, and names the logs that show the
control on. Only orderly ends count: no other log knows what a crashed worker was handling.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from shield.evidence.coverage import DEFAULT_INTERVAL_US, Coverage, Gap, GapFinder, GapReason
from shield.evidence.reading import Entry, Source, entries, microseconds

_WORKER = re.compile(r"(.+)/worker-[0-9]+")
_US = 1_000_000

Span = tuple[int, int]
"""From and to, in microseconds since 1970."""


def instance_of(origin: str) -> str | None:
    """The origin that the workers of an instance share; None for a log outside such an instance."""
    found = _WORKER.fullmatch(origin)
    return found[1] if found is not None else None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The time that a log's records cover: from `start` to `end`, except its `gaps`, by time."""

    origin: str
    start: int
    end: int
    gaps: Sequence[Span]
    silent: int = 0
    """How long after `end` its worker may still have run without a record; 0 after an orderly end."""

    def lacks(self, span: Span, now: int) -> list[Span]:
        """The parts of a time that it does not cover, as far as is known at `now`, microseconds since 1970.

        A worker that is silent for longer than it may be had ended with its last record.
        """
        low, high = span
        end = self.end + self.silent
        if now > end:
            end = self.end
        if self.start >= high or end <= low:
            return [span]
        outside = [(low, min(high, self.start)), (max(low, end), high)]
        inside = [(max(low, start), min(high, end)) for start, end in self.gaps if end > low and start < high]
        return [(start, end) for start, end in sorted((*outside, *inside)) if end > start]


def evidence_of(origin: str, records: Iterable[Entry], interval_us: int = DEFAULT_INTERVAL_US) -> Evidence:
    """The evidence of all records of a log. Memory: its gaps."""
    finder, gaps = GapFinder(interval_us), list[Span]()
    first: int | None = None
    for entry in records:
        if not entry.time:
            continue
        gap = finder.take(entry)
        if (back := finder.taken_back) is not None:
            first = back.until if back.after is None else first
            gaps = [(start, to) for start, end in gaps if (to := back.end_of(start, end)) > start]
        first = finder.high if first is None else first
        if gap is not None:
            gaps.append((microseconds(gap.start), microseconds(gap.end)))
    high = finder.high or 0
    return Evidence(origin, first or 0, high, sorted(gaps), 0 if finder.stopped else finder.limit_us)


class Instances:
    """The logs of requests that are looked at together; each is read when a gap of another needs it."""

    def __init__(self, logs: Mapping[str, Callable[[], Evidence]]) -> None:
        """`logs` by origin."""
        self._logs = logs
        self._read: dict[str, Evidence] = {}

    @classmethod
    def of(cls, sources: Iterable[Source], interval_us: int = DEFAULT_INTERVAL_US) -> Instances:
        def reading(source: Source) -> Callable[[], Evidence]:
            return lambda: evidence_of(source.origin, entries(source.reader), interval_us)

        return cls({source.origin: reading(source) for source in sources})

    def bridge(self, origin: str, gap: Gap) -> Gap:
        """The gap of a log, with the logs that show the control on meanwhile, if any do."""
        instance = instance_of(origin)
        if gap.reason is not GapReason.STOPPED or instance is None:
            return gap
        span = (microseconds(gap.start), microseconds(gap.end))
        names, missing = list[str](), [span]
        for other in self._others(origin, instance):
            if not (alone := other.lacks(span, span[1])):
                return replace(gap, through=(other.origin,), unseen=0.0)
            left = [it for part in missing for it in other.lacks(part, span[1])]
            if _total(alone) < _total([span]) and _total(left) < _total(missing):
                missing = left
                names.append(other.origin)
        if not names:
            return gap
        return replace(gap, through=tuple(names), unseen=_total(missing) / _US)

    def bridge_all(self, origin: str, coverage: Coverage) -> Coverage:
        """The same for each gap of a log, which then counts as enabled."""
        gaps = tuple(self.bridge(origin, gap) for gap in coverage.gaps)
        through = sum(gap.seconds - gap.without_control for gap in gaps)
        return replace(coverage, gaps=gaps, enabled_seconds=coverage.enabled_seconds + through)

    def _others(self, origin: str, instance: str) -> Iterable[Evidence]:
        for name in sorted(self._logs):
            if name != origin and instance_of(name) == instance:
                if name not in self._read:
                    self._read[name] = self._logs[name]()
                yield self._read[name]


def _total(spans: Sequence[Span]) -> int:
    return sum([end - start for start, end in spans])


ALONE = Instances({})
"""For use where no other log is at hand."""
