"""Finds personal numbers after labels in the eight languages, whatever the policy's languages.

Presidio has many of them, each for its own language, and the group `national` finds more by check digits alone. Here
the label gives certainty: it is read in every language, so that "mi DNI es …" is found under an English policy. The
check digits of a scheme must be right, unless the label and the form leave no other reading (a NINO, a personal
identity card). The Italian codice fiscale needs no label: nothing else has its form and its check letter.
"""

# ruff: noqa: ARG002, E501, RUF001, SIM905  # an interface; patterns; typographic characters; tables of words
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar, Final, NamedTuple

from shield.analyzer.luhn import luhn
from shield.analyzer.recognizers.labelled import (
    SEPARATORS,
    Match,
    Sort,
    ValuePattern,
    ValuePatternRecognizer,
    labelled,
    parted,
)
from shield.analyzer.recognizers.national.americas import (
    ArCuitRecognizer,
    ClRutRecognizer,
    MxCurpRecognizer,
    MxRfcRecognizer,
)
from shield.analyzer.recognizers.national.asia_pacific import NzIrdRecognizer, NzNhiRecognizer
from shield.analyzer.recognizers.national.checks import is_day, mod_11_10, value_of, weighted
from shield.analyzer.recognizers.national.europe_east import PlIdCardRecognizer
from shield.analyzer.recognizers.national.europe_west import (
    AtSvnrRecognizer,
    FrSpiRecognizer,
    IePpsnRecognizer,
    UkUtrRecognizer,
)
from shield.analyzer.recognizers.vat_checks import portuguese, spanish_person
from shield.analyzer.verhoeff import verhoeff

_LABELLED, _SURE = 0.85, 0.95
_LEAST_DIGITS: Final = 4  # of a codice fiscale; fewer look like words
NO: Final = r"(?:[\s\-]{1,2}(?:(?:numbers?|num|no|nr|nummer|número|numero|numéro|id|code)\b\.?|n°|nº)|\s?#)?"
_NO_CAMPUS: Final = frozenset("00 07 08 09 17 18 19 28 29 49 69 70 78 79 89 96 97".split())
_ODD_OF_CODE: Final = MappingProxyType(
    dict(
        zip(
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
            strict=True,
        )
    )
)  # fmt: skip


def codice_fiscale(number: str) -> bool:
    """The sixteenth letter over the others, mod 26 (Decreto ministeriale 23 dicembre 1976)."""
    total = sum(
        _ODD_OF_CODE[c] if place % 2 == 0 else value_of(c) - (10 if c.isalpha() else 0)
        for place, c in enumerate(number[:15])
    )
    return total % 26 == ord(number[15]) - 65


