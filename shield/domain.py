"""The frozen values that the packages hand to each other, without behaviour beyond what a value needs.

Units: offsets `start`/`end` of findings and edits are Unicode code points of `Segment.text`,
`end` exclusive. Sizes are bytes. Scores are 0.0 to 1.0.

Values that each request makes many of are named tuples: a frozen dataclass takes eight times as long to make.
"""

from __future__ import annotations

import enum
import ipaddress
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from unicodedata import normalize

EMPTY: Mapping[str, Any] = MappingProxyType({})


class SegmentKind(enum.Enum):
    """Where in the exchange a piece of text comes from; detectors and edits depend on it."""

    TEXT = "text"  # running text: a JSON string, a text/plain body, a form value
    NUMBER = "number"  # a JSON number, without its exponent; an edit replaces the literal by a string
    KEY = "key"  # the name of a JSON member or of a form field
    PARAMETER = "parameter"  # the value of a query parameter
    PATH = "path"  # one segment of the URL's path
    LITERAL = "literal"  # JSON true, false, null: only ever touched by a field rule

    # Members are singletons, so identity will do; the hash of `enum` is a slower Python function.
    __hash__ = object.__hash__


Location = tuple[str | int, ...]
"""The names and indices that lead to a place in a payload, outermost first."""
VALUE_KINDS: Final = (SegmentKind.TEXT, SegmentKind.NUMBER, SegmentKind.PARAMETER)
"""The kinds of what a member, a field or a parameter holds."""
LINE: Final = "line["
"""How the root of a segment of NDJSON or of a JSON text sequence begins: `line[3]`."""
TABLE: Final = "table"
"""The root of the segments of a table."""
HEADER: Final = "header"
"""The first step of the location of the name of a table's column."""


def line_of(root: str) -> int | None:
    """The line of NDJSON, from 0, that a segment with this root is in; None outside of NDJSON."""
    return int(root[len(LINE) : -1]) if root.startswith(LINE) else None


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of text of a payload.

    `root` and `location` are its place: `$` and the names and indices of RFC 9535 below it for JSON,
    `line[3]` for a line of NDJSON, `table`, `form`, `query` or `path` elsewhere. For a KEY the location is
    that of its member. The names may hold PII themselves: `payload.paths` renders them, and only
    `Redaction` carries renderings that are safe to publish.

    `index` is the segment's place in `Document.segments`.
    """

    index: int
    text: str
    location: Location = ()
    kind: SegmentKind = SegmentKind.TEXT
    root: str = "$"

    @property
    def keys(self) -> tuple[str, ...]:
        """The names that enclose the segment, outermost first: context for detectors."""
        names = tuple([step for step in self.location if isinstance(step, str)])
        return names[:-1] if self.kind is SegmentKind.KEY else names


RAW: Final = "raw"
"""The view of the text exactly as it was received."""


class Finding(NamedTuple):
    """A piece of personal data in one segment. `view` names the reading it was found in."""

    start: int
    end: int
    entity_type: str
    score: float
    recognizer: str
    view: str = RAW


class Edit(NamedTuple):
    """A replacement in one segment. Edits of a segment are disjoint and sorted by `start`.

    For a NUMBER or LITERAL segment an edit spans the whole text and makes it a string.
    """

    start: int
    end: int
    replacement: str
    entity_type: str
    operator: str


class FieldAction(enum.Enum):
    """What a field rule of a route does with the nodes that its selector selects."""

    INSPECT = "inspect"
    TREAT_AS = "treat_as"
    KEEP = "keep"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class FieldRule:
    """`selector` is an RFC 9535 JSONPath query (for forms, over `{"name": ["value", …]}`).

    A rule applies to the selected node and all below it. Where several rules apply to one segment,
    the last one in the configuration wins.
    """

    selector: str
    action: FieldAction
    entity_type: str = ""  # for TREAT_AS


KEEP: Final = "keep"
"""The operator that leaves a finding as it is."""


@dataclass(frozen=True, slots=True)
class OperatorSpec:
    """An operator and its parameters, as the configuration names them."""

    name: str
    params: Mapping[str, Any] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one request, in bytes, counts and a ratio; each must be at least 1."""

    body_bytes: int = 10 * 1024 * 1024
    decoded_bytes: int = 50 * 1024 * 1024
    decompression_ratio: float = 100.0
    nesting_depth: int = 128
    segments: int = 100_000


