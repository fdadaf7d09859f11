"""The interface between codecs and the heart: a document is a list of segments and a way to write them back.

Law: lossless. `encode` splices; whatever is not an edit or a dropped node is byte-identical in the
output, and a document without either gives back the very bytes object that it was decoded from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from shield.domain import Edit, FieldRule, Limits, Location, Segment
from shield.payload.selectors import FieldRules


class File(NamedTuple):
    """A part of a payload that no codec reads: bytes of any kind, which no detector sees.

    `head` is its first bytes, by which its form is recognized; `size` is its length in the payload. `kept`: a
    field rule lets it pass.
    """

    root: str
    location: Location
    head: bytes
    size: int
    kept: bool = False


class Document(Protocol):
    """A decoded payload.

    `segments` are in payload order and `segments[i].index == i`. `rules` maps the index of a segment
    to the field rule in force there, where that is not INSPECT. `drops` are the `(root, location)` of
    the nodes that a DROP rule removes; nothing in or below them is listed as a segment. `files` are the
    parts that have no segments, in payload order.
    """

    @property
    def segments(self) -> Sequence[Segment]: ...

    @property
    def rules(self) -> Mapping[int, FieldRule]: ...

    @property
    def drops(self) -> Sequence[tuple[str, Location]]: ...

    @property
    def files(self) -> Sequence[File]: ...

    def encode(self, edits: Mapping[int, Sequence[Edit]]) -> bytes:
        """The payload with the edits of each segment (by index; disjoint, sorted) spliced in."""
        ...


@dataclass(frozen=True, slots=True)
class Ruled:
    """A document with other field rules than its own."""

    document: Document
    rules: Mapping[int, FieldRule]

    @property
    def segments(self) -> Sequence[Segment]:
        return self.document.segments

    @property
    def drops(self) -> Sequence[tuple[str, Location]]:
        return ()

    @property
    def files(self) -> Sequence[File]:
        return self.document.files

    def encode(self, edits: Mapping[int, Sequence[Edit]]) -> bytes:
        return self.document.encode(edits)


class Codec(Protocol):
    """Reads one media type. Stateless: one instance serves all requests."""

    def decode(self, body: bytes, *, limits: Limits, rules: FieldRules, charset: str | None) -> Document:
        """Decode `body` (content codings already undone).

        `charset` is the media type's parameter, lower case, or None. Raises MalformedBodyError,
        TooDeepError, TooManySegmentsError or UnsupportedMediaTypeError.
        """
        ...
