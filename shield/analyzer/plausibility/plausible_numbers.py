"""Rejects numbers and codes of the model that are no person's: parts of codes, counts, measures, sums, years.

A number is judged by its form, by the word that names it, and by the word that it counts. Each test reads a
bounded number of characters.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from shield.analyzer.plausibility.abbreviations import is_abbreviation
from shield.analyzer.plausibility.label_words import LABEL_WORDS
from shield.analyzer.plausibility.no_postcodes import is_counting, is_no_code_of_places, is_no_postcode
from shield.analyzer.plausibility.numbers_of_things import (
    CODES_OF_THINGS,
    OTHER_THINGS,
    first_of_row,
    is_code_of_a_thing,
    is_id_of_a_thing,
    is_of_a_register,
    is_sum,
    names_a_thing,
)
from shield.analyzer.plausibility.whole_spans import whole_spelled
from shield.analyzer.recognizers.secret_words import is_said_of_secrets, secret_in
from shield.analyzer.stems import stem
from shield.analyzer.surroundings import label_before

Beside = Callable[[], bool]
"""Tells whether the model found a name or an address next to a number (a postcode and its city)."""
NUMBERS: Final = frozenset(
    {
        "POSTCODE",
        "PHONE_NUMBER",
        "CREDIT_CARD",
        "US_SSN",
        "NATIONAL_ID",
        "ACCOUNT_NUMBER",
        "PASSWORD",
        "MEDICAL_ID",
        "VEHICLE_ID",
        "USERNAME",
    }
)
"""Labels whose spans are numbers or codes."""
UNITS: Final = frozenset(
    """kg mg lb lbs oz cm mm km ft mile miles kb mb gb tb hz khz mhz ghz fps dpi px pixel pixels kw kwh
    percent units boxes pieces pcs packs pairs hour hours minute minutes second seconds day days week weeks
    month months giorni tage tagen jours días dias dagen dni mesi mois meses monate monaten maanden miesięcy
    zeichen caratteri caractères caracteres tekens znaków""".split()
)
"""Words that make the number before them a measure or a count."""
LONGEST: Final = 200
"""Code points of a span that are read."""

_NAMES_IT: Final = frozenset(
    """pin code otp password passcode zip zipcode postcode postal ssn social account acct card phone plz
    cp""".split()
)
"""Words that name the number after them as personal, whatever follows it."""
_GOES_ON: Final = frozenset(
    """a amount an and are as at because but by can cause dob email exp expire for from hello hey hi i i'd
    i'll i'm im if in is it it's its just let mam ma'am me my name no not now number of ok okay on or phone
    pin please plz pls sir so ssn sure tel thank thanks thx that that's thats the then there this thru
    to u und was we well what when which will with y ya yeah yep yes you your zip et e en è ist es
    est""".split()
)
"""Words that may follow a number without being counted by it; any other word is."""
_LABEL_BEHIND: Final = re.compile(
    r"[^\S\n]*(?:account|acct|ac|card|ssn|phone|mobile|policy|member|zip|pin)[^\S\n]"
    r"(?:number|no|nr|num|code|id|last|ending)\b",
    re.IGNORECASE,
)
"""Names the number before it: "to 4478 account number". "1200 account holders" are counted."""
_MONEY: Final = frozenset(
    """euro euros eur dollar dollars usd pound pounds gbp zł zl złotych pln rupees chf franken reais
    bucks""".split()
)
_OF_POSTCODES: Final = frozenset("zip zipcode postcode postal plz cp".split())
_COPULAS: Final = frozenset("es is ist est è jest are son".split())
"""Words between "user" and a user name, which are not the name."""
_OF_LOGINS: Final = frozenset("outage outages downtime failure failures latency lockout lockouts".split())
"""What befalls logins: "login outage since noon"."""
_OF_METERS: Final = frozenset(
    stem(word)
    for word in """day night peak read reading meter import export usage consumption zählerstand
    stand ablesung relevé index lectura lettura meterstand leitura odczyt""".split()
)
"""Words before a meter reading, which is not a postcode, whatever is next to it."""
_EXTENSIONS: Final = frozenset("ext extension durchwahl digicode interphone".split())
_TAX_CODE: Final = re.compile(r"[SCK]?\d{1,4}[LMNT]")
"""How much of a wage is free of tax in the United Kingdom."""
_DIGEST: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
"""A commit, or what a block chain calls a transaction."""
_SECRETS: Final = frozenset(("PASSWORD", "USERNAME"))
_LINE_OF_CODE: Final = re.compile(r"\.[a-z]{1,5}:\Z")
"""Before the number of a line: "Invoice.java:221"."""
_LONGEST_ENDING: Final = 7  # code points that `_LINE_OF_CODE` can match
_NUMBER_AND_YEAR: Final = re.compile(r"\d{1,5}/(?:19|20)\d\d")
_EPOCH: Final = re.compile(r"1[5-9]\d{8}")
"""Seconds since 1970, of the years 2017 to 2033."""
_DIMENSIONS: Final = re.compile(r"\d{1,6}(?:[.,]\d{1,3})?(?: ?[x×] ?\d{1,6}(?:[.,]\d{1,3})?){1,2}")  # noqa: RUF001
_OPENING_HOURS: Final = "24/7"
_LONGEST_CARD: Final = 19  # digits (ISO/IEC 7812)
_COUNTED: Final = 7  # digits from which a number is not a count
_MOST_COUNTED: Final = 9  # digits; more are a phone number before what is counted in a sentence
_LEAST: Final = 3  # digits of a number of a person's
_COUNTS: Final = frozenset(
    "items entries rows records files users customers orders units requests messages lines bytes".split()
)
"""Things that even long numbers count."""
_LONGEST_NUMBER: Final = 60  # code points of a number with what belongs to it
_WORD_BEHIND: Final = re.compile(r"(?<=[0-9]),?[^\S\n]+[^\W\d_]{3,}(?:[^\S\n]+[^\W\d_]{1,30}){0,4}$")
_LABEL_FIRST: Final = re.compile(r"([a-z]{2,12})[.:]?[ ](?=\d)")
_WORDS: Final = re.compile(r"[^\W_]+")
_AFTER: Final = re.compile(r"[^\S\n]*([^\W\d_][\w'’]*)")  # noqa: RUF001


def is_number(text: str, start: int, end: int, words: Sequence[str], label: str, *, beside: Beside) -> bool:
    """Whether a number or code is personal. `words` are those of the span, in lower case.

    `beside` is called only for short numbers.
    """
    if is_part(text, start, end):
        return False
    joined = "".join(words)
    whole = joined.isdecimal()
    figures = len(joined) if whole else sum(map(str.isdigit, joined))
    span = text[start : min(end, start + LONGEST)]
    if not figures:
        return _is_said(text, start, end, words, label)
    before = label_before(text, first_of_row(text, start))
    said = before[-1] if before else ""
    if (
        (said in OTHER_THINGS and not (said == "tag" and label == "VEHICLE_ID"))  # a plate, in America
        or (said == "code" and (is_code_of_a_thing(before) or _TAX_CODE.fullmatch(span) is not None))
        or text[start - 1 : start] == "#"
        or is_of_a_register(text, start)
        or is_id_of_a_thing(text, start)
    ):
        return False
    if len(words) == 1 and label not in _SECRETS and _DIGEST.fullmatch(joined) is not None:
        return False
    if label == "PASSWORD" and len(words) > 1 and words[-1] in UNITS and is_said_of_secrets(words[0]):
        return False  # "expires every 90 days"
    if label == "POSTCODE":
        if (len(words) > _LEAST and is_counting(words)) or said in _OF_METERS:
            return False
        if said not in _OF_POSTCODES and is_no_code_of_places(text, start, end, before) and not beside():
            return False
        if whole and text[start - 1 : start] == "=" and _OF_POSTCODES.isdisjoint(before):
            return False  # "n=10482"
    if label in {"POSTCODE", "PHONE_NUMBER"} and _is_of_a_record(text, start, span, label, said):
        return False
    if (
        label == "CREDIT_CARD"
        and whole
        and (
            (figures > _LONGEST_CARD and "card" not in before)
            or (figures < _COUNTED and said in CODES_OF_THINGS)
        )
    ):
        return False
    of_money = figures < _COUNTED and said not in _NAMES_IT
    if of_money and (words[-1] in _MONEY or word_after(text, end) in _MONEY):
        return False
    if not (whole and span.replace(" ", "").isdecimal()):
        return True
    if figures >= _COUNTED:
        return figures > _MOST_COUNTED or word_after(text, end) not in _COUNTS
    if figures < _LEAST:
        return False
    if said in _NAMES_IT or beside():
        return True
    if label == "POSTCODE" and is_no_postcode(text, start, _GOES_ON):
        return False
    counted = word_after(text, end)
    return not counted or counted in _GOES_ON or _LABEL_BEHIND.match(text, end) is not None


def _is_said(text: str, start: int, end: int, words: Sequence[str], label: str) -> bool:
    """Whether a number in words, or a password or user name without digits, is personal."""
    if text.startswith("=", end) and text[end + 1 : end + 2].isalnum():  # an assignment in code
        return False
    if label == "PASSWORD":  # not "my password is expired"
        span = text[start : min(end, start + LONGEST)]
        return len(span) > 1 and (not is_said_of_secrets(words[0]) or secret_in(span) > 0)
    if label == "USERNAME":
        return len(words) > 1 or not (words[0] in _COPULAS or words[0] in _OF_LOGINS)
    if names_a_thing(text, start) or is_sum(text, start, words, label):
        return False  # "order number is four four one"
    if label == "POSTCODE":
        first, last = whole_spelled(text, start, end)
        if is_abbreviation(text, first, last, _WORDS.findall(text[first:last].lower())):
            return False
    return len(words) > 1


def _is_of_a_record(text: str, start: int, span: str, label: str, said: str) -> bool:
    """Whether it is "118/2024", seconds since 1970 in code, or a phone extension rather than a postcode."""
    if _NUMBER_AND_YEAR.fullmatch(span):
        return True
    if label == "POSTCODE":
        return said in _EXTENSIONS
    value_of_code = text[max(0, start - 2) : start].strip()[-1:] in {":", "="}
    return value_of_code and said not in _NAMES_IT and _EPOCH.fullmatch(span) is not None


def is_part(text: str, start: int, end: int) -> bool:
    """Whether the span is cut out of a longer code, or is the whole part of an amount."""
    if start and (text[start - 1].isalnum() or text[start - 1] == "_"):
        return True
    if (
        text[start - 1 : start] == ":"
        and _LINE_OF_CODE.search(text, max(0, start - _LONGEST_ENDING), start) is not None
    ):
        return True
    if start > 1 and text[start - 1] in "-.," and text[start - 2].isalnum():
        return True
    if end < len(text) and (text[end].isalnum() or text[end] == "_"):
        return True
    return end + 1 < len(text) and text[end] in "-.,:" and text[end + 1].isalnum()


def is_measure(span: str, words: Sequence[str]) -> bool:
    """Whether the span is "460 kg", "9 boxes, 785 kg", "2552 x 1256" or the "24/7" of opening hours."""
    if words[-1] not in UNITS:
        return span == _OPENING_HOURS or (
            ("x" in span or "×" in span) and _DIMENSIONS.fullmatch(span) is not None  # noqa: RUF001
        )
    numbers, units = words[::2], words[1::2]
    return (
        len(numbers) == len(units)
        and all(map(str.isdecimal, numbers))
        and all(unit in UNITS for unit in units)
    )


def word_after(text: str, end: int) -> str:
    """The word after a span on its line, in lower case; empty where there is none."""
    after = _AFTER.match(text, end)
    return after.group(1).lower().replace("’", "'") if after is not None else ""  # noqa: RUF001


def end_of_number(text: str, start: int, end: int, label: str) -> int:
    """The end of a long number without the words behind it: "4111 1111 1111 1111 today"."""
    if label not in NUMBERS or end - start > _LONGEST_NUMBER:
        return end
    behind = _WORD_BEHIND.search(text, start, end)
    if behind is None or sum(map(str.isdigit, text[start : behind.start()])) < _COUNTED:
        return end
    return behind.start()


def start_of_number(text: str, start: int, end: int, label: str) -> int:
    """The start of a number without its label in lower case: "ac 70872490".

    A postcode begins with letters, which those who hear it write as a word: "and 7 9 3 S X" of N79 3SX.
    """
    if label not in NUMBERS or label == "POSTCODE" or not text[start].islower():
        return start
    word = _LABEL_FIRST.match(text, start, end)
    return word.end() if word is not None and word[1] in LABEL_WORDS else start