def pesel(number: str) -> bool:
    """Weights 1, 3, 7, 9 mod 10, and a date with its century in the month (ustawa z 24 IX 2010)."""
    dated = is_day(int(number[2:4]) % 20, int(number[4:6]))
    return dated and weighted(number, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def south_african(number: str) -> bool:
    """A date and Luhn (Identification Act 68 of 1997)."""
    return is_day(int(number[2:4]), int(number[4:6])) and luhn(number)


def tax_file_number(number: str) -> bool:
    """Nine digits mod 11 (Australian Taxation Office)."""
    return weighted(number, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0


def medicare(number: str) -> bool:
    """The ninth of ten or eleven digits (Services Australia)."""
    return weighted(number[:8], (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == int(number[8])


def pension_number(number: str) -> bool:
    """Versicherungsnummer of the German pension insurance (VKVV, paragraph 4)."""
    figures = number[:8] + f"{ord(number[8]) - 64:02d}" + number[9:11]
    weights = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
    total = sum(sum(divmod(int(c) * w, 10)) for c, w in zip(figures, weights, strict=True))
    return total % 10 == int(number[11])


def employer_number(number: str) -> bool:
    """An EIN begins with the two digits of a campus that issues them (Internal Revenue Manual 21.7.13)."""
    return number[:2] not in _NO_CAMPUS


def by_form(number: str) -> bool:  # noqa: ARG001  # a check that has nothing to check
    """For schemes without check digits in use: label and form suffice."""
    return True


class Scheme(NamedTuple):
    """`labels` and `value` as in `labelled`; `trigger` and `back` as in `ValuePattern`."""

    name: str
    labels: str
    value: str
    holds: Callable[[str], bool]
    trigger: str
    back: int = 48


_SCHEMES: Final = (
    # English
    Scheme("NG BVN, NIN", rf"bvn{NO}|nin{NO}", r"[1-9]\d{10}", by_form, r"(?:bvn|nin)[^a-z]"),
    Scheme("UK NINO", rf"national\sinsurance{NO}|n\.?i\.?\s(?:number|no)\.?|nino", r"(?:QQ|(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z])[ \-]?\d{2}[ \-]?\d{2}[ \-]?\d{2}[ \-]?[A-D]", by_form, r"l\sinsurance|i\.?\s(?:number|no)|nino[^a-z]"),
    Scheme("UK UTR", rf"utr{NO}|(?:unique\s)?taxpayer\sreference{NO}", r"\d{5}[ \-]?\d{5}K?", UkUtrRecognizer.is_valid, r"utr[^a-z]|taxpayer\sr"),
    Scheme("US EIN", rf"f?ein{NO}|employer\sid(?:entification)?{NO}", r"\d{2}-?\d{7}", employer_number, r"\bf?ein\W|employer\sid"),
    Scheme("US tax id", rf"(?:federal\s)?tax(?:payer)?[\s\-]id(?:entification)?{NO}|federal\stax{NO}|tin{NO}", r"\d{2}-?\d{7}|9\d{2}-\d{2}-\d{4}", employer_number, r"tax(?:payer)?[\s\-]id|federal\stax|\btin\W"),
    Scheme("US alien number", rf"(?:alien(?:\sregistration)?|uscis){NO}|a-(?:number|no\.?)", r"A?-?\d{3}[ \-]?\d{3}[ \-]?\d{3}", by_form, r"alien|uscis|a-n"),
    Scheme("CA SIN", rf"social\sinsurance{NO}|sin{NO}", r"\d{3}[ \-]?\d{3}[ \-]?\d{3}", luhn, r"l\sinsurance|sin[^a-z]"),
    Scheme("AU TFN", rf"tax\sfile{NO}|tfn{NO}", r"\d{3}[ \-]?\d{3}[ \-]?\d{3}", tax_file_number, r"tax\sfile|tfn[^a-z]"),
    Scheme("AU Medicare", rf"medicare(?:\scard)?{NO}", r"[2-6]\d{3}[ \-]?\d{5}[ \-]?\d(?:[ \-/]?\d)?", medicare, r"medicare"),
    Scheme("US Medicare", rf"medicare(?:\s(?:beneficiary|card))?{NO}|mbi{NO}", r"[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}", by_form, r"medicare|mbi[^a-z]"),
    Scheme("IN Aadhaar", rf"aadhaa?r(?:\scard)?{NO}|uidai{NO}", r"[2-9]\d{3}[ \-]?\d{4}[ \-]?\d{4}", verhoeff, r"aadha|uidai"),
    Scheme("IN PAN", rf"pan(?:\scard)?{NO}|permanent\saccount{NO}", r"[A-Z]{3}[ABCFGHJLPT][A-Z][ -]?\d{4}[ -]?[A-Z]", by_form, r"pan[^a-z]|permanent\sa"),
    Scheme("IE PPS", rf"pps\s?n?{NO}|personal\spublic\sservice{NO}", r"\d{7}[A-W][ABHWTX]?", IePpsnRecognizer.is_valid, r"ppsn?[^a-z]|c\sservice"),
    Scheme("NZ IRD", rf"ird{NO}|inland\srevenue{NO}", r"\d{2,3}[ \-]?\d{3}[ \-]?\d{3}", NzIrdRecognizer.is_valid, r"ird[^a-z]|d\srevenue"),
    Scheme("NZ NHI", rf"nhi{NO}", r"[A-HJ-NP-Z]{3}(?:\d{4}|\d{2}[A-HJ-NP-Z]{2})", NzNhiRecognizer.is_valid, r"nhi[^a-z]"),
    Scheme("ZA identity number", rf"(?:identity|id)(?:\scard)?{NO}", r"\d{6}[ ]?\d{4}[ ]?\d{3}", south_african, r"\d{6} ?\d{4} ?\d{3}", 96),
    # German
    Scheme("DE Steuer-ID", r"steuer-?\s?id(?:ent)?(?:-?\s?(?:nummer|nr))?\.?|steuer(?:liche\s)?identifikationsnummer|idnr\.?|identifikationsnummer", r"[1-9]\d[ ]?\d{3}[ ]?\d{3}[ ]?\d{3}", mod_11_10, r"steuer|idnr|identifik"),
    Scheme("DE Steuernummer", r"steuer-?\s?(?:nummer|nr)\.?|st\.?-?\s?nr\.?", r"\d{2,3}[ ]?/[ ]?\d{3,4}[ ]?/[ ]?\d{4,5}|\d{13}", by_form, r"steuer|st\.?-?\s?nr"),
    Scheme("DE Versicherungsnummer", r"(?:sozial|renten)versicherungs-?\s?(?:nummer|nr)\.?|(?:sv|rv)-?\s?(?:nummer|nr)\.?|versicherungsnummer", r"\d{2}[ ]?[0-3]\d[01]\d{3}[ ]?[A-Z][ ]?\d{3}", pension_number, r"versicherungs|[sr]v-?\s?n"),
    Scheme("AT Sozialversicherungsnummer", r"(?:sozial)?versicherungs-?\s?(?:nummer|nr)\.?|sv-?\s?(?:nummer|nr)\.?|svnr\.?", r"[1-9]\d{3}[ /\-]?\d{6}", AtSvnrRecognizer.is_valid, r"versicherungs|sv-?\s?n"),
    Scheme("DE Krankenversichertennummer", r"(?:kranken)?versicherten-?\s?(?:nummer|nr)\.?|kvnr\.?", r"[A-Z]\d{9}", by_form, r"versicherten|kvnr"),
    Scheme("DE Personalausweis", r"(?:personal)?ausweis-?\s?(?:nummer|nr)?\.?|perso", r"[CFGHJK-NPRTV-Z](?=[A-Z]{0,7}\d)[CFGHJK-NPRTV-Z\d]{8}\d?", by_form, r"ausweis|perso[^a-z]"),
    # Spanish, Portuguese
    Scheme("ES DNI, NIE, NIF", rf"dni{NO}|nie{NO}|nif{NO}|documento\s(?:nacional\s)?(?:de\s)?identidad{NO}", r"[KLMXYZ][ \-]?\d\.?\d{3}\.?\d{3}[ \-]?[A-Z]|\d{1,2}\.?\d{3}\.?\d{3}[ \-]?[A-Z]", spanish_person, r"(?:dni|nie|nif)[^a-z]|identidad"),
    Scheme("AR DNI", rf"dni{NO}", r"\d{2}\.\d{3}\.\d{3}|\d{8}", by_form, r"dni[^a-z]"),
    Scheme("CO cédula", rf"c[ée]dula(?:\sde\s(?:ciudadan[ií]a|identidad|extranjer[ií]a))?{NO}", r"\d{1,3}(?:\.\d{3}){2,3}(?:-\d)?|\d{7,10}(?:-\d)?", by_form, r"c.dula"),
    Scheme("MX CURP", rf"curp{NO}", r"[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z\d]\d", MxCurpRecognizer.is_valid, r"curp[^a-z]"),
    Scheme("MX RFC", rf"rfc{NO}", r"[A-Z&]{4}[ \-]?\d{6}[ \-]?[A-Z\d]{2}[\dA]", MxRfcRecognizer.is_valid, r"rfc[^a-z]"),
    Scheme("AR CUIT, CUIL", rf"cui[tl]{NO}", r"2[03-7][ \-]?\d{8}[ \-]?\d", ArCuitRecognizer.is_valid, r"cui[tl][^a-z]"),
    Scheme("CL RUT, RUN", rf"r\.?u\.?[tn]\.?{NO}", r"\d{1,2}\.?\d{3}\.?\d{3}-?[\dK]", ClRutRecognizer.is_valid, r"r\.?u\.?[tn][^a-z]"),
    Scheme("PT NIF", rf"nif{NO}|contribuinte{NO}", r"[123]\d{2}[ .]?\d{3}[ .]?\d{3}|45\d[ .]?\d{3}[ .]?\d{3}", portuguese, r"nif[^a-z]|contribuinte"),
    Scheme("PT Cartão de Cidadão", rf"cart[ãa]o\s(?:de\s|do\s)?cidad[ãa]o{NO}|bilhete\sde\sidentidade{NO}|cc(?=\s\d{{8}}\s?\d\s?[A-Z]{{2}}\d)", r"\d{8}(?:[ \-]?\d(?:[ \-]?[A-Z]{2}\d)?)?", by_form, r"cidad.o|bilhete|cc\s\d"),
    Scheme("BR RG", rf"rg{NO}|registro\sgeral{NO}", r"\d{1,2}\.\d{3}\.\d{3}-?[\dX]", by_form, r"rg[^a-z]|registro\sg"),
    # French, Italian, Dutch, Polish
    Scheme("FR numéro fiscal", r"(?:numéro|numero|n°|nº)\sfiscal|spi|identifiant\sfiscal", r"[0-3]\d[ ]?\d{2}[ ]?\d{3}[ ]?\d{3}[ ]?\d{3}", FrSpiRecognizer.is_valid, r"fiscal|spi[^a-z]"),
    Scheme("FR carte d'identité", r"carte\s(?:nationale\s)?d['’]\s?identité(?:\s(?:numéro|n°|nº|no))?|cni(?:\s(?:numéro|n°|nº))?", r"\d{12}|[A-Z\d]{2}\d[A-Z\d]{3}\d[A-Z\d]{2}", by_form, r"identit|cni[^a-z]"),
    Scheme("IT carta d'identità", r"carta\s(?:di\s|d['’]\s?)identit(?:à|a['’]?)(?:\s(?:numero|n°|n\.))?", r"C[A-Z]\d{5}[A-Z]{2}|A[A-Z][ ]?\d{7}", by_form, r"identit"),
    Scheme("PL PESEL", rf"pesel(?:u|em)?{NO}|(?:numer|nr)\spesel", r"\d{11}", pesel, r"pesel"),
    Scheme("PL dowód osobisty", r"dow(?:ód|odu|odem|od)(?:\sosobist\w{1,4})?(?:\s(?:numer|nr))?\.?", r"[A-Z]{3}[ ]?\d{6}", PlIdCardRecognizer.is_valid, r"dow.?d"),
)  # fmt: skip


def pattern_of(scheme: Scheme) -> ValuePattern:
    """The pattern of a label and a number of the scheme."""
    form = parted(scheme.value, digits=scheme.holds is not by_form)
    source = labelled(scheme.labels, form, after=r"(?![\w-]|[.,]\d)")
    return ValuePattern(scheme.name, source, _LABELLED, scheme.trigger, scheme.back)


def checks_of(schemes: Sequence[Scheme]) -> Mapping[str, Callable[[str], bool]]:
    """The check of each scheme by the source of its pattern."""
    return MappingProxyType({pattern_of(scheme).source: scheme.holds for scheme in schemes})


class LabelledNationalIdRecognizer(ValuePatternRecognizer):
    """The numbers of all schemes, each behind its label."""

    ENTITY = "NATIONAL_ID"
    PATTERNS = tuple(pattern_of(scheme) for scheme in _SCHEMES)
    CHECKS: ClassVar[Mapping[str, Callable[[str], bool]]] = checks_of(_SCHEMES)

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        value = value.translate(SEPARATORS)
        if not value.isascii():
            return 0.0
        return sort.score if self.CHECKS[match.re.pattern](value.upper()) else 0.0


class CodiceFiscaleRecognizer(ValuePatternRecognizer):
    """Letters of the name, a date, a municipality and a check letter; letters replace digits where two persons' are alike."""

    ENTITY = "NATIONAL_ID"
    PATTERNS = (
        ValuePattern(
            "codice fiscale",
            r"(?<![\w+\-])[A-Z]{3}[ ]?[A-Z]{3}[ ]?[\dL-NP-V]{2}[A-EHLMPRST][\dL-NP-V]{2}[ ]?[A-Z][\dL-NP-V]{3}[A-Z](?![\w-])",
            _SURE,
        ),
    )

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        number = value.replace(" ", "").upper()
        likely = value.isascii() and sum(map(str.isdigit, number)) >= _LEAST_DIGITS
        return sort.score if likely and codice_fiscale(number) else 0.0


class EsSocialSecurityRecognizer(ValuePatternRecognizer):
    """Spain, número de afiliación a la Seguridad Social, after its label: number mod 97, often miswritten."""

    ENTITY = "NATIONAL_ID"
    PATTERNS = (
        ValuePattern(
            "label and number",
            r"(?<![^\W_])(?:nass|nuss|n[ºo°]?\.? ?(?:de )?(?:afiliación|seguridad social|s\.? ?s\.?))\s{0,2}[:=]?\s{0,2}(?P<value>\d{2}[ /\-]?\d{7,8}[ /\-]?\d{2})(?![\w])",
            0.85,
            r"nass|nuss|afiliación|seguridad social|n[ºo°]?\.? ?(?:de )?s\.? ?s",
        ),
    )
