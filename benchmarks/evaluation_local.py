"""Synthetic values of the evaluation set, as written in each of the eight languages."""

# ruff: noqa: E501, RUF001  # tables, one a line; typographic characters
from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from benchmarks.disguises import DIGIT_WORDS
from benchmarks.evaluation_national import checked, formed, plain
from benchmarks.evaluation_values import VALUES, digits
from shield.analyzer.recognizers import vat_checks

Random = random.Random
Draw = Callable[[Random], str]

_NAMES: Final = {
    "de": ("Anna Lukas Sabine Jürgen Heike Matthias Aylin Uwe", "Schneider Hoffmann Wagner Krüger Yıldız Neumann Vogel Brandt"),
    "fr": ("Camille Thierry Élodie Mathieu Fatou Hélène Bastien Yasmine", "Lefèvre Girard Diallo Rousseau Benali Mercier Faure Lambert"),
    "es": ("Carmen Álvaro Lucía Joaquín Rocío Iker Nuria Gonzalo", "Gutiérrez Navarro Iglesias Ortega Domínguez Ibáñez Cano Prieto"),
    "it": ("Giulia Lorenzo Chiara Matteo Federica Salvatore Elena Davide", "Ricci Conti Esposito Marchetti Gallo Ferrara Lombardi Villa"),
    "nl": ("Sanne Daan Femke Bram Lotte Ruben Anouk Thijs", "Bakker Visser Meijer Hendriks Mulder Dekker Brouwer Kuipers"),
    "pt": ("João Beatriz Tiago Mariana Rui Inês Gonçalo Letícia", "Ferreira Carvalho Teixeira Moreira Azevedo Barbosa Nogueira Pinto"),
    "pl": ("Agnieszka Marcin Małgorzata Paweł Ewa Krzysztof Zofia Łukasz", "Wiśniewska Kamiński Zieliński Szymańska Woźniak Dąbrowski Kaczmarek Mazur"),
}  # fmt: skip
_PHONES: Final = {
    "de": ("+49 30 23125 ###", "030 23125 ###", "0171 39200##"),
    "fr": ("+33 1 99 00 ## ##", "01 99 00 ## ##", "06 39 98 ## ##"),
    "es": ("+34 91 123 4# ##", "912 34 5# ##", "+34 612 34 5# ##"),
    "it": ("+39 06 1234 5###", "+39 347 123 4###"),
    "nl": ("+31 20 123 4###", "+31 6 1234 5###"),
    "pt": ("+351 21 123 4###", "+351 912 345 ###"),
    "pl": ("+48 22 123 4# ##", "+48 601 234 5##"),
}
_IBANS: Final = {
    "de": "DE##################", "fr": "FR#########################", "es": "ES######################", "it": "IT@######################",
    "nl": "NL ABNA##########", "pt": "PT#####################", "pl": "PL########################",
}  # fmt: skip
_STREETS: Final = {
    "de": ("Hauptstraße {}", "Lindenallee {}, 10115 Berlin", "Am Markt {}, 50667 Köln", "Goethestr. {}a"),
    "fr": (
        "{} rue de la Paix, 75002 Paris",
        "{} bis avenue Victor Hugo",
        "{}, boulevard Voltaire, 69003 Lyon",
    ),
    "es": ("Calle Mayor {}, 3º B", "C/ Santa Engracia, {}", "Avda. de América, {}, 28002 Madrid"),
    "it": ("Via Roma {}", "Piazza Garibaldi {}, 20121 Milano", "Corso Italia {}, 00198 Roma"),
    "nl": ("Kerkstraat {}", "Prinsengracht {}, 1015 DZ Amsterdam", "Stationsweg {}, 3511 ED Utrecht"),
    "pt": ("Rua Augusta {}, 1100-053 Lisboa", "Avenida da Liberdade {}", "Rua das Flores, {}"),
    "pl": ("ul. Długa {}/3", "ul. Marszałkowska {}, 00-590 Warszawa", "al. Jerozolimskich {}"),
}
_POSTCODES: Final = {
    "de": ("10115", "80331", "5####"), "fr": ("75002", "69003", "1####"), "es": ("28013", "41001", "08###"), "it": ("00184", "20121", "5####"),
    "nl": ("1017 GC", "3511 ED", "9712 HM"), "pt": ("1100-053", "4000-###"), "pl": ("00-950", "31-###"),
}  # fmt: skip
_PLACES: Final = {
    "de": "Hamburg Leipzig Stuttgart", "fr": "Marseille Toulouse Nantes", "es": "Sevilla Zaragoza Bilbao", "it": "Bologna Palermo Torino",
    "nl": "Rotterdam Eindhoven Groningen", "pt": "Porto Braga Coimbra", "pl": "Kraków Wrocław Gdańsk",
}  # fmt: skip
_MONTHS: Final = {
    "de": "Januar März Mai August Oktober", "fr": "janvier mars mai août octobre", "es": "enero marzo mayo agosto octubre",
    "it": "gennaio marzo maggio agosto ottobre", "nl": "januari maart mei augustus oktober", "pt": "janeiro março maio agosto outubro",
    "pl": "stycznia marca maja sierpnia października",
}  # fmt: skip
_SECRETS: Final = {
    "de": ("sonniger garten dienstag", "blauer tiger mond", "kaffee tasse regen"),
    "fr": ("jardin soleil mardi", "chat bleu lune", "pluie douce violon"),
    "es": ("jardín soleado martes", "gato azul luna", "lluvia suave violín"),
    "it": ("giardino sole martedì", "gatto blu luna", "pioggia dolce violino"),
    "nl": ("zonnige tuin dinsdag", "blauwe kat maan", "zachte regen viool"),
    "pt": ("jardim sol terça", "gato azul lua", "chuva doce violino"),
    "pl": ("ogród słońce wtorek", "niebieski kot księżyc", "cichy deszcz skrzypce"),
}
_PASSPORTS: Final = {"de": "C01X##T4#", "fr": "12AB#####", "es": "PAA######", "it": "YA#######", "nl": "NPH5K####", "pt": "FB######", "pl": "ZS#######"}  # fmt: skip
_LICENSES: Final = {
    "de": "B072RR#2I5#", "fr": "13AA#####", "es": "########Z", "it": "U1L######X", "nl": "51########", "pt": "L-####### #", "pl": "#####/15/####",
}  # fmt: skip
_INSURED: Final = {
    "de": "A#########", "fr": "########", "es": "88-#######", "it": "77-#######", "nl": "98######", "pt": "98-######", "pl": "12########",
}  # fmt: skip
_PLATES: Final = {
    "de": "B-MW ####", "fr": "AB-###-CD", "es": "#### BCD", "it": "AB ###CD", "nl": "12-ABC-#", "pt": "AA-##-BB", "pl": "WA #####",
}  # fmt: skip
_VAT: Final = {
    "de": ("DE#########", "DE"), "fr": ("FR###########", "FR"), "es": ("ESB########", "ES"), "it": ("IT###########", "IT"),
    "nl": ("NL#########B01", "NL"), "pt": ("PT5########", "PT"), "pl": ("PL##########", "PL"),
}  # fmt: skip
_CONDITIONS: Final = {
    "de": "Bluthochdruck Epilepsie Osteoporose", "fr": "diabète infarctus", "es": "asma epilepsia diabetes", "it": "diabete epilessia",
    "nl": "diabetes epilepsie", "pt": "diabetes epilepsia", "pl": "cukrzyca padaczka",
}  # fmt: skip
_MEDICINES: Final = {
    "de": "Metformin Insulin Ibuprofen", "fr": "insuline metformine ibuprofène", "es": "metformina insulina ibuprofeno", "it": "metformina insulina ibuprofene",
    "nl": "metformine insuline ibuprofen", "pt": "metformina insulina ibuprofeno", "pl": "metformina insulina ibuprofen",
}  # fmt: skip


