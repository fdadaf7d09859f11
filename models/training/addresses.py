"""Fills template slots with places, streets and whole addresses of the countries of `lexicon`."""

# ruff: noqa: SIM905 (lists of words)

from __future__ import annotations

import gzip
import json
from pathlib import Path

from models.training import lexicon as lex
from models.training.draws import Draws, Piece, Slots
from models.training.names import Names


class Addresses:
    """Fills slots of places. Every random choice comes from the draws."""

    def __init__(self, names: Names, draws: Draws, gazetteers: Path) -> None:
        self.names, self.draws, self.rng = names, draws, draws.rng
        self.cities = {country: lex.listed(text) for country, text in lex.CITIES.items()}
        self.countries = lex.listed(lex.COUNTRIES)
        self.states = lex.listed(lex.US_STATE_NAMES)
        with gzip.open(gazetteers / "us_addresses_rrad.jsonl.gz", "rt", encoding="utf-8") as lines:
            self.us_addresses = [json.loads(line) for line in lines]
        self.cities["US"] += sorted({a["city"] for a in self.us_addresses if a["city"]})
        self.slots: Slots = {name[5:]: getattr(self, name) for name in dir(self) if name.startswith("slot_")}

    def city(self) -> str:
        key = self.draws.country if self.rng.random() < 0.5 else self.rng.choice(list(self.cities))
        return self.rng.choice(self.cities[key])

    def slot_city(self) -> list[Piece]:
        return [(self.city(), "LOCATION")]

    def slot_country(self) -> list[Piece]:
        return [(self.rng.choice(self.countries), "LOCATION")]

    def slot_state(self) -> list[Piece]:
        return [(self.rng.choice(self.states), "LOCATION")]

    def slot_place(self) -> list[Piece]:
        form = self.rng.random()
        if form < 0.5:
            return self.slot_city()
        if form < 0.7:
            return self.slot_country()
        if form < 0.85:
            return self.slot_state()
        return [
            (self.rng.choice(self.cities["US"]), "LOCATION"),
            (", ", ""),
            (self.rng.choice(lex.US_STATES), "LOCATION"),
        ]

    def street(self) -> str:
        """A street address of `self.draws.country`, without city."""
        rng, country = self.rng, self.draws.country
        if country == "US" and rng.random() < 0.35:
            return str(rng.choice(self.us_addresses)["address1"])
        first, last = self.names.pair(rng, country)
        kinds = lex.STREET_TYPES.get(country, ["Road", "Street", "Cross", "Main"])
        number = self.draws.digits(1, 5 if country == "US" else 3)
        return rng.choice(lex.STREETS[country]).format(
            n=number,
            s=rng.choice(lex.STREET_NAMES[country]),
            t=rng.choice(kinds),
            u=rng.randint(1, 40),
            d=rng.choice(["N", "S", "E", "W", "North", "South", "East", "West", "NW", "SE"]),
            q=rng.choice(["NW", "SW", "NE", "SE", "East", "West", "N", "S"]),
            l=rng.choice("ABCDE"),
            p=last,
            f=first,
            o=rng.choice(
                [
                    "1st",
                    "2nd",
                    "3rd",
                    "4th",
                    "5th",
                    "6th",
                    "7th",
                    "8th",
                    "9th",
                    "12th",
                    "21st",
                    "42nd",
                    "Third",
                ]
            ),
        )

    def slot_street(self) -> list[Piece]:
        return [(self.street(), "STREET_ADDRESS")]

    def postcode(self) -> str:
        rng = self.rng
        return {
            "US": lambda: rng.choice(
                [self.draws.pattern("99999"), self.draws.pattern("99999"), self.draws.pattern("99999-9999")]
            ),
            "GB": lambda: self.draws.one_of(
                "A9 9AA", "A99 9AA", "AA9 9AA", "AA99 9AA", "AA9A 9AA", "A9A 9AA", "AA999AA"
            ),
            "CA": lambda: self.draws.one_of("A9A 9A9", "A9A9A9"),
            "NL": lambda: self.draws.one_of("9999 AA", "9999AA"),
            "PL": lambda: self.draws.pattern("99-999"),
            "IN": lambda: self.draws.one_of("999999", "999 999"),
            "AU": lambda: self.draws.pattern("9999"),
        }.get(self.draws.country, lambda: self.draws.pattern("99999"))()

    def slot_postcode(self) -> list[Piece]:
        return [(self.postcode(), "POSTCODE")]

    def slot_address(self) -> list[Piece]:
        """A whole address: street, city, region, postcode, in the order of its country."""
        rng, country = self.rng, self.draws.country
        comma = rng.choice([", ", ", ", "\n", " ", " , "])
        street: Piece = (self.street(), "STREET_ADDRESS")
        city: Piece = (rng.choice(self.cities[country]), "LOCATION")
        code: Piece = (self.postcode(), "POSTCODE")
        if country == "US":
            if rng.random() < 0.4:
                real = rng.choice(self.us_addresses)
                street = (
                    real["address1"] + (f" {real['address2']}" if real["address2"] else ""),
                    "STREET_ADDRESS",
                )
                state, code = real["state"], (real["postalCode"], "POSTCODE")
                city = (real["city"] or city[0], "LOCATION")
            else:
                state = rng.choice([rng.choice(lex.US_STATES), rng.choice(self.states)])
            pieces = [
                street,
                (comma, ""),
                city,
                (rng.choice([", ", " "]), ""),
                (state, "LOCATION"),
                (" ", ""),
                code,
            ]
        elif country in ("CA", "AU"):
            region = rng.choice(
                "ON QC BC AB MB NS SK".split() if country == "CA" else "NSW VIC QLD WA SA TAS".split()
            )
            pieces = [
                street,
                (comma, ""),
                city,
                (rng.choice([", ", " "]), ""),
                (region, "LOCATION"),
                (" ", ""),
                code,
            ]
        elif country in ("GB", "IN"):
            pieces = [street, (comma, ""), city, (rng.choice([", ", " ", " - "]), ""), code]
        else:
            pieces = [street, (comma, ""), code, (" ", ""), city]
        if rng.random() < 0.15:
            pieces = pieces[: rng.choice([1, 3])]
        if rng.random() < 0.2:
            pieces += [(comma if comma != " " else ", ", ""), *self.slot_country()]
        return pieces
