r"""Recognizes names, places and e-mail addresses of the model that are pieces of program code or identifiers.

A model reads words: "jordan" of `jordan-worker-5f6b`, "chelsea" of `props.chelsea.items` and `\hline` look to
it like names, and `example.png` like half an address. What stands directly beside them tells better. Each
test reads a bounded number of characters.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_REACH: Final = 64  # code points that are read on each side
_LONGEST: Final = 200  # code points of a span that are read
_ESCAPES: Final = frozenset("nrtbfuvxa")
r"""Letters that follow a backslash in a string literal: the word begins after the letter (`\nana`)."""
_DOTTED: Final = re.compile(r"\w{1,30}(?:\.\w{1,30}){2,6}|[a-z]\w{0,30}\.[A-Za-z]{1,20}[a-z][A-Z]\w{1,20}")
"""The name of a class with its packages ("c.e.OrderService"), or of a method in camel case."""
_KEY_OF_PROJECT: Final = re.compile(r"[A-Z][A-Z\d_]{1,9}-?")
_OF_ITS_TICKET: Final = re.compile(r"-\d|(?<=-)(?:\d|\Z)")
_NO_VOWEL: Final = re.compile(r"[B-DF-HJ-NP-TV-XZ]{4,8}")
_CODE: Final = re.compile(r"[A-Z]{2,8}\d{1,6}")
_OF_DASHES: Final = re.compile(r"[A-Z\d]{1,4}(?:-[A-Z\d]{1,4}){1,5}(?![\w\-])")
_WITH_VOWEL: Final = re.compile(r"[A-Z]*[AEIOUY]|NG|ST|MC|DR|M[RS]")
"""Begins what may be a name, or a part of one ("ST-LO"), among parts of a code."""
_BOXES: Final = frozenset(("po box", "p.o. box", "p o box", "post box", "postbox", "postfach", "apartado"))
_SERVER: Final = re.compile(r"[a-z]{2,20}(?:-[a-z]{2,20}){0,3}-\d{1,4}")
_JOINED_BEFORE: Final = re.compile(r"[a-z0-9](?:[a-z0-9\-]{0,60}[a-z0-9])?-?\Z")
_JOINED_AFTER: Final = re.compile(r"-?[a-z0-9](?:[a-z0-9\-]{0,60}[a-z0-9])?")
_HASH: Final = re.compile(r"(?=[0-9a-f]{0,63}\d)[0-9a-f]{6,64}")
_OF_ADDRESSES_BEFORE: Final = frozenset("/@.+_")
"""Signs before a word that make it part of an address or a path, which has its own recognizers."""
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


def is_piece_of_code(text: str, start: int, end: int, words: Sequence[str], label: str) -> bool:
    """Whether it is part of an identifier with digits ("jordan" of jordan-worker-5f6b), or of a hash."""
    if label == "STREET_ADDRESS":
        whole = text[start:end]
        return (
            whole.endswith("-")
            or words[-1] == "no"
            or _CODE.fullmatch(whole) is not None
            or whole.lower() in _BOXES
        )
    if len(words) > 2 or not text[start].islower():  # noqa: PLR2004  "edge-01", "jordan"
        return False
    if text[max(0, start - 1) : start] == "." and len(words) == 1 and _is_member(text, start, end):
        return True
    if _SERVER.fullmatch(text, start, end) is not None:
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


def is_command(text: str, start: int) -> bool:
    r"""Whether a word is a command of LaTeX (`\hline`), and not behind an escape in a string (`\nana`)."""
    return start > 0 and text[start - 1] == "\\" and text[start].islower() and text[start] not in _ESCAPES


def is_dotted(text: str, start: int, end: int) -> bool:
    """Whether it is the name of a class ("c.e.OrderService"), or of a method at its call ("crm.upsert(")."""
    if text.find(".", start, end) < 0:
        return False
    return text.startswith("(", end) or _DOTTED.fullmatch(text, start, min(end, start + _LONGEST)) is not None


def is_code_of_letters(text: str, start: int, end: int) -> bool:
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


def is_code_of_parts(text: str, start: int) -> bool:
    """Whether it begins a code of short parts, one of them without a vowel: "AMT-IV-L", "ELN-BR"."""
    code = _OF_DASHES.match(text, start)
    return code is not None and any(_WITH_VOWEL.match(part) is None for part in code[0].split("-"))


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