def _iban(form: str) -> Draw:
    country = form[:2]

    def draw(r: Random) -> str:
        body = formed(r, form[2:].strip())
        moved = body + country + "00"
        check = 98 - int("".join(str(int(c, 36)) for c in moved)) % 97
        whole = f"{country}{check:02d}{body}"
        return r.choice([whole, " ".join(whole[i : i + 4] for i in range(0, len(whole), 4))])

    return draw


def _vat(form: str, letters: str) -> Draw:
    scheme = next(scheme for scheme in vat_checks.SCHEMES if scheme.letters == letters)
    return checked(form, holds=lambda number: scheme.holds(number[len(letters) :]))


def _birth(months: str) -> Draw:
    def draw(r: Random) -> str:
        day, year = r.randint(1, 28), r.randint(1938, 2004)
        return r.choice(
            [f"{day:02d}.{r.randint(1, 12):02d}.{year}", f"{day:02d}/{r.randint(1, 12):02d}/{year}", f"{day} {r.choice(months.split())} {year}"]
        )  # fmt: skip

    return draw


def _chosen(values: tuple[str, ...]) -> Draw:
    return lambda r: r.choice(values)


def _of(language: str) -> Mapping[str, Draw]:
    firsts, lasts = (table.split() for table in _NAMES[language])
    words = DIGIT_WORDS[language].split()
    forms = {
        "PHONE_NUMBER": _PHONES[language],
        "POSTCODE": _POSTCODES[language],
        "TRAVEL_DOCUMENT": (_PASSPORTS[language],),
        "DRIVER_LICENSE": (_LICENSES[language],),
        "INSURANCE_NUMBER": (_INSURED[language],),
        "LICENSE_PLATE": (_PLATES[language],),
    }
    choices = {
        "LOCATION": tuple(_PLACES[language].split()),
        "PHRASE": _SECRETS[language],
        "SECURITY_ANSWER": tuple(lasts),
        "HEALTH_CONDITION": tuple(_CONDITIONS[language].split()),
        "MEDICATION": tuple(_MEDICINES[language].split()),
    }
    local: dict[str, Draw] = {
        **{slot: plain(*given) for slot, given in forms.items()},
        **{slot: _chosen(given) for slot, given in choices.items()},
        "PERSON": lambda r: f"{r.choice(firsts)} {r.choice(lasts)}",
        "IBAN_CODE": _iban(_IBANS[language]),
        "STREET_ADDRESS": lambda r: r.choice(_STREETS[language]).format(r.randint(2, 180)),
        "DATE_OF_BIRTH": _birth(_MONTHS[language]),
        "SPOKEN_PIN": lambda r: " ".join(words[int(c)] for c in digits(r, 4)),
        "VAT_NUMBER": _vat(*_VAT[language]),
    }
    return MappingProxyType(VALUES | local)


LOCAL: Final = MappingProxyType({language: _of(language) for language in _NAMES})
"""Language -> slot -> how its value is drawn; English uses `evaluation_values.VALUES`."""
