"""Rejects findings of the model that by their form are not personal data: numbers of things, codes.

The model reads words. Rules tell better that a run of digits is part of a hash, that it counts what follows
("46057 entries") or that the word before names it ("order", "Rechnung"). The rules only remove findings.
"""

# ruff: noqa: SIM905, RUF001  # tables of words read best as prose; texts have curly apostrophes
from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from shield.analyzer.abbreviations import is_abbreviation
from shield.analyzer.called_things import is_called_thing
from shield.analyzer.codes_of_things import (
    is_alphabet,
    is_counting,
    is_no_address,
    is_no_code_of_places,
    is_no_place_nor_name,
    is_no_postcode,
    is_piece_of_code,
    is_row_of_letters,
    is_start_of_clause,
)
from shield.analyzer.label_words import is_label, is_possessive, may_be_possessive
from shield.analyzer.names_within import is_of_a_thing
from shield.analyzer.numbers_of_things import (
    CODES_OF_THINGS,
    OTHER_THINGS,
    is_code_of_a_thing,
    is_of_a_register,
    is_of_a_span,
    is_shelf,
    is_sum,
    is_thing_and_number,
    names_a_thing,
)
from shield.analyzer.recognizers.secret_words import is_said_of_secrets, secret_in
from shield.analyzer.surroundings import label_before
from shield.analyzer.whole_spans import whole_spelled

Beside = Callable[[], bool]
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

_NAMES_IT: Final = frozenset(
    """pin code otp password passcode zip zipcode postcode postal ssn social account acct card phone plz
    cp""".split()
)
"""Words that name the number after them as personal, whatever follows it."""
_GOES_ON: Final = frozenset(
    """a an and are as at because but by can cause dob email exp expire for from hello hey hi i i'd i'll
    i'm im if in is it it's its just let mam ma'am me my name no not now number of ok okay on or phone
    pin please plz pls sir so ssn sure tel thank thanks thx that that's thats the then there this thru
    to u und was we well what when which will with y ya yeah yep yes you your zip et e en è ist es
    est""".split()
)
"""Words that may follow a number without being counted by it; any other word is."""
_UNITS: Final = frozenset(
    """kg mg lb lbs oz cm mm km ft mile miles kb mb gb tb hz khz mhz ghz fps dpi px pixel pixels kw kwh
    percent units boxes pieces pcs packs pairs hour hours minute minutes second seconds day days week weeks
    month months giorni tage tagen jours días dias dagen dni mesi mois meses monate monaten maanden miesięcy
    zeichen caratteri caractères caracteres tekens znaków""".split()
)
"""Words that make the number before them a measure or a count."""
_MONEY: Final = frozenset(
    """euro euros eur dollar dollars usd pound pounds gbp zł zl złotych pln rupees chf franken reais
    bucks""".split()
)
_OF_POSTCODES: Final = frozenset("zip zipcode postcode postal plz cp".split())
_NO_STREETS: Final = _UNITS - {"mile"} | frozenset("way lane door ply star speed".split())  # "8 Mile Road"
_MONTHS: Final = frozenset(
    """jan january feb february mar march apr april may jun june jul july aug august sep sept september oct
    october nov november dec december""".split()
)
_NO_WAYS: Final = _MONTHS | frozenset("in at on to of and is for or with from by".split())
_MEASURED: Final = NUMBERS | {"STREET_ADDRESS", "LOCATION", "DATE_OF_BIRTH"}
_ENDS: Final = frozenset(
    """exp expires expire expiry expiration valid until issued gültig bis caducidad scadenza
    vervaldatum validade""".split()
)
"""Words before a date that is not a birth date."""
_COPULAS: Final = frozenset("es is ist est è jest are son".split())
"""Words between "user" and a user name, which are not the name."""
_OF_METERS: Final = frozenset("day night peak read reading meter import export usage consumption".split())
"""Words before a meter reading, which is not a postcode, whatever is next to it."""
_EXTENSIONS: Final = frozenset("ext extension durchwahl digicode interphone".split())
_EXCEPTION: Final = re.compile(r"(?:[a-z]\w{0,30}\.){1,6}[A-Z]\w{0,40}(?:Exception|Error)\b")
_LINE_OF_CODE: Final = re.compile(r"\.[a-z]{1,5}:\Z")
"""Before the number of a line: "Invoice.java:221"."""
_NUMBER_AND_YEAR: Final = re.compile(r"\d{1,5}/(?:19|20)\d\d")
_EPOCH: Final = re.compile(r"1[5-9]\d{8}")
_DOTTED: Final = re.compile(r"\w{1,30}(?:\.\w{1,30}){2,6}|[a-z]\w{0,30}\.[A-Za-z]{1,20}[a-z][A-Z]\w{1,20}")
_OF_PLACES: Final = frozenset({"LOCATION", "PERSON", "STREET_ADDRESS"})
_AMOUNT_OF: Final = re.compile(r"[^\W\d_]{1,30},\d{1,7}(?:\.\d{1,2})?")
"""Two adjacent cells of a row: "VIP,499.00"."""
_DIMENSIONS = re.compile(r"\d{1,6}(?:[.,]\d{1,3})?(?: ?[x×] ?\d{1,6}(?:[.,]\d{1,3})?){1,2}")
_COLOURS: Final = frozenset(
    "black blue red green white navy grey gray pink purple silver gold beige teal turquoise".split()
)
_PLACES: Final = frozenset(("STREET_ADDRESS", "LOCATION"))
_LONGEST: Final = 60  # code points of a number with what belongs to it
_LONGEST_CARD: Final = 19  # digits (ISO/IEC 7812)
_COUNTED: Final = 7  # digits from which a number is not a count
_LEAST: Final = 3
_SIGNS: Final = "\"'{}()[]\\,;<>"
_MOST_COUNTED: Final = 9  # digits; more are a phone number before what is counted in a sentence
_COUNTS: Final = frozenset(
    "items entries rows records files users customers orders units requests messages lines bytes".split()
)
"""Things that even long numbers count."""
_WORD_BEHIND = re.compile(r"(?<=[0-9])[^\S\n]+[^\W\d_]{3,}$")
_WORDS = re.compile(r"[^\W_]+")
_ESCAPES: Final = frozenset("nrtbfuvxa")
_MARKS: Final = frozenset(
    "registration quality trade question check hall bench water book exclamation punctuation birth".split()
)
"""Words that make the "Mark" after them a thing."""
_VERBS: Final = frozenset("mark chase drew".split())
_OBJECTS: Final = frozenset(
    "as it this that them these all every each my your paid done complete up off down".split()
)
"""What people mark, and as what; these seldom follow a name."""
_PARTS: Final = frozenset("art abs par sec fig cap emp".split())
"""Numbered parts of laws and lists; other short words may be names ("This is Amy. 2 nights")."""
_ARTICLE: Final = re.compile(r"\.[ ]?\d{1,3}(?![\d:])|[ ](?:no|nr)\.?[ ]\d{4}")
_ASCII_WORDS = re.compile(r"[0-9a-z]+")  # the same for lower-case ASCII, several times as fast
_TIME_OR_SHARE = re.compile(r"T\d\d:|[ ]?%")
"""What follows the date of a log line, or a number that looks like a date."""
_AFTER = re.compile(r"[^\S\n]*([^\W\d_][\w'’]*)")


