"""Finds entities with the project's own models (`models/README.md`): `fast`, `accurate` and `cascade`.

They find what only the words around tell; what its form says about a number is considered too (`plausible`).
A street address or postcode counts as LOCATION under a policy that does not name the finer type, so that the
same policy works with any model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from math import nextafter
from pathlib import Path
from types import MappingProxyType

from shield.analyzer.model_files import DamagedModelError
from shield.analyzer.names_within import within
from shield.analyzer.number_forms import kinds_of
from shield.analyzer.passages import SHORT, Passage, is_identifier
from shield.analyzer.plausible import is_plausible
from shield.analyzer.plausible_numbers import NUMBERS, end_of_number
from shield.analyzer.quoted import QUOTES, unquoted
from shield.analyzer.recurring_names import recurring
from shield.analyzer.tagger import Tagged
from shield.analyzer.tiers import FAST, Models
from shield.analyzer.whole_spans import (
    start_of_name,
    whole_address,
    whole_house,
    whole_name,
    whole_number,
    whole_spelled,
)
from shield.config_codes import ProblemCode
from shield.domain import Check, Finding, no_check
from shield.errors import ConfigError, DetectionIncompleteError, ShieldError
from shield.foreign_errors import failed

RECOGNIZER = "TaggerRecognizer"
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

_NAMES = frozenset({"PERSON", "ORGANIZATION"})
_PLACES = frozenset({"LOCATION", "STREET_ADDRESS"})
_BESIDE = 4  # characters within which a number counts as beside a name
_DEGREE = 2  # letters
_PAUSES = frozenset(",;")
_BATCH = 4_000  # code points that the tagger reads between two checks, unless one window is longer


def shipped() -> Models:
    """The models shipped with the program; none is read yet."""
    return Models(FOLDER, ENCODER)


class TaggerNer:
    """A tier of the model. Raises ConfigError where files are missing or damaged. Thread-safe."""

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
        self._last_named: tuple[frozenset[str], Mapping[str, str | None]] = (frozenset(), {})
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

    def _named(self, wanted: frozenset[str]) -> Mapping[str, str | None]:
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
        named: Mapping[str, str | None],
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
            found[place] = _plausible(passages[place], moved, named)


def _trimmed(text: str, start: int, end: int, label: str) -> tuple[int, int]:
    """`[start, end)` without the marks that quote it and a pause behind it.

    Any character may be part of a password, but half of a pair of quotes is not.
    """
    if label == "PASSWORD":
        return start + (text[start] in QUOTES and text.startswith(text[start], end)), end
    start, end = unquoted(text, start, end)
    return start, end - (start < end and text[end - 1] in _PAUSES)


def _plausible(passage: Passage, spans: Sequence[Tagged], named: Mapping[str, str | None]) -> list[Finding]:
    """The findings in the passage's text; spans of the text before it have offsets below 0.

    A number beside a plausible name or address belongs to it, rather than counting something.
    """
    text = passage.text
    found: list[Finding] = []
    for place, (raw, until, said, score) in enumerate(spans):
        if until <= 0:
            continue
        start, last = _trimmed(text, max(raw, 0), until, said)
        if start >= last:
            continue
        if (
            said == "LOCATION"
            and last - start == _DEGREE
            and place
            and _is_degree(text, start, last, spans[place - 1])
        ):
            continue
        label = within(text, start, last, said) if said in _NAMES else said
        entity = named.get(label)
        if entity is None and (said != "PERSON" or label not in _PLACES):
            continue
        if label in NUMBERS:
            end = end_of_number(text, start, last, label)
            kinds = kinds_of(text, start, end, label, passage.before)
            if not kinds:
                continue
            if kinds[0] != label or len(kinds) > 1:
                entity = next((kind for each in kinds if (kind := named.get(each)) is not None), entity)
            if label != "POSTCODE" and entity is not None and passage.named.holds(entity, start, end):
                continue  # the more expensive tests run only for what no rule has named
            beside = partial(_is_beside, text, spans, place, start, end)
            if not is_plausible(text, start, end, label, beside=beside):
                continue
            if label == "POSTCODE":
                start, end = whole_spelled(text, start, end)
            end = whole_number(text, start, end)
        else:
            end = last
            if not is_plausible(text, start, end, said, beside=_alone):
                continue
            if label == "EMAIL_ADDRESS":
                if not passage.said and text[start:end].isalpha():
                    continue  # "agent" under `from`: a mere half of an address
                start, end = whole_address(text, start, end)
            elif said == "STREET_ADDRESS":
                start = whole_house(text, start, end)
            elif said == "PERSON":
                start, end = start_of_name(text, start), whole_name(text, start, end)
                person = named.get(said)
                if label in _PLACES and person is not None:
                    # Diane Lane may be a person: a policy that spares streets must not expose persons.
                    found.append(Finding(start, end, person, nextafter(score, 0.0), RECOGNIZER))
        if entity is not None:
            found.append(Finding(start, end, entity, score, RECOGNIZER))
    return [*found, *recurring(text, found)] if found and len(text) > SHORT else found


def _is_degree(text: str, start: int, end: int, before: Tagged) -> bool:
    """Whether "MD" follows a name and a comma: a doctor of medicine, not Maryland."""
    return before[2] == "PERSON" and text[start:end] == "MD" and text[before[1] : start] == ", "


def _alone() -> bool:
    """The `beside` of names, for which it is never called."""
    return False


def _is_beside(text: str, spans: Sequence[Tagged], place: int, start: int, end: int) -> bool:
    """Whether a plausible name or address stands next to `[start, end)`, the number at `place` of the spans.

    The spans, of which there may be many, are disjoint and in order, so only those around it are examined.
    """
    for following in range(place + 1, len(spans)):
        if spans[following][0] >= end + _BESIDE:
            break
        if spans[following][0] >= end and _is_name(text, spans[following]):
            return True
    for before in range(place - 1, -1, -1):
        if spans[before][1] <= start - _BESIDE:
            break
        if spans[before][1] <= start and _is_name(text, spans[before]):
            return True
    return False


def _is_name(text: str, span: Tagged) -> bool:
    first, last, label, _ = span
    return label not in NUMBERS and last > 0 and is_plausible(text, max(first, 0), last, label, beside=_alone)


def worth_reading(text: str) -> bool:
    """Whether a text can hold what the model finds: it is not a single identifier, path or address."""
    stripped = text.strip()
    return stripped.isdecimal() or not is_identifier(stripped)
