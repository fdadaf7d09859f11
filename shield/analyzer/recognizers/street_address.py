"""Finds street addresses of many countries, in regular spelling and in lower-case chat.

English forms (US, UK, IE, IN, AU, CA) are a house number, up to four words, and a word for a street; then a
unit, a city, a state and a postcode where they follow. German, Dutch, French, Spanish, Italian and Polish
forms have their own order (`continental_streets`). A word that as often means something else ("drive", "place", "way") needs more
evidence: capitals, what follows, or a label such as "address" before it.
"""

# ruff: noqa: E501, RUF001, SIM905  # patterns, one a line; typographic characters; tables of words
from __future__ import annotations

from shield.analyzer.recognizers.continental_streets import CA_POSTCODE, continental_patterns
from shield.analyzer.recognizers.delivery import delivery_patterns
from shield.analyzer.recognizers.labelled import (
    LABEL_START,
    Match,
    Sort,
    ValuePattern,
    ValuePatternRecognizer,
    begun,
)
from shield.analyzer.recognizers.letter_case import CAPITAL
from shield.analyzer.recognizers.places import PROVINCES, STATE_NAMES, US_STATES, alternatives
from shield.analyzer.recognizers.street_forms import street_patterns

_STOPS = frozenset(
    (
        "the in on at my your our their his her its a an is was are were be been for to and or i we it this that by from with "
        "have has had not no only more than one two three so as if but then just you he she they me us can will would please "
        "thanks thank minutes minute mins min hours hour hrs hr days day weeks week months month years year yrs miles mile km "
        "meters feet ft dollars dollar usd euros euro gbp rs rupees percent items item people times pm am o'clock seconds sec "
        "gb mb tb kg lbs left right ago before after during about since until per each every am now today tomorrow yesterday "
        "phone ph contact number email mail name zip code call order ordered bought paid need want of off up down out into "
        "over under there here when where which who how what all any some like get got go going drive-thru large small medium "
        "uhr frau herr herrn "
        "steps entries take takes tall grande iced hot coffee latte bit inch star first-class"
    ).split()
)
_WORD = r"[^\W\d_][\w'’.\-]{0,19}"
_ORDINAL = r"\d{1,3}\s?(?:st|nd|rd|th)"
_STRONG = (
    "street|avenue|ave|road|rd|boulevard|blvd|blv|lane|ln|terrace|crescent|parkway|pkwy|highway|hwy|turnpike|expressway|"
    "nagar|salai|marg|mews|esplanade|cul-de-sac|freeway|causeway|beltway|byway|av|strt|stret|streeet|streat|steet"
)
_WEAK = (
    "st|drive|dr|court|ct|place|pl|way|park|square|sq|circle|cir|loop|run|view|hill|hills|gardens?|close|walk|row|ridge|trail|trl|"
    "path|green|grove|plaza|pike|point|rise|bend|cove|colony|layout|enclave|vihar|cross|complex|palayam|ter|tce|cres|pde|parade|wharf|"
    "quay|heights|meadows?|crossing|landing|manor|glen|mall|gate|ramp|route|extension|alley|estate"
)
_STRONG_WORDS = frozenset(_STRONG.split("|"))
_WEAK_WORDS = frozenset(_WEAK.split("|"))
_DIRECTION = r"(?:n|s|e|w|ne|nw|se|sw|north|south|east|west|northeast|northwest|southeast|southwest)\.?"
_UNIT = r"(?:(?:apt|apartment|unit|suite|ste|flat|floor|fl|room|rm|bldg|building|lot|#|no)\.?\s{0,2}#?\s?[\w\-]{1,5}|\d{1,2}(?:st|nd|rd|th)\sfloor)"
_ZIP = r"\d{4,6}(?:-\d{4})?"
_UK_POSTCODE = r"[a-pr-uwyz][a-hk-y]?\d[\da-z]?\s?\d[abd-hjlnp-uw-z]{2}"
_STATE = rf"(?:{'|'.join([*US_STATES, *PROVINCES, 'SA', 'NT', 'WA'])}|{alternatives(STATE_NAMES)})"
_PLACE = (
    r"(?!(?:and|to|or|from|for|but|is|are|my|your|the|please|thanks|phone|ph|contact|until|last|with|on|at|now|zip|in|i|we|was|it)(?![^\W_]))"
    + _WORD
)
_CITY = rf"{_PLACE}(?:[\s\-]{_PLACE}){{0,2}}"
_TAIL = (
    # perhaps a city; a state and a postcode, or a British postcode
    rf"(?P<tail>,?\s{{1,4}}(?:{_CITY},?\s{{1,4}})?(?:{_STATE}\b\.?,?\s{{1,4}}(?:usa\s|us\s)?(?:{_ZIP}|{CA_POSTCODE})|{_UK_POSTCODE})(?![\w-])|"
    # a city and a state in capitals or by its name
    rf",?\s{{1,4}}{_CITY},?\s{{1,2}}(?:(?-i:{'|'.join([*US_STATES, *PROVINCES])})\b|(?:{alternatives(STATE_NAMES)})\b(?:\s\d{{4,6}})?)|"
    # up to five words and a postcode of digits
    rf",?\s{{1,3}}{_PLACE}(?:\s{_PLACE}){{0,4}}\s{{1,3}}{_ZIP}(?![\w-]|[.,]\d)|"
    # a comma and up to three words with capitals
    r",\s(?-i:[A-Z][\w'’\-]{2,20}(?:\s[A-Z][\w'’\-]{2,20}){0,2})(?:,?\s\d{4,6})?(?![\w])|"
    # up to three words that end the text, or stand before a number
    rf"\s{{1,3}}[^\W\d_]{{2,15}}(?:\s[^\W\d_]{{2,15}}){{0,2}}(?=\s{{0,3}}(?:\Z|\s\d{{7}})))"
)
# "flat 3", "no. 12/4", "#7 ": not a price, nor a part of a longer number.
_NUMBER = r"(?<![\w$€£#.,/:\-])(?:(?:flat|apt|unit|no|number|door no|h\.?\s?no|plot no|plot|#)\.?\s?)?(?:\d{1,4}[a-z]?/)?\d{1,6}(?:[\-/]\d{1,4})?\s?[a-z]?(?<=[\da-z]),?\s{1,3}"
_ADDRESS = r"add?ress{1,2}(?:\s(?:is|to|:))?\s{0,2}[:=\-]?\s{0,2}"
_HOUSE_NUMBER = r"(?:(?:no|number|door no)\.?\s)?"
_STREET_END = rf"(?:\s{{1,2}}{_DIRECTION}(?![^\W_]))?(?:,?\s{{1,3}}{_UNIT}(?![^\W_]))?{_TAIL}?"
_NAME = rf"{CAPITAL}[\w'’.\-]{{0,19}}"
_ABBREVIATION = 5  # letters and the dot
_INITIAL = 2  # a letter and the dot
_SURE, _LIKELY, _POSSIBLE = 0.85, 0.65, 0.35


