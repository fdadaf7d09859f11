"""Compares the logs of a folder with the rosters that anchors kept, and with each other's roster records.

Reads files. `shield.audit.anchored` does the comparison.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC
from itertools import dropwhile, pairwise
from pathlib import Path
from typing import Any

from cryptography import x509

from shield.audit.anchor_store import name_of, rosters
from shield.audit.anchored import Seen, compare, seen_in, seen_in_record
from shield.audit.checkpoint import CheckpointError
from shield.audit.files import read_regular
from shield.audit.roster import Roster, read_head
from shield.audit.timestamping import TimestampError, check_timestamp
from shield.audit.verification import Report
from shield.audit.verify import verify_log
from shield.evidence.expected import absent_workers
from shield.evidence.reading import Period, Source, base_origin, microseconds

_DIGEST = 16
"""Characters of a roster's digest in its file's name."""


@dataclass(frozen=True, slots=True)
class AnchorFolders:
    """Folders of kept rosters; with `roots`, each roster must have a time stamp under these certificates."""

    folders: tuple[Path, ...] = ()
    roots: tuple[x509.Certificate, ...] | None = None


@dataclass(frozen=True, slots=True)
class FolderSeen:
    """The content of a folder.

    Times are RFC 3339: of the time stamps where roots were given, else the host's.

    `in_period` counts rosters of the part of the period that has records; `longest_seconds` is the longest
    time in it without one, during which what was signed could be changed until the next came.
    """

    folder: str
    rosters: int
    first: str
    last: str
    in_period: int
    longest_seconds: float


@dataclass(frozen=True, slots=True)
class LogSeen:
    """A log, the most records that a roster has of it, since when, and how many are signed now."""

    origin: str
    anchored_size: int
    anchored: str
    signed_size: int


@dataclass(frozen=True, slots=True)
class Anchored:
    """The result. `compared` heads were compared with the logs; `pruned` ones are older than what is kept.

    `stamped`: the times of the folders are of time stamps, and not what the rosters' writer says.
    """

    problems: tuple[str, ...] = ()
    folders: tuple[FolderSeen, ...] = ()
    logs: tuple[LogSeen, ...] = ()
    compared: int = 0
    pruned: int = 0
    stamped: bool = False

    @property
    def ok(self) -> bool:
        return not self.problems

    @property
    def notes(self) -> tuple[str, ...]:
        """What was found in the folders, in words."""
        if not self.folders:
            return ()
        found = [
            f"{it.folder}: {it.rosters} rosters, the newest of {it.last or 'no time'}" for it in self.folders
        ]
        found.append(self.whose_times)
        found.append(f"{self.compared} heads of anchors and rosters were compared")
        if self.pruned:
            found.append(f"{self.pruned} of them are older than the pruned records")
        return tuple(found)

    @property
    def whose_times(self) -> str:
        """Whose word the times of the rosters are, as a sentence without its end."""
        if self.stamped:
            return "the times are those of time stamps"
        return (
            "the times are the word of whoever wrote the rosters; when each came is known where the folder "
            "is kept, or by time stamps (--roots)"
        )

    def fields(self) -> dict[str, Any]:
        """The fields for JSON."""
        return {"ok": self.ok, **asdict(self)}


def hold(
    sources: Sequence[Source],
    verified: Mapping[str, Report],
    given: AnchorFolders,
    period: Period,
    *,
    whole: bool,
) -> Anchored:
    """Compares `sources` with what was `given`, and with the newest roster records of the `verified` ones.

    `sources` are all existing logs, including registers and access logs; where a folder is given, those not
    yet `verified` are verified here. `whole`: the logs are those of a whole audit directory, so a log that
    another's record names must be among them. Raises `OSError`.
    """
    problems: list[str] = []
    reports = dict(verified)
    if given.folders:
        for source in sources:
            if source.origin not in reports:
                reports[source.origin] = report = verify_log(source.reader)
                problems += [f"{source.origin} does not verify: {it}" for it in report.problems[:1]]
    span = _span(reports.values(), period)
    kept: list[tuple[str, Seen]] = []
    readings = [_Folder(folder, given.roots, problems) for folder in given.folders]
    for reading in readings:
        kept += reading.heads()
    problems += _not_kept(reports, [(reading.name, reading.digests) for reading in readings])
    seen = [head for _, head in kept]
    if whole:
        seen += [
            head
            for origin, report in reports.items()
            if report.roster is not None
            for head in seen_in_record(report.roster[1], f"record {report.roster[0]} of {origin}")
        ]
    # A log in use has grown since it was verified, and another log's roster may name its new size.
    sizes = {}
    for source in sources:
        head, report_of = read_head(source.reader), reports.get(source.origin)
        sizes[source.origin] = max(
            head.signed.checkpoint.size if head is not None else 0,
            report_of.signed_size if report_of is not None else 0,
        )
    result = compare({source.origin: source.reader for source in sources}, sizes, seen)
    return Anchored(
        (*problems, *result.problems, *(_orphans(sources, result.problems) if whole else ())),
        tuple(reading.seen(span) for reading in readings),
        tuple(_logs(kept, sizes)) if given.folders else (),
        result.compared,
        result.pruned,
        stamped=given.roots is not None,
    )


class _Folder:
    """One reading of a folder."""

    def __init__(self, folder: Path, roots: Sequence[x509.Certificate] | None, problems: list[str]) -> None:
        self._folder = folder
        self.name = folder.resolve().name
        self._roots = roots
        self._problems = problems
        self._times: list[str] = []
        self.digests: set[str] = set()
        """The prefixes of the rosters' digests, as in the files' names."""

    def heads(self) -> Iterator[tuple[str, Seen]]:
        """The heads of all rosters with their times; invalid rosters become problems."""
        for path in rosters(self._folder):
            name = name_of(path)
            self.digests.add(path.stem.rpartition("-")[2])
            document = read_regular(path)
            try:
                roster = Roster.parse(document)
                time = roster.time
                if self._roots is not None:
                    reply = read_regular(path.with_suffix(".tsr"))
                    stamped = check_timestamp(reply, document, self._roots).astimezone(UTC)
                    time = stamped.isoformat(timespec="microseconds")[:-6] + "Z"
            except (CheckpointError, TimestampError) as error:
                self._problems.append(f"{name}: {error}")
                continue
            except FileNotFoundError:
                self._problems.append(f"{name}: it has no time stamp beside it")
                continue
            self._times.append(time)
            for head in seen_in(roster, f"the anchor ({name})"):
                yield time, head
        if not self._times:
            self._problems.append(f"{self._folder}: there is no roster in this folder")

    def seen(self, span: tuple[int, int] | None) -> FolderSeen:
        """Call it after `heads`; `span` in microseconds."""
        times = sorted(self._times)
        within: list[int] = []
        longest = 0
        if span is not None:
            start, end = span
            within = [at for at in map(microseconds, times) if start <= at <= end]
            longest = max(after - before for before, after in pairwise([start, *within, end]))
        first, last = (times[0], times[-1]) if times else ("", "")
        return FolderSeen(str(self._folder), len(times), first, last, len(within), longest / 1_000_000)


def _not_kept(reports: Mapping[str, Report], folders: Sequence[tuple[str, Collection[str]]]) -> Iterator[str]:
    """Rosters that a log says an anchor took, and that are gone from its folder; `folders`: name and digests.

    A folder belongs to the anchor whose name it has, as in folders that the proxy makes. Otherwise it belongs
    to the anchor that took most of what is in it, since anchors that were due together took the same; among
    several, to the one that lacks least, so that what is left of a folder may pass for another's. What an
    anchor took before the first roster of its own that is there may be in another folder, or is no longer
    kept.
    """
    taken: dict[str, dict[str, list[tuple[int, str]]]] = {}
    for origin, report in reports.items():
        for it in report.taken:
            of_anchor = taken.setdefault(it.anchor, {}).setdefault(origin, [])
            of_anchor.append((it.index, it.roster_sha256[:_DIGEST]))
    owned: dict[str, set[str]] = {}
    for name, digests in folders:
        fits = {
            anchor: (sum(digest in digests for found in logs.values() for _, digest in found), -lacking)
            for anchor, logs in taken.items()
            for lacking in (sum(len(_gone(found, digests)) for found in logs.values()),)
        }
        anchor = name if name in taken else max(fits, key=fits.__getitem__, default="")
        if anchor:
            owned.setdefault(anchor, set()).update(digests)
    for anchor, digests in owned.items():
        for origin, found in taken[anchor].items():
            gone = _gone(found, digests)
            if gone:
                more = f", and {len(gone) - 1} later ones," if len(gone) > 1 else ""
                yield (
                    f"the roster that the anchor {anchor} took by record {gone[0]} of {origin}{more} is not "
                    "in the folder: it was removed, or the anchor has another folder too"
                )


def _gone(found: Sequence[tuple[int, str]], digests: Collection[str]) -> list[int]:
    """The records of missing rosters after the first one that exists."""
    there = dropwhile(lambda each: each[1] not in digests, found)
    return [index for index, digest in there if digest not in digests]


def _orphans(sources: Sequence[Source], said: Sequence[str]) -> Iterator[str]:
    """Missing logs that nobody named yet: their register or access log exists, or they are a worker's."""
    origins = {source.origin for source in sources}
    for source in sources:
        log = base_origin(source.origin)
        if log not in origins and not any(it.startswith(f"the log {log} is missing") for it in said):
            origins.add(log)
            yield f"the log {log} is missing: {source.origin}, which is about it, is here"
    for log, why in absent_workers(sources):
        if log not in origins and not any(it.startswith(f"the log {log} is missing") for it in said):
            yield f"the log {log} is missing: {why}"


def _span(reports: Iterable[Report], period: Period) -> tuple[int, int] | None:
    """The part of the period that has records; None where it has none."""
    found = [report for report in reports if report.first_time and report.last_time]
    if not found:
        return None
    start, end = min(report.first_time for report in found), max(report.last_time for report in found)
    if period.start is not None:
        start = max(start, period.start)
    if period.end is not None:
        end = min(end, period.end)
    try:
        return (microseconds(start), microseconds(end)) if start <= end else None
    except (ValueError, TypeError):  # no valid record; `verify_log` names it
        return None


def _logs(kept: Sequence[tuple[str, Seen]], sizes: Mapping[str, int]) -> Iterator[LogSeen]:
    largest: dict[str, tuple[int, str]] = {}
    for time, head in kept:
        if head.origin not in largest or head.size > largest[head.origin][0]:
            largest[head.origin] = head.size, time
    for origin in sorted(largest.keys() | sizes.keys()):
        size, time = largest.get(origin, (0, ""))
        yield LogSeen(origin, size, time, sizes.get(origin, 0))
