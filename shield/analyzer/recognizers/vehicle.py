"""Finds vehicle identification numbers by their check digit, and licence plates by a label."""

# ruff: noqa: ARG002, E501, PLR2004, RUF001  # an interface; patterns and tables, one a line
from __future__ import annotations

from shield.analyzer.recognizers.labelled import (
    LABEL_START,
    Match,
    Sort,
    ValuePattern,
    ValuePatternRecognizer,
    labelled,
)

_VALUES = dict(
    zip(
        "0123456789ABCDEFGHJKLMNPRSTUVWXYZ",
        [*range(10), *range(1, 9), *range(1, 6), 7, 9, *range(2, 10)],
        strict=True,
    )
)
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_CHECK = 8  # index of the check digit
_SERIAL = 13  # index from which the characters are digits
_GROUPED = Sort("label and groups", 0.6)
_MAKERS = (
    "alfa|audi|bmw|citro[eë]n|cupra|dacia|fiat|ford|honda|hyundai|iveco|jeep|kia|lancia|mazda|mercedes|mini|nissan|opel|peugeot|porsche|renault|"
    "seat|[sš]koda|skoda|smart|suzuki|tesla|toyota|vauxhall|volkswagen|volvo|vw"
)
_CARS = r"(?:car|vehicle|van|truck|lorry|trailer|motorbike|auto|voiture)"
_LEAST_DIGITS = 4  # of a VIN behind its label; makers number their vehicles with the last of them


class VinRecognizer(ValuePatternRecognizer):
    """ISO 3779; the check digit of 49 CFR 565.15, which European makers need not use."""

    ENTITY = "VEHICLE_ID"
    PATTERNS = (
        ValuePattern("VIN", r"(?<![\w-])[A-HJ-NPR-Z0-9]{17}(?![\w-])", 0.4),
        ValuePattern(
            "label and groups",
            labelled(
                r"vin(?:\s?(?:number|no|#))?|chassis(?:\s(?:number|no))?|fahrgestellnummer|fin",
                r"[A-HJ-NPR-Z0-9](?:[ \-]?[A-HJ-NPR-Z0-9]){16}",
                after=r"(?![\w\-])",
            ),
            _GROUPED,
            r"vin|chassis|fahrgestell|fin",
        ),
    )
    CONTEXT = (
        "vin",
        "vehicle",
        "chassis",
        "fahrgestellnummer",
        "fin",
        "bastidor",
        "telaio",
        "fahrzeug",
        "car",
    )

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        letters = sum(map(str.isalpha, value))
        if not 2 <= letters <= 14 or not value.isascii():  # a word, or a number
            return 0.0
        plain = value.upper().replace(" ", "").replace("-", "")
        if is_vin(plain):
            return 0.95
        return sort.score if sort == _GROUPED and sum(map(str.isdigit, value)) >= _LEAST_DIGITS else 0.3


def is_vin(value: str) -> bool:
    """Whether the check digit is right, and the last four characters are digits (ISO 3779, 4.4)."""
    if not value[_SERIAL:].isdigit():
        return False
    total = sum(_VALUES[character] * weight for character, weight in zip(value, _WEIGHTS, strict=True))
    return value[_CHECK] == "0123456789X"[total % 11]


_LABEL = (
    r"(?:licen[sc]e|number|registration|vehicle|car)\s(?:plates?|registration)(?:\s(?:number|no|num))?|number\splate|"
    r"(?:vehicle|car)\sreg(?:istration)?(?:\s(?:number|no))?|veh(?:icle)?\.?\s(?:no|number|num|reg)\.?|regn\.?(?:\s(?:no|number))?\.?|plate(?:s)?(?:\s(?:number|no))?|reg\.?\s(?:number|no|plate)|"
    r"kennzeichen|nummernschild|matrícula|matricula|plaque d['’]immatriculation|immatriculation|targa|kenteken|numer rejestracyjny|tablica rejestracyjna|"
    r"nr\.?\srej(?:estracyjny|\.)?|kfz-kennzeichen"
)

_INDIAN_STATES = "AN|AP|AR|AS|BR|CG|CH|DD|DL|DN|GA|GJ|HP|HR|JH|JK|KA|KL|LA|LD|MH|ML|MN|MP|MZ|NL|OD|OR|PB|PY|RJ|SK|TN|TR|TS|TG|UK|UP|WB"
"""Codes of states and territories (Central Motor Vehicles Rules, rule 50)."""


