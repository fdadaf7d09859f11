"""A route of a compiled configuration: which requests it takes, and how they are treated."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from shield.config.secret import Secret
from shield.config.settings_callers import Rate
from shield.config.settings_upstream import Upstream
from shield.domain import EMPTY, FieldRule, Limits, Policy


class Mode(enum.Enum):
    ENFORCE = "enforce"
    OBSERVE = "observe"


class OnError(enum.Enum):
    BLOCK = "block"
    BYPASS = "bypass"


class OpaqueAction(enum.Enum):
    """What to do with a request whose text holds content that cannot be inspected: a file in base64."""

    BLOCK = "block"
    KEEP = "keep"


class TargetAction(enum.Enum):
    """What to do with PII found in a query parameter or in a path segment."""

    REDACT = "redact"
    BLOCK = "block"
    KEEP = "keep"  # not inspected; counted as such


class HeaderAction(enum.Enum):
    """What a rule does with the header fields of a name."""

    REDACT = "redact"
    BLOCK = "block"
    TREAT_AS = "treat_as"
    KEEP = "keep"  # not inspected; counted as such
    DROP = "drop"


class OnDeadline(enum.Enum):
    """What to do with a write that cannot be inspected within its route's deadline."""

    BLOCK = "block"
    PATTERNS_ONLY = "patterns_only"  # forwarded with what the patterns found, and inspected again later


@dataclass(frozen=True, slots=True)
class PathTemplate:
    """`/api/tickets/{id}/comments`; a last `{rest...}` takes what remains.

    `steps` are the segments between the slashes: `str` is a literal (percent-decoded), `None` takes any one
    segment. `rest` says whether any tail may follow.
    """

    text: str
    steps: tuple[str | None, ...]
    rest: bool = False


@dataclass(frozen=True, slots=True)
class HeaderRule:
    """A rule for header fields. `name` is in lower case, with `-` for `_`; `*` matches any characters."""

    name: str
    action: HeaderAction
    entity_type: str = ""  # for TREAT_AS


@dataclass(frozen=True, slots=True)
class HeaderSettings:
    """The treatment of header fields of a request. Of several rules that match, the last one wins.

    `default` is for fields that no rule names and that may hold words (`proxy.header_defaults`).
    """

    default: TargetAction = TargetAction.REDACT
    rules: tuple[HeaderRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Shadow:
    """A policy that is tried on `share` (0 to 1) of a route's requests, beside the one in force."""

    policy: Policy
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class ObjectPlace:
    """Singular JSONPath queries: for a part of what was sent, and where it is stored; None: not compared."""

    sent: str
    stored: str | None


@dataclass(frozen=True, slots=True)
class Variable:
    """A step of an object's path: what `selector` selects in the reply, or the request's step `place`."""

    name: str
    selector: str = ""
    place: int = -1


@dataclass(frozen=True, slots=True)
class ReadBack:
    """How a route's writes are read back. `share` is 0 to 1, times are seconds, `max_size` bytes.

    `path` has the steps of the object's path, each text or a `Variable`; None: the reply or the request gives
    it. `headers` are names and values. With `exact` the object must equal what was forwarded; else it
    contains it.
    """

    max_size: int
    share: float = 1.0
    methods: frozenset[str] = frozenset({"POST", "PUT"})
    path: tuple[str | Variable, ...] | None = None
    query: str | None = None
    headers: tuple[tuple[str, Secret], ...] = ()
    exact: bool = True
    places: tuple[ObjectPlace, ...] = ()
    uninspected: tuple[str, ...] = ()
    delay: float = 2.0
    attempts: int = 3
    retry_interval: float = 5.0
    timeout: float = 10.0


@dataclass(frozen=True, slots=True)
class Route:
    """A route. `media_types` are full names, `type/*` or `*/*+json`; empty methods means any method.

    `media_types` bind only requests that carry a body. Empty tenants means anybody. `field_names` are names
    of fields that paths may show though the vocabulary lacks them. `query` overrides `query_default` by name.
    `deadline` bounds the wait for the inspection and the inspection itself.

    `concurrency`, `rate` and `weight` belong to admission: see `shield.proxy.admission`.
    """

    name: str
    upstream: Upstream
    policy: Policy
    path: PathTemplate
    host: str = "*"
    methods: frozenset[str] = frozenset()
    media_types: tuple[str, ...] = ("application/json",)
    tenants: frozenset[str] = frozenset()
    mode: Mode = Mode.ENFORCE
    on_error: OnError = OnError.BLOCK
    fields: tuple[FieldRule, ...] = ()
    field_names: frozenset[str] = frozenset()
    headers: HeaderSettings = HeaderSettings()
    query_default: TargetAction = TargetAction.REDACT
    query: Mapping[str, TargetAction] = field(default_factory=lambda: EMPTY)
    path_action: TargetAction = TargetAction.BLOCK
    opaque: OpaqueAction = OpaqueAction.BLOCK
    limits: Limits = field(default_factory=Limits)
    body_timeout: float = 30.0
    deadline: float = 10.0
    on_deadline: OnDeadline = OnDeadline.BLOCK
    concurrency: int | None = None
    rate: Rate | None = None
    weight: float = 1.0
    shadow: Shadow | None = None
    read_back: ReadBack | None = None
