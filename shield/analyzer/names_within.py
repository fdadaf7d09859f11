"""What a name is a part of: a company, a street, a place behind its postcode, the name of a thing.

The model reads words, and "Varga" of "Varga Kft.", "Paula" of "Paula Close" and "Aalten" of "7798 MR Aalten" are names
as well. The legal form, the word for a way and the postcode beside it tell better what they are. Streets and places stay
found, under another type; a company, and a thing that is called by a name, are no person. Bounded.
"""

# ruff: noqa: E501, RUF001, SIM905  # tables of words, as many a line as fit, read best as prose; typographic characters
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from shield.analyzer.recognizers.no_names import NO_NAMES

_CAPITALISED: Final = r"[^\W\d_a-zß-öø-ÿ][\w'’\-]{1,24}"
_LEGAL: Final = (
    r"Inc|INC|LLC|L\.L\.C|LLP|Ltd|LTD|Limited|PLC|Plc|Corp|Corporation|GmbH|GMBH|KGaA|OHG|GbR|GesbR|mbH|e\.V|SARL|SAS|EURL|SRL|"
    r"S\.[ ]?r\.[ ]?l|SpA|SPA|S\.p\.A|SNC|S\.n\.c|S\.L(?:\.[A-Z]){0,3}|S\.A(?:\.[A-Z]){0,3}|S\.Com|S\.Coop\.?|S\.C\.P|B\.V|N\.V|VOF|"
    r"A/S|ApS|ASA|Oyj?|As[ ]Oy|Sp\.[ ]?z[ ]o\.[ ]?o|Sp\.[ ]?j|s\.r\.o|a\.s|o\.s|k\.s|v\.o\.s|d\.o\.o|d\.d|Kft|Zrt|Nyrt|Kht|Lda|Ltda|S/A|OÜ|"
    r"Gruppen|Gruppe|Groupe|Groep|Holdings?|Stiftung|Enterprises|Industries|Associates|Payments|Logistics|Technologies|"
    r"(?:&|and|und|et|e|y|og|och|en|és|i)[ ](?:Co|Cie|Sons|Partners?|Söhne|Sohn|fils|Fils|figli|Figli|hijos|Hijos|asociados|Asociados|[Ff]ilhos|sønner|zonen|társa|syn|synowie)|"
    r"Group(?![ ]?\d)"
)
_SHORT_LEGAL: Final = r"AG|KG|UG|AB|HB|SA|BV|NV|Ky|Bt"
"""Two letters that are states, codes and words of a text in capitals, too."""
_COMPANY: Final = re.compile(
    rf"(?:[ ](?:&[ ])?{_CAPITALISED}|-{_CAPITALISED}){{0,2}},?[ ](?:(?:{_LEGAL})(?![^\W_])|(?:{_SHORT_LEGAL})(?![^\W_]|,?[ ]?\d))"
)
_SIGNS_AFTER_S: Final = re.compile(r"[ ]S(?:\.[A-Z]){1,3}(?![^\W_])")
_FORMS_ALONE: Final = frozenset(("o.o", "o.o.", "s.r.o", "s.r.o.", "d.o.o", "d.o.o."))
_ENDS_AS_COMPANY: Final = re.compile(rf"[ ](?:{_LEGAL}|{_SHORT_LEGAL})\.?\Z")
_WAYS: Final = frozenset(
    """street road avenue lane drive close court crescent terrace way boulevard highway parkway mews alley
    dale knoll fork curve trail ridge grove""".split()
)
_WAYS_BEFORE: Final = frozenset(
    """rua rue avenue avenida calle viale piazza glorieta alameda paseo plaza praça travessa rambla ronda carrer boulevard
    chemin impasse quai vicolo contrada corso ulica trg cesta pasadizo pasaje callejón cuesta""".split()
)
_COMPOUND_WAY: Final = re.compile(
    r"(?!renegade|bundesstra).{3,}(?:straße|strasse|gasse|allee|gade|gatan|vägen|veien|katu|polku|kuja|bulevardi|straat|laan|dreef|gracht|steeg)",
    re.IGNORECASE,
)
_WAYS_AFTER: Final = frozenset(
    "ulica ulice utca tér útja körút cesta trg gate gata allé straße bulevardi".split()
)
_POSTCODE_BEFORE: Final = re.compile(
    r"(?:\A|[,.\n][ ]?)(?:[A-Z]{1,2}-)?(?!1\d{3}(?!\d)|20[0-4]\d(?!\d))(?:\d{4,5}|\d{3}[ ]\d{2}|\d{2}-\d{3}|\d{4}[ ]?[A-Z]{2}),?[ \n]\Z"
)
_KEY_BEFORE: Final = re.compile(r"[?&;,{\s\"']([A-Za-z][A-Za-z_\-]{1,20})[\"']?[=:][\"']?\Z")
_KEYS_OF_THINGS: Final = frozenset(
    """brand color colour product model category type status size theme env environment branch host team plan tag tags sku
    lang locale vendor manufacturer title genre item app module service region zone font style device os browser project
    repo repository build event level severity source channel queue topic role state stage""".split()
)
_JSON_KEY: Final = re.compile(r"[\"']\s?:")
_EPONYM_AFTER: Final = re.compile(
    r"['’]s?[ ](?:disease|syndrome|lymphoma|sarcoma|palsy|law|theorem|razor|principle|sign|test|score|scale|reagent|thyroiditis|constant)(?![^\W_])"
)
_CALLED_BY_NAMES: Final = frozenset(
    """escala enfermedad síndrome sindrome signo test índice indice score tumor maniobra clasificación linfoma sarcoma grado
    criterios fórmula esófago prueba tinción operación técnica sonda catéter maladie syndrome malattia scala doença""".split()
)
_NUMBER: Final = re.compile(r"[ ]\d")
_EPONYM_BEFORE: Final = re.compile(
    rf"(?:{'|'.join(sorted(_CALLED_BY_NAMES))})[ ](?:de|del|di|da)[ ]\Z",
    re.IGNORECASE,
)
_TRAVELLED: Final = re.compile(
    r"(?:fl(?:ew|y|ying|own)|travel(?:l?ed|l?ing)?|trip|flights?|moved|moving|born|lives?|lived|living|based|located|reside[sd]?)"
    r"[ ](?:to|from|in|near)[ ]\Z",
    re.IGNORECASE,
)
_LIVED: Final = re.compile(
    r"(?:fl(?:ew|y|ying|own)[ ]to|born[ ]in|liv(?:e|es|ed|ing)[ ]in|natural[ ]de)[ ]\Z", re.IGNORECASE
)
_EXCLAIMED: Final = frozenset(
    "lovely perfect brilliant great awesome wonderful excellent fantastic super cheers".split()
)
_THINGS: Final = frozenset(
    """cheesecake sponge fries roast blend brew coffee salad sauce duck polo polos hammer screwdriver washer dryer fridge
    dishwasher mattress keyboard headset sneakers trainers jeans jacket plugin repo server cluster database cache migration
    site bridge""".split()
)
"""What is called by the name before it, in lower case: food, goods, parts of a computer."""
_NOUN: Final = re.compile(r"[ ]([a-z]{4,12})(?![^\W_])")
_OFFERS: Final = frozenset(
    "plan piano paquete pack pacote pakiet tarif tarifa tariffa forfait abonnement".split()
)
"""What is sold under a name behind it: "Plan Ahorro", "Piano Famiglia". Renzo Piano has it behind."""
_OF: Final = frozenset(("de", "el", "di", "da"))
_ARTICLES: Final = frozenset(("de", "la", "el", "del", "der", "die", "den", "les", "het"))
_TO: Final = frozenset(("to ", "in ", "om ", "ar ", "de "))


