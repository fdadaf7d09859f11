"""Compares what storage gives back with what was written: the expectation, and the verdict. Pure.

What is expected of an object is computed once, when its write is done, and holds no text: keyed digests of
the whole and of each string and number, with their places. The key is the caller's and lives no longer than
the process, so the digests reveal nothing to anybody.

*Exact*: the object's content is what was forwarded. *Contains*: each string and number that was forwarded is
at its place in the object; what storage adds is ignored. Numbers are compared by value. Booleans, nulls and
empty strings hold nothing and are not compared.

In addition, the rest of the object (all but values that were forwarded, and so inspected) is inspected under
the route's policy: what that would redact came into storage by another way.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import NamedTuple

from shield.config.settings_route import ObjectPlace, ReadBack
from shield.domain import (
    EMPTY,
    KEEP,
    FieldAction,
    FieldRule,
    Limits,
    Location,
    Redaction,
    Segment,
    SegmentKind,
    no_check,
)
from shield.errors import ShieldError, UnsupportedMediaTypeError
from shield.payload.codecs import CodecRegistry
from shield.payload.content_encoding import decode_content
from shield.payload.document import Document, Ruled
from shield.payload.field_names import NO_NAMES, ShownNames
from shield.payload.media_type import MediaType
from shield.payload.paths import safe_path
from shield.payload.selectors import NO_RULES, FieldRules, location_of
from shield.telemetry.attestation_series import ReadResult

JSON_ROOT = "$"
WITHHELD = "(withheld)"
LEAF_BYTES = 400
"""Approximate memory of one expected value, in bytes."""

_DIGEST_BYTES = 16
_NUMBER = re.compile(r"(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,9}))?")
_PIECE = 512  # segments
_KNOWN = FieldRule("", FieldAction.KEEP)

Place = tuple[str, Location]
"""Root and location."""

Inspect = Callable[[Document], Redaction]


@dataclass(frozen=True, slots=True)
class Places:
    """Where what was sent stands in the object, as pairs of locations; None: it is not compared."""

    pairs: tuple[tuple[Location, Location | None], ...] = (((), ()),)

    @classmethod
    def compile(cls, places: Sequence[ObjectPlace]) -> Places:
        """Compile the settings. Raises ConfigError for a query that is not singular."""
        if not places:
            return cls()
        return cls(
            tuple(
                (location_of(it.sent), None if it.stored is None else location_of(it.stored)) for it in places
            )
        )

    def stored(self, location: Location) -> Location | None:
        """The location in the object of what was sent at `location`."""
        for sent, stored in self.pairs:
            if location[: len(sent)] == sent:
                return None if stored is None else (*stored, *location[len(sent) :])
        return None


@dataclass(frozen=True, slots=True)
class Rule:
    """How a route compares, compiled.

    `uninspected` are rules over the object, `shown` are the names that paths may show.
    """

    exact: bool
    places: Places
    uninspected: FieldRules = NO_RULES
    shown: ShownNames = NO_NAMES

    @classmethod
    def compile(cls, settings: ReadBack, shown: ShownNames = NO_NAMES) -> Rule:
        """Compile the settings. Raises ConfigError for a query that does not compile."""
        keep = [FieldRule(selector, FieldAction.KEEP) for selector in settings.uninspected]
        return cls(settings.exact, Places.compile(settings.places), FieldRules.compile(keep), shown)


class Leaf(NamedTuple):
    """A value that was sent, as its digest, and where the object must hold it."""

    sent: Place
    stored: Location
    digest: bytes


@dataclass(frozen=True, slots=True)
class Expected:
    """What a write leads to expect. `names` are those of members that were sent, at their places.

    `leaves` is None where there are no values with places, or no room for them. `withheld`: the name of a
    member is personal data, so no path is shown.
    """

    content: bytes
    leaves: tuple[Leaf, ...] | None
    names: frozenset[Place]
    uncompared: int
    withheld: bool = False

    def whole(self) -> Expected:
        """The same without single values: enough to see that an object differs, but not where."""
        return replace(self, leaves=None, names=frozenset())

    def path(self, leaf: Leaf, shown: ShownNames) -> str:
        """The path at which a value was sent, safe to publish."""
        return WITHHELD if self.withheld else safe_path(*leaf.sent, shown, {})

    @property
    def memory(self) -> int:
        """Its approximate size in bytes."""
        return LEAF_BYTES * (1 + len(self.leaves or ()) + len(self.names))


class Content(NamedTuple):
    """A body with its fields; `codings` are in the order in which they were applied."""

    body: bytes
    media_type: MediaType | None
    codings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict of a read. `reason` is a code; `again` says that another read may differ."""

    result: ReadResult
    reason: str = ""
    again: bool = False
    compared: int = 0
    differing: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    uncompared: int = 0
    inspected: bool = False
    unredacted: Mapping[str, int] = field(default_factory=lambda: EMPTY)
    uninspected_bytes: int = 0


