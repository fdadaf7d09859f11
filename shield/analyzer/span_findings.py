"""Makes findings of the spans that the project's models give: their ends, labels and types.

A model reads words. Here a span gets the ends that its value has in the text, the label that the words beside
it tell better, and a type that the policy names; what cannot be what the model says is dropped (`plausible`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from math import nextafter
from typing import Final

from shield.analyzer.learned import is_of_cased
from shield.analyzer.passages import SHORT, Passage
from shield.analyzer.plausibility.cased_names import is_no_cased_name
from shield.analyzer.plausibility.label_words import start_behind_label
from shield.analyzer.plausibility.named_speakers import speakers
from shield.analyzer.plausibility.names_within import within
from shield.analyzer.plausibility.number_forms import kinds_of
from shield.analyzer.plausibility.plausible import is_plausible
from shield.analyzer.plausibility.plausible_numbers import NUMBERS, end_of_number, start_of_number
from shield.analyzer.plausibility.quoted import QUOTES, unquoted
from shield.analyzer.plausibility.recurring_names import recurring
from shield.analyzer.plausibility.whole_spans import (
    start_of_name,
    whole_address,
    whole_house,
    whole_name,
    whole_number,
    whole_spelled,
)
from shield.analyzer.tagging.tagger import Tagged
from shield.domain import Finding

RECOGNIZER: Final = "TaggerRecognizer"
_NAMES: Final = frozenset({"PERSON", "ORGANIZATION"})
_WRITTEN_LARGE: Final = frozenset({"PERSON", "ORGANIZATION", "LOCATION", "NRP"})
_PEOPLE_AND_PLACES: Final = frozenset({"PERSON", "LOCATION"})
_PLACES: Final = frozenset({"LOCATION", "STREET_ADDRESS"})
_BESIDE: Final = 4  # code points within which a number counts as beside a name
_DEGREE: Final = "MD"
_BETWEEN_BARS: Final = re.compile(r"[^|\s][^|]*")
_PAUSES: Final = frozenset(",;")

Types = Mapping[str, str | None]
"""The entity type that each label counts as under a policy; None where the policy names none for it."""


def findings_of(passage: Passage, spans: Sequence[Tagged], types: Types) -> list[Finding]:
    """The findings in the passage's text; spans of the text before it have offsets below 0."""
    text = passage.text
    found: list[Finding] = []
    for place, (raw, until, said, score) in enumerate(spans):
        if until <= 0:
            continue
        start, end = _trimmed(text, max(raw, 0), until, said)
        if start >= end or (said == "LOCATION" and place and _is_degree(text, start, end, spans[place - 1])):
            continue
        label = within(text, start, end, said) if said in _NAMES else said
        if types.get(label) is None and (said != "PERSON" or label not in _PLACES):
            continue
        if label in NUMBERS:
            number = _number(passage, spans, place, (start, end, label, score), types)
            found += [] if number is None else [number]
        else:
            found += _name(passage, (start, end, said, score), label, types)
    if not found or len(text) <= SHORT:
        return found
    return [*found, *recurring(text, found), *speakers(text, found)]


def _number(
    passage: Passage, spans: Sequence[Tagged], place: int, span: Tagged, types: Types
) -> Finding | None:
    """The finding of a number or code at `place` of the spans; None where it is not personal."""
    text = passage.text
    first, last, label, score = span
    start, end = start_of_number(text, first, last, label), end_of_number(text, first, last, label)
    kinds = kinds_of(text, start, end, label, passage.before)
    if not kinds:
        return None
    entity = types.get(label)
    if kinds[0] != label or len(kinds) > 1:
        entity = next((kind for each in kinds if (kind := types.get(each)) is not None), entity)
    if entity is None:
        return None
    if label != "POSTCODE" and passage.is_named(entity, start, end):
        return None  # the more expensive tests run only for what no rule has named
    # A number beside a plausible name or address belongs to it, rather than counting something.
    beside = partial(_is_beside, text, spans, place, start, end)
    if not is_plausible(text, start, end, label, beside=beside):
        return None
    if label == "POSTCODE":
        start, end = whole_spelled(text, start, end)
    return Finding(start, whole_number(text, start, end), entity, score, RECOGNIZER)


def _name(passage: Passage, span: Tagged, label: str, types: Types) -> Iterator[Finding]:
    """The findings of a name, place, address or date, which is now taken for a `label`."""
    text = passage.text
    start, end, said, score = span
    if said in _PEOPLE_AND_PLACES:
        start = start_behind_label(text, start, end)
    if start >= end or not is_plausible(text, start, end, said, beside=_alone):
        return
    if said in _WRITTEN_LARGE and is_of_cased(text, start, end) and is_no_cased_name(text, start, end):
        return
    if label == "EMAIL_ADDRESS":
        if not passage.said and text[start:end].isalpha():
            return  # "agent" under `from`: a mere half of an address
        start, end = whole_address(text, start, end)
        entity = types.get(label)
        if entity is not None and text.find("|", start, end) >= 0:  # `<mailto:jo@example.com|jo@example.com>`
            for piece in _BETWEEN_BARS.finditer(text, start, end):
                yield Finding(*piece.span(), entity, score, RECOGNIZER)
            return
    elif said == "STREET_ADDRESS":
        start = whole_house(text, start, end)
    elif said == "PERSON":
        start, end = start_of_name(text, start), whole_name(text, start, end)
        person = types.get(said)
        if label in _PLACES and person is not None:
            # Diane Lane may be a person: a policy that spares streets must not expose persons.
            yield Finding(start, end, person, nextafter(score, 0.0), RECOGNIZER)
    entity = types.get(label)
    if entity is not None:
        yield Finding(start, end, entity, score, RECOGNIZER)


def _trimmed(text: str, start: int, end: int, label: str) -> tuple[int, int]:
    """`[start, end)` without the marks that quote it and a pause behind it.

    Any character may be part of a password, but half of a pair of quotes is not.
    """
    if label == "PASSWORD":
        return start + (text[start] in QUOTES and text.startswith(text[start], end)), end
    start, end = unquoted(text, start, end)
    return start, end - (start < end and text[end - 1] in _PAUSES)


def _is_degree(text: str, start: int, end: int, before: Tagged) -> bool:
    """Whether "MD" follows a name and a comma: a doctor of medicine, not Maryland."""
    if end - start != len(_DEGREE):  # as nearly always
        return False
    return before[2] == "PERSON" and text[start:end] == _DEGREE and text[before[1] : start] == ", "


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
    """Whether a span is of a plausible name, place or address in the text."""
    first, last, label, _ = span
    return label not in NUMBERS and last > 0 and is_plausible(text, max(first, 0), last, label, beside=_alone)