# What phones and word processors write for characters of the keyboard; in a term both count as the same.
TYPOGRAPHIC: Final = MappingProxyType(
    {"'": "\u2018\u2019\u02bc\u2032", '"': "\u201c\u201d\u201e", "-": "\u2010\u2011\u2012\u2013"}
)
_TYPED: Final = MappingProxyType({ord(sign): typed for typed, signs in TYPOGRAPHIC.items() for sign in signs})


def as_typed(term: str) -> str:
    """`term` composed (NFC), with typographic characters replaced by those of a keyboard."""
    return term if term.isascii() else normalize("NFC", term.translate(_TYPED))


def comparable(term: str) -> str:
    """A term of a list in the form that is compared: as typed, casefolded, each run of space as one."""
    return " ".join(as_typed(term).casefold().split())


@dataclass(frozen=True, slots=True)
class AllowRule:
    """Text that is never a finding. `terms` are `comparable` and match whole; empty `entities` means all."""

    terms: frozenset[str]
    entities: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DenyRule:
    """Terms (`comparable`) that, at word boundaries, are always findings of `entity_type` with score 1.0."""

    terms: tuple[str, ...]
    entity_type: str


@dataclass(frozen=True, slots=True)
class PatternRule:
    """A pattern recognizer from the configuration. `regex` compiles in Hyperscan or is refused."""

    name: str
    entity_type: str
    regex: str
    score: float
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DetectorSpec:
    """Which detectors run. One engine is built for each distinct value of this in a configuration.

    `model` is `none`, a tier of ours, `spacy:PACKAGE` or `nlp:NAME`; `recognizers` are names of Presidio's or
    of ours, groups of them (`default`, `shield`, `national`, `country:us`, `all`), or entry points of the
    group `shield.recognizers`.
    """

    languages: tuple[str, ...] = ("en",)
    model: str = "fast"
    recognizers: tuple[str, ...] = ("default",)
    patterns: tuple[PatternRule, ...] = ()
    phone_regions: tuple[str, ...] = ("US", "GB", "DE", "FR", "IL", "IN", "CA", "BR")


@dataclass(frozen=True, slots=True)
class Policy:
    """What is PII and what is done with it: compiled once, frozen, swapped whole on reload.

    `operators` maps an entity type to its operator; a finding whose type is not in it is dropped
    (that type is not PII under this policy). `thresholds` override `score_threshold` by entity type.
    `digest` is `sha256:` + hex over the canonical JSON of the policy (secrets by name, not by value).
    """

    name: str
    digest: str
    operators: Mapping[str, OperatorSpec]
    detector: DetectorSpec = DetectorSpec()
    score_threshold: float = 0.5
    thresholds: Mapping[str, float] = field(default_factory=lambda: EMPTY)
    allow: tuple[AllowRule, ...] = ()
    deny: tuple[DenyRule, ...] = ()

    def threshold_of(self, entity_type: str) -> float:
        """The least score of a finding of that type that counts."""
        return self.thresholds.get(entity_type, self.score_threshold)


class Placed(NamedTuple):
    """A finding or an edit with its place. Safe to publish: `path` shows only known names.

    `segment` is the index of its segment in the document, which tells places with the same path apart.
    """

    path: str
    kind: SegmentKind
    finding: Finding
    operator: str
    segment: int = 0


class Summary(NamedTuple):
    """The findings summed up: all that records and metrics say about them (`audit.found` makes it).

    `rows` are by entity type, as in a record; `alike` counts findings by entity type, operator and
    recognizer; both in order of first appearance. `in_keys` is whether any is in the name of a member.
    """

    rows: Sequence[Mapping[str, Any]] = ()
    alike: Mapping[tuple[str, str, str], int] = MappingProxyType({})
    in_keys: bool = False

    @property
    def total(self) -> int:
        """The number of findings."""
        return sum(self.alike.values())

    @property
    def acted(self) -> bool:
        """Whether the policy changes the text of any finding."""
        return any(operator != KEEP for _, operator, _ in self.alike)


