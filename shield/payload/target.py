"""The request target: query strings and URL paths (RFC 3986), edited in place."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from shield.domain import Edit, FieldRule, Limits, Location, Segment, SegmentKind
from shield.errors import MalformedTargetError, TooManySegmentsError
from shield.payload.document import File
from shield.payload.pairs import PairsDocument, decode_pairs
from shield.payload.percent import decode_percent, edit_percent
from shield.payload.selectors import NO_RULES

_LIMITS = Limits()


def decode_query(raw: bytes | str, *, limits: Limits = _LIMITS) -> PairsDocument:
    """Decode what follows the `?`: names are KEY, values PARAMETER, under the root `query`.

    The n-th value of a name is at `(name, n)`. Raises MalformedTargetError where the text is not UTF-8.
    """
    return decode_pairs(
        _as_bytes(raw),
        root="query",
        kind=SegmentKind.PARAMETER,
        limits=limits,
        rules=NO_RULES,
        refuse=MalformedTargetError,
    )


class PathDocument:
    """A decoded path; see `Document`. `places` are the indices of the segments among the pieces."""

    __slots__ = ("_pieces", "_places", "_raw", "segments")

    files: Sequence[File] = ()

    def __init__(
        self, raw: bytes, pieces: Sequence[bytes], places: Sequence[int], segments: Sequence[Segment]
    ) -> None:
        self._raw = raw
        self._pieces = pieces
        self._places = places
        self.segments = segments

    @property
    def rules(self) -> Mapping[int, FieldRule]:
        return {}

    @property
    def drops(self) -> Sequence[tuple[str, Location]]:
        return ()

    def encode(self, edits: Mapping[int, Sequence[Edit]]) -> bytes:
        pieces = list(self._pieces)
        changed = False
        for index, own in edits.items():
            if own:
                place = self._places[index]
                pieces[place] = edit_percent(pieces[place], self.segments[index].text, own)
                changed = True
        return b"/".join(pieces) if changed else self._raw


def decode_path(
    raw: bytes | str, *, limits: Limits = _LIMITS, only: Collection[int] | None = None
) -> PathDocument:
    """Decode a raw path without its query: each non-empty piece between slashes is a PATH segment.

    With `only`, just the pieces at these locations are. A location is the piece's number, from 0, not
    counting what precedes a leading slash. An escaped slash (`%2F`) is text of its piece; `+` stands
    for itself. Raises MalformedTargetError where a piece is not UTF-8.
    """
    body = _as_bytes(raw)
    pieces = body.split(b"/")
    skipped = 1 if body.startswith(b"/") else 0
    places: list[int] = []
    segments: list[Segment] = []
    for place, piece in enumerate(pieces):
        if not piece or (only is not None and place - skipped not in only):
            continue
        text = decode_percent(piece, plus=False)
        if text is None:
            raise MalformedTargetError("a percent-encoded path segment is not UTF-8")
        if len(segments) >= limits.segments:
            raise TooManySegmentsError(f"more than {limits.segments} path segments")
        segments.append(Segment(len(segments), text, (place - skipped,), SegmentKind.PATH, "path"))
        places.append(place)
    return PathDocument(body, pieces, places, segments)


def _as_bytes(raw: bytes | str) -> bytes:
    if isinstance(raw, bytes):
        return raw
    try:
        return raw.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        pass
    raise MalformedTargetError("the request target is not UTF-8")
