"""Synthetic values for the evaluation set: from reserved ranges, with computed checksums."""

# ruff: noqa: E501, SIM905  # patterns and tables, one a line; tables of words read best as prose
from __future__ import annotations

import random
import string
import uuid
from collections.abc import Callable

from shield.analyzer.recognizers.keccak import keccak_256
from shield.analyzer.recognizers.vehicle import is_vin

FIRST = (
    "Maria Ana John Wei Fatima Olga Sven Giulia Priya Kofi Aiko Mehmet Chloe Liam Noor Tomasz Ingrid Pedro Yara Nguyen Sean Amara "
    "Dmitri Leila Hugo Zofia Emre Lucia Rahul Mina Jean-Luc Björn Siobhan Aaliyah Mateo Hana Oluwaseun Katarzyna Émile José"
).split()
LAST = (
    "Garcia O'Neill Schmidt Rossi Dupont Kowalska Nakamura Okafor Yilmaz Van-Dyk Petrov Haddad Singh Larsen Costa Moreau Weber Nowak "
    "Fernandez Chen Kim Abdi Murphy Johansson Bianchi Pereira Novak Suzuki Mensah Kaya Castillo Baker Fischer Lindqvist Rahman Vasquez"
).split()
STREETS = "Main Oak Maple Cedar Elm Washington Lake Hillcrest Harbor Sunset Jefferson Willow Franklin Chestnut Prospect".split()
WAYS = "Street Avenue Road Lane Drive Boulevard Court Terrace St Ave Rd Dr Ln Blvd".split()
CITIES = [
    ("Springfield", "IL", "62704"), ("Boston", "MA", "02110"), ("Austin", "TX", "78701"), ("Newark", "CA", "94560"),
    ("Albany", "NY", "12207"), ("Portland", "OR", "97205"), ("Miami", "FL", "33130"), ("Denver", "CO", "80202"),
]  # fmt: skip
MONTHS = "January February March April May June July August September October November December".split()
Random = random.Random


def digits(r: Random, count: int) -> str:
    return "".join(r.choices(string.digits, k=count))


def letters(r: Random, count: int) -> str:
    return "".join(r.choices(string.ascii_uppercase, k=count))


def person(r: Random) -> str:
    first, last = r.choice(FIRST), r.choice(LAST)
    return r.choice(
        [f"{first} {last}", f"{first} {last}", first, f"{first} {letters(r, 1)}. {last}", f"{last}, {first}"]
    )


def phone(r: Random) -> str:
    line = f"01{digits(r, 2)}"
    return r.choice(
        [
            f"415-555-{line}", f"(212) 555-{line}", f"+1 617 555 {line}", f"020 7946 0{digits(r, 3)}", f"+44 20 7946 0{digits(r, 3)}",
            f"+49 30 23125 {digits(r, 3)}", f"+33 1 99 00 {digits(r, 2)} {digits(r, 2)}", f"303.555.{line}",
        ]
    )  # fmt: skip


def email(r: Random) -> str:
    first, last = r.choice(FIRST).lower(), r.choice(LAST).lower().replace("'", "")
    name = r.choice([f"{first}.{last}", f"{first[0]}{last}", f"{last}{digits(r, 2)}", f"{first}+news"])
    plain = name.encode("ascii", "ignore").decode()
    return f"{plain}@{r.choice(['example.com', 'example.org', 'mail.example.net'])}"


def luhn_digit(body: str) -> str:
    total = sum(
        d - 9 if d > 9 else d
        for d in (int(c) * (2 if i % 2 == 0 else 1) for i, c in enumerate(reversed(body)))
    )
    return str(-total % 10)


def card(r: Random) -> str:
    number = r.choice(
        ["4111111111111111", "5555555555554444", "378282246310005", "6011111111111117", "4242424242424242"]
    )
    if len(number) == 15:
        return r.choice([number, f"{number[:4]} {number[4:10]} {number[10:]}"])
    joint = r.choice(["", " ", "-"])
    return joint.join(number[i : i + 4] for i in range(0, 16, 4))


def iban(r: Random) -> str:
    country, body = r.choice(
        [
            ("DE", digits(r, 18)),
            ("ES", digits(r, 20)),
            ("NL", "ABNA" + digits(r, 10)),
            ("GB", "WEST" + digits(r, 14)),
        ]
    )
    moved = body + country + "00"
    check = 98 - int("".join(str(int(c, 36)) for c in moved)) % 97
    whole = f"{country}{check:02d}{body}"
    return r.choice([whole, " ".join(whole[i : i + 4] for i in range(0, len(whole), 4))])


