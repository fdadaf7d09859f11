"""Expressions for dates as they are said in French, Polish, German, Spanish, Italian, Dutch and Portuguese.

"Le quatorze juillet mille neuf cent quatre-vingt-trois", "piąty maja siedemdziesiątego drugiego", "vierzehnter
siebter neunzehnhundertdreiundachtzig". A year is told by how it begins; what may follow is any number word.
"""

# ruff: noqa: E501, RUF001  # patterns, one a line; typographic apostrophes
from __future__ import annotations

from typing import Final

from shield.analyzer import months

_UNITS: Final = (
    r"une?|deux|trois|quatre|cinq|six|sept|huit|neuf|un[oa]|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|due|tré?|quattro|cinque|sei|sette|otto|nove|"
    r"um|dois|três|sete|oito|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|eins|zwei|zwo|drei|fünf|sechs|sieben|neun|"
    r"jeden|dwa|trzy|cztery|pięć|sześć|siedem|osiem|dziewięć"
)
_TEENS: Final = (
    r"dix[ -](?:sept|huit|neuf)|dix|onze|douze|treize|quatorze|quinze|seize|diez|once|doce|trece|catorce|quince|dieci[^\W\d_]{4,7}|dieci|undici|dodici|tredici|quattordici|"
    r"quindici|sedici|dici[^\W\d_]{4,7}|dez|doze|treze|catorze|quinze|dez[ea]sseis|dez[ea]ssete|dezoito|dez[ea]nove|tien|elf|twaalf|dertien|veertien|vijftien|zestien|"
    r"zeventien|achttien|negentien|zehn|zwölf|(?:drei|vier|fünf|sech|sieb|acht|neun)zehn|dziesięć|[^\W\d_]{3,8}naście"
)
_DECADES: Final = (
    r"trente|quarante|cinquante|soixante(?:[ -]dix)?|(?:quatre[ -]vingts?)(?:[ -]dix)?|septante|huitante|octante|nonante|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|"
    r"(?:trent|quarant|cinquant|sessant|settant|ottant|novant)[^\W\d_]{1,8}|trinta|quarenta|cinquenta|sessenta|oitenta|"
    r"(?:[^\W\d_]{3,7}(?:und|en|ën))?(?:drei(?:ß|ss)ig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig)|"
    r"trzydzieści|czterdzieści|(?:pięć|sześć|siedem|osiem|dziewięć)dziesiąt|(?:trzydziest|czterdziest|[^\W\d_]{4,9}dziesiąt)(?:ego|y)"
)
_TWENTIES: Final = (
    r"vingt(?:[ -](?:et[ -])?(?:un|deux|trois|quatre|cinq|six|sept|huit|neuf))?|trente(?:[ -]et[ -]un)?|veint(?:e|i[^\W\d_]{2,7})|treinta(?:[ ]y[ ]uno)?|venti?[^\W\d_]{0,8}|trent(?:a|uno)|"
    r"vinte(?:(?:[ ]e)?[ ](?:um|dois|três|quatro|cinco|seis|sete|oito|nove))?|trinta(?:[ ]e[ ]um)?|(?:[^\W\d_]{3,6}[eë]n)?(?:twintig)|(?:eenen)?dertig|"
    r"(?:[^\W\d_]{3,6}und)?zwanzig|(?:einund)?drei(?:ß|ss)ig|dwadzieścia(?:[ ][^\W\d_]{3,8})?|trzydzieści(?:[ ]jeden)?"
)
_ORDINALS: Final = (
    r"premier|primero|primeiro|primo|eerste|"
    r"(?:ers|zwei|drit|vier|fünf|sechs|sieb(?:en)?|ach|neun|zehn|elf|zwölf|(?:drei|vier|fünf|sech|sieb|acht|neun)zehn|(?:[^\W\d_]{3,6}und)?(?:zwanzig|drei(?:ß|ss)ig)s)te[rn]?|"
    r"(?:(?:dwudziest|trzydziest)(?:y|ego)[ ])?(?:pierwsz|drug|trzec|czwart|piąt|szóst|siódm|ósm|dziewiąt|dziesiąt|[^\W\d_]{3,9}nast|dwudziest|trzydziest)(?:iego|ego|i|y)"
)
_DAY: Final = rf"(?:{_ORDINALS}|{_TWENTIES}|{_TEENS}|{_UNITS})"
_SAID_TOO: Final = frozenset(
    ("september", "october", "november", "december", "jun", "jul", "sept", "nov", "maj")
)
"""Months as in English, shortened ones, and May in Polish as behind no day."""
_MONTH: Final = rf"(?:{months.one_of(months.ELSEWHERE | months.SELDOM | _SAID_TOO)})"
_OF: Final = r"(?:(?:de|di|do|del|du|von|d['’])\s?)?"
_AND: Final = r"(?:(?:y|e|et|en|und|i)\s)?"
_BEGUN: Final = r"mille[\s-]neuf[\s-]cents?|dix[\s-]neuf[\s-]cents?|mil\snovecientos|mil\s(?:e\s)?novecentos|mille\snovecento|tysiąc\sdziewięćset(?:nego)?|neunzehn\s?hundert(?:\sund)?|negentien\s?honderd"
_OF_ONE_WORD: Final = r"millenovecento[^\W\d_]{0,20}|neunzehnhundert[^\W\d_]{1,22}|negentien(?:honderd)?(?:[^\W\d_]{2,7}[eë]n)?[^\W\d_]{2,6}tig|negentienhonderd[^\W\d_]{2,10}"
_SINCE_2000: Final = (
    r"deux[\s-]mille|dos\smil|dois\smil|due\smila|dwa\stysiące|zwei\s?tausend(?:\sund)?|twee\s?duizend"
)
_SINCE_IN_ONE: Final = (
    r"duemila(?!vent|trent)[^\W\d_]{1,12}|zweitausend(?:und)?(?![^\W\d_]{0,8}(?:zwanzig|drei(?:ß|ss)ig))[^\W\d_]{2,12}|tweeduizend(?:en)?(?![^\W\d_]{0,8}(?:twintig|dertig))[^\W\d_]{2,12}|"
    r"dwutysięczn(?:ego|y)"
)
_TAIL: Final = rf"(?:[\s-]{_AND}(?:{_DECADES})(?:[\s-]{_AND}(?:{_ORDINALS}|{_TEENS}|{_UNITS}))?|[\s-]{_AND}(?:{_ORDINALS}|{_TEENS}|{_UNITS}))"
_LATER: Final = r"(?![\s-](?:(?:y|e|et|en|und|i)\s)?(?:vingt|veint|vint|vent|trent|treint|trint|dwadzie|trzydzie|zwanzig|dreißig|twintig|dertig|dwudziest))"
YEAR: Final = rf"(?:(?:{_OF_ONE_WORD}|{_SINCE_IN_ONE})(?![^\W\d_])|(?:{_BEGUN}){_TAIL}?|(?:{_SINCE_2000}){_LATER}{_TAIL}?)(?:\sroku)?(?![^\W\d_]|-)"
"""A year from 1900 to 2019 as it is said; later ones are said of the future."""
YEAR_BEGINS: Final = r"neuf[\s-]cents?|mil\s(?:e\s)?nove|mille\s?nove|dziewięćset|neunzehn\s?hundert|negentien|deux[\s-]mille|dos\smil|dois\smil|due\s?mila|tysiące|zwei\s?tausend|twee\s?duizend|dwutysięczn"
"""Part of each of them."""
DAY_AND_MONTH: Final = rf"(?:{_DAY}\s{_OF}{_MONTH})"
_MONTH_COUNTED: Final = (
    rf"(?:{_ORDINALS}|(?:du|del|de|do|dal|zéro|zero|cero|nul|null)\s(?:{_TEENS}|{_UNITS}))"
)
DATE: Final = rf"(?:{DAY_AND_MONTH}\s{_OF}{YEAR})"
"""A date with its year."""
YEARS_APART: Final = (
    rf"(?:{_DAY}\s(?:{_OF}{_MONTH}|{_MONTH_COUNTED})\s{_OF}(?:{_DECADES})(?:[\s-]{_AND}(?:{_ORDINALS}|{_TEENS}|{_UNITS}))?(?:\sroku)?|"
    rf"{_DAY}\s(?:{_MONTH_COUNTED}|{_TEENS}|{_UNITS})\s{_OF}{YEAR})"
)
"""A date whose month is counted, or whose year has its last two figures: clear only in an answer or behind a label."""
DECADE_IN: Final = (
    r"trent|quarant|cinquant|soixant|vingt|septant|huitant|octant|nonant|treint|cuarent|cincuent|sesent|setent|ochent|novent|sessant|settant|ottant|novant|trint|quarent|cinquent|"
    r"sessent|oitent|drei(?:ß|ss)ig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig|dzieści|dziest|dziesiąt"
)
"""Part of each word for a decade."""
LEAD: Final = (
    r"\A\s{0,3}(?:(?:oui|ja|tak|sí|sì|sim|alors|euh|bueno|eh|also|äh|więc|dus|então|allora|bonjour|dzień[ ]dobry)[\s,.\-]{1,3}){0,2}"
    r"(?:(?:c['’]?\s?est|to|das[ ]ist|es|è|é|het[ ]is|dat[ ]is|jest|je[ ]suis[ ]née?|née?)\s){0,2}(?:(?:le|el|il|am|der|den|op|dnia|em|a|no[ ]dia|l['’])\s?)?"
)
"""What people say before such an answer."""
