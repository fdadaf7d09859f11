"""The detectors that an analyzer is made of, as values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from shield.analyzer.passages import Passage
from shield.analyzer.patterns import PatternEngine
from shield.analyzer.recognizers import health, phone
from shield.analyzer.recognizers.phone_za import SouthAfricanNumbers
from shield.analyzer.recognizers.terms import PatternRules
from shield.analyzer.views.reading import Views
from shield.domain import Check, Finding


class Ner(Protocol):
    """A named-entity model. `entities` are the types that it can give, `recognizer` its name in findings."""

    entities: frozenset[str]
    digest: str

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
