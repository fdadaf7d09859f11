"""Gives the readings of a text that differ from it: the only entry point to this package.

Law: the work is linear in the length of the text, and every reading is bounded: its text is no longer
than the raw text plus a constant, or plus the blanks that `glued` and `parted` add. The readings of a text
do not depend on any other text.
"""

from __future__ import annotations

from collections.abc import Sequence

from shield.analyzer.expressions.compiled_store import CompiledStore
from shield.analyzer.expressions.folded import fold
from shield.analyzer.views.decoded import decoded
from shield.analyzer.views.folded import folded, has_foldable
from shield.analyzer.views.framed import framed
from shield.analyzer.views.glued import glued
from shield.analyzer.views.lookalike import lookalike
from shield.analyzer.views.number_words import said_words
from shield.analyzer.views.parted import may_be_parted, parted
from shield.analyzer.views.spaced import spaced
from shield.analyzer.views.spoken import spoken
from shield.analyzer.views.trigger import Database, Reading, Trigger
from shield.analyzer.views.view import View

_SHORTEST = 6  # code points; no value is shorter however it is written
_SHORT = 120  # code points of texts that are always scanned together
_FEW = 1  # long texts that are scanned one by one
_TOGETHER = 4_000  # code points of all texts of a document that are scanned together first
_NONE: frozenset[Reading] = frozenset()
_SPACED = frozenset({Reading.SPACED, Reading.SPACED_CODE, Reading.SPACED_ADDRESS})
WRITTEN = frozenset({"folded", "tags", "decoded", "glued", "parted"})
"""Views that read characters for characters: all findings in them count. The others make numbers and
addresses of words and rows of digits: in them only findings that a recognizer is sure of count."""


class Views:
    """Holds what the readings need. Immutable, so several threads may use it."""

    def __init__(self, store: CompiledStore | None = None) -> None:
        self._words = said_words()
        self._trigger = Trigger(self._words, store)

    def asked(self, texts: Sequence[str], ascii_texts: Sequence[bytes]) -> list[frozenset[Reading]]:
        """The readings that each of the texts may have; `ascii_texts` are their `folded.fold`.

        Short texts are scanned together, and then one by one only where that finds something, and only for
        what it finds: they are names and states, most of which hold nothing. Many long texts are treated
        likewise.
        """
        asked: list[frozenset[Reading]] = [_NONE] * len(texts)
        places = [place for place, text in enumerate(texts) if len(text) >= _SHORTEST]
        short = [place for place in places if len(texts[place]) < _SHORT]
        if len(places) - len(short) > _FEW and sum([len(texts[place]) for place in places]) <= _TOGETHER:
            together = b"\n".join([ascii_texts[place] for place in places])
            if not self._trigger.telling(together):
                places = [place for place in places if not texts[place].isascii()]
                short = [place for place in places if len(texts[place]) < _SHORT]
        if len(short) < len(places):
            for place in places:
                if len(texts[place]) >= _SHORT:
                    asked[place] = self._asked(texts[place], ascii_texts[place])
        if len(short) == 1:
            asked[short[0]] = self._asked(texts[short[0]], ascii_texts[short[0]])
        elif short:
            telling = self._trigger.telling(b"\n".join([ascii_texts[place] for place in short]))
            for place in short:
                if telling or not texts[place].isascii():
                    asked[place] = self._asked(texts[place], ascii_texts[place], telling)
        return asked

    def _asked(
        self, text: str, ascii_text: bytes, telling: Sequence[Database] | None = None
    ) -> frozenset[Reading]:
        fired = self._trigger.fired(ascii_text, telling)
        if not text.isascii() and Reading.FOLDED not in fired and has_foldable(text):
            fired.add(Reading.FOLDED)
        if may_be_parted(text):
            fired.add(Reading.PARTED)
        return frozenset(fired)

    def read(self, text: str) -> list[View]:
        """The views of one text that differ from it."""
        return self.of(text, self.asked([text], [fold(text)])[0])

    def of(self, text: str, asked: frozenset[Reading]) -> list[View]:
        """The views of `text` that differ from it, among those that are `asked` for."""
        if not asked:
            return []
        views: list[View] = []
        below, over = text, None
        if Reading.FRAMED in asked:
            view = framed(text)
            if view is not None:
                views.append(view)
        if Reading.FOLDED in asked:
            view, tags = folded(text)
            if view is not None:
                views.append(view)
                below, over = view.text, view
                asked = frozenset(self._trigger.fired(fold(below)))
            if tags is not None:
                if any(tags.text[start:end] != "\n" for start, end in tags.changed()):
                    views.append(tags)
                views += self._undone(tags.text, tags, frozenset(self._trigger.fired(fold(tags.text))))
        return views + self._undone(below, over, asked)

    def _undone(self, below: str, over: View | None, asked: frozenset[Reading]) -> list[View]:
        """The readings of `below`, the text of `over` (`None`: the raw text), other than `folded`."""
        views: list[View] = []
        if not below.isascii() and (apart := parted(below, over)) is not None:
            views.append(apart)
            below, over = apart.text, apart
            asked = frozenset(self._trigger.fired(fold(below)))
        if Reading.SPOKEN in asked:
            views += spoken(below, self._words, over)
        if asked & _SPACED:
            views += spaced(below, over, asked)
        if Reading.LOOKALIKE in asked:
            view = lookalike(below, over)
            if view is not None:
                views.append(view)
        if Reading.GLUED in asked:
            view = glued(below, over)
            if view is not None:
                views.append(view)
        if Reading.DECODED in asked:
            view = decoded(below, over, asked)
            if view is not None:
                views.append(view)
        return views