class Comparer:
    """Compares under one key. Safe to use in any one thread at a time."""

    def __init__(self, codecs: CodecRegistry, key: bytes) -> None:
        """`key` has at most 64 bytes."""
        self._codecs = codecs
        self._key = key

    def expect(
        self,
        sent: Content,
        rule: Rule,
        limits: Limits,
        *,
        withhold: bool = False,
        check: Callable[[], object] = no_check,
    ) -> Expected:
        """What the object of a write with this body must be. Raises ShieldError where it cannot be read.

        `withhold`: the body went out with personal data in the names of members. `check` is called between
        bounded pieces of work.
        """
        content = decode_content(sent.body, sent.codings, limits) if sent.codings else sent.body
        digest = self._digest(b"content", content)
        try:
            document = self._document(content, sent.media_type, limits, NO_RULES, json=not rule.exact)
        except ShieldError:
            if not rule.exact:
                raise
            return Expected(digest, None, frozenset(), 0)
        leaves: list[Leaf] = []
        names: set[Place] = set()
        uncompared = 0
        for segment in document.segments:
            if not segment.index % _PIECE:
                check()
            place = segment.root, segment.location
            stored = rule.places.stored(segment.location) if segment.root == JSON_ROOT else segment.location
            if segment.kind is SegmentKind.KEY:
                if stored is not None:
                    names.add((segment.root, stored))
            elif stored is None:
                uncompared += 1
            else:
                leaves.append(Leaf(place, stored, self._leaf(segment)))
        return Expected(digest, tuple(leaves), frozenset(names), uncompared, withhold)

    def judge(
        self,
        expected: Expected,
        found: Content,
        rule: Rule,
        limits: Limits,
        inspect: Inspect | None,
        *,
        check: Callable[[], object] = no_check,
    ) -> Judgement:
        """Whether the object `found` is what was expected; `inspect` looks for what it should not hold.

        `check` is called between bounded pieces of work, and may raise ShieldError to end it.
        """
        try:
            content = decode_content(found.body, found.codings, limits) if found.codings else found.body
            same = self._digest(b"content", content) == expected.content
            if rule.exact and same:
                return _matched(expected)
            document = self._document(
                content, found.media_type, limits, rule.uninspected, json=not rule.exact
            )
        except ShieldError as error:
            if rule.exact and error.status < 500:  # noqa: PLR2004  it is no such document, so another one
                return Judgement(ReadResult.MISMATCH, "different", again=True)
            return Judgement(ReadResult.UNREADABLE, error.code, again=True)
        judged = self._compare(expected, document, rule.shown, check)
        judgement = judged.judgement
        if rule.exact and judgement.result is ReadResult.MATCH:  # it differs where no value stands
            judgement = replace(judgement, result=ReadResult.MISMATCH, reason="different", again=True)
        if inspect is None or expected.leaves is None:  # what was sent could not be told from the rest
            return judgement
        return _inspected(judgement, document, judged.known, inspect)

    def _document(
        self, content: bytes, media_type: MediaType | None, limits: Limits, rules: FieldRules, *, json: bool
    ) -> Document:
        if media_type is None or (json and "json" not in (media_type.subtype, media_type.suffix)):
            raise UnsupportedMediaTypeError
        codec = self._codecs.for_media_type(media_type)
        return codec.decode(content, limits=limits, rules=rules, charset=media_type.charset)

    def _compare(
        self, expected: Expected, document: Document, shown: ShownNames, check: Callable[[], object]
    ) -> _Compared:
        leaves = expected.leaves or ()
        wanted: dict[Place, list[bytes]] = {}
        for leaf in leaves:
            wanted.setdefault((leaf.sent[0], leaf.stored), []).append(leaf.digest)
        there: dict[Place, set[bytes]] = {}
        known: list[int] = []
        for segment in document.segments:
            if not segment.index % _PIECE:
                check()
            place = segment.root, segment.location
            if segment.kind is SegmentKind.KEY:
                if place in expected.names:
                    known.append(segment.index)
            elif (digests := wanted.get(place)) is not None:
                digest = self._leaf(segment)
                there.setdefault(place, set()).add(digest)
                if digest in digests:
                    known.append(segment.index)
        differing, missing = [], []
        for leaf in leaves:
            at_place = there.get((leaf.sent[0], leaf.stored))
            if at_place is None:
                missing.append(expected.path(leaf, shown))
            elif leaf.digest not in at_place:
                differing.append(expected.path(leaf, shown))
        failed = "different" if differing else "missing" if missing else ""
        judgement = Judgement(
            ReadResult.MISMATCH if failed else ReadResult.MATCH,
            failed,
            again=bool(failed),
            compared=len(leaves),
            differing=tuple(differing),
            missing=tuple(missing),
            uncompared=expected.uncompared,
        )
        return _Compared(judgement, known)

    def _leaf(self, segment: Segment) -> bytes:
        if segment.kind is SegmentKind.NUMBER:
            return self._digest(b"number", _by_value(segment.text).encode())
        return self._digest(b"text", segment.text.encode("utf-8", "surrogatepass"))

    def _digest(self, what: bytes, content: bytes) -> bytes:
        return blake2b(content, digest_size=_DIGEST_BYTES, key=self._key, person=what).digest()