def nhs(r: Random) -> str:
    while True:
        body = r.choice("49") + digits(r, 8)
        check = 11 - sum(int(c) * (10 - i) for i, c in enumerate(body)) % 11
        if check != 10:
            number = body + str(check % 11)
            return f"{number[:3]} {number[3:6]} {number[6:]}"


def dea(r: Random) -> str:
    body = digits(r, 6)
    check = (sum(map(int, body[::2])) + 2 * sum(map(int, body[1::2]))) % 10
    return f"A{letters(r, 1)}{body}{check}"


def ethereum(r: Random) -> str:
    body = "".join(r.choices("0123456789abcdef", k=40))
    digest = keccak_256(body.encode()).hex()
    return "0x" + "".join(
        c.upper() if c.isalpha() and int(digest[i], 16) > 7 else c for i, c in enumerate(body)
    )


def crypto(r: Random) -> str:
    fixed = ["1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"]
    return r.choice([*fixed, ethereum(r), ethereum(r)])


def imei(r: Random) -> str:
    body = "35" + digits(r, 12)
    return body + luhn_digit(body)


def vin(r: Random) -> str:
    alphabet = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
    while True:
        value = "1HG" + "".join(r.choices(alphabet, k=14))
        for check in "0123456789X":
            candidate = value[:8] + check + value[9:]
            if is_vin(candidate) and sum(map(str.isalpha, candidate)) < 14:
                return candidate


def birth(r: Random) -> str:
    day, month, year = r.randint(1, 28), r.randint(1, 12), r.randint(1932, 2005)
    name = MONTHS[month - 1]
    return r.choice(
        [
            f"{month:02d}/{day:02d}/{year}",
            f"{year}-{month:02d}-{day:02d}",
            f"{day} {name} {year}",
            f"{name} {day}, {year}",
            f"{day:02d}.{month:02d}.{year}",
            f"{day}th of {name} {year}",
        ]
    )


def street(r: Random) -> str:
    city, state, code = r.choice(CITIES)
    number = r.randint(1, 9999)
    us = f"{number} {r.choice(STREETS)} {r.choice(WAYS)}"
    return r.choice(
        [
            us,
            f"{us}, {city}, {state} {code}",
            f"{us}, Apt {r.randint(1, 40)}",
            f"{number} {r.choice('NSEW')} {r.choice(STREETS)} {r.choice(WAYS)}, {city} {state} {code}",
        ]
    )


def street_in_chat(r: Random) -> str:
    return street(r).lower().replace(",", "")


def street_abroad(r: Random) -> str:
    n = r.randint(1, 180)
    return r.choice(
        [
            f"{n} High Street, Leeds LS1 4DY", f"Hauptstraße {n}", f"Lindenallee {n}, 10115 Berlin", f"{n} rue de la Paix, 75002 Paris",
            f"{n} avenue Victor Hugo", f"Calle Mayor {n}", f"C/ Santa Engracia, {n}", f"Via Roma {n}, 00184 Roma", f"Piazza Garibaldi {n}",
            f"Kerkstraat {n}", f"Prinsengracht {n}", f"ul. Długa {n}/3", f"{n} George Street, Sydney NSW 2000", f"{n} Gandhi Nagar",
            f"{n} rue Sherbrooke, Montréal QC H2X 1K4",
        ]
    )  # fmt: skip


def token(r: Random) -> str:
    mixed = string.ascii_letters + string.digits
    return r.choice(
        [
            "AKIA" + "".join(r.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=16)),
            "ghp_" + "".join(r.choices(mixed, k=36)),
            "xoxb-" + digits(r, 12) + "-" + "".join(r.choices(mixed, k=24)),
            "sk_test_" + "".join(r.choices(mixed, k=24)),
            "eyJhbGciOiJIUzI1NiJ9.eyJ"
            + "".join(r.choices(mixed, k=40))
            + "."
            + "".join(r.choices(mixed, k=43)),
        ]
    )


def password(r: Random) -> str:
    word = r.choice("tiger Sunset blue Winter monkey Harbor coffee Dragon".split())
    return r.choice(
        [
            f"{word}{digits(r, 3)}",
            f"{word}!{digits(r, 2)}",
            f"{letters(r, 1)}{word}_{digits(r, 4)}",
            digits(r, 6),
        ]
    )


