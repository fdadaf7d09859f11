"""Makes names of people: forenames and surnames by country, combined by that country's customs."""

from __future__ import annotations

import csv
import gzip
import io
import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from models.training import lexicon as lex


class Names:
    """Forenames and surnames by country, and the customs of combining them."""

    def __init__(self, gazetteers: Path) -> None:
        self.first: dict[str, list[str]] = defaultdict(list)
        self.last: dict[str, list[str]] = defaultdict(list)
        for country, name in _popular(gazetteers / "popular_forenames_by_country.csv.gz"):
            self.first[country].append(name)
        for country, name in _popular(gazetteers / "popular_surnames_by_country.csv.gz"):
            self.last[country].append(name)
        self.census_first = [
            *_census(gazetteers / "census1990_us_first_female.tsv.gz"),
            *_census(gazetteers / "census1990_us_first_male.tsv.gz"),
        ]
        self.census_last = _census(gazetteers / "census1990_us_last.tsv.gz")
        own = {
            "IN": (lex.INDIAN_FIRST, lex.INDIAN_LAST),
            "ARAB": (lex.ARABIC_FIRST, lex.ARABIC_LAST),
            "AFRICA": (lex.AFRICAN_FIRST, lex.AFRICAN_LAST),
            "CHINA": (lex.CHINESE_FIRST, lex.CHINESE_LAST),
        }
        for country, (first, last) in own.items():
            self.first[country] += first
            self.last[country] += last
        self.countries = sorted(set(self.first) & set(self.last))

    def pair(self, rng: random.Random, country: str | None = None) -> tuple[str, str]:
        """A forename and a surname that go together (or, sometimes, do not)."""
        choice = rng.random()
        if country in ("US", "GB", "AU", "CA") or (country is None and choice < 0.35):
            # Half the time a name weighted by the inverse of its rank, half the time any name of the census.
            return _ranked(rng, self.census_first), _ranked(rng, self.census_last)
        if country is None and choice < 0.45:
            return rng.choice(self.census_first), rng.choice(self.census_last)
        place = (
            country
            if country in self.countries
            else rng.choice(["IN", "ARAB", "AFRICA", "CHINA", *rng.choices(self.countries, k=8)])
        )
        first, last = rng.choice(self.first[place]), rng.choice(self.last[place])
        if country is None and rng.random() < 0.12:
            last = _ranked(rng, self.census_last)
        return first, last

    def given(self, rng: random.Random, country: str | None = None) -> str:
        return self.pair(rng, country)[0]

    def full(self, rng: random.Random, country: str | None = None) -> str:
        """A full name in one of the many forms in which people write one."""
        first, last = self.pair(rng, country)
        form = rng.random()
        if form < 0.52:
            return f"{first} {last}"
        if form < 0.60:
            return f"{first} {rng.choice('ABCDEFGHJKLMNPRSTW')}{rng.choice(['.', ''])} {last}"
        if form < 0.66:
            return f"{first} {self.given(rng, country)} {last}"
        if form < 0.70:
            return f"{last}, {first}"
        if form < 0.74:
            return f"{first} {last}-{self.pair(rng, country)[1]}"
        if form < 0.78:
            return f"{first} {last} {self.pair(rng, country)[1]}"
        if form < 0.81:
            return f"{rng.choice('ABCDEFGHIJKLMNPRSTVY')}. {last}"
        if form < 0.84:
            particle = rng.choice(
                ["van", "van der", "von", "de", "de la", "del", "di", "bin", "al", "el", "ben", "da"]
            )
            return f"{first} {particle} {last}"
        if form < 0.86:
            return f"{first} {rng.choice(['O', 'D', 'L'])}{rng.choice(chr(39) + chr(0x2019))}{last}"
        if form < 0.88:
            return f"{first} {rng.choice(['Mc', 'Mac'])}{last}"
        if form < 0.90:
            return f"{rng.choice('ABCDEFGHJKLMNPRSTW')}.{rng.choice('ABCDEFGHJKLMNPRSTW')}. {last}"
        if form < 0.92:
            return f"{last} {first}"
        if form < 0.93:
            return f"{first} {last} {rng.choice(['Jr.', 'Sr.', 'III', 'II', 'Jr'])}"
        return f"{first} {last}"


def _census(path: Path) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        next(lines)
        return [line.split("\t", 1)[0].title() for line in lines]


def _popular(path: Path) -> Iterator[tuple[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as raw:
        for row in csv.DictReader(io.StringIO(raw.read())):
            romanized, local = row["Romanized Name"].strip(), row["Localized Name"].strip()
            if romanized:
                yield row["Country"], romanized
            if local and local != romanized:
                yield row["Country"], local


def _ranked(rng: random.Random, names: list[str]) -> str:
    """A name from a list sorted by frequency, with the first ones far more likely."""
    return names[min(int(len(names) * rng.random() ** 3.5), len(names) - 1)]
