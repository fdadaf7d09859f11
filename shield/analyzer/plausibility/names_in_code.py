r"""Recognizes names, places and addresses of the model that are pieces of program code, logs and settings.

A model reads words: a function of a stack frame, the scheme of a URL, a font and the city of a time zone
look to it like names, and so do "jordan" of `jordan-worker-5f6b`, "chelsea" of `props.chelsea.items` and
`\hline`. What they stand in and what stands directly beside them tells better. Each test reads a bounded
number of characters.
"""

# ruff: noqa: RUF001, RUF002  # typographic dashes
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_REACH: Final = 64  # code points that are read on each side
_LONGEST: Final = 200  # code points of a span that are read
_FRAME_BEFORE: Final = re.compile(r"(?:\A|\n)[^\S\n]{1,16}at (?:async |new )?\Z")
_FRAME_AFTER: Final = re.compile(r"[\w.$<>\[\] ]{0,80}\([^()\s]{1,200}:\d{1,7}(?::\d{1,7})?\)")
"""What follows the function of a stack frame: "    at renderRow (https://…/main.js:1:48213)"."""
_CALL: Final = re.compile(r"(?:\.[A-Za-z_]\w{0,60}\)?){2,8}\(|\.[a-z]\w{0,60}`")
"""A tagged template ("gql.query`"), or two members or more and a call: "Acme.Web.Login.Handle("."""
_HUMPS: Final = re.compile(r"[a-z]{2,20}(?:[A-Z][a-z0-9]{1,20}){2,6}")
_LATIN: Final = frozenset(("e.g", "e.g.", "i.e", "i.e."))
_AREAS: Final = "Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific"
_CITY: Final = r"[A-Z][A-Za-z]{1,20}(?:[_\-][A-Za-z]{1,20}){0,4}"
_ZONE: Final = re.compile(rf"(?:{_AREAS})/(?:{_CITY}/)?{_CITY}")
_IN_ZONE: Final = re.compile(rf"(?<![\w/])(?:{_AREAS})/(?:{_CITY}/)?\Z")
_AIRPORT: Final = re.compile(r"[A-Z]{3}")
_AIRPORT_BEFORE: Final = re.compile(r"(?<![^\W_])[A-Z]{3}[ ]?[–—\-/→][ ]?\Z")
_AIRPORT_AFTER: Final = re.compile(r"[ ]?[–—\-/→][ ]?[A-Z]{3}(?![^\W_])")
_PLACEHOLDER: Final = re.compile(r"\{\{\s?\w{1,30}\.(?:[\w.]{0,60}[._ ])?\Z")
_ESCAPES: Final = frozenset("nrtbfuvxa")
r"""Letters that follow a backslash in a string literal: the word begins after the letter (`\nana`)."""
_DOTTED: Final = re.compile(r"\w{1,30}(?:\.\w{1,30}){2,6}|[a-z]\w{0,30}\.[A-Za-z]{1,20}[a-z][A-Z]\w{1,20}")
"""The name of a class with its packages ("c.e.OrderService"), or of a method in camel case."""
_PACKAGE_BEFORE: Final = re.compile(r"(?<![\w@/.\-])(?:[a-z][a-z\d_]{0,20}\.){2,6}\Z")
_PACKAGE_BEGINS: Final = re.compile(r"[a-z]{1,3}\.[a-z]{2,20}(?=\.[a-z])")
_VARIABLE_BEFORE: Final = re.compile(
    r"(?<![^\W_])(?=[A-Z\d_]{0,40}(?:QUEUE|HOST|SERVER|SERVICE|DB|DATABASE|BUCKET|TOPIC|CLUSTER|NODE|APP|CACHE|INDEX|TABLE|SCHEMA|IMAGE|STACK|BRANCH|RELEASE))"
    r"(?![A-Z_]{0,40}(?:USER|OWNER|AUTHOR|CONTACT|PERSON|ADMIN|FIRST|LAST|FULL|CUSTOMER|ASSIGN|LOGIN))"
    r"[A-Z][A-Z\d]{1,20}(?:_[A-Z\d]{1,20}){1,5}=[\"']?\Z"
)
"""A variable of an environment that is about a thing and nobody, up to its value: "QUEUE_NAME=charlie"."""
_SERVICE: Final = re.compile(
    r"[a-z]{2,20}(?:-[a-z\d]{2,20}){0,3}-(?:api|app|bot|cache|ci|cron|db|dev|grpc|job|prod|proxy|qa|queue|server|service|staging|svc|test|ui|web|worker)"
)
_VALUE_BEFORE: Final = re.compile(r"[:=][ ]?[\"']?\Z")
_PARTS_BEHIND: Final = re.compile(r"(?:-[a-z]{2,20}){1,4}[\"']?[ ]?(?=[,}\n]|\Z)")
"""The rest of the name of a service, to the end of a member or line."""
_KEY_OF_PROJECT: Final = re.compile(r"[A-Z][A-Z\d_]{1,9}-?")
_OF_ITS_TICKET: Final = re.compile(r"-\d|(?<=-)(?:\d|\Z)")
_NO_VOWEL: Final = re.compile(r"[B-DF-HJ-NP-TV-XZ]{4,8}")
_OF_DASHES: Final = re.compile(r"[A-Z\d]{1,4}(?:-[A-Z\d]{1,4}){1,5}(?![\w\-])")
_WITH_VOWEL: Final = re.compile(r"[A-Z]*[AEIOUY]|NG|ST|MC|DR|M[RS]")
"""Begins what may be a name, or a part of one ("ST-LO"), among parts of a code."""
_SERVER: Final = re.compile(r"[a-z]{2,20}(?:-[a-z]{2,20}){0,3}-\d{1,4}")
_JOINED_BEFORE: Final = re.compile(r"[a-z0-9](?:[a-z0-9\-]{0,60}[a-z0-9])?-?\Z")
_JOINED_AFTER: Final = re.compile(r"-?[a-z0-9](?:[a-z0-9\-]{0,60}[a-z0-9])?")
_HASH: Final = re.compile(r"(?=[0-9a-f]{0,63}\d)[0-9a-f]{6,64}")
_FONTS_BEFORE: Final = re.compile(
    r"(?<![A-Za-z])font(?:-family[\"']?\s?:|[ ]face=|:\s?(?:[a-z]{1,10} ){0,3}[\d./]{1,8}(?:p[tx]|r?em|%))"
    r"[^.;:={}<>\n]{0,160}\Z"
    r"|[\"']font[\"']\s?:\s?[\"']\Z"
    r"|\\f\d{1,3}(?:\\\w{1,20}){0,6}[ ]\Z",
    re.IGNORECASE,
)
"""What stands before a font: a declaration of CSS, a member, or a number in the table of RTF."""
_BEFORE_VALUES: Final = frozenset("=\"' ")
_FONTS_REACH: Final = 200  # code points
_OF_ADDRESSES_BEFORE: Final = frozenset("/@.+_")
"""Signs before a word that make it part of an address or a path, which has its own recognizers."""


