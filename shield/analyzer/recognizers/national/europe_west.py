"""Identity and tax numbers of persons in the west, north and south of Europe. Sources: the registers' own publications, named in each class."""

# ruff: noqa: PLR2004, E501  # numbers and forms of the schemes
from __future__ import annotations

from shield.analyzer.luhn import luhn
from shield.analyzer.recognizers.labelled import Match, Sort
from shield.analyzer.recognizers.national.checked import DOUBTFUL, LIKELY, SURE, NationalRecognizer, form
from shield.analyzer.recognizers.national.checks import is_day, value_of, weighted
from shield.analyzer.verhoeff import verhoeff

_DDMM = r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])"


class AtSvnrRecognizer(NationalRecognizer):
    """Sozialversicherungsnummer: the fourth digit is the check digit (Dachverband der Sozialversicherungsträger)."""

    COUNTRIES, SCHEME, CHECK = ("at",), "Sozialversicherungsnummer", "mod 11"
    PATTERNS = form("SVNR", r"[1-9]\d{3}[ ]?(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-5])\d{2}")
    CONTEXT = ("svnr", "sozialversicherungsnummer", "versicherungsnummer", "sv-nummer", "social insurance")

    @staticmethod
    def is_valid(number: str) -> bool:
        return weighted(number, (3, 7, 9, 0, 5, 8, 4, 2, 1, 6)) % 11 == int(number[3])


