"""Finds values that span turns of a dialogue or cues of subtitles: dictated, repeated, or answered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final

from shield.analyzer.by_rule import Run
from shield.analyzer.conversation import dialogue
from shield.analyzer.conversation.dialogue import Dialogue, Turn
from shield.analyzer.conversation.turns import Turns
from shield.analyzer.layouts.joined import JOINED, Joined
from shield.domain import Finding

ReadTogether = Callable[[Joined, Run], list[Finding]]
"""Finds in pieces that are read as one text."""

_PLACES: Final = frozenset({"STREET_ADDRESS", "POSTCODE"})
"""Places, under a policy that does not name them."""


def named_in(entity_type: str, wanted: Collection[str]) -> str:
    """The type under which a policy that acts on the `wanted` ones has it."""
    return "LOCATION" if entity_type in _PLACES and entity_type not in wanted else entity_type


class ByTurns:
    """Reads turns for the `entities` of one engine; with `answers`, also finds answers to questions.

    Immutable, so several threads may use it.
    """

    def __init__(self, entities: frozenset[str], *, answers: bool) -> None:
        self._entities = entities
        self._answers = answers
        self._dialogue = Dialogue()
        self._turns = Turns(self._dialogue)
        self.tells = self._dialogue.tells
        """Whether a piece of a value may stand at either end of a turn."""

    def of_text(self, text: str, run: Run, read_together: ReadTogether) -> list[Finding]:
        """Values that span subtitle cues, or turns of one speaker: a finding for each piece."""
        pieces = self._turns.of_text(text)
        turns = [Turn(piece.speaker, text[piece.start : piece.end]) for piece in pieces]
        found: list[Finding] = []
        for place, each in self.said(turns, run, read_together):
            start, end = each.start + pieces[place].start, each.end + pieces[place].start
            found.append(each._replace(start=start, end=end))
        return found

    def said(
        self, turns: Sequence[Turn], run: Run, read_together: ReadTogether
    ) -> Iterator[tuple[int, Finding]]:
        """Values dictated over turns, and what others repeat of them: each with the index of its turn."""
        if len(turns) < 2:  # noqa: PLR2004  one is no dialogue
            return
        for reading, together in self._turns.joined(turns):
            read = filter(self._turns.counts, read_together(reading, run))
            within: dict[int, Finding] = {}
            for place, each in reading.spread([*read]):
                within.setdefault(together.turns[place], each)
                yield together.turns[place], each
            for before, echo in together.echoes:
                if (said := within.get(before)) is not None:
                    yield echo.turn, said._replace(start=echo.start, end=echo.end)
        wanted = self._entities & run.policy.operators.keys()
        for answer in self._dialogue.answers(turns) if self._answers else ():
            entity = named_in(answer.entity_type, wanted)
            if entity in wanted:
                yield (
                    answer.turn,
                    Finding(answer.start, answer.end, entity, dialogue.SCORE, dialogue.RECOGNIZER, JOINED),
                )
