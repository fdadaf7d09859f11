"""Builds the index from the logs in steps: each takes what was written since the one before.

A step is one transaction of at most `STEP_RECORDS` records. If a log is not the one that was indexed (another
record stands at the last place), or has records that could not be read and now can, its part of the index is
deleted and rebuilt.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from shield.audit.record import Kind
from shield.audit.tree import leaf_hash
from shield.console.damages import is_mended, keep_damages
from shield.console.feed import Damage, FoundLog, entries_from, find_logs, read_entry
from shield.console.gap_rows import add_gap, resumed_gaps, take_back
from shield.console.index_schema import DAY, HOUR, open_for_writing, unsent
from shield.console.settling import settled
from shield.console.soundness import sound
from shield.evidence.coverage import LONGEST_INTERVAL_US, GapFinder
from shield.evidence.exceptions import ExceptionKind, find_exceptions
from shield.evidence.reading import REQUEST_KINDS, UNREADABLE, Entry, base_origin, microseconds
from shield.evidence.rescans import NOT_YET, is_unsent, never_sent, rescan_of

STEP_RECORDS = 20_000
_US = 1_000_000
_UNITS = (HOUR, DAY)
_BUSY_KINDS = REQUEST_KINDS | {Kind.OUTCOME.value, Kind.HEARTBEAT.value, Kind.CHECKPOINT.value, UNREADABLE}
"""Kinds with many records, which are not kept as events."""
_OF_ORIGIN = (
    "shapes",
    "records",
    "exceptions",
    "gaps",
    "damages",
    "events",
    "latency_spans",
    "result_spans",
    "exception_spans",
)


def index_logs(path: Path, directories: Sequence[Path], limit: int = STEP_RECORDS) -> int:
    """One step over all logs; returns how many records were taken (0: the index is up to date).

    Raises `OSError` and `sqlite3.Error`.
    """
    connection = open_for_writing(path)
    try:
        return sum(_index_log(connection, log, limit) for log in find_logs(directories))
    finally:
        connection.close()


def _index_log(connection: sqlite3.Connection, log: FoundLog, limit: int) -> int:
    reader = log.reader
    with connection:
        row = connection.execute(
            "SELECT id, next, last_hash, last_config, gap_state, folder FROM origins WHERE origin = ?",
            (log.origin,),
        ).fetchone()
        if row is not None and (not _same(log, row) or is_mended(connection, row[0], log.reader)):
            _forget(connection, row[0])
            row = None
        if row is None:
            connection.execute(
                "INSERT INTO origins(origin, folder, next) VALUES (?, ?, 0)", (log.origin, str(log.folder))
            )
            (origin,) = connection.execute(
                "SELECT id FROM origins WHERE origin = ?", (log.origin,)
            ).fetchone()
            start, context, gaps = 0, [], GapFinder()
        else:
            origin, start = row[0], row[1]
            if row[5] != str(log.folder):
                connection.execute("UPDATE origins SET folder = ? WHERE id = ?", (str(log.folder), origin))
            config = None if row[3] is None else read_entry(reader, row[3])
            context = [] if config is None else sound([config], log.origin)
            gaps = GapFinder() if row[4] is None else resumed_gaps(row[4])
        found: list[Damage] = []
        batch = sound(settled(entries_from(reader, start, found.append), limit), log.origin)
        if batch:
            config = context[0] if context and context[0].kind == Kind.CONFIG else None
            _Step(connection, origin, log.origin, config, gaps).take(batch)
        keep_damages(connection, origin, found)
        return len(batch)


def _same(log: FoundLog, row: tuple[Any, ...]) -> bool:
    """Whether the last indexed record is still at its place."""
    following, last_hash = row[1], row[2]
    if not following:
        return True
    last = read_entry(log.reader, following - 1)
    return last is not None and leaf_hash(last.raw) == last_hash


def _forget(connection: sqlite3.Connection, origin: int) -> None:
    shapes = "SELECT id FROM shapes WHERE origin = ?"
    for table in ("spans", "entity_spans"):
        connection.execute(f"DELETE FROM {table} WHERE shape IN ({shapes})", (origin,))  # noqa: S608  constants
    for table in _OF_ORIGIN:
        connection.execute(f"DELETE FROM {table} WHERE origin = ?", (origin,))  # noqa: S608  constants
    connection.execute("DELETE FROM origins WHERE id = ?", (origin,))


def latency_bucket(micros: int) -> int:
    """Eight buckets a doubling: bucket b holds up to 2 ** (b / 8) microseconds, 9 % apart."""
    if micros <= 1:
        return 0
    bits = micros.bit_length() - 1
    bucket = bits * 8
    while micros > 2 ** (bucket / 8):
        bucket += 1
    return bucket


def bucket_micros(bucket: int) -> float:
    """The upper end of a bucket, in microseconds."""
    return float(2 ** (bucket / 8))


@dataclass(slots=True)
class _Totals:
    """What a step adds to the spans."""

    shapes: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    entities: Counter[tuple[int, int, str]] = field(default_factory=Counter)
    latency: Counter[tuple[int, int]] = field(default_factory=Counter)
    results: Counter[tuple[int, str]] = field(default_factory=Counter)


class _Step:
    """Takes a batch of one log and writes what the index keeps of it."""

    def __init__(
        self, connection: sqlite3.Connection, origin: int, name: str, config: Entry | None, gaps: GapFinder
    ) -> None:
        """`config` put the configuration in force before, `gaps` took all records before."""
        self._connection = connection
        self._origin = origin
        self._name = name
        self._config = config
        self._gaps = gaps
        self._shapes: dict[tuple[str, ...], int] = {
            tuple(row[1:]): row[0]
            for row in connection.execute(
                "SELECT id, kind, route, decision, reason, mode, policy, found FROM shapes WHERE origin = ?",
                (origin,),
            )
        }
        self._rows: dict[int, list[Any]] = {}
        self._late: list[tuple[Any, ...]] = []
        self._events: list[tuple[Any, ...]] = []
        self._matched: set[str] = set()
        self._totals = _Totals()
        self._time = 0

    def take(self, batch: Sequence[Entry]) -> None:
        first = last_config = interval = None
        for entry in batch:
            self._time = microseconds(entry.time) if entry.time else self._time
            first = self._time if first is None else first
            if entry.kind == Kind.OUTCOME:
                self._outcome(entry)
            else:
                self._record(entry)
            if entry.kind == Kind.CONFIG and entry.fields["digest_after"] is not None:
                last_config = entry.index
            elif entry.kind == Kind.HEARTBEAT:
                interval = min(entry.fields["interval_us"], LONGEST_INTERVAL_US)
            if entry.kind not in _BUSY_KINDS and not self._is_routine(entry):
                fields = orjson.dumps(dict(entry.fields)).decode()
                self._events.append((entry.kind, self._time, self._origin, entry.index, fields))
        self._write()
        if base_origin(self._name) == self._name:  # a log about another one has no exceptions of its own
            self._exceptions(batch)
        last = batch[-1]
        self._connection.execute(
            "UPDATE origins SET next = ?, last_hash = ?, last_config = COALESCE(?, last_config), "
            "gap_state = ?, first_time = COALESCE(first_time, ?), "
            "interval_us = COALESCE(?, interval_us), last_time = ?, last_kind = ? WHERE id = ?",
            (
                last.index + 1,
                leaf_hash(last.raw),
                last_config,
                orjson.dumps(self._gaps.state).decode(),
                first,
                interval,
                self._time,
                last.kind,
                self._origin,
            ),
        )

    def _is_routine(self, entry: Entry) -> bool:
        """Whether it is a read-back that matched: there may be as many as writes, so one a step is kept."""
        if entry.kind != Kind.READ_BACK or entry.fields["result"] != "match":
            return False
        route = entry.fields["route"]
        known = route in self._matched
        self._matched.add(route)
        return known

    def _record(self, entry: Entry) -> None:
        fields = entry.fields
        findings = fields.get("findings", ())
        pairs = sorted(
            {f"{found['type']} {operator}" for found in findings for operator in found["operators"]}
        )
        key = (
            # Requests of the proxy's own tests are nobody's: they are listed, not counted.
            f"{entry.kind} (canary)" if entry.is_canary else entry.kind,
            fields.get("route") or "",
            fields.get("decision") or "",
            fields.get("reason") or "",
            fields.get("mode") or "",
            fields.get("policy") or "",
            "\n".join(pairs),
        )
        shape = self._shapes.get(key) or self._new_shape(key)
        count = sum(found["count"] for found in findings)
        micros = sum(fields.get("stages_us", {}).values())
        self._rows[entry.index] = [
            self._time,
            self._origin,
            entry.index,
            shape,
            count,
            micros,
            fields.get("status"),
            None,
            None,
        ]
        hour = self._time // _US // HOUR * HOUR
        totals = self._totals.shapes.setdefault((hour, shape), [0, 0, 0])
        totals[0] += 1
        totals[1] += count
        if entry.kind in REQUEST_KINDS and not entry.is_canary:
            if entry.kind != Kind.REJECT:
                totals[2] += fields.get("uninspected_bytes", 0)
            self._totals.latency[hour, latency_bucket(micros)] += 1
        for found in () if entry.is_canary else findings:
            self._totals.entities[hour, shape, found["type"]] += found["count"]

    def _new_shape(self, key: tuple[str, ...]) -> int:
        cursor = self._connection.execute(
            "INSERT INTO shapes(origin, kind, route, decision, reason, mode, policy, found) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (self._origin, *key),
        )
        shape = cursor.lastrowid or 0
        self._shapes[key] = shape
        return shape

    def _outcome(self, entry: Entry) -> None:
        fields = entry.fields
        result, status = str(fields.get("result", "")), fields.get("upstream_status")
        self._totals.results[self._time // _US // HOUR * HOUR, result] += 1
        if is_unsent(entry):
            self._totals.results[
                self._time // _US // HOUR * HOUR, unsent(self._decision(fields["intent"]))
            ] += 1
        row = self._rows.get(fields.get("intent", -1))
        if row is not None:
            row[6:9] = [status, entry.index, result]
        else:
            self._late.append((status, entry.index, result, self._origin, fields.get("intent", -1)))

    def _decision(self, place: int) -> str:
        """The decision of a record of this log that was taken; "" where there is none."""
        row = self._rows.get(place)
        if row is not None:
            return next(key[2] for key, shape in self._shapes.items() if shape == row[3])
        found = self._connection.execute(
            "SELECT decision FROM shapes JOIN records ON records.shape = shapes.id "
            "WHERE records.origin = ? AND place = ?",
            (self._origin, place),
        ).fetchone()
        return found[0] if found else ""

    def _write(self) -> None:
        execute = self._connection.executemany
        execute("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", list(self._rows.values()))
        execute(
            "UPDATE records SET status = ?, outcome = ?, result = ? WHERE origin = ? AND place = ?",
            self._late,
        )
        execute("INSERT INTO events VALUES (?, ?, ?, ?, ?)", self._events)
        for unit in _UNITS:
            execute(
                "INSERT INTO spans VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                "records = records + excluded.records, findings = findings + excluded.findings, "
                "uninspected = uninspected + excluded.uninspected",
                [
                    (unit, hour // unit * unit, shape, *sums)
                    for (hour, shape), sums in self._totals.shapes.items()
                ],
            )
            execute(
                "INSERT INTO entity_spans VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                "findings = findings + excluded.findings",
                [
                    (unit, hour // unit * unit, shape, entity, count)
                    for (hour, shape, entity), count in self._totals.entities.items()
                ],
            )
        self._add("latency_spans", self._totals.latency)
        self._add("result_spans", self._totals.results)

    def _add(self, table: str, counts: Mapping[tuple[int, Any], int]) -> None:
        """Adds counts by (hour, name) to a table of spans of this origin."""
        self._connection.executemany(
            f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "  # noqa: S608  constants
            "records = records + excluded.records",
            [
                (unit, hour // unit * unit, self._origin, name, count)
                for unit in _UNITS
                for (hour, name), count in counts.items()
            ],
        )

    def _exceptions(self, batch: Sequence[Entry]) -> None:
        """Each gap is the exception of the record that ends it, and so is each jump of the clock back."""
        rows: list[tuple[Any, ...]] = []
        spans: Counter[tuple[int, str]] = Counter()
        for it in find_exceptions(self._name, batch, self._gaps, config=self._config):
            time, kinds = microseconds(it.time) if it.time else self._time, " ".join(it.kinds)
            rows.append(
                (time, self._origin, it.index, kinds, it.route, it.request_id, it.detail, leaf_hash(it.raw))
            )
            spans[time // _US // HOUR * HOUR, kinds] += 1
            if ExceptionKind.CLOCK_JUMP in it.kinds and self._gaps.taken_back is not None:
                take_back(self._connection, self._origin, self._gaps.taken_back)
            if it.gap is not None:
                add_gap(self._connection, self._origin, it.gap, it.index)
        self._connection.executemany(
            "INSERT INTO exceptions VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)", rows
        )
        self._add("exception_spans", spans)
        self._rescans(batch)

    def _rescans(self, batch: Sequence[Entry]) -> None:
        """Note the results of re-scans, and of unsent writes, for the exceptions that they settle."""
        for entry in batch:
            if is_unsent(entry):
                self._connection.execute(
                    "UPDATE exceptions SET detail = detail || '; ' || ? "
                    "WHERE origin = ? AND place = ? AND ' ' || kinds || ' ' LIKE '% bypass %'",
                    (never_sent(entry.index), self._origin, entry.fields["intent"]),
                )
            if entry.kind != Kind.RESCAN:
                continue
            intent, rescan = rescan_of(entry)
            self._connection.execute(
                "UPDATE exceptions SET detail = replace(detail, ?, ?) WHERE origin = ? AND place = ?",
                (NOT_YET, rescan.detail, self._origin, intent),
            )
            if rescan.is_clean:
                self._connection.execute(
                    "UPDATE exceptions SET cleared = ?, cleared_time = ? "
                    "WHERE origin = ? AND place = ? AND kinds = ? AND detail = ?",
                    (
                        entry.index,
                        microseconds(entry.time),
                        self._origin,
                        intent,
                        ExceptionKind.REDUCED_DETECTION.value,
                        rescan.detail,
                    ),
                )
