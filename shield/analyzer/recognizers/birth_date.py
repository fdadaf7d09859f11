"""Finds dates of birth among dates: by a label on the same line or the line before, or as a caller's answer.

An answer is a text that is nothing but a date, written as people write ("14th September 1983",
"15 of the 5th 1938", "03/25/1998"), with a year up to 2010: so old a date in support text is a birth date.
ISO dates are not answers: machines write them for anything.
"""

# ruff: noqa: ARG002, E501, RUF001  # an interface; patterns, one a line; typographic apostrophes
from __future__ import annotations

from shield.analyzer import months
from shield.analyzer.recognizers import said_dates
from shield.analyzer.recognizers.labelled import (
    FARTHER,
    LABEL_START,
    Match,
    Sort,
    ValuePattern,
    ValuePatternRecognizer,
)
from shield.analyzer.recognizers.letter_case import CAPITAL
from shield.analyzer.recognizers.said_numbers import ONE, TEEN, TENS

_ENGLISH_MONTH = rf"(?:{months.one_of(months.ENGLISH)})"
_MONTH = rf"(?:{months.one_of(months.ENGLISH | months.ELSEWHERE)})\.?"
_DAY = r"(?:the\s)?(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|er|\.)?"
_YEAR = r"(?:1[89]\d{2}|20[0-2]\d)"
_WRITTEN = (
    rf"{_DAY}[\s,.\-]{{0,2}}(?:(?:of|de|di)\s)?{_MONTH}[\s,.\-/]{{0,2}}(?:(?:of|de|del|di)\s)?(?:{_YEAR}|'?\d{{2}})|"
    rf"{_MONTH}[\s.\-]{{0,2}}{_DAY}[\s,.\-]{{1,2}}(?:{_YEAR}|'?\d{{2}})|"
    rf"{_DAY}\s(?:of\s)?(?:the\s)?(?:0?[1-9]|1[0-2])(?:st|nd|rd|th)[\s,]{{1,2}}(?:of\s)?{_YEAR}"
)
_NUMERIC = (
    rf"(?:0?[1-9]|[12]\d|3[01])\s?[/.\-]\s?(?:0?[1-9]|[12]\d|3[01])\s?[/.\-]\s?(?:{_YEAR}|\d{{2}})|"
    rf"(?:0?[1-9]|[12]\d|3[01])[ \-](?:0?[1-9]|[12]\d|3[01])[ \-]{_YEAR}"
)
_ISO = rf"{_YEAR}[\-/.](?:0?[1-9]|1[0-2])[\-/.](?:0?[1-9]|[12]\d|3[01])|{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_DAYLESS = rf"{_MONTH}[\s,]{{1,2}}{_YEAR}|{_DAY}\s(?:of\s)?{_MONTH}|{_MONTH}\s{_DAY}|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:{_YEAR}|\d{{2}})|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:{_YEAR}|\d{{2}})"
"""Dates without a year or without a day, and eight or six figures with nothing between them."""
_DATE = rf"(?:{_ISO}|{_WRITTEN}|{_NUMERIC})"
_LABEL = (
    r"d\.?o\.?b\.?|dates? of birth|birth\s?dates?|b(?:irth\s?)?day|born(?:\son)?|geb\.?|geburtsdatum|geboren(?:\s(?:am|op))?|"
    r"née?\sle|date de naissance|fecha de nacimiento|f\. ?nac\.?|fecha nac\.?|nacid[oa](?:\sel)?|nac(?:í|i[óo])\sel(?:\sdía)?|data di nascita|nat[oa]\sil|"
    r"geboortedatum|data de nascimento|nascid[oa]\sem|nasc(?:i|eu)\s(?:em|[ao]|no\sdia)|data urodzenia|urodzon[ya]|urodził(?:a|am|em)?\ssię|ur\."
)
_LABELLED = rf"{LABEL_START}(?:{_LABEL})(?![^\W_])['’]?s?"
_ANSWER = (
    r"[^\W\d_]\.?[\s,.\-/']{0,3}\d"  # a month, an ordinal or "of", and the following day or year
    r"|\d\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?\d|\d[ \-]\d{1,2}[ \-]\d"  # figures
    r"|[0-3]\d[01]\d\s?(?:1[89]|20)"
)
"""Part of every date that may be an answer, and of few other numbers."""
_ANSWERED = Sort("answer, only up to the year `_LATEST_ANSWER`", 0.6)
_LATEST_ANSWER = 2010
_DAY_SAID = (
    r"(?:the\s)?(?:(?:twenty[\s\-])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|thirty[\s\-]first|"
    r"tenth|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth|(?:twent|thirt)ieth|"
    rf"(?:twenty[\s\-])?{ONE}|{TEEN}|twenty|thirty(?:[\s\-]one)?|(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?)"
)
_YEAR_SAID = (
    rf"(?:(?:eighteen|nineteen)[\s\-](?:hundred\s(?:and\s)?)?(?:{TENS}|(?:oh|o)[\s\-]{ONE})|"
    rf"two\sthousand(?:\s(?:and\s)?(?:{ONE}|{TEEN}))?)"
)
_MONTH_COUNTED = r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth)"
_DAY_AND_MONTH = rf"(?:{_DAY_SAID}\s(?:of\s)?{_ENGLISH_MONTH}|{_ENGLISH_MONTH}\s{_DAY_SAID})"
_SAID = rf"(?:{_DAY_AND_MONTH}[\s,]{{1,2}}(?:of\s)?{_YEAR_SAID}|{_YEAR_SAID}[\s,]{{1,2}}{_DAY_AND_MONTH}|{_DAY_SAID}\sof\s(?:the\s)?{_MONTH_COUNTED}[\s,]{{1,2}}(?:of\s)?{_YEAR_SAID})"

