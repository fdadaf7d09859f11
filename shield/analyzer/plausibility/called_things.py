"""Recognizes things that bear a name: "Modul Rosetta", "the Billy bookcase", "Storm Eunice", "the Windsor Suite".

The model takes "Rosetta" for a person. The kind of thing is named next to it: before it in most languages, after it
in English, where an article is needed too ("ask Maria dashboard access" does name a person). Words that also describe
people (a model, a server, a bank, a family) are left out. The rules only remove findings. The work is bounded.
"""

# ruff: noqa: E501, RUF001, SIM905  # tables of words, as many a line as fit, read best as prose; typographic characters
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from shield.analyzer.recognizers.letter_case import CAPITAL

_KINDS_BEFORE: Final = frozenset(
    """
    modul projekt modell drucker gerät produkt marke tarif software plattform datenbank plugin sofa regal schrank lampe variante sorte sturm orkan
    projet modèle logiciel imprimante produit ouragan tempête canapé
    proyecto módulo producto impresora huracán
    progetto prodotto stampante uragano divano
    projeto produto impressora furacão
    moduł produkt drukarka huragan
    macos ubuntu
    appel aardappel apfel kartoffel kartoffelsorte mela pera patata pomme poire manzana maçã jabłko jabłka ziemniak ziemniaki
    """.split()
)
_KINDS_WITH_CAPITAL: Final = frozenset("module project codename hurricane typhoon cyclone storm".split())
"""Kinds that need a capital; without one, a clause may follow: "the project Maria leads"."""
_STORMS: Final = frozenset(
    "storm hurricane typhoon cyclone orkan sturm ouragan huracán aardappel kartoffel mela pomme manzana".split()
)
"""The first words of spans that include the kind: of storms, and of fruit."""
_PETS: Final = frozenset(
    """
    hund hündin katze kater kaninchen meerschweinchen hond kat konijn cavia chien chienne chatte lapin perro gata conejo gatto gatta coniglio
    cadela coelho królik kotka
    """.split()
)
"""Animals with a name behind them; behind the English words a clause may begin ("the dog Maria walks")."""
_ENGLISH_PETS: Final = frozenset(
    "dog cat puppy pup kitten hamster parrot bunny rabbit tortoise budgie pony".split()
)
_OWNED: Final = re.compile(
    r"(?<![^\W_])(?:my|our|his|her|your|their)[ ](?:[a-z]{3,10}[ ]){0,2}[a-z]{3,8}[ ]\Z", re.IGNORECASE
)
"""Before the name of somebody's animal: "my old dog ", after which hardly a clause begins."""
_VESSELS: Final = frozenset("vessel ferry trawler yacht hms".split())
_WITH_A_NAME: Final = _PETS | _VESSELS
_ROOMS: Final = frozenset("suite room ballroom boardroom auditorium".split())
_ROOMS_BEFORE: Final = re.compile(
    rf"(?<![^\W_])(?:(?:meeting|conference|function|treatment)[ ]rooms|boardrooms|chambres|salles|habitaciones|salas|sale|camere|zalen|zimmer|räume|säle|quartos|pokoje)[ ]"
    rf"(?P<row>(?:(?-i:{CAPITAL})[^\W\d_]{{1,20}}(?:,[ ]|[ ](?:and|&|et|e|y|und|en|i)[ ])){{0,6}})\Z",
    re.IGNORECASE,
)
"""Rooms in the plural, and those that stand before another: "les chambres Colette, Molière et"."""
_ANOTHER_BEHIND: Final = re.compile(rf"(?:,|[ ](?:and|&|et|e|y|und|en|i))[ ](?={CAPITAL})")
_CLAUSE_BEHIND: Final = re.compile(r"[ ][a-z]")
"""A word in lower case behind a name, as of the verb in "the ferry Maria took"."""
_KINDS_BEHIND: Final = (
    r"dashboards?|plug-?ins?|bookcases?|bookshel(?:f|ves)|chairs?|sofas?|couch|lamps?|mattress|headsets?|headphones|kettles?|routers?|printers?|"
    r"vacuum|hoover|hammer|keyboards?|monitors?|speakers?|toasters?|blenders?|dress|jackets?|boots|backpacks?|watch|telescope|"
    r"app|bot|clusters?|repo|repository|pipelines?|modules?|endpoint|theme|template|microservice|queue|rooms?|suite|lounge"
)
_BEHIND: Final = re.compile(rf"[ ](?:{_KINDS_BEHIND})(?![^\W_]|['’])")
_ARTICLE: Final = re.compile(
    r"(?<![^\W_])(?:the|an?|my|our|your|his|her|their|this|that|new|old|one|two)[ ]\Z", re.IGNORECASE
)
_WORD_BEFORE: Final = re.compile(r"(?<![^\W_])([^\W\d_]{3,16})[ ][\"'„“«]?\Z")
_CALLED: Final = re.compile(
    r"(?<![^\W_])(?:restaurants?|places?|venues?|hotels?|bars?|pubs?|caf[eé]s?|shops?|stores?|compan(?:y|ies)|apps?|tools?|songs?|films?|"
    r"movies?|shows?|games?|albums?|books?|ships?|dish|drinks?|software|programs?|products?|brands?)[ ]"
    r"(?:by[ ]the[ ]name[ ]of|(?:is[ ]|was[ ]|it['’]?s[ ])?(?:called|named))[ ][\"'“‘]?\Z",
    re.IGNORECASE,
)
_SERVED: Final = re.compile(
    r"(?<![^\W_])(?:serv(?:es?|ed|ing)[ ](?:[a-z]{3,12}[ ])?|"
    r"(?:at|as|for|in|of|to|with|is|was|book|find|need|want|like|near|from|on|by|me|just)[ ]an?[ ])\Z",
    re.IGNORECASE,
)
"""Before a lower-case word: dishes that are served, and any noun with an English indefinite article."""
_COMMON_NOUNS: Final = frozenset(
    """here there within nearby outside inside somewhere anywhere upstairs downstairs downtown uptown food spring terrace bar
    pub restaurant steakhouse bistro cafe island ward night ledger bad tea house court city county town village street road
    way popular the of and""".split()
)
"""Lower-case words of which no name of a place consists."""
_MEDICINE: Final = re.compile(
    r"[a-z]{3,14}(?:cillin|mycin|cycline|floxacin|statin|olol|azole|prazole|sartan|dipine|profen|zepam|formin|oxetine|gliptin|parin)"
)
"""Endings of international nonproprietary names of medicines (WHO stems)."""
_SCIENCE: Final = re.compile(r"[a-z]{3,20}(?:ology|ectomy|oscopy|ography)")
"""Fields and procedures of medicine: "Ophthalmology"."""
_MODEL: Final = re.compile(
    r" (?!FY)(?:[A-Z]\d{2,4}|[A-Z]{2,3}\d{1,4})[A-Za-z]?(?![^\W_]|['’\-/#]|[ ]\d[A-Z]{2}(?![^\W_]))"
)
"""The number of a model behind the name of its maker: "Dyson V15". Not of a quarter or a level, nor a postcode."""
_IN_PRINT: Final = re.compile(r",?[ ](?:pp?|vol|ch)\.[ ]?\d")
"""The page behind the name of a book: "Haynes p. 88"."""
_SHINES: Final = re.compile(
    r"(?<![^\W_])(?:blink(?:s|ing)?|turn(?:s|ed|ing)?|flash(?:es|ing)?|glow(?:s|ing)?|shows?|solid|steady)[ ]\Z"
)
_COLOURS_OF_LIGHTS: Final = frozenset("amber rose violet olive coral ruby jade".split())
_ANIMAL_AND_NAME: Final = 2  # words
_SHORTEST_STREET: Final = 4  # letters
_ONE_NAME: Final = re.compile(rf"{CAPITAL}[\w’'\-]{{1,24}}")
_REACH: Final = 24
_REACH_CALLED: Final = 40
_REACH_ROOMS: Final = 96


