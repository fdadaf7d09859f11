"""Synthetic tickets, records and transcripts from a grammar of our own, with every span marked.

Names follow the customs of many countries (from the gazetteers and `lexicon`), addresses those of eleven.
All numbers are made up digit by digit; a text holds only what a template put there, so each record is
exhaustive on every label of the tagger.
"""

# ruff: noqa: SIM905 (lists of words)

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from models.training import lexicon as lex
from models.training.labels import LABELS
from models.training.names import Names
from models.training.product_texts import GOODS, NAMESAKES, PRODUCT_TEXTS, PRODUCTS, TEAMS
from models.training.scenes import Scenes
from models.training.templates import BY_LANGUAGE, CHAT, FORMS, NEGATIVE, PROSE, SIGNATURES, SPEECH

_SLOT: Final = re.compile(r"\{([a-z_]+)\}")
_SPLIT: Final = re.compile(r"\s*;\s*")
_ONES: Final = "zero one two three four five six seven eight nine".split()
_NATO: Final = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa "
        "quebec "
        "romeo sierra tango uniform victor whiskey x-ray yankee zulu".split(),
        strict=True,
    )
)
Piece = tuple[str, str]  # text and label, the label empty for plain text
SCENES: Final = 0.42


def listed_words(text: str) -> list[str]:
    """The items of a list that is written with semicolons."""
    return [w for w in _SPLIT.split(text.replace("\n", " ").strip()) if w]