def is_of_a_thing(text: str, start: int, end: int, words: Sequence[str]) -> bool:
    """Whether a name or place is a member's name, an exclamation, or part of what a thing or a disease is called."""
    after = text[end : end + 1]
    if after in {'"', "'", "’"}:
        if _JSON_KEY.match(text, end) is not None and len(words) == 1:
            return True
        if after != '"' and _EPONYM_AFTER.match(text, end) is not None:
            return True
    elif after in {".", "!"} and len(words) == 1 and words[0] in _EXCLAIMED:
        return start == 0 or text[:start].rstrip(" ")[-1:] in {"", "\n", ":", ".", "!"}
    before = text[max(0, start - 1) : start]
    if before in {"=", ":", '"', "'"}:
        key = _KEY_BEFORE.search(text, max(0, start - 26), start)
        return key is not None and key[1].lower() in _KEYS_OF_THINGS
    if before == " " and text[max(0, start - 3) : start - 1] in _OF:
        return _EPONYM_BEFORE.search(text, max(0, start - 24), start) is not None
    if words[0] in _CALLED_BY_NAMES and len(words) > 2:  # noqa: PLR2004  # "Escala de Glasgow"
        return words[1] in {"de", "del", "di", "da"}
    if words[0] in _OFFERS and len(words) > 1:
        return True
    if words[0] == "port" and len(words) == 1:
        return _NUMBER.match(text, end) is not None
    if not text[start : start + 1].isupper():
        return _is_of_words(words)
    if len(words) > 1 and words[-1] in _THINGS:
        return text[end - len(words[-1]) : end].islower()
    return after == " " and (noun := _NOUN.match(text, end)) is not None and noun[1] in _THINGS


