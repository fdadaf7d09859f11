"""The words that people say for digits, letters and signs, in eight languages.

English, Spanish, German, French, Italian, Dutch, Portuguese, Polish. A word is listed once, with the set of
languages (a bit mask) that use it; no word here means different numbers in two of them. Words are in
lower case; forms without accents, and with ß and umlauts written out, are understood too.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import enum
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass


class Said(enum.Enum):
    """What a word contributes to a dictated value."""

    DIGIT = "digit"  # 0-9
    TEEN = "teen"  # 10-19, and compounds such as ventuno: stands alone
    TENS = "tens"  # 20-90, may be followed by a unit
    HUNDRED = "hundred"  # times the digit before it
    HUNDREDS = "hundreds"  # 100-900, may be followed by tens and a unit
    THOUSAND = "thousand"  # times the number before it
    REPEAT = "repeat"  # double, triple: of the digit or letter that follows
    SIGN = "sign"  # value is the character
    AT = "at"
    LETTER = "letter"  # of a spelling alphabet


@dataclass(frozen=True, slots=True)
class SaidWord:
    """`text` is the digits, the sign or the letter; for REPEAT, how many times."""

    said: Said
    text: str
    languages: int


LANGUAGES = "en es de fr it nl pt pl".split()
EVERY = (1 << len(LANGUAGES)) - 1
ENGLISH = 1

_UNITS = {
    "en": "zero one two three four five six seven eight nine",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf",
    "it": "zero uno due tre quattro cinque sei sette otto nove",
    "nl": "nul een twee drie vier vijf zes zeven acht negen",
    "pt": "zero um dois três quatro cinco seis sete oito nove",
    "pl": "zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć",
}
_MORE_UNITS = {
    "en": "oh=0 o=0 naught=0 nought=0 niner=9 fife=5",
    "es": "un=1 una=1",
    "de": "zwo=2 ein=1",
    "fr": "une=1",
    "it": "un=1",
    "nl": "één=1",
    "pt": "uma=1 duas=2 meia=6",
    "pl": "jedynka=1 dwójka=2 trójka=3 czwórka=4 piątka=5 szóstka=6 siódemka=7 ósemka=8 dziewiątka=9",
}
_TEENS = {
    "en": "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
    "es": "diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve",
    "de": "zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn",
    "fr": "dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf",
    "it": "dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove",
    "nl": "tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien",
    "pt": "dez onze doze treze quatorze quinze dezesseis dezessete dezoito dezenove",
    "pl": "dziesięć jedenaście dwanaście trzynaście czternaście piętnaście szesnaście siedemnaście "
    "osiemnaście dziewiętnaście",
}
_TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "fr": "vingt trente quarante cinquante soixante soixante-dix quatre-vingt quatre-vingt-dix",
    "it": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "nl": "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
    "pt": "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
    "pl": "dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt "
    "dziewięćdziesiąt",
}
_MORE_TEENS = {"pt": "catorze=14 dezasseis=16 dezassete=17 dezanove=19"}
"""As said in Portugal."""
_MORE_TENS = {"fr": "quatre-vingts=80 septante=70 huitante=80 octante=80 nonante=90"}
"""With the plural of eighty, and as said in Belgium and Switzerland."""
_ACCENTED = {2: "dós", 3: "trés", 6: "séis"}
"""Units that have an accent at the end of veintidós and the like."""
_HUNDRED = {"en": "hundred", "fr": "cent cents"}
_HUNDREDS = {
    "es": "cien=1 ciento=1 doscientos=2 trescientos=3 cuatrocientos=4 quinientos=5 seiscientos=6 "
    "setecientos=7 ochocientos=8 novecientos=9",
    "it": "cento=1 duecento=2 trecento=3 quattrocento=4 cinquecento=5 seicento=6 settecento=7 ottocento=8 "
    "novecento=9",
    "pt": "cem=1 cento=1 duzentos=2 trezentos=3 quatrocentos=4 quinhentos=5 seiscentos=6 setecentos=7 "
    "oitocentos=8 novecentos=9",
    "pl": "sto=1 dwieście=2 trzysta=3 czterysta=4 pięćset=5 sześćset=6 siedemset=7 osiemset=8 dziewięćset=9",
}
"""One word each in these languages. German and Dutch hundreds are parts of longer words."""
_THOUSAND = {"es": "mil", "fr": "mille", "pt": "mil"}
"""Postcodes are said so: "trente-cinq mille deux cents" is 35200."""
_REPEATS = {
    "double=2 triple=3 treble=3 quadruple=4": "en",
    "doble=2 triple=3": "es",
    "doppel=2 doppelt=2 dreifach=3": "de",
    "double=2 triple=3": "fr",
    "doppio=2 doppia=2 triplo=3 tripla=3": "it",
    "dubbel=2": "nl",
    "duplo=2 triplo=3": "pt",
    "podwójne=2 podwójny=2 podwójna=2": "pl",
}
_SIGNS = {
    "-": "dash hyphen minus guion guión bindestrich tiret trattino streepje koppelteken hífen traço myślnik "
    "kreska",
    ".": "dot punto punkt point punt ponto kropka",
    "_": "underscore unterstrich underline sublinhado podkreślnik podkreślenie",
    "+": "plus",
}
_AT = "at arroba arobase arobas klammeraffe chiocciola apenstaartje małpa małpka ät @"
NATO = (
    "alfa alpha bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november "
    "oscar papa quebec romeo sierra tango uniform victor whiskey whisky xray yankee zulu"
).split()


def said_words() -> dict[str, SaidWord]:
    """Every word of the tables, and its forms without accents."""
    words: dict[str, SaidWord] = {}
    for word, said in _entries():
        for form in _forms(word):
            known = words.get(form)
            if known is not None and known.said is said.said:
                words[form] = SaidWord(said.said, said.text, known.languages | said.languages)
            elif known is None:
                words[form] = said
    return words


def _entries() -> Iterator[tuple[str, SaidWord]]:
    for place, language in enumerate(LANGUAGES):
        bit = 1 << place
        units = _UNITS[language].split()
        tens = dict(zip(range(20, 100, 10), _TENS[language].split(), strict=True))
        for value, word in enumerate(units):
            yield word, SaidWord(Said.DIGIT, str(value), bit)
        for word, digit in _assigned(_MORE_UNITS[language]):
            yield word, SaidWord(Said.DIGIT, digit, bit)
        for value, word in enumerate(_TEENS[language].split(), 10):
            yield word, SaidWord(Said.TEEN, str(value), bit)
        for kind, more in ((Said.TEEN, _MORE_TEENS), (Said.TENS, _MORE_TENS)):
            for word, digits in _assigned(more.get(language, "")):
                yield word, SaidWord(kind, digits, bit)
        for ten, word in tens.items():
            yield word, SaidWord(Said.TENS, str(ten), bit)
        for word, number in _compounds(language, units, tens):
            yield word, SaidWord(Said.TEEN, str(number), bit)
    for kind, zeros, table in ((Said.HUNDRED, "00", _HUNDRED), (Said.THOUSAND, "000", _THOUSAND)):
        for language, said in table.items():
            for word in said.split():
                yield word, SaidWord(kind, zeros, 1 << LANGUAGES.index(language))
    for language, said in _HUNDREDS.items():
        for word, hundreds in _assigned(said):
            yield word, SaidWord(Said.HUNDREDS, f"{hundreds}00", 1 << LANGUAGES.index(language))
    for repeats, language in _REPEATS.items():
        for word, times in _assigned(repeats):
            yield word, SaidWord(Said.REPEAT, times, 1 << LANGUAGES.index(language))
    for sign, names in _SIGNS.items():
        for word in names.split():
            yield word, SaidWord(Said.SIGN, sign, EVERY)
    for word in _AT.split():
        yield word, SaidWord(Said.AT, "@", EVERY)
    for word in NATO:
        yield word, SaidWord(Said.LETTER, word[0].upper(), EVERY)


def _assigned(table: str) -> Iterator[tuple[str, str]]:
    for entry in table.split():
        word, _, value = entry.partition("=")
        yield word, value


def _compounds(language: str, units: list[str], tens: dict[int, str]) -> Iterator[tuple[str, int]]:
    """Numbers from 21 on that are one word."""
    for ten, word in tens.items():
        for unit in range(1, 10):
            said = units[unit]
            if language == "de":
                yield f"{'ein' if unit == 1 else said}und{word}", ten + unit
            elif language == "nl":
                yield f"{said}{'ën' if said.endswith('e') else 'en'}{word}", ten + unit
            elif language == "it":
                stem = word[:-1] if said[0] in "uo" else word
                yield stem + ("tré" if unit == 3 else said), ten + unit  # noqa: PLR2004  ventitré: the accent stands on three alone
            elif language == "es" and ten == 20:  # noqa: PLR2004  veinti-: twenty is written in one word
                yield "veinti" + said, ten + unit
                if unit in _ACCENTED:
                    yield "veinti" + _ACCENTED[unit], ten + unit
            elif language == "fr" and ten in (70, 90):
                base, teen = tens[ten - 10], _TEENS["fr"].split()[unit]
                yield f"{base}-{teen}", ten + unit


def _forms(word: str) -> set[str]:
    stripped = word.replace("ß", "ss").replace("ł", "l")
    bare = "".join(c for c in unicodedata.normalize("NFD", stripped) if not unicodedata.combining(c))
    written = stripped.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return {word, bare, written}
