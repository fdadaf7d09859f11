"""The exceptions of a period and their states, and acknowledging them: a record of the register."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from itertools import chain

from shield.audit.files import FolderReader
from shield.audit.tiles import CHECKPOINT_PATH
from shield.audit.tree import leaf_hash
from shield.console.answers import Answer, Call, Page, Redirect, RefusedError, period_between
from shield.console.desk import is_companion
from shield.console.feed import FoundLog, read_entry
from shield.console.index_schema import HOUR
from shield.console.notable import ExceptionRow
from shield.console.pages.instances import bridged_ids, gap_of, instances_of, told
from shield.console.pages.ongoing import ShownGap, ongoing_gap
from shield.console.render import with_query
from shield.errors import EvidenceError
from shield.evidence.coverage import GapReason, gap_between
from shield.evidence.exceptions import Exceptional, ExceptionKind
from shield.evidence.instance import Instances
from shield.evidence.reading import REGISTER_SUFFIX, Source, microseconds, time_of
from shield.evidence.register import (
    MAX_NOTE,
    MAX_TICKET,
    NOT_TAKEN_UP,
    OPEN,
    STATES,
    Register,
    Standing,
    acknowledge,
    bridged_by,
    cleared_by,
    read_register,
)

PAGE = 50
_LOOKED_AT = 5000
_FOREVER = 2**62
_HOUR_US = HOUR * 1_000_000
KINDS = tuple(kind.value for kind in ExceptionKind)


@dataclass(frozen=True, slots=True)
class Shown:
    """An exception with its state; `problem` where the register is about another record."""

    row: ExceptionRow
    standing: Standing
    problem: str = ""


def register_of(call: Call, origin: str) -> tuple[Register, str]:
    """The register beside a log, and why it is not believed. Cached until its checkpoint changes."""
    log = call.desk.log_of(origin + REGISTER_SUFFIX)
    if log is None:
        return read_register(None), ""
    head = log.reader.read(CHECKPOINT_PATH) or b""
    kept = call.desk.registers.get(origin)
    if kept is None or kept[0] != head:
        try:
            kept = (head, read_register(Source(log.origin, FolderReader(log.folder))), "")
        except EvidenceError as error:
            kept = (head, read_register(None), str(error))
        call.desk.registers[origin] = kept
    return kept[1], kept[2]


@dataclass(frozen=True, slots=True)
class OpenCounts:
    """The number of open exceptions, and of each kind. One may be of several kinds."""

    records: int
    by_kind: Mapping[str, int]


def open_counts(call: Call, start: int, end: int, origin: str) -> OpenCounts:
    """The open exceptions of a period (whole hours)."""
    by_kind: Counter[str] = Counter()
    together = _open_together(call, start, end, origin)
    for kinds, count in together.items():
        by_kind.update(dict.fromkeys(kinds.split(" "), count))
    return OpenCounts(sum(together.values()), by_kind)


def _open_together(call: Call, start: int, end: int, origin: str) -> Mapping[str, int]:
    """How many are open, by the combination of kinds of each."""
    counts: Counter[str] = Counter()
    names = {state.id: state.origin for state in call.search.origins()}
    for number, kinds, count in call.search.notable.exception_counts(start, end):
        if origin in ("", names.get(number)) and not is_companion(names.get(number, "")):
            counts[kinds] += count
    instances = instances_of(call)
    for one in bridged_ids(call, instances, start, end, origin):
        if one not in register_of(call, one.rpartition("#")[0])[0].ids:
            counts[ExceptionKind.GAP.value] -= 1
    for name, place in call.search.notable.cleared(start, end):
        if origin in ("", name) and f"{name}#{place}" not in register_of(call, name)[0].ids:
            counts[ExceptionKind.REDUCED_DETECTION.value] -= 1
    for name in names.values():
        if origin not in ("", name) or is_companion(name):
            continue
        register, _ = register_of(call, name)
        for exception in register.ids:
            row = call.search.notable.exception_row(name, int(exception.rpartition("#")[2]))
            if row is not None and start <= row.time <= end and _standing(register, row)[0].state != OPEN:
                counts[" ".join(row.kinds)] -= 1
    counts[ExceptionKind.GAP.value] += len(ongoing_gaps(call, instances, start, end, origin))
    for row in ended_later(call, instances, _end_of_hour(end), origin):
        counts[ExceptionKind.GAP.value] += _standing(register_of(call, row.origin)[0], row)[0].state == OPEN
    return {kind: count for kind, count in counts.items() if count > 0}


def ongoing_gaps(call: Call, instances: Instances, start: int, end: int, origin: str) -> list[ShownGap]:
    """The gaps that last at the end of a period, or now if that is earlier: none can be acknowledged yet.

    Without those during which the control is on through other logs.
    """
    end = min(end, int(call.now()) * 1_000_000)
    found = [
        ongoing_gap(state, end)
        for state in call.search.origins()
        if origin in ("", state.origin) and not is_companion(state.origin)
    ]
    return [
        gap for gap in found if gap is not None and gap.end > start and not gap_of(instances, gap).is_bridged
    ]


def ended_later(call: Call, instances: Instances, end: int, origin: str) -> list[ExceptionRow]:
    """The gaps in which a period ends and that a record ended later, newest first, without other reasons.

    The same as `shield.evidence.exceptions.of_period`, over the index.
    """
    found = []
    for state in call.search.origins():
        if origin not in ("", state.origin) or is_companion(state.origin):
            continue
        for low, high, reason, place in call.search.notable.gaps(state.id, end, end):
            row = call.search.notable.exception_row(state.origin, place)
            if row is not None:
                gap = gap_between(low, high, GapReason(reason), place)
                only = replace(row, kinds=(ExceptionKind.GAP.value,), detail=gap.detail)
                found.append(told(instances, call.search.notable, only))
    return sorted(found, key=lambda row: (row.time, row.origin_id, row.place), reverse=True)


def _end_of_hour(us: int) -> int:
    """The last microsecond of the hour, since exceptions are counted by whole hours."""
    return (us // _HOUR_US + 1) * _HOUR_US - 1


def _standing(register: Register, row: ExceptionRow) -> tuple[Standing, str]:
    try:
        return register.standing_of(row.id, row.leaf, _by_itself(row)), ""
    except EvidenceError as error:
        return NOT_TAKEN_UP, str(error)


def _by_itself(row: ExceptionRow) -> Standing | None:
    """Its state if nobody acknowledged it, as records give it."""
    if row.bridged is not None:
        return bridged_by(row.bridged)
    if row.cleared is None:
        return None
    return cleared_by(row.origin, row.cleared, time_of(row.cleared_time or 0))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The filters of the list; empty ones filter nothing."""

    kind: str
    state: str
    origin: str

    def takes(self, row: ExceptionRow) -> bool:
        return (not self.kind or self.kind in row.kinds) and self.origin in ("", row.origin)