def is_plausible(text: str, start: int, end: int, label: str, *, beside: Beside) -> bool:
    """Whether `text[start:end]` can be what the model says it is. Reads a bounded number of characters.

    `beside` tells whether the model found a name or an address next to it (a postcode and its city);
    it is called only for short numbers.
    """
    span = text[start : min(end, start + 200)]
    if span.isascii():
        words = _ASCII_WORDS.findall(span.lower())
    else:
        words = [word.lower() for word in _WORDS.findall(span)]
    if not words or is_label(words):
        return False
    if label in _MEASURED and words[0][0].isdecimal() and _is_measure(span, words):
        return False
    if label in NUMBERS:
        return not _is_part(text, start, end) and _is_number(text, (start, end), words, label, beside)
    if label in _OF_PLACES:
        return not _is_no_name(text, (start, end), words, label)
    if label == "EMAIL_ADDRESS":
        if words[0] == "at" or _EXCEPTION.match(text, start) is not None or is_no_address(text, start, end):
            return False
        return not _is_piece(text, start, end, words, label)
    if label == "DATE_OF_BIRTH":
        if _TIME_OR_SHARE.match(text, end) is not None or is_of_a_span(text, start, end):
            return False
        return not _is_piece(text, start, end, words, label) and _ENDS.isdisjoint(label_before(text, start))
    return True


