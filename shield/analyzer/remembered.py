"""Remembers what was found in a text, so that the same text is not analyzed again.

A ticket is sent with its whole thread: of ten comments nine were analyzed before. What is kept of a text is a
keyed digest (BLAKE2b, 128 bits, under a random key of this process) and its findings: places, types and
scores, never a character of the text. The digest is over all that the findings depend on: the digests of
policy and detectors, the kind of the segment, the names that enclose it, and the text. So what was remembered
is never used for another policy, model or field, and a remembered result is exactly the one that the
detectors would give.

Only texts of at least `LEAST` code points are remembered. Shorter ones cost about as much to look up, and
their meaning may depend on what precedes them in the payload. Paths, queries and header fields are short, but
the same few recur: for each as a whole it is remembered when nothing was found in it. Names of fields recur
too: see `quiet_names`.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence

from shield.analyzer.quiet_names import QuietNames
from shield.domain import Finding, Location, Policy, Segment, SegmentKind

LEAST = 100
MOST_PIECES = 16
"""Paths, queries and header fields with more segments are not remembered."""

Piece = tuple[str, Location, str]
"""The text of a segment, its location, and (the value of) its kind."""

ENTRY_BYTES = 320
FINDING_BYTES = 160
"""Roughly the bytes of an entry and of each of its findings, by which the limit is enforced."""

_DIGEST_BYTES = 16
_TARGETS = frozenset({"path", "query", "header"})
_KINDS = frozenset({SegmentKind.TEXT, SegmentKind.PARAMETER})


class RememberedFindings:
    """The findings of the most recent texts, within `limit` bytes, and the quiet `names`. Thread-safe."""

    def __init__(self, limit: int, key: bytes) -> None:
        """`key` are up to 64 random bytes, which must not leave the process."""
        self.names = QuietNames()
        self._limit = limit
        self._key = key
        self._entries: OrderedDict[bytes, tuple[Finding, ...]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()
        self._last: tuple[tuple[str, ...], hashlib.blake2b] = (), hashlib.blake2b()

    @property
    def size(self) -> int:
        """Bytes in use, by `ENTRY_BYTES` and `FINDING_BYTES`."""
        return self._size

    def digests(self, segments: Sequence[Segment], policy: Policy, detectors: str) -> dict[int, bytes]:
        """The digests of the segments that can be remembered, by their index in `segments`.

        `detectors` is the digest of the analyzer.
        """
        places = [
            place
            for place, segment in enumerate(segments)
            if len(segment.text) >= LEAST and segment.kind in _KINDS
        ]
        if not places:
            return {}
        scope = self._scope(policy, detectors)
        found: dict[int, bytes] = {}
        for place in places:
            segment = segments[place]
            digest = scope.copy()
            names = "".join([f"{len(name)}:{name}" for name in segment.keys])
            digest.update(
                f"{segment.kind.value}{len(names)};{names}{segment.text}".encode("utf-8", "surrogatepass")
            )
            found[place] = digest.digest()
        return found

    def digest_of_target(self, segments: Sequence[Segment], policy: Policy, detectors: str) -> bytes | None:
        """The digest of all segments of a path, query or header field; None for other or long ones.

        An empty tuple remembered under it means that nothing was found in any of them.
        """
        if not segments or len(segments) > MOST_PIECES or segments[0].root not in _TARGETS:
            return None
        whole = [(it.text, it.location, it.kind.value) for it in segments]
        return self._digest_of_whole(f"{segments[0].root}{whole}", policy, detectors)

    def digest_of_pieces(self, root: str, pieces: Sequence[Piece], policy: Policy, detectors: str) -> bytes:
        """`digest_of_target` for a target that was not decoded: `pieces` are its segments.

        There must be between one and `MOST_PIECES`.
        """
        return self._digest_of_whole(f"{root}{[*pieces]}", policy, detectors)

    def _digest_of_whole(self, whole: str, policy: Policy, detectors: str) -> bytes:
        digest = self._scope(policy, detectors)
        digest.update(whole.encode("utf-8", "surrogatepass"))
        return digest.digest()

    def _scope(self, policy: Policy, detectors: str) -> hashlib.blake2b:
        """A hash of what all findings under a policy depend on; the last one is cached."""
        known, scope = self._last
        of = policy.name, policy.digest, detectors
        if known != of:
            scope = hashlib.blake2b(digest_size=_DIGEST_BYTES, key=self._key)
            scope.update("\n".join((*of, "")).encode("utf-8", "surrogatepass"))
            self._last = of, scope  # never changed: a copy goes on
        return scope.copy()

    def recall(self, digest: bytes) -> tuple[Finding, ...] | None:
        """The findings under this digest; None where they are not (or no longer) known."""
        with self._lock:
            findings = self._entries.get(digest)
            if findings is not None:
                self._entries.move_to_end(digest)
            return findings

    def remember(self, digest: bytes, findings: Sequence[Finding]) -> None:
        """Keep these findings; the least recently used ones are dropped for them."""
        kept = tuple(findings)
        if _cost(kept) > self._limit:
            return
        with self._lock:
            if digest in self._entries:
                return
            self._entries[digest] = kept
            self._size += _cost(kept)
            while self._size > self._limit:
                self._size -= _cost(self._entries.popitem(last=False)[1])


def _cost(findings: Sequence[Finding]) -> int:
    return ENTRY_BYTES + FINDING_BYTES * len(findings)
