"""Identity numbers that are searched for by default, by their check digits. Sources: named in each class.

Two check digits (France, Belgium), or a date and a check (China), make a number certain by itself; one number in eleven passes the others'
check, so they need a label or context too. The result names no country: the type is NATIONAL_ID.
"""

# ruff: noqa: E501  # patterns, one a line; numbers of the schemes
from __future__ import annotations

from shield.analyzer.recognizers.labelled import Match, Sort, ValuePattern
from shield.analyzer.recognizers.national.checked import LIKELY, SURE, WEAK, NationalRecognizer, form
from shield.analyzer.recognizers.national.checks import figures, is_day, mod_11_2, weighted

_WRITTEN = 0.9  # the score of a number with all of its separators, or with a prefix of its own


class FrNirRecognizer(NationalRecognizer):
    """France, numéro d'inscription au répertoire: key = 97 - number mod 97; Corsica's 2A is 19, 2B is 18."""

    COUNTRIES, SCHEME, CHECK = ("fr",), "NIR", "mod 97"
    SCORE = BARE = SURE
    PATTERNS = (
        ValuePattern(
            "NIR",
            r"(?<![\w.,-])[1-478][ .]?\d{2}[ .]?(?:0[1-9]|1[0-2]|[2-9]\d)[ .]?(?:\d{2}|2[ab])[ .]?\d{3}[ .]?\d{3}[ .]?\d{2}(?![\w-]|[.,]\d)",
            0.5,
        ),
    )
    CONTEXT = ("nir", "insee", "sécurité sociale", "secu", "sécu")

    @staticmethod
    def is_valid(number: str) -> bool:
        digits = number.replace("2A", "19").replace("2B", "18")  # no other letter is in the form
        return int(digits[:13]) % 97 == 97 - int(digits[13:])


class BeNationalNumberRecognizer(NationalRecognizer):
    """Belgium, rijksregisternummer: 97 - number mod 97, a 2 before the number from the year 2000 on."""

    COUNTRIES, SCHEME, CHECK = ("be",), "rijksregisternummer", "mod 97"
    SCORE, BARE = (
        LIKELY,
        0.3,
    )  # eleven bare digits that begin with a date are also timestamps and order numbers
    PATTERNS = (
        ValuePattern(
            "number",
            r"(?<![\w.,-])\d{2}[.\- ]?(?:0\d|1[0-2]|[24]\d|3[0-2]|5[0-2])[.\- ]?[0-3]\d[.\- ]?\d{3}[.\- ]?\d{2}(?![\w-]|[.,]\d)",
            0.5,
        ),
    )
    CONTEXT = (
        "rijksregisternummer",
        "registre national",
        "numéro national",
        "insz",
        "niss",
        "national number",
    )

    @staticmethod
    def is_valid(number: str) -> bool:
        key = int(number[9:])
        return key in (97 - int(number[:9]) % 97, 97 - int("2" + number[:9]) % 97)


class NlBsnRecognizer(NationalRecognizer):
    """The Netherlands, burgerservicenummer: the eleven-test with weights 9 … 2, -1."""

    COUNTRIES, SCHEME, CHECK = ("nl",), "burgerservicenummer", "mod 11"
    PATTERNS = (ValuePattern("BSN", r"(?<![\w.,+\-])\d{4}[. ]?\d{2}[. ]?\d{3}(?![\w-]|[.,]\d)", WEAK),)
    CONTEXT = ("bsn", "burgerservicenummer", "sofinummer", "sofi")

    @staticmethod
    def is_valid(number: str) -> bool:
        return any(figures(number)) and weighted(number, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


class ChAhvRecognizer(NationalRecognizer):
    """Switzerland, AHV: 756 and the check digit of EAN-13."""

    COUNTRIES, SCHEME, CHECK = ("ch",), "AHV-Nummer", "EAN-13"
    SCORE = BARE = _WRITTEN
    PATTERNS = (ValuePattern("AHV", r"(?<![\w.,-])756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}(?![\w-]|[.,]\d)", 0.5),)
    CONTEXT = ("ahv", "avs", "sozialversicherungsnummer")

    @staticmethod
    def is_valid(number: str) -> bool:
        return weighted(number, (1, 3) * 6 + (1,)) % 10 == 0


class BrCpfRecognizer(NationalRecognizer):
    """Brazil, CPF: two digits modulo 11."""

    COUNTRIES, SCHEME, CHECK = ("br",), "CPF", "mod 11, twice"
    PATTERNS = (ValuePattern("CPF", r"(?<![\w.,+\-])\d{3}\.?\d{3}\.?\d{3}-?\d{2}(?![\w-]|[.,]\d)", WEAK),)
    CONTEXT = ("cpf", "contribuinte")

    @staticmethod
    def is_valid(number: str) -> bool:
        first = weighted(number, range(10, 1, -1)) * 10 % 11 % 10
        second = weighted(number, range(11, 1, -1)) * 10 % 11 % 10
        return len(set(number)) > 1 and [first, second] == figures(number[9:])

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        valid = super().score_of(value, match, sort)
        return _WRITTEN if valid and "." in value and "-" in value else valid


class CnResidentIdRecognizer(NationalRecognizer):
    """Resident identity number (GB 11643-1999): a region, a date, ISO 7064 mod 11-2."""

    COUNTRIES, SCHEME, CHECK = ("cn",), "resident identity number", "ISO 7064 mod 11-2 and date"
    SCORE, BARE = SURE, SURE
    PATTERNS = form(
        "number", r"[1-8]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]"
    )
    CONTEXT = ("身份证", "identity card", "resident id")

    @staticmethod
    def is_valid(number: str) -> bool:
        return is_day(int(number[10:12]), int(number[12:14])) and mod_11_2(number)
