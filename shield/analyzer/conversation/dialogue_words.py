"""Words of dialogues: those that only acknowledge, those that stand beside values, and those of dates."""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from typing import Final

SHORT: Final = 80
"""The most code points of a turn that is read word by word."""
WORD: Final = re.compile(r"[^\W_]+")
_MOST_HEARD: Final = 7  # words of a mere acknowledgement
_HEARD: Final = frozenset(
    "ok okay okey k yes yeah yep yup mhm mm mmm hm hmm uh huh uhuh um right sure go on ahead and then next "
    "alright got it thanks thank you perfect great good correct continue fine please lovely brilliant "
    "i see listening here more what the rest last first second third other remaining half part digits "
    "numbers figures letters year month day so keep going ready now "
    "ja genau gut weiter danke bitte und si sí vale bien sigue y oui ouais d accord continuez et sì va bene "
    "poi goed verder tak dobrze dalej sim certo isso e".split()
)
"""What a person says while writing down a number."""
_COUNTED: Final = re.compile(
    r"\b(?:last|next|first|other)\s(?:one|two|three|four|five|six|seven|eight|[2-8])\b", re.IGNORECASE
)
"""What a person asks for meanwhile: "the last four"."""
_CONTRACTED: Final = re.compile(r"['\u2019](?:s|m|re|ve|ll|d|t)\b", re.IGNORECASE)
_EXPLAINED: Final = re.compile(
    r"[,.;]?\s(?:and (?:it['\u2019]?s )?)?(?:all (?:as )?(?:in )?|as )"
    r"(?:one word|two words|lower ?case|upper ?case|small letters|capitals?|caps)\b.*",
    re.IGNORECASE | re.DOTALL,
)
"""How a word is written, said behind it."""
FILLERS: Final = _HEARD | frozenset(
    "it is that my number its thats be would will the a an er erm ehm ends ending in no not sorry wait "
    "actually again yes correct for as like of space hyphen dash slash capital lower case new apostrophe "
    "postcode zip code card phone account social es ist das mein meine c est il su è "
    # what people say before a number that is written down
    "apunte apunta anote anota tome toma mire mira claro nota el lo pues favor notieren schreiben also "
    "moment die lautet bitte alors notez voilà bien sûr le allora segni scriva certo ecco dunque noteer dat "
    "dus even kijken pode anotar aponte então pois to jest zapisać zapisuje podaję już więc numer proszę "
    "please".split()
)
"""Words that may stand beside the pieces of a value in a turn that holds nothing else."""
DATES: Final = frozenset(
    "january february march april may june july august september october november december jan feb mar apr "
    "jun jul aug sep sept oct nov dec first second third fourth fifth sixth seventh eighth ninth tenth "
    "eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth "
    "thirtieth thirty twenty st nd rd th "
    "januar februar märz mai juni juli oktober dezember enero febrero marzo abril mayo junio julio agosto "
    "septiembre octubre noviembre diciembre janvier février mars avril juin juillet août septembre octobre "
    "novembre décembre "
    "gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre januari februari maart mei "
    "augustus janeiro fevereiro março maio junho julho setembro outubro novembro dezembro stycznia "
    "lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia primero "
    "primo premier mil novecientos mille novecento duemila neunzehnhundert zweitausend negentienhonderd "
    "tysiąc dziewięćset".split()
)
BETWEEN_DATES: Final = frozenset("le el il am der den dem de del di den op dnia of a".split())
"""Words between the parts of a date."""
COUNTED_DAY: Final = re.compile(
    r"(?:ers|zwei|drit|vier|fünf|sechs|sieb(?:en)?|ach|neun|zehn|elf|zwölf|"
    r"(?:drei|vier|fünf|sech|sieb|acht|neun)zehn|(?:[^\W\d_]{3,7}und)?(?:zwanzig|dreißig)s?)t(?:e[rn]?)|"
    r"(?:pierwsz|drug|trzec|czwart|piąt|szóst|siódm|ósm|dziewiąt|dziesiąt|[^\W\d_]{3,9}nast|"
    r"[^\W\d_]{3,12}dziesiąt|dwudziest|trzydziest)(?:y|i|ego|iego)|"
    r"(?:neunzehnhundert|zweitausend)[^\W\d_]{0,24}|(?:mille|duemila)[^\W\d_]{0,24}",
)
"""Ordinals, and years of one word, in German, Polish and Italian."""
DATES_ALONE: Final = DATES - {"first", "second", "third", "may"}
"""Words that make a turn a piece of a date even alone; "one second" is none."""
HOUSES: Final = frozenset("flat apartment apt unit suite house building block floor".split())
"""Words beside the number of a house."""
_NONE: Final[frozenset[str]] = frozenset()


def is_heard(text: str) -> bool:
    """Whether the text only acknowledges what was heard."""
    if len(text) > SHORT:
        return False
    words = WORD.findall(_COUNTED.sub(" ", _CONTRACTED.sub(" ", text)).lower())
    return len(words) <= _MOST_HEARD and _HEARD.issuperset(words)


def unexplained(text: str) -> str:
    """The text without what says how its words are written: ", all one word"."""
    return _EXPLAINED.sub("", text)


def uncontracted(text: str) -> str:
    """The text with blanks for contracted endings: the "s" of "it's" is not a spelled letter."""
    return _CONTRACTED.sub(lambda match: " " * len(match[0]), text)


def whole_word(text: str, end: int) -> int:
    """The end of the word that ends at `end`, with a contracted ending: "saint brendan's"."""
    ending = _CONTRACTED.match(text, end)
    return end if ending is None else ending.end()


def told(text: str, kept: frozenset[str] = _NONE) -> list[re.Match[str]]:
    """The words of a text without those that stand beside values, except the `kept` ones."""
    beside = FILLERS - kept if kept else FILLERS
    return [word for word in WORD.finditer(uncontracted(text)) if word[0].lower() not in beside]