def _is_no_name(text: str, place: tuple[int, int], words: Sequence[str], label: str) -> bool:
    """Whether a supposed person, place or address is none."""
    start, end = place
    short = len(words[0]) <= _LEAST
    if short and (
        is_abbreviation(text, start, end, words)
        or is_start_of_clause(text, start, end)
        or (is_row_of_letters(words) and (is_alphabet(words) or names_a_thing(text, start)))
    ):
        return True
    if is_piece_of_code(text, start, end, words, label) or _is_command(text, start):
        return True
    if len(words) == 1:
        if _is_my(text, start, words):
            return True
        if label == "LOCATION" and words[0] in _COLOURS:  # of persons, White is a name
            return True
    elif is_thing_and_number(words):
        return True
    if is_no_place_nor_name(text, start, end, words) or is_of_a_thing(text, start, end, words):
        return True
    if is_called_thing(text, start, end, words, label):
        return True
    if label == "STREET_ADDRESS" and (
        is_shelf(words)
        or _is_way_of_speech(text, end, words)
        or _AMOUNT_OF.fullmatch(text, start, end) is not None
    ):
        return True
    if label != "PERSON":
        if _is_piece(text, start, end, words, label):
            return True
    elif len(words) == 1 and _is_no_name_here(text, start, end, words[0]):
        return True
    elif (
        end - start < _LEAST + 1 and len(text[start:end].strip(_SIGNS)) <= 1
    ):  # of places, "S" may be one of "U. S."
        return True
    if text.startswith("(", end) and text.find(".", start, end) > 0:  # "crm.upsert("
        return True
    dot = text.find(".", start, end)
    return (dot >= 0 and _is_dotted(text, start, end)) or _is_in_digits(text, start, end)


def _is_command(text: str, start: int) -> bool:
    r"""Whether a word is a command of LaTeX (`\hline`), and not behind an escape in a string (`\nana`)."""
    return start > 0 and text[start - 1] == "\\" and text[start].islower() and text[start] not in _ESCAPES


def _is_no_name_here(text: str, start: int, end: int, word: str) -> bool:
    """Whether a word alone is the verb of "mark as paid", "Art" of "Art. 17", or "Emp" of "Emp no 10442"."""
    if word == "mark" and not _MARKS.isdisjoint(label_before(text, start)[-1:]):
        return True
    if word in _VERBS:
        return text[start].islower() and _counted(text, end) in _OBJECTS
    return word in _PARTS and _ARTICLE.match(text, end) is not None


def _is_number(text: str, place: tuple[int, int], words: Sequence[str], label: str, beside: Beside) -> bool:
    """Whether a number or code is personal, by what names it and what it counts."""
    start, end = place
    joined = "".join(words)
    whole = joined.isdecimal()
    figures = len(joined) if whole else sum(map(str.isdigit, joined))
    span = text[start : min(end, start + 200)]
    if not figures:
        if text.startswith("=", end) and text[end + 1 : end + 2].isalnum():  # an assignment in code
            return False
        if label not in {"PASSWORD", "USERNAME"} and (
            names_a_thing(text, start) or is_sum(text, start, words, label)
        ):
            return False  # "order number is four four one"
        if label == "POSTCODE":
            first, last = whole_spelled(text, start, end)
            if is_abbreviation(text, first, last, _WORDS.findall(text[first:last].lower())):
                return False
        if label == "PASSWORD":  # "my password is expired"
            return len(span) > 1 and (not is_said_of_secrets(words[0]) or secret_in(span) > 0)
        if label == "USERNAME":
            return len(words) > 1 or words[0] not in _COPULAS
        return len(words) > 1
    before = label_before(text, start)
    said = before[-1] if before else ""
    if (
        said in OTHER_THINGS
        or (said == "code" and is_code_of_a_thing(before))
        or text[start - 1 : start] == "#"
        or is_of_a_register(text, start)
    ):
        return False
    if label == "PASSWORD" and len(words) > 1 and words[-1] in _UNITS and is_said_of_secrets(words[0]):
        return False  # "expires every 90 days"
    if label == "POSTCODE":
        if (len(words) > _LEAST and is_counting(words)) or said in _OF_METERS:
            return False
        if said not in _OF_POSTCODES and is_no_code_of_places(text, start, end, before) and not beside():
            return False
    if label in {"POSTCODE", "PHONE_NUMBER"} and _is_of_a_record(text, start, span, label, said):
        return False
    if (
        label == "CREDIT_CARD"
        and whole
        and (figures > _LONGEST_CARD or (figures < _COUNTED and said in CODES_OF_THINGS))
    ):
        return False
    of_money = figures < _COUNTED and said not in _NAMES_IT
    if of_money and (words[-1] in _MONEY or _counted(text, end) in _MONEY):
        return False
    if not (whole and span.replace(" ", "").isdecimal()):
        return True
    if figures >= _COUNTED:
        return figures > _MOST_COUNTED or _counted(text, end) not in _COUNTS
    if figures < _LEAST:
        return False
    if said in _NAMES_IT or beside():
        return True
    if label == "POSTCODE" and is_no_postcode(text, start, _GOES_ON):
        return False
    counted = _counted(text, end)
    return not counted or counted in _GOES_ON


