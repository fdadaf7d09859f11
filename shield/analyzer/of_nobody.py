"""Tells texts that speak of nobody, in which a doubtful name with a capital is mostly that of a thing.

"Kahoot and Quizlet are optional" has no word for a person, nobody who speaks or is spoken to, and nothing else that is
personal: there a name that the model itself holds to be about as likely none is none. In "ask Quizlet" it counts.
The words are English, so a text with words or letters of other languages is left to the model.
"""

# ruff: noqa: E501, SIM905  # tables of words, as many a line as fit, read best as prose
from __future__ import annotations

import re
from typing import Final

DOUBTFUL: Final = 0.6
"""The score of a person below which the text must speak of people."""
_LEAST: Final = 4  # words; a shorter text may be an answer
_REACH: Final = 300  # code points before and after a name
_PEOPLE: Final = frozenset(
    """
    i im ive id ill my me mine myself he hes him his she shes her hers we our ours us who whom whose they their them
    mr mrs ms miss mx dr prof sir madam rev name names named called call calls nee née alias aka
    ask asks asked cc hi hey hello hiya dear thx thanks thank ta rt regards cheers love sincerely sign signed xx xxx
    contact keyholder customer cust cx caller client patient pt pax guest passenger tenant resident landlord insured claimant driver member
    employee staff student pupil parent teacher donor volunteer witness applicant agent rep manager mgr owner holder neighbour neighbor
    mum mom mother dad father son daughter baby infant child kid kids sister brother wife husband partner gran nan nana aunt uncle cousin
    friend mate boss colleague team party table booking reservation appointment appt meeting interview birthday bday
    said says say told tell speak speaks spoke talk talked wrote writes phoned rang emailed texted visited met born dob aged send sent gave give
    attn fao
    der das und ist nicht mit für von den el la los las que por una le les et est pour avec dans des du il lo gli di della che
    het een voor niet met bij um uma os em se não nie się jest na ze och
    """.split()
)
"""Words for people, of those who speak or are spoken to or of, and of languages that have others."""
_SLOT: Final = re.compile(r"(?<![^\W_])(?:with|for|from|to|by|of)[ ](?:the[ ])?\Z", re.IGNORECASE)
"""Words that mostly stand before people."""
_SLOT_REACH: Final = 12
_WORD: Final = re.compile(r"[^\W\d_]+")
_MENTION: Final = re.compile(r"@\w")


def speaks_of_nobody(text: str, start: int, end: int, before: str) -> bool:
    """Whether nothing around `text[start:end]`, nor in the text `before`, speaks of people. Reads a bounded number."""
    if _SLOT.search(text, max(0, start - _SLOT_REACH), start) is not None:
        return False
    low, high = max(0, start - _REACH), min(len(text), end + _REACH)
    around = f"{before} {text[low:start]} {text[end:high]}"
    if not around.isascii() or _MENTION.search(around) is not None:
        return False
    words = _WORD.findall(around.lower())
    return len(words) >= _LEAST and _PEOPLE.isdisjoint(words)
