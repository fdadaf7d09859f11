"""Capital and small letters of the Latin script, for patterns that else are read without regard to case.

`[A-Z]` would lose Łukasz, and no class of Unicode can be taken out of a case-insensitive pattern.
"""

from __future__ import annotations

from typing import Final

CAPITAL: Final = r"(?-i:[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮĶĻĽŁŃŅŇŌŐŒŔŘŚŞȘŠŢȚŤŪŮŰŲŹŻŽƠƯ])"
SMALL: Final = r"(?-i:[a-zß-öø-ÿāăąćčďđēėęěğģīįķļľłńņňōőœŕřśşșšţțťūůűųźżžơư])"