def _is_piece(text: str, start: int, end: int, words: Sequence[str], label: str) -> bool:
    """Whether it is cut out of a hash or a UUID ("e89" of 123e4567-e89b-12d3), or ends in a distance."""
    if len(words) > 1:
        return label == "STREET_ADDRESS" and words[-1] in _UNITS and words[-2].isdecimal()
    if words[0].isdecimal() and label in _PLACES:
        return _is_part(text, start, end)
    cut = text[max(0, start - 1) : start].isalnum() or text[end : end + 1].isalnum()
    return cut and (label == "EMAIL_ADDRESS" or any(map(str.isdigit, words[0])))


def _is_in_digits(text: str, start: int, end: int) -> bool:
    """Whether digits stand directly before and after it, as in a hash."""
    return text[end : end + 1].isdigit() and text[max(0, start - 1) : start].isdigit()


def _is_dotted(text: str, start: int, end: int) -> bool:
    """Whether it is the name of a class ("c.e.OrderService")."""
    return _DOTTED.fullmatch(text, start, min(end, start + 200)) is not None


def _is_of_a_record(text: str, start: int, span: str, label: str, said: str) -> bool:
    """Whether it is "118/2024", seconds since 1970 in code, or a phone extension rather than a postcode."""
    if _NUMBER_AND_YEAR.fullmatch(span):
        return True
    if label == "POSTCODE":
        return said in _EXTENSIONS
    value_of_code = text[max(0, start - 2) : start].strip()[-1:] in {":", "="}
    return value_of_code and said not in _NAMES_IT and _EPOCH.fullmatch(span) is not None


def _counted(text: str, end: int) -> str:
    """The word after a span, in lower case."""
    after = _AFTER.match(text, end)
    return after.group(1).lower().replace("’", "'") if after is not None else ""


def _is_my(text: str, start: int, words: Sequence[str]) -> bool:
    if not may_be_possessive(words):  # checked for each name: reading the text before it costs more
        return False
    before = label_before(text, start)
    return bool(before) and is_possessive(words, before[-1])


def _is_way_of_speech(text: str, end: int, words: Sequence[str]) -> bool:
    """Whether it is a "2 way street", or ends in what is counted: "second street and drive 2" miles."""
    lanes = len(words) > 1 and words[0].isdecimal()
    if lanes and (words[1] in _NO_STREETS or (len(words) == 2 and words[1] in _NO_WAYS)):  # noqa: PLR2004  # "1 sept"
        return True
    return words[-1].isdecimal() and _counted(text, end) in _UNITS


def end_of_number(text: str, start: int, end: int, label: str) -> int:
    """The true end of a long number of the model's: a word after it ("4111 1111 1111 1111 today") is no part.

    Reads a bounded number of characters.
    """
    if label not in NUMBERS or end - start > _LONGEST:
        return end
    behind = _WORD_BEHIND.search(text, start, end)
    if behind is None or sum(map(str.isdigit, text[start : behind.start()])) < _COUNTED:
        return end
    return behind.start()


def _is_measure(span: str, words: Sequence[str]) -> bool:
    """Whether the span is "460 kg", "9 boxes, 785 kg", "2552 x 1256" or the "24/7" of opening hours."""
    if words[-1] not in _UNITS:
        return span == "24/7" or (("x" in span or "×" in span) and _DIMENSIONS.fullmatch(span) is not None)
    numbers, units = words[::2], words[1::2]
    return (
        len(numbers) == len(units)
        and all(map(str.isdecimal, numbers))
        and all(unit in _UNITS for unit in units)
    )


def _is_part(text: str, start: int, end: int) -> bool:
    """Whether the span is cut out of a longer code, or is the whole part of an amount."""
    if start and (text[start - 1].isalnum() or text[start - 1] == "_"):
        return True
    if text[start - 1 : start] == ":" and _LINE_OF_CODE.search(text, max(0, start - 7), start) is not None:
        return True
    if start > 1 and text[start - 1] in "-.," and text[start - 2].isalnum():
        return True
    if end < len(text) and (text[end].isalnum() or text[end] == "_"):
        return True
    return end + 1 < len(text) and text[end] in "-.,:" and text[end + 1].isalnum()
