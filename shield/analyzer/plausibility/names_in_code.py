"""Recognizes names and places of the model that are words of program code, logs and settings.

A model takes a function of a stack frame, the scheme of a URL and the city of a time zone for names. The
form of what they stand in tells better. Each test reads a bounded number of characters.
"""

# ruff: noqa: RUF001, RUF002  # typographic dashes
from __future__ import annotations

import re
from typing import Final

_REACH: Final = 64  # code points that are read before a span
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


def is_word_of_code(text: str, start: int, end: int) -> bool:
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


def is_in_placeholder(text: str, start: int) -> bool:
    """Whether it ends an identifier within the braces of a template: "{{ticket.ticket_field_360012}}"."""
    low = max(0, start - _REACH)
    return text.find("{{", low, start) >= 0 and _PLACEHOLDER.search(text, low, start) is not None


def is_time_zone(text: str, start: int, end: int) -> bool:
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


def is_airport(text: str, start: int, end: int) -> bool:
    """Whether it is one of two codes of airports: "LHR–JFK"."""
    return _AIRPORT.fullmatch(text, start, end) is not None and (
        _AIRPORT_BEFORE.search(text, max(0, start - 8), start) is not None
        or _AIRPORT_AFTER.match(text, end) is not None
    )