def is_of_code(text: str, start: int, end: int, words: Sequence[str], label: str) -> bool:
    """Whether a name, place or address is a word or piece of code, a code, or part of a time zone's name.

    `words` are those of the span, in lower case.
    """
    return (
        _is_word(text, start, end)
        or _is_time_zone(text, start, end)
        or (label == "PERSON" and _is_airport(text, start, end))
        or (label != "STREET_ADDRESS" and _is_of_identifier(text, start, end, words))
        or _is_font(text, start, end)
        or _is_command(text, start)
        or _is_dotted(text, start, end)
        or (len(words) == 1 and _is_value_of_code(text, start, end))
        or (len(words) == 1 and _is_code_of_letters(text, start, end))
        or (text.find("-", start, end) > 0 and _is_code_of_parts(text, start))
    )


def is_in_placeholder(text: str, start: int) -> bool:
    """Whether it ends an identifier within the braces of a template: "{{ticket.ticket_field_360012}}"."""
    low = max(0, start - _REACH)
    return text.find("{{", low, start) >= 0 and _PLACEHOLDER.search(text, low, start) is not None


def _is_word(text: str, start: int, end: int) -> bool:
    """Whether a name or place is a function, a module that is called, a scheme, or an alias of a table."""
    if text.startswith("://", end):
        return True
    following = text[end : end + 1]
    if following == "." and _CALL.match(text, end) is not None:
        return True
    if following in {" ", "("} or text.find(".", start, end) > 0:
        low = max(0, start - _REACH)
        frame = _FRAME_BEFORE.search(text, low, start) if text.find("at ", low, start) >= 0 else None
        if frame is not None and _FRAME_AFTER.match(text, end) is not None:
            return True
    if text[start].islower():
        if text[start:end] in _LATIN:
            return True
        if end - start == 2 and text[end - 1] == "." and following.isalnum():  # noqa: PLR2004  "g." of "g.name"
            return True
        return _HUMPS.fullmatch(text, start, end) is not None
    return False


def _is_of_identifier(text: str, start: int, end: int, words: Sequence[str]) -> bool:
    """Whether it is part of an identifier with digits ("jordan" of jordan-worker-5f6b), or of a hash."""
    if len(words) > 2 or not text[start].islower():  # noqa: PLR2004  "edge-01", "jordan"
        return False
    if text[max(0, start - 1) : start] == "." and len(words) == 1 and _is_member(text, start, end):
        return True
    if _SERVER.fullmatch(text, start, end) is not None or _SERVICE.fullmatch(text, start, end) is not None:
        return True
    return len(words) == 1 and _is_joined(text, start, end)