def _is_of_words(words: Sequence[str]) -> bool:
    """Whether words in lower case are those of a clause ("tak samo jak"), as models of English take for names.

    A short word by itself may be one: "su", "an".
    """
    if not NO_NAMES.issuperset(words):
        return False
    return len(words) > 1 or len(words[0]) > 3 or words[0] in _ARTICLES  # noqa: PLR2004


def within(text: str, start: int, end: int, label: str) -> str:
    """The label of a span that the model takes for a person or an organization."""
    words = text[start : min(end, start + 200)].lower().split()
    if not words:
        return label
    before = text[max(0, start - 3) : start]
    if label == "ORGANIZATION":
        if _is_compound_way(words):
            return "STREET_ADDRESS"
        if before[-3:] in _TO and _LIVED.search(text, max(0, start - 14), start) is not None:
            return "LOCATION"
        return label
    if label == "PERSON":
        if _is_company(text, start, end, words):
            return "ORGANIZATION"
        if len(words) > 1 and (words[-1] in _WAYS or words[0] in _WAYS_BEFORE or _is_compound_way(words)):
            return "STREET_ADDRESS"
        if before[-1:].isspace() and text[start].isupper():
            found = None
            if before in _TO:
                found = _TRAVELLED.search(text, max(0, start - 18), start)
            elif (last := before[-2:-1]) == "," or last.isdigit() or last.isupper():
                found = _POSTCODE_BEFORE.search(text, max(0, start - 12), start)
            return "LOCATION" if found is not None else label
    return label


def _is_company(text: str, start: int, end: int, words: Sequence[str]) -> bool:
    """Whether a legal form stands behind a name, with a word or two between, or ends it."""
    if words[-1] in _FORMS_ALONE:
        return True
    if len(words) > 1 and _ENDS_AS_COMPANY.search(text, start, end) is not None:
        return True
    after = text[end : end + 2]
    if after[:1] == ".":
        return _SIGNS_AFTER_S.match(text, end - 2) is not None
    if after[:1] not in {" ", "-", ","}:
        return False
    return _COMPANY.match(text, end) is not None


def _is_compound_way(words: Sequence[str]) -> bool:
    last = words[-1]
    if last.endswith("brigade"):
        return False
    return (len(words) > 1 and last in _WAYS_AFTER) or _COMPOUND_WAY.fullmatch(last) is not None
