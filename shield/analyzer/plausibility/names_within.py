"""Recognizes names that are part of something else: a company, a street, a place after its postcode, a thing.

The model reads words, and "Varga" of "Varga Kft.", "Paula" of "Paula Close" and "Aalten" of "7798 MR Aalten" are names
as well. The legal form, the word for a street and the postcode beside it tell better what they are. Streets and places
stay found, under another type; a company, and a thing that bears a name, are not persons. The work is bounded.
"""

# ruff: noqa: E501, RUF001, SIM905  # tables of words, as many a line as fit, read best as prose; typographic characters
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from shield.analyzer.recognizers.letter_case import CAPITAL
from shield.analyzer.recognizers.no_names import ALSO_NAMES, NO_NAMES

_NEXT: Final = rf"{CAPITAL}[\w'’\-]{{1,24}}"
_LEGAL: Final = (
    r"Inc|INC|LLC|L\.L\.C|LLP|Ltd|LTD|Limited|PLC|Plc|Corp|Corporation|GmbH|GMBH|KGaA|OHG|GbR|GesbR|mbH|e\.V|SARL|SAS|EURL|SRL|"
    r"S\.[ ]?r\.[ ]?l|SpA|SPA|S\.p\.A|SNC|S\.n\.c|S\.L(?:\.[A-Z]){0,3}|S\.A(?:\.[A-Z]){0,3}|S\.Com|S\.Coop\.?|S\.C\.P|B\.V|N\.V|VOF|"
    r"A/S|ApS|ASA|Oyj?|As[ ]Oy|Sp\.[ ]?z[ ]o\.[ ]?o|Sp\.[ ]?j|s\.r\.o|a\.s|o\.s|k\.s|v\.o\.s|d\.o\.o|d\.d|Kft|Zrt|Nyrt|Kht|Lda|Ltda|S/A|OÜ|"
    r"(?:&|and|und|et|e|y|og|och|en|és|i)[ ](?:Co|Cie|Sons|Partners?|Söhne|Sohn|fils|Fils|figli|Figli|hijos|Hijos|asociados|Asociados|[Ff]ilhos|sønner|zonen|társa|syn|synowie)"
)
_WEAK: Final = r"(?:AG|KG|UG|AB|HB|SA|BV|NV|Ky|Bt)(?![^\W_]|,?[ ]?\d)"
"""Two-letter forms, which are also states, codes and words of a text in capitals."""
_BEHIND: Final = r"(?![^\W_])"
# A comma is also followed by departments ("Jane Doe, Logistics"), states ("Reno, NV") and clauses.
_APART: Final = rf",[ ](?:Inc|INC|LLC|L\.L\.C|LLP|Ltd|LTD|PLC|Plc|GmbH|GMBH|KGaA|S\.L|S\.A|B\.V|N\.V|ApS|Kft|Zrt|s\.r\.o|d\.o\.o|Lda|Ltda){_BEHIND}"
_AFTER_ONE: Final = re.compile(
    rf"(?:[ ](?:&[ ])?{_NEXT}|-{_NEXT}){{0,2}}(?:[ ](?:{_LEGAL}|{_WEAK}){_BEHIND}|{_APART})"
)
_AFTER_MORE: Final = re.compile(rf"(?:[ ]&[ ]{_NEXT})?(?:[ ](?:{_LEGAL}){_BEHIND}|{_APART})")
"""After a name of two words the form must follow directly: "Jane Doe Acme Ltd" is a person at a company."""
_SIGNS_AFTER_S: Final = re.compile(r"[ ]S\.(?:[ALC]|R\.L|[LA](?:\.[A-Z]){1,2}|C\.[APR])(?![^\W_]|\.[A-Z])")
_WITH_ONE: Final = re.compile(rf"[ ](?:{_LEGAL}|{_WEAK})\.?{_BEHIND}")
_WITH_MORE: Final = re.compile(rf"[ ](?:{_LEGAL})\.?{_BEHIND}")
_ALONE: Final = re.compile(rf"(?:{_LEGAL}|z[ ]o\.[ ]?o|o\.o)\.?")
_LONGEST_FORM: Final = 12  # code points
_FIRMS: Final = frozenset(
    """tours motors foods holidays airlines airways hotels solicitors logistics couriers estates lettings services industries
    enterprises systems solutions technologies pharmacy insurance foundation academy university hospital stores""".split()
)
"""What a firm's name ends in, and no person's."""
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
    repo repository build level severity stage
    tenant cluster node pod image bucket topic queue database db schema table job worker task""".split()
)
"""Names of members that hold things; a title, host, team, event or source may well be a person."""
_QUOTES: Final = frozenset("\"'’")
_BEFORE_VALUES: Final = frozenset("=:\"'")
_JSON_KEY: Final = re.compile(r"[\"']\s?:")
_ARTICLES: Final = frozenset(("de", "la", "el", "del", "der", "die", "den", "les", "het"))


def is_of_a_thing(text: str, start: int, end: int, words: Sequence[str]) -> bool:
    """Whether a name or place is a member's name, the name of a thing, or words of a clause."""
    if (
        text[end : end + 1] in _QUOTES
        and len(words) == 1
        and not text[start : start + 1].isupper()
        and _JSON_KEY.match(text, end) is not None
    ):
        return True
    if text[max(0, start - 1) : start] in _BEFORE_VALUES:
        key = _KEY_BEFORE.search(text, max(0, start - 26), start)
        return key is not None and key[1].lower() in _KEYS_OF_THINGS
    return not text[start : start + 1].isupper() and _is_of_words(words)


