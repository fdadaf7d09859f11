"""Identity and tax numbers of persons in the east of Europe. Sources: the registers' own publications, named in each class."""

# ruff: noqa: PLR2004, E501  # numbers and forms of the schemes
from __future__ import annotations

from shield.analyzer.recognizers.national.checked import (
    DOUBTFUL,
    LIKELY,
    SURE,
    WEAK,
    NationalRecognizer,
    form,
)
from shield.analyzer.recognizers.national.checks import is_day, mod_11_10, value_of, weighted

_DDMM = r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])"


class BgEgnRecognizer(NationalRecognizer):
    """ЕГН (GRAO): a date, with 20 or 40 added to the month by century."""

    COUNTRIES, SCHEME, CHECK = ("bg",), "EGN", "mod 11 and date"
    BARE = DOUBTFUL
    PATTERNS = form("EGN", r"\d{2}(?:[0145]\d|[23]\d)(?:0[1-9]|[12]\d|3[01])\d{4}")
    CONTEXT = ("egn", "егн", "personal number")

    @staticmethod
    def is_valid(number: str) -> bool:
        if not is_day(int(number[2:4]) % 20, int(number[4:6])):
            return False
        return weighted(number, (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10 == int(number[9])


class CzBirthNumberRecognizer(NationalRecognizer):
    """Rodné číslo, also Slovakia's (zákon 133/2000 Sb.): ten digits divisible by 11; those up to 1953 have no check."""

    COUNTRIES, SCHEME, CHECK = ("cz", "sk"), "rodné číslo", "mod 11 and date"
    SCORE = LIKELY
    PATTERNS = form("rodné číslo", r"\d{2}(?:[0156]\d|[2378]\d)(?:0[1-9]|[12]\d|3[01])/?\d{4}")
    CONTEXT = ("rodné číslo", "rodné", "rč", "birth number")

    @staticmethod
    def is_valid(number: str) -> bool:
        month = int(number[2:4]) % 50
        if not is_day(month - 20 if month > 20 else month, int(number[4:6])):
            return False
        return int(number[:9]) % 11 % 10 == int(number[9])


class EeLtPersonalCodeRecognizer(NationalRecognizer):
    """Isikukood (EVS 585) and asmens kodas: a second row of weights where the first leaves 10."""

    COUNTRIES, SCHEME, CHECK = ("ee", "lt"), "isikukood, asmens kodas", "mod 11 and date"
    BARE = DOUBTFUL
    PATTERNS = form("code", r"[1-6]\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{4}")
    CONTEXT = ("isikukood", "asmens kodas", "personal code", "personal number")

    @staticmethod
    def is_valid(number: str) -> bool:
        if not is_day(int(number[3:5]), int(number[5:7])):
            return False
        check = weighted(number, (1, 2, 3, 4, 5, 6, 7, 8, 9, 1)) % 11
        if check == 10:
            check = weighted(number, (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)) % 11
        return check % 10 == int(number[10])


class HrOibRecognizer(NationalRecognizer):
    """OIB (Porezna uprava): ISO 7064 mod 11,10."""

    COUNTRIES, SCHEME, CHECK = ("hr",), "OIB", "ISO 7064 mod 11,10"
    PATTERNS = form("OIB", r"\d{11}")
    CONTEXT = ("oib", "osobni identifikacijski broj")

    @staticmethod
    def is_valid(number: str) -> bool:
        return mod_11_10(number)


class HuTajRecognizer(NationalRecognizer):
    """TAJ-szám (NEAK): weights 3 and 7 mod 10."""

    COUNTRIES, SCHEME, CHECK = ("hu",), "TAJ-szám", "mod 10"
    PATTERNS = form("TAJ", r"\d{3}[ \-]?\d{3}[ \-]?\d{3}")
    CONTEXT = ("taj", "taj-szám", "tajszám")

    @staticmethod
    def is_valid(number: str) -> bool:
        return any(map(int, number)) and weighted(number, (3, 7) * 4) % 10 == int(number[8])


class HuTaxIdRecognizer(NationalRecognizer):
    """Adóazonosító jel (2017. évi CL. törvény): begins with 8, positions as weights mod 11."""

    COUNTRIES, SCHEME, CHECK = ("hu",), "adóazonosító jel", "mod 11"
    PATTERNS = form("tax id", r"8\d{9}")
    CONTEXT = ("adóazonosító", "adóazonosító jel", "tax identification")

    @staticmethod
    def is_valid(number: str) -> bool:
        return weighted(number, range(1, 10)) % 11 == int(number[9])


class JmbgRecognizer(NationalRecognizer):
    """EMŠO and JMBG of Slovenia, Serbia, Bosnia, Montenegro and North Macedonia: a date, a region, mod 11."""

    COUNTRIES, SCHEME, CHECK = ("si", "rs", "ba", "me", "mk"), "EMŠO, JMBG", "mod 11 and date"
    BARE = LIKELY
    PATTERNS = form("JMBG", _DDMM + r"(?:9\d\d|0[0-2]\d)\d{6}")
    CONTEXT = ("jmbg", "emšo", "emso", "embg", "матични", "matični broj")

    @staticmethod
    def is_valid(number: str) -> bool:
        if not is_day(int(number[2:4]), int(number[:2])):
            return False
        return weighted(number, (7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


class LvPersonalCodeRecognizer(NationalRecognizer):
    """Personas kods up to 2017 (PMLP): a date; those since begin with 32 and have no check."""

    COUNTRIES, SCHEME, CHECK = ("lv",), "personas kods", "mod 11 and date"
    SCORE = LIKELY
    PATTERNS = form("code", _DDMM + r"\d{2}-?[0-2]\d{4}")
    CONTEXT = ("personas kods", "personal code")

    @staticmethod
    def is_valid(number: str) -> bool:
        if not is_day(int(number[2:4]), int(number[:2])):
            return False
        return (1 + weighted(number, (10, 5, 8, 4, 2, 1, 6, 3, 7, 9))) % 11 % 10 == int(number[10])


class PlIdCardRecognizer(NationalRecognizer):
    """Dowód osobisty: weights 7, 3, 1 with letters from 10 on; the first digit is the check (as in ICAO 9303)."""

    COUNTRIES, SCHEME, CHECK = ("pl",), "dowód osobisty", "mod 10"
    SCORE, BARE = WEAK, WEAK
    PATTERNS = form("card", r"[A-Z]{3}[ ]?\d{6}")
    CONTEXT = ("dowód", "dowodu", "dowód osobisty", "dowodu osobistego", "id card")

    @staticmethod
    def is_valid(number: str) -> bool:
        others = number[:3] + number[4:]
        weights = (7, 3, 1, 7, 3, 1, 7, 3)
        return sum(value_of(c) * w for c, w in zip(others, weights, strict=True)) % 10 == int(number[3])


class PlNipRecognizer(NationalRecognizer):
    """NIP, also of sole traders (ustawa z 13 X 1995): mod 11."""

    COUNTRIES, SCHEME, CHECK = ("pl",), "NIP", "mod 11"
    PATTERNS = form("NIP", r"[1-9]\d{2}-?\d{3}-?\d{2}-?\d{2}")
    CONTEXT = ("nip", "numer identyfikacji podatkowej")

    @staticmethod
    def is_valid(number: str) -> bool:
        return weighted(number, (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11 == int(number[9])


class RoCnpRecognizer(NationalRecognizer):
    """CNP (Legea 105/1996): sex and century, a date, a county, mod 11."""

    COUNTRIES, SCHEME, CHECK = ("ro",), "CNP", "mod 11 and date"
    BARE = LIKELY
    PATTERNS = form("CNP", r"[1-8]\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|[1-4]\d|5[12])\d{4}")
    CONTEXT = ("cnp", "cod numeric personal")

    @staticmethod
    def is_valid(number: str) -> bool:
        if not is_day(int(number[3:5]), int(number[5:7])):
            return False
        check = weighted(number, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
        return (1 if check == 10 else check) == int(number[12])


class RuInnRecognizer(NationalRecognizer):
    """ИНН of persons, twelve digits (Federal Tax Service): two digits mod 11."""

    COUNTRIES, SCHEME, CHECK = ("ru",), "INN", "mod 11, twice"
    BARE = DOUBTFUL
    PATTERNS = form("INN", r"\d{12}")
    CONTEXT = ("инн", "inn", "taxpayer number")

    @staticmethod
    def is_valid(number: str) -> bool:
        weights = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
        first = weighted(number, weights[1:]) % 11 % 10 == int(number[10])
        return first and any(map(int, number)) and weighted(number, weights) % 11 % 10 == int(number[11])


class RuSnilsRecognizer(NationalRecognizer):
    """СНИЛС (Pension Fund): positions as weights mod 101."""

    COUNTRIES, SCHEME, CHECK = ("ru",), "SNILS", "mod 101"
    SCORE, BARE = SURE, DOUBTFUL
    PATTERNS = form("SNILS", r"\d{3}-?\d{3}-?\d{3}[ \-]?\d{2}")
    CONTEXT = ("снилс", "snils")

    @staticmethod
    def is_valid(number: str) -> bool:
        return any(map(int, number)) and weighted(number, range(9, 0, -1)) % 101 % 100 == int(number[9:])


class UaTaxNumberRecognizer(NationalRecognizer):
    """РНОКПП (State Tax Service): mod 11."""

    COUNTRIES, SCHEME, CHECK = ("ua",), "RNOKPP", "mod 11"
    PATTERNS = form("RNOKPP", r"\d{10}")
    CONTEXT = ("рнокпп", "інн", "іпн", "rnokpp", "ідентифікаційний")

    @staticmethod
    def is_valid(number: str) -> bool:
        check = weighted(number, (-1, 5, 7, 9, 4, 6, 10, 5, 7)) % 11 % 10
        return any(map(int, number)) and check == int(number[9])


EUROPE_EAST: tuple[type[NationalRecognizer], ...] = (
    BgEgnRecognizer,
    CzBirthNumberRecognizer,
    EeLtPersonalCodeRecognizer,
    HrOibRecognizer,
    HuTajRecognizer,
    HuTaxIdRecognizer,
    JmbgRecognizer,
    LvPersonalCodeRecognizer,
    PlIdCardRecognizer,
    PlNipRecognizer,
    RoCnpRecognizer,
    RuInnRecognizer,
    RuSnilsRecognizer,
    UaTaxNumberRecognizer,
)
