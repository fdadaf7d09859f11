"""Identity and tax numbers of persons in Asia, Africa and Oceania. Sources: the registers' own publications."""

# ruff: noqa: PLR2004, E501  # numbers and forms of the schemes
from __future__ import annotations

from shield.analyzer.luhn import luhn
from shield.analyzer.recognizers.labelled import ValuePattern
from shield.analyzer.recognizers.national.checked import (
    DOUBTFUL,
    LIKELY,
    START,
    SURE,
    WEAK,
    NationalRecognizer,
    form,
)
from shield.analyzer.recognizers.national.checks import figures, is_day, value_of, weighted

_TAIWAN = "ABCDEFGHJKLMNPQRSTUVXYWZIO"  # letters in the order of their codes, 10 to 35
_NHI = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O


class AeEmiratesIdRecognizer(NationalRecognizer):
    """Emirates ID (ICP): 784, a year, Luhn."""

    COUNTRIES, SCHEME, CHECK = ("ae",), "Emirates ID", "Luhn"
    SCORE, BARE = SURE, LIKELY
    PATTERNS = form("ID", r"784-?(?:19|20)\d{2}-?\d{7}-?\d")
    CONTEXT = ("emirates id", "eid")

    @staticmethod
    def is_valid(number: str) -> bool:
        return luhn(number)


class HkIdRecognizer(NationalRecognizer):
    """Hong Kong identity card (Immigration Department): letters from 10 on, a space is 36, mod 11."""

    COUNTRIES, SCHEME, CHECK = ("hk",), "HKID", "mod 11"
    SCORE, BARE = LIKELY, DOUBTFUL
    PATTERNS = (ValuePattern("HKID", START + r"[A-Z]{1,2}\d{6}(?:\([\dA]\)|[\dA](?![\w-]|[.,]\d))", WEAK),)
    CONTEXT = ("hkid", "identity card", "身份證")

    @staticmethod
    def is_valid(number: str) -> bool:
        values = [36] * (9 - len(number)) + [value_of(character) for character in number[:-1]]
        total = sum(v * w for v, w in zip(values, range(9, 1, -1), strict=True)) + value_of(number[-1])
        return total % 11 == 0


class IlIdentityRecognizer(NationalRecognizer):
    """Teudat Zehut (Population Authority): Luhn."""

    COUNTRIES, SCHEME, CHECK = ("il",), "Teudat Zehut", "Luhn"
    PATTERNS = form("number", r"\d{8}-?\d")
    CONTEXT = ("teudat zehut", "תעודת זהות", "ת.ז")

    @staticmethod
    def is_valid(number: str) -> bool:
        return any(figures(number)) and luhn(number)


