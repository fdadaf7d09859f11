"""Synthetic numbers of the labelled national schemes, for the evaluation set, with valid check digits.

They are drawn at random in the form of the scheme until the check digits hold, so one can be a real person's
only by chance. Each slot has a sentence in English or in a language of its country (`evaluation_languages`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from benchmarks.evaluation_values import bsn, digits, nir
from shield.analyzer.luhn import luhn
from shield.analyzer.recognizers import national_labels as labels
from shield.analyzer.recognizers.national import europe_east, europe_west
from shield.analyzer.recognizers.national.americas import (
    ArCuitRecognizer,
    ClRutRecognizer,
    MxCurpRecognizer,
    MxRfcRecognizer,
)
from shield.analyzer.recognizers.national.asia_pacific import NzIrdRecognizer, NzNhiRecognizer
from shield.analyzer.recognizers.national.by_default import (
    BeNationalNumberRecognizer,
    BrCpfRecognizer,
    ChAhvRecognizer,
)
from shield.analyzer.recognizers.national.checks import mod_11_10
from shield.analyzer.recognizers.vat_checks import portuguese, spanish_person
from shield.analyzer.verhoeff import verhoeff

Random = random.Random
Draw = Callable[[Random], str]

_SEPARATORS: Final = str.maketrans("", "", " .-/")
_DRAWS: Final = 100_000  # two check digits hold once in a hundred draws


def formed(r: Random, form: str) -> str:
    """`form` filled in: `#` is a digit, `@` a letter, `Y`, `M`, `D` a year, month, day of two digits."""
    form = form.replace("YY", f"{r.randint(40, 99)}").replace("MM", f"{r.randint(1, 12):02d}")
    form = form.replace("DD", f"{r.randint(1, 28):02d}")
    return "".join(
        digits(r, 1) if c == "#" else r.choice("ABCDEFGHJKLMNPRSTUVWXYZ") if c == "@" else c for c in form
    )


def checked(*forms: str, holds: Callable[[str], bool]) -> Draw:
    """A number of one of the forms that, without its separators, satisfies `holds`."""

    def draw(r: Random) -> str:
        form = r.choice(forms)
        for _ in range(_DRAWS):
            value = formed(r, form)
            if holds(value.translate(_SEPARATORS)):
                return value
        raise ValueError(f"no number of the form {form}")

    return draw


def plain(*forms: str) -> Draw:
    """A number of one of the forms."""
    return lambda r: formed(r, r.choice(forms))


def _codice_fiscale(r: Random) -> str:
    body = formed(r, "@@@@@@YY") + r.choice("ABCDEHLMPRST") + formed(r, "DD@###")
    return next(
        body + letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if labels.codice_fiscale(body + letter)
    )


def _curp(r: Random) -> str:
    body = formed(r, "@@@@YYMMDD") + r.choice("HM") + formed(r, "@@@@@0")
    return next(
        (body + check for check in "0123456789" if MxCurpRecognizer.is_valid(body + check)),
        "BOXW310820HNERXN09",
    )


SCHEMES: Final[Mapping[str, tuple[Draw, str]]] = MappingProxyType(
    {
        "UK_NINO": (plain("AB######C", "JG ## ## ## A"), "My national insurance number is {}."),
        "UK_UTR": (checked("##########", holds=europe_west.UkUtrRecognizer.is_valid), "My UTR is {}."),
        "US_EIN": (plain("12-#######", "46-#######"), "Our EIN is {}."),
        "US_TAX_ID": (plain("20#######", "35-#######"), "Tax ID: {}"),
        "US_ALIEN": (plain("A###-###-###"), "alien registration number {}"),
        "CA_SIN": (checked("### ### ###", holds=luhn), "My SIN is {}."),
        "AU_TFN": (checked("### ### ###", holds=labels.tax_file_number), "My tax file number is {}."),
        "AU_MEDICARE": (checked("2### ##### #", holds=labels.medicare), "Medicare card number {}"),
        "US_MEDICARE": (plain("1EG4-TE#-MK##"), "My Medicare number is {}."),
        "IN_AADHAAR": (checked("3### #### ####", holds=verhoeff), "My Aadhaar number is {}."),
        "IN_PAN": (plain("ABCP@####@"), "PAN card: {}"),
        "IE_PPS": (checked("#######@", holds=europe_west.IePpsnRecognizer.is_valid), "My PPS number is {}."),
        "NZ_IRD": (checked("##-###-###", holds=NzIrdRecognizer.is_valid), "IRD number {}"),
        "NZ_NHI": (checked("Z@@####", holds=NzNhiRecognizer.is_valid), "NHI {}"),
        "ZA_ID": (checked("YYMMDD#####8#", holds=labels.south_african), "My ID number is {}."),
        "DE_STEUER_ID": (checked("4# ### ### ###", holds=mod_11_10), ""),
        "DE_STEUERNUMMER": (plain("###/###/#####"), ""),
        "DE_PENSION": (checked("65 DDMMYY @ ###", holds=labels.pension_number), ""),
        "DE_KVNR": (plain("A#########"), ""),
        "DE_PERSO": (plain("L#1X##T4##"), ""),
        "AT_SVNR": (checked("#### DDMMYY", holds=europe_west.AtSvnrRecognizer.is_valid), ""),
        "CH_AHV": (checked("756.####.####.##", holds=ChAhvRecognizer.is_valid), ""),
        "ES_DNI": (checked("########@", "########-@", holds=spanish_person), ""),
        "ES_NIE": (checked("X#######@", holds=spanish_person), ""),
        "ES_NUSS": (plain("28 ######## ##"), ""),
        "AR_DNI": (plain("##.###.###"), ""),
        "AR_CUIL": (checked("20-########-#", holds=ArCuitRecognizer.is_valid), ""),
        "CO_CEDULA": (plain("1.###.###.###"), ""),
        "MX_CURP": (_curp, ""),
        "MX_RFC": (checked("@@@@YYMMDD@##", holds=MxRfcRecognizer.is_valid), ""),
        "CL_RUT": (checked("1#.###.###-#", holds=ClRutRecognizer.is_valid), ""),
        "PT_NIF": (checked("2## ### ###", holds=portuguese), ""),
        "PT_CC": (plain("######## # ZZ#"), ""),
        "BR_CPF": (checked("###.###.###-##", holds=BrCpfRecognizer.is_valid), ""),
        "BR_RG": (plain("##.###.###-#"), ""),
        "FR_NIR": (nir, ""),
        "FR_SPI": (checked("30 ## ### ### ###", holds=europe_west.FrSpiRecognizer.is_valid), ""),
        "FR_CNI": (plain("88069#######"), ""),
        "IT_CF": (_codice_fiscale, ""),
        "IT_CI": (plain("CA#####AA"), ""),
        "BSN": (bsn, ""),
        "BE_NATIONAL": (
            checked("YY.MM.DD-###.##", holds=BeNationalNumberRecognizer.is_valid),
            "",
        ),
        "PL_PESEL": (checked("YYMMDD#####", holds=labels.pesel), ""),
        "PL_DOWOD": (checked("@@@######", holds=europe_east.PlIdCardRecognizer.is_valid), ""),
    }
)
"""Slot -> (how it is drawn, its sentence in English; empty where `evaluation_languages` has one)."""
