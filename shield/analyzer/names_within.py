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
_FORM: Final = rf"[ ](?:(?:{_LEGAL})(?![^\W_])|(?:{_SHORT_LEGAL})(?![^\W_]|,?[ ]?\d))"
# Behind a comma stand departments ("Jane Doe, Logistics"), states ("Reno, NV") and clauses as well.
_FORM_APART: Final = r",[ ](?:Inc|INC|LLC|L\.L\.C|LLP|Ltd|LTD|PLC|Plc|GmbH|GMBH|KGaA|S\.L|S\.A|B\.V|N\.V|ApS|Kft|Zrt|s\.r\.o|d\.o\.o|Lda|Ltda)(?![^\W_])"
_COMPANY: Final = re.compile(
    rf"(?:[ ](?:&[ ])?{_CAPITALISED}|-{_CAPITALISED}){{0,2}}(?:{_FORM}|{_FORM_APART})"
)
_COMPANY_BEHIND: Final = re.compile(rf"(?:{_FORM}|{_FORM_APART}|[ ]&[ ]{_CAPITALISED}{_FORM})")
"""Of a name of two words the form stands next to it: "Jane Doe Acme Ltd" is somebody and where she works."""
_SIGNS_AFTER_S: Final = re.compile(r"[ ]S\.(?:[ALC]|R\.L|[LA](?:\.[A-Z]){1,2}|C\.[APR])(?![^\W_]|\.[A-Z])")
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
    """brand color colour product model category type status size theme env environment branch plan sku
    lang locale vendor manufacturer genre app module service region zone font style device os browser project
    repo repository build level severity stage""".split()
)
"""A title, host, team, event or source may well be a person."""
_JSON_KEY: Final = re.compile(r"[\"']\s?:")
_EPONYM_AFTER: Final = re.compile(
    r"['’]s?[ ](?:disease|syndrome|lymphoma|sarcoma|palsy|law(?![ ]firm)|theorem|razor|principle|sign(?![ \-](?:in|up|off|on|out))|reagent|thyroiditis)(?![^\W_])"
)
_EPONYMS: Final = frozenset(
    """addison alzheimer apgar asperger avogadro babinski baker barrett basedow bayes behçet behcet bell boltzmann boyle
    breslow broca burkitt chagas charcot conway crohn cronbach cushing dalton down duchenne dupuytren edwards ehlers ewing
    fanconi faraday fermat fisher fitts fleming foley freud friedreich gaucher gauss gilbert glasgow gleason godwin
    goodhart graves grice guillain hashimoto heimlich hick hodgkin hooke horner hubble huntington kaposi kawasaki kepler
    kernig klinefelter korsakoff lasègue lasegue legionnaire legionnaires lyme marfan mcburney menière meniere metcalfe
    moore murphy nernst newton norton occam ockham ohm osgood paget pareto parkinson peyronie phalen planck pott raynaud
    reiter reye romberg rorschach rovsing scheuermann schrödinger sjögren sjogren still sturge tay tinel tourette turner
    wernicke whipple wilson""".split()
)
"""After whom diseases, signs, scales and laws are called. Anybody has tests, scores and diseases: "Jane's test"."""
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
_TITLES: Final = ("Mr.", "Mrs.", "Ms.", "Dr.", "Prof.", "Fr.", "Hr.")
_DISHES: Final = frozenset(
    "cheesecake sponge fries roast blend brew coffee salad sauce duck polo polos".split()
)
_GOODS: Final = frozenset(
    """hammer screwdriver washer dryer fridge dishwasher mattress keyboard headset sneakers trainers jeans jacket plugin
    repo server cluster database cache migration site bridge""".split()
)
"""What is called by the name before it, in lower case: food and clothes, goods and parts of a computer."""
_THING_BEFORE: Final = re.compile(
    r"(?:(?<![^\W_])(?:the|an?|our|your|my|his|her|their|this|that|these|those|every|each|no|some|of|\d{1,3}(?:[ ]?x)?)[ ]+)\Z",
    re.IGNORECASE,
)
_DISH_BEFORE: Final = re.compile(r"(?<![^\W_])and[ ]\Z|[,\n][ ]?\Z")
_NOUN: Final = re.compile(r"[ ]([a-z]{4,12})(?![^\W_])")
_OFFERS: Final = frozenset(
    "plan piano paquete pack pacote pakiet tarif tarifa tariffa forfait abonnement".split()
)
"""What is sold under a name behind it: "Plan Ahorro", "Piano Famiglia". Renzo Piano has it behind."""
_OF: Final = frozenset(("de", "el", "di", "da"))
_ARTICLES: Final = frozenset(("de", "la", "el", "del", "der", "die", "den", "les", "het"))
_ALSO_NAMES: Final = frozenset(
    """anders lang long longo kurz samo pack dove nada del les page field self bent campo bang como bien largo
    court drucker fenster morgen sola solo""".split()
)
"""Words of a language that somebody is called by in another."""
_TO: Final = frozenset(("to ", "in ", "om ", "ar ", "de "))


