"""Random digits, letters, dates and the country of a text, from which every part of the grammar draws."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from models.training import lexicon as lex

Piece = tuple[str, str]  # text and label, the label empty for plain text
Slots = dict[str, Callable[[], list[Piece]]]


@dataclass(slots=True)
class Draws:
    """Draws for one text after another; `country` is that of the current text."""

    rng: random.Random
    country: str = field(default="US", init=False)

    def digits(self, low: int, high: int | None = None) -> str:
        """`low` to `high` random digits, the first one not a zero."""
        count = self.rng.randint(low, high or low)
        return str(self.rng.randint(1, 9)) + "".join(str(self.rng.randint(0, 9)) for _ in range(count - 1))

    def pattern(self, form: str) -> str:
        """`form` with 9 as any digit, A as any capital, a as any small letter."""
        rng = self.rng
        return "".join(
            str(rng.randint(0, 9))
            if c == "9"
            else rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ")
            if c == "A"
            else rng.choice("abcdefghijklmnopqrstuvwxyz")
            if c == "a"
            else c
            for c in form
        )

    def one_of(self, *forms: str) -> str:
        return self.pattern(self.rng.choice(forms))

    def date(self, first_year: int, last_year: int) -> str:
        rng = self.rng
        day, month = rng.randint(1, 28), rng.randint(1, 12)
        year = rng.randint(first_year, last_year)
        name = rng.choice([lex.MONTHS[month - 1], lex.MONTHS[month - 1], lex.MONTHS_SHORT[min(month - 1, 7)]])
        nth = f"{day}{'th' if 10 < day < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"
        if self.country in lex.MONTHS_OTHER and rng.random() < 0.5:
            name = lex.MONTHS_OTHER[self.country][month - 1]
            of = f"{day} de {name} de {year}" if self.country == "ES" else f"{day} {name} {year}"
            return rng.choice([f"{day}. {name} {year}" if self.country == "DE" else of, of])
        return rng.choice(
            [
                f"{month:02}/{day:02}/{year}",
                f"{day:02}/{month:02}/{year}",
                f"{year}-{month:02}-{day:02}",
                f"{day:02}.{month:02}.{year}",
                f"{day}.{month}.{year}",
                f"{month}/{day}/{year % 100:02}",
                f"{name} {day}, {year}",
                f"{day} {name} {year}",
                f"{nth} {name} {year}",
                f"{name} {nth} {year}",
                f"{nth} of {name} {year}",
                f"{day:02}-{month:02}-{year}",
                f"{day}-{name[:3]}-{year}",
                f"the {nth} of {name}, {year}",
                f"{name} {nth}, {year}",
            ]
        )
