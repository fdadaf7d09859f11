"""Reads values after labels in Markdown, Slack or BBCode markup: "**Password**: x", "PIN: `1`".

Ticket templates are written so. The marks stand between a label and its value, where detectors that look
for a label do not expect them, so the value is read under its label like a table cell (`tables`). So is a
value after leader dots, and a single word after a bold label without a colon ("**PIN** 4931").
A value is one word, or has a number's digits, and is not a remark about a secret ("**Password**: reset").

Law: a line is read a bounded number of times.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from shield.analyzer.key_names import key_words
from shield.analyzer.layouts.labelled_cells import Cell, Known, label_of
from shield.analyzer.recognizers.key_context import is_vague
from shield.analyzer.recognizers.secret_words import is_said_of_secrets

_LEAD: Final = r"^[ \t]{0,8}(?:[>+*-][ \t]{1,4}|\d{1,3}[.)][ \t]{1,4}|#{1,6}[ \t]{1,4}){0,3}"
_WORDS: Final = r"[^\W\d_][^*`~\[\]:=\n]{0,40}"
_VALUE: Final = r"(?P<value>[^\s|][^\n|]{0,80})"
_MARKED: Final = re.compile(
    rf"{_LEAD}(?:(?P<mark>\*{{1,3}}|~~|`)(?P<label>{_WORDS}):?(?P=mark)|\[b\](?P<bold>{_WORDS}):?\[/b\])"
    r"(?:(?<=:[*`~])|(?<=:[*~]{2})|(?<=:\*{3})|(?<=:\[/b\])|[ \t]{0,2}(?:[:=]|[-\u2013\u2014][ \t]))"
    rf"[ \t]{{0,4}}{_VALUE}",
    re.MULTILINE,
)
_UNSIGNED: Final = re.compile(
    rf"{_LEAD}(?:(?P<mark>\*{{2,3}})(?P<label>{_WORDS})(?P=mark)|\[b\](?P<bold>{_WORDS})\[/b\])"
    r"(?:[ \t]{1,4}|[ \t]{0,4}\r?\n[ \t>]{0,4})(?P<value>[^\s|*:=\u2013\u2014-][^\n|]{0,80})$",
    re.MULTILINE,
)
_VALUE_MARKED: Final = re.compile(
    rf"{_LEAD}(?P<label>{_WORDS}):[ \t]{{1,4}}"
    r"(?P<mark>\*{1,3}|~~|`)(?P<value>[^\s*`~][^*`~\n]{0,80})(?P=mark)[ \t]{0,4}$",
    re.MULTILINE,
)
_LED: Final = re.compile(
    rf"{_LEAD}(?P<label>[^\W\d_][^*`~\[\]:=._\n]{{0,40}}?)[ \t]{{0,4}}"
    rf"(?:\.{{5,80}}|_{{5,80}}):?[ \t]{{0,4}}{_VALUE}",  # fewer dots are a pause
    re.MULTILINE,
)
_MARKS: Final = "*`~\"' \t\r.,;"
_LEAST_DIGITS: Final = 3
_STREETS: Final = frozenset(
    "street address straße strasse anschrift adresse rue calle dirección via indirizzo straat ulica".split()
)


def may_hold(text: str) -> bool:
    """Whether the text may hold marked labels or values."""
    return (
        "*" in text
        or "`" in text
        or ("[" in text and "[b]" in text)  # searching for a single character is much faster
        or ("_" in text and "_____" in text)
        or "....." in text
    )


def values(text: str, known: Known) -> Iterator[Cell]:
    """The values after marked labels that are `known`, and marked values after known labels."""
    for expression in (_MARKED, _UNSIGNED, _VALUE_MARKED, _LED):
        for match in expression.finditer(text):
            said = match["label"] or match.groupdict().get("bold") or ""
            label = label_of(said, 0, len(said))
            if not label or is_vague(key_words(label)) or not known(label):
                continue
            start, end = match.span("value")
            while start < end and text[start] in _MARKS:
                start += 1
            while start < end and text[end - 1] in _MARKS:
                end -= 1
            if expression is _UNSIGNED and any(map(str.isspace, text[start:end])):
                continue  # "**PIN** changes take a day"
            if _is_value(text[start:end]) or (expression is _LED and _is_street(label, text[start:end])):
                yield Cell((label,), start, end)


def _is_street(label: str, said: str) -> bool:
    return not _STREETS.isdisjoint(key_words(label)) and any(map(str.isdigit, said))


def _is_value(said: str) -> bool:
    if not said or (said.isalpha() and is_said_of_secrets(said)):
        return False
    return not any(map(str.isspace, said)) or sum(map(str.isdigit, said)) >= _LEAST_DIGITS
