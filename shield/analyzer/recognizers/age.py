"""Ages over 89, which identify a person (45 CFR 164.514(b)(2)(i)(C), HIPAA's safe harbour)."""

# ruff: noqa: E501, RUF001  # patterns and tables, one a line; typographic characters
from __future__ import annotations

from shield.analyzer.recognizers.labelled import LABEL_START, LINK, ValuePattern, ValuePatternRecognizer
from shield.analyzer.recognizers.letter_case import CAPITAL
from shield.analyzer.recognizers.said_numbers import ONE

_OLD = r"(?:9\d|1[01]\d|12[0-5])"
_OLD_SAID = rf"(?:ninety(?:[\s\-]{ONE})?|(?:a|one) hundred(?: and)?(?: (?:{ONE}|ten|eleven|twelve))?)"


_OLD_ELSEWHERE = (
    r"(?:quatre[ \-]vingt[ \-](?:dix(?:[ \-](?:sept|huit|neuf))?|onze|douze|treize|quatorze|quinze|seize)|noventa(?:[ ][ye][ ][^\W\d_]{2,6})?|novant[^\W\d_]{1,8}|"
    r"(?:[^\W\d_]{3,6}und)?neunzig|(?:[^\W\d_]{3,5}[eë]n)?negentig|dziewięćdziesiąt(?:[ ][^\W\d_]{3,8})?)"
)
_YEARS_ELSEWHERE = r"(?:años|ans|anni|anos|lata?|jahre|jaar)"


class AgeRecognizer(ValuePatternRecognizer):
    """Ages from 90 to 125, in figures and in words."""

    ENTITY = "AGE"
    PATTERNS = (
        ValuePattern(
            "number and unit",
            rf"(?<![\w.,$€£/-])(?P<value>{_OLD}[\s\-]{{0,2}}(?:years?|yrs?|yr)[\s\-]{{1,2}}(?:old|of age)|{_OLD}\s?y/?o|{_OLD}\s?(?-i:[FM])(?=[ ,;.)/])|{_OLD} (?:ans d'âge|Jahre alt|años de edad|anni d'età|anos de idade|jaar oud))(?![^\W_])",
            0.85,
        ),
        ValuePattern(
            "label and number",
            rf"{LABEL_START}(?:aged?|alter|edad|âge|età|idade|leeftijd|wiek){LINK}(?P<value>{_OLD})(?![\w%]|[.,:/-]\d|\s(?:%|days?|hours?|minutes?|weeks?|months?|seconds?))",
            0.75,
        ),
        ValuePattern(
            "person of that age",
            rf"(?<![\w.,])(?P<value>{_OLD})(?= (?:jährige[rn]?|{_YEARS_ELSEWHERE})(?![^\W_]))",
            0.4,
            rf"\d (?:jährige|{_YEARS_ELSEWHERE})",
            16,
        ),
        ValuePattern(
            "in words, with a label",
            rf"{LABEL_START}(?:aged?|turned|turning|turns)\s(?P<value>{_OLD_SAID})(?![^\W_])",
            0.75,
            r"\b(?:aged?|turn(?:ed|s|ing))\s|_(?:aged?|turn(?:ed|s|ing))\s",
            8,
            digits=False,
        ),
        ValuePattern(
            "in words, with a unit",
            rf"(?<![\w\-])(?P<value>{_OLD_SAID}[\s\-]years?[\s\-](?:old|of age))(?![^\W_])",
            0.75,
            r"\b(?:ninety|hundred)\b",
            12,
            digits=False,
        ),
        ValuePattern(
            "in words, of somebody",
            rf"{LABEL_START}(?:i am|i['’]m|he is|she is|s?he['’]?s|(?:mother|father|grandmother|grandfather|mom|mum|dad|grandma|grandpa|aunt|uncle) is) (?P<value>{_OLD_SAID})(?=\s{{0,2}}(?:$|[.,;!?\n]|and\b|now\b|so\b|but\b))",
            0.7,
            r"\b(?:ninety|hundred)\b",
            32,
            digits=False,
        ),
        ValuePattern(
            "in brackets behind a name",
            rf"{CAPITAL}[^\W\d_]{{1,24}}[ ]\((?P<value>{_OLD})(?=\)|,[ ]|[ ](?:y|anni|ans|años|anos|jahre|jaar|lat)(?![^\W_]))",
            0.7,
            r"[^\W\d_][ ]\(\d",
            30,
        ),
        ValuePattern(
            "behind a name, between commas",
            rf"{CAPITAL}[^\W\d_]{{1,24}}[ ](?:{CAPITAL}\.[ ])?{CAPITAL}[^\W\d_]{{1,24}},[ ](?P<value>{_OLD})(?=,[ ](?-i:[a-z])|\))",
            0.65,
            r"[^\W\d_],[ ]\d",
            60,
        ),
        ValuePattern(
            "has so many years, in words",
            rf"{LABEL_START}(?:tengo|tiene|cumple|cumplió|ai|a|avait|ho|ha|compie|tenho|tem|mam|ma|bin|ist|wird|ben|wordt) (?P<value>{_OLD_ELSEWHERE})(?= {_YEARS_ELSEWHERE}(?![^\W_]))",
            0.7,
            r"\b(?:quatre[ \-]vingt|novent|novant|[^\W\d_]{0,9}(?:neunzig|negentig)|dziewięćdziesiąt)",
            24,
            digits=False,
        ),
        ValuePattern(
            "has so many years",
            rf"{LABEL_START}(?:tengo|tiene|cumple|cumplió|ai|a|avait|ho|ha|compie|tenho|tem|mam|ma|wieku) (?P<value>{_OLD})"
            r"(?= (?:años|ans|anni|anos|lat)(?![^\W_]))",
            0.7,
            r"\d (?:años|ans|anni|anos|lat)",
            16,
        ),
        ValuePattern(
            "turned",
            rf"{LABEL_START}(?:i am|i['’]m|he is|she is|s?he['’]?s|(?:mother|father|grandmother|grandfather|mom|dad|grandma|grandpa|aunt|uncle) is|turned|turning|turns) (?P<value>{_OLD})(?=\s{{0,2}}(?:$|[.,;!?\n]|and\b|now\b|so\b|but\b|today\b|yesterday\b|last\s|this\s|on\s(?:the\s)?\d|in\s(?:the\s(?:spring|summer|autumn|fall|winter)|jan|feb|mar|apr|may|ju[nl]|aug|sep|oct|nov|dec|(?:19|20)\d)))",
            0.7,
        ),
    )
    CONTEXT = (
        *("paciente", "patient", "edad", "mujer", "varón", "hombre", "femme", "homme", "donna", "uomo"),
        *(
            "abuela",
            "abuelo",
            "madre",
            "padre",
            "suegra",
            "suegro",
            "oma",
            "opa",
            "mutter",
            "vater",
            "großmutter",
            "großvater",
        ),
        *("mère", "père", "maman", "papa", "nonna", "nonno", "suocera", "moeder", "vader", "schoonmoeder"),
        *(
            "avó",
            "avô",
            "vó",
            "vô",
            "mãe",
            "pai",
            "babcia",
            "babci",
            "dziadek",
            "dziadka",
            "mama",
            "mamy",
            "matka",
            "matki",
        ),
    )
