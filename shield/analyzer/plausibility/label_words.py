"""Words of forms in eight languages: no name, place, address or number consists of these alone.

A model trained mostly on English takes labels in other languages for names ("Cartella clinica 12196895",
"Seriennummer", "Prawo jazdy"). Its finding is dropped where all its words are labels, joined by particles.
"""

# ruff: noqa: E501, SIM905  # tables of words, as many a line as fit, read best as prose
from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from shield.analyzer.plausibility.form_words import ALONE, WORDS

_NAMES_WITHOUT_ACCENTS: Final = frozenset(
    "carne dias esta irma mae medico nina nino ola pere pietro zahler".split()
)


def _plain(word: str) -> str:
    """The word without accents, as in chat."""
    written = unicodedata.normalize("NFD", word.replace("ł", "l").replace("ß", "ss"))
    return "".join(c for c in written if not unicodedata.combining(c))


LABEL_WORDS: Final = frozenset(word for words in WORDS.values() for word in words) | (
    frozenset(_plain(word) for words in WORDS.values() for word in words if not word.isascii())
    - _NAMES_WITHOUT_ACCENTS
)
PARTICLES: Final = frozenset(
    """
    the la el le il lo der die das de het een a an o os as i gli les los las un une uno una
    di del della dello dei delle du des da do dos van von per para für voor zu zur zum d l n° nº
    mi mia mio mijn mein meine meiner meu minha moja moje mój su sua seu e em na no nas nos que por do
    dias boa bom
    """.split()
)
"""Words that may stand between labels; some are surnames by themselves ("Das")."""
_POSSESSIVES: Final = frozenset("mia mio moja moje mój meu minha mein meine mijn mi".split())
_ARTICLES: Final = frozenset("la il le i una un della alla nella o a os as".split())
_COMPOUND: Final = (
    "nummer",
    "number",
    "nr",
    "karte",
    "kaart",
    "code",
    "datum",
    "adresse",
    "adres",
    "vertrag",
)
_ROLES: Final = frozenset(
    """
    tenant guest patient customer claimant applicant passenger occupant insured cardholder beneficiary nok attn fao
    mieter mieterin vermieter vermieterin kunde kundin gast patientin bewohner bewohnerin kontoinhaber kontoinhaberin versicherte versicherter
    locataire bailleur titulaire assuré assurée adhérent adhérente patiente bénéficiaire voyageur voyageuse
    inquilino inquilina huésped titular asegurado asegurada socio socia paciente pasajero pasajera arrendatario arrendataria
    intestatario intestataria inquilina ospite assicurato assicurata assistito assistita paziente contraente affittuario passeggero
    huurder huurster verhuurder klant verzekerde patiënt patiënte
    hóspede segurado segurada utente locatário locatária passageiro passageira
    najemca gość klient klientka pacjent pacjentka abonent abonentka pasażer pasażerka lokator lokatorka
    """.split()
)
"""What people are to a house, a firm or a doctor: no first names, so that what follows with a capital is the name."""
_TERMS_OF_TRADE: Final = frozenset("ETA ETD POL POD FOB CIF EXW DAP DDP FCA".split())
"""Codes of freight before a place (Incoterms, ports, times)."""
_LEAST_BEFORE: Final = 3  # least letters before one of these
_INTRODUCED: Final = re.compile(
    r"(?<![^\W_])(?:"
    r"(?:(?:last|first|sur|family|maiden|middle|full)[^\S\n]?)name(?:[^\S\n](?:is|was)|['\u2019]?s)|surname[^\S\n]is"
    r"|(?:nach|familien|vor|mädchen)name[^\S\n]ist"
    r"|apellido[^\S\n]es|nom[^\S\n]de[^\S\n]famille[^\S\n]est|prénom[^\S\n]est|cognome[^\S\n][eè]"
    r"|(?:achter|voor)naam[^\S\n]is|(?:apelido|sobrenome)[^\S\n][eé]|nazwisko[^\S\n]to"
    r")[^\S\n]\Z",
    re.IGNORECASE,
)
_INTRODUCTION_REACH: Final = 40  # code points


def may_be_possessive(words: Sequence[str]) -> bool:
    """Whether the words are a single one that means "my" after an article."""
    return len(words) == 1 and words[0] in _POSSESSIVES


def is_possessive(words: Sequence[str], said: str) -> bool:
    """Whether "mia" in "la mia email" means "my" and is not a name; `said` is the word before."""
    return may_be_possessive(words) and said in _ARTICLES


def _is_compound(word: str) -> bool:
    return any(word.endswith(each) and len(word) >= len(each) + _LEAST_BEFORE for each in _COMPOUND)


def is_introduced(text: str, start: int) -> bool:
    """Whether a sentence says that a name comes: "my last name is swift". A label alone ("last name") does not."""
    return _INTRODUCED.search(text, max(0, start - _INTRODUCTION_REACH), start) is not None


def is_label(words: Sequence[str]) -> bool:
    """Whether lower-case words are only labels and particles; a letter may stand between labels.

    With more single letters than words it is spelled: "j ust i n", "d i a and e".
    """
    if len(words) == 1 and words[0] in ALONE:
        return True
    label = False
    letters = 0
    for word in words:
        letters += len(word) == 1
        if word in PARTICLES:
            continue
        if word in LABEL_WORDS or (word.endswith(_COMPOUND) and _is_compound(word)):
            label = True
        elif len(word) > 1:
            return False
    if letters > 1 and 2 * letters > len(words):
        return False
    return label or (len(words) > 1 and PARTICLES.issuperset(words))


def start_behind_label(text: str, start: int, end: int) -> int:
    """Where a person begins whose span holds what they are before the name: "Locataire Thibault Oyono".

    The same of a place behind a term of trade ("ETA Rotterdam"). `end` or later where it holds nothing else.
    """
    blank = text.find(" ", start, end + 1)
    if blank < 0 or not text[blank + 1 : blank + 2].isupper():
        return start
    word = text[start:blank].rstrip(":.")
    return blank + 1 if word in _TERMS_OF_TRADE or word.lower() in _ROLES else start
