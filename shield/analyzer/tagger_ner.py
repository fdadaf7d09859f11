"""Finds entities with the project's own models (`models/README.md`): `fast`, `accurate` and `cascade`.

They find what only the words around tell; what its form says about a value counts too (`span_findings`).
A street address or postcode counts as LOCATION under a policy that does not name the finer type, so that the
same policy works with any model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from shield.analyzer.passages import Passage, is_identifier
from shield.analyzer.span_findings import RECOGNIZER, Types, findings_of
from shield.analyzer.tagging.model_files import DamagedModelError
from shield.analyzer.tagging.tiers import FAST, Models
from shield.config_codes import ProblemCode
from shield.domain import Check, Finding, no_check
from shield.errors import ConfigError, DetectionIncompleteError, ShieldError
from shield.foreign_errors import failed

FOLDER = Path(__file__).parent / "ner-en"  # a link to models/ner-en; in an installed package, its files
ENCODER = Path(__file__).parent / "ner-en-accurate"  # likewise
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
        "PHONE_NUMBER": ("PHONE_NUMBER",),
        "EMAIL_ADDRESS": ("EMAIL_ADDRESS",),
        "CREDIT_CARD": ("CREDIT_CARD",),
        "US_SSN": ("US_SSN",),
        "NATIONAL_ID": ("NATIONAL_ID",),
        "ACCOUNT_NUMBER": ("ACCOUNT_NUMBER", "US_BANK_NUMBER"),
        "PASSWORD": ("PASSWORD", "PIN"),
        "USERNAME": ("USERNAME",),
        "MEDICAL_ID": ("MEDICAL_RECORD_NUMBER",),
        "VEHICLE_ID": ("VEHICLE_ID", "LICENSE_PLATE"),
    }
)
"""The labels that are used, and the entity types that each can count as; the first that a policy names."""

_BATCH = 4_000  # code points that the tagger reads between two checks, unless one window is longer


def shipped() -> Models:
    """The models shipped with the program; none is read yet."""
    return Models(FOLDER, ENCODER)


class TaggerNer:
    """A tier of the model. Raises ConfigError where files are missing or damaged. Thread-safe."""

    latin_only = True

    def __init__(self, tier: str = FAST, models: Models | None = None) -> None:
        """`models` may be shared with others; without them its own are read."""
        try:
            self._tagger = (models or shipped()).tier(tier)
        except DamagedModelError as error:
            raise ConfigError(ProblemCode.MODEL_UNUSABLE, f"model {tier} cannot be loaded: {error}") from None
        except Exception as error:  # noqa: BLE001  # the runtime raises many kinds; the files are at fault
            raise ConfigError(
                ProblemCode.MODEL_UNUSABLE, f"model {tier} cannot be loaded ({type(error).__name__})"
            ) from None
        self.digest = self._tagger.digest
        self._last_named: tuple[frozenset[str], Types] = (frozenset(), {})
        self.entities = frozenset(entity for entities in LABELS.values() for entity in entities)

    @property
    def recognizer(self) -> str:
        return RECOGNIZER

    def read(
        self, passages: Sequence[Passage], wanted: frozenset[str], check: Check = no_check
    ) -> Iterator[list[Finding]]:
        """The entities of the wanted types, aligned with `passages`, in their offsets.

        Raises `DetectionIncompleteError` where the tagger raises, `ResourcesExhaustedError` where it lacks
        memory, and whatever `check` raises.
        """
        named = self._named(wanted)
        found: list[list[Finding]] = [[] for _ in passages]
        batch: list[int] = []
        size = known = 0
        for place, passage in enumerate(passages):
            if not worth_reading(passage.text):
                continue
            batch.append(place)
            size += len(passage.before) + len(passage.text)
            if size > _BATCH:
                check()
                self._read(passages, batch, named, found, check)
                yield from found[known : place + 1]
                batch, size, known = [], 0, place + 1
        if batch:
            check()
            self._read(passages, batch, named, found, check)
        yield from found[known:]

    def _named(self, wanted: frozenset[str]) -> Types:
        """The entity type that each label counts as; cached for the types wanted last."""
        known = self._last_named
        if known[0] != wanted:
            named = {
                label: next((entity for entity in entities if entity in wanted), None)
                for label, entities in LABELS.items()
            }
            known = self._last_named = (wanted, named)
        return known[1]

    def _read(
        self,
        passages: Sequence[Passage],
        batch: Sequence[int],
        named: Types,
        found: list[list[Finding]],
        check: Check,
    ) -> None:
        """Puts into `found` the findings in the passages with indices in `batch`, which are read together."""
        leads = [before + "\n" if (before := passages[place].before) else "" for place in batch]
        texts = [lead + passages[place].text for lead, place in zip(leads, batch, strict=True)]
        try:
            tagged = self._tagger.tag(texts, check)
        except ShieldError:  # of `check`
            raise
        except Exception as error:  # noqa: BLE001  # what the runtime raises may carry the text
            raise failed(error, DetectionIncompleteError(recognizer=RECOGNIZER)) from None
        for place, lead, spans in zip(batch, leads, tagged, strict=True):
            if not spans:
                continue
            offset = len(lead)
            moved = [(s - offset, e - offset, label, p) for s, e, label, p in spans] if offset else spans
            found[place] = findings_of(passages[place], moved, named)


def worth_reading(text: str) -> bool:
    """Whether a text can hold what the model finds: it is not a single identifier, path or address."""
    stripped = text.strip()
    return stripped.isdecimal() or not is_identifier(stripped)
