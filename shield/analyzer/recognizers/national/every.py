"""The group `national` of the catalogue: the recognizers of this folder but those `by_default`, by name."""

from __future__ import annotations

from shield.analyzer.recognizers.national.accounts import ACCOUNTS
from shield.analyzer.recognizers.national.americas import AMERICAS
from shield.analyzer.recognizers.national.asia_pacific import ASIA_PACIFIC
from shield.analyzer.recognizers.national.checked import NationalRecognizer
from shield.analyzer.recognizers.national.europe_east import EUROPE_EAST
from shield.analyzer.recognizers.national.europe_west import EUROPE_WEST

NATIONAL: tuple[type[NationalRecognizer], ...] = tuple(
    sorted((*AMERICAS, *ASIA_PACIFIC, *ACCOUNTS, *EUROPE_EAST, *EUROPE_WEST), key=lambda cls: cls.__name__)
)
