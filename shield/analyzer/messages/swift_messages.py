"""Reads SWIFT messages in a text: `:59F:/70872490`, `1/MARIA GARCIA`. See `interchange`.

Lines may be quoted, indented, or end as in a string literal or HTML.

Sources: options of fields 50 and 59 of SWIFT's MT; the subfields of field 86 in German statements.

Law: each field is read once, so the work is linear in the text.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

from shield.analyzer.messages.interchange_parts import Element, Part

_END: Final = r"(?:\r?\n|(?:\\r)?\\n|<br\s{0,2}/?>(?:\r?\n)?)"
_LINE: Final = rf"(?:(?!{_END})[^\r\n]){{0,200}}"
_BEGIN: Final = r"(?:^|(?<=\\n)|(?<=>))[ \t>]{0,8}"
_FIELD: Final = re.compile(
    rf"{_BEGIN}:(?P<tag>\d\d[A-Z]?):(?P<rest>{_LINE}(?:{_END}(?![ \t>]{{0,8}}[:}}-]){_LINE}){{0,6}})",
    re.MULTILINE,
)
_FIRST: Final = re.compile(rf"{_BEGIN}:\d\d[A-Z]?:", re.MULTILINE)
_DELIMITERS: Final = re.compile(rf"{_BEGIN}[1-8]/(?:[A-Z]{{2}}/)?|\?\d\d|{_END}|/", re.MULTILINE)
_NUMBERED: Final = re.compile(
    rf"(?:{_BEGIN}|(?<=\dF:))(?P<number>[1-8])/(?:(?P<country>[A-Z]{{2}})/)?(?P<said>(?:(?!{_END})[^\r\n])+)",
    re.MULTILINE,
)
_ACCOUNT: Final = re.compile(rf"/{{1,2}}(?P<number>[A-Z0-9][A-Z0-9 .-]{{3,33}})(?=\r?$|{_END})", re.MULTILINE)
_SUBFIELD: Final = re.compile(r"\?31(?P<number>[A-Z0-9]{5,34})(?=[?\s\\<]|\Z)")  # in German statements
_LINES: Final = MappingProxyType(  # in fields 50F and 59F
    {"1": "PERSON", "2": "STREET_ADDRESS", "3": "LOCATION", "4": "DATE_OF_BIRTH", "5": "LOCATION"}
)
_TEXTS: Final = frozenset("50 52 53 54 56 57 59 70 72 77 79 86".split())
_PERSONAL: Final = frozenset({"50", "59"})
_ACCOUNT_NUMBER: Final = "ACCOUNT_NUMBER"


def may_hold(text: str) -> bool:
    """Whether the text may hold a message with a payer, a payee or the text of a statement."""
    if ":" not in text:
        return False
    return (":50" in text or ":59" in text or ":86:" in text) and _FIRST.search(text) is not None


def read(text: str, elements: list[Element], parts: list[Part]) -> None:
    """Add the personal elements and the fields of the messages in a text."""
    for match in _FIELD.finditer(text):
        tag, (start, end) = match["tag"], match.span("rest")
        begin = match.start("tag") - 1
        parts.append(Part(begin, start, end, _DELIMITERS, tag[:2] in _TEXTS, {}))
        if tag == "86":
            elements += [
                Element(*it.span("number"), _ACCOUNT_NUMBER) for it in _SUBFIELD.finditer(text, start, end)
            ]
        if tag[:2] not in _PERSONAL:
            continue
        account = _ACCOUNT.match(text, start, end)
        if account is not None:
            elements.append(Element(*account.span("number"), _ACCOUNT_NUMBER))
        elements += [
            Element(*line.span("said"), _LINES[line["number"]])
            for line in (_NUMBERED.finditer(text, start, end) if tag.endswith("F") else ())
            if line["number"] in _LINES
        ]