class DkCprRecognizer(NationalRecognizer):
    """CPR-nummer: a date; numbers issued since 2007 need not satisfy mod 11 (CPR-kontoret), so it only raises the score."""

    COUNTRIES, SCHEME, CHECK = ("dk",), "CPR-nummer", "date; mod 11 raises the score"
    PATTERNS = form("CPR", _DDMM + r"\d{2}[ \-]?\d{4}")
    CONTEXT = ("cpr", "cpr-nummer", "cpr-nr", "personnummer")

    @staticmethod
    def is_valid(number: str) -> bool:
        return is_day(int(number[2:4]), int(number[:2]))

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        valid = super().score_of(value, match, sort)
        held = (
            valid
            and value[-5] == "-"
            and weighted(value.replace("-", ""), (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0
        )
        return DOUBTFUL if held else valid


class FrSpiRecognizer(NationalRecognizer):
    """Numéro fiscal (DGFiP): the last three digits are the first ten mod 511."""

    COUNTRIES, SCHEME, CHECK = ("fr",), "numéro fiscal (SPI)", "mod 511"
    SCORE, BARE = LIKELY, DOUBTFUL
    PATTERNS = form("SPI", r"[0-3]\d[ ]?\d{2}[ ]?\d{3}[ ]?\d{3}[ ]?\d{3}")
    CONTEXT = ("numéro fiscal", "fiscal", "spi", "impôt", "impôts")

    @staticmethod
    def is_valid(number: str) -> bool:
        return int(number[:10]) % 511 == int(number[10:])


class GrAmkaRecognizer(NationalRecognizer):
    """AMKA (ΗΔΙΚΑ): a date and Luhn."""

    COUNTRIES, SCHEME, CHECK = ("gr",), "AMKA", "Luhn and date"
    PATTERNS = form("AMKA", _DDMM + r"\d{7}")
    CONTEXT = ("amka", "αμκα", "social security")

    @staticmethod
    def is_valid(number: str) -> bool:
        return is_day(int(number[2:4]), int(number[:2])) and luhn(number)


class GrAfmRecognizer(NationalRecognizer):
    """AFM (ΑΑΔΕ): powers of two mod 11."""

    COUNTRIES, SCHEME, CHECK = ("gr",), "AFM", "mod 11"
    PATTERNS = form("AFM", r"\d{9}")
    CONTEXT = ("afm", "αφμ", "tax number")

    @staticmethod
    def is_valid(number: str) -> bool:
        return any(map(int, number)) and weighted(number, [2**p for p in range(8, 0, -1)]) % 11 % 10 == int(
            number[8]
        )


class IePpsnRecognizer(NationalRecognizer):
    """PPS number (Department of Social Protection): a check letter mod 23, since 2013 with a second letter."""

    COUNTRIES, SCHEME, CHECK = ("ie",), "PPS number", "mod 23"
    SCORE, BARE = DOUBTFUL, DOUBTFUL
    PATTERNS = form("PPSN", r"\d{7}[A-W][ABHWTX]?")
    CONTEXT = ("pps", "ppsn", "pps number", "personal public service")

    @staticmethod
    def is_valid(number: str) -> bool:
        total = weighted(number[:7], range(8, 1, -1))
        if len(number) == 9 and number[8] not in "WTX":
            total += 9 * (value_of(number[8]) - 9)
        return "WABCDEFGHIJKLMNOPQRSTUV"[total % 23] == number[7]


class IsKennitalaRecognizer(NationalRecognizer):
    """Kennitala (Þjóðskrá): persons only, whose first two digits are a day."""

    COUNTRIES, SCHEME, CHECK = ("is",), "kennitala", "mod 11 and date"
    SCORE = LIKELY
    PATTERNS = form("kennitala", _DDMM + r"\d{2}-?[2-9]\d\d[089]")
    CONTEXT = ("kennitala", "kt")

    @staticmethod
    def is_valid(number: str) -> bool:
        if not is_day(int(number[2:4]), int(number[:2])):
            return False
        return weighted(number, (3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


class LuMatriculeRecognizer(NationalRecognizer):
    """Matricule (loi du 19 juin 2013): a date, then Luhn and Verhoeff of the first eleven digits."""

    COUNTRIES, SCHEME, CHECK = ("lu",), "matricule", "Luhn, Verhoeff and date"
    SCORE, BARE = SURE, SURE
    PATTERNS = form("matricule", r"(?:18|19|20)\d{2}[ ]?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ ]?\d{5}")
    CONTEXT = ("matricule", "cns", "numéro d'identification")

    @staticmethod
    def is_valid(number: str) -> bool:
        dated = is_day(int(number[4:6]), int(number[6:8]))
        return dated and luhn(number[:12]) and verhoeff(number[:11] + number[12])


class NoBirthNumberRecognizer(NationalRecognizer):
    """Fødselsnummer, and D-nummer with 4 added to the day (Skatteetaten): two digits mod 11."""

    COUNTRIES, SCHEME, CHECK = ("no",), "fødselsnummer, D-nummer", "mod 11, twice, and date"
    SCORE, BARE = LIKELY, LIKELY
    PATTERNS = form("number", r"(?:[04][1-9]|[1256]\d|[37][01])(?:0[1-9]|1[0-2])\d{2}[ ]?\d{5}")
    CONTEXT = ("fødselsnummer", "fodselsnummer", "personnummer", "fnr", "d-nummer")

    @staticmethod
    def is_valid(number: str) -> bool:
        day = int(number[:2])
        if not is_day(int(number[2:4]), day - 40 if day > 40 else day):
            return False
        first = weighted(number, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) % 11
        return first == 0 and weighted(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


class PtNifRecognizer(NationalRecognizer):
    """NIF (Autoridade Tributária): those of persons begin with 1, 2, 3 or 45."""

    COUNTRIES, SCHEME, CHECK = ("pt",), "NIF", "mod 11"
    PATTERNS = form("NIF", r"(?:[123]\d|45)\d[ .]?\d{3}[ .]?\d{3}")
    CONTEXT = ("nif", "contribuinte", "número de identificação fiscal", "tax number")

    @staticmethod
    def is_valid(number: str) -> bool:
        return -weighted(number, range(9, 1, -1)) % 11 % 10 == int(number[8])


class PtCitizenCardRecognizer(NationalRecognizer):
    """Cartão de Cidadão (Portaria 203/2007): eight digits, one, two letters or digits; Luhn over all."""

    COUNTRIES, SCHEME, CHECK = ("pt",), "Cartão de Cidadão", "Luhn"
    SCORE, BARE = LIKELY, DOUBTFUL
    PATTERNS = form("card", r"\d{8}[ \-]?\d[ \-]?[A-Z]{2}\d")
    CONTEXT = ("cartão de cidadão", "cidadão", "cc")

    @staticmethod
    def is_valid(number: str) -> bool:
        return luhn(number)


class UkUtrRecognizer(NationalRecognizer):
    """Unique Taxpayer Reference (HMRC): the first digit is the check digit, mod 11."""

    COUNTRIES, SCHEME, CHECK = ("uk",), "UTR", "mod 11"
    PATTERNS = form("UTR", r"\d{5}[ ]?\d{5}K?")
    CONTEXT = ("utr", "unique taxpayer reference", "taxpayer reference", "self assessment")

    @staticmethod
    def is_valid(number: str) -> bool:
        return "21987654321"[weighted(number[1:10], (6, 7, 8, 9, 10, 5, 4, 3, 2)) % 11] == number[0]


EUROPE_WEST: tuple[type[NationalRecognizer], ...] = (
    AtSvnrRecognizer,
    DkCprRecognizer,
    FrSpiRecognizer,
    GrAfmRecognizer,
    GrAmkaRecognizer,
    IePpsnRecognizer,
    IsKennitalaRecognizer,
    LuMatriculeRecognizer,
    NoBirthNumberRecognizer,
    PtCitizenCardRecognizer,
    PtNifRecognizer,
    UkUtrRecognizer,
)
