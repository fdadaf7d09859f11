"""Capital and small letters of the Latin script, for patterns that otherwise ignore case.

`[A-Z]` would miss Łukasz, and case-insensitive patterns cannot exempt a Unicode class.
"""

from __future__ import annotations

from typing import Final

CAPITAL: Final = r"(?-i:[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮĶĻĽŁŃŅŇŌŐŒŔŘŚŞȘŠŢȚŤŪŮŰŲŹŻŽƠƯ])"
SMALL: Final = r"(?-i:[a-zß-öø-ÿāăąćčďđēėęěğģīįķļľłńņňōőœŕřśşșšţțťūůűųźżžơư])"