def is_called_thing(text: str, start: int, end: int, words: Sequence[str], label: str) -> bool:
    """Whether a person or place found by the model is the name of a thing, by the kind of thing next to it."""
    if len(words) == 1 and (
        _MEDICINE.fullmatch(words[0]) is not None or _SCIENCE.fullmatch(words[0]) is not None
    ):
        return True
    if label == "STREET_ADDRESS":
        return _is_stub(text, start, end, words)
    if label == "LOCATION" and text[start : start + 1].islower():
        return _COMMON_NOUNS.issuperset(words) or (
            _SERVED.search(text, max(0, start - _REACH), start) is not None
        )
    ends = _CLAUSE_BEHIND.match(text, end) is None
    if not text[start : start + 1].isupper():
        if text[end : end + 2] in {"'d", "’d"} and label == "PERSON":  # "ver'd", as desks write
            return True
        if words[0] in _COLOURS_OF_LIGHTS and _SHINES.search(text, max(0, start - _REACH), start) is not None:
            return True
        if len(words) == _ANIMAL_AND_NAME and words[0] in _PETS and ends:
            return True
        return label == "PERSON" and _is_called_so(text, start)
    if len(words) > 1:
        if (
            words[-1] in _ROOMS
            or words[0] in _STORMS
            or (len(words) == _ANIMAL_AND_NAME and words[0] == "hund" and ends)
        ):
            return True
        before = _WORD_BEFORE.search(text, max(0, start - _REACH), start)
        if ends and before is not None and before[1].lower() in _VESSELS:
            return True
        return label == "PERSON" and _is_called_so(text, start)
    if label == "PERSON" and (_MODEL.match(text, end) or _IN_PRINT.match(text, end)):
        return True
    before = _WORD_BEFORE.search(text, max(0, start - _REACH), start)
    if before is not None and (
        _is_kind(before[1])
        or (ends and before[1].lower() in _WITH_A_NAME)
        or (before[1].lower() in _ENGLISH_PETS and _OWNED.search(text, max(0, start - _REACH_CALLED), start))
    ):
        return True
    rooms = _ROOMS_BEFORE.search(text, max(0, start - _REACH_ROOMS), start)
    if rooms is not None and (rooms["row"] or _ANOTHER_BEHIND.match(text, end) is not None):
        return True
    if text[end : end + 1] == " " and _BEHIND.match(text, end) is not None:
        return (
            _ONE_NAME.fullmatch(text, start, end) is not None
            and _ARTICLE.search(text, max(0, start - _REACH), start) is not None
        )
    return label == "PERSON" and _is_called_so(text, start)


def _is_stub(text: str, start: int, end: int, words: Sequence[str]) -> bool:
    """Whether an address is only a short abbreviation such as "Arr" or "LVM." in a longer text."""
    return (
        len(words) == 1
        and len(words[0]) <= _SHORTEST_STREET
        and words[0].isalpha()
        and text[start].isupper()
        and len(text) > end - start + _SHORTEST_STREET
    )


def _is_kind(word: str) -> bool:
    kind = word.lower()
    return kind in _KINDS_BEFORE or (word[0].isupper() and kind in _KINDS_WITH_CAPITAL)


def _is_called_so(text: str, start: int) -> bool:
    """Whether it follows "restaurant by the name of", "an app called" or the like."""
    return text[max(0, start - 1) : start] in {" ", '"', "'", "“", "‘"} and (
        _CALLED.search(text, max(0, start - _REACH_CALLED), start) is not None
    )