def _page_of(
    rows: Iterable[ExceptionRow], registers: Mapping[str, tuple[Register, str]], wanted: _Wanted
) -> tuple[list[Shown], bool]:
    """The first that match, as many as fit a page, and whether there are more."""
    shown: list[Shown] = []
    for row in rows:
        if row.origin not in registers or not wanted.takes(row):
            continue
        standing, problem = _standing(registers[row.origin][0], row)
        if wanted.state not in ("", standing.state):
            continue
        if len(shown) == PAGE:
            return shown, True
        shown.append(Shown(row, standing, problem))
    return shown, False


def _row_of(call: Call, receipt: str, registers: Mapping[str, object]) -> list[ExceptionRow]:
    """The exception of that id, if there is one."""
    name, _, place = receipt.rpartition("#")
    known = _is_place(place) and name in registers
    row = call.search.notable.exception_row(name, int(place)) if known else None
    return [] if row is None else [row]


def show_exceptions(call: Call) -> Answer:
    """The list, newest first, with the state of each."""
    start, end = period_between(call.query.get("start", ""), call.query.get("end", ""))
    low, high = (microseconds(start) if start else 0), (microseconds(end) if end else _FOREVER)
    wanted = _Wanted(*(call.query.get(name, "") for name in ("kind", "state", "origin")))
    receipt = call.query.get("id", "").strip()
    before = _cursor(call)
    names = [one.origin for one in call.search.origins()]
    registers = {name: register_of(call, name) for name in names if not is_companion(name)}
    rows = (
        _row_of(call, receipt, registers)
        if receipt
        else call.search.notable.exceptions(low, high, before, _LOOKED_AT, wanted.kind)
    )
    first = not (receipt or call.query.get("before"))
    instances = instances_of(call)
    later = ended_later(call, instances, high, wanted.origin) if first else []
    read = (told(instances, call.search.notable, row) for row in rows)
    shown, more = _page_of(chain(later, read), registers, wanted)
    cursor = shown[-1].row if more else rows[-1] if len(rows) == _LOOKED_AT else None
    listed = first and wanted.kind in ("", ExceptionKind.GAP) and wanted.state in ("", OPEN)
    chosen = {name: call.query.get(name, "") for name in ("start", "end", "kind", "state", "origin")}
    return Page(
        "exceptions.html",
        {
            "shown": shown,
            "ongoing": ongoing_gaps(call, instances, low, high, wanted.origin) if listed else [],
            "chosen": chosen,
            "filtered": bool(receipt) or any(chosen.values()),
            "kinds": KINDS,
            "states": STATES,
            "origins": [name for name in names if not is_companion(name)],
            "problems": [problem for _, problem in registers.values() if problem],
            "counts": open_counts(
                call, low, min(high, int(call.now() + 3600) * 1_000_000), wanted.origin
            ).by_kind,
            "older": "" if cursor is None else f"{cursor.time}.{cursor.origin_id}.{cursor.place}",
            "max_note": MAX_NOTE,
            "max_ticket": MAX_TICKET,
            "wanted": receipt,
        },
    )


