"""Finds national identity numbers that Presidio lacks, each by its checksum.

Two check digits (France, Belgium) make a number certain by itself; one number in eleven passes the others'
check, so they need a label or context too. The result names no country: the type is NATIONAL_ID.
"""

# ruff: noqa: ARG002, E501, PLR2004  # an interface; patterns and tables, one a line; numbers of the schemes
from __future__ import annotations

from shield.analyzer.recognizers.labelled import Match, ValuePattern, ValuePatternRecognizer

_SURE, _WEAK = 0.95, 0.2


def _digits(value: str) -> list[int]:
    return [int(character) for character in value if character in "0123456789"]


class _Checked(ValuePatternRecognizer):
    """Finds numbers of a country's scheme whose check digits are right; `VALID_SCORE` is theirs."""

    ENTITY = "NATIONAL_ID"
    VALID_SCORE = _WEAK

    def score_of(self, value: str, match: Match, score: float) -> float:
        return self.VALID_SCORE if value.isascii() and self.is_valid(value) else 0.0

    @staticmethod
    def is_valid(value: str) -> bool:
        raise NotImplementedError


class FrNirRecognizer(_Checked):
    """France, numéro d'inscription au répertoire: key = 97 - number mod 97; Corsica's 2A is 19, 2B is 18."""

    COUNTRY_CODE = "fr"
    VALID_SCORE = _SURE
    PATTERNS = (
        ValuePattern(
            "NIR",
            r"(?<![\w.,-])[1-478][ .]?\d{2}[ .]?(?:0[1-9]|1[0-2]|[2-9]\d)[ .]?(?:\d{2}|2[ab])[ .]?\d{3}[ .]?\d{3}[ .]?\d{2}(?![\w-]|[.,]\d)",
            0.5,
        ),
    )
    CONTEXT = ("nir", "insee", "sécurité sociale", "secu", "sécu")

    @staticmethod
    def is_valid(value: str) -> bool:
        plain = value.upper().replace("2A", "19").replace("2B", "18")  # no other letter is in the form
        digits = "".join(map(str, _digits(plain)))
        return len(digits) == 15 and int(digits[:13]) % 97 == 97 - int(digits[13:])


class BeNationalNumberRecognizer(_Checked):
    """Belgium, rijksregisternummer: 97 - number mod 97, a 2 before the number from the year 2000 on."""

    COUNTRY_CODE = "be"
    VALID_SCORE = 0.6
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
    def is_valid(value: str) -> bool:
        digits = "".join(map(str, _digits(value)))
        if len(digits) != 11:
            return False
        key = int(digits[9:])
        return key in (97 - int(digits[:9]) % 97, 97 - int("2" + digits[:9]) % 97)

    def score_of(self, value: str, match: Match, score: float) -> float:
        valid = super().score_of(value, match, score)
        # Eleven bare digits that begin with a date are also timestamps and order numbers.
        return 0.3 if valid and value.isdigit() else valid


class NlBsnRecognizer(_Checked):
    """The Netherlands, burgerservicenummer: the eleven-test with weights 9 … 2, -1."""

    COUNTRY_CODE = "nl"
    PATTERNS = (ValuePattern("BSN", r"(?<![\w.,+\-])\d{4}[. ]?\d{2}[. ]?\d{3}(?![\w-]|[.,]\d)", 0.2),)
    CONTEXT = ("bsn", "burgerservicenummer", "sofinummer", "sofi")

    @staticmethod
    def is_valid(value: str) -> bool:
        digits = _digits(value)
        weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
        return (
            any(digits)
            and len(digits) == 9
            and sum(d * w for d, w in zip(digits, weights, strict=True)) % 11 == 0
        )


class ChAhvRecognizer(_Checked):
    """Switzerland, AHV: 756 and the check digit of EAN-13."""

    COUNTRY_CODE = "ch"
    VALID_SCORE = 0.9
    PATTERNS = (ValuePattern("AHV", r"(?<![\w.,-])756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}(?![\w-]|[.,]\d)", 0.5),)
    CONTEXT = ("ahv", "avs", "sozialversicherungsnummer")

    @staticmethod
    def is_valid(value: str) -> bool:
        digits = _digits(value)
        return (
            len(digits) == 13
            and (10 - sum(d * (3 if i % 2 else 1) for i, d in enumerate(digits[:12])) % 10) % 10 == digits[12]
        )


class BrCpfRecognizer(_Checked):
    """Brazil, CPF: two digits modulo 11."""

    COUNTRY_CODE = "br"
    PATTERNS = (ValuePattern("CPF", r"(?<![\w.,+\-])\d{3}\.?\d{3}\.?\d{3}-?\d{2}(?![\w-]|[.,]\d)", 0.2),)
    CONTEXT = ("cpf", "contribuinte")

    @staticmethod
    def is_valid(value: str) -> bool:
        digits = _digits(value)
        if len(digits) != 11 or len(set(digits)) == 1:
            return False
        for length in (9, 10):
            total = sum(d * (length + 1 - i) for i, d in enumerate(digits[:length])) * 10 % 11 % 10
            if total != digits[length]:
                return False
        return True

    def score_of(self, value: str, match: Match, score: float) -> float:
        valid = super().score_of(value, match, score)
        return 0.9 if valid and "." in value and "-" in value else valid


class EsSocialSecurityRecognizer(ValuePatternRecognizer):
    """Spain, número de afiliación a la Seguridad Social, after its label: number mod 97, often miswritten."""

    ENTITY = "NATIONAL_ID"
    COUNTRY_CODE = "es"
    PATTERNS = (
        ValuePattern(
            "label and number",
            r"(?<![^\W_])(?:nass|nuss|n[ºo°]?\.? ?(?:de )?(?:afiliación|seguridad social|s\.? ?s\.?))\s{0,2}[:=]?\s{0,2}(?P<value>\d{2}[ /\-]?\d{7,8}[ /\-]?\d{2})(?![\w])",
            0.85,
            r"nass|nuss|afiliación|seguridad social|n[ºo°]?\.? ?(?:de )?s\.? ?s",
        ),
    )
