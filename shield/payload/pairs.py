"""`name=value&name=value`: what form bodies and query strings have in common, edited in place.

Names are KEY segments at `(name,)`, the n-th value of a name is at `(name, n)`; which rules apply there,
`form_fields` says. Text without `=` is a name alone. Only `&` separates pairs.

A `+` is a blank, but senders that forget to encode one mean `+14155550132` and `jane+news@example.com`: where
a value begins as such a number, or is as a whole such an address, it is read as the sign.

Some servers also split at `;` (HTML 4.01, B.2.2; Rack before 3). To those `id=1;email=…` holds a field that a
rule for `id` is not meant for, so a value that looks like that is inspected even where a rule keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shield.domain import Edit, FieldAction, FieldRule, Limits, Location, Segment, SegmentKind
from shield.errors import RequestError, TooManySegmentsError
from shield.payload.document import File
from shield.payload.form_fields import distinct_names, rules_by_location
from shield.payload.percent import decode_percent, edit_percent
from shield.payload.selectors import NO_RULE, FieldRules

_FURTHER = re.compile(rb";[A-Za-z0-9_.\[\]%+-]{1,128}=")
_SIGN = re.compile(rb"\+(?=[0-9(])")
_TAGGED = re.compile(rb"[A-Za-z0-9._-]{1,64}\+[A-Za-z0-9._+-]{1,64}(?:@|%40)[A-Za-z0-9.-]{3,255}")
_CLOSING = b"%3E"  # of `<ENTITY>`, percent-encoded


@dataclass(frozen=True, slots=True)
class Pair:
    """One piece between ampersands. `name_index` and `value_index` are indices of segments, -1 for none."""

    raw_name: bytes
    raw_value: bytes | None  # None: no `=`
    name: str
    name_index: int = -1
    value_index: int = -1
    dropped: bool = False


class PairsDocument:
    """A decoded form or query; see `Document`."""

    __slots__ = ("_body", "_pairs", "drops", "rules", "segments")

    files: Sequence[File] = ()

    def __init__(
        self,
        body: bytes,
        pairs: Sequence[Pair],
        segments: Sequence[Segment],
        rules: Mapping[int, FieldRule],
        drops: Sequence[tuple[str, Location]],
    ) -> None:
        self._body = body
        self._pairs = pairs
        self.segments = segments
        self.rules = rules
        self.drops = drops

    def encode(self, edits: Mapping[int, Sequence[Edit]]) -> bytes:
        made = {index: changed for index, changed in edits.items() if changed}
        if not made and not self.drops:
            return self._body
        names = self._names(made)
        pieces = []
        for pair in self._pairs:
            if pair.dropped:
                continue
            piece = names.get(pair.name_index, pair.raw_name)
            if pair.raw_value is not None:
                piece += b"=" + self._edited(pair.raw_value, pair.value_index, made)
            pieces.append(piece)
        return b"&".join(pieces)

    def _edited(self, raw: bytes, index: int, edits: Mapping[int, Sequence[Edit]]) -> bytes:
        if index not in edits:
            return raw
        return edit_percent(raw, self.segments[index].text, edits[index])

    def _names(self, edits: Mapping[int, Sequence[Edit]]) -> dict[int, bytes]:
        return distinct_names(
            [(pair.name, pair.name_index) for pair in self._pairs],
            {
                pair.name_index: self._edited(pair.raw_name, pair.name_index, edits)
                for pair in self._pairs
                if pair.name_index in edits
            },
            lambda raw: decode_percent(raw, plus=True) or "",
            _CLOSING,
        )


def decode_pairs(
    body: bytes,
    *,
    root: str,
    kind: SegmentKind,
    limits: Limits,
    rules: FieldRules,
    refuse: type[RequestError],
) -> PairsDocument:
    """Decode `body`; values are segments of `kind`. Raises `refuse` where a text is not UTF-8."""
    if body.count(b"&") >= limits.segments:
        raise TooManySegmentsError(f"more than {limits.segments} pieces of text")
    read = [_read_pair(piece, refuse) for piece in body.split(b"&")] if body else []
    in_force = rules_by_location([(pair.name, value) for pair, value in read if _counts(pair)], rules)
    of_all = in_force.get((), NO_RULE)
    segments: list[Segment] = []
    ruled: dict[int, FieldRule] = {}
    drops: list[tuple[str, Location]] = []
    seen: dict[str, int] = {}
    pairs: list[Pair] = []

    def add(text: str, location: Location, segment_kind: SegmentKind, number: int) -> int:
        if not text:
            return -1
        index = len(segments)
        if index >= limits.segments:
            raise TooManySegmentsError(f"more than {limits.segments} pieces of text")
        segments.append(Segment(index, text, location, segment_kind, root))
        rule = rules.in_force(number)
        if rule is not None and (segment_kind is not SegmentKind.KEY or rule.action is FieldAction.KEEP):
            ruled[index] = rule
        return index

    for pair, value in read:
        if not _counts(pair):
            pairs.append(pair)
            continue
        occurrence = seen[pair.name] = seen.get(pair.name, -1) + 1
        location = (pair.name, occurrence)
        number = in_force.get(location, NO_RULE)
        if number != NO_RULE and rules.rules[number].action is FieldAction.DROP:
            drops.append((root, location))
            pairs.append(Pair(pair.raw_name, pair.raw_value, pair.name, dropped=True))
            continue
        if number not in {NO_RULE, of_all} and has_further_pairs(pair.raw_value or b""):
            number = NO_RULE if rules.rules[number].action is FieldAction.KEEP else number
        name_index = add(pair.name, (pair.name,), SegmentKind.KEY, of_all)
        value_index = add(value, location, kind, number)
        pairs.append(Pair(pair.raw_name, pair.raw_value, pair.name, name_index, value_index))
    return PairsDocument(body, pairs, segments, ruled, drops)


def has_further_pairs(raw: bytes) -> bool:
    """Whether a value, or a whole query, holds what a server that splits at `;` takes for another pair."""
    return b";" in raw and _FURTHER.search(raw) is not None


def _counts(pair: Pair) -> bool:
    """Whether there is anything between the ampersands."""
    return bool(pair.raw_name) or pair.raw_value is not None


def _read_pair(piece: bytes, refuse: type[RequestError]) -> tuple[Pair, str]:
    raw_name, equals, raw_value = piece.partition(b"=")
    name = decode_percent(raw_name, plus=True)
    value = decode_percent(_with_signs(raw_value), plus=True)
    if name is None or value is None:
        raise refuse("a percent-encoded name or value is not UTF-8")
    return Pair(raw_name, raw_value if equals else None, name), value


def _with_signs(raw: bytes) -> bytes:
    """A value with each `+` encoded that is not meant as a blank; it decodes to as many code points."""
    if b"+" not in raw:
        return raw
    if _TAGGED.fullmatch(raw) is not None:
        return raw.replace(b"+", b"%2B")
    return b"%2B" + raw[1:] if _SIGN.match(raw) is not None else raw