class JpMyNumberRecognizer(NationalRecognizer):
    """My Number (Ordinance 85 of 2014 of the MIC): mod 11."""

    COUNTRIES, SCHEME, CHECK = ("jp",), "My Number", "mod 11"
    PATTERNS = form("number", r"\d{4}[ \-]?\d{4}[ \-]?\d{4}")
    CONTEXT = ("my number", "マイナンバー", "個人番号", "kojin bango")

    @staticmethod
    def is_valid(number: str) -> bool:
        rest = weighted(number, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
        return any(figures(number)) and (0 if rest <= 1 else 11 - rest) == int(number[11])


class KzIinRecognizer(NationalRecognizer):
    """ИИН: a date, century and sex, mod 11 with a second row of weights."""

    COUNTRIES, SCHEME, CHECK = ("kz",), "IIN", "mod 11 and date"
    BARE = DOUBTFUL
    PATTERNS = form("IIN", r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[1-6]\d{5}")
    CONTEXT = ("иин", "жсн", "iin")

    @staticmethod
    def is_valid(number: str) -> bool:
        if not is_day(int(number[2:4]), int(number[4:6])):
            return False
        check = weighted(number, range(1, 12)) % 11
        if check == 10:
            check = weighted(number, (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)) % 11
        return check == int(number[11])


class NzIrdRecognizer(NationalRecognizer):
    """IRD number (Inland Revenue): mod 11 with a second row of weights."""

    COUNTRIES, SCHEME, CHECK = ("nz",), "IRD number", "mod 11"
    PATTERNS = form("IRD", r"\d{2,3}-?\d{3}-?\d{3}")
    CONTEXT = ("ird", "ird number", "inland revenue")

    @staticmethod
    def is_valid(number: str) -> bool:
        if not 10_000_000 < int(number) < 150_000_000:
            return False
        body, last = number[:-1].zfill(8), int(number[-1])
        check = -weighted(body, (3, 2, 7, 6, 5, 4, 3, 2)) % 11
        if check == 10:
            check = -weighted(body, (7, 4, 3, 2, 5, 2, 7, 6)) % 11
        return check == last


class NzNhiRecognizer(NationalRecognizer):
    """NHI number (HISO 10046): three letters without I and O, three digits, mod 11."""

    COUNTRIES, SCHEME, CHECK = ("nz",), "NHI number", "mod 11"
    PATTERNS = form("NHI", r"[A-HJ-NP-Z]{3}\d{4}")
    CONTEXT = ("nhi", "national health index", "patient")

    @staticmethod
    def is_valid(number: str) -> bool:
        values = [1 + _NHI.index(character) for character in number[:3]] + figures(number[3:6])
        rest = sum(v * w for v, w in zip(values, range(7, 1, -1), strict=True)) % 11
        return rest != 0 and (11 - rest) % 10 == int(number[6])


class SaIdentityRecognizer(NationalRecognizer):
    """National ID and Iqama (Absher): begins with 1 or 2, Luhn."""

    COUNTRIES, SCHEME, CHECK = ("sa",), "national ID, Iqama", "Luhn"
    PATTERNS = form("ID", r"[12]\d{9}")
    CONTEXT = ("iqama", "absher", "national id", "هوية")

    @staticmethod
    def is_valid(number: str) -> bool:
        return luhn(number)


class SgNricCheckedRecognizer(NationalRecognizer):
    """NRIC and FIN (ICA): Presidio's recognizer has the form alone, this the check letter mod 11 too."""

    COUNTRIES, SCHEME, CHECK = ("sg",), "NRIC, FIN", "mod 11"
    SCORE, BARE = LIKELY, LIKELY
    PATTERNS = form("NRIC", r"[STFGM]\d{7}[A-Z]")
    CONTEXT = ("nric", "fin", "identity card")

    @staticmethod
    def is_valid(number: str) -> bool:
        kind = number[0]
        total = weighted(number[1:8], (2, 7, 6, 5, 4, 3, 2)) + {"T": 4, "G": 4, "M": 3}.get(kind, 0)
        letters = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "M": "XWUTRQPNJLK"}.get(kind, "XWUTRQPNMLK")
        return letters[total % 11] == number[8]


class TwIdentityRecognizer(NationalRecognizer):
    """National identification card (Ministry of the Interior): a letter as two digits, mod 10."""

    COUNTRIES, SCHEME, CHECK = ("tw",), "identity card", "mod 10"
    SCORE, BARE = DOUBTFUL, DOUBTFUL
    PATTERNS = form("number", r"[A-Z][1289]\d{8}")
    CONTEXT = ("身分證", "身份證", "national id", "identity card")

    @staticmethod
    def is_valid(number: str) -> bool:
        code = 10 + _TAIWAN.index(number[0])
        total = code // 10 + code % 10 * 9 + weighted(number[1:], (8, 7, 6, 5, 4, 3, 2, 1, 1))
        return total % 10 == 0


ASIA_PACIFIC: tuple[type[NationalRecognizer], ...] = (
    AeEmiratesIdRecognizer,
    HkIdRecognizer,
    IlIdentityRecognizer,
    JpMyNumberRecognizer,
    KzIinRecognizer,
    NzIrdRecognizer,
    NzNhiRecognizer,
    SaIdentityRecognizer,
    SgNricCheckedRecognizer,
    TwIdentityRecognizer,
)
