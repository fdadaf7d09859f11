"""Runs the recognizers whose patterns are in other letters than Latin, where a text has such letters.

The scan for all patterns reads a text in which every letter beyond ASCII is a question mark
(`expressions.folded`): to it, all of Chinese is one row. So these patterns are not scanned for. Each says
which letters its matches have, and is searched for where one of them is; a text in Latin letters asks for
none.
Law: the findings of each recognizer are those of its own `analyze`.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import regex

from shield.analyzer.recognizers.labelled import ScoredPattern, Sort
from shield.analyzer.scoring import Hit, without_contained
from shield.analyzer.writing_systems import CASED, CASELESS
from shield.domain import Check
from shield.errors import DetectionIncompleteError
from shield.foreign_errors import failed

TIMEOUT: Final = 5.0  # seconds that one search may take; only hostile texts need more
_OTHER: Final = re.compile(f"[{CASED}{CASELESS}]")


def may_hold(text: str) -> bool:
    """Whether a text has a letter of another writing system than Latin."""
    return not text.isascii() and _OTHER.search(text) is not None


@dataclass(slots=True)
class _Lettered:
    """A pattern of the recognizer with index `place`, compiled when it is first needed: most never are."""

    place: int
    letters: re.Pattern[str]
    source: str
    flags: int
    sort: Sort
    compiled: Any = None

    def ready(self) -> Any:
        """The expression. Two threads may compile it at once, to the same."""
        if self.compiled is None:
            self.compiled = regex.compile(self.source, self.flags)
        return self.compiled


class LetteredPatterns:
    """`recognizers` are all `is_lettered`. Several threads may use it."""

    def __init__(self, recognizers: Sequence[Any]) -> None:
        self.recognizers = tuple(recognizers)
        self.types = tuple(str(each.supported_entities[0]) for each in recognizers)
        self.names = tuple(str(each.name) for each in recognizers)
        classes: dict[str, re.Pattern[str]] = {}
        self._patterns: list[_Lettered] = []
        for place, recognizer in enumerate(recognizers):
            for pattern in recognizer.patterns:
                of: ScoredPattern = pattern
                letters = classes.setdefault(of.of.letters, re.compile(f"[{of.of.letters}]"))
                flags = int(recognizer.global_regex_flags)
                self._patterns.append(_Lettered(place, letters, of.regex, flags, of.of.sort))

    def compiling(self) -> Iterator[None]:
        """Compiles one expression a step."""
        for pattern in self._patterns:
            pattern.ready()
            yield

    def analyze(self, text: str, entities: Container[str], check: Check) -> list[Hit]:
        """The hits of the recognizers of these types.

        Raises `DetectionIncompleteError` where one raises or exceeds its time, and what `check` raises.
        """
        found: list[list[Hit]] = [[] for _ in self.recognizers]
        holds: dict[re.Pattern[str], bool] = {}
        check()
        for pattern in self._patterns:
            letters, place = pattern.letters, pattern.place
            if letters not in holds:
                holds[letters] = letters.search(text) is not None
            if not holds[letters] or self.types[place] not in entities:
                continue
            recognizer = self.recognizers[place]
            try:
                for match in pattern.ready().finditer(text, timeout=TIMEOUT):
                    hit = recognizer.hit(match, pattern.sort)
                    if hit is not None:
                        found[place].append(Hit(place, *hit))
            except Exception as error:  # noqa: BLE001  # whatever a recognizer raises may carry the text
                raise failed(error, DetectionIncompleteError(recognizer=self.names[place])) from None
        return [hit for hits in found for hit in (without_contained(hits) if len(hits) > 1 else hits)]
