"""Makes things named after persons: companies, schools, places, prizes, storms, ships, works.

News and tickets are full of them, and the word alone does not tell ("Mercer sued Mercer & Vance"). The
grammar builds them from the same lists as its persons, so that only the words around can be learned from.
"""

from __future__ import annotations

import random
import re
from typing import Final

from models.training.bearer_words import (
    ADJECTIVES,
    ANIMALS,
    BODIES,
    CAPITALISED,
    DEMONYMS,
    EFFECTS,
    FIELDS,
    FORMS,
    IDEAS,
    LAWS,
    LECTURES,
    MINISTRIES,
    NOUNS,
    PRIZES,
    QUARTERS,
    STATES,
    STORMS,
    SUFFIXES,
    TAILS,
    TRADES,
    WATERS,
)
from models.training.draws import Piece
from models.training.lexicon import listed
from models.training.names import Names
from models.training.word_names import HARD_FIRST, HARD_LAST

_SYLLABLES: Final = "ca no ri ta lo phi mo ba ne cu te ra sa li do pa ve gra pro tri".split()  # noqa: SIM905


class Bearers:
    """Builds such names; `slots` gives the template slots. Every random choice comes from `rng`."""

    def __init__(self, names: Names, cities: dict[str, list[str]], rng: random.Random) -> None:
        self.names, self.rng = names, rng
        self.cities = [c for each in cities.values() for c in each]
        self.demonyms, self.capitalised = listed(DEMONYMS), listed(CAPITALISED)
        self.nouns, self.adjectives, self.ideas = listed(NOUNS), listed(ADJECTIVES), listed(IDEAS)
        self.animals, self.fields, self.ministries = listed(ANIMALS), listed(FIELDS), listed(MINISTRIES)
        self.trades, self.forms, self.tails = listed(TRADES), listed(FORMS), listed(TAILS)
        self.suffixes = listed(SUFFIXES)
        self.hard_first, self.hard_last = HARD_FIRST.split(), HARD_LAST.split()
        self.slots = {name[5:]: getattr(self, name) for name in dir(self) if name.startswith("slot_")}

    def first(self) -> str:
        return self.rng.choice(self.hard_first) if self.rng.random() < 0.06 else self.names.given(self.rng)

    def last(self) -> str:
        return self.rng.choice(self.hard_last) if self.rng.random() < 0.1 else self.names.pair(self.rng)[1]

    def city(self) -> str:
        return self.rng.choice(self.cities)

    # Organisations

    def firm(self) -> str:
        """A company, mostly named after persons."""
        rng, last = self.rng, self.last
        return rng.choice(
            [
                lambda: f"{last()} {rng.choice(self.forms)}",
                lambda: f"{last()} {rng.choice(self.forms)}",
                lambda: f"{last()}-{last()}",
                lambda: f"{last()}, {last()} and {last()}",
                lambda: f"{last()}, {last()} & {last()}",
                lambda: f"{last()} & {last()}",
                lambda: f"{last()} and {last()}",
                lambda: f"{last()} {last()} {rng.choice(['LLP', 'LLC', 'Partners', 'Associates'])}",
                lambda: f"{last()} {rng.choice(self.trades)}",
                lambda: f"{self.first()} {last()} {rng.choice(self.forms + self.trades)}",
                lambda: f"{self.first()}'s {rng.choice(self.trades)}",
                lambda: f"{self.first()} & {self.first()} {rng.choice(self.trades)}",
                lambda: f"{self.city()} {rng.choice(self.trades)} {rng.choice(self.forms)}",
                lambda: f"{last()} {rng.choice(self.trades)} {rng.choice(self.forms)}",
            ]
        )()

    def slot_firm(self) -> list[Piece]:
        return [(self.firm(), "ORGANIZATION")]

    def slot_bare_firm(self) -> list[Piece]:
        """A company called by only a surname, for sentences that leave no doubt."""
        return [(self.last(), "ORGANIZATION")]

    def slot_school(self) -> list[Piece]:
        rng = self.rng
        return [
            (
                rng.choice(
                    [
                        lambda: f"University of {self.city()}",
                        lambda: f"{self.last()} University",
                        lambda: f"{self.city()} State University",
                        lambda: f"{self.last()} College",
                        lambda: f"{self.first()} {self.last()} University",
                        lambda: f"St. {self.first()}'s College",
                        lambda: f"{self.last()} School of {rng.choice(self.fields)}",
                        lambda: f"{self.first()} {self.last()} High School",
                        lambda: f"{self.last()} Academy",
                        lambda: f"{self.city()} Institute of {rng.choice(self.fields)}",
                        lambda: f"{self.last()} Institute",
                    ]
                )(),
                "ORGANIZATION",
            )
        ]

    def slot_hospital(self) -> list[Piece]:
        return [
            (
                self.rng.choice(
                    [
                        lambda: f"{self.last()} Memorial Hospital",
                        lambda: f"St. {self.first()}'s Hospital",
                        lambda: f"{self.first()} {self.last()} Medical Center",
                        lambda: f"{self.city()} General Hospital",
                        lambda: f"{self.last()} Clinic",
                        lambda: f"{self.last()}-{self.last()} Medical Center",
                        lambda: f"{self.last()} Children's Hospital",
                    ]
                )(),
                "ORGANIZATION",
            )
        ]

    def slot_body(self) -> list[Piece]:
        """A party, ministry, agency, foundation, newspaper or museum."""
        rng = self.rng
        return [
            (
                rng.choice(
                    [
                        lambda: f"{rng.choice(self.ideas)} Party",
                        lambda: f"{rng.choice(self.ideas)} {rng.choice(self.ideas)} Party",
                        lambda: f"Ministry of {rng.choice(self.ministries)}",
                        lambda: f"{self.last()} Foundation",
                        lambda: f"{self.first()} {self.last()} Foundation",
                        lambda: f"{self.last()} Trust",
                        lambda: f"{self.city()} {rng.choice(['Times', 'Herald', 'Post', 'Gazette', 'Star'])}",
                        lambda: f"{self.last()} Press",
                        lambda: f"{self.last()} Museum",
                        lambda: f"{self.first()} {self.last()} Center",
                        lambda: f"{self.city()} City Council",
                        lambda: f"{self.city()} Philharmonic",
                        lambda: rng.choice(listed(BODIES)),
                        lambda: rng.choice(["Senate", "Congress", "Parliament", "Supreme Court", "Kremlin"]),
                    ]
                )(),
                "ORGANIZATION",
            )
        ]

    def slot_club(self) -> list[Piece]:
        """A sports club or a band."""
        rng = self.rng
        return [
            (
                rng.choice(
                    [
                        lambda: f"{self.city()} {rng.choice(self.animals)}",
                        lambda: f"{self.city()} {rng.choice(self.animals)}",
                        lambda: f"FC {self.city()}",
                        lambda: f"{self.city()} FC",
                        lambda: f"Real {self.city()}",
                        lambda: f"{self.last()} Racing",
                        lambda: f"The {rng.choice(self.adjectives)} {rng.choice(self.nouns)}",
                        lambda: f"{self.first()} and the {rng.choice(self.nouns)}s",
                        lambda: f"the {self.first()} {self.last()} Band",
                        lambda: f"{self.last()} Brothers",
                    ]
                )(),
                "ORGANIZATION",
            )
        ]

    # Places

    def spot(self) -> str:
        """A place, mostly named after persons or saints."""
        rng, last, first = self.rng, self.last, self.first
        return rng.choice(
            [
                lambda: f"Lake {last()}",
                lambda: f"Lake {first()}",
                lambda: f"Mount {last()}",
                lambda: f"Cape {last()}",
                lambda: f"Fort {last()}",
                lambda: f"Port {first()}",
                lambda: f"Port {last()}",
                lambda: f"{last()} {rng.choice(listed(WATERS))}",
                lambda: f"{last()} County",
                lambda: f"{last()} {rng.choice(listed(QUARTERS))}",
                lambda: f"{rng.choice(['San', 'Santa', 'St.', 'Saint', 'Sankt', 'São'])} {first()}",
                lambda: f"{last()} {rng.choice(['Stadium', 'Arena', 'Airport', 'Station', 'Hall', 'Tower'])}",
                lambda: (
                    f"{first()} {last()} {rng.choice(['Airport', 'Bridge', 'Stadium', 'Park', 'Theater'])}"
                ),
                self.town,
                self.town,
                self.town,
            ]
        )()

    def town(self) -> str:
        """An invented town, built from a name."""
        rng = self.rng
        tail = rng.choice(self.tails)
        name = rng.choice([self.first, self.last])()
        lead = rng.choice(["North", "East", "West", "South", "New", "Lake", "Port"])
        return rng.choice([f"{name}{tail}", f"{name}{tail}", f"{lead} {name}", f"{lead} {name}{tail}"])

    def slot_spot(self) -> list[Piece]:
        return [(self.spot(), "LOCATION")]

    def slot_town(self) -> list[Piece]:
        return [(self.town(), "LOCATION")]

    def slot_long_address(self) -> list[Piece]:
        """An American address with a street named after a person and an invented town."""
        rng = self.rng
        street = (
            f"{rng.randint(1, 99999)} {rng.choice([self.first, self.last])()} {rng.choice(self.suffixes)}"
        )
        form = rng.random()
        if form < 0.3:
            street += rng.choice([" Apt. ", " Suite ", " Apt ", " Unit ", ", Apt. "]) + str(
                rng.randint(1, 999)
            )
        elif form < 0.36:
            street = f"PSC {rng.randint(1000, 9999)}, Box {rng.randint(1000, 9999)}"
        elif form < 0.42:
            street = f"Unit {rng.randint(1000, 9999)} Box {rng.randint(1000, 9999)}"
        out: list[Piece] = [(street, "STREET_ADDRESS")]
        if rng.random() < 0.3:
            return out
        code = f"{rng.randint(501, 99950):05}"
        gap = rng.choice([", ", "\n", " ", "\n "])
        out += [(gap, ""), (self.town(), "LOCATION")]
        if rng.random() < 0.8:
            states = listed(STATES)
            out += [
                (rng.choice([", ", " "]), ""),
                (rng.choice(states), "LOCATION"),
                (" ", ""),
                (code, "POSTCODE"),
            ]
        return out

    # No label, or a people's

    def slot_demonym(self) -> list[Piece]:
        return [(self.rng.choice(self.demonyms), "NRP")]

    def slot_people(self) -> list[Piece]:
        word = self.rng.choice(self.demonyms)
        return [(word if word.endswith(("ese", "sh", "ch", "s")) else word + "s", "NRP")]

    def slot_capitalised(self) -> list[Piece]:
        return [(self.rng.choice(self.capitalised), "")]

    def slot_species(self) -> list[Piece]:
        """Two Latin-looking words, like names of species."""
        rng = self.rng
        genus = "".join(rng.choices(_SYLLABLES, k=rng.randint(2, 3))) + rng.choice(["us", "a", "is", "ium"])
        kind = "".join(rng.choices(_SYLLABLES, k=2)) + rng.choice(["nsis", "i", "ae", "ta", "us"])
        return [(f"{genus.title()} {kind}", "")]

    def slot_work(self) -> list[Piece]:
        """The title of a book, song, film or show."""
        rng = self.rng
        return [
            (
                rng.choice(
                    [
                        lambda: f"The {rng.choice(self.adjectives)} {rng.choice(self.nouns)}",
                        lambda: f"{self.first()}'s {rng.choice(self.nouns)}",
                        lambda: f"{self.first()} and the {rng.choice(self.nouns)}",
                        lambda: f"The {rng.choice(self.nouns)} of {self.first()} {self.last()}",
                        lambda: f"Goodbye, {self.first()}",
                        lambda: f"{rng.choice(self.nouns)} in {self.city()}",
                        lambda: f"The {self.last()}s",
                        lambda: f"Being {self.first()} {self.last()}",
                        lambda: f"{rng.choice(self.adjectives)} {rng.choice(self.nouns)}",
                        lambda: f"Letters to {self.first()}",
                    ]
                )(),
                "",
            )
        ]

    def slot_honour(self) -> list[Piece]:
        """A prize, cup, law, disease, ship, storm or battle."""
        rng = self.rng
        return [
            (
                rng.choice(
                    [
                        lambda: f"{self.last()} {rng.choice(listed(PRIZES))}",
                        lambda: f"{self.first()} {self.last()} {rng.choice(listed(LECTURES))}",
                        lambda: (
                            f"{self.last()} {rng.choice(['Act', 'Plan', 'Report', 'Doctrine', 'Amendment'])}"
                        ),
                        lambda: f"{self.last()}-{self.last()} Act",
                        lambda: f"{self.last()}'s {rng.choice(listed(LAWS))}",
                        lambda: f"{self.last()} {rng.choice(listed(EFFECTS))}",
                        lambda: f"{rng.choice(listed(STORMS))} {self.first()}",
                        lambda: (
                            f"{rng.choice(['HMS', 'USS', 'MV', 'MS', 'RMS'])} {self.first()} {self.last()}"
                        ),
                        lambda: f"{rng.choice(['HMS', 'USS', 'MV', 'MS', 'SS'])} {self.last()}",
                        lambda: f"Battle of {self.city()}",
                        lambda: f"Treaty of {self.city()}",
                        lambda: f"{self.city()} Grand Prix",
                        lambda: f"{self.city()} Marathon",
                        lambda: f"{self.last()} {rng.choice(['dynasty', 'administration', 'era', 'family'])}",
                    ]
                )(),
                "",
            )
        ]

    def slot_tag(self) -> list[Piece]:
        """A hashtag's word or a handle, as in tweets."""
        rng = self.rng
        first, last = (re.sub(r"\W", "", n) for n in (self.first(), self.last()))
        return [
            (
                rng.choice(
                    [
                        f"{first}{last}",
                        f"{first}{rng.randint(1, 99)}",
                        f"{last}_{first[:1]}",
                        f"_{first.lower()}xx",
                        f"{first.lower()}{last.lower()}",
                        f"The{last}Show",
                    ]
                ),
                "",
            )
        ]