def is_of_a_thing(text: str, start: int, end: int, words: Sequence[str]) -> bool:
    """Whether a name or place is a member's name, an exclamation, or part of what a thing or a disease is called."""
    after = text[end : end + 1]
    if after in {'"', "'", "’"}:
        lower = not text[start : start + 1].isupper()
        if len(words) == 1 and lower and _JSON_KEY.match(text, end) is not None:
            return True
        if after != '"' and words[-1] in _EPONYMS and _EPONYM_AFTER.match(text, end) is not None:
            return len(words) == 1
    elif after in {".", "!"} and len(words) == 1 and words[0] in _EXCLAIMED:
        said = text[max(0, start - 8) : start].rstrip(" ")
        return start == 0 or (said[-1:] in {"\n", ":", ".", "!"} and not said.endswith(_TITLES))
    before = text[max(0, start - 1) : start]
    if before in {"=", ":", '"', "'"}:
        key = _KEY_BEFORE.search(text, max(0, start - 26), start)
        return key is not None and key[1].lower() in _KEYS_OF_THINGS
    if before == " " and text[max(0, start - 3) : start - 1] in _OF and _EPONYMS.issuperset(words):
        return _EPONYM_BEFORE.search(text, max(0, start - 24), start) is not None
    if words[0] in _CALLED_BY_NAMES and len(words) > 2:  # noqa: PLR2004  # "Escala de Glasgow"
        return words[1] in {"de", "del", "di", "da"} and words[2] in _EPONYMS and len(words) == 3  # noqa: PLR2004
    if words[0] in _OFFERS and len(words) > 1:
        return True
    if words[0] == "port" and len(words) == 1:
        return _NUMBER.match(text, end) is not None
    if not text[start : start + 1].isupper():
        return _is_of_words(words)
    noun = words[-1]
    if len(words) > 1 and text[end - len(noun) : end].islower():
        return _is_called(text, start, words[:-1], noun)
    behind = _NOUN.match(text, end) if after == " " else None
    return behind is not None and _is_called(text, start, words, behind[1])


def _is_called(text: str, start: int, name: Sequence[str], noun: str) -> bool:
    """Whether a name before a noun is that of the thing: "the Kenmore washer", no "tell Jane coffee is out".

    Behind an article, a number or "of" no person stands, and a dish may follow another one.
    """
    if noun not in _DISHES and (noun not in _GOODS or len(name) > 1):
        return False
    low = max(0, start - 12)
    if _THING_BEFORE.search(text, low, start) is not None:
        return True
    return noun in _DISHES and _DISH_BEFORE.search(text, low, start) is not None


def _is_of_words(words: Sequence[str]) -> bool:
    """Whether words in lower case are those of a clause ("tak samo jak"), as models of English take for names.

    A short word by itself may be one: "su", "an".
    """
    if not NO_NAMES.issuperset(words) or words[0] in _ALSO_NAMES:
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
            # The whole answer to a question is rather a name: "Bruce Lane".
            return label if start == 0 and len(text) <= end + 1 else "STREET_ADDRESS"
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
    return (_COMPANY if len(words) == 1 else _COMPANY_BEHIND).match(text, end) is not None


def _is_compound_way(words: Sequence[str]) -> bool:
    last = words[-1]
    if last.endswith("brigade"):
        return False
    return (len(words) > 1 and last in _WAYS_AFTER) or _COMPOUND_WAY.fullmatch(last) is not None
