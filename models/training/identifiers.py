"""Fills slots with numbers, codes and secrets, personal ones and others."""

# ruff: noqa: SIM905 (lists of words)

from __future__ import annotations

from typing import Final

from models.training import lexicon as lex
from models.training.addresses import Addresses
from models.training.draws import Draws, Piece, Slots
from models.training.people import People

_ONES: Final = "zero one two three four five six seven eight nine".split()


class Identifiers:
    """Fills slots of numbers, codes and secrets. Every random choice comes from the draws."""

    def __init__(self, people: People, addresses: Addresses, draws: Draws) -> None:
        self.people, self.addresses, self.draws, self.rng = people, addresses, draws, draws.rng
        self.slots: Slots = {name[5:]: getattr(self, name) for name in dir(self) if name.startswith("slot_")}

    def slot_age(self) -> list[Piece]:
        age = self.rng.randint(1, 104)
        return [
            (self.rng.choice([f"{age}", f"{age} years old", f"{age}-year-old", f"{age} year old"]), "AGE")
        ]

    def slot_phone(self) -> list[Piece]:
        return [
            (
                self.draws.one_of(
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
        user = self.people.slot_username()[0][0].strip("@")
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
                self.draws.one_of(
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
        return [(self.draws.one_of("999-99-9999", "999 99 9999", "999999999", "9999", "9999"), "US_SSN")]

    def slot_national_id(self) -> list[Piece]:
        return [
            (
                self.draws.one_of(
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
                self.draws.one_of(
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
                        f"{word}{self.draws.digits(2, 4)}",
                        f"{word.title()}{self.draws.digits(2)}!",
                        self.draws.pattern("aA9a99Aa"),
                        f"{word} {self.draws.digits(3)}",
                        self.draws.pattern("AAa-9999"),
                        f"{word}#{self.draws.digits(2)}",
                        f"{self.people.names.given(rng)}{self.draws.digits(2, 4)}",
                        f"P@ss{self.draws.digits(3)}",
                    ]
                ),
                "PASSWORD",
            )
        ]

    def slot_pin(self) -> list[Piece]:
        return [(self.draws.one_of("9999", "9999", "999999", "99 99", "999 999"), "PASSWORD")]

    def slot_answer(self) -> list[Piece]:
        rng = self.rng
        return [
            (
                rng.choice(
                    [
                        self.people.names.pair(rng)[1],
                        rng.choice(["Rex", "Bella", "Fluffy", "Max", "Luna"]),
                        self.addresses.city(),
                        rng.choice(lex.PASSWORD_WORDS),
                    ]
                ),
                "PASSWORD",
            )
        ]

    def slot_medical(self) -> list[Piece]:
        return [
            (
                self.draws.one_of(
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
                self.draws.one_of(
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
                self.draws.one_of(
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

    def slot_amount(self) -> list[Piece]:
        return [
            (
                self.draws.one_of(
                    "$99", "$9,999", "99 USD", "€99.99", "£999", "$9.99", "99 dollars", "999 euros", "9%"
                ),
                "",
            )
        ]

    def slot_code(self) -> list[Piece]:
        return [
            (
                self.draws.one_of(
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
        return [(self.draws.digits(1, 3), "")]
