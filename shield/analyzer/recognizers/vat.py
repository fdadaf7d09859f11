"""Finds VAT numbers: with the letters of their country by check digits, and without them after a label.

A sole trader's VAT number looks like a company's, so the type is separate, for a policy to name or not. Where
the number is a person's own (a DNI, a personnummer, a rodné číslo after the country's letters), it is a
NATIONAL_ID as well. One check digit passes one number in ten, so such numbers count only beside a label or a
word of context; two check digits, or a unique form, are sufficient by themselves.
"""

# ruff: noqa: ARG002, E501  # an interface; patterns, one a line
from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Final

from shield.analyzer.recognizers.labelled import (
    SEPARATORS,
    Match,
    Sort,
    ValuePattern,
    ValuePatternRecognizer,
    labelled,
    parted,
)
from shield.analyzer.recognizers.vat_checks import SCHEMES, Scheme

_SURE, _OVER_LINES, _DOUBTFUL, _WEAK = 0.95, 0.78, 0.4, 0.2
_LABELLED = Sort("label", 0.8)
_WITH_LETTERS = Sort("letters of the country", _DOUBTFUL)
_BY_LETTERS: Final = MappingProxyType({scheme.letters: scheme for scheme in SCHEMES})
_SUFFIXES: Final = ("MWST", "TVA", "IVA", "MVA")
_CONTEXT: Final = (
    "vat", "vatin", "ust", "ustid", "ustidnr", "umsatzsteuer", "mwst", "uid", "tva", "iva", "piva", "btw", "nip", "moms",
    "mva", "cvr", "sales tax",
)  # fmt: skip
_LABELS: Final = (
    r"vat\s?(?:registration|reg\.?|identification|id|tax)?\s?-?(?:numbers?|no|nr|num|id|#)\.?|vatin|"
    r"ust\.?-?\s?id\.?-?(?:\s?(?:nummer|nr))?\.?|umsatzsteuer-?\s?(?:identifikations|id\.?-?)(?:nummer|nr)\.?|mwst\.?-?(?:nummer|nr)\.?|"
    r"(?:numéro|numero|n°|nº)\s(?:de\s)?tva(?:\sintra\w{0,15})?|tva\sintra\w{0,15}|nif[\s-]iva|nif\sintra\w{0,15}|"
    r"(?:número|numero|nº|núm\.?)\s(?:de\s)?iva|partita\siva|p\.?\s?iva|btw-?\s?(?:nummer|nr\.?|id)|"
    r"nip(?:[\s-]ue)?|(?:numer|nr)\svat|moms(?:registreringsnummer|nr|\snr)\.?"
)
_TRIGGER: Final = (
    r"vat\s?-?(?:reg|id|tax|nu|no|nr|#)|vatin|ust\.?-?\s?id|umsatzsteuer-?\s?id|mwst\.?-?n|\stva|tva\sintra|"
    r"nif[\s-]i|\siva|p\.?\s?iva|btw-?\s?(?:n|i)|nip[^a-z]|\svat|moms(?:reg|\s?nr)"
)


def _forms(schemes: Iterable[Scheme]) -> str:
    forms = []
    for scheme in schemes:
        letters = "(?:EL|GR)" if scheme.letters == "EL" else scheme.letters
        forms.append(rf"{letters}[ .\-]?{scheme.body}")
    return "|".join(forms)


def prefixed(schemes: Iterable[Scheme]) -> ValuePattern:
    """The country's letters and a number of its form."""
    return ValuePattern(
        "letters and number", rf"(?<![\w+\-])(?:{_forms(schemes)})(?![\w-]|[.,]\d)", _WITH_LETTERS
    )


def graded(value: str, *, persons: bool) -> float:
    """The score of a number with its letters; 0 where its check digits are wrong.

    `persons`: only numbers that are a person's own count.
    """
    plain = value.translate(SEPARATORS).upper()
    if not plain.isascii():
        return 0.0
    letters = "CHE" if plain.startswith("CHE") else plain[:2].replace("GR", "EL")
    scheme = _BY_LETTERS[letters]
    number = plain[len(letters) :]
    suffixed = number.endswith(_SUFFIXES)
    if suffixed:
        number = number.rstrip("MWSTVAI")
    if not scheme.holds(number) or (persons and (scheme.person is None or not scheme.person(number))):
        return 0.0
    if not value[:2].isupper() and not value[2:3].isalnum():
        return _WEAK  # "be", "it" and "no" are words
    written = letters == "CHE" and value[3:4] == "-" and value.count(".") == 2  # noqa: PLR2004  # CHE-123.456.789
    return _SURE if scheme.sure or suffixed or written else _DOUBTFUL


class VatNumberRecognizer(ValuePatternRecognizer):
    """VAT numbers of firms and of sole traders."""

    ENTITY = "VAT_NUMBER"
    CONTEXT = _CONTEXT
    PATTERNS = (
        prefixed(SCHEMES),
        ValuePattern(
            "label and number",
            labelled(
                _LABELS,
                r"(?:[A-Z]{2,3}[^\S\n]{0,2}[.\-_/|*·•\u2010-\u2015]?[^\S\n]{0,2})?[A-Z]?\d(?:[^\S\n]{0,2}[.\-_/|*·•\u2010-\u2015]?[^\S\n]{0,2}\d){6,12}(?:-?[A-Z]{1,2}\d{0,2})?",
                after=r"(?![\w-]|[.,]\d)",
            ),
            _LABELLED,
            _TRIGGER,
        ),
        ValuePattern(
            "label and number over lines",
            labelled(_LABELS, parted(_forms(SCHEMES), digits=False), after=r"(?![\w-]|[.,]\d)"),
            _OVER_LINES,
            _TRIGGER,
        ),
    )

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        if sort == _LABELLED:
            return sort.score
        sure = graded(value, persons=False)
        return sure if sort == _WITH_LETTERS else (_LABELLED.score if sure else 0.0)


class PersonalVatNumberRecognizer(ValuePatternRecognizer):
    """VAT numbers whose digits are a person's own number."""

    ENTITY = "NATIONAL_ID"
    CONTEXT = _CONTEXT
    PATTERNS = (prefixed(scheme for scheme in SCHEMES if scheme.person is not None),)

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        return graded(value, persons=True)
