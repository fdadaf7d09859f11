"""Recognizes what the model takes for an e-mail address, and what is a site, a file, a class or a package.

Each test reads a bounded number of characters.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from typing import Final

_REACH: Final = 64  # code points that are read on each side
_EXCEPTION: Final = re.compile(r"(?:[a-z]\w{0,30}\.){1,6}[A-Z]\w{0,40}(?:Exception|Error)\b")
_ASSIGNED: Final = re.compile(r"[a-z]{1,10}=")
_SITE: Final = re.compile(r"[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,8}")
_GOES_ON: Final = re.compile(r"\s?(?:@|\[?\(?at\b)", re.IGNORECASE)
"""After half of an address."""
_WORD_ALONE: Final = re.compile(r"[A-Z][a-z]{2,40}")
_OF_MAIL: Final = re.compile(r"mail|address|correo|adress|outlook|yahoo|icloud|[@\n:]|\bat\b", re.IGNORECASE)
"""What makes a word an address: a provider in it or before it, or what asks for one."""
_ELLIPSIS: Final = re.compile(r"\bdot[ ,]{1,2}dot\b", re.IGNORECASE)
_PACKAGE: Final = re.compile(r"\bat (?:com|org|net|io|javax?|kotlin|scala)\.[a-z]")
"""A line of a stack trace: "at com.acme.Invoice"."""
_SAID_AT: Final = re.compile(
    r"(?:\A|[._\-])at[._\-]|at(?:gmail|yahoo|hotmail|outlook|icloud|aol)\.", re.IGNORECASE
)
_ENDS_OF_SITES: Final = frozenset(
    """com org net io dev app ai co eu uk us de fr es it nl pt pl be ch at ie in au ca info biz cloud
    example test local internal lan png jpg jpeg gif svg pdf doc docx xls xlsx csv txt zip htm html json xml
    yaml yml log exe dll bat msi iso jar py js ts java go rb php sh""".split()
)
"""Last labels of hosts, and endings of files."""


def is_no_address(text: str, start: int, end: int) -> bool:
    """Whether it is the name of a site, a file or a class: an e-mail address has an at sign or "at"."""
    if _EXCEPTION.match(text, start) is not None:
        return True
    if (
        text.startswith("@", start) and text[max(0, start - 1) : start] == "{"
    ):  # of DKIM: "{@example.com : pass}"
        return True
    while end > start and text[end - 1] == ".":  # "jdbc.spi." of a class, "ns1.example.com." of a zone
        end -= 1
    while start < end and text[start] == "/":  # "//ldap.example.com"
        start += 1
    assigned = _ASSIGNED.match(text, start, end)
    if assigned is not None:  # "d=example.com"
        start = assigned.end()
    if _ELLIPSIS.search(text, start, end) is not None or _PACKAGE.search(text, start, end) is not None:
        return True
    if _WORD_ALONE.fullmatch(text, start, min(end, start + _REACH)) is not None:  # "Safaricom"
        return _OF_MAIL.search(text, max(0, start - _REACH), end) is None
    if text.find("@", start, end) >= 0 or _SITE.fullmatch(text, start, end) is None:
        return False
    if _SAID_AT.search(text, start, end) is not None:
        return False
    cut = text.startswith(".", end) and text[end + 1 : end + 2].isalnum()
    cut = cut or (text[max(0, start - 1) : start] == "." and text[max(0, start - 2) : start - 1].isalnum())
    parts = text[start:end].lower().split(".")
    if "_" in parts[-1] and _GOES_ON.match(text, end) is None:  # the column "t.solved_at"
        return True
    return cut or len(parts) > 2 or parts[-1] in _ENDS_OF_SITES  # noqa: PLR2004  "john.smith" may be half of one