NOTHING_FOUND = Summary()


class Opaque(NamedTuple):
    """Content that cannot be inspected: a run of text, such as base64, or a file. Safe to publish.

    `path` is its place, `form` what it is (`pdf`, `zip`, `unknown`, …), `size` its bytes in the payload.
    """

    path: str
    form: str
    size: int


@dataclass(frozen=True, slots=True)
class Remainder:
    """The texts of a document as they are forwarded, to be inspected once more.

    `segments` have the edits applied; `done` maps the index of a segment to the spans in it that an edit
    wrote or left on purpose, in which nothing that is found is new. `exempt` are the indices that a field
    rule exempts from detection. `size` is the UTF-8 bytes of all texts.
    """

    segments: tuple[Segment, ...]
    done: Mapping[int, tuple[tuple[int, int], ...]]
    exempt: frozenset[int]
    size: int


class Redaction(NamedTuple):
    """The heart's result for one body.

    `findings` are the disjoint ones that the policy acts on, in payload order; those whose operator
    is `keep` are listed too. `uninspected_bytes` counts UTF-8 bytes of text that a `keep` rule
    exempted. `dropped` are the (safe) paths of the nodes removed by rule, `type_changes` those where
    a number or literal became a string. `looked_up` counts the segments that were looked up in the memory
    of findings, `remembered` those that were in it. `remainder` is set where only the patterns were run.
    `opaque` is content that cannot be inspected: files, and runs of text that no edit covers; neither count
    includes its bytes. `unlearned` counts the code points that the model gets no chance to read, since it has
    not learned their letters. Without edits, `body` is the very object that was passed in. Where only a
    summary was asked for, `summary` is set and `findings` is empty.
    """

    body: bytes
    findings: tuple[Placed, ...] = ()
    segments: int = 0
    inspected_bytes: int = 0
    uninspected_bytes: int = 0
    dropped: tuple[str, ...] = ()
    type_changes: tuple[str, ...] = ()
    looked_up: int = 0
    remembered: int = 0
    remainder: Remainder | None = None
    opaque: tuple[Opaque, ...] = ()
    summary: Summary | None = None
    unlearned: int = 0

    @property
    def changed(self) -> bool:
        """Whether the body differs from what was passed in."""
        if self.summary is not None:
            return bool(self.dropped) or self.summary.acted
        if not self.findings:
            return bool(self.dropped)
        return bool(self.dropped) or any(placed.operator != KEEP for placed in self.findings)


class Shortage(enum.StrEnum):
    """Why a request was refused, before its body was read, for lack of capacity."""

    QUEUE_FULL = "queue_full"  # the queue holds as many requests as allowed
    TOO_LATE = "too_late"  # it would have waited too long
    WAITED = "waited"  # it waited as long as allowed
    CROWDED = "crowded"  # there were so many requests that its head was not even read
    ROUTE_RATE = "route_rate"
    TENANT_RATE = "tenant_rate"


class Verdict(enum.Enum):
    """What was decided for an exchange."""

    FORWARD = "forward"
    FORWARD_REDACTED = "forward_redacted"
    OBSERVE = "observe"  # forwarded unchanged by the route's mode; findings say what would have gone
    BYPASS = "bypass"  # forwarded, in part unchanged, after an error, by the route's explicit setting
    BLOCK = "block"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided for an exchange."""

    verdict: Verdict
    reason: str = ""  # a stable code: an error's, or a rule's


Mark = Callable[[str], None]
"""Called by the heart at the end of each stage (`decode`, `analyze`, `anonymize`, `encode`), so that
the caller, who has a clock, can time them; the heart has none."""


def no_mark(stage: str) -> None:
    """The `Mark` of callers that do not time the stages."""


Check = Callable[[], None]
"""Called by the heart between bounded pieces of work; raises `DeadlineExceededError` to stop it."""


def no_check() -> None:
    """The `Check` of callers that set no deadline."""


_IPV6_PREFIX = 64  # the part of an address that one sender usually controls


def sender_of(address: str) -> str:
    """The unit that is locked out for `address`: itself, or for IPv6 the network of one usual sender."""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network((address.partition("%")[0], _IPV6_PREFIX), strict=False))
