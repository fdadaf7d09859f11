"""Fills slots with persons and with what they call themselves."""

# ruff: noqa: SIM905 (lists of words)

from __future__ import annotations

import re
from typing import Final

from models.training.draws import Draws, Piece, Slots
from models.training.names import Names

_NATO: Final = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa "
        "quebec romeo sierra tango uniform victor whiskey x-ray yankee zulu".split(),
        strict=True,
    )
)
TITLES: Final = [
    *"Mr. Mrs. Ms. Dr. Mr Mrs Ms Dr Prof. Miss Sir Herr Frau Señor Sra. Mme Sig. Pan".split(),
    *"Captain Judge Officer Nurse".split(),
]


class People:
    """Fills slots of persons. Every random choice comes from the draws."""

    def __init__(self, names: Names, draws: Draws) -> None:
        self.names, self.draws, self.rng = names, draws, draws.rng
        self.slots: Slots = {name[5:]: getattr(self, name) for name in dir(self) if name.startswith("slot_")}

    def slot_person(self) -> list[Piece]:
        name = self.names.full(self.rng, self.draws.country if self.rng.random() < 0.3 else None)
        return [(name, "PERSON")]

    def slot_given(self) -> list[Piece]:
        return [(self.names.given(self.rng), "PERSON")]

    def slot_surname(self) -> list[Piece]:
        return [(self.names.pair(self.rng)[1], "PERSON")]

    def slot_simple_name(self) -> list[Piece]:
        first, last = self.names.pair(self.rng)
        return [(f"{first} {last}", "PERSON")]

    def slot_titled(self) -> list[Piece]:
        title = self.rng.choice(TITLES)
        name = self.names.pair(self.rng)[1] if self.rng.random() < 0.6 else self.names.full(self.rng)
        return [(title + " ", ""), (name, "PERSON")]

    def slot_spelled(self) -> list[Piece]:
        """A name spelled letter by letter, as callers do."""
        rng = self.rng
        name = re.sub(r"[^a-z]", "", rng.choice(self.names.pair(rng)).lower()) or "smith"
        form = rng.random()
        if form < 0.45:
            text = " ".join(name)
        elif form < 0.6:
            text = "-".join(name.upper())
        elif form < 0.75:
            text = " ".join(name.upper())
        elif form < 0.87:
            text = " ".join(f"{c} as in {_NATO[c]}" if rng.random() < 0.5 else c for c in name)
        else:
            text = ", ".join(name.upper())
        return [(text, "PERSON")]

    def slot_person_spelled(self) -> list[Piece]:
        rng = self.rng
        first, last = self.names.pair(rng)
        letters = re.sub(r"[^a-z]", "", last.lower()) or "lee"
        return [
            (
                f"{first} {last}" + rng.choice([" ", ", ", " that's ", " spelled "]) + " ".join(letters),
                "PERSON",
            )
        ]

    def slot_username(self) -> list[Piece]:
        rng = self.rng
        first, last = (re.sub(r"[^a-z]", "", n.lower()) or "sam" for n in self.names.pair(rng))
        return [
            (
                rng.choice(
                    [
                        f"{first}{last}",
                        f"{first}.{last}",
                        f"{first}_{last}{self.draws.digits(2)}",
                        f"{first[0]}{last}",
                        f"{first}{self.draws.digits(2, 4)}",
                        f"{last}{self.draws.digits(2)}",
                        f"@{first}{last}",
                        f"{first}-{last}",
                        f"the_{last}",
                        f"{first}x{self.draws.digits(2)}",
                    ]
                ),
                "USERNAME",
            )
        ]
