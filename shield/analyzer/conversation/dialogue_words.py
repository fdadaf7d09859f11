"""Words of dialogues: those that only acknowledge, those that stand beside values, and those of dates."""

# ruff: noqa: E501, SIM905  # tables of words, as many a line as fit, read best as prose
from __future__ import annotations

import re
import unicodedata
from typing import Final

from shield.analyzer import months

SHORT: Final = 140
"""The most code points of a turn that is read word by word."""
WORD: Final = re.compile(r"[^\W_]+")
_MOST_HEARD: Final = 7  # words of a mere acknowledgement
_HEARD: Final = frozenset(
    "ok okay okey k yes yeah yep yup mhm mm mmm hm hmm uh huh uhuh um right sure go on ahead and then next "
    "alright got it thanks thank you perfect great good correct continue fine please lovely brilliant "
    "i see listening here more what the rest last first second third other remaining half part digits "
    "numbers figures letters year month day so keep going ready now "
    "ja genau gut weiter danke bitte und si sí vale bien sigue y oui ouais d accord continuez et sì va bene "
    "poi goed verder tak dobrze dalej sim certo isso e merci très bien perfecto gracias perfetto grazie obrigado "
    "obrigada dank u dziękuję oké bedankt".split()
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
_SPELLED: Final = re.compile(
    r"(?<![^\W_])([^\W\d_])[\s,]{1,3}(?:as in|for|like|wie(?: in)?|comme|come|como|de|zoals|van|jak)\s\1[^\W\d_]{1,19}",
    re.IGNORECASE,
)
"""A letter, and a word that begins with it."""
FILLERS: Final = _HEARD | frozenset(
    "it is that my number its thats be would will the a an er erm ehm ends ending in no not sorry wait "
    "actually again yes correct for as like of space hyphen dash slash capital lower case new apostrophe "
    "postcode zip code card phone account social es ist das mein meine c est il su è "
    # what people say before a number that is written down
    "apunte apunta anote anota tome toma mire mira claro nota el lo pues favor notieren schreiben also "
    "moment die lautet bitte alors notez voilà bien sûr le allora segni scriva certo ecco dunque noteer dat "
    "dus even kijken pode anotar aponte então pois to jest zapisać zapisuje podaję już więc numer proszę "
    "please "
    # corrections and hesitation
    "non nein nie nee não pardon perdón perdon excusez moi désolé désolée perdone disculpe desculpe perdão scusi "
    "scusa anzi przepraszam entschuldigung verzeihung äh ähm öh euh heu yyy eee eh ehm hmm ah enfin plutôt "
    # what is said of it, and who was born when
    "code postal código kod pocztowy postleitzahl plz cap cep codice postcode lautet meu minha mi mijn "
    "mój moja moje to ma mon suis née né je jestem nació nací nacido nacida nato nata sono geboren bin ich "
    "urodziłem urodziłam się nasci nascido nascida ik "
    # how letters are written
    "accent aigu grave circonflexe tréma cédille scharfes umlaut acento tilde accentata til cedilha griega griego grec greca jak comme wie come como zoals "
    "kreska myślnik trattino traço tiret guion guión streepje bindestrich strich".split()
)
"""Words that may stand beside the pieces of a value in a turn that holds nothing else."""
DATES: Final = (
    months.ENGLISH
    | months.ELSEWHERE
    | months.SELDOM
    | frozenset(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth thirty twenty st nd rd th "
        "primero primo premier mil novecientos mille novecento duemila neunzehnhundert zweitausend "
        "negentienhonderd tysiąc tysiące tysięcy dziewięćset dwutysięcznego dwutysięczny tysięcznego "
        "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień".split()
    )
)
BETWEEN_DATES: Final = frozenset(
    "le el il am der den dem de del di den op dnia of a du do dal nel em no roku rok jahr".split()
)
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


_PLAIN: Final = str.maketrans("łøß", "los")


def plain(word: str) -> str:
    """The word without accents, in lower case: letters are said without them."""
    written = unicodedata.normalize("NFD", word.casefold().translate(_PLAIN))
    return "".join(c for c in written if not unicodedata.combining(c))


def is_heard(text: str) -> bool:
    """Whether the text only acknowledges what was heard."""
    if len(text) > SHORT:
        return False
    words = WORD.findall(_COUNTED.sub(" ", _CONTRACTED.sub(" ", text)).lower())
    return len(words) <= _MOST_HEARD and _HEARD.issuperset(words)


def unexplained(text: str) -> str:
    """The text without what says how its words are written: ", all one word"."""
    return _EXPLAINED.sub("", text)


def without_spelling(text: str) -> str:
    """The text without the words for single letters: "m as in Maria", "d comme Denis"."""
    return _SPELLED.sub(" ", text)


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
