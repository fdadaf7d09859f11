"""Recognizes companies, products, authorities and languages taken for people: "Harvey Norman", "Telus".

A list cannot be whole, and a policy's `allow` is there for the rest. What many people are called as well
("William Hill", "John Lewis", "Dyson", "Hilton") is not on it: there a finding too many is better than a name
that is missed. So is a brand where the text says that a person of that name comes.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from shield.analyzer.plausibility.brands.goods import GOODS
from shield.analyzer.plausibility.brands.institutions import INSTITUTIONS
from shield.analyzer.plausibility.brands.languages import LANGUAGES
from shield.analyzer.plausibility.brands.medicines import MEDICINES
from shield.analyzer.plausibility.brands.programs import PROGRAMS

_WORDS: Final = GOODS | INSTITUTIONS | LANGUAGES | MEDICINES | PROGRAMS
"""Companies, makers and programs of a single word, medicines, authorities, and languages to interpret."""
_NAMES: Final = frozenset(
    tuple(name.split())
    for name in """
    ralph lauren; tommy hilfiger; calvin klein; hugo boss; michael kors; kate spade; louis vuitton; yves
    saint laurent; saint laurent; christian dior; jimmy choo; tory burch; donna karan; eddie bauer; brooks
    brothers; abercrombie fitch; lord taylor; estée lauder; estee lauder; elizabeth arden; max factor;
    charlotte tilbury; helena rubinstein; karen millen; cath kidston; charles tyrwhitt; jim beam; betty
    crocker; oscar mayer; famous amos; duncan hines; ben jerry; ben jerrys; papa john; papa johns; jimmy
    johns; trader joe; trader joes; tim hortons; carls jr; little caesars; chuck e cheese; ruby tuesday;
    wells fargo; charles schwab; merrill lynch; goldman sachs; morgan stanley; jp morgan; jpmorgan chase; j
    p morgan; fannie mae; freddie mac; sallie mae; harvey norman; paddy power; bharti airtel; marks spencer;
    john deere; harley davidson; rolls royce; alfa romeo; aston martin; mercedes benz; russell hobbs;
    liqui moly; austin healey; morris minor; oliver peoples;
    sherwin williams; johnson johnson; ernst young; jones lang lasalle; robert half; baker mckenzie; smith
    wesson; barnes noble; merriam webster; rosetta stone; hobby lobby; harris teeter; piggly wiggly; winn
    dixie; jc penney; j c penney; neiman marcus; bergdorf goodman; von maur; stein mart; crate barrel;
    pottery barn; aer lingus; air malta; tata sky; maruti suzuki; royal enfield; hero honda; kotak mahindra;
    tata motors; tata docomo; jb hifi; jb hi fi; dan murphys; virgin atlantic; virgin media; jet airways;
    air india; kenya airways; ethiopian airlines; zenith bank; delta dental; kaiser permanente; leroy
    merlin; el corte inglés; julius meinl; peek cloppenburg; douglas parfümerie; media markt; albert heijn;
    casas bahia; lojas renner; pao de acucar; pão de açúcar; magazine luiza; dr pepper; dr oetker; doc
    martens; dr martens; captain morgan; johnnie walker; dow jones; eli lilly
    """.split(";")
)
"""The same of two or three words, without the "and" or "&" between them."""
_PLACES: Final = frozenset(
    "halifax santander iberia latam allegro jumbo americanas boots aruba pangasinan evian bethesda nordsee "
    "afrin randstad żywiec".split()
)
"""Words of these that are places as well, or words of their names."""
_LONGEST: Final = 3  # words
_BETWEEN: Final = frozenset({"and", "s"})
_A_PERSON: Final = re.compile(
    r"(?:name(?:[^\S\n]is|['\u2019]s|:)?|i[^\S\n]am|i['\u2019]?m|this[^\S\n]is|mr\.?|mrs\.?|ms\.?|miss|dr\.?|dear|hi|hello|hey"
    r"|regards,?|thanks,?)[^\S\n]*\Z",
    re.IGNORECASE,
)
_REACH: Final = 16  # code points before a name


def is_brand_of_no_place(word: str) -> bool:
    """Whether a lower-case word is a brand and no place: "Pipedrive" of "imported from Pipedrive"."""
    return word in _WORDS and word not in _PLACES


def is_brand(text: str, start: int, words: Sequence[str]) -> bool:
    """Whether lower-case `words`, all of a span, are a brand. Reads few characters before it."""
    if len(words) == 1:
        known = words[0] in _WORDS
    else:
        telling = tuple(word for word in words if word not in _BETWEEN)
        known = len(telling) <= _LONGEST and telling in _NAMES
    return known and _A_PERSON.search(text, max(0, start - _REACH), start) is None