def _is_of_words(words: Sequence[str]) -> bool:
    """Whether lower-case words are from a clause ("tak samo jak"), which English models take for names.

    A short word by itself may be a name: "su", "an".
    """
    if not NO_NAMES.issuperset(words) or words[0] in ALSO_NAMES:
        return False
    return len(words) > 1 or len(words[0]) > 3 or words[0] in _ARTICLES  # noqa: PLR2004


def within(text: str, start: int, end: int, label: str) -> str:
    """The right label of a span that the model takes for a person or an organization."""
    words = text[start : min(end, start + 200)].lower().split()
    if not words:
        return label
    if label == "ORGANIZATION":
        return "STREET_ADDRESS" if _is_compound_way(words) else label
    if label == "PERSON":
        if _is_company(text, start, end, words):
            return "ORGANIZATION"
        if len(words) > 1 and (words[-1] in _WAYS or words[0] in _WAYS_BEFORE or _is_compound_way(words)):
            # The whole answer to a question is more likely a name: "Bruce Lane".
            return label if start == 0 and len(text) <= end + 1 else "STREET_ADDRESS"
        before = text[max(0, start - 2) : start]
        if (
            before[-1:].isspace()
            and text[start].isupper()
            and (before[0] == "," or before[0].isdigit() or before[0].isupper())
        ):
            behind_postcode = _POSTCODE_BEFORE.search(text, max(0, start - 12), start)
            return "LOCATION" if behind_postcode is not None else label
    return label


def _is_company(text: str, start: int, end: int, words: Sequence[str]) -> bool:
    """Whether a legal form follows a name, with up to two words between, or is part of the span.

    A first and last name become a company only by an unambiguous form, as policies keep companies.
    """
    if _ALONE.fullmatch(text, start, end) is not None:
        return True
    if len(words) == 2 and words[1] in _FIRMS and text[start].isupper():  # noqa: PLR2004  a single name before it
        return True
    if len(words) > 1:
        form = (_WITH_MORE if len(words) > 2 else _WITH_ONE).search(text, start, end + _LONGEST_FORM)  # noqa: PLR2004
        if form is not None and form.start() < end <= form.end():
            return True
    after = text[end : end + 2]
    if after[:1] == ".":
        return _SIGNS_AFTER_S.match(text, end - 2) is not None
    if after[:1] not in {" ", "-", ","}:
        return False
    return (_AFTER_ONE if len(words) == 1 else _AFTER_MORE).match(text, end) is not None


def _is_compound_way(words: Sequence[str]) -> bool:
    last = words[-1]
    if last.endswith("brigade"):
        return False
    return (len(words) > 1 and last in _WAYS_AFTER) or _COMPOUND_WAY.fullmatch(last) is not None
