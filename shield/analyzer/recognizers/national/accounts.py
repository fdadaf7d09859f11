"""Finds domestic bank account numbers other than IBANs."""

# ruff: noqa: PLR2004  # numbers and forms of the schemes
from __future__ import annotations

from shield.analyzer.recognizers.national.checked import DOUBTFUL, LIKELY, SURE, NationalRecognizer, form
from shield.analyzer.recognizers.national.checks import figures, weighted

_RIB = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")


class _AccountRecognizer(NationalRecognizer):
    """The base of numbers of bank accounts, which are not a person's own."""

    ENTITY = "ACCOUNT_NUMBER"


class ArCbuRecognizer(_AccountRecognizer):
    """CBU (BCRA, Comunicación A 2622): a check digit for the bank, one for the account."""

    COUNTRIES, SCHEME, CHECK = ("ar",), "CBU", "mod 10, twice"
    SCORE, BARE = LIKELY, LIKELY
    PATTERNS = form("CBU", r"\d{8}[ \-]?\d{14}")
    CONTEXT = ("cbu", "cvu", "cuenta")

    @staticmethod
    def is_valid(number: str) -> bool:
        bank = -weighted(number[:7], (7, 1, 3, 9, 7, 1, 3)) % 10 == int(number[7])
        account = -weighted(number[8:21], (3, 9, 7, 1) * 4) % 10 == int(number[21])
        return bank and account and any(figures(number))


class EsCccRecognizer(_AccountRecognizer):
    """Código Cuenta Cliente (Consejo Superior Bancario): two digits mod 11."""

    COUNTRIES, SCHEME, CHECK = ("es",), "CCC", "mod 11, twice"
    SCORE, BARE = LIKELY, DOUBTFUL
    PATTERNS = form("CCC", r"\d{4}[ \-]?\d{4}[ \-]?\d{2}[ \-]?\d{10}")
    CONTEXT = ("ccc", "cuenta", "código cuenta cliente")

    @staticmethod
    def is_valid(number: str) -> bool:
        weights = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)
        checks = [-weighted(part, weights) % 11 for part in ("00" + number[:8], number[10:])]
        return any(figures(number)) and [1 if c == 10 else c for c in checks] == figures(number[8:10])


class FrRibRecognizer(_AccountRecognizer):
    """RIB (CFONB): letters as digits, 97 less 89 bank + 15 branch + 3 account mod 97."""

    COUNTRIES, SCHEME, CHECK = ("fr",), "RIB", "mod 97"
    SCORE, BARE = SURE, DOUBTFUL
    PATTERNS = form("RIB", r"\d{5}[ \-]?\d{5}[ \-]?[A-Z\d]{11}[ \-]?\d{2}")
    CONTEXT = ("rib", "compte", "relevé")

    @staticmethod
    def is_valid(number: str) -> bool:
        plain = number.translate(_RIB)
        total = 89 * int(plain[:5]) + 15 * int(plain[5:10]) + 3 * int(plain[10:21])
        return any(figures(plain)) and 97 - total % 97 == int(plain[21:])


class MxClabeRecognizer(_AccountRecognizer):
    """CLABE (Asociación de Bancos de México): weights 3, 7, 1 mod 10."""

    COUNTRIES, SCHEME, CHECK = ("mx",), "CLABE", "mod 10"
    PATTERNS = form("CLABE", r"\d{3}[ \-]?\d{3}[ \-]?\d{11}[ \-]?\d")
    CONTEXT = ("clabe", "cuenta", "interbancaria")

    @staticmethod
    def is_valid(number: str) -> bool:
        return any(figures(number)) and -weighted(number[:17], (3, 7, 1) * 6) % 10 == int(number[17])


ACCOUNTS: tuple[type[NationalRecognizer], ...] = (
    ArCbuRecognizer,
    EsCccRecognizer,
    FrRibRecognizer,
    MxClabeRecognizer,
)
