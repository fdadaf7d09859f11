"""The detectors that an analyzer is made of, as values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from shield.analyzer.conversation import dialogue
from shield.analyzer.lettered_patterns import LetteredPatterns
from shield.analyzer.messages import interchange
from shield.analyzer.passages import Passage
from shield.analyzer.patterns import PatternEngine
from shield.analyzer.recognizers import health, key_context, phone
from shield.analyzer.recognizers.phone_za import SouthAfricanNumbers
from shield.analyzer.recognizers.terms import DENY_LIST, PatternRules
from shield.analyzer.views.reading import Views
from shield.domain import Check, Finding


class Ner(Protocol):
    """A named-entity model. `entities` are the types that it can give, `recognizer` its name in findings.

    One that is `latin_only` has not learned other letters, and does not get them to read (`learned`).
    """

    entities: frozenset[str]
    digest: str
    latin_only: bool

    @property
    def recognizer(self) -> str: ...

    def read(
        self, passages: Sequence[Passage], wanted: frozenset[str], check: Check = ...
    ) -> Iterable[list[Finding]]:
        """Yields the entities of the wanted types in each passage, in order, as soon as they are known.

        Raises DetectionIncompleteError, and whatever `check` raises.
        """
        ...


@dataclass(frozen=True, slots=True)
class Detectors:
    """What an `Analyzer` is made of (see `build`).

    `opaque` are recognizers that have only `analyze`: users' own, and Presidio's that are more than
    patterns. `phones` is `None` where no phone recognizer is selected. `named` are the types of our own
    recognizers that names of members can announce too.
    """

    patterns: PatternEngine
    rules: PatternRules
    opaque: tuple[Any, ...] = ()
    phones: phone.PhoneNumbers | None = None
    ner: Ner | None = None
    key_names: bool = True
    named: frozenset[str] = frozenset()
    views: Views | None = None
    health: health.HealthTerms | None = None
    south_african: SouthAfricanNumbers | None = None
    lettered: LetteredPatterns | None = None

    @property
    def recognizers(self) -> frozenset[str]:
        """The names that findings and errors may carry."""
        keys = key_context.RECOGNIZER, dialogue.RECOGNIZER, interchange.RECOGNIZER
        return frozenset(
            {
                DENY_LIST,
                *(str(each.name) for each in (*self.patterns.recognizers, *self.opaque, *self._apart)),
                *(rule.name for rule in self.rules.rules),
                *((phone.RECOGNIZER,) if self.phones is not None else ()),
                *((self.ner.recognizer,) if self.ner is not None else ()),
                *((health.RECOGNIZER,) if self.health is not None else ()),
                *(keys if self.key_names else ()),
            }
        )

    @property
    def entities(self) -> frozenset[str]:
        """The types that findings may have, but for those of a policy's own deny lists."""
        return frozenset(
            {
                *(str(each.supported_entities[0]) for each in self.patterns.recognizers),
                *(rule.entity_type for rule in self.rules.rules),
                *(str(entity) for each in (*self.opaque, *self._apart) for entity in each.supported_entities),
                *((phone.ENTITY,) if self.phones is not None else ()),
                *(self.ner.entities if self.ner is not None else ()),
                *(health.ENTITIES if self.health is not None else ()),
                *(key_context.ENTITIES | self.named if self.key_names else ()),
            }
        )

    @property
    def _apart(self) -> tuple[Any, ...]:
        za, lettered = self.south_african, self.lettered
        return (
            *(() if za is None else za.recognizers),
            *(() if lettered is None else lettered.recognizers),
        )