def _is_joined(text: str, start: int, end: int) -> bool:
    """Whether what stands directly beside a word makes it part of an identifier with digits."""
    before = _JOINED_BEFORE.search(text, max(0, start - _REACH), start)
    after = _JOINED_AFTER.match(text, end, end + _REACH)
    if before is None and after is None:
        return False
    low = start if before is None else before.start()
    high = end if after is None else after.end()
    if text[max(0, low - 1) : low] in _OF_ADDRESSES_BEFORE or text[high : high + 1] == "@":
        return False
    beside = text[low:start] + text[end:high]
    if "-" not in beside and _HASH.fullmatch(text, low, high) is None:
        return False
    return any(map(str.isdigit, beside))


def _is_member(text: str, start: int, end: int) -> bool:
    """Whether a word after a dot is a member in code: "props.chelsea.items", "(region: .dublin)"."""
    before = text[max(0, start - 2) : start - 1]
    if before == " " and text[max(0, start - 3) : start - 2].isalnum():  # "thanks .maria", "div .jordan {"
        return text[end : end + 2].lstrip()[:1] in {"{", "("}
    if not before or before in " (,=:[":
        return True
    if text[end : end + 1] != "." or not text[end + 1 : end + 2].isalpha():
        return False
    return (
        "@" not in text[max(0, start - _REACH) : end + _REACH]
        and "//" not in text[max(0, start - _REACH) : start]
    )


def _is_font(text: str, start: int, end: int) -> bool:
    r"""Whether it is a font in a style ("font-family: Georgia, Verdana") or a table (`\f0\fswiss Arial;`)."""
    low = max(0, start - _FONTS_REACH)
    if text.startswith(";", end) and text.rfind("\\f", low, start) >= 0:
        return _FONTS_BEFORE.search(text, low, start) is not None
    return text.rfind("font", low, start) >= 0 and _FONTS_BEFORE.search(text, low, start) is not None


def _is_command(text: str, start: int) -> bool:
    r"""Whether a word is a command of LaTeX (`\hline`), and not behind an escape in a string (`\nana`)."""
    return start > 0 and text[start - 1] == "\\" and text[start].islower() and text[start] not in _ESCAPES


def _is_dotted(text: str, start: int, end: int) -> bool:
    """Whether it is the name of a class ("c.e.OrderService"), or of a method at its call ("crm.upsert(")."""
    if text[max(0, start - 1) : start] == "." and text[max(0, start - 2) : start - 1].islower():
        return _PACKAGE_BEFORE.search(text, max(0, start - _REACH), start) is not None
    if text.find(".", start, end) < 0:
        return False
    begins = _PACKAGE_BEGINS.match(text, start)
    if begins is not None and begins.end() == end:
        return True
    return text.startswith("(", end) or _DOTTED.fullmatch(text, start, min(end, start + _LONGEST)) is not None


def _is_value_of_code(text: str, start: int, end: int) -> bool:
    """Whether a lower-case word is the value of an environment's variable, or begins a service's name."""
    if not text[start].islower() or text[max(0, start - 1) : start] not in _BEFORE_VALUES:
        return False
    end -= text[end - 1] == "-"
    if text.startswith("-", end):
        return (
            _PARTS_BEHIND.match(text, end) is not None
            and _VALUE_BEFORE.search(text, max(0, start - 3), start) is not None
        )
    return _VARIABLE_BEFORE.search(text, max(0, start - _REACH), start) is not None


def _is_time_zone(text: str, start: int, end: int) -> bool:
    """Whether it is part of the name of a time zone in the database of IANA: "Asia/Kolkata"."""
    begin = start
    if text[max(0, start - 1) : start] == "/":
        before = _IN_ZONE.search(text, max(0, start - _REACH), start)
        if before is None:
            return False
        begin = before.start()
    elif text.find("/", start, end + 1) < 0:
        return False
    zone = _ZONE.match(text, begin)
    return zone is not None and zone.end() >= end


def _is_airport(text: str, start: int, end: int) -> bool:
    """Whether it is one of two codes of airports: "LHR–JFK"."""
    return _AIRPORT.fullmatch(text, start, end) is not None and (
        _AIRPORT_BEFORE.search(text, max(0, start - 8), start) is not None
        or _AIRPORT_AFTER.match(text, end) is not None
    )


def _is_code_of_letters(text: str, start: int, end: int) -> bool:
    """Whether it is "PAY" of PAY-118, four or more capitals without a vowel, or assigned a value in code."""
    if text.startswith("=", end) or text.endswith("=", start, end):
        return True
    if not text[end - 1 : end].isupper() and text[end - 1 : end] != "-":
        return False
    if (
        _KEY_OF_PROJECT.fullmatch(text, start, end) is not None
        and _OF_ITS_TICKET.match(text, end) is not None
    ):
        return True
    return _NO_VOWEL.fullmatch(text, start, end) is not None


def _is_code_of_parts(text: str, start: int) -> bool:
    """Whether it begins a code of short parts, one of them without a vowel: "AMT-IV-L", "ELN-BR"."""
    code = _OF_DASHES.match(text, start)
    return code is not None and any(_WITH_VOWEL.match(part) is None for part in code[0].split("-"))