_DECADE_SAID = rf"(?:thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[\s\-]{ONE})?"
"""Two figures of a year as words; later decades are said of the future."""
_SPOKEN_ANSWER = (
    r"\A\s{0,3}(?:(?:sure|ok|okay|yes|yeah|yep|well|um|uh|so|and)[\s,.\-]{1,3}){0,2}"
    r"(?:(?:it['’]?s|it is|that['’]?s|this is|i was)\s)?(?:born\s)?(?:(?:on|in)\s)?"
)
_NUMBERS_SAID = rf"(?:{ONE}|{TEEN}|twenty(?:[\s\-]{ONE})?|thirty(?:[\s\-]one)?)"


class BirthDateRecognizer(ValuePatternRecognizer):
    """Dates of birth, in figures and in words."""

    ENTITY = "DATE_OF_BIRTH"
    PATTERNS = (
        ValuePattern(
            "label and date",
            rf"{_LABELLED}(?:\s?\([^)\n]{{1,12}}\))?{FARTHER}\s{{0,2}}(?:on\s|the\s)?"
            rf"(?P<value>{_DATE})(?![^\W_]|[/\-.]\d)",
            0.9,
            _LABEL,
        ),
        ValuePattern(
            "label and a date without day or year",
            rf"{_LABELLED}{FARTHER}\s{{0,2}}(?:on\s|in\s|the\s)?(?P<value>{_DAYLESS})(?![^\W_]|[/\-.]\d)",
            0.7,
            _LABEL,
        ),
        ValuePattern(
            "an answer",
            rf"\A\s{{0,3}}(?:(?:sure|ok|okay|yes|yeah|well|um|uh|so|and)[\s,.\-]{{1,3}})?(?:(?:it['’]?s|it is|that['’]?s|this is|i was|my|what['’]?s)\s)?(?:born\s(?:on\s)?)?"
            rf"(?P<value>{_WRITTEN}|{_NUMERIC}|{_MONTH}\s{_YEAR}|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\s?{_YEAR})[\s.!]{{0,3}}\Z",
            _ANSWERED,
            _ANSWER,
            longest=65,
        ),
        ValuePattern(
            "said in words",  # nobody says the date of a thing or event so, with its year
            rf"(?<![\w\-])(?P<value>{_SAID})(?![^\W_]|\s(?:and\s)?(?:twenty|thirty)\b)",
            0.62,
            r"\b(?:eighteen|nineteen|two\sthousand)\b",
            64,
            digits=False,
        ),
        ValuePattern(
            "an answer in words",
            rf"{_SPOKEN_ANSWER}(?P<value>{_DAY_AND_MONTH}[\s,]{{1,2}}(?:of\s)?{_DECADE_SAID}|"
            rf"{_DAY_SAID}\s(?:of\s)?(?:the\s)?{_MONTH_COUNTED}[\s,]{{1,2}}(?:of\s)?{_DECADE_SAID}|"
            rf"{_NUMBERS_SAID}\s{_NUMBERS_SAID}\snineteen[\s\-](?:{TENS}|(?:oh|o)[\s\-]{ONE}))[\s.!]{{0,3}}\Z",
            0.61,
            r"\b(?:thirty|forty|fifty|sixty|seventy|eighty|ninety|nineteen)\b",
            100,
            digits=False,
        ),
        ValuePattern(
            "born in a month or year, in words",
            rf"{LABEL_START}(?:born|birth\s?day|birth)(?:\sis)?\s(?:back\s)?(?:in|on)\s(?P<value>(?:{_ENGLISH_MONTH}\s(?:of\s)?)?{_YEAR_SAID})(?![^\W_])",
            0.85,
            r"born|birth",
            digits=False,
        ),
        ValuePattern(
            "label and words",
            rf"{_LABELLED}{FARTHER}\s{{0,2}}(?:on\s)?(?P<value>{_DAY_AND_MONTH}(?:[\s,]{{1,2}}(?:of\s)?(?:{_YEAR_SAID}|{TENS}))?)(?![^\W_])",
            0.85,
            _LABEL,
            digits=False,
        ),
        ValuePattern(
            "label, day and month by their numbers in words",
            rf"{_LABELLED}(?:\son\s(?:the|your)\s[^\W\d_]{{2,12}})?{FARTHER}\s{{0,2}}(?:on\s)?(?P<value>{_DAY_SAID}\s(?:of\s)?(?:the\s)?{_MONTH_COUNTED}(?:[\s,]{{1,2}}(?:of\s)?(?:{_YEAR_SAID}|{TENS}))?)(?![^\W_])",
            0.85,
            _LABEL,
            digits=False,
        ),
        ValuePattern(  # an old date in brackets after a name of two words, as in records of people
            "name and a date in brackets",
            r"(?<![^\W_])(?-i:[A-Z])[^\W\d_]{1,20},?[ ](?-i:[A-Z])[\w'’\-]{1,24}[ ]\((?:\*[ ]?)?(?P<value>\d{1,2}[./\-]\d{1,2}[./\-](?:19\d\d|200\d)|(?:19\d\d|200\d)-\d{2}-\d{2})\)",
            0.78,  # more than a phone number that words near make likely: (30.09.1951)
            r"[ ]\(\*?[ ]?\d{1,4}[./\-]\d{1,2}[./\-]\d{1,4}\)",
            72,
        ),
        ValuePattern(
            "of a passenger, in a request for documents",
            rf"{LABEL_START}docs[^\n]{{0,10}}[ /]P/[A-Z]{{3}}/[A-Z\d]{{5,12}}/[A-Z]{{3}}/(?P<value>\d{{2}}[A-Z]{{3}}(?:\d{{2}}){{1,2}})/",
            0.9,
            r"docs[^\n]{0,10}[ /]p/",
        ),
        ValuePattern(
            "name and a star with a date",
            rf"{CAPITAL}[^\W\d_]{{1,24}},?[ ]\(\*[ ]?(?P<value>{_NUMERIC}|{_ISO})\)",
            0.8,
            r"[ ]\(\*[ ]?\d",
            30,
        ),
        ValuePattern(
            "label and words of other languages",
            rf"{LABEL_START}(?:{_LABEL})(?![^\W_])['’]?s?{FARTHER}\s{{0,2}}(?:(?:am|le|el|il|op|dnia|no|dia|em|a)\s){{0,2}}"
            rf"(?P<value>{said_dates.DATE}|{said_dates.YEARS_APART}|{said_dates.DAY_AND_MONTH})(?![^\W_])",
            0.8,
            _LABEL,
            digits=False,
        ),
        ValuePattern(
            "said in words of other languages",
            rf"(?<![\w\-])(?P<value>{said_dates.DATE})(?![^\W_])",
            0.62,
            said_dates.YEAR_BEGINS,
            100,
            digits=False,
        ),
        ValuePattern(
            "an answer in words of other languages",
            rf"{said_dates.LEAD}(?P<value>{said_dates.YEARS_APART})[\s.!]{{0,3}}\Z",
            0.61,
            rf"{said_dates.DECADE_IN}|{said_dates.YEAR_BEGINS}",
            140,
            digits=False,
        ),
        ValuePattern(
            "date before its label",
            rf"(?<![\w/.-])(?P<value>{_DATE})(?= (?:is|was) (?:my|his|her|the) (?:date of birth|birth\s?da(?:te|y)|dob)\b)",
            0.85,
            r"\d (?:is|was) (?:my|his|her|the) ",
            56,
        ),
    )

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        if sort == _ANSWERED:
            digits = value.rstrip(". ")[-4:]
            if not digits.isdigit() or int(digits) > _LATEST_ANSWER:
                return 0.0
        return sort.score
