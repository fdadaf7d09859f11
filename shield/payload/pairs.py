"""`name=value&name=value`: what form bodies and query strings have in common, edited in place.

Names are KEY segments at `(name,)`; the n-th value of a name is a segment at `(name, n)`, as field rules
see it in `{"name": ["value", …]}`. What stands without `=` is a name alone. Only `&` parts pairs. Rules hold
too for what PHP and Rails make of brackets in a name, and Spring and ASP.NET of dots: `ticket[id]=7` and
`ticket.id=7` are `{"ticket": {"id": "7"}}`.

Some servers part them at `;` as well (HTML 4.01, B.2.2; Rack before 3). To those `id=1;email=…` holds a field
that a rule for `id` is not meant for: so what looks like that is inspected, though a rule keeps the value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from shield.domain import Edit, FieldAction, FieldRule, Limits, Segment, SegmentKind
from shield.errors import RequestError, TooManySegmentsError
from shield.payload.percent import decode_percent, edit_percent
from shield.payload.placed_rules import Steps
from shield.payload.selectors import NO_RULE, FieldRules
from shield.payload.splice import free_name, numbered

Location = tuple[str | int, ...]
_FURTHER = re.compile(rb";[A-Za-z0-9_.\[\]%+-]{1,128}=")
_BRACKETS = re.compile(r"\[([^\[\]]*)\]")
_PARTS = re.compile(r"[^.\[\]]+|(?<=\[)(?=\])")
_CLOSING = b"%3E"  # of `<ENTITY>`, percent-encoded


@dataclass(frozen=True, slots=True)
class Pair:
    """One piece between ampersands. `name_index`, `value_index` are segments, -1 where there is none."""

    raw_name: bytes
    raw_value: bytes | None  # None: no `=`
    name: str
    name_index: int = -1
    value_index: int = -1
    dropped: bool = False


class PairsDocument:
    """A decoded form or query; see `Document`."""

    __slots__ = ("_body", "_pairs", "drops", "rules", "segments")

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
        """The edited names by segment, numbered where two different names would become one."""
        taken = {pair.name for pair in self._pairs if pair.name_index not in edits}
        given: dict[tuple[str, bytes], bytes] = {}
        names: dict[int, bytes] = {}
        for pair in self._pairs:
            if pair.name_index not in edits:
                continue
            edited = self._edited(pair.raw_name, pair.name_index, edits)
            # Compared by what they say: the same name may be escaped in two ways.
            group = (pair.name, (decode_percent(edited, plus=True) or "").encode("utf-8", "surrogatepass"))
            if group not in given:
                given[group] = _free(edited, taken)
            names[pair.name_index] = given[group]
        return names


def _free(raw: bytes, taken: set[str]) -> bytes:
    def variant(number: int) -> tuple[bytes, str]:
        form = numbered(raw, number, _CLOSING, b"_%d" % number)
        return form, decode_percent(form, plus=True) or ""

    return free_name(taken, variant)


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
    in_force = _rules_by_location([(pair.name, value) for pair, value in read if _counts(pair)], rules)
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
    """Whether a value, or all of a query, holds what a server that parts at `;` takes for another pair."""
    return b";" in raw and _FURTHER.search(raw) is not None


def _counts(pair: Pair) -> bool:
    """Whether there is anything between the ampersands at all."""
    return bool(pair.raw_name) or pair.raw_value is not None


def _read_pair(piece: bytes, refuse: type[RequestError]) -> tuple[Pair, str]:
    raw_name, equals, raw_value = piece.partition(b"=")
    name = decode_percent(raw_name, plus=True)
    value = decode_percent(raw_value, plus=True)
    if name is None or value is None:
        raise refuse("a percent-encoded name or value is not UTF-8")
    return Pair(raw_name, raw_value if equals else None, name), value


def _rules_by_location(values: Sequence[tuple[str, str]], rules: FieldRules) -> dict[Location, int]:
    """The index of the rule in force at each location where one is."""
    if not rules:
        return {}
    fields: dict[str, list[str]] = {}
    for name, value in values:
        fields.setdefault(name, []).append(value)
    own: dict[Location, int] = {}
    for number, location in rules.select(fields):
        own[location] = max(number, own.get(location, NO_RULE))
    matcher = rules.placed.matcher()
    for name, texts in fields.items():
        own[name,] = max(own.get((name,), NO_RULE), own.get((), NO_RULE))
        for place in range(len(texts)):
            own[name, place] = max(own.get((name, place), NO_RULE), own[name,])
        for steps, certain in _ways_of(name):
            for place, text in enumerate(texts):
                for number, _, sure in matcher.select(steps, text):
                    if (sure and certain) or rules.rules[number].action is not FieldAction.KEEP:
                        own[name, place] = max(number, own[name, place])
    return own


def _ways_of(name: str) -> Iterator[tuple[Steps, bool]]:
    """The ways that servers read in a name; each with whether a rule that keeps may hold there.

    Spring and ASP.NET part names at dots. To most others a dot is a letter like any.
    """
    if "[" in name:
        yield steps_of(name), True
    if "." in name:
        yield tuple(it or None for it in _PARTS.findall(name)), False


def steps_of(name: str) -> Steps:
    """The steps that PHP and Rails make of a name: of `ticket[tags][]` they are ticket, tags, and the end."""
    first, _, rest = name.partition("[")
    return first, *(step or None for step in _BRACKETS.findall("[" + rest))
