"""Caches what the names around values say: payloads of one schema repeat the same names."""

from __future__ import annotations

from shield.analyzer.context import KEYS_READ, KeyContext
from shield.analyzer.recognizers import key_context
from shield.domain import Segment, SegmentKind

_CONTEXTS = 2048  # how many tuples of key names are remembered


class KnownKeys:
    """The cache of one engine. Safe to use from several threads: what is dropped is only computed again."""

    def __init__(self) -> None:
        self._contexts: dict[tuple[tuple[str, ...], frozenset[str]], tuple[KeyContext, bool]] = {}

    def around(self, segment: Segment, named: frozenset[str]) -> tuple[KeyContext, bool]:
        """What the names around a segment say, and whether they can name its value as one of `named`."""
        names = tuple([step for step in segment.location if isinstance(step, str)])
        if segment.kind is SegmentKind.KEY:
            names = names[:-1]
        return self.of(names, named)

    def of(self, names: tuple[str, ...], named: frozenset[str]) -> tuple[KeyContext, bool]:
        """The same for names, outermost first."""
        key = (names[-KEYS_READ:], named)
        known = self._contexts.get(key)
        if known is None:
            if len(self._contexts) >= _CONTEXTS:
                self._contexts.clear()  # names that never come twice must not fill the memory
            context = KeyContext.of(key[0])
            known = self._contexts[key] = (context, key_context.speaks(context, named))
        return known