class LicensePlateRecognizer(ValuePatternRecognizer):
    """Plates behind a label, and of distinct forms beside words of context."""

    ENTITY = "LICENSE_PLATE"
    PATTERNS = (
        ValuePattern(
            "label and plate",
            labelled(
                _LABEL,
                r"(?=[A-Z \-]{0,9}\d)(?:[A-Z0-9ÄÖÜ]{5,8}|[A-Z0-9ÄÖÜ]{1,4}(?:[\-·][A-Z0-9]{1,4}|\s(?:(?=[A-Z]{0,4}\d)[A-Z0-9]{1,5}|(?-i:[A-Z]{1,4})|[A-Z]{1,3}(?![^\W_]))){0,3})",
                after=r"(?![\w])",
            ),
            0.82,  # more than a state's letters before a postcode
            _LABEL,
        ),
        ValuePattern(
            "label of much else and plate",
            labelled(
                r"placas?(?:\s(?:do|del?)\s(?:carro|veículo|vehículo|coche|auto))?|plaque|immatriculée?|immat\.?|matriculad[oa]|targat[oa]",
                r"(?-i:(?=[A-Z \-]{0,6}\d)(?=[\d \-]{0,6}[A-Z])[A-Z\d]{1,4}(?:[ \-]?[A-Z\d]{2,4}){1,2})|[a-z]{3}[ \-]?\d[a-j\d]\d{2}",
                after=r"(?![\w\-])",
            ),
            0.8,
            r"placa|plaque|immat|matricul|targat",
        ),
        ValuePattern(
            "registration of a British form",
            labelled(r"reg|index|vrm|vrn", r"[A-Z]{2}\d{2}\s?[A-Z]{3}", after=r"(?![\w])"),
            0.8,
            r"(?:reg|index|vrm|vrn)[^a-z]",
        ),
        ValuePattern(
            "a car and a British or French form, or letters on either side of figures",
            rf"{LABEL_START}{_CARS}(?:\s?[:#])?\s{{0,2}}(?P<value>(?-i:[A-Z]{{2}}\s?\d{{2}}\s?[A-Z]{{3}}|[A-Z]{{2}}-\d{{3}}-[A-Z]{{2}}|(?!VW|BMW)[A-Z]{{2,3}}\s?\d{{4,5}}[A-Z]{{1,2}}))(?![\w\-])",
            0.75,
            rf"{_CARS}(?:\s?[:#])?\s{{0,2}}[a-z]{{2,3}}[\s\-]?\d",
            20,
        ),
        ValuePattern(
            "a maker, a model and a plate in brackets",
            rf"{LABEL_START}(?:{_MAKERS})(?:[ ](?=[\w\-]{{0,12}}[a-z])[\w\-]{{1,12}}){{0,2}}[ ]\((?P<value>(?-i:[A-Z]{{2}}[ \-]?\d{{3}}[ \-]?[A-Z]{{2}}|[A-Z]{{2}}\d{{2}}[ ]?[A-Z]{{3}}|\d{{4}}[ ]?[BCDFGHJ-NP-TV-Z]{{3}}|[A-ZÄÖÜ]{{1,3}}[ \-][A-Z]{{1,2}}[ ]?\d{{1,4}}|[A-Z]{{2,3}}[ ]?\d{{4,5}}[A-Z]?))(?=\))",
            0.75,
            rf"(?:{_MAKERS})[ ][^\n(]{{0,28}}\(",
            48,
        ),
        ValuePattern(  # a distinct form, but codes of things have it too
            "form of France and Italy, of the United Kingdom",
            r"(?<![\w\-])(?P<value>(?-i:[A-HJ-NP-TV-Z]{2}-\d{3}-[A-HJ-NP-TV-Z]{2}|[A-Z]{2}\d{2} [A-Z]{3}))(?![\w\-])",
            0.3,
            r"[a-z]{2}-\d{3}-[a-z]{2}\b|\b[a-z]{2}\d{2} [a-z]{3}\b",
            10,
        ),
        ValuePattern(
            "form of Spain, of Brazil, of Germany",
            r"(?<![\w\-])(?P<value>(?-i:\d{4}[ \-]?[BCDFGHJ-NP-TV-Z]{3}|[A-Z]{3}\d[A-J]\d{2}|[A-ZÄÖÜ]{1,3}[ \-][A-Z]{1,2}[ \-]?\d{2,4}))(?![\w\-]|[.,]\d|\s(?-i:[A-Z]{2}))",
            0.3,
            r"\b\d{4}[ \-]?[a-z]{3}\b|\b[a-z]{3}\d[a-j]\d{2}\b|\b[^\W\d_]{1,3}[ \-][a-z]{1,2}[ \-]?\d{2,4}\b",
            14,
        ),
        ValuePattern(  # a state, a district, a series and four digits
            "form of India",
            rf"(?<![\w\-])(?P<value>(?-i:(?:{_INDIAN_STATES})[ \-]?\d{{1,2}}[ \-]?[A-Z]{{1,3}}[ \-]?\d{{4}}))(?![\w\-])",
            0.3,
            rf"\b(?:{_INDIAN_STATES})[ \-]?\d{{1,2}}[ \-]?[a-z]{{1,3}}[ \-]?\d{{4}}\b",
            18,
        ),
    )
    CONTEXT = (
        *(
            "coche",
            "vehículo",
            "vehiculo",
            "furgoneta",
            "moto",
            "conductor",
            "accidente",
            "carro",
            "condutor",
            "acidente",
        ),
        *(
            "véhicule",
            "vehicule",
            "conducteur",
            "veicolo",
            "macchina",
            "conducente",
            "incidente",
            "bestuurder",
            "aanrijding",
        ),
        *("fahrzeug", "wagen", "pkw", "fahrer", "unfall", "samochód", "pojazd", "kierowca", "kolizji"),
        "car",
        "vehicle",
        "parking",
        "parked",
        "plate",
        "driver",
        "van",
        "truck",
        "registration",
        "voiture",
        "auto",
        "veh",
        "reg",
        "keeper",
        "dvla",
        "mot",
        "penalty charge",
        "parking charge",
        "fastag",
        "challan",
        "bike",
        "scooter",
        "motorcycle",
    )

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        written = [part for part in value.replace("-", " ").split() if part]
        characters = "".join(written)
        # Lower-case words after the plate were taken for groups of it: "7ABC123 was".
        if not 4 <= len(characters) <= 10 or not any(map(str.isdigit, characters)):
            return 0.0
        return sort.score
