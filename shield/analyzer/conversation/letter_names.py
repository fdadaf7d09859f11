"""What people call letters where they spell: their names, and the words of spelling alphabets.

Many are words of everyday ("be", "Anton"), so they are read only in turns that hold nothing but letters.
NATO's alphabet is among the words of `number_words`.
"""

# ruff: noqa: E501, SIM905  # tables of words, as many a line as fit, read best as prose
from __future__ import annotations

from types import MappingProxyType
from typing import Final

_ALPHABETS: Final = (
    # DIN 5009 and its Austrian and Swiss forms
    "anton ärger berta cäsar charlotte dora emil friedrich gustav heinrich ida julius jakob kaufmann konrad "
    "ludwig martha nordpol ökonom paula quelle richard samuel siegfried schule theodor ulrich übermut viktor "
    "wilhelm xanthippe zacharias zeppelin zürich "
    # Italian towns
    "ancona bari bologna cagliari como domodossola empoli firenze genova imola livorno milano napoli otranto "
    "palermo padova quarto roma savona torino udine venezia verona washington xilofono zara"
).split()
_NAMES: Final = (
    # Spanish and Portuguese
    "be=b ce=c efe=f ge=g hache=h agá=h jota=j ka=k ele=l eme=m ene=n eñe=ñ erre=r ese=s uve=v equis=x xis=x ye=y "
    "cu=q eles=l erres=r esses=s efes=f enes=n zê=z vê=v tê=t pê=p gê=g dê=d cê=c bê=b cá=k dáblio=w ípsilon=y "
    # Italian
    "bi=b ci=c effe=f gi=g acca=h elle=l emme=m enne=n pi=p esse=s vu=v ics=x ipsilon=y zeta=z "
    # German, Dutch, French and Polish
    "ypsilon=y eszett=ß vau=v zède=z igrek=y iks=x zet=z żet=ż wu=w"
).split()
LETTER_NAMES: Final = MappingProxyType(
    {word: word[0] for word in _ALPHABETS}
    | {word: letter for word, _, letter in (n.partition("=") for n in _NAMES)}
)
"""From a word in lower case to its letter."""
