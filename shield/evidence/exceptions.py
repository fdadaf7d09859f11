"""Finds every record of a log that an auditor will ask about. Pure.

An exception is a record; its id is `ORIGIN#INDEX`, which never changes, since records never do. One record
may be an exception for several reasons, its `kinds`. A gap is the exception of the record that ends it, an
unknown outcome that of the outcome. A gap belongs to each period that it overlaps, even if its record came
later (`of_period`). Silence that still lasts at the end of a period (`Ongoing`) has no record and no id yet:
it is listed as open, and can be acknowledged once it has ended. Bytes that a route's field rules exempt
(`keep`) are no exception: that is a setting, and in every record that it touches, so `reconcile` sums them
up.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from shield.audit import life_records
from shield.audit.record import OUTCOME_UNKNOWN, Kind
from shield.domain import EMPTY, Verdict
from shield.evidence.coverage import Gap, GapFinder, GapReason, TakenBack, gap_between
from shield.evidence.instance import ALONE, Instances
from shield.evidence.reading import UNREADABLE, Entry, Period, microseconds, time_of
from shield.evidence.rescans import NO_RESCANS, NOT_YET, Rescan, Rescans, is_reduced, never_sent


class ExceptionKind(enum.StrEnum):
    """Why a record is an exception."""

    BYPASS = "bypass"  # forwarded after an error with parts as they came, by the route's setting
    OBSERVE = "observe"  # forwarded unchanged although something was found, by the route's mode
    BLOCK = "block"  # the policy let nothing pass
    TIME_LIMIT = "time_limit"  # the inspection was not done in time
    REDUCED_DETECTION = "reduced_detection"  # forwarded with what only patterns found in time
    UNINSPECTABLE = "uninspectable"  # a media type, coding or content of a text that cannot be read
    INSPECTION_FAILED = "inspection_failed"  # a detector or operator failed, or the shield itself
    UNKNOWN_OUTCOME = "unknown_outcome"  # nobody knows whether the write took effect
    UNCLEAN_END = "unclean_end"  # the previous run ended without a shutdown record
    TORN_TAIL = "torn_tail"  # bytes of a write that was never acknowledged were cut
    CONFIG_CHANGE = "config_change"  # another configuration than before
    VERSION_CHANGE = "version_change"  # another build of the program, or other detectors, than before
    CONFIG_REFUSED = "config_refused"  # a reload was asked for and refused
    CLOCK_JUMP = "clock_jump"  # the clock went back, or has caught up
    CANARY_FAILED = "canary_failed"  # a test of the control did not come out as expected, or not at all
    READ_BACK_MISMATCH = "read_back_mismatch"  # storage does not give back what was forwarded
    GAP = "gap"  # a time without evidence came before
    ANCHOR_FAILED = "anchor_failed"  # an anchor stopped taking the heads
    LOG_CHANGE = "log_change"  # another signing key; records pruned; a digest key destroyed; a hold
    UNREADABLE = "unreadable"  # it is no record of this format


_BY_REASON = {
    "deadline_exceeded": ExceptionKind.TIME_LIMIT,
    "media_type_unsupported": ExceptionKind.UNINSPECTABLE,
    "content_encoding_unsupported": ExceptionKind.UNINSPECTABLE,
    "opaque_content": ExceptionKind.UNINSPECTABLE,
    "detection_incomplete": ExceptionKind.INSPECTION_FAILED,
    "anonymization_failed": ExceptionKind.INSPECTION_FAILED,
    "internal_error": ExceptionKind.INSPECTION_FAILED,
    "resources_exhausted": ExceptionKind.INSPECTION_FAILED,
}
_LOG_CHANGES = frozenset({Kind.ROTATE, Kind.PRUNE, Kind.DIGEST_KEY, Kind.HOLD})
_UNEXPECTED = frozenset({"failed", "error"})
_NOT_AS_SENT = frozenset({"mismatch", "not_found"})
MAX_NAMED = 10
_BY_DECISION = {
    "bypass": ExceptionKind.BYPASS,
    "observe": ExceptionKind.OBSERVE,
    "block": ExceptionKind.BLOCK,
}


@dataclass(frozen=True, slots=True)
class Exceptional:
    """A record that is an exception. `detail` holds only codes, counts and digests of records.

    `cleared` is the re-scan that found nothing more, where a due re-scan is the only reason. `gap` is the
    time without evidence that the record ended.
    """

    origin: str
    index: int
    time: str
    kinds: tuple[ExceptionKind, ...]
    route: str | None
    request_id: str | None
    detail: str
    raw: bytes
    cleared: Rescan | None = None
    gap: Gap | None = None

    @property
    def id(self) -> str:
        return f"{self.origin}#{self.index}"

    @property
    def bridged(self) -> Gap | None:
        """The gap, where it is the only reason and other logs show the control on meanwhile."""
        only = self.kinds == (ExceptionKind.GAP,)
        return self.gap if only and self.gap is not None and self.gap.is_bridged else None


@dataclass(frozen=True, slots=True)
class Ongoing:
    """A gap that no record has ended: `seconds` from `start` to the end of the period."""

    origin: str
    start: str
    seconds: float
    reason: GapReason
    aside: str = ""

    @property
    def detail(self) -> str:
        return f"{self.seconds:.3f} s so far, {self.reason.value}{self.aside}"


def ongoing_gap(
    origin: str, gaps: GapFinder, period: Period, now: int, instances: Instances = ALONE
) -> Ongoing | None:
    """The gap that lasts at the end of the period, the last one that `reconcile` lists.

    Also None where other logs of `instances` show the control on all that time. `gaps` has taken the whole
    log; `now` is microseconds since 1970: the future part of the period is no gap, but records later than
    `now` are believed. A period without an end has none.
    """
    if period.end is None or gaps.high is None:
        return None
    end = microseconds(period.end)
    if gaps.high <= now:
        end = min(end, now)
    start = gaps.high if period.start is None else max(gaps.high, microseconds(period.start))
    reason = gaps.lasting(end)
    if reason is None or end <= start:
        return None
    gap = instances.bridge(origin, gap_between(start, end, reason, None))
    return None if gap.is_bridged else Ongoing(origin, gap.start, gap.seconds, reason, gap.aside)


def of_period(exceptional: Exceptional, period: Period) -> Exceptional | None:
    """The part of an exception that belongs to the period; None where none does.

    If its record came later, that is the gap which it ended, if that began in time. An unreadable record has
    no credible time, so it belongs to every period.
    """
    if ExceptionKind.UNREADABLE in exceptional.kinds or period.holds(exceptional.time):
        return exceptional
    gap = exceptional.gap
    if gap is None or not gap.overlaps(period):
        return None
    return replace(exceptional, kinds=(ExceptionKind.GAP,), detail=gap.detail)


def find_exceptions(
    origin: str,
    records: Iterable[Entry],
    gaps: GapFinder | None = None,
    rescans: Rescans = NO_RESCANS,
    instances: Instances = ALONE,
    *,
    config: Entry | None = None,
) -> Iterator[Exceptional]:
    """The exceptions among all records of a log, in order; memory does not grow with the log.

    `gaps` takes the records meanwhile, from before the first; at the end it knows how the log ends. `rescans`
    are of the same log, since a record holds only what was known when it was written. `instances` knows the
    other logs. `config` is the record that put a configuration in force before the first of `records`.
    """
    gaps = GapFinder() if gaps is None else gaps
    for entry in records:
        gap = gaps.take(entry) if entry.time else None
        gap = None if gap is None else instances.bridge(origin, gap)
        kinds: dict[ExceptionKind, str] = {}
        if entry.kind == Kind.CONFIG:
            kinds |= _config_kinds(entry, config)
            config = config if entry.fields["digest_after"] is None else entry
        else:
            kinds |= _kinds(entry)
        rescan = None
        if is_reduced(entry):
            rescan = rescans.of(entry.index)
            kinds[ExceptionKind.REDUCED_DETECTION] = rescan.detail if rescan is not None else NOT_YET
        if "clock_back_us" in entry.fields:
            kinds[ExceptionKind.CLOCK_JUMP] = _jump(entry.fields["clock_back_us"], gaps.taken_back)
        elif gaps.caught_up and entry.time:
            kinds[ExceptionKind.CLOCK_JUMP] = _caught_up(gaps.caught_up)
        if gap is not None:
            kinds[ExceptionKind.GAP] = gap.detail
        if kinds:
            details = [*dict.fromkeys(filter(None, kinds.values()))]
            # Observed writes are too many to read the log once more for them.
            unsent = rescans.unsent(entry.index) if ExceptionKind.BYPASS in kinds else None
            if unsent is not None:
                details.append(never_sent(unsent))
            yield Exceptional(
                origin,
                entry.index,
                entry.time,
                tuple(kinds),
                entry.fields.get("route"),
                entry.fields.get("request_id"),
                "; ".join(details),
                entry.raw,
                rescan if rescan is not None and rescan.is_clean and len(kinds) == 1 else None,
                gap,
            )


def _caught_up(requests: int) -> str:
    """What a clock that was set back hid from the period: their own times are earlier."""
    return f"as late again as before: {requests} requests recorded meanwhile have earlier times"


def _jump(back_us: int, taken_back: TakenBack | None) -> str:
    """How far the clock went back, and what is left of the gap of a jump ahead that this took back."""
    said = f"back by {back_us} us"
    if taken_back is None:
        return said
    if taken_back.after is None:
        return f"{said}; it had been ahead since the first record"
    left = max(0, taken_back.until - taken_back.after) / 1_000_000
    return f"{said}; it had been ahead: of the gap from {time_of(taken_back.after)} on, {left:.3f} s are left"


def _config_kinds(entry: Entry, before: Entry | None) -> dict[ExceptionKind, str]:
    """A log's first configuration changes nothing; nor does a start with the previous one.

    The same configuration does something else under another program, or with other detectors of a policy.
    """
    fields, earlier = entry.fields, EMPTY if before is None else before.fields
    if fields["digest_after"] is None:
        return {ExceptionKind.CONFIG_REFUSED: f"{fields['reason']}, still {fields['digest_before']}"}
    kinds: dict[ExceptionKind, str] = {}
    previous = fields["digest_before"] or earlier.get("digest_after")
    if previous not in (None, fields["digest_after"]):
        kinds[ExceptionKind.CONFIG_CHANGE] = f"{fields['reason']}: {previous} to {fields['digest_after']}"
    others = [f"{earlier['build']} to {fields['build']}"] if _differs(earlier, fields, "build") else []
    old, new = earlier.get("models", EMPTY), fields.get("models", EMPTY)
    others += [
        f"detectors of {policy} from {old[policy]} to {new[policy]}"
        for policy in new
        if _differs(old, new, policy)
    ]
    if others:
        kinds[ExceptionKind.VERSION_CHANGE] = f"{fields['reason']}: {', '.join(others)}"
    return kinds


def _differs(old: Mapping[str, Any], new: Mapping[str, Any], name: str) -> bool:
    """Whether both have it, and not the same."""
    return name in old and name in new and old[name] != new[name]


def _kinds(entry: Entry) -> dict[ExceptionKind, str]:
    fields = entry.fields
    kinds: dict[ExceptionKind, str] = {}
    if entry.is_canary:
        return kinds  # its result is judged in a record of its own
    if entry.kind in {Kind.INTENT, Kind.BYPASS, Kind.REJECT}:
        reason = fields["reason"]
        if fields["decision"] in _BY_DECISION:
            kinds[_BY_DECISION[fields["decision"]]] = _detail(fields)
        if reason in _BY_REASON:
            kinds[_BY_REASON[reason]] = reason
        if "opaque" in fields:  # even if the route lets it pass, as nobody chose that single field
            kinds[ExceptionKind.UNINSPECTABLE] = _opaque(fields)
    elif entry.kind == Kind.OUTCOME and fields["result"] == OUTCOME_UNKNOWN:
        kinds[ExceptionKind.UNKNOWN_OUTCOME] = f"of record {fields['intent']}"
    elif entry.kind == Kind.RECOVERED:
        if not fields["clean"]:
            kinds[ExceptionKind.UNCLEAN_END] = f"{fields['unknown_outcomes']} unknown outcomes"
        if fields["cut_bytes"]:
            kinds[ExceptionKind.TORN_TAIL] = f"{fields['cut_bytes']} bytes cut"
    elif entry.kind == Kind.ANCHOR and fields["result"] != life_records.OK:
        kinds[ExceptionKind.ANCHOR_FAILED] = f"{fields['anchor']}: {fields['result']}"
    elif entry.kind in _LOG_CHANGES and fields.get("action") != life_records.CREATED:
        kinds[ExceptionKind.LOG_CHANGE] = _change(entry)
    elif entry.kind == Kind.CANARY and fields["result"] in _UNEXPECTED:
        kinds[ExceptionKind.CANARY_FAILED] = _canary(fields)
    elif entry.kind == Kind.READ_BACK and fields["result"] in _NOT_AS_SENT:
        kinds[ExceptionKind.READ_BACK_MISMATCH] = _read_back(fields)
    elif entry.kind == UNREADABLE:
        kinds[ExceptionKind.UNREADABLE] = "no record of this format"
    return kinds


def _change(entry: Entry) -> str:
    """What was done to the log itself: names, numbers and codes; the record names who approved it."""
    fields = entry.fields
    match entry.kind:
        case Kind.ROTATE:
            return f"signing key rotated to {fields['new_vkey']}"
        case Kind.PRUNE:
            return f"records below {fields['minimum_index']} pruned, of before {fields['before']}"
        case Kind.DIGEST_KEY:
            return f"digest key {fields['key']} of {fields['period']} {fields['action']}"
    return f"legal hold {fields['name']} {fields['action']}"


def _canary(fields: Mapping[str, Any]) -> str:
    if fields["result"] == "error":
        return f"could not be run: {fields['reason']}"
    return f"{len(fields['failed'])} of {fields['checks']}: {', '.join(fields['failed'][:MAX_NAMED])}"


def _read_back(fields: Mapping[str, Any]) -> str:
    """The write concerned, and how the object differs: counts, types and the route's own words."""
    of = f"of record {fields['intent']}, {fields['attempts']} reads"
    if fields["result"] == "not_found":
        return f"not found, {of}"
    said = [f"{fields[name]['count']} {name}" for name in ("differing", "missing") if fields[name]["count"]]
    said += [f"unredacted {entity} {count}" for entity, count in fields["unredacted"].items()]
    return f"{', '.join(said) or fields['reason']}, {of}"


def _detail(fields: Mapping[str, Any]) -> str:
    """What was found, or the reason of a bypass, which forwarded its uninspected parts as they came."""
    if fields["decision"] == Verdict.BYPASS.value:
        parts = ", ".join(fields.get("as_received", ()))
        return f"{fields['reason']}, {parts} as received" if parts else str(fields["reason"])
    return _found(fields["findings"]) or str(fields["reason"])


def _opaque(fields: Mapping[str, Any]) -> str:
    """Which content could not be inspected, and whether it was forwarded."""
    opaque = fields["opaque"]
    forms = ", ".join(f"{form} {count}" for form, count in opaque["forms"].items())
    fate = "refused" if fields["size_after"] is None else "forwarded"
    return f"{forms} as opaque content, {opaque['bytes']} bytes, {fate}"


def _found(findings: Iterable[dict[str, object]]) -> str:
    return ", ".join(f"{finding['type']} {finding['count']}" for finding in findings)