class StreetAddressRecognizer(ValuePatternRecognizer):
    """Addresses, with the city and postcode behind them."""

    ENTITY = "STREET_ADDRESS"
    PATTERNS = (
        ValuePattern(
            "number, words, a word for a way",
            rf"(?P<value>{_NUMBER}(?:{_DIRECTION}\s)?(?P<words>(?:(?:{_ORDINAL}|\d{{1,3}}|{_WORD})[^\S\n]{{1,2}}){{0,4}}?)"
            rf"(?P<way>{_STRONG}|{_WEAK}|(?:street|avenue|drive|lane|road|ave)[^\W\d_]{{3,14}}|[^\W\d_]{{3,12}}(?:street|avenue|road))(?![^\W_])\.?(?:\s(?:street|road|avenue|st|rd|ave)(?![^\W_]))?{_STREET_END})",
            _LIKELY,
            rf"\b(?:{_STRONG}|{_WEAK})\b|\b(?:{_STRONG}|{_WEAK})_|[a-z](?:street|avenue|road)\b|[a-z](?:street|avenue|road)_|\b(?:street|avenue|drive|lane|road|ave)[a-z]{{3}}",
            150,
        ),
        ValuePattern(
            "numbered ways",
            rf"(?P<value>{_NUMBER}(?:{_DIRECTION}\s)?(?:(?:old|county|state|us|rural)\s)?(?:route|highway|hwy|county road|(?P<short>rt|rte|cr)|broadway|avenue of the americas)(?:\s\d{{1,4}}){{0,2}}(?![^\W_]){_STREET_END})",
            _LIKELY,
            r"\b(?:route|rt|rte|highway|hwy|county road|cr|broadway|avenue of the americas)\b",
            80,
        ),
        ValuePattern(
            "avenue by letter or number",
            rf"(?P<value>{_NUMBER}(?:avenue|ave|street|st|road)\s(?:[a-z]|\d{{1,3}})(?![^\W_]){_STREET_END})",
            _LIKELY,
            r"\d\s?[a-z]?,?\s{1,3}(?:avenue|ave|street|st|road)\s",
            48,
        ),
        ValuePattern(
            "parcel station",
            r"(?P<value>(?<![\w])(?-i:Packstation|Postfiliale|Paketstation)\s(?:Nr\.?\s)?\d{3})(?![\w]|[.,:]\d)",
            0.75,
            r"(?:packstation|postfiliale|paketstation)\s",
            24,
        ),
        *delivery_patterns(_TAIL),
        *street_patterns(),
        ValuePattern(
            "label, number and words",
            rf"{LABEL_START}(?<!email )(?<!mail )(?<!ip )(?<!mac )(?<!web )(?<!e-mail ){_ADDRESS}"
            rf"(?P<value>{_HOUSE_NUMBER}\d{{1,6}}[a-z]?(?:/\d{{1,4}})?,?\s(?P<words>{_WORD}(?:\s{{1,3}}{_WORD}){{0,5}})(?:,?\s{{1,3}}{_ZIP})?)(?![^\W_])",
            _LIKELY,
            begun(rf"{_ADDRESS}{_HOUSE_NUMBER}\d"),
            28,
        ),
        ValuePattern(
            "corner",
            rf"(?P<value>(?<![\w])(?:{_ORDINAL}|{_NAME})\s(?:and|&)\s(?:{_ORDINAL}|{_NAME})(?=\s(?:streets?|avenues?)\b)|{_ORDINAL} (?:and|&) {_NAME})(?![^\W_])",
            0.55,
            rf"(?:{_ORDINAL}) (?:and|&) |\s(?:streets?|avenues?)\b",
            64,
            digits=False,
        ),
        ValuePattern(
            "colony",
            rf"(?P<value>(?<![\w])(?:\d{{1,5}}\s)?{_WORD}\s(?:nagar|salai)(?:\s[^\W\d_]{{3,15}}(?=\s{{0,3}}(?:\Z|\s\d{{7}})))?)(?![^\W_])",
            0.6,
            r"\s(?:nagar|salai)\b",
            34,
            digits=False,
        ),
        *continental_patterns(),
    )
    CONTEXT = (
        "address",
        "adress",
        "addres",
        "live",
        "lives",
        "living",
        "ship",
        "shipping",
        "deliver",
        "delivery",
        "moved",
        "reside",
        "street",
        "adresse",
        "anschrift",
        "domicilio",
        "dirección",
        "indirizzo",
        "adres",
        "wohne",
        "home",
        "lieferung",
        "liefern",
        "abgeben",
        "zustellen",
        "entrega",
        "entregar",
        "livraison",
        "livrer",
        "bezorgen",
    )

    def hit(self, match: Match, sort: Sort) -> tuple[int, int, float] | None:
        found = super().hit(match, sort)
        if "words" in match.re.groupindex and "way" not in match.re.groupindex:
            return self._before_prose(match, sort.score)
        if found is None or not (tail := match.groupdict().get("tail")):
            return found
        # What follows is prose, not a city: "12 Main Street and my zip is 94103".
        if _STOPS.isdisjoint(word.strip(".,").lower() for word in tail.split()):
            return found
        return found[0], match.start("tail"), found[2]

    @staticmethod
    def _before_prose(match: Match, score: float) -> tuple[int, int, float] | None:
        """Number and words after a label, up to the first word that cannot be part of an address."""
        start, end = match.span("value")
        at = match.start("words")
        for word in match.group("words").split():
            at = match.string.index(word, at)
            if word.strip(".,").lower() in _STOPS:
                end = at
                break
            at += len(word)
        while end > start and not match.string[end - 1].isalnum():
            end -= 1
        return (start, end, score) if end > match.start("words") else None

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        groups = match.groupdict()
        if not _STOPS.isdisjoint((groups.get("words") or "").lower().split()):
            return 0.0
        tail = bool(groups.get("tail"))
        way = (groups.get("way") or "").lower()
        if groups.get("short") and not tail:
            return _POSSIBLE
        if "words" not in groups or not way:
            if way in ("via", "largo", "strada"):
                return _SURE if tail else 0.45
            # Before a postcode and a city, even "Auf dem Sand 12" is a street.
            sure = tail and any(map(str.isdigit, groups["tail"]))
            return max(_SURE, sort.score + 0.05) if sure else (sort.score + 0.05 if tail else sort.score)
        return self._english(value, groups, way, sort.score, tail=tail)

    @staticmethod
    def _english(value: str, groups: dict[str, str], way: str, score: float, *, tail: bool) -> float:
        words = groups["words"].split()
        if any(word.endswith(".") and len(word) > _ABBREVIATION for word in words):
            return 0.0  # a sentence ended
        strong = way in _STRONG_WORDS or way.endswith(("street", "avenue", "road"))
        if not words:
            lettered = strong and len(value.split()[1]) == 1 and value.split()[1].isalpha()  # "1120 N Street"
            return _LIKELY if lettered else (_POSSIBLE if tail and strong else 0.0)
        initial = len(words[-1]) == _INITIAL and words[-1][1] == "." and all(map(str.isdecimal, words[:-1]))
        if initial and not tail and way.startswith("ct"):
            return 0.0  # "99 S. Ct.", a reporter of judgements
        capital = all(word[0].isupper() or not word[0].isalpha() for word in words)
        if strong:
            return _SURE if tail or capital else score
        glued = (
            way.startswith(("street", "avenue", "drive", "lane", "road", "ave")) and way not in _WEAK_WORDS
        )
        with_postcode = tail and any(c.isdigit() for c in groups["tail"])
        if with_postcode:
            return _SURE
        if glued:
            return 0.0
        if capital:
            return _LIKELY
        number = value.split(maxsplit=1)[0]
        if (
            way in ("st", "dr", "drive", "colony", "court", "ct", "circle")
            and sum(map(str.isdigit, number)) > 1
        ):
            return 0.55
        return _POSSIBLE
