"""The project's own tagger (`models/README.md`) as a source of findings: the model named `fast`.

Numbers of people are left to the recognizers that know their forms; the tagger gives what only the words
around tell. A street address or postcode counts as LOCATION under a policy that does not name the finer
type, so that the same policy works with either model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from shield.analyzer.spacy_ner import worth_reading
from shield.analyzer.tagger import Tagger
from shield.domain import Check, Finding, no_check
from shield.errors import ConfigError, DetectionIncompleteError

NAME = "fast"
RECOGNIZER = "TaggerRecognizer"
FOLDER = Path(__file__).parent / "ner-en"  # a link to models/ner-en; in an installed package, its files
LABELS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "PERSON": ("PERSON",),
        "LOCATION": ("LOCATION",),
        "STREET_ADDRESS": ("STREET_ADDRESS", "LOCATION"),
        "POSTCODE": ("POSTCODE", "LOCATION"),
        "ORGANIZATION": ("ORGANIZATION",),
        "DATE_TIME": ("DATE_TIME",),
        "DATE_OF_BIRTH": ("DATE_OF_BIRTH", "DATE_TIME"),
        "NRP": ("NRP",),
    }
)
"""The labels that are used, and the entity types that each can count as; the first that a policy names."""

_BATCH = 8  # texts between two checks of the deadline
_SLICE = 20_000  # code points that the tagger reads between two checks


class TaggerNer:
    """The tagger in `folder`. Raises ConfigError where it is not there or damaged. Any number of threads."""

    def __init__(self, folder: Path = FOLDER) -> None:
        try:
            self._tagger = Tagger.load(folder)
        except Exception as error:  # noqa: BLE001  # the runtime raises many kinds; the files are at fault
            raise ConfigError(f"model {NAME} cannot be loaded ({type(error).__name__})") from None
        self.digest = self._tagger.digest
        self.entities = frozenset(entity for entities in LABELS.values() for entity in entities)

    @property
    def recognizer(self) -> str:
        return RECOGNIZER

    def analyze(
        self, texts: Sequence[str], wanted: frozenset[str], check: Check = no_check
    ) -> list[list[Finding]]:
        """The entities of the wanted types, aligned with `texts`, in their offsets.

        Raises `DetectionIncompleteError` where the tagger raises, and whatever `check` raises.
        """
        named = {
            label: next((entity for entity in entities if entity in wanted), None)
            for label, entities in LABELS.items()
        }
        found: list[list[Finding]] = []
        for number, text in enumerate(texts):
            if number % _BATCH == 0 or len(text) > _SLICE:
                check()
            found.append(self._read(text, named) if worth_reading(text) else [])
        return found

    def _read(self, text: str, named: Mapping[str, str | None]) -> list[Finding]:
        try:
            spans = self._tagger.tag((text,))[0]
        except Exception:  # noqa: BLE001  # what the runtime raises may carry the text
            raise DetectionIncompleteError(f"recognizer {RECOGNIZER} failed", recognizer=RECOGNIZER) from None
        return [
            Finding(start, end, entity, score, RECOGNIZER)
            for start, end, label, score in spans
            if (entity := named.get(label)) is not None
        ]