def coordinates(r: Random) -> str:
    return f"{r.uniform(-60, 60):.5f}, {r.uniform(-170, 170):.5f}"


def bsn(r: Random) -> str:
    while True:
        body = r.choice("12") + digits(r, 7)
        check = sum(int(c) * (9 - i) for i, c in enumerate(body)) % 11
        if check < 10:
            return body + str(check)


def nir(r: Random) -> str:
    body = f"{r.choice('12')}{r.randint(40, 99)}{r.randint(1, 12):02d}{r.randint(1, 95):02d}{digits(r, 6)}"
    return f"{body}{97 - int(body) % 97:02d}"


def mrz(r: Random) -> str:
    """The machine-readable zone of a passport of Utopia (ICAO Doc 9303, TD3), with valid check digits."""

    def check(field: str) -> str:
        figures = (0 if c == "<" else int(c, 36) for c in field)
        return str(sum(figure * (7, 3, 1)[place % 3] for place, figure in enumerate(figures)) % 10)

    name = f"{r.choice(['ERIKSSON', 'SPECIMEN', 'MUSTERMANN'])}<<{r.choice(['ANNA', 'ERIKA', 'JAN'])}"
    number = f"{letters(r, 1)}{digits(r, 8)}"
    born = f"{r.randint(40, 99)}{r.randint(1, 12):02d}{r.randint(1, 28):02d}"
    ends = f"{r.randint(27, 35)}{r.randint(1, 12):02d}{r.randint(1, 28):02d}"
    first = f"P<UTO{name}".ljust(44, "<")
    body = f"{number}{check(number)}UTO{born}{check(born)}{r.choice('FM')}{ends}{check(ends)}" + "<" * 14
    whole = body[:10] + body[13:20] + body[21:43]
    return f"{first}\n{body}{check('<' * 14)}{check(whole + check('<' * 14))}"


