"""Finds lone surnames of people named in full nearby: "Edith Vance-Moreau …, Vance-Moreau's office".

The model may find a full name and miss the surname on its own. The surname of a name found nearby is the same
family, unless a capitalised word follows ("Brandt Labortechnik"). The work is bounded.
"""

# ruff: noqa: RUF001  # typographic characters
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from shield.analyzer.recognizers.letter_case import CAPITAL
from shield.domain import Finding

SURE: Final = 0.7
"""The lowest score of a full name whose surname is searched for."""
AGAIN: Final = 0.6
"""The score of a surname alone, low enough for a rule's type ("mother's maiden name") to win."""
_REACH: Final = 600  # code points on either side of a name
_MOST: Final = 16  # names of a text that are looked for again
_LEAST: Final = 4  # letters of a family name
_FAMILY: Final = re.compile(rf"{CAPITAL}[^\W\d_]{{1,24}}(?:['’\-]{CAPITAL}?[^\W\d_]{{1,24}}){{0,2}}\Z")
_POSSESSIVE: Final = re.compile(r"['’]s\Z")
_ALONE_BEFORE: Final = re.compile(r"(?:\A|[\s(\"“„«,;:])\Z")
_ALONE_AFTER: Final = re.compile(
    rf"(?:['’]s)?(?:\Z|[)\"”“»,;:!?]|\.(?![^\W_])|\n|[ ](?!{CAPITAL}|&|GmbH|[\d@]))"
)


def recurring(text: str, found: Sequence[Finding]) -> list[Finding]:
    """Further occurrences of the surnames of the persons in `found`, where nothing was found yet."""
    more: list[Finding] = []
    names = 0
    for finding in found:
        if finding.entity_type != "PERSON" or finding.score < SURE:
            continue
        space = text.rfind(" ", finding.start, finding.end)
        if space < 0:
            continue
        family = _POSSESSIVE.sub("", text[space + 1 : finding.end])
        if len(family) < _LEAST or _FAMILY.match(family) is None:
            continue
        names += 1
        if names > _MOST:
            break
        low, high = max(0, finding.start - _REACH), finding.end + _REACH
        near = [each for each in (*found, *more) if low < each.end and each.start < high]
        place = text.find(family, low, high)
        while place >= 0:
            end = place + len(family)
            if (
                not any(_takes(each, place, end) for each in near)
                and _ALONE_BEFORE.search(text, max(0, place - 1), place) is not None
                and _ALONE_AFTER.match(text, end) is not None
            ):
                more.append(finding._replace(start=place, end=end, score=AGAIN))
            place = text.find(family, end, high)
    return more


def _takes(finding: Finding, start: int, end: int) -> bool:
    """Whether a place belongs to another finding; an organization of exactly that name does not count."""
    if finding.start >= end or start >= finding.end:
        return False
    return finding.entity_type != "ORGANIZATION" or finding.start < start or finding.end > end + 2