def _cursor(call: Call) -> tuple[int, int, int]:
    text = call.query.get("before", "")
    if not text:
        return (_FOREVER, _FOREVER, _FOREVER)
    parts = text.split(".")
    if len(parts) != 3 or not all(part.isdecimal() and len(part) < 19 for part in parts):  # noqa: PLR2004  three numbers, each less than 2^63
        raise RefusedError("this link is damaged")
    return (int(parts[0]), int(parts[1]), int(parts[2]))


def _is_place(text: str) -> bool:
    return text.isdecimal() and len(text) < 19  # noqa: PLR2004  less than 2^63


def _unknown(call: Call, receipt: str) -> RefusedError:
    """Why an exception is not known here; what the index has not read may well be one."""
    origin, _, place = receipt.rpartition("#")
    known = next((state.known for state in call.search.origins() if state.origin == origin), 0)
    log = call.desk.log_of(origin)
    later = _is_place(place) and int(place) >= known
    if later and log is not None and read_entry(log.reader, int(place)) is not None:
        return RefusedError(
            f"{receipt} is not in the index yet, which still reads the logs: repeat it in a moment",
            HTTPStatus.CONFLICT,
        )
    return RefusedError(f"{receipt} is not an exception", HTTPStatus.NOT_FOUND)


def take_up(call: Call) -> Answer:
    """Acknowledge or resolve the chosen exceptions, in the user's name."""
    chosen: dict[str, list[Exceptional]] = {}
    logs: dict[str, FoundLog] = {}
    ids = list(dict.fromkeys(call.form.get("id", ())))
    if not ids:
        raise RefusedError("no exception was chosen")
    for one in ids[:200]:
        origin, _, place = one.rpartition("#")
        row = call.search.notable.exception_row(origin, int(place)) if _is_place(place) else None
        log = call.desk.log_of(origin)
        if row is None or log is None:
            raise _unknown(call, one)
        entry = read_entry(log.reader, row.place)
        if entry is None or leaf_hash(entry.raw) != row.leaf:
            raise RefusedError(f"{one} is no longer the record that the index knows", HTTPStatus.CONFLICT)
        logs[origin] = log
        kinds = tuple(ExceptionKind(kind) for kind in row.kinds)
        chosen.setdefault(origin, []).append(
            Exceptional(
                origin, row.place, time_of(row.time), kinds, row.route, row.request_id, row.detail, entry.raw
            )
        )
    for origin, exceptions in chosen.items():
        asyncio.run(
            acknowledge(
                logs[origin].directory,
                origin,
                exceptions,
                owner=call.session.user.name,
                ticket=call.field("ticket").strip(),
                note=call.field("note").strip(),
                resolve=call.field("state") == "resolved",
                inspect=call.desk.door.inspect_words,
                clock=lambda: int(call.now() * 1_000_000_000),
            )
        )
    back = {name: call.field(f"back_{name}") for name in ("start", "end", "kind", "state", "origin")}
    return Redirect(with_query("/exceptions", back, notice="acknowledged"))
