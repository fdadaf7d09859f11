"""Names of months as they stand in dates, in lower case."""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

from collections.abc import Iterable
from typing import Final

ENGLISH: Final = frozenset(
    """january february march april may june july august september october november december
    jan feb mar apr jun jul aug sep sept oct nov dec""".split()
)
ELSEWHERE: Final = frozenset(
    """januar februar märz april mai juni juli august oktober dezember
    enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
    janvier février mars avril juin juillet août septembre octobre novembre décembre
    gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre
    januari februari maart mei augustus
    janeiro fevereiro março maio junho julho setembro outubro novembro dezembro
    stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada
    grudnia""".split()
)
"""In German, Spanish, French, Italian, Dutch, Portuguese and Polish; Polish ones as behind a day."""
SELDOM: Final = frozenset("jänner feber setiembre".split())
"""In Austria, and in the south of America."""


def one_of(names: Iterable[str]) -> str:
    """The alternatives of an expression."""
    return "|".join(sorted(names))