class Grammar:
    """Fills the templates. Every random choice comes from `rng`, so that a seed fixes the corpus."""

    def __init__(self, gazetteers: Path, rng: random.Random, share: float = SCENES) -> None:
        """`share` is how many of the texts are of the kinds of `scenes`."""
        self.rng = rng
        self.share = share
        self.names = Names(gazetteers)
        self.cities = {country: listed_words(text) for country, text in lex.CITIES.items()}
        self.countries = listed_words(lex.COUNTRIES)
        self.states = listed_words(lex.US_STATE_NAMES)
        self.company_kinds = listed_words(lex.COMPANY_KINDS)
        self.companies = listed_words(lex.KNOWN_COMPANIES)
        self.things = listed_words(lex.COMMON_THINGS)
        self.products = listed_words(PRODUCTS)
        self.namesakes = listed_words(NAMESAKES)
        self.goods = listed_words(GOODS)
        self.teams = listed_words(TEAMS)
        with gzip.open(gazetteers / "us_addresses_rrad.jsonl.gz", "rt", encoding="utf-8") as lines:
            self.us_addresses = [json.loads(line) for line in lines]
        self.cities["US"] += sorted({a["city"] for a in self.us_addresses if a["city"]})
        self.slots: dict[str, Callable[[], list[Piece]]] = {
            name[5:]: getattr(self, name) for name in dir(self) if name.startswith("slot_")
        }
        self.scenes = Scenes(self.names, self.cities, rng)
        self.slots |= self.scenes.slots
        self.country = "US"

    # Numbers

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

    # People

    def slot_person(self) -> list[Piece]:
        name = self.names.full(self.rng, self.country if self.rng.random() < 0.3 else None)
        return [(name, "PERSON")]

    def slot_given(self) -> list[Piece]:
        return [(self.names.given(self.rng), "PERSON")]

    def slot_surname(self) -> list[Piece]:
        return [(self.names.pair(self.rng)[1], "PERSON")]

    def slot_simple_name(self) -> list[Piece]:
        first, last = self.names.pair(self.rng)
        return [(f"{first} {last}", "PERSON")]

    def slot_titled(self) -> list[Piece]:
        title = self.rng.choice(
            [
                "Mr.",
                "Mrs.",
                "Ms.",
                "Dr.",
                "Mr",
                "Mrs",
                "Ms",
                "Dr",
                "Prof.",
                "Miss",
                "Sir",
                "Herr",
                "Frau",
                "Señor",
                "Sra.",
                "Mme",
                "Sig.",
                "Pan",
                "Captain",
                "Judge",
                "Officer",
                "Nurse",
            ]
        )
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
                        f"{first}_{last}{self.digits(2)}",
                        f"{first[0]}{last}",
                        f"{first}{self.digits(2, 4)}",
                        f"{last}{self.digits(2)}",
                        f"@{first}{last}",
                        f"{first}-{last}",
                        f"the_{last}",
                        f"{first}x{self.digits(2)}",
                    ]
                ),
                "USERNAME",
            )
        ]

    # Places

    def city(self) -> str:
        key = self.country if self.rng.random() < 0.5 else self.rng.choice(list(self.cities))
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
        """A street address of `self.country`, without city."""
        rng, country = self.rng, self.country
        if country == "US" and rng.random() < 0.35:
            return str(rng.choice(self.us_addresses)["address1"])
        first, last = self.names.pair(rng, country)
        kinds = lex.STREET_TYPES.get(country, ["Road", "Street", "Cross", "Main"])
        number = self.digits(1, 5 if country == "US" else 3)
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
                [self.pattern("99999"), self.pattern("99999"), self.pattern("99999-9999")]
            ),
            "GB": lambda: self.one_of(
                "A9 9AA", "A99 9AA", "AA9 9AA", "AA99 9AA", "AA9A 9AA", "A9A 9AA", "AA999AA"
            ),
            "CA": lambda: self.one_of("A9A 9A9", "A9A9A9"),
            "NL": lambda: self.one_of("9999 AA", "9999AA"),
            "PL": lambda: self.pattern("99-999"),
            "IN": lambda: self.one_of("999999", "999 999"),
            "AU": lambda: self.pattern("9999"),
        }.get(self.country, lambda: self.pattern("99999"))()

    def slot_postcode(self) -> list[Piece]:
        return [(self.postcode(), "POSTCODE")]

    def slot_address(self) -> list[Piece]:
        """A whole address: street, city, region, postcode, in the order of its country."""
        rng, country = self.rng, self.country
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

    # Organisations

    def slot_company(self) -> list[Piece]:
        rng = self.rng
        form = rng.random()
        if form < 0.35:
            name = rng.choice(self.companies)
        elif form < 0.7:
            name = f"{rng.choice(lex.COMPANY_WORDS)} {rng.choice(self.company_kinds)}"
        elif form < 0.85:
            name = f"{self.names.pair(rng)[1]} {rng.choice(self.company_kinds)}"
        else:
            name = f"{self.names.pair(rng)[1]}, {self.names.pair(rng)[1]} and {self.names.pair(rng)[1]}"
        return [(name, "ORGANIZATION")]

    def slot_nationality(self) -> list[Piece]:
        return [(self.rng.choice(lex.NATIONALITIES), "NRP")]

    # Dates

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

    def slot_birth(self) -> list[Piece]:
        return [(self.date(1925, 2012), "DATE_OF_BIRTH")]

    def slot_date(self) -> list[Piece]:
        rng = self.rng
        form = rng.random()
        if form < 0.45:
            return [(self.date(2010, 2030), "DATE_TIME")]
        if form < 0.6:
            return [(rng.choice(lex.WEEKDAYS[:7]), "DATE_TIME")]
        if form < 0.75:
            return [(f"{rng.choice(lex.MONTHS)} {rng.randint(1, 28)}", "DATE_TIME")]
        return [
            (
                rng.choice(
                    [
                        "yesterday",
                        "today",
                        "tomorrow",
                        "last week",
                        "next Monday",
                        "this morning",
                        "two days ago",
                        "last month",
                        "next week",
                        "tonight",
                        "in 2019",
                        "last Friday",
                    ]
                ).removeprefix("in "),
                "DATE_TIME",
            )
        ]

    def slot_time(self) -> list[Piece]:
        rng = self.rng
        half = rng.choice(["am", "pm", "AM", "PM"])
        return [
            (
                rng.choice(
                    [
                        f"{rng.randint(1, 12)}:{rng.randint(0, 59):02} {half}",
                        f"{rng.randint(0, 23)}:{rng.randint(0, 59):02}",
                        f"{rng.randint(1, 12)}pm",
                        f"{rng.randint(1, 12)} o'clock",
                        "noon",
                    ]
                ),
                "DATE_TIME",
            )
        ]

    def slot_age(self) -> list[Piece]:
        age = self.rng.randint(1, 104)
        return [
            (self.rng.choice([f"{age}", f"{age} years old", f"{age}-year-old", f"{age} year old"]), "AGE")
        ]

    # Numbers that identify

    def slot_phone(self) -> list[Piece]:
        return [
            (
                self.one_of(
                    "(999) 999-9999",
                    "999-999-9999",
                    "999.999.9999",
                    "+1 999 999 9999",
                    "9999999999",
                    "+44 7999 999999",
                    "07999 999999",
                    "020 7999 9999",
                    "+49 99 9999999",
                    "0999/9999999",
                    "+33 9 99 99 99 99",
                    "06 99 99 99 99",
                    "+34 999 999 999",
                    "+39 399 999 9999",
                    "+31 6 99999999",
                    "+48 999 999 999",
                    "+91 99999 99999",
                    "99999 99999",
                    "+61 499 999 999",
                    "0499 999 999",
                    "1-800-999-9999",
                    "999 999 9999",
                    "+1-999-999-9999",
                    "999 9999",
                ),
                "PHONE_NUMBER",
            )
        ]

    def slot_phone_spoken(self) -> list[Piece]:
        rng = self.rng
        said = [
            rng.choice([_ONES[d], "oh"]) if d == 0 else _ONES[d]
            for d in (rng.randint(0, 9) for _ in range(10))
        ]
        if rng.random() < 0.3:
            i = rng.randrange(9)
            said[i : i + 2] = [f"double {said[i]}"]
        return [(" ".join(said), "PHONE_NUMBER")]

    def slot_email(self) -> list[Piece]:
        rng = self.rng
        user = self.slot_username()[0][0].strip("@")
        host = rng.choice(
            [
                "gmail.com",
                "yahoo.com",
                "hotmail.com",
                "outlook.com",
                "example.com",
                "example.org",
                "aol.com",
                "icloud.com",
                "gmx.de",
                "web.de",
                "orange.fr",
                "libero.it",
                "wp.pl",
                "btinternet.com",
                "mail.com",
            ]
        )
        form = rng.random()
        if form < 0.6:
            return [(f"{user}@{host}", "EMAIL_ADDRESS")]
        if form < 0.75:
            return [
                (
                    f"{user}@{host}".upper() if rng.random() < 0.2 else f"{user}{host.replace('.', '')}",
                    "EMAIL_ADDRESS",
                )
            ]
        if form < 0.9:
            return [(f"{user} at {host.replace('.', ' dot ')}".replace("_", " underscore "), "EMAIL_ADDRESS")]
        return [(f"{user} @ {host}", "EMAIL_ADDRESS")]

    def slot_card(self) -> list[Piece]:
        return [
            (
                self.one_of(
                    "4999 9999 9999 9999",
                    "4999999999999999",
                    "5199-9999-9999-9999",
                    "3799 999999 99999",
                    "6011 9999 9999 9999",
                    "5399999999999999",
                    "9999",
                ),
                "CREDIT_CARD",
            )
        ]

    def slot_ssn(self) -> list[Piece]:
        return [(self.one_of("999-99-9999", "999 99 9999", "999999999", "9999", "9999"), "US_SSN")]

    def slot_national_id(self) -> list[Piece]:
        return [
            (
                self.one_of(
                    "AA 99 99 99 A",
                    "AA999999A",
                    "99999999A",
                    "A9999999A",
                    "AAAAAA99A99A999A",
                    "99999999999",
                    "9 99 99 99 999 999 99",
                    "9999 9999 9999",
                    "AAAAA9999A",
                    "999 999 999",
                    "A99999999",
                    "C99A99A99",
                    "999999-9999",
                ),
                "NATIONAL_ID",
            )
        ]

    def slot_account(self) -> list[Piece]:
        return [
            (
                self.one_of(
                    "99999999",
                    "999999999",
                    "9999999999",
                    "9999 9999",
                    "AC-999999",
                    "99-9999-9999",
                    "999999999999",
                    "CUST-99999",
                    "C99999999",
                    "9999",
                    "999 A 99",
                    "99999A",
                ),
                "ACCOUNT_NUMBER",
            )
        ]

    def slot_password(self) -> list[Piece]:
        rng = self.rng
        word = rng.choice(lex.PASSWORD_WORDS)
        return [
            (
                rng.choice(
                    [
                        f"{word}{self.digits(2, 4)}",
                        f"{word.title()}{self.digits(2)}!",
                        self.pattern("aA9a99Aa"),
                        f"{word} {self.digits(3)}",
                        self.pattern("AAa-9999"),
                        f"{word}#{self.digits(2)}",
                        f"{self.names.given(rng)}{self.digits(2, 4)}",
                        f"P@ss{self.digits(3)}",
                    ]
                ),
                "PASSWORD",
            )
        ]

    def slot_pin(self) -> list[Piece]:
        return [(self.one_of("9999", "9999", "999999", "99 99", "999 999"), "PASSWORD")]

    def slot_answer(self) -> list[Piece]:
        rng = self.rng
        return [
            (
                rng.choice(
                    [
                        self.names.pair(rng)[1],
                        rng.choice(["Rex", "Bella", "Fluffy", "Max", "Luna"]),
                        self.city(),
                        rng.choice(lex.PASSWORD_WORDS),
                    ]
                ),
                "PASSWORD",
            )
        ]

    def slot_medical(self) -> list[Piece]:
        return [
            (
                self.one_of(
                    "MRN-9999999",
                    "9999999",
                    "MRN 99999999",
                    "999 999 9999",
                    "H9999999",
                    "99-99-99",
                    "PT999999",
                    "A999999999",
                ),
                "MEDICAL_ID",
            )
        ]

    def slot_plate(self) -> list[Piece]:
        return [
            (
                self.one_of(
                    "AA99 AAA",
                    "9AAA999",
                    "AAA-9999",
                    "A-AA 9999",
                    "AA-999-AA",
                    "9999 AAA",
                    "AA 99 AA 9999",
                    "1AAAA99A9AA999999",
                    "AAA 999",
                    "WAAAA99A999999999",
                ),
                "VEHICLE_ID",
            )
        ]

    def slot_order(self) -> list[Piece]:
        return [
            (
                self.one_of(
                    "#999999",
                    "ORD-99999",
                    "9999999",
                    "#A-9999",
                    "SO-2024-9999",
                    "99-99999-99999",
                    "AA9999999AA",
                    "TCK-9999",
                    "INC0099999",
                    "1Z999AA99999999999",
                    "CASE-99999",
                    "RMA 99999",
                    "AAA999",
                    "9A9AAA",
                    "PNR AAAAAA",
                    "999999",
                    "REF99999",
                    "a 9 a 9 a 9",
                ),
                "OTHER_ID",
            )
        ]

    # What is none of it

    def slot_thing(self) -> list[Piece]:
        return [(self.rng.choice(self.things), "")]

    def slot_product(self) -> list[Piece]:
        return [(self.rng.choice(self.products), "")]

    def slot_namesake(self) -> list[Piece]:
        return [(self.rng.choice(self.namesakes), "")]

    def slot_good(self) -> list[Piece]:
        return [(self.rng.choice(self.goods), "")]

    def slot_named_good(self) -> list[Piece]:
        """Goods that bear a forename or a city, as shops name them."""
        rng = self.rng
        name = self.city() if rng.random() < 0.25 else self.names.given(rng)
        return [(f"{name} {rng.choice(self.goods)}", "")]

    def slot_team(self) -> list[Piece]:
        return [(self.rng.choice(self.teams), "")]

    def slot_amount(self) -> list[Piece]:
        return [
            (
                self.one_of(
                    "$99", "$9,999", "99 USD", "€99.99", "£999", "$9.99", "99 dollars", "999 euros", "9%"
                ),
                "",
            )
        ]

    def slot_code(self) -> list[Piece]:
        return [
            (
                self.one_of(
                    "v9.99.9",
                    "error 999",
                    "0x9999AAAA",
                    "ERR-9999",
                    "AAA-999",
                    "build 99999",
                    "HTTP 500",
                    "E99",
                    "v9.9",
                    "SKU 99-AA-99",
                    "9.9.99",
                    "model AA-9999",
                    "part 99999-AA",
                    "KB999999",
                ),
                "",
            )
        ]

    def slot_number(self) -> list[Piece]:
        return [(self.digits(1, 3), "")]

    # Texts

    def fill(self, template: str) -> list[Piece]:
        pieces: list[Piece] = []
        end = 0
        for match in _SLOT.finditer(template):
            pieces.append((template[end : match.start()], ""))
            pieces += self.slots[match.group(1)]()
            end = match.end()
        pieces.append((template[end:], ""))
        return pieces

    def text(self) -> list[Piece]:
        """One text: a chat turn, a ticket of several sentences, a form, a transcript, or a mixture."""
        rng = self.rng
        self.country = rng.choices(list(lex.STREETS), weights=[6, 3, 1.5, 1.5, 3, 1.5, 1.5, 1.5, 1, 1, 1])[0]
        if rng.random() < self.share:
            templates, gap, lower = self.scenes.templates()
            pieces = self.several(templates, gap)
            return [(text.lower(), label) for text, label in pieces] if lower else pieces
        self.scenes.cast.new()
        kind = rng.random()
        if kind < 0.22:
            return self.fill(rng.choice(CHAT))
        if kind < 0.40:
            return self.fill(rng.choice(PROSE))
        if kind < 0.48:
            return self.several(
                rng.choices([*CHAT, *PROSE, *NEGATIVE], k=rng.randint(2, 6)), rng.choice([" ", " ", "\n"])
            )
        if kind < 0.60:
            fields = rng.sample(FORMS, rng.randint(2, 7))
            return self.several(fields, rng.choice(["\n", "\n", ", ", "; ", " "]))
        if kind < 0.69:
            return self.fill(rng.choice(SPEECH))
        if kind < 0.77:
            body = [*rng.choices([*PROSE, *NEGATIVE], k=rng.randint(1, 4)), rng.choice(SIGNATURES)]
            return self.several(body, "\n" if rng.random() < 0.7 else " ")
        if kind < 0.84:
            return self.several(rng.choices(NEGATIVE, k=rng.randint(1, 3)), " ")
        if kind < 0.92:
            return self.several(
                rng.choices(PRODUCT_TEXTS, k=rng.choice([1, 1, 2, 3])), rng.choice([" ", "\n"])
            )
        language = rng.choice(list(BY_LANGUAGE))
        self.country = language
        return self.several(rng.choices(BY_LANGUAGE[language], k=rng.randint(1, 3)), rng.choice([" ", "\n"]))

    def several(self, templates: list[str], gap: str) -> list[Piece]:
        pieces: list[Piece] = []
        for template in templates:
            pieces += [*([(gap, "")] if pieces else []), *self.fill(template)]
        return pieces


def records(gazetteers: Path, count: int, seed: int, share: float = SCENES) -> Iterator[dict[str, Any]]:
    """`count` records in the corpus's own form, exhaustive on every label of the tagger."""
    grammar = Grammar(gazetteers, random.Random(seed), share)
    for number in range(count):
        text = ""
        spans: list[dict[str, Any]] = []
        for piece, label in grammar.text():
            if label and piece.strip():
                lead = len(piece) - len(piece.lstrip())
                start = len(text) + lead
                if (
                    label == "PERSON"
                    and spans
                    and spans[-1]["label"] == label
                    and text[spans[-1]["end"] :] == " "
                ):
                    spans[-1]["end"] = start + len(piece.strip())  # a forename and its surname are one person
                    text += piece
                    continue
                spans.append({"start": start, "end": start + len(piece.strip()), "label": label})
            text += piece
        yield {
            "id": f"synthetic-{number}",
            "set": "synthetic",
            "lang": "mixed",
            "text": text,
            "spans": spans,
            "exhaustive": list(LABELS),
        }