class _Compared(NamedTuple):
    """`known` are the indices of the object's segments that are as they were sent."""

    judgement: Judgement
    known: Sequence[int]


def _matched(expected: Expected) -> Judgement:
    compared = len(expected.leaves or ())
    return Judgement(ReadResult.MATCH, compared=compared, uncompared=expected.uncompared)


def _inspected(judgement: Judgement, document: Document, known: Sequence[int], inspect: Inspect) -> Judgement:
    """The judgement, with what the policy finds in the segments that are not known."""
    exempt = set(document.rules).difference(known)
    rules = {**document.rules, **dict.fromkeys(known, _KNOWN)}
    try:
        redaction = inspect(Ruled(document, rules))
    except ShieldError as error:
        if judgement.result is ReadResult.MISMATCH:
            return judgement
        return replace(judgement, result=ReadResult.UNREADABLE, reason=error.code, again=False)
    found = Counter(it.finding.entity_type for it in redaction.findings if it.operator != KEEP)
    uninspected = sum(len(text.encode("utf-8", "surrogatepass")) for text in _texts(document, exempt))
    uninspected += sum(each.size for each in redaction.opaque)
    judgement = replace(
        judgement, inspected=True, unredacted=dict(sorted(found.items())), uninspected_bytes=uninspected
    )
    if not found:
        return judgement
    return replace(judgement, result=ReadResult.MISMATCH, reason="unredacted", again=True)


def _texts(document: Document, indices: set[int]) -> Iterator[str]:
    return (segment.text for segment in document.segments if segment.index in indices)


def _by_value(literal: str) -> str:
    """A single form for all literals of a number (RFC 8259, section 6): `1`, `1.0` and `10e-1` are equal."""
    match = _NUMBER.fullmatch(literal)
    if match is None:
        return literal
    sign, whole, fraction, exponent = match[1], match[2], match[3] or "", int(match[4] or 0)
    digits = (whole + fraction).lstrip("0")
    bare = digits.rstrip("0")
    if not bare:
        return "0"
    return f"{sign}{bare}e{exponent - len(fraction) + len(digits) - len(bare)}"
