"""Identity and tax numbers of persons in the Americas. Sources: the registers' own publications."""

# ruff: noqa: PLR2004  # numbers and forms of the schemes
from __future__ import annotations

from shield.analyzer.luhn import luhn
from shield.analyzer.recognizers.labelled import Match, Sort
from shield.analyzer.recognizers.national.checked import (
    DOUBTFUL,
    LIKELY,
    SURE,
    NationalRecognizer,
    form,
)
from shield.analyzer.recognizers.national.checks import figures, is_day, weighted

_CURP = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
_RFC = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ"


class ArCuitRecognizer(NationalRecognizer):
    """CUIT and CUIL of persons (AFIP): prefix 20, 23 to 27; mod 11."""

    COUNTRIES, SCHEME, CHECK = ("ar",), "CUIT, CUIL", "mod 11"
    SCORE = LIKELY
    PATTERNS = form("CUIT", r"2[03-7]-?\d{8}-?\d")
    CONTEXT = ("cuit", "cuil", "clave única")

    @staticmethod
    def is_valid(number: str) -> bool:
        check = -weighted(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
        return (9 if check == 10 else check) == int(number[10])


class BrCnpjRecognizer(NationalRecognizer):
    """CNPJ (Receita Federal), also of sole traders: two digits mod 11."""

    COUNTRIES, SCHEME, CHECK = ("br",), "CNPJ", "mod 11, twice"
    SCORE, BARE = SURE, DOUBTFUL
    PATTERNS = form("CNPJ", r"\d{2}\.?\d{3}\.?\d{3}/?\d{4}-?\d{2}")
    CONTEXT = ("cnpj", "mei")

    @staticmethod
    def is_valid(number: str) -> bool:
        weights = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
        first = -weighted(number, weights[1:]) % 11 % 10 == int(number[12])
        return first and any(figures(number)) and -weighted(number, weights) % 11 % 10 == int(number[13])


class ClRutRecognizer(NationalRecognizer):
    """RUT and RUN (Registro Civil): mod 11 with K for ten."""

    COUNTRIES, SCHEME, CHECK = ("cl",), "RUT, RUN", "mod 11"
    SCORE = DOUBTFUL
    PATTERNS = form("RUT", r"(?:\d{1,2}\.\d{3}\.\d{3}|\d{7,8})-[\dK]")
    CONTEXT = ("rut", "run", "rol único")

    @staticmethod
    def is_valid(number: str) -> bool:
        total = sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(number[:-1])))
        return "0K987654321"[total % 11] == number[-1]

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        valid = super().score_of(value, match, sort)
        return LIKELY if valid and "." in value else valid


class DoCedulaRecognizer(NationalRecognizer):
    """Cédula (Junta Central Electoral): Luhn."""

    COUNTRIES, SCHEME, CHECK = ("do",), "cédula", "Luhn"
    SCORE = DOUBTFUL
    PATTERNS = form("cédula", r"\d{3}-?\d{7}-?\d")
    CONTEXT = ("cédula", "cedula")

    @staticmethod
    def is_valid(number: str) -> bool:
        return any(figures(number)) and luhn(number)


class EcCedulaRecognizer(NationalRecognizer):
    """Cédula (Registro Civil): a province, a third digit below 6, Luhn."""

    COUNTRIES, SCHEME, CHECK = ("ec",), "cédula", "Luhn"
    PATTERNS = form("cédula", r"(?:0[1-9]|1\d|2[0-4]|30)[0-5]\d{6}-?\d")
    CONTEXT = ("cédula", "cedula", "identidad")

    @staticmethod
    def is_valid(number: str) -> bool:
        return luhn(number)


class MxCurpRecognizer(NationalRecognizer):
    """CURP (DOF 18 X 2021): letters of the name, a date, sex, state; the last digit mod 10."""

    COUNTRIES, SCHEME, CHECK = ("mx",), "CURP", "mod 10 and date"
    SCORE, BARE = SURE, SURE
    PATTERNS = form(
        "CURP",
        r"[A-Z][AEIOUX][A-Z]{2}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[HMX][A-Z]{2}[B-DF-HJ-NP-TV-Z]{3}[A-Z\d]\d",
    )
    CONTEXT = ("curp",)

    @staticmethod
    def is_valid(number: str) -> bool:
        total = sum(_CURP.index(character) * (18 - place) for place, character in enumerate(number[:17]))
        return is_day(int(number[6:8]), int(number[8:10])) and -total % 10 == int(number[17])


class MxRfcRecognizer(NationalRecognizer):
    """RFC of persons (SAT): letters of the name, a date, and three more, the last of them mod 11."""

    COUNTRIES, SCHEME, CHECK = ("mx",), "RFC", "mod 11 and date"
    SCORE, BARE = LIKELY, LIKELY
    PATTERNS = form(
        "RFC", r"[A-Z]{4}[ \-]?\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ \-]?[A-Z\d]{2}[\dA]"
    )
    CONTEXT = ("rfc", "registro federal")

    @staticmethod
    def is_valid(number: str) -> bool:
        if not is_day(int(number[6:8]), int(number[8:10])):
            return False
        total = sum(_RFC.index(character) * (13 - place) for place, character in enumerate(number[:12]))
        return "0123456789A"[-total % 11] == number[12]


class PeRucRecognizer(NationalRecognizer):
    """RUC of persons (SUNAT): begins with 10; mod 11."""

    COUNTRIES, SCHEME, CHECK = ("pe",), "RUC", "mod 11"
    PATTERNS = form("RUC", r"10\d{9}")
    CONTEXT = ("ruc", "registro único de contribuyentes")

    @staticmethod
    def is_valid(number: str) -> bool:
        return -weighted(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11 % 10 == int(number[10])


class UyCedulaRecognizer(NationalRecognizer):
    """Cédula de identidad (DNIC): mod 10."""

    COUNTRIES, SCHEME, CHECK = ("uy",), "cédula", "mod 10"
    SCORE = DOUBTFUL
    PATTERNS = form("cédula", r"\d\.?\d{3}\.?\d{3}-?\d")
    CONTEXT = ("cédula", "cedula", "ci", "documento")

    @staticmethod
    def is_valid(number: str) -> bool:
        return any(figures(number)) and -weighted(number, (2, 9, 8, 7, 6, 3, 4)) % 10 == int(number[7])


AMERICAS: tuple[type[NationalRecognizer], ...] = (
    ArCuitRecognizer,
    BrCnpjRecognizer,
    ClRutRecognizer,
    DoCedulaRecognizer,
    EcCedulaRecognizer,
    MxCurpRecognizer,
    MxRfcRecognizer,
    PeRucRecognizer,
    UyCedulaRecognizer,
)