_FIGURES = "zero one two three four five six seven eight nine".split()
VALUES: dict[str, Callable[[Random], str]] = {
    "PERSON": person,
    "PHONE_NUMBER": phone,
    "EMAIL_ADDRESS": email,
    "CREDIT_CARD": card,
    "CARD_EXPIRY": lambda r: f"{r.randint(1, 12):02d}/{r.choice(['', '20'])}{r.randint(27, 33)}",
    "CARD_CVV": lambda r: digits(r, 3),
    "IBAN_CODE": iban,
    "ACCOUNT_NUMBER": lambda r: r.choice(
        [digits(r, 8), digits(r, 10), f"{digits(r, 4)} {digits(r, 4)} {digits(r, 4)}"]
    ),
    "CUSTOMER_ID": lambda r: r.choice([digits(r, 6), f"C-{digits(r, 6)}", f"MB{digits(r, 5)}"]),
    "MEDICAL_RECORD_NUMBER": lambda r: r.choice([digits(r, 8), f"H{digits(r, 7)}"]),
    "US_SSN": lambda r: f"536-22-{r.randint(1000, 9999)}",
    "LAST_FOUR": lambda r: digits(r, 4),
    "US_ITIN": lambda r: f"9{digits(r, 2)}-7{r.randint(0, 9)}-{digits(r, 4)}",
    "US_PASSPORT": lambda r: r.choice([digits(r, 9), f"{letters(r, 1)}{digits(r, 8)}"]),
    "US_DRIVER_LICENSE": lambda r: f"{letters(r, 1)}{digits(r, 7)}",
    "US_BANK_NUMBER": lambda r: digits(r, 12),
    "UK_NHS": nhs,
    "MEDICAL_LICENSE": dea,
    "IP_ADDRESS": lambda r: r.choice(
        [
            f"203.0.113.{r.randint(1, 254)}",
            f"198.51.100.{r.randint(1, 254)}",
            f"2001:db8::{r.randint(1, 9999):x}",
        ]
    ),
    "MAC_ADDRESS": lambda r: ":".join(f"{r.randint(0, 255):02X}" for _ in range(6)),
    "URL": lambda r: f"https://www.example.com/{r.choice(['help', 'account', 'orders'])}?ref={digits(r, 4)}",
    "UUID": lambda r: str(uuid.UUID(int=r.getrandbits(128), version=4)),
    "CRYPTO": crypto,
    "DATE_OF_BIRTH": birth,
    "DATE_TIME": lambda r: f"{r.randint(1, 28)} {r.choice(MONTHS)} 2024",
    "AGE": lambda r: f"{r.randint(90, 104)}",
    "STREET_ADDRESS": street,
    "STREET_IN_CHAT": street_in_chat,
    "STREET_ABROAD": street_abroad,
    "POSTCODE": lambda r: r.choice([digits(r, 5), "SW1A 1AA", "M1 1AE", "K1A 0B1", "EC1A 1BB"]),
    "LOCATION": lambda r: r.choice(
        [city for city, _, _ in CITIES] + ["Berlin", "Madrid", "Lyon", "Chennai", "Leeds"]
    ),
    "COORDINATES": coordinates,
    "PASSWORD": password,
    "PIN": lambda r: digits(r, 4),
    "ONE_TIME_CODE": lambda r: digits(r, 6),
    "SECURITY_ANSWER": lambda r: r.choice(
        "Sanders Fluffy Wong Nemo Bluebird Charlie Miller Rex Lincoln".split()
    ),
    "SECRET_KEY": token,
    "USERNAME": lambda r: (
        f"{r.choice(FIRST).lower().encode('ascii', 'ignore').decode().replace('-', '')}_{digits(r, 2)}"
    ),
    "DEVICE_ID": imei,
    "VEHICLE_ID": vin,
    "LICENSE_PLATE": lambda r: r.choice(
        [f"{digits(r, 1)}{letters(r, 3)}{digits(r, 3)}", f"{letters(r, 2)}{digits(r, 2)} {letters(r, 3)}"]
    ),
    "MRZ": mrz,
    "TRAVEL_DOCUMENT": lambda r: r.choice([f"AB{digits(r, 6)}", f"J{digits(r, 7)}", f"C01X{digits(r, 5)}"]),
    "DRIVER_LICENSE": lambda r: r.choice(
        [f"D{digits(r, 7)}", f"MORGA6{digits(r, 5)}SM9IJ", f"F255-{digits(r, 4)}-{digits(r, 4)}"]
    ),
    "INSURANCE_NUMBER": lambda r: r.choice(
        [f"XYZ{digits(r, 9)}", f"POL-{digits(r, 5)}-{digits(r, 2)}", digits(r, 9)]
    ),
    "VAT_NUMBER": lambda r: r.choice(["GB 729 0140 54", "IE6388047V", "ATU13585627", "DE136695976"]),
    "HEALTH_CONDITION": lambda r: r.choice("asthma;diabetes;epilepsy;migraine;multiple sclerosis".split(";")),
    "MEDICATION": lambda r: r.choice("metformin insulin ibuprofen sertraline".split()),
    "PHRASE": lambda r: r.choice(
        "sunny garden tuesday;blue tiger moon;happy little clouds;rainy window coffee".split(";")
    ),
    "PHRASE_ANSWER": lambda r: r.choice("blue bicycle;purple rain;old oak tree".split(";")),
    "SPOKEN_PIN": lambda r: " ".join(_FIGURES[int(c)] for c in digits(r, 4)),
    "SPOKEN_LAST_FOUR": lambda r: " ".join(_FIGURES[int(c)] for c in digits(r, 4)),
    "PHONE_BARE": lambda r: f"41555501{digits(r, 2)}",
    "SERIAL": lambda r: f"C02{letters(r, 2)}{digits(r, 2)}{letters(r, 3)}{digits(r, 2)}",
    "NATIONAL_ID": nir,
    "BSN": bsn,
    "NRP": lambda r: r.choice("Canadian Muslim German Catholic Brazilian Jewish Polish".split()),
    "ORGANIZATION": lambda r: r.choice(
        ["Example Holding", "Northwind Traders", "Contoso Ltd", "Fabrikam Inc"]
    ),
}
"""Template slot -> how its value is drawn; a slot that is no entity type is a form of one (`FORMS`)."""

FORMS = {
    "LAST_FOUR": "US_SSN",
    "STREET_IN_CHAT": "STREET_ADDRESS",
    "STREET_ABROAD": "STREET_ADDRESS",
    "BSN": "NATIONAL_ID",
    "MRZ": "TRAVEL_DOCUMENT",
    "PHRASE": "PASSWORD",
    "PHRASE_ANSWER": "SECURITY_ANSWER",
    "SPOKEN_PIN": "PIN",
    "SPOKEN_LAST_FOUR": "US_SSN",
    "PHONE_BARE": "PHONE_NUMBER",
    "SERIAL": "DEVICE_ID",
}
