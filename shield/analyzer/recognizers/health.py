"""Finds conditions and medicines, but only where they are a person's.

A term of the lists (`health_words`) counts where its sentence speaks of a person (a name that was found, a
first-person or singular third-person pronoun, a patient) or where the name of the member that holds it says
so (`diagnosis`, `patient_notes`). "Diabetes awareness month" and "health check endpoint" are not findings.
The types act only under a policy that names them. The work is linear in the text.
"""

# ruff: noqa: E501, RUF001, SIM905  # tables of words read best as prose; typographic apostrophes
from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final, NamedTuple

from shield.analyzer.context import KeyContext
from shield.analyzer.recognizers.health_words import CONDITIONS, MEDICINES
from shield.analyzer.views.view import View
from shield.domain import Finding, Segment, SegmentKind

RECOGNIZER: Final = "HealthTermsRecognizer"
CONDITION, MEDICATION = "HEALTH_CONDITION", "MEDICATION"
ENTITIES: Final = frozenset({CONDITION, MEDICATION})
BY_KEY, BY_SENTENCE = 0.85, 0.7
_SURE: Final = 0.5  # least score of a name that makes a sentence one about a person
_REACH: Final = 300  # code points of a sentence that are read on each side of a term

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_SENTENCE_END: Final = re.compile(r"[.!?…]+(?=\s|\Z)|\n")
_PERSON: Final = frozenset(
    """
    i me my mine myself i'm i've i'd i'll im ive he she his her hers him he's she's husband wife son daughter mother
    father mom mum dad patient patients pt gentleman lady claimant
    ich mein meine meinen meinem meiner mir mich ehemann ehefrau sohn tochter mutter vater patientin patienten
    je j'ai j'étais moi mon ma mes mari épouse fils fille mère père patiente
    yo mi mis mí me tengo padezco sufro tomo marido esposa hijo hija madre padre paciente
    io mio mia miei mie ho prendo soffro marito moglie figlio figlia paziente
    eu meu minha meus minhas tenho tomo mulher filho filha mãe pai
    ik mijn mij man vrouw zoon dochter moeder vader patiënt patiënte
    ja mój moja moje mam mnie biorę choruję mąż żona syn córka matka ojciec pacjent pacjentka
    """.split()
)
"""Words that make a sentence one about a person."""
_THINGS: Final = frozenset(
    "portal portals app application website education information leaflet safety care".split()
)
"""Words after "patient" that make it mean a thing."""
_CAUSES: Final = frozenset(
    """
    awareness research charity foundation society association month week day campaign fundraiser walk run ward clinic
    unit department conference course article podcast newsletter survey study studies statistics prevention vaccine
    """.split()
)
"""Words after a term that make it a cause or a topic."""
_KEYS: Final = frozenset(
    """
    patient patients diagnosis diagnoses diagnosed medication medications medicine medicines medical health allergy
    allergies illness disease dx rx meds prescription prescriptions symptom symptoms treatment anamnesis diagnose diagnostic
    diagnóstico diagnosi
    """.split()
)


class Term(NamedTuple):
    """A term at `[start, end)` within the sentence `[first, last)`; `speaks`: words there speak of a person."""

    start: int
    end: int
    entity: str
    first: int
    last: int
    speaks: bool


class HealthTerms:
    """The lists, ready to compare: first word -> (all words, type), the longest first."""

    def __init__(self) -> None:
        table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for terms, entity in ((CONDITIONS, CONDITION), (MEDICINES, MEDICATION)):
            for term in terms:
                words = tuple(_words(term))
                table.setdefault(words[0], []).append((words, entity))
        self._table = {
            first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in table.items()
        }

    def terms(self, text: str) -> Iterator[Term]:
        """The terms of a text, leftmost and longest, with whether their sentences speak of a person."""
        table = self._table
        if table.keys().isdisjoint(_WORD.findall(_plain(text))):
            return  # as for most texts: finding positions costs more than words
        found = [(match.start(), match.end(), _plain(match.group())) for match in _WORD.finditer(text)]
        position = 0
        for place, (start, _, word) in enumerate(found):
            rows = table.get(word)
            if rows is None or place < position:
                continue
            for words, entity in rows:
                last = place + len(words)
                if tuple(word for *_, word in found[place:last]) != words:
                    continue
                end = found[last - 1][1]
                if end - start > len(" ".join(words)) + 1:
                    continue  # more than a space or a hyphen separates the words
                position = last
                if last == len(found) or found[last][2] not in _CAUSES:
                    yield Term(start, end, entity, *_sentence(text, start, end))
                break

    def of_segment(
        self,
        segment: Segment,
        keys: KeyContext,
        found: Sequence[Finding],
        views: Sequence[View],
        wanted: Collection[str],
    ) -> list[Finding]:
        """The findings in a segment and its other readings; `found` are those of other detectors."""
        if segment.kind not in (SegmentKind.TEXT, SegmentKind.PARAMETER):
            return []
        persons = [(f.start, f.end) for f in found if f.entity_type == "PERSON" and f.score >= _SURE]
        terms = self.findings(segment.text, keys, persons, wanted)
        known = {(finding.start, finding.end) for finding in terms}
        for view in views:
            for finding in self.findings(view.text, keys, (), wanted):
                start, end = view.raw_span(finding.start, finding.end)
                if (start, end) not in known:
                    terms.append(finding._replace(start=start, end=end, view=view.name))
        return terms

    def findings(
        self, text: str, keys: KeyContext, persons: Sequence[tuple[int, int]], wanted: Collection[str]
    ) -> list[Finding]:
        """The personal terms of a text. `persons` are the spans of names in it."""
        by_key = any(word in _KEYS for word in (*keys.own, *(w for words in keys.enclosing for w in words)))
        found: list[Finding] = []
        for term in self.terms(text):
            if term.entity not in wanted:
                continue
            if by_key:
                found.append(Finding(term.start, term.end, term.entity, BY_KEY, RECOGNIZER))
            elif term.speaks or any(start < term.last and term.first < end for start, end in persons):
                found.append(Finding(term.start, term.end, term.entity, BY_SENTENCE, RECOGNIZER))
        return found


def _sentence(text: str, start: int, end: int) -> tuple[int, int, bool]:
    """The sentence around a term, within reach, and whether its words speak of a person."""
    low, high = max(0, start - _REACH), min(len(text), end + _REACH)
    first = low
    for stop in _SENTENCE_END.finditer(text, low, start):
        first = stop.end()
    after = _SENTENCE_END.search(text, end, high)
    last = high if after is None else after.start()
    words = _words(text[first:last])
    speaks = any(
        word in _PERSON and (word[:5] != "patie" or following not in _THINGS)
        for word, following in zip(words, [*words[1:], ""], strict=True)
    )
    return first, last, speaks


def _words(text: str) -> list[str]:
    return [_plain(word) for word in _WORD.findall(text)]


def _plain(word: str) -> str:
    return word.lower().replace("’", "'")
